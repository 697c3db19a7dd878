"""Findings about the place of code in a text: where, how often, and beside what."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import cache

from snippetkit import html, platforms
from snippetkit.javascript import Script
from snippetkit.lint.branching import Branching
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.snippets import DEAD, Code, Document
from snippetkit.terms import Coexistence

_ENTITY = later(rb"&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_CALL = later(rb"""["'`]?\]?[!)]*(?:\??\.\w+)?!?(?:\?\.)?\(\s*["'`\[{]""")
_INSECURE = later(rb"http://", re.IGNORECASE)
_UNREAD = frozenset({"comment", "string", "string_fragment", "template_string"})
_IN_SCRIPTS = {
    "entity-in-script": "a script does not decode entities; write the character itself",
    "insecure-url": "the URL is http; write https",
}


def _patterns(script: bytes) -> Iterator[tuple[str, re.Pattern[bytes]]]:
    """What is looked for in a script, by the code of its finding."""
    yield "entity-in-script", _ENTITY
    if _INSECURE.search(script):
        yield "insecure-url", _insecure()


@cache
def _insecure() -> re.Pattern[bytes]:
    hosts = "|".join(sorted(re.escape(host) for one in platforms.every_platform() for host in one.hosts))
    return re.compile(rf"http://(?:{hosts})/".encode(), re.IGNORECASE)


def find(document: Document) -> Iterator[Raw]:
    """Yield the findings about the places of the code in a text."""
    yield from _in_scripts(document)
    yield from _in_the_head(document)
    yield from _repeated(document)
    yield from _broken_handlers(document)
    yield from _unclosed(document)


def find_in_program(document: Document) -> Iterator[Raw]:
    """Yield the finding about a program's script that cannot be read: what it holds is not known."""
    script = document.program
    if script is None or document.outer is not None or document.codes or document.bases or script.error is None:
        return
    if script.data == script.masked or _is_called(script):
        yield Raw("script-error", script.error, "this is not valid JavaScript")


def _is_called(script: Script) -> bool:
    """Whether a dialect's global is called in TypeScript, where what is not JavaScript may declare it, too."""
    names = (
        one.span() for one in platforms.global_names().finditer(script.data) if _CALL.match(script.data, one.end())
    )
    nodes = (script.tree.innermost(start - script.start, end - script.start) for start, end in names)
    return any(node is not None and node.type not in _UNREAD for node in nodes)


def _in_scripts(document: Document) -> Iterator[Raw]:
    scripts: dict[int, tuple[int, html.Element]] = {}
    for number, code in enumerate(document.codes):
        if code.script:
            scripts.setdefault(code.script.start, (number, code.script))
    for number, script in scripts.values():
        for name, pattern in _patterns(document.masked[script.inner_start : script.inner_end]):
            if match := pattern.search(document.masked, script.inner_start, script.inner_end):
                yield Raw(name, match.start(), _IN_SCRIPTS[name], number)


def _in_the_head(document: Document) -> Iterator[Raw]:
    images = [(number, image.noscript) for number, code in enumerate(document.codes) for image in code.images]
    noscripts = [(number, noscript.start) for number, noscript in images if noscript]
    start, stop = html.head_span(document.masked) if noscripts else (0, -1)
    for number, at in noscripts:
        if start <= at <= stop:
            message = "for visitors without JavaScript the image ends the head; move the noscript after <body>"
            yield Raw("noscript-in-head", at, message, number)


def _repeated(document: Document) -> Iterator[Raw]:
    """The code that is there twice, or whose parameters another one overwrites."""
    counting = [
        (number, code)
        for number, code in enumerate(document.codes)
        if not (code.state and code.state.name == DEAD) and (code.report.function or not code.report.action)
    ]
    branching = Branching(document)
    yield from _clobbering(counting, branching)
    yield from _duplicates(counting, branching)


def _clobbering(codes: Sequence[tuple[int, Code]], branching: Branching) -> Iterator[Raw]:
    queues: dict[int | None, list[tuple[int, ...]]] = {}
    for number, code in codes:
        dialect = platforms.dialect_named(code.report.dialect)
        if dialect.coexistence is not Coexistence.COMBINED:
            continue
        own, at = code.report.queue, code.report.start
        others = (one for queue, places in queues.items() if queue is None or queue != own for one in places)
        if branching.meets_any(code.report.places, others):
            shared = f"they share {dialect.globals[0]}, so only the last one fires"
            yield Raw("fb-param-clobber", at, f"a second {dialect.name} block: {shared}; combine them", number)
        queues.setdefault(own, []).append(code.report.places)


def _duplicates(codes: Sequence[tuple[int, Code]], branching: Branching) -> Iterator[Raw]:
    seen: dict[tuple[str, str, str | None, str], list[tuple[int, ...]]] = {}
    orders = set[tuple[str, str, str]]()
    for number, code in codes:
        identity, places = _identity(code), code.report.places
        about = f" with {code.event[:60]!r}" if code.event else ""
        dialect = platforms.dialect_named(code.report.dialect)
        is_again = code.pixel_id and not _is_counted_once(dialect, code, orders)
        if is_again and branching.meets_any(places, seen.get(identity, ())):
            yield Raw("duplicate-pixel", places[0], f"pixel {code.pixel_id} is here twice{about}", number)
        seen.setdefault(identity, []).append(places)
        orders.update(filter(None, (_order(code),)))


def _is_counted_once(dialect: Dialect, code: Code, orders: Container[tuple[str, str, str]]) -> bool:
    """Whether the platform knows by its order that it was told of code already."""
    return dialect.platform.counts_orders_once and _order(code) in orders


def _order(code: Code) -> tuple[str, str, str] | None:
    order_id = code.report.order_id
    return (code.report.dialect, code.pixel_id, order_id.text) if order_id and order_id.text else None


def is_of_one_script(document: Document, number: int) -> bool:
    """Whether a code's own script reports the same before it: taken out of the text, it still has that twice."""
    code, branching = document.codes[number], Branching(document)
    same = (one for one in document.codes[:number] if (one.script, _identity(one)) == (code.script, _identity(code)))
    return branching.meets_any(code.report.places, (one.report.places for one in same))


def _identity(code: Code) -> tuple[str, str, str | None, str]:
    """What is reported, and by which function where that waits for a call."""
    report = code.report
    return report.dialect, code.pixel_id, platforms.event_key(report.dialect, code.event), report.function


def _broken_handlers(document: Document) -> Iterator[Raw]:
    for number, code in enumerate(document.handlers, len(document.codes)):
        if code.error is not None:
            yield Raw("script-error", code.error, "this is not JavaScript, so none of this handler runs", number)


def _unclosed(document: Document) -> Iterator[Raw]:
    for element in document.elements:
        if not element.is_closed and document.mentions.are_in(element.inner_start, element.inner_end):
            yield Raw("unclosed-element", element.start, f"the {element.name} is not closed")
