"""The code of a container tag: the settings' places, the global, and `{{`; and which tags page rules become."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import money, rules, snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, hide_percents, images, make_tags, script
from snippetkit.containers.braces import split_braces
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from snippetkit.rules import PixelValue, Rules, SheetChoices
from snippetkit.terms import Consent, TagVariant
from tests.conftest import examples
from tests.pixels import CODES
from tests.server_tags import VALUES
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, purchase

HEADER = "page,pixel,value,currency\n"


def _tag(*codes: Snippet) -> ContainerTag:
    return ContainerTag("A tag", codes)


def test_an_expression_takes_the_place_of_a_setting_with_its_quotes() -> None:
    text = script(_tag(CHECKOUT), {"value": "f('{{x}}')", "currency": "c"})
    assert "fb_param.value = f('{{x}}');\nfb_param.currency = c;\n" in text
    assert "{'value': v, 'currency': 'USD'}" in script(_tag(QUEUED), {"value": "v"})
    assert "{value: v, currency: c}" in script(_tag(purchase()), {"value": "v", "currency": "c"})
    [url] = images(_tag(QUEUED), {"value": "{{x}}"})
    assert url == "https://www.facebook.com/tr?ev=6009125095680&cd[value]={{x}}&cd[currency]=USD&noscript=1"


def test_the_shared_global_is_global_inside_a_function_too() -> None:
    assert "var fb_param" not in script(_tag(CHECKOUT))
    assert "\nwindow.fb_param = {};\n" in script(_tag(CHECKOUT))


def test_several_pixels_have_one_script_and_an_image_each() -> None:
    both = _tag(CHECKOUT, REGISTRATION)
    assert [s.pixel_id for s in snippets.read(script(both))] == ["6009125095680", "6009125095681"]
    assert ["6009125095680" in images(both)[0], "6009125095681" in images(both)[1]] == [True, True]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (META, "A tag: no value to take from the data layer: line 15: add "),
        (Snippet("image", "1", None, None, '<img src="x">', image_span=(10, 11)), "A tag: the code has no script"),
    ],
)
def test_code_without_the_place_is_refused(code: Snippet, reason: str) -> None:
    with pytest.raises(SnippetError, match=reason):
        script(_tag(code), {"value": "v"})


def test_code_without_an_image_names_the_variant_that_it_has() -> None:
    [code] = snippets.read(CODES["fp"].split("<noscript>")[0])
    with pytest.raises(SnippetError, match="A tag: the code has no image") as caught:
        images(_tag(code))
    assert caught.value.hint == "--variant script fires the script alone"


@pytest.mark.parametrize("value", ["{% total %}", *sorted({value for values in VALUES.values() for value in values})])
def test_server_code_is_refused_unless_the_data_layer_has_the_value(value: str) -> None:
    [code] = snippets.read(CODES["fp"].replace("'19.99'", f"'{value}'").split("<noscript>")[0])
    with pytest.raises(SnippetError, match="A tag: the code holds server code"):
        script(_tag(code))
    assert "fb_param.value = v;" in script(_tag(code), {"value": "v"})


@pytest.mark.parametrize("value", ["`${total}`", "order.total", "$total"])
def test_a_value_of_the_pages_own_script_is_no_server_code(value: str) -> None:
    [code] = snippets.read(CODES["fp"].replace("'19.99'", value).split("<noscript>")[0])
    assert f"fb_param.value = {value};" in script(_tag(code))
    [short] = snippets.read(code.source.replace("fb_param.value = ", "fb_param.value="))
    assert f"fb_param.value={value};" in script(_tag(short))


@pytest.mark.parametrize(
    ("code", "split"),
    [
        ("f('{{x}}')", r"f('{\x7bx}}')"),
        ('f("{{{x")', r'f("{\x7b\x7bx")'),
        ("f(/{{/)", r"f(/{\x7b/)"),
        ("f(`{{${{}.a}`)", r"f(`{\x7b${ {}.a}`)"),
        ("if (x) {{ y('é{{'); }}", r"if (x) { { y('é{\x7b'); }}"),
        ("// {{\nx()", "// { {\nx()"),
    ],
)
def test_double_braces_are_split_and_mean_the_same(code: str, split: str) -> None:
    assert split_braces(f"<script>{code}</script>") == f"<script>{split}</script>"


def test_double_braces_that_cannot_be_split_are_refused() -> None:
    for text in ("<script id='{{x}}'></script>", "<script>f({{</script>"):
        with pytest.raises(SnippetError):
            split_braces(text)
    assert split_braces("<script>f({</script>") == "<script>f({</script>"


@pytest.mark.parametrize(
    ("code", "hidden"),
    [
        ("f('%x% é %')", r"f('\x25x\x25 é \x25')"),
        (r"f('\%x%\\%\\\%')", r"f('\x25x\x25\\\x25\\\x25')"),
        ("f(/%x%/)", r"f(/\x25x\x25/)"),
        ("f(`%${a%event%b}%`)", "f(`\\x25${a%\nevent%\nb}\\x25`)"),
        ("a %= b % c // %x%\n/* % */", "a %=\n b %\n c // \\x25x\\x25\n/* \\x25 */"),
        ("f('100%')", "f('100%')"),
    ],
)
def test_percent_signs_are_hidden_and_mean_the_same(code: str, hidden: str) -> None:
    assert hide_percents(code) == hidden
    assert hide_percents(hidden) == hidden


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("",), "is not an event name"),
        (("{{x}}",), "is not an event name"),
        (("a", "x..y"), "is not a data-layer path"),
        (("a", "x", "1"), "is not a data-layer path"),
        (("a", "order", "order.currency"), "order and order.currency are not two values"),
        (("a", "value", "value"), "are not two values"),
    ],
)
def test_an_event_has_a_name_and_keys_that_every_target_can_write(arguments: tuple[str, ...], reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        DataLayerEvent.of(*arguments)


def _codes(parsed: Rules, dialect: str) -> dict[PixelValue, Snippet]:
    codes: dict[PixelValue, Snippet] = {}
    for rule in parsed.rules:
        old = "434566956589050" if dialect == "fbq" else "6009125095680"
        code = snippets.join(snippets.read(CODES[dialect].replace(old, rule.pixel_id)))
        if rule.value_cents is not None:
            code = code.with_value(money.to_major(rule.value_cents, "USD"))
        codes[rule.pixel_value] = code
    return codes


def _tags(text: str, dialect: str = "fbds") -> list[ContainerTag]:
    parsed = rules.parse(HEADER + text, "rules.csv", choices=SheetChoices(allow_empty=True))
    accounts: Mapping[str, str | None] = {rule.pixel_id: None for rule in parsed.rules}
    return make_tags(parsed, _codes(parsed, dialect), accounts, TagVariant.SCRIPT, Consent.ADS)


def _said(tag: ContainerTag) -> tuple[str, list[str], list[str]]:
    return tag.name, [rule.description for rule in tag.rules], [rule.description for rule in tag.exceptions]


def test_each_conversion_is_a_tag_with_all_of_its_pages() -> None:
    tags = _tags("/a.html,1,500,USD\n/b.html,1,500,USD\n/c.html,1,600,USD\n/a.html,2,700,USD\n")
    assert [_said(tag) for tag in tags] == [
        ("Pixel 1 5.00 USD", ["Page path is /a.html", "Page path is /b.html"], []),
        ("Pixel 1 6.00 USD", ["Page path is /c.html"], []),
        ("Pixel 2 7.00 USD", ["Page path is /a.html"], []),
    ]


def test_a_page_that_has_a_rule_of_its_own_is_an_exception_of_the_pattern() -> None:
    tags = _tags("/**,1,100,USD\n/shop/**,1,200,USD\n/shop/tea.html,1,100,USD\n")
    everywhere, shop = "Page path matches ^/(?:[^/]+/)*[^/]*$", "Page path matches ^/shop/(?:[^/]+/)*[^/]*$"
    assert [_said(tag) for tag in tags] == [
        ("Pixel 1 1.00 USD", ["Page path is /shop/tea.html"], []),
        ("Pixel 1 1.00 USD (2)", [everywhere], ["Page path is /shop/tea.html", shop]),
        ("Pixel 1 2.00 USD", [shop], ["Page path is /shop/tea.html"]),
    ]


def test_pixels_that_share_a_global_have_one_tag_on_a_page_that_both_are_on() -> None:
    tags = _tags("/a.html,6009125095680,,\n/a.html,6009125095681,,\n/b.html,6009125095680,,\n", "fp")
    assert [([s.pixel_id for s in tag.snippets], _said(tag)[1]) for tag in tags] == [
        (["6009125095680", "6009125095681"], ["Page path is /a.html"]),
        (["6009125095680"], ["Page path is /b.html"]),
    ]


@pytest.mark.parametrize(
    ("text", "dialect", "reason"),
    [
        (
            "/a.html,1,,\n/a.html,2,,\n",
            "fbq",
            "line 2: /a.html has pixel 1 and pixel 2: they cannot both report correctly",
        ),
        ("/**,1,,\n/shop/**,2,,\n", "fp", "lines 2 and 3: /\\*\\* and /shop/\\*\\* may be one page, with pixel 1 and"),
        ("/x/index.html,1,1,USD\n/x/index.htm,1,2,USD\n", "fbds", "the folder's URL shows one index"),
        ("/a.html,1,,\n/a%20b.html,1,,\n", "fp", "rules.csv, line 3: /a%20b.html has a '%'"),
        ("/**/50%*,1,,\n", "fp", "line 2: .* has a '%'"),
        ("/a|b.html,1,,\n", "fp", "rules.csv, line 2: browsers differ about the '\\|'"),
    ],
)
def test_what_could_not_report_right_is_refused(text: str, dialect: str, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        _tags(text, dialect)


_SEGMENTS = st.sampled_from(["a", "b", "*", "a*", "**", "index.html", "a.html", "*.html", "b c"])
_PAGES = st.lists(_SEGMENTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
_URLS = [
    "/".join(["https://shop.example", *parts])
    for parts in [[""], *([a, *rest] for a in ("a", "b", "ab", "index.html", "a.html", "b%20c")
      for rest in ([], [""], ["a"], ["a.html"], ["index.html"], ["b", ""], ["b", "a.html"], ["a", "b", "index.html"]))]
]  # fmt: skip


@settings(max_examples=examples(300))
@given(
    st.lists(st.tuples(_PAGES, st.sampled_from(["1", "2"]), st.integers(1, 3)), min_size=1, max_size=5),
    st.sampled_from(["fp", "fbds"]),
)
def test_each_url_reports_what_inject_would_have_put_into_its_file(
    rows: list[tuple[str, str, int]], dialect: str
) -> None:
    text = "".join(f"{page},{pixel},{value},USD\n" for page, pixel, value in rows)
    try:
        parsed = rules.parse(HEADER + text, "rules.csv", choices=SheetChoices(allow_empty=True))
        tags = _tags(text, dialect)
    except SettingError:
        return
    for url in _URLS:
        path = url.removeprefix("https://shop.example").replace("%20", " ")
        files = [path + index for index in ("index.html", "index.htm")] if path.endswith("/") else [path]
        wanted = [{(rule.pixel_id, f"0.0{rule.value_cents}") for rule in parsed.match(file)} for file in files]
        fired = [(code.pixel_id, code.value) for tag in tags if tag.fires_on(url) for code in tag.snippets]
        assert len(fired) == len(dict(fired)), (url, fired)
        assert set(fired) in wanted or (
            path.endswith("/") and {p for p, _ in fired} == {p for f in wanted for p, _ in f}
        )
