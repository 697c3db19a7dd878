"""Answers of the API in files, one each; neither a token nor anything made from one is in a name or a content."""

from __future__ import annotations

import json
from pathlib import Path

from snippetkit import files
from snippetkit.errors import FileError


class FileCache:
    """Keeps answers in a folder, which is made when the first is kept.

    A file that cannot be read counts as absent, and one that cannot be written is not kept: both cost a request, and
    nothing else.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> tuple[str, bytes] | None:
        """Return the ETag and the content that were kept by a key, or None."""
        try:
            kept = json.loads(files.read_text(self._folder / f"{key}.json"))
            return str(kept["etag"]), str(kept["content"]).encode()
        except (FileError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, etag: str, content: bytes) -> None:
        """Keep an ETag and a content by a key."""
        try:
            files.write(self._folder / f"{key}.json", json.dumps({"etag": etag, "content": content.decode()}))
        except (FileError, UnicodeDecodeError):
            return
