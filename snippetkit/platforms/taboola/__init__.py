"""Taboola's pixel: an account's number, and events that are called as the account calls them.

The code is that of public pages (2026-08), and so is the image for visitors without JavaScript; that the image takes an
amount, a currency and an order is what managed-components/taboola (src/index.ts) does. Which hosts its loader sends
requests to is said by public policies for it, not by the vendor; the stand-in asks for the image.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "trc.taboola.com"
_CONNECT = (f"https://{_HOST}", "https://trc-events.taboola.com")

PLATFORM = Platform(
    name="taboola",
    title="Taboola",
    ids=Ids(later("[1-9][0-9]{4,9}"), "number", "Taboola's Realize shows it, as the account's id"),
    loaders=(Loader("cdn.taboola.com", r"/libtrc/unip/[0-9]+/tfa\.js", "tfa.js", _FOLDER / "tfa.js", _CONNECT),),
    endpoints=(
        Endpoint(
            (_HOST,),
            (f"/{ID_IN_PATH}/log/3/unip",),
            {
                "pixel_id": (ID_IN_PATH,),
                "event": ("en",),
                "value": ("revenue",),
                "currency": ("currency",),
                "order_id": ("orderid",),
            },
            _HOST,
        ),
    ),
    image_origin=f"https://{_HOST}",
    base_events=frozenset({"page_view"}),
)
