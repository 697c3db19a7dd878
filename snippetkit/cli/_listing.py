"""Which pages carry which pixels: as a table, as one JSON document, or as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import click

from snippetkit.cli._output import printable, table

if TYPE_CHECKING:
    from snippetkit.inject import Carried

_NAMES = ("path", "line", "key", "event", "value", "currency", "state")
_FORMULA = re.compile(r"[=+@-](?!\Z|[0-9.]+\Z)")


class Listing(Protocol):
    """Tells pages as they come."""

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        """Tell a page."""
        ...

    def end(self) -> None:
        """Tell that there are no more."""
        ...


class _Table:
    """Aligned columns, for which all rows have to be there; no page without code is in it."""

    def __init__(self) -> None:
        self._rows = [["PLACE", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE"]]

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        rows = ([path, *cells] for cells in map(_cells, carried))
        self._rows += ([f"{path}:{line}", *cells] for path, line, *cells in rows)

    def end(self) -> None:
        if len(self._rows) > 1:
            click.echo(table(self._rows))


class _Json:
    """One document with every page, written as the pages come."""

    def __init__(self) -> None:
        self._separator = ""
        click.echo('{"files": [', nl=False)

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        from json import dumps

        page = {"path": path, "pixels": [_as_json(one) for one in carried]}
        click.echo(f"{self._separator}\n  {dumps(page)}", nl=False)
        self._separator = ","

    def end(self) -> None:
        click.echo("\n]}")


class _Csv:
    """Rows by RFC 4180, written as the pages come. No cell begins as a formula of a spreadsheet does.

    A path then begins with `./`, which names the same file, another text with an apostrophe (OWASP, "CSV Injection").
    """

    def __init__(self) -> None:
        self._print([_NAMES])

    def add(self, path: str, carried: Sequence[Carried]) -> None:
        if carried:
            place = f"./{path}" if _FORMULA.match(path) else path
            self._print([[printable(cell) for cell in (place, *map(_harmless, _cells(one)))] for one in carried])

    def end(self) -> None:
        pass

    def _print(self, rows: Sequence[Sequence[str]]) -> None:
        import csv
        from io import StringIO

        out = StringIO()
        csv.writer(out).writerows(rows)
        click.echo(out.getvalue().encode("utf-8", "backslashreplace"), nl=False)


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(carried: Carried) -> list[str]:
    """What a person is shown of a row, behind its path."""
    value = "dynamic" if carried.is_dynamic else carried.value or ""
    return [str(carried.line), carried.key, carried.event or "", value, carried.currency or "", carried.state]


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
        "placement": carried.placement,
        "line": carried.line,
    }


LISTINGS: dict[str, Callable[[], Listing]] = {"table": _Table, "json": _Json, "csv": _Csv}
