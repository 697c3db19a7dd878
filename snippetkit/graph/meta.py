"""The calls about Meta Pixels, today's kind: `adspixels`, sharing, custom conversions (Marketing API, "Ads Pixel")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from snippetkit.errors import ApiError
from snippetkit.graph.items import (
    META_NODE,
    Caller,
    account_ids,
    check_done,
    check_id,
    hint_at_kind,
    list_items,
    read_members,
)
from snippetkit.model import MetaPixel

_LIST_FIELDS = "id,name,last_fired_time"
_READ_FIELDS = f"{_LIST_FIELDS},code"
_EXIST_ALREADY = {6200: "the account has a Meta Pixel already", 6202: "the account has several Meta Pixels already"}


def create_meta_pixel(api: Caller, account: str, name: str) -> str:
    """Create the Meta Pixel of an account and return its id.

    Args:
        api: the transport.
        account: the ad account's digits, without `act_`.
        name: what people call it.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the account has one already
            (codes 6200 and 6202) or the answer has no id.
    """
    try:
        answer = api.post(f"act_{account}/adspixels", {"name": name}, again=False)
    except ApiError as error:
        code = error.fields.get("code")
        if not isinstance(code, int) or code not in _EXIST_ALREADY:
            raise
        hint = "use the existing one: 'snippetkit pixels list --kind meta' shows it"
        raise ApiError(f"{_EXIST_ALREADY[code]}: {error}", hint=hint, fields=error.fields) from error
    return read_members(answer, "id")["id"]


def list_meta_pixels(api: Caller, account: str) -> Iterator[MetaPixel]:
    """Yield all Meta Pixels of an account, page after page, without their code.

    Raises:
        TokenError, ApiError, NetworkError: as `list_items` does; ApiError also where an item is no pixel.
    """
    for item in list_items(api, f"act_{account}/adspixels", {"fields": _LIST_FIELDS}):
        yield MetaPixel(**read_members(item, _LIST_FIELDS))


def read_meta_pixel(api: Caller, pixel_id: str) -> MetaPixel:
    """Return one Meta Pixel with its code.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where another pixel is answered.
    """
    try:
        answer = api.get(pixel_id, {"fields": _READ_FIELDS})
    except ApiError as error:
        hint_at_kind(error, META_NODE)
        raise
    pixel = MetaPixel(**read_members(answer, _READ_FIELDS))
    check_id(pixel.id, pixel_id)
    return pixel


def rename_meta_pixel(api: Caller, pixel_id: str, name: str) -> None:
    """Change a Meta Pixel's name.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.post(pixel_id, {"name": name}))


def list_shared_accounts(api: Caller, pixel_id: str, business: str) -> list[str]:
    """Return the ad accounts of a business that a Meta Pixel is shared with, as digits without `act_`.

    Raises:
        TokenError, ApiError, NetworkError: as `list_items` does; ApiError also where the answer has no accounts.
    """
    params = {"business": business, "fields": "account_id"}
    items = list(list_items(api, f"{pixel_id}/shared_accounts", params))
    return account_ids(item if isinstance(item, dict) else {} for item in items)


def share(api: Caller, pixel_id: str, business: str, account: str) -> None:
    """Share a Meta Pixel with an ad account, digits without `act_`, of a business.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.post(f"{pixel_id}/shared_accounts", {"business": business, "account_id": account}))


def unshare(api: Caller, pixel_id: str, business: str, account: str) -> None:
    """Stop sharing a Meta Pixel with an ad account, digits without `act_`, of a business.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.delete(f"{pixel_id}/shared_accounts", {"business": business, "account_id": account}))


def create_custom_conversion(
    api: Caller, account: str, pixel_id: str, name: str, event_type: str, rule: Mapping[str, object], value: str | None
) -> str:
    """Create a custom conversion over a Meta Pixel's events and return its id.

    Args:
        api: the transport.
        account: the ad account's digits, without `act_`.
        pixel_id: the Meta Pixel whose events count.
        name: what people call it.
        event_type: what it counts as, one of the values of `terms.CONVERSION_EVENTS`.
        rule: which events count, as the API takes it: `{"and": [{"event": {"eq": "PageView"}}, ...]}`.
        value: what one is worth where the event does not say, in the major unit of the ad account's currency (the
            API takes a decimal number and no currency); None leaves it out.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the answer has no id.
    """
    data = {"name": name, "event_source_id": pixel_id, "rule": json.dumps(rule), "custom_event_type": event_type}
    worth = {} if value is None else {"default_conversion_value": value}
    return read_members(api.post(f"act_{account}/customconversions", data | worth, again=False), "id")["id"]
