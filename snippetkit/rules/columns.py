"""The columns of a sheet, by the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from snippetkit import amounts, money
from snippetkit.amounts import Written
from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.sheets import Cell, Row, Table, find_header

COLUMNS = ("page", "pixel", "value", "currency")
"""What is told of a rule: the columns of a table, the keys of a JSON document."""

KEYS = ("page", "pixel", "value", "amount", "currency")
"""What a rule may have: the keys of the JSON, and what the columns of a sheet are for."""

COLUMN_NAMES = f"the columns are {', '.join(KEYS)}"
_NOTHING = Cell()
WORTH = "worth"
"""What a column is for that has values of which its name does not say the unit."""

NAMES: Mapping[str, str] = {
    "page": "page, pages, path, url, uri, page url, page path, url path, landing page, target page, seite, seiten, "
    "seitenpfad, pfad, unterseite, zielseite, página, pagina, ruta, chemin",
    "pixel": "pixel, pixels, pixel id, pixelid, pixel nr, pixelnummer, pixel number, id pixel, id de pixel, "
    "id du pixel, id del pixel, id do pixel, píxel, id de píxel",
    "value": "value, value cents, value in cents, cents, minor units, wert in cent, wert cent, betrag in cent, "
    "betrag cent",
    "amount": "amount, price, betrag, preis, montant, prix, importe, importo, precio, prezzo, bedrag",
    WORTH: "wert, conversion value, conversion wert, conversionwert, worth, revenue, umsatz, valeur, valor, valore, "
    "waarde",
    "currency": "currency, currencies, currency code, cur, curr, ccy, währung, waehrung, währungscode, devise, moneda, "
    "moeda, valuta",
}
"""What each column may be called, in any case and with any signs between the words."""

_OF_NAME = {name: key for key, names in NAMES.items() for name in names.split(", ")}
_MONEY = ("value", "amount", WORTH)
_MONEY_WORDS = {word for name, key in _OF_NAME.items() if key in _MONEY for word in name.split()} - set(
    "in conversion minor units".split()
) | set("sum summe total pence ct".split())
_CODES_THAT_ARE_WORDS = frozenset("all bam cup gel mad mop pen rub sos top try".split())
_MONEY_ENDS = ("wert", "preis", "betrag", "summe", "umsatz")  # of one word in German: Warenkorbwert
_WHOSE = later(r"\A\w+ (?=pixel(?: id)?\Z)")  # what kind of pixel it is, such as its platform's
_UNITS = "amount, in major units (19.99), or value, in minor units (1999)"
_UNIT = later(r"(?P<name>.*?)[\s(\[,/_-]+(?:in\s+)?(?P<unit>[^\s()\[\],/_-]+)[)\]]?", re.DOTALL)
_HUMP = later(r"(?<=[a-z])(?=[A-Z])")
_HINT = f"one row names the columns; {COLUMN_NAMES}"


class CellError(SettingError):
    """What is wrong with a cell.

    Args:
        message: what is wrong, on one line.
        hint: what to do next, on one line, or empty.
        key: which column's cell it is.
        is_about: the message goes on behind what the cell is called.
    """

    def __init__(self, message: str, *, hint: str = "", key: str = "", is_about: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.key, self.is_about = key, is_about

    @classmethod
    def about(cls, key: str, error: SettingError) -> CellError:
        """Return the error that says of a cell what another one says of its content."""
        return cls(str(error), hint=error.hint, key=key, is_about=True)


class Columns(NamedTuple):
    """Where the columns of a sheet are, counted from 0, and what they are called there.

    `sign` is that of a currency, or its code, in the name of the column of amounts. `row` is the row with the names,
    `width` is how many columns it goes across, and `ignored` are those of which it is not known what their names mean.
    """

    at: Mapping[str, int]
    names: Mapping[str, str]
    sign: str
    row: int
    width: int
    ignored: Mapping[int, str] = {}

    def check(self, rows: Sequence[Row]) -> None:
        """Make sure that none of the ignored columns has the currencies of a sheet that states none.

        Raises:
            SettingError: one has, or the sign in the name of the column of amounts is that of several.
        """
        if "currency" in self.at or not {*_MONEY} & self.at.keys():
            return
        if self.sign:
            self.currency("")
            return
        for column, name in self.ignored.items():
            texts = {row.cells[column].text.upper() for row in rows if column < len(row.cells)} - {""}
            if texts and texts <= money.ISO_4217.keys():
                raise SettingError(f"the column {name[:60]!r} has currencies", hint="call it currency, or delete it")

    def cell(self, row: Row, key: str) -> Cell:
        """Return a row's cell in a column, an empty one where there is none."""
        column = self.at.get(key, len(row.cells))
        return row.cells[column] if column < len(row.cells) else _NOTHING

    def currency(self, stated: str) -> str:
        """Return the currency of amounts by their column's name and what is stated elsewhere; empty if neither says.

        Raises:
            SettingError: the two contradict each other, or the sign in the name is that of several.
        """
        name = next((self.names[key] for key in _MONEY if key in self.names), "")
        return amounts.currency_of(Written(name, self.sign, {}, False), stated, money.ISO_4217.keys())

    def is_struck(self, row: Row) -> bool:
        """Whether something that a rule is made of is struck through in a row."""
        return any(cell.is_struck and not cell.is_empty for cell in (self.cell(row, key) for key in self.at))

    def called(self, key: str) -> str:
        """Return what messages call a column: its key, and its name where that has another word for it."""
        name, told = self.names.get(key, key), "value" if key == WORTH else key
        return told if told in _words(name).split() else f"{told} ({name[:40]!r})"


