"""Hand-written code that was adopted, put back when what took its place is taken out, where that is certain.

A page from before is kept under a name that is derived from it without any regions. As long as that much of it is
unchanged, whatever has become of our regions, the hand-written code goes back to where it stood, to the byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from snippetkit.html import refuse
from snippetkit.inject.edits import apply, difference
from snippetkit.inject.regions import Region
from snippetkit.inject.removal import find_page_regions
from snippetkit.inject.unmarked import parse_page
from snippetkit.key import Key
from snippetkit.model import Edit, Span
from snippetkit.terms import Part

_DIGITS = 16
_MISSING = "put it there, under the name that the page has now, or --force takes this out without it"
_ORDER = "then insert again what should stay; --force takes this out without it"


class Restored(NamedTuple):
    """The edits of a removal that puts hand-written code back, and the names under which that was kept."""

    edits: list[Edit]
    names: tuple[str, ...]


def name_adopted(before: bytes, edits: Sequence[Edit]) -> str:
    """Return the name under which a page is to be kept, empty where these edits take out no hand-written code.

    Half of a region's code that lost its markers, and gets them again, was not written by hand.
    """
    if all(edit.start == edit.end for edit in edits):
        return ""
    page = apply(before, edits)
    after, there, then = _stripped(page), _parts(before), _parts(page)
    is_repair = any(there[key] < then.get(key, set()) for key in there)
    is_adoption = bool(_adopted(page).keys() - _adopted(before).keys()) or not is_repair
    return _name(after) if is_adoption and after != _stripped(before) else ""


def restore(data: bytes, edits: Sequence[Edit], find: Callable[[str], bytes | None]) -> Restored:
    """Return a removal that also puts back what was adopted by the code that it takes out.

    Args:
        data: a page.
        edits: take code out of it.
        find: returns the page that was kept under a name, or None.
    """
    after = apply(data, edits)
    restored, names = _with_all(after, pixels_gone(data, after), find)
    return Restored(difference(data, restored) if names else [*edits], tuple(names))


def _with_all(after: bytes, gone: frozenset[str], find: Callable[[str], bytes | None]) -> tuple[bytes, list[str]]:
    names = list[str]()
    while (name := _name(_stripped(after))) not in names and (before := find(name)) is not None:
        with_code = _with_code(before, after, gone)
        if with_code is None:
            break
        after = with_code
        names.append(name)
    return after, names


def pixels_gone(data: bytes, after: bytes) -> frozenset[str]:
    """Return the pixels that have regions on a page and none on it afterwards, or none any more that has adopted."""
    there, left = (
        {pixel_id for region in find_page_regions(page) for pixel_id in region.pixel_ids} for page in (data, after)
    )
    return frozenset(there - left).union(*(key.pixel_ids for key in _adopted(data).keys() - _adopted(after).keys()))


def check_back(data: bytes, restored: Restored, kept: Mapping[str, bytes], where: str) -> None:
    """Make sure that adopted code comes back when what took its place goes; where nothing says that, it may not.

    Where the page was changed outside our regions, it does not, and that is no reason to refuse.

    Args:
        data: a page.
        restored: what is to become of it.
        kept: the pages that were kept, by name.
        where: says where they are looked for.

    Raises:
        PageRefusedError: no page with that code is kept, or code that stays has to go with this.
    """
    after = apply(data, restored.edits)
    still = _adopted(after)
    for key, at in _adopted(data).items():
        holding = {name for name, page in kept.items() if may_hold(page, frozenset(key.pixel_ids))}
        if key in still or holding.intersection(restored.names):
            continue
        what = f"this replaced code of {key} that was put in by hand"
        if not holding:
            refuse(data, at, f"{what}, and no copy of the page with that code is kept {where}; {_MISSING}")
        if others := _in_the_way(after, key, kept, holding):
            shown = " ".join(f"--key {one}" for one in (key, *others))
            reason = f"{what}, and comes back only with {' and '.join(others)} out of the page, too"
            refuse(data, at, f"{reason}: 'snippetkit remove {shown}', {_ORDER}")


def _in_the_way(after: bytes, adopted: Key, kept: Mapping[str, bytes], holding: set[str]) -> Sequence[Key]:
    """The keys of the regions without which adopted code would come back: one if that is enough, else all."""
    regions = find_page_regions(after)
    keys = [*dict.fromkeys(region.key for region in regions)]
    for chosen in [*([key] for key in keys), keys]:
        gone = [region for region in regions if region.key in chosen]
        without = apply(after, [Edit(region.start, region.end, b"") for region in gone])
        pixel_ids = frozenset(adopted.pixel_ids).union(*(region.pixel_ids for region in gone))
        if holding.intersection(_with_all(without, pixel_ids, kept.get)[1]):
            return chosen
    return ()


def _adopted(data: bytes) -> dict[Key, int]:
    """What the regions of a page have adopted, pixel by pixel, and where they are."""
    regions = find_page_regions(data) if data.find(b"adopted=") >= 0 else []
    return {
        region.key.of_pixel(pixel_id): region.marker
        for region in reversed(regions)
        for pixel_id in sorted(region.adopted)
    }


def may_hold(before: bytes, pixel_ids: frozenset[str]) -> bool:
    """Whether a page that was kept has code of one of these pixels outside regions."""
    is_named = any(pixel_id.encode() in _stripped(before) for pixel_id in pixel_ids)
    return is_named or bool(_by_hand(before, pixel_ids))


def _by_hand(before: bytes, pixel_ids: frozenset[str]) -> list[Span]:
    """Where code of these pixels outside regions is, in the bytes of the page without regions."""
    regions = find_page_regions(before)
    codes = [code for code in parse_page(before).codes if code.pixel_id in pixel_ids]
    elements = [code.script or code.images[0].outer for code in codes]
    outside = [one for one in elements if not any(region.start <= one.start < region.end for region in regions)]
    return [(one.start - gone, one.end - gone) for one in outside for gone in [_length_before(one.start, regions)]]


def _length_before(at: int, regions: Sequence[Region]) -> int:
    return sum(region.end - region.start for region in regions if region.end <= at)


def _brings(edit: Edit, before: bytes, gone: frozenset[str]) -> bool:
    """Whether an edit that turns a page without regions into another one brings back code of these pixels."""
    if any(pixel_id.encode() in edit.new for pixel_id in gone):
        return True
    end = edit.start + len(edit.new)  # it may be off by what the code and its neighbour have in common
    return any(2 * (min(end, last) - max(edit.start, first)) > last - first for first, last in _by_hand(before, gone))


def _with_code(before: bytes, after: bytes, gone: frozenset[str]) -> bytes | None:
    """The page from before with the regions of `after` alone; None where that is not `after` with code of `gone`."""
    code = difference(_stripped(after), _stripped(before))
    if not any(_brings(edit, before, gone) for edit in code):
        return None
    there = _texts(after)
    others = [one for one in find_page_regions(before) if before[one.start : one.end] not in there]
    restored = apply(before, [Edit(region.start, region.end, b"") for region in others])
    return restored if _texts(restored) == there else None


def _parts(data: bytes) -> dict[Key, set[Part]]:
    parts = dict[Key, set[Part]]()
    for region in find_page_regions(data):
        for pixel_id in region.pixel_ids:
            parts.setdefault(region.key.of_pixel(pixel_id), set()).add(region.part)
    return parts


def _texts(data: bytes) -> list[bytes]:
    return [data[region.start : region.end] for region in find_page_regions(data)]


def _stripped(data: bytes) -> bytes:
    """A page without any region."""
    return apply(data, [Edit(region.start, region.end, b"") for region in find_page_regions(data)])


def _name(stripped: bytes) -> str:
    return hashlib.sha256(stripped).hexdigest()[:_DIGITS]
