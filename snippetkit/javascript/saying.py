"""What a node of a script says, as a setting with its place: a literal, a name for one, or what is computed of such."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from snippetkit.javascript.computing import KnownText
from snippetkit.javascript.concatenating import is_joining, said_by
from snippetkit.javascript.constants import EXPRESSIONS, NAMING, NOTHING, Given
from snippetkit.javascript.keeping import CONTAINERS
from snippetkit.javascript.literals import said_by_constant, said_by_number, said_by_string
from snippetkit.javascript.names import SHORTHAND, is_text, unwrapped
from snippetkit.javascript.setting import Setting
from snippetkit.javascript.tokens import text_of
from snippetkit.records import replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

_MOST_PARTS = 60
_LONGEST = 1000  # an expression may hold others, each of which is told too


def setting(script: Script, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
    """Return what a node says; for a name, what it always stands for, or is `given` in a round."""
    if node is None or node.is_missing:
        return None
    node = unwrapped(node)
    told = script.constants.value(node, given) if node.type in NAMING and not is_text(node) else None
    if told and told.node.type not in CONTAINERS:
        is_handed = script.constants.is_handed(node, given)
        if is_handed and told.node.type == "undefined":
            return None
        meant = setting(script, told.node, given)
        if meant and (is_handed or not meant.is_dynamic):
            return meant if told.is_only else replace(meant, told_by=text_of(node))
    if node.type in EXPRESSIONS and (known := _said_by(script, node, given)):
        start, end = script.start + node.start_byte, script.start + node.end_byte
        name = text_of(node)[:_LONGEST] if known.is_text and is_joining(node) else ""
        return Setting(known.text, start, end, told_by=name)
    return _as_it_stands(script, node, needs_quotes=needs_quotes)


def _as_it_stands(script: Script, node: Node, *, needs_quotes: bool) -> Setting:
    """What a literal says, and any other node's source."""
    start, end = script.start + node.start_byte, script.start + node.end_byte
    is_string = is_text(node)
    if is_string:
        start, end = start + 1, end - 1
    is_dynamic = not (is_string or node.type == "number") or script.data[start:end] != script.masked[start:end]
    text = script.data[start : min(end, start + _LONGEST) if is_dynamic else end].decode("utf-8", "replace")
    text = text if is_dynamic else (said_by_string if is_string else said_by_number)(text)
    quotes = needs_quotes and is_dynamic and not is_string
    return Setting(text, start, end, is_dynamic, quotes, told_by=text if node.type == SHORTHAND else "")


def _said_by(script: Script, node: Node, given: Given) -> KnownText | None:
    """What an expression comes to whose parts are known; it asks for so many of them, and no more."""
    asked = count()

    def part(node: Node) -> KnownText | None:
        meant = script.meant(node, given)
        if meant is None or next(asked) > _MOST_PARTS:
            return None
        literal = setting(script, meant) if is_text(meant) or meant.type == "number" else None
        if literal and not literal.is_dynamic:
            return KnownText(literal.text, is_text(meant))
        constant = said_by_constant(meant)
        return KnownText(constant) if constant else said_by(meant, part, path)

    def path(function: Node) -> bytes:
        return script.names.path(function)

    return said_by(node, part, path)


def amount(script: Script, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
    """Return what a node that should be an amount says: a constant that is none, such as null, is not dynamic."""
    told = setting(script, node, given, needs_quotes=needs_quotes)
    said = said_constantly(script, node, given) if node and told and told.is_dynamic else ""
    is_own = told and script.data[told.start : told.end] == script.masked[told.start : told.end]
    return replace(told, text=said, is_dynamic=False) if told and said and is_own else told


def said_constantly(script: Script, node: Node, given: Given) -> str:
    """Return what a constant such as `true` says, also by a name; empty for any other node."""
    told = script.constants.value(node, given) if unwrapped(node).type in NAMING else None
    return said_by_constant(unwrapped(told.node if told else node))
