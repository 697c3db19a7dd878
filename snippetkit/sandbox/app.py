"""The sandbox as a WSGI app: a request comes in, a call is looked up, its answer goes out as the vendor sends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from snippetkit.sandbox.answers import Usage, error_response, json_response, version_header, with_etag
from snippetkit.sandbox.batch import answer_batch, is_batch
from snippetkit.sandbox.call import Call, CallError, no_object
from snippetkit.sandbox.calls import ROUTES
from snippetkit.sandbox.faults import NO_FAULT, Fault
from snippetkit.sandbox.request import GraphRequest, bearer_token, parameters, target

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from snippetkit.sandbox.store import Store

_EVENT = "event"
_EVENT_PATHS = {route.path for route in ROUTES if route.kind == _EVENT}
_PIXEL_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


def create_app(
    store: Store,
    now_s: Callable[[], float] = time.time,
    faults: Callable[[GraphRequest], Fault | None] = lambda _: None,
) -> WSGIApplication:
    """Return the WSGI app over a store.

    Args:
        store: where everything is kept.
        now_s: the clock, in seconds since 1970.
        faults: for tests; says what goes wrong with each request, and with each member of a batch.

    The app raises FileError where the database fails.
    """
    api = _Api(store, now_s, faults, Usage(), _routes())

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return api.respond(GraphRequest(environ))(environ, start_response)

    return app


def is_event(path: str) -> bool:
    """Return whether a path is one of those that pages fire, which record and answer an image."""
    return _is_event(next(iter(target(path).parts), ""))


def _is_event(first: str) -> bool:
    return f"/{first}" in _EVENT_PATHS


def _routes() -> Map:
    # An object's kind takes the place of a subdomain, which no path can name.
    rules = [Rule(route.path, methods=[route.method], endpoint=route, subdomain=route.kind) for route in ROUTES]
    return Map(rules)


@dataclass(frozen=True, slots=True)
class _Api:
    store: Store
    now_s: Callable[[], float]
    faults: Callable[[GraphRequest], Fault | None]
    usage: Usage
    routes: Map

    def respond(self, request: GraphRequest) -> Response:
        """Answer a request, or a member of a batch, with whatever goes wrong with it."""
        at_s = int(self.now_s())
        fault = self.faults(request) or NO_FAULT
        response = fault.instead(request) if fault.instead else self._response(request, at_s)
        response.headers.update(version_header(request.path) | self.usage.headers(request.path, at_s))
        return fault.damage(response)

    def _response(self, request: GraphRequest, at_s: int) -> Response:
        version = target(request.path).version
        try:
            answer = self._answer(request, at_s)
        except CallError as refusal:
            error = refusal
        except HTTPException as refusal:
            error = CallError(100, f"(#100) {refusal.description}", status=refusal.code or 400)
        else:
            if answer is None:
                return Response(_PIXEL_GIF, mimetype="image/gif")
            return with_etag(request, json_response(answer, version))
        return error_response(error, version, request.path, at_s)

    def _answer(self, request: GraphRequest, at_s: int) -> object:
        version, parts = target(request.path)
        params = parameters(request)
        if is_batch(request, params):
            return answer_batch(request, params, self.respond)
        kind = self._kind(parts[0] if parts else "", params.get("access_token") or bearer_token(request))
        path = "/" + "/".join(parts)
        try:
            route, arguments = self.routes.bind("sandbox", subdomain=kind).match(
                path, params.get("method", request.method).upper()
            )
        except HTTPException:
            raise CallError(2500, f"Unknown path components: {path}") from None
        answer: object = route.answer(
            Call(self.store, at_s, version, request.host_url.rstrip("/"), request.path, params), **arguments
        )
        return answer

    def _kind(self, first: str, token: str) -> str:
        """What the first part of a path names; only an event needs no token."""
        if _is_event(first):
            return _EVENT
        if not token:
            raise CallError(190, "An access token is required; the sandbox takes any")
        if not first or first.startswith("act_"):
            return ""
        if not first.isdecimal():
            raise CallError(803, f"(#803) Some of the aliases you requested do not exist: {first}")
        kind = self.store.kind(first)
        if kind is None:
            raise no_object(first)
        return kind
