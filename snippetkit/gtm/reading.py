"""The text of an export to a document."""

from __future__ import annotations

import json
import math
from typing import NoReturn

from snippetkit.errors import SettingError, why_not_json
from snippetkit.patterns import later

_UNDECODED = later("[\udc80-\udcff]")
_UTF_16 = later("(?:\udcff\udcfe)?[^\0]\0[^\0]|(?:\udcfe\udcff)?\0[^\0]\0")
_ZIP = "PK\x03\x04"
_MOST_DIGITS = 400
"""More than any number that JavaScript has."""
_EXPORT_AGAIN = "export the container again, and give that file"


def parse(text: str, source: str) -> object:
    """Return the JSON value of a text.

    Args:
        text: bytes that are not UTF-8 stand in it as lone surrogates.
        source: what errors call it, such as a file's name.

    Raises:
        SettingError: it is not UTF-8 or not JSON, or is JSON that would lose something here: a key that occurs twice.
    """
    refuse_binary(text, source)
    if _UNDECODED.search(text):
        raise SettingError(f"{source}: not UTF-8", hint=_EXPORT_AGAIN)
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=whole,
        )
    except RecursionError as error:
        raise SettingError(f"{source}: nested too deeply") from error
    except ValueError as error:
        raise SettingError(f"{source}: not JSON: {why_not_json(error)}", hint=_EXPORT_AGAIN) from error


def refuse_binary(text: str, source: str) -> None:
    """Make sure that a text is not UTF-16, as some editors save it, and no archive.

    Args:
        text: bytes that are not UTF-8 stand in it as lone surrogates.
        source: what errors call it, such as a file's name.

    Raises:
        SettingError: it is.
    """
    if _UTF_16.match(text):
        raise SettingError(f"{source}: this is UTF-16, and must be UTF-8", hint="save it as UTF-8")
    if text.startswith(_ZIP):
        raise SettingError(f"{source}: a zip, not an export", hint="unpack it, and give the file in it")


def whole(digits: str) -> int:
    """Return a whole number of JSON.

    Raises:
        ValueError: it is longer than any that a tag manager writes; Python's own message would not help a user.
    """
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"no export has a number of {len(digits)} digits")
    return int(digits)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice[:60]!r} occurs twice in one object")
    return members


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text[:60])


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a value")
