"""The table of template languages: what each reads is found whole, and a value is told from code that may do more."""

from __future__ import annotations

import time

import pytest

from snippetkit import server_code
from snippetkit.errors import SnippetError
from snippetkit.server_code import LANGUAGES, PieceKind
from snippetkit.server_code.outside import _beginnings

# What a file of each language holds; each is one piece of server code from its beginning to its end.
CODE = {
    "jinja": (
        "{{ a }}",
        "{% if a %}",
        "{# a }} b #}",
        "{% raw %}{{ a }}{% endraw %}",
        "{{ '}}' }}",
        "{%- set a = 1 -%}",
    ),
    "django": (
        "{% comment 'a' %} don't {% endcomment %}",
        "{% verbatim a %}{{ b }}{% endverbatim a %}",
        "{% load a %}",
    ),
    "twig": ("{{ a|raw }}", "{% embed 'a' %}", "{% verbatim %}{% if %}{% endverbatim %}"),
    "nunjucks": ("{% asyncEach a in b %}", "{{ a | safe }}"),
    "liquid": ("{% # don't %}", "{%- assign a = 1 -%}", "{% comment %}{{ a }}{% endcomment %}", "{{ a | money }}"),
    "tornado": ("{% comment don't %}", "{% module A() %}", "{% raw a %}", "{# don't #}"),
    "handlebars": ("{{!-- {{> a}} --}}", "{{! don't }}", "{{#if a}}", "{{{a}}}", "{{{{raw}}}} {{a}} {{{{/raw}}}}"),
    "mustache": ("{{=<% %>=}}", "{{^a}}", "{{/a}}", "{{> a}}"),
    "go": ("{{/* {{ .A }} */}}", "{{- /* don't */ -}}", "{{ .A }}", '{{ define "a" }}'),
    "blade": ("{{-- {{ $a }} --}}", "{!! $a !!}", "@if(f($a, 'b'))", "@stack('a')", "@verbatim {{ a }} @endverbatim"),
    "edge": ("{{-- a }} --}}", "@each(a in b)", "@end", "@!component('a')"),
    "squirrelly": ("{{@if(it.a)}}", "{{it.a}}"),
    "dot": ("{{=it.a}}", "{{? it.a }}", "{{~ it.a :b }}"),
    "yatl": ("{{=a}}", "{{pass}}"),
    "art": ("{{if a}}", "<% if (a) { %>"),
    "vue": ("{{ a }}",),
    "angular": ("{{ a }}",),
    "svelte": ("{#if a}", "{:else}", "{/if}", "{@html a}", "<svelte:head>"),
    "sveltekit": ("%sveltekit.head%",),
    "latte": ("{link Home:default}", "{plink this}", "{control menu}", "{var $x = 1}", "{varType int $x}"),
    "smarty": (
        "{* a {b} *}",
        "{$a}",
        "{$a nofilter}",
        "{$a->b('c', $d)->e()}",
        "{if $a}",
        "{/if}",
        "{include file='a'}",
        "{literal}{a}{/literal}",
    ),
    "php": ("<?php echo '?>'; ?>", "<?= $a ?>", "<? a(); // don't ?>", "<?php /* ?> */ a() ?>"),
    "erb": ("<%= a %>", "<%# don't %>", "<% if a -%>", "<%- a %>"),
    "ejs": ("<% if (a) { %>", "<%- a %>"),
    "eta": ("<%~ it.a %>",),
    "underscore": ("<%- a %>",),
    "lodash": ("<%= a %>", "${ a }"),
    "jsp": ("<%-- <%= a %> --%>", "${a.b}", '<c:if test="${a > 1}">', "</c:if>", "<%@ page a %>", "#{a}"),
    "jsf": ("#{a.b}", "<h:head>", "<ui:define name='>'>"),
    "asp": ("<!--#include file='a' -->", "<% If a Then %>"),
    "mako": ("% if a:", "${a | h}", "<%doc> a </%doc>", "<%text>${a}</%text>", "<%def name='a()'>", "</%def>"),
    "mason": ("<& /a, b => 1 &>", "% if (a) {", "</%perl>"),
    "mojolicious": ("% layout 'a';", "%= a", "% }", "<%== a %>"),
    "bottle": ("% if a:", "% end", "% include('a')", "{{!a}}"),
    "chameleon": ("<tal:if condition='a'>", "${a}"),
    "genshi": ("<py:if test='a'>", "</py:if>", "${a}", "<xi:include href='a'/>"),
    "kajiki": ("<py:else>", "${a}"),
    "genshi-text": ("{% if a %}", "${a}"),
    "thymeleaf": ("[[${a}]]", "[(${a})]", "<th:block>"),
    "cheetah": ("#if $a", "#end if", "#raw $a #end raw", "$!{a}", "$!a", "#include 'a'", "#for $a in $b"),
    "webpy": ("$def with (a)", "$if a:", "${a}"),
    "velocity": ("#if($a && (b))", "#end", "#* a *#", "#[[ $a ]]#", "$!{a}", "$!a.b", "#parse('a')", "#{else}"),
    "freemarker": ("<#if a>", "</#if>", "<#if (a > 1)>", "<@b c='>'/>", "<#-- <#if> -->", "<#noparse>${a}</#noparse>"),
    "tt2": ("[% IF a %]", "[%# don't %]", "[%- a | html -%]"),
    "xslate": ("<: $a :>", ": if $a {", ": }"),
    "html-template": ("<TMPL_IF NAME=a>", "</TMPL_IF>", "<!-- TMPL_VAR a -->", "<tmpl_var name='>'>"),
    "ssi": ("<!--#if expr='a' -->", "<!--#endif -->", "<!--#include virtual='a'-->"),
    "razor": ("@* don't *@", "@Model.A", "@RenderBody()", "@if (a) {", "@(a)", "@Html.Raw(a)", "@using A", "@a.B"),
    "merge": ("*|MC|*", "*|IF:A|*"),
    "pug": ("#{a}",),
}
CASES = [(name, code) for name, codes in CODE.items() for code in codes]

