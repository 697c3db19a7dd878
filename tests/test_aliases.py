"""A global under another name: what is certain is read, and where something is not, lint says so."""

from __future__ import annotations

import pytest

from snippetkit import snippets
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source

BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
TOLD = "'track', 'Purchase', {value: 5, currency: 'USD'}"
TIKTOK = "C77U1B2C3D4E5F6G7H8I"
TTQ = "'CompletePayment', {value: 5, currency: 'USD'}"
LOAD = f"ttq.load('{TIKTOK}');"


def _read(code: str, name: str = "a.js") -> list[tuple[str, str | None, str | None]]:
    return [(one.dialect, one.event, one.value) for one in snippets.read_file(name, code) if one.event]


def _unread(code: str, name: str = "a.js") -> list[str]:
    return [one.message for one in find_in_source(name, code) if one.code == "event-unread"]


FOLLOWED = [
    f"fbq({TOLD})",
    f"var f = window.fbq; f({TOLD})",
    f"var f = window.fbq || function () {{}}; f({TOLD})",
    f"var f = known ? fbq : null; f({TOLD})",
    f"var f; f = self['fbq']; f({TOLD})",
    f"const f = fbq, g = f; g({TOLD})",
    f"window.fbq && fbq({TOLD})",
    f"window['fbq']({TOLD})",
    f"globalThis.fbq({TOLD})",
    f"fbq.call(window, {TOLD})",
    f"fbq.apply(null, [{TOLD}])",
    f"fbq.bind(window)({TOLD})",
    f"fbq.bind(null, 'track')({TOLD[9:]})",
    f"var f = fbq.bind(window); f({TOLD})",
    f"!function (w) {{ w.fbq({TOLD}) }}(window)",
    f"!function (w) {{ var f = w.fbq; f({TOLD}) }}(window)",
    f"!function (f) {{ f({TOLD}) }}(window.fbq)",
    f"(f => f({TOLD}))(fbq)",
    f"(function (f) {{ if (f) {{ f({TOLD}) }} }})(window.fbq)",
    f"const {{fbq}} = window; fbq({TOLD})",
    f"(function (w, fbq) {{ fbq({TOLD}) }})(window, window.fbq)",
    f"const {{fbq: f}} = window; f({TOLD})",
    f"let {{other, 'fbq': f = function () {{}}}} = globalThis; f({TOLD})",
    f"(function ({{fbq: f}}) {{ f({TOLD}) }})(window)",
    f"(({{fbq: f}}) => f({TOLD}))(window)",
    f"const name = 'fbq'; window[name]({TOLD})",
    f"var name = 'fbq'; if (window[name]) {{ self[name]({TOLD}) }}",
    f"(function (w, name) {{ w[name]({TOLD}) }})(window, 'fbq')",
]


@pytest.mark.parametrize("code", FOLLOWED)
def test_a_name_that_only_stands_for_the_global_is_read_as_the_global(code: str) -> None:
    assert _read(code) == [("fbq", "Purchase", "5")]
    page = f"<html><head>{BASE}</head><body><script>{code}</script></body></html>"
    found = [one for one in snippets.read_file("a.html", page) if one.event == "Purchase"]
    assert [(one.pixel_id, one.value, one.state) for one in found] == [(META_ID, "5", "live")]
    assert _unread(page, "a.html") == _unread(code) == []


@pytest.mark.parametrize(
    "code",
    [
        f"{LOAD} ttq['track']({TTQ})",
        f"{LOAD} const t = ttq; t.track({TTQ})",
        f"{LOAD} var t = window.ttq; t && t.track({TTQ})",
        f"{LOAD} ttq.track.call(ttq, {TTQ})",
        f"{LOAD} ttq.track.apply(ttq, [{TTQ}])",
        f"{LOAD} ttq['instance']('{TIKTOK}').track({TTQ})",
        f"{LOAD} var one = ttq.instance('{TIKTOK}'); one.track({TTQ})",
        f"{LOAD} ttq.push(['track', {TTQ}])",
        f"{LOAD} ttq['\\x74rack']({TTQ})",
        f"{LOAD} ttq.page = () => ttq.push(['page']); ttq.track = (...a)=> ttq.push(['track', ...a]); ttq.track({TTQ})",
        f"{LOAD} const buy = () => ttq.track({TTQ}); buy();",
    ],
)
def test_an_object_is_followed_by_its_methods(code: str) -> None:
    assert _read(code) == [("ttq", "CompletePayment", "5")]
    assert _unread(code) == []


@pytest.mark.parametrize(
    ("code", "dialect"),
    [
        ("var q = window.uetq; q.push('event', '', {revenue_value: 5, currency: 'USD'})", "uetq"),
        ("!function (q) { q.push('event', '', {revenue_value: 5, currency: 'USD'}) }(window.uetq)", "uetq"),
        ("var q = _paq; q.push(['trackGoal', 7, 5])", "paq"),
        ("var s = gtag; s('event', 'conversion', {send_to: 'AW-123456789/AbC', value: 5, currency: 'USD'})", "gtag"),
        ("const {uetq: q} = window; q.push('event', '', {revenue_value: 5, currency: 'USD'})", "uetq"),
        ("var name = '_paq'; _paq.push.apply(_paq, [['trackGoal', 7, 5]])", "paq"),
        ("_paq.push(...[['trackGoal', 7, 5]])", "paq"),
        ("const goal = ['trackGoal', 7, 5]; _paq.push(goal)", "paq"),
        ("const sale = {notify: 'event', name: 'sale', id: 1234567, revenue: 5}; _tfa.push(sale)", "tfa"),
        ("var p = window.pintrk; p('track', 'checkout', {value: 5, currency: 'USD'})", "pintrk"),
    ],
)
def test_so_is_what_other_platforms_have(code: str, dialect: str) -> None:
    assert [(one.dialect, one.value) for one in snippets.read_file("a.js", code)] == [(dialect, "5")]


