"""Two conforming parsers, and what each makes of a page: its nodes, flat and comparable.

They are turbohtml and lexbor (through selectolax): two tokenizers and tree builders by the WHATWG standard of today,
which have nothing in common. Each gets the page as a browser would read it: turbohtml decodes the bytes itself, lexbor
gets text that Python's codecs made of them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import turbohtml
from selectolax.lexbor import LexborHTMLParser

# depth, kind, what it holds: text, a comment's or doctype's data, an element's attributes in order of their names.
Node = tuple[int, str, object]
Nodes = list[Node]
Parser = Callable[[bytes, str, bool], Nodes]

TEXT, COMMENT, CONTENT = "#text", "#comment", "#content"

_CODECS = {
    "Shift_JIS": "cp932",
    "Big5": "big5hkscs",
    "EUC-KR": "cp949",
    "GBK": "gb18030",
    "ISO-8859-8-I": "iso8859_8",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
}
_NOT_ASCII = re.compile(r"[^\0-\x7f]+")


def turbo(data: bytes, encoding: str, scripting: bool) -> Nodes:
    """The nodes of a page in document order, as turbohtml builds them."""
    nodes: Nodes = []
    document = turbohtml.parse(data, encoding=encoding, scripting=scripting, positions=False)
    pending = [(0, child) for child in reversed(document.children)]
    while pending:
        depth, node = pending.pop()
        kind, held = _TURBO[type(node)](node)
        nodes.append((depth, kind, held))
        if kind[0] != "#" or kind == CONTENT:
            pending += [(depth + 1, child) for child in reversed(node.children)]
    return nodes


def _turbo_element(node: Any) -> tuple[str, object]:
    attributes = tuple(
        sorted((name, value if isinstance(value, str) else node.attr(name)) for name, value in node.attrs.items())
    )
    return _TURBO_SPACES.get(node.namespace, "") + node.tag, attributes


_TURBO_SPACES = {turbohtml.Namespace.SVG: "svg ", turbohtml.Namespace.MATHML: "math "}
_TURBO: dict[type, Callable[[Any], tuple[str, object]]] = {
    turbohtml.Element: _turbo_element,
    turbohtml.Text: lambda node: (TEXT, node.data),
    turbohtml.Comment: lambda node: (COMMENT, node.data),
    turbohtml.Doctype: lambda node: ("#doctype", (node.name or "", node.public_id or "", node.system_id or "")),
    turbohtml.DocumentFragment: lambda node: (CONTENT, ()),
    turbohtml.ProcessingInstruction: lambda node: (COMMENT, node.html.rstrip("?>")),
}


def lexbor(data: bytes, encoding: str, scripting: bool) -> Nodes:
    """The nodes of a page in document order, as lexbor builds them; it tells neither namespaces nor a doctype's ids."""
    nodes: Nodes = []
    root = LexborHTMLParser(decode(data, encoding), scripting=scripting).root
    first = root
    while first is not None and first.prev is not None:
        first = first.prev
    pending = [(0, node) for node in reversed(_siblings(first))]
    while pending:
        depth, node = pending.pop()
        nodes.append((depth, *_lexbor_node(node)))
        pending += [(depth + 1, child) for child in reversed(_siblings(node.first_child))]
        if node.tag == "template":
            pending += [(depth + 1, content) for content in node.template_fragments() if content.parent == node]
    return nodes


def _siblings(node: Any) -> list[Any]:
    found = []
    while node is not None:
        found.append(node)
        node = node.next
    return found


def _lexbor_node(node: Any) -> tuple[str, object]:
    if node.is_text_node:
        return TEXT, node.text_content
    if node.is_element_node:
        return node.tag, tuple(sorted((name, value or "") for name, value in node.attributes.items()))
    if node.is_comment_node:
        return COMMENT, node.html.removeprefix("<!--").removesuffix("-->")
    if node.tag == "-doctype":
        return "#doctype", ()
    if node.parent.tag == "template":
        return CONTENT, ()
    return COMMENT, node.html.rstrip("?>")


BOTH: tuple[Parser, ...] = (turbo, lexbor)


def sniff(data: bytes) -> str:
    """The name of the encoding that a browser takes a page to have: BOM, `meta`, or windows-1252."""
    return str(turbohtml.parse(data, positions=False).encoding)


def decode(data: bytes, encoding: str) -> str:
    """The text that a browser makes of a page."""
    text = data.decode(_CODECS.get(encoding, encoding), "replace")
    return text.removeprefix("\ufeff")


def are_disputed(trees: Sequence[Nodes]) -> bool:
    """Whether the parsers read a page differently; what a codec makes of a character does not count."""
    return any(one != other for one, other in itertools.pairwise([_common(nodes) for nodes in trees]))


def _common(nodes: Nodes) -> list[str]:
    """What all parsers tell of nodes."""
    return [
        _NOT_ASCII.sub("?", f"{depth} {kind.rpartition(' ')[2]} {'' if kind == '#doctype' else data}")
        for depth, kind, data in nodes
    ]
