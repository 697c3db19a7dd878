"""The edits that take code out of a page again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from snippetkit.errors import PageRefusedError
from snippetkit.html import BEGINNING, MARKER, check_encoding, find_anchors, refuse
from snippetkit.inject.combining import read_regions, write_as_one
from snippetkit.inject.edits import apply, difference
from snippetkit.inject.insertion import PlanOptions
from snippetkit.inject.marking import mark_adopted
from snippetkit.inject.planning import plan
from snippetkit.inject.regions import Region, check_replaceable, find_regions, find_upper_regions
from snippetkit.inject.unmarked import check_halves
from snippetkit.key import Key
from snippetkit.model import Edit, Loaded, PageBytes
from snippetkit.records import replace

_DEFAULT = PlanOptions()
_LONGEST_NEWLINE = 2


def plan_removal(
    page: PageBytes,
    keys: frozenset[Key] = frozenset(),
    pixel_ids: frozenset[str] = frozenset(),
    options: PlanOptions = _DEFAULT,
) -> list[Edit]:
    """Return the edits that take regions out of a page; without any of them, it has its bytes from before.

    Args:
        page: read as far as it takes.
        keys: take out the pixels that these name, each in its dialect.
        pixel_ids: take out these pixels, in any dialect. Of code for several, the others' stays. With neither, all go.
        options: `force` takes out what was edited by hand too; `combine` makes the code of the pixels that stay.

    Raises:
        PageRefusedError: a region was edited by hand, is not whole, or holds more than code; or half of the code has
            lost its markers; or markers cannot be seen in the page's encoding.
    """
    if page.find(MARKER) < 0:
        check_encoding(page.head if page.is_whole or len(page.head) >= BEGINNING else page.whole())
        return []
    data, every = _read_regions(page)
    going = {region.key: _going(region.key, keys, pixel_ids) for region in every}
    regions = [region for region in every if going[region.key]]
    check_replaceable(data, regions, force=options.force, hint="--force takes it out anyway")
    check_halves(page, every, regions)
    gone = [Edit(region.start, region.end, b"") for region in regions]
    split = [region for region in regions if going[region.key] < {*region.pixel_ids}]
    if not split:
        return gone
    data = page.whole()
    out = frozenset[str]().union(*(going[region.key] for region in split))
    return difference(data, _put_back(data, apply(data, gone), split, out, options))


def _read_regions(page: PageBytes) -> tuple[bytes, list[Region]]:
    """The first bytes of a page and all its regions, if these are in them; else all bytes."""
    with suppress(PageRefusedError):
        anchors = find_anchors(page.head, is_whole=page.is_whole, fragments=True)
        regions = find_upper_regions(page.head, anchors) if anchors else []
        end = regions[-1].end if regions else 0
        is_in_head = page.is_whole or end < len(page.head) - _LONGEST_NEWLINE
        if regions and is_in_head and page.find(MARKER, end) < 0:
            return page.head, regions
    data = page.whole()
    return data, find_page_regions(data)


def find_page_regions(data: bytes) -> list[Region]:
    """Return all regions of any page, even one with server code, or part of one.

    Raises:
        PageRefusedError: it is not certain where comments are, or a region is not whole.
    """
    try:
        regions = _find_regions(data, server_code=False)
    except PageRefusedError:
        return _find_regions(data, server_code=True)
    if 2 * len(regions) < data.count(MARKER):
        with suppress(PageRefusedError):
            return max(regions, _find_regions(data, server_code=True), key=len)
    return regions


def _find_regions(data: bytes, *, server_code: bool) -> list[Region]:
    anchors = find_anchors(data, fragments=True, server_code=server_code)
    assert anchors  # noqa: S101 (None is for pages that are not whole)
    return find_regions(data, anchors, server_code=server_code)


def _going(there: Key, keys: frozenset[Key], pixel_ids: frozenset[str]) -> frozenset[str]:
    """Which pixels of a region's key are to go; a key that also names one that is not there names other code.

    An event alone goes with its base code, without which it is nothing.
    """
    own = frozenset(there.pixel_ids)
    if not keys and not pixel_ids:
        return own
    of_it = (key for key in keys if key.dialect == there.dialect and key.event in {"", there.event})
    named = (key.pixel_ids for key in of_it if own.issuperset(key.pixel_ids))
    return own.intersection(pixel_ids.union(*named))


def _put_back(
    data: bytes, after: bytes, regions: Sequence[Region], pixel_ids: frozenset[str], options: PlanOptions
) -> bytes:
    """The page with the code of those pixels of the regions that stay."""
    stay = [snippet for snippet in read_regions(data, regions) if snippet.pixel_id not in pixel_ids]
    if options.combine is None:
        refuse(data, regions[0].marker, f"{regions[0].key} is one script; remove all of its pixels together")
    insertion = write_as_one(data, regions, stay, options.combine)
    placements = {**options.placements, **{region.part: region.placement for region in regions}}
    options = replace(options, placements=placements, fragments=True, server_code=_has_server_code(after), adopt=False)
    after = apply(after, plan(Loaded(after), insertion, options))
    adopted = frozenset[str]().union(*(region.adopted for region in regions))
    own = [region for region in find_page_regions(after) if region.key == insertion.key] if adopted else ()
    return mark_adopted(after, own, adopted)


def _has_server_code(data: bytes) -> bool:
    try:
        find_anchors(data, fragments=True)
    except PageRefusedError:
        return True
    return False
