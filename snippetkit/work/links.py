"""Where the links of a page lead."""

from __future__ import annotations

from html.parser import HTMLParser
from mimetypes import guess_type
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from snippetkit.work.web import AGENT, origin_of, quoted

HTML = frozenset({"text/html", "application/xhtml+xml"})
"""The kinds of content that are pages."""

_ROBOTS = frozenset({"robots", AGENT})
_STOPS = frozenset({"nofollow", "none"})


class Links(NamedTuple):
    """Where links lead, each once: those to follow, and those that robots are asked not to follow."""

    followed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.stops = False
        self.links: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in reversed(attrs)}  # of two alike the first counts
        target = has.get("href", "")
        if tag == "base":
            self.base = self.base or target
        elif tag == "meta" and has.get("name", "").strip().lower() in _ROBOTS:
            told = has.get("content", "").lower().replace(",", " ").split()
            self.stops = self.stops or not _STOPS.isdisjoint(told)
        elif target and tag in {"a", "area"} and "download" not in has:
            self.links.append((target.strip(), "nofollow" in has.get("rel", "").lower().split()))


def _may_be_page(path: str) -> bool:
    kind, _ = guess_type(path)
    return kind is None or kind in HTML


def find_links(text: str, url: str) -> Links:
    """Return where the links of a page lead that may be pages, without fragments; only http and https.

    Args:
        text: the page.
        url: its own.
    """
    reader = _LinkReader()
    reader.feed(text)
    found: dict[str, bool] = {}
    for link, is_left in reader.links:
        try:
            target = quoted(urldefrag(urljoin(urljoin(url, reader.base), link)).url)
            parts = urlsplit(target)
            if parts.scheme in {"http", "https"} and origin_of(target)[1] and _may_be_page(parts.path):
                found[target] = found.get(target, True) and (is_left or reader.stops)
        except ValueError:  # no URL
            continue
    left = tuple(target for target, is_left in found.items() if is_left)
    return Links(tuple(target for target in found if target not in left), left)
