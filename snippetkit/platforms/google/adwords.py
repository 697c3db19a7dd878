"""The adwords dialect (to 2018): globals that the loader conversion.js reads, and the call that its async form brings.

The loader is an element of its own behind its globals, and reads them before the next block sets its own: several such
blocks on a page do not disturb each other. `conversion_async.js` stands in front and makes `google_trackConversion`,
which is told the same names. Code, image and the parameters of both are those of public pages; the amounts of the
sample are zero there, or 1. With `google_remarketing_only`, or without a label, a visitor is put into an audience; the
image of that is another one. Whether Google still counts what is told so is not documented. Id and label are those of
`gtag`, its successor, with `AW-` in front; that is written instead, so that there is no template.

What the loaders ask for is not documented: the stand-ins ask for the image, with `oid` for the order, and that the
globals are gone afterwards is ours. The other hosts that `csp` has are those of Google's tag. A request of today's tag
has the same path, and is told by its `gtm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms import OBJECT, Adding, CallReader, Calls, Dialect, Report, SettingReader, Told, at, reader
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from snippetkit.javascript import Script

NAME = "adwords"

_FOLDER = Path(__file__).parent
_HOST, _REMARKETING = "www.googleadservices.com", "googleads.g.doubleclick.net"
_ASYNC = "conversion_async.js"
_ID, _LABEL, _VALUE, _CURRENCY, _ORDER, _ONLY = (
    *(f"google_conversion_{name}" for name in ("id", "label", "value", "currency", "order_id")),
    "google_remarketing_only",
)
_MORE = (*(f"google_conversion_{name}" for name in ("color", "format", "language")), "google_custom_params")
_IN_IMAGE = {"pixel_id": (ID_IN_PATH,), "value": ("value",), "currency": ("currency_code",), "order_id": ("oid",)}
_CONSTANTS = {"guid": "ON", "script": "0"}

PLATFORM = Platform(
    name="adwords",
    title="Google AdWords",
    ids=Ids(
        later(r"[0-9]{6,12}(?:/[\w-]{1,64})?", re.ASCII),
        "id",
        "Google Ads shows it, with the conversion's label after a slash",
    ),
    loaders=(
        Loader(_HOST, rf"/pagead/{re.escape(_ASYNC)}", _ASYNC, _FOLDER / _ASYNC),
        Loader(_HOST, r"/pagead/conversion\.js", "pagead/conversion.js", _FOLDER / "conversion.js"),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            (f"/pagead/conversion/{ID_IN_PATH}/",),
            _IN_IMAGE,
            "googleadservices.com/pagead/conversion/",
            constants=_CONSTANTS,
            id_parts=("label",),
            only_without=("gtm",),
        ),
        Endpoint(
            (_REMARKETING,),
            (f"/pagead/viewthroughconversion/{ID_IN_PATH}/",),
            _IN_IMAGE,
            "doubleclick.net/pagead/viewthroughconversion/",
            constants=_CONSTANTS,
            id_parts=("label",),
            told_by=("event",),
            only_without=("gtm",),
        ),
    ),
    image_origin=f"https://{_HOST}",
    other_origins=(f"https://{_REMARKETING}", "https://www.google.com"),
    needs_currency=False,
)
_calls = CallReader(
    NAME,
    ("google_trackConversion",),
    {
        OBJECT: Told(
            pixel_id=at(0, _ID),
            id_part=at(0, _LABEL),
            about=0,
            value=(_VALUE,),
            currency=(_CURRENCY,),
            order_id=at(0, _ORDER),
            misnamed=("value", "conversion_value", "google_value"),
            audience=at(0, _ONLY),
        )
    },
    Adding(
        {"value": f"{_VALUE}: 0.00", "currency": f"{_CURRENCY}: 'USD'"},
        "the argument of google_trackConversion",
        "in the object that google_trackConversion is given",
    ),
    objects=frozenset({_ID}),
)
_settings = SettingReader(
    NAME,
    {"pixel_id": (_ID,), "value": (_VALUE,), "currency": (_CURRENCY,), "order_id": (_ORDER,)},
    f"add {_VALUE} = 0.00; before the loader",
    f"add {_CURRENCY} = 'USD'; before the loader",
    id_parts=(_LABEL,),
    audience=_ONLY,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: by calls, and by what it sets for the loader."""
    yield from _calls(script)
    yield from _settings(script)


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"google_conversion_id", b"googleadservices.com/pagead/conversion", b"pagead/viewthroughconversion"),
    coexistence=Coexistence.APART,
    functions=("google_trackConversion",),
    is_in_parts=True,
    settings=(_ID, _LABEL, _VALUE, _CURRENCY, _ORDER, _ONLY, *_MORE),
    counting=later("[0-9]+/.+", re.DOTALL),
    needs_currency=False,
    calls=Calls(reporting=frozenset({OBJECT}), objects=frozenset({_ID})),
    loader=_ASYNC,
    read_image=reader(PLATFORM, NAME),
    has_events=False,
    sample_value="0",
)
