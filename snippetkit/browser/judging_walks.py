"""What is wrong with a walk: events that come once more, before the page is shown, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import platforms, snippets
from snippetkit.browser.causes import Fault
from snippetkit.browser.judging import Verdict
from snippetkit.browser.observed import Fired, Observed
from snippetkit.browser.standing import Expected, find_standing
from snippetkit.browser.walking import ANEW

_UNSEEN = {"hover": "while the mouse is over the link", "prerender": "in a prerendered page that nobody has opened"}
_AGAIN = {"back": "as the visitor goes back", "forward": "as the visitor comes back to the page"}


def judge_walk(observed: Observed, expected: Sequence[Expected] | None = None) -> Verdict:
    """Return what is wrong with a walk to a page.

    Args:
        observed: the walk, each event with its step.
        expected: the events that have to fire once, or None for those that the page's code is certain to fire; page
            views apart, which each page has.
    """
    if expected is None:
        standing = find_standing(snippets.parse(observed.source), javascript=True)
        page_views = {event for platform in platforms.every_platform() for event in platform.base_events}
        expected = [one.expected for one in standing if one.is_certain and one.expected.event not in page_views]
    faults = [Fault("not-loaded", observed.failure)] if observed.failure else []
    for one in expected:
        faults += _of(one, [fired for fired in observed.fired if one.is_met_by(fired)], observed)
    return Verdict(observed, tuple(expected), tuple(faults))


def _of(expected: Expected, fired: Sequence[Fired], observed: Observed) -> Iterator[Fault]:
    by_step = {one.step: [other for other in fired if other.step == one.step] for one in fired}
    for step, words in _UNSEEN.items():
        if step in by_step:
            yield Fault("fires-unseen", f"{expected.name} fired {words}", expected.line)
    clicked = [one for one in fired if not one.frame and one.step.removesuffix(ANEW) == "click"]
    if not clicked and not observed.failure:
        yield Fault("not-fired", f"{expected.name} did not fire after a click on a link to the page", expected.line)
    elif len(clicked) > 1:
        is_soft = clicked[0].step == "click"
        code, how = ("fires-again", ", without loading the page again") if is_soft else ("fired-twice", "")
        yield Fault(code, f"{expected.name} fired {len(clicked)} times after one click{how}", expected.line)
    for step, words in _AGAIN.items():
        if step in by_step:
            yield Fault("fires-again", f"{expected.name} fired once more {words}", expected.line)
