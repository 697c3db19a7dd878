"""An image that reports an event: what its URL says, by the platform's endpoints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from snippetkit.javascript import Script, Setting
from snippetkit.needles import as_urls
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.finding import dialect_named, every_platform
from snippetkit.platforms.listing import outlines
from snippetkit.platforms.platform import Platform
from snippetkit.platforms.reports import Ignored, ImageReport, Report, in_major
from snippetkit.platforms.sums import SUM, numbered
from snippetkit.records import replace
from snippetkit.references import Decoded, decode, decode_in
from snippetkit.searching import holds_any

Span = tuple[int, int]
_LEFT_OUT = later(r"[\t\n\r]")
_SETTINGS = ("pixel_id", "event", "value", "currency", "order_id", "event_id")
_EXAMPLES = (("value", "0.00"), ("currency", "USD"))


def no_reports(script: Script) -> Iterator[Report]:
    """Yield nothing: what is an image alone has no script."""
    yield from ()


def reader(platform: Platform, dialect: str) -> Callable[[bytes, bytes, int, int], ImageReport | None]:
    """Return the function that reads the images of a platform as those of a dialect.

    It takes a text, the text with identifiers in the place of server code, and the bytes from which up to which an
    image's `src` stands; it returns None where that is no image of the platform's.
    """

    def read(data: bytes, masked: bytes, start: int, end: int) -> ImageReport | None:
        url = decode_in(masked, start, end)
        match = _url(platform).match(url.value)
        return _report(platform, dialect, data, masked, url, match, start) if match else None

    return read


def read_image(data: bytes, masked: bytes, start: int, end: int) -> ImageReport | None:
    """Return what an image reports, read by the first dialect that can (see `reader`); None if none can."""
    url = as_urls(decode(masked[start:end]))
    for one in outlines() if holds_any(url, _marks()) else ():
        read = dialect_named(one.name).read_image if holds_any(url, one.marks) else None
        if read and (report := read(data, masked, start, end)):
            return report
    return None


@cache
def _marks() -> tuple[bytes, ...]:
    """What is in the URLs of all images, in lower case."""
    return tuple({mark for one in outlines() for mark in one.marks})


def read_request(url: str) -> tuple[Platform, Endpoint, dict[str, str]] | None:
    """Return the platform and the endpoint that a browser's request reports an event to, and its parameters.

    None where it reports none.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    for platform in every_platform():
        if platform.reads(url):
            path, told = _told_in_path(platform, url) or (parts.path, {})
            if endpoint := platform.endpoint(path, query | told, checks_id=True):
                return platform, endpoint, query | told | endpoint.in_path(path)
    return None


def _told_in_path(platform: Platform, url: str) -> tuple[str, dict[str, str]] | None:
    """The path of an endpoint that a URL leads to, and its parameters, where some of them are no query."""
    data = url.encode()
    for endpoint in platform.endpoints:
        if endpoint.begins != "?":
            form = rf"https?://[^/?#]+(?P<path>{endpoint.pattern})".encode()
            if match := re.compile(form, re.IGNORECASE).match(data):
                spans = _parameters(data, endpoint, *match.span("path"))
                return match["path"].decode(), {name: unquote(data[slice(*span)].decode()) for name, span in spans}
    return None


def url_pattern(platform: Platform) -> str:
    """Return a regular expression for the URLs of a platform's images, up to their parameters."""
    return rf"(?:https?:)?//(?:{_any_host(platform)})(?:{_any_path(platform)})"


def _any_host(platform: Platform) -> str:
    return "|".join(sorted({endpoint.any_host for endpoint in platform.images}))


def _any_path(platform: Platform) -> str:
    return "|".join(dict.fromkeys(endpoint.pattern for endpoint in platform.images))


@cache
def _url(platform: Platform) -> re.Pattern[bytes]:
    hosts, paths = _any_host(platform), _any_path(platform)
    return re.compile(rf"\s*(?:https?:)?//(?P<host>{hosts})(?::(?:443)?)?(?P<path>{paths})".encode(), re.IGNORECASE)


