"""The tfa dialect (2017 to today): `_tfa`, a queue of objects, each of which names its account and its event.

An event's name is the account's own, and its case counts. The amount is told as `revenue`, the order as `orderid` in
one word: what is told as `value` or `order_id` is lost.
"""

from __future__ import annotations

from snippetkit.platforms import Adding, CallReader, Calls, Dialect, Told, at, reader
from snippetkit.platforms.taboola import PLATFORM
from snippetkit.terms import Coexistence

NAME = "tfa"

_ADDING = Adding(
    {"value": "revenue: 0.00", "currency": "currency: 'USD'"},
    "an object that is pushed onto _tfa",
    "pushed onto _tfa",
)
_BASE_CODES = tuple(
    f"""
(function (loader, first, address, id) {{
  if (!document.getElementById(id)) {{
    {set_}
    loader.src = address;
    loader.id = id;
    first.parentNode.insertBefore(loader, first);
  }}
}})(document.createElement('script'), document.getElementsByTagName('script')[0], 'LOADER', 'tb_tfa_script');
"""
    for set_ in ("loader.async = 1;", "loader.async = true;", "")
)

find_reports = CallReader(
    NAME,
    (),
    {
        "event": Told(
            pixel_id=at(0, "id"),
            event=at(0, "name"),
            about=0,
            value=("revenue",),
            order_id=at(0, "orderid"),
            misnamed=("value", "price", "amount", "total", "orderValue"),
        )
    },
    _ADDING,
    queues=("_tfa",),
    verb=at(0, "notify"),
    is_each_argument=True,
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"/libtrc/unip/", b"trc.taboola.com/", b"tb_tfa_script"),
    coexistence=Coexistence.APART,
    queues=("_tfa",),
    calls=Calls(naming=frozenset({"event"}), id_key="id", verb_key="notify", head_keys=("name",), value_key="revenue"),
    loader="tfa.js",
    needs_base=True,
    trusted_names=frozenset({"push"}),
    base_codes=_BASE_CODES,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    since=2017,
)
