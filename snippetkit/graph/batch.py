"""Many GETs in batches (Graph API, "Batch Requests")."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from snippetkit.errors import AnsweredError, ApiError, PassingError
from snippetkit.graph.answers import Answer
from snippetkit.graph.retry import wait_s

if TYPE_CHECKING:
    from snippetkit.graph.caching import Keeper
    from snippetkit.graph.transport import Transport

MAX_MEMBERS = 50

Call = tuple[str, Mapping[str, str]]
Answers = dict[int, object]


def get_many(api: Transport, calls: Sequence[Call]) -> list[object]:
    """Return the parsed JSON that the API answers to many GETs, in order; they are sent in batches of 50.

    A member that the API did not answer, or refused for now, is asked again. One that it refused is in the list as its
    AnsweredError.

    Args:
        api: the transport.
        calls: the path (no leading slash) and the parameters of each.

    Raises:
        TokenError, ApiError, NetworkError: a batch as a whole was refused, or did not arrive.
    """
    answers: Answers = {}
    for start in range(0, len(calls), MAX_MEMBERS):
        answers |= _get_batch(api, dict(enumerate(calls[start : start + MAX_MEMBERS], start)))
    return [answers[number] for number in range(len(calls))]


def _get_batch(api: Transport, calls: Mapping[int, Call]) -> Answers:
    answers = _ask(api, calls)
    tries = 1
    while passing := {number: error for number, error in answers.items() if isinstance(error, PassingError)}:
        waits_s = [wait_s(error, tries, api.clock) for error in passing.values()]
        if None in waits_s:
            break
        api.clock.sleep(max(seconds for seconds in waits_s if seconds is not None))
        tries += 1
        answers |= _ask(api, {number: calls[number] for number in passing})
    return answers


def _ask(api: Transport, calls: Mapping[int, Call]) -> Answers:
    with api.store.together():
        keepers = {number: api.keeper(path, params) for number, (path, params) in calls.items()}
    if api.offline:
        return {number: keeper.kept() for number, keeper in keepers.items()}
    batch = [_member(keeper) for keeper in keepers.values()]
    members = api.post("", {"batch": json.dumps(batch), "include_headers": "true"})
    if not isinstance(members, list) or len(members) != len(calls):
        raise ApiError("the API answered a batch in an unknown form")
    with api.store.together():
        return {
            number: _read(keepers[number], f"GET /{path}", member)
            for (number, (path, _)), member in zip(calls.items(), members, strict=True)
        }


def _member(keeper: Keeper) -> dict[str, object]:
    headers = {"headers": [{"name": "If-None-Match", "value": keeper.etag}]} if keeper.etag else {}
    return {"method": "GET", "relative_url": keeper.url, **headers}


def _read(keeper: Keeper, call: str, member: object) -> object:
    try:
        return keeper.read(_answer(call, member))
    except AnsweredError as error:
        return error


def _answer(call: str, member: object) -> Answer:
    if member is None:
        raise PassingError(f"{call}: the API did not get to it", hint="try again later")
    fields = member if isinstance(member, dict) else {}
    status, headers, body = (fields.get(name) for name in ("code", "headers", "body"))
    if not isinstance(status, int) or not isinstance(body, str | None):
        raise ApiError(f"{call}: the API answered a member of a batch in an unknown form")
    pairs = [item for item in headers if isinstance(item, dict)] if isinstance(headers, list) else []
    lower = {str(item.get("name", "")).lower(): str(item.get("value", "")) for item in pairs}
    return Answer(call, status, lower, (body or "").encode())
