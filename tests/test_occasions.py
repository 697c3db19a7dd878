"""What a script reports is told with the occasion: at once, on what happens, once a function is called, or never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.standing import find_standing
from tests.conftest import Run
from tests.pixels import EVERY_CODE, META_ID

EVENT = "fbq('track', 'Lead')"
LABEL = "AW-123456789/AbC-D_efG-h12_34-567"
BASE = """<script async src="https://www.googletagmanager.com/gtag/js?id=AW-123456789"></script>
<script>
window.dataLayer = window.dataLayer || [];
function gtag(){dataLayer.push(arguments);}
gtag('js', new Date());
gtag('config', 'AW-123456789');
</script>
"""
CLICK = """<script>
function gtag_report_conversion(url) {
  var callback = function () {
    if (typeof(url) != 'undefined') {
      window.location = url;
    }
  };
  gtag('event', 'conversion', {
      'send_to': '%s',
      'value': 1.0,
      'currency': 'USD',
      'transaction_id': '',
      'event_callback': callback
  });
  return false;
}
</script>
"""
GOOGLE = BASE + CLICK % LABEL
BUTTON = """<button onclick="return gtag_report_conversion('/next')">Buy</button>"""
MADE = f"function buy() {{ {EVENT}; }}"
METHOD = f"var shop = {{buy: function () {{ {EVENT}; }}}};"
METHODS = f"<script>export default {{methods: {{buy() {{ {EVENT} }}}}}}"
AT_ONCE, CALLED = ("live", ""), ("when called", "buy")
CLICKED = ("on click", "buy")

PAGES = [
    (EVENT, "", AT_ONCE),
    (f"(function () {{ {EVENT}; }})()", "", AT_ONCE),
    (f"(() => {EVENT})()", "", AT_ONCE),
    (f"if (paid) {EVENT}", "", AT_ONCE),
    (f"setTimeout(function () {{ {EVENT}; }}, 100)", "", AT_ONCE),
    (f"window.onload = function () {{ {EVENT}; }}", "", AT_ONCE),
    (f"addEventListener('load', () => {EVENT})", "", AT_ONCE),
    (f"$(function () {{ {EVENT}; }})", "", AT_ONCE),
    (f"somebody.ready({{then: function () {{ {EVENT}; }}}})", "", AT_ONCE),
    (MADE, "", CALLED),
    (f"{MADE} buy();", "", AT_ONCE),
    (f"buy(); {MADE}", "", AT_ONCE),
    (f"{MADE} if (paid) buy.call(window);", "", AT_ONCE),
    (f"{MADE} window.buy && window.buy()", "", AT_ONCE),
    (f"{MADE} typeof buy === 'function';", "", CALLED),
    (f"{MADE} setTimeout(buy, 100)", "", AT_ONCE),
    (f"{MADE} window.addEventListener('load', buy)", "", AT_ONCE),
    (f"{MADE} function pay() {{ buy(); }}", "", CALLED),
    (f"{MADE} function pay() {{ buy(); }} pay()", "", AT_ONCE),
    (f"function buy() {{ {EVENT}; if (again) buy(); }}", "", CALLED),
    (f"function buy() {{ {EVENT}; pay(); }} function pay() {{ buy(); }}", "", CALLED),
    (f"{MADE} link.addEventListener('click', buy)", "", CLICKED),
    (f"{MADE} link.addEventListener('click', function () {{ buy(); }})", "", CLICKED),
    (f"{MADE} link.attachEvent('onclick', buy)", "", CLICKED),
    (f"{MADE} link.onclick = buy", "", CLICKED),
    (f"{MADE} link.onclick = buy.bind(this, 1)", "", CLICKED),
    (f"{MADE} $('a').on('click.shop touchend', '.buy', buy)", "", CLICKED),
    (f"{MADE} $(document).ready(function () {{ $('a').click(buy); }})", "", CLICKED),
    (f"{MADE} function hear() {{ link.addEventListener('click', buy); }}", "", CALLED),
    (f"link.addEventListener('click', () => {EVENT})", "", ("on click", "")),
    (f"document.addEventListener('wpcf7mailsent', function () {{ {EVENT}; }})", "", ("on wpcf7mailsent", "")),
    (f"form.onsubmit = function () {{ {EVENT}; }}", "", ("on submit", "")),
    (f"const buy = () => {EVENT}", "", CALLED),
    (f"var buy = window.buy || function () {{ {EVENT}; }}", "", CALLED),
    (f"const buy = () => {EVENT}; buy()", "", AT_ONCE),
    (f"window.buy = function () {{ {EVENT}; }}", "", CALLED),
    (f"window.buy = function () {{ {EVENT}; }}; buy()", "", AT_ONCE),
    (f"{MADE} window.order = buy; order()", "", AT_ONCE),
    (METHOD, "", CALLED),
    (f"{METHOD} shop.buy()", "", AT_ONCE),
    (f"{METHOD} link.onclick = shop.buy", "", CLICKED),
    (f"var shop = {{buy() {{ {EVENT}; }}}}", "", CALLED),
    (f"class Shop {{ buy() {{ {EVENT}; }} }}", "", CALLED),
    (f"class Shop {{ buy() {{ {EVENT}; }} }} new Shop().buy()", "", AT_ONCE),
    (f"Shop.prototype.buy = function () {{ {EVENT}; }}", "", CALLED),
    (f"var shop = (function () {{ {MADE} return {{buy: buy}}; }})()", "", CALLED),
    (f"var shop = (function () {{ {MADE} return {{buy}}; }})(); shop.buy()", "", AT_ONCE),
    (f"fbq.buy(); var buy = function () {{ {EVENT}; }}", "", CALLED),
    (f"document.createElement('a'); function a() {{ {EVENT}; return; more(); }}", "", ("when called", "a")),
    (MADE, '<button onclick="buy()">', CLICKED),
    (MADE, '<form onsubmit="return window.buy(this)">', ("on submit", "buy")),
    (MADE, '<a href="javascript:buy()">', CLICKED),
    (MADE, '<p onclick="buyer()">', CALLED),
    (MADE, "<script>buy()</script>", AT_ONCE),
    (MADE, "<script>link.onclick = buy</script>", CLICKED),
    (MADE, "<script type=text/plain>buy()</script>", CALLED),
    (MADE, "<script>function more() { buy() }</script>", CALLED),
    (MADE, "<script>function more() { buy() } more()</script>", AT_ONCE),
    (METHOD, '<button onclick="shop.buy()">', CLICKED),
    (f"function Buy() {{ {EVENT}; }}", "", ("when called", "Buy")),
    (f"function Buy() {{ {EVENT}; }}", "<a onclick='Buy()'>", ("on click", "Buy")),
    (f"function Buy() {{ {EVENT}; }} new Buy()", "", AT_ONCE),
    (f"(function (w) {{ w.buy = function () {{ {EVENT} }} }})(window); buy()", "", AT_ONCE),
    (f"(function (w) {{ w.buy = function () {{ {EVENT} }} }})(window)", "<a onclick='buy()'>", CLICKED),
    (f"window['buy'] = function () {{ {EVENT} }}; buy()", "", AT_ONCE),
    (f"window['buy'] = function () {{ {EVENT} }}", "", CALLED),
    (f"{METHOD} shop['buy']()", "", AT_ONCE),
    (f"{METHOD} for (var k in shop) shop[k]()", "", AT_ONCE),
    (f"{METHOD} Object.values(shop).forEach(f => f())", "", AT_ONCE),
    (f"{MADE} setTimeout('buy()', 1)", "", AT_ONCE),
    (f"{MADE} setTimeout('buyer()', 1)", "", CALLED),
    (f"(() => {{ var e = {{1: () => {{ {EVENT} }}}}; function n(r) {{ return e[r]() }} n(1) }})()", "", AT_ONCE),
    (f"$('#b').on({{click: function () {{ {EVENT} }}}})", "", ("on click", "")),
    (f"$('#b').on({{'submit.shop': () => {EVENT}}})", "", ("on submit", "")),
    (f"const ev = 'click'; b.addEventListener(ev, () => {EVENT})", "", ("on click", "")),
    (f"b.addEventListener('click', {{handleEvent() {{ {EVENT} }}}})", "", ("on click", "")),
    (f"['click', 'touchend'].forEach(ev => b.addEventListener(ev, () => {EVENT}))", "", ("on click", "")),
    (f"Event.observe(b, 'click', function () {{ {EVENT} }})", "", ("on click", "")),
    (f"$('#b').hover(function () {{ {EVENT} }})", "", ("on mouseenter", "")),
    (f"$('#b').touchstart(() => {EVENT})", "", ("on touchstart", "")),
    (f"$('#b').select(() => {EVENT})", "", ("on select", "")),
    (f"$(window).scroll(() => {EVENT})", "", ("on scroll", "")),
    (f"$.ajax({{success: function () {{ {EVENT} }}}})", "", AT_ONCE),
    (f"return; {EVENT}", "", ("dead", "")),
    (f"(function () {{ if (a) return; {EVENT}; }})()", "", AT_ONCE),
    (f"(function () {{ return; {EVENT}; }})()", "", ("dead", "")),
    (f"(function () {{ throw new Error(); if (a) {{ {EVENT}; }} }})()", "", ("dead", "")),
    (f"(function () {{ buy(); return; {MADE} }})()", "", AT_ONCE),
]
"""What a script is, what stands on its page beside it, and how what it reports is told."""

FILES = [
    ("a.js", f"export function buy() {{ {EVENT}; }}", CALLED),
    ("a.js", f"export const buy = () => {EVENT}", CALLED),
    ("a.js", f"const buy = () => {EVENT}; export {{buy}}; export default buy", CALLED),
    ("a.js", f"export default () => {EVENT}", ("when called", "default")),
    ("a.js", f"module.exports = {{buy: function () {{ {EVENT}; }}}}", CALLED),
    ("a.js", f"exports.buy = () => {EVENT}", CALLED),
    ("a.ts", f"export function buy(a: number): void {{ {EVENT}; }}", CALLED),
    ("a.jsx", f"function Shop() {{ const buy = () => {EVENT}; return <a onClick={{buy}}>x</a> }}", CLICKED),
    ("a.jsx", f"function Shop() {{ return <a onClick={{() => {EVENT}}}>x</a> }}", ("on click", "")),
    ("a.jsx", f"export default function Shop() {{ useEffect(() => {{ {EVENT} }}, []) }}", AT_ONCE),
    ("a.jsx", f"export default function Shop() {{ {EVENT}; return <a>x</a> }}", AT_ONCE),
    ("a.jsx", f"function Lead() {{ {EVENT}; return null }} const Shop = () => <Lead />", AT_ONCE),
    (
        "a.jsx",
        f"function Shop() {{ const Buy = () => {EVENT}; return <a onClick={{Buy}}>x</a> }}",
        ("on click", "Buy"),
    ),
    ("a.js", f"export function Buy() {{ {EVENT}; }}", ("when called", "Buy")),
    (
        "a.vue",
        f"<template><a @click='buy'>x</a></template><script>export default {{methods: {{buy() {{ {EVENT} }}}}}}",
        CLICKED,
    ),
    ("a.vue", f"<script>export default {{methods: {{buy() {{ {EVENT} }}}}}}", CALLED),
    ("a.vue", f"<script>export default {{mounted() {{ {EVENT} }}}}", AT_ONCE),
    ("a.vue", f"<script>export default {{mounted() {{ this.buy() }}, methods: {{buy() {{ {EVENT} }}}}}}", AT_ONCE),
]
"""A file's name, what stands in it, and how what it reports is told."""


