"""What a rule says that a conversion is worth: a value in minor units, or an amount in major ones, and its currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from snippetkit import amounts, money, platforms
from snippetkit.amounts import Written
from snippetkit.errors import SettingError
from snippetkit.rules.columns import WORTH, CellError, Columns
from snippetkit.sheets import Cell, Row

_LETTERS = "a currency is three letters, such as USD"
_MAJOR, _MINOR = "amount (major units: 1999 is 1999.00)", "value (minor units: 1999 is 19.99)"
_EITHER = f"for minor units format the column without decimals; for major ones call it {_MAJOR}"


class Worth(NamedTuple):
    """What a conversion is worth: minor units, or an amount in digits; and the currency. None for the code's own."""

    value_cents: int | None = None
    amount: str | None = None
    currency: str | None = None


class Reader(NamedTuple):
    """Reads what the rows of a sheet are worth.

    `amounts_in` is the column of amounts, empty where there is none; `mark` is the decimal mark that is certain there.
    """

    columns: Columns
    amounts_in: str
    values_in: str
    mark: str
    allow_empty: bool
    allow_zero: bool

    def read(self, row: Row, stated: str) -> Worth:
        """Return what a row is worth.

        Args:
            row: the row.
            stated: its currency, as `currency` gives it.

        Raises:
            SettingError: that is not certain, or it is nothing, without having been allowed.
        """
        value, amount = self.columns.cell(row, self.values_in), self.columns.cell(row, self.amounts_in)
        if not value.is_empty and not amount.is_empty:
            raise CellError("there is a value and an amount", hint="give one of them", key="amount")
        if value.is_empty and amount.is_empty:
            return self._of_nothing(row)
        key, cell = (self.amounts_in, amount) if value.is_empty else (self.values_in, value)
        try:
            worth = _amount(cell, self.mark, stated) if value.is_empty else _value(cell, stated)
        except SettingError as error:
            raise CellError.about(key, error) from error
        if not (self.allow_zero or worth.value_cents or (worth.amount or "0").strip("0.")):
            hint = "give what it is worth; --allow-zero-values accepts 0"
            raise CellError("is 0, so a conversion is worth nothing", hint=hint, key=key, is_about=True)
        return worth

    def currency(self, row: Row) -> str:
        """Return the currency that a row states in its column, or that column's name of amounts; empty if none does.

        Raises:
            SettingError: it is none, or the two differ.
        """
        cell = self.columns.cell(row, "currency")
        if cell.fault:
            raise CellError(cell.fault, hint=cell.hint, key="currency", is_about=True)
        try:
            return self.columns.currency(_currency(cell.text) if cell.text else "")
        except SettingError as error:
            raise CellError(str(error), hint=error.hint, key="currency") from error

    def _of_nothing(self, row: Row) -> Worth:
        has_column = self.values_in or self.amounts_in
        if has_column and not self.allow_empty:
            hint = "give one; --allow-empty-values uses the page's or the code's own"
            raise CellError("is empty", hint=hint, key=has_column, is_about=True)
        if not self.columns.cell(row, "currency").is_empty:
            hint = "give both, or neither to use the code's own"
            raise CellError("a currency without a value", hint=hint, key="currency")
        return Worth()


def make_reader(columns: Columns, rows: Sequence[Row], *, allow_empty: bool, allow_zero: bool) -> Reader:
    """Return the reader for a sheet.

    Args:
        columns: where its columns are.
        rows: all of its rows: what one says shows how another is meant.
        allow_empty: rows without a value get the code's own, though the sheet has a column for it.
        allow_zero: a value may be 0.

    Raises:
        SettingError: it is not certain which unit the values are in.
    """
    amounts_in, values_in = ("amount" if "amount" in columns.at else ""), ("value" if "value" in columns.at else "")
    reader = Reader(columns, amounts_in, values_in, "", allow_empty, allow_zero)
    if WORTH in columns.at:
        reader = reader._replace(amounts_in=WORTH)
        if not _is_major(reader, rows):
            message = f"the column {columns.names[WORTH][:60]!r} has only whole numbers, of an unknown unit"
            raise SettingError(message, hint=f"call it {_MAJOR}, or {_MINOR}")
    doubtful = any(map(amounts.may_be_two, _texts(reader, rows))) if reader.amounts_in else False
    return reader._replace(mark=amounts.common_mark(_written(reader, rows))) if doubtful else reader


def _texts(reader: Reader, rows: Sequence[Row]) -> Iterator[str]:
    """The amounts of a sheet that stand there as text."""
    cells = (reader.columns.cell(row, reader.amounts_in) for row in rows)
    return (cell.text for cell in cells if cell.text and not cell.is_number)


def _written(reader: Reader, rows: Sequence[Row]) -> Iterator[Written]:
    for text in _texts(reader, rows):
        with suppress(SettingError):
            yield amounts.read(text)


