"""What goes out: JSON and errors in the vendor's form, ETags, and how much of the limits is used up."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.wrappers import Response

from snippetkit.patterns import later
from snippetkit.sandbox.request import UNVERSIONED, AskedCall

if TYPE_CHECKING:
    from snippetkit.sandbox.call import CallError

OLD_CONTENT_TYPE = "text/javascript; charset=UTF-8"
CALLS_PER_HOUR = 100_000
"""What counts as 100 percent: more than a test needs, as calls are refused only where a test asks for it."""

# facebook-sdk, which starts at v2.8, reads nothing else as JSON.
_CONTENT_TYPE = "application/json; charset=UTF-8"
_FIRST_WITH_JSON_TYPE = (2, 4)
_HOUR_S = 60 * 60
_ACCOUNT = later(r"/act_([0-9]+)")


class Reply(NamedTuple):
    """What goes out, alone or in a batch: the HTTP status, the headers in their order, and the body."""

    status: int
    headers: dict[str, str]
    content: bytes

    def response(self) -> Response:
        """Return it as a WSGI response."""
        return Response(self.content or None, self.status, self.headers)


def with_content(content: bytes, kind: str, status: int = 200) -> Reply:
    """Return an answer of a content of a type."""
    return Reply(status, {"Content-Type": kind, "Content-Length": str(len(content))}, content)


def json_answer(answer: object, version: tuple[int, int], status: int = 200) -> Reply:
    """Return an answer as the vendor writes it: no spaces, `<` escaped, the type by the API's version."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003C")
    kind = _CONTENT_TYPE if version >= _FIRST_WITH_JSON_TYPE else OLD_CONTENT_TYPE
    return with_content(text.encode("utf-8", "replace"), kind, status)


def error_response(error: CallError, version: tuple[int, int], path: str, now_s: int) -> Response:
    """Return a refusal as a WSGI response."""
    return error_answer(error, version, path, now_s).response()


def error_answer(error: CallError, version: tuple[int, int], path: str, now_s: int) -> Reply:
    """Return a refusal with its trace id, which stands for the call and the second."""
    digest = hashlib.sha256(f"{now_s} {path} {error}".encode("utf-8", "replace")).digest()
    trace_id = base64.urlsafe_b64encode(digest)[:11].decode()
    return json_answer({"error": {**error.body, "fbtrace_id": trace_id}}, version, error.status)


def with_etag(asked: AskedCall, answered: Reply) -> Reply:
    """Return the answer to a GET with its ETag, or 304 where the client has it (Graph API, "Using ETags").

    The quotes belong to an ETag, and it differs by User-Agent.
    """
    if asked.method != "GET":
        return answered
    agent = asked.agent.encode("utf-8", "replace")
    etag = f'"{hashlib.sha256(agent + bytes(1) + answered.content).hexdigest()[:40]}"'
    if etag in [known.strip() for known in asked.known_etags.split(",")]:
        answered = Reply(304, {"Content-Type": "text/plain; charset=utf-8"}, b"")
    answered.headers["ETag"] = etag
    return answered


@lru_cache(maxsize=256)
def usage_headers(account: str | None, percent: int, regain_min: int = 0) -> Mapping[str, str]:
    """Return the headers that say how much of the limits is used up.

    Args:
        account: the ad account's digits; None gives the app's header alone.
        percent: what is used up.
        regain_min: after how many minutes calls will be taken again; 0 if they are taken now.
    """
    share = {"call_count": percent, "total_cputime": percent, "total_time": percent}
    headers: dict[str, object] = {"x-app-usage": share}
    if account:
        use_case = {"type": "ads_management", **share, "estimated_time_to_regain_access": regain_min}
        headers["x-business-use-case-usage"] = {account: [use_case]}
        headers["x-ad-account-usage"] = {"acc_id_util_pct": percent, "reset_time_duration": regain_min * 60}
    return {name: json.dumps(value, separators=(",", ":")) for name, value in headers.items()}


def version_header(version: tuple[int, int]) -> dict[str, str]:
    """Return the header that names the API's version, where there is one."""
    return {} if version == UNVERSIONED else {"facebook-api-version": f"v{version[0]}.{version[1]}"}


def account_of(path: str) -> str | None:
    """Return the ad account that a path names, or None."""
    match = _ACCOUNT.search(path)
    return match[1] if match else None


class Usage:
    """Counts the calls of each hour. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hour = 0
        self._calls = 0

    def headers(self, path: str, now_s: int) -> Mapping[str, str]:
        """Count a call of this path, and return the headers for its answer."""
        with self._lock:
            if self._hour != now_s // _HOUR_S:
                self._hour, self._calls = now_s // _HOUR_S, 0
            self._calls += 1
            return usage_headers(account_of(path), min(100 * self._calls // CALLS_PER_HOUR, 100))
