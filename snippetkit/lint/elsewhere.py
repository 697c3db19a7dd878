"""Findings about events whose base code is elsewhere, in a file or a tag manager."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from snippetkit import platforms
from snippetkit.lint.finding import Raw
from snippetkit.lint.firing import Call, find_firing
from snippetkit.lint.undefined import find_undefined
from snippetkit.lint.undefined import reason as undefined_reason
from snippetkit.platforms import Dialect
from snippetkit.snippets import Code, Document, base_from, is_of_nobody, lacks_base, late_from, waits_for

_MESSAGE = "no pixel is named here, so a file or a tag manager says which ones get this event"
_NO_BASE = "nothing here {}, so a file or a tag manager has to, or this event is not reported"
_SEVERAL = "{} name different pixels, so which ones get this event is not known"
_LATE = "no pixel is named before this event: in {} one is, but later, or held back"
_WAITS = "the base code only runs {}, and this event is reported before, so which pixels get it is not known"
_MOST_SHOWN = 3
_HELD_BACK = "the base code here is held back, so whether any pixel is named by then is not known"


def find(document: Document) -> Iterator[Raw]:
    """Yield `unknown-pixels`; where the loader is here, `not-run` of a call that is too early."""
    for dialect in (dialect for dialect in document.dialects if dialect.reaches_named):
        of_nobody = [*_of_nobody(document, dialect)]
        loaders = [*document.find_bases(dialect)]
        if not _has_running_base(document, loaders):
            yield from _unknown(document, of_nobody, _HELD_BACK if loaders else _MESSAGE)
            yield from _without_base(document, dialect) if not loaders else ()
        elif of_nobody or any(start < loaders[0] for start in _starts(document, dialect)):
            yield from _too_early(document, dialect)
    for dialect in (one for one in document.dialects if one.needs_base and not one.reaches_named):
        yield from _without_base(document, dialect) if dialect.name not in document.makes else ()


def _without_base(document: Document, dialect: Dialect) -> Iterator[Raw]:
    """The events that name their pixels by themselves, and whose base code is in no text here."""
    broken = _broken(document, dialect)
    what, message = ("not-run", broken) if broken else ("unknown-pixels", _NO_BASE.format(missing_base(dialect)))
    for number, code in enumerate(document.codes):
        is_alone = code.report.dialect == dialect.name and lacks_base(document, code)
        if is_alone and not base_from(document, code):
            yield Raw(what, code.report.start, message, number)


def _broken(document: Document, dialect: Dialect) -> str:
    """Why the functions do nothing that are made here, empty where none are."""
    form, reason = dialect.broken_form or (None, "")
    scripts = (script for _, script in document.scripts) if form else ()
    return reason if form and any(form.search(document.masked, one.start, one.end) for one in scripts) else ""


def _unknown(document: Document, of_nobody: Iterable[tuple[int, Code]], message: str) -> Iterator[Raw]:
    """The events whose pixels are not known, with what other files say of them."""
    for number, code in of_nobody:
        candidates, late = base_from(document, code), late_from(document, code)
        told = _SEVERAL.format(_listed(candidates)) if candidates else _LATE.format(_listed(late)) if late else message
        yield Raw("unknown-pixels", code.report.start, _waiting(document, code) or told, number)


def _waiting(document: Document, code: Code) -> str:
    """What is said of an event whose base code waits for something, empty where it does not."""
    waits = waits_for(document, code)
    when = f"once {waits} is called" if waits.endswith("()") else f"on {waits}"
    return _WAITS.format(when) if waits else ""


def _listed(paths: Sequence[str]) -> str:
    """Paths as a sentence has them, no more than a few."""
    shown = [*paths] if len(paths) <= _MOST_SHOWN else [*paths[:_MOST_SHOWN], "others"]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def missing_base(dialect: Dialect) -> str:
    """Return what base code does that is not there: it makes the function, or loads what works a queue off."""
    return f"makes {dialect.functions[0]}" if dialect.functions else f"loads {dialect.loader}"


def find_in_program(document: Document) -> Iterator[Raw]:
    """Yield `unknown-pixels` of a program by itself, whose base code may stand anywhere."""
    if document.program is None or document.outer is not None:
        return
    for dialect in (dialect for dialect in platforms.every() if dialect.reaches_named):
        if not dialect.makes.search(document.data):
            yield from _unknown(document, _of_nobody(document, dialect), _MESSAGE)


def _too_early(document: Document, dialect: Dialect) -> Iterator[Raw]:
    early = _early(document, dialect)
    reasons = {call.start: reason for call, reason in early}
    for number, code in enumerate(document.codes):
        is_running = code.report.dialect == dialect.name and code.state is None
        if is_running and (reason := reasons.pop(code.report.start, None)):
            waiting = "" if code.pixel_id else _waiting(document, code)
            yield Raw("unknown-pixels" if waiting else "not-run", code.report.start, waiting or reason, number)
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
        if code.report.dialect == dialect.name and is_of_nobody(code):
            yield number, code


def find_early(document: Document) -> list[tuple[Call, str]]:
    """Return the events that run at once and too early, and why that is: the base code or a pixel's name is below."""
    return [early for dialect in document.dialects if dialect.reaches_named for early in _early(document, dialect)]


def early_reason(dialect: Dialect) -> str:
    """Return why an event in front of all pixels' names is dead."""
    return f"no pixel is named ({dialect.call}) before this event is reported, so nobody gets it"


def _early(document: Document, dialect: Dialect) -> list[tuple[Call, str]]:
    loaders = [*document.find_bases(dialect)]
    if not loaders:
        return []
    firing = find_firing(document, dialect.name)
    undefined = [(call, undefined_reason(dialect)) for call in find_undefined(document, dialect, firing, loaders)]
    of_nobody = (call for call in firing.events if call.is_for_all and not call.pixel_ids) if firing.inits else ()
    unnamed = (call for call in of_nobody if call.is_certain and call.start > loaders[0])
    return [*undefined, *((call, early_reason(dialect)) for call in unnamed)]
