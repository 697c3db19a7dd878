"""Microsoft's and Pinterest's code: what it reports, what of it goes onto a page, and what is said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, platforms, snippets
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import on_a_page

PINTRK, UETQ = EVERY_CODE["pintrk"], EVERY_CODE["uetq"]
ONE, TWO = "2612000000123", "2612000000456"
BASE = PINTRK[: PINTRK.index("pintrk('track'")] + "</script>\n"
IMAGE = "https://ct.pinterest.com/v3/"
TAG, OTHER = "40123456", "40123457"
LIST = "window.uetq = window.uetq || [];"
UET = UETQ[: UETQ.index(LIST)] + "</script>\n"
SECOND = UET.replace(TAG, OTHER).replace('"uetq")', '"uetq2")')
IN_THE_HEAD = f"""<script>
(function (from) {{
  if (window.pintrk) return;
  var tell = window.pintrk = function () {{ tell.queue.push([].slice.call(arguments)); }};
  tell.queue = [];
  tell.version = "3.0";
  var file = document.createElement("script");
  file.async = true;
  file.src = from;
  document.head.appendChild(file);
}})("//s.pinimg.com/ct/core.js");
pintrk("load", "{ONE}");
pintrk("page");
pintrk("track", "lead");
</script>
"""
MINIFIED = (
    "<script>!function(b){if(!window.pintrk){window.pintrk=function(){window.pintrk.queue.push(Array.prototype.slice."
    'call(arguments))};var a=window.pintrk;a.queue=[];a.version="3.0";a=document.createElement("script");a.async=!0;'
    'a.src=b;b=document.getElementsByTagName("script")[0];b.parentNode.insertBefore(a,b)}}'
    f'("https://s.pinimg.com/ct/core.js");pintrk("load","{ONE}");pintrk("page");pintrk("track","signup");</script>\n'
)
UET_IN_THE_HEAD = f"""<script>
(function (window, document, from, name) {{
  window[name] = window[name] || [];
  var file = document.createElement('script');
  file.async = true;
  file.src = from;
  file.onload = function () {{
    var o = {{ti: '{TAG}'}};
    o.q = window[name];
    window[name] = new UET(o);
    window[name].push('pageLoad');
  }};
  document.head.appendChild(file);
}})(window, document, 'https://bat.bing.net/bat.js', 'uetq');
window.uetq = window.uetq || [];
window.uetq.push('event', '', {{revenue_value: 5.00, currency: 'EUR'}});
</script>
"""
EARLY_RETURN = UETQ.replace(
    's&&s!=="loaded"&&s!=="complete"||(f(),n.onload=n.onreadystatechange=null)',
    'if (s && s !== "loaded" && s !== "complete") return; f(); n.onload = n.onreadystatechange = null;',
)
NONCE = UETQ.replace(
    "},i=d.", "},m=d.querySelector('[nonce]'),m&&n.setAttribute('nonce',m.nonce||m.getAttribute('nonce')),i=d."
)
Read = tuple[str, str | None, str | None, str | None, str | None, str | None, str]


def _read(text: str) -> list[Read]:
    return [
        (one.pixel_id, one.event, one.value, one.currency, one.order_id, one.event_id, one.state)
        for one in snippets.read_file("page.html", text)
    ]


def _codes(text: str) -> list[str]:
    return sorted(finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}")))


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


@pytest.mark.parametrize(
    ("calls", "found"),
    [
        ("", [(ONE, None, None, None, None, None, "base code")]),
        (
            "pintrk('track', 'Checkout', {value: 19.99, currency: 'USD', order_id: 'A-1', eventID: 'e'})",
            [(ONE, "Checkout", "19.99", "USD", "A-1", "e", "live")],
        ),
        ("window.pintrk('track', 'lead')", [(ONE, "lead", None, None, None, None, "live")]),
        (
            f"pintrk('load', '{TWO}'); pintrk('track', 'lead')",
            [(id_, "lead", *[None] * 4, "live") for id_ in (ONE, TWO)],
        ),
        ("pintrk('track', 'checkout', {amount: 5})", [(ONE, "checkout", *[None] * 4, "live")]),
        ("pintrk('page'); pintrk('set', {np: 'shop'})", [(ONE, None, None, None, None, None, "base code")]),
    ],
)
def test_pinterests_calls_are_read(calls: str, found: list[Read]) -> None:
    assert sorted(map(str, _read(f"{BASE}<script>{calls}</script>"))) == sorted(map(str, found))


@pytest.mark.parametrize(
    "made",
    [
        "window.uetq = window.uetq || []",
        "uetq = window.uetq || []",
        "window['uetq'] = window['uetq'] || []",
        "window.uetq ||= []",
        "window.uetq || []",
    ],
)
def test_microsofts_list_may_be_made_where_it_is_pushed_onto(made: str) -> None:
    pushed = "push('event', 'a', {revenue_value: 5, currency: 'EUR'})"
    for code in (f"({made}).{pushed};", f"(({made})).{pushed}; [window.uetq, []].push('event', 'b')"):
        found = snippets.read_file("code.js", code)
        assert [(one.dialect, one.event, one.value, one.currency, one.state) for one in found] == [
            ("uetq", "a", "5", "EUR", "live")
        ]
    [called] = snippets.read_file("code.js", f"({made})('event', 'a')")
    assert called.state == "dead"


@pytest.mark.parametrize(
    ("name", "is_conversion", "codes"),
    [
        ("checkout", True, []),
        ("Checkout", True, []),
        ("AddToCart", True, []),
        ("initiatecheckout", True, []),
        ("PageVisit", False, []),
        ("purchase", False, ["event-unknown"]),
        ("add_to_cart", False, ["event-unknown"]),
    ],
)
def test_an_event_of_pinterests_counts_in_any_case_and_another_one_does_not(
    name: str, is_conversion: bool, codes: list[str]
) -> None:
    text = f"{BASE}<script>pintrk('track', '{name}')</script>"
    assert [one.conversion for one in snippets.read(text)] == [is_conversion]
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("value: 5, currency: 'USD'", []),
        ("revenue: 5, currency: 'USD'", ["value-key"]),
        ("value: 5, currency: 'USD', price: 5", []),
        ("line_items: [{value: 5}]", []),
        ("order_quantity: 1", []),
        ("value: 5", ["currency-missing"]),
        ("value: '5,00', currency: 'USD'", ["value-invalid"]),
        ("value: 5, currency: 'usd'", ["currency-unknown"]),
    ],
)
def test_what_an_event_tells_pinterest_is_checked(told: str, codes: list[str]) -> None:
    assert _codes(f"{BASE}<script>pintrk('track', 'checkout', {{{told}}})</script>") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (BASE.replace(ONE, "YOUR_TAG_ID") + "<script>pintrk('track', 'lead')</script>", ["id-invalid"]),
        ("<script>pintrk('track', 'lead')</script>", ["unknown-pixels"]),
        (f"<script>pintrk('track', 'lead')</script>{BASE}", ["not-run"]),
        (f"{BASE}<script>pintrk('track', 'lead'); pintrk('track', 'Lead')</script>", ["duplicate-pixel"]),
        (PINTRK.replace("event=checkout", "event=Checkout"), []),
        (PINTRK.replace("event=checkout", "event=init"), []),
        (PINTRK.replace("event=checkout", "event=lead"), ["event-mismatch"]),
        (PINTRK.replace("ed[value]=19.99", "ed[value]=20"), ["value-mismatch"]),
        (PINTRK.replace("ed[value]=19.99", "value=19.99"), ["noscript-parameters"]),
        (PINTRK.replace("ed[value]=19.99&amp;", "").replace("ed[order_quantity]", "ed"), ["noscript-parameters"]),
    ],
)
def test_where_pinterests_code_stands_is_checked(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("query", "found", "is_conversion"),
    [
        (f"tid={ONE}&amp;event=checkout&amp;ed[value]=5&amp;ed[currency]=USD", (ONE, "checkout", "5", "USD"), True),
        (f"event=init&amp;tid={ONE}&amp;noscript=1", (ONE, "init", None, None), False),
        (f"tid={ONE}&amp;noscript=1", (ONE, None, None, None), False),
        (f"tid={ONE}&amp;event=mine", (ONE, "mine", None, None), False),
    ],
)
def test_an_image_of_pinterests_works_alone(query: str, found: tuple[str | None, ...], is_conversion: bool) -> None:
    [one] = snippets.read(f'<img alt="" src="{IMAGE}?{query}">')
    assert (one.dialect, one.pixel_id, one.event, one.value, one.currency) == ("pintrk", *found)
    assert one.conversion == is_conversion


@pytest.mark.parametrize(
    ("code", "old", "new", "codes"),
    [
        (PINTRK, "", "", set()),
        (IN_THE_HEAD, "", "", set()),
        (MINIFIED, "", "", set()),
        (PINTRK, "pintrk('page');", "pintrk('setconsent', false); pintrk('page');", set()),
        (PINTRK, "pintrk('page');", "pintrk('setconsent', true); pintrk('page');", {"consent-granted"}),
        (PINTRK, "pintrk('page');", "pintrk('setconsent', !0); pintrk('page');", {"consent-granted"}),
        (PINTRK, "pintrk('page');", f"pintrk('load', '{TWO}');", {"second-pixel"}),
        (PINTRK, "pintrk('page');", "pintrk('set', {em: shop.email});", {"unexpected-script"}),
        (PINTRK, "s.pinimg.com", "cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (PINTRK, "t.src=e", "t.src=document.cookie", {"unexpected-script"}),
        (PINTRK, "19.99", "document.cookie", {"unexpected-script"}),
        (PINTRK, "19.99", "order.total", set()),
    ],
)
def test_the_base_code_is_trusted_token_for_token(code: str, old: str, new: str, codes: set[str]) -> None:
    assert old in code
    assert _untrusted(code.replace(old, new) if old else code) == codes


@pytest.mark.parametrize("code", [PINTRK, UETQ, UET_IN_THE_HEAD])
def test_fresh_code_says_the_same_and_is_trusted(code: str) -> None:
    [snippet] = snippets.read(code)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(code)
    assert _untrusted(fresh) == set()
    assert lint.find(snippets.parse(fresh)) == []


@pytest.mark.parametrize(
    ("name", "key", "script", "image"),
    [
        (
            "pintrk",
            f"pintrk:{ONE}",
            "value: 49.99, order_quantity: 1, currency: 'EUR'",
            "ed[value]=49.99&amp;ed[order_quantity]=1&amp;ed[currency]=EUR",
        ),
        ("uetq", f"uetq:{TAG}", "'revenue_value': 49.99, 'currency': 'EUR'", "gv=49.99&amp;gc=EUR"),
    ],
)
def test_it_goes_onto_a_page_and_out_again(run: Run, name: str, key: str, script: str, image: str) -> None:
    platform = platforms.dialect_named(name).platform
    with on_a_page(run, EVERY_CODE[name], key) as policy:
        assert all(f"https://{loader.host}" in policy for loader in platform.loaders)
        for loader in platform.loaders:
            assert all(origin in policy for origin in (*loader.connect, *platform.image_origins))
        assert run("inject", "page.html", "--from-file", "code.html", "--value", "4999", "--currency", "EUR").code == 0
        assert script in Path("page.html").read_text()
        assert image in Path("page.html").read_text()


def test_a_file_of_the_loaders_name_elsewhere_is_not_pinterests(run: Run) -> None:
    Path("page.html").write_text("<!doctype html><title>x</title><script src='/js/core.js'></script>")
    assert "pinterest" not in run("csp", "page.html").out


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (UET, [(TAG, None, None, None, None, None, "base code")]),
        (
            f"{UET}<script>uetq.push('event', 'buy', {{revenue_value: 5, currency: 'USD', event_id: 'e'}})</script>",
            [(TAG, "buy", "5", "USD", None, "e", "live")],
        ),
        (
            f"<script>{LIST} uetq.push('event', 'buy', {{}})</script>{UET}",
            [(TAG, "buy", None, None, None, None, "live")],
        ),
        (
            f"{UET}<script>{LIST} uetq.push({{ec: 'a', ea: 'buy', gv: 5, gc: 'USD'}}); uetq.push({{x: 1}})</script>",
            [(TAG, "buy", "5", "USD", None, None, "live")],
        ),
        (
            f"{UET}<script>uetq.push('event', '', {{revenue_value: 5}})</script>",
            [(TAG, "", "5", None, None, None, "live")],
        ),
        (
            f"{UET}{SECOND}<script>uetq2.push('event', 'two', {{}}); uetq.push('event', 'one', {{}})</script>",
            [(OTHER, "two", *[None] * 4, "live"), (TAG, "one", *[None] * 4, "live")],
        ),
        (
            f"<script>var o = {{tagId: '{TAG}'}}; window.uetq = new UET(o); uetq.push('event', 'a', {{}})</script>",
            [(TAG, "a", *[None] * 4, "live")],
        ),
        (
            f"<script>window.uetq3 = new window.UET({{ti: '{TAG}'}}); uetq3.push('event', 'a')</script>",
            [(TAG, "a", *[None] * 4, "live")],
        ),
    ],
)
def test_microsofts_tags_and_what_is_pushed_are_read(text: str, found: list[Read]) -> None:
    assert sorted(map(str, _read(text))) == sorted(map(str, found))


def test_a_list_is_no_function() -> None:
    text = f"{UET}<script>uetq('event', 'buy', {{}})</script>"
    assert [one[-1] for one in _read(text) if one[1]] == ["dead"]
    [finding] = lint.find(snippets.parse(f"<!doctype html><body>{text}"))
    assert (finding.code, "write uetq.push(..)" in finding.message) == ("not-run", True)


@pytest.mark.parametrize(
    ("push", "codes"),
    [
        ("'event', 'buy', {revenue_value: 5, currency: 'USD'}", []),
        ("'event', '', {revenue_value: 5, currency: 'USD'}", []),
        ("'event', 'buy', {event_category: 'shop', event_value: 5}", []),
        ("'event', 'buy', {event_value: 5, currency: 'USD'}", ["value-key"]),
        ("'event', 'buy', {value: 5, currency: 'USD'}", ["value-key"]),
        ("'event', 'buy', {gv: 5, currency: 'USD'}", ["value-key"]),
        ("{gv: 5, gc: 'USD'}", []),
        ("{ea: 'buy', ev: 5}", []),
        ("{ea: 'buy', ev: 5, gc: 'USD'}", ["value-key"]),
        ("'event', 'buy', {revenue_value: 5, currency: 'usd'}", ["currency-unknown"]),
        ("'event', 'buy', {revenue_value: '1,234.50', currency: 'USD'}", ["value-invalid"]),
        ("'event', 'buy', {revenue_value: 5}", ["currency-missing"]),
    ],
)
def test_what_is_pushed_is_checked(push: str, codes: list[str]) -> None:
    assert _codes(f"{UET}<script>{LIST} uetq.push({push})</script>") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (UET.replace(TAG, "TAG_ID") + "<script>uetq.push('event', 'a', {})</script>", ["id-invalid"]),
        (f"<script>{LIST} uetq.push('event', 'a', {{}})</script>", ["unknown-pixels"]),
        (f"<script>{LIST} uetq.push('event', 'a', {{}})</script>{UET}", []),
        (f"<script>uetq.push('event', 'a', {{}})</script>{UET}", ["not-run"]),
        (f"{UET}<script>uetq2.push('event', 'a', {{}})</script>", ["not-run"]),
        (f"{UET}<script>uetq.push('event', 'a', {{}}); uetq.push('event', 'a', {{}})</script>", ["duplicate-pixel"]),
        (UET + UET.replace(TAG, OTHER), ["shared-global"]),
        (UET + SECOND, []),
        (UETQ.replace("ea=purchase", "ea=other"), ["event-mismatch"]),
        (UETQ.replace("&amp;evt=custom&amp;ea=purchase&amp;gv=19.99&amp;gc=USD", ""), []),
        (UETQ.replace("gv=19.99", "gv=1999"), ["value-mismatch"]),
    ],
)
def test_where_microsofts_code_stands_is_checked(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("query", "found", "is_conversion"),
    [
        (f"ti={TAG}&amp;Ver=2&amp;evt=custom&amp;ea=buy&amp;gv=5&amp;gc=USD", (TAG, "buy", "5", "USD"), True),
        (f"ti={TAG}&amp;Ver=2&amp;gv=5&amp;gc=USD", (TAG, None, "5", "USD"), True),
        (f"ti={TAG}&amp;Ver=2", (TAG, None, None, None), False),
    ],
)
def test_an_image_of_microsofts_is_read(query: str, found: tuple[str | None, ...], is_conversion: bool) -> None:
    [one] = snippets.read(f'<noscript><img alt="" src="//bat.bing.com/action/0?{query}"></noscript>')
    assert (one.dialect, one.pixel_id, one.event, one.value, one.currency) == ("uetq", *found)
    assert one.conversion == is_conversion


@pytest.mark.parametrize(
    ("code", "old", "new", "codes"),
    [
        (UETQ, "", "", set()),
        (UET_IN_THE_HEAD, "", "", set()),
        (EARLY_RETURN, "", "", set()),
        (NONCE, "", "", set()),
        (UETQ, ", enableAutoSpaTracking: true", "", set()),
        (UETQ, "true", "!0, storeConvTrackCookies: false, cookieFlags: 'SameSite=None;Secure'", set()),
        (UETQ, "enableAutoSpaTracking: true", "q: [document.cookie]", {"unexpected-script"}),
        (UETQ, "true", "document.cookie", {"unexpected-script"}),
        (UETQ, "//bat.bing.com", "https://bat.bing.net", set()),
        (UETQ, "//bat.bing.com/bat.js", f"https://bat.bing.net/bat.js?ti={TAG}", set()),
        (UETQ, "//bat.bing.com/bat.js", "https://bat.bing.com/other.js", {"unexpected-script"}),
        (UETQ, '"uetq")', '"location")', {"unexpected-script"}),
        (UETQ, "//bat.bing.com", "//cdn.evil.example", {"foreign-host", "unexpected-script"}),
        (UETQ, "w[u].push(", "w[u].push(document.cookie,", {"unexpected-script"}),
        (UETQ, LIST, f"{LIST} uetq.push('consent', 'default', {{ad_storage: 'denied'}});", set()),
        (UETQ, LIST, f"{LIST} uetq.push('consent', 'update', {{ad_storage: 'granted'}});", {"consent-granted"}),
        (UETQ, LIST, f"{LIST} uetq.push('set', {{pid: shop.customer}});", {"unexpected-script"}),
        (UETQ, LIST, f"{LIST} new UET({{ti: '{OTHER}'}});", {"second-pixel", "unexpected-script"}),
        (UETQ, "'event', 'purchase', {'revenue_value': 19.99, 'currency'", "{'gv': 19.99, 'gc'", set()),
        (UETQ, "19.99", "document.cookie", {"unexpected-script"}),
        (UETQ, "19.99", "order.total", set()),
    ],
)
def test_microsofts_base_code_is_trusted_token_for_token(code: str, old: str, new: str, codes: set[str]) -> None:
    assert old in code
    assert _untrusted(code.replace(old, new, 1) if old else code) == codes


def _page_with(head: str) -> str:
    return f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n{head}</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"


@pytest.mark.parametrize(
    ("base", "code", "key", "event"),
    [
        (BASE, PINTRK, f"pintrk:{ONE}/checkout", "pintrk('track', 'checkout'"),
        (UET, UETQ, f"uetq:{TAG}/purchase", "window.uetq.push('event', 'purchase'"),
        (UET, f"{UET}<script>{UETQ[UETQ.index(LIST) :]}", f"uetq:{TAG}/purchase", "push('event', 'purchase'"),
    ],
)
def test_behind_its_base_code_an_event_goes_alone(run: Run, base: str, code: str, key: str, event: str) -> None:
    page = _page_with(base)
    Path("page.html").write_text(page)
    Path("code.html").write_text(code)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    text = Path("page.html").read_text()
    loader = platforms.dialect_named(key.partition(":")[0]).loader
    assert (text.count(loader), text.count(event), key in text) == (1, 1, True)
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    assert run("lint", "page.html").out == ""
    assert run("remove", "page.html").code == 0
    assert Path("page.html").read_text() == page


@pytest.mark.parametrize(
    ("base", "code", "said"),
    [
        (BASE.replace(ONE, TWO), PINTRK, "code of another pixel is here"),
        (UET.replace(TAG, OTHER), UETQ, "code of another pixel is here"),
        (
            UET,
            UETQ.partition("<noscript>")[0].replace("'purchase'", "''"),
            "an event without a name cannot be added on its own",
        ),
        (f"<script>{LIST} uetq.push('event', 'a', {{}})</script>\n", UETQ, "its base code is in a file"),
        (f"{UET}<script>{LIST} uetq.push('event', 'purchase', {{}})</script>\n", UETQ, "which reports purchase here"),
    ],
)
def test_where_it_would_count_twice_or_for_another_a_page_is_refused(run: Run, base: str, code: str, said: str) -> None:
    Path("page.html").write_text(_page_with(base))
    Path("code.html").write_text(code)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code, said in ran.err) == (6, True), ran.err
    assert Path("page.html").read_text() == _page_with(base)


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize(
    ("code", "old", "new", "consent", "fired"),
    [
        (UETQ, LIST, "{}uetq.push('consent', 'default', {{ad_storage: 'denied'}});", "", 0),
        (UETQ, LIST, "{}uetq.push('consent', 'default', {{ad_storage: 'denied'}});", "withhold", 0),
        (UETQ, LIST, "{}uetq.push('consent', 'default', {{ad_storage: 'denied'}});", "grant", 2),
        (PINTRK, "", "", "grant", 2),
        (PINTRK, "pintrk('load'", "pintrk('setconsent', false);{}", "withhold", 0),
    ],
)
def test_what_is_reported_waits_for_consent(run: Run, code: str, old: str, new: str, consent: str, fired: int) -> None:
    Path("page.html").write_text(_page_with(code.replace(old, new.format(old), 1) if old else code))
    ran = run("verify", "page.html", "--json", *(["--consent", consent] if consent else []))
    [visit] = json.loads(ran.out)["visits"]
    assert (len(visit["fired"]), visit["faults"]) == (fired, [])


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize(("code", "order_id"), [(PINTRK, "A-1001"), (UETQ, "A-1001")])
def test_a_browser_is_told_of_its_value_and_its_order(run: Run, code: str, order_id: str) -> None:
    Path("page.html").write_text(_page_with("").replace("<p>", f"{code}<p>"))
    [snippet] = snippets.read(code)
    with_js, without = json.loads(run("verify", "page.html", "--json", "--both").out)["visits"]
    told = [
        [[one[name] for name in ("pixel_id", "event", "value", "currency")] for one in visit["fired"]]
        for visit in (with_js, without)
    ]
    assert told[0][-1] == told[1][0] == [snippet.pixel_id, snippet.event, snippet.value, snippet.currency]
    assert with_js["fired"][-1]["order_id"] == order_id
    assert (with_js["faults"], without["faults"]) == ([], [])


@pytest.mark.parametrize(
    ("told", "value", "codes"),
    [
        ("[{value: 5, currency: 'USD'}]", None, ["value-key"]),
        ("[{order_quantity: 1}, {value: 5}]", None, ["value-key"]),
        ("[]", None, []),
        ("{value: 5, currency: 'USD'}", "5", []),
    ],
)
def test_nothing_is_taken_from_a_list(told: str, value: str | None, codes: list[str]) -> None:
    text = f"{BASE}<script>pintrk('track', 'checkout', {told})</script>"
    assert [one.value for one in snippets.read(text)] == [value]
    assert _codes(text) == codes


def _with_list(code: str, name: str, pixel_id: str) -> str:
    return code.replace("uetq", name).replace("40123456", pixel_id)


def test_two_of_microsofts_tags_with_lists_of_their_own_stand_on_one_page(run: Run) -> None:
    page = "<!doctype html>\n<html><head><title>x</title></head><body></body></html>\n"
    codes = {"uetq": "40123456", "uetq2": "40123457"}
    for name, pixel_id in codes.items():
        Path(f"{name}.txt").write_text(_with_list(EVERY_CODE["uetq"], name, pixel_id))
    for first, second in (("uetq", "uetq2"), ("uetq2", "uetq")):
        Path("page.html").write_text(page)
        for name in (first, second):
            assert run("inject", "page.html", "--from-file", f"{name}.txt").code == 0
        there = Path("page.html").read_text()
        read = [(one.pixel_id, one.event) for one in snippets.read(there) if one.script_span and one.conversion]
        assert sorted(read) == [(pixel_id, "purchase") for pixel_id in codes.values()]
        assert lint.find(snippets.parse(there)) == []
        for name in codes:
            assert run("inject", "page.html", "--from-file", f"{name}.txt", "--check").code == 0
        assert (
            run("inject", "page.html", "--from-file", f"{first}.txt", "--value", "300", "--currency", "USD").code == 0
        )
        assert there.partition("19.99")[0] != Path("page.html").read_text().partition("19.99")[0]
        for name in (first, second):
            assert run("remove", "page.html", "--pixel", codes[name]).code == 0
        assert Path("page.html").read_text() == page


def test_two_of_microsofts_tags_with_one_list_do_not(run: Run) -> None:
    for number in (6, 7):
        Path(f"{number}.txt").write_text(_with_list(EVERY_CODE["uetq"], "uetq", f"4012345{number}"))
    Path("page.html").write_text("<!doctype html>\n<html><head><title>x</title></head><body></body></html>\n")
    assert run("inject", "page.html", "--from-file", "6.txt").code == 0
    ran = run("inject", "page.html", "--from-file", "7.txt")
    assert (ran.code, "code with a list of its own does, such as uetq1" in ran.err) == (6, True)


def test_a_tag_with_a_list_of_a_name_of_its_own_is_seen_and_its_events_are_said_to_be_unread() -> None:
    own = UET.replace('"uetq")', '"uetq_agency")').replace(TAG, OTHER)
    page = f"{UET}{own}<script>uetq_agency.push('event', 'purchase', {{revenue_value: 5, currency: 'USD'}})</script>"
    assert own != UET
    assert "event-unread" in _codes(page)
    assert "event-unread" not in _codes(UET + UET.replace('"uetq")', '"uetq2")').replace(TAG, OTHER))
    assert OTHER in {one.pixel_id for one in snippets.read_file("page.html", page)}
