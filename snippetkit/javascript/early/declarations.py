"""Early errors of declarations: a name that may not be declared again (ECMA-262, 14.2.1, 15.1.1, 16.1.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.javascript.early.rule import is_strict, outer
from snippetkit.javascript.names import FUNCTIONS
from snippetkit.javascript.tree import Tree
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node, Query

_MAY_BE = later(
    rb"""=>|\.\.\.|['"]use strict['"]|\b(?:let|const|class)\b|\bcatch\s*\([^)\w]"""
    rb"""|\bfunction[\w\s*$]{0,99}\([^()]*[\[{=.]|[{,]\s*+(?:\*\s*+|[\w$]++\s++)?[\w$]++\s*+\([^()]*+\)\s*\{"""
)
_WORD = later(rb"[^\W\d]\w*")
_MOST = 2000  # declarations; a page made to be slow has more
_MOST_DOUBLED = 50
_QUERY = """
(lexical_declaration) @lexical
(class_declaration) @lexical
(variable_declaration) @var
(function_declaration) @function
(generator_function_declaration) @function
(for_in_statement) @loop
(formal_parameters) @parameters
(catch_clause) @catch
"""
_BLOCKS = frozenset({"class_static_block", "for_in_statement", "for_statement", "statement_block", "switch_body"})
_BODIES = FUNCTIONS | {"catch_clause", "class_static_block"}
_BOUND = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_PARTS = {"assignment_pattern": "left", "object_assignment_pattern": "left", "pair_pattern": "value"}
_PATTERNS = frozenset({"array_pattern", "formal_parameters", "object_pattern", "rest_pattern"})
_LISTS = frozenset({"lexical_declaration", "variable_declaration"})
_UNIQUE = frozenset({"arrow_function", "method_definition"})
_VAR, _FUNCTION, _PARAMETER, _LEXICAL = "var", "function", "parameter", "lexical"


class _Declared(NamedTuple):
    """A name, how it is declared, and the ids of the scopes in which that counts, from the inside."""

    name: Node
    how: str
    scopes: tuple[int, ...]


def find_error(root: Node, script: bytes) -> Node | None:
    """Return the first name that may not be declared there, None where there is none."""
    if not _MAY_BE.search(script):
        return None
    found = _captures(root)
    if sum(map(len, found.values())) > _MOST:
        return None
    patterns = (one for key in ("parameters", "catch") for one in found.get(key, ()) if _says_twice(one))
    twice = next(filter(None, map(_doubled, islice(patterns, _MOST_DOUBLED))), None)
    return twice or _again(_declarations(found, Tree(root)))


def _captures(root: Node) -> dict[str, list[Node]]:
    from tree_sitter import QueryCursor

    return QueryCursor(_query()).captures(root)


@cache
def _query() -> Query:
    import tree_sitter
    import tree_sitter_javascript

    return tree_sitter.Query(tree_sitter.Language(tree_sitter_javascript.language()), _QUERY)


def _names(pattern: Node | None) -> Iterator[Node]:
    """Each name that a pattern declares."""
    pending = [pattern] if pattern else []
    while pending:
        node = pending.pop()
        if node.type in _BOUND:
            yield node
        elif node.type in _PARTS:
            pending += filter(None, [node.child_by_field_name(_PARTS[node.type])])
        elif node.type in _PATTERNS:
            pending += reversed(node.named_children)


def _says_twice(pattern: Node) -> bool:
    """Whether a word stands twice in parameters, or in what `catch` takes, or there is a member of something."""
    text = pattern.text or b""
    words = _WORD.findall(text.partition(b"{")[0] if pattern.type == "catch_clause" and b"({" not in text else text)
    return len({*words}) < len(words) or b"." in text


