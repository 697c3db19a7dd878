"""Which pixels' code is on a page, in a region of ours or outside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import PageRefusedError
from snippetkit.html import MARKER, NEWLINE
from snippetkit.inject.regions import Region
from snippetkit.inject.removal import find_page_regions
from snippetkit.key import JOIN, Key, name_of
from snippetkit.model import LIVE, PageBytes, Snippet, Span
from snippetkit.records import dataclass, field, replace
from snippetkit.terms import Placement

if TYPE_CHECKING:
    from snippetkit import lint
    from snippetkit.platforms import Needles
    from snippetkit.snippets import Code, Document, FileParts, Others


@dataclass(frozen=True, slots=True)
class Carried:
    """The code of one pixel and one event on a page.

    `pixel_id` is empty where the page does not tell it; `event`, `value`, `currency` and `is_dynamic` are as in a
    `Snippet`. `line`, counted from 1, is where the code, or the marker in front of it, begins. `is_managed` says that
    it is in a region, None that regions cannot be told on this page; `placement` is where its region was put, None
    where it is in none; `is_edited` says that somebody has changed what the region does, `is_reformatted` that it
    does what was written, but is written differently. `reading` is the `state` of a `Snippet`, `base_from`,
    `function` and, outside regions, `column` are its own.
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
    is_reformatted: bool = False
    reading: str = LIVE
    base_from: tuple[str, ...] = ()
    function: str = ""
    column: int = field(default=1, compare=False, repr=False)

    @property
    def key(self) -> str:
        """`dialect:id`, as in the key of its region."""
        return name_of(self.dialect, self.pixel_id)

    @property
    def state(self) -> str:
        """In a word: edited, reformatted, where it was put, how it runs if not at once, unmarked, or unclear."""
        if self.is_edited or self.is_reformatted:
            return "edited" if self.is_edited else "reformatted"
        if self.reading != LIVE and not self.is_managed:
            return self.reading
        return self.placement or ("unclear" if self.is_managed is None else "unmarked")


class PageStatus(NamedTuple):
    """The code on a page, by line, and why the regions on it cannot be told, or None."""

    carried: list[Carried]
    refusal: PageRefusedError | None = None


def find_code(page: PageBytes, name: str = "") -> PageStatus:
    """Return what code is on a page, each pixel and event once for each place; or in a file of the kind its name tells.

    A page without code is searched, not parsed. One that is not UTF-8 is read as windows-1252, as browsers do with
    a page that does not say what it is (WHATWG HTML, 13.2.3.2 "Determining the character encoding").
    """
    return find_among_others(page, name)[0]


def find_among_others(page: PageBytes, name: str, others: Others | None = None) -> tuple[PageStatus, FileParts | None]:
    """Return the same of a file that is read together with others, and what it has of base code, and lacks.

    Args:
        page: the file's bytes.
        name: its name.
        others: the base code of the other files.
    """
    from snippetkit import platforms

    has_markers = page.find(MARKER) >= 0
    if not has_markers and not page.holds(platforms.needles().are_in):
        return PageStatus([]), None
    from snippetkit import snippets

    data = page.whole()
    if not (has_markers or others) and (known := _memory().of_page(name, data)):
        return PageStatus(known[0]), known[1]
    regions: list[Region] = []
    refusal = None
    try:
        regions = find_page_regions(data) if has_markers else []
    except PageRefusedError as error:
        refusal = error
    listed, parts = _managed(data, regions)
    if not has_markers or _has_code_outside(data, regions, platforms.needles()):
        documents = snippets.take_apart(name, _decode(data), others or snippets.NOTHING)
        listed += _unmarked(documents, data, regions, is_managed=None if refusal else False)
        parts = snippets.find_parts(documents)
    return PageStatus(sorted(listed, key=lambda carried: carried.line), refusal), parts


@cache
def _memory() -> lint.Memory[list[Carried]]:
    from snippetkit import lint

    return lint.Memory(without_regions, _moved)


def without_regions(documents: Sequence[Document]) -> list[Carried]:
    """Return what code is in a file without regions of ours, given its texts, by line."""
    return sorted(_unmarked(documents, b"", (), is_managed=False), key=lambda carried: carried.line)


def _moved(listed: list[Carried], move: lint.Move) -> list[Carried]:
    placed = ((one, *move(one.line, one.column)) for one in listed)
    return [replace(one, line=line, column=column) for one, line, column in placed]


def _managed(data: bytes, regions: Sequence[Region]) -> tuple[list[Carried], FileParts]:
    """What the regions of a page report, and what they have of base code."""
    from snippetkit.snippets import FileParts

    listed: list[Carried] = []
    names: list[Code] = []
    makes: frozenset[str] = frozenset()
    of_key: dict[Key, list[Region]] = {}
    for region in regions:
        of_key.setdefault(region.key, []).append(region)
    newlines = [match.start() for match in NEWLINE.finditer(data)] if regions else []
    for key, group in of_key.items():
        carried, parts = _of_group(key, group, newlines)
        listed += carried
        names, makes = [*names, *parts.names], makes | parts.makes
    return listed, FileParts(tuple(names), makes)


