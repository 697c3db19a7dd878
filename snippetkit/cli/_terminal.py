"""What a terminal gets and a pipe does not: colours, and room for a line that is drawn over."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

import click

from snippetkit.patterns import later

_WIPE = "\r\x1b[K\x1b[?25h"  # back to the margin, the row empty, the cursor shown again
_BAD, _DOUBTFUL, _GOOD, _NEUTRAL = {"fg": "red"}, {"fg": "yellow"}, {"fg": "green"}, {"fg": "cyan"}
# The word that a line begins with, up to its colon: what became of a page, or what kind of message this is.
_STYLES = {
    **dict.fromkeys(("error", "failed", "refused", "wrong"), _BAD),
    **dict.fromkeys(("warning", "quiet", "skipped", "would be removed", "would be updated"), _DOUBTFUL),
    **dict.fromkeys(("fired", "inserted", "updated", "removed", "wrote", "would be inserted"), _GOOD),
    **dict.fromkeys(("note", "added", "changed"), _NEUTRAL),
}
_WORD = later(
    # at a line's beginning, or behind a place as that of a finding, in front of its code
    rf"^(?:{'|'.join(_STYLES)})(?=: )|(?<=[0-9]: )(?:error|warning|note)(?= [a-z-]+: )",
    re.MULTILINE,
)
_DIFF = {"-": _BAD, "+": _GOOD, "@": _NEUTRAL}
# A line that went or came, below what tells where.
_CHANGED_LINE = later(r"(?<=^ {4})[-+].*$", re.MULTILINE)


class _Row:
    """What stands on the row of the terminal where the next text goes."""

    is_drawn = False
    """Whether it is a line that may be drawn over."""
    is_begun = False
    """Whether it is a text that goes on, as a document does that is written as the pages come."""


_row = _Row()


def takes_colour(stream: TextIO) -> bool:
    """Whether what goes there has colours: a terminal's has, unless NO_COLOR is set; FORCE_COLOR is for all.

    Both variables count where they are not empty (no-color.org, force-color.org); NO_COLOR counts first.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or _is_screen(stream)


def can_draw() -> bool:
    """Whether a line on stderr can be drawn over: on a terminal, where no text has been begun."""
    return _is_screen(sys.stderr) and not _row.is_begun


def _is_screen(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def styled(text: str, stream: TextIO) -> str:
    """Return the text with the verdict that each of its lines begins with in colour, where the stream takes that.

    So are lines of a text that have changed.
    """
    if not takes_colour(stream):
        return text
    text = _CHANGED_LINE.sub(lambda line: _styled_line(line[0]), text)
    return _WORD.sub(lambda word: click.style(word[0], **_STYLES[word[0]]), text)  # type: ignore[arg-type]


def styled_diff(diff: bytes, stream: TextIO) -> bytes:
    """Return a diff with what comes and what goes in colour, where the stream takes that."""
    if not takes_colour(stream):
        return diff
    lines = diff.decode("utf-8", "surrogateescape").split("\n")
    return "\n".join(map(_styled_line, lines)).encode("utf-8", "surrogateescape")


def _styled_line(line: str) -> str:
    if line.startswith(("--- ", "+++ ")):
        return click.style(line, bold=True)
    style = _DIFF.get(line[:1])
    return click.style(line, **style) if style else line  # type: ignore[arg-type]


def draw() -> None:
    """Take note that a line is drawn that the next text takes the place of."""
    _row.is_drawn = True


def make_way() -> None:
    """Wipe a line that is drawn."""
    if _row.is_drawn:
        _row.is_drawn = False
        click.echo(_WIPE, nl=False, err=True)


def begin(text: str | bytes) -> None:
    """Take note of what goes to stdout: a line that is not ended there is not drawn over."""
    end = text[-1:]
    if end and sys.stdout.isatty():
        _row.is_begun = end not in {"\n", b"\n"}
