"""`PATH...` for commands that work on pages, and which files below folders these are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from snippetkit.files import Selection

_PATHS = click.argument("paths", metavar="PATH...", nargs=-1, required=True)
_GLOBS = (
    click.option("--include", multiple=True, metavar="GLOB,..", help="Files below folders.  [default: *.html,*.htm]"),
    click.option("--exclude", multiple=True, metavar="GLOB,..", help="Files and folders that are left out."),
)
_GITIGNORE = click.option("--no-gitignore", is_flag=True, help="Take files that git ignores, too.")
_LINKS = click.option("--follow-links", is_flag=True, help="Go where symbolic links lead; the target is replaced.")
_FOLDER_LINKS = click.option("--follow-links", is_flag=True, help="Go into folders that symbolic links lead to.")


class Paths(NamedTuple):
    """Files and folders, and which files below folders are meant."""

    paths: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    gitignore: bool
    follow_links: bool

    def selection(self) -> Selection:
        """Return the same for a walk."""
        from snippetkit.files import PAGES, Selection

        return Selection(self.include or PAGES.include, self.exclude, self.gitignore, self.follow_links)


def selection_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...`, `--include`, `--exclude`, `--no-gitignore`, `--follow-links`: the command gets them as `paths`."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _LINKS)


def reading_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, through links too."""
    return _add(function, _PATHS, *_GLOBS, _GITIGNORE, _FOLDER_LINKS)


def every_file_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same for a command that only reads, and takes what git ignores in any case."""
    return _add(function, _PATHS, *_GLOBS, _FOLDER_LINKS)


def _add(function: Callable[..., None], *options: Callable[..., Any]) -> Callable[..., None]:
    @wraps(function)
    def command(
        paths: tuple[str, ...],
        include: tuple[str, ...],
        exclude: tuple[str, ...],
        follow_links: bool,
        no_gitignore: bool = True,
        **arguments: Any,
    ) -> None:
        if "" in paths:
            raise click.UsageError("An empty PATH is no page; '.' is the current folder.")
        chosen = Paths(paths, _globs(include), _globs(exclude), not no_gitignore, follow_links)
        function(paths=chosen, **arguments)

    with_options: Callable[..., None] = command
    for option in reversed(options):
        with_options = option(with_options)
    return with_options


def _globs(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(glob for text in given for glob in text.split(",") if glob)
