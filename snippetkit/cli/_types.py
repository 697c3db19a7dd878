"""Argument types of the command line."""

from __future__ import annotations

import re
from typing import Any

import click


class _Matching(click.ParamType[str]):
    """Text of one form, given as a pattern; its group `text` is what counts."""

    def __init__(self, name: str, pattern: str, hint: str) -> None:
        self.name = name
        self._pattern = re.compile(pattern)
        self._hint = hint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        match = self._pattern.fullmatch(value)
        if match is None:
            self.fail(f"{value!r}: {self._hint}", param, ctx)
        return match["text"]


class _MinorUnits(click.ParamType[int]):
    """A whole number of minor units."""

    name = "minor units"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", value):
            self.fail(f"{value!r}: {_hint(value)}", param, ctx)
        return int(value)


class _Rule(click.ParamType[dict[str, object]]):
    """A JSON object."""

    name = "json"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, object]:
        import json

        try:
            rule = json.loads(value, parse_constant=int)  # NaN is no JSON, nor is it an int
        except (ValueError, RecursionError):
            rule = None
        if not isinstance(rule, dict) or not rule:
            self.fail(f"{value[:60]!r}: give a JSON object, in single quotes for the shell", param, ctx)
        return rule


def _hint(value: str) -> str:
    rule = "give a whole number of minor units (cents), in the digits 0 to 9, at most 15 of them"
    match = re.fullmatch(r"([0-9]{1,13})[.,]([0-9]{2})", value)
    return f"{rule}: {value} dollars are {int(match[1] + match[2])}" if match else rule


ACCOUNT = _Matching("account id", r"(act_)?(?P<text>[0-9]{1,20})", "an ad account is a number, with or without act_")
BUSINESS = _Matching("business id", r"(?P<text>[0-9]{1,20})", "a business's id is a number")
NAME = _Matching("text", r"(?P<text>[^\ud800-\udfff]*)", "a name must be text in this terminal's encoding")
PIXEL_ID = _Matching(
    "pixel id", r"(?P<text>[0-9]{1,20})", "a pixel's id is a number; 'snippetkit pixels list' shows it"
)
CURRENCY = _Matching("code", r"(?P<text>[A-Z]{3})", "a currency is three capital letters, such as USD")
HOST = _Matching("host", r"(?P<text>[a-z0-9.-]{1,253})", "give a host's name in lower case, such as cdn.example.com")
REGION_KEY = _Matching(
    "key", r"(?P<text>[a-z]+:[0-9]+(\+[0-9]+)*)", "a key is dialect:id; 'snippetkit status' shows it"
)
MINOR_UNITS = _MinorUnits()
RULE = _Rule()
