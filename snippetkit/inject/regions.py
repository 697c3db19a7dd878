"""Marked regions: found on a page, and written."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from snippetkit.html import MARKER, Anchors, find_markers, mask_server_code, refuse
from snippetkit.inject.layout import (
    BLANK_REST,
    BODY_TAG,
    NEWLINE,
    SPACE,
    Layout,
    indent_before,
    page_newline,
    skip_space,
)
from snippetkit.terms import Part, Placement

_BEGIN = re.compile(
    rb"<!-- snippetkit:begin (?P<key>[a-z]+:[0-9]+(?:\+[0-9]+)*) (?P<part>script|noscript) "
    rb"(?P<placement>(?:head|body)-(?:top|bottom)) sha256=(?P<checksum>[0-9a-f]{16}) -->"
)
_MAY_BREAK_INSIDE = re.compile(rb"""`|\\\n|<[a-z](?:[^>"']|"[^"]*"|'[^']*')*+>""", re.IGNORECASE)


class Region(NamedTuple):
    """A marked region as it stands on a page, from `start` up to `end`, its own indentation and newline with it.

    `marker` is the offset of its first marker, `code` what stands between the markers, `placement` where it was put,
    `is_in_head` whether that is in the head now.
    """

    key: str
    part: Part
    placement: Placement
    start: int
    end: int
    marker: int
    is_in_head: bool
    layout: Layout
    code: bytes
    checksum: bytes

    @property
    def is_edited(self) -> bool:
        """Whether somebody has changed the code between the markers."""
        return _checksum(self.code) != self.checksum

    @property
    def pixel_code(self) -> bytes:
        """The code without the tag that it had to bring along."""
        return self.code.strip().removeprefix(self.layout.prefix)

    @property
    def is_in_place(self) -> bool:
        """Whether it stands in the half of the page where it was put."""
        return self.is_in_head == self.placement.startswith("head")

    @property
    def dialect(self) -> str:
        """The dialect in its key."""
        return self.key.partition(":")[0]

    @property
    def pixel_ids(self) -> list[str]:
        """The ids in its key."""
        return self.key.partition(":")[2].split("+")


def find_regions(data: bytes, anchors: Anchors, *, server_code: bool = False) -> list[Region]:
    """Return all regions of a whole page, in their order.

    A marker that a browser would not take for a comment, in a script or a textarea, is text and marks nothing.

    Raises:
        PageRefusedError: a region has lost its end, or is there twice.
    """
    regions = find_upper_regions(data, anchors)
    if data.count(MARKER) > 2 * len(regions):
        markup = mask_server_code(data) if server_code else data
        for at in find_markers(markup, max(anchors.body_top, regions[-1].end if regions else 0)):
            if not regions or at >= regions[-1].end:
                regions.append(_region(data, at, is_in_head=False))
    _check_once(data, regions)
    return regions


def find_upper_regions(data: bytes, anchors: Anchors) -> list[Region]:
    """Return the regions in the head, and those that begin the body; `data` may be the first bytes of a page.

    Raises:
        PageRefusedError: a region has lost its end, or is there twice.
    """
    regions = list[Region]()
    for at in anchors.markers:
        if not regions or at >= regions[-1].end:
            regions.append(_region(data, at, is_in_head=at < anchors.head_end))
    at = max(anchors.body_top, regions[-1].end if regions else 0)
    while (space := SPACE.match(data, at)) and data.startswith(MARKER + b"begin", space.end()):
        regions.append(_region(data, space.end(), is_in_head=False))
        at = regions[-1].end
    _check_once(data, regions)
    return regions


def render(key: str, part: Part, code: bytes, placement: Placement, layout: Layout) -> bytes:
    """Return a region's bytes: its markers, and the code with the page's newline and indentation."""
    return _render(key, part, layout.prefix + code, placement, layout)


@lru_cache(maxsize=1024)
def _render(key: str, part: Part, code: bytes, placement: Placement, layout: Layout) -> bytes:
    begin = f"<!-- snippetkit:begin {key} {part} {placement} sha256={_checksum(code).decode()} -->".encode()
    end = _end_marker(key.encode(), part.encode())
    lines = code.split(b"\n")
    if layout.indent is None:
        return begin + layout.newline.join(lines) + end
    if not _is_fragile(code):
        lines = [layout.indent + line if line else line for line in lines]
    return layout.newline.join([layout.indent + begin, *lines, layout.indent + end, b""])


def begin_marker(key: str, part: Part) -> bytes:
    """Return what the first marker of a region begins with."""
    return b"<!-- snippetkit:begin %b %b " % (key.encode(), part.encode())


def layout_at(data: bytes, marker: int) -> tuple[int, Layout]:
    """Return where a region starts whose first marker is whole, and its layout."""
    behind = data.find(b">", marker) + 1
    indent = indent_before(data, marker)
    newline = NEWLINE.match(data, behind)
    at = behind if newline is None else skip_space(data, behind)
    prefix = BODY_TAG if data.startswith(BODY_TAG, at) else b""
    if indent is None or newline is None:
        return marker, Layout(page_newline(data), None, prefix)
    return marker - len(indent), Layout(newline[0], indent, prefix)


def extent(data: bytes, start: int, end: int) -> tuple[int, int, Layout]:
    """Return from where to where text has to go, so that lines that it has to itself go whole; and its layout."""
    indent = indent_before(data, start)
    rest = BLANK_REST.match(data, end)
    if indent is None or rest is None:
        return start, end, Layout(page_newline(data), None)
    return start - len(indent), rest.end(), Layout(rest["newline"], indent)


def _region(data: bytes, at: int, *, is_in_head: bool) -> Region:
    begin = _BEGIN.match(data, at)
    if begin is None:
        refuse(data, at, "a snippetkit marker that snippetkit did not write so; delete the lines it marks by hand")
    closing = _end_marker(begin["key"], begin["part"])
    code_end = data.find(MARKER, begin.end())
    if not data.startswith(closing, code_end) or code_end < 0:
        refuse(data, at, "this snippetkit region has lost its end marker; delete its lines by hand")
    code = data[begin.end() : code_end]
    start, end, layout = extent(data, at, code_end + len(closing))
    if code.lstrip().startswith(BODY_TAG):
        layout = layout._replace(prefix=BODY_TAG)
    return Region(
        begin["key"].decode(),
        Part(begin["part"].decode()),
        Placement(begin["placement"].decode()),
        start,
        end,
        at,
        is_in_head,
        layout,
        code,
        begin["checksum"],
    )


def _check_once(data: bytes, regions: list[Region]) -> None:
    seen = set[tuple[str, Part]]()
    for region in regions:
        if (region.key, region.part) in seen:
            refuse(data, region.marker, f"the {region.part} region of {region.key} is here twice; delete one by hand")
        seen.add((region.key, region.part))


def _is_fragile(code: bytes) -> bool:
    """Whether a line break may lie inside a string, a template literal or an attribute: then no line is indented."""
    return any(match[0] in b"`\\\n" or b"\n" in match[0] for match in _MAY_BREAK_INSIDE.finditer(code))


def _end_marker(key: bytes, part: bytes) -> bytes:
    return b"<!-- snippetkit:end " + key + b" " + part + b" -->"


@lru_cache(maxsize=1024)
def _checksum(code: bytes) -> bytes:
    lines = (line.strip() for line in NEWLINE.split(code.strip()))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:16].encode()
