"""TikTok's pixel, 2020 to today.

Its hosts are those that nuxt/scripts allows (packages/script/src/registry, 2026-08) and that TikTok's own template for
tag managers loads from (tiktok/gtm-template-pixel, template.js). No image of it was found on any page: what it reports
leaves the browser by requests of its loader. What those look like the vendor does not say; the stand-in's are ours.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "analytics.tiktok.com"
_CONNECT = (f"https://{_HOST}", "https://mon.tiktok.com", "https://mcs.tiktok.com")
_LOADER = Loader(_HOST, r"/i18n/pixel/events\.js", "events.js", _FOLDER / "events.js", _CONNECT)

PLATFORM = Platform(
    name="tiktok",
    title="TikTok",
    ids=Ids(later("[0-9A-V]{20}"), "id", "TikTok's Events Manager shows it"),
    loaders=(_LOADER,),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/api/v2/pixel",),
            {
                "pixel_id": ("sdkid",),
                "event": ("event",),
                "value": ("value",),
                "currency": ("currency",),
                "order_id": ("order_id",),
                "event_id": ("event_id",),
            },
            "tiktok.com/api/v2/pixel",
            is_image=False,
        ),
    ),
    consent="if (window.ttq && typeof window.ttq.grantConsent === 'function') window.ttq.grantConsent();",
    base_events=frozenset({"Pageview"}),
)
