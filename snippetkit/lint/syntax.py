"""What a script does beyond reporting a conversion.

It is read as a syntax tree, and everything in it has to be on the lists below. Names are looked up by scope, so that a
parameter called `location` is not taken for the page's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit import dialects
from snippetkit.dialects._javascript import Script, text_of
from snippetkit.lint import functions
from snippetkit.lint.finding import Raw
from snippetkit.lint.hosts import foreign_hosts

if TYPE_CHECKING:
    from tree_sitter import Node

_SYNTAX = frozenset(
    "arguments array assignment_expression binary_expression call_expression comment empty_statement "
    "expression_statement false formal_parameters function_expression identifier if_statement member_expression null "
    "number object pair parenthesized_expression program property_identifier return_statement sequence_expression "
    "statement_block string string_fragment subscript_expression ternary_expression true unary_expression "
    "variable_declaration variable_declarator".split()
)
_NAMES = frozenset(
    "appendChild arguments async body createElement currency defer document getElementsByTagName head insertBefore "
    "parentNode pixel_id src type value window".split()
)
_METHODS = frozenset({"appendChild", "createElement", "getElementsByTagName", "insertBefore"})
_PLAIN = re.compile(rf"(?!.*(?:{'|'.join(sorted(_METHODS))})).+", re.DOTALL)
_SETTINGS = frozenset({"currency", "pixel_id", "value"})
_SET = _SETTINGS | {"async", "defer", "src", "type"}
"""Members that code sets and does not read: what an event tells cannot become the URL of an element."""
_READ = frozenset({"_fbq", "apply", "body", "callMethod", "fbq", "head", "loaded", "parentNode", "push", "queue"})
_NEVER_SET = frozenset({"apply", "body", "callMethod", "document", "head", "parentNode", "window"})
_ELEMENTS = frozenset({"body", "head", "parentNode"})
_SETTING = re.compile(r"(?:window\.)?(?:fb_param(?:\.(?:currency|pixel_id|value)|\[.*\])?|_fbds\.pixelId)")
_TELLS = re.compile(r"^(?:window\.)?fbq$|\.push$")
_QUEUE = re.compile(r"\b(?:fb_param|_?fbq|_fbds)\b")
_PASSED = frozenset({"binary_expression", "identifier", "member_expression", "parenthesized_expression"})
_DEEP, _LONG = 20, 1000
_OPERATORS = frozenset({"||", "&&", "!"})
_WORDS = re.compile(r"[\w .%-]*")
_CODE = re.compile(
    r"script|head|body|use strict|[\d.]*|text/javascript"
    r"|(?:https?:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/(?:fp|fbds|fbevents)\.js"
)
_URL = re.compile(r"(?:https?:)?//[a-z0-9.-]+/[\w./?&=%-]*", re.ASCII)
_PATH = re.compile(r"(?P<root>[A-Za-z_$][\w$]*)(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
# What the browser knows of the visitor is not a value of the page's.
_BROWSER = frozenset(
    "caches clipboard cookieStore crypto document frames globalThis history indexedDB localStorage location name "
    "navigator opener parent performance screen self sessionStorage this top window".split()
)
_Declared = dict[bytes | None, set[int]]
"""The ids of the functions that declare a name."""


class _Use(NamedTuple):
    """A node, what it stands in, and the ids of the functions around it."""

    node: Node
    parent: _Use | None
    functions: dict[int, None]

    def around(self) -> Iterator[_Use]:
        """Each node around this one, from the inside."""
        use = self.parent
        while use:
            yield use
            use = use.parent

    def is_field(self, name: str) -> bool:
        """Whether this node is that field of what it stands in."""
        return self.parent is not None and self.parent.node.child_by_field_name(name) == self.node


def find(script: Script) -> Iterator[Raw]:
    """Yield `unexpected-script` for the first thing that conversion code does not do."""
    names = _NAMES.union(*(dialect.TRUSTED_NAMES for dialect in dialects.every()))
    declared = _declared(script.root)
    for use in _uses(script.root):
        if not _is_expected(script, use, names, declared):
            text = text_of(use.node)[:60].partition("\n")[0]
            message = f"{text!r} is not part of conversion code"
            hosts = _hosts_of_url(use.node)
            yield Raw("unexpected-script", script.start + use.node.start_byte, message, hosts=hosts)
            if not hosts:
                return


def _hosts_of_url(node: Node) -> tuple[str, ...]:
    """The host of a string that is a plain URL: where that host is allowed, so is its script."""
    text = text_of(node)[1:-1] if node.type == "string" else ""
    return tuple(foreign_hosts(text.encode())) if _URL.fullmatch(text) else ()


def _is_expected(script: Script, use: _Use, names: frozenset[str], declared: _Declared) -> bool:
    node = use.node
    if node.is_missing or node.type not in _SYNTAX:
        return False
    if node.type == "identifier":
        is_local = not declared.get(node.text, set()).isdisjoint(use.functions)
        return is_local or text_of(node) in names or _is_server_code(script, node) or _is_page_value(use)
    check = _CHECKS.get(node.type)
    return check is None or check(use, names)


def _short(node: Node) -> str:
    """The source of a node, empty where it is longer than what conversion code has."""
    return text_of(node) if node.end_byte - node.start_byte <= _LONG else ""


def _is_member(use: _Use, names: frozenset[str]) -> bool:
    """A key of what an event tells; a method, called; a setting, set; or a name that is read."""
    name = text_of(use.node)
    if _is_page_value(use):
        return True
    if use.parent and use.parent.node.type == "pair":
        return name not in _READ
    if name in _METHODS:
        return use.parent is not None and use.parent.is_field("function")
    if name in _ELEMENTS:
        outer = use.parent.parent if use.parent else None
        return outer is not None and outer.node.type in {"binary_expression", "member_expression"}
    if name in _SET:
        return use.parent is not None and use.parent.is_field("left")
    return name in names and not (name in _NEVER_SET and use.parent and use.parent.is_field("left"))


def _is_text(use: _Use, names: frozenset[str]) -> bool:
    """What an event tells is not run, and may be any text."""
    text = text_of(use.node)[1:-1]
    is_in_pair = use.parent is not None and use.parent.node.type == "pair"
    if is_in_pair and use.is_field("key"):
        return text not in _READ
    if use.is_field("index"):
        return True
    if _is_told(use):
        return (
            any(outer.node.type == "pair" for outer in islice(use.around(), _DEEP))
            or _WORDS.fullmatch(text) is not None
        )
    left = use.parent.node.child_by_field_name("left") if use.parent else None
    is_setting = is_in_pair or (left is not None and _SETTING.fullmatch(_short(left)) is not None)
    return (_WORDS if is_setting else _CODE).fullmatch(text) is not None


def _is_page_value(use: _Use) -> bool:
    """Whether a name is a variable of the page, or a member of one, that is read as what an event tells."""
    top = next((outer for outer in _chain(use) if outer.parent and outer.parent.node.type != "member_expression"), use)
    path = _PATH.fullmatch(_short(top.node))
    if path is None or path["root"] in _BROWSER or top.parent is None:
        return False
    if top.parent.node.type == "pair":
        return top.is_field("value") and _is_told(top)
    left = top.parent.node.child_by_field_name("left") if top.parent.node.type == "assignment_expression" else None
    return left is not None and not top.is_field("left") and _SETTING.fullmatch(_short(left)) is not None


def _chain(use: _Use) -> Iterator[_Use]:
    yield use
    yield from islice(use.around(), _DEEP)


def _is_told(use: _Use) -> bool:
    """Whether a node is given to `fbq`, or pushed onto a queue in an array."""
    outer = next(
        (around for around in islice(use.around(), _DEEP) if around.node.type not in {"array", "object", "pair"}), None
    )
    call = outer.parent if outer and outer.node.type == "arguments" else None
    function = call.node.child_by_field_name("function") if call else None
    return function is not None and _TELLS.search(_short(function)) is not None


def _is_index(use: _Use, names: frozenset[str]) -> bool:
    """The first of the elements of a name, or a member by its name."""
    index, of = use.node.child_by_field_name("index"), use.node.child_by_field_name("object")
    if index is None or of is None:
        return False
    if index.type == "number":
        return of.type == "call_expression"
    name = text_of(index)[1:-1]
    if name in _SETTINGS and not use.is_field("left"):
        return False
    return index.type == "string" and name in names - _METHODS - (_SET - _SETTINGS) - _NEVER_SET


def _is_call(use: _Use, _: frozenset[str]) -> bool:
    """What is put into the page has a name: it was made here."""
    function, arguments = use.node.child_by_field_name("function"), use.node.child_by_field_name("arguments")
    method = function.child_by_field_name("property") if function else None
    if method is None or arguments is None or text_of(method) not in {"appendChild", "insertBefore"}:
        return True
    return [node.type for node in arguments.named_children[:1]] == ["identifier"]


def _is_setting(use: _Use, _: frozenset[str]) -> bool:
    """A queue is put under no other name, and into no element's URL: its text is what was pushed."""
    left = use.node.child_by_field_name("left") or use.node.child_by_field_name("name")
    right = use.node.child_by_field_name("right") or use.node.child_by_field_name("value")
    if left is None or right is None or right.type in {"assignment_expression", "function_expression"}:
        return True
    if _short(left).endswith(".src") and right.type not in {"identifier", "string"}:
        return False
    queue = _QUEUE.search(_short(right)) if right.type != "call_expression" else None
    return queue is None or _short(left).rpartition(".")[2] == queue[0] != "src"


