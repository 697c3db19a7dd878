"""Code without `%name%`, which some tag managers read as a variable."""

from __future__ import annotations

import re

from snippetkit.containers.braces import find_texts, is_in_text

_PERCENT = re.compile(rb"\\*%")


def hide_percents(code: str) -> str:
    """Return JavaScript that means the same and has no `%name%`: in a string `%` becomes `\\x25`, else `% `.

    Raises:
        SnippetError: it is not JavaScript that can be read.
    """
    if code.count("%") < 2:
        return code
    data, texts = code.encode(), find_texts(code)

    def hidden(match: re.Match[bytes]) -> bytes:
        if is_in_text(texts, match.end() - 1):
            # A backslash that escapes the sign goes; an even number of them are characters of the string.
            return match[0][: (len(match[0]) - 1) // 2 * 2] + rb"\x25"
        return match[0] if data[match.end() : match.end() + 1] in {b" ", b"="} else match[0] + b" "

    return _PERCENT.sub(hidden, data).decode()
