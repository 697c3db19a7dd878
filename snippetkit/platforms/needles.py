"""What shows that a text may hold code of some platform: plain texts, searched for before anything is read.

Most files hold none, so this search is most of what they cost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from snippetkit.platforms.finding import every, every_platform
from snippetkit.searching import Find, finding, searching

_LETTER = b"q"
"""The letter that is so rare that a text of two bytes with it is, too."""

_SHORTEST = 5
_FEW = 16

ESCAPES = (rb"\\[a-z]", rb"\\u[0-9A-Fa-f]{4}", rb"\\x[0-9A-Fa-f]{2}", rb"%[0-9A-Fa-f]{2}")
"""What may stand in front of a name in a string or a URL, and ends like a word."""


class Anchored(NamedTuple):
    """A text that is quickly found, and a pattern that begins with it and is true of some names only, each a group."""

    anchor: bytes
    pattern: re.Pattern[bytes]
    names: tuple[bytes, ...]

    def is_in(self, data: bytes, find: Find) -> bool:
        """Return whether a text holds one of the names, given what finds a text in it."""
        at = find(self.anchor, 0)
        for _ in range(_FEW):
            if at < 0 or self.pattern.match(data, at):
                return at >= 0
            at = find(self.anchor, at + 1)
        return at >= 0 and self.pattern.search(data, at) is not None

    def found_in(self, data: bytes, find: Find) -> set[bytes]:
        """Return which of the names a text holds."""
        at = find(self.anchor, 0)
        return (
            {self.names[(match.lastindex or 1) - 1] for match in self.pattern.finditer(data, at)} if at >= 0 else set()
        )


class Needles(NamedTuple):
    """What of every text with code holds one: names as they are written, parts of URLs in any case.

    A slash of a URL may be escaped: code may stand in strings. Of the URLs, each text that several of them hold stands
    beside these.
    """

    names: tuple[Anchored, ...]
    urls: tuple[tuple[bytes, tuple[bytes, ...]], ...]

    def are_in(self, data: bytes) -> bool:
        """Return whether a text holds one."""
        find = finding(data)
        if any(one.is_in(data, find) for one in self.names):
            return True
        plain = as_urls(data)
        holds = searching(plain)
        return any(holds(anchor) and any(map(holds, urls)) for anchor, urls in self.urls)

    def names_in(self, data: bytes) -> set[bytes]:
        """Return which names a text holds."""
        find = finding(data)
        return set().union(*(one.found_in(data, find) for one in self.names))


def as_urls(text: bytes) -> bytes:
    """Return a text as URLs are looked for in it: in lower case, without what escapes a slash."""
    lower = text.lower()
    return lower.replace(rb"\/", b"/") if searching(lower)(rb"\/") else lower


@cache
def needles() -> Needles:
    """Return the texts of which every text with code holds one."""
    names = [name.encode() for name in _global_names()]
    urls = [mark.encode() for mark in _marks()]
    anchored = (Anchored(anchor, _pattern(anchor, ours), ours) for anchor, ours in _anchored(names, _SHORTEST))
    return Needles(tuple(anchored), tuple(_anchored(urls, _SHORTEST * 2)))


def _anchored(texts: Sequence[bytes], shortest: int) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    """Yield the fewest texts of which each of some holds one, with those that do, the one that most hold first.

    A text is at least so long, or one of all, or two bytes that few pages hold.
    """
    left = list(texts)
    while left:
        anchors = Counter(anchor for text in left for anchor in _parts(text, shortest))
        best = max(anchors, key=lambda anchor: (anchors[anchor], len(anchor), anchor))
        yield best, tuple(text for text in left if best in text)
        left = [text for text in left if best not in text]


def _parts(text: bytes, shortest: int) -> set[bytes]:
    spans = ((start, end) for start in range(len(text)) for end in range(start + 2, len(text) + 1))
    parts = {text[start:end] for start, end in spans}
    return {text, *(part for part in parts if len(part) >= shortest or (len(part) == 2 and _LETTER in part))}


def _pattern(anchor: bytes, names: Iterable[bytes]) -> re.Pattern[bytes]:
    """A pattern for these names as whole words: it begins with what all of them hold, and looks at what is around."""
    alternatives = []
    for name in names:
        end = name.index(anchor) + len(anchor)
        before, behind = re.escape(name[:end]), re.escape(name[end:])
        escaped = b"".join(rb"|(?<=%b%b)" % (escape, before) for escape in ESCAPES)
        alternatives.append(rb"(?<=%b)(?=%b(?![\w$]))(?:(?<![\w$]%b)%b)()" % (before, behind, before, escaped))
    return re.compile(rb"%b(?:%b)" % (re.escape(anchor), b"|".join(alternatives)))


def _shortest() -> list[bytes]:
    """The globals of all dialects, without those that hold another one."""
    names = [name.encode() for name in _global_names()]
    return [name for name in names if not any(other != name and other in name for other in names)]


def _global_names() -> list[str]:
    return sorted({name for dialect in every() for name in dialect.names})


@cache
def mention() -> re.Pattern[bytes]:
    """Return a pattern for what a text with code holds: a dialect's global as a word, or the URL of an image."""
    return re.compile(b"|".join((_names(), *_in_any_case("|".join(_mark(mark, "/") for mark in _marks())))))


