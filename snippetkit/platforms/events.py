"""The events of a dialect: which are standard, and how one may be named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SettingError
from snippetkit.platforms.reports import Ignored
from snippetkit.records import dataclass, field, replace

if TYPE_CHECKING:
    from snippetkit.javascript import Setting


# How much of two names is the same where one may be the other, mistyped: of CompletePayement and CompletePayment 0.97.
_NEAR = 0.9


@dataclass(frozen=True, slots=True)
class Events:
    """The names of a platform's standard events, and what its function is told to report one.

    `base` is what its base code reports, with `tracks_base` by a call like that of any other event, which code that is
    made here then has too; `custom_verb` is the verb of a user's own event, whose name has at most `longest`
    characters. `any_case` says that their names may be written in any case, `is_closed` that any
    other event counts as no conversion, but only puts the visitor into an audience. Where events have ids in the place
    of names, `form` is what those look like, and `hint` says where a person finds one. Where `ids` is given, only
    pixels with such ids have standard events. `orders` are the events that count again each time that a page is loaded,
    unless they tell the order's id, each with what that is called. With `only_standard_has_money` the value of any
    other event is a number of something else, and has no currency.
    """

    standard: frozenset[str]
    base: str = ""
    verb: str = "track"
    custom_verb: str = "track"
    longest: int = 50
    ids: re.Pattern[str] | None = None
    any_case: bool = False
    is_closed: bool = False
    tracks_base: bool = False
    form: re.Pattern[str] | None = None
    hint: str = ""
    orders: Mapping[str, str] = field(default_factory=dict)
    only_standard_has_money: bool = False

    def order_key(self, event: str | None, pixel_id: str) -> str:
        """Return what an event of a pixel should tell the order's id by, empty where it need not."""
        has_events = self.ids is None or self.ids.match(pixel_id) is not None
        return self.orders.get(event or "", "") if has_events else ""

    def has_money(self, event: str | None) -> bool:
        """Return whether an event's value is an amount."""
        return not self.only_standard_has_money or event in self.standard

    def key(self, event: str) -> str:
        """Return what is equal for all names of one event."""
        return event.strip().casefold() if self.any_case else event

    def counts(self, event: str) -> bool:
        """Return whether an event may be a conversion."""
        return not self.is_closed or self.key(event) in map(self.key, self.standard)

    def verb_of(self, event: str) -> str:
        """Return the command with which the function reports an event."""
        return self.verb if event in self.standard else self.custom_verb

    def check_name(self, event: str) -> None:
        """Make sure that an event can be named so.

        Raises:
            SettingError: it cannot, it is no id where events have ids, or it is a standard event except for its case.
        """
        if not event.strip() or not event.isprintable() or len(event) > self.longest:
            raise SettingError(f"{event!r} is not an event name: give 1 to {self.longest} printable characters")
        if self.form and not self.form.fullmatch(event):
            raise SettingError(f"{event!r} is not an event id", hint=self.hint)
        if standard := self.meant_by(event):
            raise SettingError(f"{event!r} would be a custom event; the standard event is {standard}")

    def near(self, event: str) -> str:
        """Return the standard event that a name is nearly, as a question behind what is said of it; else nothing."""
        from difflib import get_close_matches

        found = get_close_matches(event, sorted(self.standard), 1, _NEAR)
        return f"; did you mean {found[0]}?" if found else ""

    def meant_by(self, event: str) -> str | None:
        """Return the standard event whose name this would be but for its case."""
        folded = event.casefold()
        others = self.standard if event not in self.standard and not self.any_case else ()
        return next((standard for standard in others if standard.casefold() == folded), None)


class EventIds(NamedTuple):
    """What events are called where each has an id: a form whose group is its pixel, and what is said of other names."""

    form: re.Pattern[str]
    message: str

    def pixel_of(self, event: Setting | None) -> Setting | None:
        """Return the pixel that an event's id names, None where it names none."""
        match = self.form.fullmatch(event.text) if event else None
        if event is None or match is None:
            return None
        at = event.start + match.start(1) if event.end - event.start == len(event.text) else event.start
        return replace(event, text=match[1], start=at, end=at + len(match[1]))

    def ignored(self, event: Setting | None) -> Iterator[Ignored]:
        """Yield what stands where an event's id does, and is none."""
        if event and not event.is_dynamic and self.form.fullmatch(event.text) is None:
            yield Ignored(event, "id-invalid", f"{event.text[:60]!r} {self.message}")
