"""Lists that a script joins into one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.names import given, is_text, member_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.tree import Tree


def joining_call(tree: Tree, array: Node) -> tuple[Node, str] | None:
    """Return the call that makes a text of a list, and what it puts between the items: `['a', b].join('&')`."""
    member = tree.parent(array)
    call = tree.parent(member) if member and member_name(member) == b"join" else None
    if call is None or member is None or call.child_by_field_name("function") != member:
        return None
    told = given(call.child_by_field_name("arguments"))
    if not told:
        return call, ","
    is_literal = len(told) == 1 and is_text(told[0])
    return (call, said_by_string((told[0].text or b"").decode("utf-8", "replace")[1:-1])) if is_literal else None
