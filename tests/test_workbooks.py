"""Workbooks: what .xlsx and .ods store and show, what is asked about them, and what is refused."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from snippetkit import rules
from snippetkit.errors import SettingError, SheetError
from snippetkit.rules import Rules, SheetChoices
from tests.conftest import PIXEL_ID
from tests.workbooks import SHEET, converted, damaged, number, ods, with_parts, xlsx

HEADER = ("Page", "Pixel ID", "Amount", "Currency")
ID = int(PIXEL_ID)
ROW = ("/a.html", ID, 19.99, "EUR")


def told(found: Rules) -> list[tuple[str, str, str | None, str | None]]:
    return [(rule.page, rule.pixel_id, rule.amount, rule.currency) for rule in found.rules]


def parse(data: bytes, **choices: object) -> Rules:
    return rules.parse(data, "agency", choices=SheetChoices(**choices))  # type: ignore[arg-type]


def errors_of(data: bytes, name: str = "agency", **choices: object) -> list[str]:
    with pytest.raises(SettingError) as error:
        rules.parse(data, name, choices=SheetChoices(**choices))  # type: ignore[arg-type]
    return [one.with_hint() for one in (error.value.errors if isinstance(error.value, SheetError) else [error.value])]


def shown_as(code: str, column: str = "C") -> Callable[[Worksheet], None]:
    """Give the cells of the column that format."""

    def change(sheet: Worksheet) -> None:
        for row in range(2, sheet.max_row + 1):
            sheet[f"{column}{row}"].number_format = code

    return change


def test_a_workbook_is_read_with_its_title_its_comments_and_its_own_columns() -> None:
    data = xlsx(
        ("Pixels of the shop",),
        (),
        ("#", "Owner", *HEADER, "Note"),
        (1, "me", "/a.html", ID, 19.99, "EUR", None),
        ("# to come", "", "/x.html"),
        (2, "me", "/b.html", "434566956589050", "1.299,00", "eur", "mail"),
        (3, None, " shop/\u00a0", "123456789012345", "¥1,500", None),
        change=lambda sheet: sheet.merge_cells("A1:G1"),
    )
    found = parse(data)
    assert told(found) == [
        ("/a.html", PIXEL_ID, "19.99", "EUR"),
        ("/b.html", "434566956589050", "1299", "EUR"),
        ("/shop/", "123456789012345", "1500", "JPY"),
    ]
    assert [found.where(rule) for rule in found.rules] == ["agency, row 4", "agency, row 6", "agency, row 7"]
    assert found.notes == (
        "agency: ignored columns: '#', 'Owner', 'Note'",
        "agency, row 3 names the columns; the rows above it are ignored",
    )


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("General", None),
        ("0.00", None),
        ("#,##0.00", None),
        ("@", None),
        ("#,##0.00 [$€-407]", "EUR"),
        ('_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "EUR"),
        ("[$USD] #,##0.00", "USD"),
        ('[Red]"CHF" 0.00', "CHF"),
        ("[$Fr.-807] 0.00", "CHF"),
        ("[$CHF-807] #'##0.00", "CHF"),
        ('General" €"', "EUR"),
        ("[Blue]General", None),
        ("[<1000]0.00;[>=1000]#,##0.00;General", None),
    ],
)
def test_a_number_is_taken_with_the_currency_that_its_format_shows(code: str, currency: str | None) -> None:
    data = xlsx(HEADER[:3], ROW[:3], ("/b.html", ID, 59.97), change=shown_as(code))
    stored = with_parts(data, {SHEET: ("59.97", "59.969999999999995")})
    assert told(parse(stored)) == [("/a.html", PIXEL_ID, "19.99", currency), ("/b.html", PIXEL_ID, "59.97", currency)]


def test_minor_units_are_whole_numbers_however_they_are_grouped() -> None:
    data = xlsx(("page", "pixel", "value"), ("/a.html", ID, 1999), ("/b.html", ID, "500"), change=shown_as("#,##0"))
    assert [rule.value_cents for rule in parse(data).rules] == [1999, 500]
    [error] = errors_of(xlsx(("page", "pixel", "value"), ROW[:3]))
    assert error.startswith(
        "agency, cell C2: the value '19.99' is not a whole number of at most 15 digits; a value is in "
    )
    [error] = errors_of(xlsx(("page", "pixel", "value"), ("/a.html", ID, 20), change=shown_as('0 "€"')))
    assert "cell C2: the value '20' is shown with '€'; call the column amount" in error


TWO = "cell C2: the value '{}' is shown with decimals, so it may be {} or {}.00; for minor units format the column "


@pytest.mark.parametrize(
    ("stored", "shown", "code", "currency", "readings"),
    [
        (1999, "1,999.00", "#,##0.00", "USD", ("19.99", "1999")),
        (1999, "1.999,00", "#,##0.00", None, ("19.99", "1999")),
        (999, "999.000", "0.000", "EUR", ("9.99", "999")),
        (1999, "1,999.000", "#,##0.000", "KWD", ("1.999", "1999")),
        (5, "5.00", "0.00", "USD", ("0.05", "5")),
    ],
)
def test_minor_units_that_are_shown_with_decimals_may_be_two_amounts(
    stored: int, shown: str, code: str, currency: str | None, readings: tuple[str, str]
) -> None:
    header, row = ("page", "pixel", "value", "currency"), ("/a.html", ID, stored, currency)
    sheets = [
        xlsx(header, row, change=shown_as(code)),
        ods(header, ("/a.html", PIXEL_ID, number(str(stored), shown), currency or "")),
    ]
    for data in sheets:
        [error] = errors_of(data)
        assert TWO.format(stored, *readings) in error
        assert error.endswith("for major ones call it amount (major units: 1999 is 1999.00)")


def test_decimals_are_no_doubt_where_both_units_are_the_same() -> None:
    header = ("page", "pixel", "value", "currency")
    yen = ("/a.html", ID, 1999, "JPY")
    as_pandas = ("/b.html", PIXEL_ID, number("1999.0", "1999.0"), "USD")
    shown = ("/a.html", PIXEL_ID, number("1999", "1,999.00"), "JPY")
    assert [rule.value_cents for rule in parse(xlsx(header, yen, change=shown_as("#,##0.00"))).rules] == [1999]
    assert [rule.value_cents for rule in parse(ods(header, shown, as_pandas)).rules] == [1999, 1999]


def test_a_number_that_is_shown_rounded_is_taken_as_it_is_stored_and_said() -> None:
    found = parse(xlsx(HEADER, ROW, change=shown_as("0")))
    assert told(found) == [("/a.html", PIXEL_ID, "19.99", "EUR")]
    assert found.notes == ("agency, cell C2: the amount is shown as 20, and 19.99 is used",)


def _merge(sheet: Worksheet) -> None:
    sheet.append(("/b.html", ID, 5, "EUR"))
    sheet.merge_cells("C2:C3")


@pytest.mark.wide
@pytest.mark.parametrize(
    ("row", "code", "message"),
    [
        (("/a.html", ID, "#N/A", "EUR"), "", "cell C2: the amount is an error of the spreadsheet: #N/A"),
        (("/a.html", ID, "=19+1", "EUR"), "", "cell C2: the amount is a formula without a calculated value"),
        (('="/a"&".html"', ID, 5, "EUR"), "", "cell A2: the page is a formula without a calculated value"),
        (
            ("/a.html", 1234567890123456, 5, "EUR"),
            "",
            "cell B2: the pixel is stored as a number of more than 15 digits",
        ),
        (("/a.html", 6009125095680.5, 5, "EUR"), "", "cell B2: the pixel is stored as a number with a fraction"),
        (
            ("/a.html", "6,00913E+12", 5, "EUR"),
            "",
            "cell B2: the pixel '6,00913E+12' is not an id but as a spreadsheet",
        ),
        (("/a.html", ID, date(2026, 5, 1), "EUR"), "", "cell C2: the amount is a date: 2026-05-01"),
        ((date(2026, 5, 1), ID, 5, "EUR"), "", "cell A2: the page is a date"),
        (("/a.html", date(2026, 5, 1), 5, "EUR"), "", "cell B2: the pixel is a date"),
        (("/a.html", ID, True, "EUR"), "", "cell C2: the amount is TRUE"),
        ((False, ID, 5, "EUR"), "", "cell A2: the page is FALSE"),
        (("/a.html", True, 5, "EUR"), "", "cell B2: the pixel is TRUE"),
        (("/a.html", ID, 0.2, "EUR"), "0%", "cell C2: the amount is stored as 0.2, and shown as a percentage"),
        (("/a.html", ID, 1999, "EUR"), "0\\.00", "the amount is stored as 1999, and shown with other digits or marks"),
        (("/a.html", ID, 1999, "EUR"), '0"00"', "shown with other digits or marks"),
        (("/a.html", ID, 1999, "EUR"), "0.0,", "shown divided by a thousand"),
        (("/a.html", ID, 1999, "EUR"), "[>999]0,;0", "shown divided by a thousand"),
        (("/a.html", ID, 1999, "EUR"), "# ?/?", "shown in another form"),
        (("/a.html", ID, 1999, "EUR"), ";;;", "shown in another form, by the format ';;;'; format the column"),
        (("/a.html", ID, 5, None), '[>9]0.00 "EUR";0.00 "USD"', "shown with other signs where it is larger or smaller"),
        (("/a.html", ID, 1999, "EUR"), "0.00E+00", "shown in another form"),
        (("/a.html", ID, 19, "EUR"), '0 "Tsd."', "cell C2: the amount '19' is shown with 'Tsd.'"),
        (("/a.html", ID, 19.99, "USD"), "0.00 [$€-407]", "cell C2: the amount '19.99 €' is not in USD"),
        (("/a.html", ID, -5, "EUR"), "", "cell C2: the amount '-5' is negative; an amount must be positive"),
        (("/a.html", ID, None, "EUR"), "", "cell C2: the amount is empty"),
        (("/a.html", ID, 0, "EUR"), "", "cell C2: the amount is 0, so a conversion is worth nothing"),
        (("Total", None, 42, None), "", "cell A2: the page is that of a total, or missing"),
        ((None, None, 42, None), "", "cell A2: the page is that of a total, or missing"),
        (("Thank-you page", ID, 5, "EUR"), "", "cell A2: the page 'Thank-you page' is not a path"),
        (("/a.html", ID, "1,234", "EUR"), "", "cell C2: the amount '1,234' may be 1234.00 or 1.234"),
    ],
)
def test_what_a_workbook_may_have_instead_of_money_is_refused(row: tuple[object, ...], code: str, message: str) -> None:
    [error] = errors_of(xlsx(HEADER, row, change=shown_as(code) if code else None))
    assert message in error
    assert error.startswith("agency, cell ")
    assert ";" in error


def test_an_id_that_is_stored_as_a_power_of_ten_is_refused() -> None:
    data = xlsx(HEADER, ROW, parts={SHEET: (PIXEL_ID, "6.00912509568E+12")})
    [error] = errors_of(data)
    assert error.startswith(
        "agency, cell B2: the pixel is stored as a number with a fraction: 6009125095680.0; put the"
    )


def test_a_cell_that_is_merged_over_rows_is_refused() -> None:
    first, second = errors_of(xlsx(HEADER, ROW, change=_merge))
    assert first.startswith("agency, cell C2: the amount is merged with others: C2:C3; undo the merge")
    assert second.startswith("agency, cell C3: the amount is merged with others")


def test_a_formula_counts_with_the_value_that_a_spreadsheet_has_calculated() -> None:
    rows = (HEADER, ("/a.html", ID, "=10+9.99", "EUR"))
    value = {SHEET: ("<v ?/>", "<v>19.99</v>")}
    assert told(parse(xlsx(*rows, parts=value))) == [("/a.html", PIXEL_ID, "19.99", "EUR")]
    [error] = errors_of(xlsx(*rows, parts=value, is_stale=True))
    assert "cell C2: the amount is a formula without a calculated value; open it in a spreadsheet and save it" in error
    assert told(parse(xlsx(HEADER, ROW, is_stale=True))) == [("/a.html", PIXEL_ID, "19.99", "EUR")]


@pytest.mark.parametrize("said", ['<calcPr calcId="191029"/>', '<calcPr iterate="0" fullCalcOnLoad="0"/>', ""])
def test_a_workbook_that_a_spreadsheet_has_saved_has_the_values_of_its_formulas(said: str) -> None:
    data = xlsx(HEADER, ("/a.html", ID, "=10+9.99", "EUR"), parts={SHEET: ("<v ?/>", "<v>19.99</v>")}, is_stale=True)
    saved = with_parts(data, {"xl/workbook.xml": ("<calcPr[^>]*>", said)})
    assert told(parse(saved)) == [("/a.html", PIXEL_ID, "19.99", "EUR")]


@pytest.mark.parametrize("spelling", ['hidden="1"', 'hidden="true"', 'ht="0"'])
def test_hidden_and_filtered_rows_are_asked_about(spelling: str) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.auto_filter.ref = "A1:D3"

    data = xlsx(HEADER, ROW, ("/b.html", ID, 5, "EUR"), change=hide)
    data = data if spelling == 'hidden="1"' else with_parts(data, {SHEET: ('hidden="1"', spelling)})
    [error] = errors_of(data)
    assert error == (
        "agency: hidden or filtered out: row 3; --hidden-rows skip leaves them out, --hidden-rows take includes them"
    )
    assert [rule.page for rule in parse(data, take_hidden=True).rules] == ["/a.html", "/b.html"]
    skipped = parse(data, take_hidden=False)
    assert [rule.page for rule in skipped.rules] == ["/a.html"]
    assert skipped.notes == ("agency: hidden or filtered out: row 3; left out",)


def _sheets(**sheets: tuple[tuple[object, ...], ...]) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return workbook


def _saved(workbook: Workbook) -> bytes:
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def test_of_several_sheets_the_one_with_the_columns_is_read_and_said() -> None:
    workbook = _sheets(Readme=(("How to use it",),), Pixels=(HEADER, ROW))
    found = parse(_saved(workbook))
    assert told(found) == [("/a.html", PIXEL_ID, "19.99", "EUR")]
    assert found.notes == ("agency: of the sheets 'Readme', 'Pixels', 'Pixels' is read",)
    workbook["Pixels"].sheet_state = "hidden"
    [hidden] = errors_of(_saved(workbook))
    assert hidden == "agency: the sheet 'Pixels' is hidden; --sheet 'Pixels' reads it"
    assert told(parse(_saved(workbook), sheet="Pixels")) == told(found)


def test_where_several_sheets_may_be_meant_it_is_asked_which() -> None:
    data = _saved(_sheets(Old=(HEADER, ("/old.html", *ROW[1:])), New=(HEADER, ROW)))
    assert errors_of(data) == ["agency has several sheets with rules: 'Old', 'New'; choose one with --sheet NAME"]
    assert [rule.page for rule in parse(data, sheet="New").rules] == ["/a.html"]
    assert errors_of(data, sheet="Newer") == ["agency has no sheet 'Newer', only 'Old', 'New'; give one of them"]


def test_a_file_is_what_its_name_says() -> None:
    data = xlsx(HEADER, ROW)
    assert errors_of(data, "a.csv") == ["a.csv is not a .csv file but an .xlsx workbook; rename it to what it is"]
    [error] = errors_of(b"page,pixel\n/a.html,1\n", "a.xlsx")
    assert error == "a.xlsx is not a .xlsx file but a text; rename it to what it is"
    assert errors_of(data, "a.xls")[0].startswith("a.xls is not a .xls file but an .xlsx workbook; rename it")
    assert errors_of(ods(HEADER, LINE), "a.xlsx")[0].startswith("a.xlsx is not a .xlsx file but an .ods workbook")
    assert errors_of(b"<html></html>", "a.xls")[0].startswith("a.xls is not a .xls file but a text")


def test_what_cannot_be_read_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(HEADER, ROW)
    encrypted = bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le")
    assert errors_of(encrypted) == ["agency is encrypted; save it without a password"]
    broken = with_parts(data, {SHEET: ("<sheetData>", "<sheetData")})
    assert errors_of(broken)[0].startswith("agency: openpyxl cannot read this workbook: ")
    assert (
        "not a known kind of workbook"
        in errors_of(with_parts(data, {}).replace(b"xl/workbook.xml", b"xl/workbook.bin"))[0]
    )
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    [told] = errors_of(with_parts(data, {SHEET: (re.escape(main), strict)}))
    assert told == "agency is in the strict form of .xlsx; save it as plain .xlsx, not as Strict Open XML"
    assert errors_of(data[:-400])[0].startswith("agency is a broken zip file: ")
    assert errors_of(_damaged(data))[0].startswith("agency is a broken zip file: ")
    monkeypatch.setattr("snippetkit.sheets.archive.MAX_UNPACKED_BYTES", 2**20 * 0)
    assert errors_of(data) == ["agency is larger than 0 MiB unpacked; copy the table to a new workbook"]
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert errors_of(data) == [
        "agency: reading .xlsx needs openpyxl; pip install openpyxl, or save the sheet as .ods or CSV"
    ]


def _damaged(data: bytes) -> bytes:
    """A workbook whose sheet is packed in a way that nothing unpacks."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    return data[:at] + b"\xff" * 20 + data[at + 20 :]


