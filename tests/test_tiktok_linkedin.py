"""TikTok's and LinkedIn's code: what it reports, what of it goes onto a page, and what its loaders would ask for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippetkit import lint, platforms, snippets
from snippetkit.errors import SnippetError
from snippetkit.javascript import parse
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import on_a_page

TTQ, LINTRK = EVERY_CODE["ttq"], EVERY_CODE["lintrk"]
ONE, TWO = "C4ABCDE0C77U00000123", "D4ABCDE0C77U00000123"
TRACK = "ttq.track('CompletePayment', {value: 19.99, currency: 'USD', order_id: 'A-1001'}, {event_id: 'evt-1'});"
CONVERSION = "lintrk('track', {conversion_id: 7654321});"
STUB = f"""<script>
(function (page, name) {{
  var ttq = page[name] = page[name] || [];
  ttq.methods = ['page', 'track'];
  ttq.setAndDefer = function (on, method) {{ on[method] = function () {{ on.push([method].concat(arguments)); }}; }};
  ttq.methods.forEach(function (method) {{ ttq.setAndDefer(ttq, method); }});
  ttq.load('{ONE}');
  ttq.page();
}})(window, 'ttq');
</script>
"""
Read = tuple[str, str | None, str | None, str | None, str | None, str | None, str]


def _read(text: str) -> list[Read]:
    return [
        (one.pixel_id, one.event, one.value, one.currency, one.order_id, one.event_id, one.state)
        for one in snippets.read_file("page.html", text)
    ]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ("", [(ONE, None, None, None, None, None, "base code")]),
        (TRACK, [(ONE, "CompletePayment", "19.99", "USD", "A-1001", "evt-1", "live")]),
        ("window.ttq?.track('Lead')", [(ONE, "Lead", None, None, None, None, "live")]),
        (f"ttq.load('{TWO}'); ttq.track('Lead')", [(id_, "Lead", *[None] * 4, "live") for id_ in (ONE, TWO)]),
        (
            f"ttq.load('{TWO}'); ttq.instance('{TWO}').track('Lead', {{value: 2}}, {{event_id: 7}})",
            [(TWO, "Lead", "2", None, None, "7", "live"), (ONE, *[None] * 5, "base code")],
        ),
        ("var v = '3.00'; ttq.track('Lead', {value: v})", [(ONE, "Lead", "3.00", None, None, None, "live")]),
        ("ttq.track('Lead', {event_id: 'e'})", [(ONE, "Lead", None, None, None, None, "live")]),
        ("ttq.page(); ttq.methods.indexOf('track')", [(ONE, None, None, None, None, None, "base code")]),
    ],
)
def test_a_method_is_the_verb(calls: str, found: list[Read]) -> None:
    assert sorted(map(str, _read(f"{STUB}<script>{calls}</script>"))) == sorted(map(str, found))


def test_base_code_may_have_another_name_for_the_list_as_minifiers_write_it() -> None:
    minified = STUB.replace("ttq.", "o.").replace("var ttq", "var o").replace("(ttq,", "(o,")
    assert minified.count("ttq") == 1
    assert _read(f"{minified}<script>{TRACK}</script>") == _read(f"{STUB}<script>{TRACK}</script>")
    other = minified.replace("var o", "name = name + page; var o")
    assert ONE not in {one[0] for one in _read(f"{other}<script>{TRACK}</script>")}


def test_what_is_called_as_a_function_throws_and_reports_nothing() -> None:
    text = f"{STUB}<script>ttq('track', 'Lead')</script>"
    assert [one[-1] for one in _read(text) if one[1]] == ["dead"]
    [finding] = lint.find(snippets.parse(f"<!doctype html><body>{text}"))
    assert (finding.code, "write ttq.track(..)" in finding.message) == ("not-run", True)


def test_what_a_visitor_does_is_an_event_too() -> None:
    ttq, lintrk = (
        f'<a href="#" onclick="{call}">x</a>'
        for call in ("ttq.track('ClickButton')", "lintrk('track', {conversion_id: 7654321})")
    )
    assert [one[1:2] + one[-1:] for one in _read(f"{STUB}{ttq}") if one[1]] == [("ClickButton", "on click")]
    assert [one[:1] + one[-1:] for one in _read(f"{LINTRK}{lintrk}")] == [
        ("123456/7654321", "live"),
        ("123456/7654321", "on click"),
    ]


@pytest.mark.parametrize(
    ("told", "conversion", "pixel_ids"),
    [
        ("_linkedin_partner_id = '123456'", "7654321", ["123456/7654321"]),
        ("var _linkedin_data_partner_id = '123456'", "'7654321'", ["123456/7654321"]),
        ("window._linkedin_data_partner_ids.push('123456')", "7654321", ["123456/7654321"]),
        ("_linkedin_data_partner_ids.push('1234', '5678')", "7654321", ["1234/7654321", "5678/7654321"]),
        ("", "7654321", ["/7654321"]),
    ],
)
def test_an_id_is_put_together_of_the_partner_and_the_conversion(
    told: str, conversion: str, pixel_ids: list[str]
) -> None:
    text = f"<script>{told}; window.lintrk('track', {{conversion_id: {conversion}}})</script>"
    assert [one[:2] for one in _read(text) if one[1]] == [(pixel_id, "track") for pixel_id in pixel_ids]


@pytest.mark.parametrize(
    ("told", "conversion", "codes"),
    [
        ("_linkedin_partner_id = '123456'", "7654321", []),
        ("_linkedin_partner_id = '123456'", "'lead'", ["id-invalid"]),
        ("", "7654321", ["unknown-pixels"]),
        ("", "'lead'", ["id-invalid", "unknown-pixels"]),
    ],
)
def test_a_conversion_whose_partner_is_named_elsewhere_has_an_id(told: str, conversion: str, codes: list[str]) -> None:
    page = f"<!doctype html><body><script>{told}; lintrk('track', {{conversion_id: {conversion}}})</script>"
    assert sorted(finding.code for finding in lint.find(snippets.parse(page))) == codes


@pytest.mark.parametrize(
    "call",
    [
        "ttq.track('Lead', {value: 1, currency: 'USD', event_id: 'e'})",
        f"ttq.instance('{ONE}').track('Lead', {{event_id: 'e'}}, {{}})",
    ],
)
def test_an_events_id_among_its_properties_is_told_of_and_is_none(call: str) -> None:
    page = f"<!doctype html><body>{STUB}<script>{call}</script>"
    assert [finding.code for finding in lint.find(snippets.parse(page))] == ["event-id-place"]
    assert [one.event_id for one in snippets.read(page)] == [None]


@pytest.mark.parametrize(
    ("name", "written", "codes"),
    [("CompletePayment", "", []), ("completepayment", "CompletePayment", ["event-unknown"]), ("Own", "", [])],
)
def test_a_standard_event_in_another_case_is_another_event(name: str, written: str, codes: list[str]) -> None:
    found = lint.find(snippets.parse(f"<!doctype html><body>{STUB}<script>ttq.track('{name}')</script>"))
    assert [finding.code for finding in found] == codes
    assert all(written in finding.message for finding in found)


@pytest.mark.parametrize(
    ("query", "pixel_id", "is_conversion"),
    [
        ("pid=123456&amp;conversionId=7654321&amp;fmt=gif", "123456/7654321", True),
        ("pid=123456&amp;fmt=gif", "123456", False),
    ],
)
def test_an_image_without_a_conversion_shows_that_the_page_was_seen(
    query: str, pixel_id: str, is_conversion: bool
) -> None:
    image = f'<noscript><img alt="" src="https://px.ads.linkedin.com/collect/?{query}"></noscript>'
    [found] = snippets.read(image)
    assert (found.dialect, found.pixel_id, found.conversion) == ("lintrk", pixel_id, is_conversion)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("code", "old", "new", "codes"),
    [
        (TTQ, "", "", set()),
        (TTQ, "_i[t] || []", "methods[i]", set()),
        (TTQ, "https://analytics", "//analytics", set()),
        (TTQ, '"holdConsent", ', "", set()),
        (TTQ, "ttq.page();", "ttq.page(); ttq.track('Lead', {value: 1});", set()),
        (TTQ, "ttq.page();", "ttq.holdConsent(); ttq.page();", set()),
        (TTQ, "ttq.page();", "ttq.grantConsent(); ttq.page();", {"consent-granted"}),
        (TTQ, "ttq.page();", f"ttq.load('{TWO}');", {"second-pixel"}),
        (TTQ, "ttq.page();", "ttq.identify({email: 'a@b.example'});", {"unexpected-script"}),
        (TTQ, "ttq.page();", "page();", {"unexpected-script"}),
        (
            TTQ.replace("ttq", "q").replace("'q'", "'ttq'").replace("\nq.", "\nttq."),
            "q.page();",
            "",
            {"unexpected-script"},
        ),
        (TTQ, TRACK, "track('Lead');" + TRACK, {"unexpected-script"}),
        (TTQ, TRACK, "w.track('Lead');" + TRACK, {"unexpected-script"}),
        (TTQ, "analytics.tiktok.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (TTQ, "t.push([e]", "f.push([e]", {"unexpected-script"}),
        (TTQ, "19.99", "document.cookie", {"unexpected-script"}),
        (TTQ, "19.99", "order.total", set()),
        (LINTRK, "", "", set()),
        (LINTRK, "push(_linkedin_partner_id)", "push('123456')", set()),
        (LINTRK, "\nlintrk", "\nlintrk('track', {conversion_id: 1234567});\nlintrk", set()),
        (LINTRK, "push(_linkedin_partner_id)", "push('654321')", {"second-pixel"}),
        (LINTRK, "push(_linkedin_partner_id)", "push(document.cookie)", {"second-pixel", "unexpected-script"}),
        (LINTRK, "snap.licdn.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (LINTRK, "'track'", "'setUserData'", {"unexpected-script"}),
        (LINTRK, "[a,b]", "[a,document.cookie]", {"unexpected-script"}),
    ],
)
def test_the_base_code_is_trusted_token_for_token(code: str, old: str, new: str, codes: set[str]) -> None:
    assert old in code
    assert _untrusted(code.replace(old, new)) == codes


@pytest.mark.parametrize("name", ["ttq", "lintrk"])
def test_fresh_code_says_the_same_and_is_trusted(name: str) -> None:
    [snippet] = snippets.read(EVERY_CODE[name])
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(EVERY_CODE[name])
    assert _untrusted(fresh) == set()
    assert lint.find(snippets.parse(fresh)) == []


def test_an_order_that_a_server_tells_is_not_written_anew() -> None:
    [snippet] = snippets.read(TTQ.replace("'A-1001'", "'<?= $order ?>'"))
    with pytest.raises(Exception, match="its order_id is set while the page is built"):
        render_blocks(Template("clean"), [snippet], {})


@pytest.mark.parametrize(
    ("written", "options", "said"),
    [
        ("{value: 5}", [], "is missing, in the code too"),
        ("{value: 5, currency: 'KWD'}", [], ""),
        ("{value: 5}", ["--currency", "KWD"], "no currency to set"),
    ],
)
def test_minor_units_need_a_currency(run: Run, written: str, options: list[str], said: str) -> None:
    Path("page.html").write_text("<!doctype html><html><head><title>x</title></head><body></body></html>")
    Path("code.html").write_text(TTQ.replace("{value: 19.99, currency: 'USD', order_id: 'A-1001'}", written))
    ran = run("inject", "page.html", "--from-file", "code.html", "--value", "1234", *options)
    assert (ran.code == 0) == (not said)
    assert said in ran.err
    assert ("value: 1.234, currency: 'KWD'" in Path("page.html").read_text()) == (not said)


@pytest.mark.parametrize(
    ("name", "key"), [("ttq", f"ttq:{ONE}"), ("lintrk", "lintrk:123456%2F7654321")], ids=["ttq", "lintrk"]
)
def test_it_goes_onto_a_page_and_out_again(run: Run, name: str, key: str) -> None:
    loaders = platforms.dialect_named(name).platform.loaders
    with on_a_page(run, EVERY_CODE[name], key) as policy:
        assert all(f"https://{loader.host}" in policy for loader in loaders)
        assert all(origin in policy for loader in loaders for origin in loader.connect)
        valued = run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR")
        assert (valued.code == 0) == (name == "ttq")
        assert (b"value: 49.99, currency: 'EUR'" in Path("page.html").read_bytes()) == (name == "ttq")
        assert "Campaign Manager" in valued.err or name == "ttq"


def test_the_base_codes_are_javascript() -> None:
    codes = [code for dialect in platforms.every() for code in dialect.base_codes]
    assert all(parse(f"({code.strip().rstrip(';')})") for code in codes)


def test_an_image_alone_that_can_tell_no_value_has_no_place_for_one() -> None:
    [snippet] = snippets.read(LINTRK[LINTRK.index("<noscript>") :])
    for force in (True, False):
        with pytest.raises(SnippetError, match="no value to set"):
            snippet.with_value("5.00", force=force)


def test_of_two_settings_without_a_place_the_value_is_told_whatever_the_order_of_a_set(tmp_path: Path) -> None:
    (tmp_path / "code.html").write_text(LINTRK)
    command = [sys.executable, "-m", "snippetkit", "snippet", "--from-file", "code.html", "--value", "2500"]
    told = {
        subprocess.run(
            [*command, "--currency", "USD"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=False,
        ).stderr
        for seed in range(4)
    }
    assert len(told) == 1
    assert "no value to set" in told.pop()


def test_consent_in_the_visitors_place_may_be_asked_for_as_of_any_dialect() -> None:
    document = snippets.parse(TTQ.replace("ttq.page();", "ttq.grantConsent(); ttq.page();"))
    assert [one.asked for one in lint.find_untrusted(document)] == ["consent:grant"]
    assert lint.find_untrusted(document, asked=frozenset({"consent:grant"})) == []


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("7654321", []),
        ("conversion", []),
        ("'7654321'", ["id-invalid"]),
        ('"7654321"', ["id-invalid"]),
        ("'lead'", ["id-invalid"]),
        ("''", ["id-invalid"]),
        ("null", ["id-invalid"]),
        ("undefined", ["id-invalid"]),
    ],
)
def test_linkedin_counts_by_a_number(told: str, codes: list[str]) -> None:
    named = "_linkedin_partner_id = '123456';"
    page = f"<!doctype html><body><script>{named} lintrk('track', {{conversion_id: {told}}})</script>"
    assert [one.code for one in lint.find(snippets.parse(page))] == codes
    nothing = page.replace(f"conversion_id: {told}", "")
    assert [one.code for one in lint.find(snippets.parse(nothing))] == ["id-invalid"]
