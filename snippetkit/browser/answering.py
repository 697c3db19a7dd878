"""What a page is answered: its own site's files come from there, and the vendors' hosts are played by us."""

from __future__ import annotations

import base64
from typing import Any

from snippetkit.browser.devtools import Session, Told
from snippetkit.browser.observed import is_loader, loader_of, read_event
from snippetkit.browser.visits import Visit
from snippetkit.browser.watching import origin_of

_IMAGE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_REDIRECTED = "redirectedRequestId"  # the way out leads to the site alone, and knows why not
_SCRIPT = "text/javascript; charset=utf-8"
_AUTHORIZATION = "authorization"
_PREFLIGHT = "Access-Control-Request-Method"
_ALLOWED = {
    "Access-Control-Allow-Methods": _PREFLIGHT,
    "Access-Control-Allow-Headers": "Access-Control-Request-Headers",
}


def is_preflight(request: Told) -> bool:
    """Whether a browser asks, before it sends a request, whether it may (Fetch standard, CORS preflight)."""
    return request["method"] == "OPTIONS" and _PREFLIGHT in request["headers"]


def refuse(session: Session, paused: Told) -> None:
    """Let a request fail (CDP, `Fetch.requestPaused`)."""
    session.tell("Fetch.failRequest", requestId=paused["requestId"], errorReason="Failed")


def fulfill(session: Session, paused: Told, body: bytes, headers: dict[str, str], code: int = 200) -> None:
    """Answer a request in the server's place."""
    named = [{"name": name, "value": value} for name, value in headers.items()]
    encoded = base64.b64encode(body).decode()
    session.tell(
        "Fetch.fulfillRequest", requestId=paused["requestId"], responseCode=code, responseHeaders=named, body=encoded
    )


def answer(session: Session, paused: Told, visit: Visit) -> bool:
    """Answer a request of a page, or let it through; return whether that was all.

    Of an event or a refusal nothing more comes, and where a worker sent it, the browser does not say that it is done.
    """
    request = paused["request"]
    url = request["url"]
    is_own = origin_of(url) == origin_of(visit.url)
    if visit.is_live or is_own or _REDIRECTED in paused:
        session.tell("Fetch.continueRequest", requestId=paused["requestId"], **_changed(request, visit, is_own=is_own))
        return False
    if read_event(url, 0):
        _play(session, paused, _IMAGE, "image/gif")
        return True
    if is_loader(url):
        loader = loader_of(url)
        _play(session, paused, loader.script().encode() if loader else b"", _SCRIPT)
        return False
    refuse(session, paused)
    return True


def _changed(request: Told, visit: Visit, *, is_own: bool) -> dict[str, Any]:
    """What is changed of a request: the page's own server is told who asks, and nobody else."""
    if not visit.authorization:
        return {}
    headers = {name: value for name, value in request["headers"].items() if name.lower() != _AUTHORIZATION}
    told = headers | ({_AUTHORIZATION: visit.authorization} if is_own else {})
    return {"headers": [{"name": name, "value": value} for name, value in told.items()]}


def _play(session: Session, paused: Told, body: bytes, content_type: str) -> None:
    headers: dict[str, Any] = paused["request"]["headers"]
    allowed: dict[str, str] = {}
    if origin := headers.get("Origin"):
        allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
    if is_preflight(paused["request"]):
        asked = {name: headers[of] for name, of in _ALLOWED.items() if of in headers}
        fulfill(session, paused, b"", allowed | asked, 204)
    else:
        fulfill(session, paused, body, allowed | {"Content-Type": content_type, "Cache-Control": "no-store"})
