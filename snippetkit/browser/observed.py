"""What a browser was seen to do with a page: frozen, and free of any browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

LOADER_HOST = "connect.facebook.net"
IMAGE_HOST = "www.facebook.com"

_IMAGE_HOSTS = frozenset({IMAGE_HOST, "facebook.com"})
_IMAGE_PATHS = frozenset({"/tr", "/tr/", "/offsite_event.php"})


class Fired(NamedTuple):
    """An event that a page sent to the vendor.

    `pixel_id` is empty where the request names none; `event`, `value` (major unit, as it was sent) and `currency` are
    None where it has none. `at_ms` is when, in milliseconds since the page was asked for; `url` the whole request.
    """

    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None
    at_ms: int
    url: str


class Blocked(NamedTuple):
    """What a Content-Security-Policy blocked: the URL or `inline code`, and by which directive.

    `line` is the page's, from 1, None where it is another file's or nobody says.
    """

    url: str
    directive: str
    line: int | None = None


class ScriptError(NamedTuple):
    """An exception that no script of the page caught, and its line, from 1.

    `url` is empty where it is the page itself, the path of a file of its site, else the whole URL.
    """

    message: str
    url: str
    line: int


@dataclass(frozen=True, slots=True)
class Observed:
    """One visit of a page, with or without JavaScript.

    `path` is the file or the URL that was named. `source` is the HTML as it came from the server. `moved` are the
    names of the elements that the page has in its head, but that this visit's parser put into the body. `failure` says
    why the page could not be loaded in full, empty where it was. `went_to` is where a script of the page went on to,
    or empty. `screenshot` is a PNG, `thumbnail` a small JPEG; each is empty where none was asked for.
    """

    path: str
    javascript: bool
    source: str = field(repr=False)
    fired: tuple[Fired, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    errors: tuple[ScriptError, ...] = ()
    moved: tuple[str, ...] = ()
    failure: str = ""
    went_to: str = ""
    screenshot: bytes = field(default=b"", repr=False)
    thumbnail: bytes = field(default=b"", repr=False)


def read_event(url: str, at_ms: int) -> Fired | None:
    """Return the event that a request reports, or None where it reports none.

    fp asks for `offsite_event.php?id=`, fbds for `tr?ev=<pixel>`, fbq for `tr?id=<pixel>&ev=<event>`; the settings are
    `value` and `currency`, or `cd[value]` and `cd[currency]`.
    """
    parts = urlsplit(url)
    if parts.hostname not in _IMAGE_HOSTS or parts.path not in _IMAGE_PATHS:
        return None
    fields = dict(parse_qsl(parts.query, keep_blank_values=True))
    pixel_id, event = fields.get("id", ""), fields.get("ev")
    if "id" not in fields and event is not None and re.fullmatch(r"[0-9]+", event):
        pixel_id, event = event, None
    value = fields.get("cd[value]", fields.get("value"))
    return Fired(pixel_id, event, value, fields.get("cd[currency]", fields.get("currency")), at_ms, url)


def is_of_vendor(url: str) -> bool:
    """Whether a URL is one of the vendor's loader or of an event."""
    return urlsplit(url).hostname in {LOADER_HOST, *_IMAGE_HOSTS}


def comparable(url: str) -> str:
    """Return a URL without its scheme, and without what a browser writes in another way than a page."""
    parts = urlsplit(url, "https")
    query = "&".join("=".join(pair) for pair in parse_qsl(parts.query, keep_blank_values=True))
    return f"{(parts.hostname or '')}{parts.path}?{query}"
