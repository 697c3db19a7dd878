"""Meta Pixels, today's kind (Marketing API, "Meta Pixel"): one per account, never deleted, shared by businesses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from snippetkit import templating
from snippetkit.sandbox.call import (
    ApiCall,
    CallError,
    Route,
    check_account,
    done,
    name,
    object_id,
    select,
    time_text,
)
from snippetkit.sandbox.nodes import node_page, stored_node
from snippetkit.sandbox.store import Node

KIND = "adspixel"

_HAS_ONE, _HAS_SEVERAL = 6200, 6202


def create_pixel(call: ApiCall, account: str) -> object:
    """`POST act_<account>/adspixels`."""
    check_account(account)
    pixel_id = call.store.add_node(KIND, account, {"name": name(call)})
    if pixel_id is None:
        code = _HAS_ONE if call.store.count_nodes(KIND, account) == 1 else _HAS_SEVERAL
        raise CallError(code, f"(#{code}) this ad account has a pixel already")
    return {"id": pixel_id}


def list_pixels(call: ApiCall, account: str) -> object:
    """`GET act_<account>/adspixels`: its own, and those shared with it."""
    return node_page(call, KIND, account, _fields)


def read_pixel(call: ApiCall, pixel_id: str) -> object:
    """`GET <pixel>`."""
    return _fields(call, stored_node(call, pixel_id))


def rename_pixel(call: ApiCall, pixel_id: str) -> object:
    """`POST <pixel>`."""
    pixel = stored_node(call, pixel_id)
    call.store.update_node(pixel_id, {"name": name(call, pixel.fields["name"])})
    return done(call)


def list_shared(call: ApiCall, pixel_id: str) -> object:
    """`GET <pixel>/shared_accounts`: through one business."""
    accounts = call.store.shared(pixel_id, object_id(call, "business"))
    return {"data": [{"account_id": account, "id": f"act_{account}"} for account in accounts]}


def share(call: ApiCall, pixel_id: str) -> object:
    """`POST <pixel>/shared_accounts`."""
    call.store.share(pixel_id, object_id(call, "account_id"), object_id(call, "business"))
    return done(call)


def unshare(call: ApiCall, pixel_id: str) -> object:
    """`DELETE <pixel>/shared_accounts`."""
    call.store.unshare(pixel_id, object_id(call, "account_id"), object_id(call, "business"))
    return done(call)


ROUTES = [
    Route("", "/act_<account>/adspixels", "GET", list_pixels),
    Route("", "/act_<account>/adspixels", "POST", create_pixel),
    Route(KIND, "/<pixel_id>", "GET", read_pixel),
    Route(KIND, "/<pixel_id>", "POST", rename_pixel),
    Route(KIND, "/<pixel_id>/shared_accounts", "GET", list_shared),
    Route(KIND, "/<pixel_id>/shared_accounts", "POST", share),
    Route(KIND, "/<pixel_id>/shared_accounts", "DELETE", unshare),
]


def _fields(call: ApiCall, pixel: Node) -> dict[str, object]:
    fields: dict[str, Callable[[], object]] = {
        "id": lambda: pixel.id,
        "name": lambda: pixel.fields["name"],
        "code": lambda: _code(pixel.id),
        "last_fired_time": lambda: time_text(pixel.last_fired_at_s),
    }
    return select(call, "AdsPixel", fields)


def _code(pixel_id: str) -> str:
    nonce = hashlib.sha256(pixel_id.encode()).hexdigest()[:8]
    return templating.render("sandbox/code.html.j2", pixel_id=pixel_id, nonce=nonce)