def test_a_sheet_with_a_cell_at_its_very_end_is_refused_before_it_is_gone_through() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["D1048576"].number_format = "0.00"

    [error] = errors_of(xlsx(HEADER, ROW, change=change))
    assert error.startswith("agency: the sheet 'Sheet' goes down to row 1048576, across 4 columns; copy the table")


def test_all_that_is_wrong_is_told_in_one_run_each_with_its_cell() -> None:
    rows = ((None, ID, "1,234", "EUR"), ("/b.html", 6.5, True, "DM"), ("/c.html", ID, "#REF!", "EUR"))
    assert [error.split(":")[0] for error in errors_of(xlsx(HEADER, *rows))] == [
        f"agency, cell {cell}" for cell in "A2 C2 B3 D3 C3 C4".split()
    ]


GERMAN = ("Seite", "Pixel-ID", "Betrag", "Währung")
LINE = ("/a.html", PIXEL_ID, "19,99", "EUR")


def test_an_ods_is_read_with_exact_digits() -> None:
    long = number("600912509568000123", "6.00912509568E+017")
    data = ods(
        ("Unsere Pixel",),
        GERMAN,
        ("/a.html", number(PIXEL_ID, "6.01E+12"), number("19.99", "19,99 €", "currency", 'office:currency="EUR"'), ""),
        ("/b.html", PIXEL_ID, number("1299", "1.299,00"), "EUR"),
        ("/c.html", number(PIXEL_ID, PIXEL_ID), number("1999", "1.999"), "EUR"),
        ('<table:table-cell><text:p>/my<text:s text:c="2"/>page.html</text:p><office:annotation><text:p>ask</text:p>'
         "</office:annotation></table:table-cell>", PIXEL_ID, "12,50", "€"),
    )  # fmt: skip
    assert told(parse(data)) == [
        ("/a.html", PIXEL_ID, "19.99", "EUR"),
        ("/b.html", PIXEL_ID, "1299", "EUR"),
        ("/c.html", PIXEL_ID, "1999", "EUR"),
        ("/my  page.html", PIXEL_ID, "12.5", "EUR"),
    ]
    for one in (long, number("6009125095680001", "6009125095680001")):
        [error] = errors_of(ods(HEADER, ("/a.html", one, "5", "EUR")))
        assert error.startswith("agency, cell B2: the pixel is stored as a number of more than 15 digits")


