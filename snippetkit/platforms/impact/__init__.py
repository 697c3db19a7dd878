"""impact.com (Impact Radius before), 2017 to today.

The loader, of which each account has its own file, its calls, and that it is needed before them, are those of the
vendor's pages (integrations.impact.com: "JavaScript installation"; help.impact.com, "Tracking with UTT: JavaScript
parameters", both 2026); so are that an order has to tell its currency, and that its discount is subtracted. The host of
before, `d.impactradius-event.com`, is that of public pages, where the ids of what is tracked have five digits. Where
the loader sends events was found nowhere; it may be the account's own domain, which a policy has to have then. `csp`
has what a public policy allows. The stand-in's request is ours. The tag of publishers, `impactStat`, reports no orders
and is not read.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

CONVERSION = "trackConversion"
LOADER = "impact/utt.js"
_FILE = Path(__file__).parent / "utt.js"
_EVENTS = "d.impactradius-event.com"
_PATH = r"/A[0-9]{1,9}-[0-9a-f-]{4,60}\.js"
_ORIGINS = ("https://*.impactcdn.com", "https://*.impactradius-event.com")

PLATFORM = Platform(
    name="impact",
    title="impact.com",
    ids=Ids(later("[1-9][0-9]{2,7}"), "number", "impact.com shows it, as that of the event type"),
    loaders=tuple(
        Loader(host, _PATH, LOADER, _FILE, _ORIGINS) for host in ("utt.impactcdn.com", "d.impactradius-event.com")
    ),
    endpoints=(
        Endpoint(
            (_EVENTS,),
            (f"/{CONVERSION}",),
            {"pixel_id": ("id",), "value": ("sum",), "currency": ("currencyCode",), "order_id": ("orderId",)},
            f"{_EVENTS}/{CONVERSION}",
            is_image=False,
            event=CONVERSION,
        ),
    ),
    image_origin=_ORIGINS[0],
    other_origins=_ORIGINS[1:],
)
