"""Text for a terminal, and what goes to a file or to stdout."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from snippetkit.cli._paths import File
from snippetkit.cli._saying import put, put_diff, say
from snippetkit.errors import FileError, SettingError
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from datetime import datetime


class OutputFile(File):
    """A file to write, or `-` for stdout: refused before any work where it is a folder, or where its folder is not."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the file as it was given."""
        folder = os.path.dirname(value) or os.curdir  # noqa: PTH120 (pathlib is slow to load)
        if value != STDIN and os.path.isdir(value):  # noqa: PTH112
            self.fail(f"{printable(value)} is a folder; name a file in it.", param, ctx)
        if not os.path.isdir(folder):  # noqa: PTH112
            self.fail(f"there is no folder {printable(folder)}; create it first.", param, ctx)
        return value


output_option = click.option(
    "-o", "--output", metavar="FILE", type=OutputFile(), default="-", help="The file to write.  [default: stdout]"
)
dry_options = (
    click.option("--check", is_flag=True, help="Write nothing; exit 1 if the file would change."),
    click.option("--diff", "show_diff", is_flag=True, help="Write nothing; print a diff."),
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


def without_last_if_empty(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return rows without their last column, which only few have, where it is empty below its head."""
    is_empty = not any(row[-1] for row in rows[1:])
    return [row[:-1] if is_empty else row for row in rows]


def shown_value(value: str | None, currency: str | None, *, is_dynamic: bool = False) -> str:
    """Return what a person is shown of a value, of code of which something is an expression or a server template."""
    from snippetkit import money

    if is_dynamic and value and not money.AMOUNT.fullmatch(value):
        return "dynamic"
    return money.shown(value or "", currency or "")


def shown_state(state: str, function: str | None) -> str:
    """Return what a person is shown of how code runs, with the function by whose call it reports."""
    return f"{state}: {function}()" if function else state


def counted(count: int, name: str) -> str:
    """Return a number of things, as in `1 page` and `2 pages`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


class Sums:
    """Counts what is alike, where not each is to be told.

    Args:
        name: what one of those that are counted is called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, word: str, text: str) -> None:
        """Count one; `word` is what the line begins with, such as `refused`."""
        self._counts[word, text] += 1

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind, those that there are most of first."""
        for (word, text), count in self._counts.most_common():
            yield f"{word}: {counted(count, self._name)}{printable(f': {text}' if text else '')}"


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


def put_out(content: bytes, output: str) -> bool:
    """Write a file, and say on stderr whether it changed, which is returned; `-` is stdout.

    Raises:
        FileError: it cannot be written.
    """
    from pathlib import Path

    from snippetkit import files

    if output == "-":
        put(content, nl=False)
        return True
    has_changed = files.write(Path(output), content)
    say(f"{'wrote' if has_changed else 'unchanged'}: {output}")
    return has_changed


def check_writable(output: str) -> None:
    """Make sure, before long work, that a file can be written.

    Raises:
        FileError: nothing may be written into its folder.
    """
    folder = os.path.dirname(output) or os.curdir  # noqa: PTH120 (pathlib is slow to load)
    if output != STDIN and not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(f"{output}: its folder cannot be written to", hint="name another one", path=output)


def check_dry(output: str) -> None:
    """Make sure that what is to be held against a file has one.

    Raises:
        click.UsageError: it would go to stdout.
    """
    if output == STDIN:
        raise click.UsageError("--check and --diff need -o FILE to compare with.")


def hold_against(content: bytes, output: str, *, show_diff: bool) -> bool:
    """Say on stderr whether a file would change, and print how; return whether it would.

    Raises:
        FileError: it cannot be read.
    """
    from snippetkit import work

    would = work.bring(output, content, dry_run=True, show_diff=show_diff)
    put_diff(would.diff)
    is_same = would.verb == "unchanged"
    say(printable(f"{would.verb if is_same else f'would be {would.verb}'}: {output}"))
    return not is_same


def read_made_at() -> datetime | None:
    """Return the time for a file to give: SOURCE_DATE_EPOCH's, or None for a fixed one, which keeps the bytes the same.

    The variable is that of the Reproducible Builds specification.

    Raises:
        SettingError: it is no time.
    """
    import re
    from datetime import UTC, datetime

    text = os.environ.get("SOURCE_DATE_EPOCH")
    if text is None:
        return None
    with suppress(ValueError, OverflowError, OSError):
        if re.fullmatch("[0-9]+", text):
            return datetime.fromtimestamp(int(text), UTC)
    raise SettingError(f"SOURCE_DATE_EPOCH is {text!r}, not a number of seconds since 1970")
