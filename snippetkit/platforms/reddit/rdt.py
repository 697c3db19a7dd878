"""The rdt dialect (2019 to today): `rdt`, which queues its calls until the loader `pixel.js` comes.

`init` names a pixel, `track` reports an event, whose order is `transactionId`; by `conversionId` it is known that a
server reports it too. `value` is in the major unit where `init` has `useDecimalCurrencyValues: true`, which Reddit's
own template always sets (reddit/reddit-gtm-template, template.tpl, 2026-04). Before, it was a whole number, of which
sources do not say the unit. The names are those of that template.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Told, at, reader
from snippetkit.platforms.reddit import PLATFORM
from snippetkit.terms import Coexistence

NAME = "rdt"

_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's rdt call",
    "after the event's name in its rdt call",
)
_EVENTS = frozenset("AddToCart AddToWishlist Custom Lead PageVisit Purchase Search SignUp ViewContent".split())
_AMOUNTS = ("price", "revenue", "amount", "total", "conversion_value")
"""What other platforms and shops call it."""

find_reports = CallReader(
    NAME,
    ("rdt",),
    {
        "init": Told(pixel_id=at(1), unit=at(2, "useDecimalCurrencyValues"), verb="init"),
        "track": Told(
            event=at(1),
            about=2,
            order_id=at(2, "transactionId"),
            event_id=at(2, "conversionId"),
            misnamed=_AMOUNTS,
        ),
    },
    _ADDING,
)

_CALLS = Calls(
    naming=frozenset({"init"}),
    reporting=frozenset({"track"}),
    on_purpose={"disableFirstPartyCookies": "It keeps the loader from setting cookies of the page's own."},
    grants="enableFirstPartyCookies",
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"redditstatic.com/ads/", b"alb.reddit.com/"),
    coexistence=Coexistence.NEVER,
    functions=("rdt",),
    calls=_CALLS,
    loader="ads/pixel.js",
    takes_over="sendEvent",
    waits_in="callQueue",
    call="rdt('init', ..)",
    trusted_names=frozenset({"apply", "callQueue", "push", "sendEvent"}),
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    events=Events(_EVENTS, base="PageVisit", tracks_base=True),
    alone=Lone(NAME, _CALLS, "ads/pixel.js").alone,
    since=2016,
)
