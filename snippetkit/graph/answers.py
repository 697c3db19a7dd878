"""What the API answers: parsed JSON, or an error that keeps what the API said (Graph API, "Handling Errors")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from snippetkit.errors import AnsweredError, ApiError, PassingError, TokenError
from snippetkit.records import dataclass

MAX_MESSAGE_CHARACTERS = 500

_TOKEN_CODES = frozenset({102, 190})
_PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
_PASSING_CODES = frozenset({1, 2, 4, 17, 32, 341, 613, *range(80000, 80007), 80008, 80009, 80014})
_LASTING_SUBCODES = frozenset({1487225, 1487632})
_TOKEN_HINT = "get a new token: https://developers.facebook.com/tools/explorer/"  # noqa: S105
_PERMISSION_HINT = "the token needs ads_management, and access to this ad account"
_LIST = "'snippetkit pixels list' shows which there are"
_UNKNOWN_OBJECT = (100, 33)
_HINTS = {
    803: _LIST,
    368: "this violates the API's policy; see the ad account's support inbox",
    2500: "check --api-url and --api-version",
    2635: "name a version that is served: --api-version",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: `call` is the method and the path, `headers` have names in lower case."""

    call: str
    status: int
    headers: Mapping[str, str]
    content: bytes


def read(answer: Answer) -> object:
    """Return the parsed JSON of an answer.

    Raises:
        PassingError, TokenError, ApiError: the API refused, or the answer is not JSON.
    """
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        raise _unreadable(answer) from None
    error = document.get("error") if isinstance(document, dict) else None
    if error is not None or answer.status != 200:
        raise _refusal(answer, error if isinstance(error, dict) else {})
    return document


def _unreadable(answer: Answer) -> ApiError:
    text = f"{answer.call}: HTTP {answer.status}, and the answer is not JSON"
    if answer.status >= 500 or answer.content.strip() == b"Service Unavailable":
        return PassingError(text, hint="try again later")
    return ApiError(text, hint="check --api-url")


def _refusal(answer: Answer, fields: dict[str, object]) -> AnsweredError:
    code = _whole(fields.get("code"))
    message = str(fields.get("message", "no reason given"))[:MAX_MESSAGE_CHARACTERS]
    text = f"{answer.call}: {message} (HTTP {answer.status}, code {code})"
    if code in _TOKEN_CODES:
        return TokenError(text, hint=_TOKEN_HINT, fields=fields)
    if code in _PERMISSION_CODES:
        return TokenError(text, hint=_PERMISSION_HINT, fields=fields)
    if _is_passing(answer.status, code, fields):
        regain_s = max(_regain_times_s(answer.headers), default=None)
        hint = "try again later" if regain_s is None else f"the API takes calls again in {regain_s / 60:.0f} minutes"
        return PassingError(text, hint=hint, fields=fields, regain_s=regain_s)
    is_unknown = (code, fields.get("error_subcode")) == _UNKNOWN_OBJECT
    return ApiError(text, hint=_LIST if is_unknown else _HINTS.get(code or 0, ""), fields=fields)


def _whole(number: object) -> int | None:
    return number if isinstance(number, int) else None


def _is_passing(status: int, code: int | None, fields: Mapping[str, object]) -> bool:
    passing = code in _PASSING_CODES and fields.get("error_subcode") not in _LASTING_SUBCODES
    return passing or fields.get("is_transient") is True or status >= 500


def _regain_times_s(headers: Mapping[str, str]) -> Iterator[float]:
    """Seconds until calls are taken again: per account in seconds, per business use case in minutes."""
    account = _usage(headers, "x-ad-account-usage")
    if isinstance(account, dict):
        yield from _positive(account.get("reset_time_duration"), 1)
    cases = _usage(headers, "x-business-use-case-usage")
    for entries in cases.values() if isinstance(cases, dict) else []:
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                yield from _positive(entry.get("estimated_time_to_regain_access"), 60)


def _usage(headers: Mapping[str, str], name: str) -> object:
    try:
        return json.loads(headers.get(name, "null"))
    except (ValueError, RecursionError):
        return None


def _positive(number: object, seconds: int) -> Iterator[float]:
    if isinstance(number, int | float) and number > 0:
        yield float(number * seconds)
