"""The calls about conversion pixels (reference "Conversion pixels")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from snippetkit.errors import AnsweredError, ApiError, NetworkError, PassingError
from snippetkit.graph.batch import get_many
from snippetkit.graph.items import (
    CONVERSION_NODE,
    Caller,
    account_ids,
    check_done,
    check_id,
    hint_at_kind,
    list_items,
    read_members,
)
from snippetkit.graph.loose_json import is_text
from snippetkit.model import Pixel

if TYPE_CHECKING:
    from snippetkit.graph.transport import Transport

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

    def create() -> str:
        return _pixel(api.post(f"act_{account}/offsitepixels", {"name": name, "tag": tag}, again=False)).id

    try:
        return create()
    except (NetworkError, PassingError):
        # It may have been made all the same: a name is unique in its account, so the list shows it.
        made = next((pixel.id for pixel in list_pixels(api, account) if pixel.name == name), None)
        return made or create()


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
    try:
        answer = api.get(*_read_call(pixel_id, value_cents))
    except ApiError as error:
        hint_at_kind(error, CONVERSION_NODE)
        raise
    return _pixel_asked_for(pixel_id, answer)


def read_pixels(
    api: Transport, pixel_ids: Sequence[str], value_cents: int | None = None
) -> Iterator[tuple[str, Pixel | AnsweredError]]:
    """Yield each id with its pixel and the pixel's code, or with the error that the API answered for it.

    They are asked for in batches of 50.

    Args:
        api: the transport.
        pixel_ids: each is digits.
        value_cents: what one conversion of each is worth, in minor units; None leaves the API's default of 1.

    Raises:
        TokenError, ApiError, NetworkError: a batch as a whole was refused, or did not arrive.
    """
    answers = get_many(api, [_read_call(pixel_id, value_cents) for pixel_id in pixel_ids])
    for pixel_id, answer in zip(pixel_ids, answers, strict=True):
        if isinstance(answer, AnsweredError):
            hint_at_kind(answer, CONVERSION_NODE)
        try:
            yield pixel_id, answer if isinstance(answer, AnsweredError) else _pixel_asked_for(pixel_id, answer)
        except ApiError as error:
            yield pixel_id, error


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
        raise ApiError("the API answered snippets in an unknown form")
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
    """The objects of an answer: a list, a list in `data`, or objects or lists under the ids that were asked for."""
    members = answer.get("data", answer) if isinstance(answer, dict) else answer
    if isinstance(members, dict):
        members = [item for value in members.values() for item in (value if isinstance(value, list) else [value])]
    if not isinstance(members, list) or not all(isinstance(item, dict) for item in members):
        raise ApiError("the API answered in an unknown form")
    return members


def _pixel(answer: object) -> Pixel:
    members = read_members(answer, _READ_FIELDS)
    return Pixel(**(members | {"tag": members["tag"].upper()}))


def _read_call(pixel_id: str, value_cents: int | None) -> tuple[str, dict[str, str]]:
    return pixel_id, {"fields": _READ_FIELDS} | ({} if value_cents is None else {"value": str(value_cents)})


def _pixel_asked_for(pixel_id: str, answer: object) -> Pixel:
    pixel = _pixel(answer)
    check_id(pixel.id, pixel_id)
    return pixel
