"""Minor units become the text that the code carries, exactly and by the vendor's offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import money, platforms
from snippetkit.errors import SettingError
from snippetkit.money import MAX_VALUE_CENTS, to_major


@pytest.mark.parametrize(
    ("value_cents", "currency", "text"),
    [
        (0, "USD", "0.00"),
        (1, "USD", "0.01"),
        (10, "USD", "0.10"),
        (500, "USD", "5.00"),
        (1999, "USD", "19.99"),
        (99999999, "USD", "999999.99"),
        (MAX_VALUE_CENTS, "USD", "9999999999999.99"),
        (MAX_VALUE_CENTS, "JPY", "999999999999999.00"),
        (150, "JPY", "150.00"),
        (1, "TWD", "1.00"),
        (1234, "HUF", "1234.00"),
        (1234, "BHD", "12.34"),
        (1234, "JOD", "12.34"),
    ],
)
def test_the_vendors_offset_decides(value_cents: int, currency: str, text: str) -> None:
    exponents = platforms.dialect_named("fbq").platform.exponents
    assert to_major(value_cents, currency, exponents) == text


@pytest.mark.parametrize(
    ("value_cents", "currency", "text"),
    [(1999, "USD", "19.99"), (150, "JPY", "150.00"), (1234, "HUF", "12.34"), (1234, "BHD", "1.234")],
)
def test_where_a_vendor_has_no_table_of_its_own_iso_4217_decides(value_cents: int, currency: str, text: str) -> None:
    assert to_major(value_cents, currency) == text


def test_a_rules_currency_is_one_that_some_platform_takes() -> None:
    exponents = platforms.exponents()
    assert all(one.exponents.keys() <= exponents.keys() for one in platforms.every_platform())


@given(st.integers(0, MAX_VALUE_CENTS))
def test_no_cent_is_lost(value_cents: int) -> None:
    text = to_major(value_cents, "EUR")
    assert int(text.replace(".", "")) == value_cents
    assert text[-3] == "."


@pytest.mark.parametrize("currency", ["XXX", "usd", "", "BTC"])
def test_an_unknown_currency_is_an_error_and_no_guess(currency: str) -> None:
    with pytest.raises(SettingError, match="unknown currency"):
        to_major(100, currency)


@pytest.mark.parametrize("value_cents", [-1, MAX_VALUE_CENTS + 1, 10**400])
def test_an_amount_out_of_range_is_an_error(value_cents: int) -> None:
    with pytest.raises(SettingError, match="from 0 to"):
        to_major(value_cents, "USD")


def test_amounts_are_the_same_by_value_and_what_is_no_amount_is_the_same_as_nothing() -> None:
    assert money.is_same("19.9", "19.90")
    assert money.is_same("1", "01.0")
    assert not money.is_same("19.9", "19.91")
    assert not money.is_same("x", "x")
    assert not money.is_same(None, None)
