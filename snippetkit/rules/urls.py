"""The page of a rule as in URLs: a folder's index has the folder's own URL too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from snippetkit.patterns import later

_INDEXES = ("index.html", "index.htm")
_ANY = "**"
_SPECIAL = later(r"[\\.^$|?*+()\[\]{}]")


def addresses(page: str) -> tuple[str, ...]:
    """Return the paths of the URLs under which a server shows an exact page; the first is the shortest.

    Args:
        page: as `Rule.page` has it, without wildcards.
    """
    folder, _, name = page.rpartition("/")
    if not name:
        return page, *(page + index for index in _INDEXES)
    return (f"{folder}/", page) if name in _INDEXES else (page,)


def url_regex(page: str) -> str:
    """Return the regular expression for the path of a URL that shows a page of a pattern, anchored at both ends.

    It is one that tag managers agree on.

    Args:
        page: as `Rule.page` has it, with wildcards, percent-encoded.
    """
    *folders, last = page.removeprefix("/").split("/")
    middle = "".join("(?:[^/]+/)*" if segment == _ANY else f"{_segment(segment)}/" for segment in folders)
    if last == _ANY:
        return f"^/{middle}(?:[^/]+/)*[^/]*$"
    name = _segment(last) if last else r"index\.html?"
    has_index = not last or any(re.fullmatch(name, index) for index in _INDEXES)
    return f"^/{middle}(?:{name})?$" if has_index else f"^/{middle}{name}$"


def may_overlap(page: str, other: str) -> bool:
    """Whether one URL may show pages of both patterns; False only where that is certain."""
    first, second = _segments(page), _segments(other)
    if _ANY not in first + second and len(first) != len(second):
        return False
    pairs = [*zip(_until_any(first), _until_any(second), strict=False), (first[-1], second[-1])]
    return not any(_are_apart(a, b) for a, b in pairs)


def _segments(page: str) -> list[str]:
    """The segments of a page; one index stands for all, since one URL shows any of them."""
    *folders, last = page.split("/")
    return [*folders, "index.htm*" if last in {"", *_INDEXES} else last]


def _until_any(segments: Sequence[str]) -> Iterator[str]:
    """The segments in front of the first `**`, whose place is certain."""
    for segment in segments:
        if segment == _ANY:
            return
        yield segment


def _are_apart(first: str, second: str) -> bool:
    """Whether two segments certainly differ: one has no wildcard, and the other does not match it."""
    if _ANY in {first, second} or ("*" in first and "*" in second):
        return False
    pattern, text = (first, second) if "*" in first else (second, first)
    return not re.fullmatch(_segment(pattern), text)


def _segment(segment: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", segment).replace(r"\*", "[^/]*")
