"""Whether a name is only declared, set and read, so that nothing changes what it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.javascript.json_texts import PARSE
from snippetkit.javascript.merging import MERGING
from snippetkit.javascript.names import MEMBERS, Key, Names, Use, given, member_name, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

CONTAINERS = frozenset({"array", "object"})
PASSING = frozenset({b"Object.freeze", b"Object.seal", b"structuredClone"})
"""The functions that give what they are given, or a copy."""
_LITERALS = CONTAINERS | {"pair"}
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
_KEEPING = frozenset(
    b"concat filter forEach includes indexOf join map replace slice toFixed toLowerCase toString toUpperCase "
    b"trim".split()
)
"""The methods of a list, a text or a number that do not change it."""
_TELLING = PASSING | {
    b"$.each",
    b"JSON.stringify",
    b"Object.entries",
    b"Object.keys",
    b"Object.values",
    b"_.each",
    b"_.forEach",
    b"console.log",
    b"jQuery.each",
}
"""The functions that do not change what they are given."""
_SEEING = frozenset({"binary_expression", "for_in_statement", "if_statement", "spread_element", "unary_expression"})


class Keeping:
    """Says which names of a script are kept; `telling` are the paths of functions that do not change what they get."""

    def __init__(self, names: Names, telling: frozenset[bytes]) -> None:
        self._names = names
        self._telling = _TELLING | telling
        self._kept: dict[tuple[Key, bool], bool] = {}

    def is_kept(self, key: Key, *, is_holding: bool = False) -> bool:
        """Return whether a name is; `is_holding` says that it stands for what could be changed through it."""
        if (key, is_holding) not in self._kept:
            is_plain = not (is_holding or any(map(self._is_holding, self._names.values[key])))
            uses = self._names.uses[key]
            self._kept[key, is_holding] = all(is_declared(use) or self._is_read(use, is_plain) for use in uses)
        return self._kept[key, is_holding]

    def _is_holding(self, value: Node) -> bool:
        """Whether a name is set to what could be changed through it."""
        value = unwrapped(value)
        function = value.child_by_field_name("function") if value.type == "call_expression" else None
        path = self._names.path(function)
        return value.type in CONTAINERS or path == PARSE or path in PASSING | MERGING

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
        return is_plain or around.node.type in _SEEING or (call is not None and self._is_told(call, use.node))

    def _is_told(self, call: Node, name: Node) -> bool:
        """Whether a call does not change what it is given; what puts objects together changes the first one."""
        path = self._names.path(call.child_by_field_name("function"))
        is_merged = path in MERGING and given(call.child_by_field_name("arguments"))[0] != name
        return is_merged or path.removesuffix(b".apply") in self._telling


def is_declared(use: Use) -> bool:
    """Return whether a name is declared or set where it stands: its value is then known."""
    around = use.parent.node if use.parent else use.node
    if around.type == "for_in_statement":
        return use.is_field("left") and around.child_by_field_name("kind") is not None
    is_set = around.type == "assignment_expression" and use.is_field("left")
    is_named = around.type == "variable_declarator" and use.is_field("name")
    is_parameter = around.type == "arrow_function" and use.is_field("parameter")
    return is_set or is_named or is_parameter or _is_parameter(use)


def _is_parameter(use: Use) -> bool:
    """Whether a name is a parameter of a function, or in what takes one apart; what counts without it is no name."""
    while use.parent and "pattern" in use.parent.node.type and not (use.is_field("right") or use.is_field("key")):
        use = use.parent
    return use.parent is not None and use.parent.node.type == "formal_parameters"


def _call_given(around: Use) -> Node | None:
    """The call that gets what stands here as an argument, or inside a literal that is one."""
    holder: Use | None = around
    while holder and holder.node.type in _LITERALS:
        holder = holder.parent
    return holder.parent.node if holder and holder.node.type == "arguments" and holder.parent else None


def _reads(use: Use, around: Use) -> bool:
    field = _READING.get(around.node.type)
    if around.node.type == "unary_expression" and around.node.children[0].type == "delete":
        return False
    return field is not None and (not field or use.is_field(field))
