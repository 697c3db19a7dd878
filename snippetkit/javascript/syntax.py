"""A script by its text alone, wherever it stands: all pages of a site have the same ones, and each is read once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from snippetkit.javascript.aliases import given_on, may_be_renamed, renamed
from snippetkit.javascript.calling import applied_of, call_of, method_call_of
from snippetkit.javascript.computing import KnownText
from snippetkit.javascript.concatenating import is_joining, joined
from snippetkit.javascript.early import find_error
from snippetkit.javascript.literals import said_by_string
from snippetkit.javascript.names import GLOBAL_OBJECTS, MEMBERS, Key, Names, is_text, unwrapped
from snippetkit.javascript.parsing import root_with_markup
from snippetkit.javascript.queues import AROUND, pushed_onto
from snippetkit.javascript.reporting import Reporting
from snippetkit.javascript.tokens import text_of
from snippetkit.javascript.tree import Tree, walk
from snippetkit.patterns import later

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_KEPT = 64
_LONGEST_KEPT = 16 * 1024
_LONE_CR = later(rb"\r(?!\n)")
_CALLED = later(rb"""["'`]?\]?(?:\?\.)?\)?\s*(?:(?:\?\.|\.)\s*(?:apply|call|push)\s*)?\(""")
_NAMES = frozenset({"identifier", "property_identifier"})
_STRINGS = frozenset({"string", "template_string"})
_WINDOWS = GLOBAL_OBJECTS | {b"document.defaultView", b"frames"}
_LONGEST_WINDOW = 200
_AWAIT = later(rb"(?<![\w$])await(?![\w$])")
_METHOD = later(rb"\s*(?:\?\.|\.)\s*[\w$]+\s*(?:\?\.)?\(")
_COMPUTED = later(rb"[\w$]\[\s*+[A-Za-z_$][\w$]*+\s*+\](?:\?\.)?\s*+[(.]")
_SIGN = rb"(?:24|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a])"
JOINED = later(
    rb"""\[\s*+(?:"(?:[^"\\]|\\.|(?!))*+"|'(?:[^'\\]|\\.|(?!))*+'|`(?:[^`\\]|\\.|(?!))*+`)\s*+\+"""
    rb"""|\\(?:u00%b|u\{0*+%b\}|x%b)""" % (_SIGN, _SIGN, _SIGN),
    re.IGNORECASE,
)
"""What looks like a member whose name is put together of texts, or a name in which a sign is escaped: `\\u0066`."""
_PUSHED = later(rb"""\bpush["'`]?\]?(?:\?\.)?(?:\.apply)?\s*\(\s*(?!arguments\b)[^\s)]""")


def syntax_of(text: bytes, reporting: Reporting, *, is_body: bool) -> Syntax:
    """Return what is known of a script, from memory where it is short and was asked for before."""
    return _kept(text, reporting, is_body) if len(text) <= _LONGEST_KEPT else Syntax(text, reporting, is_body)


