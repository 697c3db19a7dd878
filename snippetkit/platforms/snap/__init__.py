"""Snap's pixel, 2017 to today.

Its hosts are those of the code on public pages, of managed-components/snapchat (src/index.ts, which sends to
`tr.snapchat.com/p`) and of nuxt/scripts (packages/script/src/runtime/registry, 2026-08). That it frames one of its
host's pages, too, is inferred. No image of it was found on any page: what it reports leaves the browser by requests of
its loader, whose parameters are those that MisterPhilip/omnibug reads (source/providers/Snapchat.js); that they stand
in a URL and in no body is the stand-in's.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "tr.snapchat.com"
_ORIGIN = f"https://{_HOST}"
_LOADER = Loader(
    "sc-static.net",
    r"/scevent\.min\.js",
    "scevent.min.js",
    _FOLDER / "scevent.js",
    (_ORIGIN, "https://tr6.snapchat.com"),
    frames=(_ORIGIN,),
)

PLATFORM = Platform(
    name="snap",
    title="Snap",
    ids=Ids(later("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "id", "Snap's Events Manager shows it"),
    loaders=(_LOADER,),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/p",),
            {
                "pixel_id": ("pid",),
                "event": ("ev",),
                "value": ("e_pr",),
                "currency": ("e_cur",),
                "order_id": ("e_tid",),
                "event_id": ("client_dedup_id",),
            },
            "tr.snapchat.com/p",
            is_image=False,
        ),
    ),
    image_origin=_ORIGIN,
    base_events=frozenset({"PAGE_VIEW"}),
)