@cache
def global_names() -> re.Pattern[bytes]:
    """Return a pattern for the dialects' globals, each as a word."""
    return re.compile(_names())


@cache
def image_in_string() -> re.Pattern[bytes]:
    """Return a pattern for what a string with the URL of an image holds."""
    return re.compile("|".join(_mark(mark, r"\\?/") for mark in _marks()).encode(), re.IGNORECASE)


def find_images(text: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield where a text has the URL of an image, in which a slash may be escaped, from one offset up to another."""
    holds = searching(as_urls(text))
    marks = tuple(url for anchor, urls in needles().urls if holds(anchor) for url in urls if holds(url))
    if marks:
        lower, pattern = text.lower(), _in_string(marks)
        yield from (match.start() for span in spans for match in pattern.finditer(lower, *span))


@lru_cache(maxsize=64)
def _in_string(marks: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """A pattern for what a string with the URL of an image holds, in lower case."""
    return re.compile("|".join(_mark(mark.decode(), r"\\?/") for mark in marks).encode())


@cache
def mention_in_string() -> re.Pattern[bytes]:
    """Return what a string holds if it holds code: in front of a name may stand an escape, `\\n`."""
    escaped = "|".join(re.escape(mark).replace("/", r"\\?/") for mark in _marks())
    return re.compile(b"|".join((*map(re.escape, _shortest()), *_in_any_case(escaped))))


def _names() -> bytes:
    names = _global_names()
    return rb"(?<![\w$])(?:%b)(?![\w$])" % "|".join(map(re.escape, names)).encode()


def _marks() -> list[str]:
    return sorted({endpoint.mark for platform in every_platform() for endpoint in platform.images})


def _in_any_case(pattern: str) -> list[bytes]:
    """A pattern for parts of URLs, if there is one: hosts are read in any case."""
    return [rf"(?i:{pattern})".encode()] if pattern else []


@cache
def mark_patterns() -> Mapping[bytes, re.Pattern[bytes]]:
    """Return the pattern of each mark of an image's URL, for a text in lower case."""
    return {mark.encode(): re.compile(_mark(mark, "/").encode()) for mark in _marks()}


def _mark(mark: str, slash: str) -> str:
    """A URL's mark as a pattern: a path that names no file counts only with parameters behind it."""
    pattern = re.escape(mark).replace("/", slash)
    begins = {one.begins for platform in every_platform() for one in platform.images if one.mark == mark}
    return pattern if "." in mark.rpartition("/")[2] or begins != {"?"} else rf"{pattern}{slash}?\?"
