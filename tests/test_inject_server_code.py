"""Pages that a server makes: each place is right, or wrapped, or refused with its line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import inject, server_code
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from tests.conftest import CASES, Run
from tests.pages import COMBINE, insertion_of, make_insertion, make_options, put, take_out, why_refused
from tests.pixels import CODES

CODE = ("--from-file", str(CASES / "code" / "fp.html"))
_HEAD = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n%b\n</head>\n<body>\n<p>x</p>\n%b</body>\n</html>\n"
_STUB = (
    "<script>!function(f,b){if(f.fbq)return;n=f.fbq=function(){n.queue.push(arguments)};n.queue=[]}(window,document);"
    "fbq('init','434566956589050');fbq('track','Purchase',{value:19.99,currency:'USD'});</script>\n"
)
FP, STUB = make_insertion(), insertion_of(_STUB)
SERVED = make_options(server_code=True, combine=COMBINE)
PART = make_options(fragments=True, combine=COMBINE)
SERVED_PART = make_options(fragments=True, server_code=True, combine=COMBINE)


def _page(head: str, body: str = "") -> bytes:
    return _HEAD % (head.encode(), body.encode())


def _comes_back(page: bytes, insertion: Insertion, options: PlanOptions) -> bytes:
    """The page with the code; taken out again, the page is as it was."""
    done = put(page, insertion, options)
    assert take_out(done, server_code=options.server_code, fragments=options.fragments) == page
    return done


# Kinds 2, 3, 4, 5 and 8: a comment, a directive or an include in the head.
IN_HEAD = (
    "{# a comment #}",
    "{$analytics}",
    "{if $x}<meta name=a>{/if}",
    "{* don't {$move} </head> *}",
    "[% INCLUDE head %]",
    "<#include 'head.ftl'>",
    "<#if x><meta name=a></#if>",
    "${head}",
    "@include('head')",
    "@stack('head')",
    "*|MC:SUBJECT|*",
    "#if($x)\n<meta name=a>\n#end",
    "#if $x\n<meta name=a>\n#end if",
    "% if x:\n<meta name=a>\n% endif",
    "% if (x) {\n<meta name=a>\n% }",
    "<TMPL_IF x><meta name=a></TMPL_IF>",
    "%sveltekit.head%",
    "<py:if test='x'><meta name=a></py:if>",
    "<tal:if condition='x'><meta name=a></tal:if>",
    "<c:if test='${a > 1}'><meta name=a></c:if>",
    "<%= head %>",
    "<!--#include virtual='head.html' -->",
    "<!--#if expr='$x' --><meta name=a><!--#endif -->",
    "{{!-- {{> analytics}} </head> --}}",
    "{{/* {{ .X }} don't </head> */}}",
    "{{-- {{ $old }} </head> --}}",
    "{{! don't move }}",
    "{% # don't %}",
    "{% comment %}</head>{% endcomment %}",
    "{% if x %}<meta name=a>{% endif %}",
    "{{#if x}}<meta name=a>{{/if}}",
    "{{ if .X }}<meta name=a>{{ end }}",
    "<?php if ($x): ?><meta name=a><?php endif ?>",
    "<% if x %><meta name=a><% end %>",
)


@pytest.mark.parametrize("head", IN_HEAD)
def test_server_code_in_the_head_is_passed_over_when_asked_and_refused_when_not(head: str) -> None:
    page = _page(head)
    for insertion in (FP, STUB):
        assert "--server-code accepts such pages" in why_refused(page, insertion)
        done = _comes_back(page, insertion, SERVED)
        assert done.index(b"snippetkit:begin") > done.index(head.encode()) + len(head)
        assert done.index(b"<script") < done.index(b"\n</head>\n<body>")


# The sure sign of kind 5: what no table knows.
@pytest.mark.parametrize("head", ["{unknown tag}", "%% a", "~~head~~", "\N{SECTION SIGN}x"])
@pytest.mark.parametrize("options", [make_options(combine=COMBINE), SERVED, PART, SERVED_PART])
def test_text_in_front_of_the_end_of_the_head_is_never_taken_for_the_body(head: str, options: PlanOptions) -> None:
    for insertion in (FP, insertion_of(CODES["fbds"])):
        reason = why_refused(_page(head), insertion, options)
        assert reason.startswith("line 5, column 1: this would end the head, but </head stands in line 6")


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html>\n<title>x</title>\n~x\n<body class=a>\n<p>x</p>",
        b"~x\n<!doctype html><html><head></head><body></body></html>",
        b"~x\n<HTML><p>x</p>",
        b"~x\n<head><title>x</title></head><p>x</p>",
        b"<p>x</p>\n<!-- a --><script>'<!--'</script>\n</head>\n<body>",
        b"<p>x</p><!-- a\n</head>\n<body>",
    ],
)
def test_a_tag_of_the_page_behind_an_implied_body_is_refused_whatever_is_asked_for(page: bytes) -> None:
    for options in (make_options(combine=COMBINE), PART):
        assert "this would end the head, but <" in why_refused(page, FP, options)


@pytest.mark.parametrize(
    "rest", [b"<!-- </head><body> -->", b"<script>'</head><body>'</script>", b"<textarea></head></textarea>", b""]
)
def test_a_tag_of_the_page_in_a_comment_or_in_a_text_does_not_count(rest: bytes) -> None:
    page = b"<!doctype html>\n<title>x</title>\n<p>x</p>\n" + rest + b"\n"
    done = _comes_back(page, FP, make_options(combine=COMBINE))
    both = put(done, make_insertion(pixel_id="6009125095681"), make_options(combine=COMBINE))
    assert take_out(both) == page


# Kind 1.
ENCLOSING = (
    "{% if x %}|{% endif %}",
    "{% capture x %}|{% endcapture %}",
    "{% set x %}|{% endset %}",
    "{% raw %}|{% endraw %}",
    "{{^x}}|{{/x}}",
    "{{#if x}}|{{/if}}",
    "{{ with .X }}|{{ end }}",
    "<% if x %>|<% end %>",
    "<% x.each do |y| %>@<% end %>",
    "<%= form_with(model: x) do |f| %>@<% end %>",
    "<%- if x -%>|<%- end -%>",
    "<% if (x) { %>|<% } %>",
    "<% If x Then %>|<% End If %>",
    "<% /* %>|<% */ %>",
    "<?php if ($x): ?>|<?php endif ?>",
    "<?php if ($x) { ?>|<?php } ?>",
    "<?php foreach ($x as $y): ?>|<?php endforeach; ?>",
    "<?php for ($x = f(g(0)); $x < 3; $x++): $y = 1; ?>|<?php endfor ?>",
    "<?php $x = array_map(function ($y) { ?>|<?php }, [1]) ?>",
    "<?php ob_start(); ?>|<?php $x = ob_get_clean(); ?>",
    "{% asyncEach x in y %}|{% endeach %}",
    "{% ifAsync x %}|{% endif %}",
    "{if $x}|{/if}",
    "<#if x>|</#if>",
    "#if($x)\n|\n#end",
    "@if(x)\n|\n@endif",
    "[% IF x %]|[% END %]",
    "<TMPL_IF x>|</TMPL_IF>",
    "<c:if test='x'>|</c:if>",
    "<!--#if expr='x' -->|<!--#endif -->",
    "{% if x %}|",
    "|{% endif %}",
)


@pytest.mark.parametrize("code", ENCLOSING)
def test_code_is_never_put_between_two_pieces_of_server_code_that_belong_together(code: str) -> None:
    before, after = code.split("@" if "@<" in code else "|")
    whole = f"{before}\n<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n{after}"
    end = f"<html>\n<head>\n{before}\n</head>\n{after}\n<body>\n</body>\n</html>\n"
    for page in (whole, end):
        reason = why_refused(page.encode(), FP, SERVED)
        assert "server code encloses the place" in reason
    for placement in (Placement.BODY_TOP, Placement.BODY_BOTTOM):
        body = f"<html><head></head>\n<body>{before}<p>x</p></body>{after}</html>"
        options = make_options(placement, server_code=True)
        if placement is Placement.BODY_BOTTOM:
            assert "server code encloses the place" in why_refused(body.encode(), FP, options)


@pytest.mark.parametrize(
    "code",
    [
        "<?php while (f(g(1)) > 2) : $x--; ?><meta><?php endwhile; ?>",
        "<?php for ($x = 0; $x < 3; $x++): ?><meta><?php endfor; ?>",
        "<?php $x = array_map(function ($y) { return f($y); }, [1]) ?>",
        "<?php ob_start(); f(); $x = ob_get_clean(); ob_start() ?>",
        "{% asyncEach x in y %}<meta>{% endeach %}",
        "{% asyncAll x in y %}<meta>{% endall %}",
        '{{{{raw}}}}<meta content="{{x}}">{{{{/raw}}}}',
        '{% raw %}<meta content="{{x}}">{% endraw %}',
        "<%= form_with(model: @x) do |f| %><meta><% end %>",
        '<%= link_to "/" do %><meta><% end %>',
    ],
)
def test_a_block_that_has_ended_encloses_nothing_behind_it(code: str) -> None:
    for page in (_page(code), _page("", code)):
        assert b"<script" in _comes_back(page, FP, SERVED)


@pytest.mark.parametrize("code", ["{% comment %}|{% endcomment %}", "@if (Model.X) {\n|\n}", "{*|*}", "<%--|--%>"])
def test_code_is_never_put_into_a_comment_or_between_braces(code: str) -> None:
    before, after = code.split("|")
    for page in (
        f"{before}\n<html>\n<head>\n</head>\n<body>\n</body>\n</html>\n{after}",
        f"<html>\n<head>\n{before}\n</head>\n<body>\n{after}\n<p>x</p></html>\n",
    ):
        assert why_refused(page.encode(), FP, SERVED)


@pytest.mark.parametrize(
    "around",
    [
        "<script>{% if not q %}</script>|<script>{% endif %}</script>",
        "<script>{# </script>|<script>#}</script>",
        "<style><% if (!q) { %></style>|<style><% } %></style>",
        "<script>var a = 1; {# x</script>|<!-- #} -->",
        "<script>\n% if not q:\n</script>|<script>\n% endif\n</script>",
        "<script>/* {{#if q}} */</script>|<script>/* {{/if}} */</script>",
        "<!-- {{ if .Q }} -->|<!-- {{ end }} -->",
        "<!-- TMPL_IF q -->|<!-- /TMPL_IF -->",
        "<title>{if $q}</title>|<!-- {/if} -->",
        "<style>/* {literal} */</style>|<style>/* {/literal} */</style>",
        "<script>@if(q)\n</script>|<script>@endif\n</script>",
        "<script>#if($q)\n</script>|<script>#end\n</script>",
        "<script>{{!-- </script>|<script>--}}</script>",
        "<script>[% IF q %]</script>|<script>[% END %]</script>",
        "<script>{% raw %}</script>|<script>{% endraw %}</script>",
        "<script><? if ($q): ?></script>|<script><? endif ?></script>",
    ],
)
def test_server_code_in_scripts_styles_and_comments_never_encloses_the_code(around: str) -> None:
    before, after = around.split("|")
    for page in (
        _page(before).replace(b"<body>", after.encode() + b"<body>"),
        _page(before, after).replace(b"<body>", b"<body class=a>"),
    ):
        assert "server code encloses the place" in why_refused(page, FP, make_options(combine=COMBINE))


def test_server_code_that_ends_behind_the_first_bytes_of_a_page_encloses_the_code_too(run: Run) -> None:
    page = _page("<script>{% if q %}</script>", "<p>x</p>\n" * 100_000 + "<script>{% endif %}</script>")
    Path("a.html").write_bytes(page)
    assert run("inject", "a.html", *CODE).code == 6
    assert Path("a.html").read_bytes() == page


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<script>t('{{#if a}}x{{/if}}')</script>", "<script>t('{{#if a}}x{{/if}}')</script>"),
        ("<script>_.template('<% if (a) { %>x<% } %>')</script>", "<script>'<% if (b) { %>y<% } %>'</script>"),
        ("<script>s({tags: ['{{', '}}'], block: ['{%', '%}']})</script>", "<p>{{ a }} {/if}</p>"),
        ("<script>_.templateSettings = {evaluate: /<%([\\s\\S]+?)%>/g}</script>", "<script>'<% } %>'</script>"),
        ("<script>t('{% if a %}')</script>", "<p>x</p>"),
        ("<script>t('{{#a}}')</script>", "<script>t('{{/b}}')</script>"),
        ("<style>a{width:100%}\n@media print{b{color:#ifa}}</style>", "<code>{% endif %} {{/if}} @endif #end</code>"),
        ("<script>class A {*[Symbol.iterator]() {}}\n/** @if (a) */</script>", "<script>/* a {b} */</script>"),
        ("<script>s = '\\n#if defined(A)\\n#else\\n#endif'\nx = a\n  % b</script>", "<script>x = a\n  % b</script>"),
        ("<style>a{display: block}\nb{c\n: block}</style>", "<p>: }</p>"),
    ],
)
def test_what_scripts_and_styles_have_of_their_own_encloses_nothing(head: str, body: str) -> None:
    _comes_back(_page(head, body), FP, make_options(combine=COMBINE))


def test_the_end_of_the_body_in_a_block_is_refused_without_the_option_too() -> None:
    page = b"<html><head></head><body><p>x</p>\n{% if x %}</body>{% endif %}</html>"
    assert "server code encloses" in why_refused(page, FP, make_options(Placement.BODY_BOTTOM))


@pytest.mark.parametrize("tag", ["<head tal:condition='x'>", "<head py:if='x'>", "<head th:replace='x'>"])
def test_a_tag_that_a_server_decides_about_is_refused(tag: str) -> None:
    reason = why_refused(_page("").replace(b"<head>", tag.encode()), FP, SERVED)
    assert reason.endswith("makes a server decide what becomes of this element")


@pytest.mark.parametrize("include", ["<?php include 'top.php' ?>", "{{> top}}", "<!--#include file='top' -->"])
def test_a_body_that_an_include_may_bring_is_not_brought_again(include: str) -> None:
    page = f"<!doctype html><html><head><title>x</title></head>\n{include}\n<p>x</p></html>".encode()
    assert "no <body> tag, and server code that may write one" in why_refused(page, FP, SERVED)


def test_a_quote_that_may_hide_an_end_and_other_marks_are_refused() -> None:
    assert "a quote may hide the end" in why_refused(_page('{{ a " }} <meta> {{ b " }}'), FP, SERVED)
    assert "has other marks" in why_refused(_page("{{=<< >>=}}"), FP, SERVED)


# Kind 6.
SMARTY = _page("", "{if $on}<p>{$name}</p>{/if}\n")


@pytest.mark.parametrize("placement", [*Placement])
def test_code_that_smarty_would_read_stands_in_a_literal_block_inside_its_region(placement: Placement) -> None:
    options, unasked = (
        make_options(placement, server_code=True, combine=COMBINE),
        make_options(placement, combine=COMBINE),
    )
    assert "looks like smarty, which would read the script; --server-code wraps it" in why_refused(
        SMARTY, STUB, unasked
    )
    done = _comes_back(SMARTY, STUB, options)
    assert inject.plan(Loaded(done), STUB, unasked) == []
    inner = done[done.index(b" -->") + 4 : done.index(b"<!-- snippetkit:end")].strip()
    assert inner.startswith(b"{literal}<script>")
    assert inner.endswith(b"</script>{/literal}")
    plain = put(_page(""), STUB, options)
    kept = done.replace(b"{literal}", b"").replace(b"{/literal}", b"")
    assert inject.find_code(Loaded(done)).carried[-1].value == "19.99"
    assert kept.count(b"<script>") == plain.count(b"<script>")


@pytest.mark.parametrize(
    "sign",
    [
        "{ldelim}",
        "{cycle values='a,b'}",
        "{append var='a' value=1}",
        "{counter start=1}",
        "{mailto address='a@example.com'}",
        "{textformat}x{/textformat}",
        "{html_select_date}",
        "{'x'|upper}",
        '{"x"|truncate:3}',
    ],
)
def test_one_sign_of_smarty_in_the_markup_is_enough(sign: str) -> None:
    page = _page("", f"<p>{sign}</p>")
    assert "this looks like smarty" in why_refused(page, STUB)
    assert b"{literal}<script>" in _comes_back(page, STUB, SERVED)


# Expressions and calls of plugins: there are any.
@pytest.mark.parametrize(
    "sign",
    [
        "{$a->b()}", "{$x + 1}", "{$x*2}", "{$x == 5}", "{$x++}", "{$x=5}", "{-$x}", "{!$x}", "{($x) ? 1 : 2}",
        "{time()}", "{1+2}", '{"$x"}', "{[1,2]|@count}", "{#cfg#}", '{call name="m"}', "{Foo::bar()}", "{l s='Home'}",
        "{hook h='x'}", "{s name='x'}Home{/s}", "{url entity='index'}", "{$smarty.get.x}",
    ],
)  # fmt: skip
def test_what_may_be_a_tag_of_smarty_is_never_passed_over(sign: str) -> None:
    page = _page("", f"<p>{sign}</p>")
    assert "this looks like smarty" in why_refused(page, STUB)
    assert b"{literal}<script>" in _comes_back(page, STUB, SERVED)
    assert b"{literal}" not in put(_page("", f"<p>{sign}{{{{ x }}}}{{% if a %}}{{% endif %}}</p>"), FP)


@pytest.mark.parametrize(
    "text",
    ["a {b} c", "{counter}", "{cycle} {math}", "{x | y}", "{html_a}", '{{"x"|upper}}', '{"a":"b"}', "{ $x }", "{a: 1}"],
)
def test_a_word_in_braces_is_no_sign_of_smarty(text: str) -> None:
    assert b"{literal}" not in put(_page("", f"<p>{text}</p>"), STUB)


def test_code_that_smarty_does_not_read_is_not_wrapped_and_neither_is_any_on_another_page() -> None:
    assert b"{literal}" not in put(SMARTY, FP, SERVED)
    assert b"{literal}" not in put(_page("<script>if(a){b({$el});}function(){$a.b()}</script>"), FP)
    assert b"{literal}" not in put(_page("<style>a{color:red}</style>", "<%= x %>"), STUB, SERVED)


def test_a_value_and_a_nonce_that_smarty_writes_stay_outside_of_the_literal_block() -> None:
    served = insertion_of(_STUB.replace("19.99", "{$total}"))
    done = _comes_back(SMARTY, served, SERVED)
    assert b"value:{/literal}{$total}{literal}," in done
    assert [carried.is_dynamic for carried in inject.find_code(Loaded(done)).carried] == [True]


def test_a_script_that_alone_looks_like_smarty_is_refused_with_its_line() -> None:
    reason = why_refused(_page("<script>var total = '{$total}'</script>"), STUB)
    assert reason == "line 5, column 22: this looks like smarty, which would read the script as its own"


def test_a_region_that_somebody_wrapped_stays_in_its_wrapper() -> None:
    done = put(SMARTY, STUB, SERVED)
    start, end = done.index(b"<!-- snippetkit:begin"), done.index(b" script -->") + len(b" script -->")
    plain = put(_page(""), STUB, SERVED)
    region = plain[plain.index(b"<!-- snippetkit:begin") : plain.index(b" script -->") + len(b" script -->")]
    wrapped = done[:start] + b"{literal}\n  " + region + b"\n  {/literal}" + done[end:]
    other = insertion_of(_STUB.replace("19.99", "5.00"))
    updated = put(wrapped, other, SERVED)
    assert updated == wrapped.replace(b"19.99", b"5.00").replace(_checksum(wrapped), _checksum(updated))


def _checksum(page: bytes) -> bytes:
    at = page.index(b"sha256=")
    return page[at : at + 23]


@pytest.mark.parametrize(
    ("body", "code", "wrapper"),
    [
        ("{% load a %}{{ b }}", "{{a:1}}", (b"{% verbatim %}", b"{% endverbatim %}")),
        ("{% macro a() %}{% endmacro %}", "{{a:1}}", (b"{% raw %}", b"{% endraw %}")),
        ("<#if a></#if>", "f(`${a()}`)", (b"<#noparse>", b"</#noparse>")),
        ("#if($a)\n#end", "f(`${a()}`)", (b"#[[", b"]]#")),
        ("<%block name='a'></%block>", "f(`${a()}`)", (b"<%text>", b"</%text>")),
    ],
)
def test_code_that_another_language_would_read_is_wrapped_in_what_that_has(
    body: str, code: str, wrapper: tuple[bytes, bytes]
) -> None:
    insertion = insertion_of(_STUB.replace("n.queue=[]", f"n.queue=[];if(0){code}"), "snippet")
    done = _comes_back(_page("", body), insertion, SERVED)
    assert wrapper[0] + b"<script>" in done
    assert b"</script>" + wrapper[1] in done


def test_code_that_a_language_would_read_and_cannot_pass_on_is_refused() -> None:
    insertion = insertion_of(_STUB.replace("n.queue=[]", "n.queue=[];{{a:1}}"), "snippet")
    assert "this looks like handlebars" in why_refused(_page("", "{{#if a}}{{/if}}"), insertion, SERVED)
    assert "looks like dot" in why_refused(_page("", "{{=it.a}}"), FP, SERVED)
    assert "--server-code wraps it" in why_refused(_page("", "{% load a %}"), insertion)
    assert " or " in why_refused(_page("", "{% if a %}{{ b }}{% endif %}"), insertion, SERVED)


# Kind 7.
@pytest.mark.parametrize("mark", ["---", "+++"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_front_matter_stays_first(mark: str, newline: str) -> None:
    matter = f"{mark}{newline}title: x{newline}{mark}{newline}".encode()
    for page, options in ((matter + _page(""), SERVED), (matter + b"<p>x</p>\n", SERVED_PART)):
        assert _comes_back(page, FP, options).startswith(matter)
        assert "--server-code accepts such pages" in why_refused(page, FP, make_options(fragments=options.fragments))


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("{% extends 'a' %}\n{% block b %}x{% endblock %}\n<p>x</p>", "a jinja template that fills in another one"),
        ("@extends('a')\n<p>x</p>", "a blade template that fills in another one"),
        ("<%inherit file='a'/>\n<p>x</p>", "a mako template that fills in another one"),
        ('{{ define "title" }}<p>x</p>{{ end }}', "a go template that fills in another one"),
        ("<template>\n<p v-if='a'>x</p></template>", "a component of vue, which drops scripts"),
        ("<p *ngIf='a'>x</p>", "a component of angular"),
        ("{#if a}<p>x</p>{/if}", "a component of svelte"),
        ("doctype html\nhtml\n  head", "no markup, so this is not part of a page"),
    ],
)
def test_what_is_no_part_of_a_page_that_keeps_scripts_is_refused(part: str, reason: str) -> None:
    assert reason in why_refused(part.encode(), FP, SERVED_PART)


# Kind 9.
def test_a_nonce_that_a_server_writes_reaches_the_page_as_it_is(run: Run) -> None:
    page = _page("<?php $a ?>")
    Path("a.php").write_bytes(page)
    for nonce in ("<?= $nonce ?>", "<%= nonce() %>"):
        assert run("inject", "a.php", *CODE, "--nonce", nonce, "--server-code").code == 0
        assert f'<script nonce="{nonce}">'.encode() in Path("a.php").read_bytes()
        assert run("inject", "a.php", *CODE, "--nonce", nonce, "--server-code").err.endswith("1 unchanged\n")
        assert run("remove", "a.php").code == 0
        assert Path("a.php").read_bytes() == page
    for nonce, options in (
        ("<?= $a ?>", ()),
        ('<?= $a["b"] ?>', ("--server-code",)),
        ("a<?= $b ?>", ("--server-code",)),
    ):
        ran = run("inject", "a.php", *CODE, "--nonce", nonce, *options)
        assert (ran.code, Path("a.php").read_bytes()) == (2, page)
        assert "A --nonce that a server writes is one piece of its code" in ran.err


# Kind 10.
def test_a_number_of_an_entity_is_no_pixel_and_no_value_but_a_quote() -> None:
    page = b"<script>fb_param = {}; fb_param.pixel_id = &#39;6009125095680&#39;; fb_param.value = &#39;1&#39;;</script>"
    assert [(code.pixel_id, code.value, code.state) for code in inject.find_code(Loaded(page)).carried] == [
        ("6009125095680", "1", "dead")
    ]


@pytest.mark.parametrize("language", [one for one in server_code.LANGUAGES if one.literal], ids=lambda one: one.name)
def test_what_each_literal_block_wraps_is_one_block_to_the_language_and_is_unwrapped_again(
    language: server_code.Language,
) -> None:
    code = b"<script>f({a:1})</script>"
    wrapped = server_code.wrap(code, language)
    assert wrapped
    [span] = server_code.find_spans(b"<p>\n" + wrapped + b"\n</p>", [language])
    assert span.mark.kind is server_code.PieceKind.LITERAL
    assert server_code.unwrap(wrapped).strip() == code
    assert server_code.wrap(wrapped, language) is None
    assert server_code.unwrap(code) == code


NAMED = b"<html><head><title>x</title></head><body>{counter}</body></html>\n"


def test_the_name_of_a_file_tells_the_language_where_nothing_on_the_page_does() -> None:
    assert "this looks like smarty, which would read the script; --server-code wraps it" in why_refused(
        NAMED, STUB, make_options(combine=COMBINE).for_file("shop/index.tpl")
    )
    wrapped = put(NAMED, STUB, SERVED.for_file("shop/index.tpl"))
    assert b"{literal}" in wrapped
    assert take_out(wrapped) == NAMED
    assert "this looks like smarty" in why_refused(NAMED, STUB, make_options(combine=COMBINE).for_file("a.tpl.html"))
    assert "this looks like latte" in why_refused(NAMED, STUB, SERVED.for_file("a.latte"))
    for path in ("shop/index.html", "index.tpl/x.html", "tpl", ""):
        assert b"{literal}" not in put(NAMED, STUB, SERVED.for_file(path))


@pytest.mark.parametrize("body", [b"% if x:\n<p>{{x}}</p>\n% end\n", b"{% if x %}{{ x }}{% endif %}"])
def test_code_of_another_language_counts_for_more_than_the_name_of_its_file(body: bytes) -> None:
    page = b"<html><head><title>x</title></head><body>\n" + body + b"</body></html>\n"
    assert b"{literal}" not in put(page, STUB, SERVED.for_file("index.tpl"))


def test_inject_asks_the_name_of_each_file(run: Run, tmp_path: Path) -> None:
    code = tmp_path / "code.txt"
    code.write_text(CODES["fbds"])
    for name in ("a.tpl", "a.html"):
        (tmp_path / name).write_bytes(NAMED)
    ran = run("inject", "--from-file", str(code), str(tmp_path / "a.tpl"), str(tmp_path / "a.html"))
    assert (ran.code, ran.err.count("this looks like smarty"), ran.err.count("inserted: ")) == (6, 1, 1)
    assert (tmp_path / "a.tpl").read_bytes() == NAMED