PLAIN = {
    "jinja": ("{{ a }}", "{{ a.b.c }}", "{{- a|e -}}", "{{ a | tojson | safe }}"),
    "django": ("{{ a }}", "{{ a|escapejs }}"),
    "twig": ("{{ a }}", "{{ a|raw }}"),
    "nunjucks": ("{{ a.b | dump }}",),
    "liquid": ("{{ order.total | json }}",),
    "tornado": ("{{ a }}",),
    "handlebars": ("{{a.b}}", "{{{a}}}", "{{~a~}}"),
    "mustache": ("{{a}}", "{{&a}}", "{{{a.b}}}"),
    "go": ("{{ .A }}", "{{- $a -}}", "{{ .A | js }}"),
    "blade": ("{{ $a }}", "{!! $a->b !!}", "{{ $a['b'] }}", "<?= $a ?>"),
    "edge": ("{{ a.b }}", "{{{ a }}}"),
    "squirrelly": ("{{it.a}}", "{{it.a.b | safe}}"),
    "dot": ("{{=it.a}}", "{{!it.a}}"),
    "yatl": ("{{=a}}", "[[=a]]"),
    "art": ("{{a}}", "{{@a}}", "<%= a %>"),
    "smarty": ("{$a}", "{$a.b}", "{$a->b}", "{$a nofilter}", "{$a|escape:'javascript'}", "{$a|escape}"),
    "php": ("<?= $a ?>", "<?=$a->b;?>", "<?php echo $a['b']; ?>"),
    "erb": ("<%= @a %>", "<%- @a -%>"),
    "ejs": ("<%= a.b %>", "<%- a; %>"),
    "eta": ("<%= it.a %>", "<%~ it.a %>"),
    "underscore": ("<%= a %>",),
    "lodash": ("${ a }", "<%= a %>"),
    "jsp": ("${order.total}", "#{a}", "<%= a %>"),
    "jsf": ("#{a.b}",),
    "mako": ("${a}", "${a.b | n}", "${a | h, trim}"),
    "mason": ("<% $a %>", "<% $a |h %>"),
    "mojolicious": ("<%= $a %>",),
    "bottle": ("{{a}}", "{{!a}}"),
    "chameleon": ("${a}",),
    "genshi": ("${a.b}",),
    "kajiki": ("${a}",),
    "genshi-text": ("${a}",),
    "thymeleaf": ("[[${a.b}]]", "[(${a})]"),
    "webpy": ("$a", "$:a", "${a}"),
    "velocity": ("$a", "${a.b}", "$!{a}", "$!a"),
    "freemarker": ("${a}", "${a.b?c}", "${a?string?js_string}"),
    "tt2": ("[% a %]", "[%- a | html -%]"),
    "xslate": ("<: $a :>",),
    "html-template": ("<TMPL_VAR NAME=a>", "<TMPL_VAR a ESCAPE=JS>", "<!-- TMPL_VAR NAME='a' -->"),
    "razor": ("@Model.Total", "@(a.b)", "@Html.Raw(a)", "@a"),
    "merge": ("*|MC|*", "*|URL:A|*"),
}
PLAIN_CASES = [(name, code) for name, codes in PLAIN.items() for code in codes]
NOT_PLAIN = (
    "{{ a() }}",
    "{{ a|map('b') }}",
    "{{ a.b|attr('c') }}",
    "{{ a }} {{ b }}",
    "{% include a %}",
    "{# a #}",
    "{{#a}}",
    "{{> a}}",
    "{{ .A.B }}x",
    "{{ partial . }}",
    "{!! a() !!}",
    "@include('a')",
    "@a()",
    "@(a = b)",
    "{$a|b}",
    "{$a->b()}",
    "{a}",
    "<?= a() ?>",
    "<?= $a->b() ?>",
    "<?php $a = 1 ?>",
    "<?= $a[b()] ?>",
    "<%= a() %>",
    "<%= `a` %>",
    "<% a %>",
    "{{ a.__class__ }}",
    "@await",
    "${a()}",
    "${a ? b : c}",
    "${T(a).b}",
    "#{a.b()}",
    "$a.b()",
    "[% a.b(1) %]",
    "[% PERL %]",
    "<TMPL_INCLUDE a>",
    "<!--#exec cmd='a' -->",
    "*|IF:A|*",
    "[[${a()}]]",
    "#set($a = 1)",
)


