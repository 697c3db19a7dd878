"""What all calls have in common: the request, refusals, and the shapes of an object and of a list."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urlencode

from snippetkit.patterns import later
from snippetkit.records import dataclass

if TYPE_CHECKING:
    from snippetkit.sandbox.store import Store

ID = later(r"[0-9]{1,18}")
MAX_NAME_CHARACTERS = 100

_WHOLE_NUMBER = later(r"[0-9]{1,15}")
_MAX_PAGE_SIZE = 5000
_FIRST_WITH_SUCCESS = (2, 3)
_FIRST_WITH_ID_ONLY = (2, 4)
# Credentials stay out of a URL unless they came in one: then the vendor repeats the token in `next`.
_NOT_IN_NEXT = {"appsecret_proof", "method"}
_PASSING_CODES = {1, 2, 4, 17, 32, 341, 613, *range(80000, 80007), 80008, 80009, 80014}


class CallError(Exception):
    """A refusal in the vendor's form (Graph API, "Handling Errors").

    `body` is the answer without its trace id, `status` the HTTP status.
    """

    def __init__(self, code: int, message: str, *, subcode: int | None = None, status: int = 400) -> None:
        super().__init__(message)
        kind = "GraphMethodException" if subcode == NO_SUCH_OBJECT else "OAuthException"
        self.status = status
        self.body: dict[str, object] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.body["error_subcode"] = subcode
        self.body["is_transient"] = code in _PASSING_CODES


NO_SUCH_OBJECT = 33
"""The subcode of code 100 where there is no such object, or none that this token may see."""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request: the store, the time, the API version, the URL, and the parameters from wherever they came."""

    store: Store
    now_s: int
    version: tuple[int, int]
    base_url: str
    path: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a call is found, and what answers it.

    `kind` is what the first part of the path has to name (`offsitepixel`, ..), empty for an ad account or a fixed
    path; `path` a werkzeug rule; `answer` gets the call and the rule's variables, and returns what goes out as JSON.
    """

    kind: str
    path: str
    method: str
    answer: Callable[..., object]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_HasId)


def done(call: ApiCall) -> object:
    """Return the answer that says that it was done: `true` up to v2.2, `{"success": true}` from v2.3 on."""
    return {"success": True} if call.version >= _FIRST_WITH_SUCCESS else True


def has_account_objects(call: ApiCall) -> bool:
    """Return whether accounts are answered as a list of objects, as from v2.3 on."""
    return call.version >= _FIRST_WITH_SUCCESS


def no_object(object_id: str) -> CallError:
    """Return the refusal of an id that names nothing here."""
    return CallError(
        100,
        f"Unsupported request: there is no object {object_id}, or this token may not see it",
        subcode=NO_SUCH_OBJECT,
    )


def check_account(account: str) -> None:
    """Refuse what is no ad account's id."""
    if not ID.fullmatch(account):
        raise no_object(f"act_{account}")


def name(call: ApiCall, default: str = "") -> str:
    """Return the `name` that the request gives."""
    text = call.params.get("name", default).strip()
    if not text or len(text) > MAX_NAME_CHARACTERS:
        raise CallError(100, f"(#100) name must have 1 to {MAX_NAME_CHARACTERS} characters")
    return text


def whole_number(call: ApiCall, parameter: str, default: str = "") -> str:
    """Return a parameter that is a whole number, as its digits."""
    text = call.params.get(parameter, default)
    if not _WHOLE_NUMBER.fullmatch(text):
        raise CallError(100, f"(#100) {parameter} must be a whole number")
    return text


def object_id(call: ApiCall, parameter: str) -> str:
    """Return a parameter that is an id; it may begin with `act_`."""
    text = call.params.get(parameter, "").removeprefix("act_")
    if not ID.fullmatch(text):
        raise CallError(100, f"(#100) {parameter} must be an id")
    return text


def select(call: ApiCall, node_type: str, fields: Mapping[str, Callable[[], object]]) -> dict[str, object]:
    """Return the fields of an object that the request asks for; from v2.4 on only `id` where it names none.

    Args:
        call: its parameter `fields` counts, as csv or as a JSON list.
        node_type: the vendor's name of such an object, for the refusal.
        fields: what gives each field; one that gives None is left out.
    """
    wanted = _wanted(call.params.get("fields", "").strip()) or (
        ["id"] if call.version >= _FIRST_WITH_ID_ONLY else list(fields)
    )
    for field in wanted:
        if field not in fields:
            raise CallError(100, f"(#100) Tried accessing nonexisting field ({field}) on node type ({node_type})")
    values = {field: fields[field]() for field in fields if field == "id" or field in wanted}
    return {field: value for field, value in values.items() if value is not None}


def page(
    call: ApiCall,
    find: Callable[[str, int], Sequence[_Item]],
    read: Callable[[_Item], object],
    count: Callable[[], int],
) -> dict[str, object]:
    """Return one page of a list.

    Args:
        call: its parameters `limit`, `after` and `summary` count.
        find: gives the items after an id, ordered by id, up to a number of them.
        read: gives what goes out for an item.
        count: gives how many items there are on all pages.
    """
    limit = min(int(whole_number(call, "limit", "25")), _MAX_PAGE_SIZE)
    fetched = find(whole_number(call, "after", "0"), limit + 1)
    items = fetched[:limit]
    answer: dict[str, object] = {"data": [read(item) for item in items]}
    if items:
        answer["paging"] = _paging(call, items[0].id, items[-1].id, more=len(fetched) > limit)
    if call.params.get("summary", "false").lower() not in {"false", "0", ""}:
        answer["summary"] = {"total_count": count()}
    return answer


def time_text(at_s: int | None) -> str | None:
    """Return a time as the vendor writes it, in UTC; None stays None."""
    return None if at_s is None else datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


@lru_cache(maxsize=64)
def _wanted(text: str) -> tuple[str, ...]:
    """The names of the fields that a call asks for."""
    try:
        fields = json.loads(text) if text.startswith("[") else text.split(",")
    except (ValueError, RecursionError):
        raise CallError(100, "(#100) fields must be names with commas between them, or a JSON list") from None
    return tuple(str(field).strip() for field in fields if str(field).strip())


def _paging(call: ApiCall, first: str, last: str, *, more: bool) -> dict[str, object]:
    cursors = {"before": first, "after": last}
    if not more:
        return {"cursors": cursors}
    params = {name: text for name, text in call.params.items() if name not in _NOT_IN_NEXT}
    return {"cursors": cursors, "next": f"{call.base_url}{call.path}?{urlencode(params | {'after': last})}"}
