"""Whether a piece of a script runs as soon as the page is loaded, or only when something happens there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.dialects._javascript import Script, text_of, walk
from snippetkit.snippets import Code, Document

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset({"arrow_function", "function_declaration", "function_expression", "method_definition"})
_CONDITIONS = frozenset(
    "binary_expression catch_clause do_statement for_in_statement for_statement switch_statement ternary_expression "
    "while_statement".split()
)
_SOON = re.compile(
    r"(?:window\.|self\.)?(?:setTimeout|requestIdleCallback|requestAnimationFrame|queueMicrotask)"
    r"|(?:\$|jQuery)(?:\(document\)\.ready)?"
    r"|(?:(?:window|document)\.)?addEventListener\(['\"](?:load|pageshow|DOMContentLoaded)['\"]"
    r"|(?:.*\.)?(?:call|apply|bind|forEach)",
    re.DOTALL,
)
_ON_LOAD = frozenset({"onload", "window.onload"})
_DEEPEST = 12


def runs_at_once(document: Document, code: Code) -> bool:
    """Whether what a script reports is reported without anything that a visitor does, or a condition that must hold."""
    element = code.script
    script = next((script for found, script in document.scripts if element and found.start == element.start), None)
    if script is None or code.report.queue is not None:
        return True
    at = code.report.start - script.start
    node = script.root.descendant_for_byte_range(at, at + 1)
    return node is None or _runs(script, node, None, 0)


def _runs(script: Script, node: Node, name: str | None, depth: int) -> bool:
    """Climb from a node to the script: `name` is the function that is called there, None for the report itself."""
    if depth > _DEEPEST:
        return False
    child, around = node, node.parent
    while around is not None:
        if around.type in _FUNCTIONS:
            return _is_called(script, around, depth)
        if around.type in _CONDITIONS and around.child_by_field_name("left") != child:
            return False
        if around.type == "if_statement" and not _is_in_both(script, around, child, name, depth):
            return False
        child, around = around, around.parent
    return True


def _is_in_both(script: Script, condition: Node, child: Node, name: str | None, depth: int) -> bool:
    """Whether a function is called on both ways of a condition, of which `child` is one, or is the condition."""
    ways = [condition.child_by_field_name(field) for field in ("consequence", "alternative")]
    if child not in ways:
        return True
    other = next((way for way in ways if way != child), None)
    if other is None or name is None:
        return False
    return any(_is_soon(found) for found in _named(other, name))


def _is_called(script: Script, function: Node, depth: int) -> bool:
    outer = function
    while outer.parent and outer.parent.type == "parenthesized_expression":
        outer = outer.parent
    name = _name_of(function, outer)
    if name:
        uses = [use for use in _named(script.root, name) if _is_soon(use)]
        return any(_runs(script, use, name, depth + 1) for use in uses)
    return _is_soon(outer) and bool(outer.parent) and _runs(script, outer, None, depth + 1)


def _name_of(function: Node, outer: Node) -> str:
    """What a function is called by: its own name where it is declared, or the variable's."""
    holder = outer.parent if outer.parent and outer.parent.type == "variable_declarator" else None
    named = function if function.type == "function_declaration" else holder
    name = named.child_by_field_name("name") if named else None
    return text_of(name) if name else ""


def _named(root: Node, name: str) -> Iterator[Node]:
    return (node for node in walk(root) if node.type == "identifier" and text_of(node) == name)


def _is_soon(node: Node) -> bool:
    """Whether a function is called where it stands, or given to what calls it once the page is loaded."""
    around = node.parent
    if around is None:
        return False
    if around.type == "assignment_expression":
        left = around.child_by_field_name("left")
        return left is not None and text_of(left) in _ON_LOAD
    if around.type == "member_expression":
        member = around.child_by_field_name("property")
        return member is not None and text_of(member) in {"call", "apply"}
    if around.type == "call_expression":
        return around.child_by_field_name("function") == node
    call = around.parent if around.type == "arguments" else None
    callee = call.child_by_field_name("function") if call else None
    if call is None or callee is None:
        return False
    first = text_of(around.named_children[0])
    shown = text_of(callee)
    return _SOON.fullmatch(f"{shown}({first}" if shown.endswith("addEventListener") else shown) is not None
