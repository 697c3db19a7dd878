"""Facebook's conversion pixels, 2012 to 2016, and today's Meta Pixel."""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import NUMBERS
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOSTS = ("www.facebook.com", "facebook.com")
_FILES = "/[A-Za-z_]{2,8}/"
_TODAY = {"value": ("cd[value]",), "currency": ("cd[currency]",)}
_ORIGIN = "https://www.facebook.com"

# Its own exponents differ from ISO 4217's for BHD, COP, CRC, HUF, IDR, JOD and TWD (Marketing API, "Currencies").
_WHOLE = "CLP COP CRC HUF ISK IDR JPY KRW PYG TWD VND"
_HUNDREDTHS = (
    "DZD ARS AUD BHD BDT BOB BGN BRL GBP CAD CNY HRK CZK DKK EGP EUR GTQ HNL HKD INR ILS JOD KES LVL LTL MOP MYR "
    "MXN NZD NIO NGN NOK PKR PEN PHP PLN QAR RON RUB SAR RSD SGD SKK ZAR SEK CHF THB TRY AED UAH USD UYU VEF FBZ VES"
)

PLATFORM = Platform(
    name="facebook",
    title="Meta",
    ids=NUMBERS,
    loaders=(
        Loader("connect.facebook.net", rf"{_FILES}fp\.js", "fp.js", _FOLDER / "fp.js"),
        Loader("connect.facebook.net", rf"{_FILES}fbds\.js", "fbds.js", _FOLDER / "fbds.js"),
        # It sends some events by other requests, as published policies for it have it.
        Loader("connect.facebook.net", rf"{_FILES}fbevents\.js", "fbevents.js", _FOLDER / "fbevents.js", (_ORIGIN,)),
    ),
    endpoints=(
        Endpoint(
            _HOSTS,
            ("/tr", "/tr/"),
            {"pixel_id": ("id",), "event": ("ev",), "event_id": ("eid",), **_TODAY},
            "facebook.com/tr",
            constants={"noscript": "1"},
        ),
        Endpoint(
            _HOSTS,
            ("/tr", "/tr/"),
            {"pixel_id": ("ev",), "value": ("cd[value]", "value"), "currency": ("cd[currency]", "currency")},
            "facebook.com/tr",
            retired=2017,
        ),
        Endpoint(
            _HOSTS,
            ("/offsite_event.php",),
            {"pixel_id": ("id", "ev"), "value": ("value", "cd[value]"), "currency": ("currency", "cd[currency]")},
            "offsite_event.php",
            retired=2017,
        ),
    ),
    image_origin=_ORIGIN,
    default_currency="USD",
    exponents=dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_HUNDREDTHS.split(), -2),
    consent="if (typeof window.fbq === 'function') window.fbq('consent', 'grant');",
    base_events=frozenset({"PageView"}),
    audience_events=frozenset({"NoScript", "PixelInitialized"}),
)
