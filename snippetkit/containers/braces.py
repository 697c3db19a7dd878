"""Code without `{{` and without `%name%`, which tag managers read as a variable."""

from __future__ import annotations

import re

from snippetkit.errors import SnippetError
from snippetkit.javascript import parse, walk
from snippetkit.patterns import later

_TAG = later(r"<script\b[^>]*>", re.IGNORECASE)
_DOUBLE = later(r"\{(?=\{)")
_PERCENT = later(rb"(\\*)%(=?\n?)")
_COMMENTS = frozenset({"comment", "html_comment"})
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


def hide_percents(code: str) -> str:
    """Return JavaScript that means the same and has no two percent signs in one line.

    In a string or a comment one becomes `\\x25`; after an operator the line is broken.

    Raises:
        SnippetError: it is not JavaScript that can be read.
    """
    if code.count("%") < 2:
        return code
    texts = find_texts(code, _COMMENTS)

    def hidden(match: re.Match[bytes]) -> bytes:
        backslashes, behind = match.groups()
        if is_in_text(texts, match.end(1)):
            # A backslash that escapes the sign goes; an even number of them is part of the string.
            return backslashes[: len(backslashes) // 2 * 2] + rb"\x25" + behind
        return b"%" + behind.rstrip(b"\n") + b"\n"

    return _PERCENT.sub(hidden, code.encode()).decode()


def find_texts(code: str, also: frozenset[str] = frozenset()) -> list[tuple[int, int, bool]]:
    """The byte ranges of texts, and of the code inside template strings, which is not text; the inner after the outer.

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
    """Whether the character at an offset is in a text."""
    return next((is_text for start, end, is_text in reversed(texts) if start < offset < end), False)
