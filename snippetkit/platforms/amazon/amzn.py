"""The amzn dialect (2020 to today): `amzn`, a function that queues its calls, and when, until the loader amzn.js comes.

`amzn('addTag', id)` names a tag, `amzn('trackEvent', name, attributes)` reports to each. A value is money where the
event is `Off-AmazonPurchases`; of another one it is a score, unless it has a currency, as events of the user's own
have. The region of the account is told by `setRegion`; a template cannot know it, so fresh code has none. `setTag`, and
`aat` in the place of `amzn`, stand on single pages: what they do is not known, and they are not read.
"""

from __future__ import annotations

from itertools import product

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Told, at
from snippetkit.platforms.amazon import PLATFORM
from snippetkit.terms import Coexistence

NAME = "amzn"

_PURCHASE = "Off-AmazonPurchases"
_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currencyCode: 'USD'"},
    "the last argument of the event's amzn call",
    "after the event's name in its amzn call",
)
_EVENTS = frozenset(
    f"AddToShoppingCart Application Checkout Contact Lead {_PURCHASE} Other PageView Search Signup Subscribe".split()
)
_BASE_CODE = """
(function (page, html, loader, first, stub) {{
  if (page.amzn) return;
  {stub}.q.push([arguments, {now}]); }};
  stub.q = [];
  stub.version = '0.0';
  loader = html.createElement('script');
  loader.src = 'LOADER';
  loader.id = 'amzn-pixel';
  loader.async = {on};
  first = html.getElementsByTagName('script')[0];
  first.parentNode.insertBefore(loader, first);
}})(window, document);
"""
_SHORT = """
(function (page, html) {{
  if (page.amzn) return;
  var {stub}.q.push([arguments, {now}]); }};
  stub.q = [];
  stub.version = '0.0';
  var loader = html.createElement('script');
  loader.async = {on};
  loader.id = 'amzn-pixel';
  loader.src = 'LOADER';
  html.head.appendChild(loader);
}})(window, document);
"""
_OF_PAGE = "page.amzn = stub = function () {{ page.amzn"
_STUBS = (_OF_PAGE.format(), "stub = page.amzn = function () { stub")
_NOW = ("(new Date).getTime()", "new Date().getTime()", "Date.now()")
_ON = ("true", "1")
_CALLS = Calls(
    naming=frozenset({"addTag"}),
    reporting=frozenset({"trackEvent"}),
    on_purpose=dict.fromkeys(("setRegion:EU", "setRegion:FE", "setRegion:NA"), "It says where the account is."),
    unwritten=frozenset({"addtcfv2", "setRegion", "setUserData"}),
)
_LONE = Lone(NAME, _CALLS, "amzn.js")

DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        ("amzn",),
        {
            "addTag": Told(pixel_id=at(1), verb="init"),
            "trackEvent": Told(
                event=at(1),
                about=2,
                currency=("currencyCode",),
                event_id=at(2, "clientDedupeId"),
                with_money=frozenset({_PURCHASE}),
            ),
        },
        _ADDING,
    ),
    needles=(b"aat/amzn.js",),
    coexistence=Coexistence.NEVER,
    functions=("amzn",),
    calls=_CALLS,
    loader="amzn.js",
    call="amzn('addTag', ..)",
    base_codes=(
        *(_BASE_CODE.format(stub=stub, now=now, on=on) for stub, now, on in product(_STUBS, _NOW, _ON)),
        *(_SHORT.format(stub=_STUBS[1], now=now, on=on) for now, on in product(_NOW, _ON)),
    ),
    image_repeats=False,
    events=Events(_EVENTS, verb="trackEvent", custom_verb="trackEvent", longest=256),
    alone=_LONE.alone,
    since=2020,
)
