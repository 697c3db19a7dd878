"""A document that has changed, in the text that it was read from: what is as it was keeps each of its bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from snippetkit.exports._json import UNIT, to_text
from snippetkit.model import Span
from snippetkit.patterns import later

_BLANKS = later(r"[ \t\r\n]*")
_INDENTED = later(r"\s*[{\[]\s*?\r?\n([ \t]+)\S")
_LINE = later(r"(\r?\n)([ \t]*)")
_DECODE = json.JSONDecoder().raw_decode


class _Change(NamedTuple):
    """What stands in the place of a part of the text; of an insertion the two ends are one."""

    start: int
    end: int
    new: str


def splice(text: str, before: object, after: object) -> str:
    """Return a JSON text that says what a document says now, with the text's own line breaks and indentation.

    Args:
        text: JSON; no object in it has a key twice. A byte order mark in front is left out.
        before: what it says.
        after: what it is to say.
    """
    text = text.removeprefix("\ufeff")
    indented = _INDENTED.match(text)
    splicing = _Splicing(text, indented[1] if indented else UNIT, (", ", ": ") if '": ' in text else (",", ":"))
    changes = splicing.changes(splicing.skip(0), before, after)
    parts: list[str] = []
    at = 0
    for start, end, new in sorted(changes, key=lambda change: change.start):
        parts += text[at:start], new
        at = end
    return "".join((*parts, text[at:]))


class _Splicing(NamedTuple):
    """Finds what changes in a text, by its values, each of which begins at a character that is not blank."""

    text: str
    unit: str
    separators: tuple[str, str]

    def changes(self, start: int, before: Any, after: Any) -> Iterator[_Change]:
        """Yield what changes in a value."""
        if before == after:
            return
        if before and isinstance(before, dict) and isinstance(after, dict) and _keeps(before, after):
            yield from self._of_object(start, before, after)
        elif before and isinstance(before, list) and isinstance(after, list) and len(before) <= len(after):
            yield from self._of_list(start, before, after)
        else:
            yield _Change(start, self._end(start), self._written(after, self._line_break(start)))

    def skip(self, at: int) -> int:
        """Return where what is behind blanks begins."""
        blanks = _BLANKS.match(self.text, at)
        return blanks.end() if blanks else at

    def _of_object(self, start: int, before: dict[str, Any], after: dict[str, Any]) -> Iterator[_Change]:
        members = dict(zip(before, self._members(start), strict=True))
        spans = [(key, end) for key, _, end in members.values()]
        for key, (_, value, _) in members.items():
            yield from self.changes(value, before[key], after[key])
        at = start + 1
        for key, part in after.items():
            if key in members:
                at = members[key][2]
            else:
                newline = self._line_break_of(spans[0][0])
                member = f"{encode_basestring(key)}{self.separators[1]}{self._written(part, newline)}"
                yield self._added(member, at, start, spans)

    def _of_list(self, start: int, before: list[Any], after: list[Any]) -> Iterator[_Change]:
        spans = [*self._elements(start)]
        for (element, _), one, other in zip(spans, before, after, strict=False):
            yield from self.changes(element, one, other)
        newline = self._line_break_of(spans[0][0])
        for part in after[len(before) :]:
            yield self._added(self._written(part, newline), spans[-1][1], start, spans)

    def _written(self, value: object, newline: str) -> str:
        """A value on lines of its own where its neighbours are, else on one."""
        in_line = partial(json.dumps, ensure_ascii=False, separators=self.separators)
        return to_text(value, newline, self.unit) if newline else in_line(value)

    def _added(self, new: str, at: int, start: int, spans: list[Span]) -> _Change:
        """An element or a member behind another one, or in front of all."""
        first = self.text[start + 1 : spans[0][0]]
        joints = [self.text[end:begin] for (_, end), (begin, _) in pairwise(spans[:2])]
        joint = joints[0] if joints else (first and f",{first}") or self.separators[0]
        in_front = f"{first}{new}{',' if first else self.separators[0]}"
        return _Change(at, at, in_front if at == start + 1 else f"{joint}{new}")

    def _elements(self, start: int) -> Iterator[Span]:
        """Yield where the elements of a list are."""
        at = self.skip(start + 1)
        while self.text[at] != "]":
            end = self._end(at)
            yield at, end
            at = self._next(end)

    def _members(self, start: int) -> Iterator[tuple[int, int, int]]:
        """Yield where the members of an object begin, where their values do, and where they end."""
        at = self.skip(start + 1)
        while self.text[at] != "}":
            value = self.skip(self.skip(self._end(at)) + 1)
            end = self._end(value)
            yield at, value, end
            at = self._next(end)

    def _next(self, end: int) -> int:
        at = self.skip(end)
        return self.skip(at + 1) if self.text[at] == "," else at

    def _end(self, start: int) -> int:
        return _DECODE(self.text, start)[1]

    def _line_break(self, at: int) -> str:
        """The line break in front of a place, with the indentation of its line; empty where all is one line."""
        start = self.text.rfind("\n", 0, at)
        line = _LINE.match(self.text, max(0, start - (self.text[start - 1 : start] == "\r"))) if start >= 0 else None
        return line[0] if line else ""

    def _line_break_of(self, at: int) -> str:
        """The same where it is right in front, else nothing."""
        line = self._line_break(at)
        return line if line and self.text.endswith(line, 0, at) else ""


def _keeps(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether all that was there is there still, in its order."""
    return [*before] == [key for key in after if key in before]
