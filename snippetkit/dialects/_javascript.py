"""JavaScript as tree-sitter reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from snippetkit.dialects import Setting
from snippetkit.errors import SnippetError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{0*([0-9a-fA-F]{1,5})\}|([0-3]?[0-7]{1,2})|(\r\n|.))", re.DOTALL
)
_SHORT_ESCAPES = {"\n": "", "\r\n": "", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_DEEP = 6  # a node's parent is looked for from the root each time
_LEFT_OUT = frozenset({";", "comment", "empty_statement"})
_AROUND = frozenset({"assignment_expression", "binary_expression", "parenthesized_expression"})


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_javascript

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))


def parse(script: str) -> Node:
    """Return the syntax tree of a script.

    Raises:
        SnippetError: it is not JavaScript.
    """
    root = _parser().parse(script.encode()).root_node
    if root.has_error:
        raise SnippetError("the script is not JavaScript that can be read")
    return root


def walk(root: Node) -> Iterator[Node]:
    """Yield a node and all named ones in it, in the order of the source."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.named_children)


def tokens(root: Node) -> Iterator[tuple[Node, str]]:
    """Yield the tokens of a script or a function, as far as they count.

    White space and comments are left out, strings are in single quotes, the first function's parameters are named by
    their place, and one `;` closes each statement.
    """
    parameters: dict[str, str] = {}
    pending: list[tuple[Node, str]] = [(root, "")]
    while pending:
        node, token = pending.pop()
        if node.type == "formal_parameters" and not parameters:
            parameters = {text_of(name): f"parameter {place}" for place, name in enumerate(node.named_children, 1)}
        if token or not node.children or node.type == "string":
            yield node, token or _token(node, parameters)
        else:
            ends = [(node, ";")] if node.type.endswith("_statement") else []
            pending += ends + [(child, "") for child in reversed(node.children) if child.type not in _LEFT_OUT]


def _token(node: Node, parameters: dict[str, str]) -> str:
    text = text_of(node)
    if node.type == "string":
        return f"'{text[1:-1]}'"
    return parameters.get(text, text) if node.type == "identifier" else text


