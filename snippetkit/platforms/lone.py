"""Code for a page that has other such code: one event of it alone, or its events for its own pixel alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from snippetkit.errors import SnippetError
from snippetkit.javascript import Script
from snippetkit.records import dataclass

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.platforms.calls import Calls

_LISTS = frozenset({"program", "statement_block"})
_HINT = "give it a statement of its own"
_APART = "put it onto a page of its own"

_Change = tuple[int, int, bytes]
"""From which byte to which of the script's text, and what goes there."""


@dataclass(frozen=True, slots=True)
class Lone:
    """Takes apart the code of a dialect that names its pixels first: `single` and `alone` of a `Dialect`.

    `function` is the global that is called, with `by_methods` an object whose methods are; `calls` is what it is told,
    `loader` the file that carries that out. `others` are further verbs of calls that go with the base code, `base`
    texts that the rest of that holds, and `ends` how the types of what may be left out as a whole end. `own` are the
    verbs of events that name their pixel by themselves. With `by_verb` an event has no name, and is called as its verb.
    """

    function: str
    calls: Calls
    loader: str
    others: frozenset[str] = frozenset()
    base: tuple[bytes, ...] = ()
    ends: tuple[str, ...] = ("_statement",)
    own: frozenset[str] = frozenset()
    by_methods: bool = False
    by_verb: bool = False

    def for_one_pixel(self, script: Script, pixel_id: str) -> bytes:
        """Return a script's text whose events reach one pixel alone: `trackSingle` for `track`.

        Args:
            script: the dialect's code.
            pixel_id: the pixel.

        Raises:
            SnippetError: the code does more than to name its pixel and to report.
        """
        changes = [change for _, arguments in self._calls(script) for change in self._single(arguments, pixel_id)]
        return _edited(script, changes)

    def alone(self, script: Script, event: str, pixel_id: str | None = None) -> bytes:
        """Return a script's text without what its page has already: the loader, the pixel's name, and other events.

        Args:
            script: the dialect's code.
            event: the name of the event that stays.
            pixel_id: the pixel that the event is to reach alone, or None for all of the page's.

        Raises:
            SnippetError: the code does more than to name its pixel and to report, or the event cannot be cut out.
        """
        calls = [*self._calls(script)]
        kept = [(call, arguments) for call, arguments in calls if self._event(script, arguments) == event]
        starts = [call.start_byte for call, _ in kept]
        gone = [call for call, _ in calls if call.start_byte not in starts]
        changes = [change for call in gone for change in _cut(script, self._statement(script, call))]
        for match in (match for text in (self.loader.encode(), *self.base) for match in _found(script, text)):
            changes += _cut(script, self._outermost(script, match, starts))
        changes += [one for _, arguments in kept for one in (self._single(arguments, pixel_id) if pixel_id else ())]
        return _edited(script, changes)

    def _calls(self, script: Script) -> Iterator[tuple[Node, list[Node]]]:
        for call, arguments in script.calls(self.function.encode()):
            verb = script.text(arguments[0]) if arguments else ""
            if verb not in self.calls.naming | self.others and not self._event_at(verb):
                reason = f"it calls {self.function}('{verb[:60]}'), which would count for all of the page"
                raise SnippetError(reason, hint="leave that to the page's own code")
            yield call, arguments

    def _event_at(self, verb: str) -> int:
        """Which argument of a call is the event that it reports, 0 where it reports none."""
        return 2 if verb in self.calls.single else int(verb in self.calls.reporting)

    def _event(self, script: Script, arguments: list[Node]) -> str | None:
        verb = script.text(arguments[0]) if arguments else ""
        at = self._event_at(verb)
        if at and self.by_verb:
            return verb
        return script.text(arguments[at]) if 0 < at < len(arguments) else None

    def _single(self, arguments: list[Node], pixel_id: str) -> Iterator[_Change]:
        """The change that names the pixel in front of the event's name."""
        verb = arguments[0]
        text = (verb.text or b"").decode()
        told = text if self.by_methods else text[1:-1]
        single = next((one for one, all_ in self.calls.single.items() if all_ == told), None)
        if single is None and told in self.calls.reporting - self.own:
            reason = f"no call of {self.function} reaches one pixel as {text[:60]} does all"
            raise SnippetError(reason, hint=_APART)
        if self.by_methods and verb.type != "property_identifier":
            raise SnippetError(f"it has {text[:60]} in brackets after {self.function}", hint=_APART)
        if single and self.by_methods:
            yield verb.start_byte, verb.start_byte, f"{single.partition('.')[0]}('{pixel_id}').".encode()
        elif single:
            quote = text[0]
            yield verb.start_byte, verb.end_byte, f"{quote}{single}{quote}, {quote}{pixel_id}{quote}".encode()

    def _outermost(self, script: Script, node: Node, starts: Collection[int]) -> Node:
        """The largest statement around a node that holds none of the events that stay."""
        largest = node
        for around in script.tree.around(node):
            if any(around.start_byte <= at < around.end_byte for at in starts):
                break
            largest = around if around.type.endswith(self.ends) else largest
        return largest

    def _statement(self, script: Script, call: Node) -> Node:
        """The statement that is just this call."""
        statement = script.tree.parent(call)
        around = script.tree.parent(statement) if statement else None
        if statement is None or statement.type != "expression_statement" or around is None or around.type not in _LISTS:
            reason = f"one of its {self.function} calls is a part of something larger, and cannot be left out"
            raise SnippetError(reason, hint=_HINT)
        return statement


def _found(script: Script, text: bytes) -> Iterator[Node]:
    """The nodes in which a text occurs, comments left out."""
    inner, at = script.data[script.start : script.end], -1
    while (at := inner.find(text, at + 1)) >= 0:
        node = script.root.named_descendant_for_byte_range(at, at + len(text))
        if node is not None and node.type != "comment":
            yield node


def _cut(script: Script, node: Node) -> Iterator[_Change]:
    """The change that takes out a statement, with its line if it has that to itself."""
    around = script.tree.parent(node)
    if around is None or around.type not in _LISTS:
        raise SnippetError("its loader and its event are one statement", hint=_HINT)
    inner = script.data[script.start : script.end]
    start, end = node.start_byte, node.end_byte
    line = inner.rfind(b"\n", 0, start) + 1
    behind = len(inner) - len(inner[end:].lstrip(b" \t\r"))
    if not inner[line:start].strip() and inner.startswith(b"\n", behind):
        start, end = line, behind + 1
    yield start, end, b""


def _edited(script: Script, changes: list[_Change]) -> bytes:
    inner, pieces, at = script.data[script.start : script.end], list[bytes](), 0
    for start, end, new in sorted(changes, key=lambda change: (change[0], -change[1])):
        if start >= at:
            pieces += [inner[at:start], new]
            at = end
    return b"".join([*pieces, inner[at:]])
