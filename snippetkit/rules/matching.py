"""From a page's path to the rules that apply to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from snippetkit.records import dataclass, field


class PixelValue(NamedTuple):
    """What is to be reported: by which pixel (its id, or the name of one of its codes), what it is worth, the currency.

    The worth is in minor units, or in major ones.
    """

    pixel_id: str
    value_cents: int | None = None
    currency: str | None = None
    amount: str | None = None


_INDEXES = ("index.html", "index.htm")
_ANY = "**"


@dataclass(frozen=True, slots=True)
class Rule:
    """A pixel belongs on the pages that `page` names, and reports that value there.

    `page` begins with a slash; `*` stands for any text within a segment, `**` for any folders, and a slash at the end
    for the folder's `index.html` or `index.htm`. `value_cents` is in minor units, or `amount` in major ones, in digits:
    `19.99`; they and `currency` are None where the code's own count. `line` is where the rule is, from 1, `index` its
    place in `Rules.rules`. `code` is what one of several codes of the pixel is called.
    """

    page: str
    pixel_id: str
    value_cents: int | None
    currency: str | None
    line: int
    index: int
    amount: str | None = None
    code: str = ""

    @property
    def pixel_value(self) -> PixelValue:
        """What its pages are to report."""
        return PixelValue(self.code or self.pixel_id, self.value_cents, self.currency, self.amount)

    @property
    def is_exact(self) -> bool:
        """Whether it names a page, and not a pattern of pages."""
        return "*" not in self.page


_Near = tuple[Callable[[str], object], Rule]
"""A rule with a pattern, and what says whether that is a path's."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a file, in order.

    `name` is what messages call the file, `unit` what they call its lines, and `notes` what a person should know of it.
    """

    name: str
    rules: tuple[Rule, ...]
    unit: str = "line"
    notes: tuple[str, ...] = ()
    _of_page: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    _of_folder: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    _of_last: dict[str, Sequence[_Near]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Put each rule where a path leads to it: its page, or the folder in front of its first wildcard."""
        object.__setattr__(self, "_of_last", {})
        of_page, of_folder = defaultdict[str, list[Rule]](list), defaultdict[str, list[Rule]](list)
        for rule in self.rules:
            if not rule.is_exact:
                of_folder[_folder(rule.page)].append(rule)
            for page in _pages(rule.page) if rule.is_exact else ():
                of_page[page].append(rule)
        object.__setattr__(self, "_of_page", {page: _most_specific(rules) for page, rules in of_page.items()})
        object.__setattr__(self, "_of_folder", {folder: tuple(rules) for folder, rules in of_folder.items()})

    def where(self, *rules: Rule) -> str:
        """Return where rules are, for messages."""
        lines = " and ".join(str(rule.line) for rule in rules)
        return f"{self.name}, {self.unit}{'s'[: len(rules) > 1]} {lines}"

    def match(self, path: str) -> tuple[Rule, ...]:
        """Return the rules of a page, at most one for each pixel, in order.

        For one pixel, an exact page takes precedence over a pattern, a longer text over a shorter one, and a later rule
        over an earlier one.

        Args:
            path: from the site's root, with `/` between its segments; case-sensitive.
        """
        path = path.removeprefix("/")
        exact = self._of_page.get(path, ())
        if not self._of_folder:
            return exact
        matching = [rule for matches, rule in self._near(path[: path.rfind("/") + 1]) if matches(path)]
        if not matching:
            return exact
        return (matching[0],) if len(matching) == 1 and not exact else _most_specific([*exact, *matching])

    def _near(self, folder: str) -> Sequence[_Near]:
        """The patterns that may match pages of a folder; the next page is mostly of the same one."""
        if folder not in self._of_last:
            near = (rule for above in _folders(folder) for rule in self._of_folder.get(above, ()))
            self._of_last.clear()
            self._of_last[folder] = [(_pattern(rule.page).fullmatch, rule) for rule in near]
        return self._of_last[folder]


def _most_specific(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    best: dict[str, Rule] = {}
    for rule in sorted(rules, key=lambda rule: (rule.is_exact, len(rule.page), rule.index)):
        best[rule.pixel_id] = rule
    return tuple(sorted(best.values(), key=lambda rule: rule.index))


def _pages(page: str) -> Iterator[str]:
    """The paths that an exact page stands for."""
    path = page.removeprefix("/")
    yield from (path + name for name in _INDEXES) if page.endswith("/") else [path]


def _folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, from the root on: `""`, `shop/`, `shop/tea/`."""
    end = 0
    while end != -1:
        yield path[:end]
        end = path.find("/", end) + 1 or -1


def _folder(page: str) -> str:
    path = page.removeprefix("/")
    return path[: path.rfind("/", 0, path.index("*")) + 1]


@cache
def _pattern(page: str) -> re.Pattern[str]:
    """A page with wildcards as a pattern, in which no text is tried twice for one wildcard.

    The text between two wildcards is matched where it occurs first: that leaves the most to the rest.
    """
    *runs, last = _runs(page.removeprefix("/").split("/"))
    first = "".join(f"{_segment(segment)}/" for segment in runs[0]) if runs else ""
    between = (f"(?>(?:[^/]+/)*?{''.join(f'{_segment(s)}/' for s in run)})" for run in runs[1:])
    end = "/".join(_segment(segment) for segment in last) if last else "[^/]+"
    return re.compile("".join([first, *between, "(?:[^/]+/)*" if runs else "", end]))


def _runs(segments: Iterable[str]) -> list[list[str]]:
    """The segments, split at each `**`."""
    runs: list[list[str]] = [[]]
    for segment in segments:
        if segment == _ANY:
            runs.append([])
        else:
            runs[-1].append(segment)
    return runs


def _segment(segment: str) -> str:
    """One segment; what stands behind a page's slash at the end is none, and stands for the index."""
    if not segment:
        return f"(?:{'|'.join(map(re.escape, _INDEXES))})"
    first, *others = map(re.escape, segment.split("*"))
    if not others:
        return first
    *between, last = others
    return "".join([first, *(f"(?>[^/]*?{text})" for text in between), "[^/]*", last])
