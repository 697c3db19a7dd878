"""What an expression says that joins texts: `'AW-1' + '/' + label`, `AW-1/${label}`, where each part is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.names import is_text, unwrapped

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 30
_MOST_DIGITS = 15  # a JavaScript number keeps these exactly (ECMA-262, the Number type)
_PIECES = frozenset({"escape_sequence", "string_fragment"})


class KnownText(NamedTuple):
    """What a part says, and whether it is a text, as a number is not."""

    text: str
    is_text: bool


Part = Callable[["Node"], KnownText | None]
"""Returns what a part of such an expression says, None where that is not known."""


def is_joining(node: Node) -> bool:
    """Return whether an expression joins texts, or may: a sum, or a template with expressions."""
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    return (operator is not None and operator.type == "+") or (node.type == "template_string" and not is_text(node))


def joined(node: Node, part: Part) -> str | None:
    """Return the text that such an expression is; None where a part is not known, or numbers are added first."""
    if node.type == "template_string":
        return _filled(node, part)
    terms = _terms(node)
    known = [part(term) for term in terms] if len(terms) <= _MOST else [None]
    told = [one for one in known if one is not None and _is_plain(one)]
    is_all = len(told) == len(known) and any(one.is_text for one in told[:2])
    return "".join(one.text for one in told) if is_all else None


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
        if known is None or not _is_plain(known):
            return None
        texts.append(known.text)
    return "".join(texts)


def _is_plain(known: KnownText) -> bool:
    """Whether it is joined as it stands: a text, or a whole number, which has one form."""
    is_whole = known.text.isdecimal() and len(known.text) <= _MOST_DIGITS
    return known.is_text or (is_whole and str(int(known.text)) == known.text)
