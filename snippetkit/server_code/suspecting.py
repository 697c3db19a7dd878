"""Whether something in a text may enclose a place: asked of every page, so it has to be fast."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from snippetkit.patterns import later
from snippetkit.server_code.enclosing import PAIRED
from snippetkit.server_code.finding import ALL_MARKS, begins_line
from snippetkit.server_code.language import PieceKind
from snippetkit.server_code.marks import PHP, SMARTY_TAG, SVELTE_BLOCK, TMPL

_WHOLE = frozenset({PieceKind.COMMENT, PieceKind.LITERAL})


_SOONER = {
    SMARTY_TAG: rb"(?=(?:block|capture|foreach|for|function|if|nocache|php|section|setfilter|strip"
    rb"|textformat|while)[\s}])",
    SVELTE_BLOCK: rb"(?=[#:@])",
    TMPL: rb"(?=[!/Tt])",
    PHP: rb"(?=\?(?:php\b|[\t\n\r ]))",
}
"""What goes in front of a pattern whose first bytes are common, in scripts or as `<?xml`, so that it fails sooner."""
_SLASH = b"/?"
_IN_LINE = rb"(?<![^\t\n\r ]%b)"


def may_enclose(data: bytes, at: int) -> bool:
    """Whether server code that may enclose an offset begins in front of it: a comment, a literal, half of a pair."""
    top = data[:at]
    for first, pattern, is_line in _openings():
        # One byte is found much faster than a pattern.
        if first in top and (_begins_line(top, pattern) if is_line else pattern.search(top)):
            return True
    return False


def _begins_line(top: bytes, pattern: re.Pattern[bytes]) -> bool:
    return any(begins_line(top, match.start()) for match in pattern.finditer(top))


@cache
def _openings() -> list[tuple[bytes, re.Pattern[bytes], bool]]:
    """Patterns of the marks that begin with the same byte, anywhere or on a line; its certain bytes tell a mark."""
    rests: dict[tuple[bytes, bool], dict[bytes, None]] = {}
    for mark in ALL_MARKS:
        if not mark.is_ordinary and (mark in PAIRED or mark.kind in _WHOLE):
            key = mark.needle[:1], mark.is_line
            rest = re.escape(mark.needle[1:]) or mark.opening.removeprefix(b"\\")[1:]
            rests.setdefault(key, {}).update(dict.fromkeys(_begun(rest, _SOONER.get(mark, b""))))
    return [(first, _pattern(first, is_line, [*tails]), is_line) for (first, is_line), tails in rests.items()]


def _begun(rest: bytes, sooner: bytes) -> list[bytes]:
    """What is left of a mark as alternatives of which most begin with one byte, as re passes over these fastest."""
    optional = rest.removeprefix(_SLASH)
    return [optional, b"/" + optional] if optional != rest and not sooner else [sooner + rest]


def _pattern(first: bytes, is_line: bool, rests: Collection[bytes]) -> re.Pattern[bytes]:
    """A pattern that begins with the byte itself, so that the next match is found fast."""
    behind = _IN_LINE % re.escape(first) if is_line else b""
    return later(re.escape(first) + behind + b"(?:" + b"|".join(rests) + b")", re.DOTALL)
