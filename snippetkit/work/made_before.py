"""Exports that an earlier run made: the same tags give the same bytes, so a file that has them is not made again."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from snippetkit.errors import FileError


class MadeBefore:
    """What was made for each file, in a folder of digests; None for a folder keeps nothing.

    What cannot be kept is made again.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def find(self, path: str, plan: str) -> bytes | None:
        """Return what a file holds if that is what this plan made."""
        from snippetkit import files

        if self._folder is None:
            return None
        with suppress(FileError):
            content = files.read(path)
            if files.read(self._kept(path)) == _seal(plan, content):
                return content
        return None

    def keep(self, path: str, plan: str, content: bytes) -> None:
        """Keep that a plan made this for a file."""
        from snippetkit import files

        if self._folder is not None:
            with suppress(FileError):
                files.write(self._kept(path), _seal(plan, content))

    def _kept(self, path: str) -> Path:
        assert self._folder  # noqa: S101 (asked before)
        return self._folder / hashlib.sha256(str(Path(path).absolute()).encode("utf-8", "surrogateescape")).hexdigest()


def _seal(plan: str, content: bytes) -> bytes:
    return hashlib.sha256(plan.encode() + content).hexdigest().encode()
