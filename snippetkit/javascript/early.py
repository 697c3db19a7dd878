"""What tree-sitter takes for JavaScript and no browser does: excess commas, curly quotes, a lone `return`.

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
_NAMES = re.compile(r"(?:\w+_)?identifier(?:_pattern)?")
_TEXTS = frozenset(
    "comment escape_sequence html_comment jsx_text regex regex_pattern string string_fragment template_string".split()
)
_PRIVATE = "private_property_identifier"
_ESCAPED = re.compile(r"\\u(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))")
_NOT_PYTHONS = str.maketrans("", "", "$\u200c\u200d")
_NO_TARGETS = frozenset("false null number regex string template_string this true".split())
_STRICT = frozenset({b"'use strict'", b'"use strict"'})
_ACCESSORS = {"get": 0, "set": 1}
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


def _is_no_token(node: Node) -> bool:
    """Whether a string goes over lines, or a name has signs that no name has, as the quotes of prose."""
    string = _around(node)
    if string.type == "string" and node.type != "string_fragment":
        return _OVER_LINES.search(string.text or b"") is not None
    if node.type == _PRIVATE:
        return not _is_inside(node, "class_body")
    return _NAMES.fullmatch(node.type) is not None and not _is_name(node.text or b"")


def _is_inside(node: Node, kind: str) -> bool:
    while node.parent is not None:
        node = node.parent
        if node.type == kind:
            return True
    return False


def _is_name(text: bytes) -> bool:
    """Whether a text is an IdentifierName (ECMA-262, 12.7); also true where it is in no encoding that is known."""
    try:
        name = _ESCAPED.sub(lambda escape: chr(int(escape[1] or escape[2], 16)), text.decode())
    except (UnicodeDecodeError, ValueError, OverflowError):
        return not text.isascii()
    return f"{'_' * (name[:1] == '$')}{name.translate(_NOT_PYTHONS)}".isidentifier()


def _is_no_target(sign: Node) -> bool:
    """Whether something is set or counted up that is no variable: the sum in `a + b = c`."""
    around = _around(sign)
    if around.type == "update_expression":
        argument = around.child_by_field_name("argument")
        return argument is not None and argument.type in _NO_TARGETS
    is_operand = around.parent is not None and around.parent.type in {"binary_expression", "unary_expression"}
    return around.type.endswith("assignment_expression") and is_operand


def _is_object(brace: Node) -> bool:
    """Whether a statement is an object, as JSON that nothing takes."""
    statement = _around(brace).parent
    while statement is not None and statement.type.endswith("_expression"):
        statement = statement.parent
    is_first = statement is not None and statement.start_byte == brace.start_byte
    return is_first and statement is not None and statement.type == "expression_statement"


def _is_second_default(word: Node) -> bool:
    around = _around(word)
    if around.type != "switch_default" or around.parent is None:
        return False
    return [one.type for one in around.parent.named_children].count("switch_default") > 1


def _has_no_label(word: Node) -> bool:
    """Whether a `break` or a `continue` names a label that no statement around it has."""
    label = _around(word).child_by_field_name("label")
    node = _around(word) if label else None
    while node is not None and node.type not in FUNCTIONS:
        own = node.child_by_field_name("label") if node.type == "labeled_statement" else None
        if own is not None and label is not None and own.text == label.text:
            return False
        node = node.parent
    return label is not None


def _is_odd_accessor(parenthesis: Node) -> bool:
    """Whether a getter takes a value, or a setter none."""
    parameters, method = _around(parenthesis), _around(_around(parenthesis))
    count = next((_ACCESSORS[one.type] for one in method.children if one.type in _ACCESSORS), None)
    is_accessor = parameters.type == "formal_parameters" and method.type == "method_definition" and count is not None
    return is_accessor and sum(one.type != "comment" for one in parameters.named_children) != count


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


def _is_strict(node: Node) -> bool:
    """Whether a node is in strict mode code (ECMA-262, 11.2.2): below a `'use strict'`, or in a class."""
    around = node.parent
    while around is not None and around.type != "class_body":
        if (around.type == "program" or _around(around).type in FUNCTIONS) and _has_directive(around):
            return True
        around = around.parent
    return around is not None


def _has_directive(body: Node) -> bool:
    for statement in (one for one in body.named_children if one.type != "comment"):
        directive = statement.named_children[0] if statement.type == "expression_statement" else None
        if directive is None or directive.type != "string":
            return False
        if directive.text in _STRICT:
            return True
    return False


def _is_strictly(kind: str, argument: str = "") -> Callable[[Node], bool]:
    """Says whether a word is of a node of this kind in strict code, with an argument of that kind."""

    def is_strictly(word: Node) -> bool:
        node = _around(word)
        child = node.child_by_field_name("argument") if argument else None
        is_it = node.type == kind and (not argument or (child is not None and child.type == argument))
        return is_it and _is_strict(node)

    return is_strictly


def _rule(text: bytes, is_wrong: Callable[[Node], bool]) -> _Rule:
    return re.compile(text, re.DOTALL), is_wrong


_WRONG: Sequence[_Rule] = (
    _rule(rb"[,({](?:\s|/\*[^*]*\*/)*(?P<at>,)", lambda node: node.type == "," and _around(node).type in _LISTS),
    _rule(
        rb"""\"[^\"\\\n\r]*+(?:\\.[^\"\\\n\r]*+)*\"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*'|//[^\n\r]*|/\*(?:.*?\*/|.*)"""
        rb"""|(?P<at>["'\x80-\xff#]|\\u)""",  # a quote that no line ends, or what may be no part of a name
        _is_no_token,
    ),
    _rule(rb"(?P<at>\xe2\x80\x8b|\xe2\x81\xa0)", lambda node: node.type not in _TEXTS),  # no space, but for tree-sitter
    _rule(
        rb"(?<!\\)(?:\\\\)*(?P<at>\\(?:u(?![0-9A-Fa-f]{4}|\{[0-9A-Fa-f]+\})|x(?![0-9A-Fa-f]{2})))",
        lambda node: "string" in {node.type, _around(node).type} and node.type != "comment",
    ),
    _rule(rb"(?:[+*/%&|<>-]\s*[\w$.]+\s*|[\w$)\]\"']\s*(?=\+\+|--))(?P<at>=(?![=>])|\+\+|--)", _is_no_target),
    _rule(rb"(?:\A|[;{}\n])\s*(?P<at>\{)\s*(?:[\w$]+\s*|\"[^\"\n]*\"\s*|'[^'\n]*'\s*):", _is_object),
    _rule(rb"(?P<at>default)\b", _is_second_default),
    _rule(rb"(?P<at>break|continue)\b[^\S\n]+(?=[\w$])", _has_no_label),
    _rule(rb"\b[gs]et\s+[\w$]+\s*(?P<at>\()", _is_odd_accessor),
    _rule(rb"\}\s*(?P<at>\()", lambda node: _is_of("call_expression", "function", "arrow_function")(_around(node))),
    _rule(rb"(?P<at>function)\s*\*?\s*\(", _is_nameless),
    _rule(rb"(?:\+\+|--)\s*(?P<at>\+\+|--)", _is_of("update_expression", "argument", "update_expression")),
    _rule(rb"(?P<at>\*\*)", _is_of("binary_expression", "left", "unary_expression")),
    _rule(rb"(?P<at>\?\?)", _is_mixed),
    _rule(rb"(?P<at>try)\b", _is_without_end),
    _rule(rb"(?P<at>const)\b", _is_unset),
    _rule(rb"(?P<at>throw)[^\S\n\r]*[\n\r]", lambda node: _around(node).type == "throw_statement"),
    _rule(rb"(?P<at>with)\s*\(", _is_strictly("with_statement")),
    _rule(rb"(?P<at>delete)\s+[\w$]", _is_strictly("unary_expression", "identifier")),
    _rule(rb"(?<![\w$.])(?P<at>0[0-9]+)(?![\w$])", lambda node: node.type == "number" and _is_strict(node)),
    _rule(rb"(?P<at>break)\b", _is_a("break_statement", _LOOPS | {"switch_statement"})),
    _rule(rb"(?P<at>continue)\b", _is_a("continue_statement", _LOOPS)),
    _rule(rb"(?P<at>yield)\b", _is_a("yield_expression", _GENERATORS)),
)
_OF_SCRIPTS: Sequence[_Rule] = (_rule(rb"(?P<at>return)\b", _is_a("return_statement", FUNCTIONS)),)
_OF_MODULES: Sequence[_Rule] = (
    _rule(rb"(?P<at>(?:ex|im)port)\b", lambda node: _around(node).type in {"export_statement", "import_statement"}),
    _rule(rb"(?P<at>await)\b", _is_a("await_expression", FUNCTIONS | {"class_static_block"})),
)
