"""The pintrk dialect (2016 to today): a global `pintrk` that queues calls until the loader `core.js` carries them out.

`pintrk('load', id)` names a tag, `pintrk('page')` counts that the page was shown, and `pintrk('track', name, ..)`
reports an event to each tag that was named. The names of the events that count are those of help.pinterest.com ("Add
event codes", 2026) in any case, and the newer ones of elbwalker/walkerOS (packages/web/destinations/pinterest,
2026-08); any other one is for audiences only. `setconsent` is that of pages; no page of the vendor's names it.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, NativeTag, Told, at, reader
from snippetkit.platforms.pinterest import PLATFORM
from snippetkit.terms import Coexistence

NAME = "pintrk"

_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's pintrk call",
    "after the event's name in its pintrk call",
)
_EVENTS = frozenset(
    "addpaymentinfo addtocart addtowishlist checkout contact custom customizeproduct findlocation initiatecheckout "
    "lead pagevisit schedule search signup starttrial submitapplication subscribe viewcategory viewcontent "
    "watchvideo".split()
)
_STUB = """
(function (address) {{
  if (!window.pintrk) {{
    window.pintrk = function () {{ window.pintrk.queue.push({arguments}); }};
    {loads}
  }}
}})('LOADER');
"""
_LISTED = "Array.prototype.slice.call(arguments)"
_FIRST = "document.getElementsByTagName('script')[0]"
_LOADS = f"""
var call = window.pintrk;
call.queue = [], call.version = '3.0';
var loader = document.createElement('script');
loader.async = !0, loader.src = address;
var first = {_FIRST};
first.parentNode.insertBefore(loader, first);
"""
_WITH_ONE_NAME = f"""
var call = window.pintrk;
call.queue = [], call.version = '3.0';
call = document.createElement('script');
call.async = !0, call.src = address;
address = {_FIRST};
address.parentNode.insertBefore(call, address);
"""
"""As Google's tag manager minifies it."""
_IN_THE_HEAD = """
(function (address) {
  if (window.pintrk) return;
  var call = window.pintrk = function () { call.queue.push([].slice.call(arguments)); };
  call.queue = [];
  call.version = '3.0';
  var loader = document.createElement('script');
  loader.async = true;
  loader.src = address;
  document.head.appendChild(loader);
})('LOADER');
"""
_AMOUNTS = ("revenue", "revenue_value", "amount", "total", "price", "order_value", "conversion_value")
"""What other platforms and shops call it."""

find_reports = CallReader(
    NAME,
    ("pintrk",),
    {
        "load": Told(pixel_id=at(1), verb="init"),
        "track": Told(
            event=at(1),
            about=2,
            order_id=at(2, "order_id"),
            event_id=at(2, "event_id", "eventID", "eid"),
            misnamed=_AMOUNTS,
        ),
    },
    _ADDING,
)
_BASE_TAG = NativeTag("pntr", "Pinterest", "{tagId}", only={"eventName": ""})
_EVENT_TAG = NativeTag(
    "pntr",
    "Pinterest",
    "{tagId}",
    {"event": "eventName", "value": "value", "currency": "currency", "order_id": "order_id"},
    more={"setCustomParams": True},
    needs=_BASE_TAG,
    is_whole=True,
)
"""The parameters are those of public containers."""

_CALLS = Calls(
    naming=frozenset({"load"}),
    reporting=frozenset({"track"}),
    on_purpose={
        "page": "It counts that the page was shown.",
        "setconsent:false": "It says that the visitor has not agreed, and nothing is sent.",
    },
    grants="setconsent:true",
    revokes="setconsent:false",
)
_LONE = Lone("pintrk", _CALLS, "ct/core.js", others=frozenset({"page"}))

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"pinimg.com/ct/core.js", b"ct.pinterest.com/v3"),
    coexistence=Coexistence.NEVER,
    functions=("pintrk",),
    calls=_CALLS,
    loader="ct/core.js",
    call="pintrk('load', ..)",
    base_codes=(*(_STUB.format(arguments=_LISTED, loads=loads) for loads in (_LOADS, _WITH_ONE_NAME)), _IN_THE_HEAD),
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    events=Events(_EVENTS, any_case=True, is_closed=True),
    alone=_LONE.alone,
    since=2016,
    native=(_BASE_TAG, _EVENT_TAG),
)
