"""Which dialects' code a text may hold: most texts with code hold that of one or two."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from snippetkit.javascript import Script
from snippetkit.needles import ESCAPES, as_urls
from snippetkit.platforms.dialect import Dialect
from snippetkit.platforms.finding import dialect_named
from snippetkit.platforms.listing import outlines
from snippetkit.platforms.needles import mark_patterns, needles
from snippetkit.platforms.reports import Report
from snippetkit.searching import holds_any, searching


class Mentions:
    """Where a text names the dialects' globals, or URLs of images: `mention`, asked of many pieces of one text."""

    def __init__(self, text: bytes) -> None:
        """Look through a text once."""
        from snippetkit.javascript import JOINED

        self._text, self._joined = text, JOINED
        self._names = [_as_word(name) for name in needles().names_in(text)]

    def are_in(self, start: int, end: int) -> bool:
        """Return whether there is one from byte `start` up to `end`."""
        is_named = any(name.search(self._text, start, end) for name in self._names)
        return is_named or bool(self._joined.search(self._text, start, end)) or names_image(self._text[start:end])

    def names(self, start: int, end: int) -> Iterator[int]:
        """Yield where a global is named there, as a word."""
        yield from (match.start() for name in self._names for match in name.finditer(self._text, start, end))


def names_image(text: bytes) -> bool:
    """Return whether a text holds the URL of an image, in which a slash may be escaped."""
    plain, urls = as_urls(text), mark_patterns()
    return holds_any(plain, urls) and any(url.search(plain) for url in urls.values())


@cache
def _as_word(name: bytes) -> re.Pattern[bytes]:
    text = re.escape(name)
    escaped = b"".join(rb"|(?<=%b%b)" % (escape, text) for escape in ESCAPES)
    return re.compile(rb"%b(?![\w$])(?:(?<![\w$]%b)%b)" % (text, text, escaped))


def dialects_in(script: Script) -> list[Dialect]:
    """Return the dialects that find something in a script, if any does, in their order."""
    holds = searching(script.masked[script.start : script.end])
    joined = script.joined_names
    names = {one for name, of_name in _readers().items() if holds(name) or name in joined for one in of_name}
    return [*map(dialect_named, sorted(names))]


def reports_in(script: Script) -> list[Report]:
    """Return what a script reports in any dialect, by the dialects' order."""
    return [report for dialect in dialects_in(script) for report in dialect.find_reports(script)]


@cache
def _readers() -> Mapping[bytes, list[str]]:
    """The names of the dialects that read scripts with each text."""
    readers = defaultdict[bytes, list[str]](list)
    for one in outlines():
        for name in (*one.globals, *one.read_by):
            readers[name.encode()].append(one.name)
    return readers
