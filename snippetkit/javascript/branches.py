"""Which branch of its conditions a script takes: what follows `if`, or what follows its `else`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from snippetkit.conditions import said_by
from snippetkit.javascript.names import member_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

Branch = tuple[int | bytes, int | bytes]
"""A condition and the branch of it that is taken: where both begin, or what it asks and the answer."""
_KEPT, _FAILED = ("then", "done", "success"), ("catch", "error", "fail", "failure")
_SETTLING = {name.encode(): name in _KEPT for name in _KEPT + _FAILED}
"""The members by which something waits for what succeeds or fails, and whether that is success."""
_BLOCKS = 64  # whose ways out are kept: a script has many events in one
_LEAVING = frozenset({"break_statement", "continue_statement", "return_statement", "throw_statement"})


def branches_at(script: Script, offset: int) -> Iterator[Branch]:
    """Yield where each condition around an offset begins, and where the branch that it is in; also what is asked there.

    Args:
        script: the script.
        offset: a byte offset, counted from the script's beginning, as those that are yielded are.
    """
    node = script.tree.innermost(offset, offset + 1)
    nodes = [node, *script.tree.around(node)] if node else []
    for child, around, outer in zip(nodes, nodes[1:], [*nodes[2:], None], strict=False):
        if find := _FINDERS.get(around.type):
            yield from find(around, child)
        elif around.type == "arguments" and outer:
            yield from _of_arguments(outer, around, child)


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
    yield from takewhile(lambda branch: branch[0] < child.start_byte, _left_early(around))


@lru_cache(_BLOCKS)
def _left_early(block: Node) -> list[tuple[int, int]]:
    """Where each `if` begins and ends that leaves a block, or else goes on in it."""
    ifs = (one for one in block.named_children if one.type == "if_statement")
    return [(one.start_byte, one.end_byte) for one in ifs if _is_left_in(one)]


def _is_left_in(one: Node) -> bool:
    taken = one.child_by_field_name("consequence")
    return taken is not None and one.child_by_field_name("alternative") is None and _leaves(taken)


def _of_operator(around: Node, child: Node) -> Iterator[Branch]:
    """What is asked in front of `&&` and `||`."""
    operator, left = around.child_by_field_name("operator"), around.child_by_field_name("left")
    is_asked = operator and operator.type in {"&&", "||"} and left and left != child
    said = said_by(left.text or b"", is_denied=operator.type == "||") if is_asked and operator and left else None
    yield from [said] if said else []


def _of_arguments(call: Node, around: Node, child: Node) -> Iterator[Branch]:
    """Whether a call waits for what succeeds or fails: `a.then(f).catch(g)`, `a.then(f, g)`, `a.done(f).fail(g)`."""
    callee = call.child_by_field_name("function")
    method = member_name(callee) if callee else b""
    is_second = method == b"then" and child != around.named_children[0]
    if method in _SETTLING:
        yield call.start_byte, int(_SETTLING[method] and not is_second)


def _of_object(around: Node, child: Node) -> Iterator[Branch]:
    """The same of members: `{success: f, error: g}`."""
    key = child.child_by_field_name("key") or child.child_by_field_name("name")
    if key and key.text in _SETTLING:
        yield around.start_byte, int(_SETTLING[key.text])


def _leaves(node: Node) -> bool:
    """Whether nothing behind a statement, a block or a case is run after it."""
    last = [one for one in node.named_children if one.type != "comment"][-1:]
    if node.type in _LEAVING:
        return True
    is_list = node.type in {"statement_block", "switch_case", "switch_default"}
    return is_list and bool(last) and _leaves(last[0])


_FINDERS: dict[str, Callable[[Node, Node], Iterator[Branch]]] = {
    "binary_expression": _of_operator,
    "object": _of_object,
    "if_statement": _of_fields,
    "ternary_expression": _of_fields,
    "try_statement": _of_fields,
    "switch_body": _of_switch,
    "program": _of_block,
    "statement_block": _of_block,
    "switch_case": _of_block,
    "switch_default": _of_block,
}
