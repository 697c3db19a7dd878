"""JavaScript as tree-sitter reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.javascript import objects, saying
from snippetkit.javascript.constants import NAMING, NOTHING, Constants, Given
from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.names import COMPUTED, SHORTHAND, given, is_text, unwrapped
from snippetkit.javascript.objects import VALUE_AND_CURRENCY, Keys, Member
from snippetkit.javascript.reporting import NOBODY, Reporting
from snippetkit.javascript.rounds import LOOP, Round, Rounds
from snippetkit.javascript.runs import Runs
from snippetkit.javascript.setting import Setting
from snippetkit.javascript.syntax import JOINED, Syntax, syntax_of
from snippetkit.javascript.tokens import text_of
from snippetkit.javascript.wrappers import Wrappers
from snippetkit.records import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.merging import ObjectPart
    from snippetkit.javascript.names import Names
    from snippetkit.javascript.tree import Tree

Told = tuple["Node", Round, list["Node"]]
"""A call, or an entry of a queue; one of the rounds in which it is made; and what it is given."""
_TEXTS = frozenset({"comment", "html_comment", "regex", "string", "template_string"})
_TELLING = NAMING | {"call_expression"}
_MOST_PARTS = 60
_LONGEST = 1000  # an expression may hold others, each of which is told too


@dataclass(frozen=True)
class Script:
    """A script inside a text: the bytes `start` up to, not including, `end` of `data`.

    `masked` is `data` with identifiers in the place of server code, so that the rest can be read as JavaScript.
    A script that has errors is read as far as it goes. `is_body` says that it is a function's, as a handler is.
    `reporting` are the globals by which it may report.
    """

    data: bytes
    masked: bytes
    start: int
    end: int
    is_body: bool = False
    reporting: Reporting = NOBODY

    @cached_property
    def syntax(self) -> Syntax:
        """What is known of it by its text alone."""
        return syntax_of(self.masked[self.start : self.end], self.reporting, is_body=self.is_body)

    @property
    def root(self) -> Node:
        """The syntax tree; its offsets count from `start`, and a lone CR is the LF that HTML makes of it."""
        return self.syntax.root

    @property
    def joined_names(self) -> Collection[bytes]:
        """The names of the window's members that it puts together of texts, `tell` for `window['te' + 'll']`."""
        return self.syntax.joined.keys() if JOINED.search(self.masked, self.start, self.end) else ()

    @property
    def tree(self) -> Tree:
        """Says what the nodes of the syntax tree are in."""
        return self.syntax.tree

    @property
    def names(self) -> Names:
        """The names that the script declares, looked for only where it may report through one of them."""
        return self.syntax.names

    @property
    def error(self) -> int | None:
        """The byte offset in the text where the script stops being JavaScript, None where all of it is."""
        error = self.syntax.error
        return None if error is None else self.start + error

    @property
    def awaits(self) -> Sequence[int]:
        """Where the script waits, in order, counted from `start`; a comment may say so too."""
        return self.syntax.awaits

    @cached_property
    def constants(self) -> Constants:
        """The names that always stand for the same."""
        own = self.start, self.end
        return Constants(self.names, self.tree, self.root.id, self.masked, own, self.reporting.telling)

    @cached_property
    def rounds(self) -> Callable[[Node], list[Round]]:
        """Says in which rounds a call is made: one, if it is in no loop over a literal list."""
        has_loops = LOOP.search(self.masked, self.start, self.end)
        return Rounds(self.constants, self.tree).of if has_loops else lambda call: [Round()]

    def runs(self, call: Node) -> list[Round]:
        """Return the rounds in which a call is made, also by calls of the function that it is in."""
        is_in_function = next(self.tree.functions_around(call), None) is not None
        return self._runs.of(call) if is_in_function else self.rounds(call)

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self.constants, self.rounds, Wrappers(self.syntax, self.constants, self.masked))

    @cached_property
    def plain_objects(self) -> dict[int, list[ObjectPart]]:
        """The parts of objects that are asked for more than once, by their ids."""
        return {}

    def told(self, name: bytes) -> Iterator[Told]:
        """Yield what each call of a global tells, in each of its rounds, also by `apply` with a list that is known."""
        yield from self.told_by(self.calls(name))
        yield from self.told_by_lists(name)

    def told_by(self, calls: Iterable[tuple[Node, list[Node]]]) -> Iterator[Told]:
        """Yield what calls tell, each with its arguments, in each of their rounds."""
        for node, arguments in calls:
            for one in self.runs(node):
                is_open = any(told.type == "spread_element" for told in arguments)
                yield node, one, self.constants.items(arguments, one.given) if is_open else arguments

    def told_by_lists(self, name: bytes) -> Iterator[Told]:
        """Yield what the calls of a global by `apply` tell, as far as their lists are known."""
        for node, named, listed in self.syntax.applied(name):
            for one in self.runs(node):
                items = self.constants.list_of(listed, one.given)
                yield from [(node, one, [*named, *items])] if items is not None else []

    def told_in(self, queue: bytes) -> Iterator[Told]:
        """Yield what the lists tell that are pushed onto a global queue, in each round; nothing of what is no list."""
        for item, one, entry in self._entries(queue):
            yield item, one, [*(self.constants.list_of(entry, one.given) or ())]

    def told_alone(self, queue: bytes) -> Iterator[Told]:
        """Yield the objects that are pushed onto a global queue, each alone; nothing of what is no object."""
        for item, one, entry in self._entries(queue):
            meant = self.meant(entry, one.given)
            yield item, one, [meant] if meant and self.is_object(entry, one.given) else []

    def unknown_in(self, queue: bytes) -> Iterator[Node]:
        """Yield what is pushed onto a global queue of which it is not known what that tells."""
        for item, one, entry in self._entries(queue):
            if self.constants.list_of(entry, one.given) is None and not self.is_object(entry, one.given):
                yield item

    def _entries(self, queue: bytes) -> Iterator[tuple[Node, Round, Node]]:
        for item in self.syntax.pushed(queue):
            for one in self.runs(item):
                yield from ((item, one, entry) for entry in self.constants.items([item], one.given))

    def is_followed(self, node: Node, told: Iterable[Told]) -> bool:
        """Return whether all is known that is told where a call begins."""
        here = [arguments for call, _, arguments in told if call.start_byte == node.start_byte]
        return bool(here) and all(here) and not any(one.type == "spread_element" for all_ in here for one in all_)

    def spans_of_code(self) -> Iterator[tuple[int, int]]:
        """Yield from where to where in the text each token is that is no string, no comment and not a server's."""
        pending = [self.root]
        while pending:
            node = pending.pop()
            start, end = self.start + node.start_byte, self.start + node.end_byte
            if node.type in _TEXTS:
                continue
            if not node.children and self.data[start:end] == self.masked[start:end]:
                yield start, end
            pending += node.children

    def references(self, name: bytes) -> Iterator[Node]:
        """Yield each use of a global, in order: the identifier, or the member that it is; of a path, the last one."""
        return self.syntax.references(name)

    def calls(self, name: bytes, *, as_function: bool = False) -> Iterator[tuple[Node, list[Node]]]:
        """Yield each call of a global function, with its arguments, also by `call`, `apply` and the stub's `push`.

        Of an object it is each call of a method, unless it is asked for `as_function`; the first argument is then the
        method's name, whose `text` says it.
        """
        return self.syntax.calls(name, as_function=as_function)

    def given_on(self, name: bytes) -> tuple[Node, ...]:
        """Return where a global is given to what is not followed, so that what it reports is not known."""
        return self.syntax.given_on(name)

    def queued(self, name: bytes) -> tuple[tuple[Node, list[Node]], ...]:
        """Return each array that is pushed onto a global queue, with its items."""
        return tuple((item, given(told)) for item, told in self.pushed(name) if told.type == "array")

    def pushed(self, name: bytes) -> tuple[tuple[Node, Node], ...]:
        """Return all that is pushed onto a global queue, as it stands there, with what that always stands for."""
        return tuple((item, self.meant(item) or item) for item in self.syntax.pushed(name))

    def setting(self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
        """Return what a node says; for a name, what it always stands for, or is `given` in a round of a loop."""
        return saying.setting(self, node, given, needs_quotes=needs_quotes)

    def amount(self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
        """Return what a node that should be an amount says: a constant that is none, such as null, is not dynamic."""
        return saying.amount(self, node, given, needs_quotes=needs_quotes)

    def text(self, node: Node | None, given: Given = NOTHING) -> str:
        """Return what a literal says, or the name of a method that is called; empty where it is neither."""
        if node is not None and node.id in self.syntax.methods:
            return self.syntax.methods[node.id]
        setting = self.setting(node, given)
        return setting.text if setting and not setting.is_dynamic else ""

    def said(self, node: Node | None, given: Given = NOTHING) -> str:
        """Return what a literal or a constant such as `true` says; empty where it is neither."""
        return self.text(node, given) or (saying.said_constantly(self, node, given) if node is not None else "")

    def members(self, node: Node | None, given: Given = NOTHING) -> dict[str, Node]:
        """Return the values of an object that are there in any case, by their keys; of `a || {...}` the object's."""
        parts = objects.parts_in(self, node, given)
        return {one.name: one.node for one in parts if one.name and one.is_certain and self._has_value(one.node, given)}

    def _has_value(self, node: Node, given: Given) -> bool:
        """Whether a part of an object has a value: a method has none, nor has `{value}` that may be another name's."""
        is_known = node.type != SHORTHAND or self.constants.value(node, given) is not None
        return is_known and node.type != "method_definition"

    def is_object(self, node: Node | None, given: Given = NOTHING) -> bool:
        """Return whether a node always stands for an object whose parts are known."""
        return objects.object_at(self, node, given) is not None

    def meant(self, node: Node | None, given: Given = NOTHING) -> Node | None:
        """Return what a name always stands for, or a text of JSON holds; any other node as it is."""
        node = unwrapped(node) if node else None
        is_asked = node and node.type in _TELLING and not is_text(node)
        told = self.constants.value(node, given) if node and is_asked else None
        return told.node if told else node

    def member(self, node: Node | None, *names: str, given: Given = NOTHING) -> Member:
        """Return a member of an object, by the first of its names that is there."""
        return objects.member_of(self, node, names, given)

    def settings(
        self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False, keys: Keys = VALUE_AND_CURRENCY
    ) -> tuple[Setting | None, Setting | None]:
        """Return the value and the currency of what a call is given, as `objects.settings` does."""
        return objects.settings(self, node, given, needs_quotes=needs_quotes, keys=keys)

    def key(self, node: Node) -> str:
        """Return the name of a member, written as an identifier or as a string, `['value']` too; else nothing."""
        if node.type == COMPUTED:
            return self.text(node.named_children[0]) if len(node.named_children) == 1 else ""
        is_name = node.type in {"property_identifier", SHORTHAND}
        return said_by_string(text_of(node)) if is_name else self.text(node)
