"""Argument types of the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from snippetkit import terms
from snippetkit.errors import SnippetError
from snippetkit.key import HINT as _KEY_HINT
from snippetkit.key import Key
from snippetkit.patterns import later
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MOST_NAMED = 4


class _Matching(click.ParamType[str]):
    """Text of one form, given as a pattern; its group `text` is the value."""

    def __init__(self, name: str, pattern: str, hint: str) -> None:
        self.name = name
        self._pattern = later(pattern)
        self._hint = hint

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        match = self._pattern.fullmatch(value)
        if match is None:
            self.fail(f"{value!r}: {self._hint}", param, ctx)
        return match["text"]


class ShardType(click.ParamType[tuple[int, int]]):
    """`I/N`: part I of N."""

    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        number, slash, parts = str(value).partition("/")
        if not (slash and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
            self.fail(f"{value!r}: write I/N, such as 1/4 for the first of four parts", param, ctx)
        return int(number), int(parts)


class _KnownPixel(_Matching):
    """A pixel's id; a shell completes those of the embedded API."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from snippetkit.cli import _completing

        return _completing.pixels(ctx, incomplete)


class _KnownAccount(_Matching):
    """An ad account's id; a shell completes those of the embedded API."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from snippetkit.cli import _completing

        return _completing.accounts(ctx, incomplete)


class _CodePixel(click.ParamType[str]):
    """A pixel's id: a number, or as the kind has it whose code is made here; of code that is there, any platform's."""

    name = "pixel id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        given = ctx.params if ctx else {}
        kind = given.get("kind")
        if isinstance(kind, Kind) and given.get("from_file") is None:
            return PIXEL_ID.convert(value, param, ctx)
        from snippetkit import platforms

        if kind is None or isinstance(kind, Kind):
            is_id, reason = platforms.is_of_any(value), "no platform's pixel has such an id"
        else:
            platform = platforms.dialect_named(kind).platform
            is_id = platform.ids.pattern.fullmatch(value) is not None
            reason = f"it is not the {platform.ids.noun} of any {platform.title} pixel; {platform.ids.hint}"
        if not is_id:
            self.fail(f"{value[:60]!r}: {reason}", param, ctx)
        return value  # type: ignore[no-any-return]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        return PIXEL_ID.shell_complete(ctx, param, incomplete)


class _CodeKind(click.ParamType[str]):
    """A kind that the API has, or the name of a dialect whose code is made here."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in set(Kind):
            return Kind(value)
        from snippetkit import work

        if value not in work.kinds():
            meant = work.suggest_kinds(value) or f"give {', '.join(self._names())}"
            self.fail(f"{value[:60]!r} is unknown; {meant}", param, ctx)
        return value  # type: ignore[no-any-return]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in self._names() if name.startswith(incomplete)]

    def _names(self) -> list[str]:
        from snippetkit import work

        return [*Kind, *work.kinds()]


class _MinorUnits(click.ParamType[int]):
    """A whole number of minor units."""

    name = "minor units"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not re.fullmatch(r"[0-9]{1,15}", value):
            self.fail(f"{value!r}: {_hint(value)}", param, ctx)
        return int(value)


class _Amount(click.ParamType[str]):
    """An amount in the major unit."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from snippetkit import amounts
        from snippetkit.errors import SettingError

        try:
            written = amounts.read(value)
            if written.sign:
                raise SettingError(
                    f"{value!r} has a currency", hint=f"leave it out, and {_currency_hint(written.sign)}"
                )
            return written.number()
        except SettingError as error:
            self.fail(f"{error}; {error.hint}", param, ctx)


class _Currency(click.ParamType[str]):
    """The code of a currency, in any case."""

    name = "code"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from snippetkit import amounts

        if value in amounts.SIGNS:
            self.fail(f"{value!r} is not a code: {_currency_hint(value)}", param, ctx)
        if not re.fullmatch(terms.CURRENCY, value.upper()):
            self.fail(f"{value[:60]!r}: a currency is three letters, such as USD", param, ctx)
        return value.upper()  # type: ignore[no-any-return]


class _RegionKey(click.ParamType[Key]):
    """A region's name."""

    name = "key"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Key:
        from snippetkit import platforms

        try:
            key = Key(value)
            if not platforms.may_be(key.dialect, key.pixel_ids):
                raise SnippetError(f"{value[:60]!r} is not a key", hint=_KEY_HINT)
            return key
        except SnippetError as error:
            self.fail(f"{error}: {error.hint}", param, ctx)


class _RuleJson(click.ParamType[dict[str, object]]):
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


class _Language(click.ParamType[str]):
    """The name of a template language that has plain values."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from snippetkit import server_code

        known = server_code.with_values()
        if value not in known:
            self.fail(f"{value!r}: unknown, or without plain values; give one of {', '.join(known)}", param, ctx)
        return value  # type: ignore[no-any-return]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        from snippetkit import server_code

        return [CompletionItem(name) for name in server_code.with_values() if name.startswith(incomplete)]


def _hint(value: str) -> str:
    rule = "give a whole number of minor units (cents), at most 15 digits"
    if re.match(r"-\s*[0-9]", value):
        return f"a value must be positive; {rule}"
    match = re.fullmatch(r"([0-9]{1,13})[.,]([0-9]{2})", value)
    return f"{rule}: {value} dollars are {int(match[1] + match[2])}, or --amount {value}" if match else rule


def _currency_hint(sign: str) -> str:
    from snippetkit import amounts

    meant = amounts.currencies(sign)
    more = " or another" if len(meant) > _MOST_NAMED else ""
    return (
        f"give --currency {meant[0]}" if len(meant) == 1 else f"give --currency: {', '.join(meant[:_MOST_NAMED])}{more}"
    )


ACCOUNT = _KnownAccount(
    "account id", r"(act_)?(?P<text>[0-9]{1,20})", "an ad account is a number, with or without act_"
)
BUSINESS = _Matching("business id", r"(?P<text>[0-9]{1,20})", "a business's id is a number")
NAME = _Matching("text", r"(?P<text>[^\ud800-\udfff]*)", "a name must be text in this terminal's encoding")
PIXEL_ID = _KnownPixel(
    "pixel id", r"(?P<text>[0-9]{1,20})", "a pixel's id is a number; 'snippetkit pixels list' shows it"
)
CODE_PIXEL = _CodePixel()
CODE_KIND = _CodeKind()
CURRENCY = _Currency()
ASKED = _Matching(
    "what",
    f"(?P<text>{terms.ASKED})",
    "give what a refusal names, such as consent:grant",
)
HOST = _Matching("host", f"(?P<text>{terms.HOST})", "give a host's name in lower case, such as cdn.example.com")
REGION_KEY = _RegionKey()
LANGUAGE = _Language()
AMOUNT = _Amount()
MINOR_UNITS = _MinorUnits()
RULE = _RuleJson()
