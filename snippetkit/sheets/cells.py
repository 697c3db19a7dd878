"""A sheet as rows of cells, each with what stands in it and with why that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.records import dataclass, replace

IsHeader = Callable[[Sequence[str]], bool]
"""Says whether the texts of a row are the names of columns."""

_SPACE = " \t\r\n\f\v\u00a0\u2007\u2009\u202f\u3000" + (
    "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # not seen
)
_AS_TEXT = later(r"'(?![a-z'\s]).*[^']", re.DOTALL)  # `'19.99`: people keep spreadsheets from making a number of it
_ERROR = later(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|NV|WERT!|BEZUG!|ZAHL!)|Err:[0-9]+")
SEARCHED_ROWS = 50
"""How far down the names of the columns may stand, below titles."""


class Cell(NamedTuple):
    """A field of a sheet.

    `text` is what stands in it, without white space around; of a number that a spreadsheet stores, its digits. `sign`
    is what the number's format shows beside it, such as a currency, and `has_decimals` says whether it shows decimals,
    which a whole number has too then. `fault` says why it is nothing to be used, `hint` what to do then, and `note`
    what a person should know who uses it. `is_struck` says whether some of it is struck through.
    """

    text: str = ""
    is_number: bool = False
    sign: str = ""
    has_decimals: bool = False
    fault: str = ""
    hint: str = ""
    note: str = ""
    is_struck: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.text or self.fault)

    def in_merge(self, which: str = "") -> Cell:
        """Return it as one of merged cells, which may be meant for several rows, or for none."""
        told = f": {which}" if which else ""
        return self._replace(fault=f"is merged with others{told}", hint="undo the merge, and fill in each row")

    def check(self) -> None:
        """Make sure that it can be used.

        Raises:
            SettingError: it cannot.
        """
        if self.fault:
            raise SettingError(self.fault, hint=self.hint)


class Row(NamedTuple):
    """The cells of a line or a row; `number` counts from 1."""

    number: int
    cells: Sequence[Cell]
    is_hidden: bool = False

    @property
    def texts(self) -> list[str]:
        """What stands in its cells."""
        return [cell.text for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet.

    `name` is what messages call it, `unit` what its rows are called, `title` the name of the sheet in a workbook, which
    `is_hidden` there or not; `hidden_columns` are those that are not shown, from 0. `make_rows` gives the rows, those
    that are empty or a comment left out.
    """

    name: str
    unit: str
    make_rows: Callable[[], Iterable[Row]]
    title: str = ""
    is_hidden: bool = False
    notes: tuple[str, ...] = ()
    hidden_columns: frozenset[int] = frozenset()

    def rows(self) -> Iterator[Row]:
        """Return the rows in which something stands that is no comment."""
        return (row for row in self.make_rows() if not _is_skipped(row.cells))

    def noting(self, *notes: str) -> Table:
        """Return it with what a person should know of it; what is empty is left out."""
        return replace(self, notes=(*self.notes, *filter(None, notes)))

    def where(self, row: int, column: int | None = None) -> str:
        """Return where a row is, or a cell of it, columns counted from 0."""
        if column is None or self.unit == "line":
            return f"{self.name}, {self.unit} {row}"
        return f"{self.name}, cell {letters(column)}{row}"


def make_cell(text: str) -> Cell:
    """Return a cell of text; an error that a spreadsheet has written there is one."""
    text = text.strip(_SPACE)
    if text[:1] == "'" and _AS_TEXT.fullmatch(text):
        text = text[1:]
    if text[:1] in {"#", "E"} and _ERROR.fullmatch(text):
        return Cell(fault=f"is an error of the spreadsheet: {text}", hint="correct it there")
    return Cell(text)


def _is_skipped(cells: Sequence[Cell]) -> bool:
    """Whether a row is empty or a comment; a lone `#` may be the name of a column that counts the rows."""
    if cells and cells[0].text and cells[0].text[0] != "#":
        return False
    there = [cell for cell in cells if not cell.is_empty]
    return not there or (there[0].text.startswith("#") and (there[0].text != "#" or len(there) == 1))


def letters(column: int) -> str:
    """Return what spreadsheets call a column, counted from 0: A, B, .. Z, AA."""
    name, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
