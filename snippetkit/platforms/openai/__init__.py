"""OpenAI's measurement pixel for the ads in ChatGPT, 2026.

The loader, its calls, the names of events and that an amount is a whole number of the currency's smallest unit are
those of the vendor's pages (developers.openai.com/ads: measurement-pixel, multiple-pixels, supported-events, 2026-10).
Where events go is what others saw (`POST https://bzr.openai.com/v1/sdk/events`, with the pixel as `pid`, the events in
a body that comes a second later; the settings of a pixel are asked of the loader's own host); the parameters for the
events of the stand-in are ours. Ids are 22 letters and digits on pages; the vendor does not say what they look like.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_EVENTS = "bzr.openai.com"
_HOST = "bzrcdn.openai.com"
_LOADER = Loader(
    _HOST, r"/sdk/oaiq\.min\.js", "oaiq.min.js", _FOLDER / "oaiq.js", (f"https://{_EVENTS}", f"https://{_HOST}")
)

PLATFORM = Platform(
    name="openai",
    title="OpenAI",
    ids=Ids(later(r"[A-Za-z0-9_-]{4,64}"), "id", "OpenAI's Ads Manager shows it, under conversions"),
    loaders=(_LOADER,),
    endpoints=(
        Endpoint(
            (_EVENTS,),
            ("/v1/sdk/events",),
            {
                "pixel_id": ("pid",),
                "event": ("event",),
                "value": ("amount",),
                "currency": ("currency",),
                "event_id": ("event_id",),
            },
            "bzr.openai.com/v1/sdk/events",
            is_image=False,
        ),
    ),
    is_in_minor_units=True,
    consent="if (typeof window.oaiq === 'function') window.oaiq('consent', true);",
    base_events=frozenset({"page_viewed"}),
)
