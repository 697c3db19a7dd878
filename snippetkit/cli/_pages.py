"""Which pages are looked at in a browser: files, the pages below folders, and URLs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from snippetkit.cli._browsing import Browsing, check_url
from snippetkit.cli._output import printable
from snippetkit.cli._selection import Paths
from snippetkit.cli._texts import STDIN

if TYPE_CHECKING:
    from snippetkit.errors import FileError


def find_pages(paths: Paths, browsing: Browsing) -> tuple[list[tuple[str, str]], list[FileError]]:
    """Return the pages, each once and in their order, and what failed, which is told on stderr, too.

    A page is its path or URL, and the folder that is the root of its site, empty for a URL.

    Raises:
        SettingError: a URL is none, or is not to be reached.
    """
    failed: list[FileError] = []

    def fail(error: FileError) -> None:
        failed.append(error)
        click.echo(printable(f"failed: {error}"), err=True)

    pages: dict[str, str] = {}
    for named in paths.paths:
        for path, root in _below(named, paths, browsing, fail):
            pages.setdefault(path, root)
    return list(pages.items()), failed


def _below(
    named: str, paths: Paths, browsing: Browsing, fail: Callable[[FileError], None]
) -> Iterator[tuple[str, str]]:
    from snippetkit import files

    if named == STDIN:
        raise click.UsageError("A page from stdin has no address; give its file.")
    if "://" in named:
        check_url(named, browsing)
        yield named, ""
        return
    root = next(folder for folder in (Path(named), *Path(named).parents) if folder.is_dir())
    found = (found.path for found in files.walk([named], fail, paths.selection()))
    yield from ((path, str(root)) for path in found if _can_be_read(path, fail))


def _can_be_read(path: str, fail: Callable[[FileError], None]) -> bool:
    from snippetkit.errors import FileError

    try:
        with open(path, "rb"):  # noqa: PTH123 (as it is named)
            return True
    except OSError as error:
        fail(FileError(f"{path}: {error.strerror}", path=path))
        return False