def _is_major(reader: Reader, rows: Sequence[Row]) -> bool:
    """Whether something in a column shows that it is in major units, or the two are the same in all its currencies."""
    cells = [cell for row in rows if (cell := reader.columns.cell(row, WORTH)).text]
    shown = any(cell.is_number and (cell.has_decimals or cell.sign or _has_fraction(cell.text)) for cell in cells)
    if not cells or shown or any(written.has_unit for written in _written(reader, rows)):
        return True
    try:
        return all(platforms.exponents().get(reader.currency(row)) == 0 for row in rows)
    except SettingError:
        return False


def _has_fraction(text: str) -> bool:
    return "." in text and not re.fullmatch(r"[0-9]+\.0+", text)


def _value(cell: Cell, stated: str) -> Worth:
    return Worth(_cents(cell, stated), None, stated or None)


def _cents(cell: Cell, stated: str) -> int:
    cell.check()
    text = cell.text.removesuffix(".0") if cell.is_number else cell.text
    if cell.sign:
        raise SettingError(f"{text!r} is shown with {cell.sign[:20]!r}", hint=f"call the column {_MAJOR}")
    if re.match(r"-\s*[0-9]", text):
        raise SettingError(f"{text[:60]!r} is negative", hint="a value must be positive")
    if not re.fullmatch(r"[0-9]{1,15}", text):
        hint = f"a value is in minor units: {_example(text)}; in major units, write it under 'amount'"
        raise SettingError(f"{text[:60]!r} is not a whole number of at most 15 digits", hint=hint)
    if cell.has_decimals:
        _check_unit(int(text), stated)
    return int(text)


def _check_unit(number: int, stated: str) -> None:
    """Refuse a whole number that is shown with decimals, as `1,999.00`, where the two units are not the same."""
    exponents = platforms.exponents() if stated else money.HUNDREDTHS
    if number and exponents.get(stated) != 0:
        readings = f"{money.to_major(number, stated, exponents)} or {number}.00"
        raise SettingError(f"'{number}' is shown with decimals, so it may be {readings}", hint=_EITHER)


def _example(text: str) -> str:
    """What a text would be as a whole number of minor units."""
    if match := re.fullmatch(r"([0-9]{1,13})[.,]([0-9]{2})", text):
        return f"{int(match[1] + match[2])} is {text}"
    match = re.fullmatch(r"([0-9]{1,15})[.,]0", text)  # as pandas writes one beside empty cells
    return f"write {match[1]}" if match else "1999 is 19.99"


def _amount(cell: Cell, mark: str, stated: str) -> Worth:
    cell.check()
    written = _stored(cell) if cell.is_number else amounts.read(cell.text)
    currency = amounts.currency_of(written, stated, platforms.exponents().keys())
    number = written.number(mark, currency, platforms.exponents())
    decimals = len(number.partition(".")[2])
    if currency and decimals > _most_decimals(currency):
        read = f"it is read as {number}, as the other amounts are; " if len(written.readings) > 1 else ""
        hint = f"{read}round it in the sheet: {currency} has {_most_decimals(currency) or 'no'} decimals"
        raise SettingError(f"{cell.text[:60]!r} has more decimals than {currency}", hint=hint)
    return Worth(None, number, currency or None)


def _stored(cell: Cell) -> Written:
    """An amount that a spreadsheet stores as a number."""
    if cell.text.startswith("-"):
        amounts.read(cell.text)
    if not re.fullmatch(r"[0-9]{1,15}(?:\.[0-9]{1,15})?", cell.text):
        raise SettingError(f"{cell.text[:60]!r} is not an amount", hint="an amount is in major units: 19.99")
    if cell.sign and not amounts.is_sign(cell.sign):
        hint = "format the column as a plain number, and check that it is the right one"
        raise SettingError(f"{cell.text!r} is shown with {cell.sign[:20]!r}", hint=hint)
    return Written(cell.text, cell.sign, {"": Decimal(cell.text)}, True)


@cache
def _most_decimals(currency: str) -> int:
    """How many decimals a currency has on the platform that takes the most."""
    if currency not in platforms.exponents():
        raise SettingError(f"has the unknown currency {currency!r}", hint="correct it")
    return max(-exponents.get(currency, 0) for exponents in (money.ISO_4217, platforms.exponents()))


@cache
def _currency(text: str) -> str:
    """The currency that a text stands for, one that some platform takes."""
    meant = amounts.currencies(text)
    if len(meant) > 1:
        raise SettingError(f"{text!r} may be {', '.join(meant)}", hint=_LETTERS)
    if not re.fullmatch("[A-Z]{3}", meant[0]):
        raise SettingError(f"{text[:60]!r} is not a currency", hint=_LETTERS)
    money.to_major(0, meant[0], platforms.exponents())
    return meant[0]
