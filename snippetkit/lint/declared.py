"""The functions that a platform's code declares for a page to call, as Google's code for a click does.

Such a function reports, and may then go on to the page whose URL it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from snippetkit.javascript import Names, Use, parameters, text_of
from snippetkit.lint.vocabulary import Vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

_GOING_ON = frozenset({"window.location", "window.location.href"})
_DEEP = 20


def is_declared(use: Use, known: Vocabulary, _: Names) -> bool:
    """Return whether a function that is declared is one of these, and of the script itself."""
    is_of_script = use.parent is not None and use.parent.node.type == "program"
    is_plain = use.node.children[0].type == "function"
    return is_of_script and is_plain and _name(use.node) in known.told(lambda dialect: dialect.click_functions)


def goes_on(use: Use, known: Vocabulary, names: Names) -> bool:
    """Return whether a member is part of `window.location = url`, where such a function is given that `url`."""
    assignment = next((one for one in islice(use.around(), _DEEP) if one.node.type == "assignment_expression"), None)
    left = assignment.node.child_by_field_name("left") if assignment else None
    right = assignment.node.child_by_field_name("right") if assignment else None
    if assignment is None or left is None or right is None or text_of(left) not in _GOING_ON:
        return False
    given = {one.start_byte for function in _around(assignment, known, names) for one in parameters(function)}
    key = names.key_of(right) if right.type == "identifier" else None
    places = {one.node.start_byte for one in names.uses[key]} if key else set[int]()
    return key is not None and not names.values[key] and not places.isdisjoint(given)


def _around(use: Use, known: Vocabulary, names: Names) -> Iterator[Node]:
    functions = (one for one in use.around() if one.node.type == "function_declaration")
    yield from (one.node for one in functions if is_declared(one, known, names))


def _name(function: Node) -> str:
    name = function.child_by_field_name("name")
    return text_of(name) if name else ""