def is_header(texts: Sequence[str]) -> bool:
    """Whether texts are the names of columns: one names the page and one the pixel."""
    keys = {_key(text)[0] for text in texts}
    return {"page", "pixel"} <= keys


def find(table: Table) -> Columns:
    """Return the columns of a table.

    Raises:
        SettingError: no row names them, or two have the same meaning.
    """
    row = find_header(table, is_header)
    if row is None:
        raise _no_header(table)
    return _read(table, row)


def _read(table: Table, row: Row) -> Columns:
    at, names, sign, ignored = dict[str, int](), dict[str, str](), "", dict[int, str]()
    for column, text in enumerate(row.texts):
        key, unit = _key(text)
        if not key:
            ignored |= {column: text} if text else {}
            continue
        other = next((one for one in _rivals(key) if one in at), "")
        if other:
            message = f"{table.where(row.number)}: the columns {names[other][:60]!r} and {text[:60]!r} mean the same"
            raise SettingError(message, hint="give one of them another name, or delete it")
        at[key], names[key], sign = column, text, unit or sign
    doubtful = [*filter(_may_be_money, ignored.values())]
    if doubtful and not {*_MONEY} & at.keys():
        message = f"{table.where(row.number)}: the column {doubtful[0][:60]!r} may say what a page is worth"
        raise SettingError(message, hint=f"call it {_UNITS}; or give it another name")
    return Columns(at, names, sign, row.number, len(row.cells), ignored)


def _rivals(key: str) -> tuple[str, ...]:
    """The columns beside which there can be no such one; a value and an amount may stand in different rows."""
    if key == WORTH:
        return _MONEY
    return (key, WORTH) if key in _MONEY else (key,)


def _key(text: str) -> tuple[str, str]:
    """What a column is for by its name, empty where that is not known; and the sign of a currency that the name has."""
    match = _UNIT.fullmatch(text)
    named = _OF_NAME.get(_words(match["name"]), "") if match else ""
    if match and named in _MONEY and _is_currency(match["unit"], text):
        return WORTH if named == "value" else "amount", match["unit"]
    return _OF_NAME.get(_WHOSE.sub("", _words(text)), ""), ""


def _is_currency(unit: str, name: str) -> bool:
    """Whether a word of a column's name is a currency: a sign, or a code, and not a word that looks like one."""
    is_word = unit.lower() in _CODES_THAT_ARE_WORDS and (name.isupper() or not unit.isupper())
    return unit in amounts.SIGNS or (unit.upper() in money.ISO_4217 and not is_word)


def _may_be_money(name: str) -> bool:
    """Whether a column of which it is not known what its name means may say what a page is worth."""
    words = _words(_HUMP.sub(" ", name)).split()
    return any(word in _MONEY_WORDS or word.endswith(_MONEY_ENDS) for word in words)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def _no_header(table: Table) -> SettingError:
    """The error for a sheet in which no row names the columns, about the one that comes nearest."""
    nearest, found = None, {""}
    for row in table.rows():
        keys = {_key(text)[0] for text in row.texts}
        if nearest is None or len(keys) > len(found):
            nearest, found = row, keys
    if nearest is None:
        return SettingError(f"{table.name}: no rules", hint=f"give one in each line; {COLUMN_NAMES}")
    missing = " and ".join(repr(key) for key in ("page", "pixel") if key not in found)
    return SettingError(f"{table.where(nearest.number)}: no column {missing}", hint=_HINT)