def test_each_language_has_samples_and_each_name_is_there_once() -> None:
    names = [language.name for language in LANGUAGES]
    assert len(names) == len({*names})
    assert {*CODE} == {*names}
    assert {*PLAIN} == {language.name for language in LANGUAGES if language.value}


@pytest.mark.parametrize(("name", "code"), CASES)
def test_each_mark_of_a_language_is_found_whole_by_it_and_among_all(name: str, code: str) -> None:
    text = f"<p>\n{code}\n</p> {{ a }} 100% @ # $ [ ]".encode()
    for languages in ([server_code.language(name)], None):
        spans = [*server_code.find_spans(text, languages)]
        assert [text[span.start : span.end].decode() for span in spans] == [code]
        assert spans[0].is_closed
        assert spans[0].is_certain
        masked = server_code.mask(text, spans)
        assert len(masked) == len(text)
        kept = spans[0].mark.kind is PieceKind.LITERAL
        assert masked == text.replace(code.encode(), b"_" * len(code)) or kept


@pytest.mark.parametrize(("name", "code"), PLAIN_CASES)
def test_an_output_that_only_writes_a_variable_is_a_plain_value(name: str, code: str) -> None:
    assert server_code.is_plain_value(code.encode(), [server_code.language(name)])
    assert server_code.is_plain_value(code.encode())


@pytest.mark.parametrize("code", NOT_PLAIN)
def test_what_may_do_more_is_no_plain_value_of_any_language(code: str) -> None:
    assert not server_code.is_plain_value(code.encode())


