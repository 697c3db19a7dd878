"""The paq dialect (2011 to today): `_paq`, a queue of lists, each a method of Matomo's tracker and its arguments.

`setSiteId` names the site, `addTracker` one more; `trackGoal` reports a goal to each of them, `trackEcommerceOrder` an
order. What names them may stand behind what is reported, as it does in Matomo's own code: the tracker looks for that
first (`applyFirst` in public copies of matomo.js). Without `setTrackerUrl` nothing says where all of it goes.
"""

from __future__ import annotations

from itertools import product

from snippetkit.platforms import CallReader, Calls, Dialect, Told, at, reader
from snippetkit.platforms.matomo import GOAL, ORDER, PAGE_VIEW, PLATFORM
from snippetkit.terms import Coexistence

NAME = "paq"

_AMOUNT = 2
_ADD_VALUE = (
    "write it after the goal's id, ['trackGoal', 1, 0.00], "
    "or the order's, ['trackEcommerceOrder', 'A-1', 0.00], and only there"
)
_NO_CURRENCY = "Matomo counts in the currency of its site, and takes none from code"
_NO_TOTAL = "an order without a total is not sent: write it after the order's id, ['trackEcommerceOrder', 'A-1', 0.00]"
_BASE_CODE = """
(function () {{
  var own = 'OWN';
  _paq.push(['setTrackerUrl', own + '{tracker}.php']);
  _paq.push(['setSiteId', '{site}']);
  {make}
  {set}
  loader.src = {source};
  {put}
}})();
"""
_MAKES = (
    ("var page = document, loader = page.createElement('script'), first = page.getElementsByTagName('script')[0];", 0),
    ("var loader = document.createElement('script'), first = document.getElementsByTagName('script')[0];", 0),
    ("var loader = document.createElement('script');", 1),
)
_PUTS = ("first.parentNode.insertBefore(loader, first);", "document.head.appendChild(loader);")
_TYPE, _ASYNC, _DEFER = "loader.type = 'text/javascript';", "loader.async = true;", "loader.defer = true;"
_SETS = (_ASYNC, _ASYNC + _DEFER, _DEFER + _ASYNC)
_SOURCES = (("matomo", "own + 'matomo.js'"), ("matomo", "'LOADER'"), ("piwik", "own + 'piwik.js'"))
_BASE_CODES = tuple(
    _BASE_CODE.format(tracker=tracker, site=site, make=make, set=kind + set_, source=source, put=_PUTS[put])
    for (tracker, source), site, (make, put), kind, set_ in product(
        _SOURCES, ("ID", "NUMBER"), _MAKES, ("", _TYPE), _SETS
    )
)
"""What Matomo's own code was in these years, on a host of one's own and in its cloud."""

_SHOWN = "It counts that the page was shown."
_SAYS = "It says more about what is counted."
_LESS = "It makes the platform keep less about the visitor."

find_reports = CallReader(
    NAME,
    (),
    {
        "setSiteId": Told(pixel_id=at(1), verb="init"),
        "addTracker": Told(pixel_id=at(2), verb="init"),
        GOAL: Told(pixel_id=at(1), event=at(0), amount=at(_AMOUNT)),
        ORDER: Told(event=at(0), order_id=at(1), amount=at(_AMOUNT), needs_value=_NO_TOTAL),
    },
    _ADD_VALUE,
    queues=("_paq",),
    no_currency=_NO_CURRENCY,
)

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"_paq", b"matomo.php", b"piwik.php"),
    coexistence=Coexistence.NEVER,
    names_first=True,
    joins_ids=True,
    queues=("_paq",),
    calls=Calls(
        naming=frozenset({"setSiteId"}),
        reporting=frozenset({GOAL, ORDER}),
        on_purpose={
            PAGE_VIEW: _SHOWN,
            f"{PAGE_VIEW}:*": _SHOWN,
            "enableLinkTracking": "It counts which links are followed.",
            "enableHeartBeatTimer": "It counts how long the page was shown.",
            "addTracker:*": "It names one more site, which is reported as such.",
            "addEcommerceItem:*": "It says what is in the order.",
            "setEcommerceView:*": _SAYS,
            "setDocumentTitle:*": _SAYS,
            "setCustomDimension:*": _SAYS,
            "setCustomUrl:*": _SAYS,
            "setReferrerUrl:*": _SAYS,
            "setCookieDomain:*": "It says on which of the site's hosts a visitor is the same one.",
            "setDomains:*": "It says which hosts are the site's.",
            "setDoNotTrack": _LESS,
            "disableCookies": _LESS,
            "requireCookieConsent": _LESS,
            "requireConsent": "It holds events back until the page says that the visitor has agreed.",
        },
        grants="setConsentGiven",
        revokes="requireConsent",
        amounts={GOAL: _AMOUNT, ORDER: _AMOUNT},
        unwritten=frozenset({"addEcommerceItem", "requireConsent", "requireCookieConsent", "setCustomDimension"}),
    ),
    loader="matomo.js",
    trusted_names=frozenset({"push"}),
    call="_paq.push(['setSiteId', ..])",
    base_codes=_BASE_CODES,
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    since=2011,
)
