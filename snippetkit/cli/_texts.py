"""Texts to look at: files, the pages below folders, or stdin."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from snippetkit.cli._output import printable
from snippetkit.cli._selection import Paths
from snippetkit.errors import FileError

if TYPE_CHECKING:
    from snippetkit.model import Text

STDIN = "-"

_Found = TypeVar("_Found")


class Texts:
    """The texts of some paths; `failed` is how many could not be read, or not in full, each named on stderr."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.failed = 0

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each path, once, and its text; bytes that are not UTF-8 are kept apart."""
        return self.each(lambda text: _decode(text.whole()))

    def each(self, look: Callable[[Text], _Found]) -> Iterator[tuple[str, _Found]]:
        """Yield each path, once, and what `look` makes of its text; stdin comes first, and links are read through."""
        for path in self._walk():
            try:
                found = _look(path, look)
            except FileError as error:
                self._fail(error)
            else:
                yield path, found

    def fail(self, message: str, word: str = "failed") -> None:
        """Count a failure, and tell it."""
        self.failed += 1
        click.echo(f"{word}: {printable(message)}", err=True)

    def _walk(self) -> Iterator[str]:
        from snippetkit import files

        if STDIN in self._paths.paths:
            yield STDIN
        named = [path for path in self._paths.paths if path != STDIN]
        yield from (found.path for found in files.walk(named, self._fail, self._paths.selection()))

    def _fail(self, error: FileError) -> None:
        self.fail(str(error))


def read_text(path: str) -> str:
    """Return the text of a file, or of stdin for `-`; bytes that are not UTF-8 are kept as lone surrogates.

    Raises:
        FileError: it cannot be read.
    """
    return _look(path, lambda text: _decode(text.whole()))


def _look(path: str, look: Callable[[Text], _Found]) -> _Found:
    from snippetkit import files
    from snippetkit.model import Loaded

    if path == STDIN:
        return look(Loaded(sys.stdin.buffer.read()))
    with files.read_file(path) as page:
        return look(page)


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
