"""What was seen, held against what should be: no browser is needed to be wrong."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from snippetkit.browser import FAULTS, Blocked, Expected, Fired, Observed, ScriptError, find_origins, judge, where
from snippetkit.browser.observed import is_loader, read_event
from snippetkit.html import find_hidden
from snippetkit.javascript import parsing as _parsing
from tests.faulty import FAULTY, FBDS, FBQ, FP, FP_NOSCRIPT, FP_SCRIPT, IMAGE, RIGHT, A, B, page
from tests.pixels import META_ID, PURCHASE

FP_URL = f"https://www.facebook.com/offsite_event.php?id={A}&value=19.99&currency=USD"
EVENT = "https://www.facebook.com/tr"


def _fired(url: str, at_ms: int = 1) -> Fired:
    event = read_event(url, at_ms)
    assert event
    return event


def _seen(html: bytes | str, *urls: str, javascript: bool = True, **more: object) -> Observed:
    source = html if isinstance(html, str) else html.decode()
    fired = tuple(_fired(url) for url in urls)
    return Observed("x.html", javascript, source, fired, **more)  # type: ignore[arg-type]


def _codes(observed: Observed, expected: list[Expected] | None = None, **more: str) -> list[str]:
    return [fault.code for fault in judge(observed, expected, **more).faults]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (FP_URL, (A, None, "19.99", "USD")),
        (f"{EVENT}?ev={A}&cd[value]=1&cd%5Bcurrency%5D=EUR", (A, None, "1", "EUR")),
        (f"{EVENT}/?id={META_ID}&ev=Lead", (META_ID, "Lead", None, None)),
        (f"http://facebook.com/tr?id={META_ID}&ev=123", (META_ID, "123", None, None)),
        (f"{EVENT}?ev=PixelInitialized", ("", "PixelInitialized", None, None)),
        (f"{EVENT}?", ("", None, None, None)),
        ("https://www.googleadservices.com/pagead/conversion/1/?label=a&gtm=x", ("AW-1/a", None, None, None)),
        ("https://bat.bing.com/action/0?ti=1&evt=custom&ea=x&gv=2", ("1", "x", "2", None)),
    ],
)
def test_a_request_is_read_as_the_event_it_reports(url: str, told: tuple[str | None, ...]) -> None:
    assert _fired(url)[:4] == told
    assert not is_loader(url)  # of a host that has both, the loader alone is waited for


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/",
        "https://connect.facebook.net/tr?id=1",
        "https://facebook.com.example/tr?id=1",
        "https://shop.example/tr?id=1&u=www.facebook.com",
        "data:image/gif;base64,R0lGOD",
        "about:blank",
    ],
)
def test_another_request_is_no_event(url: str) -> None:
    assert read_event(url, 1) is None


EXPECTED = [
    ([Expected(A)], []),
    ([Expected(A, value="19.99", currency="USD")], []),
    ([Expected(A, value="19.990")], []),
    ([Expected(A, value="20")], ["wrong-value"]),
    ([Expected(A, currency="EUR")], ["wrong-currency"]),
    ([Expected(A, value="20", currency="EUR")], ["wrong-value", "wrong-currency"]),
    ([Expected(B)], ["not-fired", "unexpected"]),
    ([Expected(A), Expected(B)], ["not-fired"]),
]


@pytest.mark.parametrize(("expected", "codes"), EXPECTED)
@pytest.mark.parametrize("html", [page(FP), page()], ids=["with its code", "without"])
def test_an_event_is_held_against_what_a_person_expects(
    html: bytes, expected: list[Expected], codes: list[str]
) -> None:
    assert _codes(_seen(html, FP_URL), expected) == codes


def test_an_event_without_a_value_is_not_the_value_that_is_expected() -> None:
    [fault] = judge(_seen("", f"{EVENT}?id=1&ev=Lead"), [Expected("1", "Lead", "5")]).faults
    assert fault.message == "pixel 1 Lead reported no value, not 5"


@pytest.mark.parametrize("expected", [Expected(META_ID, value="30"), Expected(META_ID, "Purchase", "30", "USD")])
def test_a_page_view_beside_the_event_is_neither_a_second_one_nor_unexpected(expected: Expected) -> None:
    purchase = f"{EVENT}?id={META_ID}&ev=Purchase&cd[value]=30.00&cd[currency]=USD"
    page_view = f"{EVENT}?id={META_ID}&ev=PageView"
    seen = _seen(page(FBQ + PURCHASE), page_view, purchase)
    assert _codes(seen, [expected]) == []
    assert _codes(_seen("", page_view, purchase), [Expected(A)]) == ["not-fired", "unexpected", "unexpected"]
    assert _codes(_seen(page(FBQ + PURCHASE), page_view, purchase, purchase), [expected]) == ["fired-twice"]


LINKEDIN, MATOMO, YAHOO = (
    "https://px.ads.linkedin.com/collect/?v=2&fmt=js&pid=123456",
    "https://shop-example.matomo.cloud/matomo.php?idsite=3&rec=1",
    "https://sp.analytics.yahoo.com/spp.pl?a=10000&.yp=1234567",
)


@pytest.mark.parametrize(
    ("urls", "expected", "codes"),
    [
        ((LINKEDIN, f"{LINKEDIN}&conversionId=7654321"), Expected("123456/7654321", "track"), []),
        ((f"{MATOMO}&action_name=x", f"{MATOMO}&idgoal=7&revenue=5"), Expected("3/7", "trackGoal"), []),
        ((YAHOO, f"{YAHOO}&et=custom&ea=purchase&gv=5"), Expected("10000/1234567", "purchase"), []),
        (
            (LINKEDIN, f"{LINKEDIN}&conversionId=7654321"),
            Expected("123456/7654322", "track"),
            ["not-fired", "unexpected"],
        ),
        ((YAHOO.replace("1234567", "7"),), Expected("10000/1234567", "purchase"), ["not-fired", "unexpected"]),
        ((f"{YAHOO}&ea=&gv=5",), Expected("10000/1234567", "purchase"), ["not-fired", "unexpected"]),
    ],
)
def test_what_base_code_asks_for_is_expected_with_an_event_of_its_account(
    urls: tuple[str, ...], expected: Expected, codes: list[str]
) -> None:
    assert _codes(_seen("", *urls), [expected]) == codes


@pytest.mark.parametrize(
    ("named", "codes"), [(["123456"], []), (["123456/7"], []), (["7"], ["unexpected"]), ([], ["unexpected"])]
)
def test_what_base_code_alone_asks_for_is_no_fault_of_a_pixel_that_is_named(named: list[str], codes: list[str]) -> None:
    verdict = judge(_seen("", LINKEDIN), [], named=named)
    assert [fault.code for fault in verdict.faults] == codes


def test_where_only_the_pixel_is_expected_its_page_view_will_do() -> None:
    assert _codes(_seen("", f"{EVENT}?id={META_ID}&ev=PageView"), [Expected(META_ID)]) == []


def test_a_failure_to_load_is_a_fault_and_so_is_what_did_not_fire() -> None:
    assert _codes(_seen("", failure="the server answered 404")) == ["not-loaded"]
    assert _codes(_seen(page(FP), failure="x")) == ["not-loaded", "not-fired"]


_TRACK = f"fbq('init', '{META_ID}'); fbq('track', 'Lead');"
_REVOKED = f"fbq('consent', 'revoke'); {_TRACK}"
_GRANT = "fbq('consent', 'grant');"


@pytest.mark.parametrize(
    ("script", "is_certain"),
    [
        (_TRACK, True),
        (_REVOKED, False),
        (f"fbq(`consent`, 'revoke'); {_TRACK}", False),
        (f"if (!agreed) fbq('consent', 'revoke'); {_TRACK}", False),
        (f"{_TRACK} fbq('consent', 'revoke');", True),
        (f"{_REVOKED} {_GRANT}", True),
        (f"{_REVOKED} {_GRANT} fbq('consent', 'revoke');", True),
        (f"{_GRANT} {_REVOKED}", False),
        (f"{_REVOKED} if (agreed) {_GRANT}", False),
        (f"{_REVOKED} button.onclick = function () {{ {_GRANT} }};", False),
        (f"{_REVOKED} fbq('consent', answer); fbq('consent'); fbq(consent, 'grant');", False),
        (f"{_REVOKED}</script><script>{_GRANT}", True),
    ],
)
def test_what_fbq_keeps_while_consent_is_revoked_may_fire_and_has_to_once_it_is_granted(
    script: str, is_certain: bool
) -> None:
    html = page(f"<script>{script}</script>")
    fired = f"{EVENT}?id={META_ID}&ev=Lead"
    assert _codes(_seen(html)) == ["not-fired"] * is_certain
    assert _codes(_seen(html), consent="grant") == ["not-fired"]
    assert _codes(_seen(html, fired)) == _codes(_seen(html, fired), consent="grant") == []
    assert _codes(_seen(html), consent="withhold") == []


def test_without_javascript_a_revoked_consent_holds_no_image_back() -> None:
    image = f'<noscript><img alt="" src="{EVENT}?id={META_ID}&amp;ev=Lead&amp;noscript=1"></noscript>'
    assert _codes(_seen(page(f"<script>{_REVOKED}</script>", image), javascript=False)) == ["not-fired"]


def test_a_consent_that_nobody_heard_is_named_where_an_event_is_missing() -> None:
    html = page(FP)
    [missing, unheard] = judge(_seen(html, notes=("consent-too-early",)), consent="grant").faults
    assert (missing.code, unheard.code, unheard.line) == ("not-fired", "consent-too-early", 6)
    assert _codes(_seen(html, FP_URL, notes=("consent-too-early",)), consent="grant") == []


def test_withheld_consent_expects_nothing_and_blames_what_fires() -> None:
    assert _codes(_seen(page(FP)), consent="withhold") == []
    [fault] = judge(_seen(page(FP), FP_URL), consent="withhold").faults
    assert fault == ("without-consent", f"pixel {A} fired, with 19.99 USD without consent", None)
    assert _codes(_seen(page(FP), FP_URL), [Expected(A)], consent="withhold") == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_dynamic_value_may_be_any(javascript: bool) -> None:
    html = page("", FP.replace("'19.99'", "total").replace("value=19.99", "value={{ total }}"))
    assert _codes(_seen(html, FP_URL.replace("19.99", "7"), javascript=javascript)) == []


def test_only_the_error_in_the_code_counts_where_another_cause_is_known() -> None:
    errors = (ScriptError("mine", "", 9), ScriptError("yours", "", 40), ScriptError("theirs", "/x.js", 9))
    blocked = (Blocked("https://connect.facebook.net/en_US/fp.js", "script-src-elem", 9),)
    told = [fault.message for fault in judge(_seen(page(FP), errors=errors)).faults]
    assert told == [f"pixel {A} did not fire", "mine", "yours", "theirs (/x.js:9)"]
    told = [fault.message for fault in judge(_seen(page(FP), errors=errors, blocked=blocked)).faults]
    assert told[2:] == ["mine"]
    assert _codes(_seen(page(FP), FP_URL, errors=errors)) == []


def test_what_a_policy_blocks_of_others_is_no_cause() -> None:
    blocked = (Blocked("https://ads.example/x.js", "script-src-elem"), Blocked("inline code", "script-src-elem", 60))
    blocked += (Blocked("inline code", "style-src-attr", 19), Blocked("inline code", "script-src-attr", 60))
    assert _codes(_seen(page(FP), blocked=blocked)) == ["not-fired"]
    assert _codes(_seen(page(FP), FP_URL, blocked=blocked)) == []
    expected = [Expected(A)]
    assert _codes(_seen(page(), blocked=blocked), expected) == ["not-fired", *["blocked-by-csp"] * 2]


def test_a_comment_is_a_cause_only_for_what_is_expected() -> None:
    html = page(f"<!--\n{FP_SCRIPT}-->\n")
    assert _codes(_seen(html)) == []
    verdict = judge(_seen(html), [Expected(A)])
    assert verdict.faults[1] == ("not-run", f"the code of pixel {A} is in a comment", 5)


WAITS = [
    "function f() { CODE }",
    "var f = function () { CODE };",
    "document.body.onclick = function () { CODE };",
    "button.addEventListener('click', () => { CODE });",
    "if (total) { CODE }",
    "total && CODE",
    "total ? CODE : 0;",
    "for (var i = 0; i < n; i++) { CODE }",
    "try { x() } catch (e) { CODE }",
    "switch (x) { case 1: CODE }",
    "var shop = {buy: function () { CODE }};",
    "class Shop { buy() { CODE } }",
    "function f() { CODE } button.onclick = f;",
    "function f() { CODE } if (total) f();",
    "function f() { CODE } if (agreed) f(); else document.addEventListener('agreed', f);",
    "function f() { g(); } function g() { CODE }",
    "function f() { CODE; f(); }",
    "fetch('/order').then(function () { CODE });",
]
RUNS = [
    "CODE",
    "{ CODE }",
    "try { CODE } catch (e) {}",
    "(function () { CODE })();",
    "!function () { CODE }();",
    "(() => { CODE })();",
    "(function () { CODE }).call(window);",
    "setTimeout(function () { CODE }, 100);",
    "window.addEventListener('load', function () { CODE });",
    'document.addEventListener("DOMContentLoaded", () => { CODE });',
    "window.onload = function () { CODE };",
    "$(function () { CODE });",
    "jQuery(document).ready(function () { CODE });",
    "function f() { CODE } f();",
    "var f = function () { CODE }; f();",
    "function f() { CODE } window.addEventListener('load', f);",
    "function f() { CODE } if (document.readyState === 'complete') f(); else addEventListener('load', f);",
    "function f() { g(); } function g() { CODE } f();",
    "[1].forEach(function () { CODE });",
    "x = total || 0; CODE",
]


def _at_once(script: str) -> bool:
    document = snippets.parse(f"<script>fbq('init', '1');\n{script.replace('CODE', 'fbq(`track`, `Lead`)')}</script>")
    [code] = document.codes
    return lint.runs_at_once(document, code)


@pytest.mark.parametrize("script", WAITS)
def test_code_that_waits_for_something_need_not_fire(script: str) -> None:
    assert not _at_once(script)


@pytest.mark.parametrize("script", RUNS)
def test_code_that_runs_when_the_page_is_loaded_has_to_fire(script: str) -> None:
    assert _at_once(script)


@pytest.mark.parametrize("value", ["1.00", "2"])
def test_code_that_waits_and_fires_all_the_same_is_held_to_its_value(value: str) -> None:
    waits = "<script>button.onclick = function () { fbq('track', 'Lead', {value: 1, currency: 'USD'}); };</script>"
    seen = _seen(page(FBQ + waits), f"{EVENT}?id={META_ID}&ev=PageView")
    assert _codes(seen) == []
    seen = _seen(seen.source, seen.fired[0].url, f"{EVENT}?id={META_ID}&ev=Lead&cd[value]={value}&cd[currency]=USD")
    assert _codes(seen) == (["wrong-value"] if value == "2" else [])


HIDDEN = [
    ("<p>x</p>", []),
    ("<!-- x --><p>", [("comment", "<!-- x -->", True)]),
    ("<!-- x <p>", [("comment", "<!-- x <p>", False)]),
    ("<!--><p>", [("comment", "<!-->", True)]),
    ("<p title='<!-- x'>y", []),
    ("<script>'<!-- x'</script><p>", []),
    ("<noscript><!-- x --></noscript>", [("comment", "<!-- x -->", True)]),
    ("<textarea><script></textarea>", [("textarea", "<textarea><script>", True)]),
    ("<TITLE>x", [("title", "<TITLE>x", False)]),
    ("<plaintext></plaintext>x", [("plaintext", "<plaintext></plaintext>x", False)]),
    ("<template><p></template>y", [("template", "<template><p></template>", True)]),
    ("<template><template></template><!-- x --></template>y", [("template", ..., True)]),
    ("<template><p>", [("template", "<template><p>", False)]),
    ("</template><template></template>", [("template", "<template></template>", True)]),
    ("<template-x><p></template-x>", []),
    ("a < b <", []),
]


@pytest.mark.parametrize(("text", "found"), HIDDEN)
def test_what_no_browser_runs_is_found(text: str, found: list[tuple[str, object, bool]]) -> None:
    data = text.encode()
    told = [(hidden.name, text[hidden.start : hidden.end], hidden.is_closed) for hidden in find_hidden(data)]
    assert [(name, part if wanted is not ... else ..., is_closed) for (name, part, is_closed), (_, wanted, _) in
            zip(told, found, strict=True)] == found  # fmt: skip


def test_each_event_is_put_to_the_element_that_sent_it() -> None:
    html = page(FP + FBDS.replace(A, B), IMAGE.replace(A, "7") + FBQ)
    line = {name: html.decode().split(part)[0].count("\n") + 1 for name, part in PARTS.items()}
    line["fbq image"] = html.decode().rpartition("<img")[0].count("\n") + 1
    fbds = f"{EVENT}?ev={B}&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD"
    image = FP_URL.replace(A, "7")
    urls = [f"{fbds}&ts=1", image, f"{EVENT}?id={META_ID}&ev=PageView&ts=2", f"{FP_URL}&ts=3", f"{EVENT}?ev=99&ts=4"]
    with_script = [("script", line["fbds"]), ("image", line["image"]), ("script", line["fbq"]), ("script", line["fp"])]
    verdict = judge(_seen(html, *urls))
    assert find_origins(verdict) == [*with_script, ("script", None)]
    assert [where(fired, verdict) for fired in verdict.observed.fired] == [*with_script, ("script", None)]
    images = [FP_URL, f"{fbds}&noscript=1", image, f"{EVENT}?id={META_ID}&ev=PageView&noscript=1", f"{EVENT}?ev=99"]
    without = judge(_seen(html, *images, javascript=False))
    names = ["fp image", "fbds image", "image", "fbq image"]
    assert find_origins(without) == [*(("image", line[name]) for name in names), ("image", None)]


PARTS = {
    "fp": "<script",
    "fp image": "<noscript",
    "fbds": "<script>(function () {\n  var _fbq",
    "fbds image": f'<noscript><img height="1" width="1" alt="" style="display:none" src="{EVENT}?ev={B}',
    "image": '<img alt="" src',
    "fbq": "<script nonce",
}


def test_the_same_code_twice_is_two_elements_and_a_value_tells_two_events_apart() -> None:
    twice = judge(_seen(page(FP_SCRIPT * 2), *[f"{FP_URL}&ts={number}" for number in range(3)]))
    assert find_origins(twice) == [("script", 5), ("script", 18), ("script", None)]
    other = FP_SCRIPT.replace("19.99", "5.00")
    two = judge(_seen(page(FP_SCRIPT + other), FP_URL.replace("19.99", "5"), FP_URL))
    assert find_origins(two) == [("script", 18), ("script", 5)]


def test_an_image_is_known_in_each_writing() -> None:
    for writing in ("//www.facebook.com/tr?ev=1&amp;cd[value]=2", "https://www.facebook.com/tr?ev=1&cd%5Bvalue%5D=2"):
        html = page("", f'<img alt="" src="{writing}">\n')
        assert find_origins(judge(_seen(html, f"{EVENT}?ev=1&cd[value]=2"))) == [("image", 8)]


def test_an_image_that_names_no_event_has_not_fired_one() -> None:
    html = page("", f'<noscript><img alt="" src="{EVENT}?id={META_ID}&amp;noscript=1"></noscript>\n')
    seen = _seen(html, f"{EVENT}?id={META_ID}&noscript=1", javascript=False)
    message = f"pixel {META_ID} fired without an event: the image's URL has no ev="
    assert judge(seen).faults == (("not-fired", message, 8),)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("fbq('track', 'Lead')", ["reached-another"]),
        (f"fbq('trackSingle', '{META_ID}', 'Lead')", []),
        ("fbq('init', other); fbq('track', 'Lead')", ["not-fired"]),
        (f"fbq('init', '{A}'); fbq('track', 'Lead')", []),
        (f"fbq('init', '{A}'); fbq('track', 'Purchase')", ["not-fired", "not-fired"]),
    ],
)
def test_an_event_that_reaches_a_pixel_of_another_file_is_told(event: str, told: list[str]) -> None:
    html = page(f"<script>fbq('init', '{META_ID}'); {event}</script>\n")
    urls = [f"{EVENT}?id={pixel_id}&ev=Lead" for pixel_id in (META_ID, A)]
    assert _codes(_seen(html, *urls)) == told
    assert "reached-another" not in _codes(_seen(html, *urls), consent="withhold")
    assert "reached-another" not in _codes(_seen(html, *urls, javascript=False))
    alone = page("<script>fbq('track', 'Lead')</script>\n")
    assert _codes(_seen(alone, *urls)) == []


def test_each_fault_has_a_page_that_has_it_or_a_test() -> None:
    seeded = {code for case in FAULTY.values() for code, _, _ in case.faults}
    walked = {"fires-again", "fires-unseen"}  # tests/test_navigating.py
    assert FAULTS.keys() - seeded == {"not-loaded", "unexpected", "without-consent", "consent-too-early"} | walked
    assert not [name for name, case in RIGHT.items() if case.faults]
    assert FP_NOSCRIPT


def test_a_script_with_events_of_unknown_pixels_that_stops_is_no_right_page() -> None:
    html = page("<script>fbq('track', 'Lead')</script>\n")
    line = html[: html.index(b"<script>fbq")].count(b"\n") + 1
    seen = _seen(html, errors=(ScriptError("ReferenceError: fbq is not defined", "", line),))
    assert _codes(seen) == ["script-error"]
    assert _codes(_seen(html)) == []


def test_an_event_of_no_pixel_is_no_other_one_that_shares_the_global() -> None:
    seen = _seen(page(FP_SCRIPT), "https://www.facebook.com/offsite_event.php?id=&value=1")
    assert "clobbered-global" not in _codes(seen)


OF_A, OF_B = _fired(FP_URL), _fired(FP_URL.replace(A, B))
LOST = ["not-fired"]


@pytest.mark.parametrize(
    ("html", "fired", "expected", "codes"),
    [
        (page(FP), (OF_A, OF_B._replace(frame="/b.html")), None, []),
        (page(FBQ), (OF_B._replace(frame="/b.html"),), None, LOST),
        (page(FP), (OF_A._replace(frame="/b.html"),), None, LOST),
        (page(FP), (OF_A, OF_A._replace(frame="/b.html")), None, ["fired-twice"]),
        (page(), (OF_B._replace(frame="/b.html"),), None, []),
        (page(FP), (OF_A._replace(frame="/b.html"),), [Expected(A)], []),
        (page(FP), (OF_A, OF_B._replace(frame="/b.html")), [Expected(A)], ["unexpected"]),
    ],
)
def test_a_page_is_held_to_what_it_fires_itself_and_an_expectation_to_all(
    html: bytes, fired: tuple[Fired, ...], expected: list[Expected] | None, codes: list[str]
) -> None:
    verdict = judge(Observed("x.html", True, html.decode(), fired), expected)
    assert [fault.code for fault in verdict.faults] == codes
    assert [by for by, _ in find_origins(verdict)] == ["frame" if one.frame else "script" for one in fired]


def test_what_a_frame_fires_too_is_told_with_the_frame() -> None:
    [fault] = judge(Observed("x.html", True, page(FP).decode(), (OF_A, OF_A._replace(frame="/b.html")))).faults
    assert fault.message == f"pixel {A} fired in the frame /b.html too"


def test_a_page_that_would_be_slow_to_read_is_a_fault_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parsing, "_MOST_S", 0.01)
    seen = _seen(f"<!DOCTYPE html><title>x</title><script>{'fbq{' * 20_000}</script>")
    verdict = judge(seen)
    assert [fault.code for fault in verdict.faults] == ["not-loaded"]
    assert "broken in so many places" in verdict.faults[0].message
    assert find_origins(verdict) == []


def test_a_call_of_what_is_not_defined_is_told_whoever_makes_it() -> None:
    error = ScriptError("ReferenceError: fbq is not defined", "", 2)
    [fault] = judge(_seen("<p>x</p>\n<script>fbq('init')</script>", errors=(error,))).faults
    assert (fault.code, fault.message, fault.line) == ("script-error", error.message, 2)
    of_file = ScriptError(error.message, "https://shop.example/a.js", 7)
    [fault] = judge(_seen("<p>x</p>", errors=(of_file,))).faults
    assert (fault.message, fault.line) == (f"{error.message} (https://shop.example/a.js:7)", None)
    other = ScriptError("ReferenceError: jQuery is not defined", "", 2)
    assert judge(_seen("<p>x</p>", errors=(other,))).faults == ()
