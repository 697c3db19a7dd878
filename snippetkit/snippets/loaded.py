"""What a loader's URL in a text tells."""

from __future__ import annotations

import re

from snippetkit import platforms


def id_of_loader(dialect_name: str, masked: bytes) -> str:
    """Return the pixel that only the loader's URL tells; empty where there are several, of which any may read."""
    form = platforms.dialect_named(dialect_name).id_in_loader
    told = {match[1].decode() for match in re.finditer(form.encode(), masked)} if form else set[str]()
    return told.pop() if len(told) == 1 else ""
