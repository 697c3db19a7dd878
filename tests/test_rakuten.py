"""Rakuten's image: an order's lines in minor units, of which the value is the sum."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.browser.standing import find_standing
from snippetkit.errors import SnippetError
from tests.conftest import Run
from tests.pixels import EVERY_CODE

URL = "https://track.linksynergy.com/ep?mid=12345&ord=A-1001&skulist=a|b&qlist=2|1&amtlist=%s&cur=%s"
IMAGE = "<!doctype html><body><img alt='' src='%s'>"


def _image(amounts: str, currency: str = "USD") -> str:
    url = URL if "|" in amounts or "%7C" in amounts else URL.replace("=a|b&qlist=2|1", "=a&qlist=1")
    return IMAGE % (url % (amounts, currency)).replace("&", "&amp;")


def _read(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(one.pixel_id, one.value, one.currency, one.order_id) for one in snippets.read(text)]


def test_an_order_with_two_lines_is_read_as_their_sum() -> None:
    assert _read(EVERY_CODE["rakuten"]) == [("12345", "19.99", "USD", "A-1001")]


@pytest.mark.parametrize(
    ("amounts", "currency", "value", "codes"),
    [
        ("1999", "USD", "19.99", []),
        ("1998|1", "USD", "19.99", []),
        ("1998%7C1", "EUR", "19.99", []),
        ("1998|-500", "USD", "14.98", []),
        ("1998|2", "JPY", "2000.00", []),
        ("19.99", "USD", "19.99 minor units", ["value-unit"]),
        ("19.98|0.02", "USD", "20.00 minor units", ["value-unit"]),
        ("1998|", "USD", "1998|", ["value-invalid"]),
        ("1998|ten", "USD", "1998|ten", ["value-invalid"]),
        ("1,998|1", "USD", "1,998|1", ["value-invalid"]),
    ],
)
def test_the_lines_are_minor_units(amounts: str, currency: str, value: str, codes: list[str]) -> None:
    text = _image(amounts, currency)
    assert _read(text) == [("12345", value, currency, "A-1001")]
    assert [one.code for one in lint.find(snippets.parse(text))] == codes
    fired = read_event(URL % (amounts, currency), 0)
    assert fired is not None
    assert (fired.pixel_id, fired.value, fired.order_id) == ("12345", value, "A-1001")


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("ord=A-1001", "ord=", ["order-id-missing"]),
        ("ord=A-1001", "ord=%20", ["order-id-missing"]),
        ("ord=A-1001&amp;", "", ["order-id-missing"]),
        ("ord=A-1001", "ord={{ order.id }}", []),
        ("skulist=a|b", "skulist=a|b|c", ["value-invalid"]),
        ("skulist=a|b", "skulist=a%7Cb", []),
        ("qlist=2|1", "qlist=2", ["value-invalid"]),
        ("qlist=2|1", "qlist={{ quantities }}", []),
        ("amtlist=1998|1", "amtlist=1999", ["value-invalid"]),
    ],
)
def test_an_order_has_its_id_and_lists_of_one_length(old: str, new: str, codes: list[str]) -> None:
    text = _image("1998|1")
    assert old in text
    assert [one.code for one in lint.find(snippets.parse(text.replace(old, new)))] == codes


def test_one_line_takes_a_value_and_of_several_nobody_knows_which() -> None:
    [one] = snippets.read(_image("1999"))
    assert "amtlist=2550&" in one.with_value("25.5").source.replace("&amp;", "&")
    assert _read(one.with_value("25.5").source)[0][1] == "25.50"
    [several] = snippets.read(_image("1998|1"))
    with pytest.raises(SnippetError, match="line 1: the sum of its lines sets more than this value"):
        several.with_value("25.5")


def test_a_page_is_held_to_what_its_image_tells() -> None:
    [one] = find_standing(snippets.parse(_image("1998|1")), javascript=False)
    fired = read_event(URL % ("1998|1", "USD"), 0)
    assert fired is not None
    assert one.expected.is_met_by(fired)
    assert (one.is_certain, Decimal(one.expected.value or 0), fired.value) == (True, Decimal("19.99"), "19.99")


def test_a_policy_lets_the_image_through(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(_image("1999"))
    assert run("csp", str(page)).out.strip() == "img-src https://track.linksynergy.com"
