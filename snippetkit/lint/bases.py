"""The base codes of the dialects: a part of a script that is one of them, token for token, is trusted entirely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from snippetkit import platforms
from snippetkit.javascript import FUNCTIONS, Pattern, Script, given, matches_any, unwrapped, uses
from snippetkit.patterns import later
from snippetkit.platforms import ANY_HOST

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.platforms import Dialect

_ID = later(r"[\w .:/%-]*")
_NUMBER = later(r"[1-9][0-9]*e[0-9]+")
_WORD = later(r"[A-Za-z_]+")
_WORD_BEFORE = later(rb"[\w$]")
_OWN = later(rf"(?i:(?:https?:)?//{ANY_HOST})/(?:[\w.-]+/)*")
_AROUND = frozenset({"expression_statement", "parenthesized_expression", "sequence_expression", "unary_expression"})
_STATEMENTS = frozenset({"expression_statement", "function_declaration"})
_DEEP = 20


def node_ids(script: Script) -> frozenset[int]:
    """Return the ids of the nodes that are a dialect's base code, or the function of one that is called with a list.

    Only statements of the script itself are looked at, where no function can have other names for the page's own.
    """
    expressions = (*_expressions(script.root), *_choices(script.root))
    patterns = [*_named_in(script.data[script.start : script.end])]
    return frozenset(node.id for node in expressions if matches_any(node, patterns))


def _choices(root: Node) -> Iterator[Node]:
    """What is chosen by a condition, `a ? b : c`, outside of functions."""
    for use in uses(root, lambda use: use.node.type in FUNCTIONS):
        if use.node.type == "ternary_expression":
            yield use.node


def _expressions(root: Node) -> Iterator[Node]:
    """The functions that a script declares, the expressions that are its statements, and what is called with a list."""
    pending = [(node, 0) for node in reversed(root.named_children) if node.type in _STATEMENTS]
    while pending:
        node, depth = pending.pop()
        if node.type in _AROUND and depth < _DEEP:
            pending += [(child, depth + 1) for child in reversed(node.named_children)]
        else:
            yield node
        if [one.type for one in given(node.child_by_field_name("arguments"))] == ["array"]:
            yield unwrapped(node.child_by_field_name("function") or node)


def _named_in(text: bytes) -> Iterator[Pattern]:
    """The base codes of the dialects of which a text names a global or a loader, as each base code does."""
    for dialect in platforms.choose(lambda one: one.has_base_codes and _names_any(text, *one.globals, *one.loaders)):
        yield from _patterns(dialect)


def _names_any(text: bytes, *names: str) -> bool:
    return any(_is_named(text, name.encode()) for name in names)


def _is_named(text: bytes, name: bytes) -> bool:
    """Whether a text has a name that no word ends with: `ads.js` is not that of `loads.js`."""
    at = text.find(name)
    while at >= 0 and _WORD_BEFORE.match(text, at - 1, at):
        at = text.find(name, at + 1)
    return at >= 0


@cache
def _patterns(dialect: Dialect) -> tuple[Pattern, ...]:
    return tuple(Pattern(code, _holes(dialect)) for code in dialect.base_codes)


def _holes(dialect: Dialect) -> dict[str, re.Pattern[str]]:
    loader = "|".join(rf"(?:https?:)?{loader.url}" for loader in dialect.platform.loaders) or r"(?!)"
    return {
        "ID": _ID,
        "LOADER": re.compile(loader),
        "NAME": _name(dialect),
        "NUMBER": _NUMBER,
        "OWN": _OWN,
        "WORD": _WORD,
    }


def _name(dialect: Dialect) -> re.Pattern[str]:
    """The name of one of the globals that a dialect's code shares with its loader."""
    return re.compile("|".join(map(re.escape, dialect.globals)) or r"(?!)")