@pytest.mark.parametrize(("name", "code"), [("erb", "<%= a %>"), ("django", "{{ a.b }}"), ("twig", "{{ a.b }}")])
def test_a_name_that_may_be_a_call_is_no_plain_value(name: str, code: str) -> None:
    assert not server_code.is_plain_value(code.encode(), [server_code.language(name)])


@pytest.mark.parametrize(
    "text",
    [
        "function a(){return{b:{c:1}}}",
        "if(a){b()}for(c in d){e()}while(f){g()}",
        ".a{color:#fff}@media print{.b{width:100%}}@font-face{a:b}#id .c > d{}",
        "a@b.example, 5 % 3 * 2 | 1; $('#a').b; [[1, 2], [3]]; a[b][0]",
        "<p class='a'>100 % {} # @ : [x] </p><!-- a -->",
    ],
)
def test_what_scripts_styles_and_texts_have_of_their_own_is_no_server_code(text: str) -> None:
    assert [*server_code.find_spans(text.encode())] == []


def test_an_apostrophe_in_a_word_begins_no_string_and_a_quote_between_two_tags_is_not_certain() -> None:
    assert len([*server_code.find_spans(b"{{ don't }} <p> {{ won't }}")]) == 2
    assert len([*server_code.find_spans(b"{% a ' %}\n{% b ' %}")]) == 2
    assert [span.is_certain for span in server_code.find_spans(b'{{ a " }} <p> {{ b " }}')] == [False]
    assert [span.is_certain for span in server_code.find_spans(b'{{ "}}</head>" }}')] == [True]


def test_code_that_does_not_end_is_told_from_code_that_the_end_of_the_file_ends() -> None:
    [open_one, closed] = server_code.find_spans(b"a {{ b <?php c")
    assert (open_one.is_closed, open_one.end, closed.is_closed, closed.end) == (False, 4, True, 14)
    [block, tag] = server_code.find_spans(b"{% comment %} {% raw")
    assert (block.is_closed, tag.is_closed) == (True, False)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b.blade.php", "blade"),
        ("b.php", "php"),
        ("x.HTML.TWIG", "twig"),
        ("a.html.ep", "mojolicious"),
        ("a.html", None),
    ],
)
def test_a_file_name_tells_the_language_by_its_longest_suffix(path: str, name: str | None) -> None:
    found = server_code.language_of(path)
    assert (found.name if found else None) == name


def test_a_language_that_is_not_in_the_table_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(SnippetError, match="unknown template language 'cobol'") as caught:
        server_code.language("cobol")
    assert "jinja, django" in (caught.value.hint or "")


