"""What each call of the sandbox does (reference "Conversion pixels"; the status rule is under "Listing")."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from snippetkit import templating
from snippetkit.terms import PIXEL_TAGS

if TYPE_CHECKING:
    from snippetkit.sandbox.store import Store, StoredPixel

CURRENCY = "USD"
ACTIVE_S = 24 * 60 * 60
DEFAULT_VALUE_CENTS = "1"

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_ID = re.compile(r"[0-9]{1,18}")
_MAX_NAME_CHARACTERS = 100
_MAX_PAGE_SIZE = 5000
_FIRST_WITH_SUCCESS = (2, 3)


class CallError(Exception):
    """A refusal; `body` is the answer in the vendor's form (Graph API, "Handling Errors")."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        kind = "OAuthException" if code in {100, 190, 2500} else "GraphMethodException"
        self.body = {"error": {"message": message, "type": kind, "code": code}}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the store, the time, the API version, the URL, and the parameters from wherever they came."""

    store: Store
    now_s: int
    version: tuple[int, int]
    base_url: str
    path: str
    params: dict[str, str]


def create_pixel(call: Call, account: str) -> object:
    """`POST act_<account>/offsitepixels`."""
    _check_access(call, account)
    pixel_id = call.store.add_pixel(account, *_name_and_tag(call, "", "OTHER"))
    if pixel_id is None:
        raise _name_taken()
    return {"id": pixel_id}


def list_pixels(call: Call, account: str) -> object:
    """`GET act_<account>/offsitepixels`."""
    _check_access(call, account)
    limit = min(int(_whole_number(call, "limit", "25")), _MAX_PAGE_SIZE)
    found = call.store.pixels(account, _whole_number(call, "after", "0"), limit + 1)
    answer: dict[str, object] = {"data": [_fields(call, pixel) for pixel in found[:limit]]}
    if found[:limit]:
        answer["paging"] = _paging(call, found[0].id, found[:limit][-1].id, more=len(found) > limit)
    return answer


def read_pixel(call: Call, pixel_id: str) -> object:
    """`GET <pixel>`."""
    return _fields(call, _pixel(call, pixel_id))


def update_pixel(call: Call, pixel_id: str) -> object:
    """`POST <pixel>`: name, tag, or both."""
    pixel = _pixel(call, pixel_id)
    if not call.store.update_pixel(pixel_id, *_name_and_tag(call, pixel.name, pixel.tag)):
        raise _name_taken()
    return _done(call)


def delete_pixel(call: Call, pixel_id: str) -> object:
    """`DELETE <pixel>`."""
    _pixel(call, pixel_id)
    call.store.delete_pixel(pixel_id)
    return _done(call)


def list_accounts(call: Call, pixel_id: str) -> object:
    """`GET <pixel>/adaccounts`: by the pixel's id with numbers at first, a list of objects later."""
    pixel = _pixel(call, pixel_id)
    accounts = [pixel.account, *call.store.authorized(pixel_id)]
    if call.version < _FIRST_WITH_SUCCESS:
        return {"data": {pixel_id: [{"account_id": int(account)} for account in accounts]}}
    return {"data": [{"account_id": account, "id": f"act_{account}"} for account in accounts]}


def authorize(call: Call, pixel_id: str) -> object:
    """`POST <pixel>/adaccounts`."""
    pixel = _pixel(call, pixel_id)
    for account in _accounts(call):
        if account != pixel.account:
            call.store.authorize(pixel_id, account)
    return _done(call)


def deauthorize(call: Call, pixel_id: str) -> object:
    """`DELETE <pixel>/adaccounts`."""
    pixel = _pixel(call, pixel_id)
    accounts = _accounts(call)
    if pixel.account in accounts:
        raise CallError(100, "(#100) the ad account that created a pixel stays authorized")
    for account in accounts:
        call.store.deauthorize(pixel_id, account)
    return _done(call)


def read_snippets(call: Call, pixel_id: str) -> object:
    """`GET <pixel>/snippets`."""
    pixel = _pixel(call, pixel_id)
    return {"data": [{"id": pixel.account, "js": _js_pixel(call, pixel)}]}


def take_event(call: Call) -> None:
    """`GET /offsite_event.php` (fp) and `GET /tr` (fbds, fbq): what a page fires; the answer is an image."""
    from snippetkit.sandbox.store import Event

    params = call.params
    pixel_id = params.get("id", params.get("ev", ""))
    if _ID.fullmatch(pixel_id):
        value, currency = (params.get(name, params.get(f"cd[{name}]")) for name in ("value", "currency"))
        call.store.add_event(Event(pixel_id, value, currency, call.now_s))


