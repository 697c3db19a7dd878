"""What a request says, wherever it says it: published clients use the query, forms and JSON with every method."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from werkzeug.wrappers import Request

from snippetkit.sandbox.call import CallError

if TYPE_CHECKING:
    from werkzeug.formparser import FormDataParser

MAX_BODY_BYTES = 16 * 1024 * 1024
UNVERSIONED = (1, 0)

_VERSION = re.compile(r"v([0-9]{1,3})\.([0-9]{1,3})")


class GraphRequest(Request):
    """A request whose body may be large, and has to be what it claims to be."""

    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_BODY_BYTES

    def make_form_data_parser(self) -> FormDataParser:
        """A form that cannot be read is an error, not an empty form."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser


class Target(NamedTuple):
    """What a URL's path asks for: the API version, (1, 0) where it names none, and the parts after it."""

    version: tuple[int, int]
    parts: list[str]


def target(path: str) -> Target:
    """Take a path apart; empty parts (a trailing slash, `//`) are ignored."""
    parts = [part for part in path.split("/") if part]
    version = _VERSION.fullmatch(parts[0]) if parts else None
    return Target((int(version[1]), int(version[2])), parts[1:]) if version else Target(UNVERSIONED, parts)


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
        raise CallError(100, "(#100) the parameters cannot be read: bad JSON, multipart or text") from None
    return params


def bearer_token(request: Request) -> str:
    """Return the token of the Authorization header, empty where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
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