# The bar is inside of what the server code encloses, or outside.
INSIDE = (
    "<?php ob_start(); ?>|<?php ob_end_clean(); ?>",
    "<?php ob_start() ?>|<?php $a = ob_get_clean() ?>",
    "{% if a %}|{% endif %}",
    "{% set a %}|{% endset %}",
    "{%- capture x -%}|{%- endcapture -%}",
    "{{#if a}}|{{/if}}",
    "{{^v}}|{{/v}}",
    "{{ if .A }}|{{ end }}",
    "{{- range .X -}}|{{- end -}}",
    '{{ define "a" }}|{{ end }}',
    "<% if a %>|<% end %>",
    "<% a.each do %>|<% end %>",
    "<% if (a) { %>|<% } %>",
    "<% If a Then %>|<% End If %>",
    "<?php if ($a): ?>|<?php endif ?>",
    "<?php if ($a) { ?>|<?php } ?>",
    "<?php foreach ($a as $b): ?>|<?php endforeach; ?>",
    "{if $a}|{/if}",
    "{block name=a}|{/block}",
    "<#if a>|</#if>",
    "<#list a as b>|</#list>",
    "<@x>|</@x>",
    "#if($a)\n|\n#end",
    "#if $a\n|\n#end if\n",
    "<TMPL_IF a>|</TMPL_IF>",
    "<c:if test='a'>|</c:if>",
    "<py:if test='a'>|</py:if>",
    "<tal:if x>|</tal:if>",
    "[% IF a %]|[% END %]",
    "[% a = 1; FOREACH b IN c %]|[% END %]",
    "@if(a)\n|\n@endif",
    "@section('a')|@endsection",
    "@section('a')|@show",
    "@each(a in b)\n|\n@end",
    "\n% if a:\n|\n% endif\n",
    "\n% if a:\n|\n% end\n",
    "\n% if (a) {\n|\n% }\n",
    "<%block name='a'>|</%block>",
    "\n: if $a {\n|\n: }\n",
    "<!--#if expr='a' -->|<!--#endif -->",
    "@if (a) {|}",
    "@section A {|}",
    "{{? a }}|{{?}}",
    "{{~ a :b }}|{{~}}",
    "{{@if(it.a)}}|{{/if}}",
    "{{if a:}}|{{pass}}",
    "{% if x %}|",
    "|{% endif %}",
    "{% raw %}|{% endraw %}",
    "<%def name='a()'>|</%def>",
    "{{#> layout}}|{{/layout}}",
    "{% block a %}{% include 'x' %}|{% endblock a %}",
    "$if a:\n|",
    "{#if a}|{/if}",
    "<% switch(a) { case 1: %>|<% } %>",
    "<?php while(have_posts()) : the_post(); ?>|<?php endwhile; ?>",
    "{% for a in b %}{{ c }}|{% end %}",
    "<ui:composition>|</ui:composition>",
    "<? if ($a): ?>|<? endif ?>",
    "% for x in y\n|% end\n",
    "<%= form_with(model: @x) do %>|<% end %>",
    '<%= link_to "/" do -%>|<% end %>',
    "<%- if a -%>|<%- end -%>",
    "<%= a.map(function (b) { %>|<% }) %>",
    "<% if a %><%= f do %><% end %>|<% end %>",
)
OUTSIDE = (
    "<?php ob_start('ob_gzhandler'); ?>|",
    "|<?php $a = ob_get_clean(); ?>",
    "{% include 'a' %}|",
    "{% load a %}|{% now 'Y' %}",
    "{% set a = 1 %}|",
    "{{ a }}|{{ b }}",
    "<%= a %>|<% b %>",
    "<?php a(); ?>|<?php b(); ?>",
    "{$a}|{include file='b'}",
    "{% if a %}{% endif %}|",
    "{% autoescape off %}|{% endautoescape %}",
    "{{> a}}|",
    "@include('a')|@stack('b')",
    "<#include 'a'>|",
    "<c:set var='a' value='b'/>|",
    "[% INCLUDE a %]|",
    "#set($a = 1)|#parse('b')",
    "<% a = {b: 1} %>|",
    "<?php $a = function () { return 1; }; ?>|",
    "@section('t', 'x')|",
    "<%inherit file='a'/>|",
    '{{ partial "a" . }}|',
    "{% block x %}y{% endblock %}|{% block z %}w{% endblock %}",
    "<!--#include file='a' -->|",
    "<% # don't if %>|",
    "<% a if b %>|",
    '{% trans "x" %}|',
    "<?php if ($a) echo 1; ?>|",
    "% my $x = 1;\n|",
    "<% if (a) { %>x<% } else { %>y<% } %>|",
    "<?php if ($a): ?>x<?php else: ?>y<?php endif ?>|",
    "<% if a %>b<% else %>c<% end %>|",
    "<%= form_with(model: @x) do %>x<% end %>|",
    '<%= link_to "/" do -%>x<% end %>|<%= a do %>y<% end %>',
    "<%= f.each { %>x<% } %>|",
    "<%- if a -%>x<%- end -%>|",
    "<%= yield :a if b %>|<%= try(:a) %>",
    "<% if a %><%= try(:a) %><% end %>|",
    "<%- include('x', {a: 1}) %>|",
)


def _encloses(marked: str) -> bool:
    before, after = (part.encode() for part in marked.split("|"))
    text = b"<p>\n" + before + b"\nx\n" + after + b"\n</p>"
    at = len(b"<p>\n" + before + b"\n")
    return any(block.start < at < block.end for block in server_code.find_blocks(text, server_code.find_spans(text)))


