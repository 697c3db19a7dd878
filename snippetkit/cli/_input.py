"""What is read: a file, or stdin where its name is `-`."""

from __future__ import annotations

import sys


def read_input(path: str) -> bytes:
    """Return the bytes of a file, or of stdin for `-`.

    Raises:
        FileError: the file cannot be read.
    """
    if path == "-":
        return sys.stdin.buffer.read()
    from pathlib import Path

    from snippetkit import files

    return files.read_page(Path(path)).data
