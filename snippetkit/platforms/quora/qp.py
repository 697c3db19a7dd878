"""The qp dialect (2017 to today): `qp`, which queues its calls until the loader `qevents.js` comes.

`init` names a pixel, `track` reports an event. The names are those of Quora's own list ("How Quora counts conversions")
and of code on pages, which also tells a `value`; no currency is read.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, NativeTag, Told, at, reader
from snippetkit.platforms.quora import PLATFORM
from snippetkit.terms import Coexistence

NAME = "qp"

_ADDING = Adding(
    {"value": "value: 0.00"}, "the last argument of the event's qp call", "after the event's name in its qp call"
)
_EVENTS = frozenset(
    "AddPaymentInfo AddToCart AddToWishlist CompleteRegistration GenerateLead Generic InitiateCheckout Lead Purchase "
    "Search ViewContent".split()
)
_AMOUNTS = ("price", "revenue", "amount", "total", "conversion_value")
"""What other platforms and shops call it."""

_CALLS = Calls(naming=frozenset({"init"}), reporting=frozenset({"track"}))

DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        ("qp",),
        {
            "init": Told(pixel_id=at(1), verb="init"),
            "track": Told(event=at(1), about=2, currency=(), misnamed=_AMOUNTS),
        },
        _ADDING,
        no_currency="Quora's code has no currency",
    ),
    needles=(b"a.quora.com/qevents.js", b"q.quora.com/_/ad/"),
    coexistence=Coexistence.NEVER,
    functions=("qp",),
    calls=_CALLS,
    loader="qevents.js",
    takes_over="qp",
    call="qp('init', ..)",
    trusted_names=frozenset({"apply", "push", "queue"}),
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    events=Events(_EVENTS, base="ViewContent", tracks_base=True),
    alone=Lone(NAME, _CALLS, "qevents.js").alone,
    since=2017,
    native=(NativeTag("qpx", "Quora", "{pixel_id}", {"event": "pixel_event"}, event="ViewContent"),),
)
