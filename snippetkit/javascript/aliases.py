"""A global under other names, `var f = window.tell; f('track', ..)`, and where it is given to what is not followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from snippetkit.javascript.calling import CALLING
from snippetkit.javascript.names import FUNCTIONS, MEMBERS, Key, Names, given, member_name, parameters, unwrapped
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.syntax import Syntax

_LONGEST = 12
_SIDES = {
    "&&": ("right",),
    "??": ("left", "right"),
    "||": ("left", "right"),
    "assignment_expression": ("left", "right"),
    "ternary_expression": ("consequence", "alternative"),
}
"""The fields of an expression that it may have the value of, by its operator or its type."""
_NOTHING = FUNCTIONS | {"false", "null", "undefined", "unary_expression"}
_GIVING = frozenset({"array", "arrow_function", "export_statement", "pair", "return_statement", "spread_element"})
_NAMING = ("key", "parameter")
_SETTING = frozenset({"assignment_expression", "variable_declarator"})
_HARMLESS = later(rb"(?:window\.)?(?:console\.\w+|alert|Boolean|String|Array\.isArray)")


def may_be_renamed(name: bytes, text: bytes) -> bool:
    """Return whether a text seems to give a global another name; most only make it, ask for it and call it."""
    return _form(name).search(text) is not None


@lru_cache(maxsize=256)
def _form(name: bytes) -> re.Pattern[bytes]:
    """A global that is the value of something."""
    before = rb"(?:[=?:,{]|\|\||&&|[})]\s*+\()\s*+(?:[\w$]++\s*+(?:\?\.|\.|(?=\[))\s*+)?(?:(?:\[\s*+)?[\"'`])?"
    behind = rb"(?:[\"'`](?:\s*+\])?)?\s*+(?:[;,)?:}]|\|\||&&|\?\?|\.\s*+bind\b|\Z)|(?:[\"'`]\])?[\t ]*+[\r\n]"
    return re.compile(rb"%b(?<![\w$])%b(?![\w$])(?:%b)" % (before, re.escape(name), behind))


def renamed(names: Names, path: bytes) -> Iterator[Key]:
    """Yield the names that stand for what a path leads to: each is set to that, or to nothing, wherever it is set."""
    known = {*names.picked(path)}
    yield from known
    for _ in range(2):  # once more for names of names
        for key, values in names.values.items():
            led = [_leads_to(names, value, path, known) for value in values]
            if key not in known and key[0] != path and True in led and None not in led:
                known.add(key)
                yield key


def _leads_to(names: Names, value: Node, path: bytes, known: set[Key]) -> bool | None:
    """Whether a value is what a path leads to, or may be; False where it is nothing, None where it is another thing."""
    pending, found = [value], list[bool | None]()
    for _ in range(_LONGEST):
        if not pending:
            break
        node = unwrapped(pending.pop())
        if sides := _sides(node):
            pending += sides
        else:
            is_it = names.path(node) == path or (node.type == "identifier" and names.key_of(node) in known)
            found.append(True if is_it else False if node.type in _NOTHING else None)
    return True if True in found else None if None in found or pending else False


def _sides(node: Node) -> list[Node]:
    """What an expression may be: either side of `||`, both branches of `?:`, what is bound to its `this` alone."""
    operator = node.child_by_field_name("operator")
    kind = ((operator and operator.text) or b"").decode() if node.type == "binary_expression" else node.type
    fields = _SIDES.get(kind, ())
    return [side for side in map(node.child_by_field_name, fields) if side] or _bound(node)


def _bound(node: Node) -> list[Node]:
    """The function of `tell.bind(window)`."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    of = function.child_by_field_name("object") if function and member_name(function) == b"bind" else None
    is_alone = of is not None and len(given(node.child_by_field_name("arguments"))) <= 1
    return [of] if of and is_alone else []


def given_on(syntax: Syntax, name: bytes) -> Iterator[Node]:
    """Yield where a global is given to what is not followed: a function, a member, a list of arguments from elsewhere.

    What the code that makes it does with it, and what is asked of it, does not count.
    """
    followed = {key for key in renamed(syntax.names, name) if _is_followed(syntax, key)}
    made = syntax.calls(name) if name in syntax.objects else ()
    followed |= {key for one in made if (key := syntax.held(name, one))}
    others = [use.node for key in followed for use in syntax.names.uses[key]]
    for node in (*syntax.references(name), *others):
        call = syntax.call_at(name, node)
        if call:
            is_of_object = name in syntax.objects
            is_open = any(one.type == "spread_element" for one in call[1][is_of_object : is_of_object + 1])
            is_given = is_open or (syntax.gives_object(name, call) and _is_given(syntax, call[0], name, followed))
        else:
            is_given = _is_given(syntax, node, name, followed)
        if is_given:
            yield node


