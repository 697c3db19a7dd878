"""The Trade Desk's universal pixel, and the images of its static tags, 2014 to today.

The loader, its class and the URL that it is told are those of code on public pages; that the URL is a frame's, and that
some more parameters may be told, is what a bank's public script says of it. The images, and what they are told (`adv`,
`ct`, and of an order `v`, `vf` and `orderid`), are those of public repositories, one of which has the amount's, and two
an image with `ct` at `up`. Nothing of it is in documents that were seen. What the loader asks for is inferred: the
stand-in asks for an image at that URL, whose parameter `upid` is ours; a frame of a page that has it is read alike.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOST = "insight.adsrvr.org"
_ORIGIN = f"https://{_HOST}"
_LOADER = "up_loader.1.1.0.js"
_TOLD = {"pixel_id": ("adv",), "value": ("v",), "currency": ("vf",), "order_id": ("orderid",)}
_ID = "[a-z0-9]{5,8}"

PLATFORM = Platform(
    name="tradedesk",
    title="The Trade Desk",
    ids=Ids(later(f"{_ID}/(?:[0-9]:)?{_ID}"), "number", "The Trade Desk shows the advertiser's, and that of the tag"),
    loaders=(
        Loader(
            "js.adsrvr.org",
            r"/up_loader\.1\.[0-9]\.[0-9]\.js",
            _LOADER,
            Path(__file__).parent / "up_loader.js",
            frames=(_ORIGIN,),
        ),
    ),
    endpoints=(
        *(
            Endpoint(
                (_HOST,),
                (f"/track/{name}/", f"/track/{name}"),
                _TOLD,
                f"adsrvr.org/track/{name}",
                constants={"fmt": "3"},
                id_parts=("ct",),
                only_with=("ct",) if name == "up" else (),
            )
            for name in ("pxl", "conv", "evnt", "up")
        ),
        Endpoint(
            (_HOST,),
            ("/track/up",),
            {"pixel_id": ("adv",)},
            "adsrvr.org/track/up",
            id_parts=("upid",),
            only_with=("adv", "upid"),
        ),
    ),
    image_origin=_ORIGIN,
    needs_currency=False,
)
