"""Which branch of its conditions a script takes: what follows `if`, or what follows its `else`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from snippetkit.conditions import said_by

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

Branch = tuple[int | bytes, int | bytes]
"""A condition and the branch of it that is taken: where both begin, or what it asks and the answer."""
_LEAVING = frozenset({"break_statement", "continue_statement", "return_statement", "throw_statement"})


def branches_at(script: Script, offset: int) -> Iterator[Branch]:
    """Yield where each condition around an offset begins, and where the branch that it is in; also what is asked there.

    Args:
        script: the script.
        offset: a byte offset, counted from the script's beginning, as those that are yielded are.
    """
    node = script.tree.innermost(offset, offset + 1)
    child = node
    for around in script.tree.around(node) if node else ():
        if child and (find := _FINDERS.get(around.type)):
            yield from find(around, child)
        child = around


def _of_fields(around: Node, child: Node) -> Iterator[Branch]:
    """The branches that are fields: those of `if`, of `a ? b : c`, and what is done where a `try` fails."""
    fields = (around.child_by_field_name(name) for name in ("consequence", "alternative", "body", "handler"))
    if child in fields:
        yield around.start_byte, child.start_byte
        condition, alternative = around.child_by_field_name("condition"), around.child_by_field_name("alternative")
        said = said_by(condition.text or b"", is_denied=child == alternative) if condition else None
        yield from [said] if said else []


def _of_switch(around: Node, child: Node) -> Iterator[Branch]:
    """The case, or the first one of those that go on to it."""
    cases = [one for one in around.named_children if one.type in {"switch_case", "switch_default"}]
    if child in cases:
        number = cases.index(child)
        while number and not _leaves(cases[number - 1]):
            number -= 1
        yield around.start_byte, cases[number].start_byte


def _of_block(around: Node, child: Node) -> Iterator[Branch]:
    """What stands behind `if (a) { ..; return; }` is its other branch."""
    for one in around.named_children:
        if one.start_byte >= child.start_byte:
            break
        taken = one.child_by_field_name("consequence") if one.type == "if_statement" else None
        if taken and one.child_by_field_name("alternative") is None and _leaves(taken):
            yield one.start_byte, one.end_byte


def _leaves(node: Node) -> bool:
    """Whether nothing behind a statement, a block or a case is run after it."""
    last = [one for one in node.named_children if one.type != "comment"][-1:]
    if node.type in _LEAVING:
        return True
    is_list = node.type in {"statement_block", "switch_case", "switch_default"}
    return is_list and bool(last) and _leaves(last[0])


_FINDERS: dict[str, Callable[[Node, Node], Iterator[Branch]]] = {
    "if_statement": _of_fields,
    "ternary_expression": _of_fields,
    "try_statement": _of_fields,
    "switch_body": _of_switch,
    "program": _of_block,
    "statement_block": _of_block,
    "switch_case": _of_block,
    "switch_default": _of_block,
}
