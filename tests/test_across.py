"""What several platforms are told of one order is held against each other."""

from __future__ import annotations

import pytest

from snippetkit import lint, snippets
from tests.pixels import EVERY_CODE

_FBQ = """<script>
fbq('init', '434566956589050');
fbq('track', 'Purchase', {{{}}});
</script>
"""
_TWO = "value: 30, currency: 'USD'"


def _codes(*told: str) -> list[str]:
    """The findings about a page on which Meta is told the first, and TikTok the second."""
    ttq = EVERY_CODE["ttq"].partition("{value")
    page = _FBQ.format(told[0]) + (f"{ttq[0]}{{{told[1]}}});\n</script>" if len(told) > 1 else "")
    return [one.message for one in lint.find(snippets.parse(page)) if one.code == "platforms-disagree"]


@pytest.mark.parametrize(
    ("meta", "tiktok", "difference"),
    [
        (_TWO, "value: 3000, currency: 'USD'", "one is 100 times the other, as cents are"),
        ("value: 3000, currency: 'USD'", "value: '30.00', currency: 'USD'", "one is 100 times the other"),
        (_TWO, "value: 25.21, currency: 'USD'", "two values"),
        (_TWO, "value: 0, currency: 'USD'", "two values"),
        (_TWO, "value: 30.00, currency: 'EUR'", "the same number in two currencies"),
        (_TWO, "value: 3000", "one is 100 times the other"),
    ],
)
def test_the_difference_is_said(meta: str, tiktok: str, difference: str) -> None:
    [message] = _codes(meta, tiktok)
    assert message.startswith("Meta gets 30" if "3000" not in meta else "Meta gets 3000")
    assert difference in message


@pytest.mark.parametrize(
    ("meta", "tiktok"),
    [
        (_TWO, "value: '30.0', currency: 'USD'"),
        (_TWO, "value: 27.5, currency: 'EUR'"),  # one may be converted into the other
        (_TWO, "value: total, currency: 'USD'"),
        (_TWO, "value: 25.21"),
        (_TWO, "value: 3000, currency: shop.currency"),
        (_TWO, ""),
        ("value: 'a lot', currency: 'USD'", "value: 3000, currency: 'USD'"),
        ("value: 0, currency: 'USD'", "value: 0, currency: 'EUR'"),
    ],
)
def test_what_may_be_right_is_not(meta: str, tiktok: str) -> None:
    assert _codes(meta, tiktok) == []


@pytest.mark.parametrize(("order_id", "is_told"), [("A", True), ("B", False)])
def test_two_orders_are_worth_what_each_is(order_id: str, is_told: bool) -> None:
    lintrk = EVERY_CODE["lintrk"].replace("7654321}", f"7654321, conversion_value: 30, event_id: '{order_id}'}}")
    ttq = EVERY_CODE["ttq"].replace("19.99", "3000").replace("A-1001", "A")
    assert ("platforms-disagree" in {one.code for one in lint.find(snippets.parse(ttq + lintrk))}) == is_told


def test_a_platform_that_is_told_two_values_and_what_a_visitor_starts_are_no_order() -> None:
    assert _codes(_TWO) == []
    tiktok = "value: 3000, currency: 'USD'}); ttq.track('Lead', {value: 5, currency: 'USD'"
    assert _codes(_TWO, tiktok) == []
    button = """<button onclick="fbq('track', 'Lead', {value: 9, currency: 'USD'})">x</button>"""
    assert len(_codes(_TWO + "}); </script>" + button + "<script>({", "value: 3000, currency: 'USD'")) == 1
