"""What a script puts onto a global list, which another script works off: `queue.push([..])`, `var queue = [[..]]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript.calling import pushed_by
from snippetkit.javascript.constants import items_of
from snippetkit.javascript.names import MEMBERS, member_name, unwrapped
from snippetkit.javascript.tree import right_side

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.syntax import Syntax

AROUND = frozenset(
    "assignment_expression augmented_assignment_expression binary_expression parenthesized_expression "
    "sequence_expression".split()
)
"""What a list may be in that is the list itself, `(window.queue = window.queue || [])`."""


def pushed_onto(syntax: Syntax, name: bytes) -> Iterator[Node]:
    """Yield all that a script puts onto a global list, in order; first what it makes the list of."""
    queues = [*syntax.references(name), *syntax.joined.get(name, ())]
    pushes = {queue.end_byte: items_of(made) for queue in queues if (made := _made_of(syntax, queue))}
    for queue in [*queues, *(_renamed(syntax, name) if queues else ())]:
        member = syntax.tree.parent(syntax.tree.outermost(queue, AROUND))
        pushed = pushed_by(member, syntax.tree) if member and member_name(member) == b"push" else None
        if pushed and not _is_in_stub(syntax, name, pushed[0]):
            pushes[pushed[0].end_byte] = pushed[1]
    yield from (item for end in sorted(pushes) for item in pushes[end])


def _is_in_stub(syntax: Syntax, name: bytes, push: Node) -> bool:
    """Whether a call is in a method of the list's own, `queue.track = (...all) => queue.push(['track', ...all])`."""
    for function in syntax.tree.functions_around(push) if name in syntax.objects else ():
        assigned = syntax.tree.parent(function)
        left = assigned.child_by_field_name("left") if assigned else None
        of = left.child_by_field_name("object") if left and left.type in MEMBERS else None
        if of is not None and syntax.names.path(of) == name:
            return True
    return False


def _made_of(syntax: Syntax, queue: Node) -> Node | None:
    """What a list is made of, `var queue = [[..]]`; also what counts where there is none yet."""
    value = right_side(syntax.tree.parent(queue), queue)
    value = unwrapped(value) if value else None
    if value is not None and value.type == "binary_expression":
        right = value.child_by_field_name("right")
        value = unwrapped(right) if right else None
    return value if value is not None and value.type == "array" else None


def _renamed(syntax: Syntax, path: bytes) -> Iterator[Node]:
    """Each use of a name for a global: `q` where there is `q = window.queue || []`."""
    for key in syntax.names.aliases(frozenset({path})) if syntax.is_pushed else ():
        if key[0] != path:
            yield from (use.node for use in syntax.names.uses[key])
