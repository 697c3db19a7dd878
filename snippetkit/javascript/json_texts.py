"""A text of JSON that a script takes apart where it stands, `JSON.parse('{"value": 5}')`, as the literal that it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from snippetkit.javascript.names import given, is_text
from snippetkit.javascript.parsing import parts_of
from snippetkit.javascript.tree import walk

if TYPE_CHECKING:
    from tree_sitter import Node

PARSE = b"JSON.parse"
_LONGEST = 64 * 1024
_LITERALS = frozenset({"array", "false", "null", "number", "object", "string", "true", "unary_expression"})


def literal_in(call: Node, text: bytes) -> Node | None:
    """Return the literal that a call of `JSON.parse` gives, as it stands in its text.

    Args:
        call: the call.
        text: that of the script.

    Returns:
        Its node, whose offsets are the script's; None where the text is not known, is no JSON, or has escapes.
    """
    arguments = call.child_by_field_name("arguments")
    told = given(arguments)
    if arguments is None or len(told) != 1 or not is_text(told[0]):
        return None
    start, end = told[0].start_byte + 1, told[0].end_byte - 1
    if not _is_json(text[start:end]):
        return None
    before, behind = arguments.start_byte, arguments.end_byte - 1
    root = parts_of(text, [(before, before + 1), (start, end), (behind, behind + 1)])
    return next((node for node in walk(root) if node.type in _LITERALS), None)


def _is_json(text: bytes) -> bool:
    """Whether a text is JSON, and stands in a script as it is."""
    if len(text) > _LONGEST or b"\\" in text:
        return False
    try:
        json.loads(text)
    except (RecursionError, ValueError):
        return False
    return True
