"""Whether what is not in a text may name a pixel there: a tag manager that it loads, or a server that writes code."""

from __future__ import annotations

from collections.abc import Iterable

from snippetkit.javascript import Script
from snippetkit.patterns import later

TAG_MANAGER = later(rb"googletagmanager\.com/gtm\.js|\bGTM-[A-Z0-9]{4,}\b")
"""What loads a tag manager that may name a pixel."""
_CONTROL = rb"(?!(?:if|else|elseif|end\w*|for|foreach|while|switch|case|default|range|with|block|define|template)\b|\})"
_WRITTEN = later(
    rb"(?:\A|[;{}>\n])\s*+(?:<\?=|<\?php\s++" + _CONTROL + rb"|<%[=~-]|\{!!|@include\b"
    rb"|\{%-?\s*+(?:include|render|component|section|partial)\b|\{\{[{~-]?\s*+(?![#/^])" + _CONTROL + rb")"
)
"""Server code that stands as a statement and writes what is not known."""


def may_name(masked: bytes, scripts: Iterable[Script]) -> bool:
    """Return whether that may be.

    Args:
        masked: the text.
        scripts: those in it that run.
    """
    return TAG_MANAGER.search(masked) is not None or any(map(_is_written, scripts))


def _is_written(script: Script) -> bool:
    return script.data != script.masked and _WRITTEN.search(script.data, script.start, script.end) is not None
