"""`--pages`: the sheet that says which pixel with which value is on which page, and what its user says about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.cli._command import add_options, refuse_options
from snippetkit.cli._output import printable
from snippetkit.cli._paths import File
from snippetkit.cli._progress import show_step
from snippetkit.cli._saying import say
from snippetkit.cli._texts import name_of, read_data

if TYPE_CHECKING:
    from snippetkit.platforms import Ids
    from snippetkit.rules import Rules

_OPTIONS = (
    click.option(
        "--pages",
        "pages_file",
        metavar="FILE",
        type=File(),
        help="Which pixel with which value is on which page: .xlsx, .ods, CSV or JSON with page, pixel, amount or "
        "value, currency; '-' is stdin.",
    ),
    click.option("--sheet", metavar="NAME", help="With --pages, the sheet of a workbook that has several."),
    click.option(
        "--hidden-rows",
        type=click.Choice(["take", "skip"]),
        help="With --pages, whether rows that are hidden, filtered out or struck through count.",
    ),
    click.option(
        "--allow-empty-values",
        is_flag=True,
        help="With --pages, a row without a value gets the page's or the code's own.",
    ),
    click.option("--allow-zero-values", is_flag=True, help="With --pages, a value may be 0."),
)


class PagesFile(NamedTuple):
    """A file of page rules, or no `path`, and what is said about it."""

    path: str | None
    sheet: str | None = None
    hidden_rows: str | None = None
    allow_empty: bool = False
    allow_zero: bool = False

    def read(self, ids: Sequence[Ids]) -> Rules:
        """Return the rules; what there is to know of the file is said on stderr.

        Args:
            ids: what pixels' ids look like; none where they are the API's.

        Raises:
            FileError: it cannot be read.
            SettingError: a rule is not what it should be, with its place.
        """
        from snippetkit import rules

        path, take = self.path or "", None if self.hidden_rows is None else self.hidden_rows == "take"
        show_step(f"reading {printable(name_of(path))}")
        choices = rules.SheetChoices(self.sheet, take, self.allow_empty, self.allow_zero)
        parsed = rules.parse(read_data(path), name_of(path), ids, choices)
        for note in parsed.notes:
            say(printable(f"note: {note}"))
        return parsed


def pages_file_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--pages` and what goes with it: the command gets them as one `PagesFile`, named `pages_file`."""

    @wraps(function)
    def command(
        pages_file: str | None,
        sheet: str | None,
        hidden_rows: str | None,
        allow_empty_values: bool,
        allow_zero_values: bool,
        **arguments: Any,
    ) -> None:
        if pages_file is None:
            options = ("sheet", "hidden_rows", "allow_empty_values", "allow_zero_values")
            refuse_options("needs --pages.", *options)
        given = PagesFile(pages_file, sheet, hidden_rows, allow_empty_values, allow_zero_values)
        function(pages_file=given, **arguments)

    return add_options(command, *_OPTIONS)
