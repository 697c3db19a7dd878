"""LinkedIn's Insight Tag, 2016 to today.

An id is put together: that of the account, which is called partner, and that of one of its conversions. The loader,
the image and its parameters are those of LinkedIn's own template for tag managers
(linkedin/linkedin-gtm-community-template, template.tpl, 2023-12) and of its code on pages. What a conversion is worth
is set in its Campaign Manager: the template tells no value, and no image does.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_CONVERSION = "[0-9]{6,9}"
_SHOWN = "LinkedIn's Campaign Manager shows it"
_ORIGIN = "https://px.ads.linkedin.com"
_LOADER = r"/li\.lms-analytics/insight\.min\.js"

PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    ids=Ids(later(f"[0-9]{{4,8}}(?:/{_CONVERSION})?"), "number", _SHOWN, later(_CONVERSION)),
    loaders=(Loader("snap.licdn.com", _LOADER, "insight.min.js", _FOLDER / "insight.js", (_ORIGIN,)),),
    endpoints=(
        Endpoint(
            ("px.ads.linkedin.com", "dc.ads.linkedin.com"),
            ("/collect/", "/collect"),
            {"pixel_id": ("pid",), "event_id": ("eventId",)},
            "ads.linkedin.com/collect",
            constants={"fmt": "gif"},
            id_parts=("conversionId",),
        ),
    ),
    image_origin=_ORIGIN,
    needs_currency=False,
)
