"""The criteo dialect (2013 to today): `criteo_q`, a queue of objects, of which one names the account, one is the event.

All that is pushed at once is worked off together, so that the account may stand behind the event; of several the one
that was set last counts (ld.js 5.7.1, a copy of which is in brave/adblock-resources as resources/sugarcoat-ld.js), and
the events of a list that is pushed stand in its place (there, where it asks for `instanceof Array`). An order has
lines, each with the price of one piece and how many there are: the value is their sum. `deduplication` says that Criteo
was credited, and is no id. Fresh code is not written: the lines are the shop's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript import given
from snippetkit.patterns import later
from snippetkit.platforms import CallReader, Calls, Dialect, Lines, NativeTag, Told, at
from snippetkit.platforms.criteo import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

    from snippetkit.javascript import Script

NAME = "criteo"

_NO_VALUE = "Criteo takes no total: the value is the sum of the prices in item: [{id: '..', price: 0.00, quantity: 1}]"
_NO_CURRENCY = "Criteo counts in the account's currency, and takes none from code"
_SHOWN = "It says which part of the shop was shown."
_CUSTOMER = "It passes on what the page knows about its customer."
_PHONES = "/Mobile|iP(hone|od)|Android|BlackBerry|IEMobile|Silk/"
_BASE_CODES = tuple(
    f'/iPad/.test(navigator.userAgent) ? "t" : {phones}.test(navigator.userAgent) ? "m" : "d"'
    for phones in (_PHONES, _PHONES.replace("(hone|od)", "(?:hone|od)"))
)
"""How the vendor's code has told since 2019 what the visitor holds."""


def _listed(script: Script) -> Iterator[Node]:
    """The events of each list that is pushed."""
    lists = (told for _, told in script.pushed(b"criteo_q") if told.type == "array")
    yield from (event for events in lists for event in given(events) if event.type == "object")


find_reports = CallReader(
    NAME,
    (),
    {
        "setAccount": Told(pixel_id=at(0, "account"), verb="init"),
        "trackTransaction": Told(event=at(0, "event"), order_id=at(0, "id"), lines=Lines(at(0, "item"))),
    },
    _NO_VALUE,
    queues=("criteo_q",),
    verb=at(0, "event"),
    is_each_argument=True,
    more=_listed,
    no_currency=_NO_CURRENCY,
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"criteo_q", b"js/ld/ld.js"),
    coexistence=Coexistence.NEVER,
    queues=("criteo_q",),
    base_form=later(rb"\bcriteo_q\s*=(?!=)"),
    is_in_parts=True,
    names_first=True,
    last_named=True,
    calls=Calls(
        naming=frozenset({"setAccount"}),
        reporting=frozenset({"trackTransaction"}),
        id_key="account",
        verb_key="event",
        head_keys=("event",),
        on_purpose={
            **dict.fromkeys(("viewHome", "viewList", "viewItem", "viewBasket", "addToCart"), _SHOWN),
            **dict.fromkeys(
                ("setEmail", "setHashedEmail", "setCustomerId", "setRetailerVisitorId", "setZipcode"), _CUSTOMER
            ),
            "setSiteType": "It says what the visitor holds: a desktop's screen, a phone or a tablet.",
        },
    ),
    loader="ld/ld.js",
    call="{event: 'setAccount', ..}",
    declares=frozenset({"deviceType"}),
    trusted_names=frozenset({"push"}),
    base_codes=_BASE_CODES,
    image_repeats=False,
    since=2013,
    native=(
        NativeTag(
            "crto",
            "Criteo",
            "{accountId}",
            {"order_id": "TransactionID", "value": "TransactionArray"},
            event="trackTransaction",
            only={"tagType": "TRANSACTION_TAG"},
        ),
        NativeTag("crto", "Criteo", "{accountId}"),
    ),
)
