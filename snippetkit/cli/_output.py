"""Text for a terminal, and what goes to a file or to stdout."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

output_option = click.option(
    "-o", "--output", metavar="FILE", default="-", help="The file to write; stdout by default."
)


def printable(text: str) -> str:
    """Return the text on one line, its control characters escaped: names and messages come from outside."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned columns, one line each."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def shown_value(value: str | None, *, is_dynamic: bool) -> str:
    """Return what a person is shown of a value, of code of which something is an expression or a server template."""
    from snippetkit.money import AMOUNT

    return "dynamic" if is_dynamic and value and not AMOUNT.fullmatch(value) else value or ""


def counted(count: int, name: str) -> str:
    """Return a number of things, as in `1 page` and `2 pages`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a Ctrl-C wait for the end of the block: what is written, and what is known to be written, go together.

    Only the main thread gets a Ctrl-C, so it is the one that may ask for this.
    """
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


def put_out(content: bytes, output: str) -> None:
    """Write a file, and say on stderr whether it changed; `-` is stdout.

    Raises:
        FileError: it cannot be written.
    """
    from pathlib import Path

    from snippetkit import files

    if output == "-":
        click.echo(content, nl=False)
    else:
        click.echo(f"{'wrote' if files.write(Path(output), content) else 'unchanged'}: {output}", err=True)
