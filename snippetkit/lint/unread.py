"""Findings about events that cannot be read: what reports them is given to other code, or what they say is."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from snippetkit import platforms
from snippetkit.javascript import Script, joining_call, may_evaluate, member_name, text_of
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.references import decode
from snippetkit.snippets import Document

if TYPE_CHECKING:
    from tree_sitter import Node

_GIVEN = "{} is passed to other code here, so events reported through it are not read"
_PASSED_ON = "the arguments of this {} call come from elsewhere, so they are not read"
_PUSHED = "what is pushed onto {} here comes from elsewhere, so the events in it are not read"
_BY_NAME = "which function this calls is not known, so the event is not read; call {} by its name"
_METHOD = "which method of {} this calls is not known, so the event is not read; call it by its name"
_VERB = "what {} is told to do here is the value of {}, so the event is not read"
_LIST = "the list of this tag is {}, and events that are pushed onto it are not read; call it {}, for example"
_IN_LIST = (
    "{0} is given a list here, which its platform does not document, so it is not read; write {0}.push('event', ..)"
)
_IN_URL = "the code of this script is in its data: URL, and is not read; put it between the tags"
_EVALUATED = "a script runs or writes this text, and it cannot be read"
_OPEN = frozenset(
    "await_expression binary_expression call_expression identifier member_expression spread_element ternary_expression "
    "template_string".split()
)
_HANDED = frozenset({"identifier", "member_expression", "spread_element"})
_CALLED_BY_NAME = later(
    rb"(?<![\w$.])(?:window|self|globalThis)\s*+\[\s*+(?![\"'`\d])[^\]]{1,60}\]\s*+(?:\?\.)?\(\s*+[\"'`](?P<verb>\w+)[\"'`]"
)
_MOST = 50
_DATA = later(rb"\s*+data:", re.IGNORECASE)
_JOIN = later(rb"\.\s*+join\s*+\(")
_RUN = later(rb"<(?:img|script|iframe)\b|[\w$]\s*+\(", re.IGNORECASE)
_LATER = b"${"
"""What stands where a script puts something into a text that is not known."""
_CALLED = later(rb"\s*+(?:(?:\?\.)?\(|(?:\??\.\w++)?\??\.(?:apply|bind|call)\b|\??\.\w++(?:\?\.)?\(\s*+\.\.\.)")


def find(document: Document) -> Iterator[Raw]:
    """Yield `event-unread`, for each function that a script gives to what cannot be followed, and each text it runs."""
    if _is_lost(document):
        yield Raw("event-unread", 0, _EVALUATED)
    yield from _in_urls(document)
    scripts = [script for element, script in document.scripts if element.start not in document.states]
    for script in [document.program, *scripts] if document.program else scripts:
        yield from _collected(script)
        dialects = platforms.dialects_in(script)
        for dialect in dialects:
            yield from (raw for rule in (_pushed, _by_name, _of_verb, _listed) for raw in rule(script, dialect))
        for name in dict.fromkeys(name for one in dialects for name in one.functions):
            yield from _given_on(script, name)


def _given_on(script: Script, name: str) -> Iterator[Raw]:
    """Where a function is given to other code, or called with what comes from there."""
    given_on = script.given_on(name.encode())
    told = [*script.told(name.encode())] if given_on else []
    for node in given_on:
        is_called = _CALLED.match(script.data, script.start + node.end_byte)
        if not (is_called and script.is_followed(node, told)):
            message = (_PASSED_ON if is_called else _GIVEN).format(name)
            yield Raw("event-unread", script.start + node.start_byte, message)


def _in_urls(document: Document) -> Iterator[Raw]:
    """Scripts whose code is their URL, `<script src="data:text/javascript,..">`."""
    for element in (one for one in document.elements if one.name == "script"):
        url = element.attributes.get("src")
        text = decode(url.value) if url and _DATA.match(url.value) else b""
        if text and platforms.global_names().search(_content(text)):
            yield Raw("event-unread", element.start, _IN_URL)


def _content(url: bytes) -> bytes:
    """What a `data:` URL holds (RFC 2397), as far as it can be decoded."""
    head, _, told = url.partition(b",")
    plain = unquote_to_bytes(told)
    if not head.strip().lower().endswith(b";base64"):
        return plain
    try:
        return b64decode(plain)
    except ValueError:
        return b""


def _pushed(script: Script, dialect: Dialect) -> Iterator[Raw]:
    """What is put onto a queue and is neither a list nor an object that stands there; a stub's `arguments` are read."""
    for name in dialect.functions if dialect.by_methods else ():
        handed = (one for one in script.unknown_in(name.encode()) if one.type in _HANDED)
        yield from (Raw("event-unread", script.start + one.start_byte, _PUSHED.format(name)) for one in handed)
    for queue in dialect.queues:
        unknown = {item.id for item in script.unknown_in(queue.encode())}
        for item, told in islice(script.pushed(queue.encode()), _MOST):
            is_stubs = bool(dialect.functions) and item.text == b"arguments"
            key = dialect.calls.verb_key if told.type == "object" else ""
            is_open = told.type in _OPEN and item.id in unknown and not is_stubs
            if is_open or (key and script.member(told, key).set_over):
                yield Raw("event-unread", script.start + item.start_byte, _PUSHED.format(queue))


