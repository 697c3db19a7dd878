"""Where pages come from beside `PATH...`: a sitemap, and the links of a site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click

from snippetkit import work
from snippetkit.cli._command import add_options, refuse_options
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._progress import show_step
from snippetkit.cli._saying import say
from snippetkit.cli._texts import Paths, name_of, read_data
from snippetkit.work import Bounds, Browsing

_OPTIONS = (
    click.option(
        "--sitemap",
        metavar="FILE",
        type=File(),
        help="Take the pages that this sitemap lists, a file or a URL, itself or as an index; or robots.txt, for those "
        "that it names; '-' is stdin.",
    ),
    click.option(
        "--crawl", is_flag=True, help="With --live, take the pages too that the links of each named URL lead to."
    ),
    click.option(
        "--max-pages",
        type=click.IntRange(1, 100_000),
        default=500,
        show_default=True,
        help="With --crawl, how many pages at most.",
    ),
    click.option(
        "--max-depth",
        type=click.IntRange(0, 1000),
        default=5,
        show_default=True,
        help="With --crawl, how many links from a named URL at most.",
    ),
)


class Sources(NamedTuple):
    """A sitemap, and how far a crawl goes; None for none."""

    sitemap: str | None = None
    bounds: Bounds | None = None

    def added_to(self, paths: Paths, browsing: Browsing) -> Paths:
        """Return the paths, with the URLs that a sitemap lists and that links lead to.

        Raises:
            FileError, NetworkError, SettingError: something cannot be read, or must not be.
        """
        named = dict.fromkeys(paths.paths)
        if self.sitemap is not None:
            show_step("reading the sitemap")
            named |= dict.fromkeys(self._listed(self.sitemap, browsing))
        if self.bounds is None:
            return paths._replace(paths=tuple(named))
        if files := [path for path in named if "://" not in path]:
            raise click.UsageError(f"--crawl is for URLs, and {printable(files[0])} is a path.")
        show_step("following links")
        crawled = work.crawl([*named], self.bounds, browsing.check_url, browsing.timeout_s)
        for note in crawled.notes:
            say(printable(f"note: {note}"))
        return paths._replace(paths=crawled.pages)

    def _listed(self, sitemap: str, browsing: Browsing) -> list[str]:
        def read(_: str) -> bytes:
            return read_data(sitemap)

        is_live = browsing.is_live
        return work.find_listed(name_of(sitemap), browsing.check_url, browsing.timeout_s, is_live=is_live, read=read)


def sources_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--sitemap`, `--crawl` and its bounds: the command gets them as `sources`."""

    @wraps(function)
    def command(
        *, sitemap: str | None, crawl: bool, max_pages: int, max_depth: int, paths: Paths, **arguments: Any
    ) -> None:
        if not paths.paths and sitemap is None:
            raise click.UsageError("Missing argument 'PATH...'; or give --sitemap.")
        if not crawl:
            refuse_options("needs --crawl.", "max_pages", "max_depth")
        elif not arguments["browsing"].is_live:
            raise click.UsageError("--crawl needs --live: it asks a server for page after page.")
        sources = Sources(sitemap, Bounds(max_pages, max_depth) if crawl else None)
        function(paths=paths, sources=sources, **arguments)

    return add_options(command, *_OPTIONS)
