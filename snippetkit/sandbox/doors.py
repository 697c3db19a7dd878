"""Who may use the sandbox on its port: the programs of this machine, and pages of the allowed origins.

A browser sends a page's requests to any address, even this machine's. It says where the page is from: in `Origin`
where a script or a form sends (Fetch Standard, "`Origin` header"), in `Sec-Fetch-Site` always (W3C, "Fetch Metadata
Request Headers"). A name that was made to point to this machine (DNS rebinding) shows in `Host` (RFC 9110, 7.2).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from snippetkit.errors import FileError, SettingError
from snippetkit.patterns import later
from snippetkit.sandbox.answers import error_response
from snippetkit.sandbox.app import is_event
from snippetkit.sandbox.call import CallError
from snippetkit.sandbox.request import GraphRequest, target

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAMES = ("127.0.0.1", "localhost", "[::1]")
_HTTP_PORT = "80"
_OF_NO_OTHER_SITE = frozenset({"none", "same-origin"})
_ORIGIN = later(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^\s/?#@:\[\]]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]+)?/?")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# The vendor's codes for an address that a call may not come from, and for a database that fails.
_WRONG_ADDRESS = 5
_DATABASE = 805


def guarded(app: WSGIApplication, origins: Iterable[str] = ()) -> WSGIApplication:
    """Return a sandbox's app for a port: only what may use it gets through, and a failing database gives an answer.

    The two addresses that pages fire stay open to every page; they record, and answer an image.

    Args:
        app: what `create_app` returns.
        origins: whose pages may use all of it, such as `http://localhost:3000`; they get what CORS asks for.

    Raises:
        SettingError: one of them is no origin.
    """
    let_in = frozenset(map(_origin, origins))

    def guard(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = GraphRequest(environ)
        reason = "" if is_event(request.path) else _why_not(request, let_in)
        headers = _cors(request, let_in)
        if reason:
            return _refusal(request, _WRONG_ADDRESS, reason, 403)(environ, start_response)
        if "Access-Control-Request-Method" in request.headers and request.method == "OPTIONS":
            return Response(status=204, headers=headers)(environ, start_response)
        try:
            response = Response.from_app(app, environ)
        except FileError as error:
            response = _refusal(request, _DATABASE, f"{error}; {error.hint}", 400)
        response.headers.update(headers)
        return response(environ, start_response)

    return guard


def _origin(text: str) -> str:
    """An origin as browsers write it (RFC 6454, 6.2): lower case, and no port where it is the scheme's own."""
    match = _ORIGIN.fullmatch(text.lower())
    if not match:
        raise SettingError(f"{text!r} is not a page origin", hint="give one such as http://localhost:3000")
    port = match["port"] or ""
    return f"{match['scheme']}://{match['host']}{'' if port == _DEFAULT_PORTS.get(match['scheme']) else port}"


def _why_not(request: GraphRequest, let_in: Collection[str]) -> str:
    """Why a request may not use the API, empty where it may."""
    host = request.environ.get("HTTP_HOST", "").lower()
    own = _own_hosts(request.environ["SERVER_PORT"])
    if host not in own:
        return f"this is the sandbox at {own[0]}, and the request is for {host[:60] or 'no host'}"
    origin = request.headers.get("Origin")
    if origin is not None:
        is_known = origin in let_in or origin in {f"http://{name}" for name in own}
        return "" if is_known else _of_a_page(origin[:60])
    site = request.headers.get("Sec-Fetch-Site", "none")
    return "" if site in _OF_NO_OTHER_SITE else _of_a_page("another site")


def _own_hosts(port: str) -> list[str]:
    suffix = "" if port == _HTTP_PORT else f":{port}"
    return [f"{name}{suffix}" for name in _NAMES]


def _of_a_page(origin: str) -> str:
    return f"a page of {origin} may not use the sandbox; 'snippetkit sandbox --allow-origin ORIGIN' lets one in"


def _cors(request: GraphRequest, let_in: Collection[str]) -> dict[str, str]:
    """The headers that let a page's script read the answer (Fetch Standard, "HTTP responses")."""
    origin = request.headers.get("Origin", "")
    if origin not in let_in:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, POST, DELETE",
        "Access-Control-Allow-Headers": request.headers.get("Access-Control-Request-Headers", "*"),
        "Access-Control-Expose-Headers": "*",
        "Vary": "Origin",
    }


def _refusal(request: GraphRequest, code: int, reason: str, status: int) -> Response:
    error = CallError(code, f"(#{code}) {reason}", status=status)
    return error_response(error, target(request.path).version, request.path, int(time.time()))
