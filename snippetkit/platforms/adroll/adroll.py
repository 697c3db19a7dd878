"""The adroll dialect (2012 to today): globals that the loader roundtrip.js reads when it has loaded.

Without a value it only counts that the page was shown, to somebody who may be shown an ad later. Where the script has
the newer `adroll` too, they then only name the pixel of its events (`adroll2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from snippetkit.platforms import Dialect, NativeTag, Report, SettingReader
from snippetkit.platforms.adroll import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from snippetkit.javascript import Script

NAME = "adroll"

_IN_DOLLARS = "adroll_conversion_value_in_dollars"
_TOLD = ("adroll_adv_id", "adroll_pix_id", "adroll_conversion_value", _IN_DOLLARS, "adroll_currency")
_BASE_CODE = """
(function () {{
  var before = window.onload;
  window.onload = function () {{
    {loaded} = true;
    var loader = document.createElement('script');
    var host = {host};
    loader.setAttribute('async', 'true');
    loader.type = 'text/javascript';
    loader.src = host + '/j/roundtrip.js';
    ((document.getElementsByTagName('head') || [null])[0] ||
      document.getElementsByTagName('script')[0].parentNode).appendChild(loader);
    if (before) {{ before() }}
  }};
}}());
"""
_HOSTS = (
    "(('https:' == document.location.protocol) ? 'https://s.adroll.com' : 'http://a.adroll.com')",
    "'https://s.adroll.com'",
)

_settings = SettingReader(
    NAME,
    {
        "pixel_id": ("adroll_adv_id",),
        "value": ("adroll_conversion_value", _IN_DOLLARS),
        "currency": ("adroll_currency",),
        "order_id": ("adroll_custom_data.ORDER_ID",),
    },
    "add adroll_conversion_value = 0.00; before the loader",
    "add adroll_currency = 'USD'; before the loader",
    id_parts=("adroll_pix_id",),
    currencies={_IN_DOLLARS: "USD"},
    needs_value=True,
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports; without a value, nothing where it has the newer calls."""
    is_newer = any(True for _ in script.references(b"adroll"))
    yield from (report for report in _settings(script) if report.value or not is_newer)


DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"adroll_adv_id", b"roundtrip.js"),
    coexistence=Coexistence.ALONE,
    settings=(*_TOLD, "adroll_custom_data", "adroll_custom_data.ORDER_ID"),
    loader="roundtrip.js",
    trusted_names=frozenset({"__adroll_loaded"}),
    base_codes=tuple(
        _BASE_CODE.format(loaded=loaded, host=host)
        for loaded, host in product(("__adroll_loaded", "window.__adroll_loaded"), _HOSTS)
    ),
    has_events=False,
    image_repeats=False,
    since=2012,
    native=(NativeTag("asp", "AdRoll", "{customerId}/{pixelId}", {"currency": "conversionValueCurrency"}, event=""),),
)
