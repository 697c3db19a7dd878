"""Which ad accounts may use a conversion pixel (reference "Conversion pixels", "Authorizing")."""

from __future__ import annotations

import json

from snippetkit.sandbox.call import ID, ApiCall, CallError, Route, done, has_account_objects
from snippetkit.sandbox.calls.offsitepixels import stored_pixel


def list_accounts(call: ApiCall, pixel_id: str) -> object:
    """`GET <pixel>/adaccounts`: numbers under the pixel's id in old versions, a list of objects in new ones."""
    accounts = [stored_pixel(call, pixel_id).account, *call.store.authorized(pixel_id)]
    if has_account_objects(call):
        return {"data": [{"account_id": account, "id": f"act_{account}"} for account in accounts]}
    return {"data": {pixel_id: [{"account_id": int(account)} for account in accounts]}}


def authorize(call: ApiCall, pixel_id: str) -> object:
    """`POST <pixel>/adaccounts`."""
    owner = stored_pixel(call, pixel_id).account
    call.store.authorize(pixel_id, [account for account in _accounts(call) if account != owner])
    return done(call)


def deauthorize(call: ApiCall, pixel_id: str) -> object:
    """`DELETE <pixel>/adaccounts`."""
    accounts = _accounts(call)
    if stored_pixel(call, pixel_id).account in accounts:
        raise CallError(100, "(#100) the ad account that created a pixel stays authorized")
    call.store.deauthorize(pixel_id, accounts)
    return done(call)


ROUTES = [
    Route("offsitepixel", "/<pixel_id>/adaccounts", "GET", list_accounts),
    Route("offsitepixel", "/<pixel_id>/adaccounts", "POST", authorize),
    Route("offsitepixel", "/<pixel_id>/adaccounts", "DELETE", deauthorize),
]


def _accounts(call: ApiCall) -> list[str]:
    try:
        parsed = json.loads(call.params.get("adaccounts", ""))
    except (ValueError, RecursionError):
        parsed = None
    accounts = [str(account).removeprefix("act_") for account in parsed] if isinstance(parsed, list) else []
    if not accounts or not all(ID.fullmatch(account) for account in accounts):
        raise CallError(100, "(#100) adaccounts must be a JSON list of ad account ids")
    return accounts
