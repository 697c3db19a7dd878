"""What the Graph API's answers have in common: pages, members, and how they say that something was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from urllib.parse import parse_qs

from snippetkit.errors import AnsweredError, ApiError
from snippetkit.graph.loose_json import is_text
from snippetkit.patterns import later

PAGE_SIZE = "100"
MAX_PAGES = 10_000
CONVERSION_NODE = "OffsitePixel"
META_NODE = "AdsPixel"
"""What the API calls the two kinds of pixels."""

_NODE_TYPE = later(r"on node type \((\w+)\)")
_OTHER_KINDS = {
    CONVERSION_NODE: ("this is a conversion pixel, not a Meta Pixel", "leave out --kind meta"),
    META_NODE: ("this is a Meta Pixel, not a conversion pixel", "add --kind meta"),
}


class Caller(Protocol):
    """What a Transport does."""

    def get(self, path: str, params: Mapping[str, str]) -> object: ...
    def post(self, path: str, data: Mapping[str, str], *, again: bool = True) -> object: ...
    def delete(self, path: str, data: Mapping[str, str]) -> object: ...


def list_items(api: Caller, path: str, params: Mapping[str, str]) -> Iterator[object]:
    """Yield the items of a list, page after page.

    The next page is asked for by its cursor, never by the URL in the answer.

    Raises:
        TokenError, ApiError, NetworkError: as the transport does; ApiError also where the pages go round in circles, or
            are more than MAX_PAGES.
    """
    first, after, seen = {**params, "limit": PAGE_SIZE}, dict[str, str](), set[str]()
    for _ in range(MAX_PAGES):
        answer = api.get(path, first | after)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise ApiError("the API answered a list in an unknown form")
        yield from answer["data"]
        after = _next_cursor(answer.get("paging"))
        if not after:
            return
        if seen & set(after.values()):
            raise ApiError("the API answers the same page again and again")
        seen |= set(after.values())
    raise ApiError(f"the API answers more than {MAX_PAGES} pages")


def read_members(answer: object, names: str) -> dict[str, str]:
    """Return the members of an object that has an `id`; one that the API left out is an empty string.

    Args:
        answer: what the API answered.
        names: the members, separated by commas, `id` among them.

    Raises:
        ApiError: it is no object, a member is not text, or the id is not a number.
    """
    if not isinstance(answer, dict):
        raise ApiError("the API answered a pixel in an unknown form")
    members = {name: answer.get(name, "") for name in names.split(",")}
    for name, value in members.items():
        if not isinstance(value, str) or not is_text(value):
            raise ApiError(f"the API answered a pixel whose {name} is not text")
    if not (members["id"].isascii() and members["id"].isdecimal()):
        raise ApiError(f"the API answered a pixel whose id is {members['id']!r}")
    return members


def check_done(answer: object) -> None:
    """Make sure that an answer says that it was done: `true` up to v2.2, `{"success": true}` from v2.3 on.

    Raises:
        ApiError: it does not.
    """
    if answer is not True and answer != {"success": True}:
        raise ApiError("the API answered that it was not done", hint="'snippetkit pixels list' shows what there is")


def check_id(answered: str, asked: str) -> None:
    """Make sure that the pixel that was answered is the one that was asked for.

    Raises:
        ApiError: it is not.
    """
    if answered != asked:
        raise ApiError(f"asked for pixel {asked}, the API answered {answered}")


def hint_at_kind(error: AnsweredError, asked: str) -> None:
    """Have a refusal say that the id is one of the other kind of pixels, where the API's own words come to that.

    Args:
        error: what the API refused.
        asked: what the API calls the kind that was asked for.
    """
    match = _NODE_TYPE.search(str(error.fields.get("message", "")))
    if match and match[1] != asked and match[1] in _OTHER_KINDS:
        what, error.hint = _OTHER_KINDS[match[1]]
        error.args = (f"{str(error).partition(':')[0]}: {what}",)


def account_ids(items: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the ad accounts that are answered, text or numbers, as digits without `act_`.

    Raises:
        ApiError: one of them has no such number.
    """
    accounts = [str(item.get("account_id", "")) for item in items]
    if not all(account.isascii() and account.isdecimal() for account in accounts):
        raise ApiError("the API answered ad accounts in an unknown form")
    return accounts


def _next_cursor(paging: object) -> dict[str, str]:
    """The parameter that asks for the next page, none at the end; `__after_id` is that of old versions."""
    if not isinstance(paging, dict) or "next" not in paging:
        return {}
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if isinstance(after, str) and after:
        return {"after": after}
    old = parse_qs(str(paging["next"]).partition("?")[2]).get("__after_id")
    if not old:
        raise ApiError("the API says that there is more, but gives no cursor to it")
    return {"__after_id": old[0]}
