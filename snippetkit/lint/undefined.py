"""Calls of a function that the page's own base code makes further down: a browser says that it is not defined.

Only what is certain is told. The text is a whole page, and nothing in front may make the function: no file, no text
that a server writes, no script that loads or writes another, and no mention of the function but calls of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from snippetkit.html import MARKER, Element
from snippetkit.javascript import FUNCTIONS, Script
from snippetkit.lint.firing import Call, Firing, is_called_there
from snippetkit.lint.running import starts_at_once
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.searching import finding
from snippetkit.snippets import Document

_PAGE = later(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_MAY_MAKE = (
    *((name, later(re.escape(name))) for name in (
        b"createElement", b"createContextualFragment", b"cloneNode", b"importNode", b"insertAdjacent", b"srcdoc",
        b"innerHTML", b"outerHTML", b"definePropert", b"<esi:",
    )),
    (b".write", later(rb"\.write(?:ln)?\b")),
    (b"eval", later(rb"eval(?<=\beval)\b")),
    (b"Function", later(rb"Function(?<=\bFunction)\b")),
    (b"import", later(rb"import(?<=\bimport)\b")),
    (b"assign", later(rb"assign(?<=\bassign)\b")),
    (b"Reflect", later(rb"Reflect(?<=\bReflect)\b")),
    (b"setTimeout", later(rb"setTimeout\s*\(\s*[\"'`]")),
    (b"setInterval", later(rb"setInterval\s*\(\s*[\"'`]")),
    (b"]", later(rb"\]\s*=(?!=)")),
    (b"<!--", later(rb"<!--\s*#")),
)  # fmt: skip
_SCRIPT_URL = b"javascript:"


def find_maker(data: bytes) -> int:
    """Return where what may bring a function begins that has its name nowhere, -1 where nothing does.

    That is other code, and a name that is put together.
    """
    find = finding(data)
    starts = [
        match.start() for text, form in _MAY_MAKE if (at := find(text, 0)) >= 0 and (match := form.search(data, at))
    ]
    url = data.lower().find(_SCRIPT_URL)
    return min([*starts, url] if url >= 0 else starts, default=-1)


_OUR_MARKER = later(re.escape(MARKER) + rb"[^<>]*-->")
_HOISTED = frozenset({"function_declaration", "generator_function_declaration"})
_SOURCES = frozenset({"src", "href", "xlink:href"})


def reason(dialect: Dialect) -> str:
    """Return why a call in front of the base code is dead."""
    return f"{dialect.globals[0]} is not defined yet, because the base code comes later, so this call fails"


def find_undefined(document: Document, dialect: Dialect, firing: Firing, loaders: list[int]) -> Iterator[Call]:
    """Yield the calls that run at once in front of the base code, in scripts in front of its own or in its own.

    Those are events; of a script that has none, its first call.

    Args:
        document: the text.
        dialect: whose calls.
        firing: what they are.
        loaders: where scripts name the dialect's loader.
    """
    end, own = _end(document, dialect, loaders) if _PAGE.match(document.data) else (0, None)
    events = [
        call for call in firing.events if call.start < end and (call.script.end <= end or call.script.start == own)
    ]
    yield from (call for call in events if call.is_certain)
    passed = {call.script.start for call in events} | document.states.keys()
    for element, script in document.scripts:
        if element.end <= end and element.start not in passed and "type" not in element.attributes:
            yield from islice(_others(element, script, dialect), 1)


def _others(element: Element, script: Script, dialect: Dialect) -> Iterator[Call]:
    for call, arguments in (one for name in dialect.functions for one in script.calls(name.encode())):
        is_in_function = any(around.type in FUNCTIONS for around in script.tree.around(call))
        if not is_in_function and starts_at_once(script, call.start_byte):
            verb = script.text(arguments[0]) if arguments else ""
            yield Call(verb, script.start + call.start_byte, element)


def _end(document: Document, dialect: Dialect, loaders: list[int]) -> tuple[int, int | None]:
    """The byte offset up to which nothing has made the function, where a script further down does.

    With it goes where that script begins, if it makes the function in order: what is in front of that in it is early.
    """
    makers = [one for one in document.scripts if _makes(document, dialect, one[1], loaders)]
    if not makers or makers[0][0].start in document.states:
        return 0, None
    element, script = makers[0]
    is_in_order = _makes_in_order(dialect, script)
    data = _OUR_MARKER.sub(lambda match: b" " * len(match[0]), document.data)  # a key begins with a function's name
    marks = [_first(data, _other_use(dialect)), _first_maker(data), _served(document)]
    files = [element.start for element in document.elements if _may_run_a_file(element)]
    own = element.inner_end if is_in_order else element.start
    return min(own, *marks, *files), element.start if is_in_order else None


def _makes_in_order(dialect: Dialect, script: Script) -> bool:
    """Whether a script makes the function where it stands, not in a function that is hoisted and called earlier."""
    made = _other_use(dialect).search(script.data, script.start, script.end)
    node = script.tree.innermost(made.start() - script.start, made.end() - script.start) if made else None
    functions = [around for around in script.tree.around(node) if around.type in FUNCTIONS] if node else []
    is_hoisted = node is None or any(around.type in _HOISTED for around in [node, *script.tree.around(node)])
    return not is_hoisted and all(is_called_there(script.tree, one) for one in functions)


def _makes(document: Document, dialect: Dialect, script: Script, loaders: list[int]) -> bool:
    """Whether a script names the loader, and the function other than to call it."""
    has_loader = any(script.start <= at < script.end for at in loaders)
    return has_loader and _other_use(dialect).search(document.data, script.start, script.end) is not None


def _first(data: bytes, form: re.Pattern[bytes]) -> int:
    match = form.search(data)
    return match.start() if match else len(data)


def _first_maker(data: bytes) -> int:
    at = find_maker(data)
    return len(data) if at < 0 else at


@cache
def _other_use(dialect: Dialect) -> re.Pattern[bytes]:
    """A word of the dialect's globals that is no call of one with a text, nor of a method that is known."""
    names = "|".join(map(re.escape, dialect.globals)).encode()
    verbs = "|".join(sorted(map(re.escape, dialect.calls.verbs))).encode()
    plain = rb"\.\s*push\s*\(\s*[\"'{]" if dialect.by_push else rb"\(\s*[\"']"
    call = rb"\.\s*(?:%b)\s*\(" % verbs if dialect.by_methods else plain
    return re.compile(rb"(?:%b)(?!\s*%b)" % (names, call))


def _served(document: Document) -> int:
    """Where the first text begins that a server writes, but for what an event tells."""
    data, masked, at = document.data, document.masked, 0
    told = (setting for code in document.codes for setting in (code.report.value, code.report.currency) if setting)
    spans = sorted((setting.start, setting.end) for setting in told if not setting.is_whole)
    for start, end in [*spans, (len(data), len(data))]:
        if data[at:start] != masked[at:start]:
            return at + next(
                n for n, (one, other) in enumerate(zip(data[at:], masked[at:], strict=True)) if one != other
            )
        at = max(at, end)
    return at


def _may_run_a_file(element: Element) -> bool:
    """Whether an element is a script of a file that a browser may run before the page is read to its end."""
    names = element.attributes.keys()
    is_file = element.name == "script" and not names.isdisjoint(_SOURCES)
    return is_file and not ("src" in names and "defer" in names and "async" not in names)