_PERCENT = number("0.2", "20%", "percentage")
_UNCALCULATED = '<table:table-cell table:formula="of:=1+1"/>'
_CALCULATED = number("19.99", "19,99", more='table:formula="of:=10+9.99"')
_DATE = '<table:table-cell office:value-type="date"><text:p>01.05.26</text:p></table:table-cell>'
_YES = '<table:table-cell office:value-type="boolean"><text:p>WAHR</text:p></table:table-cell>'
_MERGED = '<table:table-cell table:number-rows-spanned="2"><text:p>5</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        (number("1999", "19.99"), "the amount is stored as 1999, and shown as 19.99"),
        (number("0", "#DIV/0!"), "the amount is an error of the spreadsheet: #DIV/0!"),
        ("Err:502", "the amount is an error of the spreadsheet: Err:502"),
        (_UNCALCULATED, "the amount is a formula without a calculated value"),
        (_PERCENT, "the amount is a percentage: 20%"),
        (_DATE, "the amount is a date: 01.05.26"),
        (_YES, "the amount is TRUE or FALSE: WAHR"),
        (number("1", "TRUE", more='table:formula="of:=TRUE()"'), "the amount is stored as 1, and shown as TRUE"),
        (number("5", "Free"), "the amount is stored as 5, and shown as Free"),
        (number("1999", "2E+03"), "the amount is stored as 1999, and shown as 2E+03"),
        (_MERGED, "the amount is merged with others"),
        ("", "the amount is empty"),
        (number("0", "0"), "the amount is 0"),
    ],
)
def test_what_an_ods_may_have_instead_of_money_is_refused(amount: str, message: str) -> None:
    [error] = errors_of(ods(HEADER, ("/a.html", PIXEL_ID, amount, "EUR")))
    assert error.startswith(f"agency, cell C2: {message}")


