"""The sheet that an agency mails, with all that spreadsheets and people do to one: to a container and a report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from snippetkit import rules
from snippetkit.rules import SheetChoices
from tests.conftest import PIXEL_ID, Run
from tests.workbooks import converted

HEADER = ("#", "Seite", "Kampagne", "Pixel-ID", "Betrag", "Währung", "", "Notiz")
PAGES = [
    f"/danke/{name}.html" for name in "kasse anmeldung kontakt demo kurs buch abo katalog termin spende app".split()
]
PAGES.append("/shop/**")
FORMS = [
    ("US$ 19,99", None), ("1.299,00", "eur"), ("12,50 €", "EUR"), ("¥1,500", None), (20, "USD"), (59.97, "EUR"),
    ("1 299,5", "PLN"), ("CHF 49.-", "CHF"), (1500, "jpy"), ("€ 0,50", None), (19.99, "GBP"), ("1.234", "EUR"),
]  # fmt: skip
REPORTED = [
    ("19.99", "USD"), ("1299.00", "EUR"), ("12.50", "EUR"), ("1500.00", "JPY"), ("20.00", "USD"), ("59.97", "EUR"),
    ("1299.50", "PLN"), ("49.00", "CHF"), ("1500.00", "JPY"), ("0.50", "EUR"), ("19.99", "GBP"), ("1234.00", "EUR"),
]  # fmt: skip


@pytest.fixture
def pixel_ids(sandbox_run: Run) -> list[str]:
    """Twelve pixels of an ad account."""
    made = [sandbox_run("pixels", "create", "--name", f"Pixel {number}").out.strip() for number in range(2, 13)]
    return [PIXEL_ID, *made]


@pytest.fixture
def site() -> Path:
    """The client's site, which has the pages of the sheet."""
    for page in [*PAGES[:-1], "/shop/tee/index.html"]:
        path = Path(f"site{page}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<!doctype html>\n<html><head><title>x</title>\n</head><body>\n</body></html>\n")
    return Path("site")


