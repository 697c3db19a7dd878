"""What a name stands for if it is only ever set to one literal: `var ID = "1"; tell(ID)`.

Where it may have another value, at any time or on any path through the script, nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from snippetkit.javascript.literals import said_by_constant
from snippetkit.javascript.names import SHORTHAND, Key, Names, Use, is_text, member_name, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.tree import Tree

Given: TypeAlias = "Mapping[Key, Node | int]"
"""What the variables of a loop stand for in one of its rounds: an item of the list, or its number."""

NOTHING: Given = MappingProxyType({})
MEMBERS = frozenset({"member_expression", "subscript_expression"})
NAMING = MEMBERS | {"identifier", SHORTHAND, "template_string"}
CONTAINERS = frozenset({"array", "object"})
_LITERALS = CONTAINERS | {"pair"}
_DEEP = 8
# The nodes in which a name is plainly set, and the blocks for which it is then set.
_PLAINLY = frozenset(
    "arguments assignment_expression call_expression export_statement expression_statement lexical_declaration "
    "parenthesized_expression sequence_expression unary_expression variable_declaration variable_declarator".split()
)
_BLOCKS = frozenset({"program", "statement_block"})
# The nodes that read a name, and as which of their fields; any, where none is named.
_READING = dict.fromkeys(
    "arguments array binary_expression call_expression expression_statement if_statement jsx_expression new_expression "
    "object parenthesized_expression return_statement sequence_expression spread_element subscript_expression "
    "template_substitution ternary_expression unary_expression".split(),
    "",
) | {
    "arrow_function": "body",
    "assignment_expression": "right",
    "for_in_statement": "right",
    "member_expression": "object",
    "pair": "value",
    "variable_declarator": "value",
}
_KEEPING = frozenset({b"concat", b"filter", b"forEach", b"includes", b"indexOf", b"join", b"map", b"slice"})
"""The methods of a list that do not change it."""
_TELLING = frozenset({b"$.each", b"_.each", b"_.forEach", b"jQuery.each"})
"""The functions that do not change what they are given."""

_SEEING = frozenset({"binary_expression", "for_in_statement", "if_statement", "unary_expression"})
_SETTING = rb"\s*(?:[+*/%&|^?-]{0,3}=(?![=>])|\+\+|--)"
Span: TypeAlias = tuple[int, int]


class Constant(NamedTuple):
    """A literal, a list or an object; `is_only` says that it holds only what was asked for."""

    node: Node
    is_only: bool = True


class Constants:
    """The names of a script that always stand for the same."""

    def __init__(
        self, names: Names, tree: Tree, script: int, text: bytes, span: Span, telling: frozenset[bytes] = frozenset()
    ) -> None:
        """Take the names of a script, whose node has this id, and the text in which the script stands from, up to.

        `telling` are the paths of further functions that do not change what they are given.
        """
        self._telling = _TELLING | telling
        self.names = names
        self._tree = tree
        self._script = script
        self._text = text
        self._own = text[slice(*span)]
        self._values: dict[Key, tuple[Node, Node] | None] = {}
        self._kept: dict[Key, bool] = {}
        self._reads: dict[Key, Counter[bytes]] = {}
        self._items: dict[int, list[Node]] = {}
        self._members: dict[int, dict[bytes, Node | None]] = {}

    def value(self, node: Node, given: Given, depth: int = 0) -> Constant | None:
        """Return what an expression always stands for, None where it may be something else."""
        node = unwrapped(node)
        is_literal = is_text(node) or node.type == "number" or node.type in CONTAINERS
        if is_literal or (node.type not in NAMING and said_by_constant(node)):
            return Constant(node)
        if depth > _DEEP or node.type not in NAMING:
            return None
        if node.type == "template_string":  # one that is nothing but an expression
            inner = node.named_children[0].named_children if len(node.named_children) == 1 else []
            return self.value(inner[0], given, depth + 1) if len(inner) == 1 else None
        return (self._of_member if node.type in MEMBERS else self._of_name)(node, given, depth)

    def _of_name(self, node: Node, given: Given, depth: int, member: bytes | None = None) -> Constant | None:
        key = self.names.key_of(node)
        item = given.get(key, self._constant(key, node)) if key else None
        told = self.value(item, given, depth + 1) if item is not None and not isinstance(item, int) else None
        if key is None or told is None:
            return None
        return Constant(told.node, told.is_only and key not in given and self._is_read_once(key, member))

    def _of_member(self, node: Node, given: Given, depth: int) -> Constant | None:
        of, name = node.child_by_field_name("object"), member_name(node)
        inner = unwrapped(of) if of else node
        if inner.type == "identifier":
            holder = self._of_name(inner, given, depth, name)
        else:
            holder = self.value(inner, given, depth + 1)
        item = self._item(holder.node, node, name, given) if holder else None
        told = self.value(item, given, depth + 1) if item else None
        return Constant(told.node, told.is_only and holder.is_only) if told and holder else None

    def _item(self, holder: Node, member: Node, name: bytes, given: Given) -> Node | None:
        """The member of an object, by its name, or the item of a list, by its number."""
        if holder.type == "array":
            number = self._number(member.child_by_field_name("index"), given)
            if holder.id not in self._items:
                self._items[holder.id] = items_of(holder)
            items = self._items[holder.id]
            return items[number] if number is not None and number < len(items) else None
        if holder.id not in self._members:
            self._members[holder.id] = _members_of(holder)
        return self._members[holder.id].get(name)

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
            is_certain = len(values) == 1 and self.is_kept(key) and not self._is_elsewhere(key, _SETTING)
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

    def _is_elsewhere(self, key: Key, behind: bytes) -> bool:
        """Whether a name of the whole script stands in the text around that too, with this behind it."""
        is_shared = key[1] == self._script
        return is_shared and _words(self._text, behind)[key[0]] > _words(self._own, behind)[key[0]]

    def is_kept(self, key: Key) -> bool:
        """Whether a name is only declared, set and read, and its value cannot be changed through that."""
        if key not in self._kept:
            is_plain = not any(unwrapped(value).type in CONTAINERS for value in self.names.values[key])
            uses = self.names.uses[key]
            self._kept[key] = all(_is_declared(use) or self._is_read(use, is_plain) for use in uses)
        return self._kept[key]

    def _is_read(self, use: Use, is_plain: bool) -> bool:
        """Whether a name is read, or a member of it; a list or an object is not handed on to what could change it."""
        outer = use
        while outer.parent and outer.parent.node.type in MEMBERS and outer.is_field("object"):
            outer = outer.parent
        around = outer.parent
        if around is None or not _reads(outer, around):
            return False
        if outer is not use:
            return not outer.is_field("function") or member_name(outer.node) in _KEEPING
        call = _call_given(around)
        is_told = call is not None and self.names.path(call.child_by_field_name("function")) in self._telling
        return is_plain or is_told or around.node.type in _SEEING

    def _is_read_once(self, key: Key, member: bytes | None) -> bool:
        """Whether a name, or one member of it, is read once here, and nowhere else in the text."""
        if key not in self._reads:
            self._reads[key] = Counter(_member_read(use) for use in self.names.uses[key] if not _is_declared(use))
        reads = self._reads[key]
        times = reads.total() if member is None else sum(reads[name] for name in {member, b""})
        return times == 1 and not self._is_elsewhere(key, b"")


def items_of(array: Node) -> list[Node]:
    """The items of a list, none if their number is not known."""
    parts = [child for child in array.children if child.type != "comment"]
    has_gap = any(behind.type == "," and part.type in {",", "["} for part, behind in pairwise(parts))  # `[1,,2]`
    items = [part for part in parts if part.is_named]
    return [] if has_gap or any(item.type == "spread_element" for item in items) else items


def _members_of(holder: Node) -> dict[bytes, Node | None]:
    """The values of an object by name, without those that occur twice; nothing, where a part of it may set any."""
    parts = [child for child in holder.named_children if child.type != "comment"]
    names = [*map(_key, parts)]
    if holder.type != "object" or not all(names):
        return {}
    often = Counter(names)
    return {
        name: part.child_by_field_name("value") for name, part in zip(names, parts, strict=True) if often[name] == 1
    }


def _key(part: Node) -> bytes:
    """The name of a part of an object, empty where it may set any."""
    key = part.child_by_field_name("key") if part.type == "pair" else None
    if key is None or key.type == "property_identifier":
        return (key and key.text) or b""
    return (key.text or b"")[1:-1] if is_text(key) else b""


def _member_read(use: Use) -> bytes:
    """The member of a name that is read, empty where that may be any."""
    is_member = use.parent is not None and use.parent.node.type in MEMBERS
    return member_name(use.parent.node) if is_member and use.parent else b""


def _call_given(around: Use) -> Node | None:
    """The call that gets what stands here as an argument, or inside a literal that is one."""
    holder: Use | None = around
    while holder and holder.node.type in _LITERALS:
        holder = holder.parent
    return holder.parent.node if holder and holder.node.type == "arguments" and holder.parent else None


def _is_declared(use: Use) -> bool:
    """Whether a name is declared or set where it stands: its value is then known."""
    around = use.parent.node if use.parent else use.node
    if around.type == "for_in_statement":
        return use.is_field("left") and around.child_by_field_name("kind") is not None
    is_set = around.type == "assignment_expression" and use.is_field("left")
    is_named = around.type == "variable_declarator" and use.is_field("name")
    is_parameter = around.type == "arrow_function" and use.is_field("parameter")
    return is_set or is_named or is_parameter or around.type == "formal_parameters"


def _reads(use: Use, around: Use) -> bool:
    field = _READING.get(around.node.type)
    if around.node.type == "unary_expression" and around.node.children[0].type == "delete":
        return False
    return field is not None and (not field or use.is_field(field))


@lru_cache(maxsize=8)
def _words(text: bytes, behind: bytes) -> Counter[bytes]:
    """How often each name stands in a text with this behind it."""
    return Counter(re.findall(rb"(?<![\w$.])([A-Za-z_$][\w$]*+)" + behind, text))
