"""Foreign text in Markdown: it shows as it is, not as markup (CommonMark 0.31; GitHub's tables and links)."""

from __future__ import annotations

import re

from snippetkit.exports._names import one_line
from snippetkit.patterns import later

# An underscore inside a word is not markup, and neither is an at sign that does not belong to an address.
_MARKUP = later(
    r"[\\`*\[<~$] | (?<![^\W_])_ | _(?![^\W_]) | &(?=[#\w]) | (?<=[\w.+-])@ | :(?=//) | (?<=www)\.",
    re.IGNORECASE | re.VERBOSE,
)


def code(text: str) -> str:
    """Return text as code, even in a table: as character references where a code span could not hold it."""
    line = one_line(text)
    if line.strip() and not {"`", "|"} & {*line}:
        return f"`{line}`"
    return f"<code>{''.join(char if char.isalnum() else f'&#{ord(char)};' for char in line)}</code>"


def prose(text: str) -> str:
    """Return text for the middle of a line, after other text."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
