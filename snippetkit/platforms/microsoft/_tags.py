"""Where a script makes a tag: `options = {ti: '12345678'}; window.uetq = new UET(options)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript import FUNCTIONS, SIDES, Script, given, member_name, text_of, unwrapped, walk
from snippetkit.platforms import Report

if TYPE_CHECKING:
    from tree_sitter import Node

_CLASS = b"UET"
_IDS = ("ti", "tagId")


def find(script: Script, dialect: str, usual: str, adding: str) -> Iterator[Report]:
    """Yield each tag that a script makes, as a report that names it, from where its code begins.

    Args:
        script: the script.
        dialect: the dialect's name.
        usual: the list that a tag takes where the script does not say which.
        adding: how a value is added to its events.
    """
    for made in filter(None, map(script.tree.parent, script.references(_CLASS))):
        options = given(made.child_by_field_name("arguments")) if made.type == "new_expression" else []
        members = script.members(_object(script, made, options[0])) if options else {}
        pixel_id = next((script.setting(members[name]) for name in _IDS if name in members), None)
        if pixel_id:
            start = script.start + _start(script, made).start_byte
            channel = _list(script, made) or usual
            yield Report(dialect, start, pixel_id, verb="init", add_value=adding, add_currency=adding, channel=channel)


def _object(script: Script, made: Node, options: Node) -> Node | None:
    """The object that a tag is made of, or that is set to the name in its place, in the functions around."""
    if options.type == "object":
        return options
    for around in (one for one in script.tree.around(made) if one.type in FUNCTIONS or one == script.root):
        for node in (one for one in walk(around) if one.type in SIDES):
            name, value = (node.child_by_field_name(side) for side in SIDES[node.type])
            if name and value and value.type == "object" and text_of(name) == text_of(options):
                return value
    return None


def _list(script: Script, made: Node) -> str:
    """The name of the list whose place a tag takes."""
    parent = script.tree.parent(made)
    left = parent.child_by_field_name("left") if parent and parent.type == "assignment_expression" else None
    if left is None:
        return ""
    index = left.child_by_field_name("index")
    return script.text(index) if index else (member_name(left) or text_of(left).encode()).decode()


def _start(script: Script, made: Node) -> Node:
    """The outermost function around it that is called where it stands, and in which the list is ready at once."""
    calls = [call for around in script.tree.around(made) if (call := _called(script, around))]
    return calls[-1] if calls else made


def _called(script: Script, function: Node) -> Node | None:
    """The call of a function where that stands, `(function () {})()`."""
    if function.type not in FUNCTIONS:
        return None
    callee = script.tree.outermost(function, frozenset({"parenthesized_expression"}))
    call = script.tree.parent(callee)
    is_called = call is not None and call.type == "call_expression" and call.child_by_field_name("function") == callee
    return call if is_called and unwrapped(callee) == function else None
