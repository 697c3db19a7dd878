"""Amazon's ad tag, 2020 to today.

The loader and its calls are those of Amazon's own template for tag managers (amzn/ads-pao-amznjs-gtm-template,
template.tpl and README.md, version 4.0, 2026-07) and of its help (advertising.amazon.com/help/G2648JUCRZU662V5, on
consent), which shows that a request has `pid`, `event`, `ts` and more; the parameters of the amount and the dedupe id
are ours. That an amount has two decimals at most is reported of its help (GEDE65PCE2CL5P63). Requests were seen to go
to `s.amazon-adsystem.com/iu3`, in Europe to `aax-eu.amazon-adsystem.com/s/iu3`; that the loader shows a frame from
there, too, was seen in two policies. Images in pages were found in one repository only, with
a page view: they are not read, nor is the frame of before (`iu3?d=generic&ex-fargs=..`). What tells Amazon the country
and the consent (`amznConsent`) is another script, which is not checked.
"""

from __future__ import annotations

import re
from pathlib import Path

from snippetkit.key import Ids
from snippetkit.money import ISO_4217
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_MOST_DECIMALS = 2
_HOSTS = ("s.amazon-adsystem.com", "aax-eu.amazon-adsystem.com")
_CONNECT = tuple(f"https://{host}" for host in _HOSTS)

PLATFORM = Platform(
    name="amazon",
    title="Amazon Ads",
    ids=Ids(
        later(r"[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}", re.ASCII),
        "id",
        "Amazon DSP's Events Manager shows it",
    ),
    loaders=(
        Loader(
            "c.amazon-adsystem.com", r"/aat/amzn\.js", "amzn.js", _FOLDER / "amzn.js", _CONNECT, frames=_CONNECT[:1]
        ),
    ),
    endpoints=(
        Endpoint(
            _HOSTS,
            ("/iu3", "/s/iu3"),
            {
                "pixel_id": ("pid",),
                "event": ("event",),
                "value": ("value",),
                "currency": ("currencyCode",),
                "event_id": ("clientDedupeId",),
            },
            "amazon-adsystem.com/iu3",
            is_image=False,
        ),
    ),
    image_origin=_CONNECT[0],
    most_decimals=_MOST_DECIMALS,
    exponents={name: exponent for name, exponent in ISO_4217.items() if exponent >= -_MOST_DECIMALS},
    base_events=frozenset({"PageView"}),
)
