"""OpenAI's code, which tells minor units: what it reports, what goes onto a page, and what its loader asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from snippetkit import lint, money, platforms, snippets
from snippetkit.browser.observed import read_event
from snippetkit.errors import SettingError
from snippetkit.templating import FOLDER, Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import PAGE, on_a_page

OAIQ = EVERY_CODE["oaiq"]
ID, OTHER = "4aBcDeFgHiJkLmNoPqRsTu", "5aBcDeFgHiJkLmNoPqRsTu"
DATA = '{type: "contents", amount: 1999, currency: "USD"}'
Read = tuple[str, str | None, str | None, str | None, str | None, bool]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.currency, one.event_id, one.dynamic) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("data", "value", "is_dynamic", "codes"),
    [
        (DATA, "19.99", False, []),
        ("{amount: 1999, currency: 'JPY'}", "1999.00", False, []),
        ("{amount: 1999, currency: 'KWD'}", "1.999", False, []),
        ("{amount: '1999', currency: 'USD'}", "19.99", False, []),
        ("{amount: 19.99, currency: 'USD'}", "19.99 minor units", False, ["value-unit"]),
        ("{amount: '19.99', currency: 'USD'}", "19.99 minor units", False, ["value-unit"]),
        ("{amount: '19,99', currency: 'USD'}", "19,99", False, ["value-invalid"]),
        ("{amount: 1999}", "1999 minor units", False, ["currency-missing"]),
        ("{amount: 1999, currency: 'usd'}", "1999 minor units", False, ["currency-unknown"]),
        ("{amount: 1999, currency: shop.currency}", "1999 minor units", True, []),
        ("{amount: shop.cents, currency: 'USD'}", "shop.cents", True, ["dynamic-value"]),
        ("{type: 'contents'}", None, False, []),
        ("{value: 19.99, currency: 'USD'}", None, False, ["value-key"]),
    ],
)
def test_an_amount_is_read_in_the_major_unit_where_that_is_known(
    data: str, value: str | None, is_dynamic: bool, codes: list[str]
) -> None:
    text = OAIQ.replace(DATA, data)
    [(_, _, told, _, _, dynamic)] = _read(text)
    assert (told, dynamic) == (value, is_dynamic)
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ("", [(ID, None, None, None, None, False)]),
        ("oaiq('measure', 'page_viewed')", [(ID, "page_viewed", None, None, None, False)]),
        (
            "oaiq('measure', 'custom', {type: 'custom'}, {custom_event_name: 'won', event_id: 'e'})",
            [(ID, "won", None, None, "e", False)],
        ),
        ("oaiq('measure', 'custom', {type: 'custom'})", [(ID, "custom", None, None, None, False)]),
        (
            f"oaiq('init', {{pixelId: '{OTHER}'}}); oaiq('measure', 'lead_created')",
            [(one, "lead_created", None, None, None, False) for one in (ID, OTHER)],
        ),
        (
            f"oaiq('init', {{pixelId: '{OTHER}'}});"
            f"oaiq('measureSingle', '{OTHER}', 'order_created', {{amount: 5, currency: 'USD'}}, {{event_id: 7}})",
            [(OTHER, "order_created", "0.05", "USD", "7", False), (ID, *[None] * 4, False)],
        ),
        ("oaiq('init', {user: {country: 'US'}})", [(ID, None, None, None, None, False)]),
    ],
)
def test_a_call_says_what_for_whom(calls: str, found: list[Read]) -> None:
    base = OAIQ.partition('oaiq("measure"')[0]
    assert sorted(map(str, _read(f"{base}</script><script>{calls}</script>"))) == sorted(map(str, found))


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("order_created", "Order_Created", ["event-unknown"]),
        ("order_created", "order_created", []),
        ('{event_id: "A-1001"}', "{}", []),
        ('currency: "USD"}, {', 'currency: "USD", ', ["event-id-place"]),
        ('currency: "USD"', 'currency: "USD", event_id: "A-1001"', []),
        ("4aBcDeFgHiJkLmNoPqRsTu", "<YOUR-PIXEL-ID>", ["id-invalid"]),
        ('oaiq("init"', '// oaiq("init"', ["not-run"]),
    ],
)
def test_lint_knows_what_the_platform_takes(old: str, new: str, codes: list[str]) -> None:
    assert _codes(OAIQ.replace(old, new)) == codes


def test_an_event_whose_base_code_is_elsewhere_is_of_pixels_that_are_not_known() -> None:
    assert _codes("<script>oaiq('measure', 'lead_created')</script>") == ["unknown-pixels"]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("js.async = true", "js.async = 1", set()),
        ("(function (w, d, s, u)", "!(function (w, d, s, u)", set()),
        ("f.parentNode.insertBefore(js, f)", "d.head.appendChild(js)", set()),
        ("q.q = [];\n  w.oaiq = q;", "w.oaiq = q; q.q = [];", set()),
        ("amount: 1999", "amount: order.cents", set()),
        ('oaiq("init"', 'oaiq("consent", false);\noaiq("init"', set()),
        ('oaiq("init"', 'oaiq("consent", true);\noaiq("init"', {"consent-granted"}),
        ('oaiq("init"', 'oaiq("consent", !0);\noaiq("init"', {"consent-granted"}),
        ('oaiq("init"', f'oaiq("init", {{pixelId: "{OTHER}"}});\noaiq("init"', {"second-pixel"}),
        ('"measure", ', f'"measureSingle", "{OTHER}", ', {"second-pixel"}),
        ("q.q = [];", "q.q = document.cookie;", {"unexpected-script"}),
        ("bzrcdn.openai.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        ("1999", "document.cookie", {"unexpected-script"}),
        ('oaiq("measure"', 'oaiq("set", 1);\noaiq("measure"', {"unexpected-script"}),
    ],
)
def test_what_reports_is_trusted_and_what_does_more_is_not(old: str, new: str, codes: set[str]) -> None:
    assert old in OAIQ
    assert _untrusted(OAIQ.replace(old, new, 1)) == codes


@pytest.mark.parametrize(
    ("event", "value", "currency", "said"),
    [
        ("order_created", "19.99", "USD", 'type: "contents", amount: 1999, currency: "USD"}'),
        ("lead_created", "5", "JPY", 'type: "customer_action", amount: 5, currency: "JPY"}'),
        ("trial_started", None, None, 'type: "plan_enrollment"}'),
        ("won", "1.234", "KWD", 'amount: 1234, currency: "KWD"}, {custom_event_name: "won", event_id:'),
        ("custom", None, None, 'oaiq(\'measure\', "custom", {type: "custom"}, {event_id:'),
        ("order_created", "19.999", "USD", None),
        ("order_created", "19.99", "JPY", None),
        ("order_created", "19.99", None, None),
    ],
)
def test_fresh_code_tells_minor_units(event: str, value: str | None, currency: str | None, said: str | None) -> None:
    [snippet] = snippets.read(OAIQ)
    wanted = snippet.__class__(
        snippet.dialect, ID, value, currency, "", event=event, event_id="e-1", script_span=(0, 0)
    )
    if said is None:
        with pytest.raises(SettingError, match="minor units"):
            render_blocks(Template("clean"), [wanted], {})
        return
    fresh = "\n".join(render_blocks(Template("clean"), [wanted], {}).values())
    assert said in fresh
    [again] = snippets.read(fresh)
    assert (again.event, again.currency, again.event_id) == (event, currency, "e-1")
    assert money.is_same(again.value, value) or again.value is value
    assert (_untrusted(fresh), _codes(fresh)) == (set(), [])


def test_the_template_knows_each_standard_event() -> None:
    text = (FOLDER / "dialects/oaiq.html.j2").read_text("utf-8")
    assert {name for name, _ in re.findall(r'"(\w+_\w+)": "(\w+)"', text)} == platforms.events_of("oaiq").standard


def test_another_value_is_written_in_minor_units() -> None:
    [snippet] = snippets.read(OAIQ)
    changed = snippet.with_value("5.00")
    assert (changed.value, 'amount: 500, currency: "USD"' in changed.script) == ("5.00", True)
    assert snippets.read(changed.source)[0].value == "5.00"
    yen = snippet.with_value("500", "JPY")
    assert 'amount: 500, currency: "JPY"' in yen.script
    assert yen.with_value("20", "EUR").script.count('amount: 2000, currency: "EUR"') == 1
    with pytest.raises(SettingError, match="not a whole number"):
        snippet.with_value("5.01", "JPY")
    [unknown] = snippets.read(OAIQ.replace(', currency: "USD"', ""))
    with pytest.raises(SettingError, match="depends on the currency"):
        unknown.with_value("5.00")


def test_what_was_seen_is_told_in_the_major_unit() -> None:
    fired = read_event("https://bzr.openai.com/v1/sdk/events?pid=1&event=order_created&amount=1999&currency=USD", 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value, fired.currency) == ("1", "order_created", "19.99", "USD")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    with on_a_page(run, OAIQ, f"oaiq:{ID}") as policy:
        assert "script-src" in policy
        assert "connect-src https://bzr.openai.com https://bzrcdn.openai.com" in policy
        assert run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR").code == 0
        assert 'amount: 4999, currency: "EUR"' in Path("page.html").read_text()


def test_behind_a_base_code_goes_the_event_alone_and_beside_another_pixel_it_is_for_one(run: Run) -> None:
    base = OAIQ.replace(re.findall(r'oaiq\("measure".*\n', OAIQ)[0], "")
    Path("code.html").write_text(OAIQ)
    for pixel_id, call in ((ID, f'oaiq("measure", "order_created", {DATA}'), (OTHER, f'"measureSingle", "{ID}", "ord')):
        there = base.replace(ID, pixel_id)
        Path("page.html").write_bytes(PAGE.replace(b"</head>", there.encode() + b"</head>"))
        ran = run("inject", "page.html", "--from-file", "code.html")
        assert ran.code == 0, ran.err
        page = Path("page.html").read_text()
        assert call in page
        assert page.count("oaiq.min.js") == 1 + (pixel_id == OTHER)
        assert [one[:2] for one in _read(page) if one[1]] == [(ID, "order_created")]


def test_a_data_layers_total_is_no_minor_units(run: Run) -> None:
    Path("code.html").write_text(OAIQ)
    export = ["export", "gtm", "--from-file", "code.html", "--on-event", "purchase", "-o", "gtm.json"]
    ran = run(*export, "--value-key", "order.total")
    assert (ran.code != 0, "needs minor units" in ran.err) == (True, True), ran.err
    assert run(*export, "--value", "4999").code == 0
    assert (
        "amount: 4999"
        in json.loads(Path("gtm.json").read_text())["containerVersion"]["tag"][0]["parameter"][0]["value"]
    )
