"""JavaScript newer than ECMAScript 5, which is all that the compilers of tag managers are sure to take."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.gtm.regex import find_error
from snippetkit.javascript import Script, text_of
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_BLOCKS = (
    "program statement_block if_statement else_clause for_statement for_in_statement while_statement do_statement "
    "try_statement catch_clause finally_clause with_statement labeled_statement"
).split()
_LOOPS = ("for_statement", "for_in_statement", "while_statement", "do_statement")
_IN_BLOCKS = " ".join(
    [f"({name} (statement_block (function_declaration) @_))" for name in _BLOCKS]
    + [f"({name} (function_declaration) @_)" for name in ("switch_case", "switch_default", *_LOOPS)]
)
_NEWER = {
    "an arrow function": "(arrow_function) @_",
    "a template literal": "(template_string) @_",
    "let or const": '(lexical_declaration) @_ (for_in_statement kind: ["let" "const"] @_)',
    "a class": "(class_declaration) @_ (class) @_ (super) @_",
    "a spread or a rest parameter": "(spread_element) @_ (rest_pattern) @_",
    "a default value": "(assignment_pattern) @_ (object_assignment_pattern) @_",
    "destructuring": "(object_pattern) @_ (array_pattern) @_",
    "a shorthand in an object": "(shorthand_property_identifier) @_ (method_definition) @_",
    "a computed name": "(computed_property_name) @_",
    "an async function": '"async" @_ (await_expression) @_',
    "a generator": "(generator_function) @_ (generator_function_declaration) @_ (yield_expression) @_",
    "an exponent": '"**" @_ "**=" @_',
    "optional chaining": "(optional_chain) @_",
    "a nullish operator": '"??" @_ "??=" @_',
    "a logical assignment": '"||=" @_ "&&=" @_',
    "for-of": '(for_in_statement operator: "of") @_',
    "import, export or new.target": "(import_statement) @_ (export_statement) @_ (import) @_ (meta_property) @_",
    "catch without a variable": "(catch_clause !parameter) @_",
    "a function in a block": _IN_BLOCKS,
    "a comma after the last argument": '(arguments "," @_ . ")") (formal_parameters "," @_ . ")")',
    "a newer form of a number": "(number) @_",
    "a newer form of a regular expression": "(regex) @_",
    "a newer form of a character": "(escape_sequence) @_ (identifier) @_ (property_identifier) @_",
    "a line separator in a text": "(string_fragment) @_",
    "markup": "(jsx_element) @_ (jsx_self_closing_element) @_",
}
"""What is newer, and the nodes in which it shows; `@_` follows the node whose line is told."""

_FUNCTIONS = frozenset(
    "function_declaration function_expression generator_function generator_function_declaration arrow_function "
    "method_definition".split()
)
_NO_JAVASCRIPT = "what is not JavaScript"
_OLD_FLAGS = frozenset("gim")
_DEEPEST = 1000  # a query takes as many steps as there are nodes, times their depth
_SEPARATOR = later("[\u2028\u2029]")
_NUMBER = later(r"0[bBoO]|.*[_n]", re.DOTALL)
_REGEX = later(r"/.*(?:\(\?<.*/[a-z]*|/[a-z]*[^gim\W][a-z]*)", re.DOTALL)
_ONLY: dict[str, Callable[[Node], bool]] = {
    "a shorthand in an object": lambda node: {child.type for child in node.children}.isdisjoint({"get", "set"}),
    "a newer form of a number": lambda node: _NUMBER.match(text_of(node)) is not None,
    "a newer form of a regular expression": lambda node: _REGEX.fullmatch(text_of(node)) is not None,
    "a newer form of a character": lambda node: "\\u{" in text_of(node),
    "a line separator in a text": lambda node: _SEPARATOR.search(text_of(node)) is not None,
}
"""Where only some of the nodes are newer."""


class Newer(NamedTuple):
    """What is newer than ECMAScript 5: where it begins, in bytes, its line, counted from 1, and its name."""

    start: int
    line: int
    what: str


def find_newer_syntax(script: str) -> Newer | None:
    """Return the first thing in a script that is newer than ECMAScript 5.

    What is not JavaScript at all counts too, before the rest, and so does a return outside a function. None where
    nothing is.

    Args:
        script: the code, without its element; expressions stand in the places of variables of a tag manager.
    """
    data = script.encode("utf-8", "replace")
    read = Script(data, data, 0, len(data), is_body=True)  # a return has a name of its own
    if read.error is not None:
        return Newer(read.error, data.count(b"\n", 0, read.error) + 1, _NO_JAVASCRIPT)
    if deep := _too_deep(read.root):
        return _newer(deep, f"code that is nested deeper than {_DEEPEST} times, which is not looked at")
    newer_syntax = [*_captures(read.root), *_outside_functions(read.root), *_no_patterns(read.root)]
    return min(newer_syntax, default=None)


def _newer(node: Node, what: str) -> Newer:
    return Newer(node.start_byte, node.start_point[0] + 1, what)


def _too_deep(root: Node) -> Node | None:
    """Where a script is nested too deeply to be looked at, None where it is not; a long sum is not nested."""
    pending = [(root, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > _DEEPEST:
            return node
        pending += [(child, depth + (child.type != "binary_expression")) for child in node.named_children]
    return None


def _captures(root: Node) -> list[Newer]:
    from tree_sitter import QueryCursor

    names = list(_NEWER)
    return [
        _newer(node, what)
        for capture, nodes in QueryCursor(_query()).captures(root).items()
        for what in [names[int(capture.removeprefix("newer"))]]
        for node in nodes
        if what not in _ONLY or _ONLY[what](node)
    ]


def _outside_functions(root: Node) -> Iterator[Newer]:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type == "return_statement":
            yield _newer(node, "a return outside a function")
        pending += (child for child in node.named_children if child.type not in _FUNCTIONS)


def _no_patterns(root: Node) -> Iterator[Newer]:
    """Each regular expression that is not one; one with newer flags is found already."""
    from tree_sitter import QueryCursor

    for node in QueryCursor(_regex_query()).captures(root).get("regex", ()):
        parts = {child.type: text_of(child) for child in node.named_children}
        flags = parts.get("regex_flags", "")
        if len({*flags}) < len(flags) or (_OLD_FLAGS.issuperset(flags) and find_error(parts.get("regex_pattern", ""))):
            yield _newer(node, _NO_JAVASCRIPT)


@cache
def _regex_query() -> Query:
    import tree_sitter
    import tree_sitter_javascript

    return tree_sitter.Query(tree_sitter.Language(tree_sitter_javascript.language()), "(regex) @regex")


@cache
def _query() -> Query:
    import tree_sitter
    import tree_sitter_javascript

    language = tree_sitter.Language(tree_sitter_javascript.language())
    patterns = (pattern.replace("@_", f"@newer{index}") for index, pattern in enumerate(_NEWER.values()))
    return tree_sitter.Query(language, "\n".join(patterns))
