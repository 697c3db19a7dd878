"""Where a script names a function that it makes, as a variable or as a member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.javascript.names import SHORTHAND, given, is_text, member_name
from snippetkit.javascript.tokens import text_of
from snippetkit.javascript.tree import walk
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

_NAMES = frozenset({"identifier", "property_identifier", SHORTHAND})
_EACH = frozenset({b"Object.entries", b"Object.values"})
_RUNNING = frozenset({b"setInterval", b"setTimeout"})
_CODE = later(rb"set(?:Interval|Timeout)\s*\(\s*['\"`]")
_DECLARING = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "class_declaration",
        "function_expression",
        "variable_declarator",
    }
)


class ScriptMentions:
    """Says where a script names what."""

    def __init__(self, script: Script) -> None:
        self._script, self._tree = script, script.tree

    def of(self, name: str, *, is_member: bool) -> Iterator[Node]:
        """Yield each place where a function is named, apart from where it is made."""
        for node in self._named_so.get(name.encode(), ()):
            around = self._tree.parent(node)
            is_property = around is not None and around.child_by_field_name("property") == node
            member = around if is_property or is_text(node) else None
            if member and self.is_of_window(member) != is_member and not self._is_vendors(member):
                yield member
            if member is None and around and self._is_name(node, around, is_member=is_member):
                yield node

    def is_of_window(self, member: Node) -> bool:
        """Return whether a member is the window's, and so a variable by its name."""
        path = self._script.names.path(member)
        return path != b"" and b"." not in path

    def in_code(self, name: str) -> Iterator[Node]:
        """Yield each string that is run as code, `setTimeout("buy()", 1)`, and holds a name."""
        named = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])")
        yield from (node for node in self._code if named.search(text_of(node)))

    def by_any_key(self, name: Node) -> Iterator[Node]:
        """Yield where any member of what a name stands for is taken: `all[key]`, `Object.values(all)`."""
        names, key = self._script.names, self._script.names.key_of(name)
        for use in self._named_so.get(name.text or b"", ()):
            around = self._tree.parent(use)
            if around is None or use.type != "identifier" or names.key_of(use) != key:
                continue
            is_computed = around.child_by_field_name("object") == use and not member_name(around)
            call = self._tree.parent(around) if around.type == "arguments" else None
            if is_computed or (call and names.path(call.child_by_field_name("function")) in _EACH):
                yield around

    @cached_property
    def _code(self) -> list[Node]:
        script = self._script
        if not _CODE.search(script.masked, script.start, script.end):
            return []
        calls = (node for node in walk(script.root) if node.type == "call_expression")
        timed = (one for one in calls if script.names.path(one.child_by_field_name("function")) in _RUNNING)
        firsts = (given(one.child_by_field_name("arguments"))[:1] for one in timed)
        return [node for first in firsts for node in first if is_text(node)]

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
            index = node.child_by_field_name("index") if node.type == "subscript_expression" else None
            if index and is_text(index):
                named.setdefault(member_name(node), []).append(index)
        return named
