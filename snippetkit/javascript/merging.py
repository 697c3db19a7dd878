"""What an object has that is put together of others, `{...base, value: 5}`, `Object.assign({}, base, {value: 5})`.

Of several parts that set a member the last one counts (ECMA-262, "Runtime Semantics: PropertyDefinitionEvaluation").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.literals import is_nothing
from snippetkit.javascript.names import SHORTHAND, given, unwrapped
from snippetkit.javascript.parsing import undefined
from snippetkit.javascript.tokens import text_of
from snippetkit.records import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

MERGING = frozenset({b"$.extend", b"Object.assign", b"_.assign", b"_.extend", b"jQuery.extend"})
"""The functions that put the members of what they are given into the first of it, in order, and return that."""

_DEEP, _MOST = 8, 200


class Constant(NamedTuple):
    """A literal, a list or an object; `is_only` says that it holds only what was asked for."""

    node: Node
    is_only: bool = True


class ObjectPart(NamedTuple):
    """A part of an object: the member that it sets, None where it may set any, and what to; or the part itself.

    `told_by` is the name of what it is taken from, where that is used for more. `is_certain` says that it is there in
    any case.
    """

    name: str | None
    node: Node
    told_by: str = ""
    is_certain: bool = True


class Members(NamedTuple):
    """The values of an object by name, without those that may be another; `is_whole` says that it has no others."""

    values: Mapping[str, Node]
    is_whole: bool

    def get(self, name: str) -> Node | None:
        """Return a member, or what says that there is none; None where it is not known."""
        return self.values.get(name) or (undefined() if self.is_whole else None)


@dataclass(frozen=True, slots=True)
class Merging:
    """Says what objects have: `of` the object that an expression always stands for, `key` the name that a key tells."""

    of: Callable[[Node], Constant | None]
    key: Callable[[Node], str]

    def parts(self, node: Node) -> Iterator[ObjectPart]:
        """Yield the parts of an object literal, or of a call that puts one together, in order."""
        yield from islice(self._parts(node, 0), _MOST)

    def members(self, node: Node) -> Members:
        """Return what is known of the members of an object."""
        values: dict[str, Node] = {}
        parts = [*self.parts(node)]
        for part in parts:
            if part.name is None:
                values.clear()
            elif part.is_certain:
                values[part.name] = part.node
            else:
                values.pop(part.name, None)
        return Members(values, len(parts) < _MOST and all(part.name and part.is_certain for part in parts))

    def _parts(self, node: Node, depth: int) -> Iterator[ObjectPart]:
        if node.type != "object":
            for argument in given(node.child_by_field_name("arguments")):
                yield from self._taken(argument, argument, depth) if argument.type != "true" else ()
            return
        for part in given(node):
            key = part.child_by_field_name("key") or part.child_by_field_name("name")
            if part.type == "spread_element" and part.named_children:
                yield from self._taken(part.named_children[-1], part, depth)
            elif part.type == SHORTHAND:
                yield ObjectPart(text_of(part), part)
            else:
                name = self.key(key) if key else ""
                yield ObjectPart(name, part.child_by_field_name("value") or part) if name else ObjectPart(None, part)

    def _taken(self, of: Node, part: Node, depth: int) -> Iterator[ObjectPart]:
        """The parts that an object takes from another one; the part itself, where the other one is not known."""
        of = unwrapped(of)
        if told := self.of(of) if depth < _DEEP else None:
            name = "" if told.is_only else text_of(of)
            yield from (one._replace(told_by=one.told_by or name) for one in self._parts(told.node, depth + 1))
        elif sides := _sides(of):
            taken = (one for side in sides for one in self._taken(side, part, depth + 1))
            yield from (one._replace(node=part, is_certain=False) for one in taken)
        elif not is_nothing(of):
            yield ObjectPart(None, part)


def _sides(node: Node) -> list[Node]:
    """What an expression may be that depends on a condition: `a && {..}`, `a ? {..} : {..}`."""
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    is_lazy = operator is not None and operator.type == "&&"
    names = ("right",) if is_lazy else ("consequence", "alternative") if node.type == "ternary_expression" else ()
    return [side for side in map(node.child_by_field_name, names) if side]
