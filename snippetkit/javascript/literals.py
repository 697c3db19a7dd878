"""What a literal says, however it is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = later(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{0*([0-9a-fA-F]{1,5})\}|([0-3]?[0-7]{1,2})|(\r\n|.))", re.DOTALL
)
_SHORT_ESCAPES = {"\n": "", "\r\n": "", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LITERAL = later(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DECIMAL = later(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST = 100
_CONSTANTS = frozenset({"false", "null", "true", "undefined"})
_NAMED = frozenset({"Infinity", "NaN"})


def said_by_constant(node: Node) -> str:
    """Return what a constant says that is neither a string nor a number literal; nothing for any other node.

    These are `-5`, `null`, `NaN` and the like, also as minifiers write them: `!1` and `void 0`.
    """
    text = (node.text or b"").decode("utf-8", "replace") if node.end_byte - node.start_byte <= _LONGEST else ""
    if node.type in _CONSTANTS or (node.type == "identifier" and text in _NAMED):
        return text
    operator, operand = (node.child_by_field_name(name) for name in ("operator", "argument"))
    if node.type != "unary_expression" or operator is None or operand is None:
        return ""
    number = (operand.text or b"").decode("utf-8", "replace")
    if operand.type != "number" and number not in _NAMED:
        return ""
    return _said_by_operation(operator.type, said_by_number(number) if operand.type == "number" else number)


def _said_by_operation(operator: str, number: str) -> str:
    if operator == "-":
        return number if number == "0" else f"-{number}"
    return {"!": "true" if number in {"0", "NaN"} else "false", "void": "undefined"}.get(operator, "")


def is_nothing(node: Node) -> bool:
    """Return whether a node stands where an object belongs and tells nothing: an empty list, `null` and `undefined`."""
    return node.type in {"null", "undefined"} or (node.type == "array" and not node.named_children)


def said_by_string(text: str) -> str:
    """Return what a string says, given what stands between its quotes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(_unescaped, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def said_by_number(number: str) -> str:
    """Return a number's digits: minifiers write `1e3` for 1000, and `.5` for 0.5."""
    digits = number.replace("_", "")
    if _LITERAL.fullmatch(digits):
        return digits
    if _DECIMAL.fullmatch(digits):
        return format(Decimal(digits), "f")
    try:
        return str(int(digits, 0))
    except ValueError:
        return number


def _unescaped(match: re.Match[str]) -> str:
    if match[4]:
        return chr(int(match[4], 8))
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _SHORT_ESCAPES.get(match[5], match[5])
