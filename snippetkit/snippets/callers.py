"""What calls a function of a script from another place of its page: a script, or the handler of an element."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from snippetkit import html, platforms
from snippetkit.javascript import AT_ONCE, Elsewhere, Occasion, Occasions, Script
from snippetkit.platforms import Report
from snippetkit.records import replace
from snippetkit.references import decode
from snippetkit.snippets import states

NOTHING: Mapping[str, Occasion] = MappingProxyType({})
_MOST = 50
_NAMED = r"(?<![\w$])%s(?![\w$])"


def with_occasions(script: Script, reports: Sequence[Report], elsewhere: Elsewhere) -> Iterator[Report]:
    """Yield what a script reports, with what that waits for."""
    occasions = Occasions(script, elsewhere)
    waiting: set[Report] = set()
    for report in reports:
        is_of_queue = report.queue is not None or report.start < script.start
        one = AT_ONCE if is_of_queue else _occasion(occasions, script, report)
        if one.never is not None:
            line = script.masked.count(b"\n", script.start + one.never, report.inner or report.start)
            before = f"{line} lines above" if line > 1 else "in front of it"
            yield replace(report, reason=report.reason or f"the script is left {before}, so this is not reached")
            continue
        places = () if is_of_queue else report.places
        after = next(filter(None, (occasions.waits_for_page(place - script.start) for place in places)), "")
        is_plain = one == AT_ONCE and not after
        told = report if is_plain else replace(report, action=one.action, function=one.function, after=after)
        once = replace(told, order=())
        if not (told.action and once in waiting):  # of listeners for several events one is listed
            waiting.add(once)
            yield told


def _occasion(occasions: Occasions, script: Script, report: Report) -> Occasion:
    """When a report is made: on what its call waits for, or else on what the function that it is made in does."""
    outer, inner = (occasions.at(place - script.start) for place in (report.places[0], report.places[-1]))
    return inner if outer == AT_ONCE or inner.never is not None else outer


class Callers:
    """The other scripts of a page and its handlers, looked at once a script has a function that nothing there calls.

    `are_asked` says that one has been.
    """

    def __init__(
        self, masked: bytes, elements: Sequence[html.Element], calls: Mapping[str, Occasion] = NOTHING
    ) -> None:
        """Take a page, its elements, and when other files call functions, by their names."""
        self._masked, self._elements, self._calls = masked, elements, calls
        self.are_asked = False

    def of(self, element: html.Element, *, is_page_alone: bool = False) -> Elsewhere:
        """Return what says when a function of this script is called from elsewhere, be it from another file."""
        calls = NOTHING if is_page_alone else self._calls

        def when(name: str) -> Occasion | None:
            self.are_asked = True
            return self._by_handler(name) or self._by_script(name, element) or calls.get(name)

        return when

    def as_called(self, report: Report) -> Report:
        """Return a report of another file with what the page does to call its function, if it does."""
        found = None if report.action or not report.function else self.anywhere(report.function)
        if found is None:
            return report
        return replace(report, action=found.action, function=report.function if found.action else "")

    def anywhere(self, name: str) -> Occasion | None:
        """Return when the page calls a function by this name, None where nothing there does."""
        self.are_asked = True
        return self._by_handler(name) or self._by_script(name, None)

    def _by_handler(self, name: str) -> Occasion | None:
        named = re.compile(_NAMED % re.escape(name))
        actions = [action for action, code in self._handlers if named.search(code)]
        return Occasion("" if "" in actions else actions[0]) if actions else None

    def _by_script(self, name: str, own: html.Element | None) -> Occasion | None:
        named = re.compile(_NAMED.encode() % re.escape(name.encode()))
        others = [one for one in self._scripts if own is None or one.start != own.start]
        found = [
            self._occasions_of(one).of_name(name)
            for one in others[:_MOST]
            if named.search(self._masked, one.inner_start, one.inner_end)
        ]
        known = [one for one in found if one]
        return AT_ONCE if AT_ONCE in known else next(iter(known), None)

    def _occasions_of(self, element: html.Element) -> Occasions:
        if element.start not in self._known:
            place = element.inner_start, element.inner_end
            script = Script(self._masked, self._masked, *place, reporting=platforms.reporting())
            self._known[element.start] = Occasions(script, self._by_handler)
        return self._known[element.start]

    @cached_property
    def _known(self) -> dict[int, Occasions]:
        return {}

    @cached_property
    def _scripts(self) -> list[html.Element]:
        scripts = (one for one in self._elements if one.name == "script" and one.is_closed and not one.inside)
        return [one for one in scripts if states.of_tag(one) is None]

    @cached_property
    def _handlers(self) -> list[tuple[str, str]]:
        found = html.find_handlers(self._masked)
        return [(one.action, decode(one.attribute.value).decode("utf-8", "replace")) for one in found]
