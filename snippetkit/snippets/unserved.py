"""Scripts that are not JavaScript until a server has run its part, such as Smarty's `{if $v == ''}`."""

from __future__ import annotations

from collections.abc import Iterable

from snippetkit import server_code
from snippetkit.javascript import Script


def without_server_code(masked: bytes, scripts: Iterable[Script]) -> bytes:
    """Return a text with blanks in the place of server code in broken scripts, where its language is recognizable.

    Languages whose tags look like JavaScript are tried only here: in a whole script, such a text is its own.

    Args:
        masked: the text, with identifiers in the place of other server code.
        scripts: those that are looked at.
    """
    blanked = bytearray()
    for script in (script for script in scripts if script.error is not None):
        text = masked[script.start : script.end]
        spoken = server_code.languages_of(text)
        if languages := spoken.certain or spoken.possible:
            blanked = blanked or bytearray(masked)
            spans = (span for span in server_code.find_spans(text, languages) if span.is_closed)
            blanked[script.start : script.end] = server_code.mask(text, spans, b" ")
    return bytes(blanked) or masked
