"""impact.com's code: what it reports, and what of it goes onto a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.errors import SnippetError
from snippetkit.templating import rewritable_dialects
from tests.conftest import Run
from tests.pixels import EVERY_CODE

IRE = EVERY_CODE["ire"]
BASE, _, CALLS = IRE.partition("ire('identify'")
CALLS = f"<script>\nire('identify'{CALLS}"
APART = f"{BASE}</script>\n{CALLS}".replace("ire('trackConversion'", "</script>\n<script>ire('trackConversion'", 1)
OLD = "//d.impactradius-event.com/A123456-1a2b-4c3d-8e4f-0123456789ab1.js"
MINIFIED = f"""<script>(function(g,e,a,f,b,c,d){{b.ire_o=a;b[a]=b[a]||function(){{(b[a].a=b[a].a||[]).push(arguments)}};
c=f.createElement(e);d=f.getElementsByTagName(e)[0];c.async=!0;c.src=g;d.parentNode.insertBefore(c,d)}})("{OLD}",
"script","ire",document,window);ire("trackConversion",12345,{{orderId:"A-1001"}});</script>"""
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
Read = tuple[str, str | None, str | None, str | None, str | None, bool, str]


def _read(text: str) -> list[Read]:
    return [
        (one.pixel_id, one.event, one.value, one.currency, one.order_id, one.dynamic, one.state)
        for one in snippets.read_file("page.html", text)
    ]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


def _order(told: str) -> str:
    order = f"{{orderId: 'A', {told}}}"
    return f"<script>window.ire('trackConversion', 12345, {order}, {{verifySiteDefinitionMatch: true}})</script>"


@pytest.mark.parametrize(
    ("text", "value", "currency", "is_dynamic"),
    [
        (IRE.replace("'A-1001'", "'A'"), "19.99", "USD", False),
        (_order("currencyCode: 'EUR', items: [{subTotal: '5.00', quantity: 3}]"), "5.00", "EUR", False),
        (_order("orderDiscount: 1.5, items: [{subTotal: 5}, {subTotal: 2.25}]"), "5.75", None, False),
        (_order("customerId: ''"), None, None, False),
        (_order("items: [{subTotal: total}]"), "[{subTotal: total}]", None, True),
        (_order("orderDiscount: less, items: [{subTotal: 5}]"), "[{subTotal: 5}]", None, True),
        (_order("items: lines.map(toLine)"), "lines.map(toLine)", None, True),
    ],
)
def test_a_line_tells_the_sum_of_its_pieces_and_the_discount_is_subtracted(
    text: str, value: str | None, currency: str | None, is_dynamic: bool
) -> None:
    assert _read(text) == [("12345", "trackConversion", value, currency, "A", is_dynamic, "live")]


def test_each_call_names_what_it_tracks_and_the_publishers_tag_reports_nothing() -> None:
    lead = "<script>ire('trackConversion', '54321', {orderId: 'L'})</script>"
    assert [one[0] for one in _read(f"{IRE}{lead}")] == ["12345", "54321"]
    assert _codes(f"{IRE}{lead}") == []
    publishers = BASE.replace("'ire'", "'impactStat'").replace("/A1", "/P-A1")
    assert _read(f"{publishers}impactStat('trackImpression');</script>") == []


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("12345,", "'Order',", ["id-invalid"]),
        ("currencyCode: 'USD',", "", ["currency-missing"]),
        ("'USD'", "'US'", ["currency-unknown"]),
        ("subTotal: 9.99", "subTotal: '9,99'", ["value-invalid"]),
        ("orderDiscount: 0.00", "orderDiscount: 30", ["value-invalid"]),
        ("items:", "amount: 19.99, lines:", ["value-key"]),
        ("items:", "amount: 19.99, items:", []),
        (BASE, "<script>", ["unknown-pixels"]),
    ],
)
def test_lint_knows_what_the_platform_takes(old: str, new: str, codes: list[str]) -> None:
    assert old in IRE
    assert _codes(IRE.replace(old, new)) == codes


def test_one_order_is_not_reported_twice() -> None:
    assert _codes(IRE + CALLS) == ["duplicate-pixel"]
    assert _codes(IRE + CALLS.replace("12345", "54321")) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "codes"),
    [
        (IRE, "", "", set()),
        (MINIFIED, "", "", set()),
        (f"{BASE}</script>\n{CALLS}", "", "", set()),
        (APART, "", "", set()),
        (APART, "customerId: ''", "customerId: document.cookie", {"unexpected-script"}),
        (APART, "'identify'", "'consent'", {"unexpected-script"}),
        (IRE, "https://utt.impactcdn.com", "//utt.impactcdn.com", set()),
        (IRE, "ire('identify', {customerId: '', customerEmail: ''});", "", set()),
        (IRE, "'A-1001'", "order.id", set()),
        (IRE, "9.99", "order.total", set()),
        (IRE, "async=1", "async=true", set()),
        (IRE, "utt.impactcdn.com", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        (IRE, "/A1234567", "/P-A1234567", {"not-run", "unexpected-script"}),
        (IRE, "customerId: ''", "customerId: document.cookie", {"unexpected-script"}),
        (IRE, "'identify'", "'consent'", {"unexpected-script"}),
        (IRE, "push(arguments)", "push(document.cookie)", {"unexpected-script"}),
        (IRE, "\n</script>", "\nire('trackConversion', 54321, {});</script>", {"second-pixel"}),
        (CALLS, "", "", {"not-run"}),
    ],
)
def test_the_base_code_is_trusted_token_for_token(text: str, old: str, new: str, codes: set[str]) -> None:
    assert old in text
    assert _untrusted(text.replace(old, new, 1) if old else text) == codes


def test_its_code_is_not_written_anew_and_a_sum_is_no_place_for_a_value() -> None:
    assert "ire" not in rewritable_dialects()
    [snippet] = snippets.read(IRE)
    with pytest.raises(SnippetError, match="the sum of its lines sets more than this value"):
        snippet.with_value("5.00")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    Path("code.html").write_text(IRE)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, "next to another" in ran.err) == (0, False)
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert run("lint", "page.html").out == ""
    policy = run("csp", "page.html").out
    assert all(f"https://{host}" in policy for host in ("utt.impactcdn.com", "*.impactcdn.com"))
    before = Path("page.html").read_bytes()
    Path("other.html").write_text(IRE.replace("12345,", "54321,"))
    refused = run("inject", "page.html", "--from-file", "other.html")
    assert (refused.code, Path("page.html").read_bytes()) == (6, before)
    assert run("remove", "page.html", "--key", "ire:12345").code == 0
    assert Path("page.html").read_bytes() == PAGE


def test_a_word_that_ends_so_is_another(run: Run) -> None:
    Path("page.html").write_bytes(PAGE.replace(b"</head>", b"<script>hire('trackConversion', 1)</script></head>"))
    assert "impact" not in run("csp", "page.html").out