def _strike(sheet: Worksheet) -> None:
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    sheet["A4"] = CellRichText("/b", TextBlock(InlineFont(strike=True), ".html"))
    sheet["F2"].font = Font(strike=True)
    sheet.row_dimensions[5].hidden = True


MARKED = [HEADER, ROW, ROW, ("/b.html", ID, 5, "EUR"), ("/c.html", ID, 5, "EUR"), ("/d.html", ID, 7, "EUR")]
ASKED = (
    "hidden or filtered out: row 5; struck through: rows 3, 4; "
    "--hidden-rows skip leaves them out, --hidden-rows take includes them"
)


def test_rows_that_are_struck_through_are_asked_about() -> None:
    data = xlsx(*MARKED, change=_strike)
    assert errors_of(data) == [f"agency: {ASKED}"]
    assert [rule.page for rule in parse(data, take_hidden=True).rules] == ["/a.html", "/b.html", "/c.html", "/d.html"]
    skipped = parse(data, take_hidden=False)
    assert [rule.page for rule in skipped.rules] == ["/a.html", "/d.html"]
    assert skipped.notes == ("agency: hidden or filtered out: row 5; struck through: rows 3, 4; left out",)


_NAMED = (
    '<style:style style:name="old" style:family="table-cell" style:parent-style-name="struck-table-cell"/>'
    '<style:style style:name="new" style:family="table-cell" style:parent-style-name="old">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="round" style:family="table-cell" style:parent-style-name="round"/>'
)
_COLUMN = "<table:table-column table:number-columns-repeated='{}' {}/>"


