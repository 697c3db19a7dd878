"""The sum of an order's lines, where a platform takes no total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

from snippetkit.javascript import Round, given
from snippetkit.patterns import later
from snippetkit.records import replace

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script, Setting
    from snippetkit.platforms.places import Lines

SUM = "the sum of its lines"
"""What tells a value that no text can be put in the place of."""

_NUMBER = later(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")


def total(script: Script, node: Node, lines: Lines, one: Round, less: Setting | None) -> Setting | None:
    """Return the sum of lines: no text can be put in its place, and it is dynamic where one of the lines is.

    Where a line tells what is no amount, that is what there is instead of a sum.

    Args:
        script: the script.
        node: what stands where the list of lines belongs.
        lines: what a line tells.
        one: the round of the loops around it.
        less: the amount that is subtracted, None where there is none.
    """
    listed = script.meant(node, one.given)
    items = [script.meant(line, one.given) for line in given(listed)] if listed and listed.type == "array" else []
    members = [script.members(line, one.given) for line in items if not _is_open(script, line, lines, one)]
    known = [amount for line in members if (amount := _amount(script, line, lines, one)) is not None]
    whole = script.setting(node, one.given)
    if wrong := next(filter(None, (_wrong(script, line, lines, one) for line in members)), None):
        return replace(wrong, told_by=SUM)
    if whole is None or (taken := _less(less)) is None or len(known) < len(items) or not items:
        return whole and replace(whole, is_dynamic=True, is_whole=True)
    return replace(whole, text=f"{sum(known) - taken:f}", is_dynamic=False, told_by=SUM)


def _is_open(script: Script, line: Node | None, lines: Lines, one: Round) -> bool:
    """Whether another part of a line, such as `...x`, may tell what it costs."""
    return any(script.member(line, name, given=one.given).set_over for name in (lines.price, lines.quantity) if name)


def _less(told: Setting | None) -> Decimal | None:
    """What is subtracted from the sum of lines, None where that is not known before the page is made."""
    text = told.text if told else ""
    return Decimal(text or 0) if _NUMBER.fullmatch(text or "0") else None


def _wrong(script: Script, line: Mapping[str, Node], lines: Lines, one: Round) -> Setting | None:
    """What a line tells as a text that is no amount."""
    told = (script.amount(line.get(name), one.given) for name in (lines.price, lines.quantity) if name)
    return next((one for one in told if one and not one.is_dynamic and not _NUMBER.fullmatch(one.text)), None)


def _amount(script: Script, line: Mapping[str, Node], lines: Lines, one: Round) -> Decimal | None:
    """What a line costs, None where that is not known before the page is made."""
    texts = [script.text(line.get(name), one.given) for name in (lines.price, lines.quantity) if name]
    return prod(map(Decimal, texts), start=Decimal(1)) if all(map(_NUMBER.fullmatch, texts)) else None


def numbered(names: tuple[str, str, str], told: Mapping[str, Setting]) -> Setting | None:
    """Return the sum of lines that numbered parameters tell, as `total` does; None where there are none.

    Args:
        names: what a line's price and its quantity begin with, and the name of what is subtracted.
        told: what each parameter tells.
    """
    price, quantity, less = names
    lines = [*_numbered(price, quantity, told)]
    every = [one for line in lines for one in line]
    amounts = [*filter(None, every), *filter(None, [told.get(less)])]
    if not lines or None in every:
        return None
    if dynamic := next((one for one in amounts if one.is_dynamic), None):
        return replace(dynamic, is_whole=True)
    if wrong := next((one for one in amounts if one.text and not _NUMBER.fullmatch(one.text)), None):
        return replace(wrong, told_by=SUM)
    costs = [prod(Decimal(one.text or 0) for one in line if one) for line in lines]
    taken = told[less].text if less in told else ""
    return replace(amounts[0], text=f"{sum(costs) - Decimal(taken or 0):f}", told_by=SUM)


def _numbered(price: str, quantity: str, told: Mapping[str, Setting]) -> Iterator[tuple[Setting, Setting | None]]:
    """The price of each line, and how often that counts."""
    for name, one in told.items():
        number = name.removeprefix(price)
        if name != number and number.isdecimal():
            yield one, told.get(f"{quantity}{number}")
