"""Minor units become the text that the code carries, exactly and by the vendor's offsets."""

from __future__ import annotations

import re

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


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("19.99", "USD", "1999"), ("19.990", "USD", "1999"), ("150", "JPY", "150"), ("1.234", "BHD", "1234")],
)
def test_an_amount_in_the_minor_unit_is_the_same_amount(amount: str, currency: str, minor: str) -> None:
    assert money.to_minor(amount, currency) == minor
    assert money.is_same(money.from_minor(minor, currency), amount)


@pytest.mark.parametrize(
    ("amount", "currency", "reason"),
    [
        ("19.999", "USD", "19.999 USD is not a whole number of the currency's minor units"),
        ("1.5", "JPY", "1.5 JPY is not a whole number of the currency's minor units"),
        ("5", "XXX", "how many minor units 5 are depends on the currency"),
    ],
)
def test_an_amount_that_is_not_whole_in_the_minor_unit_is_refused(amount: str, currency: str, reason: str) -> None:
    with pytest.raises(SettingError, match=re.escape(reason)):
        money.to_minor(amount, currency)


@pytest.mark.parametrize(
    ("amount", "told"),
    [("0", "0.00"), ("9" * 15, "9999999999999.99"), ("19.5", "19.5 minor units"), ("1" + "0" * 15,) * 2, ("x", "x")],
)
def test_minor_units_of_which_nobody_knows_what_they_are_keep_their_unit(amount: str, told: str) -> None:
    assert money.from_minor(amount, "USD") == told


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("1999.00", "JPY", "1999"), ("19.00", "USD", "19.00"), ("19.00", "", "19.00"), ("x.00", "JPY", "x.00")],
)
def test_people_see_no_decimals_where_a_currency_has_none(amount: str, currency: str, shown: str) -> None:
    assert money.shown(amount, currency) == shown


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
