"""Strings that a script runs as code, `setTimeout("tell()")`, or writes as markup, `document.write("<p>..")`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum, auto
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.constants import Span, items_of
from snippetkit.javascript.lists import joining_call
from snippetkit.javascript.names import MEMBERS, given, is_text, member_name, unwrapped
from snippetkit.javascript.tokens import text_of
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script


class Fate(Enum):
    """What becomes of a string: it is code that runs, or markup whose scripts run, or do not."""

    CODE = auto()
    WRITTEN = auto()
    SHOWN = auto()


class Evaluated(NamedTuple):
    """A string of a script: its first literal, what becomes of it, None where that is not known, and where it happens.

    `is_encoded` says that it is decoded first, `unescape("%3Cscript..")`.
    """

    node: Node
    fate: Fate | None
    by: Node
    is_encoded: bool = False


_FUNCTIONS: Mapping[bytes, Fate] = MappingProxyType(
    {
        b"Function": Fate.CODE,
        b"document.write": Fate.WRITTEN,
        b"document.writeln": Fate.WRITTEN,
        b"eval": Fate.CODE,
        b"execScript": Fate.CODE,
        b"setInterval": Fate.CODE,
        b"setTimeout": Fate.CODE,
    }
)
_METHODS: Mapping[bytes, Fate] = MappingProxyType(
    {
        b"after": Fate.WRITTEN,
        b"append": Fate.WRITTEN,
        b"before": Fate.WRITTEN,
        b"createContextualFragment": Fate.WRITTEN,
        b"globalEval": Fate.CODE,
        b"html": Fate.WRITTEN,
        b"insertAdjacentHTML": Fate.SHOWN,
        b"prepend": Fate.WRITTEN,
    }
)
"""Those of the browser's and of jQuery's; the DOM's own `append` puts a text there as text."""
_JQUERYS = frozenset({b"after", b"append", b"before", b"html", b"prepend"})
_JQUERY = later(r"(?:\$|jQuery)\s*\(")
_TEXTS = frozenset({b"innerHTML", b"innerText", b"text", b"textContent"})
_MARKUP = frozenset({b"innerHTML", b"outerHTML"})
_DECODING = frozenset({"decodeURI", "decodeURIComponent", "unescape", "window.unescape"})
_TAKING_ALL = frozenset({b"Function", b"insertAdjacentHTML", b"write", b"writeln"})
_PARTS = frozenset(
    {"arguments", "array", "binary_expression", "call_expression", "member_expression", "parenthesized_expression"}
)
_WORD = later(rb"\w+")
_FORM = later(
    rb"(?<![\w$])(?:eval|Function|execScript|globalEval|set(?:Timeout|Interval)|write(?:ln)?|createContextualFragment"
    rb"|insertAdjacentHTML|createTextNode|after|append|before|html|prepend)[\"'`]?\]?\s*\(\s*[^\s)]"
    rb"|(?<![\w$])(?:innerHTML|innerText|outerHTML|text|textContent)[\"'`]?\]?\s*\+?=(?![=>])"
)
_MOST = 200
_DEEP = 12
_AROUND = 8


def may_evaluate(text: bytes) -> bool:
    """Return whether a script in a text seems to run or to write something."""
    return _FORM.search(text) is not None


def find_evaluated(script: Script, told: re.Pattern[bytes]) -> Iterator[Evaluated]:
    """Yield the strings that a script runs or writes, each of those that a sum or a variable begins with.

    Args:
        script: the script.
        told: what the whole text of one holds; others are passed over.
    """
    for match in islice(_FORM.finditer(script.masked, script.start, script.end), _MOST):
        name = _WORD.match(match[0])
        start = match.start() - script.start
        node = script.tree.innermost(start, start + len(name[0] if name else b""))
        for part, find_fate, by in _given(script, node) if node else ():
            text = _text_of(script, part)
            outer = _whole(script, text[0], by) if text else None
            if text and outer and told.search(script.data, script.start + outer[0], script.start + outer[1]):
                fate = find_fate()
                yield from [Evaluated(text[0], fate, by, text[1])] if fate else []


_Given = tuple["Node", "Callable[[], Fate | None]", "Node"]
"""What is given to something, what says what becomes of it, and the call or the assignment."""


