"""The calls of functions that hand on what they are given: `function send(name, about) { tell(name, about) }`."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.calling import call_of
from snippetkit.javascript.names import MEMBERS, SHORTHAND, Key, given, member_name, parameters
from snippetkit.javascript.picking import names_in
from snippetkit.javascript.tree import name_of_set, right_side, walk
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.constants import Constants
    from snippetkit.javascript.syntax import Syntax

_MOST, _MOST_NODES, _DEEP = 20, 300, 3
_DECLARED = frozenset({"function_declaration", "generator_function_declaration"})
_WRAPPING = frozenset({"parenthesized_expression"})
_KEEPING = frozenset({b"React.useCallback", b"useCallback"})
"""The functions that give the function that they are given first."""
_ASKING = frozenset({"binary_expression", "expression_statement", "if_statement", "unary_expression"})
"""Where a function's name stands and nothing calls it or hands it on."""
_PLAIN = later(rb"\w+(?:\.\w+)*")
_CALLED = rb"(?<![\w$.])(?:window\.)?%b\s*\("
_MEMBER = rb"(?<![\w$])(?!(?:%b)\s*\.)[\w$\])]++\s*\??\.\s*%b\s*\("


class FoundCalls(NamedTuple):
    """The calls of a function that a script has, with their arguments; `is_open` says that others may call it."""

    calls: tuple[tuple[Node, list[Node]], ...] = ()
    is_open: bool = True


class _Named(NamedTuple):
    """Where a function is named, and the path by which the whole page has it; empty where it has none."""

    uses: list[Node]
    path: bytes


