"""`js_pixel` is read into exact slices, and whatever is not conversion code is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import snippets
from snippetkit.errors import SettingError, SnippetError
from snippetkit.terms import Variant
from tests.conftest import JS_PIXEL, PIXEL_ID
from tests.reading import read_js_pixel

SNIPPET = read_js_pixel(JS_PIXEL)
IMAGE = JS_PIXEL.partition("<noscript>")[2].partition("</noscript>")[0]


def test_the_halves_are_exact_slices_and_the_vendors_comment_is_left_out() -> None:
    assert SNIPPET.pixel_id == PIXEL_ID
    assert (SNIPPET.value, SNIPPET.currency) == ("19.99", "USD")
    assert f"<!-- Conversion code for Thank you -->\n{SNIPPET.source}\n" == JS_PIXEL
    assert SNIPPET.source == f"{SNIPPET.script}\n<noscript>{SNIPPET.noscript}</noscript>"
    assert SNIPPET.noscript == IMAGE


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        (Variant.FULL, SNIPPET.source),
        (Variant.SCRIPT, SNIPPET.script),
        (Variant.NOSCRIPT, IMAGE),
        (Variant.IMAGE, f"https://www.facebook.com/offsite_event.php?id={PIXEL_ID}&value=19.99&currency=USD"),
    ],
)
def test_each_variant(variant: Variant, text: str) -> None:
    assert snippets.take_variant(SNIPPET, variant) == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("'", '"'),
        ("fb_param.", "window.fb_param."),
        (";\n", ";"),
        (' type="text/javascript"', ""),
        ("https://connect", "//connect"),
        ("https://www", "//www"),
        ("&amp;", "&"),
        ("value=19.99", "value=19.990"),
        ("= '19.99'", "= 19.99"),
        (" />", ">"),
        ("<noscript>", "<noscript>\n  "),
        ("Thank you", "é ☃ --"),
    ],
)
def test_shapes_that_mean_the_same_are_read(old: str, new: str) -> None:
    text = JS_PIXEL.replace(old, new)
    snippet = read_js_pixel(text)
    assert (snippet.pixel_id, snippet.value, snippet.currency) == (PIXEL_ID, "19.99", "USD")
    assert snippet.source in text
    assert snippet.image_url.startswith("https://www.facebook.com/offsite_event.php?id=")
    assert "&amp;" not in snippet.image_url


def test_code_without_a_currency_is_read() -> None:
    text = JS_PIXEL.replace("fb_param.currency = 'USD';\n", "").replace("&amp;currency=USD", "")
    assert read_js_pixel(text).currency is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (JS_PIXEL, "", "found neither"),
        (JS_PIXEL, "https://example.com", "found neither"),
        ("</noscript>", "", "noscript is not closed"),
        ("</script>", "", "expected one script and then one noscript, found script"),
        ("<noscript>", "<noscript><noscript>", "something other than one image"),
        ("Thank you", "CV --><script>alert(1)</script>", "found script, script, noscript"),
        ("Thank you", "\ud800", "not valid HTML"),
        ("<noscript>", "<img><noscript>", "something between"),
        ("<script ", "<script src=x ", "attributes other than type: src"),
        ("var fb", "/* <!-- */ var fb", "holds '<!--'"),
        ("var fb", "var var fb", "not valid JavaScript"),
        ("var fb", "eval(1); var fb", "line 2: 'eval'"),
        ("var fb", "fetch('//x'); var fb", "line 2: 'fetch'"),
        ("var fb", "new Image(); var fb", r"line 2: 'new Image\(\)'"),
        ("var fb", "window['ev' + 'al']; var fb", "is not part of fp"),
        ("var fb", "window['x']; var fb", "is not part of fp"),
        ("connect.facebook.net", "connect.facebook.net.example.com", "is not part of fp"),
        ("'https://connect", "'https:' + '//connect", "is not part of fp"),
        ("/fp.js", "/fbevents.js", "is not part of fp"),
        ("'19.99'", "total", "'total' is not part of fp"),
        ("'19.99'", "first", "'first' is not part of fp"),
        ("'19.99'", "document", "value is not a literal"),
        ("var fb", "var location; location = 'x'; var fb", "'location' is not part of fp"),
        ("})();", "})(); (function () { loader.async = true })();", "line 12: a second function"),
        ("})();", "})(); loader.async = true;", "'loader' is not part of fp"),
        ("'19.99'", "'1e3'", "the script's value is 1e3"),
        ("'19.99'", "'20.00'", "the script's value is 20.00, the noscript's 19.99"),
        ("(function () {", "(function () { var x = fb_param; x.value = '5';", "not set on the global"),
        ("(function () {", "(function () { fb_param.value = '5';", "not set on the global"),
        (f"'{PIXEL_ID}'", "'6009125095681'", "pixel_id is 6009125095681, the noscript's 6009125095680"),
        (f"'{PIXEL_ID}'", "''", "names no pixel"),
        ("'USD'", "'EUR'", "currency is EUR, the noscript's USD"),
        ("&amp;currency=USD", "", "currency is USD, the noscript's None"),
        ("value=19.99", "value=19.99&amp;x=1", "unexpected parameters: x"),
        ("currency=USD", "currency=USD#x", "does not load www.facebook.com"),
        ("value=19.99", "value=19.99&amp;value=1", "names a parameter twice"),
        ("www.facebook.com", "www.facebook.com.example.com", "does not load www.facebook.com"),
        ("www.facebook.com", "www.facebook.com@example.com", "does not load www.facebook.com"),
        ("https://www", "javascript://www", "does not load www.facebook.com"),
        ("https://www.facebook.com", "https://[www", "URL cannot be read"),
        ("<img ", "<img onload=x ", "unexpected attributes: onload"),
        ("<img ", "<img><img ", "something other than one image"),
        (" /></noscript>", " />text</noscript>", "something other than one image"),
        ("<img ", "<iframe ", "something other than one image"),
        (" /></noscript>", ' src="//x" /></noscript>', "another reader sees other elements, or attributes"),
        ('"text/javascript">', '"text/javascript"/>', "another reader sees other elements, or attributes"),
        ("<!--", "<!-- " + "x" * 70_000, "characters is not conversion code"),
    ],
)
def test_what_is_not_conversion_code_is_refused(old: str, new: str, reason: str) -> None:
    assert old in JS_PIXEL
    with pytest.raises(SnippetError, match=reason):
        read_js_pixel(JS_PIXEL.replace(old, new, 1))


def test_the_pixel_and_the_value_asked_for_must_be_the_ones_answered() -> None:
    snippets.check(SNIPPET, PIXEL_ID, 1999)
    snippets.check(SNIPPET, PIXEL_ID, None)
    with pytest.raises(SnippetError, match="asked for pixel 1, got the code of 6009125095680"):
        snippets.check(SNIPPET, "1", 1999)
    with pytest.raises(SnippetError, match=r"199900 minor units, which is 1999\.00 USD, but the code reports 19\.99"):
        snippets.check(SNIPPET, PIXEL_ID, 199900)


def test_the_currency_of_the_code_decides_what_a_minor_unit_is() -> None:
    snippets.check(read_js_pixel(JS_PIXEL.replace("USD", "JPY").replace("19.99", "150")), PIXEL_ID, 150)
    with pytest.raises(SettingError, match="unknown currency 'XXX'"):
        snippets.check(read_js_pixel(JS_PIXEL.replace("USD", "XXX")), PIXEL_ID, 1999)


PIECES = st.sampled_from(
    [*JS_PIXEL.split(" "), JS_PIXEL, "<script>", "</script>", "<noscript>", "<!--", "-->", "'", "<![x"]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_reading_anything_ends_in_a_snippet_or_a_refusal(text: str) -> None:
    try:
        snippet = read_js_pixel(text)
    except SnippetError as error:
        assert "\n" not in str(error).encode("unicode_escape").decode()
    else:
        assert snippet.source in text
