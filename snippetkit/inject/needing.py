"""Events alone whose base code is about to go: several pixels of one account share it, in the region of the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from snippetkit import platforms
from snippetkit.html import MARKER, refuse
from snippetkit.inject.edits import apply
from snippetkit.inject.regions import Region
from snippetkit.inject.removal import find_page_regions
from snippetkit.inject.unmarked import parse_page
from snippetkit.key import Key
from snippetkit.model import Edit, PageBytes
from snippetkit.patterns import later
from snippetkit.terms import Part

if TYPE_CHECKING:
    from snippetkit.lint import Call

_ALONE = later(re.escape(MARKER) + rb"begin\s+[^\s/]+/")
_AGAIN = "then insert again what should stay"


class Left(NamedTuple):
    """An event alone that stays without its base code: its key, that code's, and where its region is."""

    key: Key
    base: Key
    at: int


def find_left(page: PageBytes, edits: Sequence[Edit]) -> list[Left]:
    """Return the events alone of a page whose base code goes with these edits.

    Args:
        page: read as far as it takes.
        edits: take code out of it, and may put back what that had adopted.
    """
    if not (_may_hold_alone(page) or any(edit.new for edit in edits)):
        return []
    data = page.whole()
    after = apply(data, edits)
    if not _ALONE.search(after):
        return []
    regions, there = find_page_regions(data), {region.key: region for region in _alone(find_page_regions(after))}
    found = list[Left]()
    for region in (one for one in _alone(regions) if one.key in there):
        bases = _bases(data, region)
        holding = [one.key for one in regions if any(one.start <= base.start < one.end for base in bases)]
        if holding and not _bases(after, there[region.key]):
            found.append(Left(region.key, holding[0], region.marker))
    return found


def _may_hold_alone(page: PageBytes) -> bool:
    """Whether a page has the marker of an event alone; from marker to marker that is found much faster than at once."""
    at = page.find(MARKER)
    while at >= 0:
        data = page.head if page.head.find(b"-->", at) >= 0 else page.whole()
        if _ALONE.match(data, at):
            return True
        at = page.find(MARKER, at + 1)
    return False


def _alone(regions: Iterable[Region]) -> Iterator[Region]:
    return (region for region in regions if region.key.event and region.part is Part.SCRIPT)


def check_left(page: PageBytes, edits: Sequence[Edit]) -> None:
    """Make sure that no event alone stays without its base code, which it has now.

    Args:
        page: read as far as it takes.
        edits: take code out of it, and may put back what that had adopted.

    Raises:
        PageRefusedError: one does.
    """
    if left := find_left(page, edits):
        key, base, at = left[0]
        both = f"take out both, 'snippetkit remove --key {base} --key {key}', {_AGAIN}; --force leaves it without"
        several = f"take all of them out ('snippetkit status' shows them) {_AGAIN}; --force leaves them without"
        goes, ways = (f" and {len(left) - 1} more go", several) if left[1:] else (" goes", both)
        refuse(page.whole(), at, f"the base code of {key}{goes} with {base}; {ways}")


def _bases(data: bytes, region: Region) -> list[Call]:
    """The calls that name what the event alone in a region needs, where they are in front of it."""
    dialect = platforms.dialect_named(region.dialect)
    needed = {*map(dialect.named_by, region.pixel_ids)}
    inits = [call for call in _inits(data, region.dialect) if dialect.names_first or call.start < region.start]
    return [call for call in inits if call.pixel_ids & needed]


@lru_cache(maxsize=4)
def _inits(data: bytes, dialect_name: str) -> Sequence[Call]:
    from snippetkit import lint

    return lint.find_firing(parse_page(data), dialect_name).inits
