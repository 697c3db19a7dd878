"""`snippetkit verify`: load pages in a real browser, and say what fires and what is wrong."""

from __future__ import annotations

import click

from snippetkit.cli._browsing import Browsing, browsing_options, read_expected
from snippetkit.cli._pages import find_pages
from snippetkit.cli._selection import Paths, reading_options
from snippetkit.cli._verdicts import FORMATS, Screenshots, Summary, telling, verdicts


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
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How it is told; junit is XML for CI.",
)
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
    pages, failed = find_pages(paths, browsing)
    summary = Summary()
    screenshots = Screenshots(screenshot)
    with telling(FORMATS["json" if as_json else format_name]()) as tell:
        for verdict in verdicts(pages, browsing, wanted, with_screenshot=screenshot is not None):
            tell(verdict)
            summary.add(verdict)
            screenshots.add(verdict)
    click.echo(summary, err=True)
    click.get_current_context().exit(6 if failed else summary.exit_code)