def _of_group(key: Key, group: list[Region], newlines: Sequence[int]) -> tuple[Iterator[Carried], FileParts]:
    """What the regions of one key report, at the line of the first, and what they have of base code."""
    group.sort(key=lambda region: region.part, reverse=True)  # the script, then the noscript
    first = group[0]
    is_edited = any(region.is_edited for region in group)
    readings, parts = _read(key, b"\n".join(region.pixel_code for region in group), is_edited=is_edited)
    carried = (
        replace(
            _carried(snippet),
            line=bisect_left(newlines, first.marker) + 1,
            is_managed=True,
            placement=first.placement,
            is_edited=is_edited,
            is_reformatted=not is_edited and not all(region.is_as_written for region in group),
        )
        for snippet in readings
    )
    return carried, parts


@lru_cache(maxsize=128)
def _read(key: Key, code: bytes, *, is_edited: bool) -> tuple[list[Snippet], FileParts]:
    """What the regions of a key report, what can be read of the code, else what the key says; and their base code."""
    from snippetkit import snippets

    dialect, pixel_ids = key.dialect, key.pixel_ids
    document = snippets.parse(_decode(code))
    readings = [_whole(snippet, key) for snippet in snippets.read_document(document)]
    in_scripts = {snippet.pixel_id for snippet in readings if snippet.script_span}
    readings = [snippet for snippet in readings if snippet.script_span or snippet.pixel_id not in in_scripts]
    if len(pixel_ids) == 1:
        readings = [_of_key(one, key, is_edited=is_edited) for one in readings]
    readings = [replace(s, dialect=dialect) if s.pixel_id in pixel_ids else s for s in readings]
    if not is_edited or not readings:
        read = {snippet.pixel_id for snippet in readings}
        readings += [Snippet(dialect, pixel_id, None, None, "") for pixel_id in pixel_ids if pixel_id not in read]
    return readings, snippets.find_parts([document])


def _whole(snippet: Snippet, key: Key) -> Snippet:
    """A snippet whose id is the part of one, as that of the pixel in its key, where that has this part."""
    pixel_id = key.pixel_ids[0]
    is_part = snippet.pixel_id.startswith(JOIN) and pixel_id.endswith(snippet.pixel_id)
    return replace(snippet, pixel_id=pixel_id) if is_part else snippet


def _of_key(snippet: Snippet, key: Key, *, is_edited: bool) -> Snippet:
    """A snippet as of the pixel in its key, however it names it; of edited code, only where it need not name one."""
    from snippetkit import platforms

    is_told = snippet.pixel_id or not key.event if is_edited else platforms.is_id(key.dialect, snippet.pixel_id)
    return snippet if is_told else replace(snippet, pixel_id=key.pixel_ids[0])


def _has_code_outside(data: bytes, regions: Sequence[Region], needles: Needles) -> bool:
    starts = [0, *(region.end for region in regions)]
    ends = [*(region.start for region in regions), len(data)]
    return any(needles.are_in(data[start:end]) for start, end in zip(starts, ends, strict=True))


def _unmarked(
    documents: Sequence[Document], data: bytes, regions: Sequence[Region], *, is_managed: bool | None
) -> Iterator[Carried]:
    from snippetkit import snippets

    spans = _spans(_decode(data), data, regions)
    for document in documents:
        yield from map(_carried, snippets.read_handlers(document))
        if document.program or document.outer:
            yield from map(_carried, (*snippets.read_document(document), *snippets.read_bases(document)))
        else:
            yield from _in_markup(document, spans, is_managed=is_managed)


def _in_markup(document: Document, spans: Sequence[Span], *, is_managed: bool | None) -> Iterator[Carried]:
    from snippetkit import snippets

    codes = (*document.codes, *document.bases)
    for code, snippet in zip(codes, (*snippets.read_document(document), *snippets.read_bases(document)), strict=True):
        outers = {image.outer.start: image.outer for image in code.images}
        if not _is_inside(code.script.start if code.script else min(outers), spans):
            yield replace(_carried(snippet), is_managed=is_managed)
            continue
        for start, outer in outers.items():
            if not _is_inside(start, spans):
                alone = snippets.read(document.data[start : outer.end].decode("utf-8", "surrogatepass"))
                line, column = document.position(start)
                yield from (replace(_carried(image), line=line, column=column) for image in alone)


def _spans(text: str, data: bytes, regions: Sequence[Region]) -> list[Span]:
    """Where the regions are in the text's UTF-8, which is the page's own unless each of its bytes is a character."""
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
        return data.decode("windows-1252", "surrogateescape")  # five bytes have no character; they get one each


def _carried(snippet: Snippet) -> Carried:
    return Carried(
        snippet.dialect,
        snippet.pixel_id,
        snippet.event,
        snippet.value,
        snippet.currency,
        snippet.dynamic,
        snippet.line,
        reading=snippet.state,
        base_from=snippet.base_from,
        function=snippet.function,
        column=snippet.column,
    )
