"""Amounts and sheets on the command line: `--amount` wherever `--value` is, what `--pages` says first, and `--site`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from snippetkit import snippets
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.workbooks import xlsx

PAGE = "<!doctype html>\n<html><head><title>x</title>\n</head><body>\n</body></html>\n"
TTQ = ["--kind", "ttq", "--event", "CompletePayment", "--pixel", "C4ABCDE0C77U00000123"]
FILE = ["--from-file", "code.html"]
HEADER = ("Page", "Pixel ID", "Amount", "Currency")
ROW = ("/thanks.html", PIXEL_ID, "19,99", "EUR")


@pytest.fixture
def site() -> Path:
    """A folder with pages, and the code of a pixel beside it."""
    Path("code.html").write_text(JS_PIXEL)
    Path("site/shop").mkdir(parents=True)
    for name in ("thanks.html", "shop/tea.html", "shop/order.php"):
        Path("site", name).write_text(PAGE)
    return Path("site")


def _reports(path: Path) -> list[tuple[str | None, str | None]]:
    return [(found.value, found.currency) for found in snippets.read(path.read_text())]


@pytest.mark.wide
@pytest.mark.parametrize("source", [["--pixel", PIXEL_ID], FILE], ids=["API", "file"])
@pytest.mark.parametrize(
    ("worth", "reported"),
    [
        (["--amount", "19.99"], ("19.99", "USD")),
        (["--amount", "19,9"], ("19.90", "USD")),
        (["--amount", "1.299,00", "--currency", "EUR"], ("1299.00", "EUR")),
        (["--amount", "1500", "--currency", "JPY"], ("1500.00", "JPY")),
        (["--amount", "20"], ("20.00", "USD")),
    ],
)
def test_an_amount_is_what_is_reported(
    sandbox_run: Run, site: Path, source: Sequence[str], worth: Sequence[str], reported: tuple[str, str]
) -> None:
    page = site / "thanks.html"
    assert sandbox_run("inject", page, *source, *worth).code == 0
    assert _reports(page) == [reported]
    assert sandbox_run("inject", page, *source, *worth).err.endswith("1 unchanged\n")
    pixels = [PIXEL_ID] if source[0] == "--pixel" else source
    [printed] = snippets.read(sandbox_run("snippet", *pixels, *worth).out)
    assert (printed.value, printed.currency) == reported
    exported = sandbox_run("export", "html", *source, *worth, "--page-path", "/thanks.html").out
    assert f"{reported[0]}" in exported
    assert reported[1] in exported


def test_it_is_the_same_as_the_value_in_minor_units(sandbox_run: Run, site: Path) -> None:
    for value, amount in ((["--value", "1999"], ["--amount", "19.99"]), (["--value", "5"], ["--amount", "0.05"])):
        for command in (
            ["snippet", PIXEL_ID],
            ["snippet", PIXEL_ID, PIXEL_ID],
            ["snippet", "--all"],
            ["snippet", PIXEL_ID, "--template", "clean"],
            ["snippet", PIXEL_ID, "--via", "snippets"],
            ["export", "gtm", "--pixel", PIXEL_ID, "--on-event", "paid"],
            ["export", "gtm", *TTQ, "--currency", "USD", "--all-pages"],
        ):
            said, meant = sandbox_run(*command, *amount), sandbox_run(*command, *value)
            assert (said.code, said.out) == (0, meant.out), (command, said.err)


def test_it_is_worth_what_the_platform_counts_with(sandbox_run: Run) -> None:
    """Facebook has no decimals of the forint, ISO 4217 has two."""
    worth = ["--amount", "1990", "--currency", "HUF"]
    assert "fb_param.value = '1990.00'" in sandbox_run("snippet", PIXEL_ID, *worth, "--variant", "script").out
    assert "1990" in sandbox_run("export", "html", *TTQ, *worth, "--all-pages").out
    odd = ["--amount", "19.99", "--currency", "HUF"]
    assert "19.99" in sandbox_run("export", "html", *TTQ, *odd, "--all-pages").out
    refused = sandbox_run("snippet", PIXEL_ID, *odd)
    assert (refused.code, refused.out) == (2, "")
    assert "19.99 HUF is not a whole number of the currency's minor units" in refused.err


def test_a_meta_pixels_event_and_a_custom_conversion_take_it_too(sandbox_run: Run) -> None:
    pixel_id = sandbox_run("pixels", "create", "--kind", "meta", "--name", "Shop").out.strip()
    event = ["snippet", pixel_id, "--kind", "meta", "--event", "Purchase", "--amount", "19,99"]
    assert (
        "cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=EUR" in sandbox_run(*event, "--currency", "EUR", "--variant", "image").out
    )
    assert "an event's value needs its currency" in sandbox_run(*event).err
    assert (
        "--amount cannot be used with --kind meta"
        in sandbox_run("snippet", pixel_id, "--kind", "meta", "--amount", "5").err
    )
    create = ["pixels", "create-conversion", pixel_id, "--name", "Paid", "--rule", '{"URL": {"i_contains": "/t"}}']
    made = sandbox_run(*create, "--amount", "19.99", "--currency", "USD")
    assert (made.code, made.err) == (0, "created: Other, worth 19.99 USD where the event does not say\n")
    assert "together, or neither" in sandbox_run(*create, "--amount", "19.99").err
    assert "cannot be used together" in sandbox_run(*create, "--amount", "5", "--value", "5", "--currency", "USD").err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--amount", "1,234"], "'1,234' may be 1234.00 or 1.234; write 1234.00, or 1.2340 if that is meant"),
        (["--amount", "abc"], "'abc' is not an amount; an amount is in major units"),
        (
            ["--amount", "5", "--value", "500"],
            "--value and --amount cannot be used together: they are the same in two units.",
        ),
        (["--amount", "12,50 €"], "'12,50 €' has a currency; leave it out, and give --currency EUR"),
        (["--amount", "5 usd"], "'5 usd' has a currency; leave it out, and give --currency USD"),
        (["--amount", "$5"], "leave it out, and give --currency: USD, AUD, CAD, NZD or another"),
        (["--amount", "¥5"], "leave it out, and give --currency: JPY, CNY"),
        (["--amount", "-5"], "'-5' is negative; an amount must be positive"),
        (["--value", "-5"], "'-5': a value must be positive; give a whole number"),
        (["--amount", "5", "--currency", "€"], "'€' is not a code: give --currency EUR"),
        (["--amount", "5", "--currency", "lei"], "'lei' is not a code: give --currency RON"),
        (["--amount", "5", "--currency", "Euro"], "'Euro' is not a code: give --currency EUR"),
        (["--amount", "5", "--currency", "Mark"], "'Mark': a currency is three letters, such as USD"),
        (["--amount", "19.9999"], "19.9999 USD is not a whole number of the currency's minor units"),
        (["--value", "19.99"], "19.99 dollars are 1999, or --amount 19.99"),
    ],
)
def test_what_is_no_amount_is_refused(sandbox_run: Run, options: Sequence[str], message: str) -> None:
    ran = sandbox_run("snippet", PIXEL_ID, *options)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_currency_is_taken_in_any_case(sandbox_run: Run) -> None:
    upper, lower = (sandbox_run("snippet", PIXEL_ID, "--amount", "5", "--currency", name) for name in ("EUR", "eur"))
    assert (lower.code, lower.out) == (0, upper.out)
    assert "EUR" in lower.out


def test_what_a_sheet_puts_where_is_shown_before_anything_is_written(run: Run, site: Path) -> None:
    Path("agency.xlsx").write_bytes(xlsx(HEADER, ROW))
    sheet = ["--pages", "agency.xlsx", *FILE]
    shown = f"PAGE          PIXEL          VALUE  CURRENCY\n/thanks.html  {PIXEL_ID}  19.99  EUR\n"
    ran = run("inject", site, *sheet)
    assert ran.code == 0
    assert ran.err.startswith(shown)
    assert ran.err.endswith("inserted: site/thanks.html\n1 inserted, 1 unchanged\n")
    assert _reports(site / "thanks.html") == [("19.99", "EUR")]
    assert run("inject", site, *sheet, "--json").err.startswith(shown)
    assert run("inject", site, *sheet, "-q").err == ""
    exported = run("export", "gtm", *sheet, "--site", site)
    assert exported.err.startswith(shown)
    [tag] = json.loads(exported.out)["containerVersion"]["tag"]
    assert "19.99" in json.dumps(tag)
    assert "VALUE" not in run("export", "gtm", *sheet, "-q").err


def test_all_errors_of_a_sheet_are_told_and_nothing_is_written(run: Run, site: Path) -> None:
    rows = (("/thanks.html", PIXEL_ID, "1,234", "EUR"), ("Total", None, 5, None), ("/shop/tea.html", "6E+12", 5, "DM"))
    Path("agency.xlsx").write_bytes(xlsx(HEADER, *rows))
    for command in (["inject", site], ["export", "gtm", "-o", "gtm.json"]):
        ran = run(*command, "--pages", "agency.xlsx", *FILE)
        assert (ran.code, ran.out) == (2, "")
        *errors, last = ran.err.splitlines()
        assert [line.split(":")[1] for line in errors] == [
            f" agency.xlsx, cell {cell}" for cell in "C2 A3 B4 D4".split()
        ]
        assert last == "error: agency.xlsx: 4 errors; nothing was written"
    assert (site / "thanks.html").read_text() == PAGE
    assert not Path("gtm.json").exists()


def test_all_rules_that_the_code_cannot_follow_are_told(run: Run, site: Path) -> None:
    lines = [f"/thanks.html,{PIXEL_ID},19.99,HUF", f"/shop/tea.html,{PIXEL_ID},5,USD", f"/x.html,{PIXEL_ID},0.5,HUF"]
    Path("rules.csv").write_text("\n".join(["page,pixel,amount,currency", *lines]))
    ran = run("inject", site, "--pages", "rules.csv", *FILE)
    assert ran.code == 2
    first, second, last = ran.err.splitlines()
    assert first.startswith(f"failed: rules.csv, line 2: pixel {PIXEL_ID}: 19.99 HUF is not a whole number")
    assert second.startswith(f"failed: rules.csv, line 4: pixel {PIXEL_ID}: 0.5 HUF is not a whole number")
    assert last == "error: 2 of 3 rules failed; nothing was written"
    assert (site / "thanks.html").read_text() == PAGE


def test_pages_that_are_not_in_the_sites_folder_are_told_with_the_nearest(run: Run, site: Path) -> None:
    def export(*pages: str) -> tuple[int, list[str]]:
        Path("rules.csv").write_text("page,pixel\n" + "".join(f"{page},{PIXEL_ID}\n" for page in pages))
        ran = run("export", "gtm", "--pages", "rules.csv", *FILE, "--site", site, "-o", "gtm.json", "-q")
        return ran.code, ran.err.splitlines()

    assert export("/thanks.html", "/shop/order.php", "/shop/*.html") == (0, [])
    Path("gtm.json").unlink()
    assert export("/thanks.html", "/thank.html", "/shop/nowhere/*") == (2, [
        "error: rules.csv, line 3: there is no page /thank.html in site; there is /thanks.html",
        "error: rules.csv, line 4: there is no page /shop/nowhere/* in site; correct the page, or the folder",
        "error: rules.csv: 2 pages do not exist; nothing was written",
    ])  # fmt: skip
    assert export("/Thanks.html")[1] == [
        "error: rules.csv, line 2: there is no page /Thanks.html in site; there is /thanks.html"
    ]
    assert not Path("gtm.json").exists()
    gone = run("export", "gtm", "--pages", "rules.csv", *FILE, "--site", "gone")
    assert (gone.code, gone.err) == (
        2,
        "error: gone is not a folder; --site is the folder from which pages are counted\n",
    )
    alone = run("export", "gtm", *FILE, "--site", site)
    assert "--site needs --pages." in alone.err


def test_what_is_said_about_a_sheet_goes_with_a_sheet(run: Run, site: Path) -> None:
    for options in (["--sheet", "x"], ["--hidden-rows", "take"], ["--allow-empty-values"], ["--allow-zero-values"]):
        ran = run("inject", site, *FILE, *options)
        assert (ran.code, f"{options[0]} needs --pages." in ran.err) == (2, True)
    Path("rules.csv").write_text(f"page,pixel,amount\n/thanks.html,{PIXEL_ID},0\n/shop/tea.html,{PIXEL_ID},\n")
    allowed = ["--allow-empty-values", "--allow-zero-values"]
    assert run("inject", site, *FILE, "--pages", "rules.csv", *allowed).code == 0
    assert [_reports(site / name) for name in ("thanks.html", "shop/tea.html")] == [
        [("0.00", "USD")],
        [("19.99", "USD")],
    ]
    sheet = run("inject", site, *FILE, "--pages", "rules.csv", "--sheet", "Pixels")
    assert "rules.csv is not a workbook, so it has no sheet 'Pixels'; leave it out" in sheet.err
