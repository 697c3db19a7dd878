"""Scripts that no browser takes, though a tolerant parser does: our reading says of each whether it is dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from snippetkit import lint, snippets
from snippetkit.javascript import find_error, parse
from tests.pages import insertion_of, make_options, put, why_refused
from tests.pixels import CODES, META_ID
from tests.reading import find_in_source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FBQ = snippets.without_nonce(CODES["fbq"])
PURCHASE = FBQ.replace("'PageView');", "'PageView');\nfbq('track', 'Purchase', {value: 5, currency: 'USD'});")
BASE = FBQ.partition("<noscript")[0]
PAGE = f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n{BASE}%s</head>\n<body></body></html>\n"
BUY = "fbq('track', 'Purchase', {value: 5, currency: 'USD'});"
DEAD = [
    # commas and brackets
    "fbq('track', 'Purchase', {value: 5,, currency: 'USD'});",
    "fbq('track', 'Purchase', {, value: 5});",
    "fbq('track', 'Purchase', {value: 5, /* x */ ,});",
    "fbq('track', 'Purchase',, {value: 5});",
    "fbq(, 'track', 'Purchase');",
    "fbq('track', 'Purchase', {value: 5}));",
    "fbq('track', 'Purchase', {value: 5]);",
    "fbq('track', 'Purchase', {value: 5 currency: 'USD'});",
    "fbq('track', 'Purchase', {value: , currency: 'USD'});",
    "fbq('track', 'Purchase', {value = 5});",
    "fbq('track', 'Purchase', {content-ids: [1]});",
    # numbers
    "fbq('track', 'Purchase', {value: 5,50, currency: 'USD'});",
    "fbq('track', 'Purchase', {value: 5 USD});",
    "fbq('track', 'Purchase', {value: 5px});",
    # cut off
    "fbq('track', 'Purchase', {",
    "fbq('track', 'Purchase', {value:",
    "fbq('track', 'Purchase'",
    "fbq('track', 'Purch",
    "if (a) { fbq('track', 'Purchase');",
    "/* x */ */ fbq('track', 'Purchase');",
    # strings
    "fbq('track', 'Purchase', {currency: 'US\nD'});",
    "fbq('track', 'Purchase', {currency: 'USD});",
    # statements
    f"return; {BUY}",
    f"if (a) {{ return; }} {BUY}",
    f"break; {BUY}",
    f"continue; {BUY}",
    f"yield 1; {BUY}",
    f"try {{ {BUY} }}",
    f"const a; {BUY}",
    f"function () {{ {BUY} }}",
    f"async function () {{ {BUY} }}()",
    f"() => {{ {BUY} }}()",
    f"a++ ++; {BUY}",
    f"-a ** 2; {BUY}",
    f"a ?? b || c; {BUY}",
    f"a && b ?? c; {BUY}",
    # what only a module may have
    f"import 'x'; {BUY}",
    f"export const a = 1; {BUY}",
    f"await a; {BUY}",
]
LIVE = [
    BUY,
    "fbq('track', 'Purchase', {value: 5, content_ids: [1,,2],},);",
    "fbq('track', 'Purchase', {value: 5, /* , , */ note: ', ,'});",
    "fbq('track', 'Purch\\\nase');",
    "fbq('track', `Purchase\n`);",
    f"// don't\n{BUY} /* it's",
    f"var r = /['\"]/; {BUY}",
    f"function f() {{ return; }} var g = () => {{ return 1 }}; {BUY}",
    f"for (const a of []) {{ continue; }} x: {{ break x; }} switch (1) {{ case 1: break; }} {BUY}",
    f"try {{ {BUY} }} finally {{}}",
    f"(function () {{ {BUY} }})(); !function () {{}}(); var f = function () {{}}(); (() => {{}})();",
    f"(-2) ** 2; (a ?? b) || c; a ?? (b && c); {BUY}",
    f"var a = 1; a++; ++a; {BUY}",
    f"async function f() {{ await a; }} function* g() {{ yield 1; }} {BUY}",
    f"var o = {{import: 1, return: 2, get const() {{ return 1 }}}}; o.try; import('x').catch(f); {BUY}",
    f"if (a) {{ {BUY} }} else if (b) {{}}",
]  # fmt: skip
LIVE[5] += " */"


def _states(script: str) -> list[str]:
    document = snippets.parse(f"<script>fbq('init', '{META_ID}');\n{script}</script>")
    return [state.code for state in document.states.values()]


@pytest.mark.parametrize("script", DEAD)
def test_a_broken_script_is_dead_and_what_it_was_for_is_not_doubled(script: str) -> None:
    assert _states(script) == ["script-error"]
    page = (PAGE % f"<script>{script}</script>\n").encode()
    codes = [finding.code for finding in lint.find(snippets.parse(page.decode()))]
    assert codes.count("script-error") == 1
    if "Purchase" in script:
        assert why_refused(page, insertion_of(PURCHASE), make_options()).startswith("line ")


@pytest.mark.parametrize("script", LIVE)
def test_what_looks_broken_and_is_not_is_live(script: str) -> None:
    assert _states(script) == []


@pytest.mark.parametrize("script", ["import 'x'; await a;", "export const a = 1;"])
def test_a_module_and_a_component_may_have_what_only_those_may(script: str) -> None:
    for text, component in (
        (f"<script type=module>{BUY}{script}</script>", False),
        (f"<script>{BUY}{script}</script>", True),
    ):
        assert not [one for one in snippets.parse(text, is_component=component).states.values() if one.is_broken]


def test_a_handler_may_return() -> None:
    [found] = snippets.read_file("x.html", f'<a onclick="{BUY} return false">x</a>')
    assert (found.event, found.state) == ("Purchase", "on click")
    assert find_in_source("x.html", "<a onclick=\"fbq('init', '1');return false\">x</a>") == []


def test_what_a_cut_off_script_was_for_is_read_and_goes_when_it_is_adopted() -> None:
    text = PAGE % "<script>fbq('track', 'Purchase', {</script>\n"
    assert [(one.event, one.state) for one in snippets.read(text)] == [("PageView", "live"), ("Purchase", "dead")]
    assert "would lose fbq('track', 'Purchase', {" in why_refused(
        text.encode(), insertion_of(PURCHASE), make_options(adopt=True)
    )
    after = put(text.encode(), insertion_of(PURCHASE), make_options(adopt=True, replaces=True))
    assert after.count(b"Purchase") == 1
    cut = snippets.parse(f"<script>fbq('init', '{META_ID}'</script>")
    assert [(code.pixel_id, code.state and code.state.name) for code in cut.bases] == [(META_ID, "dead")]


@pytest.mark.parametrize("piece", ["return;", "f(,", "'", "/*", "++ ", "function(", "}(", "{", "try ", "\n"])
def test_a_script_made_to_be_slow_is_not(piece: str) -> None:
    script = piece * 3_000
    assert find_error(parse("a"), script.encode()) is None


@pytest.mark.browser
def test_chromium_runs_what_is_live_and_not_what_is_dead(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<script>window.onerror = (message) => { window.told = message; return true }</script>")
    run = """script => {
        window.told = '';
        window.fbq = () => 0;
        const element = document.createElement('script');
        element.text = script;
        document.head.append(element);
        return window.told;
    }"""
    told = {script: page.evaluate(run, script) for script in (*DEAD, *LIVE)}
    page.close()
    assert [script for script, message in told.items() if "SyntaxError" in message] == DEAD