def _told(name: str, text: str) -> list[tuple[str, str]]:
    return [(one.state, one.function) for one in snippets.read_file(name, text) if one.event == "Lead"]


@pytest.mark.parametrize(("script", "beside", "told"), PAGES)
def test_what_a_script_reports_is_told_with_its_occasion(script: str, beside: str, told: tuple[str, str]) -> None:
    assert _told("a.html", f"<body><script>{script}</script>{beside}") == [told]


@pytest.mark.parametrize(("name", "text", "told"), FILES)
def test_what_a_program_reports_is_told_with_its_occasion(name: str, text: str, told: tuple[str, str]) -> None:
    assert _told(name, f"{text}</script>" if name == "a.vue" else text) == [told]


def test_the_reason_names_the_function_or_what_leaves_the_script() -> None:
    [one] = snippets.read(f"<script>{MADE}</script>")
    assert one.reason == "nothing here calls buy()"
    [one] = snippets.read(f"<script>(function () {{ return; {EVENT} }})()</script>")
    assert one.reason == "the script is left in front of it, so this is not reached"


def test_functions_that_call_each_other_are_no_work() -> None:
    many = "".join(f"function f{one}() {{ f{one + 1}(); f{one + 2}(); }}" for one in range(3000))
    assert _told("a.html", f"<script>{many} function f3000() {{ {EVENT} }} f0()</script>") == [AT_ONCE]
    nested = "(function () {" * 200 + EVENT + "})()" * 200
    assert _told("a.html", f"<script>{nested}</script>") == [AT_ONCE]


