"""Findings about code from outside: whom it reaches, and what it does beyond reporting a conversion.

A script is read as a syntax tree, and everything in it has to be on the lists below. Names are looked up by scope, so
that a parameter called `location` is not taken for the page's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit import dialects, html
from snippetkit.dialects._javascript import Script, text_of
from snippetkit.lint.finding import Raw
from snippetkit.snippets import Document

if TYPE_CHECKING:
    from tree_sitter import Node

_VENDOR = frozenset({"connect.facebook.net", "www.facebook.com", "facebook.com"})
_HOST = re.compile(
    rb"""(?<![\w.+-])(?:[a-z][a-z0-9+.-]*:)?[/\\]{2}([^/\\?#\s'"<>]+)|(javascript|data|blob):""", re.IGNORECASE
)
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
_OPERATORS = frozenset({"||", "&&", "!"})
_WORDS = re.compile(
    r"[\w .%-]*|text/javascript|(?:https?:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/(?:fp|fbds|fbevents)\.js"
)
_SCRIPT_ATTRIBUTES = frozenset({"async", "charset", "class", "defer", "id", "language", "nonce", "type"})
Locals = defaultdict[int, set[bytes | None]]
"""The names that each function declares, by the id of its node."""

_TAG = re.compile(rb"<[a-z/!?]", re.IGNORECASE)


def find(document: Document, *, is_code: bool = False) -> Iterator[Raw]:
    """Yield `foreign-host` and `unexpected-script`; a page's scripts may do more, unless `is_code`."""
    is_code = is_code or not html.is_page(document.masked)
    own = {code.script.start for code in document.codes if code.script}
    for element in document.elements if is_code and document.codes else ():
        yield from _about_element(document, element, is_own=element.start in own)
    for element, script in document.scripts:
        if element.start in own:
            yield from _hosts(document, element.inner_start, element.inner_end, script)
            yield from _unexpected(script) if is_code else ()
    for code in document.codes:
        for image in code.images:
            if image.noscript:
                yield from _about_noscript(document, image.noscript)


def _about_element(document: Document, element: html.Element, *, is_own: bool) -> Iterator[Raw]:
    url = element.attributes.get("src")
    hosts = tuple(_foreign(url.value)) if url else ()
    if hosts:
        yield Raw("foreign-host", element.start, f"the {element.name} loads from {hosts[0]}", hosts=hosts)
    if element.name in {"script", "iframe"} and not is_own:
        yield Raw("unexpected-script", element.start, f"a {element.name} that is not conversion code", hosts=hosts)
    names = element.attributes.keys()
    extra = names - _SCRIPT_ATTRIBUTES if is_own else {name for name in names if name.startswith("on")}
    if extra:
        yield Raw("unexpected-script", element.start, f"the {element.name} has the attribute {min(extra)}")


def _about_noscript(document: Document, noscript: html.Element) -> Iterator[Raw]:
    inner = bytearray(document.masked[noscript.inner_start : noscript.inner_end])
    for element in document.elements:
        if element.name == "img" and noscript.inner_start <= element.start < noscript.inner_end:
            url = element.attributes.get("src")
            for host in _foreign(url.value) if url else ():
                yield Raw("foreign-host", element.start, f"an image in the noscript loads from {host}", hosts=(host,))
            inner[element.start - noscript.inner_start : element.end - noscript.inner_start] = b" " * (
                element.end - element.start
            )
    if match := _TAG.search(inner):
        at = noscript.inner_start + match.start()
        yield Raw("unexpected-script", at, "the noscript holds more than images")


def _hosts(document: Document, start: int, end: int, script: Script) -> Iterator[Raw]:
    for node in _nodes(script.root):
        if node.type in {"string", "template_string"}:
            hosts = tuple(_foreign((node.text or b"")[1:-1]))
            if hosts:
                yield Raw("foreign-host", start + node.start_byte, f"the script reaches {hosts[0]}", hosts=hosts)


def _foreign(text: bytes) -> Iterator[str]:
    for match in _HOST.finditer(b"".join(text.split())):
        host = (match[1] or match[2]).decode("utf-8", "replace").lower().rpartition("@")[2].partition(":")[0]
        if host not in _VENDOR:
            yield host


def _nodes(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.named_children)


def _unexpected(script: Script) -> Iterator[Raw]:
    names = _NAMES.union(*(dialect.TRUSTED_NAMES for dialect in dialects.every()))
    local = _locals(script.root)
    for node in _nodes(script.root):
        if not _is_expected(script, node, names, local):
            text = text_of(node)[:60].partition("\n")[0]
            yield Raw("unexpected-script", script.start + node.start_byte, f"{text!r} is not part of conversion code")
            return


def _is_expected(script: Script, node: Node, names: frozenset[str], local: Locals) -> bool:
    if node.is_missing or node.type not in _SYNTAX:
        return False
    if node.type == "identifier":
        return text_of(node) in names or _is_local(node, local) or _is_server_code(script, node)
    if node.type == "property_identifier":
        return _is_key(node) or text_of(node) in names
    if node.type == "string":
        return _is_key(node) or _is_data(node) or _WORDS.fullmatch(text_of(node)[1:-1]) is not None
    if node.type == "subscript_expression":
        index = node.child_by_field_name("index")
        return index is not None and (index.type == "number" or text_of(index).strip("\"'") in names)
    if node.type in {"binary_expression", "unary_expression"}:
        operator = node.child_by_field_name("operator")
        return operator is not None and text_of(operator) in _OPERATORS
    return True


def _is_key(node: Node) -> bool:
    return bool(node.parent and node.parent.type == "pair" and node.parent.child_by_field_name("key") == node)


def _is_data(node: Node) -> bool:
    """Whether a string is a value of an object: that is what the event tells, and is not run."""
    return bool(node.parent and node.parent.type == "pair")


def _is_server_code(script: Script, node: Node) -> bool:
    start, end = script.start + node.start_byte, script.start + node.end_byte
    return script.data[start:end] != script.masked[start:end]


def _is_local(identifier: Node, local: Locals) -> bool:
    """Whether a name is declared in a function around its use, as a parameter or a variable."""
    node = identifier.parent
    while node:
        if node.type == "function_expression" and identifier.text in local[node.id]:
            return True
        node = node.parent
    return False


def _locals(root: Node) -> Locals:
    found: Locals = defaultdict(set)
    for node in _nodes(root):
        function = _function_around(node) if node.type in {"formal_parameters", "variable_declarator"} else None
        if function and node.type == "formal_parameters":
            found[function.id].update(parameter.text for parameter in node.named_children)
        elif function and (name := node.child_by_field_name("name")):
            found[function.id].add(name.text)
    return found


def _function_around(node: Node | None) -> Node | None:
    while node and node.type != "function_expression":
        node = node.parent
    return node
