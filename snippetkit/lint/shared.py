"""Findings about tags that share a global which only one of them can have."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import platforms
from snippetkit.lint.branching import Branching
from snippetkit.lint.finding import Raw
from snippetkit.platforms import Dialect, Report
from snippetkit.snippets import Code, Document
from snippetkit.terms import Coexistence


def find(document: Document) -> Iterator[Raw]:
    """Yield `shared-global` of each tag that takes the place of another one's list, or of what another one set."""
    yield from _set_for_another(document)
    yield from _named_over(document)
    branching = Branching(document)
    for dialect in (dialect for dialect in document.dialects if dialect.by_push):
        owners: dict[str, tuple[str, tuple[int, ...]]] = {}
        for report in _tags(document, dialect):
            pixel_id = report.pixel_id.text if report.pixel_id else ""
            first, places = owners.setdefault(report.channel, (pixel_id, report.places))
            if pixel_id != first and branching.may_meet(places, report.places):
                reason = f"pixel {first} and pixel {pixel_id} share {report.channel}, which only one of them can have"
                yield Raw("shared-global", report.start, f"{reason}; {_how(dialect, report.channel)}")


def _set_for_another(document: Document) -> Iterator[Raw]:
    """The codes of dialects whose loader reads a global, which is set for another pixel before."""
    owners: dict[str, Code] = {}
    branching = Branching(document)
    for number, code in enumerate(document.codes):
        dialect = platforms.dialect_named(code.report.dialect)
        is_at_once = code.state is None and not code.report.waits
        if dialect.coexistence is Coexistence.ALONE and code.script and code.pixel_id and is_at_once:
            first = owners.setdefault(dialect.name, code)
            is_other = first.pixel_id != code.pixel_id
            if is_other and branching.may_meet(first.report.places, code.report.places):
                reason = f"{dialect.names[0]} is set for pixel {first.pixel_id} and for {code.pixel_id}, and read once"
                yield Raw("shared-global", code.report.start, f"{reason}; take one of them out", number)


def _named_over(document: Document) -> Iterator[Raw]:
    """The pixels of dialects of which the last one counts, where a call before names another one."""
    branching = Branching(document)
    for dialect in (dialect for dialect in document.dialects if dialect.last_named):
        calls: dict[tuple[int, ...], set[str]] = {}
        for report in _tags(document, dialect):
            calls.setdefault(report.places, set()).add(report.pixel_id.text if report.pixel_id else "")
        at, first = next(iter(calls.items()), ((), set()))
        for places, others in calls.items():
            if others != first and branching.may_meet(at, places):
                shown = " and ".join(", ".join(sorted(ids)) for ids in (first, others))
                reason = f"{shown} are named one by one, and what waits in {dialect.globals[0]} goes to the last"
                yield Raw("shared-global", places[0], f"{reason}; name them together, or take one of them out")


def _tags(document: Document, dialect: Dialect) -> Iterator[Report]:
    """The tags that the scripts of a text make, as far as their ids are known."""
    for element, script in document.scripts:
        tags = dialect.find_reports(script) if element.start not in document.states else ()
        yield from (one for one in tags if one.verb == "init" and one.pixel_id and not one.pixel_id.is_dynamic)


def _how(dialect: Dialect, channel: str) -> str:
    other = next((name for name in dialect.functions if name != channel), "")
    return f"give the second one a list of its own, and its events too, such as {other}"
