"""Only code that can run together is held against each other."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.pixels import EVERY_CODE as CODES

A, B = "fbq('track', 'Lead')", "fbq('track', 'Lead', {value: 2, currency: 'EUR'})"
BASE = CODES["fbq"].replace("fbq('track', 'PageView');", "")
SCRIPTS = {
    "if and else": (f"if (a) {{ {A} }} else {{ {B} }}", False),
    "without braces": (f"if (a) {A}; else {B};", False),
    "else if": (f"if (a) {{ {A} }} else if (b) {{ {B} }} else {{ {A} }}", False),
    "either of two values": (f"a ? {A} : {B}", False),
    "cases": (f"switch (a) {{ case 1: {A}; break; case 2: {{ {B}; break }} default: {A} }}", False),
    "a case that goes on": (f"switch (a) {{ case 1: {A}; case 2: {B}; break }}", True),
    "what returns before": (f"(function () {{ if (a) {{ {A}; return }} {B} }})()", False),
    "behind what returns, twice": (f"(function () {{ if (a) {{ return }} {A}; {B} }})()", True),
    "behind what does not return": (f"if (a) {{ {A} }} {B}", True),
    "where the other fails": (f"try {{ {A} }} catch (e) {{ {B} }}", False),
    "in any case": (f"try {{ {A} }} finally {{ {B} }}", True),
    "twice in a branch": (f"if (a) {{ {A}; {B} }} else {{ c() }}", True),
    "two answers": (f"if (a.b == 'x') {{ {A} }} if (a.b === 'y') {{ {B} }}", False),
    "yes and no": (f"if (a.b()) {{ {A} }} if (!a.b()) {{ {B} }}", False),
    "one answer": (f"if (a == 'x') {{ {A} }} if (a == 'x') {{ {B} }}", True),
    "two questions": (f"if (a == 'x') {{ {A} }} if (b == 'y') {{ {B} }}", True),
    "kept or failed": (f"fetch('/a').then(() => {A}).catch(() => {B})", False),
    "kept or failed, in one": (f"fetch('/a').then(() => {A}, () => {B})", False),
    "jQuery": (f"$.post('/a').done(function () {{ {A} }}).fail(function () {{ {B} }})", False),
    "members": (f"$.ajax({{success: function () {{ {A} }}, error() {{ {B} }}}})", False),
    "one then the other": (f"fetch('/a').then(() => {A}).then(() => {B})", True),
    "two requests": (f"fetch('/a').then(() => {A}); fetch('/b').catch(() => {B})", True),
    "two answers in front": (f"a === 1 && {A}; a === 2 && {B}", False),
    "one answer in front": (f"a && {A}; a && {B}", True),
    "no or yes": (f"a || {A}; a && {B}", False),
    "asked for alone": (f"window.fbq && {A}; fbq && {B}", True),
    "functions": (f"function one() {{ {A} }} function two() {{ {B} }} if (a) one(); else two()", False),
    "functions that are chosen": (f"const one = () => {A}, two = () => {{ {B} }}; (a ? one : two)()", False),
    "functions of functions": (
        f"function in1() {{ {A} }} function one() {{ in1() }} function two() {{ {B} }} if (a) one(); else two()",
        False,
    ),
    "a function in both": (
        f"function one() {{ {A} }} function two() {{ {B} }} if (a) one(); else {{ one(); two() }}",
        True,
    ),
    "functions, one after the other": (f"function one() {{ {A} }} function two() {{ {B} }} one(); two()", True),
    "twice": (f"{A}; {B}", True),
}
TEMPLATES = {
    "Liquid": ("{% if a %}", "{% elsif b %}", "{% else %}", "{% endif %}"),
    "Jinja": ("{%- if a -%}", "{%- elif b -%}", "{%- else -%}", "{%- endif -%}"),
    "case": ("{% case a %}{% when 'b' %}", "{% when 'c' %}", "{% else %}", "{% endcase %}"),
    "PHP": ("<?php if ($a): ?>", "<?php elseif ($b): ?>", "<?php else: ?>", "<?php endif; ?>"),
    "PHP with braces": ("<?php if ($a) { ?>", "<?php } elseif ($b) { ?>", "<?php } else { ?>", "<?php } ?>"),
    "EJS": ("<% if (a) { %>", "<% } else if (b) { %>", "<% } else { %>", "<% } %>"),
    "ERB": ("<% if a %>", "<% elsif b %>", "<% else %>", "<% end %>"),
    "Handlebars": ("{{#if a}}", "{{else if b}}", "{{else}}", "{{/if}}"),
    "Go": ("{{ if .A }}", "{{ else if .B }}", "{{ else }}", "{{ end }}"),
    "Blade": ("@if ($a)\n", "\n@elseif ($b)\n", "\n@else\n", "\n@endif\n"),
    "FreeMarker": ("<#if a>", "<#elseif b>", "<#else>", "</#if>"),
    "Smarty": ("{if $a}", "{elseif $b}", "{else}", "{/if}"),
    "JSP": ('<c:choose><c:when test="${a}">', '</c:when><c:when test="${b}">', "</c:when><c:otherwise>",
            "</c:otherwise></c:choose>"),
}  # fmt: skip


def codes(page: str) -> list[str]:
    return [one.code for one in lint.find(snippets.parse(page)) if one.code.startswith("duplicate")]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_that_takes_one_branch_reports_once(name: str) -> None:
    script, is_twice = SCRIPTS[name]
    assert codes(f"{BASE}<script>{script}</script>") == ["duplicate-pixel"] * is_twice


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("is_in_script", [False, True])
def test_a_server_writes_one_branch(name: str, is_in_script: bool) -> None:
    first, second, third, end = TEMPLATES[name]
    one, other = (f"{A};", f"{B};") if is_in_script else (f"<script>{A}</script>", f"<script>{B}</script>")
    branches = f"{first}{one}{second}{other}{third}{one}{end}"
    again = f"{first}{one}{other}{second}{third}{end}"
    behind = f"{first}{one}{second}{third}{end}{other}"
    found = [codes(f"{BASE}<script>{x}</script>" if is_in_script else f"{BASE}{x}") for x in (branches, again, behind)]
    assert found == [[], ["duplicate-pixel"], ["duplicate-pixel"]]


ORDER = "<script>fbq('track', 'Purchase', {value: 30, currency: 'USD'})</script>"
TAG = CODES["uetq"].partition("window.uetq")[0] + "</script>"
IMAGE = CODES["fbq"].partition("</script>")[2].replace("PageView", "Lead")
PAIRS = {
    "duplicate-noscript": (f"<script>{A}</script>{IMAGE}", IMAGE),
    "image-outside-noscript": (f"<script>{A}</script>", IMAGE.replace("noscript>", "p>")),
    "platforms-disagree": (ORDER, CODES["ttq"].replace("19.99", "3000")),
    "shared-global": (TAG, TAG.replace("40123456", "40123457")),
    "fb-param-clobber": (CODES["fp"], CODES["fp"].replace("6009125095680", "6009125095681")),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_codes_of_a_page_are_compared_only_where_they_can_run_together(name: str) -> None:
    one, other = PAIRS[name]
    pages = f"{BASE}{one}{other}", f"{BASE}{{% if a %}}{one}{{% else %}}{other}{{% endif %}}"
    assert [name in {found.code for found in lint.find(snippets.parse(page))} for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("one", "other", "is_twice"),
    [
        ("{% if a == 'x' %}@{% endif %}", "{% if a == 'y' %}@{% endif %}", False),
        ("{%- if a.b -%}@{%- endif -%}", "{% unless a.b %}@{% endunless %}", False),
        ("<?php if ($a): ?>@<?php endif; ?>", "<?php if (!$a): ?>@<?php endif; ?>", False),
        ("<?php if (a($b) === 1) { ?>@<?php } ?>", "<?php if (a($b) === 2) { ?>@<?php } ?>", False),
        ("{% if a == 'x' %}@{% endif %}", "{% if b == 'y' %}@{% endif %}", True),
        ("{% if a %}@{% endif %}", "{% if a %}@{% endif %}", True),
    ],
)
def test_two_conditions_of_a_template_for_two_answers(one: str, other: str, is_twice: bool) -> None:
    page = BASE + "".join(x.replace("@", f"<script>{A}</script>") for x in (one, other))
    assert codes(page) == ["duplicate-pixel"] * is_twice
