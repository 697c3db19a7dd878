"""From a CSV or JSON text to rows of fields, each with the line where it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from snippetkit.errors import SettingError

if TYPE_CHECKING:
    import json

COLUMNS = ("page", "pixel", "value", "currency")
"""What a rule has: the columns of the CSV, the keys of the JSON."""

COLUMN_NAMES = f"the columns are {', '.join(COLUMNS)}"
LIST = 'the JSON is a list of objects: [{"page": "/thanks.html", "pixel": "123"}]'
_NEEDED = frozenset({"page", "pixel"})
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\n\r]*")
_FIRST_LINE = re.compile(r"\s*([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Rows:
    """A text as rows; `name` is what messages call it."""

    text: str
    name: str

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """Yield the line where each row begins, from 1, and its fields; those of JSON may be of any kind.

        Raises:
            SettingError: it is no text, or no JSON or CSV; or it has columns that a rule does not have.
        """
        if match := _NO_TEXT.search(self.text):
            hint = "save it as UTF-8; in a spreadsheet, as 'CSV UTF-8'"
            raise self.error(self._line(match.start()), "this is not UTF-8 text", hint)
        at = self._skip(0)
        yield from self._of_json() if self.text[at : at + 1] in {"[", "{"} else self._of_csv()

    def error(self, line: int, message: str, hint: str) -> SettingError:
        """Return the error that says what is wrong in a line, and what to do next."""
        return SettingError(f"{self.name}, line {line}: {message}", hint=hint)

    def _of_csv(self) -> Iterator[tuple[int, dict[str, str]]]:
        header: list[str] = []
        for line, row in self._records():
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = cells
                self._check_header(line, header)
            elif len(cells) > len(header):
                message = f"{len(cells)} fields, where the header has {len(header)}"
                raise self.error(line, message, "put a field that holds the delimiter in double quotes")
            else:
                yield line, dict(zip(header, cells, strict=False))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        import csv
        import io

        first = _FIRST_LINE.match(self.text)
        delimiter = ";" if first and ";" in first[1] else ","
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader, None)
            except csv.Error as error:
                hint = "a field with a double quote in it stands in double quotes, and has two of them for each"
                raise self.error(line, f"this is not CSV: {error}", hint) from error
            if row is None:
                return
            yield line, row

    def _check_header(self, line: int, header: Sequence[str]) -> None:
        hint = f"the first line names the columns; {COLUMN_NAMES}"
        for column in header:
            if column not in COLUMNS:
                raise self.error(line, f"unknown column {column[:60]!r}", hint)
        for column in COLUMNS:
            if header.count(column) > 1 or (column in _NEEDED and column not in header):
                raise self.error(line, f"{header.count(column) or 'no'} columns {column!r}", hint)

    def _of_json(self) -> Iterator[tuple[int, dict[str, object]]]:
        """The objects one by one: the `json` module does not say where in a list an item is."""
        line, counted, at = 1, 0, self._skip(0)
        opening, closed = "[", False
        while not closed:
            if self.text[at : at + 1] != opening:
                raise self.error(self._line(at), f"this is no JSON list: no {opening!r}", LIST)
            at = self._skip(at + 1)
            if opening == "[" and self.text[at : at + 1] == "]":
                return
            line, counted = line + self.text.count("\n", counted, at), at
            item, at = self._item(line, at)
            yield line, item
            at = self._skip(at)
            opening, closed = ",", self.text[at : at + 1] == "]"
        if self._skip(at + 1) < len(self.text):
            raise self.error(self._line(at), "something stands behind the JSON list", LIST)

    def _item(self, line: int, at: int) -> tuple[dict[str, object], int]:
        try:
            item, end = _decoder().raw_decode(self.text, at)
        except RecursionError as error:
            raise self.error(line, "this is not an object, but nested deeply", LIST) from error
        except ValueError as error:
            reason, at_line = getattr(error, "msg", str(error)), getattr(error, "lineno", line)
            raise self.error(at_line, f"this is not JSON: {reason}", LIST) from error
        if not isinstance(item, dict):
            raise self.error(line, "this is not an object", LIST)
        for key in (key for key in item if key not in COLUMNS):
            raise self.error(line, f"unknown key {key[:60]!r}", COLUMN_NAMES)
        return item, end

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1


class Number(str):
    """A JSON number as it stands."""

    __slots__ = ()


@cache
def _decoder() -> json.JSONDecoder:
    import json

    return json.JSONDecoder(object_pairs_hook=_object, parse_int=Number, parse_float=Number)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands there twice")
    return members
