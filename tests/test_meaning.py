"""What code does, apart from how it is written: what counts as the same, what does not; and reformatted regions."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit.html import find_elements
from snippetkit.inject import find_code
from snippetkit.inject.meaning import lines_of, meaning
from snippetkit.javascript import parse, tokens
from snippetkit.model import Loaded
from snippetkit.terms import Part, Placement
from tests.conftest import PIXEL_ID
from tests.pages import COMBINE, KEY, insertion_of, make_insertion, make_options, put, take_out, why_refused
from tests.pixels import CODES

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
INSERTION = make_insertion()
DONE = put(PAGE, INSERTION)


def _of_script(script: str) -> bytes:
    return meaning(f"<script>{script}</script>".encode())


SAME = [
    ("a = 1; b = 2;", "a=1\nb=2"),
    ("a = 1; b = 2;", "a=1,b=2"),
    ("a = 'x'", 'a = "x"'),
    ("a = 'x'", "a = `x`"),
    ("a = 'it\\'s'", 'a = "it\'s"'),
    ("a = '\\x41\\u0042\\n'", 'a = "AB\\n"'),
    ("a = '\\0'", 'a = "\\0"'),
    ("f({'a': 1, b: b,})", "f({a: 1, b})"),
    ("f([1, 2,])", "f([1, 2])"),
    ("f(1,)", "f(1)"),
    ("a = ((b))", "a = b"),
    ("a['b'] = 1", "a.b = 1"),
    ("a = 30.00; b = .5; c = 1e3; d = 0.0", "a = 30; b = 0.50; c = 1000; d = 0"),
    ("a = !0; b = !1", "a = true; b = false"),
    ("a = new B", "a = new B()"),
    ("f(x => x)", "f((x) => x)"),
    ("/* why */ a // here", "a"),
    ("//<![CDATA[\na\n//]]>", "a"),
    ("<!--\na\n//-->", "a"),
    ("var a = 1; var b", "var a = 1, b"),
    ("var a = {}; a.b = 'x'; a.c = 1;", "var a = {b: 'x', c: 1};"),
    ("if (a) b()", "if (a) { b(); }"),
    ("if (a) b()", "a && b()"),
    ("if (!a) b()", "a || b()"),
    ("if (!!a) b()", "if (a) b()"),
    ("if (a) { if (b) c() }", "a && b && c()"),
    ("if (!a) b(); else c()", "a ? c() : b()"),
    ("a || (a = b)", "a ||= b"),
    ("for (i = 0; i < 1; i++) a()", "for (i = 0; i < 1; i++) { a(); }"),
    ("(function () { a() })()", "!function () { a() }()"),
    ("(function () { a() })()", "void function () { a() }()"),
    ("(function (a) { if (a.b) return; c(a); d() })(e)", "!function (t) { t.b || (c(t), d()) }(e)"),
    ("(function (a) { var b = a.c; b.d = 1 })(e)", "(function (x) { var y = x.c; y.d = 1 })(e)"),
    ("(function () { var a; a = b(); a.c = 1 })()", "(function () { var a; (a = b()).c = 1 })()"),
    ("(function (a, b) { a.c = b })(w, 'x')", "(function (a, b) { a.c = 'x' })(w)"),
    ("(function () { for (var a in b) c(a) })()", "(function () { for (var t in b) c(t) })()"),
    ("(function (a = 1, ...b) { c(a, b) })()", "(function (t = 1, ...n) { c(t, n) })()"),
    ("(function a() { a() })()", "(function t() { t() })()"),
    ("(function () { function a(b) { b() } a({b}) })()", "(function () { function t(n) { n() } t({b}) })()"),
    ("a = /b/g", "a=/b/g;"),
    ("try { a() } catch (b) { c(b) }", "try{a()}catch(b){c(b);}"),
    ("(function ({a}, [b]) { c(a, b) })()", "(function ({a: a}, [b]) { c(a, b); })()"),
    ("f(`a ${b}`)", "f( `a ${ b }` )"),
]
OTHER = [
    ("a = 1", "a = 2"),
    ("a = '1'", "a = 1"),
    ("a = 1", "a = 1, a()"),
    ("a = b - (c - d)", "a = b - c - d"),
    ("a = '\\x41'", "a = '\\\\x41'"),
    ("a = '\\0'", "a = '\\\\0'"),
    ("a = `\\0`", "a = '\\0'"),
    ("a = 010", "a = 10"),
    ("a = 1n", "a = 1"),
    ("f([1, , 2])", "f([1, 2])"),
    ("f([1, , ])", "f([1, ])"),
    ("f((a, b))", "f(a, b)"),
    ("(a?.b).c", "a?.b.c"),
    ("new (a())()", "new a()()"),
    ("'use strict'; a", "('use strict'); a"),
    ("'a'", "`a`"),
    ("f('a')", "f`a`"),
    ("var a", "let a"),
    ("if (a); b()", "if (a) b()"),
    ("for (; ; ) { a() }", "for (; a(); ) {}"),
    ("function f() { return\n(a) }", "function f() { return (a) }"),
    ("function f() { return // b\n(a) }", "function f() { return (a) }"),
    ("a = 1; (function () {})()", "a = 1\n(function () {})()"),
    ("a\n++b", "a++; b"),
    ("a // b", "a // {{ b }}"),
    ("a /* x */", "a /* <?php b() ?> */"),
    ("a = {__proto__}", "a = {__proto__: __proto__, b}"),
    ("var a = {}; a.b = c();", "var a = {b: c};"),
    ("var a = {b: 1}; a.b = 2;", "var a = {b: 1, c: 2};"),
    ("var a = {...b}; a.c = 2;", "var a = {c: 2, ...b};"),
    ("(a = b).c = 1", "a = b; a.c = 1"),
    ("a().b ||= c", "a().b || (a().b = c)"),
    ("(function (a) { f(b) })(c)", "(function (b) { f(b) })(c)"),
    ("(function (a, b) { f(a) })(c)", "(function (b, a) { f(a) })(c)"),
    ("function f(a) { eval('a') }", "function f(b) { eval('a') }"),
    ("function f(a) { with (c) a() }", "function f(b) { with (c) b() }"),
    ("(function (a) { if (a) return 1; b() })(c)", "(function (a) { a || b() })(c)"),
    ("(function (a) { if (a) return; function b() {} })(c)", "(function (a) { if (!a) { function b() {} } })(c)"),
    ("(function (a) { a = 2; f(a) })(1)", "(function (a) { a = 2; f(1) })()"),
    ("(function (a) { a++; f(a) })(1)", "(function (a) { a++; f(1) })()"),
    ("(function (a) { f(a, arguments) })(1)", "(function (a) { f(1, arguments) })()"),
    ("a {", "a { "),
    ("!function () {}()", "function () {}()"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_scripts_that_do_the_same(one: str, other: str) -> None:
    assert _of_script(one) == _of_script(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_scripts_that_do_not_or_may_not_do_the_same(one: str, other: str) -> None:
    assert _of_script(one) != _of_script(other)


IMAGE = (
    b'<noscript><img height="1" alt="" style="display:none" src="https://a.example/tr?a[b]=1&amp;c=d%20e"></noscript>'
)


@pytest.mark.parametrize(
    "other",
    [
        IMAGE.replace(b"<noscript>", b"\n <NOSCRIPT >\n").replace(b"></noscript", b" />\n</noscript"),
        IMAGE.replace(b'height="1" alt=""', b"alt HEIGHT = '1'"),
        IMAGE.replace(b'"display:none"', b'" display : none ; "'),
        IMAGE.replace(b"&amp;", b"&").replace(b"a[b]", b"a%5Bb%5D").replace(b"%20", b"+"),
        IMAGE.replace(b"https", b"\nht&#116;p&#x73;").replace(b"c=d", b"c\n=d"),
    ],
)
def test_images_that_do_the_same(other: bytes) -> None:
    assert meaning(other) == meaning(IMAGE)


@pytest.mark.parametrize(
    "other",
    [
        IMAGE.replace(b'height="1"', b'height="2"'),
        IMAGE.replace(b'height="1"', b'height="1" onload="a()"'),
        IMAGE.replace(b"display", b"visibility"),
        IMAGE.replace(b"=1", b"=2"),
        IMAGE.replace(b"a[b]=1&amp;c=d", b"c=d&amp;a[b]=1"),
        IMAGE.replace(b"https:", b""),
        IMAGE.replace(b"&amp;", b"&amp;amp;"),
        IMAGE.replace(b"%20", b"{{ a + b }}"),
        IMAGE.replace(b"//a", b"//[a"),
        IMAGE.replace(b"<noscript>", b"<noscript><b>x</b>"),
        IMAGE.replace(b"<noscript>", b"<noscript>please"),
        IMAGE.replace(b"<noscript>", b"<noscript><!-- mine -->"),
        IMAGE.replace(b"</noscript>", b""),
        IMAGE + b"</head><body class='x'>",
    ],
)
def test_images_that_do_not_do_the_same(other: bytes) -> None:
    assert meaning(other) != meaning(IMAGE)


def test_server_code_in_a_url_is_compared_as_it_stands() -> None:
    url = IMAGE.replace(b"%20", b"{{ a + b }}")
    assert meaning(url) == meaning(url.replace(b"<noscript>", b"<noscript>\n"))
    assert meaning(url) != meaning(url.replace(b"a + b", b"a   b"))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ('<script type="text/javascript">a()</script>', "<script >a();</script>", True),
        ('<script async="" nonce="x">a()</script>', "<script nonce=x async=async>a()</script>", True),
        ("<script type=module>a()</script>", "<script type='module'>a();</script>", True),
        ("<script>a()</script>", "<script type=module>a()</script>", False),
        ("<script type='text/plain'>a()</script>", "<script type='text/plain'>a();</script>", False),
        ("<script nonce='x'>a()</script>", "<script nonce='y'>a()</script>", False),
        ("<script>a()", "<script>a();", False),
        ("<script>a() &lt; 1</script>", "<script>a() < 1</script>", False),
    ],
)
def test_script_elements(one: str, other: str, is_same: bool) -> None:
    assert (meaning(one.encode()) == meaning(other.encode())) is is_same


@pytest.mark.parametrize(
    "code",
    [
        b"<script>a(</script>",
        b"<script>" + b"[" * 3000 + b"]" * 3000 + b"</script>",
        b"<script>" + b"if(a)" * 300 + b"b()</script>",
        b"<script>" + b"if(a&&a&&a&&a&&a)" * 90 + b"b()</script>",
        b"<script>!function(){" + b"if(a)return;" * 5000 + b"b()}()</script>",
        b"<script>" + b"!function(){" * 300 + b"}()" * 300 + b"</script>",
        b"<script>" + b"a();" * 50_000 + b"</script>",
        b"<script>'\xe9'</script>",
        b"<p title='",
    ],
    ids=[
        "no JavaScript",
        "nested arrays",
        "nested ifs",
        "conditions",
        "returns",
        "nested functions",
        "too long",
        "not UTF-8",
        "no markup",
    ],
)
def test_what_cannot_be_told_is_its_lines(code: bytes) -> None:
    assert meaning(code) == lines_of(code)


@pytest.mark.parametrize(
    "script", ["var a={};" + "a.b=1;" * 20_000, "var a={};" + "".join(f"a.b{n}=1;" for n in range(9000))]
)
def test_many_members_take_no_long_time(script: str) -> None:
    started = time.perf_counter()
    _of_script(script)
    assert time.perf_counter() - started < 30


_OTHER_TOKENS = {"string": "'zz'", "identifier": "zz", "property_identifier": "zz", "number": "7", "true": "false"}


def _mutations(script: str) -> Iterator[str]:
    """A script with each of its tokens changed or left out; a `;` or a `,` may be left out."""
    data = script.encode()
    for node, _ in tokens(parse(script)):
        if node.type in {";", ",", "(", ")"} or (node.child_count and node.type != "string"):
            continue
        for new in {_OTHER_TOKENS.get(node.type, ""), ""}:
            yield (data[: node.start_byte] + new.encode() + data[node.end_byte :]).decode()


@pytest.mark.wide
@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("template", [None, "clean", "idle"])
def test_each_token_of_our_code_counts(name: str, template: str | None) -> None:
    code = insertion_of(CODES[name], template).parts[Part.SCRIPT]
    [element] = find_elements(code)
    script = code[element.inner_start : element.inner_end].decode()
    whole = _of_script(script)
    assert whole != lines_of(code)
    for mutation in _mutations(script):
        assert _of_script(mutation) != whole, mutation


_BREAKS = re.compile(rb"(?<=[;{}(),])\s*")


@given(st.sampled_from([*CODES]), st.lists(st.sampled_from([b"", b" ", b"\n", b"\r\n\t", b"\n\n    "]), min_size=1))
def test_white_space_in_a_script_is_no_change(name: str, spaces: list[bytes]) -> None:
    insertion = insertion_of(CODES[name])
    done = put(PAGE, insertion)
    start, end = done.index(b">", done.index(b"<script")) + 1, done.index(b"</script>")
    pieces = _BREAKS.split(done[start:end])
    new = b"".join(piece + spaces[number % len(spaces)] for number, piece in enumerate(pieces))
    formatted = done[:start] + new + done[end:]
    assert put(formatted, insertion) == formatted
    assert take_out(formatted) == PAGE
    assert {carried.state for carried in find_code(Loaded(formatted)).carried} <= {"reformatted", "head-bottom"}


ONE_LINE = re.sub(rb"\n\s*", b"", DONE.replace(b"var fb_param", b"  var fb_param"))
TIGHT = DONE.replace(b"'19.99'", b'"19.99"')


def test_a_reformatted_region_is_told_up_to_date_updated_in_place_and_taken_out() -> None:
    [carried] = find_code(Loaded(TIGHT)).carried
    assert (carried.state, carried.is_edited, carried.placement) == ("reformatted", False, Placement.HEAD_BOTTOM)
    assert put(TIGHT, INSERTION) == TIGHT
    assert put(TIGHT, make_insertion("5.00")) == put(PAGE, make_insertion("5.00"))
    assert take_out(TIGHT) == PAGE
    assert put(TIGHT, INSERTION, make_options(Placement.BODY_BOTTOM)) == put(
        PAGE, INSERTION, make_options(Placement.BODY_BOTTOM)
    )


def test_a_page_on_one_line_keeps_its_neighbours() -> None:
    assert put(ONE_LINE, INSERTION) == ONE_LINE
    assert take_out(ONE_LINE) == re.sub(rb"\n\s*", b"", PAGE)
    updated = put(ONE_LINE, make_insertion("5.00"))
    assert (updated.count(b"19.99"), updated.count(b"5.00")) == (0, 2)
    assert take_out(updated) == re.sub(rb"\n\s*", b"", PAGE)


def test_what_a_reformatted_region_does_not_do_any_more_is_edited() -> None:
    edited = TIGHT.replace(b'"19.99"', b'"1.00"')
    assert "was edited by hand" in why_refused(edited, INSERTION)
    [carried] = find_code(Loaded(edited)).carried
    assert (carried.state, carried.is_reformatted) == ("edited", False)


WRAPPED = re.sub(rb"(?<=[a-z0-9]) (?=script|noscript|head-|body-|sha256|fp:|-->)", b"\n    ", DONE)


def test_a_marker_that_was_wrapped_is_a_marker() -> None:
    assert WRAPPED.count(b"\n") > DONE.count(b"\n") + 8
    assert put(WRAPPED, INSERTION) == WRAPPED
    assert take_out(WRAPPED) == PAGE
    assert put(WRAPPED, make_insertion("5.00")) == put(PAGE, make_insertion("5.00"))


def test_a_part_that_is_not_wanted_goes_though_its_marker_was_wrapped() -> None:
    alone = insertion_of(CODES["fp"], "consent")
    only_noscript = WRAPPED.index(b"<body>")
    page = put(PAGE, alone)
    mixed = page[: page.index(b"<body>")] + WRAPPED[only_noscript:]
    assert put(mixed, alone) == page


def test_the_nonce_of_a_reformatted_script_stays_when_a_pixel_joins_or_goes() -> None:
    other = make_insertion(pixel_id="6009125095681")
    first = insertion_of(CODES["fp"], "nonce", nonce="Zr0pQ1aB")
    done = put(PAGE, first).replace(b'nonce="Zr0pQ1aB"', b"nonce=Zr0pQ1aB")
    both = put(done, other, make_options(combine=COMBINE))
    assert b'<script nonce="Zr0pQ1aB">' in both
    assert b"fp:6009125095680+6009125095681" in both
    minified = both.replace(b'nonce="Zr0pQ1aB"', b"nonce='Zr0pQ1aB'")
    assert b'<script nonce="Zr0pQ1aB">' in take_out(minified, pixel_ids=[PIXEL_ID])
    assert KEY.encode() not in take_out(minified, pixel_ids=[PIXEL_ID])
