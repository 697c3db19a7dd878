"""The pages that a sitemap lists (sitemaps.org, protocol 0.9): XML, text, gzip, an index of them, or robots.txt."""

from __future__ import annotations

import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from snippetkit.errors import FileError, NetworkError, SettingError
from snippetkit.patterns import later
from snippetkit.work.robots import read_robots
from snippetkit.work.web import Get, asking, origin_of

MOST_BYTES = 52_428_800
"""The protocol's limit for a sitemap, unpacked."""

_MOST_URLS = 50_000
_GZIP = b"\x1f\x8b"
_ROBOTS = "/robots.txt"
_HINT = "a sitemap is XML or a list of URLs (sitemaps.org)"
_FLAT = "an index lists sitemaps of pages; name those below it"
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_PAGE = (b"<!doctype html", b"<html")
_DECLARATION = later(r"^<\?xml[^>]{0,200}>")


class Sitemap(NamedTuple):
    """What a sitemap lists: pages, and other sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def find_listed(
    source: str,
    check: Callable[[str], None],
    timeout_s: float,
    *,
    is_live: bool,
    read: Callable[[str], bytes] | None = None,
) -> list[str]:
    """Return the URLs of the pages that a sitemap lists, itself or by the sitemaps that it lists, each once.

    Args:
        source: a file, or a URL; of `robots.txt`, for the sitemaps that it names.
        check: raises an error where a URL must not be asked for.
        timeout_s: how long a server has for an answer.
        is_live: whether other machines may be asked.
        read: reads the file; None for one that is a regular file.

    Raises:
        FileError, NetworkError: it cannot be read, is no sitemap, or lists nothing.
        SettingError: by `check`; or a URL is on another site than the sitemap, which the protocol forbids.
    """
    from snippetkit import files

    pages: dict[str, None] = {}
    with asking(check, MOST_BYTES, timeout_s, is_live=is_live) as get:
        reader = _Sitemaps(get, read or files.read)
        for name, sitemap in reader.read_all(source):
            for url in sitemap.pages:
                if reader.hosts and origin_of(url)[1] not in reader.hosts:
                    message = f"{name} lists {url}, which is on another site"
                    raise SettingError(message, hint="save the sitemap, and name the file")
                pages[url] = None
    if not pages:
        raise FileError(f"{source}: lists no pages", hint=_HINT)
    return list(pages)


class _Sitemaps:
    """Reads sitemaps; `hosts` are those of the first one, where it was named and where it was found."""

    def __init__(self, get: Get, read: Callable[[str], bytes]) -> None:
        self._get = get
        self._read = read
        self.hosts: set[str] = set()

    def read_all(self, source: str) -> Iterator[tuple[str, Sitemap]]:
        """Yield each sitemap with its name: first this one, then those that it lists, which list pages only.

        Raises:
            FileError, NetworkError, SettingError: as `find_listed` does.
        """
        first = self._take(source, is_first=True)
        yield source, first
        for url in dict.fromkeys(first.sitemaps):
            listed = self._take(url)
            yield url, listed
            is_named = urlsplit(source).path.endswith(_ROBOTS)  # what that names may be an index
            for inner in dict.fromkeys(listed.sitemaps):
                if not is_named or (below := self._take(inner)).sitemaps:
                    raise FileError(f"{source}: lists {inner if is_named else url}, which lists sitemaps", hint=_FLAT)
                yield inner, below

    def _take(self, source: str, *, is_first: bool = False) -> Sitemap:
        if "://" not in source:
            return parse(self._read(source), source)
        answer = self._get(source)
        if answer.status != 200:
            raise NetworkError(f"{source}: the server answered {answer.status}")
        if is_first:
            self.hosts = {origin_of(url)[1] for url in (source, answer.url)}
        return parse(answer.body, source)


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
        found = Sitemap(sitemaps=read_robots(data.decode("utf-8", "replace")).sitemaps)
    else:
        bare = _bare(data)
        found = _of_xml(bare, name) if bare.startswith(b"<") else _of_text(bare)
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


def _bare(data: bytes) -> bytes:
    """The bytes without what programs put in front; UTF-16 as UTF-8, without a declaration that says otherwise."""
    encoding = _UTF16.get(data[:2])
    if encoding is None:
        return data.removeprefix(BOM_UTF8).lstrip()
    text = data.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return _DECLARATION.sub("", text).lstrip().encode()


def _of_text(data: bytes) -> Sitemap:
    lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
    return Sitemap(tuple(filter(None, lines)))


def _of_xml(data: bytes, name: str) -> Sitemap:
    """What XML lists; entities of its own, by which a small file may become a huge one, are none of a sitemap's."""
    from xml.etree import ElementTree

    if data[:20].lower().startswith(_PAGE):
        raise FileError(f"{name}: a page, and no sitemap", hint=_HINT)
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
