"""The ire dialect (2017 to today): `ire`, a function that queues its calls until the account's loader comes.

`ire('identify', ..)` tells who the visitor is, `ire('trackConversion', id, order)` reports an order, whose lines tell
the sum of their pieces each, so that the quantity does not multiply it; its discount is subtracted. Fresh code is not
written: the lines are the shop's own, and no id tells the loader's URL.
"""

from __future__ import annotations

from snippetkit.patterns import later
from snippetkit.platforms import CallReader, Calls, Dialect, Lines, Told, at
from snippetkit.platforms.impact import CONVERSION, LOADER, PLATFORM
from snippetkit.terms import Coexistence

NAME = "ire"

_ORDER = 2
_NO_VALUE = (
    "impact.com takes no total: the value is the sum of the lines, items: [{subTotal: 0.00, sku: '..', quantity: 1}]"
)
_ADD_CURRENCY = f"add currencyCode: 'USD' to the object after the id in its ire('{CONVERSION}', ..) call"
_BASE_CODE = """
(function (address, kind, name, html, page, loader, first) {{
  page{own} = name;
  page[name] = page[name] || function () {{ (page[name].a = page[name].a || []).push(arguments); }};
  loader = html.createElement(kind);
  first = html.getElementsByTagName(kind)[0];
  loader.async = {on};
  loader.src = address;
  first.parentNode.insertBefore(loader, first);
}})('LOADER', 'script', 'NAME', document, window);
"""
_CALLS = Calls(
    reporting=frozenset({CONVERSION}),
    on_purpose={"identify": "It passes on what the page knows about its customer."},
    value_key="subTotal",
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    CallReader(
        NAME,
        ("ire",),
        {
            CONVERSION: Told(
                pixel_id=at(1),
                event=at(0),
                about=_ORDER,
                value=("subTotal",),
                currency=("currencyCode",),
                lines=Lines(at(_ORDER, "items"), "subTotal", "", less=at(_ORDER, "orderDiscount")),
                order_id=at(_ORDER, "orderId"),
                misnamed=("amount", "revenue", "total", "value"),
            )
        },
        _NO_VALUE,
        no_currency=_ADD_CURRENCY,
    ),
    needles=(b"utt.impactcdn.com/A", b"d.impactradius-event.com/A"),
    coexistence=Coexistence.NEVER,
    functions=("ire",),
    base_form=later(rb"\bire_o\b"),
    calls=_CALLS,
    loader=LOADER,
    call=f"ire('{CONVERSION}', ..)",
    base_codes=tuple(
        _BASE_CODE.format(own=own, on=on) for own in ("['ire_o']", ".ire_o") for on in ("1", "true", "!0")
    ),
    has_events=False,
    names_accounts=True,
    needs_base=True,
    is_in_parts=True,
    image_repeats=False,
    since=2017,
)
