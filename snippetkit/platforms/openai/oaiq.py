"""The oaiq dialect (2026): `oaiq`, a function that queues its calls until the loader oaiq.min.js carries them out.

`oaiq('init', {pixelId})` names a pixel, `oaiq('measure', event, data, options)` reports to each that was named by then,
`oaiq('measureSingle', pixelId, event, data, options)` to one. The data's `amount` is in minor units. The name of the
user's own event, which is `custom`, and the id by which a server's is known stand in the options.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Events, Lone, Told, Vain, at
from snippetkit.platforms.openai import PLATFORM
from snippetkit.terms import Coexistence

NAME = "oaiq"

_ADDING = Adding(
    {"value": "amount: 0", "currency": "currency: 'USD'"},
    "the third argument of oaiq",
    "after the event's name in its oaiq call; the amount is in minor units, 1999 for 19.99",
)
_EVENTS = frozenset(
    "appointment_scheduled checkout_started contents_viewed items_added lead_created order_created page_viewed "
    "registration_completed subscription_created trial_started".split()
)
_IN_VAIN = "OpenAI looks for the event's id in the argument after the event's data: {event_id: ..} there"


def _told(first: int) -> Told:
    """Where a call tells what, whose event stands in this argument."""
    return Told(
        pixel_id=at(1) if first > 1 else None,
        event=at(first),
        own_event=at(first + 2, "custom_event_name"),
        about=first + 1,
        value=("amount",),
        misnamed=("price", "revenue", "total", "value"),
        event_id=at(first + 2, "event_id"),
        vain=(Vain(at(first + 1, "event_id"), "event-id-place", _IN_VAIN),),
    )


_CALLS = Calls(
    naming=frozenset({"init"}),
    reporting=frozenset({"measure"}),
    single={"measureSingle": "measure"},
    on_purpose={"consent:false": "It says that the visitor has not agreed, and nothing is reported."},
    id_key="pixelId",
    grants="consent:true",
    revokes="consent:false",
)
_LONE = Lone(NAME, _CALLS, "oaiq.min.js")

DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        ("oaiq",),
        {"init": Told(pixel_id=at(1, "pixelId"), verb="init"), "measure": _told(1), "measureSingle": _told(2)},
        _ADDING,
    ),
    needles=(b"oaiq.min.js",),
    coexistence=Coexistence.NEVER,
    functions=("oaiq",),
    calls=_CALLS,
    loader="oaiq.min.js",
    call="oaiq('init', ..)",
    trusted_names=frozenset({"q", "push"}),
    image_repeats=False,
    events=Events(_EVENTS, verb="measure", custom_verb="measure"),
    single=_LONE.for_one_pixel,
    alone=_LONE.alone,
    since=2026,
)
