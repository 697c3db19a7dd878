"""Why something did not fire: what is on the page, and what the browser said while loading it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from snippetkit import html, lint, platforms, snippets
from snippetkit.browser.observed import Blocked, Observed, ScriptError, comparable, endpoint_of, is_of_vendor
from snippetkit.browser.standing import Expected
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.references import decode
from snippetkit.snippets import DEAD, Code, Document
from snippetkit.terms import Coexistence

_NESTED = later(rb"<!--")
_SCRIPT_TAG = later(rb"<script[\t\n\f\r />]", re.IGNORECASE)
_IN_HEAD = later(rb"<(title|meta|link|base|style)(?=[\t\n\f\r />])", re.IGNORECASE)
_NOT_DEFINED = later(r"ReferenceError: ([\w$]+) is not defined")
_NEVER_CODE = frozenset({"iframe", "noembed", "noframes", "style", "title"})


class Fault(NamedTuple):
    """What is wrong: a stable code, a sentence, and the line of the page, from 1, or None."""

    code: str
    message: str
    line: int | None = None


def find_causes(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Yield what keeps a page's code from doing its work; doubtful causes only where an event is missing.

    Args:
        observed: the visit.
        document: its source.
        missing: the events that had to fire and did not.
    """
    known = [*_hidden(observed, document, missing), *_nested_scripts(observed, document)]
    known += [*_escaped(observed, document), *_nameless(observed, document)]
    if observed.javascript:
        known += [*_dead(observed, document, missing), *_stopped(observed, document)]
    if missing and observed.javascript:
        known += _clobbered(observed, document, missing)
        known += _unheard(observed, missing)
    known += _blocked(observed, document, missing)
    yield from known
    yield from (_of_error(error) for error in _undefined(observed, {fault.line for fault in known}))
    if missing:
        errors = observed.errors if not known else [one for one in observed.errors if _is_near(one, document, missing)]
        yield from map(_of_error, errors)
        if observed.went_to:
            yield Fault("went-on", f"the page went on to {observed.went_to}")
    yield from _moved(observed, document)


def _of_error(error: ScriptError) -> Fault:
    place = f" ({error.url}:{error.line})" if error.url else ""
    return Fault("script-error", f"{error.message}{place}", None if error.url else error.line)


def _undefined(observed: Observed, told: Container[int | None]) -> Iterator[ScriptError]:
    """Calls of a platform's function that nobody has made by then, whatever they were to tell."""
    for error in observed.errors:
        name = _NOT_DEFINED.search(error.message)
        is_told = not error.url and error.line in told
        if name and not is_told and platforms.global_names().fullmatch(name[1].encode()):
            yield error


