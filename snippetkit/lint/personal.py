"""A person's e-mail address that stands in what a platform is told: every visitor is then taken for that person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from urllib.parse import unquote

from snippetkit import html, platforms
from snippetkit.javascript import FUNCTIONS, Script, Use, member_name
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.references import decode_in
from snippetkit.snippets import Document

if TYPE_CHECKING:
    from tree_sitter import Node

_FILES = b"avif|css|gif|html?|ico|jpe?g|js|json|map|mjs|mp[34]|pdf|php|png|svg|tsx?|vue|webp|xml|zip"
_ADDRESS = rb"""[\w.+-]{1,64}(?:@|%%40)
    (?!(?:[0-9]+\.){2})  # a version
    (?:[\w-]{1,63}\.){1,8}(?!(?:%b)\b)[A-Za-z]{2,63}""" % (_FILES)
_TEXT = later(rb"""(?P<quote>["'`])\s*(?P<address>%b)\s*(?P=quote)""" % _ADDRESS, re.IGNORECASE | re.VERBOSE)
_WHO = later(
    rb"mail|(?:^|\[|%5B)(?:em|pd|ud|uid|pid|id)(?:$|\]|%5D)|user|customer|visitor|person|external|client|hash|sha256|crm",
    re.IGNORECASE,
)
"""What is called so says who somebody is."""
_PARAMETER = later(
    rb"[?&;](?P<name>[^=&?\#;]{1,60})=(?P<address>%b)(?=[&\#;]|\Z)" % _ADDRESS, re.IGNORECASE | re.VERBOSE
)
_HOST = later(rb"@[\w-]+\.[\w.-]+\s*(?:[\"'`]|&[a-z#])")
_MESSAGE = "{!r} is in the code, so every visitor is reported as that person; take it out, or use the visitor's own"
_MOST = 50
_DEEPEST = 9
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_NAMING = {"assignment_expression": "left", "variable_declarator": "name"}
_PARTS = frozenset({"object", "parenthesized_expression", "string", "template_string"})


def find(document: Document) -> Iterator[Raw]:
    """Yield `personal-data`."""
    scripts = [script for _, script in document.scripts] or [one for one in (document.program,) if one]
    found = (place for script in scripts for place in _in_script(script))
    for start, address in (*found, *_in_handlers(document), *_in_images(document)):
        yield Raw("personal-data", start, _MESSAGE.format(unquote(address.decode("utf-8", "replace"))))


def _in_script(script: Script) -> Iterator[tuple[int, bytes]]:
    """The addresses that a script tells, each with its byte offset."""
    found = _TEXT.finditer(script.masked, script.start, script.end)
    told = (one for one in found if _is_told(script, one.start("address") - script.start))
    own = (one for one in told if script.data[slice(*one.span())] == one[0])
    yield from ((one.start("address"), one["address"]) for one in islice(own, _MOST))


def _in_handlers(document: Document) -> Iterator[tuple[int, bytes]]:
    data = document.masked
    hosts = (match.start() for match in _HOST.finditer(data))
    for handler in html.find_handlers(data) if any(html.may_be_handled(data, at) for at in hosts) else ():
        start = handler.attribute.start
        text = decode_in(document.masked, start, start + len(handler.attribute.value))
        code = text.value
        if platforms.global_names().search(code) and _TEXT.search(code):
            script = Script(code, code, 0, len(code), is_body=True, reporting=platforms.reporting())
            yield from ((text.place(at), address) for at, address in _in_script(script))


def _in_images(document: Document) -> Iterator[tuple[int, bytes]]:
    for url in (image.url for code in document.codes for image in code.images):
        text = decode_in(document.masked, url.start, url.start + len(url.value))
        told = (one for one in _PARAMETER.finditer(text.value) if _is_who(one["name"]))
        yield from ((text.place(one.start("address")), one["address"]) for one in told)


def _is_told(script: Script, at: int) -> bool:
    """Whether a text is part of what a platform's function, method or queue is called with; in no function there."""
    node = script.tree.innermost(at, at + 1)
    if node is None or node.type not in {"string", "string_fragment", "template_string"}:
        return False
    return _is_given(script, node) or _is_told_by_name(script, node)


def _is_given(script: Script, node: Node) -> bool:
    around = [*takewhile(lambda one: one.type not in FUNCTIONS, script.tree.around(node))]
    key = next((_key(one) for one in around if one.type == "pair"), b"")
    calls = (one.child_by_field_name("function") for one in around if one.type == "call_expression")
    return _is_who(key) and any(_reports(script, function) for function in calls)


def _is_who(key: bytes) -> bool:
    """Whether a key tells who the visitor is, or none says what an address is: that of a link is the shop's own."""
    return not key or _WHO.search(key) is not None


def _is_told_by_name(script: Script, text: Node) -> bool:
    """Whether a text is all that a name is ever set to, or a member of that, and the name is told."""
    members, node = list[bytes](), text
    for around in islice(script.tree.around(text), _DEEPEST):
        if around.type == "pair":
            members.append(_key(around))
        elif around.type in _NAMING:
            return _is_used(script, around.child_by_field_name(_NAMING[around.type]), node, members)
        elif around.type not in _PARTS:
            break
        node = around
    return False


def _is_used(script: Script, name: Node | None, value: Node, members: Sequence[bytes]) -> bool:
    """Whether what a name is set to is told, whole or by the member that leads to a text."""
    key = script.names.key_of(name) if name and name.type == "identifier" else None
    if key is None or script.names.values[key] != [value]:
        return False
    uses = (use for use in islice(script.names.uses[key], _MOST) if use.node != name)
    return any(_leads(use, [*members]) and _is_given(script, use.node) for use in uses)


def _leads(use: Use, members: list[bytes]) -> bool:
    """Whether a use of a name is of all that it stands for, or of what these members lead to, the last one first."""
    while use.parent and use.parent.node.type in _MEMBERS and use.is_field("object"):
        use = use.parent
        if not members:  # a method of the text
            return True
        if member_name(use.node) != members.pop():
            return False
    return True


def _key(pair: Node) -> bytes:
    key = pair.child_by_field_name("key")
    text = (key and key.text) or b""
    return text[1:-1] if key and key.type == "string" else text


def _reports(script: Script, function: Node | None) -> bool:
    """Whether what is called reports, or is a method of what such a call returns: `tell.instance(id).identify(..)`."""
    for _ in range(_DEEPEST):
        of = function.child_by_field_name("object") if function else None
        if of is None or of.type != "call_expression":
            break
        function = of.child_by_field_name("function")
    reporting, path = script.reporting, script.names.path(function)
    name, _, method = path.rpartition(b".")
    is_method = name in reporting.objects or (method == b"push" and name in reporting.functions | reporting.queues)
    return path in reporting.functions - reporting.objects or is_method
