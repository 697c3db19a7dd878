"""Findings about how code stands in a text: where, how often, and beside what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snippetkit import dialects, html
from snippetkit.lint.finding import Raw
from snippetkit.snippets import TRACE, Document
from snippetkit.terms import Several

_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INSECURE = re.compile(rb"http://(?:connect\.facebook\.net|(?:www\.)?facebook\.com)/", re.IGNORECASE)
_IN_SCRIPTS = (
    ("entity-in-script", _ENTITY, "a script does not decode entities; write the character itself"),
    ("insecure-url", _INSECURE, "the URL is http; write https"),
)


def find(document: Document) -> Iterator[Raw]:
    """Yield the findings about the places of the code in a text."""
    yield from _in_scripts(document)
    yield from _in_the_head(document)
    yield from _repeated(document)
    yield from _broken(document)
    yield from _unclosed(document)


def _in_scripts(document: Document) -> Iterator[Raw]:
    scripts: dict[int, tuple[int, html.Element]] = {}
    for number, code in enumerate(document.codes):
        if code.script:
            scripts.setdefault(code.script.start, (number, code.script))
    for number, script in scripts.values():
        for name, pattern, message in _IN_SCRIPTS:
            if match := pattern.search(document.masked, script.inner_start, script.inner_end):
                yield Raw(name, match.start(), message, number)


def _in_the_head(document: Document) -> Iterator[Raw]:
    start, stop = html.head_span(document.masked)
    for number, code in enumerate(document.codes):
        for image in code.images:
            if image.noscript and start <= image.noscript.start <= stop:
                message = "for visitors without JavaScript the image ends the head; move the noscript behind <body>"
                yield Raw("noscript-in-head", image.noscript.start, message, number)


def _repeated(document: Document) -> Iterator[Raw]:
    seen = set[tuple[str, str, str | None]]()
    queues = set[int | None]()
    for number, code in enumerate(document.codes):
        at = code.report.start
        if dialects.find(code.report.dialect).SEVERAL is Several.COMBINED:
            if queues and (code.report.queue is None or queues != {code.report.queue}):
                message = "a second fp block: they share fb_param, so only the last one fires; combine them"
                yield Raw("fb-param-clobber", at, message, number)
            queues.add(code.report.queue)
        identity = (code.report.dialect, code.pixel_id, code.event)
        if identity in seen and code.pixel_id:
            yield Raw("duplicate-pixel", at, f"pixel {code.pixel_id} is here twice", number)
        seen.add(identity)


def _broken(document: Document) -> Iterator[Raw]:
    """A script with server code in it may be JavaScript by the time that it is run."""
    for element, script in document.scripts:
        inner = slice(element.inner_start, element.inner_end)
        if script.error is not None and document.data[inner] == document.masked[inner]:
            yield Raw("script-error", script.error, "this is not JavaScript, so nothing of this script runs")


def _unclosed(document: Document) -> Iterator[Raw]:
    for element in document.elements:
        if not element.is_closed and TRACE.search(document.masked, element.inner_start, element.inner_end):
            yield Raw("unclosed-element", element.start, f"the {element.name} does not end")
