"""Why something did not fire: what stands on the page, and what the browser said while it was loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from snippetkit import html, snippets
from snippetkit.browser.observed import Blocked, Observed, ScriptError, comparable, is_of_vendor
from snippetkit.browser.standing import Expected
from snippetkit.snippets import TRACE, Document

_NESTED = re.compile(rb"<!--")
_SCRIPT_TAG = re.compile(rb"<script[\t\n\f\r />]", re.IGNORECASE)
_IN_HEAD = re.compile(rb"<(title|meta|link|base|style)(?=[\t\n\f\r />])", re.IGNORECASE)
_NEVER_CODE = frozenset({"iframe", "noembed", "noframes", "style", "title"})


class Fault(NamedTuple):
    """What is wrong: a stable code, a sentence, and the line of the page, from 1, or None."""

    code: str
    message: str
    line: int | None = None


def find_causes(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Yield what keeps code of a page from what it is there for; more doubtful causes only where an event is missing.

    Args:
        observed: the visit.
        document: its source.
        missing: the events that had to fire and did not.
    """
    known = [*_hidden(observed, document, missing), *_nested_scripts(observed, document)]
    if missing and observed.javascript:
        known += _clobbered(observed, document, missing)
    known += _blocked(observed, document, missing)
    yield from known
    if missing:
        errors = observed.errors if not known else [one for one in observed.errors if _is_near(one, document, missing)]
        for error in errors:
            place = f" ({error.url}:{error.line})" if error.url else ""
            yield Fault("script-error", f"{error.message}{place}", None if error.url else error.line)
        if observed.went_to:
            yield Fault("went-on", f"the page went on to {observed.went_to}")
    yield from _moved(observed, document)


def _hidden(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Code where a browser sees none, unless it fired all the same: a script may have taken it from there."""
    if not TRACE.search(document.masked):
        return
    fired = {one.pixel_id for one in observed.fired}
    wanted = {one.pixel_id for one in missing}
    unclosed = (
        html.Hidden(element.name, element.start, element.inner_start, element.end, element.is_closed)
        for element in document.elements
        if not element.is_closed
    )
    for hidden in (*unclosed, *html.find_hidden(document.masked)):
        if not TRACE.search(document.masked, hidden.inner_start, hidden.end):
            continue
        pixels = _pixels(document.data[hidden.inner_start : hidden.end])
        line, _ = document.position(hidden.start)
        code = _code_of(document, hidden)
        if (pixels and pixels <= fired) or (code == "not-run" and not pixels & wanted):
            continue
        name = f"the code of pixel {', '.join(sorted(pixels))}" if pixels else "conversion code"
        article = "an" if hidden.name.startswith("i") else "a"
        ends = f" that begins in line {line} and does not end" if code == "swallowed" else ""
        yield Fault(code, f"{name} stands in {article} {hidden.name}{ends}", line)


def _code_of(document: Document, hidden: html.Hidden) -> str:
    """What it is that code stands there: a mistake in any case, or perhaps meant to be."""
    if hidden.name == "template":
        return "in-template" if hidden.is_closed else "swallowed"
    runs_on = hidden.name == "comment" and _NESTED.search(document.masked, hidden.inner_start, hidden.end)
    return "swallowed" if not hidden.is_closed or runs_on or hidden.name in _NEVER_CODE else "not-run"


def _pixels(data: bytes) -> set[str]:
    inner = snippets.parse(data.decode("utf-8", "replace"))
    return {code.pixel_id for code in inner.codes if code.pixel_id}


def _nested_scripts(observed: Observed, document: Document) -> Iterator[Fault]:
    """A script without an end tag takes the next one's, so that both are one, and no JavaScript."""
    for element in document.elements if observed.javascript else ():
        inner = element.inner_start, element.inner_end
        if element.name == "script" and element.is_closed and _SCRIPT_TAG.search(document.masked, *inner):
            script = next((script for found, script in document.scripts if found is element), None)
            is_broken = "src" in element.attributes or (script is not None and script.error is not None)
            if is_broken and TRACE.search(document.masked, *inner):
                line, _ = document.position(element.start)
                message = f"conversion code stands in a script that begins in line {line} and does not end"
                yield Fault("swallowed", message, line)


def _clobbered(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """fp code whose pixel did not fire while another one did by the same loader: the settings were the other's."""
    others = {one.pixel_id for one in observed.fired if one.event is None and "offsite_event" in one.url}
    scripts = {code.pixel_id for code in document.codes if code.report.dialect == "fp" and code.script}
    other = ", ".join(sorted(others))
    for one in missing if others else ():
        if one.pixel_id in scripts:
            both = f"pixel {one.pixel_id} and pixel {other}"
            message = f"{both} share fb_param, and the loader read the other's; combine them"
            yield Fault("clobbered-global", message, one.line)


def _blocked(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    for blocked in observed.blocked:
        directive = blocked.directive.removesuffix("-elem")
        if is_of_vendor(blocked.url):
            line = blocked.line if directive == "script-src" else _line_of_image(blocked.url, document)
            yield Fault("blocked-by-csp", f"{directive} blocks {blocked.url}", line)
        elif missing and directive == "script-src" and _is_near(blocked, document, missing):
            yield Fault("blocked-by-csp", f"{directive} blocks {blocked.url}", blocked.line)


def _is_near(found: Blocked | ScriptError, document: Document, missing: Sequence[Expected]) -> bool:
    """Whether something happened in the script of a missing event; one that the page has no code for may be in any."""
    scripts = [code.script for code in document.codes if code.script and _is_of(code.pixel_id, missing)]
    if not scripts:
        return True
    if isinstance(found, ScriptError) and found.url:
        return False
    spans = [(document.position(script.start)[0], document.position(script.end)[0]) for script in scripts]
    return any(first <= (found.line or 0) <= last for first, last in spans)


def _is_of(pixel_id: str, missing: Sequence[Expected]) -> bool:
    return any(one.pixel_id == pixel_id for one in missing)


def _line_of_image(url: str, document: Document) -> int | None:
    for code in document.codes:
        for image in code.images:
            source = unescape(image.url.value.decode("utf-8", "replace"))
            if comparable("".join(source.split())) == comparable(url):
                return document.position(image.element.start)[0]
    return None


def _moved(observed: Observed, document: Document) -> Iterator[Fault]:
    """What stands in the head behind a noscript image, and is in the body."""
    start, stop = html.head_span(document.masked)
    for code in document.codes if observed.moved else ():
        for image in code.images:
            if image.noscript and start <= image.noscript.start <= stop:
                end = document.masked.lower().find(b"</head", image.noscript.end)
                behind = _IN_HEAD.findall(document.masked, image.noscript.end, end if end >= 0 else stop)
                names = dict.fromkeys(name.decode().lower() for name in behind)
                told = ", ".join(name for name in names if name in observed.moved)
                if told:
                    line, _ = document.position(image.noscript.start)
                    message = f"the noscript image ends the head, so in the body is now also {told}"
                    yield Fault("nodes-moved", message, line)
