"""In which rounds a call is made, and with what: of the loops around it, and of the calls of the function it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.constants import ARGUMENTS, Constants, Given, Item
from snippetkit.javascript.keeping import CONTAINERS
from snippetkit.javascript.names import Key, parameters
from snippetkit.javascript.parsing import undefined
from snippetkit.javascript.picking import PATTERN, taken, with_default
from snippetkit.javascript.rounds import Round
from snippetkit.javascript.wrappers import Wrappers

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEP, _MOST = 4, 20


class Runs:
    """Says in which rounds each call of a script is made, also that of a function that hands on what it is given."""

    def __init__(self, constants: Constants, rounds: Callable[[Node], list[Round]], wrappers: Wrappers) -> None:
        """Take what the names of a script stand for, its loops, and the calls of its functions."""
        self._constants, self._rounds, self._wrappers = constants, rounds, wrappers

    def of(self, call: Node, within: frozenset[int] = frozenset()) -> list[Round]:
        """Return the rounds of a call, in order; `within` are the ids of the functions whose calls are looked at."""
        own, function = self._rounds(call), self._wrappers.around(call) if len(within) < _DEEP else None
        if function is None or function.id in within:
            return own
        found = self._wrappers.calls_of(function)
        handed = [
            self._handed(function, Round(outer.order or (made.start_byte,), outer.given, outer.call or made), told)
            for made, told in found.calls
            for outer in self.of(made, within | {function.id})
        ]
        both = [_both(outer, one, call) for outer in handed for one in own]
        return [*both, *(own if found.is_open else [])] if len(both) <= _MOST else own

    def _handed(self, function: Node, outer: Round, arguments: Sequence[Node]) -> Round:
        """A round of a function's call, with what its parameters stand for in it."""
        told = self._constants.items(arguments, outer.given)
        known = next((at for at, one in enumerate(told) if one.type == "spread_element"), None)
        items = [*told[:known], *([] if known is not None else [undefined()] * len(parameters(function)))]
        given: dict[Key, Item] = {(ARGUMENTS, function.id): tuple(told)}
        for parameter, item in zip(parameters(function), items, strict=False):
            given |= dict(self._bound(parameter, item, outer.given))
        for at, parameter in enumerate(parameters(function)):
            if parameter.type == "rest_pattern":
                given |= self._named(parameter.named_children[0], tuple(told[at:]), outer.given)
        return outer._replace(given={**outer.given, **given})

    def _bound(self, parameter: Node, item: Node, given: Given) -> Iterator[tuple[Key, Item]]:
        """What the names of a parameter stand for where it is given this."""
        name, default = with_default(parameter)
        item = default if default and item.type == "undefined" else item
        if name.type == PATTERN:
            members = self._constants.members_of(item, given)
            told = ((part, members.get(part.member.decode("utf-8", "replace"))) for part in taken(name) if members)
            for part, one in told:
                one = part.default if part.default and one and one.type == "undefined" else one
                yield from self._bound(part.name, one, given) if one else ()
        elif name.type != "rest_pattern":
            yield from self._named(name, item, given).items()

    def _named(self, name: Node, item: Item, given: Given) -> dict[Key, Item]:
        """What a name stands for, if nothing in its function changes that."""
        key = self._constants.names.key_of(name)
        told = self._constants.value(item, given) if not isinstance(item, tuple | int) else None
        is_holding = told is not None and told.node.type in CONTAINERS | {"call_expression"}
        is_kept = key and not self._constants.names.values[key] and self._constants.is_kept(key, is_holding=is_holding)
        return {key: item} if key and is_kept else {}


def _both(outer: Round, one: Round, call: Node) -> Round:
    """A round of a loop in a function, in a round of the function's calls."""
    order = (*outer.order, *(one.order or (call.start_byte,)))
    return Round(order, {**outer.given, **one.given}, outer.call)
