"""The frozen types that flow through snippetkit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from snippetkit.errors import SettingError, SnippetError

Span = tuple[int, int]

_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")


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
class Place:
    """Where a snippet's `source` has a setting: the characters `start` up to, not including, `end`.

    `name` is `value` or `currency`. `is_trimmed` says that an amount has no zeros at its end there; `quote` is what
    has to stand around a new text, empty where quotes stand around the old one; `is_dynamic` says that the old text
    is an expression or a server template.
    """

    name: str
    start: int
    end: int
    is_trimmed: bool = False
    quote: str = ""
    is_dynamic: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """The code of one pixel and one event.

    `dialect` is `fp`, `fbds`, `fbq`, `audience` or `image` (an image without a script); `pixel_id` is empty where the
    text does not tell it. `value` is the amount in the major unit as the script has it (`19.99`), `currency` an ISO
    4217 code, `event` the event's name; each is None where the code has none. `dynamic` is True where one of them is
    an expression or a server template, whose text it then is. `conversion` is False for an audience pixel, and for
    code that only counts page views.

    `source` is the script and the noscript as they stand, with the white space between them (a line break where they
    stand apart, or where a comment stands between them). `script_span`, `noscript_span` and `image_span` are where
    the script element, the inner text of the noscript and the image's `src` stand in it, in characters, None where
    there is none. `line` and `column` are where the snippet begins in the text that was read, in characters, from 1.
    `places` are the settings' places in `source`; `gaps` says for a setting that lacks a place where to add it.
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
    places: tuple[Place, ...] = field(default=(), repr=False)
    gaps: Mapping[str, str] = field(default_factory=dict, repr=False)

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
        """The image's URL with `&amp;` decoded, white space left out and the scheme https, or empty."""
        if not self.image_span:
            return ""
        text = "".join(self.source[slice(*self.image_span)].split()).replace("&amp;", "&")
        return "https://" + re.sub(r"^(?:https?:)?//", "", text, flags=re.IGNORECASE)

    @property
    def key(self) -> str:
        """The name of this snippet's regions on a page: `dialect:id`."""
        return f"{self.dialect}:{self.pixel_id}"

    def with_value(self, value: str, currency: str | None = None, *, force: bool = False) -> Snippet:
        """Return the snippet with another value, in the script and in its images; no other byte changes.

        Args:
            value: the amount in the major unit, such as `19.99`; it is written in the dialect's own number form.
            currency: an ISO 4217 code, or None to leave the code's.
            force: replace an expression or a server template too.

        Raises:
            SettingError: `value` is no amount, or `currency` no code.
            SnippetError: the code has no place for it, with the place to add one; or what it has is dynamic.
        """
        wanted = {"value": value} if currency is None else {"value": value, "currency": currency}
        _check_settings(wanted)
        places = [place for place in self.places if place.name in wanted]
        self._check_places(wanted, places, force=force)
        edits = [(place, _written(place, wanted[place.name])) for place in places]
        return replace(
            self,
            value=next(_written(place, value).strip("\"'") for place in places if place.name == "value"),
            currency=currency or self.currency,
            dynamic=False,
            source=_edited(self.source, edits),
            places=tuple(_moved_place(place, edits) for place in self.places),
            script_span=_moved(self.script_span, edits),
            noscript_span=_moved(self.noscript_span, edits),
            image_span=_moved(self.image_span, edits),
        )

    def _check_places(self, wanted: Mapping[str, str], places: Sequence[Place], *, force: bool) -> None:
        for name in wanted.keys() & self.gaps.keys():
            raise SnippetError(f"no {name} to set: {self.gaps[name]}")
        for place in places:
            if place.is_dynamic and not force:
                text = self.source[place.start : place.end]
                raise SnippetError(
                    f"the {place.name} is set while the page is made or shown: {text[:60]}",
                    hint="--force replaces it with a fixed one",
                )


def _check_settings(wanted: Mapping[str, str]) -> None:
    if not _AMOUNT.fullmatch(wanted["value"]):
        raise SettingError(f"{wanted['value']!r} is no amount in the major unit, such as 19.99")
    if not re.fullmatch(r"[A-Z]{3}", wanted.get("currency", "USD")):
        raise SettingError(f"{wanted['currency']!r} is no currency code, such as USD")


_Change = tuple[Place, str]
"""A place and the text that goes there; several are in the order of their places."""


def _written(place: Place, text: str) -> str:
    if place.name == "value":
        text = f"{Decimal(text):.2f}"
        text = text.rstrip("0").rstrip(".") if place.is_trimmed else text
    return f"{place.quote}{text}{place.quote}"


def _edited(source: str, edits: Sequence[_Change]) -> str:
    pieces, at = [], 0
    for place, text in edits:
        pieces += [source[at : place.start], text]
        at = place.end
    return "".join([*pieces, source[at:]])


def _moved(span: Span | None, edits: Sequence[_Change]) -> Span | None:
    """Where a span lies after the edits; each of them lies in the span, in front of it or behind it."""
    if span is None:
        return None
    grown = [(place, len(text) - (place.end - place.start)) for place, text in edits]
    start = span[0] + sum(by for place, by in grown if place.start < span[0])
    return start, span[1] + sum(by for place, by in grown if place.end <= span[1])


def _moved_place(place: Place, edits: Sequence[_Change]) -> Place:
    start, end = _moved((place.start, place.end), edits) or (0, 0)
    is_edited = any(edited is place for edited, _ in edits)
    if not is_edited:
        return replace(place, start=start, end=end)
    inset = len(place.quote)
    return replace(place, start=start + inset, end=end - inset, quote="", is_dynamic=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes `start` up to, not including, `end` with `new`; an insertion where they are equal."""

    start: int
    end: int
    new: bytes


class Text(Protocol):
    """The bytes of a page, read no further than somebody asks.

    `head` are the first bytes, and all of them where `is_whole`.
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


@dataclass(frozen=True, slots=True)
class Loaded:
    """A text that is in memory whole."""

    head: bytes = field(repr=False)
    is_whole: bool = True

    def whole(self) -> bytes:
        """Return all bytes."""
        return self.head

    def find(self, needle: bytes, start: int = 0) -> int:
        """Return the offset of the first occurrence from `start` on, or -1."""
        return self.head.find(needle, start)


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
