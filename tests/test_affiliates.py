"""Awin's, CJ's and AdRoll's code, whose loaders read what a page sets: what it reports, and what goes onto a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser import Observed, judge
from snippetkit.browser.observed import read_event
from snippetkit.errors import SnippetError
from snippetkit.templating import Template, render_blocks, rewritable_dialects
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import PAGE, on_a_page

AWIN, CJ, ADROLL, ADROLL2 = (EVERY_CODE[name] for name in ("awin", "cj", "adroll", "adroll2"))
SALE = "AWIN.Tracking.Sale"
LOADER = '<script src="https://www.dwin1.com/12345.js" defer></script>'
SCRIPT = AWIN.partition("<noscript>")[0]
IMAGE = AWIN.partition("<noscript>")[2].partition("</noscript>")[0]
ADV, PIX = "ABCDEFGHIJKLMNOPQRSTUV", "VUTSRQPONMLKJIHGFEDCBA"
Read = tuple[str, str | None, str | None, str | None, bool, bool]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.value, one.currency, one.order_id, one.dynamic, one.conversion) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"{SALE}.amount = '2.00'; {SALE}.currency = 'EUR'", [("12345", "2.00", "EUR", None, False, True)]),
        (f"{SALE} = {{amount: '2.00', orderRef: 'A'}}", [("12345", "2.00", None, "A", False, True)]),
        ("var AWIN = {Tracking: {Sale: {amount: 2}}}", [("12345", "2", None, None, False, True)]),
        (f"window.{SALE}.amount = total", [("12345", "total", None, None, True, True)]),
        (f"const total = '3.00'; {SALE}.amount = total", [("12345", "3.00", None, None, False, True)]),
        (f"{SALE}.amount = '1'; {SALE}.amount = '2'", [("12345", "2", None, None, True, True)]),
        (f"if (x) {SALE}.amount = '1'; else {SALE}.amount = '2'", [("12345", "2", None, None, True, True)]),
        (
            f"if (x) {{ {SALE}.amount = '1'; {SALE}.currency = 'EUR'; }}",
            [("12345", "1", "EUR", None, False, True)],
        ),
        (f"(function () {{ var AWIN = {{}}; {SALE}.amount = '1'; }})()", []),
        (f"{SALE}.channel = 'aw'", []),
        (f"f({SALE}.amount)", []),
    ],
)
def test_what_a_script_sets_is_one_report(script: str, found: list[Read]) -> None:
    assert _read(f"<script>{script}</script>{LOADER}") == found


def test_of_several_loaders_nobody_knows_which_reads_it() -> None:
    text = f"<script>{SALE}.amount = '2.00'</script>{LOADER}"
    assert [one[0] for one in _read(text + LOADER)] == ["12345"]
    assert [one[0] for one in _read(text + LOADER.replace("12345", "54321"))] == [""]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CJ.partition("<noscript>")[0], [("1234567/123456", "19.99", "USD", "A-1001", False, True)]),
        (
            "<script>cj.order = {enterpriseId: '1234567', amount: 5}</script>",
            [("1234567", "5", None, None, False, True)],
        ),
        ("<script>window.cj.order = {enterpriseId: 1234567}</script>", [("1234567", None, None, None, False, True)]),
        ("<script>cj.sitePage = {enterpriseId: 1234567}; cj.order.x</script>", []),
        (
            '<img alt="" src="https://www.emjcd.com/u?CID=1234567&TYPE=123456&OID=A&AMOUNT=5&CURRENCY=USD&METHOD=IMG">',
            [("1234567/123456", "5", "USD", "A", False, True)],
        ),
        (
            '<img alt="" src="https://www.emjcd.com/u?CID=1234567&TYPE=123456&OID=A&ITEM1=x&AMT1=5&QTY1=2">',
            [("1234567/123456", "10", None, "A", False, True)],
        ),
        (
            '<iframe src="https://www.emjcd.com/tags/c?CID=1234567&TYPE=123456&OID=A&AMT1=9.99&QTY1=2&AMT2=1&QTY2=1'
            '&DISCOUNT=0.98&CURRENCY=USD"></iframe>',
            [("1234567/123456", "20.00", "USD", "A", False, True)],
        ),
        (
            '<img alt="" src="https://www.emjcd.com/u?CID=1234567&TYPE=123456&OID=A&AMT1={{ total }}&QTY1=2">',
            [("1234567/123456", "{{ total }}", None, "A", True, True)],
        ),
        (
            '<img alt="" src="https://www.emjcd.com/u?CID=1234567&TYPE=123456&OID=A&AMT1=5&AMT2=6&QTY2=1">',
            [("1234567/123456", None, None, "A", False, True)],
        ),
        (ADROLL, [(f"{ADV}/{PIX}", "19.99", "USD", "A-1001", False, True)]),
        (
            ADROLL.replace("adroll_conversion_value", "adroll_conversion_value_in_dollars").replace("USD", "EUR"),
            [(f"{ADV}/{PIX}", "19.99", "USD", "A-1001", False, True)],
        ),
        (
            f"<script>adroll_adv_id = '{ADV}'; adroll_pix_id = '{PIX}'</script>",
            [(f"{ADV}/{PIX}", None, None, None, False, False)],
        ),
    ],
)
def test_an_id_is_put_together_of_what_is_set(text: str, found: list[Read]) -> None:
    assert _read(text) == found


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (SCRIPT + IMAGE, ["Sale", "Sale"]),
        (IMAGE, ["Sale"]),
        (CJ, ["order"]),
        (CJ.partition("</script>")[2], [None]),
        (ADROLL, [None]),
    ],
)
def test_what_is_set_says_what_is_reported(text: str, events: list[str | None]) -> None:
    assert [one.event for one in snippets.read_file("page.html", text)] == events


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (AWIN, []),
        (SCRIPT + IMAGE, []),
        (SCRIPT + IMAGE.replace("ref=A-1001", "ref=A-1002"), ["duplicate-pixel"]),
        (SCRIPT.replace("DEFAULT:19.99", "NEW:10.00|OLD:9.99"), []),
        (SCRIPT.replace("DEFAULT:19.99", "NEW:10.00|OLD:9.00"), ["value-parts"]),
        (SCRIPT.replace("DEFAULT:19.99", "NEW:ten"), []),
        (IMAGE.replace("parts=DEFAULT:19.99", "parts=NEW%3A10.00%7COLD%3A9.99"), []),
        (IMAGE.replace("parts=DEFAULT:19.99", "parts=NEW%3A10.00%7COLD%3A9.00"), ["value-parts"]),
        (AWIN.replace("parts=DEFAULT:19.99", "parts=DEFAULT:9.99"), ["value-parts"]),
        (AWIN.replace("amount=19.99", "amount=29.99"), ["value-mismatch", "value-parts"]),
        (SCRIPT.replace('"19.99"', '"1,999.00"'), ["value-invalid"]),
        (SCRIPT.replace('AWIN.Tracking.Sale.currency = "GBP";', ""), ["currency-missing"]),
        (SCRIPT + SCRIPT.replace("12345", "54321"), []),
        (CJ, []),
        (CJ.replace("AMOUNT=19.99", "AMOUNT=19.99P"), ["value-mismatch"]),
        (CJ.partition("</script>")[2].replace("AMOUNT=19.99", "AMOUNT=19.99P"), ["value-invalid"]),
        (CJ.partition("</script>")[2].replace("AMOUNT=19.99", "AMT1=$5&amp;QTY1=1"), ["value-invalid"]),
        (CJ.replace("amount: 19.99", "amount: 19.999"), ["value-invalid", "value-mismatch"]),
        (CJ.replace("1234567", "12"), ["id-invalid"]),
        (CJ.partition("<noscript>")[0] * 2, []),
        (
            CJ.partition("<noscript>")[0] + CJ.partition("<noscript>")[0].replace("1234567", "7654321"),
            ["shared-global"],
        ),
        (ADROLL, []),
        (ADROLL.replace('adroll_currency = "USD";', ""), []),
        (ADROLL.replace(PIX, "pixel"), ["id-invalid"]),
        (ADROLL + ADROLL.replace(PIX, ADV), ["shared-global"]),
        (ADROLL + ADROLL, ["duplicate-pixel"]),
        (ADROLL2, []),
        (ADROLL2.replace("conversion_value", "value"), ["value-key"]),
        (ADROLL2.replace("19.99", '"1,999.00"'), ["value-invalid"]),
        (ADROLL2.replace("adroll.track(", "adroll('track', "), ["not-run"]),
        (ADROLL2.replace("adroll.track(", 'adroll.track("pageView");\nadroll.track('), []),
        (ADROLL2.replace(PIX, "pixel"), ["id-invalid"]),
        (
            ADROLL2.replace("</script>", 'adroll.track("purchase", {conversion_value: 19.99});</script>'),
            ["duplicate-pixel"],
        ),
    ],
)
def test_lint_knows_what_the_platforms_take(text: str, codes: list[str]) -> None:
    assert sorted(_codes(text)) == codes


@pytest.mark.parametrize(
    ("code", "old", "new", "codes"),
    [
        (AWIN, "", "", set()),
        (AWIN, 'amount = "19.99"', "amount = order.total", set()),
        (AWIN, "var AWIN = AWIN || {}", "var AWIN = {}", set()),
        (AWIN, "AWIN.Tracking = AWIN.Tracking || {}", "AWIN.Tracking = {}", set()),
        (AWIN, "AWIN.Tracking = AWIN.Tracking || {}", "AWIN.Tracking = other || {}", {"unexpected-script"}),
        (AWIN, 'amount = "19.99"', "amount = document.cookie", {"unexpected-script"}),
        (AWIN, "www.dwin1.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (AWIN, "AWIN.Tracking.Sale = {};", "AWIN.Tracking.Sale = {}; AWIN.Tracking.run();", {"unexpected-script"}),
        (CJ, "", "", set()),
        (CJ, "amount: 19.99", "amount: order.total", set()),
        (CJ, "amount: 19.99", "amount: document.cookie", {"unexpected-script"}),
        (CJ, "mczbf.com", "evil.example", {"foreign-host", "unexpected-script"}),
        (CJ, "d.id='cjapitag';", "d.id=document.cookie;", {"unexpected-script"}),
        (ADROLL, "", "", set()),
        (ADROLL, "__adroll_loaded", "window.__adroll_loaded", set()),
        (ADROLL, "= 19.99", "= order.total", set()),
        (ADROLL2, "", "", set()),
        (ADROLL2, "'get_cookie'", "'get_cookie', 'one_more'", set()),
        (ADROLL2, "19.99", "order.total", set()),
        (ADROLL2, "adroll.track(", "adroll.steal();\nadroll.track(", {"unexpected-script"}),
        (ADROLL2, "s.adroll.com", "evil.example", {"foreign-host", "unexpected-script"}),
        (ADROLL, '"A-1001"', "order.id", set()),
        (ADROLL, "oldonload()", "steal()", {"unexpected-script"}),
        (ADROLL, "s.adroll.com", "evil.example", {"foreign-host", "unexpected-script"}),
    ],
)
def test_what_reports_is_trusted_and_what_does_more_is_not(code: str, old: str, new: str, codes: set[str]) -> None:
    assert old in code
    assert _untrusted(code.replace(old, new, 1)) == codes


@pytest.mark.parametrize("code", [AWIN, ADROLL], ids=["awin", "adroll"])
def test_fresh_code_says_the_same_and_is_trusted(code: str) -> None:
    [snippet] = snippets.read(code)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(code)
    assert (_untrusted(fresh), lint.find(snippets.parse(fresh))) == (set(), [])


def test_cj_code_is_not_written_anew() -> None:
    assert "cj" not in rewritable_dialects()


def test_another_value_is_written_into_the_parts_too() -> None:
    [snippet] = snippets.read(AWIN)
    changed = snippet.with_value("5.00", "EUR")
    assert changed.source.count("5.00") == 4
    assert changed.source.count("DEFAULT:5.00") == 2
    assert lint.find(snippets.parse(changed.source)) == []
    encoded = snippets.read(AWIN.replace("parts=DEFAULT:19.99", "parts=DEFAULT%3A19.99"))[0].with_value("5.00")
    assert "parts=DEFAULT%3A5.00" in encoded.source


@pytest.mark.parametrize(
    ("code", "reason"),
    [(AWIN.replace("DEFAULT:19.99", "A:9.99|B:10.00"), "Sale.parts sets more"), (CJ, "cj.order.items sets more")],
)
def test_what_is_told_in_several_amounts_has_no_place_for_another_value(code: str, reason: str) -> None:
    [snippet] = snippets.read(code)
    with pytest.raises(SnippetError, match=reason):
        snippet.with_value("5.00")


@pytest.mark.parametrize(("order", "faults"), [("A-1001", []), ("A-1002", ["fired-twice"])])
def test_a_script_and_an_image_of_one_order_fire_once(order: str, faults: list[str]) -> None:
    url = "https://www.awin1.com/sread.img?merchant=12345&amount=19.99&cr=GBP&ref="
    fired = tuple(filter(None, (read_event(f"{url}{one}", 1) for one in ("A-1001", order))))
    text = f"<!doctype html><html><head><title>x</title></head><body>{SCRIPT}{IMAGE}</body></html>"
    assert [one.code for one in judge(Observed("x.html", True, text, fired)).faults] == faults


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("awin", "awin:12345", 'amount = "49.99"'),
        ("cj", "cj:1234567%2F123456", ""),
        ("adroll", f"adroll:{ADV}%2F{PIX}", "adroll_conversion_value = 49.99"),
    ],
)
def test_it_goes_onto_a_page_and_out_again(run: Run, name: str, key: str, value: str) -> None:
    with on_a_page(run, EVERY_CODE[name], key) as policy:
        assert "script-src" in policy
        valued = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR")
        assert (valued.code == 0, value in Path("page.html").read_text()) == (bool(value), True)


@pytest.mark.parametrize(("name", "old", "new"), [("awin", "12345", "54321"), ("adroll", PIX, ADV)])
def test_two_do_not_go_onto_one_page(run: Run, name: str, old: str, new: str) -> None:
    Path("page.html").write_bytes(PAGE)
    Path("code.html").write_text(EVERY_CODE[name])
    Path("other.html").write_text(EVERY_CODE[name].replace(old, new))
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    before = Path("page.html").read_bytes()
    ran = run("inject", "page.html", "--from-file", "other.html")
    assert (ran.code, Path("page.html").read_bytes()) == (6, before)
    assert run("inject", "page.html", "--from-file", "code.html", "other.html").code != 0


def test_a_word_that_others_use_too_makes_no_page_carry_such_code(run: Run) -> None:
    Path("page.html").write_bytes(PAGE.replace(b"</head>", b"<script>var cj = 1; f(cj)</script></head>"))
    assert "mczbf" not in run("csp", "page.html").out


SET = f"{AWIN.partition('(function () {')[0]}</script>\n"
TAG = '<script src="https://www.dwin1.com/12345.js" type="text/javascript" defer="defer"></script>\n'
NOSCRIPT = AWIN[AWIN.index("<noscript>") :]


@pytest.mark.parametrize("code", [SET + TAG, SET + TAG + NOSCRIPT, SET + NOSCRIPT + TAG])
def test_awins_own_tag_behind_what_is_set_comes_along(run: Run, code: str) -> None:
    assert _untrusted(code) == set()
    Path("page.html").write_bytes(PAGE)
    Path("code.html").write_text(code)
    assert run("inject", "page.html", "--from-file", "code.html", "--value", "300", "--currency", "GBP").code == 0
    there = Path("page.html").read_text()
    assert there.index('amount = "3.00"') < there.index(TAG.strip())
    assert ("<noscript>" in there) == ("<noscript>" in code)
    assert _read(there) == [("12345", "3.00", "GBP", "A-1001", False, True)]
    assert run("lint", "page.html").code == 0
    assert run("remove", "page.html", "--pixel", "12345").code == 0
    assert Path("page.html").read_bytes() == PAGE


@pytest.mark.parametrize(
    "code",
    [
        TAG + SET,
        SET + TAG + TAG.replace("12345", "54321"),
        SET + TAG.replace("dwin1.com", "dwin1.evil.example"),
        SET + TAG.replace("defer=", "onload='x()' defer="),
    ],
)
def test_another_tag_than_awins_own_behind_it_does_not(code: str) -> None:
    assert "unexpected-script" in _untrusted(code)
