"""What an expression says whose parts are known: `'AW-1' + '/' + label`, `AW-1/${label}`, `2 * price`, `Number(x)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snippetkit.javascript.computing import KnownText, calculated, called, called_on
from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.names import given, is_text, member_name, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 30
_LONGEST = 200  # an expression that is longer is nested deeper than amounts are
_PIECES = frozenset({"escape_sequence", "string_fragment"})
_NOTHING, _FALSE = frozenset({"null", "undefined"}), frozenset({"NaN", "false"})
Part = Callable[["Node"], KnownText | None]
"""Returns what a part of such an expression says, None where that is not known."""


def is_joining(node: Node) -> bool:
    """Return whether an expression joins texts, or may: a sum, or a template with expressions."""
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return (operator is not None and operator.type == "+") or (node.type == "template_string" and not is_text(node))


def joined(node: Node, part: Part) -> str | None:
    """Return the text that such an expression is; None where a part is not known, or it is a number."""
    known = added(node, part)
    return known.text if known and known.is_text else None


def added(node: Node, part: Part) -> KnownText | None:
    """Return what such an expression comes to, from left to right: numbers are added, and put to a text as texts."""
    if node.type == "template_string":
        text = _filled(node, part)
        return None if text is None else KnownText(text, is_text=True)
    terms = _terms(node)
    known = part(terms[0]) if len(terms) <= _MOST else None
    for term in terms[1:]:
        behind = part(term) if known else None
        known = _plus(known, behind) if known and behind else None
    return known


def said_by(node: Node, part: Part, path: Callable[[Node], bytes]) -> KnownText | None:
    """Return what an expression comes to.

    Args:
        node: the expression.
        part: says what a part of it says.
        path: says what a function is called by.
    """
    if is_joining(node):
        return added(node, part)
    read = _READERS.get(node.type) if node.end_byte - node.start_byte <= _LONGEST else None
    return read(node, part, path) if read else None


def _plus(left: KnownText, right: KnownText) -> KnownText | None:
    if not (left.is_text or right.is_text):
        return calculated("+", left, right)
    texts = left.joined, right.joined
    return None if texts[0] is None or texts[1] is None else KnownText(texts[0] + texts[1], is_text=True)


def _terms(node: Node) -> list[Node]:
    """The terms of a sum from left to right; what is in brackets on the right is one."""
    terms: list[Node] = []
    while is_joining(node) and node.type == "binary_expression" and len(terms) <= _MOST:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            break
        terms.append(right)
        node = unwrapped(left)
    return [node, *reversed(terms)]


def _filled(node: Node, part: Part) -> str | None:
    texts: list[str] = []
    for child in node.named_children:
        if child.type in _PIECES:
            texts.append(said_by_string((child.text or b"").decode("utf-8", "replace")))
            continue
        inner = child.named_children
        known = part(inner[0]) if len(inner) == 1 and len(texts) < _MOST else None
        text = known.joined if known else None
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def _operation(node: Node, part: Part, _: object) -> KnownText | None:
    """`2 * price`, and `total || 0`, of which the first that is something counts."""
    operator, *sides = (node.child_by_field_name(name) for name in ("operator", "left", "right"))
    if operator is None or sides[0] is None or sides[1] is None:
        return None
    left = part(sides[0])
    if left and operator.type in {"||", "??"}:
        return part(sides[1]) if _is_passed_over(operator.type, left) else left
    right = part(sides[1]) if left else None
    return calculated(operator.type, left, right) if left and right else None


def _is_passed_over(operator: str, left: KnownText) -> bool:
    """Whether what stands behind `||` or `??` counts, and not what is in front of it."""
    if left.is_text:
        return operator == "||" and not left.text
    return left.text in _NOTHING or (operator == "||" and (left.text in _FALSE or left.number == 0))


def _signed(node: Node, part: Part, _: object) -> KnownText | None:
    """`+'5.00'`."""
    operator, operand = (node.child_by_field_name(name) for name in ("operator", "argument"))
    known = part(operand) if operator and operand and operator.type == "+" else None
    return called("Number", [known]) if known else None


def _call(node: Node, part: Part, path: Callable[[Node], bytes]) -> KnownText | None:
    """`Number('5.00')`, `total.toFixed(2)`."""
    function = node.child_by_field_name("function")
    told = [part(one) for one in given(node.child_by_field_name("arguments"))[:3]]
    known = [one for one in told if one]
    if function is None or len(known) < len(told):
        return None
    if found := called(path(function).decode("utf-8", "replace"), known):
        return found
    of = function.child_by_field_name("object") if function.type == "member_expression" else None
    number = part(of) if of else None
    return called_on(member_name(function).decode("utf-8", "replace"), number, known) if number else None


_READERS: dict[str, Callable[[Node, Part, Callable[[Node], bytes]], KnownText | None]] = {
    "binary_expression": _operation,
    "call_expression": _call,
    "unary_expression": _signed,
}
