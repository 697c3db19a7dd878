"""What a script does, regardless of how it is written: two scripts with the same meaning do the same.

White space, comments, quotes, optional semicolons, commas and parentheses, the form of a number, and the names of a
function's variables do not count, nor which of several equivalent statements a minifier chose. What is not known to be
equal is different. The rules are those of ECMA-262.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError
from snippetkit.javascript.effects import (
    LEAVES,
    SHAPES,
    Names,
    Tree,
    choose,
    effects,
    filled,
    numbered,
    without_returns,
)
from snippetkit.javascript.parsing import parse
from snippetkit.javascript.tokens import refusal, text_of
from snippetkit.javascript.tree import walk
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_FUNCTIONS = frozenset(
    "arrow_function function_declaration function_expression generator_function generator_function_declaration "
    "method_definition".split()
)
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_SHORTHANDS = {"shorthand_property_identifier": "pair", "shorthand_property_identifier_pattern": "pair_pattern"}
_COMMENTS = frozenset({"comment", "html_comment"})
_CLOSING = frozenset(")]}")
_STANDS_ALONE = frozenset({"string", "template_string"})  # such a statement may be a directive, like "use strict"
_NEED_THEIR_PARENTHESES = _STANDS_ALONE | {"call_expression", "member_expression", "subscript_expression"}
# No line may end between these and what precedes or follows, or another statement begins (12.10.1).
_ON_ONE_LINE = (frozenset("async break continue return throw yield".split()), frozenset({"++", "--", "=>"}))
_NO_EXPRESSION = later(r"\{|(?:async\s+)?function\b|class\b|let\s*\[")
# What a comment holds if it is no server code, besides what hides a script from XML and from the oldest browsers.
_PLAIN_COMMENT = later(r"(?://|/\*|<!--|-->)\s*(?:<!--|<!\[CDATA\[)?[^<{\[@$#%]*")


def meaning_of_script(script: str) -> str:
    """Return what a script does, as a text that is equal for scripts that do the same.

    Raises:
        SnippetError: it is not JavaScript, or nothing certain can be said.
    """
    root = parse(script)
    nodes = [*walk(root)]
    for node in nodes:
        if node.type in _COMMENTS and not _PLAIN_COMMENT.fullmatch(text_of(node)):
            raise refusal(node, "a comment that may be server code, which runs in it")
    are_names_free = all(node.type != "with_statement" and node.text != b"eval" for node in nodes)
    try:
        tree = ("program", *_NodeReader(are_names_free).statements(root.named_children, {}))
        return json.dumps(numbered(tree, {}))
    except RecursionError as error:
        raise SnippetError("the script is nested too deep") from error


def meaning_of(expression: Node) -> str:
    """Return what an expression is, as a text that is equal for equivalent ones; its source where that is hard to say.

    The order in which an object names its members does not count.
    """
    tree = tree_of(expression)
    return text_of(expression) if tree is None else json.dumps(_in_order(tree))


def tree_of(expression: Node) -> Tree | None:
    """Return what an expression is, as a tree that is equal for equivalent ones; None where that is hard to say."""
    named = named_tree_of(expression)
    return named[0] if named else None


def named_tree_of(expression: Node) -> tuple[Tree, Mapping[str, str]] | None:
    """Return the same, with what the variables of its functions are called, by their numbers in the tree."""
    numbers: dict[Tree, str] = {}
    try:
        tree = numbered(_NodeReader(are_names_free=True).tree(expression, {}), numbers)
    except (RecursionError, SnippetError):
        return None
    return tree, {number: str(variable[-1]) for variable, number in numbers.items()}


def _in_order(tree: Tree) -> Tree:
    if isinstance(tree, str):
        return tree
    parts = tuple(map(_in_order, tree))
    is_plain = tree[0] == "object" and all(part[0] == "pair" and part[1][0] == "name" for part in parts[2:-1:2])
    return ("object", *sorted(parts[2:-1:2], key=json.dumps)) if is_plain else parts


class _NodeReader:
    """Makes trees of nodes; `names` are the variables of the functions around a node."""

    def __init__(self, are_names_free: bool) -> None:
        self.are_names_free = are_names_free
        self.functions = 0

    def statements(self, nodes: Sequence[Node], names: Names) -> Iterator[Tree]:
        """Yield the statements that these nodes amount to, one effect each."""
        statements = (statement for node in nodes for statement in self._statement(node, names))
        yield from filled(statements)

    def _statement(self, node: Node, names: Names) -> Iterator[Tree]:
        if node.type == "expression_statement":
            yield from self._effects(_named(node)[0], names)
        elif node.type in _DECLARATIONS:
            kind = text_of(node.children[0])
            for declarator in (child for child in node.named_children if child.type == "variable_declarator"):
                yield (kind, *self._parts(declarator, names))
        elif node.type == "if_statement":
            sides = [node.child_by_field_name(name) for name in ("consequence", "alternative")]
            condition = self.tree(node.child_by_field_name("condition") or node, names)
            yield from choose(condition, *(self._block(side, names) for side in sides))
        elif node.type not in _COMMENTS | {"empty_statement"}:
            yield self.tree(node, names)

    def _block(self, node: Node | None, names: Names) -> tuple[Tree, ...]:
        """The statements of a block, or the one in its place."""
        if node is None:
            return ()
        if node.type == "else_clause":
            node = next(child for child in node.named_children if child.type not in _COMMENTS)
        nodes = node.named_children if node.type == "statement_block" else [node]
        return tuple(self.statements(nodes, names))

    def _effects(self, node: Node, names: Names) -> Iterator[Tree]:
        if _NO_EXPRESSION.match(text_of(node)):
            raise refusal(node, "a statement that begins as no expression does (14.5)")
        if _without_parentheses(node).type in {"string", "template_string", "parenthesized_expression"}:
            yield ("alone", text_of(node))
        else:
            yield from effects(self.tree(node, names))

    def tree(self, node: Node, names: Names) -> Tree:
        """Return what a node is."""
        node = _without_parentheses(node)
        if not node.children or (node.type in LEAVES and b"${" not in (node.text or b"")):
            return _leaf(node, names)
        if node.type in _FUNCTIONS:
            return self._function(node, names)
        if node.type == "statement_block":
            return ("block", *self.statements(node.named_children, names))
        parts = self._parts(node, names)
        shape = SHAPES.get(node.type)
        return shape(parts) if shape else (node.type, *parts)

    def _parts(self, node: Node, names: Names) -> tuple[Tree, ...]:
        _check_lines(node)
        body = node.child_by_field_name("body") if node.type.startswith(("for_", "while_", "do_")) else None
        parts = list[Tree]()
        for child in _children(node):
            if child == body:
                parts.append(("block", *self._block(child, names)))
            else:
                parts.append(self.tree(child, names))
        return tuple(parts)

    def _function(self, node: Node, names: Names) -> Tree:
        self.functions += 1
        declared = [*_declared(node)] if self.are_names_free else []
        own: Names = {name: ("local", str(self.functions), name) for name in declared if name != "arguments"}
        outside, names = names, {**names, **own}
        _check_lines(node)
        parts = list[Tree]()
        for child in _children(node):
            if child.type == "statement_block":
                parts.append(("block", *without_returns([*self.statements(child.named_children, names)])))
            elif child == node.child_by_field_name("parameter"):
                parts.append(("formal_parameters", "(", self.tree(child, names), ")"))
            else:
                is_outside = node.type == "function_declaration" and child.type == "identifier"
                parts.append(self.tree(child, outside if is_outside else names))
        return (node.type, *parts)


def _named(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _COMMENTS]


def _children(node: Node) -> Iterator[Node]:
    """The parts of a node that count: `;` only in the head of a `for`, `,` unless it is the last."""
    children = [child for child in node.children if child.type not in _COMMENTS]
    for index, child in enumerate(children):
        is_last = index + 1 < len(children) and children[index + 1].type in _CLOSING
        is_behind_item = index > 0 and children[index - 1].is_named
        if child.type == "," and is_last and is_behind_item:
            continue
        if child.type != ";" or node.type == "for_statement":
            yield child


def _without_parentheses(node: Node) -> Node:
    """What stands in parentheses, unless they mean something: `(a?.b).c` is not `a?.b.c`."""
    while node.type == "parenthesized_expression" and len(inner := _named(node)) == 1:
        is_chain = inner[0].type in _NEED_THEIR_PARENTHESES and b"?." in (inner[0].text or b"")
        if is_chain or inner[0].type in _STANDS_ALONE:
            break
        node = inner[0]
    return node


def _check_lines(node: Node) -> None:
    """Raise a SnippetError where a line ends and another statement may begin, so that the tree may be wrong."""
    children = [child for child in node.children if child.type not in _COMMENTS]
    for left, right in pairwise(children):
        is_bound = left.type in _ON_ONE_LINE[0] or right.type in _ON_ONE_LINE[1]
        if is_bound and left.end_point[0] != right.start_point[0] and right.type != ";":
            raise refusal(left, "a line ends where a statement may")


def _declared(function: Node) -> Iterator[str]:
    """The names of a function's own variables, if they are plain."""
    parameter, parameters, own, body = (
        function.child_by_field_name(name) for name in ("parameter", "parameters", "name", "body")
    )
    bound = [own] if own and function.type == "function_expression" else []
    bound += [parameter] if parameter else parameters.named_children if parameters else []
    pending = [body] if body else []
    while pending:
        node = pending.pop()
        if node.type in {"function_declaration", "variable_declarator"}:
            bound += [node.child_by_field_name("name") or node]
        elif node.type == "for_in_statement":
            bound += [node.child_by_field_name("left") or node] if node.child_by_field_name("kind") else []
        if node.type not in _FUNCTIONS | {"lexical_declaration"}:
            pending += node.named_children
    for node in bound:
        is_wrapped = node.type in {"assignment_pattern", "rest_pattern"}
        name = node.named_children[0] if is_wrapped else node
        if name.type == "identifier":
            yield text_of(name)


def _leaf(node: Node, names: Names) -> Tree:
    text = text_of(node)
    variable = names.get(text, ("global", text))
    if node.type in _SHORTHANDS:
        return (_SHORTHANDS[node.type], ("name", text), ":", variable)
    if node.type == "identifier":
        return variable
    return LEAVES[node.type](text) if node.type in LEAVES else text
