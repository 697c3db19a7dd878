"""Every code has its case, right code has none, and code from outside may do no more than conversion code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pixels import EVERY_CODE as CODES
from tests.pixels import META_ID
from tests.reading import find_in_source

FBDS = CODES["fbds"]
RIGHT = """<script>
fbq('init', '434566956589050');
fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});
</script>
<noscript><img alt="" src="https://www.facebook.com/tr?id=434566956589050&ev=Purchase&cd[value]=30&cd[currency]=USD"></noscript>
"""
PAGE = (
    f"<!doctype html>\n<head>\n<script>var mine = 'https://example.com/'; fetch(mine);</script>\n</head>\n<body>{RIGHT}"
)


WHOLE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n</body>\n</html>\n"


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(text))]


def test_right_code_has_no_finding_on_a_page_and_beside_other_scripts() -> None:
    assert codes(RIGHT) == codes(PAGE) == codes("") == codes("<p>fbq</p>") == []


def test_what_a_pages_own_noscript_has_is_the_pages_business() -> None:
    hidden = ("<noscript>", "<noscript hidden>")
    assert "<noscript>" in PAGE
    assert codes(PAGE.replace(*hidden)) == []
    assert codes(RIGHT.replace(*hidden)) == ["unexpected-script"]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("<script>document.title = 1</script>", ""),
        ("<script src='https://example.com/x.js'></script>", ""),
        ("<div>", "</div>"),
        ("", "</div><script>f()</script><iframe src='https://example.com/'></iframe>"),
        ("<?php if ($x): ?>", "<?php endif ?>"),
        ("{% include 'a' %}", ""),
        ("", "<p>x"),
    ],
)
def test_a_part_of_a_page_may_hold_more_and_code_from_outside_may_not(before: str, behind: str) -> None:
    more = RIGHT.replace("fbq('track'", "document.title = 1; fbq('track'")
    text = f"<!-- ours -->{before}{more}{behind}"
    assert codes(text) == []
    assert "unexpected-script" in [finding.code for finding in lint.find_untrusted(snippets.parse(text))]
    for code in (f"<!-- <b>{more} -->{more}", f"Hello,\n{more}<!-- the end <script>"):
        assert codes(code) == ["unexpected-script"]


FP_TWICE = JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, "6009125095681")
CASES_BY_CODE = {
    "value-mismatch": RIGHT.replace("]=30", "]=3000"),
    "value-missing": CODES["paq"].replace("'trackGoal', 7, 19.99", "'trackEcommerceOrder', 'A-1'").partition("<nos")[0],
    "value-invalid": RIGHT.replace("30.00", "'30,00'").replace("]=30", "]=30,00"),
    "value-parts": CODES["awin"].replace("DEFAULT:19.99", "DEFAULT:9.99"),
    "value-zero": CODES["oct"].replace("19.99", "0"),
    "value-unit": CODES["oaiq"].replace("1999", "19.99"),
    "unit-unknown": CODES["rdt"].replace(", 'useDecimalCurrencyValues': true", ""),
    "id-mismatch": RIGHT.replace("?id=434566956589050", "?id=6009125095680"),
    "id-invalid": RIGHT.replace("434566956589050", "YOUR_PIXEL_ID"),
    "event-mismatch": RIGHT.replace("ev=Purchase", "ev=Lead"),
    "currency-missing": RIGHT.replace(", currency: 'USD'", "").replace("&cd[currency]=USD", ""),
    "currency-mismatch": RIGHT.replace("]=USD", "]=EUR"),
    "currency-unknown": RIGHT.replace("USD", "usd"),
    "event-unknown": RIGHT.replace("Purchase", "purchase"),
    "event-id-place": CODES["ttq"].replace("'A-1001'}, {", "'A-1001', "),
    "value-key": CODES["pintrk"].partition("<noscript>")[0].replace("{value: 19.99", "{revenue: 19.99"),
    "value-unsupported": CODES["lintrk"].replace("7654321}", "7654321, conversion_value: 5}"),
    "order-id-missing": CODES["gtag"]
    .replace("AW-123456789/aBcD-eF_gHiJkLmNoPqR", "G-AB1CD2EF3G")
    .replace("AW-123456789", "G-AB1CD2EF3G")
    .replace("'conversion'", "'purchase'")
    .replace("'A-1001'", "''"),
    "platforms-disagree": RIGHT + CODES["ttq"].replace("19.99", "3000"),
    "noscript-parameters": RIGHT.replace("cd[value]=30&cd[currency]=USD", "cd=30&cd=USD"),
    "image-outside-noscript": RIGHT.replace("<noscript>", "").replace("</noscript>", ""),
    "image-lazy": RIGHT.partition("<noscript>")[2].replace("</noscript>", "").replace("<img", "<img loading=lazy"),
    "duplicate-noscript": RIGHT + RIGHT.partition("</script>")[2],
    "escaped-image": RIGHT.replace("<img", "&lt;img"),
    "entity-in-script": RIGHT.replace("fbq('track'", "var url = 'a&amp;b';\nfbq('track'"),
    "noscript-in-head": f"<!doctype html>\n<html><head><title>x</title>\n{RIGHT}</head><body></body>",
    "noscript-without-image": RIGHT + "<noscript>facebook.com/tr?ev=1</noscript>",
    "noscript-with-held-back-script": RIGHT.replace("<script", "<script type=text/plain data-category=ads"),
    "soft-navigation": PAGE.replace("<head>", "<head><script src=/turbo.min.js></script>"),
    "fires-in-prerender": f'<script type=speculationrules>{{"prerender": [{{}}]}}</script>{RIGHT}',
    "img-alt-missing": RIGHT.replace('alt="" ', ""),
    "insecure-url": RIGHT.replace("https://www", "http://www"),
    "duplicate-pixel": RIGHT + RIGHT,
    "unknown-pixels": "<script>fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>",
    "event-unread": RIGHT.replace("</script>", "send(fbq);</script>"),
    "dynamic-value": RIGHT.replace("30.00", "order.total"),
    "script-error": RIGHT.replace("</script>", "}</script>"),
    "not-run": RIGHT.replace("<script>", "<script nomodule>"),
    "unclosed-element": RIGHT.partition("</script>")[0],
    "foreign-host": RIGHT.replace("</noscript>", '<img alt="" src="//example.com/x.gif"></noscript>'),
    "unexpected-script": RIGHT.replace("fbq('track'", "document.title = 1;\nfbq('track'"),
    "second-pixel": RIGHT.replace("</script>", "fbq('init', '6009125095681');\n</script>"),
    "personal-data": re.sub(r"(fbq\('init', '[0-9]+')", r"\1, {em: 'jane@example.com'}", RIGHT),
    "consent-granted": RIGHT.replace("fbq('init'", "fbq('consent', 'grant');\nfbq('init'"),
    "retired-endpoint": JS_PIXEL,
    "fb-param-clobber": FP_TWICE,
    "shared-global": "<!doctype html><body>"
    + (TAG := CODES["uetq"].partition("window.uetq")[0] + "</script>")
    + TAG.replace("40123456", "40123457"),
}
ALSO = {
    "fires-in-prerender": {"unexpected-script"},
    "noscript-with-held-back-script": {"unexpected-script"},
    "entity-in-script": {"unexpected-script"},
    "value-invalid": set(),
    "event-unread": {"unexpected-script"},
    "dynamic-value": {"unexpected-script"},
    "script-error": {"unexpected-script"},
    "not-run": {"unexpected-script"},
    "fb-param-clobber": {"retired-endpoint"},
}


@pytest.mark.parametrize("code", lint.CODES)
def test_each_code_has_its_case_and_nothing_else_is_said(code: str) -> None:
    found = codes(CASES_BY_CODE[code])
    assert code in found
    assert set(found) - {code} <= ALSO.get(code, set())


ERRORS = [code for code in lint.CODES if lint.Finding(code, "", 1, 1).level == "error"]


@pytest.mark.wide
@pytest.mark.parametrize("code", ERRORS)
def test_every_error_keeps_code_off_pages_and_out_of_exports(run: Run, code: str) -> None:
    Path("page.html").write_text(WHOLE)
    Path("code.html").write_text(CASES_BY_CODE[code])
    for writer in (["inject", "page.html"], ["export", "gtm", "--all-pages", "-o", "gtm.json"]):
        pixel = ["--pixel", PIXEL_ID] if code == "fb-param-clobber" else []
        ran = run(*writer, "--from-file", "code.html", *pixel)
        assert (ran.code, ran.err.startswith("error: code.html")) == ((0, False) if pixel else (6, True))
        assert Path("page.html").read_text() == WHOLE or pixel


@pytest.mark.parametrize(
    ("code", "found", "more"),
    [
        (RIGHT.replace("30.00", "'30,00'"), "3:35: value-invalid: the value '30,00' is not ", []),
        (RIGHT.replace("'USD'}", "'USD', content_name: 'a &amp; b'}"), "3:75: entity-in-script: ", []),
        (CODES["fbq"].replace("</script>", "fbq('track', 'PageView');\n</script>"), "16:1: duplicate-pixel: ", []),
        (RIGHT.replace("</noscript>", ""), "5:1: unclosed-element: the noscript is not closed", []),
        (f"<noscript>&lt;img src='https://www.facebook.com/tr?id=1&ev=x'></noscript>{RIGHT}", "1:1: escaped-image", []),
        (
            f"<noscript>&lt;img src='//facebook.com/tr?ev=x'></noscript>{RIGHT}",
            "1:1: escaped-image",
            ["--pixel", META_ID],
        ),
    ],
)
def test_an_error_that_is_no_disagreement_is_told_with_its_place(
    run: Run, code: str, found: str, more: list[str]
) -> None:
    Path("page.html").write_text(WHOLE)
    Path("code.html").write_text(code)
    ran = run("inject", "page.html", "--from-file", "code.html", *more)
    assert (ran.code, ran.out, Path("page.html").read_text()) == (6, "", WHOLE)
    assert ran.err.startswith(f"error: code.html:{found}")
    assert f"warning: code.html:{found}" in run("snippet", "--from-file", "code.html").err


def test_what_is_twice_in_two_scripts_is_once_in_the_one_that_is_taken(run: Run) -> None:
    other = CODES["fbq"].replace(META_ID, PIXEL_ID)
    Path("code.html").write_text(CODES["fbq"] + other)
    Path("rules.csv").write_text(f"page,pixel\n/page.html,{META_ID}\n")
    Path("page.html").write_text(WHOLE)
    assert "duplicate-pixel" in codes(CODES["fbq"] + other)
    assert run("inject", ".", "--pages", "rules.csv", "--from-file", "code.html").code == 0
    Path("code.html").write_text(CODES["fbq"] + other.replace("</script>", "fbq('track', 'PageView');</script>"))
    assert lint.find_errors(snippets.parse(Path("code.html").read_text()))[0].code == "duplicate-pixel"


def test_a_value_that_is_given_takes_the_place_of_one_that_is_none(run: Run) -> None:
    Path("page.html").write_text(WHOLE)
    Path("code.html").write_text(RIGHT.replace("30.00", "'30,00'"))
    assert run("inject", "page.html", "--from-file", "code.html", "--value", "3000").code == 0
    assert "{value: '30.00', currency: 'USD'}" in Path("page.html").read_text()


def test_of_a_noscript_of_another_pixel_nothing_goes_onto_a_page(run: Run) -> None:
    image = CASES_BY_CODE["id-mismatch"].partition("</script>\n")[2]
    for code in (RIGHT + image, image + RIGHT):
        Path("page.html").write_text(WHOLE)
        Path("code.html").write_text(code)
        assert run("inject", "page.html", "--from-file", "code.html").code == 6
        assert run("inject", "page.html", "--from-file", "code.html", "--pixel", META_ID).code == 0
        assert Path("page.html").read_text().count("<img") == 1
        assert PIXEL_ID not in Path("page.html").read_text()


def test_a_finding_names_its_place_and_its_snippet() -> None:
    [finding] = lint.find(
        snippets.parse(f"<p>é</p>{CODES['fbq']}".replace("<img", "<img alt") + CASES_BY_CODE["id-mismatch"])
    )
    assert finding == lint.Finding(
        "id-mismatch", "the script's pixel is 434566956589050, the noscript's 6009125095680", 24, 59, 1
    )
    assert finding.level == "error"


@pytest.mark.parametrize(
    "text",
    [
        RIGHT.replace("30.00", "30"),
        RIGHT.replace("&cd[value]=30&cd[currency]=USD", ""),
        RIGHT.replace("<noscript>", "<!-- <noscript>").replace("</noscript>", "</noscript> -->"),
        RIGHT.replace("&", "&amp;"),
        RIGHT.replace("30.00", "{{ total }}").replace("]=30", "]={{ total }}"),
        RIGHT.replace("ev=Purchase", "ev=PageView"),
        RIGHT.replace("ev=Purchase", "ev={{ event }}"),
        RIGHT.replace("'track', 'Purchase'", "'trackCustom', 'Two words'").replace("ev=Purchase", "ev=Two+words"),
        RIGHT.replace("'track', 'Purchase'", "'trackCustom', 'Two words'").replace("ev=Purchase", "ev=Two%20words"),
    ],
)
def test_what_is_right_or_cannot_be_known_is_no_mismatch(text: str) -> None:
    assert set(codes(text)) <= {"dynamic-value"}


@pytest.mark.parametrize(
    ("code", "old", "new", "found"),
    [
        (RIGHT, "ev=Purchase", "ev=Lead", "event-mismatch"),
        (RIGHT, "ev=Purchase", "ev=Mine", "event-mismatch"),
        (RIGHT.replace("'Purchase'", "'PageView'"), "ev=Purchase", "ev=Lead", "event-mismatch"),
        (RIGHT, "?id=434566956589050", "?id=", "id-mismatch"),
        (RIGHT, "?id=434566956589050&ev=Purchase&cd[value]=30&cd[currency]=USD", "?id=1&cd=30", "id-mismatch"),
        (FBDS, "tr?ev=6009125095680", "tr?ev=111", "id-mismatch"),
        (FBDS, "tr?ev=6009125095680", "tr?id=6009125095680&ev=Lead", "event-mismatch"),
        (JS_PIXEL, "php?id=6009125095680", "php?id=111", "id-mismatch"),
        (JS_PIXEL, "php?id=6009125095680&amp;", "php?", "id-mismatch"),
        (JS_PIXEL, "value=19.99&", "value=1.99&", "value-mismatch"),
    ],
)
def test_a_noscript_that_reports_for_another_pixel_or_another_event_is_a_mismatch(
    code: str, old: str, new: str, found: str
) -> None:
    assert old in code
    assert found in codes(code.replace(old, new))
    assert found in [finding.code for finding in lint.find_disagreements(snippets.parse(code.replace(old, new)))]


REGION = "<!-- snippetkit:begin fbq:{} noscript body-top sha256=0f1e2d3c4b5a6978 -->{}"


@pytest.mark.parametrize(
    ("key", "prefix", "found"),
    [
        ("434566956589050", "\n  ", ["id-mismatch"]),
        ("6009125095681+434566956589050", "<body>\n  ", ["id-mismatch"]),
        ("434566956589050", "{% raw %}\n", ["id-mismatch"]),
        ("434566956589050", "<p>x</p>", []),
        ("6009125095681", "\n  ", []),
    ],
)
def test_a_noscript_in_a_region_is_held_to_the_script_of_its_key(key: str, prefix: str, found: list[str]) -> None:
    script, _, noscript = RIGHT.partition("<noscript>")
    page = f"<!doctype html><head>{script}</head>{REGION.format(key, prefix)}<noscript>{noscript}"
    assert codes(page) == []
    told = lint.find(snippets.parse(page.replace("?id=434566956589050", "?id=111")))
    assert [(finding.code, finding.snippet) for finding in told] == [(code, 0) for code in found]


def untrusted(text: str, *allowed: str) -> list[str]:
    found = lint.find_untrusted(snippets.parse(text), frozenset(allowed))
    return [*dict.fromkeys(finding.code for finding in found)]


@pytest.mark.wide
@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_the_vendors_own_code_may_go_onto_a_page(code: str) -> None:
    assert untrusted(code) == []
    assert untrusted(code.replace("'", '"').replace("\n", "\r\n")) == []


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("//connect.facebook.net/${x}", []),
        ("//connect.facebook.net/${'%s'}", []),
        ("//connect.facebook.net/${'%s'}//evil.example", [("evil.example",)]),
        ("//connect.facebook.net:${'@evil.example/%s'}", [("}",)]),
        ("${`//evil.example/%s`}", [("evil.example",)]),
    ],
)
def test_a_host_in_an_expression_of_a_string_is_told(url: str, reached: list[tuple[str]]) -> None:
    code = FBDS.replace("<script>", f"<script>x = `{url.replace('%s', 'a' * 200)}`;")
    assert [one.hosts for one in lint.find_untrusted(snippets.parse(code)) if one.hosts] == reached


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'USD'}", "'USD', contents: [{id: 'a/b'}], content_ids: ['c/d'], content_name: 'Tea: green'}"),
        ("document.getElementsByTagName('script')[0]", "document.getElementsByTagName('head')[0] || document.body"),
        ("_fbq.loaded = true", "_fbq['loaded'] = !0"),
        ("})();", "}());"),
    ],
)
def test_the_vendors_code_in_another_form_may_go_onto_a_page(old: str, new: str) -> None:
    assert old in FBDS
    assert untrusted(FBDS.replace(old, new)) == []


@pytest.mark.wide
@pytest.mark.parametrize(
    "statement",
    [
        "alert(1)",
        "eval('x')",
        "window['eval']('x')",
        "document.cookie",
        "location = 'x'",
        "document.location = 'x'",
        "new Image().src = 'x'",
        "fetch('x')",
        "setTimeout('x')",
        "(function () {}).constructor('x')()",
        "document.body.innerHTML = 'x'",
        "import('x')",
        "x = `${y}`",
        "for (;;) ;",
        "document.createElement('script').src = 'ht' + 'tp'",
        "(function (location) {})(); location",
        "fb_param.pixel_id.constructor",
        "fb_param['const' + 'ructor']",
        "class A {}",
        "() => 1",
        "this.x",
        "try { } catch (e) { }",
        "var location",
        "fbq.push = document.write",
        "\\u0065val('x')",
        "(function (type) { window[type]({value: 'alert(1)'}.value); })('eval')",
        "(function (type, value) { window[type] = value; })('location', 'evil')",
        "document.src = {src: '/uploads/x.js'}.src",
        "document.createElement('script').src = fbq.queue[0][1]",
        "document.createElement('script').src = 'upload.js'",
        "document.createElement('img').async = 1",
        "document.createElement = function () {}",
        "window.fbq = function (a, b) { document.createElement(a).src = b; }; fbq('script', 'upload.js')",
        "(function fbq(a) { document.createElement(a); fbq('iframe') })()",
        "fbq = document.createElement",
        "document.callMethod = 1",
        "fbq = {queue: 1}",
        "document.head.appendChild(document.body)",
        "document.getElementsByTagName('form')[0].value = '1'",
        "window[0]",
        "(function (v) { v = fbq; document.createElement('script').src = v; })()",
        "(function (v) { document.createElement('script').src = v; })(fbq)",
        "(async function () {})()",
        "(() => alert(1))()",
        "(async () => {})()",
        "(x => document.write(x))('x')",
        "fbq = () => 1",
        "fbq('track', `${document.cookie}`)",
        "fbq(`track`, {value: `${total}`})",
        "`a` + `b`",
        "eval`x`",
        "document.createElement`iframe`",
        "location ||= 'x'",
        "document ??= window",
        "window.name ||= 'x'",
        "document.body.innerHTML ??= 'x'",
        "fbq ||= document.write",
        "_fbq.loaded &&= 'x'",
        "_fbq.loaded += 'x'",
        "document.createElement('script').src ||= fbq",
        "alert?.(1)",
        "window?.alert(1)",
        "document?.['cookie']",
        "globalThis['eval']('x')",
        "self.alert(1)",
        "self = window",
        "document = fbq",
        "var loaded = 1",
        "void alert(1)",
        "typeof alert",
        "+document.cookie",
        "(0, alert)(1)",
        "const e = eval; e('x')",
        "const e = document; e.write('x')",
        "let location = 'x'",
        "var page = window",
        "var e; e.loaded = 1",
        "e = window",
        "if (fbq) { let location; } location = 'x'",
        "(function () { if (fbq) { const alert = 1; } alert(1); })()",
        "var q = window._fbq; q.constructor",
        "var q = window._fbq || []; document.createElement('script').src = q",
        "var q = window._fbq || []; document.createElement(q)",
        "var q = window._fbq || []; q(1)",
        "var q = window._fbq || []; fbq = q",
        "(function (q) { q = window._fbq = []; q.push('x.js'); document.createElement('script').src = q; })()",
        "(function (q, v) { q.queue = []; q.queue.push('x.js'); v = q.queue; document.head.src = v; })({})",
        "(function (q) { document.createElement(q) })(window._fbq || [])",
        "(function (q) { q.push('x') })(window._fbq, window._fbq)",
        "(q => q)(window._fbq)",
        "var q = window._fbq; fbq(q)",
        "a.a.a.a.a.a.a.a.a.a.a.a.a.push('x')",
        "fbq = fb_param['value']",
        "var q = window._fbq; fbq = q || 1",
        "var q = window._fbq; fbq = q && 1",
        "(function (v) { document.createElement('script').src = v; })()",
        "(function (v) { document.createElement('script').src = v; })(fb_param.value)",
        "document.createElement('script') . src = fbq",
        "document.createElement('script')/* */.src = {}",
        "document.getElementsByTagName('script')[0].src = fbq",
        "document.createElement(window['fbq'])",
        "<!-- \ralert(1)",
    ],
)
def test_a_script_that_does_more_is_unexpected(statement: str) -> None:
    for code in (JS_PIXEL, FBDS, RIGHT):
        for text in (
            code.replace("</script>", f"{statement};</script>"),
            code.replace("<script", f"<p>{statement}</p><script"),
        ):
            assert (untrusted(text) == ["unexpected-script"]) is ("<p>" not in text)
    of_page = codes(PAGE.replace("fbq('init'", f"{statement};\nfbq('init'"))
    assert of_page in ([], ["script-error"], ["unknown-pixels"], ["event-unread"])


@pytest.mark.parametrize("name", "apply body callMethod document globalThis head parentNode self window".split())
def test_what_code_reads_of_the_page_it_does_not_set_however_that_is_written(name: str) -> None:
    for of in ("window", "document", "fbq", "_fbq"):
        for written in (f"{of}.{name} = 1", f"{of}['{name}'] = 1", f"{of}[`{name}`] ||= fbq", f"({of}.{name}) = 1"):
            assert untrusted(RIGHT.replace("</script>", f"{written};</script>")) == ["unexpected-script"]


def test_an_event_whose_base_code_is_not_here_is_told_and_one_behind_it_is_right() -> None:
    event = "<script>fbq('track', 'Lead', {value: 5, currency: 'USD'})</script>\n"
    base = CODES["fbq"].replace("<img", '<img alt=""')
    [finding] = lint.find(snippets.parse(f"<html>\n{event}"))
    assert finding[:3] == (
        "unknown-pixels",
        "no pixel is named here, so a file or a tag manager says which ones get this event",
        2,
    )
    assert codes(f"<!doctype html><body>{base}{event}") == []
    assert codes(f"<!doctype html><body>{event}{base}") == ["not-run"]
    single = event.replace("'track'", "'trackSingle', '434566956589050'")
    assert codes(f"<!doctype html><body>{single}") == ["unknown-pixels"]
    assert codes(f"<!doctype html><body>{base}{single}") == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("//connect.facebook.net", "//connect.facebook.net.example.com", ["foreign-host", "unexpected-script"]),
        ("//connect.facebook.net", "//connect.facebook.net@example.com", ["foreign-host", "unexpected-script"]),
        ("//connect.facebook.net", "\\\\\\\\example.com", ["foreign-host", "unexpected-script"]),
        ("'//connect.facebook.net/en_US/fbds.js'", "'javascript:x'", ["foreign-host", "unexpected-script"]),
        ("'//connect.facebook.net/en_US/fbds.js'", "'evil.js/'", ["unexpected-script"]),
        ("'USD'", "'https://example.com/?'", ["foreign-host"]),
        ("</noscript>", "<img src='https://example.com/x'></noscript>", ["foreign-host"]),
        ("</noscript>", "<iframe src='https://www.facebook.com/'></iframe></noscript>", ["unexpected-script"]),
        ("</noscript>", "<link rel=stylesheet href=x></noscript>", ["unexpected-script"]),
        ("</noscript>", "<!-- x --></noscript>", ["unexpected-script"]),
        ("<img ", "<img onerror='x' ", ["unexpected-script"]),
        ("<img ", "<img srcset='//example.com/x' ", ["unexpected-script"]),
        ("<img ", "<img id=fbq ", ["unexpected-script"]),
        ("display:none", "background:url(//example.com/x)", ["unexpected-script"]),
        ("</noscript>", "<img src='&#47;&sol;example.com/x'></noscript>", ["foreign-host"]),
        ("</noscript>", "<img src='https:example.com/x'></noscript>", ["foreign-host"]),
        ("</noscript>", "<img src='/logout'></noscript>", ["unexpected-script"]),
        ("</noscript>", "<img src='https://www.facebook.com/logout.php'></noscript>", ["unexpected-script"]),
        ("</noscript>", "<img src=//example.com/x</noscript>", ["unexpected-script"]),
        ("</noscript>", "<% <iframe src=//example.com> %></noscript>", ["unexpected-script"]),
        ("&amp;noscript=1", '<?php "><iframe src=//example.com> ?>', ["unexpected-script"]),
        ("'USD'", "'https:example.com'", ["foreign-host"]),
        ("<script>", "<script src='https://example.com/x.js'>", ["foreign-host", "not-run", "unexpected-script"]),
        ("<script>", "<script onload=x>", ["unexpected-script"]),
        ("<script>", "<script data-cfasync=true>", ["unexpected-script"]),
        ("<script>", "<script data-cookieconsent=marketing>", ["unexpected-script"]),
        ("<script>", "<script data-no-optimize=0>", ["unexpected-script"]),
        ("<script>", "<script data-rocket-type=text/javascript>", ["unexpected-script"]),
        ("<script>", "<script nomodule>", ["not-run", "unexpected-script"]),
        ("<script>", "<script type=module>", ["unexpected-script"]),
        ("<script>", "<script src='https://example.com/x.js'></script><script>", ["foreign-host", "unexpected-script"]),
        ("<script>", "<script type=module>x</script><script>", ["unexpected-script"]),
        ("<!--", "<!doctype html><body><script>alert(1)</script><!--", ["unexpected-script"]),
        ("Thank you -->", "CV --><script>alert(1)</script> -->", ["unexpected-script"]),
    ],
)
def test_code_that_reaches_further_is_found(old: str, new: str, found: list[str]) -> None:
    assert old in FBDS
    assert sorted(set(untrusted(FBDS.replace(old, new, 1)))) == found


@pytest.mark.parametrize(
    "code",
    ["{{alert(1)}}", "fbq = '{{' + alert(1) + '}}'", "fbq = '{%' + alert(1) + '%}'", "/*<%*/alert(1)/*%>*/",
     "//{{\nalert(1)//}}", "fbq = <?php system('id') ?>", "fbq = '<?php include $x ?>'", "// <?= `id` ?>",
     "{% include x %}"],
)  # fmt: skip
def test_server_code_that_may_do_more_than_tell_a_value_is_unexpected(code: str) -> None:
    assert "unexpected-script" in untrusted(FBDS.replace("</script>", f"{code};</script>"))


def test_a_host_may_be_allowed_and_then_its_script_too_but_no_other() -> None:
    text = FBDS.replace("<script>", "<script src='https://cdn.example.com/x.js'></script><script>", 1)
    assert untrusted(text, "cdn.example.com") == []
    assert set(untrusted(text, "example.com")) == {"foreign-host", "unexpected-script"}
    inline = f"{text}<script>alert('https://cdn.example.com')</script>"
    assert untrusted(inline, "cdn.example.com") == ["unexpected-script"]


def test_code_made_to_be_slow_is_answered() -> None:
    deep = "(function (a) { " * 1_000 + "a;" * 2_000 + "})" * 1_000
    for script in (
        deep,
        "a" + "=a" * 9_000,
        "(" * 9_000,
        "'" * 9_000,
        "fbq(" * 4_000,
        "_fbq.push([" * 2_000,
        "_fbq.push(" + "[" * 4_000 + "'1'," * 4_000,
        "(function () {" * 4_000,
    ):
        assert "unexpected-script" in codes(f"<script>fbq('track', 'Lead'); {script}</script>")
    assert codes("<script>fbq" + "('1')" * 20_000 + "</script>") == []


@pytest.mark.parametrize("value", ["total", "order.total", "window_.order.total", "$x"])
def test_a_variable_of_the_page_may_be_told(value: str) -> None:
    assert untrusted(RIGHT.replace("30.00", value)) == []
    assert untrusted(JS_PIXEL.replace("'19.99'", value)) == []


@pytest.mark.parametrize(
    "value", ["document.cookie", "location", "window.x", "localStorage.token", "f()", "a[b]", "a + b"]
)
def test_what_the_browser_knows_of_the_visitor_may_not(value: str) -> None:
    assert untrusted(RIGHT.replace("30.00", value)) == ["unexpected-script"]
    assert untrusted(JS_PIXEL.replace("'19.99'", value)) == ["unexpected-script"]
    assert untrusted(RIGHT.replace("</script>", f"{value};</script>")) == ["unexpected-script"]


def test_a_noscript_of_a_page_may_hold_more_than_one_of_code_may() -> None:
    more = RIGHT.replace("<noscript>", '<noscript id=a><iframe src="https://tags.example/ns.html"></iframe>')
    said = {finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{more}"))}
    assert "unexpected-script" not in said
    assert "unexpected-script" in {finding.code for finding in lint.find_untrusted(snippets.parse(more))}


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ("data", ["dynamic-value"]),
        ("{value: v}", ["currency-missing", "dynamic-value"]),
        ("{value: 1}", ["currency-missing"]),
    ],
)
def test_an_expression_for_all_that_an_event_tells_may_have_a_currency(told: str, codes: list[str]) -> None:
    code = f"<script>fbq('init', '1'); fbq('track', 'Purchase', {told});</script>"
    found = find_in_source("x.html", f"<!doctype html><title>x</title>{code}")
    assert [one.code for one in found] == codes


CONSTANTS = {
    "-5": "-5",
    "(- 5.50)": "-5.50",
    "NaN": "NaN",
    "null": "null",
    "undefined": "undefined",
    "void 0": "undefined",
    "-Infinity": "-Infinity",
    "!1": "false",
    "5 - 10": "-5",
    "+'1,234.50'": "NaN",
    "Number('$5')": "NaN",
    "null || -5": "-5",
}


@pytest.mark.parametrize("written", CONSTANTS)
def test_a_constant_that_is_no_amount_is_invalid_and_not_dynamic(written: str) -> None:
    for code in (RIGHT.replace("30.00", written).partition("<noscript")[0], JS_PIXEL.replace("'19.99'", written)):
        text = f"<!doctype html><body>{code}"
        [told] = [one.message for one in lint.find(snippets.parse(text)) if one.code == "value-invalid"]
        assert told == f"the value {CONSTANTS[written]!r} is not an amount such as 19.99"
        assert "dynamic-value" not in codes(text)


@pytest.mark.parametrize("written", ["-total", "+total", "total || null", "-<?= $total ?>", "5 - total", "typeof 1"])
def test_an_expression_that_may_be_an_amount_is_dynamic(written: str) -> None:
    assert "dynamic-value" in codes(f"<!doctype html><body>{RIGHT.replace('30.00', written)}")


FBDS_EVENT = "<script>_fbq.push(['track', '6009125095680'%s]);</script>"
FBQ_EVENT = "<script>fbq('init', '1'); fbq('track', 'Purchase'%s)</script>"
LAST = "add {value: 0.00, currency: 'USD'} as the last argument of the event's fbq call"
OBJECT = "to the object that is after the event's name in its fbq call"
ADVICE = [
    (FBQ_EVENT, "", LAST, LAST),
    (FBQ_EVENT, ", {value: 30.00}", None, f"add currency: 'USD' {OBJECT}"),
    (FBQ_EVENT, ", {value: 30.00}, {eventID: 'x'}", None, f"add currency: 'USD' {OBJECT}"),
    (FBQ_EVENT, ", {currency: 'USD'}, {eventID: 'x'}", f"add value: 0.00 {OBJECT}", None),
    (FBQ_EVENT, ", {content_type: 'product'}", *[f"add value: 0.00, currency: 'USD' {OBJECT}"] * 2),
    *(
        (FBQ_EVENT, f", {nothing}, {{eventID: 'x'}}", *[how] * 2)
        for nothing in ("[]", "null", "undefined")
        for how in (
            f"put {{value: 0.00, currency: 'USD'}} in the place of {nothing}, after the event's name in its fbq call",
        )
    ),
    (
        FBDS_EVENT,
        ", {'value': '1'}",
        None,
        "add 'currency': 'USD' to the object that is the third item of the array that is pushed onto _fbq",
    ),
]


@pytest.mark.parametrize(("code", "told", "value", "currency"), ADVICE)
def test_what_is_missing_is_added_to_the_object_that_is_there(
    code: str, told: str, value: str | None, currency: str | None
) -> None:
    [snippet] = snippets.read(code % told)
    wanted = {name: f"line 1: {how}" for name, how in (("value", value), ("currency", currency)) if how}
    assert snippet.gaps == wanted
    said = [one.message for one in lint.find(snippets.parse(code % told)) if one.code == "currency-missing"]
    assert said == ([] if snippet.value is None else [f"a value without a currency; {currency}"])


@pytest.mark.parametrize(
    ("event", "said"),
    [("purchase", "Purchase"), ("PAGEVIEW", "PageView"), ("Purchase", None), ("MyPurchase", None), ("lead", "Lead")],
)
def test_a_standard_event_in_another_case_is_another_event(event: str, said: str | None) -> None:
    image = f'<img alt="" src="https://www.facebook.com/tr?id=434566956589050&amp;ev={event}">'
    handler = f"<a onclick=\"fbq('trackSingle', '434566956589050', '{event}')\">"
    wanted = [f"the event {event!r} is not the standard event {said}"] if said else []
    for text in (f"<script>fbq('trackSingle', '434566956589050', '{event}')</script>", image, handler):
        found = lint.find(snippets.parse(text))
        assert [one.message for one in found if one.code == "event-unknown"] == wanted


@pytest.mark.parametrize(
    ("currency", "said"),
    [("usd", "write USD"), ("XYZ", "give a code of ISO 4217, such as USD"), ("", "give a code"), ("BTN", None)],
)
def test_a_currency_is_a_code_that_is_there(currency: str, said: str | None) -> None:
    found = lint.find(snippets.parse(RIGHT.replace("USD", currency)))
    told = [one.message for one in found if one.code == "currency-unknown"]
    assert [message.partition("; ")[2].startswith(said) for message in told] == [True] if said else told == []
    dynamic = lint.find(snippets.parse(RIGHT.replace("'USD'", "order.currency")))
    assert "currency-unknown" not in {one.code for one in dynamic}


@pytest.mark.parametrize("pixel_id", ["YOUR_PIXEL_ID", "000000", "<your id>"])
def test_what_stands_where_an_id_should_is_told_once(pixel_id: str) -> None:
    code = RIGHT.replace("434566956589050", pixel_id.replace("<", "&lt;"), 1).replace("&lt;", "<")
    for text in (code, code.partition("fbq('track'")[0] + "</script>"):
        [found] = [one for one in lint.find(snippets.parse(text)) if one.code == "id-invalid"]
        assert found.message == f"{pixel_id!r} is not a pixel id, so nothing is counted"
    for told in ("{{ pixel }}", "<?= $id ?>"):
        assert "id-invalid" not in codes(RIGHT.replace("434566956589050", told))


def test_a_noscript_behind_the_bodys_tag_is_held_to_the_script_at_the_end_of_the_head() -> None:
    script, _, noscript = RIGHT.partition("</script>")
    noscript = noscript.replace("434566956589050", "6009125095680")
    page = f"<!doctype html>\n<html>\n<head>\n{script}</script>\n</head>\n<body class='>'>\n{noscript}\n</body></html>"
    assert "id-mismatch" in codes(page.replace(" class='>'", " class=shop"))


def test_a_pixel_that_is_there_twice_is_told_with_its_event() -> None:
    [found] = [one for one in lint.find(snippets.parse(RIGHT + RIGHT)) if one.code == "duplicate-pixel"]
    assert found.message == "pixel 434566956589050 is here twice with 'Purchase'"


NOBODY = "<script>fbq('track', 'Lead')</script>"
HELD = RIGHT.partition("<noscript>")[0].replace("<script>", "<script type=text/plain data-category=ads>fbevents.js;")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", NOBODY),
        ("page.html", "<button onclick=\"fbq('track', 'Lead')\">x</button>"),
        ("page.html", HELD + NOBODY),
        ("part.vue", f"<template><p>x</p></template>{NOBODY}"),
        ("code.js", "fbq('track', 'Lead');"),
        ("code.ts", "(window as any).fbq('track', 'Lead');"),
    ],
)
def test_an_event_of_no_pixel_that_is_named_here_is_told_wherever_it_stands(name: str, text: str) -> None:
    [number] = [one.snippet for one in find_in_source(name, text) if one.code == "unknown-pixels"]
    assert number is not None
    read = snippets.read_file(name, text)[number]
    assert (read.event, read.pixel_id) == ("Lead", "")
    named = text.replace("fbq('track'", "fbq('trackSingle', '1'")
    assert not any("pixel is named" in one.message for one in find_in_source(name, named))


def test_a_pixels_name_in_front_of_the_base_code_is_not_run() -> None:
    base = CODES["fbq"].partition("<noscript>")[0]
    page = f"<!doctype html><html><head><script>fbq('init', '1')</script>\n{base}</head></html>"
    found = [(one.code, one.line, one.column) for one in lint.find(snippets.parse(page))]
    assert found == [("not-run", 1, 36)]
    for call in ("fbq('init')", "fbq('consent', 'revoke')"):
        found = [(one.code, one.column) for one in lint.find(snippets.parse(page.replace("fbq('init', '1')", call)))]
        assert found == [("not-run", 36)]
    later = f"addEventListener('click', () => {call})"
    assert lint.find(snippets.parse(page.replace("fbq('init', '1')", later))) == []


@pytest.mark.parametrize("value", ["-5", "null", "void 0"])
def test_a_constant_that_is_no_amount_is_one_by_name_too(value: str) -> None:
    code = f"<script>const v = {value}; fbq('trackSingle', '1', 'Purchase', {{value: v, currency: 'USD'}})</script>"
    assert [one.code for one in lint.find(snippets.parse(code))] == ["unknown-pixels", "value-invalid"]
    let = code.replace("const v", "let v").replace("; fbq", "; v = total(); fbq")
    assert "value-invalid" not in {one.code for one in lint.find(snippets.parse(let))}
