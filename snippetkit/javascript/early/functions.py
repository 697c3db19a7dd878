"""Early errors of functions: names, parameters, what only some of them may have (ECMA-262, 15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, around, has_directive, is_a, outer, rule, word
from snippetkit.javascript.names import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

_GENERATORS = frozenset({"generator_function", "generator_function_declaration", "method_definition"})
_OWN_PLACES = FUNCTIONS - {"arrow_function"} | {"class_static_block", "field_definition"}
"""What has a `this` and a `new.target` of its own."""
_METHODS = frozenset({"class_static_block", "field_definition", "method_definition"})


def _is_nameless(function: Node) -> bool:
    """Whether a statement begins with a function or a class that has no name."""
    one = outer(function)
    while one.type in FUNCTIONS | {"call_expression", "class"} and one.parent:
        one = one.parent
    return one.type == "expression_statement" and one.start_byte == outer(function).start_byte


def _is_strict_too_late(string: Node) -> bool:
    """Whether a function with a default, a rest or a pattern among its parameters says that it is strict."""
    function = next((one for one in around(string) if one.type in FUNCTIONS), None)
    body = function.child_by_field_name("body") if function else None
    parameters = function.child_by_field_name("parameters") if function else None
    if body is None or parameters is None or outer(outer(outer(string))) != body:
        return False
    kinds = {one.type for one in parameters.named_children} - {"comment", "identifier"}
    return bool(kinds) and has_directive(body)


def _is_on_next_line(arrow: Node) -> bool:
    before = arrow.prev_sibling
    is_arrow = outer(arrow).type == "arrow_function" and before is not None
    return is_arrow and before is not None and before.end_point[0] < arrow.start_point[0]


def _own_place(node: Node) -> Node | None:
    return next((one for one in around(node) if one.type in _OWN_PLACES), None)


def _is_super_elsewhere(node: Node) -> bool:
    """Whether `super` stands outside a method, or is called outside the constructor of a class that extends another."""
    if node.type != "super":
        return False
    method = _own_place(node)
    if method is None or method.type not in _METHODS:
        return True
    if outer(node).type != "call_expression":
        return False
    name, of = method.child_by_field_name("name"), outer(outer(method))
    is_constructor = name is not None and (name.text or b"").strip(b"'\"") == b"constructor"
    return not (is_constructor and any(one.type == "class_heritage" for one in of.children))


def _is_target_elsewhere(new: Node) -> bool:
    return outer(new).type == "meta_property" and _own_place(new) is None


def _is_waiting_elsewhere(node: Node) -> bool:
    """Whether `await` stands in a function that is not async."""
    function = next((one for one in around(node) if one.type in FUNCTIONS), None)
    is_waiting = outer(node).type in {"await_expression", "for_in_statement"} and node.type == "await"
    return is_waiting and function is not None and "async" not in {one.type for one in function.children}


def _is_own_word(node: Node) -> bool:
    """Whether an async function calls something `await`, or a generator something `yield`."""
    function = next((one for one in around(node) if one.type in FUNCTIONS), None)
    if node.type != "identifier" or function is None:
        return False
    is_name = function.child_by_field_name("name") == node and function.type.endswith("declaration")
    sign = "async" if node.text == b"await" else "*"
    return not is_name and sign in {one.type for one in function.children}


def _is_default(node: Node) -> bool:
    """Whether the default of a parameter awaits or yields something."""
    if not outer(node).type.endswith(("await_expression", "yield_expression")):
        return False
    inner = next((one for one in around(node) if one.type in {"formal_parameters", "statement_block"}), None)
    return inner is not None and inner.type == "formal_parameters"


RULES: Sequence[EarlyError] = (
    rule(rb"(?P<at>function)\s*\*?\s*\(", _is_nameless),
    rule(rb"(?P<at>class)\s*\{", _is_nameless, b"class"),
    rule(rb"""(?P<at>['"])use strict['"]""", _is_strict_too_late, b"use strict"),
    rule(rb"\s(?P<at>=>)", _is_on_next_line, b"=>"),
    rule(rb"(?P<at>yield)\b", is_a("yield_expression", _GENERATORS), b"yield"),
    *(word(one, is_wrong) for one in ("await", "yield") for is_wrong in (_is_own_word, _is_default)),
    word("await", _is_waiting_elsewhere, rb"(?=\s+[\w$'\"{]|\s*\([^()]*\sof\s)"),
    word("super", _is_super_elsewhere),
)
OF_SCRIPTS: Sequence[EarlyError] = (word("new", _is_target_elsewhere, rb"(?=\s*\.\s*target\b)"),)
"""What the body of a function may have, as a handler is one."""
