"""The pages that a sitemap lists (sitemaps.org, protocol 0.9): XML, text, gzip, an index of them, or robots.txt."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from snippetkit.errors import FileError, NetworkError, SettingError
from snippetkit.work.web import Get, asking, origin_of

MOST_BYTES = 52_428_800
"""The protocol's limit for a sitemap, unpacked."""

_MOST_URLS = 50_000
_GZIP = b"\x1f\x8b"
_ROBOTS = "/robots.txt"
_HINT = "a sitemap is XML or a list of URLs (sitemaps.org)"


class Sitemap(NamedTuple):
    """What a sitemap lists: pages, and other sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def find_listed(source: str, check: Callable[[str], None], *, is_live: bool) -> list[str]:
    """Return the URLs of the pages that a sitemap lists, itself or by the sitemaps that it lists, each once.

    Args:
        source: a file, or a URL; of `robots.txt`, for the sitemaps that it names.
        check: raises an error where a URL must not be asked for.
        is_live: whether other machines may be asked.

    Raises:
        FileError, NetworkError: it cannot be read, is no sitemap, or lists nothing.
        SettingError: by `check`; or a URL is on another site than the sitemap, which the protocol forbids.
    """
    pages: dict[str, None] = {}
    with asking(check, MOST_BYTES, is_live=is_live) as get:
        for name, sitemap in _read_all(source, get):
            for url in sitemap.pages:
                if "://" in source and origin_of(url)[1] != origin_of(source)[1]:
                    raise SettingError(f"{name} lists {url}, which is on another site", hint="name that page itself")
                pages[url] = None
    if not pages:
        raise FileError(f"{source}: lists no pages", hint=_HINT)
    return list(pages)


def _read_all(source: str, get: Get) -> Iterator[tuple[str, Sitemap]]:
    """Each sitemap with its name: first this one, then those that it lists, which list pages only."""
    first = _read(source, get)
    yield source, first
    for url in dict.fromkeys(first.sitemaps):
        listed = _read(url, get)
        yield url, listed
        if urlsplit(source).path.endswith(_ROBOTS):  # what it names may be an index
            yield from ((inner, _read(inner, get)._replace(sitemaps=())) for inner in dict.fromkeys(listed.sitemaps))


def _read(source: str, get: Get) -> Sitemap:
    from snippetkit import files

    if "://" not in source:
        data = files.read(source)
    else:
        answer = get(source)
        if answer.status != 200:
            raise NetworkError(f"{source}: the server answered {answer.status}")
        data = answer.body
    return parse(data, source)


def parse(data: bytes, name: str) -> Sitemap:
    """Return what a sitemap lists.

    Args:
        data: its bytes, or those of a `robots.txt`.
        name: what messages call it, by which `robots.txt` is known.

    Raises:
        FileError: it is no sitemap, lists what is no URL, or is a larger one than the protocol has.
    """
    data = _unpacked(data, name)
    if f"/{name}".endswith(_ROBOTS):
        found = Sitemap(sitemaps=tuple(_of_robots(data.decode("utf-8", "replace"))))
    else:
        is_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
        found = _of_xml(data, name) if is_xml else _of_text(data)
    if wrong := [url for url in (*found.pages, *found.sitemaps) if not _is_url(url)]:
        raise FileError(f"{name}: lists {wrong[0][:200]!r}, which is not an http or https URL", hint=_HINT)
    if len(found.pages) > _MOST_URLS or len(found.sitemaps) > _MOST_URLS:
        raise FileError(f"{name}: lists more than {_MOST_URLS} URLs, the limit of a sitemap", hint="split it")
    return found


def _is_url(text: str) -> bool:
    """Whether this is a URL, not the path of a file here, which nobody but the user may name."""
    try:
        scheme, host, _ = origin_of(text)
    except ValueError:
        return False
    return scheme in {"http", "https"} and bool(host)


def _unpacked(data: bytes, name: str) -> bytes:
    if data.startswith(_GZIP):
        unpacking = zlib.decompressobj(wbits=31)
        try:
            data = unpacking.decompress(data, MOST_BYTES + 1)
            is_whole = unpacking.eof or len(data) > MOST_BYTES
        except zlib.error:
            is_whole = False
        if not is_whole:
            raise FileError(f"{name}: broken gzip", hint=_HINT)
    if len(data) > MOST_BYTES:
        raise FileError(f"{name}: more than {MOST_BYTES // 1_048_576} MiB, the limit of a sitemap", hint="split it")
    return data


def _of_robots(text: str) -> list[str]:
    from urllib.robotparser import RobotFileParser

    robots = RobotFileParser()
    robots.parse(text.removeprefix("\ufeff").splitlines())
    return robots.site_maps() or []


def _of_text(data: bytes) -> Sitemap:
    lines = (line.strip() for line in data.decode("utf-8-sig", "replace").splitlines())
    return Sitemap(tuple(filter(None, lines)))


def _of_xml(data: bytes, name: str) -> Sitemap:
    """What XML lists; entities of its own, by which a small file may become a huge one, are none of a sitemap's."""
    from xml.etree import ElementTree

    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FileError(f"{name}: has a document type, which no sitemap has", hint=_HINT)
    try:
        root = ElementTree.fromstring(data)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileError(f"{name}: not XML: {error}", hint=_HINT) from error
    kind = root.tag.rpartition("}")[2]
    if kind not in {"urlset", "sitemapindex"}:
        raise FileError(f"{name}: not a sitemap but <{kind[:50]}>", hint=_HINT)
    located = (child.text or "" for entry in root for child in entry if child.tag.rpartition("}")[2] == "loc")
    listed = tuple(filter(None, map(str.strip, located)))
    return Sitemap(listed) if kind == "urlset" else Sitemap(sitemaps=listed)
