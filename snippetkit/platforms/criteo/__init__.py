"""Criteo's OneTag: an account's number, and an order with the lines of which it consists.

The code is that of Criteo's help pages and of public pages (2026-08): there is no total and no currency in it. The
loader asks for a script of sslwidget.criteo.com (public pages that were stored with what it had made); what stands in
such a request the vendor does not say, so that the stand-in's is ours. That it makes frames and other requests is said
by public policies, which allow all hosts of Criteo's.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FILE = Path(__file__).parent / "ld.js"
_HOST = "sslwidget.criteo.com"
_ANY = ("https://*.criteo.com",)
_MORE = (f"https://{_HOST}",)

PLATFORM = Platform(
    name="criteo",
    title="Criteo",
    ids=Ids(later("[1-9][0-9]{2,7}"), "number", "Criteo shows it, as the account of the OneTag"),
    loaders=(
        Loader("dynamic.criteo.com", r"/js/ld/ld\.js(?:\?a=[0-9]+)?", "ld/ld.js", _FILE, _ANY, _MORE, _ANY),
        Loader("static.criteo.net", r"/js/ld/ld\.js", "ld/ld.js", _FILE, _ANY, _MORE, _ANY),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/event",),
            {"pixel_id": ("a",), "event": ("e",), "value": ("sum",), "order_id": ("id",)},
            "sslwidget.criteo.com/event",
            is_image=False,
        ),
    ),
    image_origin="https://*.criteo.com",
    needs_currency=False,
    base_events=frozenset({"viewHome", "viewList", "viewItem", "viewBasket", "addToCart"}),
)
