"""The calls about conversion pixels (reference "Conversion pixels"), and the one door for what they answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from snippetkit.errors import AnsweredError, ApiError, NetworkError, PassingError
from snippetkit.graph.batch import get_many
from snippetkit.model import Pixel

if TYPE_CHECKING:
    from snippetkit.graph.transport import Transport

_LIST_FIELDS = "id,name,tag,status,creator"
_READ_FIELDS = f"{_LIST_FIELDS},js_pixel"
_PAGE_SIZE = "100"


class _Caller(Protocol):
    def get(self, path: str, params: Mapping[str, str]) -> object: ...
    def post(self, path: str, data: Mapping[str, str], *, again: bool = True) -> object: ...
    def delete(self, path: str, data: Mapping[str, str]) -> object: ...


def create_pixel(api: _Caller, account: str, name: str, tag: str) -> str:
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
        # It may have been made all the same: a name is unique in its account, so the list tells.
        made = next((pixel.id for pixel in list_pixels(api, account) if pixel.name == name), None)
        return made or create()


def list_pixels(api: _Caller, account: str) -> Iterator[Pixel]:
    """Yield all pixels of an account, page after page, without their code.

    The next page is asked for by its cursor, never by the URL in the answer.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the pages run in a circle.
    """
    params, seen = {"fields": _LIST_FIELDS, "limit": _PAGE_SIZE}, set[str]()
    while True:
        answer = api.get(f"act_{account}/offsitepixels", params)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise ApiError("the API answered a list of pixels in a form that is not known")
        yield from (_pixel(item) for item in answer["data"])
        after = _next_cursor(answer.get("paging"))
        if after is None:
            return
        if after in seen:
            raise ApiError("the API answers the same page of pixels again and again")
        seen.add(after)
        params = params | {"after": after}


def read_pixel(api: _Caller, pixel_id: str, value_cents: int | None = None) -> Pixel:
    """Return one pixel with its code.

    Args:
        api: the transport.
        pixel_id: the pixel's id, digits.
        value_cents: what one conversion is worth, in minor units; None leaves the API's default of 1.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where another pixel is answered.
    """
    return _pixel_asked_for(pixel_id, api.get(*_read_call(pixel_id, value_cents)))


def read_pixels(
    api: Transport, pixel_ids: Sequence[str], value_cents: int | None = None
) -> Iterator[tuple[str, Pixel | AnsweredError]]:
    """Yield each id with its pixel and the pixel's code, or with the error that the API answered for it.

    They are asked for in batches of 50.

    Args:
        api: the transport.
        pixel_ids: digits, each.
        value_cents: what one conversion of each is worth, in minor units; None leaves the API's default of 1.

    Raises:
        TokenError, ApiError, NetworkError: a batch as a whole was refused, or did not arrive.
    """
    found = get_many(api, [_read_call(pixel_id, value_cents) for pixel_id in pixel_ids])
    for pixel_id, answer in zip(pixel_ids, found, strict=True):
        try:
            yield pixel_id, answer if isinstance(answer, AnsweredError) else _pixel_asked_for(pixel_id, answer)
        except ApiError as error:
            yield pixel_id, error


def read_code(api: _Caller, pixel_id: str, value_cents: int | None = None) -> str:
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
    if not codes or not isinstance(code := codes[0], str) or not _is_text(code) or codes.count(code) != len(codes):
        raise ApiError("the API answered snippets in a form that is not known")
    return code


def update_pixel(api: _Caller, pixel_id: str, *, name: str | None = None, tag: str | None = None) -> None:
    """Change a pixel's name, its tag, or both; None leaves it as it is.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    changes = {"name": name, "tag": tag}
    _check_done(api.post(pixel_id, {field: text for field, text in changes.items() if text is not None}))


def delete_pixel(api: _Caller, pixel_id: str) -> None:
    """Delete a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    _check_done(api.delete(pixel_id, {}))


def list_accounts(api: _Caller, pixel_id: str) -> list[str]:
    """Return the ad accounts that may use a pixel, as digits without `act_`.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the answer has no accounts.
    """
    accounts = [str(item.get("account_id", "")) for item in _members(api.get(f"{pixel_id}/adaccounts", {}))]
    if not all(account.isascii() and account.isdecimal() for account in accounts):
        raise ApiError("the API answered ad accounts in a form that is not known")
    return accounts


def authorize(api: _Caller, pixel_id: str, accounts: Sequence[str]) -> None:
    """Let ad accounts, digits without `act_`, use a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    _check_done(api.post(f"{pixel_id}/adaccounts", {"adaccounts": json.dumps(accounts)}))


def deauthorize(api: _Caller, pixel_id: str, accounts: Sequence[str]) -> None:
    """Let ad accounts, digits without `act_`, no longer use a pixel.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the API says that it did not.
    """
    _check_done(api.delete(f"{pixel_id}/adaccounts", {"adaccounts": json.dumps(accounts)}))


def _check_done(answer: object) -> None:
    """`true` up to v2.2, `{"success": true}` from v2.3 on."""
    if answer is not True and answer != {"success": True}:
        raise ApiError("the API answered that it did not do it", hint="'snippetkit pixels list' shows what there is")


def _members(answer: object) -> list[dict[str, object]]:
    """The objects of an answer that is a list, a list in `data`, or either by the id of what was asked for."""
    found = answer.get("data", answer) if isinstance(answer, dict) else answer
    if isinstance(found, dict):
        found = [item for value in found.values() for item in (value if isinstance(value, list) else [value])]
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ApiError("the API answered in a form that is not known")
    return found


def _read_call(pixel_id: str, value_cents: int | None) -> tuple[str, dict[str, str]]:
    return pixel_id, {"fields": _READ_FIELDS} | ({} if value_cents is None else {"value": str(value_cents)})


def _pixel_asked_for(pixel_id: str, answer: object) -> Pixel:
    pixel = _pixel(answer)
    if pixel.id != pixel_id:
        raise ApiError(f"asked for pixel {pixel_id}, the API answered {pixel.id}")
    return pixel


def _next_cursor(paging: object) -> str | None:
    if not isinstance(paging, dict) or "next" not in paging:
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if not isinstance(after, str) or not after:
        raise ApiError("the API says that there are more pixels, but gives no cursor to them")
    return after


def _pixel(answer: object) -> Pixel:
    if not isinstance(answer, dict):
        raise ApiError("the API answered a pixel in a form that is not known")
    fields = {name: answer.get(name, "") for name in _READ_FIELDS.split(",")}
    for name, value in fields.items():
        if not isinstance(value, str) or not _is_text(value):
            raise ApiError(f"the API answered a pixel whose {name} is not text")
    if not (fields["id"].isascii() and fields["id"].isdecimal()):
        raise ApiError(f"the API answered a pixel whose id is {fields['id']!r}")
    return Pixel(**(fields | {"tag": fields["tag"].upper()}))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