@pytest.mark.parametrize(
    ("style", "is_struck"),
    [("struck-table-cell", True), ("old", True), ("new", False), ("round", False), ("unknown", False)],
)
def test_an_ods_says_what_is_struck_through(style: str, is_struck: bool) -> None:
    styled = f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>/b.html</text:p>'
    by_cell = ods(HEADER, LINE, (f"{styled}</table:table-cell>", *LINE[1:]), styles=_NAMED)
    by_row = ods(
        HEADER, LINE, ("/b.html", *LINE[1:]), styles=_NAMED, attributes={2: f'table:default-cell-style-name="{style}"'}
    )
    for data in (by_cell, by_row):
        if is_struck:
            assert errors_of(data)[0].startswith("agency: struck through: row 3; ")
        else:
            assert [rule.page for rule in parse(data).rules] == ["/a.html", "/b.html"]


def test_an_ods_says_what_is_struck_through_in_part_or_by_its_column() -> None:
    part = (
        '<table:table-cell office:value-type="string"><text:p>/a<text:span text:style-name="struck-text">.html'
        "</text:span></text:p></table:table-cell>"
    )
    assert errors_of(ods(HEADER, (part, *LINE[1:])))[0].startswith("agency: struck through: row 2; ")
    columns = _COLUMN.format(2, "") + _COLUMN.format(1, "table:default-cell-style-name='struck-table-cell'")
    assert errors_of(ods(HEADER, LINE, LINE, columns=columns))[0].startswith("agency: struck through: rows 2, 3; ")


