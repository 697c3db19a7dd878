"""`snippetkit verify`: load pages in a real browser, and say what fires and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from snippetkit.cli._browsing import Browsing, browsing_options, check_url, read_expected
from snippetkit.cli._output import printable
from snippetkit.cli._selection import Paths, reading_options
from snippetkit.cli._texts import STDIN
from snippetkit.cli._verdicts import FORMATS, Screenshots, Summary, telling, verdicts

if TYPE_CHECKING:
    from snippetkit.errors import FileError


@click.command()
@click.option(
    "--expect",
    "expected",
    multiple=True,
    metavar="pixel=ID,...",
    help="An event that has to fire, once, and no other: pixel=123,event=Purchase,value=19.99,currency=USD. "
    "Without it the code on each page says what has to fire.",
)
@browsing_options
@click.option("--screenshot", metavar="DIR", help="Put a picture of each page into a folder.")
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@reading_options
def command(
    paths: Paths,
    expected: tuple[str, ...],
    browsing: Browsing,
    screenshot: str | None,
    format_name: str,
    as_json: bool,
) -> None:
    """Load pages in a real browser, and say which pixels fire, with what, and what is wrong.

    PATH is a page, a folder whose .html and .htm files are taken, or a URL. Files are served on loopback; the vendor's
    loaders are stand-ins, what they would send is caught, and nothing leaves this machine unless --live lets it.
    The exit code is 1 where something is not as it should be.
    """
    wanted = read_expected(expected)
    failed: list[FileError] = []
    pages = _pages(paths, browsing, failed)
    summary = Summary()
    screenshots = Screenshots(screenshot)
    with telling(FORMATS["json" if as_json else format_name]()) as tell:
        for verdict in verdicts(pages, browsing, wanted, with_screenshot=screenshot is not None):
            tell(verdict)
            summary.add(verdict)
            screenshots.add(verdict)
    click.echo(summary, err=True)
    click.get_current_context().exit(6 if failed else summary.exit_code)


def _pages(paths: Paths, browsing: Browsing, failed: list[FileError]) -> list[tuple[str, str]]:
    """The pages, in their order, each with the folder that is its site's root, empty for a URL."""
    from pathlib import Path

    from snippetkit import files

    def fail(error: FileError) -> None:
        failed.append(error)
        click.echo(printable(f"failed: {error}"), err=True)

    pages: list[tuple[str, str]] = []
    for named in paths.paths:
        if named == STDIN:
            raise click.UsageError("A page from stdin has no address; give its file.")
        if "://" in named:
            check_url(named, browsing)
            pages.append((named, ""))
            continue
        root = named if Path(named).is_dir() else str(Path(named).parent)
        found = (found.path for found in files.walk([named], fail, paths.selection()))
        pages += ((path, root) for path in found if _can_be_read(path, fail))
    return list(dict.fromkeys(pages))


def _can_be_read(path: str, fail: Callable[[FileError], None]) -> bool:
    from snippetkit.errors import FileError

    try:
        with open(path, "rb"):  # noqa: PTH123 (as it is named)
            return True
    except OSError as error:
        fail(FileError(f"{path}: {error.strerror}", path=path))
        return False
