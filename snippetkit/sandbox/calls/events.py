"""What pages fire: the two addresses that the code calls."""

from __future__ import annotations

from snippetkit.sandbox.call import ID, ApiCall, Route
from snippetkit.sandbox.store import FiredEvent


def take_event(call: ApiCall) -> None:
    """`/offsite_event.php` (fp) and `/tr` (fbds, fbq): the answer is an image, whatever was sent.

    Long events are posted, and so are those that a page sends as the visitor leaves it.
    """
    params = call.params
    pixel_id = params.get("id", params.get("ev", ""))
    if ID.fullmatch(pixel_id):
        value, currency = (params.get(name, params.get(f"cd[{name}]")) for name in ("value", "currency"))
        call.store.add_event(FiredEvent(pixel_id, value, currency, call.now_s))


ROUTES = [
    Route("event", path, method, take_event) for path in ("/offsite_event.php", "/tr") for method in ("GET", "POST")
]
