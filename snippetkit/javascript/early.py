"""What tree-sitter takes for JavaScript and no browser does: excess commas, strings over lines, a lone `return`.

The grammar of tree-sitter is wider than that of ECMA-262, whose "early errors" keep a whole script from running. A few
texts may be one; the tree that is there already says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from snippetkit.javascript.names import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 50  # possible errors; a page made to be slow has thousands
_DEEPEST = 64
_LISTS = frozenset({"arguments", "formal_parameters", "object", "object_pattern"})
_LOOPS = frozenset({"do_statement", "for_in_statement", "for_statement", "while_statement"})
_GENERATORS = frozenset({"generator_function", "generator_function_declaration", "method_definition"})
_LOGICAL = frozenset({"&&", "||"})
_OVER_LINES = re.compile(rb"(?<!\\)[\n\r]")
_Rule: TypeAlias = "tuple[re.Pattern[bytes], Callable[[Node], bool]]"
"""The pattern of a possible error, at its group `at`, and the test of whether the node there is one."""


def find_error(root: Node, script: bytes, *, is_body: bool = False) -> Node | None:
    """Return the node where a script stops being JavaScript, None where all of it is.

    Args:
        root: the script's tree.
        script: its text.
        is_body: whether it is the body of a function, as a handler is, where a `return` may stand.
    """
    if root.has_error:
        return _innermost(root)
    return _first(root, script, _WRONG) or (None if is_body else _first(root, script, _OF_SCRIPTS))


def _innermost(node: Node) -> Node:
    while inner := next((child for child in node.children if child.has_error or child.is_missing), None):
        node = inner
    return node


def find_of_module(root: Node, script: bytes) -> Node | None:
    """Return the first node in a script that only a module may have, None where there is none."""
    return _first(root, script, _OF_MODULES)


def _first(root: Node, script: bytes, rules: Sequence[_Rule]) -> Node | None:
    for text, is_wrong in rules:
        spans = (match.span("at") for match in text.finditer(script) if match["at"])
        nodes = (root.descendant_for_byte_range(*span) for span in islice(spans, _MOST))
        if wrong := next((node for node in nodes if node and is_wrong(node)), None):
            return wrong
    return None


def _around(node: Node) -> Node:
    return node.parent or node


def _is_in(node: Node, kinds: frozenset[str]) -> bool:
    """Whether a node is in one of these kinds, not in a function within it; also true where that is not certain."""
    around = node.parent
    for _ in range(_DEEPEST):
        if around is None or around.type in kinds:
            return around is not None
        if around.type in FUNCTIONS:
            return False
        around = around.parent
    return True


def _is_nameless(function: Node) -> bool:
    """Whether a statement begins with a function that has no name."""
    around = _around(function)
    while around.type in FUNCTIONS | {"call_expression"} and around.parent:
        around = around.parent
    return around.type == "expression_statement" and around.start_byte == _around(function).start_byte


def _is_mixed(operator: Node) -> bool:
    """Whether `??` stands beside `||` or `&&` without parentheses."""
    expression = _around(operator)
    beside = [expression.child_by_field_name("left"), expression.child_by_field_name("right"), expression.parent]
    operators = [one.child_by_field_name("operator") for one in beside if one and one.type == "binary_expression"]
    return any(one is not None and one.type in _LOGICAL for one in operators)


def _is_of(kind: str, field: str, inner: str) -> Callable[[Node], bool]:
    """Says whether a node is in one of a kind whose field is of another kind."""

    def is_of(node: Node) -> bool:
        around = _around(node)
        child = around.child_by_field_name(field) if around.type == kind else None
        return child is not None and child.type == inner

    return is_of


def _is_unset(const: Node) -> bool:
    around = _around(const)
    declared = [one for one in around.named_children if one.type == "variable_declarator"]
    return around.type == "lexical_declaration" and any(one.child_by_field_name("value") is None for one in declared)


def _is_without_end(word: Node) -> bool:
    around = _around(word)
    is_ended = any(around.child_by_field_name(name) for name in ("handler", "finalizer"))
    return around.type == "try_statement" and not is_ended


def _is_a(kind: str, within: frozenset[str]) -> Callable[[Node], bool]:
    """Says whether a word is of a node of this kind that stands in none of those, and says of which label it is not."""

    def is_a(word: Node) -> bool:
        node = _around(word)
        return node.type == kind and node.child_by_field_name("label") is None and not _is_in(node, within)

    return is_a


def _rule(text: bytes, is_wrong: Callable[[Node], bool]) -> _Rule:
    return re.compile(text, re.DOTALL), is_wrong


_WRONG: Sequence[_Rule] = (
    _rule(rb"[,({](?:\s|/\*[^*]*\*/)*(?P<at>,)", lambda node: node.type == "," and _around(node).type in _LISTS),
    _rule(
        rb"""\"[^\"\\\n\r]*+(?:\\.[^\"\\\n\r]*+)*\"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*'|//[^\n\r]*|/\*(?:.*?\*/|.*)"""
        rb"""|(?P<at>["'])""",  # a quote that no line ends
        lambda node: _around(node).type == "string" and _OVER_LINES.search(_around(node).text or b"") is not None,
    ),
    _rule(rb"\}\s*(?P<at>\()", lambda node: _is_of("call_expression", "function", "arrow_function")(_around(node))),
    _rule(rb"(?P<at>function)\s*\*?\s*\(", _is_nameless),
    _rule(rb"(?:\+\+|--)\s*(?P<at>\+\+|--)", _is_of("update_expression", "argument", "update_expression")),
    _rule(rb"(?P<at>\*\*)", _is_of("binary_expression", "left", "unary_expression")),
    _rule(rb"(?P<at>\?\?)", _is_mixed),
    _rule(rb"(?P<at>try)\b", _is_without_end),
    _rule(rb"(?P<at>const)\b", _is_unset),
    _rule(rb"(?P<at>break)\b", _is_a("break_statement", _LOOPS | {"switch_statement"})),
    _rule(rb"(?P<at>continue)\b", _is_a("continue_statement", _LOOPS)),
    _rule(rb"(?P<at>yield)\b", _is_a("yield_expression", _GENERATORS)),
)
_OF_SCRIPTS: Sequence[_Rule] = (_rule(rb"(?P<at>return)\b", _is_a("return_statement", FUNCTIONS)),)
_OF_MODULES: Sequence[_Rule] = (
    _rule(rb"(?P<at>(?:ex|im)port)\b", lambda node: _around(node).type in {"export_statement", "import_statement"}),
    _rule(rb"(?P<at>await)\b", _is_a("await_expression", FUNCTIONS | {"class_static_block"})),
)
