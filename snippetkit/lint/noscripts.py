"""Findings about noscripts that do not do their work."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import html, platforms
from snippetkit.lint.finding import Raw
from snippetkit.lint.images import find_escaped
from snippetkit.lint.revoking import find_revoked
from snippetkit.snippets import HELD_BACK, Code, Document


def find(document: Document) -> Iterator[Raw]:
    """Yield `noscript-with-held-back-script` and `noscript-without-image`."""
    if document.elements:
        yield from _beside_held_back(document)
        yield from _without_image(document)


def _beside_held_back(document: Document) -> Iterator[Raw]:
    revoked = find_revoked(document)
    for number, code in enumerate(document.codes):
        is_held_back = code.state is not None and code.state.name == HELD_BACK
        waits = "script is held back" if is_held_back else f"event waits behind {_revoking(code)}"
        is_waiting = is_held_back or (code.state is None and code.report.start in revoked)
        for noscript in (image.noscript for image in code.images if is_waiting):
            if noscript:
                message = f"its {waits}, but the image loads without consent; take it out"
                yield Raw("noscript-with-held-back-script", noscript.start, message, number)


def _revoking(code: Code) -> str:
    """The call that an event waits behind, as it is written."""
    dialect = platforms.dialect_named(code.report.dialect)
    return dialect.call_of(dialect.calls.revokes)


def _without_image(document: Document) -> Iterator[Raw]:
    escaped = {noscript.start for noscript in find_escaped(document)}
    empty: list[html.Element] = []
    for element in document.elements:
        if element.name == "noscript" and element.is_closed:
            empty.append(element)
        elif element.name == "img" and element.inside and empty and element.start < empty[-1].end:
            empty.pop()
    for noscript in (noscript for noscript in empty if noscript.start not in escaped):
        if document.mentions.are_in(noscript.inner_start, noscript.inner_end):
            message = "the noscript holds conversion code as text, and no image: without JavaScript nothing fires"
            yield Raw("noscript-without-image", noscript.start, message)
