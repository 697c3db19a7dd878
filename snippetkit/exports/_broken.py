"""Scripts of tags that are not JavaScript: no server runs its part of them, and a variable is an expression there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from snippetkit import server_code
from snippetkit.html import Element
from snippetkit.javascript import Script
from snippetkit.patterns import later
from snippetkit.snippets import NO_SCRIPT, Document

_VARIABLE = later(rb"\{\{[^{}\r\n]+\}\}")
_OF_SERVER = "no server runs its code in a tag, so this is not JavaScript, and none of this script runs"


class BrokenScript(NamedTuple):
    """A script that does not run: its element, where it stops being JavaScript, in bytes, and why."""

    element: Element
    start: int
    reason: str


def find_broken(document: Document) -> Iterator[BrokenScript]:
    """Yield the scripts of a tag that a page may have, since a server writes some of them, and a tag may not."""
    for element, script in document.scripts:
        if element.start in document.states:
            continue
        text = document.data[script.start : script.end]
        plain = _VARIABLE.sub(lambda match: b"_" * len(match[0]), text)
        is_told = b"{{" in plain or text == document.masked[script.start : script.end]
        error = None if is_told else Script(plain, plain, 0, len(plain)).error
        if error is not None:
            reason = _OF_SERVER if server_code.find_in_script(plain) else NO_SCRIPT
            yield BrokenScript(element, script.start + error, reason)
