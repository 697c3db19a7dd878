"""What a name stands for if it is only ever set to one literal: `var ID = "1"; tell(ID)`.

Where it may have another value, at any time or on any path through the script, nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from snippetkit.javascript.json_texts import PARSE, literal_in
from snippetkit.javascript.keeping import CONTAINERS, PASSING, Keeping, is_declared
from snippetkit.javascript.literals import said_by_constant, said_by_string
from snippetkit.javascript.merging import MERGING, Constant, Members, Merging
from snippetkit.javascript.names import MEMBERS, SHORTHAND, Key, Names, Use, is_text, member_name, unwrapped
from snippetkit.javascript.names import given as arguments
from snippetkit.javascript.outside import is_set_outside
from snippetkit.javascript.tokens import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.tree import Tree

Item: TypeAlias = "Node | int | tuple[Node, ...]"
"""What a variable stands for in one round: what it is given, the number of an item, or all that is left, `...rest`."""
Given: TypeAlias = "Mapping[Key, Item]"
"""What the variables of a loop stand for in one of its rounds, and the parameters of a function in one of its calls."""
ARGUMENTS = b"arguments"
"""The name by which a function has all that it is given."""

NOTHING: Given = MappingProxyType({})
NAMING = MEMBERS | {"identifier", SHORTHAND, "template_string"}
EXPRESSIONS = frozenset({"binary_expression", "call_expression", "template_string", "unary_expression"})
_DEEP = 8
# The nodes in which a name is plainly set, and the blocks for which it is then set.
_PLAINLY = frozenset(
    "arguments assignment_expression call_expression export_statement expression_statement lexical_declaration "
    "parenthesized_expression sequence_expression unary_expression variable_declaration variable_declarator".split()
)
_BLOCKS = frozenset({"program", "statement_block"})
_SETTING = rb"\s*(?:[+*/%&|^?-]{0,3}=(?![=>])|\+\+|--)"
Span: TypeAlias = tuple[int, int]


class Constants:
    """The names of a script that always stand for the same."""

    def __init__(
        self, names: Names, tree: Tree, script: int, text: bytes, span: Span, telling: frozenset[bytes] = frozenset()
    ) -> None:
        """Take the names of a script, whose node has this id, and the text in which the script stands from, up to.

        `telling` are the paths of further functions that do not change what they are given.
        """
        self._keeping = Keeping(names, telling)
        self.names = names
        self._tree = tree
        self._script = script
        self._text = text
        self._span = span
        self._own = text[slice(*span)]
        self._values: dict[Key, tuple[Node, Node] | None] = {}
        self._reads: dict[Key, Counter[bytes]] = {}
        self._items: dict[int, list[Node]] = {}
        self._members: dict[int, Members] = {}
        self._parsed: dict[int, Node | None] = {}

    def value(self, node: Node, given: Given, depth: int = 0) -> Constant | None:
        """Return what an expression always stands for, None where it may be something else."""
        node = unwrapped(node)
        is_literal = is_text(node) or node.type == "number" or node.type in CONTAINERS
        if is_literal or (node.type not in NAMING and said_by_constant(node)):
            return Constant(node)
        if node.type == "call_expression":
            return self._of_call(node, given, depth)
        if depth > _DEEP or node.type not in NAMING:
            return None
        if node.type == "template_string":  # one that is nothing but an expression
            inner = node.named_children[0].named_children if len(node.named_children) == 1 else []
            return self.value(inner[0], given, depth + 1) if len(inner) == 1 else None
        return (self._of_member if node.type in MEMBERS else self._of_name)(node, given, depth)

    def object_of(self, node: Node, given: Given = NOTHING) -> Constant | None:
        """Return the object literal that an expression always stands for, or the call that puts it together."""
        told = self.value(node, given)
        known = self.value(told.node, given) if told else None
        return told if known and known.node.type in {"call_expression", "object"} else None

    def _of_call(self, call: Node, given: Given, depth: int) -> Constant | None:
        """What a call always gives: an object that is put together, or that stands in a text; the call is the first."""
        path = self.names.path(call.child_by_field_name("function"))
        if path in MERGING:
            return Constant(call)
        if path in PASSING and depth <= _DEEP:
            told = arguments(call.child_by_field_name("arguments"))
            return self.value(told[0], given, depth + 1) if len(told) == 1 else None
        if path == PARSE and call.id not in self._parsed:
            self._parsed[call.id] = literal_in(call, self._own)
        node = self._parsed.get(call.id)
        return Constant(node) if node else None

    def _of_name(self, node: Node, given: Given, depth: int, member: bytes | None = None) -> Constant | None:
        key = self.names.key_of(node)
        item = given.get(key, self._constant(key, node)) if key else None
        told = self._of_item(item, given, depth + 1)
        if key is None or told is None:
            return None
        return Constant(told.node, told.is_only and key not in given and self._is_read_once(key, member))

    def is_handed(self, node: Node, given: Given) -> bool:
        """Return whether a name, or the one that something is a member of, stands for what a round gives it."""
        while node.type in MEMBERS and (of := node.child_by_field_name("object")):
            node = unwrapped(of)
        return bool(given) and self.names.key_of(node) in given

    def _of_item(self, item: Item | None, given: Given, depth: int) -> Constant | None:
        """What a name, or a member of an object, stands for that is set to this: a literal, or what is computed."""
        if item is None or isinstance(item, int | tuple):
            return None
        told = self.value(item, given, depth)
        is_told = bool(given) or unwrapped(item).type in EXPRESSIONS
        return told or (Constant(unwrapped(item), is_only=not given) if is_told else None)

    def _of_member(self, node: Node, given: Given, depth: int) -> Constant | None:
        of, name = node.child_by_field_name("object"), member_name(node)
        inner = unwrapped(of) if of else node
        if listed := self._listed(inner, given):
            number = self._number(node.child_by_field_name("index"), given)
            is_there = number is not None and number < len(listed)
            return self._of_item(listed[number], given, depth + 1) if number is not None and is_there else None
        if inner.type == "identifier":
            holder = self._of_name(inner, given, depth, name)
        else:
            holder = self.value(inner, given, depth + 1)
        item = self._item(holder.node, node, name, given) if holder else None
        told = self._of_item(item, given, depth + 1)
        return Constant(told.node, told.is_only and holder.is_only) if told and holder else None

    def items(self, nodes: Iterable[Node], given: Given = NOTHING) -> list[Node]:
        """Return what a list has, or what a call is given, also by lists that are known: `...['1', '2']`."""
        return [one for node in nodes for one in self._spread(node, given)]

    def _spread(self, node: Node, given: Given) -> Sequence[Node]:
        listed = self.list_of(node.named_children[-1], given) if node.type == "spread_element" else None
        return [node] if listed is None else listed

    def list_of(self, node: Node, given: Given = NOTHING) -> Sequence[Node] | None:
        """Return the items of a list that an expression always stands for, None where it is not known."""
        node = unwrapped(node)
        if (listed := self._listed(node, given)) is not None:
            return listed
        told = self.value(node, given)
        return self.items(arguments(told.node), given) if told and told.node.type == "array" else None

    def _listed(self, name: Node, given: Given) -> tuple[Node, ...] | None:
        """What a name stands for that has all, or all that is left, of what a function is given."""
        key = self.names.key_of(name) if name.type == "identifier" else None
        if key is None and name.text == ARGUMENTS:
            functions = (one for one in self._tree.functions_around(name) if one.type != "arrow_function")
            key = ARGUMENTS, next((one.id for one in functions), self._script)
        item = given.get(key) if key else None
        return item if isinstance(item, tuple) else None

    def _item(self, holder: Node, member: Node, name: bytes, given: Given) -> Node | None:
        """The member of an object, by its name, or the item of a list, by its number."""
        if holder.type == "array":
            number = self._number(member.child_by_field_name("index"), given)
            if holder.id not in self._items:
                self._items[holder.id] = items_of(holder)
            items = self._items[holder.id]
            return items[number] if number is not None and number < len(items) else None
        members = self.members_of(holder, given)
        return members.get(name.decode("utf-8", "replace")) if members else None

    def members_of(self, node: Node, given: Given) -> Members | None:
        """Return what is known of an object's members; None where the object itself is not."""
        told = self.object_of(node, given)
        if told is None or (told.node.id in self._members and not given):
            return self._members[told.node.id] if told else None
        members = Merging(partial(self.object_of, given=given), _key).members(told.node)
        return members if given else self._members.setdefault(told.node.id, members)

    def _number(self, index: Node | None, given: Given) -> int | None:
        key = self.names.key_of(index) if index and index.type == "identifier" else None
        number = given.get(key) if key else None
        if isinstance(number, int):
            return number
        text = index.text or b"" if index and index.type == "number" else b""
        return int(text) if text.isdigit() and len(text) < _DEEP else None

    def _constant(self, key: Key, use: Node) -> Node | None:
        """What a name is set to once and for good, if that happens before it is used."""
        if key not in self._values:
            values = self.names.values[key]
            is_certain = len(values) == 1 and self.is_kept(key) and not self._is_set_elsewhere(key)
            block = self._block(values[0]) if is_certain else None
            self._values[key] = (values[0], block) if block else None
        value, block = self._values[key] or (use, None)
        if block is None or not block.start_byte <= use.start_byte < block.end_byte:
            return None
        around = self._tree.parent(value)
        is_given = value.start_byte < use.start_byte or (around is not None and around.type == "arguments")
        return value if is_given else None

    def _block(self, value: Node) -> Node | None:
        """The block throughout which a name has its value, None where it is set on a condition."""
        block = next((one for one in self._tree.around(value) if one.type not in _PLAINLY), None)
        return block if block and block.type in _BLOCKS else None

    def _is_set_elsewhere(self, key: Key) -> bool:
        """Whether what is around the script may set a name of the whole page; a tag's attribute does not."""
        return self._is_elsewhere(key, _SETTING) and is_set_outside(self._text, self._span, key[0])

    def _is_elsewhere(self, key: Key, behind: bytes) -> bool:
        """Whether a name of the whole script stands in the text around that too, with this behind it."""
        is_shared = key[1] == self._script
        return is_shared and _words(self._text, behind)[key[0]] > _words(self._own, behind)[key[0]]

    def is_kept(self, key: Key, *, is_holding: bool = False) -> bool:
        """Whether a name is only declared, set and read, and its value cannot be changed through that."""
        return self._keeping.is_kept(key, is_holding=is_holding)

    def _is_read_once(self, key: Key, member: bytes | None) -> bool:
        """Whether a name, or one member of it, is read once here, and nowhere else in the text."""
        if key not in self._reads:
            self._reads[key] = Counter(_member_read(use) for use in self.names.uses[key] if not is_declared(use))
        reads = self._reads[key]
        times = reads.total() if member is None else sum(reads[name] for name in {member, b""})
        return times == 1 and not self._is_elsewhere(key, b"")


def items_of(array: Node) -> list[Node]:
    """The items of a list, none if their number is not known."""
    parts = [child for child in array.children if child.type != "comment"]
    has_gap = any(behind.type == "," and part.type in {",", "["} for part, behind in pairwise(parts))  # `[1,,2]`
    items = [part for part in parts if part.is_named]
    return [] if has_gap or any(item.type == "spread_element" for item in items) else items


def _key(key: Node) -> str:
    """The name that a key tells, empty where it may tell any."""
    text = text_of(key)
    return said_by_string(text[1:-1]) if is_text(key) else text if key.type == "property_identifier" else ""


def _member_read(use: Use) -> bytes:
    """The member of a name that is read, empty where that may be any."""
    is_member = use.parent is not None and use.parent.node.type in MEMBERS
    return member_name(use.parent.node) if is_member and use.parent else b""


@lru_cache(maxsize=8)
def _words(text: bytes, behind: bytes) -> Counter[bytes]:
    """How often each name stands in a text with this behind it."""
    return Counter(re.findall(rb"(?<![\w$.])([A-Za-z_$][\w$]*+)" + behind, text))
