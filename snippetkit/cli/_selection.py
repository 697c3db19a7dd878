"""`PATH...` for commands that work on pages, and which files below folders these are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from snippetkit.files import Selection

_OPTIONS = (
    click.argument("paths", metavar="PATH...", nargs=-1, required=True),
    click.option("--include", multiple=True, metavar="GLOB,..", help="Files below folders.  [default: *.html,*.htm]"),
    click.option("--exclude", multiple=True, metavar="GLOB,..", help="Files and folders that are left out."),
    click.option("--no-gitignore", is_flag=True, help="Take files that git ignores, too."),
    click.option("--follow-links", is_flag=True, help="Go where symbolic links lead; the target is replaced."),
)


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

    @wraps(function)
    def command(
        paths: tuple[str, ...],
        include: tuple[str, ...],
        exclude: tuple[str, ...],
        no_gitignore: bool,
        follow_links: bool,
        **arguments: Any,
    ) -> None:
        chosen = Paths(paths, _globs(include), _globs(exclude), not no_gitignore, follow_links)
        function(paths=chosen, **arguments)

    with_options: Callable[..., None] = command
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options


def _globs(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(glob for text in given for glob in text.split(",") if glob)
