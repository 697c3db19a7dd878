"""Attributes that a component has in braces, `on:click={() => buy(..)}`, as if they were in quotes."""

from __future__ import annotations

import re

from snippetkit.patterns import later

_BRACED = later(
    rb"""\A\s*---\n.*?\n--- | <!--.*?--> | <(?P<raw>script|style)\b.*?</(?P=raw)\b
        | (?<=[\w:|)-]) = (?P<brace>\{)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_PIECE = later(rb"""(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|[{}]""", re.DOTALL)
_LONGEST = 9_999


def with_quotes(component: bytes) -> bytes:
    """Return a component with quotes instead of the braces around attribute values, so that its markup can be read.

    No byte moves; quotes within become those of the other kind. What does not end stays.
    """
    quoted = bytearray()
    for match in _BRACED.finditer(component):
        start = match.start("brace")
        end = _end(component, start) if start >= 0 else -1
        if end >= 0:
            quoted = quoted or bytearray(component)
            quoted[start : end + 1] = b'"%b"' % component[start + 1 : end].replace(b'"', b"'")
    return bytes(quoted) or component


def _end(component: bytes, start: int) -> int:
    """The offset of the brace that closes the one at `start`, -1 where none does."""
    depth = 0
    for piece in _PIECE.finditer(component, start, start + _LONGEST):
        depth += {b"{": 1, b"}": -1}.get(piece[0], 0)
        if not depth:
            return piece.start()
    return -1