def _is_followed(syntax: Syntax, key: Key) -> bool:
    """Whether a name is followed: one of the whole script that nothing there uses is meant for other scripts."""
    return key[1] != syntax.root.id or len(syntax.names.uses[key]) > len(syntax.names.values[key])


def _is_given(syntax: Syntax, node: Node, name: bytes, followed: set[Key]) -> bool:
    """Whether a use of a global is neither asked about nor set nor followed."""
    outer = _as_value(syntax, node)
    around = syntax.tree.parent(outer)
    if around is None:
        return False
    if around.type in MEMBERS and around.child_by_field_name("object") == outer:
        return _is_member_given(syntax, around, name, followed)
    if around.type == "arguments":
        call = syntax.tree.parent(around)
        return call is not None and not (
            _is_own(syntax, call, name, followed) or _is_taken(syntax, call, outer, name, followed)
        )
    if around.type in _SETTING:
        left = around.child_by_field_name("name") or around.child_by_field_name("left")
        if name in syntax.lists and left and left.type in MEMBERS:  # `options.q = window.list`, for what works it off
            return False
        return left is not None and left != outer and not _is_known(syntax, left, name, followed)
    if name in syntax.lists and around.type == "pair" and _field(around, "key") == b"q":  # `{q: window.list}`, the same
        return False
    return around.type in _GIVING and outer not in {around.child_by_field_name(name) for name in _NAMING}


def _is_member_given(syntax: Syntax, around: Node, name: bytes, followed: set[Key]) -> bool:
    """Whether a member of a global, or what that is called by, is given to what is not followed."""
    call = syntax.tree.parent(around)
    is_called = call is not None and call.child_by_field_name("function") == around
    if b"%b.%b" % (name, member_name(around)) in syntax.methods_told and not is_called:
        return _is_given(syntax, around, name, followed)
    if call is None or not is_called or member_name(around) not in CALLING:
        return False
    return not _bound(call) or _is_given(syntax, call, name, followed)


def _field(node: Node, name: str) -> bytes:
    field = node.child_by_field_name(name)
    return (field and field.text) or b""


def _is_known(syntax: Syntax, left: Node, name: bytes, followed: set[Key]) -> bool:
    """Whether what is set to a global is followed, or is made in this way: `window.tell = window.tell || ..`."""
    own = {*syntax.own_names, name, *(key[0] for key in followed)}
    return _root(syntax.names.path(left)) in own or syntax.names.key_of(left) in followed


def _as_value(syntax: Syntax, node: Node) -> Node:
    """The largest expression that a node is the value of, or may be."""
    for _ in range(_LONGEST):
        around = syntax.tree.parent(node)
        is_value = around is not None and (around.type == "parenthesized_expression" or node in _sides(around))
        if around is None or not is_value or around.type in _SETTING:
            break
        node = around
    return node


def _is_own(syntax: Syntax, call: Node, name: bytes, followed: set[Key]) -> bool:
    """Whether a call is of a member of the global's own, `tell.queue.push(..)`, or of what only looks at it."""
    path = syntax.names.path(call.child_by_field_name("function"))
    is_member = _root(path) in {name, *(key[0] for key in followed)} and b"." in path
    return is_member or _HARMLESS.fullmatch(path) is not None


def _root(path: bytes) -> bytes:
    return path.partition(b".")[0]


def _is_taken(syntax: Syntax, call: Node, argument: Node, name: bytes, followed: set[Key]) -> bool:
    """Whether an argument is that of a function that is called where it stands, and its name there is followed."""
    function = unwrapped(call.child_by_field_name("function") or call)
    if function.type not in FUNCTIONS:
        return False
    place = given(call.child_by_field_name("arguments")).index(argument)
    parameter = parameters(function)[place : place + 1]
    return all(one.text == name or syntax.names.key_of(one) in followed for one in parameter)
