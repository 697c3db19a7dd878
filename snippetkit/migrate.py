"""The page code of a conversion pixel (2012 to 2016) to the code of a Meta Pixel, which took their place.

A conversion pixel's id means nothing to `fbq("init", ...)`, so another pixel's is needed; and its code does not tell
which event it was for, so the event comes from the pixel's tag, or from the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from snippetkit import templating
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from snippetkit.terms import CONVERSION_EVENTS

TAG_EVENTS = {
    "CHECKOUT": "Purchase",
    "REGISTRATION": "CompleteRegistration",
    "LEAD": "Lead",
    "KEY_PAGE_VIEW": "ViewContent",
    "ADD_TO_CART": "AddToCart",
}
"""The standard event that a tag corresponds to: our inference, the vendor names none. OTHER has none."""

MAX_EVENT_CHARACTERS = 50
"""The vendor's limit for the name of a custom event (Meta Pixel, "Conversion tracking")."""

_STANDARD = CONVERSION_EVENTS.keys() - {"Other"}
_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_AUDIENCE_EVENTS = frozenset({"NoScript", "PixelInitialized"})
_CURRENCY = re.compile(r"[A-Z]{3}")
_MAX_DIGITS = 15  # a JavaScript number keeps these exactly (ECMA-262, the Number type)
_OLD_IMAGE = re.compile(r"https://(?:www\.)?facebook\.com/(?:offsite_event\.php\?|tr/?\?(?!(?:.*&)?id=))")


@dataclass(frozen=True, slots=True)
class Conversion:
    """What the new code reports: an event of a Meta Pixel.

    `value` is a number as JavaScript writes it (`19.99`), `currency` an ISO 4217 code; each is None where the old
    code has none.
    """

    pixel_id: str
    event: str
    value: str | None = None
    currency: str | None = None

    @property
    def verb(self) -> str:
        """What `fbq` is told to do: `track` a standard event, `trackCustom` any other."""
        return "track" if self.event in _STANDARD else "trackCustom"

    def code(self) -> str:
        """Return the script and the noscript."""
        return templating.render("migrate/fbq.html.j2", conversion=self)


def pick(found: Sequence[Snippet], pixel_id: str | None = None) -> Snippet:
    """Return the one conversion pixel's code among what a text holds.

    Args:
        found: what was read from the text.
        pixel_id: whose code to take, or None where there is only one.

    Raises:
        SnippetError: there is none, or more than one; what there is, is said.
    """
    old = [snippet for snippet in found if _is_old(snippet)]
    picked = [snippet for snippet in old if pixel_id in {None, snippet.pixel_id}]
    if len(picked) == 1:
        return picked[0]
    if picked:
        places = ", ".join(f"{snippet.pixel_id} in line {snippet.line}" for snippet in picked)
        hint = "--old-pixel ID takes one" if len({s.pixel_id for s in picked}) > 1 else "give them one by one"
        raise SnippetError(f"the code of {len(picked)} conversion pixels: {places}", hint=hint)
    raise SnippetError(_why_none(found, old, pixel_id))


def convert(snippet: Snippet, pixel_id: str, event: str, currency: str | None = None) -> Conversion:
    """Return what the new code has to report so that it reports what the old code did.

    Args:
        snippet: a conversion pixel's code.
        pixel_id: the Meta Pixel.
        event: the name of a standard event, or of one of the user's own.
        currency: an ISO 4217 code, for code that has none.

    Raises:
        SettingError: the pixel is the old one, the event cannot be named so, or the currency is no code or another
            than the code's.
        SnippetError: the code sets the value or the currency while the page is made or shown, or it is no amount.
    """
    if pixel_id == snippet.pixel_id:
        raise SettingError(
            f"{pixel_id} is the conversion pixel itself, and not valid in fbq('init', ...)",
            hint="'snippetkit pixels list --kind meta' shows the Meta Pixel's id",
        )
    _check_event(event)
    _check_fixed(snippet)
    return Conversion(pixel_id, event, _number(snippet.value), _currency(snippet.currency, currency))


def event_of(tag: str, overrides: Mapping[str, str]) -> str:
    """Return the event for a tag.

    Args:
        tag: one of PIXEL_TAGS.
        overrides: events by tag, instead of TAG_EVENTS'.

    Raises:
        SettingError: the tag has no event.
    """
    if event := (TAG_EVENTS | dict(overrides)).get(tag):
        return event
    raise SettingError(f"the tag {tag} has no event of its own", hint=f"name one: --event NAME, or --map {tag}=NAME")


def _is_old(snippet: Snippet) -> bool:
    is_image = snippet.dialect == "image" and _OLD_IMAGE.match(snippet.image_url) is not None
    return snippet.conversion and (snippet.dialect in {"fp", "fbds"} or is_image)


def _why_none(found: Sequence[Snippet], old: Sequence[Snippet], pixel_id: str | None) -> str:
    if old:
        return f"no code of pixel {pixel_id}, but of {', '.join(snippet.pixel_id for snippet in old)}"
    if not found:
        return "no conversion code in it"
    first = found[0]
    is_meta = first.dialect == "fbq" or (first.dialect == "image" and first.event not in _AUDIENCE_EVENTS)
    if not is_meta:
        return f"line {first.line}: the code of an audience pixel: it reports no conversion that could be carried over"
    return f"line {first.line}: the code of a Meta Pixel (fbq) already"


def _check_event(event: str) -> None:
    if not event.strip() or not event.isprintable() or len(event) > MAX_EVENT_CHARACTERS:
        raise SettingError(f"{event!r} is no name for an event: give 1 to {MAX_EVENT_CHARACTERS} printable characters")
    for standard in _STANDARD:
        if event != standard and event.casefold() == standard.casefold():
            raise SettingError(f"{event!r} would be a custom event; the standard event is {standard}")


def _check_fixed(snippet: Snippet) -> None:
    for place in (place for place in snippet.places if place.is_dynamic):
        line = snippet.line + len(re.findall(r"\r\n?|\n", snippet.source[: place.start]))
        text = snippet.source[place.start : place.end]
        raise SnippetError(
            f"line {line}: the {place.name} is set while the page is made or shown: {text[:60]}",
            hint="put a fixed one there, migrate, and put the expression back into both halves of the new code",
        )
    if snippet.dynamic:
        raise SnippetError(f"line {snippet.line}: the value is set while the page is made or shown: {snippet.value}")


def _number(value: str | None) -> str | None:
    if value is None:
        return None
    number = f"{Decimal(value):f}" if _AMOUNT.fullmatch(value) else ""
    if not number or len(number.replace(".", "").lstrip("0")) > _MAX_DIGITS:
        raise SnippetError(f"the value {value[:60]!r} is no amount that a JavaScript number keeps exactly")
    return number


def _currency(found: str | None, given: str | None) -> str | None:
    if given is not None and not _CURRENCY.fullmatch(given):
        raise SettingError(f"--currency {given!r} is no currency code, such as USD")
    if found and given not in {None, found}:
        raise SettingError(f"the code says {found[:60]}, and --currency {given}", hint="--currency is for code without")
    if found and not _CURRENCY.fullmatch(found):
        raise SnippetError(f"the code's currency {found[:60]!r} is no currency code, such as USD")
    return found or given
