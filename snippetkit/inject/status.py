"""Which pixels' code stands on a page: in a region of ours, or in none."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from snippetkit.errors import PageRefusedError
from snippetkit.html import MARKER
from snippetkit.inject.layout import NEWLINE
from snippetkit.inject.regions import Region
from snippetkit.inject.removal import find_page_regions
from snippetkit.model import Snippet, Span, Text
from snippetkit.terms import Placement


@dataclass(frozen=True, slots=True)
class Carried:
    """The code of one pixel and one event on a page.

    `pixel_id` is empty where the page does not tell it; `event`, `value`, `currency` and `is_dynamic` are as in a
    `Snippet`. `line`, counted from 1, is where the code begins, or the marker in front of it. `is_managed` says that it
    stands in a region, None that regions cannot be told on this page; `placement` is where its region was put, None
    where it stands in none; `is_edited` says that somebody has changed the region.
    """

    dialect: str
    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None
    is_dynamic: bool
    line: int
    is_managed: bool | None = False
    placement: Placement | None = None
    is_edited: bool = False

    @property
    def key(self) -> str:
        """`dialect:id`, as in the key of its region."""
        return f"{self.dialect}:{self.pixel_id}"

    @property
    def state(self) -> str:
        """In a word: edited, where it was put, unmarked, or unclear where regions cannot be told."""
        if self.is_edited:
            return "edited"
        return self.placement or ("unclear" if self.is_managed is None else "unmarked")


class PageStatus(NamedTuple):
    """The code on a page, by its lines, and why the regions on it cannot be told, or None."""

    carried: list[Carried]
    refusal: PageRefusedError | None = None


def find_code(text: Text) -> PageStatus:
    """Return what code stands on a page, each pixel and event once for each place.

    A page without code is searched and not parsed. One that is not UTF-8 is read as windows-1252, as browsers do with
    a page that does not say what it is (WHATWG HTML, 13.2.3.2 "Determining the character encoding").
    """
    from snippetkit import snippets

    has_markers = text.find(MARKER) >= 0
    if not has_markers and all(text.find(trace) < 0 for trace in snippets.TEXTS):
        return PageStatus([])
    data = text.whole()
    regions: list[Region] = []
    refusal = None
    try:
        regions = find_page_regions(data) if has_markers else []
    except PageRefusedError as error:
        refusal = error
    found = [*_managed(data, regions)]
    if _has_text_outside(data, regions, snippets.TEXTS):
        found += _unmarked(data, regions, is_managed=None if refusal else False)
    return PageStatus(sorted(found, key=lambda carried: carried.line), refusal)


def _managed(data: bytes, regions: Sequence[Region]) -> Iterator[Carried]:
    of_key: dict[str, list[Region]] = {}
    for region in regions:
        of_key.setdefault(region.key, []).append(region)
    newlines = [match.start() for match in NEWLINE.finditer(data)] if regions else []
    for key, group in of_key.items():
        group.sort(key=lambda region: region.part, reverse=True)  # the script, then the noscript
        first = group[0]
        is_edited = any(region.is_edited for region in group)
        for snippet in _read(key, b"\n".join(region.code for region in group), is_edited=is_edited):
            line = bisect_left(newlines, first.marker) + 1
            yield replace(_carried(snippet), line=line, is_managed=True, placement=first.placement, is_edited=is_edited)


@lru_cache(maxsize=128)
def _read(key: str, code: bytes, *, is_edited: bool) -> list[Snippet]:
    """What the regions of a key report: what can be read of the code, else what the key says."""
    from snippetkit import snippets

    dialect, _, ids = key.partition(":")
    pixel_ids = ids.split("+")
    found = snippets.read(_decode(code))
    in_scripts = {snippet.pixel_id for snippet in found if snippet.script_span}
    found = [snippet for snippet in found if snippet.script_span or snippet.pixel_id not in in_scripts]
    if not is_edited and len(pixel_ids) == 1:  # the code was written for this pixel, whatever way it names it
        found = [s if s.pixel_id.isdecimal() else replace(s, pixel_id=pixel_ids[0]) for s in found]
    found = [replace(s, dialect=dialect) if s.pixel_id in pixel_ids else s for s in found]
    if not is_edited or not found:
        read = {snippet.pixel_id for snippet in found}
        found += [Snippet(dialect, pixel_id, None, None, "") for pixel_id in pixel_ids if pixel_id not in read]
    return found


def _has_text_outside(data: bytes, regions: Sequence[Region], texts: Sequence[bytes]) -> bool:
    starts = [0, *(region.end for region in regions)]
    ends = [*(region.start for region in regions), len(data)]
    return any(data.find(text, *span) >= 0 for span in zip(starts, ends, strict=True) for text in texts)


def _unmarked(data: bytes, regions: Sequence[Region], *, is_managed: bool | None) -> Iterator[Carried]:
    from snippetkit import snippets

    text = _decode(data)
    document = snippets.parse(text)
    spans = _spans(text, data, regions)
    for code, snippet in zip(document.codes, snippets.read_document(document), strict=True):
        outers = {image.outer.start: image.outer for image in code.images}
        if not _is_inside(code.script.start if code.script else min(outers), spans):
            yield replace(_carried(snippet), is_managed=is_managed)
            continue
        for start, outer in outers.items():
            if not _is_inside(start, spans):
                alone = snippets.read(document.data[start : outer.end].decode("utf-8", "surrogatepass"))
                yield from (replace(_carried(image), line=document.position(start)[0]) for image in alone)


def _spans(text: str, data: bytes, regions: Sequence[Region]) -> list[Span]:
    """Where the regions stand in the text's UTF-8, which is the page's own unless each of its bytes is a character."""
    if text.isascii() or len(text) < len(data):
        return [(region.start, region.end) for region in regions]
    spans: list[Span] = []
    at = size = 0
    for region in regions:
        start = size + len(text[at : region.start].encode("utf-8", "surrogatepass"))
        size = start + len(text[region.start : region.end].encode("utf-8", "surrogatepass"))
        at = region.end
        spans.append((start, size))
    return spans


def _is_inside(offset: int, spans: Sequence[Span]) -> bool:
    number = bisect_right(spans, offset, key=lambda span: span[0])
    return number > 0 and offset < spans[number - 1][1]


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "surrogateescape")  # five bytes have no character; one for each byte


def _carried(snippet: Snippet) -> Carried:
    return Carried(
        snippet.dialect,
        snippet.pixel_id,
        snippet.event,
        snippet.value,
        snippet.currency,
        snippet.dynamic,
        snippet.line,
    )
