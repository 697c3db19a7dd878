"""Amounts as people write them: the number that is meant, or a refusal that names both."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import amounts
from snippetkit.errors import SettingError
from snippetkit.money import ISO_4217

KNOWN = ISO_4217.keys()


@pytest.mark.parametrize(
    ("text", "number", "currency"),
    [
        ("19.99", "19.99", ""),
        ("19,99", "19.99", ""),
        ("US$ 19,99", "19.99", "USD"),
        ("1.299,00", "1299", ""),
        ("1,299.00", "1299", ""),
        ("12,50 €", "12.5", "EUR"),
        ("¥1,500", "1500", "JPY"),
        ("1 299,00 zł", "1299", "PLN"),
        ("1\u00a0299,00", "1299", ""),
        ("1\u202f299,5", "1299.5", ""),
        ("CHF 1'299.-", "1299", "CHF"),
        ("19,\u2013 €", "19", "EUR"),
        ("1.299,\u2013 €", "1299", "EUR"),
        ("1,299.-", "1299", ""),
        ("CHF 1.299.\u2013", "1299", "CHF"),
        ("12,50 Euro", "12.5", "EUR"),
        ("1,00,000.50", "100000.5", ""),
        ("1.299.000", "1299000", ""),
        ("1,299,000 USD", "1299000", "USD"),
        ("usd 5", "5", "USD"),
        ("0,500", "0.5", ""),
        ("1234,567", "1234.567", ""),
        ("0", "0", ""),
        ("2000.00", "2000", ""),
    ],
)
def test_an_amount_is_read_in_the_forms_that_people_write(text: str, number: str, currency: str) -> None:
    written = amounts.read(text)
    assert amounts.currency_of(written, "", KNOWN) == currency
    assert written.number("", currency, ISO_4217) == number


@pytest.mark.parametrize("text", ["1,234", "1.234", "€ 12.345", "123,456 USD"])
def test_three_digits_behind_one_mark_may_be_either_and_both_are_named(text: str) -> None:
    with pytest.raises(SettingError) as error:
        amounts.read(text).number()
    digits = "".join(char for char in text if char.isdigit())
    assert f"may be {digits}.00 or {digits[:-3]}.{digits[-3:]}" in str(error.value)
    assert f"write {digits}.00" in error.value.hint


def test_what_stands_beside_it_decides_between_the_two() -> None:
    mark = amounts.common_mark([amounts.read("19,99"), amounts.read("1,234"), amounts.read("5")])
    assert (mark, amounts.read("1,234").number(mark), amounts.read("1.234").number(mark)) == (",", "1.234", "1234")
    assert amounts.common_mark([amounts.read("19,99"), amounts.read("19.99")]) == ""
    assert amounts.read("1,234").number("", "KRW", ISO_4217) == "1234"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "-5",
        "1e3",
        "1.5.6",
        ".99",
        "12%",
        "5 pieces",
        "$ 5 USD",
        "٣",
        "1,23,4",
        "1.2.3,4",
        "12,50,-",
        "1234567890123456",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(SettingError) as error:
        amounts.read(text)
    assert error.value.hint


@pytest.mark.parametrize("text", ["-5", "\u22125", "€ -5", "-$5", "(5.00)", "5.00-", "5 -", "USD -1.299,00"])
def test_an_amount_below_zero_is_told_as_one(text: str) -> None:
    with pytest.raises(SettingError, match="is negative") as error:
        amounts.read(text)
    assert (repr(text) in str(error.value), error.value.hint) == (True, "an amount must be positive")


@pytest.mark.parametrize("text", ["5-3", "-", "--5--x", "(5", "-5 pieces"])
def test_not_all_with_a_minus_is_below_zero(text: str) -> None:
    with pytest.raises(SettingError, match="is not an amount"):
        amounts.read(text)


@pytest.mark.parametrize(
    ("text", "stated", "reason"),
    [
        ("19.99 EUR", "USD", "'19.99 EUR' is not in USD, which is the currency given"),
        ("12 pcs", "USD", "'12 pcs' has 'pcs', which is no currency"),
        ("12 pcs", "", "'12 pcs' has 'pcs', which is no currency"),
        ("5 €", "USD", "'5 €' is not in USD"),
        ("$5", "", r"'\$5' may be in USD, AUD, CAD"),
        ("5,00 kr", "", "'5,00 kr' may be in SEK, NOK"),
    ],
)
def test_a_sign_and_a_currency_that_do_not_fit_are_refused(text: str, stated: str, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        amounts.currency_of(amounts.read(text), stated, KNOWN)


def test_a_sign_of_several_currencies_goes_with_the_one_that_is_stated() -> None:
    pairs = (("$5", "CAD"), ("¥5", "CNY"), ("5", "EUR"))
    assert [amounts.currency_of(amounts.read(text), stated, KNOWN) for text, stated in pairs] == [
        "CAD",
        "CNY",
        "EUR",
    ]
    assert {code for codes in amounts.SIGNS.values() for code in codes} <= {*ISO_4217}


@given(st.integers(0, 10**11), st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]))
def test_grouped_digits_with_two_decimals_are_what_they_say(cents: int, marks: tuple[str, str]) -> None:
    group, mark = marks
    whole, rest = divmod(cents, 100)
    written = f"{whole:,}".replace(",", group) + f"{mark}{rest:02d}"
    assert Decimal(amounts.read(written).number()) == Decimal(cents) / 100
    assert amounts.read(written).has_unit


@pytest.mark.parametrize(
    ("written", "readings"),
    [
        ("1299", {"": "1299"}),
        ("1.299", {".": "1.299", ",": "1299"}),
        ("1,299", {".": "1299", ",": "1.299"}),
        ("1.299,00", {",": "1299"}),
        ("12.5", {".": "12.5"}),
    ],
)
def test_a_number_has_a_reading_for_each_mark_that_makes_a_difference(written: str, readings: dict[str, str]) -> None:
    assert amounts.read(written).readings == {mark: Decimal(number) for mark, number in readings.items()}


@pytest.mark.parametrize(("currency", "number"), [("JPY", "1299"), ("USD", "1.299"), ("", "1.299")])
def test_where_a_currency_has_no_decimals_no_mark_makes_some(currency: str, number: str) -> None:
    assert amounts.read("1.299").number(".", currency, ISO_4217) == number


@pytest.mark.parametrize(
    ("written", "has_unit"),
    [
        ("1'299.-", True), ("12,--", True), ("12 €", True), ("12 EUR", True), ("12.5", True), ("12.50", True),
        ("20.00", True), ("20.0", False), ("1299", False), ("1.299", False),
    ],
)  # fmt: skip
def test_a_currency_or_its_decimals_show_that_an_amount_is_in_the_major_unit(written: str, has_unit: bool) -> None:
    assert amounts.read(written).has_unit is has_unit


@given(st.text(st.sampled_from("0123456789.,'\u2019 €$-\u2013eE\u00a0"), max_size=12))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        number = amounts.read(text).number()
    except SettingError:
        return
    assert Decimal(number) >= 0
