"""Rules as a JSON list of objects, each with the line where it begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.rules.columns import COLUMN_NAMES, KEYS, Columns
from snippetkit.sheets import Cell, Row, Table

if TYPE_CHECKING:
    import json

LIST = 'the JSON is a list of objects: [{"page": "/thanks.html", "pixel": "123"}]'
_NO_TEXT = later("[\x00\ud800-\udfff]")
_SPACE = later(r"[ \t\n\r]*")
_AS_SHOWN = "write the id in quotes, as the platform shows it; some program made a decimal number of it"


def are_objects(text: str) -> bool:
    """Whether a text is JSON, and no sheet: it begins with `[` or `{`."""
    return text[_after_space(text, 0) :][:1] in {"[", "{"}


def read(text: str, name: str) -> tuple[Table, Columns, list[Row]]:
    """Return the objects as a table, whose columns are the keys that a rule has, with its rows.

    Args:
        text: the whole text.
        name: what messages call it.

    Raises:
        SettingError: it is no list of objects, or one has a key that no rule has.
    """
    if match := _NO_TEXT.search(text):
        message = f"{name}, line {text.count(chr(10), 0, match.start()) + 1}: this is not UTF-8 text"
        raise SettingError(message, hint="save it as UTF-8")
    rows = [Row(line, [_cell(key, fields.get(key)) for key in KEYS]) for line, fields in _Objects(text, name).each()]
    at = {key: column for column, key in enumerate(KEYS) if any(not row.cells[column].is_empty for row in rows)}
    needed = {"page": KEYS.index("page"), "pixel": KEYS.index("pixel")}
    return Table(name, "line", lambda: rows), Columns({**at, **needed}, {}, "", 1, len(KEYS)), rows


def _cell(key: str, field: object) -> Cell:
    if field is None:
        return Cell()
    if not isinstance(field, str):
        hint = "a value is in minor units: 1999 is 19.99" if key == "value" else LIST
        return Cell(fault="is neither text nor a whole number", hint=hint)
    if isinstance(field, Number) and key == "pixel":
        is_whole = field.isdecimal()
        hint = f'write "{field[:60]}": as a number it would lose digits in other programs' if is_whole else _AS_SHOWN
        return Cell(fault=f"{field[:60]} is not a string", hint=hint)
    return Cell(field.strip(), isinstance(field, Number))


@dataclass(frozen=True, slots=True)
class _Objects:
    """A text as objects; `name` is what messages call it."""

    text: str
    name: str

    def each(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """Yield the objects one by one: the `json` module does not say where in a list an item is."""
        line, counted, at = 1, 0, _after_space(self.text, 0)
        opening, closed = "[", False
        while not closed:
            if self.text[at : at + 1] != opening:
                raise self._error(self._line(at), f"this is not a JSON list: no {opening!r}")
            at = _after_space(self.text, at + 1)
            if opening == "[" and self.text[at : at + 1] == "]":
                return
            line, counted = line + self.text.count("\n", counted, at), at
            item, at = self._item(line, at)
            yield line, item
            at = _after_space(self.text, at)
            opening, closed = ",", self.text[at : at + 1] == "]"
        if _after_space(self.text, at + 1) < len(self.text):
            raise self._error(self._line(at), "there is something after the JSON list")

    def _item(self, line: int, at: int) -> tuple[Mapping[str, object], int]:
        try:
            item, end = _decoder().raw_decode(self.text, at)
        except RecursionError as error:
            raise self._error(line, "this is nested too deeply") from error
        except ValueError as error:
            reason, at_line = getattr(error, "msg", str(error)), getattr(error, "lineno", line)
            raise self._error(at_line, f"this is not JSON: {reason}") from error
        if not isinstance(item, dict):
            raise self._error(line, "this is not an object")
        for key in (key for key in item if key not in KEYS):
            raise self._error(line, f"unknown key {key[:60]!r}", COLUMN_NAMES.replace("columns", "keys"))
        return item, end

    def _error(self, line: int, message: str, hint: str = LIST) -> SettingError:
        return SettingError(f"{self.name}, line {line}: {message}", hint=hint)

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1


class Number(str):
    """A JSON number as it stands."""

    __slots__ = ()


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


@cache
def _decoder() -> json.JSONDecoder:
    import json

    return json.JSONDecoder(object_pairs_hook=_object, parse_int=Number, parse_float=Number)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key is there twice")
    return members
