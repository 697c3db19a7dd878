"""The loops over a literal list: what is done in one is done for each item.

`['1', '2'].forEach(function (id) { tell(id) })` names pixel 1, and then pixel 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.constants import NOTHING, Constants, Given, items_of
from snippetkit.javascript.names import FUNCTIONS, MEMBERS, Key, given, member_name, parameters
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.tree import Tree

LOOP = later(rb"\b(?:each|for|forEach|map)\b")
"""What a script with such a loop has."""

_DEEP = 12
_MOST = 20  # a page made to be slow has a list of thousands
_METHODS = frozenset({b"forEach", b"map"})
# The functions that go through a list, and which parameter of the function that they are given is the item's number.
_FUNCTIONS = {b"$.each": 0, b"jQuery.each": 0, b"_.each": 1, b"_.forEach": 1, b"_.map": 1}


class Round(NamedTuple):
    """One round of the loops around a call: `order` sorts all that is done in them, `given` are the variables.

    Where a call is in no loop, `order` is empty. `call` is that of the function which hands on to it what it tells,
    the outermost one, None where there is none.
    """

    order: tuple[int, ...] = ()
    given: Given = NOTHING
    call: Node | None = None


class _Loop(NamedTuple):
    """A loop over the items of a literal list, and its variables: the item, and the item's number."""

    start: int
    items: list[Node]
    item: Key | None
    number: Key | None

    def given(self, number: int) -> Given:
        told = ((self.item, self.items[number]), (self.number, number))
        return {key: value for key, value in told if key}


class Rounds:
    """Says in which rounds each call of a script is made."""

    def __init__(self, constants: Constants, tree: Tree) -> None:
        """Take the names of a script that always stand for the same, and its tree."""
        self._constants = constants
        self._tree = tree
        self._found: dict[int, _Loop | None] = {}

    def of(self, call: Node) -> list[Round]:
        """Return the rounds in which a call is made, in order; one, if it is in no loop over a literal."""
        return _rounds([*self._loops(call)], call)

    def _loops(self, call: Node) -> Iterator[_Loop]:
        """The loops around a call, from the inside."""
        child = call
        for around in islice(self._tree.around(call), _DEEP):
            if around.type == "function_declaration":
                break
            if child == around.child_by_field_name("body"):
                if around.id not in self._found:
                    self._found[around.id] = _loop(self._constants, self._tree, around)
                loop = self._found[around.id]
                if loop and loop.items:
                    yield loop
            child = around


def _rounds(loops: Sequence[_Loop], call: Node) -> list[Round]:
    rounds = [Round()]
    if any(len(loop.items) > _MOST for loop in loops):
        return rounds
    for loop in reversed(loops):
        numbers = range(len(loop.items))
        rounds = [
            Round((*outer.order, loop.start, number), {**outer.given, **loop.given(number)})
            for outer in rounds[:_MOST]
            for number in numbers
        ]
    if not rounds[0].order or len(rounds) > _MOST:
        return [Round()]
    return [Round((*one.order, call.start_byte), one.given) for one in rounds]


def _loop(constants: Constants, tree: Tree, around: Node) -> _Loop | None:
    if around.type == "for_in_statement":
        return _for_in(constants, around)
    if around.type == "for_statement":
        return _counted(constants, around)
    return _called(constants, tree, around) if around.type in FUNCTIONS else None


def _for_in(constants: Constants, loop: Node) -> _Loop | None:
    """`for (const id of ids)`, and `for (var i in ids)`."""
    operator, left, right = (loop.child_by_field_name(name) for name in ("operator", "left", "right"))
    is_number = operator is not None and operator.text == b"in"
    return _over(constants, loop, right, None if is_number else left, left if is_number else None)


def _counted(constants: Constants, loop: Node) -> _Loop | None:
    """`for (var i = 0; i < ids.length; i++)`."""
    condition, increment = (loop.child_by_field_name(name) for name in ("condition", "increment"))
    left, length = (condition.child_by_field_name(name) if condition else None for name in ("left", "right"))
    operator = condition.child_by_field_name("operator") if condition else None
    key = constants.names.key_of(left) if left else None
    if not (key and length and increment and member_name(length) == b"length"):
        return None
    name, start = key[0], constants.names.values[key]
    is_by_one = increment.text in {name + b"++", b"++" + name}
    is_from_zero = len(start) == 1 and start[0].text == b"0"
    uses = constants.names.uses[key] if is_by_one and is_from_zero else ()
    changes = [*islice((use for use in uses if use.parent and use.parent.node.type == "update_expression"), 2)]
    is_plain = operator is not None and operator.text == b"<" and len(changes) == 1
    counted = _over(constants, loop, length.child_by_field_name("object"), None, None) if is_plain else None
    return counted and counted._replace(number=key)


def _called(constants: Constants, tree: Tree, function: Node) -> _Loop | None:
    """`ids.forEach(function (id, i) { .. })`, and `$.each(ids, function (i, id) { .. })`."""
    given_to = tree.parent(function)
    call = tree.parent(given_to) if given_to and given_to.type == "arguments" else None
    callee = call.child_by_field_name("function") if call else None
    if call is None or callee is None:
        return None
    arguments = given(call.child_by_field_name("arguments"))
    variables = [*parameters(function), None, None]
    number_at = _FUNCTIONS.get(constants.names.path(callee))
    if number_at is not None and arguments[1:2] == [function]:
        return _over(constants, call, arguments[0], variables[1 - number_at], variables[number_at])
    if callee.type in MEMBERS and member_name(callee) in _METHODS and arguments[:1] == [function]:
        return _over(constants, call, callee.child_by_field_name("object"), variables[0], variables[1])
    return None


def _over(constants: Constants, loop: Node, of: Node | None, *variables: Node | None) -> _Loop | None:
    """A loop over what is always the same literal list, with variables that are set by nothing else."""
    told = constants.value(of, {}) if of else None
    keys = [constants.names.key_of(name) if name else None for name in variables]
    is_kept = all(constants.is_kept(key) and not constants.names.values[key] for key in keys if key)
    if told is None or told.node.type != "array" or not is_kept:
        return None
    return _Loop(loop.start_byte, items_of(told.node), keys[0], keys[1])