GIVEN, PASSED_ON = "is passed to other code here", "call come from elsewhere"
METHOD = "which method of ttq this calls is not known"
BY_NAME, PUSHED, VERB = "which function this calls is not known", "is pushed onto", "is told to do here is the value of"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (f"function run(f) {{ f({TOLD}) }} run(fbq)", GIVEN),
        (f"var f = other; if (ok) f = fbq; f({TOLD})", GIVEN),
        (f"var kit = {{send: fbq}}; kit.send({TOLD})", GIVEN),
        (f"Reflect.apply(fbq, null, [{TOLD}])", GIVEN),
        ("function pixel() { return window.fbq }", GIVEN),
        ("var shared = fbq;", GIVEN),
        (f"var part = fbq.bind(null, 'track'); part({TOLD[9:]})", PASSED_ON),
        ("function track() { window.fbq.apply(window, arguments) }", PASSED_ON),
        ("function track(...all) { fbq(...all) }", PASSED_ON),
        ("const track = (...all) => window.fbq?.(...all)", PASSED_ON),
        (f"{LOAD} const track = (...all) => ttq?.track(...all)", PASSED_ON),
        (f"{LOAD} function track() {{ ttq.track.apply(ttq, arguments) }}", PASSED_ON),
        (f"{LOAD} var one = ttq.instance('{TIKTOK}'); go(one)", GIVEN),
        (f"{LOAD} function tell(name) {{ ttq[name]({TTQ}) }}", METHOD),
        (f"{LOAD} function tell(entry) {{ ttq.push(entry) }}", PUSHED),
        ("_tfa.push({...base, name: 'sale', id: 1234567})", PUSHED),
        ("uetq.push(['event', 'purchase', {revenue_value: 5}])", "is given a list"),
        (f"{LOAD} var send = ttq.track; send({TTQ})", GIVEN),
        (f"['fbq', 'other'].forEach(function (name) {{ window[name]({TOLD}) }})", BY_NAME),
        ("function tell(event) { _paq.push(event) }", PUSHED),
        ("_paq.push.apply(_paq, waiting)", PUSHED),
        ("_paq.push(...waiting)", PUSHED),
        ("function tell() { _paq.push(arguments) }", PUSHED),
        ("_tfa.push(ready ? made() : other)", PUSHED),
        ("function tell(verb) { fbq(verb, 'Lead') }", VERB),
        ("function tell(verb) { uetq.push(verb, 'lead') }", VERB),
        ("function tell(verb) { _paq.push([verb, 7]) }", VERB),
    ],
)
def test_where_it_is_given_to_what_is_not_followed_lint_says_so(code: str, told: str) -> None:
    assert [told in message for message in _unread(code)] == [True]
    page = f"<html><head>{BASE}</head><body><script>{code}</script></body></html>"
    assert [told in message for message in _unread(page, "a.html")] == [True]


@pytest.mark.parametrize(
    "code",
    [
        "if (window.fbq) go()",
        "var is = typeof fbq === 'function'",
        "var has = !!window.fbq, ok = window.fbq ? 1 : 2",
        "function go() { return window.fbq && fbq('track', 'Lead') }",
        "if (!window._fbq) window._fbq = window.fbq",
        "console.log(window.fbq)",
        "fbq.queue.push(['track', 'Lead'])",
        "var tag = {ti: '12345678'}; tag.q = window.uetq; window.uetq = new UET(tag);",
        "window.fbq = window.fbq || function () { (fbq.queue = fbq.queue || []).push(arguments) }",
        "window.uetq = window.uetq || []; var tag = new UET({ti: '12345678', q: window.uetq});",
        "function ytag() { yjDataLayer.push(arguments) }",
        "var verb = 'track'; fbq(verb, 'Lead')",
        "['track', 'trackCustom'].forEach(function (verb) { fbq(verb, 'Lead') })",
        "(function (l) { if (!l) { window.lintrk = function (a) { window.lintrk.q.push([a]) } } })(window.lintrk)",
    ],
)
def test_what_asks_for_it_or_makes_it_gives_it_to_nobody(code: str) -> None:
    assert _unread(code) == []


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_base_code_gives_its_function_to_nobody(code: str) -> None:
    assert _unread(code, "a.html") == []


def test_a_queue_of_a_window_under_another_name_is_read() -> None:
    code = "const w = window; w._tfa.push({notify: 'event', name: 'sale', id: 1234567, revenue: 5, currency: 'USD'})"
    assert [(one.dialect, one.value) for one in snippets.read_file("a.js", code)] == [("tfa", "5")]


@pytest.mark.parametrize(
    "name", ["a.php", "a.cshtml", "a.liquid", "a.vue", "a.svelte", "sections/thanks.twig", "app/thanks.html.erb"]
)
def test_a_template_or_a_component_that_is_a_script_alone_is_not_held_to_what_code_does(name: str) -> None:
    code = f"<script>\nlet total = order.total;\nshow(total);\n{FOLLOWED[0]}\n</script>\n"
    assert [one.code for one in find_in_source(name, code) if one.code == "unexpected-script"] == []
    assert [one.code for one in find_in_source("mail.html", code)].count("unexpected-script") > 0
