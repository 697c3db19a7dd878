"""Where TypeScript's types stand that no single expression finds: casts, and lists of parameters with their types.

A type is followed from its beginning, over what it has in brackets. What is not certainly a type stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from snippetkit.patterns import later

# In comments and texts nothing is code.
COMMENTS = rb"/\*(?s:.*?)(?:\*/|\Z)|//[^\n\r]*+"
QUOTED = rb""""(?:[^"\\\n\r]|\\(?s:.)|(?!))*+"|'(?:[^'\\\n\r]|\\(?s:.)|(?!))*+'"""
PASSED = COMMENTS + b"|" + QUOTED + rb"|`(?:[^`\\]|\\(?s:.)|(?!))*+(?:`|\Z)"

_Span = tuple[int, int]
_BRACKET = later(PASSED + rb"|(?P<open>[(\[{])|(?P<close>[)\]}])", re.DOTALL)
_BEGIN = later(
    PASSED
    + rb"""|(?<=[\w$)\]}"'`])(?P<cast>[\t\n\r ]++(?:as|satisfies)[\t\n\r ]++)"""
    + rb"|\b(?:const|let|var)[\t ]++[\w$]++(?P<variable>[\t ]*+:)|(?P<list>\()|(?P<angle><)",
    re.DOTALL,
)
_AGAIN = later(rb"\s++(?:as|satisfies)\s++")
_BLANKS = rb"(?:\s|/\*(?:[^*]|\*(?!/)|(?!))*+\*/|//[^\n]*+|(?!))*+"
_BLANK = later(_BLANKS)
_WORDS = later(rb"(?:(?:asserts|infer|keyof|new|readonly|typeof|unique)\s++|(?!))*+")
_PLAIN = later(rb"""[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+|(?!))*+|-?[0-9][\w.]*+|"[^"\n]*+"|'[^'\n]*+'|`[^`$]*+`""")
_MEMBERS = later(rb"\{" + _BLANKS + rb"""(?:\}|\[|[+-]?readonly\b|(?:[\w$]++|"[^"\n]*+"|'[^'\n]*+')\s*+\??\s*+[:(<])""")
_ARROW = later(rb"\s*+=>")
_LISTED = later(rb"[\t ]*+\[")
_JOINED = later(rb"\s*+(?:\|(?![|=])|&(?![&=])|is\b)")
_IN_ANGLES = later(PASSED + rb"|=>|(?P<less><)|(?P<more>>)|(?P<open>[(\[{])|(?P<no>[)\]};])", re.DOTALL)
_NAME = later(
    rb"(?:(?:override|private|protected|public|readonly)\s++|(?!))*+(?:\.\.\.|(?!))?+(?:[A-Za-z_$][\w$]*+|(?!))?+"
)
_TYPED = later(rb"\s*+\??\s*+:")
_OPTIONAL = later(rb"\s*+\?(?=\s*+[,)])")
_IN_DEFAULT = later(PASSED + rb"|(?P<open>[(\[{])|(?P<end>[,)])|(?P<no>[\]};])", re.DOTALL)
_SET = later(rb"\s*+=(?![=>])")
_DECLARED = later(rb"\s*+=(?![=>])|[\t ]*+(?:[;,\r\n]|\Z)")
_RESULT = later(rb"\s*+:")
_BODY = later(rb"\s*+(?:=>|\{)")
_GENERIC = later(rb"(?:\basync|\bfunction(?:\s++[\w$]++)?)\s*+\Z")
_ANGLED = later(rb"(?:[=(,:?\[{;!&|>]|\breturn)\s*+\Z")
_OPERAND = later(rb"""\s*+[\w$(\[{"'`]""")
_PAIRS = {b"(": b")", b"[": b"]", b"{": b"}"}
_NEAR = 80
_DEEPEST = 20
_LONGEST = 500
_MOST_NESTED = 8


