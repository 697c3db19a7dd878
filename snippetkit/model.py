"""The frozen types that flow through snippetkit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from snippetkit import money
from snippetkit.errors import SettingError, SnippetError
from snippetkit.key import name_of
from snippetkit.patterns import later
from snippetkit.places import Change, SettingPlace, as_read, edited, moved, moved_place, written
from snippetkit.records import dataclass, field, replace
from snippetkit.references import decode_text

LIVE = "live"
BASE_CODE = "base code"
WHEN_CALLED = "when called"
Span = tuple[int, int]

_AMOUNT = later(r"[0-9]{1,15}(?:\.(?P<decimals>[0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token, with the secret of its app where the app wants each call proven; neither is in a repr.

    `in_query` sends the token as the parameter `access_token`, as the 2013 reference does, and not in the header.
    """

    text: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    in_query: bool = False


@dataclass(frozen=True, slots=True)
class Pixel:
    """A conversion pixel as the Graph API returned it.

    `id` is a string of digits, `tag` upper case, `status` Unverified, Inactive or Active, `creator` the ad
    account as `<id> (<name>)`, `js_pixel` the code. What the API left out is an empty string.
    """

    id: str
    name: str = ""
    tag: str = ""
    status: str = ""
    creator: str = ""
    js_pixel: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MetaPixel:
    """A Meta Pixel, today's kind, as the Graph API returned it.

    `id` is a string of digits, `last_fired_time` ISO 8601, `code` the base code. What the API left out is an empty
    string.
    """

    id: str
    name: str = ""
    last_fired_time: str = ""
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Snippet:
    """The code of one pixel, and one of its events.

    `dialect` is a dialect's name, such as `fp`, or `image` (an image by itself); `pixel_id` is empty where the
    text does not tell it. `value` is the amount in the major unit as the script has it (`19.99`), `currency` an ISO
    4217 code, `event` the event's name; each is None where the code has none. `dynamic` is True where one of them is
    an expression or a server template, whose text it then is. `conversion` is False for an audience pixel, and for
    code that only counts page views.

    `source` is the script and the noscript as they stand, with the white space between them (a line break where they
    stand apart, or where a comment stands between them). `script_span`, `noscript_span` and `image_span` are where
    the script element, the inner text of the noscript and the image's `src` stand in it, in characters, None where
    there is none. `line` and `column` are where the snippet begins in the text that was read, in characters, from 1.
    `places` are the settings' places in `source`; `gaps` says for a setting that lacks a place where to add it.
    `state` is `live`, `dead` where no browser runs the script, `held back` where a tool starts it once the visitor has
    agreed or done something, on what it is reported, such as `on click`, `outer page` where that is told to report
    it, `when called` where it is reported by a function that nothing there calls, or `base code` where it only names
    the pixel, or is the image of such code, and reports no event; `reason` says why it is dead, held back or waits.
    `function` is the one by whose call it is reported, where that is not at once.
    `base_from` are the paths of the other files that have its base code, where files were read together; where
    `pixel_id` is empty, each may be the one. `order_id` and `event_id` are those by which the platform knows an event
    that it was told already, None where the code has none. `others` are the other events that the same code reports to
    the pixel, with the same `source` and no others.
    """

    dialect: str
    pixel_id: str
    value: str | None
    currency: str | None
    source: str = field(repr=False)
    script_span: Span | None = field(default=None, repr=False)
    noscript_span: Span | None = field(default=None, repr=False)
    image_span: Span | None = field(default=None, repr=False)
    event: str | None = None
    conversion: bool = True
    dynamic: bool = False
    line: int = 1
    column: int = 1
    places: tuple[SettingPlace, ...] = field(default=(), repr=False)
    gaps: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    state: str = LIVE
    reason: str = field(default="", repr=False)
    others: tuple[Snippet, ...] = field(default=(), repr=False)
    order_id: str | None = None
    event_id: str | None = None
    base_from: tuple[str, ...] = ()
    function: str = ""

    @property
    def script(self) -> str:
        """The script element, an exact slice, or empty."""
        return self.source[slice(*self.script_span)] if self.script_span else ""

    @property
    def noscript(self) -> str:
        """The text between `<noscript>` and `</noscript>`, an exact slice, or empty."""
        return self.source[slice(*self.noscript_span)] if self.noscript_span else ""

    @property
    def image_url(self) -> str:
        """The image's URL as a browser decodes it, white space left out and the scheme https, or empty."""
        if not self.image_span:
            return ""
        text = "".join(decode_text(self.source[slice(*self.image_span)]).split())
        return "https://" + re.sub(r"^(?:https?:)?//", "", text, flags=re.IGNORECASE)

    @property
    def image_urls(self) -> list[str]:
        """The URLs of the images of all events, as `image_url` has them, in their order."""
        by_span = {event.image_span: event.image_url for event in self.events if event.image_span}
        return [by_span[span] for span in sorted(by_span)]

    @property
    def events(self) -> tuple[Snippet, ...]:
        """What the code reports, each event as a snippet: page views, this event, the others."""
        return tuple(sorted((self, *self.others), key=lambda event: event.conversion))

    @property
    def key(self) -> str:
        """What messages call it: `dialect:id`, which is the key of its regions where the id is a number."""
        return name_of(self.dialect, self.pixel_id)

    def about(self, event: str | None) -> Snippet:
        """Return the same code as that of the event of this name.

        Raises:
            SnippetError: it does not report that, or more than once.
        """
        reporting = [one for one in self.events if one.event == event]
        if len(reporting) != 1:
            names = ", ".join(one.event for one in self.events if one.event) or "no event with a name"
            how_many = "several events" if reporting else "no event"
            raise SnippetError(f"the code has {how_many} {event!r}; it reports {names}")
        return replace(
            reporting[0], others=tuple(replace(one, others=()) for one in self.events if one is not reporting[0])
        )

    def with_value(self, value: str, currency: str | None = None, *, force: bool = False) -> Snippet:
        """Return the snippet with another value, in the script and in its images; no other byte changes.

        Args:
            value: the amount in the major unit, such as `19.99`; it is written in the dialect's own number form.
            currency: an ISO 4217 code, or None to leave the code's.
            force: replace an expression or a server template too.

        Raises:
            SettingError: `value` is no amount, or `currency` no code; or the code tells minor units, and how many these
                are is not known.
            SnippetError: the code has no place for it, with the place to add one; or what it has is dynamic.
        """
        wanted = {"value": value} if currency is None else {"value": value, "currency": currency}
        _check_settings(wanted, currency or self.currency or "")
        places = [place for place in self.places if place.name in wanted]
        self._check_places(wanted, places, force=force)
        edits = [(place, written(place, wanted[place.name], currency or self.currency or "")) for place in places]
        return replace(
            self._moved_by(edits),
            value=next(as_read(place, value) for place in places if place.name == "value"),
            currency=currency or self.currency,
            dynamic=False,
            others=tuple(other._moved_by(edits) for other in self.others),
        )

    def _moved_by(self, edits: Sequence[Change]) -> Snippet:
        return replace(
            self,
            source=edited(self.source, edits),
            places=tuple(moved_place(place, edits) for place in self.places),
            script_span=moved(self.script_span, edits),
            noscript_span=moved(self.noscript_span, edits),
            image_span=moved(self.image_span, edits),
        )

    def _check_places(self, wanted: Mapping[str, str], places: Sequence[SettingPlace], *, force: bool) -> None:
        for name in (name for name in wanted if name in self.gaps):
            raise SnippetError(f"no {name} to set: {self.gaps[name]}")
        if not any(place.name == "value" for place in places):
            raise SnippetError("no value to set: the code has no place for one")
        for place in places:
            if place.is_dynamic and not force:
                text = self.source[place.start : place.end]
                raise SnippetError(
                    f"the {place.name} is set while the page is built or shown: {text[:60]}",
                    hint="--force replaces it with a fixed one",
                )