class Wrappers:
    """Finds the calls of the functions of a script, each once it is asked for."""

    def __init__(self, syntax: Syntax, constants: Constants, page: bytes) -> None:
        """Take a script, what its names stand for, and the text that it stands in."""
        self._syntax, self._tree, self._names = syntax, syntax.tree, syntax.names
        self._constants = constants
        self._page = page
        self._known: dict[int, FoundCalls] = {}

    def around(self, call: Node) -> Node | None:
        """Return the innermost function around a call that hands on to it what the function is given."""
        functions = self._tree.functions_around(call)
        return next((one for one in functions if self._hands_on(one, call) and self.calls_of(one).calls), None)

    def calls_of(self, function: Node) -> FoundCalls:
        """Return the calls of a function; none where it has no name, or what its name stands for is not certain."""
        if function.id not in self._known:
            self._known[function.id] = FoundCalls()
            self._known[function.id] = self._find(function)
        return self._known[function.id]

    def _hands_on(self, function: Node, call: Node) -> bool:
        """Whether something in a call depends on what a function around it is given."""
        keys = {self._names.key_of(name) for one in parameters(function) for name in names_in(one)} - {None}
        has_own = function.type != "arrow_function"
        return (bool(keys) or has_own) and self._depends(call, frozenset(filter(None, keys)), 0, has_own=has_own)

    def _depends(self, node: Node, keys: frozenset[Key], depth: int, *, has_own: bool) -> bool:
        for one in islice(walk(node), _MOST_NODES):
            if one.type not in {"identifier", SHORTHAND}:
                continue
            key = self._names.key_of(one)
            if key in keys or (has_own and key is None and one.text == b"arguments"):
                return True
            values = self._names.values[key] if key and depth < _DEEP else ()
            if any(self._depends(value, keys, depth + 1, has_own=has_own) for value in islice(values, 2)):
                return True
        return False

    def _find(self, function: Node) -> FoundCalls:
        named = self._uses(function)
        if named is None or named.path.partition(b".")[0] in self._syntax.own_names:  # a stub: its calls are read
            return FoundCalls()
        found = [(use, call_of(use, self._tree, self._syntax.text, 0)) for use in islice(named.uses, _MOST + 1)]
        calls = [call for _, call in found if call and not _is_in(call[0], function)]
        again = [call for _, call in found if call and _is_in(call[0], function)]
        asked = all(self._is_asked(use) for use, call in found if call is None)
        is_kept = asked and all(self._is_the_same(arguments, function) for _, arguments in again)
        is_open = not is_kept or self._is_exported(function) or self._is_called_more(named)
        return FoundCalls(tuple(calls), is_open) if len(found) <= _MOST else FoundCalls()

    def _is_the_same(self, arguments: list[Node], function: Node) -> bool:
        """Whether a function calls itself with what it is given."""
        keys = [self._names.key_of(one) for one in parameters(function)]
        return [self._names.key_of(one) if one.type == "identifier" else () for one in arguments] == keys

    def _uses(self, function: Node) -> _Named | None:
        """Where a function is named, apart from where it is made; None where that is not certain."""
        name = function.child_by_field_name("name")
        if function.type in _DECLARED:
            return self._of_path(name.text or b"", name) if name else None
        if function.type == "method_definition":
            return self._of_member(function)
        outer = self._kept(self._tree.outermost(function, _WRAPPING))
        around = self._tree.parent(outer)
        if around is None:
            return None
        if around.type == "pair":
            return self._of_member(around)
        name = around.child_by_field_name("name") or around.child_by_field_name("left")
        is_set = name is not None and around.type in {"assignment_expression", "variable_declarator"}
        return self._of_set(name, outer) if name and is_set and name != outer else None

    def _kept(self, function: Node) -> Node:
        """What a function is that is given to what gives it back, `useCallback(f)`."""
        around = self._tree.parent(function)
        call = self._tree.parent(around) if around and around.type == "arguments" else None
        path = self._names.path(call.child_by_field_name("function")) if call else b""
        return call if call and path in _KEEPING and given(around)[0] == function else function

    def _of_set(self, left: Node, value: Node) -> _Named | None:
        key = self._names.key_of(left) if left.type == "identifier" else None
        if key is None:
            return self._of_path(self._names.path(left), name_of_set(left))
        if self._names.values[key] != [value]:
            return None
        is_of_page = key[1] == self._syntax.root.id
        members = (one for one in self._syntax.references(key[0]) if is_of_page and one.type in MEMBERS)
        return _Named([*(use.node for use in self._names.uses[key] if use.node != left), *members], key[0] * is_of_page)

    def _of_member(self, member: Node) -> _Named | None:
        """Where a member of an object or a class is named: `Pixel.track`, and `this.track` inside it."""
        of, name = self._tree.parent(member), self._key(member)
        if of is None or not name:
            return None
        own = [one for one in walk(of) if one.type == "member_expression" and member_name(one) == name]
        inside = [one for one in own if (it := one.child_by_field_name("object")) and it.type == "this"]
        path = self._path_of(member)
        named = self._of_path(path, None) if path else _Named([], b"." + name)
        return named and named._replace(uses=[*named.uses, *inside])

    def _key(self, member: Node) -> bytes:
        key = member.child_by_field_name("key") or member.child_by_field_name("name")
        return (key.text or b"") if key and key.type == "property_identifier" else b""

    def _path_of(self, member: Node) -> bytes:
        """The path of a member of an object that is set to a variable, empty where there is none."""
        path: list[bytes] = []
        while member.type in {"method_definition", "pair"}:
            path.append(self._key(member))
            of = self._tree.parent(member)
            holder = self._tree.parent(of) if of and of.type == "object" else None
            if holder is None:
                return b""
            member = holder
        left = member.child_by_field_name("name") or member.child_by_field_name("left")
        is_set = left is not None and member.type in {"assignment_expression", "variable_declarator"}
        return b".".join([self._names.path(left), *reversed(path)]) if is_set and b"" not in path else b""

    def _of_path(self, path: bytes, made: Node | None) -> _Named | None:
        """Where a global, or a member of one, is named; None where it is set more than once."""
        if _PLAIN.fullmatch(path) is None:
            return None
        uses = [one for one in self._syntax.references(path) if made is None or one.end_byte != made.end_byte]
        uses = [one for one in uses if one.type != "identifier" or self._names.key_of(one) is None]
        is_set = any(right_side(self._tree.parent(one), one) or self._is_made(one) for one in uses)
        return None if is_set else _Named(uses, path)

    def _is_made(self, name: Node) -> bool:
        around = self._tree.parent(name)
        return around is not None and around.type in _DECLARED and around.child_by_field_name("name") == name

    def _is_called_more(self, named: _Named) -> bool:
        """Whether a function may be called by what is around the script, or as a member of what is not known."""
        *of, name = named.path.split(b".")
        if not named.path:
            return False
        called = re.compile(_CALLED % re.escape(named.path if b"" not in of else name))
        if len(called.findall(self._page)) > len(called.findall(self._syntax.text)):
            return True
        vendors = b"|".join(map(re.escape, sorted(self._syntax.objects))) or rb"(?!)"
        members = re.findall(_MEMBER % (vendors, re.escape(name)), self._syntax.text) if of else []
        return len(members) > len(named.uses)

    def _is_asked(self, use: Node) -> bool:
        around = self._tree.parent(self._tree.outermost(use, _WRAPPING))
        return around is not None and around.type in _ASKING

    def _is_exported(self, function: Node) -> bool:
        """Whether a function is exported as it is declared: `export const track = ..`."""
        return any(one.type == "export_statement" for one in islice(self._tree.around(function), _DEEP))


def _is_in(call: Node, function: Node) -> bool:
    return function.start_byte <= call.start_byte and call.end_byte <= function.end_byte
