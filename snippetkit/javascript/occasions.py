"""On what occasion a piece of a script runs: at once, when something happens, when a function is called, or never.

It is what may be: a condition does not count, nor does what code elsewhere does with a function that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice
from typing import TYPE_CHECKING

from snippetkit.javascript.components import BY_FRAMEWORK, OF_COMPONENTS, is_of_component
from snippetkit.javascript.events import (
    ON_LOAD,
    PAGE_EVENT,
    event_given,
    event_of_handler,
    name_in,
    page_event_given,
    takes_handlers,
)
from snippetkit.javascript.mentions import ScriptMentions
from snippetkit.javascript.names import FUNCTIONS, MEMBERS, member_name
from snippetkit.javascript.occasion import AT_ONCE, Elsewhere, Occasion, first
from snippetkit.javascript.tokens import text_of
from snippetkit.javascript.tree import name_of_set, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.script import Script

_AT_ONCE = frozenset({*ON_LOAD, "ready", "readystatechange"})
_CALLING = frozenset({"apply", "bind", "call"})
_NO_CALLS = frozenset(
    "binary_expression export_specifier expression_statement if_statement unary_expression while_statement".split()
)
"""Where a function's name stands and nothing calls it."""
_LEAVING = frozenset({"return_statement", "throw_statement"})
_BLOCKS = frozenset({"program", "statement_block"})
_AGAIN = frozenset({"arguments", "assignment_expression", "variable_declarator"})
_HOISTED = frozenset({"function_declaration", "generator_function_declaration"})
_WRAPPING = frozenset({"parenthesized_expression"})
_PASSING = _WRAPPING | {"binary_expression", "ternary_expression"}
_MOST, _DEEPEST = 200, 40
_NEAR = 60  # so much of what is around a call is asked what it waits for: not all of a deep nest each time
_MOST_NAMES = 2000  # a script made to be slow has functions that call each other


