"""Marked regions: reading them from a page, and writing them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from snippetkit import platforms
from snippetkit.errors import PageRefusedError
from snippetkit.html import MARKER, Anchors, find_elements, find_markers, mask_server_code, refuse
from snippetkit.inject.layout import (
    BLANK_REST,
    BODY_TAG,
    SPACE,
    Layout,
    indent_before,
    is_fragile,
    page_newline,
)
from snippetkit.inject.meaning import lines_of, meaning
from snippetkit.key import IDS_PATTERN, PATTERN, Key
from snippetkit.patterns import later
from snippetkit.server_code import unwrap
from snippetkit.terms import Part, Placement

_KEY = rb"(?P<key>" + PATTERN.encode() + rb")"
_BEGIN = later(
    rb"<!-- snippetkit:begin\s+" + _KEY + rb"\s+(?P<part>script|noscript)\s+"
    rb"(?P<placement>(?:head|body)-(?:top|bottom))\s+sha256=(?P<checksum>[0-9a-f]{16})"
    rb"(?:\s+adopted=(?P<adopted>" + IDS_PATTERN.encode() + rb"))?\s*-->"
)
_END = later(rb"<!-- snippetkit:end\s+" + _KEY + rb"\s+(?P<part>script|noscript)\s*-->")
_PARTS = {part.encode(): part for part in Part}
_PLACEMENTS = {placement.encode(): placement for placement in Placement}
_HALF = 8  # digits of a checksum
_OURS, _IMAGES = frozenset({"img", "noscript", "script"}), frozenset({"img"})
_MARKUP = later(rb"<[a-z/!?%][^<>]{0,60}+>?", re.IGNORECASE)


class Region(NamedTuple):
    """A marked region on a page, from `start` up to `end`, with its own indentation and newline.

    `marker` is the offset of its first marker, `code` what stands between the markers, `placement` where it was put,
    `is_in_head` whether that is in the head now.
    """

    key: Key
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
    def is_as_written(self) -> bool:
        """Whether the lines between the markers are those that were written."""
        return _of_lines(self.code) == self.checksum[:_HALF]

    @property
    def is_edited(self) -> bool:
        """Whether somebody has changed what the code between the markers does."""
        return not self.is_as_written and _digest(meaning(self.code)) != self.checksum[_HALF:]

    def is_up_to_date(self, code: bytes) -> bool:
        """Whether it holds the code that would be written in its place or, if reformatted, does the same."""
        checksum = _checksum(self.layout.prefix + code)
        if self.is_as_written:
            return self.checksum == checksum
        return not self.is_edited and self.checksum[_HALF:] == checksum[_HALF:]

    @property
    def pixel_code(self) -> bytes:
        """The code without the tag that it brought along and without what keeps a language from reading it."""
        return unwrap(self.code.strip().removeprefix(self.layout.prefix)).strip()

    @property
    def adopted(self) -> frozenset[str]:
        """The pixels whose code was put in by hand and adopted by what is here."""
        return frozenset(map(unquote, self.layout.adopted.decode().split("+"))) - {""}

    @property
    def is_in_place(self) -> bool:
        """Whether it is in the half of the page where it was put."""
        return self.is_in_head == self.placement.startswith("head")

    @property
    def dialect(self) -> str:
        """The dialect in its key."""
        return self.key.dialect

    @property
    def pixel_ids(self) -> list[str]:
        """The ids in its key."""
        return self.key.pixel_ids


def find_regions(data: bytes, anchors: Anchors, *, server_code: bool = False) -> list[Region]:
    """Return all regions of a whole page, in order.

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


def check_replaceable(data: bytes, regions: Iterable[Region], *, force: bool, hint: str) -> None:
    """Make sure that nothing of the page's own goes with these regions.

    Args:
        data: the page.
        regions: those to be taken out, or written anew.
        force: whether code that somebody changed by hand goes too.
        hint: what `force` does.

    Raises:
        PageRefusedError: a region was changed by hand; or it holds markup that is no code, such as a `<body>` that a
            parser has moved there: no force takes that out.
    """
    for region in regions:
        if foreign := _find_foreign(region.pixel_code, is_edited=region.is_edited):
            shown = " ".join(foreign.decode("utf-8", "replace").split())
            refuse(data, region.marker, f"this snippetkit region holds more than code: {shown}; move that out by hand")
        if region.is_edited and not force:
            refuse(data, region.marker, f"this snippetkit region was edited by hand; {hint}")


def render(key: Key, part: Part, code: bytes, placement: Placement, layout: Layout) -> bytes:
    """Return a region's bytes: its markers, and the code with the page's newline and indentation."""
    return _render(key, part, layout.prefix + code, placement, layout)


