"""Early errors of tokens: strings, names, numbers and comments (ECMA-262, 12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early.rule import EarlyError, around, outer, rule, word
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

RESERVED = (
    "break case catch class const continue debugger default delete do else enum export extends false finally for "
    "function if import in instanceof new null return super switch this throw true try typeof var void while with"
)
"""What is no name, as 12.7.2 lists it, apart from `await` and `yield`."""

_OVER_LINES = later(rb"(?<!\\)(?<!\\\r)[\n\r]")
_NAMES = later(r"(?:\w+_)?identifier(?:_pattern)?")
_TEXTS = frozenset(
    "comment escape_sequence html_comment jsx_text regex regex_pattern string string_fragment template_string".split()
)
_PROPERTIES = frozenset({"property_identifier", "statement_identifier"})
_PRIVATE = "private_property_identifier"
_SHORTHAND = "shorthand_property_identifier"
_ESCAPED = later(r"\\u(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))")
_NOT_PYTHONS = str.maketrans("", "", "$\u200c\u200d")
_COMMENT = later(rb"/\*.*?\*/", re.DOTALL)
_FLAGS = frozenset("dgimsuvy")
_LONGEST_LINE = 1000


def _is_no_token(node: Node) -> bool:
    """Whether a string goes over lines, or a name has signs that no name has, as the quotes of prose."""
    string = outer(node)
    if string.type == "string" and node.type != "string_fragment":
        return _OVER_LINES.search(string.text or b"") is not None
    if node.type == _PRIVATE:
        return all(one.type != "class_body" for one in around(node))
    return _NAMES.fullmatch(node.type) is not None and not _is_name(node.text or b"", node.type)


def _is_name(text: bytes, kind: str) -> bool:
    """Whether a text is a name (ECMA-262, 12.7); also true where it is in no encoding that is known."""
    try:
        name = _ESCAPED.sub(lambda escape: chr(int(escape[1] or escape[2], 16)), text.decode())
    except (UnicodeDecodeError, ValueError, OverflowError):
        return not text.isascii()
    if b"\\" in text and kind not in _PROPERTIES and name in RESERVED.split():
        return False
    return f"{'_' * (name[:1] == '$')}{name.translate(_NOT_PYTHONS)}".isidentifier()


def _is_in_string(node: Node) -> bool:
    return "string" in {node.type, outer(node).type} and node.type != "comment"


def _is_in_template(node: Node) -> bool:
    """Whether an escape is in a template that no function is given, which may have any."""
    return outer(node).type == "template_string" and outer(outer(node)).type != "call_expression"


def _is_no_comment(node: Node) -> bool:
    """Whether `-->` stands behind code, where it begins no comment."""
    if node.type != "html_comment" or node.parent is None:
        return False
    before = (outer(node).text or b"")[: node.start_byte - outer(node).start_byte]
    line = re.split(rb"[\n\r]", _COMMENT.sub(b"", before[-_LONGEST_LINE:]))
    return line[-1].strip() != b"" and (node.text or b"").startswith(b"-->")


def _is_odd_number(node: Node) -> bool:
    """Whether a number begins with a needless zero, and has what only others may have."""
    return node.type == "number" and (node.text or b"").startswith(b"0")


def _is_called_let(node: Node) -> bool:
    """Whether `let` or `const` declares a variable that is called `let`."""
    place = outer(node)
    if place.type == "for_in_statement":
        return place.child_by_field_name("left") == node and place.child_by_field_name("kind") is not None
    is_name = place.type == "variable_declarator" and place.child_by_field_name("name") == node
    return is_name and outer(place).type == "lexical_declaration"


def _has_odd_flags(node: Node) -> bool:
    """Whether a regular expression has a flag that there is none of, one twice, or two that exclude each other."""
    flags = (node.text or b"").decode() if node.type == "regex_flags" else ""
    return not _FLAGS.issuperset(flags) or len({*flags}) < len(flags) or {*"uv"} <= {*flags}


RULES: Sequence[EarlyError] = (
    rule(
        rb"""\"[^\"\\\n\r]*+(?:\\.[^\"\\\n\r]*+)*\"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*'|//[^\n\r]*|/\*(?:.*?\*/|.*)"""
        rb"""|(?P<at>["'\x80-\xff#]|\\u)""",  # a quote that no line ends, or what may be no part of a name
        _is_no_token,
    ),
    rule(
        rb"(?P<at>\xe2\x80\x8b|\xe2\x81\xa0)", lambda node: node.type not in _TEXTS, b"\xe2"
    ),  # no space, but for tree-sitter
    rule(rb"(?P<at>\xe2\x80[\xa8\xa9])", lambda node: node.type == "regex_pattern", b"\xe2\x80"),
    rule(
        rb"\\(?:(?P<at>u(?![0-9A-Fa-f]{4}|\{0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4}\})|x(?![0-9A-Fa-f]{2}))|.)",
        _is_in_string,
        b"\\",
    ),
    rule(rb"\\(?:(?P<at>[1-9]|0[0-9])|.)", _is_in_template, b"`"),
    rule(rb"(?<![\w$.])(?P<at>0(?:[0-7]+\.[0-9]|[0-9]*_|[0-9]+n))", _is_odd_number),
    rule(rb"(?P<at>-->)", _is_no_comment, b"-->"),
    word("enum", lambda node: node.type in {"identifier", _SHORTHAND, f"{_SHORTHAND}_pattern"}),
    rule(rb"[{,]\s*(?P<at>%b)\s*[,}]" % "|".join(RESERVED.split()).encode(), lambda node: node.type == _SHORTHAND),
    word("let", _is_called_let),
    rule(rb"/(?P<at>[A-Za-z]+)", _has_odd_flags),
)
