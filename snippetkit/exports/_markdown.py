"""Text of others in Markdown: it shows as it is, and is no markup (CommonMark 0.31; GitHub's tables and links)."""

from __future__ import annotations

import re

from snippetkit.exports._names import one_line

# An underscore inside a word is none, nor is an at sign that no address ends in.
_MARKUP = re.compile(
    r"[\\`*\[<~$] | (?<![^\W_])_ | _(?![^\W_]) | &(?=[#\w]) | (?<=[\w.+-])@ | :(?=//) | (?<=www)\.",
    re.IGNORECASE | re.VERBOSE,
)


def code(text: str) -> str:
    """Return text as code, for a table too: in character references where a code span would not hold it."""
    line = one_line(text)
    if line.strip() and not {"`", "|"} & {*line}:
        return f"`{line}`"
    return f"<code>{''.join(char if char.isalnum() else f'&#{ord(char)};' for char in line)}</code>"


def prose(text: str) -> str:
    """Return text that stands inside a line, behind other text."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