def _doubled(pattern: Node) -> Node | None:
    """The second parameter of a name, where that may not be; what is no parameter at all."""
    given = pattern if pattern.type == "formal_parameters" else pattern.child_by_field_name("parameter")
    kinds = {one.type for one in pattern.named_children} - {"comment"}
    if kinds & {"member_expression", "subscript_expression"}:
        return pattern
    seen: set[bytes | None] = set()
    for name in _names(given):
        if name.text in seen:
            is_unique = pattern.type != "formal_parameters" or outer(pattern).type in _UNIQUE or kinds != {"identifier"}
            return name if is_unique or is_strict(name) else None
        seen.add(name.text)
    return None


def _declarations(found: Mapping[str, Sequence[Node]], tree: Tree) -> Iterator[_Declared]:
    """Each declaration of a name that `let`, `const` or `class` declares, and another one too."""
    named = sorted(_named(found), key=lambda one: one[0].start_byte)
    lexical = {name.text for name, how, _ in named if how == _LEXICAL}
    named += _given(found, lexical, tree) if lexical else ()
    counted = Counter(name.text for name, _, _ in named)
    for name, how, node in sorted(named, key=lambda one: one[0].start_byte):
        if name.text in lexical and counted[name.text] > 1:
            yield _Declared(name, how, _scopes(node, tree, how))


def _named(found: Mapping[str, Sequence[Node]]) -> Iterator[tuple[Node, str, Node]]:
    """Each name that a statement declares, how, and where."""
    for how in (_LEXICAL, _VAR, _FUNCTION):
        for node in found.get(how, ()):
            own = node.named_children if node.type in _LISTS else [node]
            yield from ((name, how, node) for one in own for name in _names(one.child_by_field_name("name")))
    for loop in found.get("loop", ()):
        kind = loop.child_by_field_name("kind")
        how = _VAR if kind is not None and kind.type == "var" else _LEXICAL
        for name in _names(loop.child_by_field_name("left")) if kind else ():
            yield name, how, loop


def _given(
    found: Mapping[str, Sequence[Node]], names: Set[bytes | None], tree: Tree
) -> Iterator[tuple[Node, str, Node]]:
    """Each of these names that a function is given, or a `catch`."""
    for node in (*found.get("parameters", ()), *found.get("catch", ())):
        is_catch = node.type == "catch_clause"
        given = node.child_by_field_name("parameter") if is_catch else node
        holder = node if is_catch else tree.parent(node)
        body = holder.child_by_field_name("body") if holder else None
        if given and body and not names.isdisjoint(_WORD.findall(given.text or b"")):
            yield from ((name, _PARAMETER, body) for name in _names(given) if name.text in names)


def _scopes(node: Node, tree: Tree, how: str) -> tuple[int, ...]:
    """Where a declaration counts: for `var` each block up to the function; for the rest the innermost one.

    A function declared in the outermost block of another, or of the script, counts as `var` does.
    """
    if how == _PARAMETER:
        return (node.id,)
    if how == _LEXICAL and node.type == "for_in_statement":
        return (node.id,)
    scopes: list[int] = []
    for one in tree.around(node):
        outer = tree.parent(one)
        if one.type in _BLOCKS or outer is None:
            scopes.append(one.id)
        is_end = outer is None or (outer.type in _BODIES and one.type == "statement_block")
        if is_end or (scopes and how != _VAR):
            break
    return tuple(scopes)


def _again(declared: Iterable[_Declared]) -> Node | None:
    """The first name that is declared again where one of the two declarations does not allow that."""
    lexical: dict[tuple[bytes, int], str] = {}
    others: dict[tuple[bytes, int], str] = {}
    for one in declared:
        keys = [(one.name.text or b"", scope) for scope in one.scopes]
        if one.how == _LEXICAL:
            if any(key in lexical or key in others for key in keys):
                return one.name
            lexical.update(dict.fromkeys(keys, one.how))
        elif any(key in lexical for key in keys):
            return one.name
        else:
            others.update(dict.fromkeys(keys, one.how))
    return None
