"""Early errors of statements: labels, loops, what a branch may be (ECMA-262, 14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, around, is_a, is_strict, outer, rule
from snippetkit.javascript.names import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

_LOOPS = frozenset({"do_statement", "for_in_statement", "for_statement", "while_statement"})
_LABELED = "labeled_statement"
_SINGLE = _LOOPS | {"else_clause", "if_statement", _LABELED, "with_statement"}
_OLD_PLACES = frozenset({"else_clause", "if_statement", _LABELED})
"""Where a function may be all of a statement, for the sake of old pages (ECMA-262, B.3)."""
_DECLARATIONS = frozenset(
    "class_declaration function_declaration generator_function_declaration lexical_declaration".split()
)


def _is_second_default(word: Node) -> bool:
    case = outer(word)
    if case.type != "switch_default" or case.parent is None:
        return False
    return [one.type for one in case.parent.named_children].count("switch_default") > 1


def _has_no_label(word: Node) -> bool:
    """Whether a `break` or a `continue` names a label that no statement around it has, or that is not a loop's."""
    label = outer(word).child_by_field_name("label")
    node = outer(word) if label else None
    while node is not None and node.type not in FUNCTIONS:
        own = node.child_by_field_name("label") if node.type == _LABELED else None
        if own is not None and label is not None and own.text == label.text:
            return word.type == "continue" and _labeled(node).type not in _LOOPS
        node = node.parent
    return label is not None


def _labeled(statement: Node) -> Node:
    """What labels stand in front of."""
    while statement.type == _LABELED and (body := statement.child_by_field_name("body")):
        statement = body
    return statement


def _is_label_twice(colon: Node) -> bool:
    """Whether a statement around a labeled one has the same label."""
    label = outer(colon).child_by_field_name("label") if outer(colon).type == _LABELED else None
    for one in around(outer(colon)) if label else ():
        if one.type in FUNCTIONS:
            return False
        own = one.child_by_field_name("label") if one.type == _LABELED else None
        if own is not None and label is not None and own.text == label.text:
            return True
    return False


def _is_alone(word: Node) -> bool:
    """Whether a declaration is all that a branch, a loop or a label has."""
    declaration, place = outer(word), outer(outer(word))
    is_in_head = place.child_by_field_name("initializer") == declaration
    if declaration.type not in _DECLARATIONS or place.type not in _SINGLE or is_in_head:
        return False
    if place.type == _LABELED and next(one.type for one in around(place) if one.type != _LABELED) in _SINGLE:
        return True
    is_plain = declaration.type == "function_declaration" and declaration.children[0].type == "function"
    return not (is_plain and place.type in _OLD_PLACES) or is_strict(declaration)


def _is_set_in_head(word: Node) -> bool:
    """Whether the variable of a loop over something has a value."""
    loop = outer(word)
    is_set = loop.type == "for_in_statement" and loop.child_by_field_name("value") is not None
    return is_set and (word.type == "of" or is_strict(loop))


def _is_unset(const: Node) -> bool:
    declaration = outer(const)
    names = [one for one in declaration.named_children if one.type == "variable_declarator"]
    return declaration.type == "lexical_declaration" and any(one.child_by_field_name("value") is None for one in names)


def _is_taken_from_nothing(bracket: Node) -> bool:
    """Whether variables are to be taken out of something that is not there: `var [a];`."""
    declarator = outer(outer(bracket))
    return declarator.type == "variable_declarator" and declarator.child_by_field_name("value") is None


def _is_without_end(word: Node) -> bool:
    statement = outer(word)
    is_ended = any(statement.child_by_field_name(name) for name in ("handler", "finalizer"))
    return statement.type == "try_statement" and not is_ended


RULES: Sequence[EarlyError] = (
    rule(rb"(?P<at>default)\b", _is_second_default, b"default"),
    rule(rb"(?P<at>break|continue)\b[^\S\n]+(?=[\w$])", _has_no_label),
    rule(rb"(?:(?:\A|[;{}):])\s*|\n[^\S\n]*)[\w$]+\s*(?=(?P<at>:))", _is_label_twice),
    rule(rb"(?:[):]|\b(?:else|do))\s*(?P<at>let|const|class|async|function)\b", _is_alone),
    rule(rb"\bfor\s*\(\s*(?:var|let|const)\s+[\w$]+\s*=[^;(){}]*?\s(?P<at>of|in)\b", _is_set_in_head, b"for"),
    rule(rb"(?P<at>try)\b", _is_without_end, b"try"),
    rule(rb"(?P<at>const)\b", _is_unset, b"const"),
    rule(rb"\b(?:var|let|const)\s*(?P<at>[\[{])", _is_taken_from_nothing),
    rule(rb"(?P<at>throw)[^\S\n\r]*[\n\r]", lambda node: outer(node).type == "throw_statement", b"throw"),
    rule(rb"(?P<at>break)\b", is_a("break_statement", _LOOPS | {"switch_statement"}), b"break"),
    rule(rb"(?P<at>continue)\b", is_a("continue_statement", _LOOPS), b"continue"),
)
