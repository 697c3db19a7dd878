"""Reddit's pixel, 2019 to today, and its conversion image of 2016.

Its hosts are those that public policies for it have, and of the code on pages; newer copies have the pixel's id on the
loader's URL. What the loader asks for, `alb.reddit.com/rp.gif`, has the parameters that managed-components/reddit sends
(src/index.ts); that the id by which an event is known stands there as `m.conversionId` was seen in one public record of
requests. The image of 2016, `alb.reddit.com/snoo.gif`, says by two opaque texts which conversion it is, and no value.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "alb.reddit.com"
_CONNECT = (
    "https://pixel-config.reddit.com",
    "https://conversions-config.reddit.com",
    "https://www.redditstatic.com",
    "https://events.reddit.com",
)
_LOADER = Loader(
    "www.redditstatic.com", r"/ads/pixel\.js(?:\?pixel_id=\w*)?", "ads/pixel.js", _FOLDER / "pixel.js", _CONNECT
)

PLATFORM = Platform(
    name="reddit",
    title="Reddit",
    ids=Ids(later("(?:a2|t2)_[a-z0-9]{5,13}"), "id", "Reddit's Events Manager shows it"),
    loaders=(_LOADER,),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/rp.gif",),
            {
                "pixel_id": ("id",),
                "event": ("event",),
                "value": ("m.valueDecimal", "m.value"),
                "currency": ("m.currency",),
                "order_id": ("m.transactionId",),
                "event_id": ("m.conversionId",),
            },
            "alb.reddit.com/rp.gif",
            is_image=False,
        ),
        Endpoint((_HOST,), ("/snoo.gif",), {}, "alb.reddit.com/snoo.gif"),
    ),
    image_origin=f"https://{_HOST}",
    base_events=frozenset({"PageVisit"}),
)
