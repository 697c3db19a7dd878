"""The sandbox as a WSGI app: a request comes in, a call is looked up, its answer goes out as the vendor sends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from snippetkit.patterns import later
from snippetkit.records import dataclass
from snippetkit.sandbox.answers import (
    Reply,
    Usage,
    error_answer,
    json_answer,
    version_header,
    with_content,
    with_etag,
)
from snippetkit.sandbox.batch import answer_of, is_batch, read_members
from snippetkit.sandbox.call import ApiCall, CallError, Route, no_object
from snippetkit.sandbox.calls import ROUTES
from snippetkit.sandbox.faults import NO_FAULT, AnswerFault
from snippetkit.sandbox.request import (
    AskedCall,
    GraphRequest,
    asked_alone,
    asked_in_batch,
    bearer_token,
    form_fields,
    refused_by_server,
    target,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from snippetkit.sandbox.store import Store

_EVENT = "event"
_EVENT_PATHS = {route.path for route in ROUTES if route.kind == _EVENT}
_VARIABLE = later(r"/<(\w+)>")
_OF_AN_OBJECT = {
    (route.kind, route.method): (route, match[1])
    for route in ROUTES
    if route.kind and (match := _VARIABLE.fullmatch(route.path))
}
"""The calls whose path is an object's id alone, by kind and method, with the name of the id."""
_PIXEL_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


def create_app(
    store: Store,
    now_s: Callable[[], float] = time.time,
    faults: Callable[[GraphRequest], AnswerFault | None] | None = None,
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


def _only_reads(asked: AskedCall) -> bool:
    named = asked.params.get("method", "GET") if isinstance(asked.params, dict) else "GET"
    return asked.method == named.upper() == "GET" and not _is_event(next(iter(asked.target.parts), ""))


def _host_url(request: GraphRequest, environ: WSGIEnvironment) -> Callable[[], str]:
    """The API's address for a member, which may name a host of its own."""
    named = request if environ.get("HTTP_HOST") == request.environ.get("HTTP_HOST") else GraphRequest(environ)
    return lambda: named.host_url


def _routes() -> Map:
    # An object's kind takes the place of a subdomain, which no path can name.
    rules = [Rule(route.path, methods=[route.method], endpoint=route, subdomain=route.kind) for route in ROUTES]
    return Map(rules)


@dataclass(frozen=True, slots=True)
class _Api:
    store: Store
    now_s: Callable[[], float]
    faults: Callable[[GraphRequest], AnswerFault | None] | None
    usage: Usage
    routes: Map

    def respond(self, request: GraphRequest) -> Response:
        """Answer a request, with whatever goes wrong with it."""
        at_s = int(self.now_s())
        fault = (self.faults and self.faults(request)) or NO_FAULT
        if fault.instead:
            response = fault.instead(request)
            response.headers.update(self._every_headers(target(request.path).version, request.path, at_s))
        else:
            response = self._answered(asked_alone(request), at_s, request).response()
        return fault.damage(response)

    def _every_headers(self, version: tuple[int, int], path: str, at_s: int) -> dict[str, str]:
        return {**version_header(version), **self.usage.headers(path, at_s)}

    def _answered(self, asked: AskedCall, at_s: int, request: GraphRequest | None = None) -> Reply:
        """Answer what is asked; `request` is what a batch may be in, None for a member of one."""
        version = asked.target.version
        try:
            answer = self._answer(asked, at_s, request)
        except CallError as error:
            answered = error_answer(error, version, asked.path, at_s)
        except HTTPException as error:
            answered = error_answer(refused_by_server(error), version, asked.path, at_s)
        else:
            gif = answer is None
            answered = with_content(_PIXEL_GIF, "image/gif") if gif else with_etag(asked, json_answer(answer, version))
        answered.headers.update(self._every_headers(version, asked.path, at_s))
        return answered

    def _answer(self, asked: AskedCall, at_s: int, request: GraphRequest | None) -> object:
        params = asked.params
        if isinstance(params, CallError):
            raise params
        if request and is_batch(request, params):
            return self._answer_batch(request, params)
        version, parts = asked.target
        kind = self._kind(parts[0] if parts else "", params.get("access_token") or bearer_token(asked.authorization))
        route, arguments = self._route(kind, "/" + "/".join(parts), params.get("method", asked.method).upper())
        answer: object = route.answer(
            ApiCall(self.store, at_s, version, asked.host_url().rstrip("/"), asked.path, params), **arguments
        )
        return answer

    def _answer_batch(self, request: GraphRequest, params: dict[str, str]) -> list[object]:
        members = read_members(request, params)
        if self.faults:
            return [answer_of(self._whole(GraphRequest(environ))) for environ, _ in members]
        fields = cache(form_fields)  # for this batch: a form has the token
        asked = [asked_in_batch(environ, form, _host_url(request, environ), fields) for environ, form in members]
        with self.store.reading() if all(map(_only_reads, asked)) else nullcontext():
            return [answer_of(self._answered(one, int(self.now_s()))) for one in asked]

    def _whole(self, request: GraphRequest) -> Reply:
        response = self.respond(request)
        return Reply(response.status_code, dict(response.headers), response.get_data())

    def _route(self, kind: str, path: str, method: str) -> tuple[Route, Mapping[str, str]]:
        """The route of a call, and what its path names."""
        if path.count("/") == 1 and (found := _OF_AN_OBJECT.get((kind, method))):
            route, variable = found
            return route, {variable: path[1:]}
        try:
            endpoint, arguments = self.routes.bind("sandbox", subdomain=kind).match(path, method)
        except HTTPException:
            raise CallError(2500, f"Unknown path components: {path}") from None
        return endpoint, arguments

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