CALLS: list[tuple[str, list[str], Callable[..., object]]] = [
    ("/act_<account>/offsitepixels", ["GET"], list_pixels),
    ("/act_<account>/offsitepixels", ["POST"], create_pixel),
    ("/<pixel_id>", ["GET"], read_pixel),
    ("/<pixel_id>", ["POST"], update_pixel),
    ("/<pixel_id>", ["DELETE"], delete_pixel),
    ("/<pixel_id>/adaccounts", ["GET"], list_accounts),
    ("/<pixel_id>/adaccounts", ["POST"], authorize),
    ("/<pixel_id>/adaccounts", ["DELETE"], deauthorize),
    ("/<pixel_id>/snippets", ["GET"], read_snippets),
    ("/offsite_event.php", ["GET"], take_event),
    ("/tr", ["GET"], take_event),
]
"""Every call: its path, its methods, and what answers it."""


def _name_and_tag(call: Call, name: str, tag: str) -> tuple[str, str]:
    """What the request gives, or else what is given here."""
    name, tag = call.params.get("name", name).strip(), call.params.get("tag", tag).upper()
    if not name or len(name) > _MAX_NAME_CHARACTERS:
        raise CallError(100, f"(#100) name must have 1 to {_MAX_NAME_CHARACTERS} characters")
    if tag not in PIXEL_TAGS:
        raise CallError(100, f"(#100) tag must be one of {', '.join(PIXEL_TAGS)}")
    return name, tag


def _accounts(call: Call) -> list[str]:
    try:
        found = json.loads(call.params.get("adaccounts", ""))
    except (ValueError, RecursionError):
        found = None
    accounts = [str(account).removeprefix("act_") for account in found] if isinstance(found, list) else []
    if not accounts or not all(_ID.fullmatch(account) for account in accounts):
        raise CallError(100, "(#100) adaccounts must be a JSON list of ad account ids")
    return accounts


def _done(call: Call) -> object:
    return {"success": True} if call.version >= _FIRST_WITH_SUCCESS else True


def _check_access(call: Call, object_id: str) -> None:
    if not call.params.get("access_token"):
        raise CallError(190, "An access token is required; the sandbox takes any")
    if not _ID.fullmatch(object_id):
        raise _no_object(object_id)


def _name_taken() -> CallError:
    return CallError(100, "(#100) the ad account has a pixel of this name")


def _no_object(object_id: str) -> CallError:
    return CallError(100, f"Unsupported request: there is no object {object_id}, or this token may not see it")


def _whole_number(call: Call, name: str, default: str) -> str:
    text = call.params.get(name, default)
    if not _WHOLE_NUMBER.fullmatch(text):
        raise CallError(100, f"(#100) {name} must be a whole number")
    return text


def _pixel(call: Call, pixel_id: str) -> StoredPixel:
    _check_access(call, pixel_id)
    pixel = call.store.pixel(pixel_id)
    if pixel is None:
        raise _no_object(pixel_id)
    return pixel


def _fields(call: Call, pixel: StoredPixel) -> dict[str, str]:
    fields: dict[str, Callable[[], str]] = {
        "id": lambda: pixel.id,
        "name": lambda: pixel.name,
        "tag": lambda: pixel.tag.lower(),
        "status": lambda: _status(pixel.last_fired_at_s, call.now_s),
        "creator": lambda: f"{pixel.account} (Sandbox account)",
        "js_pixel": lambda: _js_pixel(call, pixel),
    }
    wanted = call.params.get("fields", ",".join(fields)).split(",")
    return {name: read() for name, read in fields.items() if name in {"id", *wanted}}


def _status(last_fired_at_s: int | None, now_s: int) -> str:
    if last_fired_at_s is None:
        return "Unverified"
    return "Active" if now_s - last_fired_at_s < ACTIVE_S else "Inactive"


def _js_pixel(call: Call, pixel: StoredPixel) -> str:
    value = f"{Decimal(_whole_number(call, 'value', DEFAULT_VALUE_CENTS)) / 100:.2f}"
    return templating.render(
        "sandbox/js_pixel.html.j2",
        name=pixel.name,
        pixel_id=pixel.id,
        currency=CURRENCY,
        script_value=value,
        noscript_value=value.rstrip("0").rstrip("."),
    )


def _paging(call: Call, first: str, last: str, *, more: bool) -> dict[str, object]:
    cursors = {"before": first, "after": last}
    if not more:
        return {"cursors": cursors}
    query = urlencode({name: text for name, text in call.params.items() if name != "access_token"} | {"after": last})
    return {"cursors": cursors, "next": f"{call.base_url.rstrip('/')}{call.path}?{query}"}
