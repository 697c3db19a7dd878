"""Adform's tracking points: a client's number, and points that have a name, or in older code a number.

The list, its members, the loaders of today and of before, and the image are those of code on public pages and in public
repositories (2014 to 2024); that an order has a currency is in Tealium's guide, too (docs.tealium.com,
client-side-tags/adform-tag). Most pages tell none, so none is asked for. No image was seen that tells an order. What
the loader asks for is not documented: the stand-in asks for the image, with the order's own names as parameters, which
are ours.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOSTS = ("track.adform.net", "a2.adform.net", "asia.adform.net")
_PATHS = ("/Serving/TrackPoint/", "/Serving/TrackPoint")
_MARK = "adform.net/serving/trackpoint"
_STAND_IN = Path(__file__).parent / "trackpoint-async.js"
_NAMED = {"pixel_id": ("pm",), "event": ("ADFPageName", "lid")}

PLATFORM = Platform(
    name="adform",
    title="Adform",
    ids=Ids(later("[1-9][0-9]{4,8}"), "number", "Adform shows it in the tracking point's code, as pm"),
    loaders=(
        Loader("s2.adform.net", r"/banners/scripts/st/trackpoint-async\.js", "trackpoint-async.js", _STAND_IN),
        *(
            Loader(host, "(?i:/serving/scripts/trackpoint/async/?)", "trackpoint-async.js", _STAND_IN)
            for host in _HOSTS
        ),
    ),
    endpoints=(
        Endpoint(
            _HOSTS,
            _PATHS,
            {**_NAMED, "value": ("sales",), "currency": ("currency",), "order_id": ("orderid",)},
            _MARK,
            only_with=("sales",),
            is_image=False,
        ),
        Endpoint(_HOSTS, _PATHS, _NAMED, _MARK, constants={"ADFdivider": "|"}),
    ),
    image_origin=f"https://{_HOSTS[0]}",
    other_origins=tuple(f"https://{host}" for host in _HOSTS[1:]),
    needs_currency=False,
)
