"""The cj dialect (2018 to today): `cj.order`, which the account's own loader reads when it has loaded.

An id is put together: that of the enterprise, and that of the action. There is no template: an order has to tell what a
cookie of CJ's says (`cjeventOrder`), and the loader's URL has a number that no id tells. A list of orders (`cj.orders`)
is not read.
"""

from __future__ import annotations

from snippetkit.platforms import Dialect, SettingReader, reader
from snippetkit.platforms.cj import PLATFORM
from snippetkit.terms import Coexistence

NAME = "cj"

_ORDER = "cj.order"
_TOLD = (
    "enterpriseId actionTrackerId orderId amount currency discount coupon cjeventOrder pageType customerStatus items "
    "itemId unitPrice quantity"
).split()
_LOADER = """
(function (address, html, kind, loader) {
  address = 'LOADER';
  html = document;
  kind = 'script';
  loader = html.createElement(kind);
  loader.src = address;
  loader.type = 'text/java' + kind;
  loader.async = true;
  loader.id = 'cjapitag';
  address = html.getElementsByTagName(kind)[0];
  address.parentNode.insertBefore(loader, address)
})();
"""
_IN_THE_HEAD = """
(function () {
  var loader = document.createElement('script');
  loader.async = true;
  loader.id = 'cjapitag';
  loader.src = 'LOADER';
  document.head.appendChild(loader);
})();
"""

DIALECT = Dialect(
    NAME,
    PLATFORM,
    SettingReader(
        NAME,
        {
            "pixel_id": (f"{_ORDER}.enterpriseId",),
            "value": (f"{_ORDER}.amount",),
            "currency": (f"{_ORDER}.currency",),
            "order_id": (f"{_ORDER}.orderId",),
        },
        f"add amount: 0.00 to {_ORDER}",
        f"add currency: 'USD' to {_ORDER}",
        id_parts=(f"{_ORDER}.actionTrackerId",),
        lines=f"{_ORDER}.items",
        event="order",
    ),
    needles=(b"mczbf.com/tags", b"emjcd.com/u"),
    coexistence=Coexistence.ALONE,
    named_as=(_ORDER,),
    settings=(_ORDER, *(f"{_ORDER}.{name}" for name in _TOLD)),
    loader="cj/tag.js",
    base_codes=(_LOADER, _IN_THE_HEAD),
    read_image=reader(PLATFORM, NAME),
    has_events=False,
    since=2010,
)
