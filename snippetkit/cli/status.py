"""`snippetkit status`: say which pages carry which pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

import click

from snippetkit import schemas
from snippetkit.cli._command import Command, format_options
from snippetkit.cli._output import counted, printable, shown_state, shown_value, table, without_last_if_empty
from snippetkit.cli._reading import Looked, Texts, needles
from snippetkit.cli._saying import put, say
from snippetkit.cli._texts import Paths, jobs_option, looking_options
from snippetkit.patterns import later
from snippetkit.terms import MARKER

if TYPE_CHECKING:
    from snippetkit.errors import PageRefusedError
    from snippetkit.inject import Carried
    from snippetkit.model import PageBytes
    from snippetkit.snippets import Others


_Found: TypeAlias = "tuple[Sequence[Carried], PageRefusedError | None]"

_NAMES = ("path", "line", "key", "event", "value", "currency", "state")
_FORMULA = later(r"[=+@-](?!\Z|[0-9.]+\Z)")


class _Listing(Protocol):
    """Reports pages as they come."""

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        """Tell a page."""
        ...

    def end(self) -> None:
        """Note that there are no more."""
        ...


class _Table:
    """Aligned columns, for which all rows have to be there; pages without code are left out."""

    def __init__(self) -> None:
        self._rows = [["PLACE", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE", "BASE CODE IN"]]

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        for one in carried:
            line, _, *cells = _cells(one).values()
            self._rows.append([f"{path}:{line}", _shown(one), *cells, ", ".join(one.base_from)])

    def end(self) -> None:
        if len(self._rows) > 1:
            put(table(without_last_if_empty(self._rows)))


class _PageCounts:
    """Columns with how many pages carry what is the same in all else."""

    def __init__(self) -> None:
        self._pages: Counter[tuple[str, ...]] = Counter()

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        self._pages.update({(_shown(one), *[*_cells(one).values()][2:]) for one in carried})

    def end(self) -> None:
        if self._pages:
            rows = ((str(count), *cells) for cells, count in self._pages.most_common())
            put(table([("PAGES", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE"), *rows]))


class _PagesAsJson:
    """One document with every page, written as the pages come."""

    def __init__(self) -> None:
        self._separator = ""
        put(f'{{"version": {schemas.version("status")}, "files": [', nl=False)

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        from json import dumps

        page = {"path": path, "pixels": [_as_json(one) for one in carried]}
        put(f"{self._separator}\n  {dumps(page)}", nl=False)
        self._separator = ","

    def end(self) -> None:
        put("\n]}")


class _Csv:
    """Rows by RFC 4180, written as the pages come. No cell begins as a formula of a spreadsheet does.

    A path then begins with `./`, which names the same file, another text with an apostrophe (OWASP, "CSV Injection").
    """

    def __init__(self) -> None:
        self._print([_NAMES])

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        if carried:
            place = f"./{path}" if _FORMULA.match(path) else path
            rows = (_cells(one) | {"value": _value(one, None)} for one in carried)
            self._print([[printable(cell) for cell in (place, *map(_harmless, row.values()))] for row in rows])

    def end(self) -> None:
        pass

    def _print(self, rows: Sequence[Sequence[str]]) -> None:
        import csv
        from io import StringIO

        out = StringIO()
        csv.writer(out).writerows(rows)
        put(out.getvalue().encode("utf-8", "backslashreplace"), nl=False)


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(carried: Carried) -> dict[str, str]:
    """What a person is shown of a row, behind its path."""
    value, state = _value(carried, carried.currency), shown_state(carried.state, carried.function)
    cells = (str(carried.line), carried.key, carried.event or "", value, carried.currency or "", state)
    return dict(zip(_NAMES[1:], cells, strict=True))


def _value(carried: Carried, currency: str | None) -> str:
    """The value as people write it in a currency; as the code has it where that is None."""
    return shown_value(carried.value, currency, is_dynamic=carried.is_dynamic)


def _shown(carried: Carried) -> str:
    """The key; where the page does not tell the pixel, it says so."""
    return carried.key if carried.pixel_id else f"{carried.key}?"


def _as_json(carried: Carried) -> dict[str, object]:
    return {
        "key": carried.key,
        "dialect": carried.dialect,
        "pixel_id": carried.pixel_id or None,
        "event": carried.event,
        "value": carried.value,
        "currency": carried.currency,
        "dynamic": carried.is_dynamic,
        "managed": carried.is_managed,
        "edited": carried.is_edited,
        "reformatted": carried.is_reformatted,
        "placement": carried.placement,
        "state": carried.state,
        "base_from": list(carried.base_from),
        "function": carried.function or None,
        "line": carried.line,
    }


_LISTINGS: dict[str, Callable[[], _Listing]] = {
    "table": _Table,
    "json": _PagesAsJson,
    "csv": _Csv,
    "summary": _PageCounts,
}


def _find(path: str, page: PageBytes, others: Others | None) -> Looked[_Found]:
    if page.find(MARKER) < 0 and not page.holds(needles().are_in):  # most pages: what reads code is not even loaded
        return Looked(([], None))
    from snippetkit import inject

    return Looked(*inject.find_among_others(page, path, others))


@click.command(cls=Command)
@format_options(_LISTINGS, "Aligned columns, one JSON document, CSV, or counts.")
@jobs_option
@looking_options
def command(paths: Paths, format_name: str, jobs: int | None) -> None:
    """Say which pages carry which pixels, and with which values.

    PATH is a file, a folder, or - for stdin. The state is the placement of code that snippetkit put there,
    'reformatted' where that does the same and is written in another way since, 'edited' where somebody has changed
    it by hand, 'dead' for a script that no browser runs, 'held back' for one that a tool starts later, 'base code'
    for one that names its pixel and reports no event, 'on click' or the like for one that waits for the visitor,
    'when called' for one in a function that nothing there calls, and 'unmarked' for other code that came there
    otherwise. It is 'unclear' on a page whose snippetkit markers are not whole; the exit code is then 6. A value
    that is an expression or a server template is shown as 'dynamic', a pixel that the page does not tell as '?'.
    """
    texts, summary = Texts(paths, jobs), _Summary()
    listing = _LISTINGS[format_name]()
    for path, (carried, refusal) in texts.each_together(_find):
        listing.add(path, carried)
        summary.add(carried)
        if refusal:
            texts.fail(f"{path}: {refusal}", "warning")
    listing.end()
    say(summary)
    click.get_current_context().exit(6 if texts.failed else 0)


class _Summary:
    """Counts pages and, by their ids, pixels."""

    def __init__(self) -> None:
        self._with = self._without = self._unknown = 0
        self._pixels: set[str] = set()

    def add(self, carried: Sequence[Carried]) -> None:
        """Count a page."""
        self._with += bool(carried)
        self._without += not carried
        self._pixels.update(one.pixel_id for one in carried if one.pixel_id)
        self._unknown += sum(not one.pixel_id for one in carried)

    def __str__(self) -> str:
        verb = "carries" if self._with == 1 else "carry"
        others = "carries" if self._without == 1 else "carry"
        pixels = counted(len(self._pixels), "pixel")
        carried = [pixels] if self._pixels or not self._unknown else []
        carried += [f"{counted(self._unknown, 'event')} of unknown pixels"] if self._unknown else []
        return f"{counted(self._with, 'page')} {verb} {' and '.join(carried)}, {self._without} {others} none"
