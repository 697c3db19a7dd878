"""Code in any shape that was met on pages is read right, or reported, and a value changes its own bytes alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import lint, snippets
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.pixels import EVERY_CODE as CODES
from tests.pixels import META_ID, PURCHASE

FBDS = CODES["fbds"]
OTHER = "6009125095681"


def one(text: str) -> Snippet:
    [snippet] = snippets.read(text)
    return snippet


def meaning(snippet: Snippet) -> tuple[str, str, str | None, str | None, str | None]:
    return snippet.dialect, snippet.pixel_id, snippet.event, snippet.value, snippet.currency


@pytest.mark.parametrize(
    ("name", "expected", "conversion"),
    [
        ("fp", ("fp", PIXEL_ID, None, "19.99", "USD"), True),
        ("fbds", ("fbds", PIXEL_ID, None, "19.99", "USD"), True),
        ("fbq", ("fbq", META_ID, "PageView", None, None), False),
        ("audience", ("audience", META_ID, "PixelInitialized", None, None), False),
        ("image", ("image", PIXEL_ID, None, "19.99", "USD"), True),
    ],
)
def test_each_dialect(name: str, expected: tuple[str, ...], conversion: bool) -> None:
    snippet = one(CODES[name])
    assert meaning(snippet) == expected
    assert snippet.conversion is conversion
    assert snippet.noscript in CODES[name]
    assert snippet.source in CODES[name]
    assert snippet.image_url.startswith("https://www.facebook.com/")


FP_19_99 = ("fp", PIXEL_ID, None, "19.99", "USD")
FBDS_19_99 = ("fbds", PIXEL_ID, None, "19.99", "USD")


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        (JS_PIXEL, "'", '"'),
        (JS_PIXEL, "= '19.99'", "= 19.99"),
        (JS_PIXEL, "fb_param.value", "fb_param['value']"),
        (JS_PIXEL, "fb_param.value", "window.fb_param.value"),
        (JS_PIXEL, "\n", "\r\n"),
        (JS_PIXEL, "\n", "\t"),
        (JS_PIXEL, "';\nfb_param", "',\nfb_param"),
        (JS_PIXEL, "'19.99'", "('19.99')"),
        (JS_PIXEL, "'19.99'", "'\\x319.99'"),
        (JS_PIXEL, "var fb_param = {};", "/* fb_param.value = '1.00' */ var fb_param = {}; // fb_param.value = '2.00'"),
        (JS_PIXEL, "var fb_param = {};", "var x = \"fb_param.value = '1.00'\"; var fb_param = {};"),
        (JS_PIXEL, "var fb_param = {};", "my_fb_param.value = '1.00'; fb_params.value = '2.00'; var fb_param = {};"),
        (JS_PIXEL, "&amp;", "&"),
        (JS_PIXEL, "&amp;", "&#38;"),
        (JS_PIXEL, "https://www", "//www"),
        (JS_PIXEL, "&amp;value", "\n&amp;value"),
        (JS_PIXEL, "value=19", "value=1\n9"),
        (JS_PIXEL, 'USD" />', 'USD#x" />'),
        (JS_PIXEL, "text/javascript", "application/x-javascript"),
        (JS_PIXEL, "https://www", "http://www"),
        (JS_PIXEL, ' alt=""', ""),
        (JS_PIXEL, " />", "/>"),
        (JS_PIXEL, " />", ">"),
        (JS_PIXEL, ' type="text/javascript"', " type=text/javascript async"),
        (JS_PIXEL, "<script", "<SCRIPT"),
        (FBDS, "'", '"'),
        (FBDS, "'value': '19.99', 'currency': 'USD'", "currency: 'USD', value: 19.99"),
        (FBDS, "'USD'}", "'USD',}"),
        (FBDS, "cd[value]", "cd%5Bvalue%5D"),
        (FBDS, "\nwindow._fbq.push", "\n_fbq.push"),
        (FBDS, "\nwindow._fbq.push", "\n(window._fbq = window._fbq || []).push"),
        (FBDS, "\nwindow._fbq.push", "\n(window._fbq || []).push"),
        (FBDS, "['track'", "[\n\t'track'  "),
        (FBDS, "www.facebook.com/tr?ev=", "www.facebook.com/tr/?ev="),
        (FBDS, "cd[value]=19.99&amp;cd[currency]=USD", "cd[currency]=USD&amp;cd[value]=19.99"),
    ],
)
def test_a_variant_means_the_same(code: str, old: str, new: str) -> None:
    text = code.replace(old, new)
    assert text != code
    snippet = one(text)
    assert meaning(snippet) == (FP_19_99 if code is JS_PIXEL else FBDS_19_99)
    assert snippet.image_url.startswith("https://www.facebook.com/")
    assert "&amp;" not in snippet.image_url


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("fb_param={pixel_id:'1',value:'2.00'}", [("fp", "1", None, "2.00", None)]),
        ("var fb_param=fb_param||{value:'2.00',pixel_id:'1'}", [("fp", "1", None, "2.00", None)]),
        ("var fb_param=window.fb_param={};fb_param.pixel_id=1", [("fp", "1", None, None, None)]),
        ("fb_param.value='2';fb_param.pixel_id='1';fb_param.value='4';fb_param.pixel_id='3'",
         [("fp", "1", None, "2", None), ("fp", "3", None, "4", None)]),
        ("fb_param={pixel_id:'1',value:'0.00'};fb_param.value='2.00'", [("fp", "1", None, "2.00", None)]),
        ("_fbq.push(['track','1',{value:'2'}]);_fbq.push(['track','3',{value:'4'}])",
         [("fbds", "1", None, "2", None), ("fbds", "3", None, "4", None)]),
        ("_fbq.push(['track','1'],['track','3'])", [("fbds", "1", None, None, None), ("fbds", "3", None, None, None)]),
        ("_fbq.push(['track','1',{value:'2'}]);fbq('init','5');fbq('track','Lead')",
         [("fbds", "1", None, "2", None), ("fbq", "5", "Lead", None, None)]),
        ("fbq('init','1');fbq('track','Lead',{currency:'EUR','value':\"2\"})", [("fbq", "1", "Lead", "2", "EUR")]),
        ("fbq('init','1');fbq('track','PageView');fbq('track','Lead',{value:1,currency:'USD'});",
         [("fbq", "1", "PageView", None, None), ("fbq", "1", "Lead", "1", "USD")]),
        ("fbq('init','1');fbq('init','2');fbq('track','Lead')",
         [("fbq", "1", "Lead", None, None), ("fbq", "2", "Lead", None, None)]),
        ("fbq('init','1');fbq('track','Lead',({value:2}))", [("fbq", "1", "Lead", "2", None)]),
        ("fbq('init','1');fbq('track','Lead',[])", [("fbq", "1", "Lead", None, None)]),
        ("_fbq.push(['track','1',[]])", [("fbds", "1", None, None, None)]),
        ("fbq('trackSingle','7','Lead',{value:1})", [("fbq", "7", "Lead", "1", None)]),
        ("window.fbq('init',1),window.fbq('trackCustom','Mine')", [("fbq", "1", "Mine", None, None)]),
        ("fbq('track','Lead')", [("fbq", "", "Lead", None, None)]),
        ("_fbds={};_fbds.pixelId=7", [("audience", "7", None, None, None)]),
        ("_fbq.push(['track','Signup',{}])", [("audience", "", "Signup", None, None)]),
        ("var s = '_fbq.push([\"track\",\"1\"])'; /* fbq('track', 'Lead') */", []),
        ("xfbq('track', 'Lead'); fbq.track('Lead'); fbq(x)", []),
        ("push(_fbq); _fbq.push(['track']); _fbq.push(x, [], ['a', 'b'])", []),
    ],
)  # fmt: skip
def test_what_a_script_reports(script: str, found: list[tuple[str | None, ...]]) -> None:
    assert [meaning(snippet) for snippet in snippets.read(f"<script>{script}</script>")] == found


@pytest.mark.parametrize(
    "value",
    ["<?php echo $total ?>", "'<?= $total ?>'", "{{ total }}", "'{{ total }}'", "{$amount}", "'{$a.b}'", "order.total",
     "'1' + x", "<%= total %>", "-x", "`${x}`", "{% if a %}1{% else %}2{% endif %}", "f(1)", "a ? '1' : '2'"],
)  # fmt: skip
def test_a_value_that_is_no_literal_is_dynamic_and_never_read_as_a_number(value: str) -> None:
    for code in (JS_PIXEL.replace("= '19.99'", f"= {value}"), FBDS.replace(": '19.99'", f": {value}")):
        snippet = one(code)
        assert (snippet.pixel_id, snippet.currency, snippet.dynamic) == (PIXEL_ID, "USD", True)
        assert snippet.value in {value, value[1:-1]}
        assert "dynamic-value" in [finding.code for finding in lint.find(snippets.parse(code))]


@pytest.mark.parametrize(
    ("script", "event", "value"),
    [
        ("fbq('init','1');fbq('track',name)", "name", None),
        ("fbq('init','1');fbq('track','Purchase',data)", "Purchase", "data"),
        ("fbq('init','1');fbq('track','Purchase',data || {value: 1})", "Purchase", "data || {value: 1}"),
        ("fbq('init',id);fbq('track','Purchase',{value:1})", "Purchase", "1"),
        ("_fbq.push(['track','1',data])", None, "data"),
        ("fb_param={pixel_id:'1'};if(a)fb_param.value='2';else fb_param.value='3'", None, "3"),
        ("fb_param={pixel_id:'1'};a?fb_param.value='2':fb_param.value='3'", None, "3"),
        ("fb_param={pixel_id:'1',value:'2'};fb_param.value+='3'", None, "3"),
        ("fb_param={pixel_id:'1',value:'2'};a&&(fb_param.value='3')", None, "3"),
        ("fb_param={pixel_id:'1',value:'2'};a||b?c:(fb_param.value='3')", None, "3"),
        ("fbq('init','1');fbq('track','Lead',{value, currency})", "Lead", "value"),
        ("fbq('init','1');fbq('track','Lead',{...data})", "Lead", "{...data}"),
        ("fbq('init','1');fbq('track','Lead',{value: 1, [key]: 2})", "Lead", "{value: 1, [key]: 2}"),
        ("fbq('init','1');fbq('track','Lead',{value: 1, ...data})", "Lead", "{value: 1, ...data}"),
        ("fbq('init','1');fbq('track','Lead',{['val' + key]: 1})", "Lead", "{['val' + key]: 1}"),
        ("fbq('init','1');fbq('track','Lead',a ? {value: 1} : {})", "Lead", "a ? {value: 1} : {}"),
    ],
)
def test_what_is_told_by_an_expression_is_dynamic(script: str, event: str | None, value: str | None) -> None:
    snippet = one(f"<script>{script}</script>")
    assert (snippet.event, snippet.value, snippet.dynamic) == (event, value, True)
    if value not in {None, "1"}:
        with pytest.raises(SnippetError, match="line 1: the value depends on "):
            snippet.with_value("5.00", force=True)


@pytest.mark.parametrize(
    ("members", "told", "order_id"),
    [
        ("...data, value: 5, currency: 'USD'", ("5", "USD", False), "...data"),
        ("...data, value: 5", ("5", "...data", True), "...data"),
        ("value: 5, ...data, currency: 'USD'", ("{value: 5, ...data, currency: 'USD'}", "USD", True), "...data"),
        ("currency, transaction_id: id, value: 5", ("5", "currency", True), "id"),
        ("value: 5, currency: 'USD', transaction_id", ("5", "USD", False), "transaction_id"),
        ("value: 5, currency: 'USD', items, coupon() {}", ("5", "USD", False), None),
        ("...data, transaction_id: 'A-1', value: 5, currency: 'USD'", ("5", "USD", False), "A-1"),
        ("transaction_id: 'A-1', ...data, value: 5, currency: 'USD'", ("5", "USD", False), "...data"),
        ("value: 4, [key]: 1, value: 5, currency: 'USD'", ("5", "USD", False), "[key]: 1"),
    ],
)
def test_of_an_object_only_what_another_part_may_set_over_is_not_known(
    members: str, told: tuple[str, str, bool], order_id: str | None
) -> None:
    text = f"<script>gtag('config', 'G-AB1CD2EF3G'); gtag('event', 'purchase', {{{members}}});</script>"
    snippet = one(text)
    assert ((snippet.value, snippet.currency, snippet.dynamic), snippet.order_id) == (told, order_id)
    codes = {finding.code for finding in lint.find(snippets.parse(text))}
    assert "currency-missing" not in codes
    assert ("order-id-missing" in codes, "dynamic-value" in codes) == (order_id is None, told[0] != "5")
    if told == ("5", "USD", False):
        changed = snippet.with_value("7.00", "EUR").source
        assert changed == text.replace("value: 5", "value: 7.00").replace("'USD'", "'EUR'")
    else:
        with pytest.raises(SnippetError, match="depends on"):
            snippet.with_value("7.00", "EUR", force=True)


@pytest.mark.parametrize("value", ["`19.99`", "'\\u0031\\\n9.99'", "'\\x31\\9.\\u00399'", "'\\61\\u{39}.99'"])
def test_a_literal_in_another_form_is_none_the_less_one(value: str) -> None:
    snippet = one(JS_PIXEL.replace("'19.99'", value))
    assert (snippet.value, snippet.dynamic) == ("19.99", False)


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- {JS_PIXEL.replace('<!--', '').replace('-->', '')} -->",
        f"<script>var s = {JS_PIXEL.partition('<noscript>')[1]!r};</script>",
        "<script>document.write('<noscript><img src=\"https://www.facebook.com/tr?id=1&ev=Lead\"></noscript>')</script>",
        f"<template>{FBDS}</template>",
        f"<textarea>{CODES['image']}</textarea>",
        f"<style>{CODES['image']}</style>",
        "<img src='https://www.facebook.com.example.com/tr?id=1'><img src='https://www.facebook.com/share'>",
        "<p>fbq('track', 'Lead') and fb_param.value = '1.00'</p>",
    ],
)
def test_what_is_not_run_is_not_found(text: str) -> None:
    assert snippets.read(text) == []


def test_one_noscript_with_several_images_belongs_to_each_of_its_pixels() -> None:
    second = FBDS.replace(PIXEL_ID, OTHER)
    image = snippets.read(second)[0].noscript
    push = re.search(r"window\._fbq\.push.*\n", second)
    assert push
    text = FBDS.replace("</script>", f"{push[0]}</script>").replace("</noscript>", f"{image}</noscript>")
    both = snippets.read(text)
    assert [snippet.pixel_id for snippet in both] == [PIXEL_ID, OTHER]
    assert [snippet.image_url.partition("ev=")[2][:13] for snippet in both] == [PIXEL_ID, OTHER]
    assert both[0].noscript == both[1].noscript
    assert both[0].noscript.count("<img") == 2


def test_several_blocks_on_one_page_each_with_its_place_and_its_noscript() -> None:
    page = (
        f"<!doctype html>\n<head>\n<title>é</title>é<script></script>{one(JS_PIXEL).script}</head><body>\n"
        f"<noscript>{one(JS_PIXEL).noscript}</noscript><p>x</p>\n  {FBDS}{CODES['fbq']}{CODES['audience']}"
    )
    found = snippets.read(page)
    assert [snippet.dialect for snippet in found] == ["fp", "fbds", "fbq", "audience"]
    for snippet in found:
        before = page[: page.index(snippet.script)].split("\n")
        assert (snippet.line, snippet.column) == (len(before), len(before[-1]) + 1)
    assert found[0].source == f"{found[0].script}\n<noscript>{found[0].noscript}</noscript>"
    assert all(snippet.noscript in page for snippet in found)


def test_the_pixel_that_was_named_in_an_earlier_script_is_that_of_a_later_event() -> None:
    page = CODES["fbq"] + "<script>fbq('track', 'Purchase', {value: 5, currency: 'USD'})</script>"
    assert [meaning(snippet)[1:4] for snippet in snippets.read(page)] == [
        (META_ID, "PageView", None),
        (META_ID, "Purchase", "5"),
    ]


def test_the_old_endpoint_under_the_newer_script_is_its_image() -> None:
    text = FBDS.partition("<noscript>")[0] + CODES["image"]
    snippet = one(text)
    assert (snippet.dialect, snippet.image_url.partition("?")[0]) == (
        "fbds",
        "https://www.facebook.com/offsite_event.php",
    )


@pytest.mark.parametrize(
    ("code", "written", "image"),
    [
        (JS_PIXEL, "'5.00'", "value=5&"),
        (FBDS, "'5.00'", "cd[value]=5.00&"),
        (PURCHASE, "value: 5.00,", "cd[value]=5.00&"),
        (JS_PIXEL.replace("'19.99'", "19.99"), "= 5.00;", "value=5&"),
        (FBDS.replace("&amp;cd[value]", "&amp;cd%5Bvalue%5D"), "'5.00'", "cd%5Bvalue%5D=5.00&"),
    ],
)
def test_a_value_is_written_in_the_dialects_own_form_and_nothing_else_changes(
    code: str, written: str, image: str
) -> None:
    before = one(code)
    after = before.with_value("5", "EUR")
    assert written in after.script
    assert image in after.image_url
    assert (after.value, after.currency) == ("5.00", "EUR")
    assert re.sub(r"19\.99|30\.00|USD", "#", before.source) == re.sub(r"5\.00|(?<=value=)5|EUR", "#", after.source)
    assert after.with_value("5.00", "EUR") == after
    assert meaning(one(after.source)) == meaning(after)
    assert after.with_value(before.value or "", "USD").source == before.source


@pytest.mark.parametrize(
    ("code", "place"),
    [
        (JS_PIXEL.replace("fb_param.value = '19.99';\n", ""), "line 4: add fb_param.value = '0.00'; after fb_param."),
        (JS_PIXEL.replace("&amp;value=19.99", ""), "line 15: add &amp;value=0.00 to the image's URL"),
        (FBDS.replace(", {'value': '19.99', 'currency': 'USD'}", ""), "line 14: add {'value': '0.00', 'currency"),
        (FBDS.replace("cd[value]=19.99&amp;cd[currency]=USD", "cd=&amp;cd=USD"), "line 16: add &amp;cd%5Bvalue%5D=0."),
        (FBDS.replace("&amp;noscript=1", "&amp;cd[value]=1"), "line 16: the image's URL names the value twice"),
        (CODES["fbq"], "line 15: add {value: 0.00, currency: 'USD'} as the last argument"),
        (CODES["audience"], "line 11: an audience pixel reports no value"),
    ],
)  # fmt: skip
def test_where_there_is_no_place_for_a_value_the_error_names_where_to_add_one(code: str, place: str) -> None:
    with pytest.raises(SnippetError, match=re.escape(place)):
        one(code).with_value("5.00")


def test_a_dynamic_value_is_only_replaced_by_force() -> None:
    for value in ("<?php echo $x ?>", "'<?php echo $x ?>'", "order.total"):
        snippet = one(JS_PIXEL.replace("'19.99'", value))
        with pytest.raises(SnippetError, match="set while the page is built or shown") as error:
            snippet.with_value("5.00")
        assert "--force" in error.value.hint
        forced = snippet.with_value("5.00", force=True)
        assert "fb_param.value = '5.00';" in forced.script
        assert forced.with_value("5.00") == forced
        assert forced.with_value("6.00").source == snippet.with_value("6.00", force=True).source
        assert one(forced.source).value == "5.00"


@pytest.mark.parametrize(
    ("value", "currency"), [("1,00", None), ("", None), ("1.999", None), ("1", "usd"), ("-1", None)]
)
def test_what_is_no_amount_is_refused(value: str, currency: str | None) -> None:
    with pytest.raises(SettingError):
        one(JS_PIXEL).with_value(value, currency)


AMOUNTS = st.decimals(0, 10**12, places=2).map(str)
WRITABLE = st.sampled_from([JS_PIXEL, FBDS, PURCHASE, CODES["image"], JS_PIXEL.replace("\n", "\r\n"),
                            f"<p title='é'>☃</p>{FBDS}<!-- é -->{PURCHASE}"])  # fmt: skip


@given(WRITABLE, AMOUNTS, st.sampled_from(["USD", "JPY", "EUR"]))
def test_what_was_written_is_read(code: str, value: str, currency: str) -> None:
    for snippet in snippets.read(code):
        after = snippet.with_value(value, currency)
        again = one(after.source)
        assert float(again.value or "nan") == float(value)
        assert again.currency == currency
        assert again.source == after.source
        assert [(p.name, p.start, p.end) for p in again.places] == [(p.name, p.start, p.end) for p in after.places]
        assert after.with_value(value, currency).source == after.source
        kept = _without(snippet.source, snippet), _without(after.source, after)
        assert kept[0] == kept[1]
        assert not [f for f in lint.find(snippets.parse(after.source)) if f.code.endswith("mismatch")]


def _without(source: str, snippet: Snippet) -> str:
    for place in reversed(snippet.places):
        source = source[: place.start] + "#" + source[place.end :]
    return source


TOKENS = re.findall(r"\w+|\s+|.", "".join(CODES.values()) + PURCHASE)
PIECES = st.sampled_from(
    [*sorted(set(TOKENS)), *CODES.values(), PURCHASE, "<script>", "</script>", "<noscript>", "<!--", "-->", "<?php",
     "?>", "{{", "}}", "é", "\ud800", "\0"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
def test_reading_and_linting_never_raise(text: str) -> None:
    document = snippets.parse(text)
    for snippet in snippets.read_document(document):
        if text.isprintable():
            assert snippet.script in text
            assert snippet.noscript in text
    for finding in lint.find(document) + lint.find_untrusted(document):
        assert finding.code in lint.CODES
        assert finding.line >= 1
        assert finding.column >= 1


@st.composite
def mutations(draw: st.DrawFn) -> str:
    tokens = re.findall(r"\w+|\s+|.", draw(st.sampled_from([*CODES.values(), PURCHASE])))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(tokens) - 1))
        tokens[start : start + draw(st.integers(0, 3))] = draw(st.lists(PIECES, max_size=2))
    return "".join(tokens)


# A loader's element and the script behind it stand together in a snippet, whatever was between them.
_APART = re.compile(r"(?<=</script>)\n(?=<script)", re.IGNORECASE)


@given(mutations())
def test_broken_code_is_read_as_far_as_it_goes(text: str) -> None:
    for snippet in snippets.read(text):
        assert all(element in text for element in _APART.split(snippet.script))
        assert snippet.noscript in text
        try:
            after = snippet.with_value("5.00", force=True)
        except SnippetError:
            continue
        kept = (_without(found.source, found).replace("'#'", "#") for found in (snippet, after))
        assert next(kept) == next(kept)


def test_an_image_that_lost_its_brackets_keeps_the_value_from_being_set_in_the_script_alone() -> None:
    text = PURCHASE.replace("cd[value]=30.00&cd[currency]=USD", "cd=30.00&cd=USD")
    with pytest.raises(SnippetError, match=r"add &amp;cd%5Bvalue%5D=0\.00 to the image's URL"):
        one(text).with_value("5.00")


EVENT = "fbq('track', 'Purchase', {value: 30, currency: 'USD'});\n"
BASE_AND_PURCHASE = CODES["fbq"].replace("</script>", f"{EVENT}</script>")


def test_what_one_script_of_one_pixel_reports_is_joined_to_its_conversion_with_the_noscript() -> None:
    joined = snippets.join(snippets.read(BASE_AND_PURCHASE))
    assert (joined.event, joined.value) == ("Purchase", "30")
    assert joined.source in BASE_AND_PURCHASE
    assert "ev=PageView" in joined.image_url
    after = joined.with_value("5.00", "EUR")
    assert after.source == joined.source.replace("value: 30, currency: 'USD'", "value: 5.00, currency: 'EUR'")
    assert after.noscript == joined.noscript


def test_the_noscript_in_front_of_its_script_is_joined_too() -> None:
    script, _, noscript = BASE_AND_PURCHASE.partition("<noscript>")
    joined = snippets.join(snippets.read(f"<noscript>{noscript}{script}"))
    assert "value: 5.00," in joined.with_value("5").script


@pytest.mark.parametrize(
    "script",
    [
        "fbq('init','1');fbq('init','2');fbq('track','Lead')",
        "fbq('init','1');fbq('track','Lead');fbq('track','Lead')",
        "_fbq.push(['track','1']);_fbq.push(['track','1'])",
        "_fbq.push(['track','1']);_fbq.push(['track','2'])",
    ],
)
def test_what_several_pixels_report_or_one_reports_twice_is_not_joined(script: str) -> None:
    with pytest.raises(SnippetError, match="one script reports "):
        snippets.join(snippets.read(f"<script>{script}</script>"))
