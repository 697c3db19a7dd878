"""Adform's tracking points: what they report, and what of their code goes onto a page."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.errors import SnippetError
from snippetkit.templating import rewritable_dialects
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import on_a_page

ADFORM = EVERY_CODE["adform"]
SCRIPT = f"{ADFORM.partition('<noscript>')[0]}"
URL = "https://track.adform.net/Serving/TrackPoint/?pm=1234567"
NAMED, ENCODED = "encodeURIComponent('Shop|Thanks')", "&ADFPageName=Shop%7CThanks"
SALES = "sales: '19.99',"
LINES = f"{SALES} itms: [{{productid: 'x', productsales: '19.99'}}],"
Read = tuple[str, str | None, str | None, str | None, str | None]
TOLD = ("1234567", "Shop|Thanks", "19.99", None, "A-1001")


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.currency, one.order_id) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


def _script(code: str) -> str:
    return f"<script>{code}</script>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (ADFORM, [TOLD]),
        (
            SCRIPT.replace(SALES, "sales: 19.99, currency: 'EUR',"),
            [("1234567", "Shop|Thanks", "19.99", "EUR", "A-1001")],
        ),
        (_script("var _adftrack = {pm: 114395, id: 7189832}"), [("114395", "7189832", None, None, None)]),
        (
            _script("window._adftrack = {pm: '114395', pagename: 'Home', order: {sales: total, orderid: 'A'}}"),
            [("114395", "Home", "total", None, "A")],
        ),
        (
            _script("_adftrack = [{pm: 114395, id: 1}, {pm: 114396, pagename: encodeURIComponent(name)}]"),
            [("114395", "1", None, None, None), ("114396", "name", None, None, None)],
        ),
        (_script("_adftrack.push({pm: 114395, pagename: encode('x')})"), [("114395", "encode('x')", None, None, None)]),
        (_script("_adftrack.push({pagename: 'x'}); tracks.push({pm: 114395}); _adftrack = []"), []),
        (f'<img alt="" src="{URL}{ENCODED}&ADFdivider=|">', [("1234567", "Shop|Thanks", None, None, None)]),
        (
            '<img alt="" src="//a2.adform.net/serving/trackpoint/?pm=114395&amp;lid=7189832">',
            [("114395", "7189832", None, None, None)],
        ),
    ],
)
def test_a_tracking_point_is_read_from_a_list_an_object_and_an_image(text: str, found: list[Read]) -> None:
    assert _read(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (ADFORM, []),
        (ADFORM.replace(SALES, LINES), []),
        (ADFORM + ADFORM.replace("Shop|", "Shop2|").replace("Shop%7C", "Shop2%7C"), []),
        (ADFORM.replace("trackpoint-async", "track"), ["unknown-pixels"]),
        (ADFORM + ADFORM, ["duplicate-pixel"]),
        (ADFORM.replace("sales:", "value:"), ["value-key"]),
        (ADFORM.replace("'19.99'", "'19,99'"), ["value-invalid"]),
        (ADFORM.replace("'19.99'", "order.total"), ["dynamic-value"]),
        (ADFORM.replace("%7CThanks", "%7CBasket"), ["event-mismatch"]),
        (ADFORM.replace("pm=1234567", "pm=7654321"), ["id-mismatch"]),
        (SCRIPT.replace("pm: 1234567", "pm: 'YOUR_ID'"), ["id-invalid"]),
    ],
)
def test_lint_knows_what_an_order_tells(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        (
            "s2.adform.net/banners/scripts/st/trackpoint-async.js",
            "a2.adform.net/serving/scripts/trackpoint/async/",
            set(),
        ),
        ("(window._adftrack ? [window._adftrack] : [])", "window._adftrack ? [window._adftrack] : []", set()),
        ("'19.99'", "order.total", set()),
        (NAMED, "'Shop|Thanks'", set()),
        (NAMED, "encodeURIComponent(order.name)", {"unexpected-script"}),
        (NAMED, "encodeURIComponent(document.cookie)", {"unexpected-script"}),
        (NAMED, "decode('Shop|Thanks')", {"unexpected-script"}),
        ("pagename:", "more: encodeURIComponent('|', location.href), pagename:", {"unexpected-script"}),
        ("(function () {", "encodeURIComponent('Shop|Thanks'); (function () {", {"unexpected-script"}),
        ("[window._adftrack] : []", "[window._adftrack, document.cookie] : []", {"unexpected-script"}),
        ("s2.adform.net", "s2.evil.example", {"foreign-host", "unexpected-script"}),
        ("track.adform.net/Serving", "track.evil.example/Serving", {"foreign-host"}),
        ("padding:0;", "background:url(//x.example/);", {"unexpected-script"}),
        ('<p style="', '<p onclick="', {"unexpected-script"}),
        ("window._adftrack.push({", "_adftrack.push({pm: 7654321}); _adftrack.push({", {"second-pixel"}),
    ],
)
def test_code_from_outside_tells_one_tracking_point(old: str, new: str, codes: set[str]) -> None:
    assert old in ADFORM
    assert _untrusted(ADFORM.replace(old, new, 1)) == codes


def test_an_object_in_the_place_of_the_list_is_not_placed() -> None:
    assert _untrusted(_script("var _adftrack = {pm: 114395, order: {sales: '5', orderid: 'A'}};")) != set()


def test_fresh_code_is_not_written_and_lines_keep_the_value() -> None:
    assert "adform" not in rewritable_dialects()
    [snippet] = snippets.read(ADFORM)
    assert "sales: '25.00'" in snippet.with_value("25.00").source
    [snippet] = snippets.read(ADFORM.replace(SALES, f"{SALES} itms: [],"))
    assert "sales: '25.00'" in snippet.with_value("25.00").source
    [snippet] = snippets.read(ADFORM.replace(SALES, LINES))
    with pytest.raises(SnippetError, match=r"order\.itms sets more"):
        snippet.with_value("25.00")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    with on_a_page(run, ADFORM, "adform:1234567") as policy:
        assert "https://s2.adform.net" in policy
        assert "img-src https://track.adform.net" in policy
        assert run("export", "gtm", "--from-file", "code.html", "--page-path", "/", "-o", "gtm.json").code == 0


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (ENCODED, ("1234567", "Shop|Thanks", None, None)),
        ("&lid=7189832", ("1234567", "7189832", None, None)),
        (f"{ENCODED}&sales=5&orderid=A", ("1234567", "Shop|Thanks", "5", "A")),
    ],
)
def test_what_was_seen_is_told(query: str, told: tuple[str, str, str | None, str | None]) -> None:
    fired = read_event(f"{URL}{query}", 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value, fired.order_id) == told
