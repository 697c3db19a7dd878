"""CJ's (Commission Junction's) universal tag, and its image, 2010 to today.

The global, the loader, that an amount has two decimals at most, and the domains of its requests are those of CJ's own
developer pages (a copy of "Site Page Tag" and "Conversion Page Tag", 2026); those do not say which of the domains is
for what, so `csp` has all of them for requests. The image and the frame (`tags/c`) are the older ones of shops (public
repositories, 2012 to 2024): where they tell lines (`ITEM1`, `AMT1`, `QTY1`), an amount is that of one piece, and the
value is the sum of the lines, less `DISCOUNT`. `OID`, the order, counts once. What the loader asks for is not
documented: the stand-in asks for the image.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOST = "www.emjcd.com"
_TOLD = {"pixel_id": ("CID",), "value": ("AMOUNT",), "currency": ("CURRENCY",), "order_id": ("OID",)}
_LINES = ("AMT", "QTY", "DISCOUNT")
_DOMAINS = ("*.cj.com", "*.emjcd.com", "*.mczbf.com", "*.sjwoe.com", "cj.dotomi.com")
_CONNECT = tuple(f"https://{domain}" for domain in _DOMAINS)
_LOADER = Loader("www.mczbf.com", r"/tags/[\w-]{1,20}/tag\.js", "cj/tag.js", Path(__file__).parent / "cj.js", _CONNECT)

PLATFORM = Platform(
    name="cj",
    title="CJ",
    ids=Ids(later("[0-9]{6,8}(?:/[0-9]{5,7})?"), "number", "CJ's Account Manager shows it, with the action's"),
    loaders=(_LOADER,),
    endpoints=(
        Endpoint(
            (_HOST,), ("/u",), _TOLD, "emjcd.com/u", constants={"METHOD": "IMG"}, id_parts=("TYPE",), numbered=_LINES
        ),
        Endpoint((_HOST,), ("/tags/c",), _TOLD, "emjcd.com/tags/c", id_parts=("TYPE",), numbered=_LINES),
    ),
    image_origin=f"https://{_HOST}",
    counts_orders_once=True,
    most_decimals=2,
)
