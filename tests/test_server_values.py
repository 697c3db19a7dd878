"""Server code in conversion code: on pages its values are dynamic; in code from outside it is refused, or asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from snippetkit import csp, lint, server_code, snippets
from snippetkit.errors import SnippetError
from tests.conftest import JS_PIXEL, Run, sample
from tests.pixels import CODES, META_ID, PURCHASE
from tests.reading import find_in_source, read_js_pixel
from tests.server_tags import ALWAYS, VALUES

EVERY_VALUE = sorted({value for values in VALUES.values() for value in values})
EVERY_TAG = sorted({tag for tags in ALWAYS.values() for tag in tags})
CODE = {**CODES, "purchase": PURCHASE}
# Where a tag may stand in the code of each dialect: what is replaced there, and by what.
TOLD = {
    "fp": [("'19.99'", "'{}'"), ("'19.99'", "{}"), ("value=19.99", "value={}"), ("currency=USD", "currency={}")],
    "fbds": [("'19.99'", "'{}'"), ("'19.99'", "{}"), ("'USD'}", "'USD', 'content_name': '{}'}"), ("]=USD", "]={}")],
    "fbq": [("'434566956589050'", "'{}'"), ("?id=434566956589050", "?id={}")],
    "purchase": [("30.00,", "{},"), ("30.00,", "'{}',"), ("'USD'}", "'USD', content_ids: ['{}']}"), ("]=USD", "]={}")],
}  # fmt: skip
ANYWHERE = [
    ("</script>", "/* {} */</script>"), ("</script>", "// {}\n</script>"), ("</script>", "{}</script>"),
    ("</script>", "{};\n</script>"), ("<script", "<script class='{}'"), ("<script", "<script id={}"),
    ("<script", "<script {}"), ("<img ", "<img alt='{}' "), ("<img ", "<img style='{}' "), ("<img ", "<img {} "),
    ("</noscript>", "{}</noscript>"), ("<noscript>", "<noscript>{}"), ("<noscript>", "<noscript {}>"),
    ("connect.facebook.net", "{}"), ("en_US", "{}"), ("www.facebook.com", "{}"), ("'script'", "'{}'"),
    ("script>\n", "script>\nvar x = '{}';"), ("script>\n", "script>\nfbq['{}'];"), ("]=19.99", "]=19.99&{}=1"),
    ("'value'", "'{}'"), ("value:", "'{}':"), ("value:", "{}:"), ("fb_param.value", "fb_param['{}']"),
]  # fmt: skip


def untrusted(text: str, *languages: str) -> list[lint.Finding]:
    return lint.find_untrusted(snippets.parse(text), languages=frozenset(languages))


def _with(name: str, place: tuple[str, str], tag: str) -> str:
    old, new = place
    return CODE[name].replace(old, new.replace("{}", tag), 1)


@pytest.mark.wide
@pytest.mark.parametrize("value", EVERY_VALUE)
@pytest.mark.parametrize("name", CODE)
def test_a_value_that_a_server_makes_is_dynamic_and_no_mistake(name: str, value: str) -> None:
    said = {finding.code for finding in lint.find(snippets.parse(CODE[name]))}
    for old, new in TOLD[name]:
        text = _with(name, (old, new), value)
        found = {finding.code for finding in lint.find(snippets.parse(f"<!doctype html><head>{text}"))}
        is_value = old in {"'19.99'", "30.00,"}
        assert found - said - {"noscript-in-head"} == ({"dynamic-value"} if is_value else set())
        [snippet, *_] = snippets.read(text)
        assert not is_value or (snippet.dynamic and value in str(snippet.value))


@pytest.mark.parametrize(
    "value",
    [
        "{{ $order->total }}",
        "{{ $order?->total() }}",
        "{{ $orders['last']->total }}",
        "{!! $order->total > 0 ? $order->total : 1 !!}",
        "{{ number_format($order->cents / 100, 2, '.', '') }}",
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        "fbq('init', '434566956589050'); fbq('track', 'Purchase', {value: VALUE, currency: 'EUR'});",
        "gtag('event', 'conversion', {send_to: 'AW-123456789/AbC', value: VALUE, currency: 'EUR'});",
        "ttq.load('C4ABCDE0C77U00000123'); ttq.track('CompletePayment', {value: VALUE, currency: 'EUR'});",
    ],
)
def test_the_arrow_of_php_does_not_end_what_the_server_writes(code: str, value: str) -> None:
    text = f"<script>{code.replace('VALUE', value)}</script>"
    [snippet] = snippets.read(text)
    assert (str(snippet.value), snippet.currency, snippet.dynamic) == (value, "EUR", True)
    found = {finding.code: finding.message for finding in lint.find(snippets.parse(text))}
    assert "dynamic-value" in found
    assert "is not part of" not in found.get("unexpected-script", "")


@pytest.mark.parametrize("text", ["<!-- {{ -->CODE }}", "<p title={{>CODE }}</p>", "<!-- {!! -->CODE !!}"])
def test_an_arrow_that_ends_a_comment_hides_no_code(text: str) -> None:
    code = "<script>fbq('init', '434566956589050'); fbq('track', 'Lead');</script>"
    assert [one.event for one in snippets.read(text.replace("CODE", f"text {code}"))] == ["Lead"]


@pytest.mark.parametrize("value", EVERY_VALUE)
def test_the_hash_of_a_script_that_a_server_fills_in_is_not_told(value: str) -> None:
    quoted = PURCHASE.replace("30.00,", f"'{value}',", 1)
    bare = PURCHASE.replace("30.00,", f"{value},", 1)
    for text in (quoted, bare):
        is_ordinary = value == "$x" or (value == "@total" and text is quoted)
        assert bool(csp.additions(text.encode()).unknown) is not is_ordinary


@pytest.mark.wide
@pytest.mark.parametrize("language", ALWAYS)
def test_what_a_server_would_run_is_refused_wherever_it_stands(language: str) -> None:
    places = [
        (name, place, tag)
        for number, tag in enumerate(ALWAYS[language])
        for name in (CODE if number == 0 else ["purchase"])
        for place in (*TOLD[name], *ANYWHERE)
        if place[0] in CODE[name]
    ]
    for name, place, tag in sample(places):
        document = snippets.parse(_with(name, place, tag))
        _assert_refused(document, tag, frozenset())
        if not server_code.is_plain_value(tag.encode()):
            _assert_refused(document, tag, frozenset({language}))


def _assert_refused(document: snippets.Document, tag: str, languages: frozenset[str]) -> None:
    """Either something is found, or none of the code that would be placed holds the tag."""
    found = lint.find_untrusted(document, languages=languages)
    placed = [snippet for snippet in snippets.read_document(document) if tag.strip() in snippet.source]
    assert found or not placed


@pytest.mark.wide
@pytest.mark.parametrize("value", EVERY_VALUE)
def test_a_plain_value_is_taken_where_the_user_names_its_language_and_nowhere_else(value: str) -> None:
    languages = {name for name in server_code.with_values() if _is_plain(value, name)}
    assert languages
    for name in CODE:
        for place in TOLD[name]:
            text = _with(name, place, value)
            is_script = value == "$x" and place[1] in {"{}", "{},"}
            assert bool(untrusted(text)) is not is_script
            assert all(languages == {*finding.languages} for finding in untrusted(text))
            assert untrusted(text, min(languages)) == []
    for place in (place for place in ANYWHERE if place[0] in PURCHASE and (value, place[1]) != ("$x", "{}:")):
        _assert_refused(snippets.parse(_with("purchase", place, value)), value, frozenset(languages))


def _is_plain(value: str, language: str) -> bool:
    return server_code.is_plain_value(value.encode(), [server_code.language(language)])


@pytest.mark.parametrize("language", VALUES)
def test_the_plain_values_of_each_language_are_its_own(language: str) -> None:
    for value in VALUES[language]:
        [finding] = untrusted(PURCHASE.replace("30.00,", f"'{value}',", 1))
        assert (language in finding.languages) is (language in server_code.with_values())


@pytest.mark.parametrize(
    "text",
    [
        *CODE.values(),
        PURCHASE.replace("'USD'}", "'USD', contents: [{id: 'a', quantity: 1}], content_name: 'me@example.com'}"),
        PURCHASE.replace("'USD'}", "'USD', content_name: '50% off #1 for $19.99 (a & b) [new] | 5 < 6 ? yes : no!'}"),
        PURCHASE.replace("'USD'}", "'USD', url: 'https://example.com/a?b=c&d=%20#top'}"),
        PURCHASE.replace("'USD'}", "'USD', items: [{a: {b: 1}}]}"),
        PURCHASE.replace("'USD'}", "'USD',items:[{a:{b:1}}]}"),
        PURCHASE.replace("<script>\n", "<script>\n// 50 % of #5: me@example.com, $5 {x: 1 }\n/* a: b; don't */\n"),
        PURCHASE.replace("'USD'}", '"USD", "content_type": "product"}'),
        PURCHASE.replace("'USD'}", "'USD', a: [[1,2],[3,4]], b: ['a'][[0]], c: [['d', 'e(f)'], [null]], g: [[[]]]}"),
        PURCHASE.replace("'USD'}", "'USD', a: '[[1,2],[3,4]]', b: '[[\"c\", 1]]'}"),
        PURCHASE.replace("</script>", "_fbq.push([['track', 'a', {b: c}]]);f([[1, c], [d]])</script>"),
        CODES["fbq"].replace(" ? ", "\n    ? ").replace(" : n.queue", "\n    : n.queue"),
        re.sub(r"\s*([{};,=()!?:|&])\s*", r"\1", CODES["fbds"].partition("<script>")[2].join(["<script>", ""])),
    ],
)
def test_ordinary_code_is_not_taken_for_server_code(text: str) -> None:
    messages = [finding.message for finding in untrusted(text)]
    assert [message for message in messages if "server" in message] == []


@pytest.mark.parametrize("text", ["${", "#{", "[%", "*|", "$!{", "a@b.c", "`", "{{", "{%"])
def test_a_mark_that_does_not_end_hides_no_code_of_a_page(text: str) -> None:
    code = PURCHASE.replace("'USD'}", f"'USD', content_name: '{text}'}}")
    [snippet] = snippets.read(code)
    assert (snippet.value, snippet.currency, snippet.dynamic) == ("30.00", "USD", False)


_BODIES = st.sampled_from(
    [
        "x",
        "f()",
        "x.y",
        "a < b",
        "a > b",
        "x|y",
        "'}}'",
        '"%>"',
        "$x",
        "@x",
        "system('id')",
        "`id`",
        "",
        " ",
        "x;y",
        "\n",
    ]
)
_PAIRS = [
    ("{{", "}}"), ("{{{", "}}}"), ("{%", "%}"), ("{#", "#}"), ("{{!--", "--}}"), ("{{--", "--}}"), ("{!!", "!!}"),
    ("{$", "}"), ("{*", "*}"), ("<?php ", "?>"), ("<?=", "?>"), ("<? ", "?>"), ("<%", "%>"), ("<%=", "%>"),
    ("<%--", "--%>"), ("<%!", "%>"), ("<%#", "%>"), ("<%-", "-%>"), ("<:", ":>"), ("[%", "%]"), ("[[${", "}]]"),
    ("[(${", "})]"), ("[[*{", "}]]"), ("<#if ", ">"), ("<@x ", "/>"), ("${", "}"), ("$!{", "}"), ("#{", "}"),
    ("*{", "}"), ("!{", "}"), ("#set(", ")"), ("#x(", ")"), ("#*", "*#"), ("#[[", "]]#"), ("@(", ")"), ("@{", "}"),
    ("@*", "*@"), ("@if(", ")"), ("@php ", "@endphp"), ("@Html.Raw(", ")"), ("<!--#exec ", "-->"),
    ("<TMPL_VAR ", ">"), ("*|", "|*"), ("\n% ", "\n"), ("\n## ", "\n"), ("$x.y(", ")"), ("<%text>", "</%text>"),
    ("[[=", "]]"), ("[[", "]]"), ("{/literal}", "{literal}"), ("<script language=php>", "</script>"),
]  # fmt: skip


def _put_in(code: str, tag: str, at: int) -> str:
    """The code with a tag in it; Razor takes a sign behind a letter for that of an e-mail address, and runs nothing."""
    is_address = tag.startswith("@") and code[at - 1 : at].isalnum()
    return code[:at] + " " * is_address + tag + code[at:]


def _draw_tag(data: st.DataObject) -> str:
    """A tag of any language; `!{}` is none, it is JavaScript for false."""
    opening, closing = data.draw(st.sampled_from(_PAIRS))
    body = data.draw(_BODIES)
    assume(opening != "!{" or body.strip())
    return opening + body + closing


@pytest.mark.parametrize("tag", ["$x.y(x)", "$x", "@Html.Raw(x)"])
@pytest.mark.parametrize("name", sorted(CODE))
def test_server_code_behind_a_number_is_found_in_what_would_be_placed(name: str, tag: str) -> None:
    code = CODE[name]
    for at in [match.end() for match in re.finditer(r"[0-9]\.?", code)]:
        _assert_refused(snippets.parse(_put_in(code, tag, at)), tag, frozenset())


@given(st.sampled_from(sorted(CODE)), st.data())
def test_no_server_code_is_ever_accepted_without_the_option(name: str, data: st.DataObject) -> None:
    tag = _draw_tag(data)
    document = snippets.parse(_put_in(CODE[name], tag, data.draw(st.integers(0, len(CODE[name])))))
    _assert_refused(document, tag, frozenset())


@given(st.sampled_from(sorted(CODE)), st.data())
def test_with_the_option_only_the_plain_values_of_that_language_are_accepted(name: str, data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(server_code.with_values())))
    tag = _draw_tag(data)
    document = snippets.parse(_put_in(CODE[name], tag, data.draw(st.integers(0, len(CODE[name])))))
    if not _is_plain(tag, language):
        _assert_refused(document, tag, frozenset({language}))


@pytest.mark.wide
@pytest.mark.parametrize("tag", [*EVERY_TAG, *EVERY_VALUE])
def test_what_the_api_answers_never_brings_server_code(tag: str) -> None:
    for old, new in (("Thank you", "{} off"), *TOLD["fp"], *ANYWHERE):
        try:
            snippet = read_js_pixel(_with("fp", (old, new), tag))
        except SnippetError:
            continue
        assert old not in JS_PIXEL or tag.strip() not in snippet.source


def test_a_pixel_may_be_named_after_the_beginning_of_server_code() -> None:
    for name in ("100 <% off", "<?php", "{{ x", "{% if %}", "a ${x} @b #set($x)"):
        assert read_js_pixel(JS_PIXEL.replace("Thank you", name)).source == CODE["fp"].partition("\n")[2].strip()


LOGIC = {
    "smarty": "{if $v == ''}fbq('track', 'Lead');{/if}",
    "smarty's comment": "{* it's *}fbq('track', 'Lead');",
    "smarty's literal": "{literal}fbq('track', 'Lead');{/literal}",
    "smarty's loop": "{foreach $a as $b}fbq('track', 'Lead');{/foreach}",
    "velocity": "#if($a)fbq('track', 'Lead');#end",
    "razor": "@if(a){ fbq('track', 'Lead'); }",
}


@pytest.mark.parametrize("name", LOGIC)
def test_a_script_that_a_server_runs_first_is_not_called_broken(name: str) -> None:
    text = f"<script>fbq('init', '434566956589050'); {LOGIC[name]}</script>"
    assert [(one.pixel_id, one.event, one.state) for one in snippets.read(text)] == [
        ("434566956589050", "Lead", "live")
    ]
    assert "script-error" not in [finding.code for finding in find_in_source("x.tpl", text)]


def test_a_broken_script_beside_such_a_one_is_dead_all_the_same() -> None:
    text = f"<script>{LOGIC['smarty']}</script><script>fbq('track', 'Contact' {{</script>"
    assert [(one.event, one.state) for one in snippets.read(text)] == [("Lead", "live"), ("Contact", "dead")]


@pytest.mark.parametrize(
    ("language", "name", "value", "title", "refusal"),
    [
        *[(one, "t.html", "{{ total }}", "{{ title }}", "") for one in ("jinja", "twig", "liquid", "nunjucks")],
        *[("jinja", name, "{{ total }}", "{{ title }}", "") for name in ("t.j2", "t.html.j2", "t.html.twig")],
        *[("php", name, "<?php echo $total; ?>", "<?= $title ?>", "") for name in ("t.html", "t.php")],
        ("php", "t.php", "<?= $total ?>", "<?php echo $title; ?>", ""),
        ("jinja", "t.html", "{{ total }}", "{{ .Title }}", "this looks like go"),
    ],
)
def test_a_value_goes_onto_a_page_of_the_language_that_is_named_for_it(
    run: Run, language: str, name: str, value: str, title: str, refusal: str
) -> None:
    before = f"<!doctype html>\n<html>\n<head>\n<title>{title}</title>\n</head>\n<body>\n</body>\n</html>\n"
    Path(name).write_text(before)
    Path("code.html").write_text(CODES["fbds"].replace("'19.99'", value).replace("=19.99", f"={value}"))
    ran = run("inject", name, "--from-file", "code.html", "--server-values", language)
    assert (ran.code, refusal in ran.out + ran.err) == (6 if refusal else 0, True)
    assert (value in Path(name).read_text()) is not bool(refusal)
    assert run("remove", name).code == 0
    assert Path(name).read_text() == before


COMMENTS = [
    ("x.liquid", "{% comment %}CODE{% endcomment %}"),
    ("x.html", "{%- comment -%}CODE{%- endcomment -%}"),
    ("x.html", "<!-- {% comment %} -->CODE<!-- {% endcomment %} -->"),
    ("x.twig", "{# CODE #}"),
    ("x.html", "{# CODE #}"),
    ("x.blade.php", "{{-- CODE --}}"),
    ("x.html", "{{-- CODE --}}"),
    ("x.hbs", "{{!-- CODE --}}"),
    ("x.html", "{{!-- CODE --}}"),
    ("x.mustache", "{{! CODE }}"),
    ("x.gohtml", "{{/* CODE */}}"),
    ("x.tpl", "{* CODE *}"),
    ("x.cshtml", "@* CODE *@"),
    ("x.jsp", "<%-- CODE --%>"),
    ("x.ftl", "<#-- CODE -->"),
    ("x.vm", "#* CODE *#"),
    ("x.mako", "<%doc>CODE</%doc>"),
    ("x.tt", "[%# CODE %]"),
    ("x.php", "<?php /* ?>CODE<?php */ ?>"),
    ("x.php", "<?php $a = 'it'; // don't\n/* a */ /* ?>CODE<?php */ $b = \"?\"; ?>"),
    ("x.html", "<?php /* ?>CODE<?php */ ?>"),
]


@pytest.mark.parametrize(("name", "comment"), COMMENTS)
def test_code_in_a_comment_of_a_template_is_not_read(name: str, comment: str) -> None:
    code = f"<script>fbq('init', '{META_ID}');fbq('track', 'Lead');</script>"
    in_comment = comment.replace("CODE", "<script>fbq('track', 'Donate');</script>")
    assert [one.event for one in snippets.read_file(name, code + in_comment) if one.event] == ["Lead"]
    assert [one.event for one in snippets.read_file(name, in_comment + code) if one.event] == ["Lead"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.html", "<script>/** @param {*} a */</script>CODE<script>/** @param {*} a */</script>"),
        ("x.html", "@* CODE *@"),
        ("x.svelte", "{#if a}CODE{/if}"),
        ("x.html", "{# CODE"),
        ("x.php", "<?php // it is /* ?>CODE<?php /* */ ?>"),
        ("x.php", "<?php $a = '/*'; ?>CODE<?php $b = '*/'; ?>"),
        ("x.php", "<?php $a = <<<A\nit's /*\nA; ?>CODE<?php /* */ ?>"),
        ("x.twig", "{% verbatim %}{#{% endverbatim %}CODE{% verbatim %}#}{% endverbatim %}"),
    ],
)
def test_what_only_looks_like_such_a_comment_hides_nothing(name: str, text: str) -> None:
    code = f"<script>fbq('init', '{META_ID}');fbq('track', 'Lead');</script>"
    assert [one.event for one in snippets.read_file(name, text.replace("CODE", code)) if one.event] == ["Lead"]
