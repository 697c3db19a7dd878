"""From the bytes of a file to its tables: what kind it is, by what is in it, and which of its sheets is meant."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.sheets.archive import part_names
from snippetkit.sheets.cells import SEARCHED_ROWS, IsHeader, Row, Table

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_KINDS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".ods": "ods", ".xls": "xls", ".xlsb": "xlsb"}
_OF_TEXTS = (".csv", ".tsv", ".txt", ".tab", ".json")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CONTROLS = later("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class FileText(NamedTuple):
    """The text of a file, and what a person should know of how it was read."""

    text: str
    note: str = ""


def decode(data: bytes, name: str) -> FileText:
    """Return the text of a file: by its byte order mark, as UTF-8, or as Windows-1252, which spreadsheets write.

    Raises:
        SettingError: it is none of these, or no text.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return FileText(data.decode(encoding))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("cp1252", "replace") if encoding == "utf-8" else "\x00"
        if _CONTROLS.search(text) or "\ufffd" in text:
            hint = "save it as UTF-8; in a spreadsheet, as 'CSV UTF-8'"
            raise SettingError(f"{name}, line {line}: this is not UTF-8 text", hint=hint) from error
        return FileText(text, f"{name} is not UTF-8, and is read as Windows-1252: see line {line}")


def read(data: bytes, name: str) -> FileText | list[Table]:
    """Return the text of a file, or the sheets of a workbook, .xlsx or .ods: which of them is told by what is in it.

    Args:
        data: the file.
        name: the file's, for messages.

    Raises:
        SettingError: it cannot be read, or is not what its name says.
    """
    kind = _kind(data, name)
    ending = next((ending for ending in (*_KINDS, *_OF_TEXTS) if name.lower().endswith(ending)), "")
    if ending and _KINDS.get(ending, "") != kind:
        raise SettingError(f"{name} is not a {ending} file but {_TITLES[kind]}", hint="rename it to what it is")
    if not kind:
        return decode(data, name)
    from snippetkit.sheets import opendocument, workbook

    return opendocument.read(data, name) if kind == "ods" else workbook.read(data, name)


def choose(tables: Sequence[Table], name: str, is_header: IsHeader, wanted: str | None = None) -> Table:
    """Return the sheet of a workbook that is meant: the one that is named, or the only one with such columns.

    Args:
        tables: the sheets.
        name: the file's, for messages.
        is_header: tells the names of columns.
        wanted: the sheet's name, where it is given.

    Raises:
        SettingError: there is no such sheet, or several may be meant, or it is hidden.
    """
    titles = ", ".join(repr(table.title) for table in tables)
    if wanted is not None:
        for table in (table for table in tables if table.title == wanted):
            return table
        raise SettingError(f"{name} has no sheet {wanted[:60]!r}, only {titles}", hint="give one of them")
    found = [table for table in tables if find_header(table, is_header) is not None] or [*tables[:1]]
    if len(found) != 1:
        names = ", ".join(repr(table.title) for table in found) or "none"
        raise SettingError(f"{name} has several sheets with rules: {names}", hint="choose one with --sheet NAME")
    [table] = found
    if table.is_hidden:
        raise SettingError(f"{name}: the sheet {table.title!r} is hidden", hint=f"--sheet {table.title!r} reads it")
    note = f"{name}: of the sheets {titles}, {table.title!r} is read" if len(tables) > 1 else ""
    return table.noting(note)


def find_header(table: Table, is_header: IsHeader) -> Row | None:
    """Return the row of a table that has the names of its columns, if one of its first rows has."""
    return next((row for row in islice(table.rows(), SEARCHED_ROWS) if is_header(row.texts)), None)


_TITLES = {"": "a text", "xlsx": "an .xlsx workbook", "ods": "an .ods workbook"}
_NEW = "save it as .xlsx, .ods or CSV"


def _kind(data: bytes, name: str) -> str:
    """What kind of workbook a file is, empty where it is none."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise SettingError(f"{name} is encrypted", hint="save it without a password")
        raise SettingError(f"{name} is an old .xls workbook", hint=_NEW)
    if not data.startswith(_ZIP):
        return ""
    names = part_names(data, name)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise SettingError(f"{name} is a zip file, but not a known kind of workbook", hint=_NEW)
