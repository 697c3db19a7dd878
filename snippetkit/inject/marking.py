"""Regions that took the place of code that was put in by hand, and say so in their first markers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from snippetkit.inject.edits import apply
from snippetkit.inject.insertion import Insertion
from snippetkit.inject.regions import Region
from snippetkit.key import quoted
from snippetkit.model import Edit, Span
from snippetkit.patterns import later

_END = later(rb"(?:\s+adopted=[^\s>]+)?\s*-->")


def mark_adopted(data: bytes, regions: Iterable[Region], pixel_ids: frozenset[str]) -> bytes:
    """Return a page whose regions say that they have adopted the code of those of these pixels that are theirs."""
    return _marked(data, ((region, pixel_ids) for region in regions))


def mark_anew(
    data: bytes, there: Sequence[Region], before: Sequence[Region], gone: Sequence[Region], adopted: frozenset[str]
) -> bytes:
    """Return a page whose new regions say what they, and those whose place they take, have adopted.

    Args:
        data: the page.
        there: its regions.
        before: those that it had.
        gone: those of them whose code was written anew.
        adopted: the pixels whose hand-written code has gone.
    """
    keys, carried = {region.key for region in before}, frozenset[str]().union(*(region.adopted for region in gone))
    again = [region for region in there if region.key in {old.key for old in gone}]
    new = [region for region in there if region.key not in keys]
    taking, keeping, none = new or again, again or new, frozenset[str]()
    return _marked(
        data, ((one, (adopted if one in taking else none) | (carried if one in keeping else none)) for one in there)
    )


def _marked(data: bytes, pairs: Iterable[tuple[Region, frozenset[str]]]) -> bytes:
    edits = list[Edit]()
    for region, pixel_ids in pairs:
        adopted = "+".join(map(quoted, sorted(region.adopted | pixel_ids.intersection(region.pixel_ids))))
        if adopted and (end := _END.search(data, region.marker)):
            edits.append(Edit(*end.span(), f" adopted={adopted} -->".encode()))
    return apply(data, edits)


def adopted_in(
    data: bytes, regions: Sequence[Region], unmarked: Sequence[Span], insertion: Insertion
) -> frozenset[str]:
    """Return the pixels whose hand-written code is between these offsets.

    Half of a region's code that lost its markers, and gets them again, was not written by hand.

    Args:
        data: the page.
        regions: those whose place the insertion takes.
        unmarked: where code whose place it takes is.
        insertion: what goes there.
    """
    code = b"".join(data[start:end] for start, end in unmarked)
    named = {pixel_id for pixel_id in insertion.pixel_ids if pixel_id.encode() in code} or insertion.pixel_ids
    return frozenset(pixel_id for pixel_id in named if unmarked and not _is_half(pixel_id, regions, insertion))


def _is_half(pixel_id: str, regions: Iterable[Region], insertion: Insertion) -> bool:
    parts = {region.part for region in regions if pixel_id in region.pixel_ids}
    return bool(parts) and parts < insertion.parts.keys()