def test_what_waits_may_fire_and_is_not_expected() -> None:
    for text in (GOOGLE, GOOGLE + BUTTON):
        found = [(one.expected.event, one.is_certain) for one in find_standing(snippets.parse(text), javascript=True)]
        assert found == [("conversion", False)]


def test_lint_counts_what_waits_for_no_second_time() -> None:
    base = f"fbq('init', '{META_ID}');"
    twice = f"<script>{base} {EVENT}; {EVENT}</script>"
    assert "duplicate-pixel" in [one.code for one in lint.find(snippets.parse(twice))]
    for script in (f"{EVENT}; {MADE}", f"{MADE} function pay() {{ {EVENT}; }}", f"{EVENT}; a.onclick = () => {EVENT}"):
        assert lint.find(snippets.parse(f"<!doctype html><p><script>{base} {script}</script>")) == []
    again = f"function buy() {{ {EVENT}; {EVENT}; }}"
    assert "duplicate-pixel" in [one.code for one in lint.find(snippets.parse(f"<script>{base} {again}</script>"))]


WAITING = f"fbq('init', '{META_ID}')"
STUB = EVERY_CODE["fbq"].partition(">\n!")[2].partition("fbq('init'")[0]


@pytest.mark.parametrize("stub", ["", f"!{STUB}"])
@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("function go() {{ {} }}", "once go() is called"),
        ("link.onclick = function () {{ {} }}", "on click"),
    ],
)
def test_base_code_that_waits_names_no_pixel_of_an_event_that_does_not(
    run: Run, tmp_path: Path, stub: str, base: str, said: str
) -> None:
    waiting = base.format(stub + WAITING)
    page = tmp_path / "a.html"
    for pages, script in (({}, f"<script>{waiting}</script>"), ({"u.js": waiting}, "<script src=u.js></script>")):
        for name, text in pages.items():
            (tmp_path / name).write_text(text)
        page.write_text(f"<!doctype html><html><head><title>x</title>{script}<script>{EVENT}</script></head></html>")
        ran = run("lint", str(tmp_path), "--include", "*.html", "--include", "*.js")
        assert f"unknown-pixels: the base code only runs {said}" in ran.out
    [one] = snippets.read(f"<script>{waiting}</script><script>link.onclick = function () {{ {EVENT} }}</script>")
    assert (one.pixel_id, one.state) == (META_ID, "on click")


