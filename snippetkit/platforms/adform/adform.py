"""The adform dialect (2013 to today): `_adftrack`, a list of objects, or one object, that the loader carries out.

A tracking point's name is the account's own, mostly passed through `encodeURIComponent`; older code tells its number.
The amount is the order's `sales`. Fresh code is not written: an order's lines and the account's own fields (`sv1` and
others) are told nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snippetkit.javascript import Script, right_side, unwrapped
from snippetkit.patterns import later
from snippetkit.platforms import OBJECT, CallReader, Calls, Dialect, Told, at, reader
from snippetkit.platforms.adform import PLATFORM
from snippetkit.terms import Coexistence

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = "adform"

_LIST = "_adftrack"
_ENCODE = frozenset({"encodeURIComponent"})
_MADE = (
    "window._adftrack = Array.isArray(window._adftrack) ? window._adftrack"
    " : (window._adftrack ? [window._adftrack] : []);",
    "window._adftrack = Array.isArray(window._adftrack) ? window._adftrack"
    " : window._adftrack ? [window._adftrack] : [];",
)


def _set(script: Script) -> Iterator[Node]:
    """The object that the global is set to, in the place of a list."""
    for use in script.references(_LIST.encode()):
        value = right_side(script.tree.parent(use), use)
        told = unwrapped(value) if value else None
        if told is not None and told.type == "object":
            yield told


DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        (),
        {
            OBJECT: Told(
                pixel_id=at(0, "pm"),
                event=at(0, "pagename", "id"),
                passed_through=_ENCODE,
                about=0,
                within="order",
                value=("sales",),
                order_id=at(0, "order.orderid"),
                misnamed=("value", "revenue", "price", "amount", "total"),
                again="order.itms",
            )
        },
        "add the value to the order of what is pushed onto _adftrack, such as order: {sales: '19.99'}",
        queues=(_LIST,),
        is_each_argument=True,
        objects=frozenset({"pm"}),
        more=_set,
    ),
    needles=(b"_adftrack", b"adform.net/Serving/TrackPoint"),
    coexistence=Coexistence.APART,
    queues=(_LIST,),
    calls=Calls(reporting=frozenset({OBJECT}), objects=frozenset({"pm"})),
    loader="trackpoint-async.js",
    needs_base=True,
    base_form=later(rb"trackpoint[-/]async"),
    call="_adftrack.push({pm: ..})",
    encoders=_ENCODE,
    trusted_names=frozenset({"push"}) | _ENCODE,
    base_codes=_MADE,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    since=2013,
)
