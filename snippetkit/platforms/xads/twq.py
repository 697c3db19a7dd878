"""The twq dialect (2016 to today): `twq`, which queues its calls until the loader `uwt.js` comes.

`config` names a pixel and counts that the page was shown, `event` reports an event by its id, which begins with its
pixel's: `tw-<pixel>-<event>`. A name there counts nothing (business.x.com, "Conversion tracking for websites"). An
order is told as `conversion_id`, by which it is known, too, that a server reports the same event; members of the
sample code are null. Before there were ids it was `init` that named the pixel, and `track` that reported an event by a
name, as a type of tag managers' tags still has it.
"""

from __future__ import annotations

from snippetkit.patterns import later
from snippetkit.platforms import (
    Adding,
    CallReader,
    Calls,
    Dialect,
    EventIds,
    Events,
    ListParameter,
    Lone,
    NativeTag,
    Told,
    at,
)
from snippetkit.platforms.xads import PLATFORM
from snippetkit.terms import Coexistence

NAME = "twq"

_ADDING = Adding(
    {"value": "value: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's twq call",
    "after the event's id in its twq call",
)
_FORM = later("tw-([a-z0-9]{5})-[a-z0-9]{5}")
_SHOWN = "X's Events Manager shows it, such as tw-abc12-def34"
_IDS = EventIds(_FORM, f"is not an event id, so nothing is counted; {_SHOWN}")
_AMOUNTS = ("price", "revenue", "amount", "total", "conversion_value")
"""What other platforms and shops call it."""

find_reports = CallReader(
    NAME,
    ("twq",),
    {
        "config": Told(pixel_id=at(1), verb="init"),
        "init": Told(pixel_id=at(1), verb="init"),
        "event": Told(
            event=at(1),
            event_ids=_IDS,
            about=2,
            order_id=at(2, "conversion_id"),
            event_id=at(2, "conversion_id"),
            misnamed=_AMOUNTS,
            skips_null=True,
        ),
        "track": Told(event=at(1), about=2),
    },
    _ADDING,
)

_CALLS = Calls(naming=frozenset({"config", "init"}), reporting=frozenset({"event", "track"}))

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"ads-twitter.com/uwt.js",),
    coexistence=Coexistence.NEVER,
    functions=("twq",),
    calls=_CALLS,
    loader="uwt.js",
    takes_over="exe",
    needs_base=True,
    call="twq('config', ..)",
    trusted_names=frozenset({"apply", "exe", "push", "queue", "version"}),
    image_repeats=False,
    events=Events(frozenset(), base="PageView", verb="event", custom_verb="event", form=_FORM, hint=_SHOWN),
    alone=Lone(NAME, _CALLS, "uwt.js", own=frozenset({"event"})).alone,
    since=2016,
    native=(
        NativeTag(
            "twitter_website_tag",
            "Twitter",
            "{twitter_pixel_id}",
            {"event": "event_type"},
            ListParameter(
                "event_parameters",
                "param_table_key_column",
                "param_table_value_column",
                {"value": "value", "currency": "currency", "order_id": "order_id"},
            ),
        ),
    ),
)