class Syntax:
    """The tree of a script, and the calls in it; all offsets count from where it begins.

    `methods` are the names of the methods that are called, by the ids of their nodes.
    """

    def __init__(self, text: bytes, reporting: Reporting, is_body: bool) -> None:
        """Take the text of a script; see `Script`."""
        self.text = text
        self._reporting = reporting
        self._is_body = is_body
        self._calls: dict[tuple[bytes, bool], list[tuple[Node, list[Node]]]] = {}
        self._pushed: dict[bytes, tuple[Node, ...]] = {}
        self._given: dict[bytes, tuple[Node, ...]] = {}
        self.methods: dict[int, str] = {}

    @cached_property
    def own_names(self) -> frozenset[bytes]:
        """The globals by which scripts report, which code that makes them sets to each other."""
        return self._reporting.functions | self._reporting.queues

    @property
    def methods_told(self) -> frozenset[bytes]:
        """The methods of those that report, each as `tell.track`."""
        return self._reporting.methods

    @property
    def lists(self) -> frozenset[bytes]:
        """The globals that are called by `push` alone."""
        return self._reporting.lists

    @property
    def objects(self) -> frozenset[bytes]:
        """The globals that are called by their methods alone."""
        return self._reporting.objects

    @cached_property
    def root(self) -> Node:
        """The syntax tree; a lone CR is the LF that HTML makes of it."""
        return root_with_markup(_LONE_CR.sub(b"\n", self.text))

    @cached_property
    def tree(self) -> Tree:
        """Says what the nodes of the syntax tree are in."""
        return Tree(self.root)

    @cached_property
    def strings(self) -> list[Node]:
        """The strings in it, and the template literals, in order."""
        return [node for node in walk(self.root) if node.type in _STRINGS]

    @cached_property
    def error(self) -> int | None:
        """The byte offset where it stops being JavaScript, None where all of it is."""
        node = find_error(self.root, self.text, is_body=self._is_body)
        return None if node is None else node.start_byte

    @cached_property
    def awaits(self) -> list[int]:
        """Where the script waits, in order; a comment may say so too."""
        return [match.start() for match in _AWAIT.finditer(self.text)]

    @cached_property
    def names(self) -> Names:
        """The names that the script declares, looked for only where it may report through one of them."""
        return Names(self.root)

    def references(self, name: bytes) -> Iterator[Node]:
        """Yield each use of a global, in order: the identifier, or the member that it is; of a path, the last one."""
        if name not in self.text:
            return
        for match in re.finditer(rb"(?<![\w$])" + name + rb"(?![\w$])", self.text):
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
        is_function, is_queue = match[0] in self._reporting.functions, match[0] in self._reporting.queues
        of = unwrapped(member.child_by_field_name("object") or member)
        if of.end_byte - of.start_byte > _LONGEST_WINDOW:
            return False
        if Names.is_like_outer(of) and self.names.is_outer(of):
            return is_function or is_queue
        if of.text in _WINDOWS or of.type != "identifier":
            return of.text in _WINDOWS or (of.type in MEMBERS and self.names.path(of) in _WINDOWS)
        called = _METHOD if match[0] in self._reporting.objects else _CALLED
        is_used = (is_function and called.match(match.string, match.end())) or (is_queue and self.is_pushed)
        return bool(is_used or not (is_function or is_queue)) and self.names.path(of) in GLOBAL_OBJECTS

    @cached_property
    def is_pushed(self) -> bool:
        """Whether something is pushed onto a list."""
        return _PUSHED.search(self.text) is not None

    def calls(self, name: bytes, *, as_function: bool = False) -> Iterator[tuple[Node, list[Node]]]:
        """Yield each call of a global function, with its arguments (`Script.calls`)."""
        of_method = name in self._reporting.objects and not as_function
        if (name, of_method) not in self._calls:
            uses = (*self.references(name), *self._renamed_as(name), *self._by_text(name))
            calls = [call for node in uses if (call := self._call(name, node, of_method=of_method))]
            calls += [call for one in calls for call in self._calls_of(name, one)] if of_method else []
            self._calls[name, of_method] = [*{call[0].id: call for call in calls}.values()]
        yield from self._calls[name, of_method]

    def _calls_of(self, name: bytes, made: tuple[Node, list[Node]]) -> Iterator[tuple[Node, list[Node]]]:
        """Yield the calls of what a method gives, by its name: `one.track(..)`, where there is `one = tell.of(1)`."""
        key = self.held(name, made)
        for use in self.names.uses[key] if key else ():
            method, call, told = method_call_of(use.node, self.tree) or (b"", None, [])
            if call is not None:
                self.methods[told[0].id] = f"{self.methods[made[1][0].id]}.{method.decode()}"
                yield call, [told[0], *made[1][1:], *told[1:]]

    def held(self, name: bytes, made: tuple[Node, list[Node]]) -> Key | None:
        """Return the name by which alone what a call of a method gives is known, if that has methods which report."""
        holder = self.tree.parent(made[0]) if self.gives_object(name, made) else None
        left = (holder.child_by_field_name("name") or holder.child_by_field_name("left")) if holder else None
        key = self.names.key_of(left) if left and left.type == "identifier" else None
        return key if key and self.names.values[key] == [made[0]] else None

    def gives_object(self, name: bytes, call: tuple[Node, list[Node]]) -> bool:
        """Return whether what a call of a method gives has methods that report."""
        method = self.methods.get(call[1][0].id, "") if name in self.objects else ""
        return any(one.startswith(b"%b.%b." % (name, method.encode())) for one in self.methods_told)

    def applied(self, name: bytes) -> Iterator[tuple[Node, list[Node], Node]]:
        """Yield each call of a global function by `apply` with a list from elsewhere, as `applied_of` returns it."""
        uses = (*self.references(name), *self._renamed_as(name)) if b"apply" in self.text else ()
        found = (applied_of(node, self.tree) for node in uses)
        for call, named, listed in (one for one in found if one):
            is_of_object = name in self._reporting.objects
            self.methods |= {node.id: (node.text or b"").decode() for node in named}
            if len(named) == is_of_object:
                yield call, named, listed

    def call_at(self, name: bytes, node: Node) -> tuple[Node, list[Node]] | None:
        """Return the call of a global, or of a method of it, that a use of it is in, with its arguments."""
        return self._call(name, node, of_method=name in self.objects)

    def _call(self, name: bytes, node: Node, *, of_method: bool) -> tuple[Node, list[Node]] | None:
        if not of_method:
            tell = self.tree.outermost(node, AROUND) if name in self._reporting.lists else node
            return call_of(tell, self.tree, self.text, 0)
        method, call, told = method_call_of(node, self.tree) or (b"", None, [])
        if call is None or b"%b.%b" % (name, method) in self._reporting.own:
            return None
        self.methods[told[0].id] = method.decode()
        return call, told

    def _renamed_as(self, name: bytes) -> Iterator[Node]:
        """Each use of another name that stands for a global: `f` where there is `f = window.tell`."""
        is_likely = name in self.text and may_be_renamed(name, self.text)
        for key in renamed(self.names, name) if is_likely else ():
            yield from (use.node for use in self.names.uses[key])

    def _by_text(self, name: bytes) -> Iterator[Node]:
        """Each member of the window whose name a variable tells: `window[a]`, where there is `a = "tell"`.

        Code that makes a list puts its own onto it by such a name.
        """
        is_likely = self._is_computed and name in self.text and name not in self.lists
        yield from self.names.called_by(name) if is_likely else ()
        yield from self.joined.get(name, ())

    @cached_property
    def joined(self) -> dict[bytes, list[Node]]:
        """The globals whose names are escaped or put together of texts, `window['te' + 'll']`, by those."""
        found: dict[bytes, list[Node]] = defaultdict(list)
        for node in walk(self.root) if JOINED.search(self.text) else ():
            is_escaped = node.type in _NAMES and b"\\" in (node.text or b"")
            member = self.tree.parent(node) if is_escaped and node.type == "property_identifier" else node
            text = said_by_string(text_of(node)) if is_escaped else _index_of(node)
            of = member.child_by_field_name("object") if member and member.type in MEMBERS else None
            if text is not None and (of is None or self.names.path(of) in GLOBAL_OBJECTS):
                found[text.encode()] += [member] if member else []
        return found

    @cached_property
    def _is_computed(self) -> bool:
        """Whether a member's name is told by a variable."""
        return _COMPUTED.search(self.text) is not None

    def given_on(self, name: bytes) -> tuple[Node, ...]:
        """Return where a global is given to what is not followed, so that what it reports is not known."""
        if name not in self._given:
            self._given[name] = tuple(given_on(self, name)) if name in self.text else ()
        return self._given[name]

    def pushed(self, name: bytes) -> tuple[Node, ...]:
        """Return all that is pushed onto a global queue."""
        if name not in self._pushed:
            self._pushed[name] = tuple(pushed_onto(self, name))
        return self._pushed[name]


@lru_cache(maxsize=_MOST_KEPT)
def _kept(text: bytes, reporting: Reporting, is_body: bool) -> Syntax:
    return Syntax(text, reporting, is_body)


def _index_of(node: Node) -> str | None:
    """The name of a member that texts are put together for, or that has escapes."""
    index = node.child_by_field_name("index") if node.type == "subscript_expression" else None
    is_escaped = index is not None and is_text(index) and b"\\" in (index.text or b"")
    known = _text_of(index) if index and (is_escaped or is_joining(index)) else None
    return known.text if known else None


def _text_of(node: Node) -> KnownText | None:
    node = unwrapped(node)
    said = said_by_string((node.text or b"")[1:-1].decode("utf-8", "replace")) if is_text(node) else None
    text = joined(node, _text_of) if is_joining(node) else said
    return None if text is None else KnownText(text, is_text=True)
