"""The ways in which a function is called by a member of its own: `tell.call(null, ..)`, `tell.apply(null, [..])`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from snippetkit.javascript.constants import items_of
from snippetkit.javascript.names import MEMBERS, given, member_name, unwrapped
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.tree import Tree

_LONGEST_CHAIN = 4
_WRAPPING = frozenset({"parenthesized_expression", "sequence_expression"})
CALLING = frozenset({b"apply", b"bind", b"call"})
"""The members by which a function is called with what is put together."""
_MEMBER = later(rb"\s*(?:\?\.|\.|\[)")


def call_of(function: Node, tree: Tree, text: bytes, start: int) -> tuple[Node, list[Node]] | None:
    """Return the call of a function, with its arguments; None where it is not called, or those stand elsewhere.

    Args:
        function: what names it.
        tree: says what it is in.
        text: the text.
        start: where the script begins in it.
    """
    callee = tree.outermost(function, _WRAPPING)
    if _MEMBER.match(text, start + callee.end_byte):
        callee = tree.outermost(_called_by(callee, tree), _WRAPPING)
    call = _call(callee, tree)
    if call is None:
        return None
    told = given(call.child_by_field_name("arguments"))
    by = member_name(unwrapped(callee))
    if by == b"bind":  # `tell.bind(window, 'track')('lead')`
        bound, call = told[1:], _call(tree.outermost(call, _WRAPPING), tree)
        return (call, [*bound, *given(call.child_by_field_name("arguments"))]) if call else None
    arguments = _BY[by](told) if by in _BY else told
    return None if arguments is None else (call, arguments)


def _call(callee: Node, tree: Tree) -> Node | None:
    call = tree.parent(callee)
    is_call = call is not None and call.type == "call_expression"
    return call if call and is_call and call.child_by_field_name("function") == callee else None


def _called_by(function: Node, tree: Tree) -> Node:
    """The member by which a function is called, `tell.call`; the function itself where none calls it."""
    member = tree.parent(function)
    if member is None or member.type not in MEMBERS or member.child_by_field_name("object") != function:
        return function
    return member if member_name(member) in CALLING | _BY.keys() else function


def _applied(told: list[Node]) -> list[Node] | None:
    items = unwrapped(told[1]) if len(told) > 1 else None
    return items_of(items) or None if items and items.type == "array" else None


def applied_of(function: Node, tree: Tree) -> tuple[Node, list[Node], Node] | None:
    """Return the call of a function, or of a method of it, by `apply` with a list that does not stand there.

    It is the call, the method's name where there is one, and what names the list: `tell.apply(null, arguments)`.
    """
    named: list[Node] = []
    for _ in range(_LONGEST_CHAIN):
        member = tree.parent(tree.outermost(function, _WRAPPING))
        if member is None or member.type not in MEMBERS:
            return None
        if member_name(member) == b"apply":
            break
        named.append(member.child_by_field_name("property") or member)
        function = member
    call = _call(tree.outermost(member, _WRAPPING), tree) if member else None
    told = given(call.child_by_field_name("arguments")) if call else []
    is_open = len(told) == 2 and unwrapped(told[1]).type != "array"
    return (call, named, told[1]) if call and is_open else None


def method_call_of(of: Node, tree: Tree) -> tuple[bytes, Node, list[Node]] | None:
    """Return which method of an object is called there, the call, and what it is given behind the method's name.

    Of `tell.of(1).track(2)` it is `of.track`, given both.
    """
    path: list[bytes] = []
    told: list[Node] = []
    call: Node | None = None
    for _ in range(_LONGEST_CHAIN):
        member = tree.parent(tree.outermost(call or of, _WRAPPING))
        if member is None or member.type not in MEMBERS or not member_name(member):
            break
        found = _called_with(member, tree)
        if found is None:
            break
        call, arguments = found
        name = member.child_by_field_name("property") or member.child_by_field_name("index")
        path.append(member_name(member))
        told = [name or member, *told[1:], *arguments]
    return (b".".join(path), call, told) if call else None


def pushed_by(push: Node, tree: Tree) -> tuple[Node, list[Node]] | None:
    """Return the call of a list's `push`, also by `apply`, and what it puts there; None where that is no call.

    What is not known stands there as it is: the list that `apply` is given, `...more`.
    """
    member = tree.parent(push)
    applied = member if member and member.type in MEMBERS and member_name(member) == b"apply" else None
    call = _call(tree.outermost(applied or push, _WRAPPING), tree)
    told = given(call.child_by_field_name("arguments")) if call else []
    told = told[1:] if applied else told
    return (call, [one for node in told for one in _spread(node, is_list=applied is not None)]) if call else None


def _spread(node: Node, *, is_list: bool) -> list[Node]:
    """What a list holds, or `...` one that stands there; the node itself where that is not known."""
    inner = unwrapped(node.named_children[0]) if node.type == "spread_element" and node.named_children else node
    is_open = is_list or node.type == "spread_element"
    return (items_of(inner) if is_open and inner.type == "array" else []) or [node]


def _called_with(member: Node, tree: Tree) -> tuple[Node, list[Node]] | None:
    """The call of a method, also by `call` and `apply`, and what it is given."""
    callee = tree.outermost(member, _WRAPPING)
    by = tree.parent(callee)
    how = member_name(by) if by and by.type in MEMBERS else b""
    call = _call(tree.outermost(by, _WRAPPING) if by and how in _BY else callee, tree)
    told = given(call.child_by_field_name("arguments")) if call else []
    arguments = _BY[how](told) if how in _BY else told
    return None if call is None or arguments is None else (call, arguments)


_BY: Mapping[bytes, Callable[[list[Node]], list[Node] | None]] = {
    b"apply": _applied,
    b"call": lambda told: told[1:],
    b"push": lambda told: told,  # a stub may be its own `push`
}
