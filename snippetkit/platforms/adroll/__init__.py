"""AdRoll's pixel, 2012 to today.

The globals, the loader, and that a value without a currency, or one "in dollars", is in US dollars are those of
AdRoll's code on pages, of what Google's tag manager loads for it (type `asp`), and of rudderlabs/rudder-sdk-js
(packages/analytics-js-integrations, 2026-08). The newer calls, `adroll.track(..)` and `__adroll.record_user(..)`, are
not read: what they count as is not known. Where the loader sends events the sources do not say: the stand-in's request
is ours, and `csp` has the host of policies that name AdRoll.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOST = "d.adroll.com"
_ORIGIN = f"https://{_HOST}"
_ID = "[A-Z0-9]{22}"
_STAND_IN = Path(__file__).parent / "roundtrip.js"
_LOADER = rf"/j/(?:{_ID}/)?roundtrip\.js"

PLATFORM = Platform(
    name="adroll",
    title="AdRoll",
    ids=Ids(later(f"{_ID}/{_ID}"), "id", "AdRoll shows both under the pixel's settings"),
    loaders=(
        Loader("s.adroll.com", _LOADER, "roundtrip.js", _STAND_IN, (_ORIGIN,)),
        Loader("a.adroll.com", _LOADER, "roundtrip.js", _STAND_IN, (_ORIGIN,)),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/pixel",),
            {"pixel_id": ("adv",), "value": ("value",), "currency": ("currency",), "order_id": ("order",)},
            "d.adroll.com/pixel",
            id_parts=("pix",),
            told_by=("value",),
            is_image=False,
        ),
    ),
    image_origin=_ORIGIN,
    default_currency="USD",
    needs_currency=False,
)
