"""From minor units to the text in the code, by the exponents of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal

from snippetkit.errors import SettingError
from snippetkit.patterns import later

MAX_VALUE_CENTS = 10**15 - 1
"""The largest amount: a JavaScript number keeps 15 decimal digits exactly (ECMA-262, the Number type)."""

AMOUNT = later(r"[0-9]{1,15}(?:\.[0-9]{1,10})?")
"""An amount in the major unit, as code has it."""

_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_HUNDREDTHS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
)
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
ISO_4217: Mapping[str, int] = {
    **dict.fromkeys(_WITHOUT.split(), 0),
    **dict.fromkeys(_HUNDREDTHS.split(), -2),
    **dict.fromkeys(_THOUSANDTHS.split(), -3),
}
"""The power of ten that a minor unit is of each currency's major one (ISO 4217, list one, without funds and metals)."""

HUNDREDTHS: Mapping[str, int] = {"": -2}
"""What a minor unit is where no currency is told."""

_FEWEST_DECIMALS = 2
MINOR_UNITS = "minor units"
"""What stands behind an amount in minor units of which nobody knows what it is in the major unit."""
_EXACT = Context(prec=len(str(MAX_VALUE_CENTS)))


def to_major(value_cents: int, currency: str, exponents: Mapping[str, int] = ISO_4217) -> str:
    """Return an amount in the major unit, with two decimals or more: 1999 USD is `19.99`, 150 JPY is `150.00`.

    Args:
        value_cents: a whole number of the currency's minor units, from 0 to MAX_VALUE_CENTS.
        currency: an ISO 4217 code in upper case.
        exponents: those of the platform that the amount is for, as `ISO_4217` has them.

    Raises:
        SettingError: the currency is not in that table, or the amount is out of range.
    """
    if currency not in exponents:
        raise SettingError(
            f"unknown currency {currency!r}", hint=f"give one of those that are taken, such as {_usual(exponents)}"
        )
    if not 0 <= value_cents <= MAX_VALUE_CENTS:
        raise SettingError(f"a value must be from 0 to {MAX_VALUE_CENTS}")
    return f"{Decimal(value_cents).scaleb(exponents[currency], _EXACT):.{decimals(currency, exponents)}f}"


def _usual(exponents: Mapping[str, int]) -> str:
    return ", ".join(one for one in ("EUR", "GBP", "JPY", "USD") if one in exponents)


def from_minor(amount: str, currency: str, exponents: Mapping[str, int] = ISO_4217) -> str:
    """Return an amount of minor units in the major unit: `1999` of USD is `19.99`.

    Where the currency is not known, or the amount is not whole, it keeps its unit: `1999 minor units`.
    """
    is_whole = AMOUNT.fullmatch(amount) is not None and amount.isdecimal()
    if currency in exponents and is_whole:
        return to_major(int(amount), currency, exponents)
    return f"{amount} {MINOR_UNITS}" if AMOUNT.fullmatch(amount) else amount


def to_minor(amount: str, currency: str, exponents: Mapping[str, int] = ISO_4217) -> str:
    """Return an amount in the major unit as a whole number of minor ones: `19.99` of USD is `1999`.

    Raises:
        SettingError: the currency is not known, or the amount is not whole in its minor unit.
    """
    if currency not in exponents:
        raise SettingError(f"how many minor units {amount} are depends on the currency", hint="give --currency")
    units = Decimal(amount).scaleb(-exponents[currency], _EXACT)
    if units != units.to_integral_value():
        raise SettingError(f"{amount} {currency} is not a whole number of the currency's minor units")
    return f"{units:.0f}"


def decimals(currency: str, exponents: Mapping[str, int] = ISO_4217) -> int:
    """Return how many decimals an amount is written with: two, and more where the currency has more."""
    return max(_FEWEST_DECIMALS, -exponents.get(currency, 0))


def shown(amount: str, currency: str, exponents: Mapping[str, int] = ISO_4217) -> str:
    """Return an amount in the major unit as people write it: `1999.00` of JPY, which has no minor unit, is `1999`."""
    has_no_minor = exponents.get(currency) == 0 and AMOUNT.fullmatch(amount)
    return amount.removesuffix(f".{'0' * _FEWEST_DECIMALS}") if has_no_minor else amount


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two texts are amounts with the same value: `19.9` and `19.90`."""
    amounts = [Decimal(text) for text in (one, other) if text and AMOUNT.fullmatch(text)]
    return len(amounts) == 2 and amounts[0] == amounts[1]
