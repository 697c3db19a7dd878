"""The code of pixels, made here with no API; it is read again, and given only where it says what was asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError, SnippetError
from snippetkit.patterns import later
from snippetkit.work.fetching import Fetched
from snippetkit.work.worth import Value
from snippetkit.work.writing import find_dialect, tells, wanted, write

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.platforms import Dialect

_NOTHING_ASKED = Value()
_NO_EVENT = "--event NAME says what it is for"
_OPTIONS = {"event_id": "event-id", "order_id": "order-key"}
_ADDS_ONE = "--event NAME adds one"
_PLAIN = later(r"[\w .%-]*", re.ASCII)


class Made(NamedTuple):
    """The code is made here, in the dialect of this name."""

    dialect: str


def make_each(dialect_name: str, pixel_ids: Sequence[str], value: Value = _NOTHING_ASKED) -> list[Fetched]:
    """Return each pixel's code as `make` does, called after its platform.

    Raises:
        SettingError, SnippetError: as `make` does.
    """
    title = find_dialect(dialect_name).platform.title
    return [Fetched(title, None, make(dialect_name, pixel_id, value)) for pixel_id in pixel_ids]


def make(dialect_name: str, pixel_id: str, value: Value = _NOTHING_ASKED) -> Snippet:
    """Return a pixel's code that reports an event with its value; without an event, its base code.

    Args:
        dialect_name: one of `kinds()`.
        pixel_id: the pixel.
        value: the event, and what it is worth.

    Raises:
        SettingError: there is no such dialect, or its code cannot tell what is wanted.
        SnippetError: what was made does not say what was asked for.
    """
    dialect = find_dialect(dialect_name)
    _check_id(dialect, pixel_id)
    _check_event(dialect, pixel_id, value)
    currency = _currency(dialect, pixel_id, value)
    cents = value.minor_units(dialect.platform, currency)
    amount = None if cents is None else dialect.platform.amount(cents, currency)
    settings = {
        "value": amount,
        "currency": currency or None,
        "event_id": value.event_id,
        "order_id": value.order_id,
    }
    asked = wanted(dialect, pixel_id, value.event, settings)
    made = write(asked)
    _check(made, asked, cents)
    return made


def notes(snippet: Snippet) -> list[str]:
    """Return what a person should know about code that was made."""
    dialect, title = find_dialect(snippet.dialect), find_dialect(snippet.dialect).platform.title
    told = [_about_event(dialect, snippet)]
    if snippet.value is not None and snippet.currency is None:
        account = dialect.platform.default_currency or "the account's own"
        told.append(f"{title}'s code has no currency: {snippet.value} counts in {account}")
    key = dialect.events.order_key(snippet.event, snippet.pixel_id) if dialect.events else ""
    if key and snippet.order_id is None:
        told.append(f"it has no {key}, the order's id, so a page that is reloaded counts it again")
    return [*filter(None, [*told, why_no_image(snippet)])]


def _about_event(dialect: Dialect, snippet: Snippet) -> str:
    """That code has no event, or one that is not the platform's own."""
    from snippetkit.model import BASE_CODE

    event, events = snippet.event, dialect.events
    if snippet.state == BASE_CODE or (event in dialect.platform.base_events and not snippet.conversion):
        behind = f"to count something, add a slash and its id to the pixel's: {dialect.platform.ids.hint}"
        return f"this is base code and reports no conversion; {_ADDS_ONE if dialect.has_events else behind}"
    if not (events and event) or events.form or events.key(event) in map(events.key, events.standard):
        return ""
    counts = "it is reported as a custom event" if events.counts(event) else "it counts as no conversion"
    return f"{event} is not a standard event, so {counts}{events.near(event)}"


def why_no_image(snippet: Snippet) -> str:
    """Return why code that was made reports nothing without JavaScript; empty where it has a noscript's image."""
    title = find_dialect(snippet.dialect).platform.title
    has_none = f"{title} has no image that reports the same, so nothing is reported without JavaScript"
    return "" if snippet.image_span else has_none


def _check_id(dialect: Dialect, pixel_id: str) -> None:
    ids = dialect.platform.ids
    if not ids.pattern.fullmatch(pixel_id):
        raise SettingError(
            f"{pixel_id[:60]!r} is not the {ids.noun} of any {dialect.platform.title} pixel", hint=ids.hint
        )


