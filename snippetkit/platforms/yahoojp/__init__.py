"""Yahoo! JAPAN's ads: the site general tag (2019 to today), and the search ads' code before it, 2011 to 2023.

The loader and its calls are those of code on pages and of Yahoo's API, whose answers hold the code of a conversion and
the image for display ads (yahoojp-marketing on GitHub: ads-search-api-documents and ads-display-api-documents). Amounts
are whole yen, mostly as texts, and no currency is told. What the loader asks for is not documented: the stand-in asks
for the images. The hosts of its requests are not documented either, and `csp` has those of the images alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "s.yimg.jp"
_SEARCH, _DISPLAY = "b91.yahoo.co.jp", "b90.yahoo.co.jp"
_PATH = "/images/listing/tool/cv"

PLATFORM = Platform(
    name="yahoojp",
    title="Yahoo! JAPAN",
    ids=Ids(
        later(r"[0-9]{7,12}(?:/[\w-]{10,30})?|(?!\d+$)[\w.-]{16,30}(?:/[A-Z0-9]{16,30})?", re.ASCII),
        "id",
        "Yahoo! JAPAN's management tool shows it, with the conversion's label after a slash",
    ),
    loaders=(
        Loader(_HOST, rf"{_PATH}/ytag\.js", "ytag.js", _FOLDER / "ytag.js"),
        Loader(_HOST, rf"{_PATH}/conversion\.js", "cv/conversion.js", _FOLDER / "conversion.js"),
        Loader(_DISPLAY, r"/conv\.js", f"{_DISPLAY}/conv.js", _FOLDER / "conv.js"),
    ),
    endpoints=(
        Endpoint(
            (_SEARCH,),
            (f"/pagead/conversion/{ID_IN_PATH}/", f"/pagead/conversion/{ID_IN_PATH}"),
            {"pixel_id": (ID_IN_PATH,), "value": ("value",)},
            f"{_SEARCH}/pagead/conversion/",
            id_parts=("label",),
        ),
        Endpoint(
            (_DISPLAY,),
            ("/c",),
            {
                "pixel_id": ("yahoo_ydn_conv_io",),
                "value": ("yahoo_ydn_conv_amount", "yahoo_ydn_conv_value"),
                "order_id": ("yahoo_ydn_conv_transaction_id",),
            },
            f"{_DISPLAY}/c",
            id_parts=("yahoo_ydn_conv_label",),
            only_with=("yahoo_ydn_conv_io",),
        ),
    ),
    image_origin=f"https://{_SEARCH}",
    other_origins=(f"https://{_DISPLAY}",),
    default_currency="JPY",
    needs_currency=False,
    exponents={"JPY": 0},
)
