"""Where the links of a page lead."""

from __future__ import annotations

from html.parser import HTMLParser
from mimetypes import guess_type
from urllib.parse import urldefrag, urljoin, urlsplit

from snippetkit.work.web import origin_of

HTML = frozenset({"text/html", "application/xhtml+xml"})
"""The kinds of content that are pages."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if target and tag == "base":
            self.base = self.base or target
        elif target and tag in {"a", "area"}:
            self.links.append(target.strip())


def _may_be_page(path: str) -> bool:
    kind, _ = guess_type(path)
    return kind is None or kind in HTML


def find_links(text: str, url: str) -> list[str]:
    """Return where the links of a page lead that may be pages, each once, without fragments; only http and https.

    Args:
        text: the page.
        url: its own.
    """
    parser = _Links()
    parser.feed(text)
    found: dict[str, None] = {}
    for link in parser.links:
        try:
            target = urldefrag(urljoin(urljoin(url, parser.base), link)).url
            parts = urlsplit(target)
            if parts.scheme in {"http", "https"} and origin_of(target)[1] and _may_be_page(parts.path):
                found[target] = None
        except ValueError:  # no URL
            continue
    return list(found)
