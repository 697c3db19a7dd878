"""Findings about events whose base code is elsewhere, in a file or a tag manager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit import platforms
from snippetkit.key import JOIN
from snippetkit.lint.finding import Raw
from snippetkit.lint.firing import Call, find_firing
from snippetkit.lint.undefined import find_undefined
from snippetkit.lint.undefined import reason as undefined_reason
from snippetkit.platforms import Dialect
from snippetkit.references import decode
from snippetkit.snippets import Code, Document

_MESSAGE = "no pixel is named here, so a file or a tag manager says which ones get this event"
_NO_BASE = "nothing here {}, so a file or a tag manager has to, or this event is not reported"
_HELD_BACK = "the base code here is held back, so whether any pixel is named by then is not known"


def find(document: Document) -> Iterator[Raw]:
    """Yield `unknown-pixels`; where the loader is here, `not-run` of a call that is too early."""
    for dialect in (dialect for dialect in platforms.every() if dialect.reaches_named):
        of_nobody = [*_of_nobody(document, dialect)]
        loaders = [*_loaders(document, dialect)]
        if not _has_running_base(document, loaders):
            message = _HELD_BACK if loaders else _MESSAGE
            yield from (Raw("unknown-pixels", code.report.start, message, number) for number, code in of_nobody)
            yield from _without_base(document, dialect) if not loaders else ()
        elif of_nobody or any(start < loaders[0] for start in _starts(document, dialect)):
            yield from _too_early(document, dialect)
    for dialect in (one for one in platforms.every() if one.needs_base and not one.reaches_named):
        yield from _without_base(document, dialect) if not has_base(document, dialect) else ()


def _without_base(document: Document, dialect: Dialect) -> Iterator[Raw]:
    """The events that name their pixels by themselves, and whose base code is not here."""
    message = _NO_BASE.format(missing_base(dialect))
    for number, code in enumerate(document.codes) if dialect.needs_base else ():
        is_running = code.script is not None and code.state is None and not code.report.is_outer
        if is_running and code.report.dialect == dialect.name and not (_is_of_nobody(code) or is_named(document, code)):
            yield Raw("unknown-pixels", code.report.start, message, number)


def missing_base(dialect: Dialect) -> str:
    """Return what base code does that is not there: it makes the function, or loads what works a queue off."""
    return f"makes {dialect.functions[0]}" if dialect.functions else f"loads {dialect.loader}"


def is_named(document: Document, code: Code) -> bool:
    """Return whether the pixel of an event that tells it is named in front, by base code that may be a file's."""
    dialect = platforms.dialect_named(code.report.dialect)
    named = {(one.report.dialect, one.pixel_id) for one in document.named}
    return not dialect.is_in_parts and (dialect.name, dialect.named_by(code.pixel_id)) in named


def find_in_program(document: Document) -> Iterator[Raw]:
    """Yield `unknown-pixels` of a program by itself, whose base code may stand anywhere."""
    if document.program is None or document.outer is not None:
        return
    for dialect in (dialect for dialect in platforms.every() if dialect.reaches_named):
        if not dialect.makes.search(document.data):
            of_nobody = _of_nobody(document, dialect)
            yield from (Raw("unknown-pixels", code.report.start, _MESSAGE, number) for number, code in of_nobody)


def _too_early(document: Document, dialect: Dialect) -> Iterator[Raw]:
    early = _early(document, dialect)
    reasons = {call.start: reason for call, reason in early}
    for number, code in enumerate(document.codes):
        is_running = code.report.dialect == dialect.name and code.state is None
        if is_running and (reason := reasons.pop(code.report.start, None)):
            yield Raw("not-run", code.report.start, reason, number)
    events = {code.report.start for code in document.codes}
    yield from (Raw("not-run", call.start, reason) for call, reason in early if call.start not in events)


def _has_running_base(document: Document, loaders: Sequence[int]) -> bool:
    """Whether a script that no tool holds back names the loader."""
    states = document.states
    held = [one for one, _ in document.scripts if one.start in states and states[one.start].holder]
    return any(not any(one.start <= at < one.end for one in held) for at in loaders)


def _starts(document: Document, dialect: Dialect) -> Iterator[int]:
    """Where a dialect's functions are called in scripts."""
    for _, script in document.scripts:
        for name in dialect.functions:
            yield from (script.start + call.start_byte for call, _ in script.calls(name.encode()))


def _of_nobody(document: Document, dialect: Dialect) -> Iterator[tuple[int, Code]]:
    """The events in scripts and handlers that name no pixel, with their numbers."""
    for number, code in enumerate((*document.codes, *document.handlers)):
        if code.report.dialect == dialect.name and _is_of_nobody(code):
            yield number, code


def find_early(document: Document) -> list[tuple[Call, str]]:
    """Return the events that run at once and too early, and why that is: the base code or a pixel's name is below."""
    return [early for dialect in platforms.every() if dialect.reaches_named for early in _early(document, dialect)]


def early_reason(dialect: Dialect) -> str:
    """Return why an event in front of all pixels' names is dead."""
    return f"no pixel is named ({dialect.call}) by the time that this event is reported, so nobody gets it"


def _early(document: Document, dialect: Dialect) -> list[tuple[Call, str]]:
    loaders = [*_loaders(document, dialect)]
    if not loaders:
        return []
    firing = find_firing(document, dialect.name)
    undefined = [(call, undefined_reason(dialect)) for call in find_undefined(document, dialect, firing, loaders)]
    of_nobody = (call for call in firing.events if call.is_for_all and not call.pixel_ids) if firing.inits else ()
    unnamed = (call for call in of_nobody if call.is_certain and call.start > loaders[0])
    return [*undefined, *((call, early_reason(dialect)) for call in unnamed)]


def _is_of_nobody(code: Code) -> bool:
    is_named = code.pixel_id and not code.pixel_id.startswith(JOIN)
    return bool(code.script) and not is_named and not (code.state or code.report.is_outer)


def has_base(document: Document, dialect: Dialect) -> bool:
    """Return whether base code of a dialect is here, wherever it stands and whether it runs or not."""
    return any(True for _ in _loaders(document, dialect))


def _loaders(document: Document, dialect: Dialect) -> Iterator[int]:
    found = (dialect.makes.search(script.data, script.start, script.end) for _, script in document.scripts)
    yield from (match.start() for match in found if match)
    if not dialect.functions:  # nothing is made but the queue, so an element may load what works that off
        sources = [(one.start, one.attributes.get("src")) for one in document.elements if one.name == "script"]
        yield from (
            start for start, url in sources if url and dialect.loads(decode(url.value).decode("utf-8", "replace"))
        )