def _hidden(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Code where a browser sees none, unless it fired all the same: a script may have taken it from there."""
    if not platforms.mention().search(document.masked):
        return
    fired = {one.pixel_id for one in observed.own}
    wanted = {one.pixel_id for one in missing}
    unclosed = (
        html.Hidden(element.name, element.start, element.inner_start, element.end, element.is_closed)
        for element in document.elements
        if not element.is_closed
    )
    for hidden in (*unclosed, *html.find_hidden(document.masked)):
        if not platforms.mention().search(document.masked, hidden.inner_start, hidden.end) or _is_read(
            document, hidden
        ):
            continue
        pixels = _pixels(document.data[hidden.inner_start : hidden.end])
        line, _ = document.position(hidden.start)
        code = _code_of(document, hidden)
        if (pixels and pixels <= fired) or (code == "not-run" and not pixels & wanted):
            continue
        name = f"the code of pixel {', '.join(sorted(pixels))}" if pixels else "conversion code"
        article = "an" if hidden.name.startswith("i") else "a"
        ends = f" that begins in line {line} and is never closed" if code == "swallowed" else ""
        yield Fault(code, f"{name} is in {article} {hidden.name}{ends}", line)


def _is_read(document: Document, hidden: html.Hidden) -> bool:
    """Whether a tool takes the code from there once the visitor has agreed."""
    scripts = (code.script for code in document.codes if code.script and code.script.inside == "template")
    return any(hidden.start < script.start < hidden.end for script in scripts)


def _code_of(document: Document, hidden: html.Hidden) -> str:
    """What code in such a place is: certainly a mistake, or perhaps meant."""
    if hidden.name == "template":
        return "in-template" if hidden.is_closed else "swallowed"
    runs_on = hidden.name == "comment" and _NESTED.search(document.masked, hidden.inner_start, hidden.end)
    return "swallowed" if not hidden.is_closed or runs_on or hidden.name in _NEVER_CODE else "not-run"


def _pixels(data: bytes) -> set[str]:
    inner = snippets.parse(data.decode("utf-8", "replace"))
    return {code.pixel_id for code in inner.codes if code.pixel_id}


def _nested_scripts(observed: Observed, document: Document) -> Iterator[Fault]:
    """A script without an end tag takes the next one's, so that both become one, which is no JavaScript."""
    for element in document.elements if observed.javascript else ():
        inner = element.inner_start, element.inner_end
        if element.name == "script" and element.is_closed and _SCRIPT_TAG.search(document.masked, *inner):
            script = document.script_at(element.start)
            is_broken = "src" in element.attributes or (script is not None and script.error is not None)
            if is_broken and platforms.mention().search(document.masked, *inner):
                line, _ = document.position(element.start)
                message = f"conversion code is in a script that begins in line {line} and is never closed"
                yield Fault("swallowed", message, line)


def _escaped(observed: Observed, document: Document) -> Iterator[Fault]:
    """Noscripts that show a visitor without JavaScript the text of an image."""
    for noscript in () if observed.javascript else lint.find_escaped(document):
        line, _ = document.position(noscript.start)
        yield Fault("not-run", "the noscript's image is escaped text; write <img", line)


def _dead(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Code that cannot run, unless it fired all the same; of a broken script the browser's own error says more."""
    fired = {(one.pixel_id, one.event) for one in observed.own}
    pixels = {one.pixel_id for one in observed.own}
    for code in (*document.codes, *document.bases):
        state = code.state
        has_fired = (code.pixel_id, code.event) in fired if code.event else code.pixel_id in pixels
        if state is None or state.name != DEAD or has_fired:
            continue
        if not (state.is_broken and _is_of(code.pixel_id, missing) and _errors_in(code, observed, document)):
            yield Fault(state.code, state.reason, document.position(state.start)[0])
    seen = {one.event for one in observed.own}
    early = [(call, reason) for call, reason in lint.find_early(document) if call.event not in seen]
    yield from (Fault("not-run", reason, document.position(call.start)[0]) for call, reason in early)


def _stopped(observed: Observed, document: Document) -> Iterator[Fault]:
    """Errors in scripts whose events have no known pixel: nobody would miss these events."""
    unnamed = (code for code in document.codes if _is_nobodys(code))
    for code in unnamed:
        yield from (Fault("script-error", one.message, one.line) for one in _errors_in(code, observed, document))


def _is_nobodys(code: Code) -> bool:
    return platforms.dialect_named(code.report.dialect).reaches_named and not (code.pixel_id or code.state)


def _errors_in(code: Code, observed: Observed, document: Document) -> list[ScriptError]:
    script = code.script
    first, last = (document.position(at)[0] for at in (script.start, script.end)) if script else (0, -1)
    return [error for error in observed.errors if not error.url and first <= (error.line or 0) <= last]


def _nameless(observed: Observed, document: Document) -> Iterator[Fault]:
    """Images that name a pixel and no event, where an endpoint has one."""
    for one in observed.own:
        endpoint = endpoint_of(one.url) if one.pixel_id and one.event is None else None
        if endpoint and (names := endpoint.query.get("event")):
            message = f"pixel {one.pixel_id} fired without an event: the image's URL has no {names[0]}="
            yield Fault("not-fired", message, _line_of_image(one.url, document))


def _clobbered(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Code whose pixel did not fire while another did through the same loader, which read the other's settings."""
    for dialect in (one for one in platforms.every() if one.coexistence is Coexistence.COMBINED):
        yield from _clobbered_in(dialect, observed, document, missing)


def _clobbered_in(
    dialect: Dialect, observed: Observed, document: Document, missing: Sequence[Expected]
) -> Iterator[Fault]:
    path = dialect.answered.image_path if dialect.answered else ""
    others = {one.pixel_id for one in observed.own if one.event is None and path in one.url} - {""}
    scripts = {code.pixel_id for code in document.codes if code.report.dialect == dialect.name and code.script}
    other = ", ".join(sorted(others))
    for one in missing if others else ():
        if one.pixel_id in scripts:
            both = f"pixel {one.pixel_id} and pixel {other}"
            message = f"{both} share {dialect.globals[0]}, and the loader read the other's; combine them"
            yield Fault("clobbered-global", message, one.line)


def _unheard(observed: Observed, missing: Sequence[Expected]) -> Iterator[Fault]:
    """Consent that nobody heard; code that runs later would see it in the variable."""
    if "consent-too-early" in observed.notes:
        message = "the page announces consent before the code listens; set window.snippetkitConsent = true as well"
        yield Fault("consent-too-early", message, missing[0].line)


def _blocked(observed: Observed, document: Document, missing: Sequence[Expected]) -> Iterator[Fault]:
    for blocked in observed.blocked:
        directive = blocked.directive.removesuffix("-elem")
        if is_of_vendor(blocked.url):
            line = blocked.line if directive == "script-src" else _line_of_image(blocked.url, document)
            yield Fault("blocked-by-csp", f"{directive} blocks {blocked.url}", line)
        elif missing and directive == "script-src" and _is_near(blocked, document, missing):
            yield Fault("blocked-by-csp", f"{directive} blocks {blocked.url}", blocked.line)


def _is_near(cause: Blocked | ScriptError, document: Document, missing: Sequence[Expected]) -> bool:
    """Whether something happened in the script of a missing event; without code on the page it may be any script."""
    scripts = [code.script for code in document.codes if code.script and _is_of(code.pixel_id, missing)]
    if not scripts:
        return True
    if isinstance(cause, ScriptError) and cause.url:
        return False
    spans = [(document.position(script.start)[0], document.position(script.end)[0]) for script in scripts]
    return any(first <= (cause.line or 0) <= last for first, last in spans)


def _is_of(pixel_id: str, missing: Sequence[Expected]) -> bool:
    return any(one.pixel_id == pixel_id for one in missing)


def _line_of_image(url: str, document: Document) -> int | None:
    for code in document.codes:
        for image in code.images:
            source = decode(image.url.value).decode("utf-8", "replace")
            if comparable("".join(source.split())) == comparable(url):
                return document.position(image.element.start)[0]
    return None


def _moved(observed: Observed, document: Document) -> Iterator[Fault]:
    """What is written in the head after a noscript image, and ends up in the body."""
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
