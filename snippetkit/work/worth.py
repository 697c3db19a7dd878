"""What one conversion is to be worth, and the code with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError, SnippetError
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from snippetkit.model import Snippet
    from snippetkit.platforms import Platform


class Value(NamedTuple):
    """What one conversion is to be worth: minor units, the currency, and whether an expression is replaced too.

    `amount` is there instead of `cents` where it is in the major unit, in digits: `19.99`.

    `event` is the event that it is for, None where there is only one that has a value; or the one that a Meta Pixel's
    base code is to track, with `event_id`. `order_id` is what code that is made here has in the place of an order's id,
    which a tag manager then fills in.
    """

    cents: int | None = None
    currency: str | None = None
    force: bool = False
    event: str | None = None
    event_id: str | None = None
    order_id: str | None = None
    amount: str | None = None

    @property
    def is_given(self) -> bool:
        """Whether it says what a conversion is worth."""
        return self.cents is not None or self.amount is not None

    @property
    def is_left(self) -> bool:
        """Whether it says nothing, so that a value that stands on a page stays."""
        return not (self.is_given or self.currency)

    @property
    def told(self) -> str:
        """What it says, for messages."""
        return f"{self.cents} minor units" if self.amount is None else self.amount

    def minor_units(self, platform: Platform, currency: str) -> int | None:
        """Return what a conversion is worth in minor units, as a platform counts them; None where that is not given.

        Args:
            platform: whose table of currencies counts.
            currency: an empty one is the platform's default, or one of hundredths.

        Raises:
            SettingError: the platform does not take the currency, or the amount is not whole in its minor unit.
        """
        from snippetkit import money

        if self.amount is None:
            return self.cents
        platform.amount(0, currency)  # an unknown currency is told as such
        currency = currency or platform.default_currency
        return int(money.to_minor(self.amount, currency, platform.exponents if currency else money.HUNDREDTHS))


def with_value(snippet: Snippet, value: Value) -> Snippet:
    """Return the snippet with the value that is wanted, if any, set in the event that it is for.

    Raises:
        SettingError: the vendor does not know the currency.
        SnippetError: there is no place for it, or it is not clear which of the events it is for.
    """
    from snippetkit import platforms

    if not value.is_given:
        return snippet
    dialect = platforms.dialect_named(snippet.dialect)
    platform, is_needed = dialect.platform, dialect.needs_currency and dialect.platform.needs_currency
    try:
        snippet = _event_of(snippet, value)
        currency = value.currency or snippet.currency or platform.default_currency
        if not currency and is_needed:
            reason = f"the currency of {value.told} is missing, in the code too"
            raise SnippetError(reason, hint="give --currency")
        amount = platform.amount(value.minor_units(platform, currency) or 0, currency)
        is_told = is_needed or snippet.currency is not None  # else it only says what a minor unit is
        return snippet.with_value(amount, value.currency if is_told else None, force=value.force)
    except SnippetError as error:
        raise SnippetError(f"pixel {snippet.pixel_id}: {error}", hint=error.hint) from error


def with_event(base: Snippet, value: Value) -> Snippet:
    """Return a Meta Pixel's base code with the event that is wanted, and its value, if one is.

    Raises:
        SettingError: the event or its id cannot be written so, the vendor does not know the currency, or none is given.
        SnippetError: there is a value, but no event.
    """
    from snippetkit import platforms, snippets

    if value.event is None and not value.is_given:
        return base
    if value.event is None:
        raise SnippetError(f"pixel {base.pixel_id}: a base code has no value", hint="--event NAME says what it is for")
    if value.is_given and value.currency is None:
        raise SettingError("an event's value needs its currency", hint="give --currency, or the rule's")
    currency, platform = value.currency or "", platforms.dialect_named(base.dialect).platform
    cents = value.minor_units(platform, currency)
    amount = None if cents is None else (platform.amount(cents, currency), currency)
    return snippets.add_event(base, value.event, amount, value.event_id)


def with_wanted(snippet: Snippet, kind: Kind, value: Value) -> Snippet:
    """Return what the API answered for that value, with the event or in the currency that is wanted.

    Raises:
        SettingError, SnippetError: as `with_value` and `with_event` do.
    """
    if kind is Kind.META:
        return with_event(snippet, value)
    return with_value(snippet, value) if value.currency or value.amount is not None else snippet


def _event_of(snippet: Snippet, value: Value) -> Snippet:
    if value.event is not None:
        return snippet.about(value.event)
    valued = [event for event in snippet.events if event.value is not None]
    if len(valued) > 1:
        told = ", ".join(f"{event.event} {event.value} {event.currency or ''}".rstrip() for event in valued)
        raise SnippetError(f"several events have a value: {told}", hint="--event NAME says which one to set")
    return snippet