def text_of(node: Node) -> str:
    """Return the source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def refusal(node: Node, message: str) -> SnippetError:
    """Return the error that says what is wrong, with the line where the node begins, counted from 1."""
    return SnippetError(f"script line {node.start_point[0] + 1}: {message}")


@dataclass(frozen=True)
class Script:
    """A script inside a text: the bytes `start` up to, not including, `end` of `data`.

    `masked` is `data` with identifiers in the place of server code, so that the rest can be read as JavaScript.
    A script that has errors is read as far as it goes.
    """

    data: bytes
    masked: bytes
    start: int
    end: int

    @cached_property
    def root(self) -> Node:
        """The syntax tree; its offsets count from `start`."""
        return _parser().parse(self.masked[self.start : self.end]).root_node

    @cached_property
    def error(self) -> int | None:
        """The byte offset in the text where the script stops to be JavaScript, None where all of it is."""
        node = self.root
        if not node.has_error:
            return None
        while inner := next((child for child in node.children if child.has_error or child.is_missing), None):
            node = inner
        return self.start + node.start_byte

    def references(self, name: bytes) -> Iterator[Node]:
        """Yield each use of a global in its order: the identifier, or `window.<name>`."""
        for match in re.finditer(rb"(?<![\w$])" + name + rb"(?![\w$])", self.masked[self.start : self.end]):
            node = self.root.descendant_for_byte_range(match.start(), match.end())
            if node is None or (node.start_byte, node.end_byte) != match.span():
                continue
            if node.type == "identifier":
                yield node
            elif node.type == "property_identifier" and node.parent and _object_text(node.parent) == "window":
                yield node.parent

    def calls(self, name: bytes) -> Iterator[tuple[Node, list[Node]]]:
        """Yield each call of a global function, with its arguments."""
        for node in self.references(name):
            call = node.parent
            if call and call.type == "call_expression" and call.child_by_field_name("function") == node:
                yield call, _items(call.child_by_field_name("arguments"))

    @cached_property
    def queued(self) -> tuple[tuple[Node, list[Node]], ...]:
        """Each array that is pushed onto the queue `_fbq`, with its items."""
        calls: dict[int, Node] = {}
        for reference in self.references(b"_fbq"):
            member = _outermost(reference).parent
            call = member.parent if member and member.type == "member_expression" else None
            if member and call and _member_name(member) == "push":
                calls[member.start_byte] = call
        arguments = (call.child_by_field_name("arguments") for call in calls.values())
        return tuple((item, _items(item)) for given in arguments for item in _items(given) if item.type == "array")

    def setting(self, node: Node | None, *, needs_quotes: bool = False) -> Setting | None:
        """Return what a node says, None where there is no node."""
        if node is None or node.is_missing:
            return None
        node = _unwrapped(node)
        start, end = self.start + node.start_byte, self.start + node.end_byte
        is_template = node.type == "template_string" and not node.named_children[1:] and b"${" not in (node.text or b"")
        is_string = node.type == "string" or is_template
        if is_string:
            start, end = start + 1, end - 1
        text = self.data[start:end].decode("utf-8", "replace")
        is_dynamic = not (is_string or node.type == "number") or self.data[start:end] != self.masked[start:end]
        if is_string and "\\" in text and not is_dynamic:
            text = _ESCAPE.sub(_unescaped, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return Setting(text, start, end, is_dynamic, needs_quotes=needs_quotes and is_dynamic and not is_string)

    def text(self, node: Node | None) -> str:
        """Return what a literal says, empty where it is none."""
        setting = self.setting(node)
        return setting.text if setting and not setting.is_dynamic else ""

    def members(self, node: Node | None) -> dict[str, Node]:
        """Return the values of an object literal, by their keys; of `a || {...}` the object's."""
        while node and node.type in {"binary_expression", "parenthesized_expression"}:
            node = node.child_by_field_name("right") or next(iter(node.named_children), None)
        if node is None or node.type != "object":
            return {}
        pairs = [pair for pair in node.named_children if pair.type == "pair"]
        values = ((pair.child_by_field_name("key"), pair.child_by_field_name("value")) for pair in pairs)
        return {self.key(key): value for key, value in values if key and value}

    def settings(self, node: Node | None, *, needs_quotes: bool = False) -> tuple[Setting | None, Setting | None]:
        """Return the value and the currency of what a call tells, an object literal or an expression for one."""
        node = _unwrapped(node) if node else None
        whole = self.setting(node)
        if whole and node and (node.type != "object" or any(map(_is_no_plain_member, node.named_children))):
            return replace(whole, is_dynamic=True, is_whole=True), None
        members = self.members(node)
        value = self.setting(members.get("value"), needs_quotes=needs_quotes)
        return value, self.setting(members.get("currency"), needs_quotes=True)

    def key(self, node: Node) -> str:
        """Return the name of a member, written as an identifier or as a string."""
        return text_of(node) if node.type == "property_identifier" else self.text(node)


def _is_no_plain_member(node: Node) -> bool:
    """Whether a part of an object literal may set any of its members: `...x`, `{x}`, `{[x]: 1}`."""
    key = node.child_by_field_name("key")
    return node.type != "comment" and (key is None or key.type == "computed_property_name")


def _outermost(queue: Node) -> Node:
    """The expression that a queue stands in and is the value of: `(window._fbq = window._fbq || [])`."""
    for _ in range(_DEEP):
        parent = queue.parent
        if parent is None or parent.type not in _AROUND:
            break
        queue = parent
    return queue


def _unwrapped(node: Node) -> Node:
    """What stands in parentheses."""
    while node.type == "parenthesized_expression" and len(node.named_children) == 1:
        node = node.named_children[0]
    return node


def _unescaped(match: re.Match[str]) -> str:
    if match[4]:
        return chr(int(match[4], 8))
    code = match[1] or match[2] or match[3]
    return chr(int(code, 16)) if code else _SHORT_ESCAPES.get(match[5], match[5])


def _items(node: Node | None) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"] if node else []


def _object_text(member: Node) -> str:
    node = member.child_by_field_name("object") if member.type == "member_expression" else None
    return text_of(node) if node else ""


def _member_name(member: Node) -> str:
    node = member.child_by_field_name("property")
    return text_of(node) if node else ""
