"""A part of the pages, for one of several machines."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32


class Shard(NamedTuple):
    """One of `parts`; `number` counts from 1. Each page is in one of them, always in the same one."""

    number: int
    parts: int

    def holds(self, path: str) -> bool:
        """Whether a page is in this part, by its path as the arguments lead to it."""
        return crc32(path.encode("utf-8", "surrogateescape")) % self.parts == self.number - 1


WHOLE = Shard(1, 1)
