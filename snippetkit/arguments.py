"""What Python programs pass, checked before it is used: one table, and one message for all that does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from reprlib import Repr
from typing import NamedTuple, TypeVar

from snippetkit import money, platforms
from snippetkit.containers import DataLayerEvent, PageRule
from snippetkit.errors import SettingError
from snippetkit.model import Snippet
from snippetkit.terms import ASKED, CURRENCY, HOST, Match

Amount = str | Decimal
"""An amount in the major unit; no float, which is not what it looks like."""

_Item = TypeVar("_Item")
_Word = TypeVar("_Word", bound=StrEnum)

_LARGEST = 10**60


class _Shortened(Repr):
    """What was passed, for a message: as by `reprlib`, which in Python 3.11 fails for a number of 5000 digits."""

    def repr_int(self, x: int, level: int) -> str:
        return super().repr_int(x, level) if abs(x) < _LARGEST else "a number of more than 60 digits"


_SHORT = _Shortened()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


class Demand(NamedTuple):
    """What an argument has to be: in words after `it has to be`, as a test, and what to do if it is not."""

    words: str
    fits: Callable[[object], bool]
    hint: str = ""


def _is_text(given: object) -> bool:
    return isinstance(given, str) and given.strip() != "" and not re.search("[\ud800-\udfff]", given)


def _is_pixel_id(given: object) -> bool:
    return isinstance(given, str) and platforms.is_of_any(given)


def _of(*types: type) -> Callable[[object], bool]:
    return lambda given: isinstance(given, types)


def _like(pattern: str) -> Callable[[object], bool]:
    return lambda given: isinstance(given, str) and re.fullmatch(pattern, given) is not None


def _is_amount(given: object) -> bool:
    told = f"{given:f}" if isinstance(given, Decimal) else given
    return isinstance(told, str) and money.AMOUNT.fullmatch(told) is not None


def _or_none(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda given: given is None or fits(given)


_READ = Demand("text or bytes", _of(str, bytes), "a file's are what its read_bytes() returns")
_YES_OR_NO = Demand("True or False", _of(bool))
_CODE = Demand(
    "code as text, a snippet that snippetkit.read returned, or a list of these that is not empty",
    _of(str, Snippet),
    "a file's code is what its read_text() returns",
)

READ = {"text": _READ, "html": _READ}
"""The rules for what is only read, by the argument's name."""

ARGUMENTS = {
    "html": Demand(
        "the bytes of a page", _of(bytes), "encode it as its file is encoded, or give the file's read_bytes()"
    ),
    "value_cents": Demand(
        "a whole number of minor units, 1999 for 19.99 USD, or None", _or_none(lambda given: type(given) is int)
    ),
    "amount": Demand("an amount in major units, as text or a Decimal, such as '19.99', or None", _or_none(_is_amount)),
    "currency": Demand("three letters, such as 'USD', or None", _or_none(_like(f"(?ai:{CURRENCY})"))),
    "kind": Demand("the name of a platform's code, such as one that snippetkit inspect shows", _is_text),
    "pixel_id": Demand("a pixel's id, such as '434566956589050'", _is_text),
    "event_id": Demand("text that is not empty, or None", _or_none(_is_text)),
    "event": Demand("the name of an event, such as 'Purchase', or None", _or_none(_is_text)),
    "adopt": Demand("True, False or 'replace'", lambda given: isinstance(given, bool) or _like("replace")(given)),
    "force": _YES_OR_NO,
    "server_code": _YES_OR_NO,
    "fragments": _YES_OR_NO,
    "name": Demand("text that is not empty", _is_text),
    "on_event": Demand(
        "the name of an event, such as 'purchase', a DataLayerEvent, or None", _or_none(_of(str, DataLayerEvent))
    ),
}
"""The rules for what is passed as one thing, by the argument's name."""

LISTS = {
    "code": _CODE,
    "pixel_ids": Demand("a list of pixels' ids, such as ['434566956589050']", _is_pixel_id),
    "pages": Demand("a list of paths and rules, such as ['/thanks.html']", _of(str, PageRule)),
    "allow": Demand("a list of what refusals name, such as ['consent:grant']", _like(ASKED)),
    "allow_hosts": Demand("a list of hosts in lower case, such as ['cdn.example.com']", _like(HOST)),
}
"""The rules for what is passed as a list: each is about every item."""


def check(rules: Mapping[str, Demand] = ARGUMENTS, /, **arguments: object) -> None:
    """Make sure that each argument is what its rule says.

    Raises:
        SettingError: one is not.
    """
    for name, given in arguments.items():
        if not rules[name].fits(given):
            raise _refusal(f"{name} is", given, rules[name])


def each(name: str, given: Iterable[_Item]) -> tuple[_Item, ...]:
    """Return what is in a list, each as the rule of this name says.

    Raises:
        SettingError: it is not a list but, say, a text, whose letters are not meant; or something in it does not fit.
    """
    rule = LISTS[name]
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise _refusal(f"{name} is", given, rule)
    items = tuple(given)
    for item in (item for item in items if not rule.fits(item)):
        raise _refusal(f"{name} has", item, rule)
    return items


def each_code(code: str | Snippet | Iterable[str | Snippet]) -> tuple[str | Snippet, ...]:
    """Return the code that is passed, alone or as a list that is not empty.

    Raises:
        SettingError: it is something else.
    """
    codes = (code,) if isinstance(code, str | Snippet) else each("code", code)
    if not codes:
        raise _refusal("code is", code, _CODE)
    return codes


def one_of(name: str, words: Iterable[str], given: str) -> None:
    """Make sure that an argument is one of these words.

    Raises:
        SettingError: it is none of them.
    """
    known = [*words]
    rule = Demand(f"one of {', '.join(known)}", lambda one: isinstance(one, str) and one in known)
    check({name: rule}, **{name: given})


def word(name: str, words: type[_Word], given: str) -> _Word:
    """Return an argument as the word that it is.

    Raises:
        SettingError: it is none of them.
    """
    one_of(name, words, given)
    return words(given)


def firing(
    pages: Iterable[str | PageRule], on_event: str | DataLayerEvent | None
) -> tuple[tuple[PageRule, ...], DataLayerEvent | None]:
    """Return the rules for the pages on which a tag fires, or else the event.

    Raises:
        SettingError: they say no page or event, or both are given.
    """
    check(on_event=on_event)
    given = each("pages", pages)
    rules = tuple(PageRule.of(Match.EXACT, page) if isinstance(page, str) else page for page in given)
    if rules and on_event is not None:
        raise SettingError("pages and on_event: a tag fires on one or the other", hint="give one of them")
    if len(rules) > 1 and any(rule.match is Match.ALL for rule in rules):
        raise SettingError("pages has a rule for all pages, which takes in the others", hint="give one of them")
    return rules, DataLayerEvent.of(on_event) if isinstance(on_event, str) else on_event


def _refusal(what: str, given: object, rule: Demand) -> SettingError:
    came = " ".join(_SHORT.repr(given).split())
    return SettingError(f"{what} {came}: it must be {rule.words}", hint=rule.hint)
