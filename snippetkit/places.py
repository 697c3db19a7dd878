"""Where the settings of code are, and how it is edited there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from snippetkit import money
from snippetkit.records import dataclass, field, replace

_FEWEST_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """Where a snippet's `source` has a setting: the characters `start` up to, not including, `end`.

    `name` is `value`, `currency` or `order_id`, or `event_id` where that is dynamic. `is_trimmed` says that an amount
    has no trailing zeros there; `quote` is what has to be put around a new text, empty where quotes are around the
    old one; `is_dynamic` says that the old text is an expression or a server template. `exponents` are those of the
    currencies where an amount is in minor units there, None where it is in the major one.
    """

    name: str
    start: int
    end: int
    is_trimmed: bool = False
    quote: str = ""
    is_dynamic: bool = False
    exponents: Mapping[str, int] | None = field(default=None, repr=False, compare=False)


Change = tuple[SettingPlace, str]
"""A place and the text that goes there; several are in the order of their places."""


def written(place: SettingPlace, text: str, currency: str = "") -> str:
    """Return a setting as it is written in a place: an amount in the form of the code there, in quotes if they lack.

    Raises:
        SettingError: the amount is in minor units there, and is no whole number of the currency's.
    """
    if place.name == "value" and place.exponents is not None:
        text = money.to_minor(text, currency, place.exponents)
    elif place.name == "value":
        text = f"{Decimal(text):.{max(_FEWEST_DECIMALS, len(text.partition('.')[2]))}f}"
        text = text.rstrip("0").rstrip(".") if place.is_trimmed else text
    return f"{place.quote}{text}{place.quote}"


def as_read(place: SettingPlace, amount: str) -> str:
    """Return an amount that was written in a place as it is read there, in the major unit."""
    return written(replace(place, quote="", exponents=None), amount)


def edited(source: str, edits: Sequence[Change]) -> str:
    """Return a source with its edits made."""
    pieces, at = [], 0
    for place, text in edits:
        pieces += [source[at : place.start], text]
        at = place.end
    return "".join([*pieces, source[at:]])


def moved(span: tuple[int, int] | None, edits: Sequence[Change]) -> tuple[int, int] | None:
    """Return where a span is after the edits, each of which is in the span, before it or after it."""
    if span is None:
        return None
    grown = [(place, len(text) - (place.end - place.start)) for place, text in edits]
    start = span[0] + sum(by for place, by in grown if place.start < span[0])
    return start, span[1] + sum(by for place, by in grown if place.end <= span[1])


def moved_place(place: SettingPlace, edits: Sequence[Change]) -> SettingPlace:
    """Return a place as it is after the edits, of which one may be its own."""
    start, end = moved((place.start, place.end), edits) or (0, 0)
    is_edited = any(edited is place for edited, _ in edits)
    if not is_edited:
        return replace(place, start=start, end=end)
    inset = len(place.quote)
    return replace(place, start=start + inset, end=end - inset, quote="", is_dynamic=False)
