"""What a project file may say. These classes are all of it: the reader and the JSON schema are made of them.

A field is a key of the file, its type what may stand there, its text what an editor shows; one without a default has to
be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from snippetkit.terms import Consent, OnConflict, Placement, TagsAs, TagVariant

_EVENTS = "Tags that fire on events; those of pages are only added where rules, sheet or site is there too."
_SHEET = "A file of rules, .xlsx, .ods, CSV or JSON, instead of rules here."


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Which API has the pixels; the access token is never in this file."""

    url: Annotated[str | None, "The Graph API; live by default, 'sandbox:' or 'sandbox:FILE' for the embedded one."] = (
        None
    )
    version: Annotated[str | None, "The API's version, such as 'v26.0', or 'none'."] = None
    token_file: Annotated[str | None, "A file that holds the access token, which is not checked in."] = None
    token_in: Annotated[Literal["header", "query"] | None, "Where the token goes."] = None
    cache: Annotated[bool, "Keep answers, and ask by what was kept."] = True
    account: Annotated[str | None, "The ad account, for the commands that need one."] = None


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """Where the code of the pixels comes from that have no entry under 'pixels'."""

    kind: Annotated[str, "'conversion' or 'meta', which the API has, or a platform's code, which is made here."] = (
        "conversion"
    )
    file: Annotated[str | None, "A file with code that was sent, instead of the API."] = None
    event: Annotated[str | None, "The event that the code is to report, such as 'Purchase'."] = None
    event_id: Annotated[str | None, "The id under which your server reports the same event."] = None
    allow_hosts: Annotated[tuple[str, ...], "Other hosts that the file's code may reach."] = ()
    allow: Annotated[tuple[str, ...], "What else the file's code may do, as its refusal calls it."] = ()
    server_values: Annotated[tuple[str, ...], "Server languages whose plain values the file's code may report."] = ()


@dataclass(frozen=True, slots=True)
class PixelSettings(CodeSettings):
    """A pixel, under the name that rules call it by."""

    id: Annotated[str | None, "The pixel's id; may be left out where a file holds the code of one pixel."] = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of rules, and what is to be said about it."""

    file: Annotated[str, "The file, as seen from this one."]
    name: Annotated[str | None, "The sheet of a workbook that has several."] = None
    hidden_rows: Annotated[
        Literal["take", "skip"] | None, "Whether rows that are hidden, filtered out or struck through count."
    ] = None
    allow_empty_values: Annotated[bool, "A row without a value gets the page's or the code's own."] = False
    allow_zero_values: Annotated[bool, "A value may be 0."] = False


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which pixel with which value is on which pages."""

    page: Annotated[str, "A path on the site: '/thanks.html', '/shop/', '/shop/*.html', '/shop/**'."]
    pixel: Annotated[str, "The pixel's name or its id."]
    value: Annotated[int | None, "What a conversion is worth in minor units: 1999 is 19.99 dollars."] = None
    amount: Annotated[str | Decimal | int | None, "The same in major units, instead: 19.99 or '19,99'."] = None
    currency: Annotated[str | None, "The value's currency, such as 'USD'."] = None


