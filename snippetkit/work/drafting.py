"""A first project file, from the code that stands on pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError, SnippetkitError
from snippetkit.records import dataclass, field
from snippetkit.work.surveying import Placed, is_kept_by, take

if TYPE_CHECKING:
    from snippetkit.inject import Carried
    from snippetkit.project import Draft, DraftedPixel, DraftedRule

_UNNAMED = frozenset("*?#%\\")
"""What a page's path may not have in a rule."""

_CODE_FILE = "pixels/{}.txt"
"""Where the code of a pixel goes, which is no page even where the pages are in the same folder."""


class _Identity(NamedTuple):
    """What its code is, the pixel's id, the event that it reports, and the code itself, without its value."""

    kind: str
    pixel_id: str
    event: str | None
    code: str = ""


class _Found(NamedTuple):
    """What a page has of one pixel, as a rule can say it."""

    told: _Identity
    value: int | None
    currency: str | None


class Drafted(NamedTuple):
    """A draft, and the texts of the files with code that it names, by their paths from its own folder."""

    draft: Draft
    files: Mapping[str, str]


def draft(
    folder: str, pages: Mapping[str, Sequence[Placed]], file: str = "", held: Container[str] = frozenset()
) -> Drafted:
    """Return the draft of a project whose site is a folder.

    Args:
        folder: as it was named.
        pages: the code on each page, by its path from that folder on.
        file: has the code of some pixels; that of the others goes into files of its own.
        held: those pixels.
    """
    from snippetkit.project import Draft

    gathered = _Gathered()
    for page, placed in pages.items():
        for key, of_key in _by_key(placed).items():
            gathered.add(page, key, of_key, is_held=of_key[0].carried.pixel_id in held)
    names = _names(one.told for one in gathered.pages)
    rules = [rule for one, there in gathered.pages.items() for rule in _rules(names[one.told], one, there, [*pages])]
    files = {_CODE_FILE.format(name): gathered.codes[told] for told, name in names.items() if told.code}
    pixels = [_pixel(name, told, file) for told, name in names.items()]
    placement = gathered.placements.pop() if len(gathered.placements) == 1 else None
    drafted = Draft(folder, tuple(pixels), tuple(rules), tuple(gathered.notes), placement, gathered.leaves)
    return Drafted(drafted, files)


@dataclass
class _Gathered:
    """What stands on the pages, as rules can say it: which pages have it, the codes, and where they are placed.

    `notes` are about what no rule can say, and `leaves` says that there is marked code among that.
    """

    pages: dict[_Found, set[str]] = field(default_factory=lambda: defaultdict(set))
    codes: dict[_Identity, str] = field(default_factory=dict)
    placements: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    leaves: bool = False

    def add(self, page: str, key: str, of_key: Sequence[Placed], *, is_held: bool) -> None:
        """Take what a page has under a key; the code of a pixel that is held is in the file already."""
        carried, code = [one.carried for one in of_key], of_key[0].code
        if reason := _why_not(page, carried) or ("" if is_held else _why_no_file(code, carried[0].pixel_id)):
            self.notes.append(f"{page}:{carried[0].line} {key}: {reason}")
            self.leaves = self.leaves or any(one.is_managed for one in carried)
            return
        self.placements.update(one.placement for one in carried if one.placement)
        found = _found(carried, "" if is_held else code)
        self.codes.setdefault(found.told, code)
        self.pages[found].add(page)


def _by_key(placed: Iterable[Placed]) -> dict[str, list[Placed]]:
    by_key: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        by_key[one.carried.key].append(one)
    return by_key


def _why_not(page: str, carried: Sequence[Carried]) -> str:
    """Why no rule can say what stands there; empty where one can."""
    if not all(one.is_managed for one in carried):
        return "put in by hand; with adopt = true, a rule puts marked code in its place"
    if _UNNAMED.intersection(page):
        return "no rule can name this page"
    if any(one.is_dynamic or not one.pixel_id for one in carried):
        return "a server or a script makes what it reports"
    if len(_conversions(carried)) > 1:
        return "several events; a rule puts in code with one"
    return ""