def test_a_hidden_column_is_read_and_said() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions.group("C", "E", hidden=True)

    columns = _COLUMN.format(2, "") + _COLUMN.format(3, "table:visibility='collapse'")
    header = (*HEADER, "Note")
    for data in (xlsx(header, ROW, change=hide), ods(header, LINE, columns=columns)):
        found = parse(data)
        assert told(found) == [("/a.html", PIXEL_ID, "19.99", "EUR")]
        assert found.notes == (
            "agency: ignored column: 'Note'",
            "agency, cell C1: the column of the amount is hidden; it is read",
            "agency, cell D1: the column of the currency is hidden; it is read",
        )


@pytest.mark.office
def test_what_is_hidden_and_struck_through_stays_so_in_libreoffice() -> None:
    def change(sheet: Worksheet) -> None:
        _strike(sheet)
        sheet.column_dimensions["D"].hidden = True

    sheet = Path("agency.xlsx")
    sheet.write_bytes(xlsx(*MARKED, change=change))
    made = [file.read_bytes() for file in (sheet, converted(sheet, "ods"), converted(sheet, "xlsx"))]
    assert [errors_of(data) for data in made] == [[f"agency: {ASKED}"]] * 3
    [notes] = {parse(data, take_hidden=False).notes for data in made}
    assert notes[0] == "agency, cell D1: the column of the currency is hidden; it is read"