def _check_event(dialect: Dialect, pixel_id: str, value: Value) -> None:
    event, title = value.event, dialect.platform.title
    if event is None:
        _check_base(dialect, pixel_id, value)
        return
    if not dialect.has_events:
        reason = f"--event cannot be used with {title}'s {dialect.name} code: its pixel's id says what it counts"
        raise SettingError(reason, hint="leave it out")
    _check_counts(dialect, pixel_id, event)
    if not event.strip() or not event.isprintable():
        raise SettingError(f"{event[:60]!r} is not an event name", hint="it has printable characters")
    if dialect.events:
        dialect.events.check_name(event)
        if event == dialect.events.base:
            hint = "leave --event out, or name another event"
            raise SettingError(f"{title}'s base code reports {event} already", hint=hint)


def _check_counts(dialect: Dialect, pixel_id: str, event: str) -> None:
    """Make sure that the platform counts events of a pixel, which it may do only for a part of its ids."""
    from snippetkit.key import JOIN

    if dialect.counts_for(pixel_id):
        return
    title = dialect.platform.title
    is_account = JOIN not in pixel_id and dialect.counts_for(f"{pixel_id}{JOIN}{event}")
    lacks = f" alone: the part after the slash is missing, {pixel_id}{JOIN}.." if is_account else ""
    raise SettingError(f"{title} counts no event of {pixel_id}{lacks}", hint="without --event it is a base code")


def _check_base(dialect: Dialect, pixel_id: str, value: Value) -> None:
    """Make sure that a base code can say what is asked for without an event."""
    if dialect.has_events and value.is_given:
        raise SettingError("a base code has no value", hint=_NO_EVENT)
    if dialect.has_events and value.event_id is not None:
        raise SettingError("a base code has no event's id", hint=_NO_EVENT)
    if dialect.names_accounts and dialect.named_by(pixel_id) != pixel_id:
        raise SettingError(f"{pixel_id[:60]} is for what is counted, not for a base code", hint=_NO_EVENT)


def _currency(dialect: Dialect, pixel_id: str, value: Value) -> str:
    """The currency that the value counts in, empty where there is no value, or code tells no currency.

    Raises:
        SettingError: code cannot tell what is wanted, or it is not clear what the value is.
    """
    asked = {
        "value": value.told if value.is_given else None,
        "currency": value.currency,
        "event_id": value.event_id,
        "order_id": value.order_id,
    }
    options = [name for name, one in asked.items() if one is not None]
    told = tells(dialect.name, pixel_id, value.event) if options else {}
    for name in (name for name in options if told[name]):
        option, title = _OPTIONS.get(name, name), dialect.platform.title
        raise SettingError(
            f"--{option} cannot be used with {title}'s {dialect.name} code: {told[name]}", hint="leave it out"
        )
    if not value.is_given or value.currency or told["currency"]:
        return value.currency or ""
    raise SettingError(f"the currency of {value.told} is missing", hint="give --currency")


def _check(made: Snippet, asked: Snippet, cents: int | None) -> None:
    """Make sure that code says what it is to say, and does no more, as that of anybody else.

    Raises:
        SnippetError: it does not.
    """
    from snippetkit import lint, snippets
    from snippetkit.model import BASE_CODE

    snippets.check(made, asked.pixel_id, cents)
    for name in ("event", "currency", "event_id", "order_id"):
        wish, told = getattr(asked, name), getattr(made, name)
        if wish is not None and wish != told:
            raise SnippetError(f"asked for the {name} {wish[:60]!r}, but the code that was made has {told!r}")
    document = snippets.parse(made.source)
    found = [] if made.state == BASE_CODE else [*lint.find_untrusted(document), *lint.find_errors(document)]
    for finding in found:
        _check_name("event's name", asked.event)
        _check_name("event's id", asked.event_id)
        raise SnippetError(f"the {made.dialect} code that was made is refused: {finding.message}")


def _check_name(noun: str, text: str | None) -> None:
    """Make sure that it is not because of its characters that code is refused."""
    if text and not _PLAIN.fullmatch(text):
        hint = "the letters a to z, digits, spaces and _ . % - can be used"
        raise SettingError(f"{text[:60]!r} has a character that cannot be in an {noun} here", hint=hint)
