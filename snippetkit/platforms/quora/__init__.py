"""Quora's pixel, 2017 to today.

Its hosts, its image and the events are those of the code on public pages. No page of Quora's that was found says how
its loader tells a value; that it does so in the image's URL, as `value`, is the stand-in's. Nor does any name a
currency.
"""

from __future__ import annotations

from pathlib import Path

from snippetkit.key import Ids
from snippetkit.patterns import later
from snippetkit.platforms.endpoint import ID_IN_PATH, Endpoint
from snippetkit.platforms.platform import Loader, Platform

_FOLDER = Path(__file__).parent
_HOST = "q.quora.com"
_PATHS = (f"/_/ad/{ID_IN_PATH}/pixel",)
_TOLD = {"pixel_id": (ID_IN_PATH,), "event": ("tag",)}
_MARK = "q.quora.com/_/ad/"

PLATFORM = Platform(
    name="quora",
    title="Quora",
    ids=Ids(later("[0-9a-f]{32}"), "id", "Quora's Ads Manager shows it"),
    loaders=(Loader("a.quora.com", r"/qevents\.js", "qevents.js", _FOLDER / "qevents.js"),),
    endpoints=(
        Endpoint((_HOST,), _PATHS, {**_TOLD, "value": ("value",)}, _MARK, only_with=("value",), is_image=False),
        Endpoint((_HOST,), _PATHS, _TOLD, _MARK, constants={"noscript": "1"}),
    ),
    image_origin=f"https://{_HOST}",
    needs_currency=False,
    base_events=frozenset({"ViewContent"}),
)
