"""Google's tag for Ads and Analytics, 2017 to today.

An Ads id is put together: that of the account (`AW-`), a slash, and the label of one of its conversions; those of
Analytics (`G-`, and `UA-` up to 2024) and of a Google tag (`GT-`) are whole. The digits of an account and the signs of
a label are those of public pages. The hosts are those of nuxt/scripts (packages/script/src/registry, 2026-08), of
spatie/laravel-csp (src/Presets) and of Google's guide (developers.google.com/tag-platform/security/guides/csp), but for
the `www.google.<tld>` of the visitor's country.

No page has an image of it. That the tag asks Analytics for `/g/collect` with `tid`, `en`, `ep.` and `epn.` is in
amplitude/Amplitude-TypeScript (packages/plugin-ga-events-forwarder-browser/src/constants.ts). The currency's `cu`
there, and what is asked of Ads, with the `gtm` by which that is told from AdWords' image, have no source: they are
ours. A second conversion with the same `transaction_id` is not counted (support.google.com/google-ads/answer/6386790).
"""

from __future__ import annotations

import re
from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_TAGS = r"G-(?!X+\b)[A-Z0-9]{4,14}|GT-(?!X+\b)[A-Z0-9]{4,14}|UA-[0-9]{4,10}-[0-9]{1,4}"
_CONNECT = (
    "https://*.google-analytics.com",
    "https://*.analytics.google.com",
    "https://*.g.doubleclick.net",
    "https://pagead2.googlesyndication.com",
    "https://www.google.com",
)
_SCRIPTS = ("https://www.googleadservices.com", "https://googleads.g.doubleclick.net", "https://www.google.com")

LOADER = Loader(
    "www.googletagmanager.com",
    r"/gtag/js(?:\?id=[\w-]+(?:&l=dataLayer)?)?",
    "gtag/js",
    _FOLDER / "gtag.js",
    _CONNECT,
    _SCRIPTS,
    ("https://td.doubleclick.net", "https://www.googletagmanager.com"),
)

PLATFORM = Platform(
    name="google",
    title="Google",
    ids=Ids(later(rf"AW-[0-9]{{6,12}}(?:/[\w-]{{1,64}})?|{_TAGS}", re.ASCII), "id", "Google Ads or Analytics shows it"),
    loaders=(LOADER,),
    endpoints=(
        Endpoint(
            ("www.googleadservices.com", "googleads.g.doubleclick.net"),
            (f"/pagead/conversion/{ID_IN_PATH}/",),
            {
                "pixel_id": (ID_IN_PATH,),
                "event": ("en",),
                "value": ("value",),
                "currency": ("currency_code",),
                "order_id": ("oid",),
            },
            "googleadservices.com/pagead/conversion",
            id_prefix="AW-",
            id_parts=("label",),
            is_image=False,
            only_with=("gtm",),
        ),
        Endpoint(
            ("www.google-analytics.com", "region1.google-analytics.com", "analytics.google.com"),
            ("/g/collect",),
            {
                "pixel_id": ("tid",),
                "event": ("en",),
                "value": ("epn.value", "ep.value"),
                "currency": ("cu",),
                "order_id": ("ep.transaction_id",),
            },
            "google-analytics.com/g/collect",
            is_image=False,
        ),
    ),
    image_origin="https://www.googleadservices.com",
    other_origins=("https://www.googletagmanager.com", "https://googleads.g.doubleclick.net", "https://www.google.com"),
    consent=(
        "if (typeof window.gtag === 'function') window.gtag('consent', 'update', {ad_storage: 'granted', "
        "ad_user_data: 'granted', ad_personalization: 'granted', analytics_storage: 'granted'});"
    ),
    base_events=frozenset({"page_view"}),
    counts_orders_once=True,
)
