"""The gtag dialect (2017 to today): `gtag` puts its arguments onto the data layer, and the loader carries them out.

`gtag('config', 'AW-1')` names a target, `gtag('event', 'conversion', {send_to: 'AW-1/label'})` reports a conversion to
Ads, `gtag('event', 'purchase', ..)` one to Analytics. The names of the events are those of Google's reference
(developers.google.com/analytics/devguides/collection/ga4/reference/events); those sent to Ads may have any name. `UA-`
took its last events in 2024 (support.google.com/analytics/answer/11583528). The forms of the base code are those of
pages since 2017; code that is made here makes the loader's element itself, so that it is one script. What Google gives
for a click is a function, `gtag_report_conversion`, on many public pages.
"""

from __future__ import annotations

import re
from itertools import product

from snippetkit.patterns import later
from snippetkit.platforms import Dialect, Events, ListParameter, NativeTag
from snippetkit.platforms.google import PLATFORM, _events
from snippetkit.platforms.google._calls import BREAKS, CALLS, FLOODLIGHT, MAKES, NO_CALL, find_shared
from snippetkit.platforms.parting import Parted
from snippetkit.terms import Coexistence

NAME = "gtag"

_EVENTS = frozenset(
    "ad_impression add_payment_info add_shipping_info add_to_cart add_to_wishlist begin_checkout campaign_details "
    "close_convert_lead close_unconvert_lead conversion disqualify_lead earn_virtual_currency exception "
    "generate_lead join_group "
    "level_end level_start level_up login page_view post_score purchase qualify_lead refund remove_from_cart "
    "screen_view search select_content select_item select_promotion share sign_up spend_virtual_currency "
    "tutorial_begin tutorial_complete unlock_achievement view_cart view_item view_item_list view_promotion "
    "view_search_results working_lead".split()
)
_LAYERS = ("dataLayer", "window.dataLayer")
_STUBS = ("function gtag() {{ {}.push(arguments); }}", "window.gtag = {}function () {{ {}.push(arguments); }}")
_MADE = (
    *(_STUBS[0].format(layer) for layer in _LAYERS),
    *(_STUBS[1].format(there, layer) for there, layer in product(("", "window.gtag || "), _LAYERS)),
)
_GOOGLE_TAG = NativeTag("googtag", "Google tag", "{tagId}")
_MONEY = {"value": "value", "currency": "currency", "order_id": "transaction_id"}
_NATIVE = (
    NativeTag(
        "awct",
        "Google Ads conversion",
        "AW-{conversionId}/{conversionLabel}",
        {"value": "conversionValue", "currency": "currencyCode", "order_id": "orderId"},
        event="conversion",
        more={"enableConversionLinker": True, "conversionCookiePrefix": "_gcl"},
        needs=_GOOGLE_TAG,
        is_whole=True,
    ),
    NativeTag(
        "gaawe",
        "Google Analytics 4 event",
        "{measurementIdOverride}",
        {"event": "eventName"},
        ListParameter("eventSettingsTable", "parameter", "parameterValue", _MONEY),
        older_table=ListParameter("eventParameters", "name", "value", _MONEY),
        refers="measurementId",
        more={"sendEcommerceData": False},
        needs=_GOOGLE_TAG,
        fits="G-",
        is_whole=True,
    ),
    _GOOGLE_TAG,
    NativeTag("gaawc", "Google Analytics 4 configuration", "{measurementId}"),
    NativeTag(
        "sgtmadsct", "Google Ads conversion on a server", "AW-{conversionId}/{conversionLabel}", event="conversion"
    ),
)
"""The parameters are those of public containers and of their generators; an id of Ads stands there without `AW-`.
Before the Google tag there was a configuration: an event named that tag for its pixel, and listed `eventParameters`.
On a server the value is that of the event which comes in."""

DIALECT = Dialect(
    NAME,
    PLATFORM,
    Parted(NAME, find_shared, FLOODLIGHT, is_rest=True),
    needles=(b"googletagmanager.com/gtag/js",),
    coexistence=Coexistence.NEVER,
    functions=("gtag",),
    base_form=MAKES,
    broken_form=(BREAKS, NO_CALL),
    found_by=("dataLayer",),
    is_in_parts=True,
    counting=later("(?!AW-[0-9]+/?$|UA-).*", re.DOTALL),
    reached=later("(?!AW-|UA-).*", re.DOTALL),
    names_accounts=True,
    needs_base=True,
    calls=CALLS,
    loader="gtag/js",
    call="gtag('config', ..)",
    trusted_names=frozenset({"dataLayer"}),
    click_functions=("gtag_report_conversion",),
    base_codes=("gtag('js', new Date())", *_MADE),
    image_repeats=False,
    events=Events(
        _EVENTS,
        base="page_view",
        verb="event",
        custom_verb="event",
        longest=40,
        ids=later("GT?-"),
        orders={"purchase": "transaction_id"},
        only_standard_has_money=True,
    ),
    single=_events.for_one_pixel,
    alone=_events.alone,
    since=2017,
    native=_NATIVE,
)
