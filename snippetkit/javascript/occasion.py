"""When code runs: at once, when something happens, when a function is called, or never."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple


class Occasion(NamedTuple):
    """When code runs: `action` is what has to happen, such as `click`, `function` whose call it waits for.

    Both are empty where it runs at once. `never` is the byte offset in the script of what leaves before it is reached.
    """

    action: str = ""
    function: str = ""
    never: int | None = None


AT_ONCE = Occasion()
Elsewhere = Callable[[str], "Occasion | None"]
"""Says when something outside a script calls a function by this name, None where nothing does."""


def first(found: Iterable[Occasion | None]) -> Occasion | None:
    """Return the first occasion there is: at once, else on what happens; None where nothing is known to call it."""
    known = [one for one in found if one is not None and one.never is None]
    return next((one for one in known if one == AT_ONCE), next((one for one in known if one.action), None))
