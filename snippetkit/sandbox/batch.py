"""Several calls in one request (Graph API, "Batch Requests"): each member is a request like any other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode

from werkzeug.wrappers import Request

from snippetkit.sandbox.answers import OLD_CONTENT_TYPE, Reply
from snippetkit.sandbox.call import CallError
from snippetkit.sandbox.request import target

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_MEMBERS = 50

_MEMBER = "snippetkit.batch_member"
_HANDED_ON = ("HTTP_USER_AGENT", "HTTP_AUTHORIZATION", "HTTP_HOST", "REMOTE_ADDR")
_SERVER = ("wsgi.", "SERVER_")


def is_batch(request: Request, params: Mapping[str, str]) -> bool:
    """Return whether a request is a batch; a member of one never is."""
    at_root = not target(request.path).parts
    return request.method == "POST" and at_root and "batch" in params and _MEMBER not in request.environ


def read_members(request: Request, params: Mapping[str, str]) -> list[tuple[WSGIEnvironment, bytes]]:
    """Return each member of a batch as a WSGI server would give it, with the content of its form.

    Args:
        request: the batch; its version, token and User-Agent are for members without their own.
        params: its parameters.

    Raises:
        CallError: it is no list of calls, or a longer one than the vendor takes.
    """
    shared = _shared(request)
    token = urlencode({"access_token": params["access_token"]}) if "access_token" in params else ""
    return [_environ(shared, request, token, member) for member in _members(params["batch"])]


def _members(text: str) -> list[object]:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, list):
        raise _refusal("batch must be a JSON list of calls")
    if len(members) > MAX_MEMBERS:
        raise _refusal(f"Too many requests in batch message. Maximum batch size is {MAX_MEMBERS}")
    return members


def _shared(request: Request) -> WSGIEnvironment:
    """What all members take from the batch: the server, and the headers that hold for them too."""
    kept = {name: value for name, value in request.environ.items() if name.startswith(_SERVER) or name in _HANDED_ON}
    return {**kept, "SCRIPT_NAME": "", _MEMBER: True}


def _environ(shared: WSGIEnvironment, request: Request, token: str, member: object) -> tuple[WSGIEnvironment, bytes]:
    fields = member if isinstance(member, dict) else {}
    method, url, body = (fields.get(name, "") for name in ("method", "relative_url", "body"))
    if not (method and all(isinstance(text, str) for text in (method, url, body))):
        raise _refusal("each call of a batch needs method and relative_url; body is text")
    path, _, query = (_wire(part) for part in url.partition("?"))
    content = body.encode("utf-8", "replace")
    form = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(content))} if content else {}
    environ = {
        **shared,
        **_headers(fields.get("headers")),
        "REQUEST_METHOD": method.upper(),
        "PATH_INFO": unquote(_versioned(request, path), "latin-1"),
        "QUERY_STRING": "&".join(part for part in (query, token) if part),
        **form,
        "wsgi.input": BytesIO(content),
    }
    return environ, content


def _wire(text: str) -> str:
    """Text as in WSGI: the bytes on the wire, each as a character (PEP 3333, "Unicode Issues")."""
    return text.encode("utf-8", "replace").decode("latin-1")


def _versioned(request: Request, path: str) -> str:
    """The member's path; where it names no version, it gets that of the batch."""
    parts = [part for part in path.split("/") if part]
    if len(target(path).parts) == len(parts):
        parts = [part for part in request.path.split("/") if part] + parts
    return "/" + "/".join(parts)


def _headers(headers: object) -> WSGIEnvironment:
    """A member's headers, each as `Name: value` or as an object with both."""
    pairs = [
        (item.get("name"), item.get("value")) if isinstance(item, dict) else str(item).partition(":")[::2]
        for item in (headers if isinstance(headers, list) else [])
    ]
    return {f"HTTP_{name}".strip().upper().replace("-", "_"): str(value).strip() for name, value in pairs}


def answer_of(answered: Reply) -> object:
    """Return what a batch answers for a member: null for one that answers null."""
    if answered.content == b"null":
        return None
    headers = {**answered.headers, "Content-Type": OLD_CONTENT_TYPE}
    return {
        "code": answered.status,
        "headers": [{"name": name, "value": value} for name, value in headers.items()],
        "body": answered.content.decode("utf-8", "replace") or None,
    }


def _refusal(message: str) -> CallError:
    error = CallError(100, message)
    error.body["type"] = "GraphBatchException"
    return error
