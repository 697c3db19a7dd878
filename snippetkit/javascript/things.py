"""The values of conversion code while it is carried out: None for undefined, strings, numbers, booleans and objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from snippetkit.records import dataclass, field

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_ITEMS = 10_000


class UncertainError(Exception):
    """It depends on what is not known."""


@dataclass(eq=False)
class Thing:
    """An object: its members, the items of a list, and what happens when it is called.

    `node` is where an element or a list was made, or the call that a function's arguments are of. A host's object may
    have other members than those that are known, apart from those in `missing`.
    """

    members: dict[str, object] = field(default_factory=dict)
    items: list[object] | None = None
    call: Callable[[Thing], object] | None = None
    node: Node | None = None
    is_host: bool = False
    missing: frozenset[str] = frozenset()
    is_in_page: bool = False

    def held(self) -> Iterator[Thing]:
        """Yield what is in it, if it is a list, and in its members that are lists."""
        for one in (self, *self.members.values()):
            if isinstance(one, Thing):
                yield from (item for item in one.items or () if isinstance(item, Thing))


UNKNOWN = Thing(is_host=True)
"""What may be anything."""


def put(arguments: Thing) -> object:
    """Put the element that a host's method is called with into the page."""
    element = arguments.items[0] if arguments.items else None
    if isinstance(element, Thing):
        element.is_in_page = True
    return element


def member(of: Thing, name: str) -> object:
    """Return a member of an object, None where it has none."""
    if name in of.members:
        return of.members[name]
    if of.is_host:
        return None if name in of.missing else UNKNOWN
    if name == "push" and of.items is not None:
        return Thing(call=partial(_push, of.items))
    return Thing(call=partial(_apply, of.call)) if name == "apply" and of.call else None


def _push(items: list[object], arguments: Thing) -> object:
    items += arguments.items or []
    if len(items) > _MOST_ITEMS:
        raise UncertainError
    return UNKNOWN


def _apply(call: Callable[[Thing], object], arguments: Thing) -> object:
    passed: Sequence[object] = arguments.items or []
    return call(passed[1] if len(passed) > 1 and isinstance(passed[1], Thing) else Thing(items=[]))


def is_true(value: object) -> bool:
    """Return whether a condition with this value holds.

    Raises:
        UncertainError: the value is not known.
    """
    if value is UNKNOWN:
        raise UncertainError
    return bool(value) or isinstance(value, Thing)


def goes_on(operator: str, left: object) -> bool:
    """Return whether `&&`, `||` or `??` has its right side looked at."""
    if operator == "??" and left is not UNKNOWN:
        return left is None
    return is_true(left) == (operator == "&&")


def kind_of(value: object) -> str:
    """Return what `typeof` says."""
    if isinstance(value, Thing):
        return "function" if value.call else "object"
    return {type(None): "undefined", bool: "boolean", float: "number"}.get(type(value), "string")
