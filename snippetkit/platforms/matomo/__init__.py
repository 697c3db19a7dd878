"""Matomo, called Piwik until 2018: a platform on the site's own host, or on `<name>.matomo.cloud`.

An id is put together: that of the site, and that of one of its goals; an order is of the site alone. Calls and the
parameters of its images are those of Matomo's own documentation (matomo-org/developer-documentation, docs/5.x,
tracking-javascript.md and tracking-api.md, 2026-08); the code of Matomo Cloud is that of public pages (2026-08). An
order without a total is not sent at all: its tracker asks for both (`logEcommerceOrder` in public copies of it).
All of it counts in the currency of the site. Code does not say which host its requests go to but by the URL of the
tracker, and another host than Matomo's own is nobody's that is known: code that reaches it has to be allowed to.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

PAGE_VIEW, GOAL, ORDER = "trackPageView", "trackGoal", "trackEcommerceOrder"
_FOLDER = Path(__file__).parent
_GOAL = "[0-9]{1,9}"
_ANY_FOLDER = r"(?:/[\w.-]+)*/"
_SITE = {"pixel_id": ("idsite",)}


def _endpoints(file: str) -> Iterator[Endpoint]:
    paths, rec, revenue = (f"/{file}",), {"rec": "1"}, {"value": ("revenue",)}
    goal = {**_SITE, **revenue}
    yield Endpoint((), paths, {**goal, "order_id": ("ec_id",)}, file, None, rec, only_with=("ec_id",), event=ORDER)
    yield Endpoint((), paths, goal, file, None, rec, ("idgoal",), only_with=("idgoal",), event=GOAL)
    yield Endpoint((), paths, _SITE, file, constants=rec, event=PAGE_VIEW)


PLATFORM = Platform(
    name="matomo",
    title="Matomo",
    ids=Ids(later(f"[1-9][0-9]{{0,8}}(?:/{_GOAL})?"), "number", "Matomo's settings show it", later(_GOAL)),
    loaders=(
        Loader("", rf"{_ANY_FOLDER}matomo\.js", "matomo.js", _FOLDER / "matomo.js"),
        Loader("", rf"{_ANY_FOLDER}piwik\.js", "piwik.js", _FOLDER / "matomo.js"),
    ),
    endpoints=(*_endpoints("matomo.php"), *_endpoints("piwik.php")),
    needs_currency=False,
    consent="if (window._paq && typeof window._paq.push === 'function') window._paq.push(['setConsentGiven']);",
    base_events=frozenset({PAGE_VIEW}),
    more_hosts=frozenset({"*.matomo.cloud"}),
    own_url=later(
        r"""["'](?!(?:https?:)?//cdn\.matomo\.cloud/)(?P<url>(?:https?:)?//[\w.-]+(?::[0-9]+)?/(?:[\w.-]+/)*)"""
        r"""(?:(?:matomo|piwik)\.(?:js|php))?["'?]"""
    ),
)
