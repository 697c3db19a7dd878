"""The calls about conversion pixels (reference "Conversion pixels"), and the one door for what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from snippetkit.errors import ApiError
from snippetkit.model import Pixel

_LIST_FIELDS = "id,name,tag,status,creator"
_READ_FIELDS = f"{_LIST_FIELDS},js_pixel"
_PAGE_SIZE = "100"


class _Caller(Protocol):
    def get(self, path: str, params: Mapping[str, str]) -> object: ...
    def post(self, path: str, data: Mapping[str, str]) -> object: ...


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
    answer = api.post(f"act_{account}/offsitepixels", {"name": name, "tag": tag})
    return _pixel(answer).id


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
    value = {} if value_cents is None else {"value": str(value_cents)}
    pixel = _pixel(api.get(pixel_id, {"fields": _READ_FIELDS, **value}))
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