@pytest.mark.office
def test_a_sheet_means_the_same_through_each_form_that_libreoffice_writes() -> None:
    sheet = Path("pixels.csv")
    sheet.write_text(f"Page,Pixel,Amount,Currency\n/a.html,{ID},19.99,EUR\n/shop/**,{ID},1299,USD\n")
    meant = told(parse(sheet.read_bytes()))
    for kind in ("ods", "xlsx", "csv"):
        sheet = converted(sheet, kind)
        assert told(parse(sheet.read_bytes())) == meant, kind


def test_an_ods_says_what_is_rounded_hidden_or_calculated() -> None:
    found = parse(
        ods(HEADER, ("/a.html", PIXEL_ID, _CALCULATED, "EUR"), ("/b.html", PIXEL_ID, number("19.99", "20"), "EUR"))
    )
    assert [rule.amount for rule in found.rules] == ["19.99", "19.99"]
    assert found.notes == ("agency, cell C3: the amount is shown as 20, and 19.99 is used",)
    for how in ("collapse", "filter"):
        [error] = errors_of(ods(HEADER, LINE, LINE, attributes={2: f'table:visibility="{how}"'}))
        assert error.startswith("agency: hidden or filtered out: row 3")


def test_of_the_sheets_of_an_ods_the_one_that_is_meant_is_read() -> None:
    found = parse(ods(HEADER, LINE, more='<table:table table:name="Gone" table:style-name="gone"/>'))
    assert found.notes == ("agency: of the sheets 'Pixels', 'Gone', 'Pixels' is read",)
    hidden = ods(("nothing",), more=_hidden_table(ods(HEADER, LINE, title="Gone")))
    assert errors_of(hidden) == ["agency: the sheet 'Gone' is hidden; --sheet 'Gone' reads it"]


def _hidden_table(data: bytes) -> str:
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
    [table] = re.findall("<table:table .*</table:table>", content)
    return str(table).replace('table:name="Gone"', 'table:name="Gone" table:style-name="gone"')


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("META-INF/manifest.xml", ("<manifest/>", "<encryption-data/>"), "agency is encrypted"),
        ("content.xml", ("</office:body>", ""), "agency: this workbook cannot be read: "),
        ("content.xml", ("<office:document", "<!DOCTYPE x><office:document"), "declares a document type"),
    ],
)
def test_an_ods_that_cannot_be_read_is_one_clear_error(part: str, change: tuple[str, str], message: str) -> None:
    [error] = errors_of(with_parts(ods(HEADER, LINE), {part: change}))
    assert message in error


WHOLE = (
    xlsx(HEADER, ROW, ("/b.html", PIXEL_ID, "=1+1", "EUR")),
    ods(HEADER, LINE, ("/b.html", PIXEL_ID, _CALCULATED, "")),
)


@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False))
def test_any_damaged_workbook_is_rules_or_a_setting_error_with_a_hint(whole: bytes, chance: Random) -> None:
    try:
        parse(damaged(whole, chance))
    except SheetError as error:
        assert all(one.hint for one in error.errors)
    except SettingError as error:
        assert error.hint
