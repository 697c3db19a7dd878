"""Workbooks in OpenDocument: .ods (OpenDocument 1.3, part 3, chapter 9: tables).

Read here: of the libraries, odfpy is no longer kept, and python-calamine cannot tell errors, formulas that were never
calculated and empty cells apart, and refuses what Gnumeric writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING

from snippetkit import amounts
from snippetkit.errors import SettingError
from snippetkit.sheets.archive import read_parts
from snippetkit.sheets.cells import Cell, Row, Table, make_cell

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OF = "{{urn:oasis:names:tc:opendocument:xmlns:{}:1.0}}{}".format
_TABLE, _ROW, _CELL, _COVERED = (
    _OF("table", name) for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_FORMULA, _STYLED, _NAME, _DISPLAY = (_OF("table", name) for name in ("formula", "style-name", "name", "display"))
_ROWS, _COLUMNS = (_OF("table", f"number-{name}-repeated") for name in ("rows", "columns"))
_DOWN, _VISIBILITY = (_OF("table", name) for name in ("number-rows-spanned", "visibility"))
_TYPE, _VALUE, _CURRENCY = (_OF("office", name) for name in ("value-type", "value", "currency"))
_STYLE, _STYLE_NAME, _PROPERTIES = (_OF("style", name) for name in ("style", "name", "table-properties"))
_PARAGRAPH, _SPACES, _COUNT, _TAB, _BREAK = (_OF("text", name) for name in ("p", "s", "c", "tab", "line-break"))
_MANIFEST, _CONTENT = "META-INF/manifest.xml", "content.xml"
_MOST_REPEATED, _MOST_COLUMNS = 1000, 16384
_LONG = 10  # digits, from which on a number without a format is shown as `6.00913E+12`
_SCIENTIFIC = re.compile("[0-9](?:[.,][0-9]+)?[Ee][+-]?[0-9]+")
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
    from xml.etree.ElementTree import ParseError, fromstring

    parts = read_parts(data, name, {_MANIFEST, _CONTENT}.__contains__)
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise SettingError(f"{name} is encrypted", hint="save it without a password")
    if b"<!DOCTYPE" in parts[_CONTENT]:
        raise SettingError(f"{name}: its content declares a document type", hint=_ANEW)
    try:
        document = fromstring(parts[_CONTENT])  # noqa: S314 (without entities)
    except ParseError as error:
        raise SettingError(f"{name}: this workbook cannot be read: {error}", hint=_ANEW) from error
    hidden = {style.get(_STYLE_NAME) for style in document.iter(_STYLE) if _hides(style)}
    return [
        Table(name, "row", partial(_rows, table, name), table.get(_NAME, ""), table.get(_STYLED) in hidden)
        for table in document.iter(_TABLE)
    ]


def _hides(style: Element) -> bool:
    return any(properties.get(_DISPLAY) == "false" for properties in style.iter(_PROPERTIES))


def _rows(table: Element, name: str) -> Iterator[Row]:
    number = 1
    for element in table.iter(_ROW):
        cells, repeated = [*_cells(element)], _count(element, _ROWS)
        if cells and repeated > _MOST_REPEATED:
            message = f"{name}, row {number}: {repeated} rows have the same cells"
            raise SettingError(message, hint="delete those that are too many")
        is_hidden = element.get(_VISIBILITY, "visible") != "visible"
        yield from (Row(number + more, cells, is_hidden) for more in range(repeated if cells else 0))
        number += repeated


def _cells(row: Element) -> Iterator[Cell]:
    """The cells of a row; empty ones at its end, of which there may be thousands, are left out."""
    waiting = 0
    for element in row:
        if element.tag not in {_CELL, _COVERED}:
            continue
        cell, repeated = _cell(element), _count(element, _COLUMNS)
        if cell.is_empty:
            waiting += repeated
            continue
        yield from [Cell()] * min(waiting, _MOST_COLUMNS)
        yield from [cell] * min(repeated, _MOST_COLUMNS)
        waiting = 0


def _count(element: Element, name: str) -> int:
    """How often something is repeated, by an attribute."""
    told = element.get(name, "1")
    return int(told) if told.isdecimal() else 1


def _cell(element: Element) -> Cell:
    cell = _read_cell(element)
    if element.tag == _COVERED or element.get(_DOWN, "1") != "1":
        return cell.in_merge()
    return cell


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
        inner = {_TAB: "\t", _BREAK: "\n", _SPACES: " " * min(_count(child, _COUNT), _MOST_REPEATED)}
        parts += [inner.get(child.tag) or _text(child), child.tail or ""]
    return "".join(parts)
