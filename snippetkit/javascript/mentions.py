"""Where a script names a function that it makes, as a variable or as a member."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.javascript.names import GLOBAL_OBJECTS, SHORTHAND
from snippetkit.javascript.tree import walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

_NAMES = frozenset({"identifier", "property_identifier", SHORTHAND})
_DECLARING = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "function_expression",
        "variable_declarator",
    }
)


class Mentions:
    """Says where a script names what."""

    def __init__(self, script: Script) -> None:
        self._script, self._tree = script, script.tree

    def of(self, name: str, *, is_member: bool) -> Iterator[Node]:
        """Yield each place where a function is named, apart from where it is made."""
        for node in self._named_so.get(name.encode(), ()):
            around = self._tree.parent(node)
            member = around if around and around.child_by_field_name("property") == node else None
            if member and is_of_window(member) != is_member and not self._is_vendors(member):
                yield member
            if member is None and around and self._is_name(node, around, is_member=is_member):
                yield node

    def _is_name(self, node: Node, around: Node, *, is_member: bool) -> bool:
        is_made = around.type in _DECLARING and around.child_by_field_name("name") == node
        return node.type == SHORTHAND or (node.type == "identifier" and not is_member and not is_made)

    def _is_vendors(self, member: Node) -> bool:
        of, reporting = member.child_by_field_name("object"), self._script.reporting
        path = self._script.names.path(of) if of else b""
        return path in reporting.functions | reporting.objects | reporting.queues

    @cached_property
    def _named_so(self) -> dict[bytes, list[Node]]:
        named: dict[bytes, list[Node]] = {}
        for node in walk(self._script.root):
            if node.type in _NAMES:
                named.setdefault(node.text or b"", []).append(node)
        return named


def is_of_window(member: Node) -> bool:
    """Return whether a member is the window's, and so a variable by its name."""
    of = member.child_by_field_name("object")
    return of is not None and (of.text or b"") in GLOBAL_OBJECTS
