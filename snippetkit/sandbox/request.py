"""What a request says, wherever it says it: published clients use the query, forms and JSON with every method."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from snippetkit.patterns import later
from snippetkit.sandbox.call import CallError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.formparser import FormDataParser

MAX_BODY_BYTES = 16 * 1024 * 1024
UNVERSIONED = (1, 0)

_VERSION = later(r"v([0-9]{1,3})\.([0-9]{1,3})")


class GraphRequest(Request):
    """A request whose body may be large, and has to be what it claims to be."""

    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_BODY_BYTES

    def make_form_data_parser(self) -> FormDataParser:
        """A form that cannot be read is an error, not an empty form."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser


class AskedCall(NamedTuple):
    """What a call asks for, whether it came alone or in a batch.

    `params` is the refusal where they cannot be read; `host_url` gives the API's address, as the client wrote it.
    """

    method: str
    path: str
    target: CallPath
    params: dict[str, str] | CallError
    authorization: str
    agent: str
    known_etags: str
    host_url: Callable[[], str]


class CallPath(NamedTuple):
    """What a URL's path asks for: the API version, (1, 0) where it names none, and the parts after it."""

    version: tuple[int, int]
    parts: list[str]


def target(path: str) -> CallPath:
    """Take a path apart; empty parts (a trailing slash, `//`) are ignored."""
    parts = [part for part in path.split("/") if part]
    version = _VERSION.fullmatch(parts[0]) if parts else None
    return CallPath((int(version[1]), int(version[2])), parts[1:]) if version else CallPath(UNVERSIONED, parts)


def asked_alone(request: Request) -> AskedCall:
    """Return what a request asks for."""
    params: dict[str, str] | CallError
    try:
        params = parameters(request)
    except CallError as refusal:
        params = refusal
    except HTTPException as refusal:
        params = refused_by_server(refusal)
    return AskedCall(
        request.method,
        request.path,
        target(request.path),
        params,
        request.headers.get("Authorization", ""),
        request.headers.get("User-Agent", ""),
        request.headers.get("If-None-Match", ""),
        lambda: request.host_url,
    )


def refused_by_server(refusal: HTTPException) -> CallError:
    """Return in the vendor's form what werkzeug refuses."""
    return CallError(100, f"(#100) {refusal.description}", status=refusal.code or 400)


def asked_in_batch(
    environ: WSGIEnvironment, content: bytes, host_url: Callable[[], str], fields: Callable[[str], Mapping[str, str]]
) -> AskedCall:
    """Return what a member of a batch asks for, without the price of a whole request.

    Args:
        environ: the member as a WSGI server would give it.
        content: its form.
        host_url: gives the API's address for it.
        fields: reads a form, as `form_fields`; members of a batch mostly have the same.
    """
    path = "/" + environ["PATH_INFO"].encode("latin-1").decode(errors="replace").lstrip("/")
    query = environ["QUERY_STRING"].encode("latin-1").decode()
    params: dict[str, str] | CallError
    try:
        params = {**fields(query), **fields(content.decode())}
        "".join(params.values()).encode()
    except ValueError:
        params = _unreadable()
    return AskedCall(
        environ["REQUEST_METHOD"],
        path,
        target(path),
        params,
        environ.get("HTTP_AUTHORIZATION", ""),
        environ.get("HTTP_USER_AGENT", ""),
        environ.get("HTTP_IF_NONE_MATCH", ""),
        host_url,
    )


def form_fields(form: str) -> dict[str, str]:
    """Return a form's fields, the first of each, as werkzeug reads them: bytes that are no UTF-8 stay as they are."""
    fields: dict[str, str] = {}
    for name, value in parse_qsl(form, keep_blank_values=True, errors="werkzeug.url_quote"):
        fields.setdefault(name, value)
    return fields


def _unreadable() -> CallError:
    return CallError(100, "(#100) the parameters cannot be read: bad JSON, multipart or text")


def parameters(request: Request) -> dict[str, str]:
    """Return a request's parameters as text; the body's win over the query's, and the first of a name over later ones.

    Raises:
        CallError: the body is not what its Content-Type says, or a value is no text that can be stored.
        HTTPException: the body is too large.
    """
    try:
        params = {**request.args.to_dict(), **request.form.to_dict(), **_json_body(request)}
        "".join(params.values()).encode()
    except (ValueError, RecursionError):
        raise _unreadable() from None
    return params


def bearer_token(authorization: str) -> str:
    """Return the token of an Authorization header, empty where there is none."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in {"bearer", "oauth"} else ""


def _json_body(request: Request) -> dict[str, str]:
    if request.mimetype != "application/json" or not (body := request.get_data()):
        return {}
    fields = json.loads(body)
    if not isinstance(fields, dict):
        raise ValueError
    return {name: _text(value) for name, value in fields.items() if value is not None}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
