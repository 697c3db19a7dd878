"""From the page code of a dialect that was switched off to that of the dialect that took its place.

A conversion pixel's id means nothing to the code of a Meta Pixel, so another pixel's is needed; and its code does not
tell which event it was for, so the event comes from the pixel's tag, or from the user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from snippetkit import platforms, templating
from snippetkit.errors import SettingError, SnippetError
from snippetkit.model import Snippet
from snippetkit.patterns import later
from snippetkit.platforms import Dialect
from snippetkit.records import dataclass

TAG_EVENTS = {
    "CHECKOUT": "Purchase",
    "REGISTRATION": "CompleteRegistration",
    "LEAD": "Lead",
    "KEY_PAGE_VIEW": "ViewContent",
    "ADD_TO_CART": "AddToCart",
}
"""The standard event that a tag corresponds to: our inference, the vendor names none. OTHER has none."""

_AMOUNT = later(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_CURRENCY = later(r"[A-Z]{3}")
_MAX_DIGITS = 15  # a JavaScript number keeps these exactly (ECMA-262, the Number type)


@dataclass(frozen=True, slots=True)
class MigratedEvent:
    """What the new code reports: an event of a Meta Pixel.

    `value` is a number as JavaScript writes it (`19.99`), `currency` an ISO 4217 code; each is None where the old
    code has none. `dialect` is that of the new code.
    """

    pixel_id: str
    event: str
    value: str | None = None
    currency: str | None = None
    dialect: str = ""

    @property
    def verb(self) -> str:
        """The command of the new code's function: `track` for a standard event, `trackCustom` for any other."""
        return platforms.events_of(self.dialect).verb_of(self.event)

    def code(self) -> str:
        """Return the script and the noscript."""
        return templating.render(f"migrate/{self.dialect}.html.j2", migrated=self)


def pick(snippets: Sequence[Snippet], pixel_id: str | None = None) -> Snippet:
    """Return the one conversion pixel's code among what a text holds.

    Args:
        snippets: what was read from the text.
        pixel_id: whose code to take, or None where there is only one.

    Raises:
        SnippetError: there is none, or more than one; the message says what there is.
    """
    old = [snippet for snippet in snippets if _is_old(snippet)]
    picked = [snippet for snippet in old if pixel_id in {None, snippet.pixel_id}]
    if len(picked) == 1:
        return picked[0]
    if picked:
        places = ", ".join(f"{snippet.pixel_id} in line {snippet.line}" for snippet in picked)
        hint = "--old-pixel ID takes one" if len({s.pixel_id for s in picked}) > 1 else "give them one by one"
        raise SnippetError(f"the code of {len(picked)} conversion pixels: {places}", hint=hint)
    raise SnippetError(_why_none(snippets, old, pixel_id))


def convert(snippet: Snippet, pixel_id: str, event: str, currency: str | None = None) -> MigratedEvent:
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
    new = _successor(snippet)
    if pixel_id == snippet.pixel_id:
        raise SettingError(
            f"{pixel_id} is the conversion pixel itself, and not valid in {new.call}",
            hint="'snippetkit pixels list --kind meta' shows the Meta Pixel's id",
        )
    platforms.events_of(new.name).check_name(event)
    _check_fixed(snippet)
    return MigratedEvent(pixel_id, event, _number(snippet.value), _currency(snippet.currency, currency), new.name)


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
    dialect = platforms.dialect_named(snippet.dialect)
    return snippet.conversion and (bool(dialect.successor) or (not dialect.functions and _is_retired(snippet)))


def _is_retired(snippet: Snippet) -> bool:
    """Whether an image by itself is one of an endpoint that was switched off."""
    url = urlsplit(snippet.image_url)
    named = dict(parse_qsl(url.query, keep_blank_values=True))
    endpoint = platforms.dialect_named(snippet.dialect).platform.endpoint(url.path, named)
    return endpoint is not None and endpoint.retired is not None


def _successor(snippet: Snippet) -> Dialect:
    """The dialect of the new code: what took the place of the old one's, or of the others of its platform."""
    dialect = platforms.dialect_named(snippet.dialect)
    every = (dialect, *platforms.dialects_of(dialect.platform))
    return platforms.dialect_named(next(one.successor for one in every if one.successor))


def _why_none(snippets: Sequence[Snippet], old: Sequence[Snippet], pixel_id: str | None) -> str:
    if old:
        return f"no code of pixel {pixel_id}, only of {', '.join(snippet.pixel_id for snippet in old)}"
    if not snippets:
        return "no conversion code in it"
    first = snippets[0]
    dialect = platforms.dialect_named(first.dialect)
    is_audience = first.event in dialect.platform.audience_events and not dialect.functions
    if dialect.retired or is_audience:
        return f"line {first.line}: the code of an audience pixel: it reports no conversion that could be carried over"
    events = ", ".join(dict.fromkeys(snippet.event for snippet in snippets if snippet.event))
    what = _told(dialect)
    return f"line {first.line}: the code of {what} already" + (f", which reports {events}" if events else "")


def _told(dialect: Dialect) -> str:
    """What today's code is called, even an image's."""
    today = next((one for one in platforms.dialects_of(dialect.platform) if not one.retired and one.functions), dialect)
    return f"a {dialect.platform.title} Pixel ({today.name})"


def _check_fixed(snippet: Snippet) -> None:
    for place in (place for place in snippet.places if place.is_dynamic):
        line = snippet.line + len(re.findall(r"\r\n?|\n", snippet.source[: place.start]))
        text = snippet.source[place.start : place.end]
        raise SnippetError(
            f"line {line}: the {place.name} is set while the page is built or shown: {text[:60]}",
            hint="put a fixed one there, migrate, and put the expression back into both halves of the new code",
        )


def _number(value: str | None) -> str | None:
    if value is None:
        return None
    number = f"{Decimal(value):f}" if _AMOUNT.fullmatch(value) else ""
    if not number or len(number.replace(".", "").lstrip("0")) > _MAX_DIGITS:
        raise SnippetError(f"the value {value[:60]!r} is not an amount that a JavaScript number keeps exactly")
    return number


def _currency(of_code: str | None, given: str | None) -> str | None:
    if given is not None and not _CURRENCY.fullmatch(given):
        raise SettingError(f"--currency {given!r} is not a currency code, such as USD")
    if of_code and given not in {None, of_code}:
        raise SettingError(
            f"the code says {of_code[:60]}, and --currency {given}", hint="--currency is for code without"
        )
    if of_code and not _CURRENCY.fullmatch(of_code):
        raise SnippetError(f"the code's currency {of_code[:60]!r} is not a currency code, such as USD")
    return of_code or given
