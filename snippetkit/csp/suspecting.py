"""Whether a page may need anything from a policy: most need nothing, which shows without taking them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from snippetkit import platforms
from snippetkit.csp.images import image_urls
from snippetkit.html import MARKER
from snippetkit.patterns import later
from snippetkit.references import decode, decode_spelled
from snippetkit.searching import searching

_LONGEST = 2000
_SOURCE = later(
    rb"""src[\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+
        (?= (?P<double>"[^"]{0,%(most)d}) | (?P<single>'[^']{0,%(most)d}) | (?P<bare>[^\t\n\f\r\ >]{0,%(most)d}) )"""
    % {b"most": _LONGEST},
    re.VERBOSE,
)
_MOST_URLS = 4096  # the pages of a site show the same images


def may_need(data: bytes) -> bool:
    """Return whether a page may need anything: it names what reports, or an element loads what may."""
    lower = data.lower()
    return (
        platforms.needles().are_in(data)
        or any(map(searching(lower), (MARKER, b"srcdoc")))
        or platforms.needles().are_in(decode_spelled(data))
        or any(map(_is_asked, _sources(data, lower)))
    )


def file_pattern(name: str) -> str:
    """Return a pattern for a loader's file by its name, minified or not."""
    return rf"{re.escape(name.removesuffix('.js'))}(?:\.min)?\.js" if name.endswith(".js") else re.escape(name)


def _sources(data: bytes, lower: bytes) -> Iterator[bytes]:
    """What may be the URL of an element, wherever it stands, as it stands there."""
    for match in _SOURCE.finditer(lower):
        start, end = match.span(match.lastgroup or 0)
        yield data[start + (match.lastgroup != "bare") : end]


@lru_cache(maxsize=_MOST_URLS)
def _is_asked(url: bytes) -> bool:
    """Whether a URL may be that of a loader, of a copy of one, or of an image that reports."""
    text = decode(url)
    if len(url) >= _LONGEST or _loader().search(text) is not None:
        return True
    return bool(platforms.needles().urls_in(text)) and any(one.match(text) for one in image_urls())


@cache
def _loader() -> re.Pattern[bytes]:
    """What a URL of a loader holds: one of its hosts, or its file's name."""
    every = platforms.outlines()
    hosts = {rf"//{re.escape(host)}/" for one in every for host in one.hosts if host}
    files = {file_pattern(name) for one in every for name in one.loaders}
    return re.compile("|".join(sorted(hosts | files)).encode(), re.IGNORECASE)
