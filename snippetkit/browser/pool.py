"""The tabs of a browser: several look at pages at once, and what seems wrong is looked at again, alone."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from snippetkit.browser.devtools import DevToolsError
from snippetkit.browser.doors import Address, Proxy
from snippetkit.browser.doubts import Codes, Doubts
from snippetkit.browser.observed import Observed
from snippetkit.browser.pace import Pace, cut_off
from snippetkit.browser.probe import keep_measuring
from snippetkit.browser.side_by_side import look_at_all
from snippetkit.browser.tabs import Tab
from snippetkit.browser.targets import Targets
from snippetkit.browser.visiting import look_at
from snippetkit.browser.visits import Visit
from snippetkit.browser.walking import walk
from snippetkit.browser.wording import in_words
from snippetkit.errors import BrowserError
from snippetkit.records import replace

Seen = tuple[int, Observed]
"""The number of a visit, from 0, and what it saw."""

Wrong = Callable[[int, Observed], Codes]
"""Says what is wrong with a visit."""

_STEP_S = 0.05
_MOST = 64
_MOST_BESIDE = 100  # of these, what they share is made once
_MOST_CHARACTERS = 16_000_000
_MOST_BYTES = 12_000_000  # of HTML at once: a browser takes about a hundred times as much memory
_Judged = tuple[int, Observed, float]
_Doubtful = tuple[int, Observed, Codes, float]


class TabPool:
    """Tabs of a browser; visits to one server, by one user, with the same scripts share a tab, one after the other."""

    def __init__(
        self,
        targets: Targets,
        visits: Sequence[Visit],
        doors: Mapping[Address | None, Proxy],
        pace: Pace,
        parallel: int,
    ) -> None:
        self._targets = targets
        self._visits = visits
        self._doors = doors
        self._pace = pace
        self._parallel = parallel
        self._free = defaultdict[tuple[object, ...], list[Tab]](list)
        self._bytes = 0

    async def look(self, wrong: Wrong | None) -> AsyncGenerator[Seen, None]:
        """Yield what each visit saw; one in which `wrong` finds something is repeated alone, and the repetition counts.

        A live visit is not: its events would count twice. Pages that are looked at side by side share what a browser
        keeps, so each fault of theirs is looked at. What is to be repeated is not put off until many wait for it,
        since what they saw is kept meanwhile.
        """
        measuring = asyncio.ensure_future(keep_measuring(self._targets, self._pace))
        left = list(enumerate(self._visits))[::-1]
        doubts, doubtful = Doubts(), list[_Doubtful]()
        try:
            while left:
                async with aclosing(self._together(left, lambda: _is_much(doubtful))) as together:
                    async for number, observed, slowness in together:
                        codes = wrong(number, observed) if wrong else Codes()
                        if codes and not self._visits[number].is_live:
                            doubtful.append((number, observed, codes, slowness))
                        else:
                            yield number, observed
                while doubtful:
                    number, observed, codes, slowness = doubtful.pop(0)
                    visit = self._visits[number]
                    if wrong and (visit.shared or not doubts.is_believed(codes, slowness)):
                        [observed] = await self._guarded([visit], [])
                        doubts.learn(codes, wrong(number, observed))
                    yield number, observed
        finally:
            await cut_off(measuring)

    async def _together(
        self, left: list[tuple[int, Visit]], is_enough: Callable[[], bool]
    ) -> AsyncGenerator[_Judged, None]:
        """Yield what each visit saw, and how slow the machine was meanwhile, until none are left or it is enough."""
        seen = asyncio.Queue[_Judged | Exception | None]()

        async def work(place: int) -> None:
            while left and not is_enough():
                if place >= self._pace.at_once(self._parallel) or not self._has_room(left[-1][1]):
                    await asyncio.sleep(_STEP_S)
                    continue
                try:
                    await self._timed(_next(left), seen.put_nowait)
                except Exception as error:  # whoever waits for this visit has to be told
                    seen.put_nowait(error)
            seen.put_nowait(None)

        tasks = [asyncio.ensure_future(work(place)) for place in range(min(self._parallel, len(left)))]
        working = len(tasks)
        try:
            while working:
                outcome = await seen.get()
                if isinstance(outcome, Exception):
                    raise outcome
                if outcome is None:
                    working -= 1
                else:
                    yield outcome
        finally:
            await cut_off(*tasks)

    def _has_room(self, visit: Visit) -> bool:
        """Whether the browser has memory for a page beside those that are open; one alone may be as large as it is."""
        return not self._bytes or self._bytes + visit.size <= _MOST_BYTES

    async def _timed(self, taken: Sequence[tuple[int, Visit]], tell: Callable[[_Judged], None]) -> None:
        started, began, first = asyncio.get_running_loop().time(), self._pace.now(), taken[0][1]
        free = self._free[first.javascript, first.scripts, Address.of(first.url), first.authorization]
        self._bytes += first.size
        try:
            every = await self._guarded([visit for _, visit in taken], free)
        finally:
            self._bytes -= first.size
        took, should = asyncio.get_running_loop().time() - started, self._pace.now() - began
        slowness = took / max(should, 0.001)
        for (number, _), observed in zip(taken, every, strict=True):
            tell((number, observed, slowness))

    async def _guarded(self, visits: Sequence[Visit], free: list[Tab]) -> list[Observed]:
        try:
            observed = await self._look(visits, free)
        except DevToolsError as error:
            why = in_words(error.message)
            observed = [Observed(visit.path, visit.javascript, "", failure=why) for visit in visits]
        if not self._targets.is_open:
            raise self._targets.root.wire.broken or _ended()
        return observed

    async def _look(self, visits: Sequence[Visit], free: list[Tab]) -> list[Observed]:
        """Look at a page, or several, in a free tab or a new one, which is free again if it can forget them."""
        first = visits[0]
        door = self._doors.get(Address.of(first.url))
        tab = free.pop() if free else await Tab.start(self._targets, first, door, self._pace)
        observed = await (look_at_all(tab, visits) if len(visits) > 1 else _look_at_one(tab, first))
        if not (first.is_live or any(one.failure for one in observed) or tab.is_worn) and await tab.forget():
            free.append(tab)
        else:
            await tab.close()
        return [replace(one, failure=door.reason(one.failure)) for one in observed] if door else observed


async def _look_at_one(tab: Tab, visit: Visit) -> list[Observed]:
    return [await (walk if visit.start else look_at)(tab, visit)]


def _next(left: list[tuple[int, Visit]]) -> list[tuple[int, Visit]]:
    """Take the next visit, and those behind it that are looked at beside it."""
    taken = [left.pop()]
    shared = taken[0][1].shared
    while shared and left and left[-1][1].shared == shared and len(taken) < _MOST_BESIDE:
        taken.append(left.pop())
    return taken


def _is_much(doubtful: Sequence[_Doubtful]) -> bool:
    """Whether visits that wait to be repeated keep more than they should."""
    kept = sum(len(observed.source) + len(observed.screenshot) for _, observed, _, _ in doubtful)
    return len(doubtful) >= _MOST or kept >= _MOST_CHARACTERS


def _ended() -> BrowserError:
    return BrowserError(
        "the browser quit before all pages were loaded", hint="it may have run out of memory; run it again"
    )
