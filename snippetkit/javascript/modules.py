"""What a module declares: its own names, no globals that a loader could find."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript.names import FUNCTIONS

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script
    from snippetkit.javascript.tree import Tree

_NAMED = {"assignment_expression": "left", "function_declaration": "name", "variable_declarator": "name"}
_DEEPEST = 20
_LONGEST = 1000


def find_own_global(script: Script, names: Iterable[str]) -> tuple[int, str] | None:
    """Return where a module makes one of the globals that a loader looks for its own, and its name; or None."""
    for name in names:
        for node in script.references(name.encode()):
            if _is_of_module(script.tree, node, name.encode()):
                return script.start + node.start_byte, name
    return None


def _is_of_module(tree: Tree, node: Node, name: bytes) -> bool:
    """Whether a name is declared or set here as the module's own, and not also set on the window at once."""
    declared = tree.parent(node)
    if node.type != "identifier" or declared is None or declared.type not in _NAMED:
        return False
    value = declared.child_by_field_name("right") or declared.child_by_field_name("value")
    is_set = declared.child_by_field_name(_NAMED[declared.type]) == node
    text = (value.text or b"") if value and value.end_byte - value.start_byte <= _LONGEST else b""
    is_shared = re.search(rb"(?:window|self|globalThis)\s*\.\s*" + name, text)
    return (
        is_set and not is_shared and not any(one.type in FUNCTIONS for one in islice(tree.around(declared), _DEEPEST))
    )
