"""Where a page asks for the images that report, by elements or by code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from snippetkit import platforms
from snippetkit.csp.keeping import kept
from snippetkit.html import Element
from snippetkit.patterns import later
from snippetkit.platforms import Platform
from snippetkit.references import decode

_REQUESTS = later(rb"\b(?:sendBeacon|fetch|XMLHttpRequest)\b")
_FRAMES = later(rb"\biframe\b", re.IGNORECASE)
_IMAGES = later(rb"\bimage\b|\bimg\b", re.IGNORECASE)


class AskedHosts(NamedTuple):
    """The hosts that code asks, as `https://<host>`: for images, by requests of its own, and for frames."""

    img_src: tuple[str, ...] = ()
    connect_src: tuple[str, ...] = ()
    frame_src: tuple[str, ...] = ()


def asked_by_code(texts: Iterable[bytes]) -> AskedHosts:
    """Return what scripts and handlers ask with the URLs of images that they hold: images where they do not say how."""
    img, connect, frame = list[str](), list[str](), list[str]()
    for text in texts:
        hosts = _hosts(text)
        requests, frames = _REQUESTS.search(text), _FRAMES.search(text)
        img += hosts if _IMAGES.search(text) or not (requests or frames) else ()
        connect += hosts if requests else ()
        frame += hosts if frames else ()
    return AskedHosts(tuple(img), tuple(connect), tuple(frame))


def asked_by_elements(elements: Iterable[Element], name: str) -> Iterator[str]:
    """Yield where the elements of a name ask for what reports."""
    for element in elements:
        if element.name == name and "src" in element.attributes:
            yield from _asked_by(element.attributes["src"].value)


@kept
def _asked_by(source: bytes) -> tuple[str, ...]:
    """What an element asks for by its URL, as it stands."""
    url = decode(source)
    matches = (_image(platform).match(url) for platform in _named_in(url))
    return tuple(_origin(match) for match in matches if match)


@cache
def image_urls() -> tuple[re.Pattern[bytes], ...]:
    """Return patterns for the beginnings of the URLs of images that report."""
    return tuple(map(_image, platforms.every_platform()))


@kept
def _hosts(text: bytes) -> tuple[str, ...]:
    if not platforms.names_image(text):
        return ()
    plain = text.replace(rb"\/", b"/")
    matches = (match for platform in _named_in(plain) for match in _image(platform).finditer(plain))
    return tuple(map(_origin, matches))


def _named_in(text: bytes) -> Sequence[Platform]:
    """The platforms of which a text may hold the URL of an image."""
    marks = platforms.needles().urls_in(text)
    found = {one.platform for one in platforms.choose(lambda one: not marks.isdisjoint(one.marks))} if marks else ()
    return platforms.in_order(found, (one.name for one in found)) if found else ()


def _origin(match: re.Match[bytes]) -> str:
    return f"https://{match['host'].decode().lower()}"


@cache
def _image(platform: Platform) -> re.Pattern[bytes]:
    """The URLs of a platform's images, whatever stands behind their path."""
    hosts = "|".join(sorted({one.any_host for one in platform.images})) or "(?!)"
    paths = "|".join(
        sorted({one.folders + re.escape(path.rstrip("/")) for one in platform.images for path in one.paths})
    )
    return re.compile(rf"\s*(?:https?:)?//(?P<host>{hosts})(?:{paths})\b".encode(), re.IGNORECASE)
