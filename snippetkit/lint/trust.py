"""Findings about code from outside: whom it reaches, and what it does beyond reporting a conversion."""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from snippetkit import html
from snippetkit.dialects._javascript import Script, walk
from snippetkit.lint import syntax
from snippetkit.lint.finding import Raw
from snippetkit.lint.hosts import foreign_hosts
from snippetkit.snippets import SERVER_CODE, Document

_SERVER_VALUE = re.compile(
    rb"""<\?(?:php\s+echo\s|=)\s*\$\w+(?:->\w+)*\s*;?\s*\?> | <%=\s*@?\w+(?:\.\w+)*\s*%>
       | \{\{\s*\w+(?:\.\w+)*(?:\s*\|\s*\w+)*\s*\}\} | \{\$\w+(?:\.\w+|->\w+|\|\w+)*\}""",
    re.VERBOSE,
)
"""Server code that tells a value, does nothing else, and is nothing else where it is read as HTML or JavaScript."""
_IMAGE_URL = re.compile(r"(?:https?:)?//(?:www\.)?facebook\.com/(?:tr/?|offsite_event\.php)\?", re.IGNORECASE)
_IMAGE_ATTRIBUTES = frozenset({"alt", "border", "height", "src", "style", "title", "width"})
_STYLE = re.compile(rb"[\w\s:;.,%!#-]*")
_SCRIPT_ATTRIBUTES = frozenset({"async", "charset", "class", "defer", "id", "language", "nonce", "type"})
_START = attrgetter("start")
_TAG = re.compile(rb"<[a-z/!?]", re.IGNORECASE)


def find(document: Document, *, is_code: bool = False) -> Iterator[Raw]:
    """Yield `foreign-host` and `unexpected-script`; a page's scripts may do more, unless `is_code`."""
    is_code = is_code or not html.is_page(document.masked)
    own = {code.script.start for code in document.codes if code.script}
    for element in document.elements if is_code and document.codes else ():
        yield from _about_element(document, element, is_own=element.start in own)
    for element, script in document.scripts:
        if element.start in own:
            yield from _hosts(script)
            yield from syntax.find(script) if is_code else ()
    noscripts = {
        image.noscript.start: image.noscript for code in document.codes for image in code.images if image.noscript
    }
    for noscript in noscripts.values():
        yield from _about_noscript(document, noscript)
    if is_code:
        yield from _about_server_code(document, own | noscripts.keys())


def _about_element(document: Document, element: html.Element, *, is_own: bool) -> Iterator[Raw]:
    url = element.attributes.get("src")
    hosts = tuple(foreign_hosts(url.value)) if url else ()
    if hosts:
        yield Raw("foreign-host", element.start, f"the {element.name} loads from {hosts[0]}", hosts=hosts)
    if element.name in {"script", "iframe"} and not is_own:
        yield Raw("unexpected-script", element.start, f"a {element.name} that is not conversion code", hosts=hosts)
    names = element.attributes.keys()
    extra = names - _SCRIPT_ATTRIBUTES if is_own else {name for name in names if name.startswith("on")}
    if extra:
        yield Raw("unexpected-script", element.start, f"the {element.name} has the attribute {min(extra)}")


def _about_server_code(document: Document, starts: set[int]) -> Iterator[Raw]:
    kept = bytearray(len(document.data))
    for element in document.elements:
        if element.start in starts:
            kept[element.start : element.end] = b"\1" * (element.end - element.start)
    for match in SERVER_CODE.finditer(document.data):
        if 1 in kept[match.start() : match.end()] and not _SERVER_VALUE.fullmatch(match[0]):
            yield Raw("unexpected-script", match.start(), "server code that may do more than tell a value")


def _about_noscript(document: Document, noscript: html.Element) -> Iterator[Raw]:
    inner = bytearray(document.masked[noscript.inner_start : noscript.inner_end])
    first, behind = (
        bisect_left(document.elements, at, key=_START) for at in (noscript.inner_start, noscript.inner_end)
    )
    for element in document.elements[first:behind]:
        if element.name == "img":
            yield from _about_image(element)
            inner[element.start - noscript.inner_start : element.end - noscript.inner_start] = b" " * (
                element.end - element.start
            )
    if match := _TAG.search(inner):
        at = noscript.inner_start + match.start()
        yield Raw("unexpected-script", at, "the noscript holds more than images")


def _about_image(image: html.Element) -> Iterator[Raw]:
    url = image.attributes.get("src")
    text = entities.unescape(url.value.decode("utf-8", "replace")) if url else ""
    text = "".join(text.split())
    hosts = tuple(foreign_hosts(text.encode()))
    if not _IMAGE_URL.match(text) and not hosts:
        yield Raw("unexpected-script", image.start, "an image in the noscript that reports nothing")
    for host in hosts:
        yield Raw("foreign-host", image.start, f"an image in the noscript loads from {host}", hosts=(host,))
    if extra := image.attributes.keys() - _IMAGE_ATTRIBUTES:
        yield Raw("unexpected-script", image.start, f"an image in the noscript has the attribute {min(extra)}")
    if "style" in image.attributes and not _STYLE.fullmatch(image.attributes["style"].value):
        yield Raw("unexpected-script", image.start, "an image in the noscript has a style that may load something")


def _hosts(script: Script) -> Iterator[Raw]:
    for node in walk(script.root):
        if node.type in {"string", "template_string"}:
            hosts = tuple(foreign_hosts((node.text or b"")[1:-1]))
            if hosts:
                yield Raw("foreign-host", script.start + node.start_byte, f"the script reaches {hosts[0]}", hosts=hosts)
