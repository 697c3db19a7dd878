"""Microsoft Advertising's Universal Event Tracking (UET), 2014 to today.

The hosts, the image and its parameters are those of Microsoft's own help (MicrosoftDocs/Advertising, 2026-06:
advertising/msa-help/hlp_BA_CONC_UETv2CSP.md, hlp_BA_CONC_UET_IMG_Tag.md). That the loader sends what it is told by such
an image, with `transaction_id` under its own name, and works off the list when the page view is told, is what a copy of
bat.js of 2021 does, which stands in public repositories. While consent is denied it sends what tells no visitor
(hlp_BA_CONC_UET_Consent.md); the stand-in waits then.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOSTS = ("bat.bing.com", "bat.bing.net")
_STAND_IN = Path(__file__).parent / "bat.js"

PLATFORM = Platform(
    name="microsoft",
    title="Microsoft",
    ids=Ids(later("[0-9]{7,9}"), "number", "Microsoft Advertising shows it among the UET tags"),
    loaders=tuple(Loader(host, r"/bat\.js(?:\?ti=[0-9]{1,20})?", "bat.js", _STAND_IN) for host in _HOSTS),
    endpoints=(
        Endpoint(
            _HOSTS,
            ("/action/0",),
            {
                "pixel_id": ("ti",),
                "event": ("ea",),
                "value": ("gv",),
                "currency": ("gc",),
                "order_id": ("transaction_id",),
                "event_id": ("event_id",),
            },
            "/action/0",
            constants={"Ver": "2", "evt": "custom"},
            told_by=("event", "value"),
            page_view="pageLoad",
        ),
    ),
    image_origin=f"https://{_HOSTS[0]}",
    other_origins=(f"https://{_HOSTS[1]}",),
    consent=(
        "if (window.uetq && typeof window.uetq.push === 'function') "
        "window.uetq.push('consent', 'update', {ad_storage: 'granted'});"
    ),
    base_events=frozenset({"pageLoad"}),
)
