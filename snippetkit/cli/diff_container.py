"""`snippetkit diff-container`: say what importing one container over another would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from snippetkit.cli._command import Command
from snippetkit.cli._containers import read_container
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._saying import put_verdicts, say
from snippetkit.cli._texts import name_of
from snippetkit.errors import SettingError
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.gtm import Change, Difference

_MAX_SHOWN = 160
_BEFORE_IT = 40
_MAX_LINES = 2_000
"""How many lines are compared one by one: that takes the time of their product."""


@click.command(cls=Command)
@click.argument("before", metavar="A", type=File())
@click.argument("after", metavar="B", type=File())
def command(before: str, after: str) -> None:
    """Say what importing B over A would change, by name; exit with 1 where they differ.

    A and B are exports of Google Tag Manager's, or - for stdin. Ids, fingerprints and the order do not count, and
    what looks like a secret is not shown.
    """
    from snippetkit import gtm

    if before == after == STDIN:
        raise click.UsageError("A and B cannot both be read from stdin.")
    changes = gtm.compare(*[_read_export(file) for file in (before, after)])
    for change in changes:
        for line in _lines(change):
            put_verdicts(printable(line))
    counts = (f"{sum(change.what == what for change in changes)} {what}" for what in ("added", "removed", "changed"))
    say(", ".join(counts))
    click.get_current_context().exit(int(bool(changes)))


def _read_export(file: str) -> dict[str, Any]:
    """The export in a file, or in stdin for `-`."""
    from snippetkit import gtm

    document = read_container(file)
    try:
        return gtm.require(document)
    except SettingError as error:
        raise SettingError(f"{name_of(file)}: {error}", hint=error.hint) from error


def _lines(change: Change) -> Iterator[str]:
    yield f"{change.what}: {change.word} {change.name!r}"
    for difference in change.differences:
        yield from (f"  {line}" for line in _differing(difference))


def _differing(difference: Difference) -> Iterator[str]:
    before, after = difference.before, difference.after
    if before != after and "\n" in f"{before}{after}":
        yield f"{difference.path}:"
        yield from (f"  {line}" for line in _differing_lines(_lines_of(before), _lines_of(after)))
    elif before is None or after is None:
        yield f"{difference.path}: {_cut(before, 0)} -> {_cut(after, 0)}"
    elif before == after:
        yield f"{difference.path}: differs in a part that is not shown"
    else:
        start = max(0, _common(before, after) - _BEFORE_IT)
        yield f"{difference.path}: {_cut(before, start)} -> {_cut(after, start)}"


def _lines_of(text: str | None) -> list[str]:
    return [] if text is None else text.split("\n")


def _differing_lines(before: list[str], after: list[str]) -> Iterator[str]:
    from difflib import unified_diff

    if max(len(before), len(after)) > _MAX_LINES:
        yield f"{len(before)} lines -> {len(after)} other lines"
        return
    for line in list(unified_diff(before, after, n=0, lineterm=""))[2:]:
        if not line.startswith("@@"):
            yield line[0] + line[1 : _MAX_SHOWN + 1] + ("..." if len(line) > _MAX_SHOWN + 1 else "")


def _common(before: str, after: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = zip(before, after, strict=False)
    return next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(before), len(after)))


def _cut(text: str | None, start: int) -> str:
    """A part of a text, or of its absence."""
    if text is None:
        return "nothing"
    end = start + _MAX_SHOWN
    return repr(("..." if start else "") + text[start:end] + ("..." if end < len(text) else ""))
