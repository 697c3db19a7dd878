"""What a browser was seen to do with a page: frozen, and free of any browser."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from snippetkit import platforms
from snippetkit.platforms import Endpoint, Loader, Platform
from snippetkit.records import dataclass, field

ANEW = ", loaded anew"
"""What a step of a walk is called behind its name where it brought a new document."""

SECOND = "second click"
"""The step in which a page that was put into another is visited once more: what is kept of it may be shown first."""

_KEPT = 256
_TOLD = ("event", "value", "currency", "order_id", "event_id")


class Fired(NamedTuple):
    """An event that a page sent to the vendor.

    `pixel_id` is empty where the request names none; `event`, `value` (in the major unit) and `currency` are
    None where it has none. `at_ms` is when, in milliseconds since the page was asked for; `url` the whole request.
    `frame` is the document in a frame of the page that sent it, empty for the page itself. `order_id` and `event_id`
    are those by which the platform knows one that it was told already. `step` is that of a walk, empty for a load.
    """

    pixel_id: str
    event: str | None
    value: str | None
    currency: str | None
    at_ms: int
    url: str
    frame: str = ""
    order_id: str | None = None
    event_id: str | None = None
    step: str = ""


Origin = tuple[str, int | None]
"""What sent an event, `script` or `image`, and the line of its code, None where it is not on the page (a `frame`)."""


class Blocked(NamedTuple):
    """What a Content-Security-Policy blocked: the URL or `inline code`, and by which directive.

    `line` is the page's, from 1, None where it is another file's or not known.
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
    or empty. `notes` are the codes of what the scripts in front of the page's own saw. `screenshot` is a PNG,
    `thumbnail` a small JPEG; each is empty where none was asked for.
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
    notes: tuple[str, ...] = ()
    screenshot: bytes = field(default=b"", repr=False)
    thumbnail: bytes = field(default=b"", repr=False)

    @property
    def own(self) -> tuple[Fired, ...]:
        """The events of the page itself, and not of another document that it shows in a frame."""
        return tuple(one for one in self.fired if not one.frame)


def read_event(url: str, at_ms: int) -> Fired | None:
    """Return the event that a request reports, or None where it reports none: the platforms' endpoints say how."""
    read = _read(url)
    if read is None:
        return None
    platform, endpoint, fields = read
    if endpoint.is_echo(urlsplit(url).hostname):
        return None
    names = {setting: endpoint.tells(setting, fields) for setting in _TOLD}
    told = {setting: fields[name] if name is not None else None for setting, name in names.items()}
    event, value, currency, order_id, event_id = (told[setting] for setting in _TOLD)
    value = platform.in_major(endpoint.summed(value), currency or "") if value is not None else None
    event = endpoint.page_view if endpoint.only_shows(fields) else event or endpoint.event or event
    return Fired(endpoint.id_told(fields), event, value, currency, at_ms, url, order_id=order_id, event_id=event_id)


@lru_cache(maxsize=_KEPT)
def _read(url: str) -> tuple[Platform, Endpoint, dict[str, str]] | None:
    """What a request reports; each one is asked about several times while it is on its way."""
    return platforms.read_request(url)


def endpoint_of(url: str) -> Endpoint | None:
    """Return where a request that reports an event arrives, None where it reports none."""
    read = _read(url)
    return read[1] if read else None


def is_page_view(fired: Fired) -> bool:
    """Whether an event says no more than that a page was shown."""
    found = _read(fired.url)
    return found is not None and fired.event in found[0].base_events


def counts_orders_once(url: str) -> bool:
    """Whether a request is to a platform that counts what it is told of one order once."""
    found = _read(url)
    return found is not None and found[0].counts_orders_once


def is_of_vendor(url: str) -> bool:
    """Whether a URL is one of a platform's loader or of an event, whose hosts may have other files too."""
    return endpoint_of(url) is not None or loader_of(url) is not None


@lru_cache(maxsize=_KEPT)
def is_loader(url: str) -> bool:
    """Whether a URL is on a host that loaders come from, and is no event's: some hosts have both."""
    host = urlsplit(url).hostname
    is_on_host = any(host in platform.loader_hosts for platform in platforms.every_platform())
    return endpoint_of(url) is None and (is_on_host or loader_of(url) is not None)


def loader_of(url: str) -> Loader | None:
    """Return the loader of a URL, None where it is not a known loader's."""
    parts = urlsplit(url)
    found = (platform.loader_of(parts.hostname or "", parts.path) for platform in platforms.every_platform())
    return next(filter(None, found), None)


def comparable(url: str) -> str:
    """Return a URL without its scheme, and without what browsers write differently from pages."""
    parts = urlsplit(url, "https")
    query = "&".join("=".join(pair) for pair in parse_qsl(parts.query, keep_blank_values=True))
    return f"{(parts.hostname or '')}{parts.path}?{query}"
