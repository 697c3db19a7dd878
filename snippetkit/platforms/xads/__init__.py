"""X's pixel, 2016 to today, and Twitter's conversion code before.

An event has an id, made in the Ads Manager, whose first part is its pixel's (docs.x.com, "Web conversions"). The hosts
are those that nuxt/scripts allows (packages/script/src/registry.ts, 2026-08). The loader asks two hosts for the same,
of which the stand-in asks one. Public records of requests have the pixel there as `txn_id`; the other parameters are
ours. The images of Twitter's old code stand two in a noscript, one for each host, and report one conversion.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "analytics.twitter.com"
_ORIGIN = f"https://{_HOST}"
_CONNECT = (_ORIGIN, "https://t.co")

PLATFORM = Platform(
    name="xads",
    title="X",
    ids=Ids(later("[a-z0-9]{5}"), "id", "X's Events Manager shows it"),
    loaders=(
        Loader("static.ads-twitter.com", r"/uwt\.js", "uwt.js", _FOLDER / "uwt.js", _CONNECT),
        Loader("platform.twitter.com", r"/oct\.js", "oct.js", _FOLDER / "oct.js"),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/1/i/adsct",),
            {
                "pixel_id": ("txn_id",),
                "event": ("event",),
                "value": ("value",),
                "currency": ("currency",),
                "order_id": ("conversion_id",),
                "event_id": ("conversion_id",),
            },
            "analytics.twitter.com/1/i/adsct",
            is_image=False,
        ),
        Endpoint(
            (_HOST, "t.co"),
            ("/i/adsct",),
            {"pixel_id": ("txn_id",), "value": ("tw_sale_amount",)},
            "/i/adsct",
            constants={"p_id": "Twitter"},
            echo_hosts=("t.co",),
        ),
    ),
    image_origin=_ORIGIN,
    other_origins=("https://t.co",),
    base_events=frozenset({"PageView"}),
)