class Annotations:
    """The types in a script; `is_jsx` says that an angle bracket may begin an element, and is no cast."""

    def __init__(self, script: bytes, *, is_jsx: bool) -> None:
        self._text = script
        self._is_jsx = is_jsx
        self._closing = _closing(script)

    def spans(self) -> Iterator[_Span]:
        """Yield from where to where each of them is, in order."""
        at = 0
        while match := _BEGIN.search(self._text, at):
            kind = match.lastgroup or ""
            found = [*getattr(self, f"_of_{kind}")(*match.span(kind))] if kind else []
            yield from found
            at = max([match.end(), *(end for _, end in found)])

    def _of_cast(self, start: int, end: int) -> Iterator[_Span]:
        last = behind = self._type(end)
        while behind and (again := _AGAIN.match(self._text, behind)):
            last, behind = behind, self._type(again.end())
        if last:
            yield start, behind or last

    def _of_variable(self, start: int, end: int) -> Iterator[_Span]:
        behind = self._type(end)
        if behind and _DECLARED.match(self._text, behind):
            yield start, behind

    def _of_angle(self, start: int, _: int) -> Iterator[_Span]:
        """The parameters of a generic function's type; or a cast in front of what is cast."""
        before, behind = self._text[max(0, start - _NEAR) : start], self._angles(start)
        is_called = behind > 0 and self._text[behind : behind + 1] == b"("
        is_generic = is_called and (_GENERIC.search(before) or any(self._of_list(behind, behind)))
        is_cast = not self._is_jsx and _ANGLED.search(before) and _OPERAND.match(self._text, behind)
        if behind and (is_generic or (is_cast and self._blanks(self._type(start + 1)) == behind - 1)):
            yield start, behind

    def _of_list(self, start: int, _: int) -> Iterator[_Span]:
        """The types of parameters, and of the result behind them, where a function's body follows."""
        close, spans, at = self._closing.get(start, 0), [], self._blanks(start + 1)
        while 0 < at < close:
            at, typed = self._parameter(at)
            spans += typed
        result = _RESULT.match(self._text, close + 1) if spans else None
        end = self._type(result.end()) if result else close + 1
        if spans and at == close and end and _BODY.match(self._text, end):
            yield from spans
            yield close + 1, end

    def _parameter(self, at: int) -> tuple[int, list[_Span]]:
        """Where the next parameter begins, or the list ends, 0 if this is none; and where its type stands."""
        name = _NAME.match(self._text, at)
        end = name.end() if name else at
        end = self._closing.get(end, end - 1) + 1 if self._text[end : end + 1] in {b"{", b"["} else end
        typed, optional = _TYPED.match(self._text, end), _OPTIONAL.match(self._text, end)
        behind = self._type(typed.end()) if typed else (optional.end() if optional else end)
        spans = [(end, behind)] if 0 < end < behind else []
        if behind and _SET.match(self._text, behind):
            behind = self._default(behind)
        behind = self._blanks(behind)
        mark = self._text[behind : behind + 1]
        is_one = end > at and behind and mark in {b",", b")"}
        return (self._blanks(behind + (mark == b",")) if is_one else 0), spans

    def _default(self, at: int) -> int:
        """Where what a parameter is set to ends, 0 if it does not."""
        while match := _IN_DEFAULT.search(self._text, at):
            if match["end"] or match["no"]:
                return match.start() if match["end"] else 0
            at = self._closing.get(match.start(), -1) + 1 if match["open"] else match.end()
            if not at:
                break
        return 0

    def _blanks(self, at: int) -> int:
        match = _BLANK.match(self._text, at) if at else None
        return match.end() if match else 0

    def _type(self, at: int, depth: int = 0) -> int:
        """Where the type that begins there ends, 0 if none does."""
        if depth > _DEEPEST:
            return 0
        leading = _JOINED.match(self._text, at)
        at = self._part(leading.end() if leading else at, depth)
        while at and (joined := _JOINED.match(self._text, at)):
            at = self._part(joined.end(), depth)
        return at

    def _part(self, at: int, depth: int) -> int:
        """Where a type that is not joined of others ends, 0 if none begins there."""
        words = _WORDS.match(self._text, self._blanks(at))
        start = words.end() if words else at
        first = self._text[start : start + 1]
        end = self._closing.get(start, -1) + 1
        if first == b"<" or (first == b"(" and end and _ARROW.match(self._text, end)):
            end = self._closing.get(self._angles(start), -1) + 1 if first == b"<" else end
            arrow = _ARROW.match(self._text, end) if end else None
            return self._type(arrow.end(), depth + 1) if arrow else 0
        if first not in {b"(", b"[", b"{"}:
            end = self._named(start)
        elif first == b"{" and not _MEMBERS.match(self._text, start):
            return 0
        while end and (listed := _LISTED.match(self._text, end)):
            end = self._closing.get(listed.end() - 1, -1) + 1
        return end

    def _named(self, at: int) -> int:
        """Where a type that is named, or is a text or a number, ends, with what it is given in angle brackets."""
        plain = _PLAIN.match(self._text, at)
        end = plain.end() if plain else 0
        return self._angles(end) or end if self._text[end : end + 1] == b"<" else end

    def _angles(self, at: int) -> int:
        """Where angle brackets that open there are closed, 0 if they are not."""
        depth, last = 0, at + _LONGEST
        while 0 <= at < last and (match := _IN_ANGLES.search(self._text, at)) and not match["no"]:
            depth += (match["less"] is not None) - (match["more"] is not None)
            at = self._closing.get(match.start(), -1) + 1 if match["open"] else match.end()
            if not 0 < depth <= _MOST_NESTED or not at:
                return 0 if depth else at
        return 0


def _closing(script: bytes) -> dict[int, int]:
    """Where each bracket that opens, but for angle brackets, is closed."""
    closing: dict[int, int] = {}
    pending: list[tuple[bytes, int]] = []
    for match in _BRACKET.finditer(script):
        if match["open"]:
            pending.append((_PAIRS[match["open"]], match.start()))
        elif match["close"] and pending and pending[-1][0] == match["close"]:
            closing[pending.pop()[1]] = match.start()
    return closing
