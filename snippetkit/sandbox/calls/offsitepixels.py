"""Conversion pixels (reference "Conversion pixels"; the status rule is under "Listing")."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from snippetkit import templating
from snippetkit.sandbox.call import (
    ApiCall,
    CallError,
    Route,
    check_account,
    done,
    name,
    no_object,
    page,
    select,
    time_text,
    whole_number,
)
from snippetkit.terms import PIXEL_TAGS

if TYPE_CHECKING:
    from snippetkit.sandbox.store import StoredPixel

CURRENCY = "USD"
ACTIVE_S = 24 * 60 * 60
DEFAULT_VALUE_CENTS = "1"

_FIRST_WITH_FIRING_TIME = (2, 6)
_ID_HERE, _NAME_HERE = "\0id", "\0name"


def create_pixel(call: ApiCall, account: str) -> object:
    """`POST act_<account>/offsitepixels`."""
    check_account(account)
    pixel_id = call.store.add_pixel(account, name(call), _tag(call, "OTHER"))
    if pixel_id is None:
        raise _name_taken()
    return {"id": pixel_id}


def list_pixels(call: ApiCall, account: str) -> object:
    """`GET act_<account>/offsitepixels`."""
    check_account(account)
    return page(
        call,
        lambda after, limit: call.store.pixels(account, after, limit),
        lambda pixel: _fields(call, pixel),
        lambda: call.store.count_pixels(account),
    )


def read_pixel(call: ApiCall, pixel_id: str) -> object:
    """`GET <pixel>`."""
    return _fields(call, stored_pixel(call, pixel_id))


def update_pixel(call: ApiCall, pixel_id: str) -> object:
    """`POST <pixel>`: name, tag, or both."""
    pixel = stored_pixel(call, pixel_id)
    if not call.store.update_pixel(pixel_id, name(call, pixel.name), _tag(call, pixel.tag)):
        raise _name_taken()
    return done(call)


def delete_pixel(call: ApiCall, pixel_id: str) -> object:
    """`DELETE <pixel>`."""
    call.store.delete_pixel(pixel_id)
    return done(call)


def read_snippets(call: ApiCall, pixel_id: str) -> object:
    """`GET <pixel>/snippets`."""
    pixel = stored_pixel(call, pixel_id)
    return {"data": [{"id": pixel.account, "js": _js_pixel(call, pixel)}]}


ROUTES = [
    Route("", "/act_<account>/offsitepixels", "GET", list_pixels),
    Route("", "/act_<account>/offsitepixels", "POST", create_pixel),
    Route("offsitepixel", "/<pixel_id>", "GET", read_pixel),
    Route("offsitepixel", "/<pixel_id>", "POST", update_pixel),
    Route("offsitepixel", "/<pixel_id>", "DELETE", delete_pixel),
    Route("offsitepixel", "/<pixel_id>/snippets", "GET", read_snippets),
]


def stored_pixel(call: ApiCall, pixel_id: str) -> StoredPixel:
    """Return the pixel; one that another request deleted meanwhile is refused."""
    pixel = call.store.pixel(pixel_id)
    if pixel is None:
        raise no_object(pixel_id)
    return pixel


def _tag(call: ApiCall, default: str) -> str:
    tag = call.params.get("tag", default).upper()
    if tag not in PIXEL_TAGS:
        raise CallError(100, f"(#100) tag must be one of {', '.join(PIXEL_TAGS)}")
    return tag


def _name_taken() -> CallError:
    return CallError(100, "(#100) the ad account has a pixel of this name")


def _fields(call: ApiCall, pixel: StoredPixel) -> dict[str, object]:
    fields: dict[str, Callable[[], object]] = {
        "id": lambda: pixel.id,
        "name": lambda: pixel.name,
        "tag": lambda: pixel.tag.lower(),
        "status": lambda: _status(pixel.last_fired_at_s, call.now_s),
        "creator": lambda: f"{pixel.account} (Sandbox account)",
        "js_pixel": lambda: _js_pixel(call, pixel),
        "last_firing_time": lambda: (
            time_text(pixel.last_fired_at_s) if call.version >= _FIRST_WITH_FIRING_TIME else None
        ),
    }
    return select(call, "OffsitePixel", fields)


def _status(last_fired_at_s: int | None, now_s: int) -> str:
    if last_fired_at_s is None:
        return "Unverified"
    return "Active" if now_s - last_fired_at_s < ACTIVE_S else "Inactive"


def _js_pixel(call: ApiCall, pixel: StoredPixel) -> str:
    value = f"{Decimal(whole_number(call, 'value', DEFAULT_VALUE_CENTS)) / 100:.2f}"
    # The id is digits, and the name, which comes last, stands as it is: neither would be escaped.
    return _code(value).replace(_ID_HERE, pixel.id).replace(_NAME_HERE, pixel.name)


@lru_cache(maxsize=256)
def _code(value: str) -> str:
    """The code of a value, with marks for the pixel's id and name."""
    return templating.render(
        "sandbox/js_pixel.html.j2",
        name=_NAME_HERE,
        pixel_id=_ID_HERE,
        currency=CURRENCY,
        script_value=value,
        noscript_value=value.rstrip("0").rstrip("."),
    )
