"""How slow the machine is, measured with a page of our own, and a clock that slows down accordingly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_NOMINAL_S = 0.1  # twice what the page takes where nothing else runs
_SLOWEST = 30.0  # time stands still for nothing
_SLOW = 4.0
_CROWDED = 4.0
_QUICK = 1.2
_FEWEST = 4  # what else runs here would take the place of any more
_WEIGHT = 0.5
_STEP_S = 0.05

_Done = TypeVar("_Done")


class Pace:
    """A clock whose limits grow as the machine slows down.

    `tell` is called once if the machine is slow, with the factor by which things take longer.
    """

    def __init__(
        self, tell: Callable[[float], None] = lambda _: None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell: Callable[[float], None] | None = tell
        self._clock = clock
        self._measured = 1.0
        self._since: float | None = None
        self._seconds = 0.0
        self._at = clock()

    @property
    def slowness(self) -> float:
        """The factor by which things take longer: 1 or more, even while it is being measured."""
        running = 0.0 if self._since is None else (self._clock() - self._since) / _NOMINAL_S
        return min(max(1.0, self._measured, running), _SLOWEST)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Measure what takes time only on a slow machine."""
        self._since = since = self._clock()
        try:
            yield
        finally:
            took = min((self._clock() - since) / _NOMINAL_S, _SLOWEST)
            self.now()
            self._since = None
            self._measured += (max(took, 1.0) - self._measured) * _WEIGHT
        if self._tell and self._measured >= _SLOW:
            self._tell(self._measured)
            self._tell = None

    @property
    def is_quick(self) -> bool:
        """Whether things take no longer than they should."""
        return self._measured <= _QUICK

    def now(self) -> float:
        """The seconds that everything so far would have taken on a machine that is not slow."""
        at = self._clock()
        self._seconds += (at - self._at) / self.slowness
        self._at = at
        return self._seconds

    def at_once(self, most: int) -> int:
        """How many of the tabs are used at once: fewer where they would be in each other's way."""
        return min(most, max(_FEWEST, int(most * _CROWDED / self.slowness)))

    async def within(self, seconds: float, doing: Awaitable[_Done]) -> _Done:
        """Await something for at most this many seconds of this clock.

        Raises:
            TimeoutError: it takes longer; it is cut off.
        """
        ends = self.now() + seconds
        task = asyncio.ensure_future(doing)
        try:
            while not task.done():
                rest = ends - self.now()
                if rest <= 0:
                    raise TimeoutError
                await asyncio.wait([task], timeout=max(rest, _STEP_S))
            return task.result()
        finally:
            await cut_off(task)


async def cut_off(*tasks: asyncio.Future[Any]) -> None:
    """Cut tasks off, and wait until they have ended; what is done already stays as it is."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
