"""What shows that a text holds code of some platform: the dialects' globals, and parts of the URLs of images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from snippetkit.needles import Needles, find_installed, find_shipped, needles_of
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.finding import every, every_platform


@cache
def needles() -> Needles:
    """Return the texts of which every text with code holds one."""
    return make_needles() if find_installed() else find_shipped()


def make_needles() -> Needles:
    """Return the same, made of all dialects and platforms."""
    names = {name.encode() for dialect in every() for name in dialect.names}
    marks = {endpoint.mark.encode() for platform in every_platform() for endpoint in platform.images}
    return needles_of(sorted(names), sorted(marks))


def _shortest() -> list[bytes]:
    """The globals of all dialects, without those that hold another one."""
    names = [name.encode() for name in _global_names()]
    return [name for name in names if not any(other != name and other in name for other in names)]


def _global_names() -> list[str]:
    return sorted(name.decode() for one in needles().names for name in one.texts)


@cache
def mention() -> re.Pattern[bytes]:
    """Return a pattern for what a text with code holds: a dialect's global as a word, or the URL of an image."""
    return re.compile(b"|".join((_names(), *_in_any_case("|".join(_mark(mark, "/") for mark in _marks())))))


@cache
def global_names() -> re.Pattern[bytes]:
    """Return a pattern for the dialects' globals, each as a word."""
    return re.compile(_names())


@cache
def image_in_string() -> re.Pattern[bytes]:
    """Return a pattern for what a string with the URL of an image holds."""
    return re.compile("|".join(_mark(mark, r"\\?/") for mark in _marks()).encode(), re.IGNORECASE)


def find_images(text: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield where a text has the URL of an image, in which a slash may be escaped, from one offset up to another."""
    marks = needles().urls_in(text)
    if marks:
        lower, pattern = text.lower(), _in_string(frozenset(marks))
        yield from (match.start() for span in spans for match in pattern.finditer(lower, *span))


@lru_cache(maxsize=64)
def _in_string(marks: frozenset[bytes]) -> re.Pattern[bytes]:
    """A pattern for what a string with the URL of an image holds, in lower case."""
    return re.compile("|".join(_mark(mark.decode(), r"\\?/") for mark in sorted(marks)).encode())


@cache
def mention_in_string() -> re.Pattern[bytes]:
    """Return what a string holds if it holds code: in front of a name may stand an escape, `\\n`."""
    escaped = "|".join(_at_port(mark, r"\\?/") for mark in _marks())
    return re.compile(b"|".join((*map(re.escape, _shortest()), *_in_any_case(escaped))))


def _names() -> bytes:
    names = _global_names()
    return rb"(?<![\w$])(?:%b)(?![\w$])" % "|".join(map(re.escape, names)).encode()


def _marks() -> list[str]:
    return sorted(mark.decode() for one in needles().urls for mark in one.texts)


def _in_any_case(pattern: str) -> list[bytes]:
    """A pattern for parts of URLs, if there is one: hosts are read in any case."""
    return [rf"(?i:{pattern})".encode()] if pattern else []


@cache
def mark_patterns() -> Mapping[bytes, re.Pattern[bytes]]:
    """Return the pattern of each mark of an image's URL, for a text in lower case."""
    return {mark.encode(): re.compile(_mark(mark, "/").encode()) for mark in _marks()}


def _mark(mark: str, slash: str) -> str:
    """A URL's mark as a pattern: a path that names no file counts only with parameters behind it."""
    pattern = _at_port(mark, slash)
    return rf"{pattern}{slash}?\?" if mark.encode() in _bare_marks() else pattern


def _at_port(mark: str, slash: str) -> str:
    """A URL's mark as a pattern: behind a host may stand the port that https has anyway."""
    host, *folders = re.escape(mark).split("/")
    return slash.join([f"{host}(?::443)?" if "." in host and folders else host, *folders])


@cache
def _bare_marks() -> frozenset[bytes]:
    if find_installed():
        return frozenset(mark.encode() for mark in make_bare_marks())
    from snippetkit.platforms.shipped import BARE_MARKS

    return BARE_MARKS


def make_bare_marks() -> set[str]:
    """Return the marks of the images' URLs that count only with parameters behind them: those of a whole path."""
    images: dict[str, list[Endpoint]] = {}
    for image in (image for platform in every_platform() for image in platform.images):
        images.setdefault(image.mark, []).append(image)
    return {mark for mark, ours in images.items() if all(_is_bare(mark, image) for image in ours)}


def _is_bare(mark: str, image: Endpoint) -> bool:
    """Whether an image's URL has its parameters right behind its mark, which names no file."""
    is_whole = all(path.lower().rstrip("/").endswith(f"/{mark.partition('/')[2]}") for path in image.paths)
    return is_whole and "." not in mark.rpartition("/")[2] and image.begins == "?"
