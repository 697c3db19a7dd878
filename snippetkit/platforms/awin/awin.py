"""The awin dialect (2017 to today): `AWIN.Tracking.Sale`, which the advertiser's own loader behind it reads.

Its settings are texts: `amount`, `currency`, `orderRef`, and `parts`, the amount in commission groups, `A:1.00|B:2.00`.
"""

from __future__ import annotations

from snippetkit.platforms import Dialect, NativeTag, Parts, SettingReader, reader
from snippetkit.platforms.awin import LOADER, PLATFORM
from snippetkit.terms import Coexistence

NAME = "awin"

_TRACKING = "AWIN.Tracking"
_SALE = f"{_TRACKING}.Sale"
_TOLD = ("amount", "channel", "currency", "orderRef", "parts", "test", "voucher")

DIALECT = Dialect(
    NAME,
    PLATFORM,
    SettingReader(
        NAME,
        {
            "value": (f"{_SALE}.amount",),
            "currency": (f"{_SALE}.currency",),
            "order_id": (f"{_SALE}.orderRef",),
        },
        f"add {_SALE}.amount = '0.00'; and {_SALE}.parts = 'DEFAULT:0.00'; before the loader",
        f"add {_SALE}.currency = 'USD'; before the loader",
        parts=Parts(f"{_SALE}.parts"),
        event="Sale",
    ),
    needles=(b"AWIN.Tracking.Sale", b"awin1.com/sread"),
    coexistence=Coexistence.ALONE,
    settings=(_SALE, *(f"{_SALE}.{name}" for name in _TOLD)),
    id_in_loader=r"www\.dwin1\.com/([0-9]{1,8})\.js",
    loader=LOADER,
    loader_behind=True,
    read_image=reader(PLATFORM, NAME),
    native=(
        NativeTag(
            "awc",
            "Awin conversion",
            "{merchantId}",
            {"value": "orderValue", "currency": "currency", "order_id": "orderRef"},
            event="",
        ),
        NativeTag("awj", "Awin journey", "{merchantId}"),
    ),
    has_events=False,
    image_repeats=True,
    since=2017,
)
