"""Another attempt, where that may succeed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from snippetkit.errors import NetworkError
from snippetkit.stores.adapter import PassingError, Settings

_Result = TypeVar("_Result")


def attempt(settings: Settings, action: Callable[[], _Result]) -> _Result:
    """Return what an action returns, after as many attempts as are allowed.

    Raises:
        NetworkError: none succeeded; the last error says why.
    """
    failed = PassingError("")
    for pause_s in pauses_s(settings):
        try:
            return action()
        except PassingError as error:
            failed = error
            time.sleep(pause_s)
    raise given_up(failed, settings) from failed


def pauses_s(settings: Settings) -> Iterator[float]:
    """Yield how long to wait after each attempt: twice as long each time, and not all runs the same."""
    for number in range(settings.attempts - 1):
        yield settings.pause_s * 2**number * random.uniform(0.5, 1)  # noqa: S311 (no secret)
    yield 0


def given_up(error: PassingError, settings: Settings) -> NetworkError:
    """Return the error that ends the run."""
    return NetworkError(f"{error} ({settings.attempts} attempts)", hint="run again; what is done stays done")
