"""APIs that answer as a test tells them, and a clock that does not wait."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext

import requests
from werkzeug.wrappers import Request, Response

from snippetkit.cache import AnswerCache
from snippetkit.graph import Clock, Transport
from snippetkit.model import AccessToken
from snippetkit.sandbox import WsgiAdapter

CANARY = "EAACanaryToken"
SECRET = "canary-app-secret"
Answer = Callable[[Request], Response]


@contextmanager
def api_that(
    answer: Answer, token: AccessToken | None = None, store: AnswerCache | None = None, **settings: object
) -> Iterator[Transport]:
    """The client at an API that answers as told; the cache is closed behind it."""
    with requests.Session() as session, closing(store) if store else nullcontext():
        session.mount("https://", WsgiAdapter(Request.application(answer)))
        yield Transport(session, "https://graph.invalid/", token or AccessToken(CANARY), store=store, **settings)  # type: ignore[arg-type]


def answers(document: object, status: int = 200, **headers: str) -> Answer:
    """Answer with JSON."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: Response(
        json.dumps(document), status, headers=names, content_type="text/javascript; charset=UTF-8"
    )


def refuses(code: int, message: str = "no", status: int = 400, **fields: object) -> Answer:
    """Answer with an error in the vendor's form."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x", **fields}
    return answers({"error": error}, status)


def in_turn(*given: Answer) -> tuple[Answer, list[Request]]:
    """Answer each request in its turn, and list them."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        request.form  # noqa: B018 (read while its stream is open)
        seen.append(request)
        return given[min(len(seen), len(given)) - 1](request)

    return answer, seen


def clock(chance: float = 1.0) -> tuple[Clock, list[float]]:
    """A clock that lists how long it was asked to wait, and does not."""
    waited: list[float] = []
    return Clock(sleep=waited.append, chance=lambda: chance), waited