def _listed(script: Script, dialect: Dialect) -> Iterator[Raw]:
    """What is pushed in a list, and a list under a name of its own that base code makes: neither is read."""
    for name in dialect.functions if dialect.by_push else ():
        for call, arguments in script.calls(name.encode()):
            if [one.type for one in arguments[:1]] == ["array"]:
                yield Raw("event-unread", script.start + call.start_byte, _IN_LIST.format(name))
    for report in dialect.find_reports(script) if dialect.by_push else ():
        if report.verb == "init" and report.channel not in dialect.functions:
            yield Raw("event-unread", report.start, _LIST.format(report.channel, dialect.functions[-1]))


def _by_name(script: Script, dialect: Dialect) -> Iterator[Raw]:
    """Calls of the window's member that is known by an expression, in a script with the name of a dialect's function.

    One counts that is given a verb of the dialect's; what a stub calls by such a name is not.
    """
    text = script.masked[script.start : script.end]
    for name in dialect.functions if dialect.by_methods else ():
        for match in islice(_any_method(name).finditer(text), _MOST):
            yield Raw("event-unread", script.start + match.start(), _METHOD.format(name))
    for name in (one for one in dialect.functions if _quoted(one).search(text)):
        read = {call.start_byte for call, _ in script.calls(name.encode())}
        for match in islice(_CALLED_BY_NAME.finditer(text), _MOST):
            if match["verb"].decode() in dialect.calls.verbs and match.start() not in read:
                yield Raw("event-unread", script.start + match.start(), _BY_NAME.format(name))


def _of_verb(script: Script, dialect: Dialect) -> Iterator[Raw]:
    """Calls, and lists on a queue, whose verb a variable tells; not of a dialect whose calls take an object alone."""
    if dialect.by_methods or not dialect.calls.verbs - {platforms.OBJECT}:
        return
    calls = [(name, call) for name in dialect.functions for call in script.calls(name.encode())]
    calls += [(queue, call) for queue in dialect.queues for call in script.queued(queue.encode())]
    for name, (call, arguments) in islice(calls, _MOST):
        verb, known = next(iter(arguments), None), script.rounds(call)[0].given
        meant = script.meant(verb, known)
        if verb and meant and meant.type in _OPEN - {"spread_element"} and not script.text(verb, known):
            yield Raw("event-unread", script.start + call.start_byte, _VERB.format(name, text_of(verb)[:60]))


@cache
def _any_method(name: str) -> re.Pattern[bytes]:
    """A call of a method whose name a variable tells."""
    return re.compile(
        rb"(?<![\w$.])(?:window\.)?%b\s*+(?:\?\.)?\[\s*+[A-Za-z_$][^\]\"'`]*\]\s*+(?:\?\.)?\(" % name.encode()
    )


@cache
def _quoted(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"([\"'`])%b\1" % re.escape(name).encode())


def _is_lost(document: Document) -> bool:
    """Whether a text that a script runs may report, and nothing in it could be read."""
    scripts = [document.program] if document.program else [script for _, script in document.scripts]
    is_read = document.codes or document.handlers or document.bases or not document.is_run
    is_open = any(script.error is not None or _LATER in script.data[script.start : script.end] for script in scripts)
    return not is_read and is_open and platforms.global_names().search(document.masked) is not None


def _collected(script: Script) -> Iterator[Raw]:
    """Markup or code with an event in the items of a list that is put together somewhere else: `all.join('')`."""
    text = script.masked[script.start : script.end]
    if not (_JOIN.search(text) and may_evaluate(text)):
        return
    told = platforms.mention_in_string()
    strings = (one for one in script.syntax.strings if _RUN.search(one.text or b"") and told.search(one.text or b""))
    first = next((one for one in strings if _is_collected(script, one)), None)
    yield from [Raw("event-unread", script.start + first.start_byte, _EVALUATED)] if first else []


def _is_collected(script: Script, string: Node) -> bool:
    """Whether a string is an item of a list that is not put together where it stands, or is put onto one."""
    around = script.tree.parent(string)
    call = script.tree.parent(around) if around and around.type == "arguments" else None
    function = call.child_by_field_name("function") if call else None
    is_item = around is not None and around.type == "array" and joining_call(script.tree, around) is None
    return is_item or (function is not None and member_name(function) == b"push")
