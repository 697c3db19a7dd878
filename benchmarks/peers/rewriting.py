"""What the Python peers share: each page below a folder read, rewritten, and replaced through a temporary file.

    python PEER.py FOLDER CODE

A page that a peer raises an error for is left as it was and counted on stderr; the exit status is then 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

Rewrite = Callable[[bytes, bytes], bytes]


def pages(folder: str) -> Iterator[str]:
    """Yield the paths of the pages below a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from pages(entry.path)
            elif entry.name.lower().endswith((".html", ".htm")):
                yield entry.path


def replace(path: str, rewrite: Rewrite, code: bytes) -> None:
    """Write the rewritten page to a temporary file with the page's mode, and put it in the page's place."""
    file = os.open(path, os.O_RDONLY)
    try:
        status = os.fstat(file)
        before = os.read(file, status.st_size)
    finally:
        os.close(file)
    after = rewrite(before, code)
    temporary = f"{path}.peer~"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, status.st_mode & 0o7777)
    try:
        os.write(file, after)
    finally:
        os.close(file)
    os.rename(temporary, path)  # noqa: PTH104  (a Path takes microseconds, the page some fifty)


def main(rewrite: Rewrite) -> None:
    """Rewrite all pages below the folder named on the command line."""
    os.umask(0)
    code = Path(sys.argv[2]).read_bytes()
    failed = 0
    for path in pages(sys.argv[1]):
        try:
            replace(path, rewrite, code)
        except Exception as error:
            failed += 1
            print(f"{path}: {error!r}", file=sys.stderr)
    sys.exit(failed > 0)