@pytest.mark.parametrize("call", ["go();", "addEventListener('load', go);"])
def test_base_code_in_a_function_that_is_called_names_the_pixel(run: Run, tmp_path: Path, call: str) -> None:
    waiting = f"function go() {{ !{STUB}{WAITING} }}"
    (tmp_path / "u.js").write_text(waiting)
    for script in (f"<script>{waiting}</script>", "<script src=u.js></script>"):
        page = f"<!doctype html><html><head><title>x</title>{script}<script>{call} {EVENT}</script></head></html>"
        (tmp_path / "a.html").write_text(page)
        ran = run("inspect", str(tmp_path), "--include", "*.html", "--include", "*.js", "--json")
        [one] = next(file for file in json.loads(ran.out)["files"] if file["path"].endswith("a.html"))["snippets"]
        assert (one["pixel_id"], one["state"]) == (META_ID, "live")


def test_every_listing_has_the_state_and_the_function(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(GOOGLE)
    for command, rows in (("inspect", "snippets"), ("status", "pixels")):
        ran = run(command, str(page), "--json" if command == "inspect" else "--format=json")
        [one] = json.loads(ran.out)["files"][0][rows]
        assert (one["state"], one["function"]) == ("when called", "gtag_report_conversion")
        assert "when called: gtag_report_conversion()" in run(command, str(page)).out
    page.write_text(GOOGLE + BUTTON)
    assert "on click: gtag_report_conversion()" in run("inspect", str(page)).out


def test_googles_code_for_a_click_is_placed_with_its_value_and_taken_out(run: Run, tmp_path: Path) -> None:
    page, code = tmp_path / "a.html", tmp_path / "code.txt"
    text = f"<!doctype html><html><head><title>x</title></head><body>{BUTTON}</body></html>"
    page.write_text(text)
    code.write_text(GOOGLE)
    ran = run("inject", str(page), "--from-file", str(code), "--value", "2500", "--currency", "EUR")
    assert (ran.code, "25.00 EUR once gtag_report_conversion() is called" in ran.err) == (0, True)
    assert [(one.value, one.state) for one in snippets.read(page.read_text())] == [("25.00", "on click")]
    assert run("lint", str(page)).code == 0
    assert run("remove", str(page), "--pixel", LABEL).code == 0
    assert page.read_text() == text


UET = """<script>function uet_report_conversion() {
window.uetq = window.uetq || []; window.uetq.push('event', 'signup', {}); }</script>"""


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("window.location = url", "window.location = '//evil.example'"),
        ("window.location = url", "url = order.url; window.location = url"),
        ("window.location = url", "window.location = order.url"),
        ("window.location = url", "alert = url"),
        ("window.location = url", "window.name = url"),
        ("function gtag_report_conversion(url)", "function buy(url)"),
        ("function gtag_report_conversion(url)", "async function gtag_report_conversion(url)"),
        ("return false", "gtag_report_conversion = url"),
        ("return false", "function fetch() {}"),
    ],
)
def test_such_a_function_does_no_more_than_report_and_go_on(was: str, now: str) -> None:
    assert lint.find_untrusted(snippets.parse(GOOGLE)) == []
    assert was in GOOGLE
    assert "unexpected-script" in [one.code for one in lint.find_untrusted(snippets.parse(GOOGLE.replace(was, now)))]


