"""Workbooks made for tests: .xlsx by openpyxl, .ods as LibreOffice writes it, and what other programs leave in them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
SHEET = "xl/worksheets/sheet1.xml"
_OWN_STYLES = (
    '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
) + "".join(
    f'<style:style style:name="struck-{family}" style:family="{family}">'
    '<style:text-properties style:text-line-through-type="single"/></style:style>'
    for family in ("table-cell", "text")
)


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
    *rows: Sequence[str],
    attributes: Mapping[int, str] | None = None,
    title: str = "Pixels",
    more: str = "",
    columns: str = "",
    styles: str = "",
) -> bytes:
    """Return an .ods with one sheet.

    Args:
        rows: what its rows have: texts, and cells as XML.
        attributes: what the elements of rows have in addition, by their place from 0.
        title: what the sheet is called.
        more: the XML of other sheets.
        columns: the XML of its columns.
        styles: the XML of styles that people have named.
    """
    cells = '<table:table-cell table:number-columns-repeated="16384"/>'
    empty = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row>'
    lines = (
        f"<table:table-row {(attributes or {}).get(at, '')}>{''.join(map(cell, row))}"
        '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        for at, row in enumerate(rows)
    )
    spreadsheet = f"<table:table table:name={quoteattr(title)}>{columns}{''.join(lines)}{empty}</table:table>{more}"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES}><office:automatic-styles>'
        f"{_OWN_STYLES}</office:automatic-styles><office:body><office:spreadsheet>{spreadsheet}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
        if styles:
            archive.writestr("styles.xml", f"<office:document-styles {_NAMESPACES}>{styles}</office:document-styles>")
    return made.getvalue()


@cache
def _profile() -> TemporaryDirectory[str]:
    """One profile for a process: making a new one takes longer than what it is for."""
    return TemporaryDirectory(prefix="snippetkit-office-")


def converted(file: Path, kind: str) -> Path:
    """Return what LibreOffice makes of a file, in a folder beside it, with a profile that is nobody's."""
    profile, folder = Path(_profile().name).as_uri(), file.parent / "made"
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", folder]
    subprocess.run([*command, file], check=True, capture_output=True, timeout=120)
    return folder / f"{file.stem}.{kind}"


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
