"""Plan, apply, remove: the edits that put the code of a pixel onto a page, keep it up to date, and take it out.

Everything here is pure, bytes to edits to bytes. What is put onto a page stands in a marked region:

    <!-- snippetkit:begin fp:6009125095680 script sha256=0f1e2d3c4b5a6978 -->
    ...
    <!-- snippetkit:end fp:6009125095680 script -->

The key is `dialect:id`. The checksum is over the lines between the markers, their newlines and the white space
around them left out, so that a hand edit is seen and a changed newline or indentation is not taken for one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from snippetkit.html import Anchors, find_anchors, refuse
from snippetkit.model import Edit
from snippetkit.terms import Part

_MARKER = b"<!-- snippetkit:"
_BEGIN = re.compile(
    rb"<!-- snippetkit:begin (?P<key>[a-z]+:[0-9]+) (?P<part>script|noscript) sha256=(?P<checksum>[0-9a-f]{16}) -->"
)
_NEWLINE = re.compile(rb"\r\n?|\n")
_BLANK_REST = re.compile(rb"[\t ]*(?P<newline>\r\n?|\n)")
_SPACE = re.compile(rb"[\t\n\f\r ]*")
_MAY_BREAK_INSIDE = re.compile(rb"""`|\\\n|<[a-z](?:[^>"']|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Insertion:
    """What is to stand on a page.

    `key` is `dialect:id`; `parts` the code for each part, newlines LF; `traces` are texts that only code of this
    dialect has: found outside our own regions they mean that the page carries such code already.
    """

    key: str
    parts: Mapping[Part, bytes]
    traces: tuple[bytes, ...] = ()

    @classmethod
    def from_blocks(cls, key: str, blocks: Mapping[str, str], traces: tuple[bytes, ...]) -> Insertion:
        """Return the insertion that a template's blocks make; a block's name is its part's."""
        parts = {Part(name): _NEWLINE.sub(b"\n", text.encode()) for name, text in blocks.items() if text}
        return cls(key, parts, traces)


@dataclass(frozen=True, slots=True)
class Region:
    """A marked region as it stands on a page, from `start` up to `end`, its own indentation and newline with it."""

    key: str
    part: Part
    start: int
    end: int
    layout: _Layout


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a region sits among its neighbours: on lines of its own with an indentation, or within a line."""

    newline: bytes
    indent: bytes | None


def plan(data: bytes, insertion: Insertion) -> list[Edit]:
    """Return the edits that make a page carry `insertion`, none where it does already.

    The script goes to the end of the head, the noscript right behind `<body>`; a region that is there is
    updated in place.

    Raises:
        PageRefusedError: the place is not certain, a region was edited by hand, or the page carries other code
            of the same dialect: of two fp pixels only one reports, of two fbq pixels one reports twice.
    """
    anchors = find_anchors(data)
    regions = _find_regions(data, anchors)
    _check_alone(data, insertion, regions)
    own = {region.part: region for region in regions if region.key == insertion.key}
    edits = [
        Edit(region.start, region.end, _render(insertion.key, part, insertion.parts.get(part), region.layout))
        for part, region in own.items()
    ]
    for part in insertion.parts.keys() - own.keys():
        at, layout = _PLACES[part](data, anchors)
        edits.append(Edit(at, at, _render(insertion.key, part, insertion.parts[part], layout)))
    return sorted((e for e in edits if data[e.start : e.end] != e.new), key=lambda edit: edit.start)


def plan_removal(data: bytes) -> list[Edit]:
    """Return the edits that take all regions out of a page; applied, they give the bytes from before.

    Raises:
        PageRefusedError: a region was edited by hand, or stands where it was not put.
    """
    if _MARKER not in data:
        return []
    return [Edit(r.start, r.end, b"") for r in _find_regions(data, find_anchors(data))]


def apply(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Return the page with the edits made; they are in order and do not overlap."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [data[at : edit.start], edit.new]
        at = edit.end
    return b"".join([*pieces, data[at:]])


def _find_regions(data: bytes, anchors: Anchors) -> list[Region]:
    regions = [*_head_regions(data, anchors), *_body_regions(data, anchors)]
    seen = set[tuple[str, Part]]()
    at = 0
    while (at := data.find(_MARKER, at)) >= 0:
        region = next((r for r in regions if r.start <= at < r.end), None)
        if region is None or (region.key, region.part) in seen:
            refuse(data, at, "a snippetkit marker where snippetkit puts none; delete the lines it marks by hand")
        seen.add((region.key, region.part))
        at = region.end
    return regions


def _head_regions(data: bytes, anchors: Anchors) -> Iterator[Region]:
    for token in anchors.head:
        begin = _BEGIN.match(data, token.start) if token.name == "comment" else None
        if begin and begin["part"] == b"script":
            yield _region(data, begin, anchors.head_bottom)


def _body_regions(data: bytes, anchors: Anchors) -> Iterator[Region]:
    at = anchors.body_top
    while (space := _SPACE.match(data, at)) and (begin := _BEGIN.match(data, space.end())):
        if begin["part"] != b"noscript":
            return
        yield (region := _region(data, begin, len(data)))
        at = region.end


def _region(data: bytes, begin: re.Match[bytes], limit: int) -> Region:
    closing = _end_marker(begin["key"], begin["part"])
    code_end = data.find(closing, begin.end(), limit)
    code = data[begin.end() : code_end]
    if code_end < 0 or _MARKER in code:
        refuse(data, begin.start(), "this snippetkit region has lost its end marker; delete its lines by hand")
    if _checksum(code) != begin["checksum"]:
        refuse(data, begin.start(), "this snippetkit region was edited by hand; undo that, or delete its lines")
    start, end, layout = _extent(data, begin.start(), code_end + len(closing))
    return Region(begin["key"].decode(), Part(begin["part"].decode()), start, end, layout)


def _extent(data: bytes, start: int, end: int) -> tuple[int, int, _Layout]:
    indent = _indent_before(data, start)
    newline = _NEWLINE.match(data, end)
    if indent is None or newline is None:
        return start, end, _Layout(_page_newline(data), None)
    return start - len(indent), newline.end(), _Layout(newline[0], indent)


def _check_alone(data: bytes, insertion: Insertion, regions: list[Region]) -> None:
    dialect = insertion.key.partition(":")[0] + ":"
    for region in regions:
        if region.key != insertion.key and region.key.startswith(dialect):
            refuse(
                data,
                region.start,
                f"the page carries {region.key}; two such pixels on one page would not both report right",
            )
    for trace in insertion.traces:
        at = -1
        while (at := data.find(trace, at + 1)) >= 0:
            if not any(region.start <= at < region.end for region in regions):
                refuse(data, at, f"the page carries conversion code already ({trace.decode()}); take it out first")


def _at_head_bottom(data: bytes, anchors: Anchors) -> tuple[int, _Layout]:
    own = _indent_before(data, anchors.head_bottom)
    if own is None:
        return anchors.head_bottom, _Layout(_page_newline(data), None)
    indents = (_indent_before(data, token.start) for token in reversed(anchors.head))
    indent = next((found for found in indents if found is not None), own)
    line = anchors.head_bottom - len(own)
    newline = b"\r\n" if data[line - 2 : line] == b"\r\n" else data[line - 1 : line]
    return line, _Layout(newline, indent)


def _at_body_top(data: bytes, anchors: Anchors) -> tuple[int, _Layout]:
    rest = _BLANK_REST.match(data, anchors.body_top)
    if rest is None:
        return anchors.body_top, _Layout(_page_newline(data), None)
    first = _SPACE.match(data, rest.end())
    indent = _indent_before(data, first.end()) if first else None
    return rest.end(), _Layout(rest["newline"], indent or b"")


_PLACES = {Part.SCRIPT: _at_head_bottom, Part.NOSCRIPT: _at_body_top}


def _indent_before(data: bytes, offset: int) -> bytes | None:
    """The white space between the start of the line and `offset`, None where something else stands there too."""
    line = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    before = data[line:offset]
    return before if line and not before.strip(b"\t ") else None


def _page_newline(data: bytes) -> bytes:
    match = _NEWLINE.search(data)
    return match[0] if match else b"\n"


def _render(key: str, part: Part, code: bytes | None, layout: _Layout) -> bytes:
    if code is None:
        return b""
    begin = f"<!-- snippetkit:begin {key} {part} sha256={_checksum(code).decode()} -->".encode()
    end = _end_marker(key.encode(), part.encode())
    lines = code.split(b"\n")
    if layout.indent is None:
        return begin + layout.newline.join(lines) + end
    if not _is_fragile(code):
        lines = [layout.indent + line if line else line for line in lines]
    return layout.newline.join([layout.indent + begin, *lines, layout.indent + end, b""])


def _is_fragile(code: bytes) -> bool:
    """Whether a line break may lie inside a string, a template literal or an attribute: then no line is indented."""
    return any(match[0] in b"`\\\n" or b"\n" in match[0] for match in _MAY_BREAK_INSIDE.finditer(code))


def _end_marker(key: bytes, part: bytes) -> bytes:
    return b"<!-- snippetkit:end " + key + b" " + part + b" -->"


def _checksum(code: bytes) -> bytes:
    lines = (line.strip() for line in _NEWLINE.split(code.strip()))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:16].encode()
