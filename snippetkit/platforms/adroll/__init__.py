"""AdRoll's pixel, 2012 to today.

The globals, the loader, and that a value without a currency, or one "in dollars", is in US dollars are those of
AdRoll's code on pages, of what Google's tag manager loads for it (type `asp`), and of rudderlabs/rudder-sdk-js
(packages/analytics-js-integrations, 2026-08). What `__adroll.record_user(..)` counts as is not known, so that it is not
read. Where the loader sends the events of `adroll.track` is what it does itself (`track`, `get_segment_url` and
`_callUserEventEndpoint` in copies of 2020 and 2023 in public repositories): `d.adroll.com/uev/`, and for `pageView`
`/segment/`. What it sends of the globals those copies leave open: that
request of the stand-in is ours. `csp` has the host of both, which policies that name AdRoll have too.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform

_HOST = "d.adroll.com"
_ORIGIN = f"https://{_HOST}"
_ID = "[A-Z0-9]{22}"
_STAND_IN = Path(__file__).parent / "roundtrip.js"
_TOLD = {
    "pixel_id": (ID_IN_PATH,),
    "value": ("conv_value",),
    "currency": ("adroll_currency",),
    "order_id": ("order_id",),
}
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
        Endpoint(
            (_HOST,),
            (f"/uev/{ID_IN_PATH}/{ID_IN_PATH}/",),
            {"event": ("event_name",), **_TOLD},
            "d.adroll.com/uev/",
            is_image=False,
        ),
        Endpoint(
            (_HOST,),
            (f"/segment/{ID_IN_PATH}/{ID_IN_PATH}",),
            _TOLD,
            "d.adroll.com/segment/",
            event="pageView",
            is_image=False,
        ),
    ),
    image_origin=_ORIGIN,
    default_currency="USD",
    needs_currency=False,
    base_events=frozenset({"pageView"}),
)
