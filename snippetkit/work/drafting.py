"""A first project file, from the code that stands on pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError
from snippetkit.terms import Kind
from snippetkit.work.writing import kinds

if TYPE_CHECKING:
    from snippetkit.inject import Carried
    from snippetkit.project import Draft, DraftedPixel, DraftedRule

_UNNAMED = frozenset("*?#%\\")
"""What a page's path may not have in a rule."""

_Told = tuple[str, str, str | None]
"""A kind, a pixel's id, and the event that its code reports."""


class _Found(NamedTuple):
    """What a page has of one pixel, as a rule can say it."""

    told: _Told
    value: int | None
    currency: str | None


def draft(
    folder: str, pages: Mapping[str, Sequence[Carried]], file: str = "", held: Container[str] = frozenset()
) -> Draft:
    """Return the draft of a project whose site is a folder.

    Args:
        folder: as it was named.
        pages: the code on each page, by its path from that folder on.
        file: has the code of some pixels, which is not to come from the API or be made.
        held: those pixels.
    """
    from snippetkit.project import Draft

    found = defaultdict[_Found, set[str]](set)
    notes: list[str] = []
    leaves = False
    placements = set[str]()
    for page, carried in pages.items():
        for key, of_key in _by_key(carried).items():
            if reason := _why_not(page, of_key, held):
                notes.append(f"{page}:{of_key[0].line} {key}: {reason}")
                leaves = leaves or any(one.is_managed for one in of_key)
                continue
            placements.update(one.placement for one in of_key if one.placement)
            found[_found(of_key)].add(page)
    names = _names(one.told for one in found)
    rules = [rule for one, there in found.items() for rule in _rules(names[one.told], one, there, [*pages])]
    pixels = [_pixel(name, told, file if told[1] in held else "") for told, name in names.items()]
    placement = placements.pop() if len(placements) == 1 else None
    return Draft(folder, tuple(pixels), tuple(rules), tuple(notes), placement, leaves)


def _by_key(carried: Iterable[Carried]) -> dict[str, list[Carried]]:
    by_key: dict[str, list[Carried]] = defaultdict(list)
    for one in carried:
        by_key[one.key].append(one)
    return by_key


def _why_not(page: str, carried: Sequence[Carried], held: Container[str]) -> str:
    """Why no rule can say what stands there; empty where one can."""
    if not all(one.is_managed for one in carried):
        return "put in by hand; with adopt = true, a rule puts marked code in its place"
    if _UNNAMED.intersection(page):
        return "no rule can name this page"
    if any(one.is_dynamic or not one.pixel_id for one in carried):
        return "a server or a script makes what it reports"
    if len(_conversions(carried)) > 1:
        return "several events; a rule puts in code with one"
    if carried[0].pixel_id not in held and _kind(carried[0].dialect) is None:
        return "such code cannot be made here; file = '..' says where it is"
    return ""


def _kind(dialect_name: str) -> str | None:
    """How code of a dialect is had: from the API, or made here."""
    from snippetkit import platforms

    answered = platforms.dialect_named(dialect_name).answered
    if answered:
        return answered.kind
    return dialect_name if dialect_name in kinds() else None


def _conversions(carried: Sequence[Carried]) -> list[Carried]:
    """The events that say more than that a page was shown."""
    from snippetkit import platforms

    page_views = platforms.dialect_named(carried[0].dialect).platform.base_events
    return [one for one in carried if one.event is not None and one.event not in page_views]


def _found(carried: Sequence[Carried]) -> _Found:
    conversions = _conversions(carried)
    one = next(iter(conversions), carried[0])
    told = (_kind(one.dialect) or one.dialect, one.pixel_id, conversions[0].event if conversions else None)
    return _Found(told, *_worth(one))


def _worth(one: Carried) -> tuple[int | None, str | None]:
    """A value in minor units and its currency; neither where it is not clear what it is."""
    from snippetkit import money, platforms

    if one.value is None or one.currency is None:
        return None, None
    with suppress(SettingError, ArithmeticError):
        exponents = platforms.dialect_named(one.dialect).platform.exponents
        return int(money.to_minor(one.value, one.currency, exponents)), one.currency
    return None, None


def _names(told: Iterable[_Told]) -> dict[_Told, str]:
    """A name for each code: its event's or its kind's, with a number where that is taken."""
    names: dict[_Told, str] = {}
    for one in told:
        kind, _, event = one
        base = "".join(char for char in (event or kind).lower() if char.isascii() and char.isalnum()) or kind
        taken = {*names.values()} - {names.get(one)}
        number = next(n for n in range(1, len(names) + 2) if _numbered(base, n) not in taken)
        names.setdefault(one, _numbered(base, number))
    return names


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _pixel(name: str, told: _Told, file: str) -> DraftedPixel:
    from snippetkit.project import DraftedPixel

    kind, pixel_id, event = told
    if file:
        return DraftedPixel(name, pixel_id, file=file)
    return DraftedPixel(name, pixel_id, kind, None if kind == Kind.CONVERSION else event)


def _rules(name: str, one: _Found, there: set[str], pages: Sequence[str]) -> Iterator[DraftedRule]:
    """The rules for the pages that have a code: one for each folder of which all have it, one for each other page."""
    from snippetkit.project import DraftedRule

    left = {*there}
    for folder, inside in _folders(pages).items():
        if len(inside) > 1 and left.issuperset(inside):
            left -= inside
            yield DraftedRule(f"/{folder}**", name, one.value, one.currency)
    for page in sorted(left):
        yield DraftedRule(f"/{page}", name, one.value, one.currency)


def _folders(pages: Iterable[str]) -> dict[str, set[str]]:
    """The pages below each folder, from the root down."""
    folders: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        parts = page.split("/")
        for depth in range(len(parts)):
            folders["".join(f"{part}/" for part in parts[:depth])].add(page)
    return dict(sorted(folders.items(), key=lambda item: (item[0].count("/"), item[0])))
