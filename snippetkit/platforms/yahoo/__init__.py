"""Yahoo's Dot tag, of its DSP and of what was Gemini: the numbers of a project and of a pixel, and events in a beacon.

The loader, the queue and what the base code does when it has loaded are those of Yahoo's own page
(developer.yahooinc.com, native/guide/dottags/installing-tags). `ea`, `ec`, `el`, `ev` and `gv`, the goal's value, are
named in Tealium's guide (docs.tealium.com, client-side-tags/yahoo-dot-tag); Automattic/wp-calypso tells an order's
total as `gv` of the image. Neither knows a currency, or an order's id. What the loader asks for is not documented: the
stand-in has `YAHOO.ywa.I13N.fireBeacon`, which the base code calls, ask for that image. `csp` has its host for
requests, too, which is ours.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOST = "sp.analytics.yahoo.com"

PLATFORM = Platform(
    name="yahoo",
    title="Yahoo",
    ids=Ids(
        later("[1-9][0-9]{4,14}/[1-9][0-9]{4,9}"),
        "id",
        "Yahoo shows it in the Dot tag, as projectId and pixelId, here with a slash between them",
    ),
    loaders=(
        Loader("s.yimg.com", r"/wi/ytc\.js", "wi/ytc.js", Path(__file__).parent / "ytc.js", (f"https://{_HOST}",)),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/spp.pl",),
            {"pixel_id": ("a",), "event": ("ea", "ec"), "value": ("gv",)},
            f"{_HOST}/spp.pl",
            id_parts=(".yp",),
            told_by=("event", "value"),
        ),
    ),
    image_origin=f"https://{_HOST}",
    needs_currency=False,
)
