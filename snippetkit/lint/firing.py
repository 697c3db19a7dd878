"""What a page fires in a dialect that names its pixels first: which pixels are named, and which event reaches which.

An event that tells no pixel reaches each one that was named by the time it runs; before all of them, none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from snippetkit import platforms
from snippetkit.html import Element
from snippetkit.javascript import Script, Tree
from snippetkit.lint.running import runs_at_once
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.records import replace
from snippetkit.snippets import Code, Document

if TYPE_CHECKING:
    from tree_sitter import Node

_PASSED_ON = later(rb"[\t\n\f\r ]*[\w$.]+[\t\n\f\r ]*,[\t\n\f\r ]*arguments[\t\n\f\r ]*\)")
"""How a stub hands over what it is called with to its loader's function, where that has the stub's own name."""
_FUNCTIONS = frozenset("arrow_function function_declaration function_expression method_definition".split())


class Call(NamedTuple):
    """A call of a dialect: `verb` is what it does, `start` its byte offset in the text, `script` where it is.

    `pixel_ids` are the pixels that it names or reaches, as far as the text tells; `is_certain` says that it runs
    with its script, whatever a visitor does, `is_dynamic` that a server or the script makes the pixel's id.
    """

    verb: str
    start: int
    script: Element
    event: str | None = None
    pixel_ids: frozenset[str] = frozenset()
    is_certain: bool = True
    is_dynamic: bool = False

    @property
    def is_for_all(self) -> bool:
        """Whether it is an event of every pixel that was named until then."""
        return self.verb == "track"


class Firing(NamedTuple):
    """The calls of a dialect in a text, in order: `inits` name a pixel, `events` report, `others` do something else.

    `unread` are the byte offsets of what looks like a call but is not read: in an attribute, a comment, a script that
    is held back, a broken part of a script, and a call made in some other way, `tell.apply(window, list)`.
    """

    inits: tuple[Call, ...] = ()
    events: tuple[Call, ...] = ()
    others: tuple[Call, ...] = ()
    unread: tuple[int, ...] = ()


def find_firing(document: Document, dialect_name: str, channels: frozenset[str] | None = None) -> Firing:
    """Return what the scripts of a text do with a dialect's functions.

    Args:
        document: the text.
        dialect_name: the dialect.
        channels: the lists that count, of those by which its pixels are kept apart; None for all.
    """
    dialect = platforms.dialect_named(dialect_name)
    if channels is not None:
        dialect = replace(dialect, functions=tuple(name for name in dialect.functions if name in channels))
    running = {element.start for element, _ in _running(document)}
    events: dict[int, Call] = {}
    for code in document.codes:
        if (
            code.report.dialect == dialect_name
            and code.script
            and code.script.start in running
            and not code.report.is_outer
            and (channels is None or code.report.channel in channels)
        ):
            call = _of(document, code, code.script, "track" if code.report.pixel_id is None else "trackSingle")
            before = events.get(call.start, call)
            events[call.start] = call._replace(pixel_ids=before.pixel_ids | call.pixel_ids)
    inits, others = (tuple(find(document, dialect)) for find in (_inits, _others))
    return Firing(inits, tuple(events.values()), others, tuple(_unread(document, dialect)))


def _running(document: Document) -> Sequence[tuple[Element, Script]]:
    """The scripts that run as they stand, and those that would if they were not broken."""
    states = document.states
    return [one for one in document.scripts if one[0].start not in states or states[one[0].start].is_broken]


def _inits(document: Document, dialect: Dialect) -> Iterator[Call]:
    for element, script in _running(document):
        for report in dialect.find_reports(script):
            is_of_channel = not report.channel or report.channel in dialect.functions
            if report.verb == "init" and report.pixel_id and not report.is_outer and is_of_channel:
                code = Code(report, report.pixel_id.text, element, [], script.error, report.pixel_id.is_dynamic)
                yield _of(document, code, element, "init")


def _of(document: Document, code: Code, script: Element, verb: str) -> Call:
    is_running = script.start not in document.states and not _is_module(script)
    is_certain = code.error is None and is_running and _runs_in_order(document, code)
    pixel_ids = frozenset({code.pixel_id} - {""})
    return Call(verb, code.report.start, script, code.event, pixel_ids, is_certain, code.has_dynamic_id)


def _runs_in_order(document: Document, code: Code) -> bool:
    """Whether a call is made while its script runs, before anything below it."""
    script = document.script_at(code.script.start) if code.script else None
    if script is None:
        return False
    at = code.report.start - script.start
    node = script.tree.innermost(at, at + 1)
    functions = [around for around in script.tree.around(node) if around.type in _FUNCTIONS] if node else []
    if any(_is_behind_await(script, one, at) for one in functions):
        return False
    if not all(
        is_called_there(script.tree, one) or _is_round(script.tree, one, code.report.order) for one in functions
    ):
        return False
    return runs_at_once(document, code)


def _is_behind_await(script: Script, function: Node, at: int) -> bool:
    """Whether a function may wait before it gets to a byte offset of a script."""
    number = bisect_left(script.awaits, function.start_byte)
    return number < bisect_left(script.awaits, at)


def is_called_there(tree: Tree, function: Node) -> bool:
    """Return whether a function is called where it stands, `(function () {})()`."""
    around = next((node for node in tree.around(function) if node.type != "parenthesized_expression"), None)
    return around is not None and around.type == "call_expression"  # what it is handed stands in its `arguments`


def _is_round(tree: Tree, function: Node, order: Sequence[int]) -> bool:
    """Whether a function is called for each item of a literal list, `['1', '2'].forEach(function (id) {})`."""
    call = next(islice(tree.around(function), 1, None), None) if order else None
    return call is not None and call.start_byte in order[:-1:2]


def _is_module(script: Element) -> bool:
    """Whether a script runs once the page is read, after all that is below it."""
    kind = script.attributes.get("type")
    return kind is not None and kind.value.strip().lower() == b"module"


def _others(document: Document, dialect: Dialect) -> Iterator[Call]:
    for element, script in _running(document):
        for call, arguments in find_calls(script, dialect):
            verb = script.text(arguments[0]) if arguments else ""
            if verb not in dialect.calls.to_pixels | dialect.calls.reporting:
                yield Call(verb, script.start + call.start_byte, element)


def find_calls(script: Script, dialect: Dialect) -> Iterator[tuple[Node, list[Node]]]:
    """Yield the calls of a dialect, and the entries of its queue where it names its pixels, each with what it says."""
    yield from (call for name in dialect.functions for call in script.calls(name.encode()))
    queues = dialect.queues if dialect.reaches_named else ()
    yield from (entry for name in queues for entry in script.queued(name.encode()))


@cache
def _call(dialect: Dialect) -> re.Pattern[bytes]:
    """What looks like a call of a dialect's function; `by` if it is made by a member of the function."""
    blank, names = rb"[\t\n\f\r ]*", "|".join(map(re.escape, dialect.functions)).encode() or rb"(?!)"
    if dialect.by_methods:
        verbs = "|".join(sorted(map(re.escape, dialect.calls.verbs))).encode()
        return re.compile(rb"(?<![\w$])(?:%b)%b\.%b(?P<by>(?:%b)%b)\(" % (names, blank, blank, verbs, blank))
    by = rb"(?P<by>\.%b(?:apply|bind|call|push)%b)?\(" % (blank, blank)
    return re.compile(rb"(?<![\w$])(?:%b)%b%b" % (names, blank, by))


def _unread(document: Document, dialect: Dialect) -> Iterator[int]:
    running = _running(document)
    scripts = [element for element, _ in running]
    read: dict[int, frozenset[int]] = {}
    told = {code.report.start for code in (*document.codes, *document.bases)}
    at = 0
    for match in _call(dialect).finditer(document.data):
        while at < len(scripts) and scripts[at].inner_end <= match.start():
            at += 1
        if dialect.takes_over in dialect.functions and _PASSED_ON.match(document.data, match.end()):
            continue
        if at == len(scripts) or match.start() < scripts[at].inner_start:
            yield match.start()
        elif match["by"] or scripts[at].start in document.states:
            if at not in read:
                read[at] = _read(running[at][1], dialect)
            if match.end() - 1 not in read[at] and match.start() not in told:
                yield match.start()


def _read(script: Script, dialect: Dialect) -> frozenset[int]:
    """Where the arguments of the calls that are read begin."""
    arguments = (call.child_by_field_name("arguments") for call, _ in find_calls(script, dialect))
    return frozenset(script.start + node.start_byte for node in arguments if node)
