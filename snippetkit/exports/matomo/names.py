"""Names that every version of Matomo takes: short enough, and distinct to its database.

Tags, triggers and variables had names of at most 50 characters until 2024, 255 since (Input/Name.php), counted with
`<`, `>`, `&` and quotes escaped. Whether a name is taken is for the database to compare: without case and accents, and
in MySQL's old collation, with all emoji the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from hashlib import sha256
from html import escape

from snippetkit.patterns import later

MAX_CHARACTERS = 50

_DIGITS = 10
_SHORTENED = later(r"\.\.\. [0-9a-f]{10}")


def digest(text: str) -> str:
    """Return ten hexadecimal digits that tell a text apart from others."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def shorten(name: str) -> str:
    """Return a name shortened: its beginning, and a digest of the whole, which changes with its case too."""
    end = f"... {digest(name)}"
    kept = name[: MAX_CHARACTERS - len(end)]
    while len(escape(kept)) > MAX_CHARACTERS - len(end):
        kept = kept[:-1]
    return f"{kept.strip()}{end}"


def choose(names: Collection[str]) -> dict[str, str]:
    """Return for each name what it is called in the file: itself, or shortened where Matomo would not take it.

    Args:
        names: of one kind of item, each once.
    """
    counts = Counter(_as_compared(name) for name in names)
    return {name: shorten(name) if _is_refused(name) or counts[_as_compared(name)] > 1 else name for name in names}


def whole(name: str, text: str) -> str:
    """Return the whole name: `text` if `name` is that shortened, else `name`."""
    return text if name == shorten(text) else name


def _is_refused(name: str) -> bool:
    """Whether a name is too long, empty, loses white space at its ends, or could be another one shortened."""
    return len(escape(name)) > MAX_CHARACTERS or name != name.strip() or not name or bool(_SHORTENED.search(name))


def _as_compared(name: str) -> str:
    if name.isascii():
        return name.casefold().strip()
    letters = (char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.sub("[^\0-\uffff]", "\ufffd", "".join(letters)).casefold().strip()
