"""Findings about code that does not run as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.lint.finding import Raw
from snippetkit.snippets import Code, Document


def find(document: Document) -> Iterator[Raw]:
    """Yield `script-error` and `not-run`, once per script, unless another one that runs reports the same."""
    every = (*document.codes, *document.bases)
    running = [code for code in every if code.state is None and not code.report.waits]
    live = {_identity(code) for code in running} | {(code.report.dialect, code.pixel_id, None) for code in running}
    told = set[int]()
    for number, code in [*enumerate(document.codes), *enumerate(document.bases, _first_base(document))]:
        if code.state is None or code.state.holder or code.state.start in told:
            continue
        if code.state.is_broken or _identity(code) not in live:
            told.add(code.state.start)
            yield Raw(code.state.code, code.state.start, code.state.reason, number)
    for state in document.states.values():
        if state.is_broken and state.start not in told:
            yield Raw(state.code, state.start, state.reason)


def _first_base(document: Document) -> int:
    """The number of the snippet of the first base code."""
    return len(document.codes) + len(document.handlers)


def _identity(code: Code) -> tuple[str, str, str | None]:
    return code.report.dialect, code.pixel_id, code.event
