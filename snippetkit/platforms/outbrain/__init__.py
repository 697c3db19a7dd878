"""Outbrain's pixel: a marketer's id, and conversions that are called as the marketer calls them.

The code is that of public pages (2026-08), some of which tell `orderValue`, `currency` and `orderId`. For visitors
without JavaScript there is no image on any of them. Where its loader sends events is said by public policies for it;
what such a request has in it the vendor does not say, so that the stand-in's is ours.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_ORIGIN = "https://tr.outbrain.com"

PLATFORM = Platform(
    name="outbrain",
    title="Outbrain",
    ids=Ids(later("00[0-9a-f]{32}"), "id", "Outbrain's Amplify shows it, as OB_ADV_ID in the pixel's code"),
    loaders=(Loader("amplify.outbrain.com", r"/cp/obtp\.js", "obtp.js", _FOLDER / "obtp.js", (_ORIGIN,)),),
    endpoints=(
        Endpoint(
            ("tr.outbrain.com",),
            ("/unifiedPixel",),
            {
                "pixel_id": ("marketerId",),
                "event": ("name",),
                "value": ("orderValue",),
                "currency": ("currency",),
                "order_id": ("orderId",),
            },
            "tr.outbrain.com/unifiedpixel",
            is_image=False,
        ),
    ),
    image_origin=_ORIGIN,
    base_events=frozenset({"PAGE_VIEW"}),
)
