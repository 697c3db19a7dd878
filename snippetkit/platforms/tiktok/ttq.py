"""The ttq dialect (2020 to today): `ttq`, a list with methods that queues their calls until the loader comes.

`ttq.load` names a pixel and loads, `ttq.page` counts that the page was shown, `ttq.track` reports an event to each
pixel that was named, `ttq.instance(id).track` to one (TikTok's answer in tiktok/gtm-template-pixel, issue 16). The id
by which an event is known that a server reports too stands in the third argument of `track`. The names are those of
tiktok/gtm-template-pixel (template.js, 2024-05) and of nuxt/scripts (packages/script/src/runtime/registry, 2026-08).
"""

from __future__ import annotations

from itertools import product

from snippetkit.patterns import later
from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Told, Vain, at
from snippetkit.platforms.tiktok import PLATFORM
from snippetkit.terms import Coexistence

NAME = "ttq"

_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currency: 'USD'"},
    "the second argument of ttq.track",
    "after the event's name in its ttq.track call",
)
_EVENTS = frozenset(
    "AddPaymentInfo AddToCart AddToWishlist ApplicationApproval ClickButton CompletePayment CompleteRegistration "
    "Contact CustomizeProduct Download FindLocation InitiateCheckout Lead PlaceAnOrder Purchase Schedule Search "
    "StartTrial SubmitApplication SubmitForm Subscribe ViewContent".split()
)
_BASE_CODE = """
(function (page, html, name) {{
  page.TiktokAnalyticsObject = name;
  var ttq = page[name] = page[name] || [];
  ttq.methods = ['WORD'];
  ttq.setAndDefer = function (target, method) {{
    target[method] = function () {{
      target.push([method].concat(Array.prototype.slice.call(arguments, 0)));
    }};
  }};
  for (var at = 0; at < ttq.methods.length; at++) ttq.setAndDefer(ttq, ttq.methods[at]);
  ttq.instance = function (id) {{
    for (var one = {queue}, next = 0; next < ttq.methods.length; next++) ttq.setAndDefer(one, ttq.methods[next]);
    return one;
  }};
  ttq.load = function (id, options) {{
    {load}
  }};
  CALLS(ttq);
}})(window, document, 'ttq');
"""
_QUEUES = ("ttq._i[id] || []", "ttq.methods[at]")
"""The second one is a mistake in a copy that many have: `instance` fails with it."""
_REMEMBER = """
ttq._i = ttq._i || {};
ttq._i[id] = [];
ttq._i[id]._u = address;
ttq._t = ttq._t || {};
ttq._t[id] = +new Date;
ttq._o = ttq._o || {};
ttq._o[id] = options || {};
"""
_LOADER = """
LOADER.type = 'text/javascript';
LOADER.async = !0;
LOADER.src = address + '?sdkid=' + id + '&lib=' + name;
"""
_OWN = _LOADER.replace("LOADER", "loader")
_FIRST = "document.getElementsByTagName('script')[0];"
_MAKE = "document.createElement('script');"
_LOADS = (
    f"""var address = 'LOADER';{_REMEMBER}
    var loader = {_MAKE}{_OWN}var first = {_FIRST}first.parentNode.insertBefore(loader, first);""",
    f"""var address = 'LOADER', partner = options && options.partner;{_REMEMBER}
    var loader = {_MAKE}{_OWN}var first = {_FIRST}first.parentNode.insertBefore(loader, first);""",
    f"""var address = 'LOADER', partner = options && options.partner;{_REMEMBER}
    options = {_MAKE}{_LOADER.replace("LOADER", "options")}id = {_FIRST}id.parentNode.insertBefore(options, id);""",
    f"""var address = 'LOADER', partner = options && options.partner;{_REMEMBER}
    var options = {_MAKE}{_LOADER.replace("LOADER", "options")}id = {_FIRST}id.parentNode.insertBefore(options, id);""",
)
"""What the copies of these years do with a pixel: with names of their own, or with those of the arguments."""

_IN_VAIN = "TikTok looks for the event's id in the argument after the properties: {event_id: ..} there"
find_reports = CallReader(
    NAME,
    ("ttq",),
    {
        "load": Told(pixel_id=at(1), verb="init"),
        "track": Told(
            event=at(1),
            about=2,
            order_id=at(2, "order_id"),
            event_id=at(3, "event_id"),
            vain=(Vain(at(2, "event_id"), "event-id-place", _IN_VAIN),),
        ),
        "instance.track": Told(
            pixel_id=at(1),
            event=at(2),
            about=3,
            order_id=at(3, "order_id"),
            event_id=at(4, "event_id"),
            vain=(Vain(at(3, "event_id"), "event-id-place", _IN_VAIN),),
        ),
    },
    _ADDING,
    queues=("ttq",),
    no_function="ttq is a list with methods, not a function, so this call fails; write ttq.track(..)",
)

_CALLS = Calls(
    naming=frozenset({"load"}),
    reporting=frozenset({"track"}),
    single={"instance.track": "track"},
    on_purpose={
        "holdConsent": "It holds events back until the page says that the visitor has agreed.",
        "page": "It counts that the page was shown.",
        "revokeConsent": "It says that the visitor has not agreed, and nothing is sent.",
    },
    grants="grantConsent",
    revokes="holdConsent",
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"i18n/pixel/events.js", b"TiktokAnalyticsObject"),
    coexistence=Coexistence.NEVER,
    functions=("ttq",),
    by_methods=True,
    own_methods=frozenset({"setAndDefer"}),
    calls=_CALLS,
    loader="events.js",
    base_form=later(rb"pixel/events\.js"),
    call="ttq.load(..)",
    base_codes=tuple(_BASE_CODE.format(queue=queue, load=load) for queue, load in product(_QUEUES, _LOADS)),
    image_repeats=False,
    events=Events(_EVENTS, base="Pageview"),
    alone=Lone(NAME, _CALLS, "events.js", others=frozenset({"page"}), by_methods=True).alone,
    since=2020,
)