@lru_cache(maxsize=1024)
def _render(key: Key, part: Part, code: bytes, placement: Placement, layout: Layout) -> bytes:
    adopted = b" adopted=" + layout.adopted if layout.adopted else b""
    begin = begin_marker(key, part) + b"%b sha256=%b%b -->" % (placement.encode(), _checksum(code), adopted)
    end = f"<!-- snippetkit:end {key} {part} -->".encode()
    lines = code.split(b"\n")
    if layout.indent is None:
        return begin + layout.newline.join(lines) + end
    if not is_fragile(code):
        lines = [layout.indent + line if line else line for line in lines]
    return layout.newline.join([layout.indent + begin, *lines, layout.indent + end, b""])


@lru_cache(maxsize=1024)
def begin_marker(key: Key, part: Part) -> bytes:
    """Return the beginning of a region's first marker."""
    return b"<!-- snippetkit:begin %b %b " % (key.encode(), part.encode())


def has_begin_marker(data: bytes, key: str, part: Part) -> bool:
    """Whether a page may hold such a region, however its marker is wrapped."""
    return re.search(rb"snippetkit:begin\s+%b\s+%b\s" % (re.escape(key.encode()), part.encode()), data) is not None


def extent(data: bytes, start: int, end: int) -> tuple[int, int, Layout]:
    """Return from where to where text has to go, so that lines of its own go entirely; and its layout."""
    indent = indent_before(data, start)
    rest = BLANK_REST.match(data, end)
    if indent is None or rest is None:
        return start, end, Layout(page_newline(data), None)
    return start - len(indent), rest.end(), Layout(rest["newline"], indent)


def _region(data: bytes, at: int, *, is_in_head: bool) -> Region:
    begin = _BEGIN.match(data, at)
    key = _key(begin["key"]) if begin else None
    if begin is None or key is None:
        refuse(data, at, "a snippetkit marker that was changed by hand; delete the lines it marks by hand")
    code_end = data.find(MARKER, begin.end())
    closing = _END.match(data, code_end) if code_end >= 0 else None
    if closing is None or closing.group("key", "part") != begin.group("key", "part"):
        refuse(data, at, "this snippetkit region has lost its end marker; delete its lines by hand")
    code = data[begin.end() : code_end]
    start, end, layout = extent(data, at, closing.end())
    if adopted := begin["adopted"]:
        layout = layout._replace(adopted=adopted)
    if code.lstrip().startswith(BODY_TAG):
        layout = layout._replace(prefix=BODY_TAG)
    return Region(
        key,
        _PARTS[begin["part"]],
        _PLACEMENTS[begin["placement"]],
        start,
        end,
        at,
        is_in_head,
        layout,
        code,
        begin["checksum"],
    )


@lru_cache(maxsize=1024)
def _key(text: bytes) -> Key | None:
    """A marker's key, None where code of its dialect cannot be of such pixels."""
    key = Key(text.decode())
    return key if platforms.may_be(key.dialect, key.pixel_ids) else None


def _check_once(data: bytes, regions: list[Region]) -> None:
    seen = set[tuple[Key, Part]]()
    for region in regions:
        if (region.key, region.part) in seen:
            refuse(data, region.marker, f"the {region.part} region of {region.key} is here twice; delete one by hand")
        seen.add((region.key, region.part))


@lru_cache(maxsize=1024)
def _find_foreign(code: bytes, *, is_edited: bool) -> bytes:
    """The first thing in a region that is not a script, noscript, image or text; empty where there is none.

    In a noscript that counts only where somebody has edited it: else all of it is what was written.
    """
    for text in _texts_between(code, in_noscripts=is_edited):
        if match := _MARKUP.search(text):
            return match[0]
        if mask_server_code(text) != text:
            return text.strip()[:60]
    return b""


def _texts_between(code: bytes, names: Container[str] = _OURS, *, in_noscripts: bool = False) -> Iterator[bytes]:
    """What stands between the elements with these names, and in a noscript between its images."""
    at = 0
    for element in find_elements(_masked(code) if names is _IMAGES else code):
        if element.name in names and element.is_closed and not element.inside:
            yield code[at : element.start]
            at = element.end
            if in_noscripts and element.name == "noscript":
                yield from _texts_between(code[element.inner_start : element.inner_end], _IMAGES)
    yield code[at:]


def _masked(code: bytes) -> bytes:
    """Markup without the quotes of server code, which would end an attribute's value."""
    try:
        return mask_server_code(code)
    except PageRefusedError:
        return code


@lru_cache(maxsize=1024)
def _checksum(code: bytes) -> bytes:
    """The checksum that tells whether code was changed: one half is over its lines, the other over what it does."""
    return _of_lines(code) + _digest(meaning(code))


@lru_cache(maxsize=1024)
def _of_lines(code: bytes) -> bytes:
    return _digest(lines_of(code))


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_HALF].encode()