def _why_no_file(code: str, pixel_id: str) -> str:
    """Why code would not be taken from a file; empty where it would."""
    try:
        take(code, pixel_id)
    except SnippetkitError as error:
        return str(error)
    return ""


def _kind(dialect_name: str) -> str:
    """What the code of a dialect is called."""
    from snippetkit import platforms

    answered = platforms.dialect_named(dialect_name).answered
    return answered.kind if answered else dialect_name


def _conversions(carried: Sequence[Carried]) -> list[Carried]:
    """The events that say more than that a page was shown."""
    from snippetkit import platforms

    page_views = platforms.dialect_named(carried[0].dialect).platform.base_events
    return [one for one in carried if one.event is not None and one.event not in page_views]


def _found(carried: Sequence[Carried], code: str) -> _Found:
    conversions = _conversions(carried)
    one = next(iter(conversions), carried[0])
    event = conversions[0].event if conversions else None
    taken = take(code, one.pixel_id) if code else None
    told = _Identity(_kind(one.dialect), one.pixel_id, event, taken.unvalued if taken else "")
    is_changed = taken is not None and one.value is not None and not is_kept_by(taken.snippet, one.value)
    return _Found(told, *((None, None) if is_changed else _worth(one)))


def _worth(one: Carried) -> tuple[int | None, str | None]:
    """A value in minor units and its currency; neither where it is not clear what it is."""
    from snippetkit import money, platforms

    if one.value is None or one.currency is None:
        return None, None
    with suppress(SettingError, ArithmeticError):
        exponents = platforms.dialect_named(one.dialect).platform.exponents
        return int(money.to_minor(one.value, one.currency, exponents)), one.currency
    return None, None


def _names(told: Iterable[_Identity]) -> dict[_Identity, str]:
    """A name for each code: its event's or its kind's, with a number where that is taken."""
    names: dict[_Identity, str] = {}
    for one in told:
        kind = one.kind
        base = "".join(char for char in (one.event or kind).lower() if char.isascii() and char.isalnum()) or kind
        taken = {*names.values()} - {names.get(one)}
        number = next(n for n in range(1, len(names) + 2) if _numbered(base, n) not in taken)
        names.setdefault(one, _numbered(base, number))
    return names


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _pixel(name: str, told: _Identity, file: str) -> DraftedPixel:
    from snippetkit.project import DraftedPixel

    if not told.code:
        return DraftedPixel(name, told.pixel_id, file=file)
    allowed = take(told.code, told.pixel_id).allowed
    hosts, asked = tuple(sorted(allowed.hosts)), tuple(sorted(allowed.asked))
    return DraftedPixel(name, told.pixel_id, file=_CODE_FILE.format(name), allow_hosts=hosts, allow=asked)


def _rules(name: str, one: _Found, there: set[str], pages: Sequence[str]) -> Iterator[DraftedRule]:
    """The rules for the pages that have a code: one for each folder of which all have it, one for each other page."""
    from snippetkit.project import DraftedRule

    left = {*there}
    for folder, inside in _folders(pages).items():
        if len(inside) > 1 and left.issuperset(inside):
            left -= inside
            yield DraftedRule(f"/{folder}**", name, one.value, currency=one.currency)
    for page in sorted(left):
        yield DraftedRule(f"/{page}", name, one.value, currency=one.currency)


def _folders(pages: Iterable[str]) -> dict[str, set[str]]:
    """The pages below each folder, from the root down."""
    folders: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        parts = page.split("/")
        for depth in range(len(parts)):
            folders["".join(f"{part}/" for part in parts[:depth])].add(page)
    return dict(sorted(folders.items(), key=lambda item: (item[0].count("/"), item[0])))
