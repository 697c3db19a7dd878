"""From a sheet or a JSON list to rules, each checked: all that is wrong is reported in one run, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeVar

from snippetkit import sheets
from snippetkit.errors import SettingError, SheetError
from snippetkit.platforms import Ids
from snippetkit.rules import columns as names
from snippetkit.rules import fields, objects
from snippetkit.rules.columns import COLUMN_NAMES, CellError, Columns
from snippetkit.rules.matching import Rule, Rules
from snippetkit.rules.worth import Reader, make_reader
from snippetkit.sheets import Row, Table

_Field = TypeVar("_Field")
_MOST_NAMED = 10


class SheetChoices(NamedTuple):
    """What is said about a sheet by whoever uses it, where a guess might be wrong.

    `sheet` is which one of a workbook; `take_hidden` whether rows that are hidden, filtered out or struck through
    count, None where that was not said; with `allow_empty` rows may be without a value, though there is a column for
    it, and with `allow_zero` a value may be 0.
    """

    sheet: str | None = None
    take_hidden: bool | None = None
    allow_empty: bool = False
    allow_zero: bool = False


_NOTHING_SAID = SheetChoices()


def parse(given: str | bytes, name: str, ids: Sequence[Ids] = (), choices: SheetChoices = _NOTHING_SAID) -> Rules:
    """Return the rules of a sheet, or of a JSON list of objects.

    Args:
        given: the text, or the bytes of a file: CSV or the like in any usual encoding, JSON, .xlsx or .ods.
        name: what messages call it.
        ids: what pixels' ids look like, of which one has to fit; without any they are digits, as the API has them.
        choices: what is said about the sheet.

    Raises:
        SettingError: it cannot be read, there are no rules, or one is not what it should be, or contradicts another.
        SheetError: several things are wrong, each with its place.
    """
    table, columns, rows = _open(given, name, choices)
    reading = _Reading(table, columns, ids or (fields.DIGITS,), choices)
    rules = reading.rules(rows)
    if len(reading.errors) == 1:
        raise reading.errors[0]
    if reading.errors:
        raise SheetError(f"{name}: {len(reading.errors)} errors", hint="nothing was written", errors=reading.errors)
    if not rules:
        raise SettingError(f"{name}: no rules", hint=f"give one in each line; {COLUMN_NAMES}")
    return Rules(name, tuple(rules), table.unit, (*table.notes, *reading.notes))


def _open(given: str | bytes, name: str, choices: SheetChoices) -> tuple[Table, Columns, list[Row]]:
    opened = sheets.FileText(given) if isinstance(given, str) else sheets.read(given, name)
    if isinstance(opened, list):
        table = sheets.choose(opened, name, names.is_header, choices.sheet)
    elif choices.sheet is not None:
        raise SettingError(f"{name} is not a workbook, so it has no sheet {choices.sheet[:60]!r}", hint="leave it out")
    else:
        text = opened.text.removeprefix("\ufeff")
        if objects.are_objects(text):
            return objects.read(text, name)
        table = sheets.read_text(text, name, names.is_header).noting(opened.note)
    columns = names.find(table)
    return table, columns, [row for row in table.rows() if row.number > columns.row]


class _Reading:
    """The rows of a sheet on their way to rules; `errors` and `notes` are what there is to say about them."""

    def __init__(self, table: Table, columns: Columns, ids: Sequence[Ids], choices: SheetChoices) -> None:
        self.errors: list[SettingError] = []
        self.notes: list[str] = [*_notes(table, columns)]
        self._table, self._columns, self._ids, self._choices = table, columns, ids, choices

    def rules(self, rows: Sequence[Row]) -> list[Rule]:
        """Return the rule of each row, the same one once; where something is wrong, that is in `errors`."""
        shown = self._shown(rows)
        reader = self._reader(shown)
        rules, again = dict[tuple[str, str], Rule](), list[Row]()
        for row in shown:
            rule = self._rule(row, reader, len(rules))
            there = rules.setdefault((rule.page, rule.pixel_id), rule) if rule else None
            again += [row] if rule and there is not rule else []
            if rule and there and there.pixel_value != rule.pixel_value:
                message = (
                    f"pixel {rule.pixel_id} is on {rule.page} with another value in {self._table.unit} {there.line}"
                )
                self._fail(row, SettingError(message, hint=f"keep one of the two {self._table.unit}s"))
        self.notes += filter(
            None, [_numbered(f"{self._table.name}: repeated, and counted once", again, self._table.unit)]
        )
        return [*rules.values()]

    def _shown(self, rows: Sequence[Row]) -> list[Row]:
        """The rows without those that are hidden or struck through, unless these count."""
        hidden = [row for row in rows if row.is_hidden]
        struck = [row for row in rows if not row.is_hidden and self._columns.is_struck(row)]
        if not (hidden or struck) or self._choices.take_hidden:
            return [*rows]
        told = _numbered("hidden or filtered out", hidden), _numbered("struck through", struck)
        message = f"{self._table.name}: {'; '.join(filter(None, told))}"
        if self._choices.take_hidden is None:
            hint = "--hidden-rows skip leaves them out, --hidden-rows take includes them"
            self.errors.append(SettingError(message, hint=hint))
            return [*rows]
        self.notes.append(f"{message}; left out")
        left_out = {row.number for row in (*hidden, *struck)}
        return [row for row in rows if row.number not in left_out]

    def _reader(self, rows: Sequence[Row]) -> Reader | None:
        empty, zero = self._choices.allow_empty, self._choices.allow_zero
        try:
            self._columns.check(rows)
            return make_reader(self._columns, rows, allow_empty=empty, allow_zero=zero)
        except SettingError as error:
            self.errors.append(SettingError(f"{self._table.where(self._columns.row)}: {error}", hint=error.hint))
            return None

    def _rule(self, row: Row, reader: Reader | None, index: int) -> Rule | None:
        """The rule of a row; where something is wrong with it, all that is goes to the errors."""
        if not self._is_rule(row):
            return None
        with suppress(SettingError):
            if reader:
                return self._read(row, reader, index)
        self._tell(row, reader)
        return None

    def _is_rule(self, row: Row) -> bool:
        """Whether a row is about a page, and not longer than the one that names the columns."""
        page, pixel, width = self._columns.cell(row, "page"), self._columns.cell(row, "pixel"), self._columns.width
        if self._table.unit == "line" and len(row.cells) > width and any(row.texts[width:]):
            hint = "put a field that holds the delimiter in double quotes"
            self._fail(row, SettingError(f"{len(row.cells)} fields, where the header has {width}", hint=hint))
            return False
        is_total = pixel.is_empty and fields.is_total(page)
        if is_total and any(not self._columns.cell(row, key).is_empty for key in self._columns.at):
            self._fail(row, CellError.about("page", fields.NO_TOTALS))
        return not is_total

    def _read(self, row: Row, reader: Reader, index: int) -> Rule:
        page, pixel_id, worth = self._page(row), self._pixel_id(row), reader.read(row, reader.currency(row))
        self._note(row, pixel_id)
        return Rule(page, pixel_id, worth.value_cents, worth.currency, row.number, index, worth.amount)

    def _tell(self, row: Row, reader: Reader | None) -> None:
        """Read each cell of a row that has something wrong on its own."""
        self._try(row, self._page)
        self._try(row, self._pixel_id)
        stated = self._try(row, reader.currency) if reader else None
        if reader:
            self._try(row, lambda row: reader.read(row, stated or ""))

    def _page(self, row: Row) -> str:
        try:
            return fields.page(self._columns.cell(row, "page"))
        except SettingError as error:
            raise CellError.about("page", error) from error

    def _pixel_id(self, row: Row) -> str:
        try:
            return fields.pixel_id(self._columns.cell(row, "pixel"), self._ids)
        except SettingError as error:
            raise CellError.about("pixel", error) from error

    def _try(self, row: Row, read: Callable[[Row], _Field]) -> _Field | None:
        try:
            return read(row)
        except SettingError as error:
            self._fail(row, error)
            return None

    def _fail(self, row: Row, error: SettingError) -> None:
        """Keep an error, with the place of its cell, or of its row where it is of no single one."""
        key = error.key if isinstance(error, CellError) else ""
        where = self._table.where(row.number, self._columns.at.get(key))
        about = f"the {self._columns.called(key)} " if isinstance(error, CellError) and error.is_about else ""
        self.errors.append(SettingError(f"{where}: {about}{error}", hint=error.hint))

    def _note(self, row: Row, pixel_id: str) -> None:
        told = {"pixel": fields.doubt(pixel_id)}
        if self._table.unit == "row":
            told |= {key: self._columns.cell(row, key).note for key in self._columns.at if key not in {"page", "pixel"}}
        for key, note in told.items():
            if note:
                where = self._table.where(row.number, self._columns.at[key])
                self.notes.append(f"{where}: the {self._columns.called(key)} {note}")


def _numbered(what: str, rows: Sequence[Row], unit: str = "row") -> str:
    """What some rows are, with their numbers; empty where there are none."""
    numbers = ", ".join(str(row.number) for row in rows[:_MOST_NAMED])
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    return f"{what}: {unit}{'s'[: len(rows) > 1]} {numbers}{more}" if rows else ""


def _notes(table: Table, columns: Columns) -> Iterator[str]:
    if columns.ignored:
        named = ", ".join(repr(name[:40]) for name in columns.ignored.values())
        yield f"{table.name}: ignored column{'s'[: len(columns.ignored) > 1]}: {named}"
    for key, column in columns.at.items():
        if column in table.hidden_columns:
            yield f"{table.where(columns.row, column)}: the column of the {columns.called(key)} is hidden; it is read"
    above = [row.number for row in table.rows() if row.number < columns.row] if columns.row > 1 else []
    if above:
        yield f"{table.where(columns.row)} names the columns; the rows above it are ignored"
