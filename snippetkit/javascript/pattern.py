"""A piece of code with holes: whether an expression is that code, however written, with the holes properly filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.effects import Tree
from snippetkit.javascript.meaning import named_tree_of
from snippetkit.javascript.names import unwrapped
from snippetkit.javascript.parsing import parse
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

CALLS = "CALLS"
"""`CALLS(tell);` at the end of a function: any calls of `tell`, or of its methods, with plain values.

Where there are some, the variable has the same name in both: whoever looks for calls of `tell` would not see them else.
"""

OPTIONS = "OPTIONS"
"""`{a: 1, OPTIONS: ['b', 'c']}`: any of these members behind the others, each with a plain value."""

NUMBER = "NUMBER"
"""The hole that stands for a number, which is matched as `3e0` however it is written; others stand for texts."""

_LONGEST = 20_000
_PLAIN = frozenset({"array", "name", "number", "object", "pair", "string", "template", "unary_expression"})
_DECLARED = later(r"function\s+\w")
_WORDS = later(r"[\w .%-]*")


def matches_any(node: Node, patterns: Sequence[Pattern]) -> bool:
    """Return whether an expression is one of these pieces of code."""
    of_kind = [pattern for pattern in patterns if pattern.kind == node.type]
    named = named_tree_of(node) if of_kind and node.end_byte - node.start_byte <= _LONGEST else None
    return named is not None and any(pattern.matches(*named) for pattern in of_kind)


class Pattern:
    """An expression, or a function's declaration: each text that is a key of `holes` stands for what the pattern there
    matches.

    A list of nothing but such a text stands for any number of them; for `CALLS` see there.
    """

    def __init__(self, code: str, holes: Mapping[str, re.Pattern[str]]) -> None:
        node = _piece(code.strip().rstrip(";"))
        named = named_tree_of(node)
        if named is None:
            raise ValueError(f"nothing certain can be said of {code!r}")
        self.kind = node.type
        self._tree, self._names = named
        self._holes = holes

    def matches(self, tree: Tree, names: Mapping[str, str]) -> bool:
        """Return whether an expression, as a tree with the names of its variables, is this code."""
        return self._fits(self._tree, tree, names)

    def _fits(self, wanted: Tree, tree: Tree, names: Mapping[str, str]) -> bool:
        if isinstance(wanted, str) or isinstance(tree, str):
            return wanted == tree
        if hole := self._hole(wanted):
            kind = "number" if wanted[1] == NUMBER else "string"
            return tree[0] == kind and isinstance(tree[1], str) and hole.fullmatch(tree[1]) is not None
        if wanted[0] == "array" and len(wanted) == 4 and self._hole(wanted[2]):
            return tree[0] == "array" and all(self._fits(wanted[2], item, names) for item in tree[2:-1:2])
        if options := _options(wanted):
            fixed = len(wanted) - 3
            if not all(_is_option(one, options) for one in tree[fixed + 1 : -1 : 2]):
                return False
            wanted, tree = wanted[:fixed], tree[:fixed]
        if callee := _called_at_end(wanted):
            fixed = len(wanted) - 1
            more = tree[fixed:]
            wanted, tree = wanted[:fixed], tree[:fixed]
            if more and not (self._is_seen(callee, names) and all(_is_plain_call(one, callee) for one in more)):
                return False
        return len(wanted) == len(tree) and all(self._fits(*pair, names) for pair in zip(wanted, tree, strict=True))

    def _is_seen(self, callee: Tree, names: Mapping[str, str]) -> bool:
        """Whether what is called has the name that it has in the pattern."""
        return callee[:1] != ("local",) or self._names[str(callee[1])] == names.get(str(callee[1]))

    def _hole(self, tree: Tree) -> re.Pattern[str] | None:
        is_text = not isinstance(tree, str) and tree[:1] == ("string",) and isinstance(tree[1], str)
        return self._holes.get(str(tree[1])) if is_text else None


def _options(tree: Tree) -> frozenset[str]:
    """The members that an object may have besides those that a pattern names; none where it may not."""
    last = tree[-2] if tree[0] == "object" and len(tree) > 3 else ""
    is_hole = len(last) == 4 and last[0] == "pair" and last[1] == ("name", OPTIONS)
    return frozenset(str(one[1]) for one in last[3][2:-1:2]) if is_hole else frozenset()


def _is_option(pair: Tree, options: frozenset[str]) -> bool:
    is_one = len(pair) == 4 and pair[0] == "pair" and pair[1][0] == "name" and pair[1][1] in options
    return is_one and pair[3][0] not in {"array", "object"} and _is_plain(pair[3])


def _piece(code: str) -> Node:
    """The node of a declaration, `function tell() {}`, or of an expression."""
    node = parse(code if _DECLARED.match(code) else f"({code})").named_children[0]
    return node if node.type == "function_declaration" else unwrapped(node.named_children[0])


def _called_at_end(block: Tree) -> Tree:
    """What is called at the end of a function, any number of times; nothing where the code does not provide for it."""
    last = block[-1] if block[0] == "block" else ""
    is_hole = len(last) == 2 and last[0] == "do" and last[1][:2] == ("call_expression", ("global", CALLS))
    return last[1][2][2] if is_hole else ""


def _is_plain_call(statement: Tree, callee: Tree) -> bool:
    """Whether a statement only calls something, or a method of it, with plain values."""
    call = statement[1] if statement[0] == "do" else ""
    if call[:1] != ("call_expression",) or len(call) != 3 or call[2][0] != "arguments":
        return False
    is_method = call[1][:1] == ("member_expression",) and call[1][2:3] == (".",)
    called = call[1][1] if is_method else call[1]
    is_direct = all(_WORDS.fullmatch(str(one[1])) for one in call[2][2:-1:2] if one[:1] == ("string",))
    return called == callee and is_direct and all(map(_is_plain, call[2][2:-1:2]))


def _is_plain(tree: Tree) -> bool:
    """Whether a tree is a literal: nothing is computed and no name is read."""
    if isinstance(tree, str):
        return True
    return tree[0] in _PLAIN and all(map(_is_plain, tree[1:]))
