"""Server code that is no part of what a script says: a condition around a statement, or a line that a server writes.

`{% if paid %}tell('x'){% endif %}` has a statement, and nothing around it; in `{value: <?= $v ?>}` stands a value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from snippetkit.patterns import later

_SCRIPT = later(rb"<script\b[^<>]*+>(?P<code>.*?)(?:</script|\Z)", re.DOTALL | re.IGNORECASE)
_WRITING = later(
    rb"<\?(?:=|php\s+(?:echo|print\w*|vprintf|var_export|the_\w+|esc_\w+|wp_\w+|_e)\b)|<%[=~-]"
    rb"|\{\{(?!~?\s*(?:[#/^]|(?:else|end|if|range|with|block|template|define)\b))|\{!!|\{\$"
)
_BLANKS = b" \t"
_AROUND = b" \t\r\n"
_BEGINS = frozenset(b";{}")
_OPEN = frozenset(b"(=:+-*/%&|^?<>!~.,[")
_ENDS = frozenset({b"", b"\r", b"\n", b";", b",", b")", b"}", b"]"})
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.")
_MOST = 20  # pieces that follow each other
_FAR = 200  # bytes around a piece that are looked at
_TEXT = later(rb"[A-Za-z_$'\"`(!/]")
_KEY = later(rb"[A-Za-z_$'\"]")
_OPERATORS = later(rb"(?:in|of|instanceof)\b")

Span = tuple[int, int]


def without_statements(data: bytes, masked: bytearray, spans: Sequence[Span], *, is_script: bool) -> None:
    """Write blanks in the place of server code in scripts that is no value there, nor a part of one.

    Args:
        data: the text.
        masked: the same with identifiers in the place of server code; it is changed.
        spans: where server code is, in order.
        is_script: whether all of the text is a script; else it is a page.
    """
    for start, end in [(0, len(data))] if is_script else _scripts(data):
        first, behind = bisect_left(spans, (start, 0)), bisect_left(spans, (end, 0))
        for span in _parting(data, masked, spans[first:behind], start, end):
            masked[slice(*span)] = b" " * (span[1] - span[0])


def _scripts(data: bytes) -> Iterator[Span]:
    yield from (match.span("code") for match in _SCRIPT.finditer(data))


def _parting(data: bytes, masked: bytearray, spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The pieces that only stand around statements, or around parts of lists and objects."""
    parting, values, last = list[Span](), list[Span](), start - 1
    for number, (at, behind) in enumerate(spans):
        before = _last(masked, parting[-1] if parting else None, last, start, at)
        is_value = bool(values) and _is_in_word(masked, before, start, values[-1])
        rest = _behind(data, spans, number, end)
        is_written = _WRITING.match(data, at) is not None
        is_apart = rest[:1] != data[behind : behind + 1]
        if not is_value and _is_parting(
            masked, range(before, at), rest, start, is_written=is_written, is_apart=is_apart
        ):
            parting.append((at, behind))
            last = before
        else:
            values.append((at, behind))
    return parting


def _is_in_word(masked: bytearray, end: int, start: int, value: Span) -> bool:
    """Whether a word that ends there is one with a piece that a server writes."""
    for last in range(end, max(start, end - _FAR) - 1, -1):
        if chr(masked[last]) not in _WORD:
            break
        if value[0] <= last < value[1]:
            return True
    return False


def _behind(data: bytes, spans: Sequence[Span], number: int, end: int) -> bytes:
    """What of the line stands behind a piece, and behind those that follow at once."""
    at = spans[number][1]
    for start, behind in spans[number + 1 : number + _MOST]:
        if data[at:start].strip(_BLANKS) or _WRITING.match(data, start):
            break
        at = behind
    return data[at : min(end, at + _FAR)].lstrip(_BLANKS)


def _last(masked: bytearray, parting: Span | None, before: int, start: int, at: int) -> int:
    """The offset of the last byte in front that counts; one less than `start` where there is none.

    Args:
        masked: the text.
        parting: the last piece that does not count.
        before: the last byte that counts in front of that.
        start: where the script begins.
        at: where the piece begins.
    """
    end = parting[1] if parting else start
    first = max(end, at - _FAR)
    gap = masked[first:at].rstrip(_AROUND)
    return first + len(gap) - 1 if gap or parting is None or first > end else before


def _is_parting(masked: bytearray, gap: range, rest: bytes, start: int, *, is_written: bool, is_apart: bool) -> bool:
    """Whether a piece only stands around others, by the byte in front of it and by what stands behind it."""
    last = masked[gap.start] if gap.start >= start else None
    between = masked[gap.start + 1 : gap.stop]
    is_new_line = b"\n" in between or b"\r" in between
    begins = last is None or last in _BEGINS or (is_new_line and last not in _OPEN)
    if is_written:
        return begins and is_apart and _KEY.match(rest) is not None and not _OPERATORS.match(rest)
    if begins:
        return _TEXT.match(rest) is not None
    if last == ord(","):
        return _KEY.match(rest) is not None
    return last not in _OPEN and rest[:1] in _ENDS
