"""Texts to look at: files, the pages below folders, or stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

import click

from snippetkit.cli._output import printable
from snippetkit.errors import FileError

STDIN = "-"


def paths_argument(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...`."""
    return click.argument("paths", metavar="PATH...", nargs=-1, required=True)(function)


class Texts:
    """The texts of some paths; `failed` is how many could not be read, each named on stderr."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = paths
        self.failed = 0

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each path, once, and its text; bytes that are not UTF-8 are kept apart."""
        for path in dict.fromkeys(self._walk()):
            try:
                yield path, read_text(path)
            except FileError as error:
                self._fail(error)

    def _walk(self) -> Iterator[str]:
        from snippetkit import files

        every = files.Selection(gitignore=False)
        for given in self._paths:
            if given == STDIN:
                yield STDIN
            else:
                yield from (found.path for found in files.walk([given], self._fail, every))

    def _fail(self, error: FileError) -> None:
        self.failed += 1
        click.echo(f"failed: {printable(str(error))}", err=True)


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; bytes that are not UTF-8 are kept as lone surrogates.

    Raises:
        FileError: it cannot be read.
    """
    from snippetkit import files

    data = sys.stdin.buffer.read() if path == STDIN else files.read(path)
    return data.decode("utf-8", "surrogateescape")
