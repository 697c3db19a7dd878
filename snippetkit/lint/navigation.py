"""Findings about pages that are shown without being loaded: soft navigation, and prerendering."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from snippetkit import html
from snippetkit.lint.finding import Raw
from snippetkit.lint.images import is_lazy
from snippetkit.lint.running import runs_at_once
from snippetkit.patterns import later
from snippetkit.searching import holds_any
from snippetkit.snippets import Code, Document

MAY_LOAD = (b"turbo", b"htmx", b"unpoly", b"swup", b"pjax", b"barba", b"taxi")
BOOST = later(rb"""[\s"'](?:data-)?hx-boost\s*=\s*["']?true\b""", re.IGNORECASE)
RELOAD = later(rb"""<meta\s(?=[^<>]*turbo-visit-control)[^<>]*\breload\b""", re.IGNORECASE)
_QUICKLINK = later(rb"\bprerender(?:AndPrefetch)?\s*:\s*(?:true|!0)\b")
_GUARD = b"prerendering"
_COUNTS_ONCE = b"snippetkitFired"
"""What the template `consent` keeps on the window: its code may run again."""

_NAMED = r"""(?:^|["'/])(?:{packages})(?:@[^/"'?#\s]*)?(?:["'?#]|$)"""
_FILE = (
    r"""(?:^|["'/])(?:{files})(?:\.(?:umd|es|esm|iife|module|es20\d\d-(?:umd|esm)))?"""
    r"""(?:[.-](?>min|[0-9a-f]{{8,64}}(?![0-9a-z])|v?[0-9]+(?![0-9a-z])))*\.m?js(?:["'?#]|$)"""
)


class _Library(NamedTuple):
    """What puts the next page into this one, and what a soft visit then does with code in it; empty where that counts.

    `again` says that it may run more than once. As run with @hotwired/turbo 8.0.23, htmx.org 2.0.7 and 4.0.1, unpoly
    3.14.3, swup 4.10.0, pjax 0.2.8, @barba/core 2.10.3 and @unseenco/taxi 1.9.1 in Chromium 156.
    """

    name: str
    packages: str
    files: str
    in_head: str
    in_body: str
    again: str
    asks_for_image: bool


_NEVER = "does not run the script"
_LIBRARIES = (
    _Library(
        "Turbo",
        "@hotwired/turbo(?:-rails)?",
        "turbo(?:-rails)?",
        "runs the script at the first visit only",
        "",
        "runs the script again where it shows a preview first",
        True,
    ),
    _Library("htmx", r"htmx\.org", "htmx", _NEVER, "", "", True),
    _Library("unpoly", "unpoly", "unpoly", _NEVER, "", "", True),
    _Library("swup", "swup", "swup", _NEVER, f"{_NEVER} without the plugin for scripts", "", True),
    _Library("pjax", "pjax|jquery-pjax", r"(?:jquery\.)?pjax", _NEVER, "", "", False),
    _Library("barba", "@barba/core", r"barba(?:[.-]core)?", _NEVER, _NEVER, "", False),
    _Library("taxi", "@unseenco/taxi", r"taxi\.umd", _NEVER, f"{_NEVER} without data-taxi-reload", "", False),
)


@cache
def _patterns() -> tuple[tuple[_Library, re.Pattern[bytes]], ...]:
    """What names each library in a URL; all of them are compiled once a page may load one."""
    texts = [f"{_NAMED}|{_FILE}".format(packages=one.packages, files=one.files) for one in _LIBRARIES]
    return tuple((one, re.compile(text.encode(), re.IGNORECASE)) for one, text in zip(_LIBRARIES, texts, strict=True))


def find(document: Document) -> Iterator[Raw]:
    """Yield `soft-navigation` and `fires-in-prerender`."""
    for library in _loaded(document) if document.codes else ():
        yield from _on_soft_visits(document, library)
    if document.codes and _prerenders(document):
        yield from _in_prerender(document)


def _loaded(document: Document) -> Iterator[_Library]:
    """The libraries that the page's scripts load, import, or name in an import map."""
    scripts = [element for element in document.elements if element.name == "script"]
    urls = [element.attributes["src"].value.strip() for element in scripts if "src" in element.attributes]
    texts = [document.masked[element.inner_start : element.inner_end] for element in scripts]
    imports = [text for text in texts if b"import" in text]
    named = [text for text in (*urls, *imports) if holds_any(text.lower(), MAY_LOAD)]
    for library, pattern in _patterns() if named else ():
        if any(pattern.search(text) for text in named) and _visits(document, library):
            yield library


def _visits(document: Document, library: _Library) -> bool:
    """Whether a page that loads it takes part in soft navigation."""
    if library.name == "htmx":
        return BOOST.search(document.masked) is not None
    return library.name != "Turbo" or RELOAD.search(document.masked) is None


def _on_soft_visits(document: Document, library: _Library) -> Iterator[Raw]:
    _, head_end = html.head_span(document.masked)
    for number, code in enumerate(document.codes):
        told = [*_of_script(document, code, library, head_end), *_of_image(code, library)]
        if told:
            at = code.script.start if code.script else code.images[0].outer.start
            message = f"the page loads {library.name}: a soft visit to it {', and '.join(told)}"
            yield Raw("soft-navigation", at, message, number)


def _of_script(document: Document, code: Code, library: _Library, head_end: int) -> Iterator[str]:
    if code.script is None:
        return
    is_in_head = code.script.start <= head_end
    is_once = _COUNTS_ONCE in document.masked[code.script.inner_start : code.script.inner_end]
    does = library.in_head if is_in_head else library.in_body or library.again
    is_right = is_once and (library.again if is_in_head else not library.in_body)
    if does and not is_right:
        yield f"{does} (it is in the {'head' if is_in_head else 'body'})"


def _of_image(code: Code, library: _Library) -> Iterator[str]:
    for image in code.images if library.asks_for_image else ():
        if image.noscript and not is_lazy(image.element):
            yield "asks for the noscript's image; 'snippetkit inject --lazy-noscript' keeps that back"
            return


def _prerenders(document: Document) -> bool:
    """Whether a rule or a call on the page makes other pages of the site run before anybody opens them."""
    for element in document.elements:
        if element.name == "script":
            text = document.data[element.inner_start : element.inner_end]
            kind = element.attributes.get("type")
            if kind and kind.value.strip().lower() == b"speculationrules":
                if _has_prerender(text):
                    return True
            elif b"quicklink" in text and _QUICKLINK.search(text):
                return True
    return False


def _has_prerender(rules: bytes) -> bool:
    """Whether speculation rules prerender; what is not JSON is no rule (HTML standard, 7.6 "Speculative loading")."""
    try:
        parsed = json.loads(rules)
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and bool(parsed.get("prerender"))


def _in_prerender(document: Document) -> Iterator[Raw]:
    scripts = {code.script.start: code.script for code in document.codes if code.script}
    guarded = {
        start for start, one in scripts.items() if document.masked.find(_GUARD, one.inner_start, one.inner_end) >= 0
    }
    for number, code in enumerate(document.codes):
        script = code.script
        if script and script.start not in guarded and runs_at_once(document, code):
            message = "pages are prerendered, and this fires in one that nobody opens; wait for prerenderingchange"
            yield Raw("fires-in-prerender", script.start, message, number)
