"""Which of the page's variables code from outside may report: plain data, nothing that leads to the visitor.

A name may also stand for an element that has it as its id: HTML, 7.2.2.3, "Named access on the Window
object". So `login.value` may be what somebody types.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_WORDS = {
    "code contents count country description items product size title total transaction unit version": (
        "No element, window or collection has it, and it says nothing about who visits the page."
    ),
    "data id index label name status type": "On an element the page's author sets it, and on a window it is empty.",
    "length": "It is a count.",
}
"""Members that data layers have and that may be reported, although an interface of the browser has them; and why."""
_DATA = frozenset(word for words in _WORDS for word in words.split())


def is_data(path: str) -> bool:
    """Whether all names of a path, such as `order.total`, are the page's own data."""
    return is_of_page(path) and _names()["members"].isdisjoint(path.split(".")[1:])


def is_of_page(path: str) -> bool:
    """Whether a path begins with a variable that is the page's own: neither the browser nor JavaScript has it."""
    return path.partition(".")[0] not in _names()["globals"]


@cache
def _names() -> dict[str, frozenset[str]]:
    """The names that `.ci/browser_names.cjs` has derived."""
    derived = json.loads((Path(__file__).parent / "browser_names.json").read_text("utf-8"))
    return {
        "globals": frozenset(derived["globals"]),
        "members": frozenset([*derived["elements"], *derived["others"]]) - _DATA,
    }
