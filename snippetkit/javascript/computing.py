"""What a script computes of numbers that are known: `2 * 9.99`, `Number('5.00')`, `parseFloat(total).toFixed(2)`.

The rules are those of ECMA-262, but for the last digits of its numbers: `0.1 + 0.2` is 0.3 here, as people mean it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from types import MappingProxyType
from typing import NamedTuple

from snippetkit.patterns import later

_MOST_DIGITS = 15  # a JavaScript number keeps these exactly (ECMA-262, the Number type)
_EXACT = Context(prec=2 * _MOST_DIGITS)
_NUMBER = later(r"\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*")
_FRONT = later(r"\s*(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)")
_WHOLE = later(r"\s*(-?[0-9]{1,15})")
_NAN = "NaN"


class KnownText(NamedTuple):
    """What an expression says: whether it is a text, as a number is not, and whether that number was computed."""

    text: str
    is_text: bool = False
    is_computed: bool = False

    @property
    def number(self) -> Decimal | None:
        """The number that it is, or is taken for where one is needed; None for what is none, or too long for one."""
        match = _NUMBER.fullmatch(self.text)
        return Decimal(match[1]) if match else None

    @property
    def joined(self) -> str | None:
        """The text that it is in a longer one; None for a number that a script may write in another way."""
        if self.is_text:
            return self.text
        number = self.number
        is_plain = number is not None and len(self.text) <= _MOST_DIGITS and _written(number) == self.text
        return self.text if is_plain and not (self.is_computed and "." in self.text) else None


Operation = Callable[[Decimal, Decimal], Decimal]
_OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {"*": _EXACT.multiply, "+": _EXACT.add, "-": _EXACT.subtract, "/": _EXACT.divide}
)


def calculated(operator: str, left: KnownText, right: KnownText) -> KnownText | None:
    """Return what an operator makes of two numbers, None where that has too many digits, or it makes something else."""
    numbers, operation = (left.number, right.number), _OPERATIONS.get(operator)
    if operation is None or numbers[0] is None or numbers[1] is None:
        return None
    try:
        result = operation(numbers[0], numbers[1])
    except DecimalException:
        return None
    return (
        KnownText(_written(result), is_computed=True)
        if len(result.normalize().as_tuple().digits) <= _MOST_DIGITS
        else None
    )


def called(function: str, given: Sequence[KnownText]) -> KnownText | None:
    """Return what a function makes of what it is given: `Number`, `parseFloat`; None for another one."""
    make = _FUNCTIONS.get(function)
    return make(given) if make and given else None


def called_on(method: str, of: KnownText, given: Sequence[KnownText]) -> KnownText | None:
    """Return what a method of a number or of a text makes: `toFixed`; None for another one."""
    if method == "toFixed" and not of.is_text and len(given) == 1:
        return _fixed(of, given[0])
    if method == "replace" and of.is_text and len(given) == 2 and all(one.is_text for one in given):
        return KnownText(of.text.replace(given[0].text, given[1].text, 1), is_text=True)
    make, said = _ON_TEXTS.get(method), of.joined
    return KnownText(make(said), is_text=True) if make and said is not None and not given else None


def _fixed(number: KnownText, decimals: KnownText) -> KnownText | None:
    """A number with so many decimals; none where it lies between two, of which a script may choose either."""
    exact, places = number.number, decimals.text
    if exact is None or not (places.isdecimal() and int(places) <= _MOST_DIGITS):
        return None
    rounded = exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    is_between = abs(rounded - exact) * 2 == Decimal(1).scaleb(-int(places))
    return None if is_between else KnownText(f"{rounded:f}", is_text=True)


def _as_number(given: Sequence[KnownText]) -> KnownText | None:
    """`Number('5.00')`, which is no number where the text is none; it keeps its decimals, which people have written."""
    match = _NUMBER.fullmatch(given[0].text)
    return KnownText(match[1] if match else _NAN, is_computed=given[0].is_computed)


def _parsed(given: Sequence[KnownText]) -> KnownText | None:
    """`parseFloat('5.00 USD')`: what stands in front of the first sign that is none of a number's."""
    match = _FRONT.match(given[0].text)
    return KnownText(match[1] if match else _NAN, is_computed=given[0].is_computed)


def _parsed_whole(given: Sequence[KnownText]) -> KnownText | None:
    match = _WHOLE.match(given[0].text)
    is_decimal = len(given) == 1 or given[1].text == "10"
    return KnownText(match[1] if match else _NAN) if is_decimal and not given[0].is_computed else None


def _rounded(given: Sequence[KnownText]) -> KnownText | None:
    fixed = _fixed(given[0], KnownText("0"))
    return fixed and fixed._replace(is_text=False, is_computed=True)


def _as_text(given: Sequence[KnownText]) -> KnownText | None:
    said = given[0].joined
    return None if said is None else KnownText(said, is_text=True)


_FUNCTIONS: Mapping[str, Callable[[Sequence[KnownText]], KnownText | None]] = MappingProxyType(
    {
        "Math.round": _rounded,
        "Number": _as_number,
        "Number.parseFloat": _parsed,
        "Number.parseInt": _parsed_whole,
        "String": _as_text,
        "parseFloat": _parsed,
        "parseInt": _parsed_whole,
    }
)


_ON_TEXTS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"toLowerCase": str.lower, "toString": str, "toUpperCase": str.upper, "trim": str.strip}
)


def _written(number: Decimal) -> str:
    """A number as a script writes it: without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
