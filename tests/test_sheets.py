"""Sheets as text: what programs and people make of a CSV, what is asked, and what is refused."""

from __future__ import annotations

import pytest

from snippetkit import platforms, rules
from snippetkit.errors import SettingError, SheetError
from snippetkit.rules import Rules, SheetChoices
from tests.conftest import PIXEL_ID

LONG_ID = "1234567890123456"


def told(found: Rules) -> list[tuple[str, str, int | str | None, str | None]]:
    return [
        (rule.page, rule.pixel_id, rule.amount if rule.value_cents is None else rule.value_cents, rule.currency)
        for rule in found.rules
    ]


def errors_of(given: str | bytes, choices: SheetChoices = SheetChoices()) -> list[str]:  # noqa: B008 (a constant)
    with pytest.raises(SettingError) as error:
        rules.parse(given, "s.csv", choices=choices)
    return [one.with_hint() for one in (error.value.errors if isinstance(error.value, SheetError) else [error.value])]


ONE = [("/a.html", PIXEL_ID, "19.99", "EUR")]
LINE = f"/a.html;{PIXEL_ID};19,99;EUR\n"


@pytest.mark.parametrize(
    "text",
    [
        f"page;pixel;amount;currency\n{LINE}",
        f"Page;Pixel ID;Betrag;Währung\n{LINE}",
        f"Page;Conversion Pixel ID;Amount;Currency\n{LINE}",
        f"URL;PIXEL_ID;Amount;Currency Code\n{LINE}",
        f"Seite;Pixel-ID;Wert;Devise\n{LINE}",
        f"sep=;\nSeite;Pixel-ID;Wert;Devise\n{LINE}",
        f'"sep=;"\r\nPage;Pixel;Amount;Currency\r\n{LINE}'.replace("EUR\n", "EUR\r\n"),
        f"page\tpixel\tamount\tcurrency\n{LINE.replace(';', chr(9))}",
        f"page|pixel|amount|currency\n{LINE.replace(';', '|')}",
        f"Pixels of the shop;;;\n\n# as mailed, on Monday\npage;pixel;amount;currency\n# first\n\n{LINE};;;\n",
        f"#;page;note;pixel;amount;currency;;\n1;/a.html;mail;{PIXEL_ID};19,99;EUR;;\n",
        f";page;pixel;amount;currency\n0;{LINE}",
        f"page;pixel;amount (EUR)\n/a.html;{PIXEL_ID};19,99\n",
        f"page;pixel;Betrag (€)\n/a.html;{PIXEL_ID};19,99\n",
        f"page;pixel;Value €\n/a.html;{PIXEL_ID};19,99\n",
        f"page;pixel;amount_eur\n/a.html;{PIXEL_ID};19,99\n",
        f"page;pixel;Preis in Euro\n'/a.html;{PIXEL_ID};'19,99\n",
        f"page;pixel;Betrag in €\n/a.html;{PIXEL_ID};19,99\n",
        f"page;pixel;amount\n/a.html;{PIXEL_ID};19,99 €\n",
        f"page;pixel;amount;currency\n\u00a0/a.html ;{PIXEL_ID}\u00a0;\u00a019,99\u202f;€\n",
        f'page;pixel;amount;currency\n/a.html;="{PIXEL_ID}";19,99;eur\n',
        f"page;pixel;amount;currency\n/a.html;'{PIXEL_ID};19,99;eur\n",
        f'page,pixel,amount,currency\r/a.html,{PIXEL_ID},"19,99",EUR\r',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_sheet_is_read_in_the_forms_that_programs_write(text: str, encoding: str) -> None:
    data = text.replace("\u202f", " ").encode(encoding)
    found = rules.parse(data, "s.csv")
    assert told(found) == ONE
    assert any("Windows-1252" in note for note in found.notes) == (encoding == "cp1252" and not data.isascii())


def test_unknown_columns_and_what_stands_above_are_named() -> None:
    found = rules.parse(f"Our pixels,,\nPage,Owner,Pixel,Campaign\n/a.html,me,{PIXEL_ID},x\n", "s.csv")
    assert found.notes == (
        "s.csv: ignored columns: 'Owner', 'Campaign'",
        "s.csv, line 2 names the columns; the rows above it are ignored",
    )


@pytest.mark.parametrize(
    ("rows", "values"),
    [
        (["19.99", "1,234"], ["19.99", "1234"]),
        (["19,99", "1.234"], ["19.99", "1234"]),
        (["20", "20.5"], ["20", "20.5"]),
        (["¥1,500", "150"], ["1500", "150"]),
    ],
)
def test_what_is_certain_in_one_amount_shows_how_another_is_meant(rows: list[str], values: list[str]) -> None:
    text = "page;pixel;amount\n" + "".join(f"/{at}.html;{PIXEL_ID};{row}\n" for at, row in enumerate(rows))
    assert [rule.amount for rule in rules.parse(text, "s.csv").rules] == values


def test_a_column_whose_unit_is_not_told_is_read_where_its_values_tell() -> None:
    text = f"page;pixel;Wert;currency\n/a.html;{PIXEL_ID};{{}};{{}}\n/b.html;{PIXEL_ID};20;{{}}\n"
    assert [rule.amount for rule in rules.parse(text.format("19,99", "EUR", "EUR"), "s.csv").rules] == ["19.99", "20"]
    assert [rule.amount for rule in rules.parse(text.format("150", "JPY", "JPY"), "s.csv").rules] == ["150", "20"]
    [error] = errors_of(text.format("1999", "EUR", "EUR"))
    assert error == (
        "s.csv, line 1: the column 'Wert' has only whole numbers, of an unknown unit; call it amount (major units: "
        "1999 is 1999.00), or value (minor units: 1999 is 19.99)"
    )


def test_a_value_is_in_minor_units_and_an_amount_in_major_ones_side_by_side() -> None:
    found = rules.parse(f"page,pixel,value,amount\n/a.html,{PIXEL_ID},1999,\n/b.html,{PIXEL_ID},,20\n", "s.csv")
    assert [(rule.value_cents, rule.amount) for rule in found.rules] == [(1999, None), (None, "20")]
    [both] = errors_of(f"page,pixel,value,amount\n/a.html,{PIXEL_ID},1999,19.99\n")
    assert both == "s.csv, line 2: there is a value and an amount; give one of them"


@pytest.mark.parametrize(
    ("fields", "message", "hint"),
    [
        ("/a.html;6,00913E+12;5", "'6,00913E+12' is not an id but as a spreadsheet shows a long number", "as text"),
        ("/a.html;6.00913E+12;5", "whose last digits are lost", "pixels list"),
        ("/a.html;6009125095680.0;5", "as pandas and spreadsheets write a whole number", "as text"),
        ("/a.html;6.009.125.095.680;5", "as a spreadsheet shows a number, with its digits in groups", "as text"),
        (
            f"/a.html;{PIXEL_ID};1,234",
            "the amount '1,234' may be 1234.00 or 1.234",
            "write 1234.00, or 1.2340 if that is meant",
        ),
        (f"/a.html;{PIXEL_ID};$5", "the amount '$5' may be in USD, AUD, CAD and others", "currency"),
        (f"/a.html;{PIXEL_ID};-5", "the amount '-5' is negative", "must be positive"),
        (f"/a.html;{PIXEL_ID};19.9999 €", "the amount '19.9999 €' has more decimals than EUR", "EUR has 2 decimals"),
        (f"/a.html;{PIXEL_ID};19.50 JPY", "the amount '19.50 JPY' has more decimals than JPY", "JPY has no decimals"),
        (f"/a.html;{PIXEL_ID};", "the amount is empty", "--allow-empty-values"),
        (f"/a.html;{PIXEL_ID};0,00", "the amount is 0, so a conversion is worth nothing", "--allow-zero-values"),
        (f"/a.html;{PIXEL_ID};#N/A", "the amount is an error of the spreadsheet: #N/A", "correct it"),
        (f"#REF!;{PIXEL_ID};5", "the page is an error of the spreadsheet: #REF!", "correct it"),
        (f"/a.html;{PIXEL_ID};WAHR", "the amount 'WAHR' is not an amount", "19.99"),
        (f"/a.html;{PIXEL_ID};10%", "the amount '10%' is not an amount", "19.99"),
        ("Total;;24", "the page is that of a total, or missing", "delete the row"),
        ("Summe;;24", "the page is that of a total, or missing", "delete the row"),
        (";;24", "the page is that of a total, or missing", "delete the row"),
        (f"Thank you page;{PIXEL_ID};5", "the page 'Thank you page' is not a path", "/thanks.html"),
        (f"12;{PIXEL_ID};5", "the page '12' is not a path", "/thanks.html"),
        (f"=1+1;{PIXEL_ID};5", "the page '=1+1' is not a path", "/thanks.html"),
        (f"'/a.html';{PIXEL_ID};5", "the page \"'/a.html'\" is not a path", "/thanks.html"),
        (f"C:/site/a.html;{PIXEL_ID};5", "the page 'C:/site/a.html' is a path on a disk", "/thanks.html"),
        (
            f"/a.html, /b.html;{PIXEL_ID};5",
            "the page '/a.html, /b.html' names several pages; give each",
            "/thanks.html",
        ),
        (f"/a.html oder /b.html;{PIXEL_ID};5", "names several pages", "/thanks.html"),
        (f"/a.html (mobil);{PIXEL_ID};5", "the page '/a.html (mobil)' says more than a path", "/thanks.html"),
        (f"/ (Start);{PIXEL_ID};5", "the page '/ (Start)' says more than a path", "/thanks.html"),
        (f"/shop/:id/a;{PIXEL_ID};5", "has a placeholder or a regular expression", "* stands for any text"),
        (f"/shop/{{id}}/a;{PIXEL_ID};5", "has a placeholder or a regular expression", "* stands for any text"),
        (f"/shop/.*;{PIXEL_ID};5", "has a placeholder or a regular expression", "* stands for any text"),
        (f"/shop/[0-9]+;{PIXEL_ID};5", "has a placeholder or a regular expression", "* stands for any text"),
        (f"/a\u00a0b.html;{PIXEL_ID};5", "has a sign that is not seen", "type it again"),
        (f"/a\u200bb.html;{PIXEL_ID};5", "has a sign that is not seen", "type it again"),
        (f"*.html;{PIXEL_ID};5", "the page '*.html' does not say which folders; write /* and", "/thanks.html"),
    ],
)
def test_what_spreadsheets_do_to_a_sheet_is_refused_with_its_place(fields: str, message: str, hint: str) -> None:
    [error] = errors_of(f"page;pixel;amount\n/b.html;{PIXEL_ID};7\n{fields}\n")
    assert error.startswith("s.csv, line 3: ")
    assert message in error
    assert hint in error


def test_an_amount_that_the_others_explain_is_quoted_as_it_stands() -> None:
    text = f'page;pixel;amount;currency\n/a.html;{PIXEL_ID};"19,99";EUR\n/b.html;{PIXEL_ID};"1,234";EUR\n'
    assert errors_of(text) == [
        "s.csv, line 3: the amount '1,234' has more decimals than EUR; it is read as 1.234, as the other amounts are; "
        "round it in the sheet: EUR has 2 decimals"
    ]


def test_a_value_below_zero_is_told_as_one() -> None:
    [error] = errors_of(f"page,pixel,value\n/a.html,{PIXEL_ID},-5\n")
    assert error == "s.csv, line 2: the value '-5' is negative; a value must be positive"


def test_all_that_is_wrong_is_told_in_one_run() -> None:
    text = f"page,pixel,amount,currency\nnowhere,6E+12,1.234,XYZ\n/b.html,{PIXEL_ID},,EUR\n/c.html,x,5,DM\n"
    assert [error.split(": ", 1)[0] + ": " + error.split(": ", 1)[1][:20] for error in errors_of(text)] == [
        "s.csv, line 2: the page 'nowhere' i",
        "s.csv, line 2: the pixel '6E+12' is",
        "s.csv, line 2: unknown currency 'XY",
        "s.csv, line 2: the amount '1.234' m",
        "s.csv, line 3: the amount is empty;",
        "s.csv, line 4: the pixel 'x' is not",
        "s.csv, line 4: 'DM' is not a curren",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("page,URL,pixel\n/a,/b,1\n", "s.csv, line 1: the columns 'page' and 'URL' mean the same"),
        ("page,pixel,amount,Wert\n/a,1,5,5\n", "the columns 'amount' and 'Wert' mean the same"),
        ("page,pixel,Net value of sale\n/a,1,5\n", "the column 'Net value of sale' may say what a page is worth"),
        ("page,pixel,Warenkorbwert\n/a,1,5\n", "the column 'Warenkorbwert' may say what a page is worth"),
        ("page,pixel,AmountEUR\n/a,1,5\n", "the column 'AmountEUR' may say what a page is worth"),
        ("page,pixel,Amount all\n/a,1,5\n", "the column 'Amount all' may say what a page is worth"),
        ("page,pixel,Total\n/a,1,5\n", "the column 'Total' may say what a page is worth"),
        ("page,pixel,Value (€)\n/a,1,1999\n", "the column 'Value (€)' has only whole numbers, of an unknown unit"),
        (
            "page,pixel,Amount ($)\n/a,1,5\n",
            "s.csv, line 1: 'Amount ($)' may be in USD, AUD, CAD and others; say which",
        ),
        ("page,pixel,Amount ($),currency\n/a,1,5,EUR\n", "line 2: 'Amount ($)' is not in EUR, which is the currency"),
        ("page,pixel,amount,currency\n/a,1,5,\u200eDEM\n", "line 2: unknown currency 'DEM'; give one of those that"),
        ("page,price\n/a,5\n", "s.csv, line 1: no column 'pixel'"),
        ("<table><tr><td>page</td></tr></table>", "s.csv: this is HTML or XML, not CSV"),
        ("page,pixel,amount (EUR),currency\n/a,1,5,USD\n", "line 2: 'amount (EUR)' is not in USD, which is the"),
        ("page,pixel,amount,currency\n/a,1,5 €,USD\n", "the amount '5 €' is not in USD"),
        ("page,pixel,amount,currency\n/a,1,,USD\n", "the amount is empty"),
        ("page,pixel,amount,Geld\n/a,1,5,usd\n/b,1,5,\n", "s.csv, line 1: the column 'Geld' has currencies; call it"),
        ("page,pixel,currency\n/a,1,USD\n", "a currency without a value"),
    ],
)
def test_columns_that_are_not_certain_are_refused(text: str, message: str) -> None:
    [error] = errors_of(text)
    assert message in error


def test_an_id_that_a_spreadsheet_may_have_cut_is_said() -> None:
    [note] = rules.parse(f"page,pixel\n/a.html,{LONG_ID}\n/b.html,{LONG_ID[:15]}0\n", "s.csv").notes
    assert note.startswith(
        "s.csv, line 3: the pixel 1234567890123450 ends with 1 zero, as where a spreadsheet has kept"
    )


@pytest.mark.parametrize(
    "page", ["/Report (final).html", "/a, b.html", "/shop/[id].html", "/a.*", "/c++.html", "/o'neil.html", "**"]
)
def test_what_files_are_called_is_a_page(page: str) -> None:
    [rule] = rules.parse(f'page,pixel\n"{page}",{PIXEL_ID}\n', "s.csv").rules
    assert rule.page == f"/{page.removeprefix('/')}"


def test_a_row_that_is_repeated_is_said() -> None:
    found = rules.parse(f"page,pixel\n/a.html,{PIXEL_ID}\n/b.html,{PIXEL_ID}\n/a.html,{PIXEL_ID}\n", "s.csv")
    assert [rule.page for rule in found.rules] == ["/a.html", "/b.html"]
    assert found.notes == ("s.csv: repeated, and counted once: line 4",)


def test_empty_and_zero_values_count_where_that_is_said() -> None:
    text = f"page,pixel,amount\n/a.html,{PIXEL_ID},\n/b.html,{PIXEL_ID},0\n/c.html,{PIXEL_ID},5\n"
    assert len(errors_of(text)) == 2
    found = rules.parse(text, "s.csv", choices=SheetChoices(allow_empty=True, allow_zero=True))
    assert [rule.amount for rule in found.rules] == [None, "0", "5"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"page,pixel\n/caf\x81.html,1\n", "s.csv, line 2: this is not UTF-8 text"),
        ("page,pixel\n/a,1\n".encode("utf-16-le"), "s.csv, line 1: this is not UTF-8 text"),
        (b"\xff\xfep\x00a\x00\x00\xd8g\x00", "this is not UTF-8 text"),
        (b"PK\x03\x04 broken", "s.csv is a broken zip file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "s.csv is an old .xls workbook"),
    ],
)
def test_what_is_no_text_is_one_clear_error(data: bytes, message: str) -> None:
    [error] = errors_of(data)
    assert message in error


