"""Early errors of expressions: what is set, operators, objects (ECMA-262, 13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, around, is_of, outer, rule, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

_LISTS = frozenset({"arguments", "formal_parameters", "object", "object_pattern"})
_PATTERNS = frozenset({"array_pattern", "formal_parameters", "object_pattern"})
_LOGICAL = frozenset({"&&", "||"})
_SETTABLE = frozenset({"identifier", "member_expression", "subscript_expression", "undefined"})
_NO_TARGETS = frozenset("false null number regex string template_string this true update_expression".split())
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_OPERATIONS = _ASSIGNMENTS | {"binary_expression", "member_expression", "subscript_expression", "ternary_expression"}
_CHAIN = {"call_expression": "function", "member_expression": "object", "subscript_expression": "object"}
_SETTING = {"assignment_expression": "left", "augmented_assignment_expression": "left", "for_in_statement": "left"}
_ACCESSORS = {"get": 0, "set": 1}
_PROTO = frozenset({b"__proto__", b"'__proto__'", b'"__proto__"'})


def _is_no_target(sign: Node) -> bool:
    """Whether something is set or counted up that is no variable: the sum in `a + b = c`."""
    setting = outer(sign)
    if setting.type == "update_expression":
        argument = setting.child_by_field_name("argument")
        return argument is not None and argument.type in _NO_TARGETS
    is_operand = setting.parent is not None and setting.parent.type in {"binary_expression", "unary_expression"}
    return setting.type in _ASSIGNMENTS and is_operand


def _is_no_target_in_parentheses(sign: Node) -> bool:
    left = outer(sign).child_by_field_name("left") if outer(sign).type in _SETTING else None
    inner = unwrapped(left)
    return left is not None and inner is not None and left != inner and inner.type not in _SETTABLE


def _is_counted_twice(sign: Node) -> bool:
    update = outer(sign)
    kinds = {getattr(update.child_by_field_name("argument"), "type", ""), outer(update).type}
    return update.type == "update_expression" and "update_expression" in kinds


def _is_set_or_made(sign: Node) -> bool:
    """Whether something in a chain of `?.` is set, made with `new`, or given a template."""
    node = sign if sign.type != "optional_chain" else outer(sign)
    for link in around(node):
        field = _CHAIN.get(link.type)
        if field is None or link.child_by_field_name(field) != node:
            break
        node = link
        given = node.child_by_field_name("arguments")
        if given is not None and given.type == "template_string":
            return True
    by = outer(node)
    is_set = _SETTING.get(by.type) and by.child_by_field_name(_SETTING[by.type]) == node
    return bool(is_set) or by.type == "update_expression" or by.child_by_field_name("constructor") == node


def _is_object(brace: Node) -> bool:
    """Whether a statement is an object, as JSON that nothing takes."""
    statement = outer(brace).parent
    while statement is not None and statement.type.endswith("_expression"):
        statement = statement.parent
    is_first = statement is not None and statement.start_byte == brace.start_byte
    return is_first and statement is not None and statement.type == "expression_statement"


def _is_odd_accessor(parenthesis: Node) -> bool:
    """Whether a getter takes a value, or a setter none."""
    parameters, method = outer(parenthesis), outer(outer(parenthesis))
    count = next((_ACCESSORS[one.type] for one in method.children if one.type in _ACCESSORS), None)
    is_accessor = parameters.type == "formal_parameters" and method.type == "method_definition" and count is not None
    taken = [one.type for one in parameters.named_children if one.type != "comment"]
    return is_accessor and (len(taken) != count or "rest_pattern" in taken)


def _is_mixed(operator: Node) -> bool:
    """Whether `??` stands beside `||` or `&&` without parentheses."""
    expression = outer(operator)
    beside = [expression.child_by_field_name("left"), expression.child_by_field_name("right"), expression.parent]
    operators = [one.child_by_field_name("operator") for one in beside if one and one.type == "binary_expression"]
    return any(one is not None and one.type in _LOGICAL for one in operators)


def _is_odd_rest(dots: Node) -> bool:
    """Whether something follows what takes the rest, or the rest of an object is taken apart."""
    rest, pattern = outer(dots), outer(outer(dots))
    if rest.type != "rest_pattern" or pattern.type not in _PATTERNS:
        return False
    behind = rest.next_sibling
    is_apart = pattern.type == "object_pattern" and rest.named_children[-1].type in _PATTERNS
    return is_apart or (behind is not None and behind.type == ",")


def _is_operand(sign: Node) -> bool:
    """Whether an arrow function without parentheses is the operand of something."""
    operation = outer(sign) if sign.type != "optional_chain" else outer(outer(sign))
    return operation.type in _OPERATIONS and operation.children[0].type == "arrow_function"


def _is_second_proto(key: Node) -> bool:
    pair = next((one for one in (outer(key), outer(outer(key))) if one.type == "pair"), None)
    if pair is None or outer(pair).type != "object":
        return False
    keys = (one.child_by_field_name("key") for one in outer(pair).named_children if one.type == "pair")
    return sum(one is not None and one.text in _PROTO for one in keys) > 1


RULES: Sequence[EarlyError] = (
    rule(rb"[,({](?:\s|/\*[^*]*\*/)*(?P<at>,)", lambda node: node.type == "," and outer(node).type in _LISTS),
    rule(rb"(?:[+*/%&|<>-]\s*[\w$.]+\s*|[\w$)\]\"']\s*(?=\+\+|--))(?P<at>=(?![=>])|\+\+|--)", _is_no_target),
    rule(rb"\)\s*(?P<at>[-+*/%&|^<>?]*=(?![=>]))", _is_no_target_in_parentheses),
    rule(rb"\)\s*(?P<at>in|of)\b", _is_no_target_in_parentheses),
    rule(rb"(?P<at>\+\+|--)\s*[\d'\"]", _is_no_target),
    rule(rb"(?:\+\+|--)\s*(?P<at>\+\+|--)", _is_counted_twice),
    rule(rb"(?:\+\+|--)[\w$.]+(?P<at>\+\+|--)", _is_counted_twice),
    rule(rb"(?P<at>\?\.)(?![0-9])", _is_set_or_made, b"?."),
    rule(rb"(?:(?:\A|[;{}])\s*|\n[^\S\n]*)(?P<at>\{)\s*(?:[\w$]+\s*|\"[^\"\n]*\"\s*|'[^'\n]*'\s*):", _is_object),
    rule(rb"\b[gs]et\s+[\w$]+\s*(?P<at>\()", _is_odd_accessor, b"et "),
    rule(rb"\}\s*(?P<at>\()", lambda node: is_of("call_expression", "function", "arrow_function")(outer(node)), b"=>"),
    rule(rb"\}\s*(?P<at>[-+*/%&|^<>?=.]+)", _is_operand, b"=>"),
    rule(rb"(?P<at>\*\*)", is_of("binary_expression", "left", "unary_expression"), b"**"),
    rule(rb"(?P<at>\*\*)", is_of("binary_expression", "left", "await_expression"), b"**"),
    rule(rb"(?P<at>\?\?)", _is_mixed, b"??"),
    rule(rb"(?P<at>\.\.\.)", _is_odd_rest, b"..."),
    rule(rb"(?P<at>__proto__)", _is_second_proto, b"__proto__"),
)
