"""Early errors of strict mode code alone (ECMA-262, annex C)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, is_strict, outer, rule, unwrapped, word

if TYPE_CHECKING:
    from tree_sitter import Node

_RESERVED = "implements interface let package private protected public static yield"
_NAMES = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_BINDING = {
    "arrow_function": "parameter",
    "assignment_expression": "left",
    "assignment_pattern": "left",
    "augmented_assignment_expression": "left",
    "catch_clause": "parameter",
    "class": "name",
    "class_declaration": "name",
    "for_in_statement": "left",
    "function_declaration": "name",
    "function_expression": "name",
    "generator_function": "name",
    "generator_function_declaration": "name",
    "object_assignment_pattern": "left",
    "pair_pattern": "value",
    "update_expression": "argument",
    "variable_declarator": "name",
}
"""Where a name is declared or set: as which field of what."""
_PATTERNS = frozenset({"array_pattern", "formal_parameters", "object_pattern", "rest_pattern"})


def _is_bound(node: Node) -> bool:
    """Whether a name is declared or set, where it is strict."""
    place = outer(node)
    while place.type == "parenthesized_expression":
        node, place = place, outer(place)
    is_it = place.type in _PATTERNS or place.child_by_field_name(_BINDING.get(place.type, "name")) == node
    return is_it and place.type in _PATTERNS | _BINDING.keys() and is_strict(node)


def _is_deleted(word: Node) -> bool:
    """Whether a variable is deleted, or a private member."""
    argument = (
        unwrapped(outer(word).child_by_field_name("argument")) if outer(word).type == "unary_expression" else None
    )
    member = argument.child_by_field_name("property") if argument else None
    is_private = member is not None and member.type == "private_property_identifier"
    return argument is not None and (is_private or argument.type == "identifier") and is_strict(word)


def _is_octal(node: Node) -> bool:
    """Whether a number begins with a needless zero; an exponent may."""
    return node.type == "number" and (node.text or b"")[1:2].isdigit() and (node.text or b"").startswith(b"0")


def _strictly(is_it: Callable[[Node], bool]) -> Callable[[Node], bool]:
    return lambda node: is_it(node) and is_strict(node)


RULES: Sequence[EarlyError] = (
    word("arguments eval", lambda node: node.type in _NAMES and _is_bound(node), rb"(?!\s*[.\[])"),
    word(_RESERVED, _strictly(lambda node: node.type in _NAMES)),
    word(_RESERVED, _strictly(lambda node: node.type == "statement_identifier"), rb"(?=\s*:)"),
    word("with", _strictly(lambda node: outer(node).type == "with_statement"), rb"(?=\s*\()"),
    word("delete", _is_deleted),
    rule(rb"(?<![\w$.])(?P<at>0[0-9]+)(?![\w$])", _strictly(_is_octal)),
    rule(
        rb"\\(?:(?P<at>[1-9]|0[0-9])|.)",
        _strictly(lambda node: "string" in {node.type, outer(node).type} and node.type != "comment"),
    ),
)