def _is_given(use: _Use, _: frozenset[str]) -> bool:
    return not any(_QUEUE.search(_short(node)) for node in use.node.named_children if node.type in _PASSED)


def _is_operation(use: _Use, _: frozenset[str]) -> bool:
    operator = use.node.child_by_field_name("operator")
    return operator is not None and text_of(operator) in _OPERATORS


def _is_function(use: _Use, _: frozenset[str]) -> bool:
    """A function that runs at once; or one without parameters, as the queue's is, which touches no element."""
    if use.node.child_by_field_name("name") or use.node.children[0].type != "function":
        return False
    outer = next((around for around in use.around() if around.node.type != "parenthesized_expression"), None)
    function = outer.node.child_by_field_name("function") if outer and outer.node.type == "call_expression" else None
    while function and function.type == "parenthesized_expression":
        function = function.named_children[0]
    parameters = use.node.child_by_field_name("parameters")
    is_plain = parameters is not None and not parameters.named_children
    return function == use.node or (is_plain and _PLAIN.fullmatch(_short(use.node)) is not None)


_CHECKS: dict[str, Callable[[_Use, frozenset[str]], bool]] = {
    "arguments": _is_given,
    "assignment_expression": _is_setting,
    "binary_expression": _is_operation,
    "call_expression": _is_call,
    "function_expression": _is_function,
    "property_identifier": _is_member,
    "string": _is_text,
    "subscript_expression": _is_index,
    "unary_expression": _is_operation,
    "variable_declarator": _is_setting,
}


