"""What was seen, compared with the page's code or with what a person expects: what is wrong, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from snippetkit import money, snippets
from snippetkit.browser.causes import Fault, find_causes
from snippetkit.browser.observed import Fired, Observed, Origin, counts_orders_once, is_page_view
from snippetkit.browser.reaching import find_reached
from snippetkit.browser.standing import Expected, Standing, find_standing
from snippetkit.errors import SlowReadingError
from snippetkit.key import JOIN
from snippetkit.records import replace
from snippetkit.snippets import Document

FAULTS = {
    "not-loaded": "The page could not be loaded, or not in time.",
    "not-fired": "A pixel did not fire.",
    "fired-twice": "A pixel fired more than once, so it counts more than once.",
    "wrong-value": "A pixel reported another value.",
    "wrong-currency": "A pixel reported another currency.",
    "unexpected": "A pixel fired that was not expected.",
    "reached-another": "An event reached a pixel that the page does not name.",
    "without-consent": "A pixel fired although the visitor withheld consent.",
    "consent-too-early": "The page announced consent before the code listened, and did not record it.",
    "clobbered-global": "Two fp scripts share one global, so only the last one's settings count.",
    "blocked-by-csp": "A Content-Security-Policy blocked the code, the loader or the image.",
    "swallowed": "The code is inside an element or a comment that is not closed where it should be.",
    "not-run": "The code is escaped text, or inside a comment, a text element or a script that no browser runs.",
    "in-template": "The code is in a template, where it does nothing.",
    "script-error": "A script stopped with an error.",
    "went-on": "The page went on to another one.",
    "fires-again": "A pixel fired once more for one visit: by a soft navigation, or as the visitor came back.",
    "fires-unseen": "A pixel fired before the page was shown: as the mouse was over a link, or in a prerender.",
    "nodes-moved": "A noscript image in the head ended it, so elements of the head are in the body.",
}
"""Every code, and what it means."""

NOTES = {
    "asks-webdriver": "a script checks for an automated browser (navigator.webdriver): visitors may see another page; "
    "--as-visitor hides that",
}
"""What is no fault, but is said of a visit all the same."""


class Verdict(NamedTuple):
    """A visit, what had to fire, and what is wrong.

    `digest` is of all that the visit depended on, empty where that is not known. `origins` are there only where the
    verdict is carried over from an earlier run: what sent each event.
    """

    observed: Observed
    expected: tuple[Expected, ...]
    faults: tuple[Fault, ...]
    digest: str = ""
    origins: tuple[Origin, ...] | None = None

    @property
    def is_carried(self) -> bool:
        """Whether the page was not loaded now, but in an earlier run."""
        return self.origins is not None


def judge(
    observed: Observed,
    expected: Sequence[Expected] | None = None,
    *,
    consent: str | None = None,
    named: Iterable[str] = (),
) -> Verdict:
    """Return what is wrong with a visit.

    Args:
        observed: the visit. The page's code is compared with what the page itself fired, not with what a frame
            in it did, which is another page: that counts only where both fire the same event, and so twice.
        expected: the events that have to fire, each once, and no other except page views of the same pixels and what
            their base code asks for; None where the page's code counts.
        consent: `grant` or `withhold` where the visitor says so: granted, code that waits for it has to fire; withheld,
            nothing may, unless it is expected.
        named: further pixels whose page views, and what their base code asks for, are no fault beside what is expected.
    """
    try:
        return _judged(observed, snippets.parse(observed.source), expected, consent, named)
    except SlowReadingError as error:
        return Verdict(replace(observed, source=""), (), (Fault("not-loaded", str(error)),))


def _judged(
    observed: Observed,
    document: Document,
    expected: Sequence[Expected] | None,
    consent: str | None,
    named: Iterable[str],
) -> Verdict:
    is_withheld = consent == "withhold" and expected is None
    standing = _standing(document, javascript=observed.javascript, is_granted=consent == "grant")
    wanted = tuple(one.expected for one in standing if one.is_certain) if expected is None else tuple(expected)
    may_fire = [one.expected for one in standing if not one.is_certain] if expected is None else []
    fired = observed.own if expected is None else observed.fired
    faults = [Fault("not-loaded", observed.failure)] if observed.failure else []
    if is_withheld:
        wanted, may_fire = (), []
        faults += (Fault("without-consent", f"{_told(one)} without consent") for one in observed.fired)
    for one in (*wanted, *may_fire):
        found = matching(one, fired)
        if one in wanted or found:
            faults += _compared(one, found)
        if found and expected is None:
            faults += _in_frames(one, observed.fired)
    if expected is not None:
        faults += _unexpected(observed.fired, wanted, named)
    elif observed.javascript and not is_withheld:
        faults += find_reached(observed, document)
    missing = [one for one in wanted if not matching(one, fired)]
    if not is_withheld:
        faults += find_causes(observed, document, missing)
    return Verdict(observed, wanted, tuple(dict.fromkeys(faults)))


def _standing(document: Document, *, javascript: bool, is_granted: bool) -> list[Standing]:
    """What stands on the page, and in the `srcdoc` of its frames, each event once: it is to fire once."""
    by_event: dict[tuple[str, str | None], Standing] = {}
    for shown in (document, *snippets.find_frames(document)):
        for one in find_standing(shown, javascript=javascript, is_granted=is_granted):
            by_event.setdefault((one.expected.pixel_id, one.expected.event), one)
    return [*by_event.values()]


def matching(expected: Expected, fired: Sequence[Fired]) -> list[Fired]:
    """The events that match the expected one; where only the pixel is named, its page view will do if need be."""
    met = [one for one in fired if expected.is_met_by(one)]
    return met if expected.event else [one for one in met if not is_page_view(one)] or met


def _compared(expected: Expected, fired: Sequence[Fired]) -> Iterator[Fault]:
    if not fired:
        yield Fault("not-fired", f"{expected.name} did not fire", expected.line)
        return
    if len(fired) > 1 and not is_one_order(fired):
        yield Fault("fired-twice", f"{expected.name} fired {len(fired)} times", expected.line)
    for one in fired:
        if expected.value is not None and not _is_same(one.value, expected.value):
            message = f"{expected.name} reported {one.value or 'no value'}, not {expected.value}"
            yield Fault("wrong-value", message, expected.line)
        if expected.currency is not None and one.currency != expected.currency:
            message = f"{expected.name} reported {one.currency or 'no currency'}, not {expected.currency}"
            yield Fault("wrong-currency", message, expected.line)


def is_one_order(fired: Sequence[Fired]) -> bool:
    """Whether events are of one order, by a platform that counts that once."""
    orders = {one.order_id for one in fired}
    return len(orders) == 1 and None not in orders and all(counts_orders_once(one.url) for one in fired)


def _in_frames(expected: Expected, fired: Sequence[Fired]) -> Iterator[Fault]:
    for frame in dict.fromkeys(one.frame for one in fired if one.frame and expected.is_met_by(one)):
        yield Fault("fired-twice", f"{expected.name} fired in the frame {frame} too", expected.line)


def _is_same(one: str | None, other: str) -> bool:
    return one == other or money.is_same(one, other)


def _unexpected(fired: Iterable[Fired], wanted: Sequence[Expected], named: Iterable[str]) -> Iterator[Fault]:
    ids = [*named, *(expected.pixel_id for expected in wanted)]
    known = {known for id_ in ids for known in (id_, id_.partition(JOIN)[0])}
    for one in fired:
        is_of_base = one.pixel_id in known and (is_page_view(one) or _tells_nothing(one))
        if not is_of_base and not any(expected.is_met_by(one) for expected in wanted):
            yield Fault("unexpected", _told(one))


def _tells_nothing(fired: Fired) -> bool:
    """Whether a request says no more than that a pixel, or its account, is on the page."""
    return not fired.event and fired.value is None


def _told(one: Fired) -> str:
    name = Expected(one.pixel_id or "without a number", one.event).name
    return f"{name} fired, with {one.value or 'no value'} {one.currency or ''}".rstrip()
