"""Attributes are decoded as browsers decode them: by table, against two parsers, and in Chromium."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import turbohtml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from snippetkit import html, lint, snippets
from snippetkit.references import decode, decode_in, decode_spelled, decode_text
from tests.conftest import JS_PIXEL, PIXEL_ID, examples

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DECODED = {
    "a=1&amp;b=2": "a=1&b=2",
    "a=1&b=2": "a=1&b=2",
    "&amp;amp;": "&amp;",
    "&amp=&ampx&amp1&amp-&amp": "&amp=&ampx&amp1&-&",
    "&currency=USD&copy=1&copy1&copyright": "&currency=USD&copy=1&copy1&copyright",
    "&curren;cy &curren cy &copy&reg": "¤cy ¤ cy ©®",
    "&notit; &notin; &not; &not": "&notit; ∉ ¬ ¬",
    "&AMP;&Amp;&unknown;&;&": "&&Amp;&unknown;&;&",
    "&bne;&fjlig;": "=\u20e5fj",
    "&#38value&#x26;&#X26value&#38": "&value&&value&",
    "&#x26currency": "\u026currency",
    "&#0038;&#x00026;": "&&",
    "&#&#x&#x;&#xg": "&#&#x&#x;&#xg",
    "&#0;&#x110000;&#xD800;&#xDFFF;&#99999999999999999999;\0": "\ufffd" * 6,
    "&#x10FFFF;&#xFDD0;&#1;&#x7f;": "\U0010ffff\ufdd0\1\x7f",
    "&#128;&#x81;&#x8d;&#x9f;&#160;": "€\x81\x8dŸ\xa0",
    "a\r\nb\rc\nd&#13;&#10;": "a\nb\nc\nd\r\n",
    "é&eacute;&eacute=": "éé&eacute=",
}


@pytest.mark.parametrize("value", DECODED)
def test_a_value_says_what_the_standard_says(value: str) -> None:
    assert decode_text(value) == DECODED[value]


def test_a_number_of_many_digits_takes_no_time_and_a_lone_surrogate_stays() -> None:
    assert decode(b"&#" + b"0" * 100_000 + b"38;") == b"&"
    assert decode(b"&#" + b"9" * 100_000) == "\ufffd".encode()
    assert decode_text("\ud800&amp;") == "\ud800&"


PIECES = ["&", "#", "x", "38", "80", ";", "=", "amp", "AMP", "copy", "curren", "cy", "not", "in", "lt", "bne", "é", "/"]
VALUES = st.lists(st.one_of(st.sampled_from(PIECES), st.characters(exclude_characters='"', exclude_categories=["Cs"])))


@given(VALUES.map("".join))
@settings(max_examples=examples(100))
@example("&notin;&notit;&not=&#x80;&#0;\r\r\n\0")
def test_a_value_is_decoded_as_two_other_parsers_do(value: str) -> None:
    page = f'<!doctype html><img alt="{value}">'
    image = turbohtml.parse(page).find("img")
    assert image is not None
    assert decode_text(value) == image.attrs["alt"]
    if "\0" not in value:  # lexbor's binding ends a value there
        found = LexborHTMLParser(page).css_first("img")
        assert found is not None
        assert decode_text(value) == (found.attributes["alt"] or "")


SAID = {"&amp;": "&", "&#38;": "&", "&bne;": "=\u20e5", "&copy;": "©", "\0": "\ufffd", "é": "é", "x": "x", "=": "="}


@given(st.lists(st.sampled_from([*SAID])))
@settings(max_examples=examples(100))
def test_each_piece_has_its_place_in_the_text(pieces: list[str]) -> None:
    text = f"<{''.join(pieces)}>".encode()
    found = decode_in(text, 1, len(text) - 1)
    assert found.value == decode(text[1:-1]) == "".join(SAID[piece] for piece in pieces).encode()
    for number in range(len(pieces) + 1):
        at = len("".join(SAID[piece] for piece in pieces[:number]).encode())
        assert found.place(at) == 1 + len("".join(pieces[:number]).encode())


def test_the_attributes_of_a_tag_are_decoded() -> None:
    assert html.attributes("<meta http-equiv='Content&#45;Security-Policy' content=a&ampb>") == {
        "http-equiv": "Content-Security-Policy",
        "content": "a&ampb",
    }


IMAGE = (
    '<img alt="" src="https://www.facebook.com/offsite_event.php?id=6009125095680{0}value{1}19.99{0}currency{1}USD">'
)
ANDS = st.sampled_from(["&", "&amp;", "&#38;", "&#038", "&#x26;", "&AMP;", "\n&"])
EQUALS = st.sampled_from(["=", "&equals;", "&#61;", "&#x3D;"])


@given(ANDS, EQUALS, st.booleans())
@settings(max_examples=examples(60))
@example("&#38", "=", True)
def test_an_image_is_read_and_set_however_its_url_is_written(sign: str, equals: str, has_noscript: bool) -> None:
    image = IMAGE.format(sign, equals)
    text = f"é<noscript>{image}</noscript>" if has_noscript else image
    [snippet] = snippets.read(text)
    assert (snippet.pixel_id, snippet.value, snippet.currency) == (PIXEL_ID, "19.99", "USD")
    assert snippet.image_url == "https://www.facebook.com/offsite_event.php?id=6009125095680&value=19.99&currency=USD"
    changed = snippet.with_value("25.00", "EUR")
    assert image.replace("19.99", "25").replace("USD", "EUR") in changed.source
    [again] = snippets.read(changed.source)
    assert (again.value, again.currency) == ("25", "EUR")


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("?id=6009125095680&copy=1&value=2&currency=USD", ("2", "USD")),
        ("?id=6009125095680&ampvalue=2&currency=USD", (None, "USD")),
        ("?id=6009125095680#&value=2", (None, None)),
        ("?id=6009125095680&value={{ a && b }}&currency=USD", ("{{ a && b }}", "USD")),
    ],
)
def test_an_image_reports_what_a_browser_sends(query: str, read: tuple[str | None, str | None]) -> None:
    [snippet] = snippets.read(f'<img src="//www.facebook.com/offsite_event.php{query}">')
    assert (snippet.value, snippet.currency) == read


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("&amp;", "&amp;amp;", "the image's URL has &amp;amp; for &amp;, so 'value' is lost"),
        ("&amp;", "&amp;#38;", "the image's URL has &amp;amp; for &amp;, so 'value' is lost"),
        ("&amp;value", "&amp;cd%255Bvalue%255D", "the image's URL has %255B for %5B, so 'cd' is lost"),
    ],
)
def test_a_parameter_that_is_encoded_twice_is_found(old: str, new: str, message: str) -> None:
    found = lint.find(snippets.parse(JS_PIXEL.replace(old, new)))
    assert [finding.message for finding in found if finding.code == "noscript-parameters"] == [message]
    assert "value-mismatch" not in {finding.code for finding in found}


@pytest.mark.browser
def test_chromium_decodes_the_same(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content("".join(f'<img alt="{value}">' for value in DECODED if "\0" not in value and "\r" not in value))
    found = tab.evaluate("JSON.stringify([...document.images].map(image => image.alt))")
    tab.close()
    assert json.loads(found) == [said for value, said in DECODED.items() if "\0" not in value and "\r" not in value]


@pytest.mark.parametrize("spelled", [b"&#102;bq", b"&#x66;&#x62;q", b"f&#98;q", b"fb&#0113;"])
@pytest.mark.parametrize("around", [b"", b"some <b>words</b>, &quot;and &#8217; more&#39; " * 9])
def test_what_is_spelled_with_references_is_decoded_where_it_stands(spelled: bytes, around: bytes) -> None:
    told = decode_spelled(around + b" " + spelled + b"('track') " + around)
    assert b" fbq('track') " in told
    assert len(told) < 300


@pytest.mark.parametrize(
    "text", [b"", b"a &amp; b", b"it&#39;s &#8217; &#x2014; &#160;&#34;&#x22;&quot;", b"&#", b"&#1024;"]
)
def test_other_references_are_not_decoded(text: bytes) -> None:
    assert decode_spelled(text) == b""
