"""The image of any dialect: what its URL reports. It is all that there is where code has no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from snippetkit.dialects import Report, Setting
from snippetkit.dialects._javascript import Script
from snippetkit.terms import Several

NAME = "image"
TRACES = (b"facebook.com/tr?", b"facebook.com/tr/?", b"offsite_event.php")
TRUSTED_NAMES: frozenset[str] = frozenset()
TRUSTED_FUNCTIONS: tuple[str, ...] = ()
SEVERAL = Several.APART

_URL = re.compile(rb"\s*(?:https?:)?//(?:www\.)?facebook\.com(?P<path>/tr/?|/offsite_event\.php)(?=\?)", re.IGNORECASE)
_PARAMETER = re.compile(rb"(?:\?|&(?:amp;|#0*38;|#[xX]0*26;)?)(?P<name>[^=&?]*)(?:=(?P<text>[^&#]*))?")
_LEFT_OUT = re.compile(r"[\t\n\r]")
_AUDIENCE_EVENTS = frozenset({"PixelInitialized", "NoScript"})
_NAMES = {"/tr": "cd%5B{}%5D", "/tr/": "cd%5B{}%5D", "/offsite_event.php": "{}"}
_EXAMPLES = (("value", "0.00"), ("currency", "USD"))


@dataclass(frozen=True, slots=True)
class ImageReport:
    """What an image reports, the names of its URL's parameters, in their order, and those that stand there again.

    `is_retired` says that its endpoint was switched off in 2017.
    """

    report: Report
    names: tuple[str, ...]
    repeated: tuple[str, ...]
    is_retired: bool


def find(script: Script) -> Iterator[Report]:
    """Yield nothing: an image has no script."""
    yield from ()


def read(data: bytes, masked: bytes, start: int, end: int) -> ImageReport | None:
    """Return what the image reports whose `src` stands from `start` up to, not including, `end`; None if it does not.

    Args:
        data: the text.
        masked: the text with identifiers in the place of server code.
    """
    match = _URL.match(data, start, end)
    if match is None:
        return None
    settings: dict[str, Setting] = {}
    repeated: list[str] = []
    for item in _PARAMETER.finditer(data, match.end(), end):
        name = "".join(unquote(item["name"].decode("utf-8", "replace")).split())
        repeated += [name] if name in settings else []
        settings.setdefault(name, _setting(data, masked, item))
    path = match["path"].decode().lower()
    is_retired = path == "/offsite_event.php" or ("id" not in settings and "ev" in settings)
    report = _of_conversion(start, settings) if is_retired else _of_event(start, settings)
    value, currency = (f"add &amp;{_NAMES[path].format(name)}={text} to the image's URL" for name, text in _EXAMPLES)
    report = replace(report, add_value=value, add_currency=currency)
    return ImageReport(report, tuple(settings), tuple(repeated), is_retired)


def _of_conversion(start: int, settings: dict[str, Setting]) -> Report:
    """`offsite_event.php?id=<id>&value=..&currency=..`, and `tr?ev=<id>&cd[value]=..&cd[currency]=..`."""
    value, currency = (settings.get(f"cd[{name}]") or settings.get(name) for name in ("value", "currency"))
    return Report(NAME, start, settings.get("id") or settings.get("ev"), None, value, currency)


def _of_event(start: int, settings: dict[str, Setting]) -> Report:
    """`tr?id=<id>&ev=<event>&cd[value]=..&cd[currency]=..`."""
    event = settings.get("ev")
    verb = "audience" if event and event.text in _AUDIENCE_EVENTS else "track"
    return Report(NAME, start, settings.get("id"), event, settings.get("cd[value]"), settings.get("cd[currency]"), verb)


def _setting(data: bytes, masked: bytes, item: re.Match[bytes]) -> Setting:
    start, end = item.span("text") if item["text"] is not None else (item.end(), item.end())
    raw = data[start:end]
    start += len(raw) - len(raw.lstrip())
    end = start + len(raw.strip())
    text = unquote(_LEFT_OUT.sub("", data[start:end].decode("utf-8", "replace")))
    return Setting(text, start, end, is_dynamic=data[start:end] != masked[start:end])
