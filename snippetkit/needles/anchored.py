"""Plain texts, searched for before anything is read, and the patterns that tell what stands around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, compress
from typing import NamedTuple

from snippetkit.needles.common import cost_of
from snippetkit.patterns import later
from snippetkit.searching import Find, finding, holding, searching

_SHORTEST, _LONGEST = 4, 12
_RARE = b"q"
"""The letter that is so rare that two letters with it are rare, too."""

_FEW = 16

ESCAPES = (rb"\\[a-z]", rb"\\u[0-9A-Fa-f]{4}", rb"\\x[0-9A-Fa-f]{2}", rb"%[0-9A-Fa-f]{2}")
"""What may stand in front of a name in a string or a URL, and ends like a word."""

_BEGINS = later(rb"(?<![\w$])" + b"".join(rb"|(?<=%b)" % escape for escape in ESCAPES))
_ENDS = later(rb"(?![\w$])")


class Anchored(NamedTuple):
    """A text that is quickly found, and those that hold it, as whole words or as parts of URLs."""

    anchor: bytes
    texts: tuple[bytes, ...]
    is_word: bool

    def is_in(self, data: bytes, find: Find) -> bool:
        """Return whether a text holds one of them, given what finds a text in it."""
        at = find(self.anchor, 0)
        if at < 0:
            return False
        pattern = _pattern(self)
        for _ in range(_FEW):
            if (match := pattern.match(data, at)) and self._text_at(match):
                return True
            if (at := find(self.anchor, at + 1)) < 0:
                return False
        return any(map(self._text_at, pattern.finditer(data, at)))

    def found_in(self, data: bytes, find: Find) -> set[bytes]:
        """Return which of them a text holds."""
        at = find(self.anchor, 0)
        matches = _pattern(self).finditer(data, at) if at >= 0 else ()
        return {text for text in map(self._text_at, matches) if text}

    def _text_at(self, match: re.Match[bytes]) -> bytes:
        """The text that stands around the anchor there, empty where none does."""
        if not self.is_word:
            return self.texts[(match.lastindex or 1) - 1]
        data, at = match.string, match.start()
        starts = ((text, at - text.index(self.anchor)) for text in self.texts)
        return next((text for text, start in starts if start >= 0 and _is_word(data, text, start)), b"")


class Needles(NamedTuple):
    """What of every text with code holds one: names as they are written, parts of URLs in any case.

    A slash of a URL may be escaped: code may stand in strings.
    """

    names: tuple[Anchored, ...]
    urls: tuple[Anchored, ...]

    def are_in(self, data: bytes) -> bool:
        """Return whether a text holds one."""
        if not data:
            return False
        return _is_any_in(data, self.names) or _is_any_in(as_urls(data), self.urls)

    def names_in(self, data: bytes) -> set[bytes]:
        """Return which names a text holds."""
        find = finding(data)
        return set().union(*(one.found_in(data, find) for one in self.names))

    def urls_in(self, data: bytes) -> set[bytes]:
        """Return which parts of URLs a text holds."""
        plain = as_urls(data)
        find = finding(plain)
        return set().union(*(one.found_in(plain, find) for one in self.urls))


def as_urls(text: bytes) -> bytes:
    """Return a text as URLs are looked for in it: in lower case, without what escapes a slash, or https' own port."""
    lower = text.lower()
    holds = searching(lower)
    plain = lower.replace(rb"\/", b"/") if holds(rb"\/") else lower
    return plain.replace(b":443/", b"/") if holds(b":443") else plain


def needles_of(names: Sequence[bytes], urls: Sequence[bytes]) -> Needles:
    """Return the needles for the names of globals and for parts of URLs, in few searches."""
    words = (Anchored(anchor, ours, is_word=True) for anchor, ours in _anchored(names))
    parts = (Anchored(anchor, ours, is_word=False) for anchor, ours in _anchored(urls))
    return Needles(tuple(words), tuple(parts))


def _is_any_in(data: bytes, some: Sequence[Anchored]) -> bool:
    anchored = compress(some, map(holding(data), [one.anchor for one in some]))
    first = next(anchored, None)
    if first is None:
        return False
    find = finding(data)
    return any(one.is_in(data, find) for one in chain([first], anchored))


def _anchored(texts: Sequence[bytes]) -> Iterator[tuple[bytes, tuple[bytes, ...]]]:
    """Yield texts of which each of some holds one, with those that do, so that searching for them takes little."""
    left = list(texts)
    while left:
        holders = Counter(part for text in left for part in _parts(text))
        best = min(holders, key=lambda part: (cost_of(part) / holders[part], -len(part), part))
        yield best, tuple(text for text in left if best in text)
        left = [text for text in left if best not in text]


def _parts(text: bytes) -> set[bytes]:
    spans = ((start, end) for start in range(len(text)) for end in range(start + 2, len(text) + 1))
    parts = (text[start:end] for start, end in spans if end - start <= _LONGEST)
    return {text, *(part for part in parts if len(part) >= _SHORTEST or _RARE in part)}


def _is_word(data: bytes, text: bytes, start: int) -> bool:
    is_there = data.startswith(text, start) and _BEGINS.match(data, start)
    return bool(is_there and _ENDS.match(data, start + len(text)))


@cache
def _pattern(anchored: Anchored) -> re.Pattern[bytes]:
    """A pattern for the anchor where one of the texts may stand around it; of URLs, where one does: a group for each.

    It begins with the anchor, which is searched for much faster than what looks behind.
    Names are looked at one by one where it matches: a pattern of all of them takes milliseconds to compile.
    """
    if anchored.is_word:
        return re.compile(re.escape(anchored.anchor) + _next(anchored) + _before(anchored))
    one_of = b"|".join(_alternatives(anchored))
    return re.compile(rb"%b(?:%b)" % (re.escape(anchored.anchor), one_of))


def _before(anchored: Anchored) -> bytes:
    """What has come before, of one of them; of those that begin with the anchor, what comes next.

    Of one that is the anchor, it is what `_BEGINS` says: such a name is short, and the end of many words.
    """
    anchor = re.escape(anchored.anchor)
    if anchored.texts == (anchored.anchor,):
        return rb"(?:(?<![\w$]%b)%b)" % (anchor, b"".join(rb"|(?<=%b%b)" % (escape, anchor) for escape in ESCAPES))
    begun = {text[: text.index(anchored.anchor)] + anchored.anchor for text in anchored.texts} - {anchored.anchor}
    whole = [text.removeprefix(anchored.anchor) for text in anchored.texts if text.startswith(anchored.anchor)]
    behind = [rb"(?<=%b)" % re.escape(text) for text in sorted(begun)]
    return rb"(?:%b)" % b"|".join([*behind, *(rb"(?=%b)" % re.escape(text) for text in whole)])


def _next(anchored: Anchored) -> bytes:
    """What may come next: the end of a word, or the next byte of one of them."""
    behind = {text[text.index(anchored.anchor) + len(anchored.anchor) :][:1] for text in anchored.texts}
    return rb"(?=%b)" % b"|".join([rb"[^\w$]|\Z", *sorted(map(re.escape, behind - {b""}))])


def _alternatives(anchored: Anchored) -> Iterable[bytes]:
    for text in anchored.texts:
        end = text.index(anchored.anchor) + len(anchored.anchor)
        yield rb"(?<=%b)(?=%b)()" % (re.escape(text[:end]), re.escape(text[end:]))
