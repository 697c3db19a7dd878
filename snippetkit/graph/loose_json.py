"""JSON as people and the reference write it, read into what `json.loads` would give.

The grammar is JSON's (RFC 8259) with three additions, as in JavaScript: strings in single quotes, the escape
`\\'`, and keys without quotes that are an ASCII name or a whole number. Nothing else is taken: no comments, no comma
after the last member, no names such as `undefined` as values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, NoReturn

from snippetkit.errors import SettingError
from snippetkit.patterns import later

MAX_DEPTH = 100
"""How deep lists and objects may be nested; the specs and targetings of the reference have two levels."""

_TOKEN = later(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<mark>[\[\]{}:,])
    | (?P<string>"(?:[^"\\\x00-\x1f]|\\.|(?!))*+"|'(?:[^'\\\x00-\x1f]|\\.|(?!))*+')
    | (?P<unended>["'])
    | (?P<number>-?(?:0|[1-9][0-9]*+)(?P<fraction>(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![\w.$]))
    | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*+(?!\w))
    | (?P<other>[\w.+$-]++|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TO_JSON = later(r"""\\'|\\.|\"""")
_LITERALS: dict[str, object] = {"true": True, "false": False, "null": None}
_MAX_SHOWN_CHARACTERS = 40


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def read(text: str, source: str) -> object:
    """Return the value that a text holds, as `json.loads` would: dict, list, str, int, float, bool, None.

    No digit is lost: a whole number is an int of any size, and a fraction that a float would change is refused.

    Args:
        text: the loose JSON.
        source: what errors call it, such as an option or a file.

    Raises:
        SettingError: the text cannot be read, a key occurs twice in one object, or a string is no Unicode text;
            with the line and the column in characters, both counted from 1.
    """
    return _JsonReader(text, source).read()


class _JsonReader:
    """Reads one text from left to right, one token ahead."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._tokens = _tokens(text)
        self._next = next(self._tokens)

    def read(self) -> object:
        value = self._value(MAX_DEPTH)
        if self._next.kind != "end":
            self._refuse("nothing more")
        return value

    def _value(self, depth: int) -> object:
        token = self._next
        if token.text in {"[", "{"}:
            if not depth:
                self._fail(token, f"more than {MAX_DEPTH} lists and objects inside each other")
            self._take()
            return self._list(depth - 1) if token.text == "[" else self._object(depth - 1)
        if token.kind == "string":
            return self._string(self._take())
        if token.kind in {"number", "fraction"}:
            return self._number(self._take())
        if token.kind == "name" and token.text in _LITERALS:
            return _LITERALS[self._take().text]
        return self._refuse("a value")

    def _list(self, depth: int) -> list[object]:
        items: list[object] = []
        while not self._ends("]", first=not items):
            items.append(self._value(depth))
        return items

    def _object(self, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        while not self._ends("}", first=not members):
            token = self._next
            key = self._key()
            if key in members:
                self._fail(token, f"the key {_shown(key)} occurs twice in one object")
            if self._next.text != ":":
                self._refuse("':'")
            self._take()
            members[key] = self._value(depth)
        return members

    def _ends(self, mark: str, *, first: bool) -> bool:
        """Whether a list or an object ends here; where it goes on, the comma is taken."""
        if self._next.text == mark:
            self._take()
            return True
        if not first:
            if self._next.text != ",":
                self._refuse(f"',' or '{mark}'")
            self._take()
        return False

    def _key(self) -> str:
        token = self._next
        if token.kind == "string":
            return self._string(self._take())
        if token.kind == "name" or (token.kind == "number" and token.text[0] != "-"):
            return self._take().text
        return self._refuse("a key")

    def _string(self, token: _Token) -> str:
        try:
            value = json.loads(f'"{_TO_JSON.sub(_escape, token.text[1:-1])}"')
        except ValueError:
            self._fail(token, "a string with an escape that JSON does not have")
        assert isinstance(value, str)  # noqa: S101
        if not is_text(value):
            self._fail(token, "a string with half a character (a lone surrogate)")
        return value

    def _number(self, token: _Token) -> int | float:
        try:
            if token.kind == "number":
                return int(token.text)
            value = float(token.text)
            if Decimal(token.text) == Decimal(repr(value)):
                return value
        except (ValueError, ArithmeticError):
            pass
        return self._fail(token, f"the number {_shown(token.text)} would lose digits")

    def _take(self) -> _Token:
        token = self._next
        self._next = next(self._tokens)
        return token

    def _refuse(self, expected: str) -> NoReturn:
        shown = {"end": "the end", "unended": "a string that is not closed on its line"}
        self._fail(self._next, f"expected {expected}, found {shown.get(self._next.kind, _shown(self._next.text))}")

    def _fail(self, token: _Token, reason: str) -> NoReturn:
        before = self._text[: token.start]
        line, column = before.count("\n") + 1, token.start - before.rfind("\n")
        raise SettingError(f"{self._source}: line {line}, column {column}: {reason}")


def is_text(value: str) -> bool:
    """Whether all of a string can be sent: it has no lone surrogates, which undecodable arguments become."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if match["number"]:
            kind = "fraction" if match["fraction"] else "number"
        if kind != "space":
            yield _Token(kind, match[0], match.start())
    while True:
        yield _Token("end", "", len(text))


def _escape(match: re.Match[str]) -> str:
    return {"\\'": "'", '"': '\\"'}.get(match[0], match[0])


def _shown(text: str) -> str:
    return repr(text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}...")
