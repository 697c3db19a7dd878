"""The scripts that an event's own needs, where those stand apart: its base code, in front of the event."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import html, platforms
from snippetkit.javascript import Script
from snippetkit.platforms import Dialect
from snippetkit.records import replace
from snippetkit.snippets.codes import Code
from snippetkit.snippets.document import Document


def as_code(document: Document) -> Document:
    """Return a text as code from outside, whose events bring along the scripts of their base code."""
    return replace(document, codes=tuple(_with_bases(document, code) for code in document.codes))


def _with_bases(document: Document, code: Code) -> Code:
    found = {} if code.bases else {base.start: base for base in _bases_of(document, code)}
    return replace(code, bases=tuple(found[start] for start in sorted(found))) if found else code


def _bases_of(document: Document, code: Code) -> Iterator[html.Element]:
    """The scripts that name a code's pixel, and that make what it calls, where its own does neither.

    They report nothing themselves: another code's script does not come along.
    """
    dialect = platforms.dialect_named(code.report.dialect)
    script = document.script_at(code.script.start) if code.script else None
    if script is None or dialect.is_in_parts or not (dialect.reaches_named or dialect.needs_base):
        return
    is_named = not dialect.reaches_named or any(report.verb == "init" for report in dialect.find_reports(script))
    naming = None if is_named else _naming(document, code)
    scripts = [script, *(one for element, one in document.scripts if element == naming)]
    yield from filter(None, [naming])
    if (is_named or naming) and not any(_makes(dialect, one) for one in scripts):
        yield from filter(None, [_making(document, dialect)])


def _naming(document: Document, code: Code) -> html.Element | None:
    reporting = _reporting(document)
    named = (one.script for one in document.named if _is_of(one, code))
    return next((one for one in named if one and one.start not in reporting), None)


def _making(document: Document, dialect: Dialect) -> html.Element | None:
    """The first script that runs and makes what a dialect's code calls."""
    running = (one for one in document.scripts if one[0].start not in document.states)
    first = next((element for element, script in running if _makes(dialect, script)), None)
    return first if first and first.start not in _reporting(document) else None


def _reporting(document: Document) -> set[int]:
    return {one.script.start for one in document.codes if one.script}


def _makes(dialect: Dialect, script: Script) -> bool:
    return dialect.makes.search(script.masked, script.start, script.end) is not None


def _is_of(base: Code, code: Code) -> bool:
    """Whether a base code that runs is that of an event."""
    pixel_id = platforms.dialect_named(code.report.dialect).named_by(code.pixel_id)
    ours = (base.report.dialect, base.report.channel, base.report.is_outer, base.pixel_id)
    return base.state is None and ours == (code.report.dialect, code.report.channel, code.report.is_outer, pixel_id)