def test_microsofts_code_for_a_click_is_taken() -> None:
    read = snippets.parse(EVERY_CODE["uetq"] + UET)
    assert lint.find_untrusted(read) == []
    assert ("when called", "uet_report_conversion") in [
        (one.state, one.function) for one in snippets.read_document(read)
    ]


@pytest.mark.parametrize("template", ["clean", "consent", "idle"])
def test_code_that_waits_is_not_written_anew(run: Run, tmp_path: Path, template: str) -> None:
    code = tmp_path / "code.txt"
    code.write_text(GOOGLE)
    ran = run("snippet", "--from-file", str(code), "--template", template)
    assert ran.code and not ran.out
    assert "it reports when gtag_report_conversion() is called" in ran.err


def test_a_tag_manager_has_it_as_markup_with_a_note_and_zaraz_not_at_all(run: Run, tmp_path: Path) -> None:
    code = tmp_path / "code.txt"
    code.write_text(GOOGLE)
    export = ("--from-file", str(code), "--page-path", "/thanks")
    ran = run("export", "gtm", *export)
    assert "the tag only defines gtag_report_conversion(), and reports once the page calls it" in ran.err
    assert {tag["type"] for tag in json.loads(ran.out)["containerVersion"]["tag"]} == {"html"}
    ran = run("export", "zaraz", *export)
    assert ran.code and not ran.out
    assert "where no page can call gtag_report_conversion()" in ran.err
