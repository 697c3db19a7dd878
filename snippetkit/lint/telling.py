"""Where a script tells values: only there may a server write one, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import Names, Script, Use, text_of
from snippetkit.lint.assignments import short
from snippetkit.lint.vocabulary import Vocabulary
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_PATH = later(r"(?!(?:import|new|super|this)\b)[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
_DEEP = 20
_LITERALS = frozenset({"array", "object", "pair"})
# What is told: which field of a node, if which other field is what reports.
_TOLD = {
    "assignment_expression": ("right", "left"),
    "call_expression": ("arguments", "function"),
    "variable_declarator": ("value", "name"),
}


def places_of_values(script: Script, known: Vocabulary) -> Iterator[tuple[int, int]]:
    """Yield where each string and each name that an event or a setting tells is, in bytes of the text.

    The key of a value does not count.
    """
    pending = [(script.root, False)]
    while pending:
        node, is_told = pending.pop()
        if is_told and node.type in {"identifier", "string"}:
            yield script.start + node.start_byte, script.start + node.end_byte
        told = _told_by(node, known)
        for child in node.named_children:
            is_part = is_told and node.type in _LITERALS and child != node.child_by_field_name("key")
            is_given = is_told and node.type == "arguments"
            pending.append((child, is_part or is_given or child == told))


def _told_by(node: Node, known: Vocabulary) -> Node | None:
    """The child of a call or an assignment that holds what is told."""
    told, by = _TOLD.get(node.type, ("", ""))
    form = known.tells if node.type == "call_expression" else known.is_setting
    name = node.child_by_field_name(by) if by else None
    return node.child_by_field_name(told) if name and form.fullmatch(text_of(name)) else None


def path_told(use: Use, known: Vocabulary, names: Names) -> str:
    """The path of names, `order.total`, that a name belongs to, if an event or a setting tells it; else empty.

    It is also empty where the script declares the first one, which may be set to the window.
    """
    top = path_around(use)
    path = _PATH.fullmatch(short(top.node))
    if path is None or top.parent is None or names.key_of(top.node) is not None:
        return ""
    if top.parent.node.type == "pair":
        is_given = top.is_field("value") and (is_told(top, known, names) or _is_set(top, known, names))
    else:
        left = top.parent.node.child_by_field_name("left") if top.parent.node.type == "assignment_expression" else None
        is_given = left is not None and not top.is_field("left") and is_setting(left, known, names)
    return path[0] if is_given else ""


def path_around(use: Use) -> Use:
    """The whole path of names that a name belongs to."""
    return next((outer for outer in _chain(use) if outer.parent and outer.parent.node.type != "member_expression"), use)


def is_setting(left: Node | None, known: Vocabulary, names: Names) -> bool:
    """Whether the left side of an assignment is a setting of a dialect."""
    return left is not None and known.is_setting_path.fullmatch(names.path(left)) is not None


def _is_set(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether a node is part of an object that a setting is set to."""
    outer = next((one for one in islice(use.around(), _DEEP) if one.node.type not in _LITERALS), None)
    is_assigned = outer is not None and outer.node.type == "assignment_expression"
    return is_assigned and outer is not None and is_setting(outer.node.child_by_field_name("left"), known, names)


def _chain(use: Use) -> Iterator[Use]:
    return islice(use.chain(), _DEEP + 1)


def is_told(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether a node is given to what reports, or pushed onto a queue in an array, perhaps encoded."""
    around = islice(use.around(), _DEEP)
    outer = next((one for one in around if one.node.type not in _LITERALS and not _encodes(one, known, names)), None)
    call = outer.parent if outer and outer.node.type == "arguments" else None
    function = call.node.child_by_field_name("function") if call else None
    return function is not None and known.tells_path.fullmatch(names.path(function)) is not None


def _encodes(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether a node is a call of a function that encodes a text, or what is in its parentheses."""
    call = use.parent if use.node.type == "arguments" else use
    function = call.node.child_by_field_name("function") if call and call.node.type == "call_expression" else None
    encoders = known.told(lambda dialect: dialect.encoders)
    return function is not None and names.path(function).decode("utf-8", "replace") in encoders