@pytest.mark.parametrize("marked", INSIDE)
def test_text_between_two_pieces_that_belong_together_is_enclosed(marked: str) -> None:
    assert _encloses(marked)


@pytest.mark.parametrize("marked", OUTSIDE)
def test_text_between_pieces_that_stand_for_themselves_is_not_enclosed(marked: str) -> None:
    assert not _encloses(marked)


@pytest.mark.wide
@pytest.mark.parametrize(
    ("opening", "may"),
    [(b"<?xml version='1.0'?>", False), (b"<?php if ($x) { ?>", True), (b"<? if (x) { ?>", True), (b"<p>", False)],
)
def test_a_page_is_looked_through_only_where_server_code_begins(opening: bytes, may: bool) -> None:
    page = opening + b"\n<html><head></head><body>"
    assert server_code.may_enclose(page, len(page)) is may


@pytest.mark.parametrize(
    "text",
    [
        b"{{ ' }} " * 20_000,
        b"{% include x %}" * 20_000 + b"{% endx %}" * 20_000,
        b"{{!-- " * 50_000,
        b"<?php ' " * 50_000,
        b"<% /* %>" * 20_000,
        b"{literal}" * 30_000,
        b"#if((((" * 30_000,
        b"<c:if '" * 30_000,
        b"@if (a) {" * 5_000,
        b"${'\\" * 50_000,
    ],
)
def test_no_text_makes_it_slow(text: bytes) -> None:
    started = time.process_time()
    spans = [*server_code.find_spans(text)]
    server_code.find_blocks(text, spans)
    server_code.mask(text, spans)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "certain", "possible"),
    [
        ("{$a}", {"smarty"}, {"smarty"}),
        ("{{ a }}{% load b %}", {"django"}, {"django"}),
        ("{{#if a}}{{/if}}", {"handlebars"}, {"handlebars"}),
        ("<% if a %><% end %>", {"erb"}, {"erb"}),
        ("#if($a) #end", {"velocity"}, {"velocity"}),
        ("{{ a }}{% b %}{# c #}", set(), {"jinja", "django", "twig", "nunjucks", "tornado"}),
        ("{$a}{{ b }}", {"smarty"}, None),
        ("a", set(), set()),
    ],
)
def test_the_languages_of_a_page_are_told_by_its_server_code(
    text: str, certain: set[str], possible: set[str] | None
) -> None:
    spoken = server_code.languages_of(text.encode())
    assert {one.name for one in spoken.certain} == certain
    assert possible is None or {one.name for one in spoken.possible} == possible


def test_the_text_of_scripts_and_styles_is_no_sign_of_a_language() -> None:
    page = b"<style>a{$b}</style><p>x</p><SCRIPT a>c{$d}</SCRIPT><script>{$e}"
    assert server_code.in_markup(page) == b"<style></style><p>x</p><SCRIPT a></SCRIPT><script>"


def test_openings_whose_bytes_a_text_does_not_have_may_be_left_out() -> None:
    codes = [code.encode() for of_language in CODE.values() for code in of_language]
    scripts = [b"var a = {b: 'c', d: [e, f(1)]};", b"<script>\n  fbq('init', '1');\n</script>", b"", b"a: @b %c\n#d"]
    for text in [*scripts, *codes, *(b"x\n%b y" % code for code in codes)]:
        _beginnings.cache_clear()
        few = server_code.beginnings(text)
        every = server_code.beginnings(b" ".join(codes))
        assert few is every or len(few.pattern) < len(every.pattern)
        found = [[(one.span(), one["ordinary"]) for one in pattern.finditer(text)] for pattern in (few, every)]
        assert found[0] == found[1], text


def test_however_many_kinds_of_texts_there_are_few_patterns_are_compiled() -> None:
    for code in (code.encode() for of_language in CODE.values() for code in of_language):
        server_code.beginnings(code)
    assert _beginnings.cache_info().currsize <= 17