def _given(script: Script, name: Node) -> Iterator[_Given]:
    """What is given to what has this name: a function, a method, a member that is set."""
    node = name
    for around in islice(script.tree.around(name), _AROUND):
        callee = around.child_by_field_name("function") or around.child_by_field_name("constructor")
        if callee == node and around.type in {"call_expression", "new_expression"}:
            told = given(around.child_by_field_name("arguments"))
            for part in told if name.text in _TAKING_ALL else told[:1] or ():
                yield part, partial(_fate, script, callee, around), around
            return
        if around.type.endswith("assignment_expression") and around.child_by_field_name("left") == node:
            right = around.child_by_field_name("right")
            yield from [(right, partial(_fate_of_set, script, node), around)] if right else []
            return
        if around.type not in MEMBERS | {"parenthesized_expression"} and not is_text(around):
            return
        node = around


def _whole(script: Script, text: Node, by: Node) -> Span:
    """From where to where the expression is that a string begins; of a name, up to where that is used."""
    outer = text
    for around in islice(script.tree.around(text), _AROUND * _DEEP):
        if around.type not in _PARTS:
            break
        outer = around
    return outer.start_byte, max(outer.end_byte, by.start_byte)


def _fate(script: Script, callee: Node, call: Node) -> Fate | None:
    """What becomes of what a function is given."""
    function = unwrapped(callee)
    method = member_name(function) if function.type in MEMBERS else b""
    if method == b"createTextNode":
        return _fate_of_text(script, call)
    if method in _JQUERYS and not _JQUERY.match(text_of(function)):
        return None
    return _FUNCTIONS.get(script.names.path(function)) or _METHODS.get(method)


def _fate_of_text(script: Script, call: Node) -> Fate | None:
    """A text node is code in a script: `loader.appendChild(document.createTextNode(".."))`."""
    arguments = script.tree.parent(call)
    outer = script.tree.parent(arguments) if arguments and arguments.type == "arguments" else None
    function = outer.child_by_field_name("function") if outer else None
    return Fate.CODE if function and _is_script(script, function.child_by_field_name("object")) else None


def _fate_of_set(script: Script, left: Node) -> Fate | None:
    """What becomes of what a member is set to: a script's text is code, scripts in markup that is set do not run."""
    left = unwrapped(left)
    name = member_name(left) if left.type in MEMBERS else b""
    if name in _TEXTS and _is_script(script, left.child_by_field_name("object")):
        return Fate.CODE
    return Fate.SHOWN if name in _MARKUP else None


def _is_script(script: Script, node: Node | None) -> bool:
    """Whether an expression is a script that was made: `document.createElement('script')`, or a name for one."""
    node = unwrapped(node) if node else None
    key = script.names.key_of(node) if node and node.type == "identifier" else None
    made = [unwrapped(one) for one in script.names.values[key]] if key else [node] if node else []
    return any(_makes_script(script, one) for one in made)


def _makes_script(script: Script, node: Node) -> bool:
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    told = given(node.child_by_field_name("arguments")) if function else []
    is_made = function is not None and member_name(unwrapped(function)) == b"createElement"
    return is_made and len(told) == 1 and script.text(told[0]).lower() == "script"


def _text_of(script: Script, node: Node) -> tuple[Node, bool] | None:
    """The first literal of an expression, also of what a name is set to, and whether it is decoded."""
    is_encoded = False
    for _ in range(_DEEP):
        node = unwrapped(node)
        function = node.child_by_field_name("function") if node.type == "call_expression" else None
        if node.type in {"string", "template_string"}:
            return node, is_encoded
        inner = _first_of_list(script, node) if node.type == "array" else _first_of(script, node)
        if inner is None:
            return None
        is_encoded = is_encoded or (function is not None and text_of(function) in _DECODING)
        node = inner
    return None


def _first_of(script: Script, node: Node) -> Node | None:
    """What an expression begins with: the left side of a sum, what a method is of, what a name was set to first."""
    if node.type == "binary_expression":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        return left if left and _begins_with_text(left) else right
    if node.type == "call_expression":
        function = node.child_by_field_name("function")
        told = given(node.child_by_field_name("arguments"))
        is_decoded = function is not None and text_of(function) in _DECODING
        return next(iter(told), None) if is_decoded else function and function.child_by_field_name("object")
    key = script.names.key_of(node) if node.type == "identifier" else None
    return next((one for one in script.names.values[key] if one.end_byte < node.start_byte), None) if key else None


def _first_of_list(script: Script, array: Node) -> Node | None:
    """What a list begins with whose items are put together, `['a', b].join('')`."""
    return next(iter(items_of(array)), None) if joining_call(script.tree, array) else None


def _begins_with_text(node: Node) -> bool:
    node = unwrapped(node)
    while node.type == "binary_expression" and (left := node.child_by_field_name("left")):
        node = unwrapped(left)
    return node.type in {"call_expression", "string", "template_string"}
