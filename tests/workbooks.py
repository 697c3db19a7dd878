"""Workbooks made for tests: .xlsx by openpyxl, .ods as LibreOffice writes it, and what other programs leave in them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(
    *rows: Sequence[object],
    change: Callable[[Worksheet], None] | None = None,
    parts: Mapping[str, tuple[str, str]] | None = None,
    is_stale: bool = False,
) -> bytes:
    """Return a workbook with one sheet.

    Args:
        rows: what its rows have; a text that begins with `=` is a formula.
        change: what else is done to the sheet.
        parts: of each file in the workbook a regular expression, and what is put in the place of what it finds.
        is_stale: the workbook says that its formulas are to be calculated when it is opened.
    """
    workbook = Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    made = io.BytesIO()
    workbook.save(made)
    return with_parts(made.getvalue(), {"xl/workbook.xml": ("" if is_stale else "<calcPr[^>]*>", ""), **(parts or {})})


def with_parts(data: bytes, parts: Mapping[str, tuple[str, str]]) -> bytes:
    """Return a workbook with a change in some of its files."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            pattern, new = parts.get(name, ("", ""))
            text = source.read(name)
            changed = re.sub(pattern.encode(), new.encode().replace(b"\\", b"\\\\"), text) if pattern else text
            assert not pattern or changed != text, name
            target.writestr(name, changed)
    return made.getvalue()


def number(stored: str, shown: str, kind: str = "float", more: str = "") -> str:
    """Return a cell of an .ods that stores a number and shows a text."""
    stores = f'office:value-type="{kind}" office:value="{stored}" {more}'
    return f"<table:table-cell {stores}><text:p>{escape(shown)}</text:p></table:table-cell>"


def cell(content: str) -> str:
    """Return a cell of an .ods with a text, or none; what is XML already stays."""
    if content.startswith("<"):
        return content
    kind = ' office:value-type="string"' if content else ""
    return f"<table:table-cell{kind}>{f'<text:p>{escape(content)}</text:p>' if content else ''}</table:table-cell>"


def ods(
    *rows: Sequence[str], attributes: Mapping[int, str] | None = None, title: str = "Pixels", more: str = ""
) -> bytes:
    """Return an .ods with one sheet.

    Args:
        rows: what its rows have: texts, and cells as XML.
        attributes: what the elements of rows have in addition, by their place from 0.
        title: what the sheet is called.
        more: the XML of other sheets.
    """
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    lines = (
        f"<table:table-row {(attributes or {}).get(at, '')}>{''.join(map(cell, row))}"
        '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        for at, row in enumerate(rows)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES}><office:automatic-styles>'
        '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
        f"</office:automatic-styles><office:body><office:spreadsheet><table:table table:name={quoteattr(title)}>"
        f"{''.join(lines)}{empty}</table:table>{more}</office:spreadsheet></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return made.getvalue()


def damaged(data: bytes, chance: Random) -> bytes:
    """Return a workbook with some damage in one of its files, packed rightly."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        chosen = chance.choice(source.namelist())
        for name in source.namelist():
            target.writestr(name, _changed(source.read(name), chance) if name == chosen else source.read(name))
    return made.getvalue()


_TAKEN = (b'"1"', b'"3"', b"A1", b"19.99", b'"float"', b"16380", b"table:name")
_PUT = (b'"-1"', b'"99999999999"', b"ZZZZ9", b"1e999", b"NaN", b"", b'"x"', b"9" * 40)


def _changed(part: bytes, chance: Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(part) or 1)
        part = chance.choice(
            [
                part[:at] + part[at + chance.randint(1, 30) :],
                part[:at] + bytes(chance.choices(b'0123456789<>/"ABCa -.eE', k=4)) + part[at:],
                part.replace(chance.choice(_TAKEN), chance.choice(_PUT), 1),
            ]
        )
    return part
