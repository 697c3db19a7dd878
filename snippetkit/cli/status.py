"""`snippetkit status`: say which pages carry which pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from snippetkit.cli._listing import LISTINGS
from snippetkit.cli._output import counted
from snippetkit.cli._selection import Paths, reading_options
from snippetkit.cli._texts import Texts

if TYPE_CHECKING:
    from snippetkit.inject import Carried


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(LISTINGS)),
    default="table",
    show_default=True,
    help="Aligned columns, one JSON document, or CSV.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@reading_options
def command(paths: Paths, format_name: str, as_json: bool) -> None:
    """Say which pages carry which pixels, and with which values.

    PATH is a file, a folder, or - for stdin. The state is the placement of code that snippetkit put there, 'edited'
    where somebody has changed that by hand since, and 'unmarked' for code that came there otherwise. It is 'unclear' on
    a page whose snippetkit markers are not whole; the exit code is then 6. A value that is an expression or a server
    template is shown as 'dynamic'.
    """
    from snippetkit import inject

    texts, summary = Texts(paths), _Summary()
    listing = LISTINGS["json" if as_json else format_name]()
    for path, (carried, refusal) in texts.each(inject.find_code):
        listing.add(path, carried)
        summary.add(carried)
        if refusal:
            texts.fail(f"{path}: {refusal}", "warning")
    listing.end()
    click.echo(summary, err=True)
    click.get_current_context().exit(6 if texts.failed else 0)


class _Summary:
    """Counts pages and, by their ids, pixels."""

    def __init__(self) -> None:
        self._with = self._without = 0
        self._pixels: set[str] = set()

    def add(self, carried: Sequence[Carried]) -> None:
        """Count a page."""
        self._with += bool(carried)
        self._without += not carried
        self._pixels.update(one.pixel_id or one.key for one in carried)

    def __str__(self) -> str:
        if not self._with + self._without:
            return "no such files there (--include says which)"
        verb = "carries" if self._with == 1 else "carry"
        others = "carries" if self._without == 1 else "carry"
        pixels = counted(len(self._pixels), "pixel")
        return f"{counted(self._with, 'page')} {verb} {pixels}, {self._without} {others} none"