class Occasions:
    """Says when the code of a script runs."""

    def __init__(self, script: Script, elsewhere: Elsewhere = lambda name: None) -> None:
        self._script = script
        self._mentions, self._tree, self._elsewhere = ScriptMentions(script), script.tree, elsewhere
        self._known: dict[tuple[str, bool], Occasion | None] = {}
        self._pending: list[tuple[str, bool]] = []
        self._asked = count()
        self._climbed: dict[int, Occasion | None] = {}
        self._left: dict[int, int | None] = {}
        self._components: dict[int, bool] = {}
        self._may_wait_for_page = PAGE_EVENT.search(script.masked, script.start, script.end) is not None
        self._on_page: dict[int, str] = {}
        self._depth = 0

    def at(self, offset: int) -> Occasion:
        """Return when what is at a byte offset, counted from the script's beginning, runs."""
        node = self._tree.innermost(offset, offset + 1)
        return (node and self._climb(node)) or AT_ONCE

    def waits_for_page(self, offset: int) -> str:
        """Return what of the page is waited for at a byte offset: `ready` or `load`, empty where nothing is."""
        node = self._tree.innermost(offset, offset + 1)
        is_asked = node and self._may_wait_for_page and next(self._asked) < _MOST_NAMES
        near = islice(self._tree.around(node), _NEAR) if node and is_asked else ()
        around = (one for one in near if one.type in FUNCTIONS)
        return next(filter(None, map(self._page_event, around)), "")

    def _page_event(self, function: Node) -> str:
        """What of the page a function is called on; one with a name, if it is used for nothing else."""
        if function.type not in _HOISTED:
            return self._page_event_of(function)
        if function.id not in self._on_page:
            name = function.child_by_field_name("name")
            uses = islice(self._mentions.of(text_of(name), is_member=False), _MOST) if name else ()
            events = {self._page_event_of(use) for use in uses}
            self._on_page[function.id] = events.pop() if len(events) == 1 else ""
        return self._on_page[function.id]

    def _page_event_of(self, function: Node) -> str:
        outer = self._tree.outermost(function, _PASSING)
        place = self._tree.parent(outer)
        call = self._tree.parent(place) if place and place.type == "arguments" else None
        if place and call:
            return page_event_given(call, place)
        left = place.child_by_field_name("left") if place and place.type == "assignment_expression" else None
        return "load" if left and left != outer and event_of_handler(left) == "load" else ""

    def of_name(self, name: str, *, is_member: bool = False) -> Occasion | None:
        """Return when a function is called by name, also as a member of something; None where it is not."""
        key = name, is_member
        if key in self._pending:  # what a function itself calls is no occasion
            return None
        if key in self._known:
            return self._known[key]
        if len(self._pending) >= _DEEPEST or next(self._asked) >= _MOST_NAMES:
            return AT_ONCE
        self._pending.append(key)
        found = self._called(*key)
        self._pending.pop()
        if not self._pending or found == AT_ONCE:
            self._known[key] = found
        return found

    def _called(self, name: str, is_member: bool) -> Occasion | None:
        uses = [*islice(self._mentions.of(name, is_member=is_member), _MOST + 1)]
        if len(uses) > _MOST:
            return AT_ONCE
        found = first(self._of_value(use, is_use=True) for use in uses)
        found = found or first(map(self._climb, () if is_member else self._mentions.in_code(name)))
        return found if found == AT_ONCE else first([found, self._elsewhere(name)])

    def _climb(self, node: Node) -> Occasion | None:
        """When what is in a function, or in the script itself, runs; a node's is that of what is around it."""
        found: Occasion | None = AT_ONCE
        passed: list[int] = []
        child = node
        for around in self._tree.around(node):
            if child.id in self._climbed:
                found = self._climbed[child.id]
                break
            passed.append(child.id)
            leaving = self._leaving(around) if around.type in _BLOCKS and child.type not in _HOISTED else None
            if leaving is not None and leaving < child.start_byte:
                found = Occasion(never=leaving)
                break
            if around.type in FUNCTIONS:
                found = self._of_function(around)
                break
            child = around
        if not self._pending or found == AT_ONCE:
            self._climbed.update(dict.fromkeys(passed, found))
        return found

    def _of_function(self, function: Node) -> Occasion | None:
        if self._depth >= _DEEPEST:
            return AT_ONCE
        self._depth += 1
        found = self._of_this(function)
        self._depth -= 1
        return found

    def _of_this(self, function: Node) -> Occasion | None:
        name = function.child_by_field_name("name")
        if function.type == "method_definition":
            return self._of_member(name, function)
        if function.type in _HOISTED:
            return self._named(name)
        return self._of_value(function)

    def _leaving(self, block: Node) -> int | None:
        """Where a block is left in any case; of one that is broken, that is not known."""
        if block.id not in self._left:
            leaving = (one.start_byte for one in block.named_children if one.type in _LEAVING and not block.has_error)
            self._left[block.id] = next(leaving, None)
        return self._left[block.id]

    def _named(self, name: Node | None, *, is_member: bool = False) -> Occasion:
        """When a function with a name is called; a component is by its framework."""
        text = name_in(name)
        if (is_member and text in BY_FRAMEWORK) or (name and text[:1].isupper() and self._is_component(name)):
            return AT_ONCE
        found = self.of_name(text, is_member=is_member) if text else None
        return AT_ONCE if found == AT_ONCE else Occasion(found.action if found else "", text or "default")

    def _is_component(self, name: Node) -> bool:
        """Whether a function whose name is capitalised is React's to call: it has markup, or calls a hook."""
        holder = self._tree.parent(name)
        if holder is None:
            return False
        if holder.id not in self._components:
            self._components[holder.id] = any(map(is_of_component, walk(holder)))
        return self._components[holder.id]

    def _of_member(self, name: Node | None, member: Node) -> Occasion | None:
        """When a member of an object or of a class is called; what a call is given as an object, that may call."""
        return self._of_given(name, member) if self._is_given(member) else self._by_key(name, member)

    def _by_key(self, name: Node | None, member: Node) -> Occasion:
        """When a member is called by its name, or as any one of its object, `all[key]()`."""
        named = self._named(name, is_member=True)
        of = self._tree.parent(member)
        holder = self._tree.parent(of) if of and of.type == "object" else None
        variable = holder.child_by_field_name("name") if holder and holder.type == "variable_declarator" else None
        if variable is None or named == AT_ONCE:
            return named
        found = first(map(self._climb, islice(self._mentions.by_any_key(variable), _MOST)))
        return found if found == AT_ONCE or (found and not named.action) else named

    def _meant(self, node: Node) -> Node | None:
        """What a name always stands for, or stands for in the first round of a loop over a literal list."""
        return self._script.meant(node, self._script.rounds(node)[0].given)

    def _of_given(self, name: Node | None, member: Node) -> Occasion | None:
        """When a member of an object is called that a call is given, such as a handler by the name of its event."""
        arguments = next((one for one in self._tree.around(member) if one.type == "arguments"), None)
        call = self._tree.parent(arguments) if arguments else None
        if arguments is None or call is None:
            return self._climb(member)
        if name_in(name) == "handleEvent":  # DOM standard, 2.7, "EventListener"
            return self._on(event_given(call, arguments, self._meant), arguments)
        return self._on(name_in(name).split(".")[0].split(" ")[0] if takes_handlers(call) else "", arguments)

    def _is_given(self, member: Node) -> bool:
        """Whether a member is of an object that a call is given, or in one; but no method of a component."""
        for around in self._tree.around(member):
            if around.type == "pair" and name_in(around.child_by_field_name("key")) in OF_COMPONENTS:
                return False
            if around.type not in {"object", "pair"}:
                return around.type == "arguments"
        return False

    def _of_value(self, node: Node, *, is_use: bool = False) -> Occasion | None:
        """When a function is called that is this expression, or is named by it where `is_use`."""
        node = self._tree.outermost(node, _WRAPPING if is_use else _PASSING)
        around = self._tree.parent(node)
        if around is None:
            return None
        if around.type in {"call_expression", "new_expression"}:
            return self._climb(around)
        if handle := _PLACES.get(around.type):
            return handle(self, node, around)
        return None if is_use and around.type in _NO_CALLS else self._climb(node)

    def _of_object(self, node: Node, member: Node) -> Occasion | None:
        """`f.call(..)` and `f.bind(..)`; what is done with another member of a function is not known."""
        call = self._tree.parent(member)
        method = member_name(member).decode("utf-8", "replace")
        if method not in _CALLING or call is None or call.type != "call_expression":
            return None
        return self._of_value(call, is_use=True) if method == "bind" else self._climb(call)

    def _of_argument(self, node: Node, arguments: Node) -> Occasion | None:
        call = self._tree.parent(arguments)
        event = event_given(call, arguments, self._meant) if call else ""
        return self._on(event, arguments)

    def _on(self, event: str, node: Node) -> Occasion | None:
        """When what waits for an event runs, if that is waited for at once."""
        found = self._climb(node)
        return Occasion(event) if found == AT_ONCE and event not in {"", *_AT_ONCE} else found

    def _of_assigned(self, node: Node, assignment: Node) -> Occasion | None:
        left = assignment.child_by_field_name("left")
        if left is None or left == node:
            return None
        if event := event_of_handler(left):
            return self._on(event, assignment)
        is_member = left.type in MEMBERS and not self._mentions.is_of_window(left)
        named = self._named(name_of_set(left), is_member=is_member)
        around = self._tree.parent(assignment)
        return self._of_value(assignment) if named.function and around and around.type in _AGAIN else named

    def _of_variable(self, _: Node, declarator: Node) -> Occasion | None:
        return self._named(declarator.child_by_field_name("name"))

    def _of_pair(self, node: Node, pair: Node) -> Occasion | None:
        key = pair.child_by_field_name("key")
        return None if key == node else self._of_member(key, pair)

    def _of_field(self, _: Node, field: Node) -> Occasion | None:
        return self._named(field.child_by_field_name("property"), is_member=True)

    def _of_markup(self, node: Node, expression: Node) -> Occasion | None:
        """What an attribute of JSX has: `onClick={buy}`."""
        attribute = self._tree.parent(expression)
        name = text_of(attribute.named_children[0]) if attribute and attribute.type == "jsx_attribute" else ""
        return self._on(name[2:].lower() if name.startswith("on") else "", expression)

    def _exported(self, _: Node, __: Node) -> Occasion | None:
        return Occasion(function="default")

    def _shared(self, name: Node, _: Node) -> Occasion | None:
        """`{buy}` is a member of the same name."""
        return self.of_name(text_of(name), is_member=True)


_PLACES: dict[str, Callable[[Occasions, Node, Node], Occasion | None]] = {
    "arguments": Occasions._of_argument,
    "assignment_expression": Occasions._of_assigned,
    "export_statement": Occasions._exported,
    "field_definition": Occasions._of_field,
    "jsx_expression": Occasions._of_markup,
    "member_expression": Occasions._of_object,
    "object": Occasions._shared,
    "pair": Occasions._of_pair,
    "variable_declarator": Occasions._of_variable,
}
"""What becomes of a function, by what it stands in."""
