"""Findings about what several platforms are told of one order: it is worth the same to each.

The fault that is looked for is one of people: cents where another platform has dollars, or the currency of a sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from snippetkit import money, platforms
from snippetkit.lint.branching import Branching
from snippetkit.lint.finding import Raw
from snippetkit.platforms import Platform
from snippetkit.snippets import Document

_CENTS = {Decimal(100), Decimal("0.01")}


class _Telling(NamedTuple):
    """What a platform is told, by which code of the text, and where the value stands."""

    platform: Platform
    number: int
    start: int
    value: str
    currency: str | None
    order_id: str | None
    places: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.platform.title} gets {' '.join(filter(None, (self.value, self.currency)))}"


def find(document: Document) -> Iterator[Raw]:
    """Yield where another amount is told than the first platform is; one that is told several is left out."""
    by_platform = sorted(_told(document), key=lambda one: (one.platform.name, one.start))
    groups = [[*group] for _, group in groupby(by_platform, lambda one: one.platform.name)]
    orders = sorted((group[0] for group in groups if len({one[3:5] for one in group}) == 1), key=lambda one: one.start)
    branching = Branching(document)
    for one in orders[1:]:
        difference = _difference(orders[0], one) if _may_be_one(orders[0], one) else ""
        if difference and branching.may_meet(orders[0].places, one.places):
            message = f"{orders[0]}, {one} for what may be one order: {difference}"
            yield Raw("platforms-disagree", one.start, message, one.number)


def _told(document: Document) -> Iterator[_Telling]:
    """The amounts that stand in what is reported as soon as the page is shown."""
    for number, code in enumerate(document.codes):
        value, currency = code.report.value, code.report.currency
        fixed = [one for one in (value, currency, code.report.order_id) if one and (one.is_dynamic or one.is_whole)]
        is_at_once = code.state is None and not code.report.waits
        if value and not fixed and not value.told_by and is_at_once and money.AMOUNT.fullmatch(value.text):
            order_id = code.report.order_id
            yield _Telling(
                platforms.dialect_named(code.report.dialect).platform,
                number,
                value.start,
                value.text,
                currency.text if currency else None,
                order_id.text if order_id else None,
                code.report.places,
            )


def _may_be_one(first: _Telling, other: _Telling) -> bool:
    """Whether nothing says that these are two orders."""
    return None in (first.order_id, other.order_id) or first.order_id == other.order_id


def _difference(first: _Telling, other: _Telling) -> str:
    """What is wrong if both are one order's; empty where nothing is, or where one may be converted into the other."""
    values = Decimal(first.value), Decimal(other.value)
    if None not in (first.currency, other.currency) and first.currency != other.currency:
        return "the same number in two currencies" if values[0] == values[1] != 0 else ""
    if all(values) and values[0] / values[1] in _CENTS:
        return "one is 100 times the other, as cents are"
    return "two values" if values[0] != values[1] and first.currency == other.currency else ""
