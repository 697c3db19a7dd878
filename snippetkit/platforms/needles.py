"""What shows that a text may hold code of some platform: plain texts, searched for before anything is read.

Most files hold none, so this search is most of what they cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from snippetkit.platforms.finding import every, every_platform
from snippetkit.searching import holds_any, searching

_RARE = b"qzxjkA"
"""Bytes that few pages have many of, the rarest first."""

_STEM = re.compile(rb"_?[A-Za-z]{5,}_")

ESCAPES = (rb"\\[a-z]", rb"\\u[0-9A-Fa-f]{4}", rb"\\x[0-9A-Fa-f]{2}", rb"%[0-9A-Fa-f]{2}")
"""What may stand in front of a name in a string or a URL, and ends like a word."""


class Anchored(NamedTuple):
    """A text that is quickly found, and a pattern that begins with it and is true of some names only, each a group."""

    anchor: bytes
    pattern: re.Pattern[bytes]
    names: tuple[bytes, ...]

    def found_in(self, data: bytes) -> set[bytes]:
        """Return which of the names a text holds."""
        return {self.names[(match.lastindex or 1) - 1] for match in self.pattern.finditer(data)}


class Needles(NamedTuple):
    """What of every text with code holds one: names as they are written, parts of URLs in any case.

    A slash of a URL may be escaped: code may stand in strings.
    """

    names: tuple[Anchored, ...]
    urls: tuple[bytes, ...]

    def are_in(self, data: bytes) -> bool:
        """Return whether a text holds one."""
        holds = searching(data)
        for one in self.names:
            if holds(one.anchor) and one.pattern.search(data):
                return True
        return holds_any(as_urls(data), self.urls)

    def names_in(self, data: bytes) -> set[bytes]:
        """Return which names a text holds."""
        holds = searching(data)
        return {name for one in self.names if holds(one.anchor) for name in one.found_in(data)}


def as_urls(text: bytes) -> bytes:
    """Return a text as URLs are looked for in it: in lower case, without what escapes a slash."""
    lower = text.lower()
    return lower.replace(rb"\/", b"/") if b"\\" in lower else lower


@cache
def needles() -> Needles:
    """Return the texts of which every text with code holds one."""
    left = [name.encode() for name in _global_names()]
    stems = dict.fromkeys(match[0] for match in map(_STEM.match, left) if match)
    rare = [bytes([byte]) for byte in _RARE]
    anchors = [one for one in (*rare, *stems) if sum(one in name for name in left) > 1] + _shortest()
    names = []
    for anchor in anchors:
        if of_anchor := [name for name in left if anchor in name]:
            names.append(Anchored(anchor, _pattern(anchor, of_anchor), tuple(of_anchor)))
            left = [name for name in left if anchor not in name]
    return Needles(tuple(names), _urls())


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


def _urls() -> tuple[bytes, ...]:
    return tuple(mark.encode() for mark in _marks())


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