def _workbook(pixel_ids: Sequence[str]) -> tuple[Workbook, Worksheet]:
    """The sheet: a title, a header of its own, ids as numbers and as text, amounts in every form, a hidden row."""
    workbook = Workbook()
    workbook.active.title = "Anleitung"
    workbook.active.append(["Bitte bis Freitag einbauen"])
    sheet = workbook.create_sheet("Pixel 2026")
    sheet.append(["Conversion-Pixel der Kampagne"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(HEADER)
    for number, (page, pixel_id, (amount, currency)) in enumerate(zip(PAGES, pixel_ids, FORMS, strict=True), 1):
        told = int(pixel_id) if number % 2 else f" {pixel_id}\u00a0"
        sheet.append([number, page, "Herbst", told, amount, currency, None, "neu" if number == 3 else None])
    sheet["E8"].number_format = '#,##0.00 "USD"'
    sheet["E14"].number_format = "#,##0.00 [$£-809]"
    sheet.append(["# bis hierher", None, "alt:"])
    sheet.append([13, "/danke/alt.html", "Sommer", int(PIXEL_ID), 5, "EUR"])
    sheet.row_dimensions[sheet.max_row].hidden = True
    return workbook, sheet


def _command(*more: str) -> list[str]:
    return [
        "export",
        "gtm",
        "--pages",
        "agency.xlsx",
        "--site",
        "site",
        "-o",
        "gtm.json",
        "--report",
        "report.html",
        *more,
    ]


def test_the_sheet_from_excel_goes_to_a_container_and_a_report_in_one_command(
    sandbox_run: Run, pixel_ids: list[str], site: Path
) -> None:
    workbook, _ = _workbook(pixel_ids)
    workbook.save("agency.xlsx")
    asked = sandbox_run(*_command())
    assert (asked.code, asked.err) == (
        2,
        "error: agency.xlsx: hidden or filtered out: row 17; "
        "--hidden-rows skip leaves them out, --hidden-rows take includes them\n",
    )
    ran = sandbox_run(*_command("--hidden-rows", "skip"))
    assert ran.code == 0, ran.err
    assert ran.err.splitlines()[:4] == [
        "note: agency.xlsx: of the sheets 'Anleitung', 'Pixel 2026', 'Pixel 2026' is read",
        "note: agency.xlsx: ignored columns: '#', 'Kampagne', 'Notiz'",
        "note: agency.xlsx, row 3 names the columns; the rows above it are ignored",
        "note: agency.xlsx: hidden or filtered out: row 17; left out",
    ]
    assert [line.split() for line in ran.err.splitlines()[4:7]] == [
        ["PAGE", "PIXEL", "VALUE", "CURRENCY"],
        ["/danke/kasse.html", PIXEL_ID, "19.99", "USD"],
        ["/danke/anmeldung.html", pixel_ids[1], "1299.00", "EUR"],
    ]
    told = [(tag["pixel_id"], tag["value"], tag["currency"]) for tag in _codes(sandbox_run)]
    assert told == [(pixel_id, *worth) for pixel_id, worth in zip(pixel_ids, REPORTED, strict=True)]
    assert sandbox_run("lint-container", "gtm.json").code == 0
    text = " ".join(BeautifulSoup(Path("report.html").read_text("utf-8"), "html.parser").get_text(" ").split())
    for pixel_id, (value, currency) in zip(pixel_ids, REPORTED, strict=True):
        assert pixel_id in text
        assert f"{value} {currency}" in text
    assert sandbox_run("inject", site, "--pages", "agency.xlsx", "--hidden-rows", "skip").err.endswith("12 inserted\n")


def _codes(run: Run) -> list[dict[str, str]]:
    return [code for tag in json.loads(run("import", "gtm.json", "--json").out)["tags"] for code in tag["code"]]


def test_all_that_is_wrong_with_the_sheet_is_told_at_once_and_nothing_is_written(
    sandbox_run: Run, pixel_ids: list[str], site: Path
) -> None:
    workbook, sheet = _workbook(pixel_ids)
    for cell, value in {
        "D4": "6,00913E+12", "E5": "#N/A", "B6": "Danke-Seite", "D7": 1234567890123456, "E8": None, "E9": 0,
        "E10": "=E9*2", "F11": "DM", "B12": "https://shop.example/danke/app.html",
    }.items():  # fmt: skip
        sheet[cell] = value
    sheet["E13"].number_format = "0.0,"
    sheet["E13"] = 1999
    sheet.append([None, "Summe", None, None, "=SUM(E4:E15)"])
    workbook.save("agency.xlsx")
    ran = sandbox_run(*_command("--hidden-rows", "skip"))
    assert (ran.code, ran.out) == (2, "")
    *errors, last = ran.err.splitlines()
    assert [error.split(": ")[1] for error in errors] == [
        f"agency.xlsx, cell {cell}" for cell in "D4 E5 B6 D7 E8 E9 E10 F11 B12 E13 B18".split()
    ]
    assert last == "error: agency.xlsx: 11 errors; nothing was written"
    assert not Path("gtm.json").exists()
    assert not Path("report.html").exists()


@pytest.mark.office
def test_what_libreoffice_makes_of_the_sheet_means_the_same(pixel_ids: list[str]) -> None:
    workbook, _ = _workbook(pixel_ids)
    workbook.save("agency.xlsx")
    sheet = Path("agency.xlsx")
    made = [sheet, converted(sheet, "xlsx"), converted(sheet, "ods")]
    assert load_workbook(made[1]).sheetnames == ["Anleitung", "Pixel 2026"]
    read = [
        [
            (rule.page, rule.pixel_value)
            for rule in rules.parse(file.read_bytes(), file.name, (), SheetChoices(None, False)).rules
        ]
        for file in made
    ]
    assert read[1] == read[2] == read[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["html", "-o", "x.html"], "--report needs a container, and html is not one."),
        (["gtm"], "--report is about a file: give -o FILE."),
        (["gtm", "-o", "./report.html"], "-o and --report name the same file; give -o another one."),
        (["gtm", "-o", "gtm.json", "--check"], "--report cannot be used with --check or --diff, which write no file."),
    ],
)
def test_a_report_is_about_a_container_that_is_written(sandbox_run: Run, options: list[str], message: str) -> None:
    ran = sandbox_run("export", *options, "--pixel", PIXEL_ID, "--all-pages", "--report", "report.html")
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert not Path("report.html").exists()
