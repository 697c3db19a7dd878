"""What tree-sitter takes for JavaScript and no browser does: excess commas, curly quotes, a lone `return`.

The grammar of tree-sitter is wider than that of ECMA-262, whose "early errors" keep a whole script from running. A few
texts may be one; the tree that is there already says what they are. `docs/lint.md` has which are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from snippetkit.javascript.early import classes, declarations, expressions, functions, lexical, statements, strict
from snippetkit.javascript.early.rule import EarlyError, first, is_a, outer, rule, word
from snippetkit.javascript.names import FUNCTIONS
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["find_error", "find_of_module"]

_MAY_BE_STRICT = later(rb"""['"]use strict['"]|(?<![\w$])class(?![\w$])""")
_RULES = (*lexical.RULES, *expressions.RULES, *statements.RULES, *functions.RULES)
_OF_SCRIPTS: Sequence[EarlyError] = (rule(rb"(?P<at>return)\b", is_a("return_statement", FUNCTIONS)),)
_OF_MODULES: Sequence[EarlyError] = (
    rule(rb"(?P<at>(?:ex|im)port)\b", lambda node: outer(node).type in {"export_statement", "import_statement"}),
    word("import", lambda node: outer(node).type == "meta_property"),
    rule(rb"(?P<at>await)\b", is_a("await_expression", FUNCTIONS | {"class_static_block"})),
)


def find_error(root: Node, script: bytes, *, is_body: bool = False) -> Node | None:
    """Return the node where a script stops being JavaScript, None where all of it is.

    Args:
        root: the script's tree.
        script: its text.
        is_body: whether it is the body of a function, as a handler is, where a `return` may stand.
    """
    if root.has_error:
        return _innermost(root)
    strictly = (*strict.RULES, *classes.RULES) if _MAY_BE_STRICT.search(script) else ()
    rules = (*_RULES, *strictly, *(() if is_body else (*_OF_SCRIPTS, *functions.OF_SCRIPTS)))
    return first(root, script, rules) or declarations.find_error(root, script)


def _innermost(node: Node) -> Node:
    while inner := next((child for child in node.children if child.has_error or child.is_missing), None):
        node = inner
    return node


def find_of_module(root: Node, script: bytes) -> Node | None:
    """Return the first node in a script that only a module may have, None where there is none."""
    return first(root, script, _OF_MODULES)
