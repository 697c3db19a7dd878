"""AdWords' code, to 2018: what it reports, what of it goes onto a page, and what its loaders would ask for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from tests.conftest import Run
from tests.pixels import EVERY_CODE

ASYNC = EVERY_CODE["adwords"]
ID, OTHER = "1034567890/xYzAbCdEFgH1ijkLMNo", "1034567890/zYzAbCdEFgH1ijkLMNo"
LOADER, CALL = ASYNC.split("\n", 1)[0], ASYNC.split("\n", 1)[1].partition("<noscript>")[0]
URL = "//www.googleadservices.com/pagead/conversion/1034567890/?{}label=xYzAbCdEFgH1ijkLMNo&amp;guid=ON&amp;script=0"
MONEY = "value=19.99&amp;currency_code=USD&amp;"
IMAGE = f'<noscript><div style="display:inline;"><img height="1" width="1" alt="" src="{URL}"></div></noscript>\n'
OLD = """<script type="text/javascript">
/* <![CDATA[ */
var google_conversion_id = 1034567890;
var google_conversion_language = "en";
var google_conversion_format = "3";
var google_conversion_color = "ffffff";
var google_conversion_label = "xYzAbCdEFgH1ijkLMNo";
var google_conversion_value = 19.99;
var google_conversion_currency = "USD";
var google_remarketing_only = false;
/* ]]> */
</script>
<script type="text/javascript" src="//www.googleadservices.com/pagead/conversion.js">
</script>
"""
SECOND = OLD.replace("xYz", "zYz").replace("19.99", "5")
REMARKETING = (
    '<img alt="" src="//googleads.g.doubleclick.net/pagead/viewthroughconversion/1034567890/?guid=ON&script=0">'
)
CLICK = (
    """<script type="text/javascript">
