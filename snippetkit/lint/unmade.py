"""Base code that never makes the list onto which its calls are pushed: the first of them fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from snippetkit import platforms
from snippetkit.lint.finding import Raw
from snippetkit.platforms import Dialect
from snippetkit.snippets import Document

_SET = rb"""(?<![\w$])%(name)b["'`]?\]?\s*(?:=(?![=>])|(?:\|\||\?\?)=)|["'`]%(name)b["'`]\s*[,)]"""
"""Where a global is set: by its name, or by a function that is given that."""


def find(document: Document) -> Iterator[Raw]:
    """Yield `not-run` for each list that code uses and never makes, where its base code is there."""
    of_codes = {code.report.dialect for code in (*document.codes, *document.bases) if code.script}
    for dialect in map(platforms.dialect_named, sorted(of_codes)):
        scripts = [(one.start, one.end) for _, one in document.scripts]
        if any(dialect.makes.search(document.masked, *place) for place in scripts):
            yield from _of_dialect(document, dialect, scripts)


def _of_dialect(document: Document, dialect: Dialect, scripts: list[tuple[int, int]]) -> Iterator[Raw]:
    for name in dict.fromkeys((*dialect.queues, *dialect.found_by)):
        used, made = _patterns(name)
        first = next(filter(None, (used.search(document.masked, *place) for place in scripts)), None)
        if first and not any(made.search(document.masked, *place) for place in scripts):
            yield Raw("not-run", first.start(), f"nothing defines {name}, so this fails; define it first")


@cache
def _patterns(name: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What uses a global, and what sets it."""
    text = re.escape(name.encode())
    return re.compile(rb"(?<![\w$])%b\s*\.\s*push\b" % text), re.compile(_SET % {b"name": text})
