"""Workbooks in OpenDocument: .ods (OpenDocument 1.3, part 3, chapter 9: tables).

Read here: of the libraries, odfpy is no longer kept, and python-calamine cannot tell errors, formulas that were never
calculated and empty cells apart, and refuses what Gnumeric writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from snippetkit import amounts
from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.sheets import opendocument_styles as styles
from snippetkit.sheets.archive import read_parts
from snippetkit.sheets.cells import Cell, Row, Table, make_cell
from snippetkit.sheets.opendocument_styles import COLUMNS, DEFAULT, MOST_COLUMNS, VISIBILITY, Styles, count, of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TABLE, _ROW, _CELL, _COVERED = (
    of("table", name) for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_FORMULA, _STYLED, _NAME = (of("table", name) for name in ("formula", "style-name", "name"))
_ROWS, _DOWN = (of("table", f"number-rows-{name}") for name in ("repeated", "spanned"))
_TYPE, _VALUE, _CURRENCY = (of("office", name) for name in ("value-type", "value", "currency"))
_SPAN, _SPAN_STYLED = of("text", "span"), of("text", "style-name")
_PARAGRAPH, _SPACES, _COUNT, _TAB, _BREAK = (of("text", name) for name in ("p", "s", "c", "tab", "line-break"))
_MANIFEST, _CONTENT, _STYLES = "META-INF/manifest.xml", "content.xml", "styles.xml"
_MOST_REPEATED = 1000
_LONG = 10  # digits, from which on a number without a format is shown as `6.00913E+12`
_SCIENTIFIC = later("[0-9](?:[.,][0-9]+)?[Ee][+-]?[0-9]+")
_ANEW = "open it in a spreadsheet, and save it as .ods again"
_CALCULATE = "open it in a spreadsheet and save it, so that the formulas have values"
_NO_KINDS = {
    "percentage": ("is a percentage", "write the amount itself"),
    "date": ("is a date", "write a text or a number; a spreadsheet turns some into dates"),
    "time": ("is a time", "write a text or a number; a spreadsheet turns some into times"),
    "boolean": ("is TRUE or FALSE", "write a text or a number"),
}


def read(data: bytes, name: str) -> list[Table]:
    """Return the sheets of a workbook.

    Args:
        data: the file.
        name: what messages call it.

    Raises:
        SettingError: it cannot be read.
    """
    parts = read_parts(data, name, {_MANIFEST, _CONTENT, _STYLES}.__contains__)
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise SettingError(f"{name} is encrypted", hint="save it without a password")
    documents = {part: _document(parts[part], name) for part in (_STYLES, _CONTENT) if part in parts}
    found = styles.read([*documents.values()])
    return [_table(table, name, found) for table in documents[_CONTENT].iter(_TABLE)]


def _document(part: bytes, name: str) -> Element:
    from xml.etree.ElementTree import ParseError, fromstring

    if b"<!DOCTYPE" in part:
        raise SettingError(f"{name}: its content declares a document type", hint=_ANEW)
    try:
        return fromstring(part)  # noqa: S314 (without entities)
    except ParseError as error:
        raise SettingError(f"{name}: this workbook cannot be read: {error}", hint=_ANEW) from error


def _table(table: Element, name: str, found: Styles) -> Table:
    across, is_hidden = styles.across(table, found), table.get(_STYLED) in found.hidden
    rows = partial(_rows, table, name, _SheetReader(found, across.struck))
    return Table(name, "row", rows, table.get(_NAME, ""), is_hidden, hidden_columns=across.hidden)


def _rows(table: Element, name: str, reader: _SheetReader) -> Iterator[Row]:
    number = 1
    for element in table.iter(_ROW):
        cells, repeated = [*reader.cells(element)], count(element, _ROWS)
        if cells and repeated > _MOST_REPEATED:
            message = f"{name}, row {number}: {repeated} rows have the same cells"
            raise SettingError(message, hint="delete those that are too many")
        is_hidden = element.get(VISIBILITY, "visible") != "visible"
        yield from (Row(number + more, cells, is_hidden) for more in range(repeated if cells else 0))
        number += repeated


class _SheetReader(NamedTuple):
    """Reads the cells of a sheet, which has these styles and columns that are struck through."""

    styles: Styles
    struck: frozenset[int]

    def cells(self, row: Element) -> Iterator[Cell]:
        """The cells of a row; empty ones at its end, of which there may be thousands, are left out."""
        waiting, at, is_struck = 0, 0, row.get(DEFAULT) in self.styles.struck_cells
        for element in row:
            if element.tag not in {_CELL, _COVERED}:
                continue
            cell, repeated = self._cell(element, is_struck or at in self.struck), count(element, COLUMNS)
            at += repeated
            if cell.is_empty:
                waiting += repeated
                continue
            yield from [Cell()] * min(waiting, MOST_COLUMNS)
            yield from [cell] * min(repeated, MOST_COLUMNS)
            waiting = 0

    def _cell(self, element: Element, is_struck: bool) -> Cell:
        cell = _read_cell(element)
        if element.tag == _COVERED or element.get(_DOWN, "1") != "1":
            return cell.in_merge()
        styled, texts = element.get(_STYLED), self.styles.struck_texts
        in_part = any(span.get(_SPAN_STYLED) in texts for span in element.iter(_SPAN)) if texts else False
        is_whole = is_struck if styled is None else styled in self.styles.struck_cells
        return cell._replace(is_struck=True) if is_whole or in_part else cell


def _read_cell(element: Element) -> Cell:
    kind, shown = element.get(_TYPE, ""), "\n".join(map(_text, element.iterfind(_PARAGRAPH)))
    told = make_cell(shown)
    if told.fault:
        return told
    if element.get(_FORMULA) and not kind:
        return Cell(fault="is a formula without a calculated value", hint=_CALCULATE)
    if kind in _NO_KINDS:
        fault, hint = _NO_KINDS[kind]
        return Cell(fault=f"{fault}: {told.text}", hint=hint)
    return _number(element, told.text) if kind in {"float", "currency"} else told


def _number(element: Element, shown: str) -> Cell:
    stored, sign = element.get(_VALUE, ""), element.get(_CURRENCY, "")
    try:
        number, written = Decimal(stored), amounts.read(shown)
        has_decimals = written.has_unit or _shows_decimals(number, shown)
        readings, cell = {*written.readings.values()}, Cell(stored, True, sign or written.sign, has_decimals)
        if number in readings:
            return cell
        if any(round(number, _decimals(reading)) == reading for reading in readings):
            return cell._replace(note=f"is shown as {shown}, and {stored} is used")
    except (InvalidOperation, SettingError):
        pass
    return _unshown(stored, shown, sign)


def _decimals(number: Decimal) -> int:
    return -min(0, int(number.as_tuple().exponent))


def _shows_decimals(number: Decimal, shown: str) -> bool:
    """Whether a number is shown with more digits than a program adds to a whole one, as in `1999.0`."""
    return sum(map(str.isdigit, shown)) > len(f"{number:.0f}") + 1


def _unshown(stored: str, shown: str, sign: str) -> Cell:
    """A number whose text is no amount, or another one; the digits of a long one may not all be shown."""
    is_long = len(stored) >= _LONG and stored.isdecimal()
    if is_long and (shown == stored or _SCIENTIFIC.fullmatch(shown)):
        return Cell(stored, True, sign)
    hint = "format the column as a plain number, and check that it is the right one"
    return Cell(fault=f"is stored as {stored}, and shown as {shown}", hint=hint)


def _text(element: Element) -> str:
    """The text of a paragraph, in which white space is written with elements."""
    parts = [element.text or ""]
    for child in element:
        inner = {_TAB: "\t", _BREAK: "\n", _SPACES: " " * min(count(child, _COUNT), _MOST_REPEATED)}
        parts += [inner.get(child.tag) or _text(child), child.tail or ""]
    return "".join(parts)
