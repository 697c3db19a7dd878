"""The functions of the dialects that are known whole, token for token."""

from __future__ import annotations

from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from snippetkit import dialects
from snippetkit.dialects._javascript import parse, tokens, walk

if TYPE_CHECKING:
    from tree_sitter import Node


def is_known(function: Node) -> bool:
    """Whether a function is one of a dialect's `TRUSTED_FUNCTIONS`: it differs in white space and comments only."""
    return any(
        all(found and found[1] == token for found, token in zip_longest(tokens(function), wanted))
        for wanted in _known()
    )


@cache
def _known() -> tuple[tuple[str, ...], ...]:
    texts = (text for dialect in dialects.every() for text in dialect.TRUSTED_FUNCTIONS)
    return tuple(tuple(token for _, token in tokens(_function(text))) for text in texts)


def _function(text: str) -> Node:
    return next(node for node in walk(parse(f"({text})")) if node.type == "function_expression")
