"""Rakuten Advertising's image of a sale, formerly LinkShare's, 2008 to today.

The host, the parameters, that they are lists with `|`, and that an amount is a whole number of minor units, the price
times the quantity times 100, are those of shops in public repositories (2011 to 2024); Rakuten's own pages ask for a
login. No total is told: it is the sum of the lines, of which a discount's is negative. An order counts once, by `ord`.
"""

from __future__ import annotations

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Platform

_HOST = "track.linksynergy.com"

PLATFORM = Platform(
    name="rakuten",
    title="Rakuten Advertising",
    ids=Ids(later("[0-9]{4,7}"), "number", "Rakuten Advertising shows it, as MID"),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/ep",),
            {"pixel_id": ("mid",), "value": ("amtlist",), "currency": ("cur",), "order_id": ("ord",)},
            "linksynergy.com/ep",
            lines="|",
            lists=("skulist", "qlist", "amtlist"),
        ),
    ),
    image_origin=f"https://{_HOST}",
    counts_orders_once=True,
    is_in_minor_units=True,
)
