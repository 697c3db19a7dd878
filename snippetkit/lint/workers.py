"""A finding about calls of a tag that runs in a worker, as Partytown has it: what a page pushes is no call there."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import html, snippets
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.snippets import Document

_ASKS = later(rb"(?:!|\btypeof\b)\s*(?:window\.)?(\w+)|\b(\w+)\s*\|\|")
_MESSAGE = (
    "the tag runs in {holder}'s worker, which gets what this page's own {function} pushes as an object and no "
    "call; make {function} in the worker alone, and name it in {holder}'s forward"
)


def find(document: Document) -> Iterator[Raw]:
    """Yield `not-run` of events that call what the page makes itself, where a worker has the tag.

    As run with @builder.io/partytown 0.10.3 and @qwik.dev/partytown 0.14.4: of the `arguments` that a page pushes the
    worker gets an object with the same keys. A call of a function that is forwarded arrives as a call.
    """
    for dialect in (one for one in document.dialects if one.broken_form):
        holder = _worker_of(document, dialect)
        for number, code in enumerate((*document.codes, *document.handlers) if holder else ()):
            if code.report.dialect == dialect.name and code.state is None:
                told = _MESSAGE.format(holder=holder, function=dialect.functions[0])
                yield Raw("not-run", code.report.start, told, number)


def _worker_of(document: Document, dialect: Dialect) -> str:
    """Whose worker has the tag, empty where the page reaches it, or does not make the function."""
    makers = [*document.find_bases(dialect)]
    made = [element for element, script in document.scripts if any(script.start <= at < script.end for at in makers)]
    is_own = any(element.start not in document.states for element in made)
    workers = (_worker(document, element) for element in made)
    return next(filter(None, workers), "") if is_own and not _reaches(document, dialect) else ""


def _worker(document: Document, element: html.Element) -> str:
    """Who runs a script in a worker, empty where nobody does."""
    state = document.states.get(element.start)
    return state.holder.name if state and state.holder and not state.holder.waits else ""


def _reaches(document: Document, dialect: Dialect) -> bool:
    """Whether the page has the loader itself, by an element or a script of its own, or may call what is forwarded."""
    elements = (one for one in document.elements if snippets.is_loader(dialect, one))
    scripts = (script for element, script in document.scripts if element.start not in document.states)
    texts = [document.masked[script.start : script.end] for script in scripts]
    is_loaded = any(not _is_of_worker(one) for one in elements) or any(dialect.loader.encode() in one for one in texts)
    return is_loaded or any(_leaves(text, dialect.functions[0].encode()) for text in texts)


def _leaves(text: bytes, function: bytes) -> bool:
    """Whether a script has a function forwarded, or makes one only where there is none."""
    is_named = b"forward" in text and any(quote + function + quote in text for quote in (b"'", b'"'))
    return is_named or any(function in asked for asked in _ASKS.findall(text))


def _is_of_worker(element: html.Element) -> bool:
    values = {name: attribute.value for name, attribute in element.attributes.items()}
    holder = html.find_holder(values.get("type", b"").strip().lower().decode("ascii", "replace"), values)
    return holder is not None and not holder.waits
