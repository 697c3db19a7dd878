"""What pages fire: the two addresses that the codes call."""

from __future__ import annotations

from snippetkit.sandbox.call import ID, Call, Route
from snippetkit.sandbox.store import Event


def take_event(call: Call) -> None:
    """`GET /offsite_event.php` (fp) and `GET /tr` (fbds, fbq): the answer is an image, whatever was sent."""
    params = call.params
    pixel_id = params.get("id", params.get("ev", ""))
    if ID.fullmatch(pixel_id):
        value, currency = (params.get(name, params.get(f"cd[{name}]")) for name in ("value", "currency"))
        call.store.add_event(Event(pixel_id, value, currency, call.now_s))


ROUTES = [
    Route("event", "/offsite_event.php", "GET", take_event),
    Route("event", "/tr", "GET", take_event),
]
