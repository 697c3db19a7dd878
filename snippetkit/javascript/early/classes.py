"""Early errors of classes: constructors and private names (ECMA-262, 15.7.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, around, outer, rule, word

if TYPE_CHECKING:
    from tree_sitter import Node

_FIELD = "field_definition"
_METHOD = "method_definition"
_SPECIAL = frozenset({"*", "async", "get", "set"})
_PRIVATE = "private_property_identifier"


def _is_odd_member(node: Node) -> bool:
    """Whether a class has a second constructor, a special one, or a static `prototype`."""
    name = node if node.type in {"property_identifier", "string"} else outer(node)
    member = outer(name)
    if member.type not in {_FIELD, _METHOD} or outer(member).type != "class_body":
        return False
    signs = {one.type for one in member.children}
    if (name.text or b"").strip(b"'\"") == b"prototype":
        return "static" in signs
    if "static" in signs:
        return False
    is_again = any(_is_constructor(one) for one in outer(member).named_children if one != member)
    return member.type == _FIELD or bool(signs & _SPECIAL) or is_again


def _is_constructor(member: Node) -> bool:
    name = member.child_by_field_name("name") if member.type == _METHOD else None
    is_static = any(one.type == "static" for one in member.children)
    return not is_static and name is not None and (name.text or b"").strip(b"'\"") == b"constructor"


def _declared(body: Node, name: bytes | None) -> list[set[str]]:
    """The members of a class that declare a private name: the words in front of each."""
    members = (one for one in body.named_children if one.type in {_FIELD, _METHOD})
    return [
        {child.type for child in one.children} & {"get", "set", "static"}
        for one in members
        if any(child.type == _PRIVATE and child.text == name for child in one.children)
    ]


def _is_unknown(node: Node) -> bool:
    """Whether no class around declares a private name, or one does so twice."""
    if node.type != _PRIVATE:
        return False
    bodies = [one for one in around(node) if one.type == "class_body"]
    if outer(node).type not in {_FIELD, _METHOD}:
        return not any(_declared(body, node.text) for body in bodies)
    declared = _declared(bodies[0], node.text)
    is_pair = len(declared) == 2 and {*declared[0]} ^ {*declared[1]} == {"get", "set"}
    return (len(declared) > 1 and not is_pair) or node.text == b"#constructor"


RULES: Sequence[EarlyError] = (
    word("constructor prototype", _is_odd_member, rb"(?=['\"]?\s*[(=;}])"),
    rule(rb"(?P<at>#[\w$]+)", _is_unknown),
)
