"""Minor units to the text that the code carries, by the vendor's own offsets."""

from __future__ import annotations

import re
from decimal import Context, Decimal

from snippetkit.errors import SettingError

MAX_VALUE_CENTS = 10**15 - 1
"""The largest amount: a JavaScript number keeps 15 decimal digits exactly (ECMA-262, the Number type)."""

AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,10})?")
"""An amount in the major unit, as code has it."""

_WHOLE = "CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND"
_HUNDREDTHS = (
    "DZD ARS AUD BHD BDT BOB BGN BRL GBP CAD CNY HRK CZK DKK EGP EUR GTQ HNL HKD INR ILS JOD KES LVL LTL MOP MYR "
    "MXN NZD NIO NGN NOK PKR PEN PHP PLN QAR RON RUB SAR RSD SGD SKK ZAR SEK CHF THB TRY AED UAH USD UYU VEF FBZ VES"
)
_EXPONENTS = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_HUNDREDTHS.split(), -2)
_EXACT = Context(prec=len(str(MAX_VALUE_CENTS)))


def to_major(value_cents: int, currency: str) -> str:
    """Return an amount in the major unit, with two decimals: 1999 USD is `19.99`, 150 JPY is `150.00`.

    The offsets are the vendor's (Marketing API, "Currencies"), which differ from ISO 4217's for COP, CRC, HUF,
    IDR, TWD, BHD and JOD.

    Args:
        value_cents: a whole number of the currency's minor units, from 0 to MAX_VALUE_CENTS.
        currency: an ISO 4217 code in upper case.

    Raises:
        SettingError: the currency is not in the vendor's table, or the amount is out of range.
    """
    if currency not in _EXPONENTS:
        raise SettingError(
            f"unknown currency {currency!r}",
            hint=f"the vendor takes {', '.join(sorted(_EXPONENTS))}",
        )
    if not 0 <= value_cents <= MAX_VALUE_CENTS:
        raise SettingError(f"a value must be from 0 to {MAX_VALUE_CENTS}")
    return f"{Decimal(value_cents).scaleb(_EXPONENTS[currency], _EXACT):.2f}"


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two texts are amounts, and of one value: `19.9` and `19.90`."""
    amounts = [Decimal(text) for text in (one, other) if text and AMOUNT.fullmatch(text)]
    return len(amounts) == 2 and amounts[0] == amounts[1]
