"""The frozen types that flow through snippetkit."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """The code of one pixel, read and found consistent.

    `dialect` names the code's family (`fp`, `fbq`); `value` is the amount in the major unit as the script has it
    (`19.99`), `currency` an ISO 4217 code, `event` the name of the event that it tracks, each None where the code
    has none. `source` runs from the script to the end of the noscript, `script` is the script element, `noscript`
    the text between `<noscript>` and `</noscript>`: all three exact slices of what was read, a nonce of the script
    apart. `image_url` is the noscript image's URL with `&amp;` decoded and the scheme https.
    """

    dialect: str
    pixel_id: str
    value: str | None
    currency: str | None
    source: str = field(repr=False)
    script: str = field(repr=False)
    noscript: str = field(repr=False)
    image_url: str
    event: str | None = None

    @property
    def key(self) -> str:
        """The name of this snippet's regions on a page: `dialect:id`."""
        return f"{self.dialect}:{self.pixel_id}"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes `start` up to, not including, `end` with `new`; an insertion where they are equal."""

    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class ContainerTag:
    """A tag-manager tag.

    `name` is unique inside the container; `page_path` is the exact path of the page on which the tag fires,
    case-sensitive, or None where the user will choose the trigger in the tag manager.
    """

    name: str
    snippet: Snippet
    page_path: str | None = None


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
