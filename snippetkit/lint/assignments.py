"""What an assignment in code from outside may set: an element's URL, and the queues that code pushes onto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snippetkit.javascript import Names, Use, given, is_text, parameters, text_of, unwrapped
from snippetkit.lint.vocabulary import Vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_OF_QUEUES = frozenset({"loaded", "push"})
"""Members that may be used of a queue's other name, besides those in which minifiers keep the window before that."""
_PASSED = frozenset(
    "assignment_expression augmented_assignment_expression binary_expression identifier member_expression "
    "parenthesized_expression sequence_expression subscript_expression ternary_expression".split()
)
_ASKING = frozenset("! == != === !==".split())
_DEEP, _LONG = 20, 1000


def short(node: Node) -> str:
    """The source of a node, empty where it is longer than any in conversion code."""
    return text_of(node) if node.end_byte - node.start_byte <= _LONG else ""


def is_allowed(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether an assignment, or a variable with its value, is one that conversion code may have.

    An element's URL is a literal text; a queue gets no other names but local ones. What is set is
    not in parentheses, which would make it look as if it were read.
    """
    left = use.node.child_by_field_name("left") or use.node.child_by_field_name("name")
    right = use.node.child_by_field_name("right") or use.node.child_by_field_name("value")
    if left is None or right is None:
        return True
    if left.type == "parenthesized_expression":
        return False
    if text_of(left.child_by_field_name("property") or left) == "src":
        return _is_plain_text(right, names)
    if right.type == "function_expression" or (right.type == "assignment_expression" and _ends_in_function(right)):
        return True
    queue = known.queue.search(short(right)) if right.type != "call_expression" else None
    if queue is None or _is_kept(left, right, names) or names.path(left).rpartition(b".")[2] == queue[0].encode():
        return True
    return left.type == "identifier" and _is_queue_only(left, known, names)


def _is_kept(left: Node, right: Node, names: Names) -> bool:
    """Whether something is only made where nothing is: `told.sale = told.sale || {}`."""
    right = unwrapped(right)
    sides = [right.child_by_field_name(name) for name in ("left", "operator", "right")]
    if right.type != "binary_expression" or sides[1] is None or sides[2] is None:
        return False
    is_empty = text_of(sides[2]).replace(" ", "") == "{}" and text_of(sides[1]) in {"||", "??"}
    path = names.path(left)
    return is_empty and path != b"" and names.path(sides[0]) == path


def _ends_in_function(assignment: Node) -> bool:
    """Whether an assignment, perhaps of another one, is of a function: a stub, which is its own queue."""
    node: Node | None = assignment
    for _ in range(_DEEP):
        if node is None or node.type != "assignment_expression":
            break
        node = node.child_by_field_name("right")
    return node is not None and node.type == "function_expression"


def _is_plain_text(node: Node, names: Names) -> bool:
    """Whether an expression is a text, or a name that is only ever set to a text."""
    key = names.key_of(node) if node.type == "identifier" else None
    values = names.values[key] if key else []
    return is_text(node) or (bool(values) and all(map(is_text, values)))


def _is_queue_only(name: Node, known: Vocabulary, names: Names) -> bool:
    """Whether a queue's other name is only used as a queue: what was pushed goes nowhere else."""
    key = names.key_of(name)
    uses = names.uses[key] if key else []
    return bool(uses) and all(_is_of_queue(use, known) for use in uses)


def _is_of_queue(use: Use, known: Vocabulary) -> bool:
    """Whether a queue's other name is declared or set there, compared, or asked for a member of a queue."""
    parent = use.parent.node if use.parent else None
    if parent is None or parent.type in {"binary_expression", "unary_expression"}:
        operator = parent.child_by_field_name("operator") if parent else None
        return operator is not None and text_of(operator) in _ASKING
    if parent.type == "formal_parameters" or any(map(use.is_field, ("left", "name", "parameter"))):
        return True
    member = parent.child_by_field_name("property") if use.is_field("object") else None
    return member is not None and text_of(member) in _OF_QUEUES | known.reporting


def is_given_no_queue(use: Use, known: Vocabulary, names: Names) -> bool:
    """Whether no queue, with what was pushed, is among the arguments of a call, unless it stays a queue there."""
    passed = ((place, short(node)) for place, node in enumerate(given(use.node)) if node.type in _PASSED)
    places = [place for place, text in passed if known.queue.search(text)]
    call = use.parent.node.child_by_field_name("function") if places and use.parent else None
    taken = parameters(unwrapped(call)) if call else []
    return all(place < len(taken) and _is_queue_only(taken[place], known, names) for place in places)
