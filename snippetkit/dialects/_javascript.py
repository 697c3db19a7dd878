"""JavaScript as tree-sitter reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError

if TYPE_CHECKING:
    from tree_sitter import Node


def parse(script: str) -> Node:
    """Return the syntax tree of a script.

    Raises:
        SnippetError: it is not JavaScript.
    """
    import tree_sitter
    import tree_sitter_javascript

    language = tree_sitter.Language(tree_sitter_javascript.language())
    root = tree_sitter.Parser(language).parse(script.encode()).root_node
    if root.has_error:
        raise SnippetError("the script is not JavaScript that can be read")
    return root


def text_of(node: Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode()


def refusal(node: Node, message: str) -> SnippetError:
    """Return the error that says what is wrong, with the line where the node begins, counted from 1."""
    return SnippetError(f"script line {node.start_point[0] + 1}: {message}")
