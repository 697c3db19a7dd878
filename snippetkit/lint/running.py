"""Whether a piece of a script runs as soon as the page is loaded, or only when something happens there."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import islice, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

from snippetkit.javascript import FUNCTIONS, ON_LOAD, Script, Tree, text_of
from snippetkit.patterns import later
from snippetkit.snippets import Code, Document

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset({"arrow_function", "function_declaration", "function_expression", "method_definition"})
_GENERATORS = FUNCTIONS - _FUNCTIONS
_CONDITIONS = frozenset(
    "binary_expression catch_clause do_statement for_in_statement for_statement switch_statement ternary_expression "
    "while_statement".split()
)
_LOOPS = frozenset({"for_in_statement", "for_statement"})
_SOON = later(
    r"(?:window\.|self\.)?(?:setTimeout|requestIdleCallback|requestAnimationFrame|queueMicrotask)"
    r"|(?:\$|jQuery)(?:\(document\)\.ready)?"
    rf"|(?:(?:window|document)\.)?addEventListener\(['\"](?:{'|'.join(ON_LOAD)})['\"]"
    r"|(?:.*\.)?(?:call|apply|bind|each|forEach|map)",
    re.DOTALL,
)
_ON_LOAD = frozenset({"onload", "window.onload"})
_DEEPEST = 12
_LONG, _MOST = 1000, 50
_START = attrgetter("start_byte")


def runs_at_once(document: Document, code: Code) -> bool:
    """Whether a script reports something regardless of what a visitor does and of any condition."""
    script = document.script_at(code.script.start) if code.script else None
    if code.report.is_outer:
        return False
    if script is None or code.report.queue is not None:
        return True
    return all(starts_at_once(script, place - script.start) for place in code.report.places)


def starts_at_once(script: Script, at: int) -> bool:
    """Whether what is at a byte offset of a script runs so."""
    node = script.tree.innermost(at, at + 1)
    return node is None or _runs(script, node, None, 0)


def _runs(script: Script, node: Node, name: str | None, depth: int) -> bool:
    """Climb from a node to the script: `name` is the function that is called there, None for the report itself."""
    if depth > _DEEPEST:
        return False
    child = node
    for around in script.tree.around(node):
        if around.type in _FUNCTIONS:
            return _is_called(script, around, depth)
        if around.type in _GENERATORS:  # a call of one runs nothing of it
            return False
        is_condition = around.type in _CONDITIONS and around.child_by_field_name("left") != child
        if is_condition and not (around.type in _LOOPS and script.rounds(node)[0].order):  # the list has an item
            return False
        if around.type == "if_statement" and not _is_in_both(script, around, child, name):
            return False
        child = around
    return script.tree.parent(child) is None


def _is_in_both(script: Script, condition: Node, child: Node, name: str | None) -> bool:
    """Whether a function is called on both branches of a condition; `child` is one of them, or the condition itself."""
    ways = [condition.child_by_field_name(field) for field in ("consequence", "alternative")]
    if child not in ways:
        return True
    other = next((way for way in ways if way != child), None)
    if other is None or name is None:
        return False
    uses = script.tree.named(name)
    first = bisect_left(uses, other.start_byte, key=_START)
    inside = takewhile(lambda use: use.start_byte < other.end_byte, islice(uses, first, first + _MOST))
    return any(_is_soon(script, use) for use in inside)


def _is_called(script: Script, function: Node, depth: int) -> bool:
    outer = function
    for around in script.tree.around(function):
        if around.type != "parenthesized_expression":
            break
        outer = around
    if name := _name_of(script, function, outer):
        return _is_named_called(script, name, depth)
    return _is_soon(script, outer) and _runs(script, outer, None, depth + 1)


def _is_named_called(script: Script, name: str, depth: int) -> bool:
    known = _known(script.tree)
    if (name, depth) not in known:
        uses = (use for use in script.tree.named(name) if _is_soon(script, use))
        known[name, depth] = any(_runs(script, use, name, depth + 1) for use in uses)
    return known[name, depth]


@lru_cache(maxsize=1)
def _known(tree: Tree) -> dict[tuple[str, int], bool]:
    """Which functions of a script are called at once, by name and depth of calls: code may call one often."""
    return {}


def _name_of(script: Script, function: Node, outer: Node) -> str:
    """The name by which a function is called: its own where it is declared, or the variable's."""
    named = function if function.type == "function_declaration" else script.tree.parent(outer)
    name = named.child_by_field_name("name") if named else None
    return text_of(name) if name else ""


def _is_soon(script: Script, node: Node) -> bool:
    """Whether a function is called where it stands, or given to what calls it once the page is loaded."""
    around = script.tree.parent(node)
    if around is None:
        return False
    if around.type == "assignment_expression":
        left = around.child_by_field_name("left")
        return left is not None and _end_of(script, left) in _ON_LOAD
    if around.type == "member_expression":
        member = around.child_by_field_name("property")
        return member is not None and text_of(member) in {"call", "apply"}
    if around.type == "call_expression":
        return around.child_by_field_name("function") == node
    call = script.tree.parent(around) if around.type == "arguments" else None
    callee = call.child_by_field_name("function") if call else None
    if call is None or callee is None:
        return False
    shown = _end_of(script, callee)
    if shown.endswith("addEventListener"):
        shown += f"({_end_of(script, around.named_children[0])}"
    return _SOON.fullmatch(shown) is not None


def _end_of(script: Script, node: Node) -> str:
    """The source of a node; of a long one, the end."""
    start = max(node.start_byte, node.end_byte - _LONG)
    return script.masked[script.start + start : script.start + node.end_byte].decode("utf-8", "replace")