def _check_settings(wanted: Mapping[str, str], currency: str) -> None:
    match = _AMOUNT.fullmatch(wanted["value"])
    if match is None or len(match["decimals"] or "") > money.decimals(currency):
        raise SettingError(f"{wanted['value']!r} is not an amount in the major unit, such as 19.99")
    if not re.fullmatch(r"[A-Z]{3}", wanted.get("currency", "USD")):
        raise SettingError(f"{wanted['currency']!r} is not a currency code, such as USD")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes `start` up to, not including, `end` with `new`; an insertion where they are equal."""

    start: int
    end: int
    new: bytes


class PageBytes(Protocol):
    """The bytes of a page, read only as far as somebody asks.

    `head` are the first bytes, or all of them if `is_whole`.
    """

    @property
    def head(self) -> bytes: ...

    @property
    def is_whole(self) -> bool: ...

    def whole(self) -> bytes:
        """Return all bytes."""
        ...

    def find(self, needle: bytes, start: int = 0) -> int:
        """Return the offset of the first occurrence from `start` on, an offset in `head`; -1 where there is none."""
        ...

    def holds(self, test: Callable[[bytes], bool]) -> bool:
        """Return whether a test for what stands in a text, in a few hundred bytes, is true of the bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """The bytes of a page that is entirely in memory: `PageBytes` with nothing left to read."""

    head: bytes = field(repr=False)
    is_whole: bool = True

    def whole(self) -> bytes:
        """Return all bytes."""
        return self.head

    def find(self, needle: bytes, start: int = 0) -> int:
        """Return the offset of the first occurrence from `start` on, or -1."""
        return self.head.find(needle, start)

    def holds(self, test: Callable[[bytes], bool]) -> bool:
        """Return whether a test is true of the bytes."""
        return test(self.head)


@dataclass(frozen=True, slots=True)
class AdPixels:
    """The ids of the pixels that an ad names: those it tracks, and those it optimises for (and so tracks too)."""

    tracking: tuple[str, ...] = ()
    conversion: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdDraft:
    """An ad to be made, as a person asks for it; nothing in it is checked.

    `bid_type` is the vendor's number; `max_bid_cents` the bid in minor units, or `bid_info` the bids or weights by
    action as loose JSON; `targeting` is loose JSON too.
    """

    campaign_id: str
    creative_id: str
    name: str
    bid_type: int
    targeting: str
    max_bid_cents: int | None = None
    bid_info: str | None = None
    pixels: AdPixels = field(default_factory=AdPixels)
