"""What TypeScript declares and a browser never gets: `type A = ..`, `interface A {..}`, `declare ..`, `import type`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snippetkit.patterns import later
from snippetkit.snippets.annotations import PASSED

_NAME = rb"[A-Za-z_$][\w$]*+"
_DECLARED = rb"global|module|namespace|const|let|var|function|class|abstract|enum|type|interface"
_IMPORTED = (
    rb"(?:import\s++type|type)\s*+(?=[\w{*$])(?:[\w$\s,*]|\{[^{}]*+\}|(?!))*+(?:\bfrom\s*+)?"
    rb"(?:[\"'][^\"'\n]*+[\"']|(?!))?+(?=\s*(?:;|$))"
)
_BEGINS = later(
    rb"(?:^|(?<=[;{}]))[\t ]*+(?P<all>(?:export\s++)?(?:"
    rb"(?P<declare>declare\s++(?:" + _DECLARED + rb")\b)"
    rb"|(?P<block>(?:default\s++)?interface\s++" + _NAME + rb"(?=[\s<{]))"
    rb"|(?P<alias>type\s++" + _NAME + rb"\s*+(?=[=<]))"
    rb"|(?P<imported>" + _IMPORTED + rb")))",
    re.MULTILINE,
)
_PIECE = later(
    PASSED
    + rb"""
        | (?P<arrow>=>) | (?P<open>[{(\[<]) | (?P<close>[})\]>]) | (?P<end>;) | (?P<line>\n)""",
    re.DOTALL | re.VERBOSE,
)
_GOES_ON = later(rb"\s*+(?:[|&?:=.]|extends\b)")
_OPEN_END = later(rb"(?:[|&=?:,<]|=>|extends|keyof|typeof)\s*\Z")
_BLOCKS = tuple([word] for word in (b"abstract", b"class", b"enum", b"global", b"interface", b"module", b"namespace"))
"""What ends with its braces."""
_BREAK = later(rb"[^\n\r]")


def without_declarations(script: bytes) -> bytes:
    """Return TypeScript with blanks in the place of what declares types alone."""
    plain = bytearray(script)
    for start, end in _spans(script):
        plain[start:end] = _BREAK.sub(b" ", script[start:end])
    return bytes(plain)


def _spans(script: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _BEGINS.search(script, at):
        start, at = match.span("all")
        if match["imported"] is None:
            word = (match["declare"] or b"").split()[-1:]
            at = _end(script, at, is_block=match["block"] is not None or word in _BLOCKS)
        yield start, at


def _end(script: bytes, at: int, *, is_block: bool) -> int:
    """Where a declaration ends: behind its braces, else with its statement."""
    depth = 0
    for piece in _PIECE.finditer(script, at):
        depth += bool(piece["open"]) - bool(piece["close"])
        if depth < 0:  # of what is around it
            return piece.start()
        if depth or piece["open"]:
            continue
        if piece["end"] or (is_block and piece[0] == b"}"):
            return piece.end()
        if piece["line"] and not is_block and not _goes_on(script, at, piece):
            return piece.start()
    return len(script)


def _goes_on(script: bytes, start: int, line: re.Match[bytes]) -> bool:
    """Whether a statement goes on in the next line."""
    before = script[max(start, line.start() - 80) : line.start()]
    return _OPEN_END.search(before) is not None or _GOES_ON.match(script, line.end()) is not None
