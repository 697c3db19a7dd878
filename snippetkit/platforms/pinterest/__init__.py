"""Pinterest's tag, 2016 to today.

The loader, the image and its parameters are those of Pinterest's own pages (help.pinterest.com, "Add event codes" and
"Install the Pinterest tag: image tag", 2026) and of its guide of 2016. An image works without the base code. What the
loader sends is not documented; the stand-in asks for the image. The hosts are those of Pinterest's code on pages, and
of one project's policy that is tested (facts of 2026-08): scripts from one, everything else to the other.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "ct.pinterest.com"
_ORIGIN = f"https://{_HOST}"

PLATFORM = Platform(
    name="pinterest",
    title="Pinterest",
    ids=Ids(later("26[0-9]{11}"), "number", "Pinterest's Ads Manager shows it"),
    loaders=(
        Loader("s.pinimg.com", r"/ct/core\.js", "ct/core.js", _FOLDER / "core.js", (_ORIGIN,), frames=(_ORIGIN,)),
    ),
    endpoints=(
        Endpoint(
            (_HOST,),
            ("/v3/", "/v3"),
            {
                "pixel_id": ("tid",),
                "event": ("event",),
                "value": ("ed[value]",),
                "currency": ("ed[currency]",),
                "order_id": ("ed[order_id]",),
                "event_id": ("ed[event_id]",),
            },
            f"{_HOST}/v3",
            constants={"noscript": "1"},
            told_by=("event",),
            page_view="init",
        ),
    ),
    image_origin=_ORIGIN,
    consent="if (typeof window.pintrk === 'function') window.pintrk('setconsent', true);",
    base_events=frozenset({"init", "pagevisit", "Pagevisit", "PageVisit"}),
)
