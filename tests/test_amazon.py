"""Amazon's code: what it reports, what of it goes onto a page, and what is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.errors import SnippetError
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import PAGE, on_a_page

AMZN = EVERY_CODE["amzn"]
ID, OTHER = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "1f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
EVENT = 'amzn("trackEvent", "Off-AmazonPurchases", {value: 19.99, currencyCode: "USD", clientDedupeId: "A-1001"});'
BASE = AMZN.replace(EVENT, "")
SHORT = """<script>
(function (page, html) {
  if (page.amzn) return;
  var call = page.amzn = function () { call.q.push([arguments, Date.now()]); };
  call.q = []; call.version = '0.0';
  var s = html.createElement('script'); s.async = true; s.id = 'amzn-pixel';
  s.src = '//c.amazon-adsystem.com/aat/amzn.js';
  html.head.appendChild(s);
})(window, document);
""" + AMZN.partition("(window,document);\n")[2]
Read = tuple[str, str | None, str | None, str | None, str | None, bool]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.currency, one.event_id, one.conversion) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        (EVENT, [(ID, "Off-AmazonPurchases", "19.99", "USD", "A-1001", True)]),
        ("amzn('trackEvent', 'PageView')", [(ID, "PageView", None, None, None, False)]),
        ("amzn('trackEvent', 'Lead', {value: 3})", [(ID, "Lead", None, None, None, True)]),
        (
            "amzn('trackEvent', 'Bought', {value: '3', currencyCode: 'EUR'})",
            [(ID, "Bought", "3", "EUR", None, True)],
        ),
        (
            f"amzn('addTag', '{OTHER}'); amzn('trackEvent', 'Lead')",
            [(one, "Lead", None, None, None, True) for one in (ID, OTHER)],
        ),
    ],
)
def test_each_tag_gets_each_event_and_a_score_is_no_value(calls: str, found: list[Read]) -> None:
    assert sorted(map(str, _read(f"{BASE}<script>{calls}</script>"))) == sorted(map(str, found))


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", []),
        ("currencyCode", "currency", ["currency-missing"]),
        ("19.99", "19.999", ["value-invalid"]),
        ("19.99", "'19,99'", ["value-invalid"]),
        ("Off-AmazonPurchases", "off-amazonpurchases", ["event-unknown"]),
        ("Off-AmazonPurchases", "Bought", []),
        ('"Off-AmazonPurchases", {value: 19.99, currencyCode: "USD", ', '"Lead", {value: 2.5, ', []),
        (ID, "YOUR_TAG_ID", ["id-invalid"]),
        (EVENT, EVENT + EVENT, ["duplicate-pixel"]),
        (f'amzn("addTag", "{ID}");', "", ["not-run"]),
    ],
)
def test_lint_knows_what_the_platform_takes(old: str, new: str, codes: list[str]) -> None:
    assert _codes(AMZN.replace(old, new) if old else AMZN) == codes


def test_an_event_whose_base_code_is_elsewhere_is_of_tags_that_are_not_known() -> None:
    assert _codes(f"<script>{EVENT}</script>") == ["unknown-pixels"]


@pytest.mark.parametrize(
    ("code", "old", "new", "codes"),
    [
        (AMZN, "", "", set()),
        (SHORT, "", "", set()),
        (AMZN, "async=true", "async=1", set()),
        (AMZN, "(new Date).getTime()", "new Date().getTime()", set()),
        (AMZN, 'amzn("addTag"', 'amzn("setRegion", "EU");\namzn("addTag"', set()),
        (AMZN, "19.99", "order.total", set()),
        (AMZN, 'amzn("addTag"', f'amzn("addTag", "{OTHER}");\namzn("addTag"', {"second-pixel"}),
        (AMZN, 'amzn("addTag"', 'amzn("setUserData", {email: "a@b.example"});\namzn("addTag"', {"unexpected-script"}),
        (AMZN, "[arguments,", "[document.cookie,", {"unexpected-script"}),
        (AMZN, "(new Date).getTime()", "document.cookie", {"unexpected-script"}),
        (AMZN, "c.amazon-adsystem.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (AMZN, "19.99", "document.cookie", {"unexpected-script"}),
    ],
)
def test_the_base_code_is_trusted_token_for_token(code: str, old: str, new: str, codes: set[str]) -> None:
    assert old in code
    assert _untrusted(code.replace(old, new, 1)) == codes


@pytest.mark.parametrize("code", [AMZN, SHORT])
def test_fresh_code_says_the_same_and_is_trusted(code: str) -> None:
    [snippet] = snippets.read(code)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(code)
    assert (_untrusted(fresh), lint.find(snippets.parse(fresh))) == (set(), [])


@pytest.mark.parametrize("call", ["amzn('setRegion', 'EU')", 'amzn("setUserData", {})', "amzn(`addtcfv2`, {})"])
def test_what_fresh_code_would_lose_is_not_written_anew(call: str) -> None:
    [snippet] = snippets.read(AMZN.replace("</script>", f"{call};\n</script>"))
    with pytest.raises(SnippetError, match="which fresh code does not carry over"):
        render_blocks(Template("clean"), [snippet], {})


def test_what_was_seen_is_told_with_its_settings() -> None:
    query = "pid=x&event=Bought&value=2.50&currencyCode=EUR&clientDedupeId=e"
    for url in ("https://s.amazon-adsystem.com/iu3", "https://aax-eu.amazon-adsystem.com/s/iu3"):
        fired = read_event(f"{url}?{query}", 0)
        assert fired is not None
        assert (fired.pixel_id, fired.event, fired.value, fired.currency) == ("x", "Bought", "2.50", "EUR")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    with on_a_page(run, AMZN, f"amzn:{ID}") as policy:
        assert "https://c.amazon-adsystem.com" in policy
        assert "connect-src https://s.amazon-adsystem.com https://aax-eu.amazon-adsystem.com" in policy
        assert run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR").code == 0
        assert 'value: 49.99, currencyCode: "EUR"' in Path("page.html").read_text()
        thousandths = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "KWD")
        assert (thousandths.code != 0, "unknown currency 'KWD'" in thousandths.err) == (True, True)


def test_behind_a_base_code_goes_the_event_alone_and_beside_another_tag_none(run: Run) -> None:
    Path("code.html").write_text(AMZN)
    Path("page.html").write_bytes(PAGE.replace(b"</head>", BASE.encode() + b"</head>"))
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    page = Path("page.html").read_text()
    assert (page.count("amzn.js"), page.count("addTag"), EVENT in page) == (1, 1, True)
    Path("page.html").write_bytes(PAGE.replace(b"</head>", BASE.replace(ID, OTHER).encode() + b"</head>"))
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, "reaches one pixel alone" in ran.err) == (6, True), ran.err
