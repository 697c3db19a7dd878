"""What was found in a script or a URL, kept for the next page: the pages of a site share most of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_MOST = 256
_LONGEST = 16 * 1024
_Found = TypeVar("_Found")


def kept(find: Callable[[bytes], _Found]) -> Callable[[bytes], _Found]:
    """Return what finds the same in a text, and does not look twice at a short one."""
    known = lru_cache(maxsize=_MOST)(find)

    @wraps(find)
    def found(text: bytes) -> _Found:
        return known(text) if len(text) <= _LONGEST else find(text)

    return found
