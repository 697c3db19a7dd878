"""Amounts in the major unit as people write them: which number is meant, or both readings where that is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from decimal import Decimal
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.patterns import later

_DOLLARS = ("USD", "AUD", "CAD", "NZD", "MXN", "HKD", "SGD", "TWD", "ARS", "CLP", "COP")
_KRONER = ("SEK", "NOK", "DKK", "ISK")
SIGNS: Mapping[str, tuple[str, ...]] = {
    "€": ("EUR",), "£": ("GBP",), "¥": ("JPY", "CNY"), "￥": ("JPY", "CNY"), "JP¥": ("JPY",), "CN¥": ("CNY",),
    "円": ("JPY",), "元": ("CNY",), "$": _DOLLARS, "US$": ("USD",), "$US": ("USD",), "A$": ("AUD",), "AU$": ("AUD",),
    "C$": ("CAD",), "CA$": ("CAD",), "NZ$": ("NZD",), "HK$": ("HKD",), "S$": ("SGD",), "NT$": ("TWD",),
    "MX$": ("MXN",), "R$": ("BRL",), "₹": ("INR",), "₽": ("RUB",), "₩": ("KRW",), "₺": ("TRY",), "TL": ("TRY",),
    "zł": ("PLN",), "Kč": ("CZK",), "Ft": ("HUF",), "kr": _KRONER, "kr.": _KRONER, "Fr.": ("CHF",), "SFr.": ("CHF",),
    "₪": ("ILS",), "₫": ("VND",), "₴": ("UAH",), "฿": ("THB",), "₱": ("PHP",), "₦": ("NGN",), "lei": ("RON",),
    "лв": ("BGN",), "лв.": ("BGN",), **dict.fromkeys(("Euro", "Euros", "euro", "euros", "EURO"), ("EUR",)),
}  # fmt: skip
"""The currencies that people write a sign for (as Unicode CLDR has them, and the usual abbreviations)."""

_USUAL = {"¥": "JPY", "￥": "JPY"}
_MOST_DIGITS = 15
_HINT = "an amount is in major units: 19.99, 1.299,00 or 12,50 €"
_MINUS = later(r"(?<![0-9])[-\u2212\u2013]|[-\u2212]\s*\Z|\A\s*\((?=.*\)\s*\Z)|\)\s*\Z")
_CODE = later("[A-Z]{3}")
_PARTS = later(
    r"(?P<before>\D*?)\s*(?P<number>[0-9](?:[0-9.,'\u2019\s]*[0-9])?)(?P<none>[.,](?:--?|[\u2013\u2014]))?\s*(?P<after>\D*)"
)
_THREE = later(r"[.,][0-9]{3}(?![0-9])")
_PLAIN = r"[0-9]+"
_GROUPED = r"[1-9][0-9]{{0,2}}(?P<by>[{other}'\u2019\s])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*"
_INDIAN = r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"
_BY_MARK = {
    mark: later(rf"(?P<whole>{_GROUPED.format(other=other)}|{_PLAIN}{more})(?:{re.escape(mark)}(?P<rest>[0-9]+))?")
    for mark, other, more in ((".", ",", _INDIAN), (",", ".", ""))
}


class Written(NamedTuple):
    """An amount as it stands in a text.

    `readings` has the number that it is with `.` or with `,` as the decimal mark, and only under an empty text where
    that makes no difference. `sign` is what stands beside it: a currency's sign or code, or nothing. `has_unit` says
    whether it shows that it is in the major unit: by a currency beside it, or by the decimals of one.
    """

    text: str
    sign: str
    readings: Mapping[str, Decimal]
    has_unit: bool

    @property
    def mark(self) -> str:
        """The decimal mark that it has to have, empty where it may have either, or has none."""
        [*marks] = self.readings
        return marks[0] if len(marks) == 1 else ""

    def number(self, mark: str = "", currency: str = "", exponents: Mapping[str, int] = {}) -> str:
        """Return the number that is meant, in digits with a point: `19.99`.

        Args:
            mark: the decimal mark of the amounts that it stands among, where that is known.
            currency: the amount's, where that is known.
            exponents: the power of ten that a minor unit is of each currency's major one.

        Raises:
            SettingError: it may be either of two numbers.
        """
        readings = {text(number): number for number in self.readings.values()}
        if len(readings) > 1 and exponents.get(currency) == 0:
            readings = {told: number for told, number in readings.items() if "." not in told}
        if len(readings) > 1 and mark in self.readings:
            return text(self.readings[mark])
        if len(readings) > 1:
            first, second = sorted(readings, key=lambda told: readings[told])
            whole = f"{second}.00" if "." not in second else second
            hint = f"write {whole}, or {first}0 if that is meant"
            raise SettingError(f"{self.text[:60]!r} may be {whole} or {first}", hint=hint)
        return next(iter(readings))


def read(given: str) -> Written:
    """Return an amount as a text has it: `19,99`, `US$ 19,99`, `1.299,00`, `12,50 €`, `¥1,500`, `1'299.-`.

    Raises:
        SettingError: it is no amount, one below zero, or one of more than 15 digits.
    """
    written = _read(given)
    if written is None and (without := _MINUS.sub("", given)) != given and _read(without):
        raise SettingError(f"{given[:60]!r} is negative", hint="an amount must be positive")
    if written is None:
        raise SettingError(f"{given[:60]!r} is not an amount", hint=_HINT)
    if any(len(text(number)) > _MOST_DIGITS for number in written.readings.values()):
        raise SettingError(f"{given[:60]!r} has more than {_MOST_DIGITS} digits", hint=_HINT)
    return written


def _read(given: str) -> Written | None:
    match = _PARTS.fullmatch(given.strip())
    sign = _sign(match["before"].strip(), match["after"].strip()) if match else None
    readings = _readings(match["number"], is_whole=match["none"] is not None) if match else {}
    if match is None or sign is None or not readings:
        return None
    return Written(given, sign, readings, bool(sign or match["none"]) or _has_decimals(match["number"], readings))


def may_be_two(given: str) -> bool:
    """Whether a text may be one of two numbers; some that can only be one are counted among these, too."""
    return _THREE.search(given) is not None


def common_mark(amounts: Iterable[Written]) -> str:
    """Return the decimal mark that amounts agree on: that of those which can have one only, empty where none has."""
    marks = {amount.mark for amount in amounts} - {""}
    return marks.pop() if len(marks) == 1 else ""


def currencies(sign: str) -> tuple[str, ...]:
    """Return the codes of the currencies that a sign or a code, in any case, may stand for."""
    return SIGNS.get(sign, (sign.upper(),))


def currency_of(written: Written, stated: str, known: Set[str]) -> str:
    """Return the currency of an amount, by what stands beside it and what is stated elsewhere; empty if neither is.

    Args:
        written: the amount.
        stated: the currency that is stated, or empty.
        known: the codes that there are.

    Raises:
        SettingError: the two contradict each other, what stands beside it is no currency, or it is the sign of several
            and none is stated.
    """
    sign = written.sign
    if not sign:
        return stated
    meant, told = currencies(sign), written.text if sign in written.text else f"{written.text} {sign}"
    if known.isdisjoint(meant):
        raise SettingError(f"{told[:60]!r} has {sign[:20]!r}, which is no currency", hint="give the amount alone")
    if stated and stated not in meant:
        message = f"{told[:60]!r} is not in {stated}, which is the currency given"
        raise SettingError(message, hint="correct the amount or the currency")
    if not stated and len(meant) > 1 and sign not in _USUAL:
        names = f"{', '.join(meant[:3])} and others"
        raise SettingError(f"{told[:60]!r} may be in {names}", hint="say which under 'currency'")
    return stated or _USUAL.get(sign, meant[0])


def is_sign(sign: str) -> bool:
    """Whether a text beside a number stands for a currency."""
    return sign in SIGNS or _CODE.fullmatch(sign.upper()) is not None


def text(number: Decimal) -> str:
    """Return a number in digits, without zeros that say nothing: `19.9`, `2000`."""
    told = f"{number:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def _sign(before: str, after: str) -> str | None:
    """What stands beside a number as a currency; None where it is something else, or two."""
    signs = [sign for sign in (before, after) if sign]
    if len(signs) > 1 or not all(map(is_sign, signs)):
        return None
    return signs[0] if signs else ""


def _has_decimals(number: str, readings: Mapping[str, Decimal]) -> bool:
    """Whether a number has those of a currency, and not the one that programs add to a whole one, as in `20.0`."""
    has_cents = re.search(r"[.,][0-9]{2}\Z", number) is not None
    return has_cents or all(one != one.to_integral_value() for one in readings.values())


def _readings(number: str, *, is_whole: bool) -> dict[str, Decimal]:
    """The numbers that digits may be, by their decimal mark; one that is said to be whole has no decimals."""
    readings: dict[str, Decimal] = {}
    for mark, pattern in _BY_MARK.items():
        if (match := pattern.fullmatch(number)) and not (is_whole and match["rest"]):
            whole = re.sub(r"[^0-9]", "", match["whole"])
            readings[mark] = Decimal(f"{whole}.{match['rest'] or '0'}").normalize() + 0
    if len(readings) > 1 and len({*readings.values()}) == 1:
        return {"": next(iter(readings.values()))}
    return readings
