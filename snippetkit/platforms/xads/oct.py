"""The oct dialect (2013 to 2018): `twttr.conversion.trackPid`, behind the loader `oct.js` that stands in front of it.

Each call is a conversion of its pixel, with an amount and how many were ordered, and no currency; the sample code on
public pages has zero for both.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Told, at, reader
from snippetkit.platforms.xads import PLATFORM
from snippetkit.terms import Coexistence

NAME = "oct"

_OBJECT = "twttr.conversion"
_ADDING = Adding(
    {"value": "tw_sale_amount: 0.00"}, "the second argument of trackPid", "after the pixel's id in its trackPid call"
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        (_OBJECT,),
        {
            "trackPid": Told(
                pixel_id=at(1),
                about=2,
                value=("tw_sale_amount",),
                currency=(),
                misnamed=("value", "amount", "price", "revenue", "total"),
            )
        },
        _ADDING,
        no_currency="Twitter's old code has no currency",
    ),
    needles=(b"platform.twitter.com/oct.js", b"twttr.conversion", b"/i/adsct?"),
    coexistence=Coexistence.APART,
    functions=(_OBJECT,),
    by_methods=True,
    is_in_parts=True,
    calls=Calls(naming_by_id=frozenset({"trackPid"})),
    loader="oct.js",
    needs_currency=False,
    trusted_names=frozenset({"conversion", "trackPid", "twttr"}),
    read_image=reader(PLATFORM, NAME),
    has_events=False,
    sample_value="0",
    since=2013,
)
