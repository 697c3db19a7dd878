"""From a CSV or JSON text to rules, each checked, with the line of what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from snippetkit import money, platforms
from snippetkit.errors import SettingError
from snippetkit.platforms import Ids
from snippetkit.rules.matching import Rule, Rules
from snippetkit.rules.rows import COLUMN_NAMES, COLUMNS, LIST, Number, Rows

_PAGES = "a page is a path on the site: /thanks.html, /shop/, /shop/*.html, /shop/**"
_DIGITS = Ids(re.compile("[0-9]{1,20}"), "string of digits", "'snippetkit pixels list' shows it")
_NO_PAGES = (
    (re.compile("\\A\\Z|[\x00-\x1f\x7f\ud800-\udfff]"), "is no path"),
    (re.compile(r"\\"), "has a backslash; write /"),
    (re.compile(r"\A//|://"), "is a URL; leave the scheme and the host out"),
    (re.compile(r"[?#]"), "has a query or a fragment, which are no part of a path"),
    (re.compile(r"(?:\A|/)\.\.?(?:/|\Z)"), "goes through '.' or '..'"),
    (re.compile(r"//"), "has an empty segment"),
    (re.compile(r"[^/]\*\*|\*\*[^/]"), "has ** beside other text; it stands alone between slashes"),
)
"""What a browser or a server does not read as the path of a page, or not as it looks."""


def parse(text: str, name: str, ids: Sequence[Ids] = ()) -> Rules:
    """Return the rules of a text: JSON where it begins with `[` or `{`, else CSV with a header.

    CSV may have `;` between its fields, and a byte order mark in front.

    Args:
        text: bytes that are not UTF-8 stand in it as lone surrogates.
        name: the text's own, for messages.
        ids: what pixels' ids look like, of which one has to fit; without any they are digits, as the API has them.

    Raises:
        SettingError: a rule is not what it should be, or contradicts another, with its line; or there is none.
    """
    rows = Rows(text.removeprefix("\ufeff"), name)
    rules: dict[tuple[str, str], Rule] = {}
    for line, fields in rows:
        rule = _rule(rows, line, fields, len(rules), ids or (_DIGITS,))
        there = rules.setdefault((rule.page, rule.pixel_id), rule)
        if there.pixel_value != rule.pixel_value:
            message = f"pixel {rule.pixel_id} is on {rule.page} with another value in line {there.line}"
            raise rows.error(line, message, "keep one of the two lines")
    if not rules:
        raise SettingError(f"{name}: no rules", hint=f"give one in each line; {COLUMN_NAMES}")
    return Rules(name, tuple(rules.values()))


def _rule(rows: Rows, line: int, fields: Mapping[str, object], index: int, ids: Sequence[Ids]) -> Rule:
    page, pixel, value, currency = (_text(rows, line, name, fields.get(name)) for name in COLUMNS)
    if isinstance(pixel, Number):
        hint = f'write "{pixel}": as a number it would lose digits in other programs'
        raise rows.error(line, f"the pixel {pixel[:60]} is no string", hint)
    if not any(one.pattern.fullmatch(pixel) for one in ids):
        noun, hint = (ids[0].noun, ids[0].hint) if len(ids) == 1 else ("id of any platform", "")
        raise rows.error(line, f"the pixel {pixel[:60]!r} is no {noun}", hint)
    if currency and not value:
        raise rows.error(line, "a currency without a value", "give both, or neither: then the code's own count")
    value_cents = _value(rows, line, value) if value else None
    if currency and value_cents is not None:
        _check_currency(rows, line, currency, value_cents)
    return Rule(_page(rows, line, page), str(pixel), value_cents, currency or None, line, index)


def _text(rows: Rows, line: int, name: str, field: object) -> str:
    if field is None:
        return ""
    if not isinstance(field, str):
        hint = "a value is in minor units: 1999 is 19.99" if name == "value" else LIST
        raise rows.error(line, f"the {name} is neither text nor a whole number", hint)
    return field if isinstance(field, Number) else field.strip()


def _value(rows: Rows, line: int, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text):
        match = re.fullmatch(r"([0-9]{1,13})[.,]([0-9]{2})", text)
        example = f"{int(match[1] + match[2])} is {text}" if match else "1999 is 19.99"
        message = f"the value {text[:60]!r} is no whole number of at most 15 digits"
        raise rows.error(line, message, f"a value is in minor units: {example}")
    return int(text)


def _check_currency(rows: Rows, line: int, currency: str, value_cents: int) -> None:
    if not re.fullmatch(r"[A-Z]{3}", currency):
        hint = "a currency is three capital letters, such as USD"
        raise rows.error(line, f"{currency[:60]!r} is no currency", hint)
    try:
        money.to_major(value_cents, currency, platforms.exponents())
    except SettingError as error:
        raise rows.error(line, str(error), error.hint) from error


def _page(rows: Rows, line: int, text: str) -> str:
    """A page with its leading slash."""
    for pattern, reason in _NO_PAGES:
        if pattern.search(text):
            raise rows.error(line, f"the page {text[:60]!r} {reason}", _PAGES)
    return f"/{text.removeprefix('/')}"
