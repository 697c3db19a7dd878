"""A rule of ECMA-262 that tree-sitter does not know, and how it is asked of a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.names import FUNCTIONS
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 50  # possible errors of one rule; a page made to be slow has thousands
_DEEPEST = 64
_STRICT = frozenset({b"'use strict'", b'"use strict"'})
_PART = later(rb"[\w$]")
_CLASSES = frozenset({"class", "class_declaration"})


class EarlyError(NamedTuple):
    """The pattern of a possible error, at its group `at`, and the test of whether the node there is one.

    `needs` is a text without which there is none. A word counts only as a whole, and not as a member's name.
    """

    text: re.Pattern[bytes]
    is_wrong: Callable[[Node], bool]
    needs: bytes = b""
    is_word: bool = False


def rule(text: bytes, is_wrong: Callable[[Node], bool], needs: bytes = b"") -> EarlyError:
    """Return a rule; the pattern's `.` is any byte."""
    return EarlyError(later(text, re.DOTALL), is_wrong, needs)


def word(words: str, is_wrong: Callable[[Node], bool], behind: bytes = b"") -> EarlyError:
    """Return a rule about words, separated by spaces, behind which a pattern matches."""
    either = "|".join(words.split()).encode()
    needs = b"" if b"|" in either else either
    return rule(rb"(?P<at>%b)(?![\w$])%b" % (either, behind), is_wrong, needs)._replace(is_word=True)


def first(root: Node, script: bytes, rules: Sequence[EarlyError]) -> Node | None:
    """Return the first node that breaks a rule, None where none does."""
    for text, is_wrong, needs, is_word in rules:
        if needs not in script:
            continue
        matches = (match for match in text.finditer(script) if match["at"])
        spans = (match.span("at") for match in matches if not is_word or _begins(script, match.start("at")))
        nodes = (root.descendant_for_byte_range(*span) for span in islice(spans, _MOST))
        if wrong := next((node for node in nodes if node and is_wrong(node)), None):
            return wrong
    return None


def _begins(script: bytes, at: int) -> bool:
    """Whether a word begins there that is no member's name: `...name` is none."""
    before = script[max(0, at - 3) : at]
    return not _PART.fullmatch(before[-1:]) and (before[-1:] != b"." or before == b"...")


def outer(node: Node) -> Node:
    """Return what a node is in, itself where it is in nothing."""
    return node.parent or node


def around(node: Node) -> Iterator[Node]:
    """Yield what a node is in, from the inside, as deep as code ever is."""
    for _ in range(_DEEPEST):
        if node.parent is None:
            break
        node = node.parent
        yield node


def is_in(node: Node, kinds: frozenset[str]) -> bool:
    """Whether a node is in one of these kinds, not in a function within it; also true where that is not certain."""
    outside = list(around(node))
    inner = next((one.type for one in outside if one.type in kinds | FUNCTIONS), "")
    return inner in kinds if inner else len(outside) == _DEEPEST


def is_of(kind: str, field: str, inner: str) -> Callable[[Node], bool]:
    """Say whether a node is in one of a kind whose field is of another kind."""

    def is_it(node: Node) -> bool:
        child = outer(node).child_by_field_name(field) if outer(node).type == kind else None
        return child is not None and child.type == inner

    return is_it


def is_a(kind: str, within: frozenset[str]) -> Callable[[Node], bool]:
    """Say whether a word is of a node of this kind that stands in none of those, and says of which label it is not."""

    def is_it(node: Node) -> bool:
        one = outer(node)
        return one.type == kind and one.child_by_field_name("label") is None and not is_in(one, within)

    return is_it


def unwrapped(node: Node | None) -> Node | None:
    """Return what is in parentheses."""
    while node is not None and node.type == "parenthesized_expression":
        node = next((one for one in node.named_children if one.type != "comment"), None)
    return node


def is_strict(node: Node) -> bool:
    """Whether a node is in strict mode code (ECMA-262, 11.2.2): below a `'use strict'`, or in a class."""
    for one in around(node):
        if one.type in _CLASSES:
            return True
        body = one.child_by_field_name("body") if one.type in FUNCTIONS else one if one.type == "program" else None
        if body is not None and has_directive(body):
            return True
    return False


def has_directive(body: Node) -> bool:
    """Whether a script or the body of a function begins with `'use strict'`."""
    for statement in (one for one in body.named_children if one.type != "comment"):
        directive = statement.named_children[0] if statement.type == "expression_statement" else None
        if directive is None or directive.type != "string":
            return False
        if directive.text in _STRICT:
            return True
    return False
