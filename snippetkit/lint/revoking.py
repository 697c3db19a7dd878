"""Whether an event waits for consent: it is held from a call of its dialect that revokes it to one that grants it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from snippetkit import platforms
from snippetkit.lint.firing import find_calls
from snippetkit.lint.running import starts_at_once
from snippetkit.platforms import Dialect
from snippetkit.snippets import Document


def find_revoked(document: Document) -> set[int]:
    """Return where the events are before which consent may be revoked, without an immediate grant after that.

    What is tracked while consent is revoked is kept, and sent once it is granted.
    """
    revoked = set[int]()
    for dialect in (dialect for dialect in document.dialects if dialect.calls.revokes):
        calls = [*_calls(document, dialect)]
        of_dialect = (code.report.start for code in document.codes if calls and code.report.dialect == dialect.name)
        revoked |= _held(calls, of_dialect)
    return revoked


def is_revoked_at(document: Document, offset: int, dialect_name: str) -> bool:
    """Return whether an event of a dialect at this byte offset would stand behind such a revoke."""
    dialect = platforms.dialect_named(dialect_name)
    return bool(dialect.calls.revokes) and offset in _held(_calls(document, dialect), [offset])


def _held(calls: Iterable[tuple[int, str, bool]], events: Iterable[int]) -> set[int]:
    held, is_revoked = set[int](), False
    for start, verb, is_certain in sorted([*calls, *((start, "", True) for start in events)]):
        if verb == "grant" and is_certain:
            held, is_revoked = set(), False
        elif verb == "revoke":
            is_revoked = True
        elif not verb and is_revoked:
            held.add(start)
    return held


def _calls(document: Document, dialect: Dialect) -> Iterator[tuple[int, str, bool]]:
    """Where consent is revoked or granted, in the order of the page, and whether that happens at once."""
    verbs = dialect.calls.consent_verbs
    told = {dialect.calls.grants: "grant", dialect.calls.revokes: "revoke"}
    for element, script in document.scripts:
        places = (document.masked.find(verb.encode(), element.inner_start, element.inner_end) for verb in verbs)
        if max(places, default=-1) < 0:
            continue
        for call, arguments in find_calls(script, dialect):
            verb = script.text(arguments[0]) if arguments else ""
            if verb in verbs:
                about = f":{script.said(arguments[1])}" if len(arguments) > 1 else ""
                is_certain = element.start not in document.states and starts_at_once(script, call.start_byte)
                said = dialect.consent_said(script, arguments) or f"{verb}{about}"
                yield script.start + call.start_byte, told.get(said, "unknown"), is_certain
