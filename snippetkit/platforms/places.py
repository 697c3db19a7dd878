"""The places in a call where something is told."""

from __future__ import annotations

from typing import NamedTuple

Place = tuple[int, tuple[str, ...]]
"""Which argument tells it, the verb being the first, and in an object which members do: the first that is there.

A member of an object within one is a path with dots, `properties.id`.
"""


def at(argument: int, *members: str) -> Place:
    """Return the place of a setting."""
    return argument, members


class Vain(NamedTuple):
    """Where a call tells something that the platform does not take from there: a finding's code, and what to do."""

    place: Place
    code: str
    message: str


class Lines(NamedTuple):
    """What a platform wants that has no total: a list of lines, of which each has a price and how often that counts.

    `quantity` is empty where a line's price is that of all its pieces. `less` is where an amount stands that is
    subtracted from their sum.
    """

    place: Place
    price: str = "price"
    quantity: str = "quantity"
    less: Place | None = None