goog_snippet_vars = function () {
  var w = window;
  w.google_conversion_id = 1034567890;
  w.google_conversion_label = "xYzAbCdEFgH1ijkLMNo";
  w.google_conversion_value = 19.99;
  w.google_conversion_currency = "USD";
  w.google_remarketing_only = false;
};
goog_report_conversion = function (url) {
  goog_snippet_vars();
  window.google_conversion_format = "3";
  var options = {onload_callback: function () { window.location = url; }};
  var report = window["google_trackConversion"];
  if (typeof report == "function") report(options);
};
</script>
"""
    + LOADER
)
PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
Read = tuple[str, str | None, str | None, str | None, bool]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    assert {one.dialect for one in found} <= {"adwords"}
    return [(one.pixel_id, one.value, one.currency, one.order_id, one.conversion) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (OLD, [(ID, "19.99", "USD", None, True)]),
        (OLD + IMAGE.format(MONEY), [(ID, "19.99", "USD", None, True)]),
        (OLD + SECOND, [(ID, "19.99", "USD", None, True), (OTHER, "5", "USD", None, True)]),
        (OLD.replace("only = false", "only = true"), [(ID, "19.99", "USD", None, False)]),
        (OLD.replace('"xYzAbCdEFgH1ijkLMNo"', '""'), [("1034567890", "19.99", "USD", None, False)]),
        (OLD.replace("var google_conversion_v", "window.google_conversion_v"), [(ID, "19.99", "USD", None, True)]),
        (OLD.replace("/* ]]", 'google_conversion_order_id = "A";/* ]]'), [(ID, "19.99", "USD", "A", True)]),
        (CLICK, [(ID, "19.99", "USD", None, True)]),
        (ASYNC, [(ID, "19.99", "USD", "A-1001", True)]),
        (ASYNC.replace("only: false", "only: true"), [(ID, "19.99", "USD", "A-1001", False)]),
        (ASYNC.replace("window.", "").replace("only: false", "only: !0"), [(ID, "19.99", "USD", "A-1001", False)]),
        ("<script>google_trackConversion(options); google_trackConversion({a: 1})</script>", []),
        ("<script>function f() { var google_conversion_id = 1034567890; }</script>", []),
        (IMAGE.format(f"{MONEY}oid=A&amp;"), [(ID, "19.99", "USD", "A", True)]),
        (IMAGE.format(""), [(ID, None, None, None, True)]),
        (REMARKETING, [("1034567890", None, None, None, False)]),
        (REMARKETING.replace("?", "?label=x&"), [("1034567890/x", None, None, None, False)]),
    ],
)
def test_what_is_set_called_or_asked_for_is_read(text: str, found: list[Read]) -> None:
    assert _read(text) == found


def test_an_amount_that_is_set_on_a_condition_is_dynamic() -> None:
    for asked, is_dynamic in (("total", True), ("0", True), ("19.99", False)):
        set_ = f"if ({asked}) {{ google_conversion_value = 19.99; }}"
        [found] = snippets.read(OLD.replace("var google_conversion_value = 19.99;", set_))
        assert (found.pixel_id, found.value, found.dynamic) == (ID, "19.99", is_dynamic)


def test_what_todays_tag_asks_for_at_that_path_is_not_its() -> None:
    url = URL.format(MONEY).replace("&amp;", "&")
    fired, of_today = read_event(f"https:{url}", 0), read_event(f"https:{url}&gtm=x", 0)
    assert fired is not None
    assert of_today is not None
    assert (fired.pixel_id, fired.value, fired.currency) == (ID, "19.99", "USD")
    assert of_today.pixel_id == f"AW-{ID}"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (OLD + IMAGE.format(MONEY), []),
        (OLD + IMAGE.format("value=0&amp;"), ["currency-mismatch", "value-mismatch"]),
        (OLD + IMAGE.format(MONEY.replace("USD", "EUR")), ["currency-mismatch"]),
        (OLD.replace('var google_conversion_currency = "USD";\n', ""), []),
        (OLD + SECOND, []),
        (OLD + OLD, ["duplicate-pixel"]),
        (OLD.replace("19.99", "0"), ["value-zero"]),
        (OLD.replace("19.99", '"19,99"'), ["value-invalid"]),
        (OLD.replace("1034567890", '"CONVERSION_ID"'), ["id-invalid"]),
        (OLD.replace("19.99", "order.total"), ["dynamic-value"]),
        (OLD + IMAGE.format(MONEY).replace('"//www', '"http://www'), ["insecure-url"]),
        (ASYNC, []),
        (LOADER + CALL.replace("google_conversion_value", "value"), ["value-key"]),
        (LOADER + CALL.replace("19.99", "'$5'"), ["value-invalid"]),
    ],
)
def test_lint_knows_what_google_took(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("call", "is_live"), [("{}", True), ("function done() {{ {} }}", False), ("function f() {{ {} }} f();", True)]
)
def test_a_call_in_a_function_waits_for_that(call: str, is_live: bool) -> None:
    text = f"<script>{call.format('google_trackConversion({google_conversion_id: 1034567890});')}</script>"
    document = snippets.parse(text)
    assert [lint.runs_at_once(document, code) for code in document.codes] == [is_live]


def test_what_a_page_sets_for_a_click_waits_for_that() -> None:
    document = snippets.parse(f"<!doctype html><body>{CLICK}")
    assert [lint.runs_at_once(document, code) for code in document.codes] == [False]
    assert lint.find(document) == []


def test_a_click_reports_too() -> None:
    link = "<a href='#' onclick='google_trackConversion({google_conversion_id: 1034567890})'>x</a>"
    assert [(one.pixel_id, one.state) for one in snippets.read_file("page.html", link)] == [("1034567890", "on click")]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("//www.googleads", "https://www.googleads", set()),
        ("window.google_track", "google_track", set()),
        ("19.99", "order.total", set()),
        ("19.99", "document.cookie", {"unexpected-script"}),
        ("<script type", "<script async type", {"not-run", "unexpected-script"}),
        ("<script type", "<script defer type", {"not-run", "unexpected-script"}),
        (LOADER, "", {"not-run"}),
        ("www.googleadservices.com", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ("/* ]]", "google_trackConversion({google_conversion_id: 1098765432});/* ]]", {"second-pixel"}),
        ("/* ]]", "google_trackConversion(options);/* ]]", {"unexpected-script"}),
        ("/* ]]", "window.google_other = 1;/* ]]", {"unexpected-script"}),
        ("<img ", '<img src="//evil.example/x"><img ', {"foreign-host"}),
    ],
)
def test_the_call_behind_its_loader_is_let_through_and_nothing_more(old: str, new: str, codes: set[str]) -> None:
    assert old in ASYNC
    assert _untrusted(ASYNC.replace(old, new, 1)) == codes


def test_globals_whose_loader_stands_behind_them_are_not_placed(run: Run) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(OLD)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, Path("page.html").read_text()) == (6, PAGE)


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(ASYNC)
    ran = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR")
    assert ran.code == 0, ran.err
    [found] = _read(Path("page.html").read_text())
    assert found == (ID, "49.99", "EUR", "A-1001", True)
    assert "value=49.99&amp;currency_code=EUR" in Path("page.html").read_text()
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert run("lint", "page.html").out == ""
    policy = run("csp", "page.html").out
    assert "https://www.googleadservices.com https://googleads.g.doubleclick.net https://www.google.com" in policy
    fresh = run("inject", "page.html", "--from-file", "code.html", "--template", "clean")
    assert (fresh.code != 0, "adwords" in fresh.err) == (True, True)
    assert run("remove", "page.html", "--key", "adwords:1034567890%2FxYzAbCdEFgH1ijkLMNo").code == 0
    assert Path("page.html").read_text() == PAGE


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize(
    ("code", "options", "told"),
    [
        (ASYNC, [], [(ID, "19.99", "USD")]),
        (ASYNC, ["--no-js"], [(ID, "19.99", "USD")]),
        (OLD + IMAGE.format(MONEY), [], [(ID, "19.99", "USD")]),
        (OLD + IMAGE.format(MONEY), ["--no-js"], [(ID, "19.99", "USD")]),
        (OLD + SECOND, [], [(ID, "19.99", "USD"), (OTHER, "5", "USD")]),
        (OLD.replace("only = false", "only = true"), [], [(ID, "19.99", "USD")]),
    ],
)
def test_each_fires_once_in_a_browser(
    run: Run, code: str, options: list[str], told: list[tuple[str, str, str]]
) -> None:
    Path("page.html").write_text(PAGE.replace("<p>x</p>", code))
    [visit] = json.loads(run("verify", "page.html", "--json", *options).out)["visits"]
    fired = [(one["pixel_id"], one["value"], one["currency"]) for one in visit["fired"]]
    assert (fired, visit["faults"]) == (told, [])
