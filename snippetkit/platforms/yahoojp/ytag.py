"""The ytag dialect: `ytag({type, config})`, which puts objects onto a list that the loader ytag.js carries out.

`yss_conversion` reports to search ads, `yjad_conversion` to display ads; an id is that of the account and the label of
its conversion. `ycl_cookie` keeps a click's id, and stands on every page. Before, search ads' loader conversion.js and
display ads' conv.js read globals, `yahoo_conversion_id` or `yahoo_ydn_conv_io` and others, as soon as they were loaded,
so that several such codes do not disturb each other; that code is read and checked, and not placed: its loader is an
element of its own behind it. `yahoo_ydn_conv_amount` became `.._value` (yahoojp-marketing on GitHub:
ads-display-api-documents).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.patterns import later
from snippetkit.platforms import CallReader, Calls, Dialect, Report, SettingReader, Told, at, reader
from snippetkit.platforms.yahoojp import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from snippetkit.javascript import Script

NAME = "ytag"

_NO_CURRENCY = "Yahoo! JAPAN counts in yen, and its code has no currency"
_SEARCH, _DISPLAY = "yss_conversion", "yjad_conversion"
_YDN = "yahoo_ydn_conv"
_calls = CallReader(
    NAME,
    ("ytag",),
    {
        _SEARCH: Told(
            within="config",
            pixel_id=at(0, "config.yahoo_conversion_id"),
            id_part=at(0, "config.yahoo_conversion_label"),
            event=at(0, "type"),
            about=0,
            value=("yahoo_conversion_value",),
            currency=(),
        ),
        _DISPLAY: Told(
            within="config",
            pixel_id=at(0, "config.yahoo_ydn_conv_io"),
            id_part=at(0, "config.yahoo_ydn_conv_label"),
            event=at(0, "type"),
            about=0,
            value=("yahoo_ydn_conv_value",),
            currency=(),
            order_id=at(0, "config.yahoo_ydn_conv_transaction_id"),
        ),
    },
    "add the value to the config of the ytag call, such as yahoo_conversion_value: '1980'",
    queues=("yjDataLayer",),
    verb=at(0, "type"),
    no_currency=_NO_CURRENCY,
)
_LAYERS = ("yjDataLayer", "window.yjDataLayer")
_MADE = (
    *(f"function ytag() {{ {layer}.push(arguments); }}" for layer in _LAYERS),
    *(f"window.ytag = window.ytag || function () {{ {layer}.push(arguments); }}" for layer in _LAYERS),
)
_before = (
    SettingReader(
        NAME,
        {"pixel_id": ("yahoo_conversion_id",), "value": ("yahoo_conversion_value",)},
        "add yahoo_conversion_value = 1980; before the loader",
        _NO_CURRENCY,
        id_parts=("yahoo_conversion_label",),
    ),
    SettingReader(
        NAME,
        {
            "pixel_id": (f"{_YDN}_io",),
            "value": (f"{_YDN}_value", f"{_YDN}_amount"),
            "order_id": (f"{_YDN}_transaction_id",),
        },
        f"add {_YDN}_value = '1980'; before the loader",
        _NO_CURRENCY,
        id_parts=(f"{_YDN}_label",),
    ),
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: by calls, and by what it sets for the loader of before."""
    yield from _calls(script)
    yield from (report for read in _before for report in read(script))


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"yimg.jp/images/listing/tool/cv", b"b91.yahoo.co.jp/pagead"),
    coexistence=Coexistence.APART,
    functions=("ytag",),
    queues=("yjDataLayer",),
    base_form=later(rb"\byjDataLayer\b[^;]*\bpush\s*\(\s*arguments\s*\)"),
    found_by=("yjDataLayer",),
    is_in_parts=True,
    settings=(
        *(f"yahoo_conversion_{name}" for name in ("id", "label", "value")),
        *(f"{_YDN}_{name}" for name in ("io", "label", "value", "amount", "transaction_id")),
    ),
    calls=Calls(
        reporting=frozenset({_SEARCH, _DISPLAY}),
        on_purpose={"ycl_cookie": "It keeps a click's id, so that a conversion can be told to be its."},
        verb_key="type",
    ),
    loader="ytag.js",
    trusted_names=frozenset({"push"}),
    base_codes=_MADE,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    trims_images=True,
    trims_scripts=True,
    sample_value="0",
    since=2011,
)
