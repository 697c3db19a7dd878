"""When a call that the API refused for now is repeated: capped exponential backoff with jitter."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from snippetkit.errors import PassingError
from snippetkit.records import dataclass

MAX_TRIES = 5
FIRST_WAIT_S = 1.0
MAX_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance: `sleep` waits for seconds, `chance` gives a number from 0 up to 1."""

    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def wait_s(error: PassingError, tries: int, clock: Clock) -> float | None:
    """Return the seconds to wait before the next try, None where there is to be none.

    The API's own time counts where it gave one; one longer than MAX_WAIT_S is left to the user.

    Args:
        error: what the API answered last.
        tries: how often it was called.
        clock: gives the jitter, half of the wait at most.
    """
    if tries >= MAX_TRIES:
        return None
    if error.regain_s is not None:
        return error.regain_s if error.regain_s <= MAX_WAIT_S else None
    backoff_s: float = min(FIRST_WAIT_S * 2 ** (tries - 1), MAX_WAIT_S)
    return backoff_s * (0.5 + clock.chance() / 2)
