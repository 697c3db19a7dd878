"""Templates: what they write is harmless whatever the settings are, and what is wrong in one is said on one line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import snippets
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import SettingPlace, Snippet
from snippetkit.templating import Template, bounds, find_template, list_templates, render_blocks
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.reading import read_js_pixel

SNIPPET = read_js_pixel(JS_PIXEL)
SHIPPED = [found.name for found in list_templates()]
FRESH = ["clean", "consent", "idle", "nonce"]


def _fp(value: str | None = "19.99", currency: str | None = "USD") -> Snippet:
    return Snippet("fp", PIXEL_ID, value, currency, "")


def _fbds(value: str | None = "0.01", currency: str | None = "USD") -> Snippet:
    return Snippet("fbds", PIXEL_ID, value, currency, "")


def _fbq(value: str | None = "30.00", currency: str | None = "USD", event: str | None = "Purchase") -> Snippet:
    return Snippet("fbq", "434566956589050", value, currency, "", event=event)


def _render(text: str, *of: Snippet, **variables: str) -> dict[str, str]:
    """Render a template file of this text, in the folder of this test."""
    Path("own.html.j2").write_text(text, "utf-8")
    return render_blocks(Template("own.html.j2"), of or (SNIPPET,), variables)


# Fresh code

SCRIPTS = [
    (_fp(), ['window.fb_param.pixel_id = "6009125095680";', 'value = "19.99";', 'currency = "USD";']),
    (_fp("5"), ['value = "5.00";']),
    (_fp("0.005"), ['value = "0.005";']),
    (_fbds(), ["""window._fbq.push(['track', "6009125095680", {value: "0.01", currency: "USD"}]);"""]),
    (_fbds("7"), ['{value: "7.00", currency: "USD"}']),
    (_fbds(None), ['{currency: "USD"}']),
    (_fbds(None, None), ['"6009125095680", {}]']),
    (_fbq(), ["""fbq('init', "434566956589050");""", """fbq('track', "Purchase", {value: 30.00, currency: "USD"});"""]),
    (_fbq("3.5", None), ["{value: 3.50}"]),
    (_fbq(None, None, "Lead"), ["""fbq('track', "Lead");"""]),
]


@pytest.mark.wide
@pytest.mark.parametrize(("snippet", "texts"), SCRIPTS)
@pytest.mark.parametrize("name", FRESH)
def test_fresh_code_has_the_settings_in_the_dialects_own_form(name: str, snippet: Snippet, texts: list[str]) -> None:
    script = render_blocks(Template(name), [snippet], {"nonce": "x"})["script"]
    assert [text for text in texts if text not in script] == []


IMAGES = [
    (_fp(), "offsite_event.php?id=6009125095680&amp;value=19.99&amp;currency=USD"),
    (_fp("0.00"), "offsite_event.php?id=6009125095680&amp;value=0&amp;currency=USD"),
    (_fp("1.00", "JPY"), "offsite_event.php?id=6009125095680&amp;value=1&amp;currency=JPY"),
    (_fp("100.10", None), "offsite_event.php?id=6009125095680&amp;value=100.1"),
    (_fp(None, None), "offsite_event.php?id=6009125095680"),
    (_fbds(), "tr?ev=6009125095680&amp;cd%5Bvalue%5D=0.01&amp;cd%5Bcurrency%5D=USD&amp;noscript=1"),
    (_fbds(None, None), "tr?ev=6009125095680&amp;noscript=1"),
    (_fbq(), "tr?id=434566956589050&amp;ev=Purchase&amp;cd%5Bvalue%5D=30.00&amp;cd%5Bcurrency%5D=USD&amp;noscript=1"),
    (_fbq(None, None, "PageView"), "tr?id=434566956589050&amp;ev=PageView&amp;noscript=1"),
]


@pytest.mark.wide
@pytest.mark.parametrize(("snippet", "url"), IMAGES)
@pytest.mark.parametrize("name", ["clean", "idle", "nonce"])
def test_fresh_code_has_an_image_that_says_the_same(name: str, snippet: Snippet, url: str) -> None:
    image = f'<img height="1" width="1" alt="" style="display:none" src="https://www.facebook.com/{url}">'
    assert render_blocks(Template(name), [snippet], {"nonce": "x"})["noscript"] == f"<noscript>{image}</noscript>"


@pytest.mark.wide
@pytest.mark.parametrize("snippet", [_fp(), _fp("5"), _fp(None, None), _fbds(), _fbds("7"), _fbq(), _fbq(None, None)])
@pytest.mark.parametrize("name", FRESH)
def test_fresh_code_is_read_back_as_what_it_was_made_of(name: str, snippet: Snippet) -> None:
    [found] = snippets.read("".join(render_blocks(Template(name), [snippet], {"nonce": "x"}).values()))
    assert (found.dialect, found.pixel_id, found.event) == (snippet.dialect, snippet.pixel_id, snippet.event)
    assert (found.currency, found.dynamic) == (snippet.currency, False)
    assert (found.value or "").removesuffix(".00") == (snippet.value or "").removesuffix(".00")


@pytest.mark.parametrize("dialect", ["fp", "fbq"])
def test_clean_code_is_what_the_strict_reader_takes_from_the_api(dialect: str) -> None:
    snippet = _fp() if dialect == "fp" else _fbq(None, None, "PageView")
    code = "".join(render_blocks(Template("clean"), [snippet]).values())
    found = snippets.read_code(code, dialect)
    assert (found.pixel_id, found.value, found.event) == (snippet.pixel_id, snippet.value, snippet.event)


def test_an_fbq_snippet_without_an_event_only_names_its_pixel() -> None:
    blocks = render_blocks(Template("clean"), [_fbq(event=None)])
    assert blocks.keys() == {"script"}
    assert "'track'" not in blocks["script"]


def test_the_code_as_it_stands_is_byte_for_byte() -> None:
    noscript = f"<noscript>{SNIPPET.noscript}</noscript>"
    assert render_blocks(Template("snippet"), [SNIPPET]) == {"script": SNIPPET.script, "noscript": noscript}
    assert render_blocks(Template("noscript-only"), [SNIPPET]) == {"noscript": noscript}


REFUSED = [
    (replace(_fp("<?php echo $x ?>"), dynamic=True), "fp:6009125095680.*its value is set while the page is built"),
    (replace(_fp(), dialect="audience"), "it is audience code"),
    (replace(_fp(), dialect="image"), "it is image code"),
    (replace(_fp(), pixel_id=""), "it names no pixel"),
    (replace(_fp(), pixel_id="id"), "it has no valid number: id"),
    (
        replace(_fp(), places=(SettingPlace("currency", 0, 0, is_dynamic=True),)),
        "its currency is set while the page is built",
    ),
    (_fp("1e3"), "its value is not an amount: 1e3"),
    (_fp("1\u0663"), "its value is not an amount"),
    (_fbq("1});alert(1"), "its value is not an amount"),
]


@pytest.mark.parametrize(("snippet", "reason"), REFUSED)
@pytest.mark.parametrize("name", [*FRESH, "combined"])
def test_code_that_cannot_be_written_anew_is_refused_and_the_hint_names_what_works(
    name: str, snippet: Snippet, reason: str
) -> None:
    if name == "combined" and snippet.dialect == "fbq":
        reason = "it is fbq code, and this template writes fp"
    with pytest.raises(SnippetError, match=reason) as refused:
        render_blocks(Template(name), [snippet], {"nonce": "x"} if name == "nonce" else {})
    assert "snippet and noscript-only" in refused.value.hint


def test_combined_takes_fp_pixels_only() -> None:
    with pytest.raises(SnippetError, match="fbds code, and this template writes fp"):
        render_blocks(Template("combined"), [_fp(), _fbds()])


@pytest.mark.parametrize("name", sorted({*SHIPPED} - {"combined"}))
def test_a_template_for_one_pixel_takes_no_second(name: str) -> None:
    with pytest.raises(SettingError, match="takes one pixel") as error:
        render_blocks(Template(name), [SNIPPET, SNIPPET])
    assert "combined" in error.value.hint


def test_a_template_that_gives_nothing_is_an_error() -> None:
    with pytest.raises(SnippetError, match="noscript-only gives nothing"):
        render_blocks(Template("noscript-only"), [_fp()])


# Harmless, whatever the settings are

_NASTY = [
    "</script><script>alert(1)</script>", "<!--<script>", "-->", "]]>", "'\"", "\\", "\\'", "\u2028\u2029", "&amp;",
    "\r\n", "\x00", "{{ 7*7 }}", "{% raw %}", "</noscript><img src=x onerror=alert(1)>", "`${1}`", "é☃\U0001f600",
    '" onload="alert(1)', "javascript:alert(1)", "#", "{#",
]  # fmt: skip
_texts = st.one_of(
    st.sampled_from(_NASTY), st.text(st.characters(codec="utf-8")), st.lists(st.sampled_from(_NASTY)).map("".join)
)


@given(
    st.sampled_from([*FRESH, "combined"]),
    st.sampled_from(["fp", "fbds", "fbq"]),
    st.from_regex(r"[0-9]{1,20}", fullmatch=True),
    st.one_of(st.none(), st.from_regex(r"[0-9]{1,15}(\.[0-9]{1,3})?", fullmatch=True)),
    st.one_of(st.none(), _texts),
    st.one_of(st.none(), _texts),
    _texts,
)
def test_any_settings_give_one_script_and_one_noscript_and_nothing_else(
    name: str, dialect: str, pixel_id: str, value: str | None, currency: str | None, event: str | None, text: str
) -> None:
    dialect = "fp" if name == "combined" else dialect
    snippet = Snippet(dialect, pixel_id, value, currency, "", event=event)
    variables = {"nonce": text} | ({"consent_event": text} if name == "consent" else {})
    blocks = render_blocks(Template(name), [snippet], variables)
    page = f"<head></head><body>{blocks['script']}{blocks.get('noscript', '')}<p id=end></p></body>"
    assert _elements(page) == [
        ("script", {"nonce"}),
        *([("noscript", set()), ("img", {"height", "width", "alt", "style", "src"})] if "noscript" in blocks else []),
        ("p", {"id"}),
    ]
    script = blocks["script"].partition(">")[2].removesuffix("</script>")
    assert script.isascii()
    assert not [mark for mark in ("</script", "<script", "<!--", "-->") if mark in script]
    strings = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', script)
    assert strings == _script(name, dialect, value, currency, event)


def _script(name: str, dialect: str, value: str | None, currency: str | None, event: str | None) -> str:
    """The script that harmless settings give, its strings left out."""
    snippet = Snippet(dialect, "1", value, currency and "x", "", event=None if event is None else "x")
    snippet = replace(snippet, currency=None if currency is None else "x")
    text = render_blocks(Template(name), [snippet], {"nonce": "x"})["script"].partition(">")[2]
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text.removesuffix("</script>"))


def _elements(page: str) -> list[tuple[str, set[str]]]:
    """The elements below the body, in document order, with the names of their attributes."""
    pending = [*reversed(turbohtml.parse(page, scripting=False).children)]
    found = []
    while pending:
        node = pending.pop()
        if type(node).__name__ == "Element":
            found.append((node.tag, set(node.attrs)))
            pending += reversed(node.children)
    return [element for element in found if element[0] not in {"html", "head", "body"}]


@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}", "{# x #}", "{% include 'x' %}", "{{ snippet.pixel_id }}"])
def test_text_from_outside_is_never_a_template(text: str) -> None:
    [snippet] = snippets.read(JS_PIXEL.replace("var fb_param", f"/* {text} */ var fb_param"))
    assert text in render_blocks(Template("snippet"), [snippet])["script"]
    named = read_js_pixel(JS_PIXEL.replace("Thank you", text))
    assert text not in "".join(render_blocks(Template("snippet"), [named]).values())
    script = render_blocks(Template("consent"), [_fp()], {"consent_event": f"{text} 1"})["script"]
    assert "49" not in script
    assert text.replace("'", "\\u0027") + " 1" in script


def test_html_is_escaped_in_a_file_of_any_name() -> None:
    for name in ("own.txt", "own.json.j2", "own.j2"):
        Path(name).write_text("{% block noscript %}<noscript>{{ text }}</noscript>{% endblock %}")
        blocks = render_blocks(Template(name), [SNIPPET], {"text": "<b>&"})
        assert blocks == {"noscript": "<noscript>&lt;b&gt;&amp;</noscript>"}


# What is wrong in a template

WRONG = [
    ("{% block script %}\n<script>{{ nothing }}</script>{% endblock %}", "line 2: 'nothing' is undefined"),
    ("{% block script %}\n\n{{ snippet.nothing }}{% endblock %}", "line 3: snippet has no attribute 'nothing'"),
    ("{% block script %}\n{% if %}{% endblock %}", "line 2: Expected an expression"),
    ("{% block script %}\n{{ 1 | nothing }}{% endblock %}", "line 2: No filter named 'nothing'"),
    ("{% block script %}\n{{ 1 / 0 }}{% endblock %}", "line 2: division by zero"),
    ("{% block script %}\n{{ 1 + 'a' }}{% endblock %}", "line 2: unsupported operand"),
    ("{% block script %}\n{{ snippet.__class__.__mro__ }}{% endblock %}", "line 2: access to attribute '__class__'"),
    ("{% block script %}\n{{ ''.format.__globals__ }}{% endblock %}", "line 2: access to attribute '__globals__'"),
    ("{% block script %}\n{{ snippets.append(1) }}{% endblock %}", "line 2: access to attribute 'append'"),
    ("{% block script %}\n{% for i in range(9999999) %}x{% endfor %}{% endblock %}", "line 2: Range too big"),
    ("{% block script %}\n{% include 'nothing' %}{% endblock %}", "line 2: there is no template nothing"),
    ("{% block script %}\n{% include '../../etc/passwd' %}{% endblock %}", "line 2: there is no template"),
    ("{% block script %}\n{% include 'own.html.j2' %}{% endblock %}", "line [12]: maximum recursion"),
    (
        "{% macro a() %}\n{{ a() }}{% endmacro %}{% block script %}{{ a() }}{% endblock %}",
        "line [12]: maximum recursion",
    ),
    ("{% extends 'nothing' %}", "line 1: there is no template nothing"),
    ("{% block script %}" + "(" * 9 + "{{ " + "(" * 9999 + " }}{% endblock %}", "own.html.j2"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_an_error_in_a_template_names_file_line_and_variables(text: str, message: str) -> None:
    with pytest.raises(SettingError, match=message) as error:
        _render(text)
    assert str(error.value).startswith("own.html.j2")
    assert "\n" not in str(error.value)
    assert error.value.hint.startswith(("the variables are snippet, snippets", "a snippet has dialect, pixel_id, "))


def test_the_variables_in_an_error_are_sorted_with_the_persons_own() -> None:
    with pytest.raises(SettingError) as error:
        _render("{% block script %}{{ z }}{{ a }}{{ nothing }}{% endblock %}", z="1", a="2")
    assert "the variables are a, snippet, snippets, z" in error.value.hint


OUTLINES = [
    ("", "no block"),
    ("text", "line 1: text outside a block"),
    ("{% block script %}{% endblock %}\n\n text", "line 3: text outside a block"),
    ("{{ snippet.value }}", "line 1: text outside a block"),
    ("{# x #}\n{% block scritp %}{% endblock %}", "line 2: there is no place for a block scritp"),
]


@pytest.mark.parametrize(("text", "message"), OUTLINES)
def test_what_would_be_left_out_without_a_word_is_an_error(text: str, message: str) -> None:
    with pytest.raises(SettingError, match=message) as error:
        _render(text)
    assert "script" in error.value.hint


BROKEN = [
    ("script", "<script>"),
    ("script", "<script></script"),
    ("script", "text"),
    ("script", "<script></script>text"),
    ("script", "<script></script><p>"),
    ("script", "<noscript></noscript>"),
    ("script", "<script><!--<script></script>"),
    ("script", "<!-- <script></script>"),
    ("noscript", "<noscript><img>"),
    ("noscript", "<script></script>"),
    ("noscript", "</body><noscript></noscript>"),
    ("noscript", "<noscript><!-- </noscript>"),
    ("noscript", "<noscript><!--> <p --></noscript>"),
    ("noscript", "<noscript><img src='></noscript>"),
    ("noscript", "<noscript><img </noscript>"),
]


@pytest.mark.parametrize(("part", "text"), BROKEN)
def test_a_block_that_would_change_the_page_around_it_is_refused(part: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"own.html.j2: the block {part} gives something other than"):
        _render(f"{{% block {part} %}}{text}{{% endblock %}}")


def test_several_elements_of_its_kind_are_a_block() -> None:
    text = "<script>a</script>\n<script src=x></script>"
    assert _render(f"{{% block script %}}\n{text}\n\n{{% endblock %}}") == {"script": text}


def test_a_comment_that_ends_may_stand_in_a_noscript() -> None:
    text = "<noscript><!-- an image --><img src='>'></noscript>"
    assert _render(f"{{% block noscript %}}{text}{{% endblock %}}") == {"noscript": text}


def test_text_that_no_file_can_hold_is_an_error() -> None:
    with pytest.raises(SnippetError, match="not UTF-8 text"):
        _render("{% block script %}<script>{{ '\\ud800' }}</script>{% endblock %}")


def test_a_variable_that_the_template_does_not_use_is_an_error() -> None:
    with pytest.raises(SettingError, match="has no variable nonse") as error:
        render_blocks(Template("clean"), [_fp()], {"nonse": "x"})
    assert error.value.hint == "its variables are nonce, snippet"


# Where templates come from


def test_a_template_may_set_import_extend_and_include() -> None:
    script = "{{% block script %}}<script>{}</script>{{% endblock %}}"
    assert _render("{% set a = 7 %}" + script.format("{{ a }}"))["script"] == "<script>7</script>"
    text = '{% import "dialects/fbds.html.j2" as dialect %}' + script.format("{{ dialect.code(snippet) }}")
    assert "fbds.js" in _render(text, _fbds())["script"]
    text = '{% extends "inject/clean.html.j2" %}{% block noscript %}{% endblock %}'
    assert _render(text, _fp()) == {"script": render_blocks(Template("clean"), [_fp()])["script"]}


def test_a_persons_own_folder_comes_first_and_the_shipped_one_behind() -> None:
    own = Path("ours/inject")
    own.mkdir(parents=True)
    (own / "clean.html.j2").write_text("\ufeff{# Ours. #}{% block script %}<script>1</script>{% endblock %}", "utf-8")
    (own / "thanks.html.j2").write_text("{% block script %}<script>2</script>{% endblock %}")
    (own / "not a name.html.j2").write_text("")
    folder = Path("ours")
    assert render_blocks(Template("clean", folder), [_fp()]) == {"script": "<script>1</script>"}
    assert render_blocks(Template("thanks", folder), [_fp()]) == {"script": "<script>2</script>"}
    assert "noscript" in render_blocks(Template("snippet", folder), [SNIPPET])
    assert {found.name for found in list_templates(folder)} == {*SHIPPED, "thanks"}
    assert (find_template("clean", folder).description, find_template("thanks", folder).description) == ("Ours.", "")
    assert find_template("snippet", folder).folder != folder


def test_a_persons_own_dialect_is_what_the_shipped_templates_import() -> None:
    Path("ours/dialects").mkdir(parents=True)
    macros = "{% macro code(snippet) %}1{% endmacro %}{% macro image(snippet) %}{% endmacro %}"
    Path("ours/dialects/fp.html.j2").write_text(macros)
    assert render_blocks(Template("clean", Path("ours")), [_fp()]) == {"script": "<script>\n1</script>"}


def test_a_template_that_is_not_there_or_no_text_is_an_error() -> None:
    Path("ours/inject").mkdir(parents=True)
    Path("ours/inject/latin.html.j2").write_bytes(b"\xe9")
    Path("latin.html.j2").write_bytes(b"{% block script %}\xe9{% endblock %}")
    cases = [
        (Template("nothing"), "there is no template 'nothing'"),
        (Template("./nothing"), "nothing: the template cannot be read: No such file"),
        (Template(""), "not a regular file, and no template"),
        (Template("ours/inject"), "ours/inject: not a regular file, and no template"),
        (Template("latin.html.j2"), "latin.html.j2: the template cannot be read: not UTF-8"),
        (Template("latin", Path("ours")), "latin.html.j2: the template cannot be read: not UTF-8"),
        (Template("clean", Path("nothing")), "nothing: no folder of templates"),
    ]
    for template, message in cases:
        with pytest.raises(SettingError, match=message):
            render_blocks(template, [_fp()])
    with pytest.raises(SettingError) as error:
        find_template("nothing")
    assert error.value.hint == f"there are {', '.join(SHIPPED)}"


# How much a template may do

LONG = "10 ** 9"
TOO_MUCH = [
    "{{ 'x' * 10 ** 10 }}",
    "{{ 10 ** 10 * 'x' }}",
    "{{ ['x'] * 10 ** 10 }}",
    "{{ 9 ** (9 ** 9) }}",
    f"{{{{ 'x' | center({LONG}) }}}}",
    f"{{{{ 'x' | indent({LONG}) }}}}",
    f"{{{{ 5 | indent({LONG}) }}}}",
    f"{{{{ [1] | batch({LONG}, 'x') | list }}}}",
    f"{{{{ ['x'] | map('center', width={LONG}) | list }}}}",
    f"{{{{ 1.5 | round({LONG}, 'floor') }}}}",
    f"{{{{ [[]] | tojson({LONG}) }}}}",
    f"{{% filter center({LONG}) %}}x{{% endfilter %}}",
    "{{ 'xxxx' | replace('x', 'y' * 999999) }}",
    "{{ range(99999) | map('string') | join('x' * 99) }}",
    f"{{{{ 'x'.ljust({LONG}) }}}}",
    f"{{{{ ('x' | safe).center({LONG}) }}}}",
    f"{{{{ (1).to_bytes({LONG}, 'big') }}}}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '%-0.1000000000f' | format(1.5) }}",
    "{{ '{:>1000000000}'.format(1) }}",
    f"{{{{ '{{:{{}}}}'.format(1, {LONG}) }}}}",
    f"{{{{ '%*d' % ({LONG}, 1) }}}}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% macro again(n) %}{% if n %}{{ again(n - 1) }}{{ again(n - 1) }}{% endif %}{% endmacro %}{{ again(99) }}",
    *(
        f"{{% set ns = namespace(x={start}) %}}{{% for i in range(99) %}}{step}{{% endfor %}}"
        for start, step in [
            ("'x'", "{% set ns.x = ns.x ~ ns.x %}"),
            ("'x'", "{% set ns.x = ns.x + ns.x %}"),
            ("'x'", "{% set ns.x %}{{ ns.x }}{{ ns.x }}{% endset %}"),
            ("[]", "{% set ns.x = [ns.x, ns.x] %}"),
            ("[]", "{% set ns.x = (ns.x, ns.x) %}"),
            ("[]", "{% set ns.x = {1: ns.x, 2: ns.x} %}"),
        ]
    ),
    "{% set x = 'x' * 99999 %}{% for i in range(999) %}{{ 'y' if x == x }}{% endfor %}",
    "{% set x = 'x' * 99999 %}{% for i in range(999) %}{% set y = x[1:] %}{% endfor %}",
    "{% for i in range(9999) %}" + "static text " * 99 + "{% endfor %}",
]


@pytest.mark.parametrize("code", TOO_MUCH)
def test_a_template_that_would_not_end_is_refused_with_its_line(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_WORK", 200_000)  # what it is is tested below, and takes seconds to use up
    with pytest.raises(SettingError, match=r"^own.html.j2, line 2: the template does too much: ") as refused:
        _render(f"{{% block script %}}\n{code}{{% endblock %}}")
    assert refused.value.hint == "a template writes the code of some pixels, and nothing else"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("{% for n in range(9) if n is odd %}{{ n }}{{ ', ' if not loop.last }}{% endfor %}", "1, 3, 5, 7"),
        ("{{ '%s=%05.2f, id=6009125095680' | format('v', 1.5) }}", "v=01.50, id=6009125095680"),
        ("{{ '{} {:>3}'.format('v', 1) }}{{ '%d' % 7 }}{{ 2 ** 3 }}{{ 2 ** -1 }}{{ 2.0 ** 2 }}", "v   1780.54.0"),
        ("{% set a, b = 'x', ('y', 'z') %}{{ a * 2 ~ b[0] ~ b[:1] | join ~ {'k': 1}['k'] }}", "xxyy1"),
        ("{{ ['a', 'b'] | join(', ') | replace('a', 'aaa') | center(9) | trim }}", "aaa, b"),
        ("{{ [] | sum }}{{ 5 | default(6009125095680) }}{{ [[]] | tojson }}{{ [1, 2] | first }}", "05[[]]1"),
        ("{% macro m(x) %}{{ x }}{{ caller() }}{% endmacro %}{% call m(1) %}2{% endcall %}", "12"),
        ("{{ [none, 1.5] | join('-') }}", "None-1.5"),
    ],
)
def test_what_a_template_does_at_its_size_it_may_do(code: str, text: str) -> None:
    blocks = _render(f"{{% block script %}}<script>{code}</script>{{% endblock %}}")
    assert blocks == {"script": f"<script>{text}</script>"}


def test_a_template_may_write_the_code_of_some_hundred_pixels_and_no_novel() -> None:
    many = [replace(_fp(), pixel_id=str(6009125095680 + number)) for number in range(300)]
    assert render_blocks(Template("combined"), many)["script"].count("function () { window.fb_param = ") == 300
    with pytest.raises(SettingError, match="more than 2000000 characters"):
        _render("{% block script %}<script>{{ 'x' * 1999999 }}</script>{% endblock %}")


@pytest.mark.parametrize(
    "code", ["{{ __import__('os') }}", "{{ ''.__class__ }}", "{{ lipsum() }}", "{{ self.__init__ }}"]
)
def test_a_template_reaches_nothing_of_python(code: str) -> None:
    with pytest.raises(SettingError, match=r"own.html.j2, line 1: "):
        _render(f"{{% block script %}}{code}{{% endblock %}}")


def test_a_template_that_is_no_templates_size_is_not_read() -> None:
    with Path("own.html.j2").open("wb") as sparse:
        sparse.truncate(3 * 1024**3)
    with pytest.raises(SettingError, match="larger than 1048576 bytes, the most that a template may have"):
        render_blocks(Template("own.html.j2"), [SNIPPET])


def test_a_link_out_of_the_folder_of_templates_is_not_followed() -> None:
    folder = Path("mine")
    (folder / "inject").mkdir(parents=True)
    (folder / "inject" / "real.html.j2").write_text("{% block script %}<script>1</script>{% endblock %}")
    (folder / "inject" / "linked.html.j2").symlink_to("real.html.j2")
    Path("alias").symlink_to(folder)
    assert render_blocks(Template("linked", Path("alias")), [SNIPPET]) == {"script": "<script>1</script>"}
    Path("secret").write_text("secret")
    (folder / "part").symlink_to(Path("secret").resolve())
    Path("own.html.j2").write_text('{% block script %}<script>{% include "part" %}</script>{% endblock %}')
    with pytest.raises(SettingError, match=r"^mine.part: a link that leads out of mine") as refused:
        render_blocks(Template("own.html.j2", folder), [SNIPPET])
    assert "secret" not in refused.value.hint
    (folder / "inject" / "out.html.j2").symlink_to(Path("secret").resolve())
    for ask in (lambda: list_templates(folder), lambda: render_blocks(Template("out", folder), [SNIPPET])):
        with pytest.raises(SettingError, match="a link that leads out of mine"):
            ask()


@pytest.mark.parametrize("value", ["1e999999999", "", "-1", "nan"])
def test_an_amount_is_trimmed_and_nothing_else(value: str) -> None:
    with pytest.raises(SettingError, match="is not an amount"):
        _render("{% block script %}<script>{{ '" + value + "' | trimmed }}</script>{% endblock %}")
