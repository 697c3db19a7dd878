"""Code without `%name%`, which some tag managers read as a variable."""

from __future__ import annotations

import re

from snippetkit.containers.braces import find_texts, is_in_text

_PERCENT = re.compile(rb"(\\*)%(=?\n?)")
_COMMENTS = frozenset({"comment", "html_comment"})


def hide_percents(code: str) -> str:
    """Return JavaScript that means the same and has no two percent signs in one line.

    In a string or a comment one becomes `\\x25`, behind an operator the line ends.

    Raises:
        SnippetError: it is not JavaScript that can be read.
    """
    if code.count("%") < 2:
        return code
    texts = find_texts(code, _COMMENTS)

    def hidden(match: re.Match[bytes]) -> bytes:
        backslashes, behind = match.groups()
        if is_in_text(texts, match.end(1)):
            # A backslash that escapes the sign goes; an even number of them are characters of the string.
            return backslashes[: len(backslashes) // 2 * 2] + rb"\x25" + behind
        return b"%" + behind.rstrip(b"\n") + b"\n"

    return _PERCENT.sub(hidden, code.encode()).decode()
