"""JavaScript as tree-sitter reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from snippetkit.javascript import objects
from snippetkit.javascript.concatenating import KnownText, is_joining, joined
from snippetkit.javascript.constants import CONTAINERS, NAMING, NOTHING, Constants, Given
from snippetkit.javascript.literals import said_by_constant, said_by_number, said_by_string
from snippetkit.javascript.names import COMPUTED, SHORTHAND, given, is_text, unwrapped
from snippetkit.javascript.objects import VALUE_AND_CURRENCY, Keys, Member
from snippetkit.javascript.reporting import NOBODY, Reporting
from snippetkit.javascript.rounds import LOOP, Round, Rounds
from snippetkit.javascript.setting import Setting
from snippetkit.javascript.syntax import JOINED, Syntax, syntax_of
from snippetkit.javascript.tokens import text_of
from snippetkit.records import dataclass, replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript.names import Names
    from snippetkit.javascript.tree import Tree

_TEXTS = frozenset({"comment", "html_comment", "regex", "string", "template_string"})
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
        if node is None or node.is_missing:
            return None
        node = unwrapped(node)
        told = self.constants.value(node, given) if node.type in NAMING and not is_text(node) else None
        setting = self.setting(told.node) if told and told.node.type not in CONTAINERS else None
        if told and setting and not setting.is_dynamic:
            return setting if told.is_only else replace(setting, told_by=text_of(node))
        start, end = self.start + node.start_byte, self.start + node.end_byte
        if is_joining(node) and (text := joined(node, partial(self._known, given=given))) is not None:
            return Setting(text, start, end, told_by=text_of(node)[:_LONGEST])
        is_string = is_text(node)
        if is_string:
            start, end = start + 1, end - 1
        is_dynamic = not (is_string or node.type == "number") or self.data[start:end] != self.masked[start:end]
        text = self.data[start : min(end, start + _LONGEST) if is_dynamic else end].decode("utf-8", "replace")
        text = text if is_dynamic else (said_by_string if is_string else said_by_number)(text)
        quotes = needs_quotes and is_dynamic and not is_string
        return Setting(text, start, end, is_dynamic, quotes, told_by=text if node.type == SHORTHAND else "")

    def _known(self, node: Node, given: Given) -> KnownText | None:
        """What a part of an expression that joins texts says."""
        setting, meant = self.setting(node, given), self.meant(node, given)
        if setting is None or setting.is_dynamic or meant is None:
            return None
        return KnownText(setting.text, is_text(meant) or is_joining(meant))

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
        if node is not None and node.id in self.syntax.methods:
            return self.syntax.methods[node.id]
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
        """Return the name of a member, written as an identifier or as a string, `['value']` too; else nothing."""
        if node.type == COMPUTED:
            return self.text(node.named_children[0]) if len(node.named_children) == 1 else ""
        return text_of(node) if node.type in {"property_identifier", SHORTHAND} else self.text(node)
