"""Ids that are the same for the same text, and free."""

from __future__ import annotations

from collections.abc import Container
from hashlib import sha256
from itertools import count

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def make_id(text: str, taken: Container[str] = ()) -> str:
    """Return an id for a text, one that is not taken: of letters, since JavaScript sorts keys that are numbers."""
    found = (sha256(f"{text}{number or ''}".encode("utf-8", "surrogatepass")).hexdigest()[:8] for number in count())
    return next(new_id for new_id in (digits.translate(_LETTERS) for digits in found) if new_id not in taken)