def _is_server_code(script: Script, node: Node) -> bool:
    start, end = script.start + node.start_byte, script.start + node.end_byte
    return script.data[start:end] != script.masked[start:end]


def _uses(root: Node) -> Iterator[_Use]:
    """Each node in the script's order; a node's own parent would be looked for from the root each time.

    A trusted function is left out, and all that is in it.
    """
    around: dict[int, None] = {}
    pending: list[_Use | None] = [_Use(root, None, around)]
    while pending:
        use = pending.pop()
        if use is None:
            around.popitem()
            continue
        if use.node.type == "function_expression":
            if _is_trusted(use):
                continue
            around[use.node.id] = None
            pending.append(None)
        yield use
        pending += [_Use(child, use, around) for child in reversed(use.node.named_children)]


def _is_trusted(use: _Use) -> bool:
    """Whether a function is one of a dialect's, and is called at once with a list that stands there."""
    call = next((outer.node for outer in use.around() if outer.node.type != "parenthesized_expression"), None)
    given = call.child_by_field_name("arguments") if call else None
    if given is None or [node.type for node in given.named_children] != ["array"]:
        return False
    return functions.is_known(use.node)


def _declared(root: Node) -> _Declared:
    found: _Declared = defaultdict(set)
    for use in _uses(root):
        names = use.node.named_children if use.node.type == "formal_parameters" else []
        if use.node.type == "variable_declarator" and (name := use.node.child_by_field_name("name")):
            names = [name]
        for name in names:
            found[name.text].update(islice(reversed(use.functions), 1))
    return found
