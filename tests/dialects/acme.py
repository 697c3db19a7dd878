"""A platform that nobody has: what a distribution of somebody else's brings, in one module, with one template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from snippetkit.javascript import Script
from snippetkit.platforms import (
    Calls,
    Dialect,
    Endpoint,
    Ids,
    ListParameter,
    Loader,
    NativeTag,
    Platform,
    Report,
    reader,
)
from snippetkit.terms import Coexistence

STAND_IN = """
(function () {
  var ids = [];
  function send(event, settings) {
    ids.forEach(function (id) {
      var url = 'https://hits.acme.example/hit?p=' + id + '&e=' + event;
      if (settings) url += '&v=' + settings.value + '&c=' + settings.currency;
      new Image().src = url;
    });
  }
  acme.run = function (verb, told, settings) { if (verb === 'init') ids.push(told); else send(told, settings); };
  acme.queue.splice(0).forEach(function (call) { acme.run.apply(null, call); });
})();
"""
PLATFORM = Platform(
    name="acme",
    title="Acme Ads",
    ids=Ids(re.compile("ACME-[0-9]{4}"), "id", "Acme's manager shows it"),
    loaders=(
        Loader(
            "cdn.acme.example",
            "/px\\.js",
            "px.js",
            STAND_IN,
            ("https://hits.acme.example",),
            frames=("https://sync.acme.example",),
        ),
    ),
    endpoints=(
        Endpoint(
            ("hits.acme.example",),
            ("/hit",),
            {"pixel_id": ("p",), "event": ("e",), "value": ("v",), "currency": ("c",)},
            "acme.example/hit",
        ),
    ),
    image_origin="https://hits.acme.example",
    default_currency="EUR",
    base_events=frozenset({"View"}),
)
BASE_TAG = NativeTag("acme", "Acme Ads", "ACME-{account}", only={"kind": "base"})
ORDER_TAG = NativeTag(
    "acme",
    "Acme Ads",
    "ACME-{account}",
    {"event": "name", "value": "worth"},
    ListParameter("settings", "name", "text", {"currency": "c"}),
    only={"kind": "event"},
    more={"isQuick": True},
    needs=BASE_TAG,
    is_whole=True,
)
_ADD = "add {value: 0.00, currency: 'USD'} as the last argument of the event's acme call"


def find_reports(script: Script) -> Iterator[Report]:
    """Yield what a script reports: each pixel that it names, and each event that it tracks."""
    for call, arguments in script.calls(b"acme"):
        verb, start = script.text(arguments[0]) if arguments else "", script.start + call.start_byte
        if verb == "init" and len(arguments) > 1:
            yield Report("acme", start, script.setting(arguments[1]), verb="init")
        elif verb == "track" and len(arguments) > 1:
            value, currency = script.settings(arguments[2] if len(arguments) > 2 else None)
            event = script.setting(arguments[1])
            yield Report("acme", start, None, event, value, currency, add_value=_ADD, add_currency=_ADD)


DIALECT = Dialect(
    "acme",
    PLATFORM,
    find_reports,
    needles=(b"acme.example/px.js",),
    coexistence=Coexistence.NEVER,
    functions=("acme",),
    calls=Calls(naming=frozenset({"init"}), reporting=frozenset({"track"})),
    loader="px.js",
    call="acme('init', ..)",
    trusted_names=frozenset({"run", "queue", "push", "apply"}),
    read_image=reader(PLATFORM, "acme"),
    since=2026,
    native=(ORDER_TAG, BASE_TAG),
    template=Path(__file__).parent / "acme.html.j2",
)
