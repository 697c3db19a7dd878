"""The snaptr dialect (2017 to today): `snaptr`, which queues its calls until the loader `scevent.min.js` comes.

`init` names a pixel, `track` reports an event. The amount is told as `price`, the order as `transaction_id`; the id by
which an event is known that a server reports too is `client_dedup_id` (nuxt/scripts and c15t/c15t, both 2026-08), and
`client_deduplication_id` in rudderlabs/rudder-sdk-js. The names are those of nuxt/scripts and c15t/c15t.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Told, at
from snippetkit.platforms.snap import PLATFORM
from snippetkit.terms import Coexistence

NAME = "snaptr"

_ADDING = Adding(
    {"value": "price: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's snaptr call",
    "after the event's name in its snaptr call",
)
_EVENTS = frozenset(
    "ACHIEVEMENT_UNLOCKED ADD_BILLING ADD_CART ADD_TO_WISHLIST AD_CLICK AD_VIEW APP_OPEN COMPLETE_TUTORIAL INVITE "
    "LEVEL_COMPLETE LIST_VIEW LOGIN PAGE_VIEW PURCHASE RATE RESERVE SAVE SEARCH SHARE SIGN_UP SPENT_CREDITS "
    "START_CHECKOUT START_TRIAL SUBSCRIBE VIEW_CONTENT".split()
)
_OWN = frozenset(f"custom_event_{number}" for number in range(1, 6))
_BASE_CODE = """
(function (page, html, address) {
  if (page.snaptr) return;
  var stub = page.snaptr = function () {
    stub.handleRequest ? stub.handleRequest.apply(stub, arguments) : stub.queue.push(arguments);
  };
  stub.queue = [];
  var kind = 'script';
  r = html.createElement(kind);
  r.async = !0;
  r.src = address;
  var first = html.getElementsByTagName(kind)[0];
  first.parentNode.insertBefore(r, first);
})(window, document, 'LOADER');
"""
"""The code as Snap gives it, in which `r` is declared nowhere."""

find_reports = CallReader(
    NAME,
    ("snaptr",),
    {
        "init": Told(pixel_id=at(1), verb="init"),
        "track": Told(
            event=at(1),
            about=2,
            value=("price",),
            order_id=at(2, "transaction_id"),
            event_id=at(2, "client_dedup_id", "client_deduplication_id"),
            misnamed=("value", "revenue", "amount", "total", "conversion_value"),
        ),
    },
    _ADDING,
)

_CALLS = Calls(naming=frozenset({"init"}), reporting=frozenset({"track"}))

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"sc-static.net/scevent",),
    coexistence=Coexistence.NEVER,
    functions=("snaptr",),
    calls=_CALLS,
    loader="scevent.min.js",
    takes_over="handleRequest",
    call="snaptr('init', ..)",
    trusted_names=frozenset({"_snaptr", "apply", "handleRequest", "loaded", "push", "queue", "version"}),
    base_codes=(_BASE_CODE,),
    image_repeats=False,
    events=Events(_EVENTS | _OWN, base="PAGE_VIEW", tracks_base=True),
    alone=Lone(NAME, _CALLS, "scevent.min.js").alone,
    since=2017,
)
