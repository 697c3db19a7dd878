"""JavaScript as tree-sitter reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from snippetkit.javascript import objects
from snippetkit.javascript.calling import call_of, method_call_of
from snippetkit.javascript.constants import CONTAINERS, MEMBERS, NAMING, NOTHING, Constants, Given
from snippetkit.javascript.early import find_error
from snippetkit.javascript.literals import said_by_constant, said_by_number, said_by_string
from snippetkit.javascript.names import GLOBAL_OBJECTS, SHORTHAND, Names, given, is_text, member_name, unwrapped
from snippetkit.javascript.objects import VALUE_AND_CURRENCY, Keys, Member
from snippetkit.javascript.parsing import root_with_markup
from snippetkit.javascript.reporting import NOBODY, Reporting
from snippetkit.javascript.rounds import LOOP, Round, Rounds
from snippetkit.javascript.setting import Setting
from snippetkit.javascript.tokens import text_of
from snippetkit.javascript.tree import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_LONE_CR = re.compile(rb"\r(?!\n)")
_TEXTS = frozenset({"comment", "html_comment", "regex", "string", "template_string"})
_AROUND = frozenset(
    "assignment_expression augmented_assignment_expression binary_expression parenthesized_expression "
    "sequence_expression".split()
)
_CALLED = re.compile(rb"""["'`]?\]?(?:\?\.)?\)?\s*(?:(?:\?\.|\.)\s*(?:apply|call|push)\s*)?\(""")
_WINDOWS = GLOBAL_OBJECTS | {b"document.defaultView", b"frames"}
_LONGEST_WINDOW = 200
_LONGEST = 1000  # an expression may hold others, each of which is told too
_AWAIT = re.compile(rb"(?<![\w$])await(?![\w$])")
_METHOD = re.compile(rb"\s*(?:\?\.|\.)\s*[\w$]+\s*(?:\?\.)?\(")
_PUSHED = re.compile(rb"""\bpush["'`]?\]?(?:\?\.)?\s*\(\s*[\[(/]""")


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
    def root(self) -> Node:
        """The syntax tree; its offsets count from `start`, and a lone CR is the LF that HTML makes of it."""
        return root_with_markup(_LONE_CR.sub(b"\n", self.masked[self.start : self.end]))

    @cached_property
    def tree(self) -> Tree:
        """Says what the nodes of the syntax tree are in."""
        return Tree(self.root)

    @cached_property
    def error(self) -> int | None:
        """The byte offset in the text where the script stops being JavaScript, None where all of it is."""
        node = find_error(self.root, self.masked[self.start : self.end], is_body=self.is_body)
        return None if node is None else self.start + node.start_byte

    @cached_property
    def awaits(self) -> list[int]:
        """Where the script waits, in order, counted from `start`; a comment may say so too."""
        return [match.start() for match in _AWAIT.finditer(self.masked[self.start : self.end])]

    @cached_property
    def names(self) -> Names:
        """The names that the script declares, looked for only where it may report through one of them."""
        return Names(self.root)

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
        if self.masked.find(name, self.start, self.end) < 0:
            return
        for match in re.finditer(rb"(?<![\w$])" + name + rb"(?![\w$])", self.masked[self.start : self.end]):
            node = (self.tree.innermost if b"." in name else self.tree.at)(*match.span())
            if node is None:
                continue
            if node.type == "identifier" or (node.type in MEMBERS and self.names.path(node) == name):
                yield node
            elif (member := self.tree.member_of(node)) and self._is_of_window(member, match):
                yield member

    def _is_of_window(self, member: Node, match: re.Match[bytes]) -> bool:
        """Whether a member is the window's; other names for it count only where code reports by them, as stubs do not.

        A stub, which asks for those globals, has its own name for the window.
        """
        is_function, is_queue = match[0] in self.reporting.functions, match[0] in self.reporting.queues
        of = unwrapped(member.child_by_field_name("object") or member)
        if of.end_byte - of.start_byte > _LONGEST_WINDOW:
            return False
        if Names.is_like_outer(of) and self.names.is_outer(of):
            return is_function or is_queue
        if of.text in _WINDOWS or of.type != "identifier":
            return of.text in _WINDOWS or (of.type in MEMBERS and self.names.path(of) in _WINDOWS)
        called = _METHOD if match[0] in self.reporting.objects else _CALLED
        is_used = (is_function and called.match(match.string, match.end())) or (is_queue and self._is_pushed)
        return bool(is_used or not (is_function or is_queue)) and self.names.path(of) in GLOBAL_OBJECTS

    @cached_property
    def _is_pushed(self) -> bool:
        """Whether a list is pushed onto something."""
        return _PUSHED.search(self.masked, self.start, self.end) is not None

    def calls(self, name: bytes, *, as_function: bool = False) -> Iterator[tuple[Node, list[Node]]]:
        """Yield each call of a global function, with its arguments, also by `call`, `apply` and the stub's `push`.

        Of an object it is each call of a method, unless it is asked for `as_function`; the first argument is then the
        method's name, whose `text` says it.
        """
        of_method = name in self.reporting.objects and not as_function
        if (name, of_method) not in self._calls:
            calls = (self._call(name, node, of_method=of_method) for node in self.references(name))
            self._calls[name, of_method] = [*{call[0].id: call for call in calls if call}.values()]
        yield from self._calls[name, of_method]

    def _call(self, name: bytes, node: Node, *, of_method: bool) -> tuple[Node, list[Node]] | None:
        if not of_method:
            tell = self.tree.outermost(node, _AROUND) if name in self.reporting.lists else node
            return call_of(tell, self.tree, self.masked, self.start)
        method, call, told = method_call_of(node, self.tree) or (b"", None, [])
        if call is None or b"%b.%b" % (name, method) in self.reporting.own:
            return None
        self._methods[told[0].id] = method.decode()
        return call, told

    @cached_property
    def _methods(self) -> dict[int, str]:
        return {}

    @cached_property
    def _calls(self) -> dict[tuple[bytes, bool], list[tuple[Node, list[Node]]]]:
        return {}

    @cached_property
    def _pushed(self) -> dict[bytes, tuple[Node, ...]]:
        return {}

    def queued(self, name: bytes) -> tuple[tuple[Node, list[Node]], ...]:
        """Return each array that is pushed onto a global queue, with its items."""
        return tuple((item, given(item)) for item in self.pushed(name) if item.type == "array")

    def pushed(self, name: bytes) -> tuple[Node, ...]:
        """Return all that is pushed onto a global queue."""
        if name not in self._pushed:
            self._pushed[name] = self._pushed_onto(name)
        return self._pushed[name]

    def _pushed_onto(self, name: bytes) -> tuple[Node, ...]:
        calls: dict[int, Node] = {}
        queues = [*self.references(name)]
        for queue in [*queues, *(self._renamed(name) if queues else ())]:
            member = self.tree.parent(self.tree.outermost(queue, _AROUND))
            call = self.tree.parent(member) if member and member_name(member) == b"push" else None
            if call and call.type == "call_expression":
                calls[call.end_byte] = call
        pushed = (given(calls[end].child_by_field_name("arguments")) for end in sorted(calls))
        return tuple(item for items in pushed for item in items)

    def _renamed(self, path: bytes) -> Iterator[Node]:
        """Each use of a name for a global: `q` where there is `q = window.queue || []`."""
        for key in self.names.aliases(frozenset({path})) if self._is_pushed else ():
            if key[0] != path:
                yield from (use.node for use in self.names.uses[key])

    def setting(self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
        """Return what a node says; for a name, what it always stands for, or is `given` in a round of a loop."""
        if node is None or node.is_missing:
            return None
        node = unwrapped(node)
        told = self.constants.value(node, given) if node.type in NAMING and not is_text(node) else None
        setting = self.setting(told.node) if told and told.node.type not in CONTAINERS else None
        if told and setting and not setting.is_dynamic:
            return setting if told.is_only else replace(setting, told_by=text_of(node))
        start, end = self.start + node.start_byte, self.start + node.end_byte
        is_string = is_text(node)
        if is_string:
            start, end = start + 1, end - 1
        is_dynamic = not (is_string or node.type == "number") or self.data[start:end] != self.masked[start:end]
        text = self.data[start : min(end, start + _LONGEST) if is_dynamic else end].decode("utf-8", "replace")
        text = text if is_dynamic else (said_by_string if is_string else said_by_number)(text)
        quotes = needs_quotes and is_dynamic and not is_string
        return Setting(text, start, end, is_dynamic, quotes, told_by=text if node.type == SHORTHAND else "")

    def amount(self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False) -> Setting | None:
        """Return what a node that should be an amount says: a constant that is none, such as null, is not dynamic."""
        setting = self.setting(node, given, needs_quotes=needs_quotes)
        said = self._said_by_constant(node, given) if node and setting and setting.is_dynamic else ""
        is_own = setting and self.data[setting.start : setting.end] == self.masked[setting.start : setting.end]
        return replace(setting, text=said, is_dynamic=False) if setting and said and is_own else setting

    def _said_by_constant(self, node: Node, given: Given) -> str:
        told = self.constants.value(node, given) if unwrapped(node).type in NAMING else None
        return said_by_constant(unwrapped(told.node if told else node))

    def text(self, node: Node | None, given: Given = NOTHING) -> str:
        """Return what a literal says, or the name of a method that is called; empty where it is neither."""
        if node is not None and node.id in self._methods:
            return self._methods[node.id]
        setting = self.setting(node, given)
        return setting.text if setting and not setting.is_dynamic else ""

    def said(self, node: Node | None, given: Given = NOTHING) -> str:
        """Return what a literal or a constant such as `true` says; empty where it is neither."""
        return self.text(node, given) or (self._said_by_constant(node, given) if node is not None else "")

    def members(self, node: Node | None, given: Given = NOTHING) -> dict[str, Node]:
        """Return the values of an object literal, by their keys; of `a || {...}` the object's."""
        parts = objects.object_of(node)
        values = [(part.child_by_field_name("key"), part.child_by_field_name("value")) for part in parts]
        values += [(part, part) for part in parts if self._is_constant(part, given)]
        return {self.key(key): value for key, value in values if key and value}

    def _is_constant(self, part: Node, given: Given) -> bool:
        """Whether a part of an object, `{value}`, is a name that always stands for the same."""
        return part.type == SHORTHAND and self.constants.value(part, given) is not None

    def meant(self, node: Node | None, given: Given = NOTHING) -> Node | None:
        """Return what a name always stands for; any other node as it is."""
        node = unwrapped(node) if node else None
        told = self.constants.value(node, given) if node and node.type in NAMING and not is_text(node) else None
        return told.node if told else node

    def member(self, node: Node | None, *names: str) -> Member:
        """Return a member of an object literal, by the first of its names that is there."""
        return objects.member_of(self, node, names)

    def settings(
        self, node: Node | None, given: Given = NOTHING, *, needs_quotes: bool = False, keys: Keys = VALUE_AND_CURRENCY
    ) -> tuple[Setting | None, Setting | None]:
        """Return the value and the currency of what a call is given, as `objects.settings` does."""
        return objects.settings(self, node, given, needs_quotes=needs_quotes, keys=keys)

    def key(self, node: Node) -> str:
        """Return the name of a member, written as an identifier or as a string."""
        return text_of(node) if node.type in {"property_identifier", SHORTHAND} else self.text(node)
