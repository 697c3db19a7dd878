"""Code without `{{`, which tag managers read as the beginning of a variable."""

from __future__ import annotations

import re

from snippetkit.dialects._javascript import parse, walk
from snippetkit.errors import SnippetError

_TAG = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
_DOUBLE = re.compile(r"\{(?=\{)")
_TEXTS = frozenset({"string", "template_string", "regex"})


def split_braces(script: str) -> str:
    """Return a script element that means the same and has no `{{`: in a string it becomes `{\\x7b`, else `{ {`.

    Raises:
        SnippetError: it is not JavaScript that can be read, or has `{{` in its tag.
    """
    tag = _TAG.match(script)
    if "{{" not in script or tag is None:
        return script
    if "{{" in tag[0]:
        raise SnippetError("the script's tag has '{{', which a tag manager reads as a variable")
    end = script.rindex("</")
    code = script[tag.end() : end].encode()
    texts = find_texts(code.decode())
    edited = bytearray()
    at = 0
    for offset in (match.end() for match in _DOUBLE.finditer(code.decode("latin-1"))):
        edited += code[at:offset] + (rb"\x7b" if is_in_text(texts, offset) else b" {")
        at = offset + 1
    return script[: tag.end()] + (edited + code[at:]).decode() + script[end:]


def find_texts(code: str, also: frozenset[str] = frozenset()) -> list[tuple[int, int, bool]]:
    """The byte ranges of texts, and of code inside templates, which is none; the inner behind the outer.

    Args:
        code: JavaScript.
        also: what else is a text, by the grammar's names.

    Raises:
        SnippetError: it cannot be read.
    """
    return [
        (node.start_byte, node.end_byte, node.type in _TEXTS | also)
        for node in walk(parse(code))
        if node.type in _TEXTS | also or node.type == "template_substitution"
    ]


def is_in_text(texts: list[tuple[int, int, bool]], offset: int) -> bool:
    """Whether the character at an offset stands in a text."""
    return next((is_text for start, end, is_text in reversed(texts) if start < offset < end), False)
