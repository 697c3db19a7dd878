"""What a node of a syntax tree is in, asked as often as there are nodes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import count, islice
from typing import TYPE_CHECKING

from snippetkit.javascript.names import FUNCTIONS, is_text

if TYPE_CHECKING:
    from tree_sitter import Node

_FEW = 500
_DEEP = 6
_DEEPEST = 250
_NEAR = 40  # for what is asked of each call: code is hardly nested deeper
_LONGEST_CHAIN = 20
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
SIDES = {"assignment_expression": ("left", "right"), "variable_declarator": ("name", "value")}
"""The nodes that set something, with the fields of what is set, and of what to."""


def walk(root: Node) -> Iterator[Node]:
    """Yield a node and all named ones in it, in the order of the source."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.named_children)


def right_side(parent: Node | None, target: Node, sides: Mapping[str, tuple[str, str]] = SIDES) -> Node | None:
    """Return what a target is set to by what is around it, None where that sets nothing; of `a = b = c` it is `c`."""
    fields = sides.get(parent.type) if parent else None
    if parent is None or fields is None or parent.child_by_field_name(fields[0]) != target:
        return None
    value = parent.child_by_field_name(fields[1])
    for _ in range(_LONGEST_CHAIN):
        if value and value.type == "assignment_expression":
            value = value.child_by_field_name("right")
    return value


def name_of_set(left: Node) -> Node:
    """Return what names what is set: a property, a string in brackets, or the whole."""
    index = left.child_by_field_name("index")
    return left.child_by_field_name("property") or (index if index and is_text(index) else left)


class Tree:
    """A syntax tree; a node is looked up from the root, and in a table of all nodes once many were looked up.

    tree-sitter goes down from the root each time, so that in `a||a||..` each step would be as long as the script.
    """

    def __init__(self, root: Node) -> None:
        self._root = root
        self._asked = count()

    def parent(self, node: Node) -> Node | None:
        """Return what a node is in."""
        return node.parent if next(self._asked) < _FEW else self._table[0].get(node.id)

    def around(self, node: Node) -> Iterator[Node]:
        """Yield what a node is in, from the inside; up to the script, unless it is deeper than code ever is."""
        for _ in range(_DEEPEST):
            around = self.parent(node)
            if around is None:
                break
            yield around
            node = around

    def functions_around(self, node: Node) -> Iterator[Node]:
        """Yield the functions that a node is in, from the inside, as far as they are near."""
        return (one for one in islice(self.around(node), _NEAR) if one.type in FUNCTIONS)

    def at(self, start: int, end: int) -> Node | None:
        """Return the innermost node that is from `start` up to `end`, if there is one."""
        node = self.innermost(start, end)
        return node if node and (node.start_byte, node.end_byte) == (start, end) else None

    def innermost(self, start: int, end: int) -> Node | None:
        """Return the innermost node that holds all from `start` up to `end`."""
        if next(self._asked) < _FEW:
            return self._root.named_descendant_for_byte_range(start, end)
        parents, starts, nodes = self._table
        number = bisect_right(starts, start)
        node = nodes[number - 1] if number else None
        while node is not None and node.end_byte < end:
            node = parents.get(node.id)
        return node

    def outermost(self, node: Node, around: frozenset[str]) -> Node:
        """Return the expression that a node is in and is the value of: `(window.a = window.a || [])`."""
        for _ in range(_DEEP):
            parent = self.parent(node)
            if parent is None or parent.type not in around:
                break
            node = parent
        return node

    def member_of(self, name: Node) -> Node | None:
        """Return the member with a name, such as `x.name` or `x["name"]`."""
        told = self.parent(name) if name.type == "string_fragment" else name
        is_name = told is not None and (told.type == "property_identifier" or is_text(told))
        member = self.parent(told) if told and is_name else None
        return member if member and member.type in _MEMBERS else None

    def named(self, name: str) -> list[Node]:
        """Return the identifiers with a name, in order."""
        return self._identifiers.get(name.encode(), [])

    @cached_property
    def _identifiers(self) -> dict[bytes, list[Node]]:
        identifiers: dict[bytes, list[Node]] = defaultdict(list)
        for node in walk(self._root):
            if node.type == "identifier":
                identifiers[node.text or b""].append(node)
        return identifiers

    @cached_property
    def _table(self) -> tuple[dict[int, Node], list[int], list[Node]]:
        """What each node is in, by its id; where nodes begin, in order, and the innermost one that begins there."""
        parents: dict[int, Node] = {}
        innermost: dict[int, Node] = {}
        pending = [self._root]
        while pending:
            node = pending.pop()
            innermost[node.start_byte] = node
            children = node.named_children
            parents |= {child.id: node for child in children}
            pending += reversed(children)
        return parents, [*innermost], [*innermost.values()]