def test_ids_of_other_platforms_are_no_numbers() -> None:
    ids = [one.ids for one in platforms.every_platform()]
    found = rules.parse("page,pixel\n/a.html,AW-123456789/aBcD-eF_gHiJkLmNoPqR\n", "s.csv", ids)
    assert found.rules[0].pixel_id == "AW-123456789/aBcD-eF_gHiJkLmNoPqR"


@pytest.mark.parametrize(
    ("worth", "read"),
    [
        ('"amount": "19,99"', (None, "19.99", "EUR")),
        ('"amount": 19.99', (None, "19.99", "EUR")),
        ('"amount": 20', (None, "20", "EUR")),
        ('"value": 1999', (1999, None, "EUR")),
    ],
)
def test_json_has_amounts_too(worth: str, read: tuple[int | None, str | None, str]) -> None:
    text = f'[{{"page": "/a.html", "pixel": "{PIXEL_ID}", {worth}, "currency": "EUR"}}]'
    [rule] = rules.parse(text, "rules.json").rules
    assert (rule.value_cents, rule.amount, rule.currency) == read


def test_a_value_that_is_left_out_among_others_is_told_in_json_too() -> None:
    [error] = errors_of(f'[{{"page": "/a", "pixel": "1", "value": 5}},\n{{"page": "/b", "pixel": "{PIXEL_ID}"}}]')
    assert error.startswith("s.csv, line 2: the value is empty; give one; --allow-empty-values")
