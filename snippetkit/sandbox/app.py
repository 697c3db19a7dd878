"""The sandbox as a WSGI app: a request comes in, a call is looked up, its answer goes out as the vendor sends it."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from snippetkit.sandbox.calls import CALLS, Call, CallError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from snippetkit.sandbox.store import Store

_VERSION = re.compile(r"/v([0-9]+)\.([0-9]+)(?=/)")
_UNVERSIONED = (1, 0)
_PIXEL_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


def create_app(store: Store, now_s: Callable[[], float] = time.time) -> WSGIApplication:
    """Return the WSGI app over a store.

    Args:
        store: where pixels and events are kept.
        now_s: the clock, in seconds since 1970.
    """
    routes = Map([Rule(path, methods=methods, endpoint=call) for path, methods, call in CALLS], strict_slashes=False)

    @Request.application
    def app(request: Request) -> Response:
        try:
            answer = _dispatch(routes, request, store, int(now_s()))
        except CallError as error:
            return _json(error.body, 400)
        except sqlite3.Error as error:
            return _json(CallError(2, f"the sandbox's database failed: {error}").body, 500)
        return Response(_PIXEL_GIF, mimetype="image/gif") if answer is None else _json(answer, 200)

    return app


def _dispatch(routes: Map, request: Request, store: Store, now_s: int) -> object:
    prefix = _VERSION.match(request.path)
    version = (int(prefix[1]), int(prefix[2])) if prefix else _UNVERSIONED
    path = request.path[prefix.end() if prefix else 0 :]
    try:
        endpoint, arguments = routes.bind_to_environ(request.environ).match(path, request.method)
    except HTTPException:
        raise CallError(2500, f"Unknown path components: {path}") from None
    call = Call(store, now_s, version, base_url=request.host_url, path=request.path, params=_params(request))
    return endpoint(call, **arguments)


def _params(request: Request) -> dict[str, str]:
    params = {**request.args.to_dict(), **request.form.to_dict()}
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return {"access_token": token, **params} if scheme.lower() in {"bearer", "oauth"} else params


def _json(answer: object, status: int) -> Response:
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003C")
    return Response(text, status, content_type="text/javascript; charset=UTF-8")
