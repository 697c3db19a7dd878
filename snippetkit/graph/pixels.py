"""The calls about conversion pixels (reference "Conversion pixels")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from snippetkit.errors import ApiError
from snippetkit.graph.answers import Caller, account_ids, check_done, check_id, is_text, list_items, read_members
from snippetkit.model import Pixel

_LIST_FIELDS = "id,name,tag,status,creator"
_READ_FIELDS = f"{_LIST_FIELDS},js_pixel"


def create_pixel(api: Caller, account: str, name: str, tag: str) -> str:
    """Create a pixel and return its id.

    Args:
        api: the transport.
        account: the ad account's digits, without `act_`.
        name: unique inside the account.
        tag: one of `terms.PIXEL_TAGS`.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the answer has no id.
    """
    answer = api.post(f"act_{account}/offsitepixels", {"name": name, "tag": tag})
    return _pixel(answer).id


def list_pixels(api: Caller, account: str) -> Iterator[Pixel]:
    """Yield all pixels of an account, page after page, without their code.

    Raises:
        TokenError, ApiError, NetworkError: as `list_items` does; ApiError also where an item is no pixel.
    """
    yield from map(_pixel, list_items(api, f"act_{account}/offsitepixels", {"fields": _LIST_FIELDS}))


def read_pixel(api: Caller, pixel_id: str, value_cents: int | None = None) -> Pixel:
    """Return one pixel with its code.

    Args:
        api: the transport.
        pixel_id: the pixel's id, digits.
        value_cents: what one conversion is worth, in minor units; None leaves the API's default of 1.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where another pixel is answered.
    """
    value = {} if value_cents is None else {"value": str(value_cents)}
    pixel = _pixel(api.get(pixel_id, {"fields": _READ_FIELDS, **value}))
    check_id(pixel.id, pixel_id)
    return pixel


def read_code(api: Caller, pixel_id: str, value_cents: int | None = None) -> str:
    """Return a pixel's code by the other of the two ways to it, `<pixel>/snippets`.

    Args:
        api: the transport.
        pixel_id: the pixel's id, digits.
        value_cents: what one conversion is worth, in minor units; None leaves the API's default of 1.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where there is not exactly one code.
    """
    value = {} if value_cents is None else {"value": str(value_cents)}
    codes = [item["js"] for item in _members(api.get(f"{pixel_id}/snippets", value)) if "js" in item]
    if not codes or not isinstance(code := codes[0], str) or not is_text(code) or codes.count(code) != len(codes):
        raise ApiError("the API answered snippets in a form that is not known")
    return code


def update_pixel(api: Caller, pixel_id: str, *, name: str | None = None, tag: str | None = None) -> None:
    """Change a pixel's name, its tag, or both; None leaves it as it is.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    changes = {"name": name, "tag": tag}
    check_done(api.post(pixel_id, {field: text for field, text in changes.items() if text is not None}))


def delete_pixel(api: Caller, pixel_id: str) -> None:
    """Delete a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.delete(pixel_id, {}))


def list_accounts(api: Caller, pixel_id: str) -> list[str]:
    """Return the ad accounts that may use a pixel, as digits without `act_`.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the answer has no accounts.
    """
    return account_ids(_members(api.get(f"{pixel_id}/adaccounts", {})))


def authorize(api: Caller, pixel_id: str, accounts: Sequence[str]) -> None:
    """Let ad accounts, digits without `act_`, use a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.post(f"{pixel_id}/adaccounts", {"adaccounts": json.dumps(accounts)}))


def deauthorize(api: Caller, pixel_id: str, accounts: Sequence[str]) -> None:
    """Let ad accounts, digits without `act_`, no longer use a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    check_done(api.delete(f"{pixel_id}/adaccounts", {"adaccounts": json.dumps(accounts)}))


def _members(answer: object) -> list[dict[str, object]]:
    """The objects of an answer that is a list, a list in `data`, or either by the id of what was asked for."""
    found = answer.get("data", answer) if isinstance(answer, dict) else answer
    if isinstance(found, dict):
        found = [item for value in found.values() for item in (value if isinstance(value, list) else [value])]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ApiError("the API answered in a form that is not known")
    return found


def _pixel(answer: object) -> Pixel:
    members = read_members(answer, _READ_FIELDS)
    return Pixel(**(members | {"tag": members["tag"].upper()}))
