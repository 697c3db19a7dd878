"""An event that is reported through a function of the page's own is read for each call of that, as it is called."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source

BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
TIKTOK = "C77U1B2C3D4E5F6G7H8I"
BUY = "'Purchase', {value: 5, currency: 'USD'}"
SEND = "function send(name, about) { fbq('track', name, about) }"


def _page(script: str, more: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>x</title>{BASE}</head><body><script>{script}</script>{more}</body></html>"
    )


def _read(script: str, more: str = "") -> list[tuple[str | None, str | None, str | None, str]]:
    found = snippets.read_file("a.html", _page(script, more))
    return [(one.event, one.value, one.currency, one.state) for one in found if one.event != "PageView"]


@pytest.mark.parametrize(
    "script",
    [
        f"{SEND} send({BUY});",
        f"function send(name, about) {{ if (window.fbq) {{ window.fbq('track', name, about); }} }} send({BUY});",
        f"const send = (name, about) => fbq('track', name, about); send({BUY});",
        f"window.send = function (name, about) {{ fbq('track', name, about) }}; send({BUY});",
        f"var Kit = {{send: function (name, about) {{ fbq('track', name, about) }}}}; Kit.send({BUY});",
        f"var Kit = {{inner: {{send(name, about) {{ fbq('track', name, about) }}}}}}; Kit.inner.send({BUY});",
        f"var Kit = {{}}; Kit.send = function (name, about) {{ fbq('track', name, about) }}; Kit.send({BUY});",
        "var Kit = {send(n, d) { fbq('track', n, d) }, buy(v) { this.send('Purchase', {value: v, currency: 'USD'}) }};"
        "Kit.buy(5);",
        f"const send = (...all) => fbq('track', ...all); send({BUY});",
        f"const send = (...all) => fbq(...all); send('track', {BUY});",
        f"function send() {{ fbq.apply(null, arguments) }} send('track', {BUY});",
        f"function send() {{ fbq('track', arguments[0], arguments[1]) }} send({BUY});",
        f"function send(all) {{ fbq.apply(window, all) }} send(['track', {BUY}]);",
        f"{SEND} send.call(null, {BUY});",
        f"{SEND} send.apply(null, [{BUY}]);",
        f"{SEND} const all = [{BUY}]; send(...all);",
        "function buy(total, code) { fbq('track', 'Purchase', {value: total, currency: code}) } buy(5, 'USD');",
        "function buy(total, code = 'USD') { fbq('track', 'Purchase', {value: total, currency: code}) } buy(5);",
        "function buy({total, code = 'USD'}) { fbq('track', 'Purchase', {value: total, currency: code}) }"
        "buy({total: 5});",
        "const buy = ({total: value, code: currency}) => fbq('track', 'Purchase', {value, currency});"
        "buy({total: 5, code: 'USD'});",
        "function buy(o) { var v = o.total; fbq('track', 'Purchase', {value: v, currency: o.code || 'USD'}) }"
        "buy({total: 5});",
        "function buy(o) { fbq('track', 'Purchase', Object.assign({currency: 'USD'}, o)) } buy({value: 5});",
        "function buy(o) { fbq('track', 'Purchase', {currency: 'USD', ...o}) } buy({value: 5});",
        "function buy(cents) { fbq('track', 'Purchase', {value: cents / 100, currency: 'USD'}) } buy(500);",
        f"{SEND} function buy(v) {{ send('Purchase', {{value: v, currency: 'USD'}}) }} buy(5);",
        f"{SEND} [5].forEach(function (v) {{ send('Purchase', {{value: v, currency: 'USD'}}) }});",
        f"function send(name, about) {{ later().then(() => fbq('track', name, about)) }} send({BUY});",
        "function buy(v) { if (!window.fbq) { setTimeout(function () { buy(v) }, 9); return; }"
        "fbq('track', 'Purchase', {value: v, currency: 'USD'}) } buy(5);",
    ],
)  # fmt: skip
def test_what_a_function_is_given_is_what_the_event_in_it_tells(script: str) -> None:
    assert _read(script) == [("Purchase", "5", "USD", "live")]
    codes = {one.code for one in find_in_source("a.html", _page(script))}
    assert not codes & {"event-unread", "dynamic-value", "value-invalid", "currency-missing"}


@pytest.mark.parametrize(
    ("script", "more", "found"),
    [
        (f"{SEND} send({BUY}); send('Lead');", "", [("Purchase", "5"), ("Lead", None)]),
        ("const buy = v => fbq('track', 'Purchase', {value: v, currency: 'USD'}); if (a) buy(5); else buy(6);", "",
         [("Purchase", "5"), ("Purchase", "6")]),
        (f"{SEND} send('Purchase', {{value: order.total}}); send(other.name, data);", "",
         [("Purchase", "order.total"), ("other.name", "data")]),
        (f"{SEND} send({BUY}); hand(send);", "", [("Purchase", "5"), ("name", "about")]),
        (f"{SEND} send({BUY});", "<script>send('Lead')</script>", [("name", "about"), ("Purchase", "5")]),
        (f"{SEND} send({BUY});", "<p onclick=\"send('Lead')\">x</p>", [("name", "about"), ("Purchase", "5")]),
        (SEND, "", [("name", "about")]),
        (f"function send(name, about) {{ about.value = 6; fbq('track', name, about) }} send({BUY});", "",
         [("Purchase", "about")]),
        ("function buy(v) { v = v || 1; fbq('track', 'Purchase', {value: v}) } buy(5);", "", [("Purchase", "v")]),
        (f"{SEND} function send(a) {{}} send({BUY});", "", [("name", "about")]),
        (f"class Kit {{ send(name, about) {{ fbq('track', name, about) }} }} new Kit().send({BUY});", "",
         [("name", "about")]),
        (f"{SEND} " + f"send({BUY});" * 21, "", [("name", "about")]),
        ("function lead(event) { fbq('track', 'Lead') } lead(1); lead(2);", "", [("Lead", None)]),
    ],
)  # fmt: skip
def test_each_call_is_an_event_and_what_is_not_certain_is_told(
    script: str, more: str, found: list[tuple[str, str | None]]
) -> None:
    assert sorted((event, value) for event, value, *_ in _read(script, more)) == sorted(found)


def test_it_waits_for_what_its_call_waits_for() -> None:
    click = "document.addEventListener('click', () => send('Lead'));"
    assert [one[0::3] for one in _read(f"{SEND} {click} send({BUY});")] == [("Lead", "on click"), ("Purchase", "live")]
    inside = f"function send(n, d) {{ document.addEventListener('click', () => fbq('track', n, d)) }} send({BUY});"
    assert [one[0::3] for one in _read(inside)] == [("Purchase", "on click")]
    never = f"function send(n, d) {{ return; fbq('track', n, d) }} send({BUY});"
    assert [one[0::3] for one in _read(never)] == [("Purchase", "dead")]


@pytest.mark.parametrize(
    ("script", "is_twice"),
    [
        ("if (a) { buy(5) } else { buy(5) }", False),
        ("buy(5); buy(5)", True),
    ],
)
def test_two_calls_count_twice_where_both_are_made(script: str, is_twice: bool) -> None:
    buy = "function buy(v) { fbq('track', 'Purchase', {value: v, currency: 'USD'}) }"
    codes = [one.code for one in lint.find(snippets.parse(_page(f"{buy} {script}")))]
    assert ("duplicate-pixel" in codes) is is_twice


def test_so_do_two_events_in_the_function() -> None:
    either = "if (v > 9) { fbq('track', 'Lead', {value: v, currency: 'USD'}) } else { fbq('track', 'Lead') }"
    page = _page(f"function buy(v) {{ {either} }} buy(5);")
    assert [one.code for one in lint.find(snippets.parse(page))] == []
    both = page.replace(" else ", "")
    assert "duplicate-pixel" in [one.code for one in lint.find(snippets.parse(both))]


@pytest.mark.parametrize(
    ("script", "dialect"),
    [
        (f"ttq.load('{TIKTOK}'); function t(n, d) {{ ttq.track(n, d) }} t('CompletePayment', {{value: 5}})", "ttq"),
        (f"ttq.load('{TIKTOK}'); const t = (...all) => ttq?.track(...all); t('CompletePayment', {{value: 5}})", "ttq"),
        (f"ttq.load('{TIKTOK}'); function t() {{ ttq.track.apply(ttq, arguments) }} t('Contact', {{value: 5}})", "ttq"),
        ("function t(to, value) { gtag('event', 'sale', {send_to: 'AW-123456789/' + to, value}) } t('AbC', 5)", "gtag"),
        ("const t = (...all) => window._paq.push(all); t('trackGoal', 7, 5)", "paq"),
        ("function t(entry) { _paq.push(entry) } t(['trackGoal', 7, 5])", "paq"),
        ("function t() { _paq.push(arguments) } t('trackGoal', 7, 5)", "paq"),
        ("function t(name, v) { _tfa.push({notify: 'event', name, id: 1234567, revenue: v}) } t('sale', 5)", "tfa"),
        ("function t(action, d) { uetq.push('event', action, d) } t('purchase', {revenue_value: 5})", "uetq"),
        ("function t(item) { criteo_q.push({event: 'trackTransaction', id: 'A', item}) } t([{price: 5, quantity: 1}])",
         "criteo"),
        ("const ID = {yahoo_conversion_id: '1', yahoo_conversion_label: 'a'};"
         "function t(v) { ytag({type: 'yss_conversion', config: {...ID, yahoo_conversion_value: v}}) } t(5);", "ytag"),
    ],
)  # fmt: skip
def test_so_it_is_with_every_platform(script: str, dialect: str) -> None:
    assert [(one.dialect, one.value) for one in snippets.read_file("a.js", script) if one.event] == [(dialect, "5")]
    assert "event-unread" not in {one.code for one in find_in_source("a.js", script)}


def test_the_pixel_of_a_wrapped_init_is_named() -> None:
    script = f"function start(id) {{ fbq('init', id) }} start('{META_ID}'); fbq('track', 'Lead');"
    assert [(one.pixel_id, one.dynamic) for one in snippets.read(f"<script>{script}</script>")] == [(META_ID, False)]


@pytest.mark.parametrize(
    "code", [f"{SEND} send({BUY});", f"const send = (...all) => fbq(...all); send('track', {BUY});"]
)
def test_code_from_outside_may_not_have_one(code: str) -> None:
    text = BASE.replace("</script>", f"{code}</script>")
    assert "unexpected-script" in {one.code for one in lint.find_untrusted(snippets.parse(text))}
