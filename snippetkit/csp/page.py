"""What a Content-Security-Policy needs so that the conversion code of a page fires.

A policy names an inline script by the SHA-256 of its text (CSP Level 3, 6.7.3.3 "Does element match source list for
type and source"), as the browser has it: in UTF-8, each line break one LF (HTML standard, 13.2.3.5 "Preprocessing the
input stream"). The script adds the loader, from a host of the platform's or a copy of it from another, and the loader
or the noscript requests an image from another. Some loaders send events otherwise (`connect-src`), make frames
(`frame-src`), and load more scripts from the platform's host wherever they came from. What an attribute such as
`onclick` runs has a hash too, which counts beside 'unsafe-hashes' (6.7.3.3).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from snippetkit import platforms
from snippetkit.csp.callers import calling_one_of, find_callers
from snippetkit.csp.images import asked_by_code, asked_by_elements
from snippetkit.csp.keeping import kept
from snippetkit.csp.loaders import SELF, in_order, origin_of, owners_of
from snippetkit.csp.policies import hash_source
from snippetkit.csp.sources import Additions, union
from snippetkit.csp.suspecting import file_pattern, may_need
from snippetkit.errors import SnippetError
from snippetkit.html import (
    MARKER,
    Element,
    find_elements,
    find_handlers,
    frame_source,
    gaps,
    may_be_handled,
    position,
)
from snippetkit.patterns import later
from snippetkit.platforms import Dialect, Loader, Platform
from snippetkit.records import replace
from snippetkit.references import decode, decode_spelled

_REGION = later(rb"%bbegin\s+(?P<dialect>[a-z0-9]+):\S+\s+script\s.*?%bend\s" % (MARKER, MARKER), re.DOTALL)
_STRING = later(rb"""(["'`])(?P<text>[^"'`\s]++)\1""")
_BY_HAND = "run this on the page as served"


def conversion_scripts(data: bytes) -> Iterator[Element]:
    """Yield the inline scripts of a page that are conversion code: by what they name, or because inject put them there.

    A script of another type than JavaScript counts too: a consent banner runs it as JavaScript later. One in a
    noscript never runs.
    """
    yield from (element for element, _ in _of_platforms(data))


def _of_platforms(data: bytes) -> Iterator[tuple[Element, frozenset[Platform]]]:
    """The conversion scripts, and whose code each holds: nobody's in a region of a dialect that is gone."""
    regions = [(match.start(), match.end(), match["dialect"].decode()) for match in _REGION.finditer(data)]
    for element in _scripts(data):
        names = {name for start, end, name in regions if start <= element.start < end}
        text = data[element.inner_start : element.inner_end]
        owners = _named_in(text)
        owners |= _platforms_of(names)
        is_ours = names or owners or _names_image(text)
        if "src" not in element.attributes and is_ours:
            yield element, owners


def _platforms_of(dialects: Container[str]) -> frozenset[Platform]:
    return frozenset(dialect.platform for dialect in platforms.choose(lambda one: one.name in dialects))


@kept
def _named_in(text: bytes) -> frozenset[Platform]:
    """The platforms whose globals a text names."""
    if not platforms.needles().names_in(text):
        return frozenset()
    names = {match[0].decode() for match in platforms.global_names().finditer(text)}
    dialects = platforms.choose(lambda one: not names.isdisjoint(one.named_as or one.globals))
    return frozenset(dialect.platform for dialect in dialects if not dialect.sign or dialect.sign.search(text))


@kept
def _names_image(text: bytes) -> bool:
    return platforms.names_image(text)


def additions(data: bytes, depth: int = 0) -> Additions:
    """Return what a policy needs for a page, or for a piece of code as it will stand on one.

    An empty nonce allows nothing (CSP Level 3, 6.7.3.3, step 2). What a frame has in its `srcdoc` is under the
    page's policy too (HTML standard, 7.4.2.3 "Determining the navigation's policy container").

    Args:
        data: the page, or the code.
        depth: in how many frames it stands.

    Raises:
        SlowReadingError: as `html.frame_source` does.
    """
    if not may_need(data):
        return Additions()
    own, frames = _own_additions(data), [*_of_frames(data, depth)]
    if not frames:
        return own
    unknown = (reason for one in (own, *frames) for reason in one.unknown)
    nonces = (line for one in (own, *frames) for line in one.nonces)
    return replace(union([own, *frames]), unknown=tuple(unknown), nonces=tuple(nonces))


def _of_frames(data: bytes, depth: int) -> Iterator[Additions]:
    """What the frames of a page need, at the frame's line."""
    for element in _elements(data):
        if source := frame_source(element, depth):
            line, inner = position(data, element.start)[0], additions(decode(source.value), depth + 1)
            unknown = tuple((line, reason) for _, reason in inner.unknown)
            yield replace(inner, unknown=unknown, nonces=tuple(line for _ in inner.nonces))


def _own_additions(data: bytes) -> Additions:
    owned = [*_of_platforms(data)]
    scripts = [script for script, _ in owned]
    others = [one for one in _scripts(data) if "src" not in one.attributes and one not in scripts]
    names, calling = find_callers(data, scripts, others)
    hashes, unknown = _hashes(data, [*scripts, *calling])
    handled = _handlers(data, names)
    urls = _loaders(data, scripts)
    texts = [*urls, *(data[script.inner_start : script.inner_end] for script in scripts)]
    named = handled.owners.union(*(owners for _, owners in owned), *(owners_of(url) for url in urls))
    owners = in_order(named)
    reached = _reached(data, owners, urls, texts, handled)
    return replace(
        reached,
        script_src=tuple(dict.fromkeys([*hashes, *handled.sources, *reached.script_src])),
        unknown=tuple(sorted([*unknown, *handled.unknown])),
        nonces=tuple(position(data, script.start)[0] for script in (*scripts, *calling) if _has_nonce(script)),
    )


def _reached(
    data: bytes, owners: Sequence[Platform], urls: Sequence[bytes], texts: Sequence[bytes], handled: _Handled
) -> Additions:
    """The hosts that code of these platforms reaches, whose loaders have these URLs."""
    hosts = [origin for platform in owners for origin in platform.script_origins]
    images = [origin for platform in owners for origin in platform.image_origins]
    own = own_origins(owners, b"".join(b'"%b"' % text for text in texts).decode("utf-8", "replace"))
    loaders = [*map(origin_of, urls)]
    loaders = [*dict.fromkeys([one for one in loaders if one != SELF] or own)] if own else loaders
    used = [*_used(owners, texts, handled.owners)]
    frames = [one for loader in used for one in loader.frames]
    connect = [one for loader in used for one in loader.connect]
    elements, asked = _elements(data), asked_by_code([*texts, *handled.texts])
    return Additions(
        script_src=tuple(dict.fromkeys([*hosts, *loaders])),
        img_src=tuple(dict.fromkeys([*images, *own, *asked_by_elements(elements, "img"), *asked.img_src])),
        connect_src=tuple(dict.fromkeys([*own, *connect, *asked.connect_src])),
        frame_src=tuple(dict.fromkeys([*frames, *asked_by_elements(elements, "iframe"), *asked.frame_src])),
    )


def _hashes(data: bytes, scripts: Iterable[Element]) -> tuple[list[str], list[tuple[int, str]]]:
    """The hashes of scripts, and by line why some have none that is known, and no nonce either."""
    hashes, unknown = [], []
    for script in scripts:
        try:
            hashes.append(hash_source(data[script.inner_start : script.inner_end]))
        except SnippetError as error:
            if not _has_nonce(script):
                reason = f"{error}; give the script a nonce, or {_BY_HAND}"
                unknown.append((position(data, script.start)[0], reason))
    return hashes, unknown


def own_origins(owners: Iterable[Platform], text: str) -> list[str]:
    """Return the site's own hosts on which code says that these platforms are, as `https://<host>`, each once."""
    urls = (urlsplit(url) for platform in owners for url in platform.own_urls(text))
    return [*dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in urls)]


def _used(owners: Iterable[Platform], texts: Sequence[bytes], handled: frozenset[Platform]) -> Iterator[Loader]:
    """The loaders that send other requests than images, or make frames: those texts name, or a handler may call."""
    for dialect in (dialect for platform in owners for dialect in platforms.dialects_of(platform)):
        loader = dialect.own_loader
        if loader and (loader.connect or loader.frames):
            pattern = _naming(dialect)
            if dialect.platform in handled or any(pattern.search(text) for text in texts):
                yield loader


@cache
def _naming(dialect: Dialect) -> re.Pattern[bytes]:
    """What a text that calls a dialect's function or names its loader holds."""
    functions = "|".join(map(re.escape, (*dialect.functions, *dialect.queues))) or "(?!)"
    return re.compile(rf"(?<![\w$])(?:{functions})(?![\w$])|{file_pattern(dialect.loader)}".encode())


class _Handled(NamedTuple):
    """The sources that allow what attributes run; the line and the reason where none does; whose code it is; and it."""

    sources: list[str]
    unknown: list[tuple[int, str]]
    owners: frozenset[Platform]
    texts: list[bytes]


def _handlers(data: bytes, names: set[str]) -> _Handled:
    calls = calling_one_of(names) if names else None
    sources, unknown, owners, texts = list[str](), list[tuple[int, str]](), frozenset[Platform](), list[bytes]()
    for handler in find_handlers(data) if names or _may_be_handled(data) else ():
        text = decode(handler.attribute.value)
        named = _named_in(text)
        is_calling = calls is not None and calls.search(text) is not None
        if not handler.is_plain or not (named or is_calling or _names_image(text)):
            continue
        owners |= named
        texts.append(text)
        line = position(data, handler.attribute.start)[0]
        try:
            if not handler.key.startswith("on"):
                raise SnippetError("no hash allows a javascript: URL in every browser")
            sources += ["'unsafe-hashes'", hash_source(text)]
        except SnippetError as error:
            reason = str(error).replace("the script", f"the {handler.key}", 1)
            unknown.append((line, f"{reason}; move it into a script, or {_BY_HAND}"))
    return _Handled(sources, unknown, owners, texts)


def _may_be_handled(data: bytes) -> bool:
    """Whether an attribute may name a global or an image, as it stands or with references to characters."""
    tags, mentions = [*gaps(_elements(data), len(data))], platforms.Mentions(data)
    if any(may_be_handled(data, at) for one in tags for at in mentions.names(*one)):
        return True
    if any(may_be_handled(data, at) for at in platforms.find_images(data, tags)):
        return True
    return any(platforms.needles().are_in(decode_spelled(data[start:end])) for start, end in tags)


def _loaders(data: bytes, scripts: Iterable[Element]) -> list[bytes]:
    """The URLs of the loaders that elements or conversion scripts name."""
    urls = [decode(script.attributes["src"].value) for script in _scripts(data) if "src" in script.attributes]
    for script in scripts:
        inner = data[script.inner_start : script.inner_end].replace(b"\\/", b"/")
        urls += [match["text"] for match in _STRING.finditer(inner)]
    return [url for url in urls if owners_of(url)]


@lru_cache(maxsize=1)
def _elements(data: bytes) -> tuple[Element, ...]:
    return tuple(find_elements(data))


def _scripts(data: bytes) -> Iterator[Element]:
    scripts = (element for element in _elements(data) if element.name == "script")
    yield from (element for element in scripts if element.is_closed and not element.inside)


def _has_nonce(script: Element) -> bool:
    return "nonce" in script.attributes and script.attributes["nonce"].value != b""
