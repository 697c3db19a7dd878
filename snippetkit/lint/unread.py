"""Findings about events that cannot be read: what reports them is given to other code, or what they say is."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit import platforms
from snippetkit.lint.finding import Raw
from snippetkit.patterns import later
from snippetkit.snippets import Document

_GIVEN = "{} is passed to other code here, so events reported through it are not read"
_PASSED_ON = "the arguments of this {} call come from elsewhere, so they are not read"
_EVALUATED = "a script runs or writes this text, and it cannot be read"
_LATER = b"${"
"""What stands where a script puts something into a text that is not known."""
_CALLED = later(rb"\s*+(?:(?:\?\.)?\(|(?:\??\.\w++)?\??\.(?:apply|bind|call)\b|\??\.\w++(?:\?\.)?\(\s*+\.\.\.)")


def find(document: Document) -> Iterator[Raw]:
    """Yield `event-unread`, for each function that a script gives to what cannot be followed, and each text it runs."""
    if _is_lost(document):
        yield Raw("event-unread", 0, _EVALUATED)
    scripts = [script for element, script in document.scripts if element.start not in document.states]
    for script in [document.program, *scripts] if document.program else scripts:
        for name in dict.fromkeys(name for one in platforms.dialects_in(script) for name in one.functions):
            for node in script.given_on(name.encode()):
                is_called = _CALLED.match(script.data, script.start + node.end_byte)
                message = (_PASSED_ON if is_called else _GIVEN).format(name)
                yield Raw("event-unread", script.start + node.start_byte, message)


def _is_lost(document: Document) -> bool:
    """Whether a text that a script runs may report, and nothing in it could be read."""
    scripts = [document.program] if document.program else [script for _, script in document.scripts]
    is_read = document.codes or document.handlers or document.bases or not document.is_run
    is_open = any(script.error is not None or _LATER in script.data[script.start : script.end] for script in scripts)
    return not is_read and is_open and platforms.global_names().search(document.masked) is not None
