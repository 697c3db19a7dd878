"""The uetq dialect (2014 to today): `uetq`, a list until the loader `bat.js` comes and `new UET(..)` takes its place.

`uetq.push('event', action, {revenue_value: 1, currency: 'USD'})` reports; the action may be empty, where a goal is a
page's URL. Before 2019 an object was pushed, `{ea: .., gv: .., gc: ..}`, which the loader still reads. What an amount
and a currency are called, and that a currency is in capitals, is in MicrosoftDocs/Advertising (2026-06;
advertising/msa-help/hlp_BA_CONC_UETv2RevenueVariables.md, hlp_BA_CONC_UETv2SyntaxUpdate.md); `event_value` is a score.
`transaction_id` is a parameter of the loader's (a copy of 2021), `event_id` that of rudderlabs/rudder-sdk-js. Several
tags need several lists (rudderlabs/rudder-sdk-js, pull request 972): those that are known are `uetq` to `uetq4`.
For a click there is a function, `uet_report_conversion`, on many public pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from snippetkit.javascript import Script
from snippetkit.platforms import OBJECT, Adding, CallReader, Calls, Dialect, Lone, NativeTag, Report, Told, at, reader
from snippetkit.platforms.microsoft import PLATFORM, _tags
from snippetkit.terms import Coexistence

NAME = "uetq"

_LISTS = ("uetq", "uetq1", "uetq2", "uetq3", "uetq4")
_OLD = frozenset({"ec", "ea", "el", "ev", "gv", "gc"})
_ADDING = Adding(
    {"value": "revenue_value: 0.00", "currency": "currency: 'USD'"},
    "the last argument of the event's uetq.push",
    "after the event's action in its uetq.push",
)
_AMOUNTS = ("value", "revenue", "amount", "total", "price", "order_value", "conversion_value")
"""What other platforms and shops call it."""

_events = CallReader(
    NAME,
    _LISTS,
    {
        "event": Told(
            event=at(1),
            about=2,
            value=("revenue_value",),
            order_id=at(2, "transaction_id"),
            event_id=at(2, "event_id"),
            misnamed=(*_AMOUNTS, "gv"),
            scores=("event_value", "ev"),
        ),
        OBJECT: Told(
            event=at(0, "ea"),
            about=0,
            value=("gv",),
            currency=("gc",),
            misnamed=(*_AMOUNTS, "revenue_value"),
            scores=("ev", "event_value"),
        ),
    },
    _ADDING,
    no_function="uetq is a list, not a function, so this call fails; write uetq.push(..)",
    by_push=True,
    objects=_OLD,
)
_OPTIONS = (
    "['cookieFlags', 'disableAutoPageView', 'enableAutoConsent', 'enableAutoSpaTracking', 'storeConvTrackCookies']"
)
_START = """
var options = {{ti: 'ID', OPTIONS: {options}}};
options.q = page[name], page[name] = new UET(options), page[name].push('pageLoad');
"""
_BASE_CODE = """
(function (page, html, kind, address, name) {{
  var start, loader, first;
  page[name] = page[name] || [], start = function () {{ {start} }},
  loader = html.createElement(kind), loader.src = address, loader.async = 1,
  loader.onload = loader.onreadystatechange = function () {{
    var state = this.readyState;
    {ready}
  }},
  {nonce}
  first = html.getElementsByTagName(kind)[0], first.parentNode.insertBefore(loader, first);
}})(window, document, 'script', 'LOADER', 'NAME');
"""
_READY = (
    "state && state !== 'loaded' && state !== 'complete' || "
    "(start(), loader.onload = loader.onreadystatechange = null);",
    "if (state && state !== 'loaded' && state !== 'complete') return;"
    "start(); loader.onload = loader.onreadystatechange = null;",
)
_NONCE = "m = html.querySelector('[nonce]'), m && loader.setAttribute('nonce', m.nonce || m.getAttribute('nonce')),"
"""As Microsoft gives it for pages with a policy, in which `m` is declared nowhere."""

_IN_THE_HEAD = """
(function (page, html, address, name) {{
  page[name] = page[name] || [];
  var loader = html.createElement('script');
  loader.async = true;
  loader.src = address;
  loader.onload = function () {{ {start} }};
  html.head.appendChild(loader);
}})(window, document, 'LOADER', 'NAME');
"""


def _base_codes() -> Iterator[str]:
    start = _START.format(options=_OPTIONS)
    for ready, nonce in product(_READY, ("", _NONCE)):
        yield _BASE_CODE.format(start=start, ready=ready, nonce=nonce)
    yield _IN_THE_HEAD.format(start=start)


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each tag that it makes, and each event that it pushes."""
    yield from (report for report in _tags.find(script, NAME, _LISTS[0], _ADDING.whole))
    yield from _events(script)


_CALLS = Calls(
    reporting=frozenset({"event", OBJECT}),
    on_purpose={
        "consent:denied": "It says that the visitor has not agreed: what is sent then identifies nobody.",
        "pageLoad": "It counts that the page was shown.",
    },
    grants="consent:granted",
    revokes="consent:denied",
    agreeing="granted",
    refusing="denied",
    consents=frozenset({"ad_storage"}),
    objects=_OLD,
)
_LONE = Lone(_LISTS[0], _CALLS, "bat.js", others=frozenset({"pageLoad"}))
_BASE_TAG = NativeTag("baut", "Microsoft Advertising", "{tagId}", only={"eventType": "PAGE_LOAD"})
_NATIVE = (
    _BASE_TAG,
    NativeTag(
        "baut",
        "Microsoft Advertising",
        "{tagId}",
        {"value": "goalValue", "currency": "p_currency"},
        event="",
        only={"eventType": "VARIABLE_REVENUE"},
        needs=_BASE_TAG,
        is_whole=True,
    ),
    NativeTag(
        "baut",
        "Microsoft Advertising",
        "{tagId}",
        {"event": "customEventAction", "value": "goalValue", "currency": "p_currency"},
        older_keys={"event": "eventAction"},
        only={"eventType": "CUSTOM"},
        event="",
    ),
)
"""The parameters are those of public containers. A tag with an action of its own has `goalValue` in many; `p_currency`
is read there too, and no such tag is written, since none with both was seen."""

DIALECT = Dialect(
    NAME,
    PLATFORM,
    find_reports,
    needles=(b"bat.bing.com/", b"bat.bing.net/"),
    coexistence=Coexistence.NEVER,
    functions=_LISTS,
    by_push=True,
    read_by=("UET",),
    named_as=(*_LISTS, "new UET"),
    names_first=True,
    calls=_CALLS,
    loader="bat.js",
    call="{ti: ..}",
    trusted_names=frozenset({"push"}),
    click_functions=("uet_report_conversion",),
    base_codes=tuple(_base_codes()),
    read_image=reader(PLATFORM, NAME),
    image_repeats=False,
    alone=_LONE.alone,
    since=2014,
    native=_NATIVE,
)
