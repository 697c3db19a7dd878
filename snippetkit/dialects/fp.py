"""The fp dialect (2012 to 2014): a global `fb_param` that the loader `fp.js` reads.

A script of this dialect does two things and no other: it sets members of `fb_param`, and it loads `fp.js` from the
vendor. The tables below say which syntax, names and strings that takes; whatever else stands in a script, it is
not of this dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "fp"
IMAGE_HOST = "www.facebook.com"
IMAGE_PATH = "/offsite_event.php"
TRACES = (b"fb_param", b"offsite_event.php")
"""What only code of this dialect has; a page that holds one of these carries such code."""

_SETTING = re.compile(r"(?P<object>.*)\.(?P<name>pixel_id|value|currency)", re.DOTALL)
_OBJECTS = frozenset({"fb_param", "window.fb_param"})
_DIGITS = frozenset("0123456789")
_STRING = re.compile(r"(?:https?:)?//connect\.facebook\.net/[A-Za-z_]{2,8}/fp\.js|text/javascript|[A-Za-z0-9_.]*")
_NAMES = frozenset(
    "appendChild async body createElement currency document fb_param getElementsByTagName head insertBefore "
    "parentNode pixel_id src type value window".split()
)
_SYNTAX = frozenset(
    "arguments assignment_expression call_expression comment expression_statement formal_parameters "
    "function_expression identifier member_expression number object parenthesized_expression program "
    "property_identifier statement_block string string_fragment subscript_expression true variable_declaration "
    "variable_declarator".split()
)


def read_script(script: str) -> dict[str, str]:
    """Return what a script sets: `pixel_id`, `value`, `currency`, as far as it does.

    Args:
        script: the text between `<script>` and `</script>`.

    Raises:
        SnippetError: the script holds anything that is not of this dialect, with the line and what it is.
    """
    root = _parse(script)
    if root.has_error:
        raise SnippetError("the script is not JavaScript that can be read")
    nodes = list(_named_nodes(root))
    local = {_text(name) for node in nodes if (name := _declared_name(node))}
    for node in nodes:
        _check(node, local)
    return dict(setting for node in nodes if (setting := _setting(node)))


def _parse(script: str) -> Node:
    import tree_sitter
    import tree_sitter_javascript

    language = tree_sitter.Language(tree_sitter_javascript.language())
    return tree_sitter.Parser(language).parse(script.encode()).root_node


def _named_nodes(root: Node) -> Iterator[Node]:
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(node.named_children)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _declared_name(node: Node) -> Node | None:
    return node.child_by_field_name("name") if node.type == "variable_declarator" else None


def _check(node: Node, local: set[str]) -> None:
    known = _NAMES | local if node.type == "identifier" else _NAMES
    is_name = node.type in {"identifier", "property_identifier"}
    if (
        node.type not in _SYNTAX
        or (is_name and _text(node) not in known)
        or (node.type == "string" and not _STRING.fullmatch(_text(node)[1:-1]))
        or (node.type == "subscript_expression" and _text(node)[-2:-1] not in _DIGITS)
    ):
        raise _error(node, f"{_text(node)[:60]!r} is not part of {NAME} conversion code")


def _setting(node: Node) -> tuple[str, str] | None:
    if node.type != "assignment_expression":
        return None
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    match = _SETTING.fullmatch(_text(left)) if left else None
    if match is None or right is None:
        return None
    if match["object"] not in _OBJECTS or not _is_top_level(node):
        raise _error(node, f"{match['name']} is not set on the global fb_param")
    if right.type not in {"string", "number"}:
        raise _error(node, f"{match['name']} is not a literal")
    return match["name"], _text(right).strip("\"'")


def _is_top_level(assignment: Node) -> bool:
    statement = assignment.parent
    return statement is not None and statement.parent is not None and statement.parent.type == "program"


def _error(node: Node, message: str) -> SnippetError:
    return SnippetError(f"script line {node.start_point[0] + 1}: {message}")