@dataclass(frozen=True, slots=True)
class Site:
    """A folder of pages, and what goes onto them."""

    paths: Annotated[tuple[str, ...], "Files and folders, as seen from this file."]
    name: Annotated[str | None, "What 'sync --site' calls it."] = None
    include: Annotated[tuple[str, ...], "Files below folders; '*.html' and '*.htm' by default."] = ()
    exclude: Annotated[tuple[str, ...], "Files and folders to leave out."] = ()
    gitignore: Annotated[bool, "Leave out what git ignores."] = True
    follow_links: Annotated[bool, "Follow symbolic links."] = False
    placement: Annotated[Placement, "Where the script goes."] = Placement.HEAD_BOTTOM
    whole_in_head: Annotated[bool, "Put the noscript into the head too."] = False
    nonce: Annotated[str | None, "The nonce of the pages' Content-Security-Policy."] = None
    template: Annotated[str | None, "Write the code through a template: a name, or a file."] = None
    variables: Annotated[Mapping[str, str], "Variables for the template."] = field(default_factory=dict)
    lazy_noscript: Annotated[bool, 'Write loading="lazy" on the noscript\'s image.'] = False
    adopt: Annotated[bool | Literal["replace"], "Put marked code in the place of unmarked code of the same pixel."] = (
        False
    )
    fragments: Annotated[bool, "Accept parts of pages."] = False
    server_code: Annotated[bool, "Accept pages with PHP, ERB, Jinja and the like."] = False
    prune: Annotated[bool, "Take out snippetkit's code that no rule names."] = True
    rules: Annotated[tuple[RuleSettings, ...] | None, "Which pixel is on which page of this site."] = None
    sheet: Annotated[str | Sheet | None, _SHEET] = None


@dataclass(frozen=True, slots=True)
class EventSettings:
    """An event in the data layer, and the pixel whose code fires each time that it is pushed."""

    on_event: Annotated[str, "The event's name, such as 'purchase'."]
    pixel: Annotated[str, "The pixel's name or its id."]
    value_key: Annotated[str | None, "Where the event's value is in the data layer; 'value' by default."] = None
    currency_key: Annotated[str | None, "Where its currency is there; 'currency' by default."] = None
    order_key: Annotated[str | None, "Where the order's id is there."] = None
    value: Annotated[int | None, "A fixed value instead, in minor units: 1999 is 19.99 dollars."] = None
    amount: Annotated[str | Decimal | int | None, "The same in major units: 19.99 or '19,99'."] = None
    currency: Annotated[str | None, "The fixed value's currency, such as 'USD'."] = None


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """A tag manager's import file."""

    format: Annotated[str, "The tag manager, or 'html' or 'bundle'."]
    file: Annotated[str, "The file to write, as seen from this file."]
    into: Annotated[str | None, "Merge the tags into this export of your container."] = None
    on_conflict: Annotated[OnConflict, "What to do when a name is already taken there."] = OnConflict.FAIL
    formats: Annotated[tuple[str, ...], "The formats that a bundle holds; all by default."] = ()
    tags_as: Annotated[TagsAs, "For gtm: the platform's own type of tags, or Custom HTML."] = TagsAs.AUTO
    variant: Annotated[TagVariant, "What fires: the script, the image, or both."] = TagVariant.SCRIPT
    consent: Annotated[Consent, "What a tag waits for: the visitor's consent to ads, or nothing."] = Consent.ADS
    site: Annotated[str | None, "The name of the site whose rules it takes."] = None
    rules: Annotated[tuple[RuleSettings, ...] | None, "Rules of its own."] = None
    sheet: Annotated[str | Sheet | None, _SHEET] = None
    events: Annotated[
        tuple[EventSettings, ...], "Tags that fire on events; with these, pages count only if it names them."
    ] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """What belongs on the pages of a project, and into which tag managers."""

    api: Annotated[ApiSettings, "Which API has the pixels."] = field(default_factory=ApiSettings)
    code: Annotated[CodeSettings, "Where the code of pixels comes from that have no entry under 'pixels'."] = field(
        default_factory=CodeSettings
    )
    templates_dir: Annotated[str | None, "The folder of your own templates, as seen from this file."] = None
    pixels: Annotated[Mapping[str, PixelSettings], "The pixels, by the names that rules call them by."] = field(
        default_factory=dict
    )
    rules: Annotated[tuple[RuleSettings, ...] | None, "Which pixel is on which page, for each site without rules."] = (
        None
    )
    sheet: Annotated[str | Sheet | None, _SHEET] = None
    sites: Annotated[tuple[Site, ...], "Folders of pages, and what goes onto them."] = ()
    exports: Annotated[tuple[ExportSettings, ...], "Import files of tag managers."] = ()