def _parameters(url: bytes, endpoint: Endpoint, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The parameters of a URL whose path is from `start` up to `end`, with where their texts stand."""
    if match := _path(endpoint).match(url, start):
        yield from ((ID_IN_PATH, match.span(group)) for group in range(1, 1 + len(match.groups())) if match[group])
    for item in _form(endpoint).finditer(url.partition(b"#")[0], end if endpoint.begins else end - 1):
        name = "".join(unquote(item["name"].decode("utf-8", "replace")).split())
        yield name, item.span("text") if item["text"] is not None else (item.end(), item.end())


@cache
def _path(endpoint: Endpoint) -> re.Pattern[bytes]:
    return re.compile(endpoint.pattern.encode(), re.IGNORECASE)


@cache
def _form(endpoint: Endpoint) -> re.Pattern[bytes]:
    """What a parameter looks like; without a sign that begins them, the first stands behind a slash."""
    part, ends = re.escape(endpoint.separator), "" if endpoint.begins == "?" else "?"
    return re.compile(
        rf"[{re.escape(endpoint.begins or '/')}{part}](?P<name>[^={part}?#]*)(?:=(?P<text>[^{part}#{ends}]*))?".encode()
    )


def _report(
    platform: Platform, dialect: str, data: bytes, masked: bytes, url: Decoded, match: re.Match[bytes], start: int
) -> ImageReport | None:
    path = match["path"].decode()
    settings, repeated = _settings(platform, data, masked, url, match)
    named = {name: setting.text for name, setting in settings.items()}
    endpoint = platform.endpoint(path, named)
    if endpoint is None:
        return None
    shows = any(name not in named for name in endpoint.id_parts) or endpoint.only_shows(named)
    report = _made(platform, dialect, endpoint, settings, start, is_base=shows)
    parts = settings.get(endpoint.parts.name) if endpoint.parts else None
    report = endpoint.parts.in_report(report, parts, data) if endpoint.parts and parts else report
    report = replace(report, ignored=(*report.ignored, *_unlike(endpoint, settings)))
    misnamed = tuple(_misnamed(platform, endpoint, settings))
    can_tell = frozenset(setting for setting, names in endpoint.query.items() if names)
    lost = next((name for name in endpoint.bracketed if name in settings), "")
    is_echo = endpoint.is_echo(match["host"].decode())
    is_base = shows or (report.event is not None and report.event.text == endpoint.page_view)
    told = (tuple(settings), tuple(repeated), endpoint.retired, misnamed, can_tell, lost, is_echo, is_base)
    return ImageReport(report, *told)


def _settings(
    platform: Platform, data: bytes, masked: bytes, url: Decoded, match: re.Match[bytes]
) -> tuple[dict[str, Setting], list[str]]:
    """The parameters of a URL, each the first time that it is there, and the names of those that are there again."""
    first = next(endpoint for endpoint in platform.images if endpoint.is_at(match["path"].decode()))
    settings: dict[str, Setting] = {}
    repeated: list[str] = []
    for name, span in _parameters(url.value, first, *match.span("path")):
        repeated += [name] if name in settings else []
        is_form = first.begins == "?" and name != ID_IN_PATH
        settings.setdefault(name, _setting(data, masked, url, span, is_form=is_form))
    return settings, repeated


def _made(
    platform: Platform, dialect: str, endpoint: Endpoint, settings: Mapping[str, Setting], start: int, *, is_base: bool
) -> Report:
    """What the parameters report, by what the endpoint calls each setting."""
    pixel_id, event, value, currency, order_id, event_id = (
        settings.get(endpoint.tells(setting, settings) or "") for setting in _SETTINGS
    )
    if value and not value.is_dynamic and endpoint.summed(value.text) != value.text:
        value = replace(value, text=endpoint.summed(value.text), told_by=SUM)
    value = value or (numbered(endpoint.numbered, settings) if endpoint.numbered else None)
    event = event or (Setting(endpoint.event, start, start) if endpoint.event else None)
    if pixel_id and endpoint.id_parts:
        pixel_id = replace(pixel_id, text=endpoint.id_told({name: one.text for name, one in settings.items()}))
    add_value, add_currency = (_how(endpoint, setting, example) for setting, example in _EXAMPLES)
    verb = "audience" if is_base or (event and event.text in platform.audience_events) else "track"
    amounts = value, currency, verb, add_value, add_currency
    report = Report(dialect, start, pixel_id, event, *amounts, order_id=order_id, event_id=event_id)
    return in_major(report, platform)


def _unlike(endpoint: Endpoint, settings: Mapping[str, Setting]) -> Iterator[Ignored]:
    """The lists of an order's lines that are of another length than the rest."""
    told = {name: one for name in endpoint.lists if (one := settings.get(name)) and not one.is_dynamic}
    lengths = {name: len(one.text.split(endpoint.lines)) for name, one in told.items()}
    if len(set(lengths.values())) > 1:
        known = ", ".join(f"{name} {length}" for name, length in lengths.items())
        message = f"the lists of the order's lines are not of one length ({known}), and each line needs one of each"
        yield Ignored(next(reversed(told.values())), "value-invalid", message)


def _misnamed(platform: Platform, endpoint: Endpoint, named: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The amounts that are told by names that other endpoints know, and by none that this one knows."""
    for setting, _ in _EXAMPLES:
        known = endpoint.query.get(setting, ())
        if known and not endpoint.tells(setting, named):
            others = [other.tells(setting, named) for other in platform.endpoints]
            others += [setting] if known[0].endswith(f"[{setting}]") and setting in named else []
            yield from ((name, known[0]) for name in dict.fromkeys(filter(None, others)))


def _how(endpoint: Endpoint, setting: str, example: str) -> str:
    name = next(iter(endpoint.query.get(setting, ())), None)
    return f"add &amp;{quote(name)}={example} to the image's URL" if name else "its images have none"


def _setting(data: bytes, masked: bytes, url: Decoded, span: Span, *, is_form: bool) -> Setting:
    """A parameter, with its text as a server reads it: in a query (`is_form`) a plus is a blank."""
    start, end = map(url.place, span)
    raw = data[start:end]
    start += len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    is_dynamic = data[start:end] != masked[start:end]
    said = data[start:end] if is_dynamic else decode(data[start:end])
    said = said.replace(b"+", b" ") if is_form and not is_dynamic else said
    text = unquote(_LEFT_OUT.sub("", said.decode("utf-8", "replace")))
    return Setting(text, start, end, is_dynamic=is_dynamic)
