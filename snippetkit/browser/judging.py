"""What was seen, held against what stands on the page or what a person expects: what is wrong, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from snippetkit import money, snippets
from snippetkit.browser.causes import Fault, find_causes
from snippetkit.browser.observed import Fired, Observed
from snippetkit.browser.standing import Expected, find_standing

FAULTS = {
    "not-loaded": "The page could not be loaded, or not in time.",
    "not-fired": "A pixel did not fire.",
    "fired-twice": "A pixel fired more than once, so it counts more than once.",
    "wrong-value": "A pixel reported another value.",
    "wrong-currency": "A pixel reported another currency.",
    "unexpected": "A pixel fired that nobody expects.",
    "without-consent": "A pixel fired although the visitor withheld consent.",
    "clobbered-global": "Two fp scripts share one global, so only the last one's settings count.",
    "blocked-by-csp": "A Content-Security-Policy blocked the code, the loader or the image.",
    "swallowed": "The code stands in an element or a comment that does not end where it should.",
    "not-run": "The code stands in a comment or an element whose content is only text.",
    "in-template": "The code stands in a template, where it does nothing.",
    "script-error": "A script stopped with an error.",
    "went-on": "The page went on to another one.",
    "nodes-moved": "A noscript image in the head ended it, so elements of the head are in the body.",
}
"""Every code, and what it means."""

_PAGE_VIEW = "PageView"


class Verdict(NamedTuple):
    """A visit, what had to fire, and what is wrong."""

    observed: Observed
    expected: tuple[Expected, ...]
    faults: tuple[Fault, ...]


def judge(observed: Observed, expected: Sequence[Expected] | None = None, *, consent: str | None = None) -> Verdict:
    """Return what is wrong with a visit.

    Args:
        observed: the visit.
        expected: the events that have to fire, each once, and no other but a page view of the same pixels; None where
            what stands on the page counts.
        consent: `grant` or `withhold` where the visitor says so: granted, code that waits for it has to fire; withheld,
            nothing may, unless it is expected.
    """
    is_withheld = consent == "withhold" and expected is None
    document = snippets.parse(observed.source)
    standing = find_standing(document, javascript=observed.javascript, is_granted=consent == "grant")
    wanted = tuple(one.expected for one in standing if one.is_certain) if expected is None else tuple(expected)
    may_fire = [one.expected for one in standing if not one.is_certain] if expected is None else []
    faults = [Fault("not-loaded", observed.failure)] if observed.failure else []
    if is_withheld:
        wanted, may_fire = (), []
        faults += (Fault("without-consent", f"{_told(one)} without consent") for one in observed.fired)
    for one in (*wanted, *may_fire):
        found = _matching(one, observed.fired)
        if one in wanted or found:
            faults += _compared(one, found)
    if expected is not None:
        faults += _unexpected(observed.fired, wanted)
    missing = [one for one in wanted if not _matching(one, observed.fired)]
    if not is_withheld:
        faults += find_causes(observed, document, missing)
    return Verdict(observed, wanted, tuple(dict.fromkeys(faults)))


def _matching(expected: Expected, fired: Sequence[Fired]) -> list[Fired]:
    """The events that are the one expected; where only the pixel is named, its page view counts for want of another."""
    found = [one for one in fired if expected.is_met_by(one)]
    return found if expected.event else [one for one in found if one.event != _PAGE_VIEW] or found


def _compared(expected: Expected, fired: Sequence[Fired]) -> Iterator[Fault]:
    if not fired:
        yield Fault("not-fired", f"{expected.name} did not fire", expected.line)
        return
    if len(fired) > 1:
        yield Fault("fired-twice", f"{expected.name} fired {len(fired)} times", expected.line)
    for one in fired:
        if expected.value is not None and not _is_same(one.value, expected.value):
            message = f"{expected.name} reported {one.value or 'no value'}, not {expected.value}"
            yield Fault("wrong-value", message, expected.line)
        if expected.currency is not None and one.currency != expected.currency:
            message = f"{expected.name} reported {one.currency or 'no currency'}, not {expected.currency}"
            yield Fault("wrong-currency", message, expected.line)


def _is_same(one: str | None, other: str) -> bool:
    return one == other or money.is_same(one, other)


def _unexpected(fired: Iterable[Fired], wanted: Sequence[Expected]) -> Iterator[Fault]:
    of_wanted = {expected.pixel_id for expected in wanted}
    for one in fired:
        is_page_view = one.event == _PAGE_VIEW and one.pixel_id in of_wanted
        if not is_page_view and not any(expected.is_met_by(one) for expected in wanted):
            yield Fault("unexpected", _told(one))


def _told(one: Fired) -> str:
    name = Expected(one.pixel_id or "without a number", one.event).name
    return f"{name} fired, with {one.value or 'no value'} {one.currency or ''}".rstrip()
