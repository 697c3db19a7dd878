"""The source of nodes: as text, as tokens that count, and as what an error is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError

if TYPE_CHECKING:
    from tree_sitter import Node

_LEFT_OUT = frozenset({";", "comment", "empty_statement"})


def tokens(root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the tokens of a script or a function, as far as they count.

    White space and comments are left out, strings are in single quotes, the first function's parameters are named by
    their place, and one `;` closes each statement.
    """
    parameters: dict[str, str] = {}
    pending: list[tuple[Node, str]] = [(root, "")]
    while pending:
        node, token = pending.pop()
        if node.type == "formal_parameters" and not parameters:
            parameters = {text_of(name): f"parameter {place}" for place, name in enumerate(node.named_children, 1)}
        if token or not node.children or node.type == "string":
            yield node, token or _token(node, parameters)
        else:
            ends = [(node, ";")] if node.type.endswith("_statement") else []
            pending += ends + [(child, "") for child in reversed(node.children) if child.type not in _LEFT_OUT]


def _token(node: Node, parameters: dict[str, str]) -> str:
    text = text_of(node)
    if node.type == "string":
        return f"'{text[1:-1]}'"
    return parameters.get(text, text) if node.type == "identifier" else text


def text_of(node: Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def refusal(node: Node, message: str) -> SnippetError:
    """Return the error that says what is wrong, with the line where the node begins, counted from 1."""
    return SnippetError(f"script line {node.start_point[0] + 1}: {message}")
