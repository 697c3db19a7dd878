"""Workbooks in Office Open XML: .xlsx and .xlsm.

openpyxl reads them whole, since only so it tells formulas, formats, hidden rows and merged cells. python-calamine is
faster, and cannot tell an error, a formula that was never calculated and an empty cell apart.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.sheets.archive import read_parts
from snippetkit.sheets.cells import Cell, Row, Table, make_cell
from snippetkit.sheets.formats import show

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_CELLS = 1_000_000
"""How many cells a sheet may go across: openpyxl makes those too that nothing stands in."""

_WORKBOOK, _PARTS = "xl/workbook.xml", later(r"xl/workbook\.xml|xl/worksheets/[^/]+\.xml")
_STALE = later(rb"""<(?:\w+:)?calcPr\s[^>]*\bfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_STRICT, _BEGINNING = b"http://purl.oclc.org/ooxml/", 2000
_UNKNOWN = "open it in a spreadsheet, and save it as .xlsx again"
_CALCULATE = "open it in a spreadsheet and save it, so that the formulas have values"


def read(data: bytes, name: str) -> list[Table]:
    """Return the sheets of a workbook.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SettingError: it cannot be read, or openpyxl is not installed.
    """
    parts = read_parts(data, name, lambda part: _PARTS.fullmatch(part) is not None)
    if any(_STRICT in part[:_BEGINNING] for part in parts.values()):
        raise SettingError(
            f"{name} is in the strict form of .xlsx", hint="save it as plain .xlsx, not as Strict Open XML"
        )
    written = _load(data, name, values=False)
    has_formulas = any(re.search(rb"<(?:\w+:)?f[ />]", part) for part in parts.values())
    values = _load(data, name, values=True) if has_formulas else written
    is_stale = _STALE.search(parts[_WORKBOOK]) is not None  # where a file does not say so, openpyxl says that it does
    sheets = ((sheet, values[sheet.title]) for sheet in written.worksheets)
    return [_table(sheet, valued, name, is_stale) for sheet, valued in sheets if valued.max_row]


def _load(data: bytes, name: str, *, values: bool) -> Workbook:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        hint = "pip install openpyxl, or save the sheet as .ods or CSV"
        raise SettingError(f"{name}: reading .xlsx needs openpyxl", hint=hint) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl would lose by writing
            return load_workbook(io.BytesIO(data), data_only=values, rich_text=True)
    except Exception as error:  # openpyxl lets what its XML parser and its types raise through
        reason = " ".join(str(error).split())[:200]
        raise SettingError(f"{name}: openpyxl cannot read this workbook: {reason}", hint=_UNKNOWN) from error


def _table(sheet: Worksheet, values: Worksheet, name: str, is_stale: bool) -> Table:
    rows, is_hidden = partial(_rows, sheet, values, name, is_stale), sheet.sheet_state != "visible"
    return Table(name, "row", rows, sheet.title, is_hidden, hidden_columns=frozenset(_hidden_columns(sheet)))


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for column in sheet.column_dimensions.values():
        if column.hidden or column.width == 0:
            yield from range(column.min - 1, column.max)


def _rows(written: Worksheet, values: Worksheet, name: str, is_stale: bool) -> Iterator[Row]:
    last, columns = written.max_row, written.max_column
    if last * columns > MAX_CELLS:
        message = f"{name}: the sheet {written.title[:60]!r} goes down to row {last}, across {columns} columns"
        hint = f"copy the table to a sheet of its own: at most {MAX_CELLS} cells are read, empty ones too"
        raise SettingError(message, hint=hint)
    merged = dict(_merged(written))
    rows, valued_rows = (sheet.iter_rows(max_row=last, max_col=columns) for sheet in (written, values))
    for row, valued in zip(rows, valued_rows, strict=False):
        number = row[0].row
        cells = [_marked(cell, _cell(cell, value, is_stale)) for cell, value in zip(row, valued, strict=True)]
        told = [cell.in_merge(merged[number, at]) if (number, at) in merged else cell for at, cell in enumerate(cells)]
        dimension = written.row_dimensions[number]
        yield Row(number, told, bool(dimension.hidden) or dimension.height == 0)


def _marked(written: Any, cell: Cell) -> Cell:
    """A cell with whether it is struck through, as a whole or in part."""
    parts = written.value if isinstance(written.value, list) else ()
    fonts = [part.font for part in parts if not isinstance(part, str)]
    fonts += [written.font] if written.has_style else []
    return cell._replace(is_struck=True) if any(font.strike for font in fonts) else cell


def _merged(sheet: Worksheet) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells that may be meant for others too: all of a merge over rows, else all but the first."""
    for merged in sheet.merged_cells.ranges:
        first = (merged.min_row, merged.min_col) if merged.min_row == merged.max_row else None
        for row in range(merged.min_row, merged.max_row + 1):
            for column in range(merged.min_col, merged.max_col + 1):
                if (row, column) != first:
                    yield (row, column - 1), merged.coord


def _cell(written: Any, valued: Any, is_stale: bool) -> Cell:
    value, has_formula = valued.value, written.data_type == "f"
    if has_formula and (value in {None, ""} or is_stale):
        return Cell(fault="is a formula without a calculated value", hint=_CALCULATE)
    if value is None:
        return Cell()
    if isinstance(value, bool):
        return Cell(fault=f"is {str(value).upper()}", hint="write a text or a number")
    if isinstance(value, int | float):
        return show(value, written.number_format)
    if isinstance(value, date | time | timedelta):
        return Cell(fault=f"is a date: {value}", hint="write a text or a number; a spreadsheet turns some into dates")
    return make_cell(str(value))
