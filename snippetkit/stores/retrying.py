"""Another attempt, where that may succeed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from threading import Event
from typing import TypeVar

from snippetkit.errors import NetworkError
from snippetkit.records import dataclass, field
from snippetkit.stores.adapter import Settings, TransientError

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a run tries again; once it `has_ended`, not at all. `has_written` is set by the first write."""

    settings: Settings
    has_ended: Event = field(default_factory=Event)
    has_written: Event = field(default_factory=Event)

    def __iter__(self) -> Iterator[int]:
        """Yield a number for each attempt; between two is a pause, each twice as long, and not the same in all runs."""
        for number in range(self.settings.attempts):
            by_chance = random.uniform(0.25, 0.5)  # noqa: S311 (no secret)
            if number and self.has_ended.wait(self.settings.pause_s * 2**number * by_chance):
                return
            yield number

    def of(self, action: Callable[[], _Result]) -> _Result:
        """Return what an action returns, after as many attempts as are allowed.

        Raises:
            NetworkError: none succeeded; the last error says why.
        """
        failed = TransientError("")
        for _ in self:
            try:
                return action()
            except TransientError as error:
                failed = error
        raise self.given_up(failed) from failed

    def given_up(self, error: TransientError) -> NetworkError:
        """Return the error that ends the run."""
        hint = f"run again{'; what is done stays done' if self.has_written.is_set() else ''}"
        return NetworkError(f"{error} ({self.settings.attempts} attempts)", hint=hint)
