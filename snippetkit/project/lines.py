"""In which line of a TOML text something stands: the parser does not say, so it is asked about pieces of the text.

A piece ends where the parser takes it as a whole, which it does not in the middle of a text or a list that goes on. So
there is one grammar, and each line is parsed a few times at most.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

Path = tuple[str | int, ...]
"""Keys and indexes that lead to a value."""

_NO_STATEMENT = ("{", "}", "]", ",", "#", "\n")


def find_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each table, of each key and of each item of a list that goes over several lines.

    Args:
        text: TOML that can be parsed.
    """
    lines: dict[Path, int] = {}
    last: dict[Path, int] = {}
    table: Path = ()
    for line, piece in _pieces(text, _parsed, _NO_STATEMENT):
        value = _parsed(piece)
        if piece.lstrip().startswith("["):
            table = _place(value, last)
            lines[table] = line
            continue
        for path in _leaves(value):
            lines[table + path] = line
            lines |= {table + path + (index,): at for index, at in _items(piece, line)}
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a value, or of what it stands in where that goes over no further line; else 1."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)


def _parsed(text: str) -> dict[str, Any]:
    """What a text says; nothing where it cannot be parsed."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _pieces(text: str, parse: Callable[[str], object], goes_on: tuple[str, ...] = ()) -> Iterator[tuple[int, str]]:
    """The pieces of a text, each with the number of its first line; with those, no piece begins."""
    lines = [f"{line}\n" for line in text.split("\n")]
    piece, first = "", 1
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1):
        if not piece and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if piece else number
        piece += line
        is_in_it = bool(following) and (following.lstrip(" \t\r") or "\n").startswith(goes_on)
        if not is_in_it and parse(piece):
            yield first, piece
            piece = ""


def _place(header: object, last: dict[Path, int]) -> Path:
    """Where the table of a header goes: of a list of tables, behind the last one."""
    path: Path = ()
    value = header
    while isinstance(value, dict) and value:
        [(key, value)] = value.items()
        path += (key,)
        if isinstance(value, list):
            last[path] = last.get(path, -1) + 1
            for inner in [inner for inner in last if inner[: len(path)] == path and inner != path]:
                del last[inner]
            [value] = value
        if path in last:
            path += (last[path],)
    return path


def _leaves(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from _leaves(inner, (*path, key))


def _items(piece: str, line: int) -> Iterator[tuple[int, int]]:
    """The items of a statement's list, each with its line."""
    begin = piece.find("[")
    if begin < 0 or "\n" not in piece.rstrip():
        return
    index = count()
    for at, items in _pieces(piece[begin + 1 : piece.rindex("]")], _listed):
        for _ in _listed(items):
            yield next(index), line + at - 1


def _listed(text: str) -> list[object]:
    """The items of a piece of a list; none where it ends within one."""
    items: list[object] = _parsed(f"x = [{text}\n]").get("x", [])
    return items
