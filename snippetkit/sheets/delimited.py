"""A text with a delimiter between its fields, as programs write it: CSV, and what goes by that name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.sheets.cells import SEARCHED_ROWS, Cell, IsHeader, Row, Table, make_cell

_DELIMITERS = ",;\t|"
_SAID = later(r"\s*\"?sep=(?P<delimiter>[^\"\r\n])\"?[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_MARKUP = later(r"\s*<[!?a-zA-Z]")
_NO_TEXT = later("[\x00\ud800-\udfff]")
_AS_TEXT = later(r'="(?P<text>[^"]*)"')
_QUOTES = "put a field that has a double quote in double quotes, and double each one in it"


class _DelimitedText(NamedTuple):
    """Where the fields of a text begin, and what stands between them."""

    text: str
    name: str
    delimiter: str
    begins: int = 0

    def rows(self) -> Iterator[Row]:
        import csv
        import io

        stream = io.StringIO(self.text[self.begins :], newline="")
        reader, above = csv.reader(stream, delimiter=self.delimiter, strict=True), self.text.count("\n", 0, self.begins)
        while True:
            line = above + reader.line_num + 1
            try:
                fields = next(reader, None)
            except csv.Error as error:
                raise SettingError(f"{self.name}, line {line}: this is not CSV: {error}", hint=_QUOTES) from error
            if fields is None:
                return
            yield Row(line, [_cell(field) for field in fields])

    def table(self) -> Table:
        return Table(self.name, "line", self.rows)


def read(text: str, name: str, is_header: IsHeader) -> Table:
    """Return a text as a table: with the delimiter that its `sep=` line says, else with which it has a header.

    Args:
        text: the whole text.
        name: what messages call it.
        is_header: tells the names of columns.

    Raises:
        SettingError: it is no text, or no table.
    """
    if match := _NO_TEXT.search(text):
        hint = "save it as UTF-8; in a spreadsheet, as 'CSV UTF-8'"
        line = text.count("\n", 0, match.start()) + 1
        raise SettingError(f"{name}, line {line}: this is not UTF-8 text", hint=hint)
    if _MARKUP.match(text):
        raise SettingError(f"{name}: this is HTML or XML, not CSV", hint="save the sheet as .xlsx, .ods or CSV")
    if said := _SAID.match(text):
        return _DelimitedText(text, name, said["delimiter"], said.end()).table()
    tables = [_DelimitedText(text, name, delimiter).table() for delimiter in _DELIMITERS]
    return next((table for table in tables if _has_header(table, is_header)), tables[0])


def _has_header(table: Table, is_header: IsHeader) -> bool:
    try:
        return any(is_header(row.texts) for row in islice(table.rows(), SEARCHED_ROWS))
    except SettingError:
        return False


def _cell(field: str) -> Cell:
    """A field; `="123"` is how spreadsheets are kept from making a number of a text."""
    match = _AS_TEXT.fullmatch(field.strip()) if "=" in field else None
    return make_cell(match["text"] if match else field)
