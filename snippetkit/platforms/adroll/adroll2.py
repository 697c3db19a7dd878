"""The adroll2 dialect (2019 to today): `adroll`, a list with methods that queues their calls until roundtrip.js comes.

The base code has the pixel in the globals of the older one, and `adroll_version = "2.0"`; `adroll.track` reports an
event. That AdRoll takes its amount as `conversion_value` or `conv_value`, its currency as `currency` or
`adroll_currency`, and that what `setProperties` says is put to each event, is what AdRoll's own loader does
(`get_conversion_value` and `track` in its roundtrip.js, copies of 2020 and 2023 in public pages' archives); so is
`order_id`, which its code for shops tells. The names are those of that loader and of AdRoll's list for servers
(apidocs.nextroll.com/server-to-server-api/events.html, 2026); others may be told. An event of products, such as
`purchase`, was sent by the loader of 2020 only with `products`, each with a `product_id`: no such code is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.patterns import later
from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Report, SettingReader, Told, at
from snippetkit.platforms.adroll import PLATFORM
from snippetkit.records import replace
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from snippetkit.javascript import Script

NAME = "adroll2"

_ADDING = Adding(
    {"value": "conversion_value: 0.00", "currency": "currency: 'USD'"},
    "the second argument of adroll.track",
    "after the event's name in its adroll.track call",
)
_EVENTS = frozenset(
    "addToCart cartView checkoutStart contactSales demoRequest formFill gatedContent highValuePage homeView liveChat "
    "productListView productSearch productView purchase search signupPlan signupTrial".split()
)
_BASE_CODE = """
(function (page, html, made, first, at) {
  page.__adroll_loaded = true;
  page.adroll = page.adroll || [];
  page.adroll.f = ['WORD'];
  var address = 'https://s.adroll.com/j/' + adroll_adv_id + '/roundtrip.js';
  for (at = 0; at < page.adroll.f.length; at++) {
    page.adroll[page.adroll.f[at]] = page.adroll[page.adroll.f[at]] || (function (name) {
      return function () {
        page.adroll.push([name, arguments]);
      };
    })(page.adroll.f[at]);
  }
  made = html.createElement('script');
  first = html.getElementsByTagName('script')[0];
  made.async = 1;
  made.src = address;
  first.parentNode.insertBefore(made, first);
})(window, document);
"""
_calls = CallReader(
    NAME,
    ("adroll",),
    {
        "track": Told(
            event=at(1),
            about=2,
            value=("conversion_value", "conv_value"),
            currency=("currency", "adroll_currency"),
            order_id=at(2, "order_id", "ORDER_ID"),
            misnamed=("value", "revenue", "total", "amount", "price"),
        )
    },
    _ADDING,
    no_function="adroll is a list with methods, not a function, so this call fails; write adroll.track(..)",
)
_named = SettingReader(
    NAME, {"pixel_id": ("adroll_adv_id",), "value": ()}, _ADDING.whole, _ADDING.whole, id_parts=("adroll_pix_id",)
)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: the pixel, where it makes `adroll` too, and each event."""
    if any(True for _ in script.references(b"adroll")):
        yield from (replace(one, verb="init") for one in _named(script))
        yield from _calls(script)


_CALLS = Calls(
    reporting=frozenset({"track"}),
    on_purpose={
        "get_cookie": "It tells the page the visitor's id at AdRoll.",
        "identify": "It says who the visitor is.",
        "identify_email": "It says who the visitor is.",
        "setProperties": "It says more about each event.",
    },
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"adroll.track", b"adroll_version"),
    coexistence=Coexistence.NEVER,
    functions=("adroll",),
    by_methods=True,
    own_methods=frozenset({"push"}),
    named_as=("adroll.track", "adroll_version"),
    settings=("adroll_adv_id", "adroll_pix_id", "adroll_version"),
    calls=_CALLS,
    loader="roundtrip.js",
    base_form=later(rb"\badroll\s*=\s*[\w$.]*\badroll\s*\|\|"),
    call="adroll_adv_id = ..",
    trusted_names=frozenset({"__adroll_loaded", "f"}),
    base_codes=(_BASE_CODE,),
    image_repeats=False,
    events=Events(_EVENTS, base="pageView", tracks_base=True),
    alone=Lone("adroll", _CALLS, "roundtrip.js", by_methods=True).alone,
    since=2019,
)
