"""Code as minifiers, formatters, optimizers and people leave it: read right and adopted, or refused with the reason.

`cases/shapes` was made of our own code, `modern.html` and `purchase.html` there and `cases/code`, by
`npm install @babel/core@7.29.13 @babel/preset-env@7.29.14 @minify-html/node@0.18.1 @swc/core@1.5.7 esbuild@0.21.5
html-minifier-terser@7.2.0 prettier@3.2.5 terser@5.31.0 uglify-js@3.17.4` and `node tests/shapes.cjs`.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.model import Snippet
from tests.conftest import CASES, PIXEL_ID, Run
from tests.pages import COMBINE, as_new, insertion_of, make_options, put, why_refused
from tests.pixels import EVERY_CODE as WITH_NONCE

# Without the vendor's own nonce: one that stands on a page stays there.
EVERY_CODE = {name: snippets.without_nonce(code) for name, code in WITH_NONCE.items()}
SHAPES = {
    path.stem: snippets.without_nonce(path.read_text("utf-8").rstrip("\n"))
    for path in sorted((CASES / "shapes").glob("*.html"))
}
SOURCES = {**EVERY_CODE, "modern": SHAPES["modern"], "purchase": SHAPES["purchase"]}
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
ADOPT = make_options(adopt=True, combine=COMBINE)
FBDS, FP = EVERY_CODE["fbds"], EVERY_CODE["fp"]
PUSH = re.findall(r"window._fbq.push.*", FBDS)[0]

# Under a name of its own, `fb_param` is not what the loader reads: such a script reports nothing.
DEAD = {f"fp.{tool}" for tool in ("esbuild-iife", "swc-toplevel", "terser-2020", "terser-toplevel", "uglify-toplevel")}
# What a minifier leaves there may be a global of the page's, or a queue that goes somewhere.
REFUSED = {
    "fbds.terser-2020": "'loader' is not part of conversion code",
    "modern.babel": "'_w$_fbq=w._fbq' is not part of conversion code",
}
OF_VALUE = ("fbds", "fp", "image", "modern")
RIGHT = [name for name in SHAPES if name not in DEAD and name not in REFUSED]


def _with(code: str) -> bytes:
    """The page with code on lines of its own."""
    return PAGE.replace(b"  <p>", (f"{code}\n" if code else "").encode() + b"  <p>")


def _told(text: str) -> list[tuple[object, ...]]:
    return [_meaning(found) for found in snippets.read(text)]


def _meaning(found: Snippet) -> tuple[object, ...]:
    value = Decimal(found.value) if found.value else None
    return found.dialect, found.pixel_id, found.event, value, found.currency, found.dynamic, found.image_url != ""


def _untrusted(text: str) -> list[str]:
    return [finding.message for finding in lint.find_untrusted(snippets.parse(text))]


def _reports(text: str) -> list[str]:
    """What lint says of an error in the code; not what it says of all code of that age."""
    found = {finding.code for finding in lint.find(snippets.parse(text))}
    return sorted(found - {"retired-endpoint", "img-alt-missing"})


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in DEAD])
def test_a_shape_is_read_as_what_it_was_made_of(name: str) -> None:
    assert _told(SHAPES[name]) == _told(SOURCES[name.partition(".")[0]])
    assert _reports(SHAPES[name]) == (["unexpected-script"] if name in REFUSED else [])


@pytest.mark.parametrize("name", RIGHT)
def test_a_shape_does_no_more_than_conversion_code_does(name: str) -> None:
    assert _untrusted(SHAPES[name]) == []


@pytest.mark.wide
@pytest.mark.parametrize("name", [name for name in RIGHT if not name.startswith(("audience", "purchase"))])
def test_a_shape_is_adopted_whole_and_nothing_else_of_the_page_changes(name: str) -> None:
    source = name.partition(".")[0]
    insertion = insertion_of(EVERY_CODE.get(source if source != "image" else "fbds", FBDS))
    assert as_new(put(_with(SHAPES[name]), insertion, ADOPT)) == put(_with(_rest(SHAPES[name])), insertion)


def _rest(code: str) -> str:
    """What stays of code on a page when it was adopted: its comments; a line that it had for itself goes."""
    left = re.sub(r"(?s)<script.*?</script>|<noscript.*?</noscript\s*>", "\0", code)
    return "\n".join(line.replace("\0", "") for line in left.splitlines() if line.strip("\0 "))


@pytest.mark.parametrize("name", sorted(DEAD))
def test_a_script_whose_global_was_renamed_is_not_left_beside_ours(name: str) -> None:
    assert [told[0] for told in _told(SHAPES[name])] == ["image"]
    assert _untrusted(SHAPES[name]) == ["a script that is not conversion code"]
    assert why_refused(_with(SHAPES[name]), insertion_of(FP), ADOPT) == (
        "line 8, column 1: the page carries conversion code that cannot be read (facebook.net/en_US/fp.js); "
        "take it out first"
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_shape_that_may_do_more_is_not_adopted_and_the_reason_is_told(name: str) -> None:
    assert _untrusted(SHAPES[name]) == [REFUSED[name]]
    assert "adopting this code would lose " in why_refused(_with(SHAPES[name]), insertion_of(FBDS), ADOPT)


@pytest.mark.parametrize("name", [name for name in RIGHT if name.startswith(OF_VALUE)])
def test_a_value_is_set_in_a_shape_and_changes_its_own_bytes_alone(name: str) -> None:
    [found] = snippets.read(SHAPES[name])
    after = found.with_value("5.25", "EUR")
    assert _told(after.source) == [(*_meaning(found)[:3], Decimal("5.25"), "EUR", *_meaning(found)[5:])]
    amounts = r"19\.99|1000(?:\.00?)?|1e3|5\.25|USD|EUR"
    assert re.sub(amounts, "#", after.source) == re.sub(amounts, "#", found.source)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("window['fbq']('init', '1'); self.fbq?.('track', 'Lead')", [("fbq", "1", "Lead", None)]),
        ("globalThis.fbq('init', `1`), (0, window.fbq)('track', `Lead`)", [("fbq", "1", "Lead", None)]),
        ("window?.fbq?.('init', '1'); fbq('track', 'Lead', {value: .5})", [("fbq", "1", "Lead", "0.5")]),
        ("window[`fbq`]('init', 1e3); fbq('track', 'Lead', {value: 1_000})", [("fbq", "1000", "Lead", "1000")]),
        ("fbq('init', '1'); void fbq('track', 'Lead', {value: 0x10})", [("fbq", "1", "Lead", "16")]),
        ("fbq('init', '1'); fbq('track', 'Lead', {value: 10n})", [("fbq", "1", "Lead", "10n")]),
        ("(w => { w.fbq('init', '1'); w.fbq('track', 'Lead') })(window)", [("fbq", "1", "Lead", None)]),
        ("(function (w) { var v = w; v.fbq('init', '1'); v.fbq('track', 'Lead') })(self)",
         [("fbq", "1", "Lead", None)]),
        ("(function (w) { w.fbq('init', '1'); w.fbq('track', 'Lead') })(other)", []),
        ("(w.fbq)('track', 'Lead'); x()[`fbq`]('track', 'Lead')", []),
        ("(function () { var fb_param = {pixel_id: '1', value: '2'} })()", []),
        ("(function () { var q = {}; })(); var fb_param = {pixel_id: '1', value: '2'}", [("fp", "1", None, "2")]),
        ("a && (fb_param = {}, fb_param.pixel_id = '1', fb_param.value = '2')", [("fp", "1", None, "2")]),
        ("{" * 25 + "var fb_param = {pixel_id: '1', value: '2'}" + "}" * 25, [("fp", "1", None, "2")]),
        ("(function (w) { w.fb_param = {pixel_id: '1', value: '2'} })(window)", [("fp", "1", None, "2")]),
        ("var q = window._fbq || []; q.push(['track', '1'])", [("fbds", "1", None, None)]),
        ("let q = window._fbq ??= []; q?.push(['track', '1'])", [("fbds", "1", None, None)]),
        ("(window._fbq ||= []).push(['track', '1'])", [("fbds", "1", None, None)]),
        ("(function (q) { q.push(['track', '1']) })(window._fbq = window._fbq || [])", [("fbds", "1", None, None)]),
        ("(function (w) { w._fbq = w._fbq || []; w._fbq['push'](['track', '1']) })(window)",
         [("fbds", "1", None, None)]),
        ("var q = window._fbq; { let q = []; q.push(['track', '2']) } q.push(['track', '1'])",
         [("fbds", "1", None, None)]),
        ("(function () { var q = window._fbq; })(); q.push(['track', '1'])", []),
        ("(function () { var q = window._fbq; return q.length; q.push })(); _fbq.push(['track', '1'])",
         [("fbds", "1", None, None)]),
        ("var q = a || b || c || d || e || f || g || h || window._fbq; q.push(['track', '1'])",
         [("fbds", "1", None, None)]),
        ("var q = window._fbq || a || b || c || d || e || f || g || h; q.push(['track', '1'])", []),
        ("var {q} = window; _fbq.push(['track', '1'])", [("fbds", "1", None, None)]),
        ("<!--\rfbq('init', '1');\rfbq('track', 'Lead');\r//-->", [("fbq", "1", "Lead", None)]),
        ("(function () { " * 70 + "var w = window; w.fbq('init', '1'); w.fbq('track', 'Lead')" + " })()" * 70,
         [("fbq", "1", "Lead", None)]),
        ("var w = window;" + "(function () { " * 70 + "w.fbq('track', 'Lead')" + " })()" * 70, []),
        ("var w = window; " + "(w.a.a.a.a.a.a.a.a.a.a.a.a.a.fbq)('track', 'Lead'); w[x].fbq('track', 'Lead')", []),
    ],
)  # fmt: skip
def test_what_a_script_reports_by_another_name_is_read(script: str, found: list[tuple[str | None, ...]]) -> None:
    told = [(one.dialect, one.pixel_id, one.event, one.value) for one in snippets.read(f"<script>{script}</script>")]
    assert told == found


ATTRIBUTES = [
    'data-cfasync="false"', "data-cookieconsent=ignore", "data-jetpack-boost='ignore'", 'data-wpfc-render="false"',
    'data-no-defer="1"', "data-no-minify=1", 'data-no-optimize="true"', "data-nowprocket", "nowprocket",
    "data-nitro-exclude", "nitro-exclude", 'data-noptimize="1"', "data-pagespeed-no-defer",
    'data-wpmeteor-nooptimize="true"', 'TYPE="text/javascript"', "type=text/javascript", "type=' Text/JavaScript '",
    'type="application/x-javascript"', 'language="JavaScript1.2"', "language=javascript", "type", "LANGUAGE=''",
]  # fmt: skip


@pytest.mark.wide
@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("name", ["fbds", "fbq"])
def test_an_attribute_that_holds_no_script_back_is_no_more_than_code_has(attribute: str, name: str) -> None:
    code, insertion = EVERY_CODE[name], insertion_of(EVERY_CODE[name])
    shape = re.sub("<script[^>]*>", f"<script {attribute}>", code)
    assert _told(shape) == _told(code)
    assert _untrusted(shape) == _reports(shape) == []
    page, options = _with(shape.rstrip("\n")), ADOPT
    if attribute.startswith(("data-", "nitro", "nowp")):  # an optimizer may hold back what takes its place
        lost = f"would lose the script's attribute {attribute.partition('=')[0]}"
        assert lost in why_refused(page, insertion, ADOPT)
        options = make_options(adopt=True, combine=COMBINE, replaces=True)
    assert as_new(put(page, insertion, options)) == put(_with(_rest(code)), insertion)


def test_a_module_is_read_but_not_adopted() -> None:
    code = FBDS.replace("<script", "<script type=module")
    assert _told(code) == _told(FBDS)
    assert "would lose the script's attribute type=module; " in why_refused(_with(code), insertion_of(FBDS), ADOPT)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("<!--\n", "\n//-->"),
        ("\n<!-- hide this\n", "\n// -->\n"),
        ("<!--\n", "\n-->"),
        ("<!--\n", "\n/* so far */ -->"),
        ("//<![CDATA[\n", "\n//]]>"),
        ("/* <![CDATA[ */\n", "\n/* ]]> */"),
        ("/*<![CDATA[*/", "/*]]>*/"),
        ("<!--//--><![CDATA[//><!--\n", "\n//--><!]]>"),
        ("<!--/*--><![CDATA[/*><!--*/\n", "\n/*]]>*/-->\n"),
        ("\n'use strict';", ""),
        ("typeof fbq == 'undefined' || !0;", "void 0;"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["fbds", "fbq", "fp"])
def test_what_javascript_reads_as_a_comment_is_one(before: str, behind: str, newline: str, name: str) -> None:
    code, insertion = EVERY_CODE[name], insertion_of(EVERY_CODE[name])
    shape = code.replace("\n</script>", f"{behind}</script>")
    shape = re.sub("(<script[^>]*>)", lambda tag: tag[0] + before, shape).rstrip("\n")
    assert _told(shape.replace("\n", newline)) == _told(code)
    assert _untrusted(shape.replace("\n", newline)) == _reports(shape.replace("\n", newline)) == []
    found, left = (page.replace(b"\n", newline.encode()) for page in (_with(shape), _with(_rest(code))))
    assert as_new(put(found, insertion, ADOPT)) == as_new(put(left, insertion))


@pytest.mark.parametrize(
    ("before", "behind", "found", "reason"),
    [
        ("", "\n]]>", "script-error", "adopting this code would lose"),
        ("", "--> x", "unexpected-script", "adopting this code would lose --> x; "),
    ],
)
def test_what_javascript_reads_as_no_comment_is_refused(before: str, behind: str, found: str, reason: str) -> None:
    code = FBDS.replace("<script>", f"<script>{before}").replace("\n</script>", f"{behind}</script>")
    assert found in _reports(code)
    assert reason in why_refused(_with(code), insertion_of(FBDS), ADOPT)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(function () {", "!function () {"),
        ("(function () {", "void function () {"),
        ("(function () {", "+function () {"),
        ("(function () {", "(() => {"),
        ("window._fbq.push(", "window['_fbq']?.push("),
        ("window._fbq.push(", "globalThis._fbq.push("),
        ("window._fbq = window._fbq || []", "self._fbq ||= []"),
        ("var ", "let "),
        ("var _fbq = window._fbq || (window._fbq = [])", "const _fbq = window._fbq ?? (window._fbq = [])"),
        ("var first", "const f = document, first"),
        (PUSH, f"(function (q) {{ {PUSH.replace('window._fbq', 'q')} }})(window._fbq);"),
        (PUSH, f"(q => {PUSH.replace('window._fbq', 'q').rstrip(';')})(window._fbq || []);"),
        (PUSH, f"var q = window._fbq; q === null || q == void 0 || {PUSH.replace('window._fbq', 'q')}"),
        (PUSH, f"typeof window._fbq !== 'undefined' && {PUSH}"),
    ],
)
def test_code_written_otherwise_is_adopted(old: str, new: str) -> None:
    assert old in FBDS
    code = FBDS.replace(old, new)
    if new.endswith("function () {"):
        code = code.replace("})();", "}();")
    assert _told(code) == _told(FBDS)
    assert _untrusted(code) == _reports(code) == []
    assert as_new(put(_with(code.rstrip("\n")), insertion_of(FBDS), ADOPT)) == put(
        _with(_rest(FBDS)), insertion_of(FBDS)
    )


def test_an_image_is_adopted_without_quotes_and_in_capitals() -> None:
    url = f"//www.facebook.com/tr?ev={PIXEL_ID}&cd%5Bvalue%5D=19.99&cd%5Bcurrency%5D=USD&noscript=1"
    for image in (f"<IMG SRC={url} HEIGHT=1 WIDTH=1 STYLE=display:none>", f"<img alt height=1 src={url}>"):
        for noscript in (f"<noscript>{image}</noscript>", f"<NOSCRIPT>\n{image}\n</NOSCRIPT>"):
            assert _told(noscript) == [("image", PIXEL_ID, None, Decimal("19.99"), "USD", False, True)]
            assert as_new(put(_with(noscript), insertion_of(FBDS), ADOPT)) == put(PAGE, insertion_of(FBDS))


@pytest.mark.parametrize("name", ["fbds.minify-html", "fbds.swc", "fp.minify-html", "modern.esbuild"])
def test_the_commands_take_a_shape_as_they_take_the_code_it_was_made_of(name: str, run: Run, tmp_path: Path) -> None:
    shape, page, source = tmp_path / "shape.html", tmp_path / "page.html", SOURCES[name.partition(".")[0]]
    shape.write_text(SHAPES[name])
    page.write_bytes(_with(SHAPES[name]))
    [told] = json.loads(run("inspect", shape, "--json").out)["files"][0]["snippets"]
    assert (told["dialect"], told["pixel_id"]) == _told(source)[0][:2]
    assert re.findall("unexpected-script|script-error", run("lint", shape).out) == []
    assert run("inject", page, "--from-file", shape).code == 6
    assert run("inject", page, "--from-file", shape, "--adopt").code == 0
    adopted = page.read_text()
    assert run("inject", page, "--from-file", shape, "--adopt", "--check").code == 0
    assert snippets.read(SHAPES[name])[0].script in adopted
    changed = run("snippet", "--from-file", shape, "--value", "525")
    assert [(one[3], one[4]) for one in _told(changed.out)] == [(Decimal("5.25"), "USD")]
