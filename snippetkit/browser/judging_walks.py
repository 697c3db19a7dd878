"""What is wrong with a walk: events that come once more, before the page is shown, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import platforms, snippets
from snippetkit.browser.causes import Fault
from snippetkit.browser.judging import Verdict, is_one_order, matching
from snippetkit.browser.observed import ANEW, SECOND, Fired, Observed, Origin, is_page_view
from snippetkit.browser.origins import find_origins
from snippetkit.browser.standing import Expected, Standing, find_standing
from snippetkit.records import dataclass

_UNSEEN = {"hover": "while the mouse is over the link", "prerender": "in a prerendered page that nobody has opened"}
_AGAIN = {"back": "as the visitor goes back", "forward": "as the visitor comes back to the page"}
_KEEP_BACK = "'snippetkit inject --lazy-noscript' keeps its noscript's image back"
_REMEMBER = "let its script remember on window that it has fired"
_GUARD = "let its script wait until the page is shown"

_Sent = tuple[Fired, Origin]


@dataclass(frozen=True, slots=True)
class _OnWalk:
    """An event of a walk, and how often it was seen: each time with what sent it.

    `is_certain` says that it has to fire; `is_view` that each page has it.
    """

    expected: Expected
    seen: Sequence[_Sent]
    is_certain: bool = False
    is_view: bool = False

    def at(self, step: str) -> list[_Sent]:
        """Return the page's own at a step, whether the page was loaded anew there or not."""
        return [one for one in self.seen if not one[0].frame and one[0].step.removesuffix(ANEW) == step]

    def in_place(self, step: str) -> list[_Sent]:
        """Return those at a step that brought no new document."""
        return [one for one in self.seen if one[0].step == step]

    def is_one_order(self, *steps: str) -> bool:
        """Whether all that it fired at these steps is of one order, by a platform that counts that once."""
        fired = [sent for step in steps for sent, _ in self.at(step)]
        return len(fired) > 1 and is_one_order(fired)

    def fault(self, code: str, what: str, sent: Sequence[_Sent] = (), remedy: str = _REMEMBER) -> Fault:
        """Return what is wrong, with what to do about it and the place of what sent the event."""
        by, line = next((origin for _, origin in sent if origin[0] == "image"), sent[-1][1] if sent else ("", None))
        advice = f"; {_KEEP_BACK if by == 'image' else remedy}" if sent else ""
        return Fault(code, f"{self.expected.name} {what}{advice}", line or self.expected.line)


def judge_walk(observed: Observed, expected: Sequence[Expected] | None = None) -> Verdict:
    """Return what is wrong with a walk to a page.

    Args:
        observed: the walk, each event with its step.
        expected: the events that have to fire once. None for those that the page's code is certain to fire, and for
            what else the page fires: after a click, no less often than as it is loaded, and no more often.
    """
    standing = find_standing(snippets.parse(observed.source), javascript=True) if expected is None else []
    named = [one.expected for one in standing if one.is_certain] if expected is None else expected
    seen = list(zip(observed.fired, find_origins(Verdict(observed, (), ())), strict=True))
    walked = [_on_walk(one, seen, is_said=expected is not None, is_certain=True) for one in named]
    wanted = tuple(one.expected for one in walked if one.is_certain)
    walked += _others(seen, named, standing) if expected is None else ()
    faults = [Fault("not-loaded", observed.failure)] if observed.failure else []
    for one in walked:
        faults += [*_unseen(one), *_clicked(one, is_over=bool(observed.failure)), *_again(one)]
    return Verdict(observed, wanted, tuple(faults))


def _on_walk(expected: Expected, seen: Sequence[_Sent], *, is_certain: bool = False, is_said: bool = False) -> _OnWalk:
    """The event with what was seen of it; a page view is one unless a person said that it has to fire."""
    met = matching(expected, [fired for fired, _ in seen])
    same = [one for one in seen if one[0] in met]
    is_view = not is_said and (any(map(is_page_view, met)) if met else _is_called_view(expected.event))
    return _OnWalk(expected, same, is_certain and not is_view, is_view)


def _is_called_view(event: str | None) -> bool:
    return any(event in platform.base_events for platform in platforms.every_platform())


def _others(seen: Sequence[_Sent], named: Sequence[Expected], standing: Sequence[Standing]) -> Iterator[_OnWalk]:
    """What else the page fires, in a condition or from a file, but not what the page before it fires, too."""
    at_start = {(one.pixel_id, one.event) for one, _ in seen if one.step == "start"}
    own = [one for one, _ in seen if not one.frame and not any(each.is_met_by(one) for each in named)]
    lines = {(one.expected.pixel_id, one.expected.event): one.expected.line for one in standing}
    for key in dict.fromkeys((one.pixel_id, one.event) for one in own):
        if key not in at_start and (key[1] or key in lines):  # without a name it is a conversion by its pixel alone
            yield _on_walk(Expected(*key, line=lines.get(key)), seen)


def _unseen(one: _OnWalk) -> Iterator[Fault]:
    is_of_page = one.is_certain or one.at("click") or one.at("reload")
    for step, words in _UNSEEN.items():
        if is_of_page and (sent := one.in_place(step)):
            yield one.fault("fires-unseen", f"fired {words}", sent, _GUARD)


def _clicked(one: _OnWalk, *, is_over: bool) -> Iterator[Fault]:
    """How often it fired after a click, compared with how often it should, or as the page is loaded."""
    clicked, loaded = one.at("click"), one.at("reload")
    usual = 1 if one.is_certain else max(1, len(loaded))
    if not clicked and not one.is_view and not is_over and (one.is_certain or loaded):
        only = ", only as the page is loaded; let the link load it anew" if loaded else ""
        yield one.fault("not-fired", f"did not fire after a click on a link to the page{only}")
    elif len(clicked) > usual and not one.is_one_order("click"):
        yield from _twice(one, clicked)
    elif len(second := one.in_place(SECOND)) > max(usual, len(clicked)) and not one.is_one_order("click", SECOND):
        yield one.fault("fires-again", f"fired {len(second)} times after a second click, first in a preview", second)


def _twice(one: _OnWalk, clicked: Sequence[_Sent]) -> Iterator[Fault]:
    how = f"fired {len(clicked)} times after one click"
    if clicked[0][0].step == "click":
        yield one.fault("fires-again", f"{how}, without loading the page again", clicked)
    elif one.is_certain:
        yield one.fault("fired-twice", how)


def _again(one: _OnWalk) -> Iterator[Fault]:
    for step, words in _AGAIN.items() if one.at("click") and not one.is_view else ():
        if (sent := one.in_place(step)) and not one.is_one_order("click", step):
            yield one.fault("fires-again", f"fired once more {words}", sent)
