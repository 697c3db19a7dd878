"""The floodlight dialect (2017 to today): Campaign Manager's conversions, reported by the same `gtag`.

An id is put together: the advertiser's (`DC-`), a group's, a tag's, and behind a plus how it counts, as `send_to` has
it: `gtag('event', 'purchase', {send_to: 'DC-1/sales/thanks+transactions'})` is a sale, `conversion` a counter
(support.google.com/campaignmanager/answer/7554821; segmentio/action-destinations, packages/browser-destinations). What
an amount counts in is set in the account: there is no currency. An image names the id by three parameters, without how
it counts; they stand behind a slash, parted by semicolons. A sale's image has the order's id as `ord`; a counter's has
a number there that is another one for each visit, so that none is written here. An iframe tells the
same on a host of the advertiser's (public pages, 2012 to today). Where the loader asks is the image's endpoint here,
which is ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms import Dialect, Events, NativeTag
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.google import LOADER, _events
from snippetkit.platforms.google._calls import BREAKS, CALLS, FLOODLIGHT, MAKES, NO_CALL, find_shared
from snippetkit.platforms.images import reader
from snippetkit.platforms.parting import Parted
from snippetkit.platforms.platform import Platform
from snippetkit.terms import Coexistence

NAME = "floodlight"

_ACTIVITY = r"/[\w-]{1,16}/[\w-]{1,16}(?:\+[a-z_]{1,16})?"
_SHOWN = "Campaign Manager shows it in the event snippet, as send_to"
_TOLD = {"value": ("cost",), "order_id": ("ord",)}


_IMAGE = (("ad.doubleclick.net",), "/ddm/activity/", "", "doubleclick.net/ddm/activity/")
_FRAME = (("*.fls.doubleclick.net", "fls.doubleclick.net"), "/activityi", ";", "fls.doubleclick.net/activityi")


def _activity(
    event: str,
    told: Mapping[str, tuple[str, ...]],
    only_with: tuple[str, ...] = (),
    where: tuple[tuple[str, ...], str, str, str] = _IMAGE,
) -> Endpoint:
    """Where a sale or a counter is reported: on which hosts, the path, what its parameters stand behind, the mark."""
    hosts, path, begins, mark = where
    return Endpoint(
        hosts,
        (path,),
        {"pixel_id": ("src",), **told},
        mark,
        id_prefix="DC-",
        id_parts=("type", "cat"),
        begins=begins,
        separator=";",
        only_with=only_with,
        event=event,
    )


PLATFORM = Platform(
    name="floodlight",
    title="Floodlight",
    ids=Ids(later(f"DC-[0-9]{{4,10}}(?:{_ACTIVITY})?", re.ASCII), "id", _SHOWN, untold=later(r"\+[a-z_]+")),
    loaders=(LOADER,),
    endpoints=(
        *(_activity("purchase", _TOLD, ("cost",), where) for where in (_IMAGE, _FRAME)),
        *(_activity("conversion", {}, (), where) for where in (_IMAGE, _FRAME)),
    ),
    image_origin="https://ad.doubleclick.net",
    needs_currency=False,
)
_GOOGLE_TAG = NativeTag("googtag", "Google tag", "{tagId}", fits="DC-")
_METHODS = {"STANDARD": "standard", "UNIQUE": "unique", "PER_SESSION": "per_session"}
_NATIVE = (
    NativeTag(
        "fls",
        "Floodlight sales",
        "DC-{advertiserId}/{groupTag}/{activityTag}+transactions",
        {"value": "revenue", "order_id": "orderId"},
        event="purchase",
        only={"countingMethod": "TRANSACTIONS"},
        more={"enableConversionLinker": True, "useImageTag": False},
        needs=_GOOGLE_TAG,
        is_whole=True,
    ),
    NativeTag(
        "fls",
        "Floodlight sales",
        "DC-{advertiserId}/{groupTag}/{activityTag}+items_sold",
        {"value": "revenue", "order_id": "orderId"},
        event="purchase",
        only={"countingMethod": "ITEMS_SOLD"},
    ),
    *(
        NativeTag(
            "flc",
            "Floodlight counter",
            f"DC-{{advertiserId}}/{{groupTag}}/{{activityTag}}+{method}",
            event="conversion",
            only={"ordinalType": type_},
        )
        for type_, method in _METHODS.items()
    ),
    _GOOGLE_TAG,
)
"""The parameters are those of public containers; what a counter's ordinal has to be there is not known."""

DIALECT = Dialect(
    NAME,
    PLATFORM,
    Parted(NAME, find_shared, FLOODLIGHT, "Floodlight takes the currency from its account, not from code"),
    needles=(b"DC-",),
    coexistence=Coexistence.NEVER,
    functions=("gtag",),
    sign=later(rb"DC-[0-9]"),
    base_form=MAKES,
    broken_form=(BREAKS, NO_CALL),
    found_by=("dataLayer",),
    is_in_parts=True,
    counting=later(r"DC-[0-9]+/.*", re.DOTALL),
    reached=later(r"(?!)"),
    names_accounts=True,
    needs_base=True,
    calls=CALLS,
    loader="gtag/js",
    call="gtag('config', ..)",
    trusted_names=frozenset({"dataLayer"}),
    read_image=reader(PLATFORM, NAME),
    events=Events(frozenset({"conversion", "purchase"}), verb="event", custom_verb="event"),
    single=_events.for_one_pixel,
    alone=_events.alone,
    since=2017,
    native=_NATIVE,
)
