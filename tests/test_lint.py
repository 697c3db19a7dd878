"""Every code has its case, right code has none, and code from outside may do no more than conversion code does."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.pixels import EVERY_CODE as CODES

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


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(text))]


def test_right_code_has_no_finding_on_a_page_and_beside_other_scripts() -> None:
    assert codes(RIGHT) == codes(PAGE) == codes("") == codes("<p>fbq</p>") == []


FP_TWICE = JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, "6009125095681")
CASES_BY_CODE = {
    "value-mismatch": RIGHT.replace("]=30", "]=3000"),
    "value-invalid": RIGHT.replace("30.00", "'30,00'").replace("]=30", "]=30,00"),
    "id-mismatch": RIGHT.replace("?id=434566956589050", "?id=6009125095680"),
    "currency-missing": RIGHT.replace(", currency: 'USD'", "").replace("&cd[currency]=USD", ""),
    "currency-mismatch": RIGHT.replace("]=USD", "]=EUR"),
    "noscript-parameters": RIGHT.replace("cd[value]=30&cd[currency]=USD", "cd=30&cd=USD"),
    "entity-in-script": RIGHT.replace("fbq('track'", "var url = 'a&amp;b';\nfbq('track'"),
    "noscript-in-head": f"<!doctype html>\n<html><head><title>x</title>\n{RIGHT}</head><body></body>",
    "img-alt-missing": RIGHT.replace('alt="" ', ""),
    "insecure-url": RIGHT.replace("https://www", "http://www"),
    "duplicate-pixel": RIGHT + RIGHT,
    "dynamic-value": RIGHT.replace("30.00", "order.total"),
    "script-error": RIGHT.replace("</script>", "}</script>"),
    "unclosed-element": RIGHT.partition("</script>")[0],
    "foreign-host": RIGHT.replace("</noscript>", '<img alt="" src="//example.com/x.gif"></noscript>'),
    "unexpected-script": f"{RIGHT}<script>document.title = 1</script>",
    "retired-endpoint": JS_PIXEL,
    "fb-param-clobber": FP_TWICE,
}
ALSO = {
    "entity-in-script": {"unexpected-script"},
    "value-invalid": set(),
    "dynamic-value": {"unexpected-script"},
    "script-error": {"unexpected-script"},
    "fb-param-clobber": {"retired-endpoint"},
}


@pytest.mark.parametrize("code", lint.CODES)
def test_each_code_has_its_case_and_nothing_else_is_said(code: str) -> None:
    found = codes(CASES_BY_CODE[code])
    assert code in found
    assert set(found) - {code} <= ALSO.get(code, set())


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
    ],
)
def test_what_is_right_or_cannot_be_known_is_no_mismatch(text: str) -> None:
    assert set(codes(text)) <= {"dynamic-value"}


def untrusted(text: str, *allowed: str) -> list[str]:
    return [finding.code for finding in lint.find_untrusted(snippets.parse(text), frozenset(allowed))]


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_the_vendors_own_code_may_go_onto_a_page(code: str) -> None:
    assert untrusted(code) == []
    assert untrusted(code.replace("'", '"').replace("\n", "\r\n")) == []


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
    ],
)
def test_a_script_that_does_more_is_unexpected(statement: str) -> None:
    for code in (JS_PIXEL, FBDS, RIGHT):
        for text in (
            code.replace("</script>", f"{statement};</script>"),
            code.replace("<script", f"<p>{statement}</p><script"),
        ):
            assert (untrusted(text) == ["unexpected-script"]) is ("<p>" not in text)
    assert codes(PAGE.replace("fbq('init'", f"{statement};\nfbq('init'")) in ([], ["script-error"])


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
        ("<script>", "<script src='https://example.com/x.js'>", ["foreign-host", "unexpected-script"]),
        ("<script>", "<script onload=x>", ["unexpected-script"]),
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


@pytest.mark.parametrize(
    "value",
    ["<?php echo $x; ?>", "<?= $order->total ?>", "<%= @order.total %>", "{{ order.total | x }}", "{$a.b}", "{{x}}"],
)
def test_server_code_that_tells_a_value_is_trusted(value: str) -> None:
    assert untrusted(FBDS.replace("19.99", value)) == untrusted(FBDS.replace("'19.99'", value)) == []


def test_a_host_may_be_allowed_and_then_its_script_too_but_no_other() -> None:
    text = FBDS.replace("<script>", "<script src='https://cdn.example.com/x.js'></script><script>", 1)
    assert untrusted(text, "cdn.example.com") == []
    assert set(untrusted(text, "example.com")) == {"foreign-host", "unexpected-script"}
    inline = f"{text}<script>alert('https://cdn.example.com')</script>"
    assert untrusted(inline, "cdn.example.com") == ["unexpected-script"]


def test_code_made_to_be_slow_is_answered() -> None:
    deep = "(function (a) { " * 2_000 + "a;" * 5_000 + "})" * 2_000
    for script in (
        deep,
        "a" + "=a" * 20_000,
        "(" * 20_000,
        "'" * 20_000,
        "fbq(" * 10_000,
        "_fbq.push([" * 5_000,
        "_fbq.push(" + "[" * 9_000 + "'1'," * 9_000,
        "(function () {" * 9_000,
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
