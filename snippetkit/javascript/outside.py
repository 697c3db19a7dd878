"""Whether what is around a script on its page sets a name that the script has for the whole page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from snippetkit.javascript.names import Names
from snippetkit.javascript.parsing import root_with_markup
from snippetkit.javascript.tree import Tree
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

Span = tuple[int, int]
_SETTING = rb"(?<![\w$.])%b\s*(?:[+*/%%&|^?-]{0,3}=(?![=>])|\+\+|--)"
_SCRIPT = later(rb"<script\b[^>]*+>(?P<inner>.*?)</script", re.DOTALL | re.IGNORECASE)
_TAG = later(
    rb"<[a-z][\w:-]*+(?:\s++(?!on)[^\s\"'<>/=]++"
    rb"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'=<>`]++))?|(?!))*+\s*+/?>",
    re.IGNORECASE,
)
_LONGEST = 64 * 1024
_NESTED = frozenset({"class_body", "statement_block"})


def is_set_outside(text: bytes, own: Span, name: bytes) -> bool:
    """Return whether another script of a page may set a name, or a handler there.

    Args:
        text: the page, without its server code.
        own: from where to where the script stands there.
        name: a name that this script declares for the whole page.
    """
    setting = re.compile(_SETTING % re.escape(name))
    end = 0
    for match in _SCRIPT.finditer(text):
        if _is_set_by_tags(text[end : match.start("inner")], setting):
            return True
        end = match.end("inner")
        inner = match.span("inner")
        if inner != own and setting.search(text, *inner) and _is_set_in(text[slice(*inner)], setting):
            return True
    return _is_set_by_tags(text[end:], setting)


def _is_set_by_tags(text: bytes, setting: re.Pattern[bytes]) -> bool:
    """Whether a text between scripts sets a name: what a tag says is no script, but for that of a handler."""
    return setting.search(text) is not None and setting.search(_TAG.sub(b" ", text)) is not None


def _is_set_in(script: bytes, setting: re.Pattern[bytes]) -> bool:
    """Whether a script sets a name as the whole page's, and not one of a function's own."""
    if len(script) > _LONGEST:
        return True
    root = root_with_markup(script)
    names, tree = Names(root), Tree(root)
    found = (tree.innermost(match.start(), match.start() + 1) for match in setting.finditer(script))
    return root.has_error or any(node is not None and _is_of_page(node, names, root) for node in found)


def _is_of_page(node: Node, names: Names, root: Node) -> bool:
    """Whether an identifier is the whole page's; what stands in a string or a comment is none."""
    key = names.key_of(node)
    return node.type == "identifier" and (key is None or key[1] == root.id)
