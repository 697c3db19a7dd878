"""The edits that take code out of a page again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from snippetkit.errors import PageRefusedError
from snippetkit.html import MARKER, find_anchors, refuse
from snippetkit.inject.combining import keep_nonce, read_regions
from snippetkit.inject.edits import apply, difference
from snippetkit.inject.insertion import Terms
from snippetkit.inject.planning import plan
from snippetkit.inject.regions import Region, find_regions, find_upper_regions
from snippetkit.model import Edit, Loaded, Text

_DEFAULT = Terms()
_LONGEST_NEWLINE = 2


def plan_removal(
    text: Text, keys: frozenset[str] = frozenset(), pixel_ids: frozenset[str] = frozenset(), terms: Terms = _DEFAULT
) -> list[Edit]:
    """Return the edits that take regions out of a page; all of them taken out, the bytes from before are back.

    Args:
        text: the page.
        keys: take out the regions with these keys.
        pixel_ids: take out these pixels; of code for several, the others' stays. With neither, all regions go.
        terms: `force` takes out what was edited by hand too; `combine` makes the code of the pixels that stay.

    Raises:
        PageRefusedError: a region was edited by hand, or is not whole.
    """
    if text.find(MARKER) < 0:
        return []
    data, found = _read_regions(text)
    regions = [region for region in found if _is_chosen(region, keys, pixel_ids)]
    for region in regions:
        if region.is_edited and not terms.force:
            refuse(data, region.marker, "this snippetkit region was edited by hand; --force takes it out all the same")
    gone = [Edit(region.start, region.end, b"") for region in regions]
    split = [region for region in regions if region.key not in keys and {*region.pixel_ids} - pixel_ids and pixel_ids]
    if not split:
        return gone
    data = text.whole()
    return difference(data, _put_back(data, apply(data, gone), split, pixel_ids, terms))


def _read_regions(text: Text) -> tuple[bytes, list[Region]]:
    """The first bytes of a page and all its regions, where they lie in these; else all bytes."""
    with suppress(PageRefusedError):
        anchors = find_anchors(text.head, is_whole=text.is_whole, fragments=True)
        regions = find_upper_regions(text.head, anchors) if anchors else []
        end = regions[-1].end if regions else 0
        is_in_head = text.is_whole or end < len(text.head) - _LONGEST_NEWLINE
        if regions and is_in_head and text.find(MARKER, end) < 0:
            return text.head, regions
    data = text.whole()
    return data, find_page_regions(data)


def find_page_regions(data: bytes) -> list[Region]:
    """Return all regions of any page, one with server code or a part of one too.

    Raises:
        PageRefusedError: where comments are cannot be told, or a region is not whole.
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


def _is_chosen(region: Region, keys: frozenset[str], pixel_ids: frozenset[str]) -> bool:
    if not keys and not pixel_ids:
        return True
    return region.key in keys or bool(pixel_ids.intersection(region.pixel_ids))


def _put_back(data: bytes, after: bytes, regions: Sequence[Region], pixel_ids: frozenset[str], terms: Terms) -> bytes:
    """The page with the code of those pixels of the regions that stay."""
    stay = [snippet for snippet in read_regions(data, regions) if snippet.pixel_id not in pixel_ids]
    insertion = terms.combine(stay) if terms.combine else None
    if insertion is None:
        refuse(data, regions[0].marker, f"{regions[0].key} is one script; its pixels go together")
    placements = {**terms.placements, **{region.part: region.placement for region in regions}}
    terms = replace(terms, placements=placements, fragments=True, server_code=_has_server_code(after), adopt=False)
    return apply(after, plan(Loaded(after), keep_nonce(insertion, regions), terms))


def _has_server_code(data: bytes) -> bool:
    try:
        find_anchors(data, fragments=True)
    except PageRefusedError:
        return True
    return False
