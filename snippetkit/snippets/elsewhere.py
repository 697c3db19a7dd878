"""Events whose base code is not in the same text: what they lack, and which other files have it."""

from __future__ import annotations

from collections.abc import Iterable

from snippetkit import platforms
from snippetkit.key import JOIN
from snippetkit.snippets import states
from snippetkit.snippets.codes import Code
from snippetkit.snippets.document import Document
from snippetkit.snippets.given import MOST_PATHS


def is_of_nobody(code: Code) -> bool:
    """Return whether an event that runs in a script or a handler is of pixels that nothing names."""
    is_named = code.pixel_id and not code.pixel_id.startswith(JOIN)
    return bool(code.script) and not is_named and not (code.state or code.report.is_outer)


def lacks_name(code: Code) -> bool:
    """Return whether the pixels of an event that runs, now or later, would be known, did its text name any before."""
    is_dead = code.state is not None and not (code.state.lacks_name or code.state.holder)
    is_named = code.pixel_id and not code.pixel_id.startswith(JOIN)
    reaches = platforms.dialect_named(code.report.dialect).reaches_named
    return reaches and bool(code.script) and not (is_named or is_dead or code.report.is_outer)


def lacks_base(document: Document, code: Code) -> bool:
    """Return whether an event tells its pixel, and calls what nothing in its text makes."""
    dialect = platforms.dialect_named(code.report.dialect)
    is_running = code.script is not None and code.state is None and not code.report.is_outer
    tells_it = dialect.reaches_named and not dialect.tells_no_pixel(code.report)
    if not (is_running and (dialect.needs_base or tells_it)) or is_of_nobody(code) or is_named(document, code):
        return False
    return dialect.name not in document.makes


def is_named(document: Document, code: Code) -> bool:
    """Return whether the pixel of an event that tells it is named in front, by base code that may be a file's."""
    dialect = platforms.dialect_named(code.report.dialect)
    return not dialect.is_in_parts and (dialect.name, dialect.named_by(code.pixel_id)) in document.named_here


def base_from(document: Document, code: Code) -> tuple[str, ...]:
    """Return the paths of the other files that have an event's base code; ten at most, and none where it is here.

    Where the event's pixels are not known, each of them may be the one, and they do not name the same.
    """
    if code.base_from or not document.given:
        return code.base_from
    if lacks_name(code):
        return _each(one.base.candidates.get(code.of, ()) for one in document.given)
    if not lacks_base(document, code):
        return ()
    place = states.place_of_event(code.script, code.report, len(document.data)) if code.script else 0
    in_front = (one for one in document.given if one.offset <= place)
    return _each(one.base.makers.get(code.report.dialect, ()) for one in in_front)


def waits_for(document: Document, code: Code) -> str:
    """Return what the base code of an event waits for, `click` or `go()`, where nothing else names its pixels."""
    names = (one.report for one in document.named if one.of == code.of and one.report.waits)
    told = next(names, None)
    if told is None or code.report.waits:
        return ""
    return told.action or f"{told.function}()"


def late_from(document: Document, code: Code) -> tuple[str, ...]:
    """Return the paths of the files that name pixels of an event's kind, and not in time for it."""
    named = (name for one in document.given for name in one.base.names if name.of == code.of)
    return _each(name.base_from for name in named)


def _each(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for some in paths for path in some))[:MOST_PATHS]
