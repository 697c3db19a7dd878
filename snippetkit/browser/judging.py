"""What was seen, held against what stands on the page or what a person expects: what is wrong, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from snippetkit import lint, money, snippets
from snippetkit.browser.observed import Blocked, Fired, Observed
from snippetkit.snippets import TRACE, Document

FAULTS = {
    "not-loaded": "The page could not be loaded, or not in time.",
    "not-fired": "A pixel did not fire.",
    "fired-twice": "A pixel fired more than once, so it counts more than once.",
    "wrong-value": "A pixel reported another value.",
    "wrong-currency": "A pixel reported another currency.",
    "unexpected": "A pixel fired that nobody expects.",
    "clobbered-global": "Two fp scripts share one global, so only the last one's settings count.",
    "blocked-by-csp": "A Content-Security-Policy blocked the code, the loader or the image.",
    "swallowed": "The code stands in an element that does not end.",
    "in-template": "The code stands in a template, where it does nothing.",
    "script-error": "A script stopped with an error.",
    "nodes-moved": "A noscript image in the head ended it, so elements of the head are in the body.",
}
"""Every code, and what it means."""

_OF_LINT = {"fb-param-clobber": "clobbered-global", "unclosed-element": "swallowed"}
_TEMPLATE = re.compile(rb"<template(?=[\t\n\f\r />])", re.IGNORECASE)
_TEMPLATE_END = re.compile(rb"</template", re.IGNORECASE)


class Fault(NamedTuple):
    """What is wrong: a stable code, a sentence, and the line of the page, from 1, or None."""

    code: str
    message: str
    line: int | None = None


class Expected(NamedTuple):
    """An event that has to fire once; what is None may be anything. `line` is where its code stands, or None."""

    pixel_id: str
    event: str | None = None
    value: str | None = None
    currency: str | None = None
    line: int | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"pixel {self.pixel_id}" + (f" {self.event}" if self.event else "")


class Verdict(NamedTuple):
    """A visit, what had to fire, and what is wrong."""

    observed: Observed
    expected: tuple[Expected, ...]
    faults: tuple[Fault, ...]


def judge(observed: Observed, expected: Sequence[Expected] | None = None) -> Verdict:
    """Return what is wrong with a visit.

    Args:
        observed: the visit.
        expected: the events that have to fire, each once, and no other; None where what stands on the page counts.
    """
    document = snippets.parse(observed.source)
    wanted = tuple(_standing(document, javascript=observed.javascript) if expected is None else expected)
    faults = [Fault("not-loaded", observed.failure)] if observed.failure else []
    for one in wanted:
        faults += _compared(one, [fired for fired in observed.fired if _is_of(fired, one)])
    if expected is not None:
        faults += _unexpected(observed.fired, wanted)
    if any(fault.code in {"not-fired", "fired-twice", "wrong-value"} for fault in faults) or not observed.fired:
        faults += _causes(observed, document, is_missing=any(fault.code == "not-fired" for fault in faults))
    faults += _moved(observed, document)
    return Verdict(observed, wanted, tuple(dict.fromkeys(faults)))


def _standing(document: Document, *, javascript: bool) -> list[Expected]:
    """What the code on the page has to fire: with JavaScript the scripts and the bare images, without it the images."""
    found: dict[tuple[str, str | None], Expected] = {}
    for snippet in snippets.read_document(document):
        fires = bool(snippet.script) or not snippet.noscript if javascript else bool(snippet.image_span)
        if fires and snippet.pixel_id:
            value, currency = (None, None) if snippet.dynamic else (snippet.value, snippet.currency)
            one = Expected(snippet.pixel_id, snippet.event, value, currency, snippet.line)
            found.setdefault((one.pixel_id, one.event), one)
    return list(found.values())


def _is_of(fired: Fired, expected: Expected) -> bool:
    is_same = None in {fired.event, expected.event} or fired.event == expected.event
    return is_same and fired.pixel_id == expected.pixel_id


def _compared(expected: Expected, fired: Sequence[Fired]) -> Iterator[Fault]:
    if not fired:
        yield Fault("not-fired", f"{expected.name} did not fire", expected.line)
        return
    if len(fired) > 1:
        yield Fault("fired-twice", f"{expected.name} fired {len(fired)} times", expected.line)
    for one in fired:
        if expected.value is not None and not money.is_same(one.value, expected.value):
            message = f"{expected.name} reported {one.value or 'no value'}, not {expected.value}"
            yield Fault("wrong-value", message, expected.line)
        if expected.currency is not None and one.currency != expected.currency:
            message = f"{expected.name} reported {one.currency or 'no currency'}, not {expected.currency}"
            yield Fault("wrong-currency", message, expected.line)


def _unexpected(fired: Iterable[Fired], wanted: Sequence[Expected]) -> Iterator[Fault]:
    for one in fired:
        if not any(_is_of(one, expected) for expected in wanted):
            name = Expected(one.pixel_id or "without a number", one.event).name
            yield Fault("unexpected", f"{name} fired, with {one.value or 'no value'} {one.currency or ''}".rstrip())


def _causes(observed: Observed, document: Document, *, is_missing: bool) -> Iterator[Fault]:
    """Why something did not fire, or not as it should."""
    for finding in lint.find(document):
        code = _OF_LINT.get(finding.code)
        if code and (observed.javascript or code == "swallowed"):
            yield Fault(code, finding.message, finding.line)
    yield from _in_templates(document)
    for blocked in observed.blocked:
        if is_missing or _is_of_vendor(blocked):
            yield Fault("blocked-by-csp", f"{blocked.directive} blocks {blocked.url}", blocked.line)
    if is_missing:
        for error in observed.errors:
            yield Fault("script-error", f"{error.url}:{error.line}: {error.message}")


def _is_of_vendor(blocked: Blocked) -> bool:
    return "facebook." in blocked.url


def _in_templates(document: Document) -> Iterator[Fault]:
    at = 0
    while start := _TEMPLATE.search(document.masked, at):
        end = _TEMPLATE_END.search(document.masked, start.end())
        at = end.end() if end else len(document.masked)
        if TRACE.search(document.masked, start.end(), at):
            line, _ = document.position(start.start())
            yield Fault("in-template", "conversion code in a template does nothing", line)


def _moved(observed: Observed, document: Document) -> Iterator[Fault]:
    lines = [finding.line for finding in lint.find(document) if finding.code == "noscript-in-head"]
    if observed.moved and lines:
        names = ", ".join(observed.moved)
        yield Fault("nodes-moved", f"the noscript image ends the head: in the body is now also {names}", lines[0])


def where(fired: Fired, verdict: Verdict) -> tuple[str, int | None]:
    """Return what sent an event, `image` where its URL stands on the page, else `script`, and the line of its code."""
    javascript = verdict.observed.javascript
    document = snippets.parse(verdict.observed.source)
    for code, snippet in zip(document.codes, snippets.read_document(document), strict=True):
        if snippet.image_url == fired.url and not (javascript and snippet.noscript):
            line, _ = document.position(code.images[0].element.start)
            return "image", line
        is_same = snippet.pixel_id == fired.pixel_id and fired.event in {None, snippet.event}
        if javascript and is_same and snippet.script:
            return "script", snippet.line
    return "script" if javascript else "image", None
