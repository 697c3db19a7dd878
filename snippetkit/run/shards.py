"""A part of the pages, for one of several machines."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple
from zlib import crc32

_WILD = frozenset("*?[")


class Shard(NamedTuple):
    """One of `parts`; `number` counts from 1. Each page is in one of them, always in the same one."""

    number: int
    parts: int

    def holds(self, path: str, base: str = "") -> bool:
        """Whether a page is in this part, by its path below `base`, so that machines may keep a site where they like.

        Args:
            path: of the page, as the arguments lead to it.
            base: the folder that all arguments are in, as `base_of` gives it.
        """
        below = path.removeprefix(base) if path.startswith(base) else path.rpartition("/")[2]
        return crc32(below.encode("utf-8", "surrogateescape")) % self.parts == self.number - 1


WHOLE = Shard(1, 1)


def base_of(paths: Iterable[str]) -> str:
    """Return what the paths of the pages begin with, up to a slash: the folder that all arguments are in.

    Args:
        paths: files, folders, patterns, as they were given; a folder alone is that folder.
    """
    common = os.path.commonprefix([_folders(path) for path in paths])  # noqa: RUF071 (of lists)
    return "".join(f"{folder}/" for folder in common)


def _folders(path: str) -> list[str]:
    """The folders that a path names, those before the first wildcard of a pattern."""
    names = (path.rstrip("/") if "://" in path else PurePath(path).as_posix()).split("/")
    wild = next((at for at, name in enumerate(names) if not _WILD.isdisjoint(name)), len(names))
    return [] if names == ["."] else names[:wild]
