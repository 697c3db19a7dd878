"""What can go wrong between a client and the vendor, for tests that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug.wrappers import Response

from snippetkit.records import dataclass, field
from snippetkit.sandbox.answers import error_response, usage_headers
from snippetkit.sandbox.call import CallError
from snippetkit.sandbox.request import GraphRequest, target


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """What happens to one answer.

    `instead` makes the answer to the request, which is not carried out; None carries it out. `headers` are added.
    `wait` is called after that, before the answer goes out; `keep_bytes` is how much of the body goes out, None
    for all of it.
    """

    instead: Callable[[GraphRequest], Response] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: Callable[[], object] = lambda: None
    keep_bytes: int | None = None

    def damage(self, response: Response) -> Response:
        """Return what goes out."""
        self.wait()
        response.headers.update(self.headers)
        if self.keep_bytes is not None:
            body = response.get_data()
            response.set_data(body[: self.keep_bytes])
            response.headers["Content-Length"] = str(len(body))
        return response


NO_FAULT = AnswerFault()
NULL_MEMBER = AnswerFault(instead=lambda _: Response("null"))
"""For a member of a batch: it timed out."""
SERVICE_UNAVAILABLE = AnswerFault(instead=lambda _: Response("Service Unavailable"))
"""What the vendor sometimes answers with HTTP 200."""
HTML = AnswerFault(
    instead=lambda _: Response("<!doctype html><title>Sorry, something went wrong.</title>", mimetype="text/html")
)
"""A page from a proxy, or from the vendor, where JSON should be."""


def server_error(status: int) -> AnswerFault:
    """Return an error of the vendor's own with this HTTP status, 500 to 599."""
    return _refused(CallError(2, "An unexpected error has occurred. Please retry your request later.", status=status))


def throttled(code: int, account: str, regain_min: int) -> AnswerFault:
    """Return a refusal because of too many calls.

    Args:
        code: 17 for a user, 80004 for an ad account, or another of that kind.
        account: the ad account's digits.
        regain_min: after how many minutes calls will be taken again.
    """
    return _refused(CallError(code, f"(#{code}) Too many calls"), usage_headers(account, 100, regain_min))


def _refused(error: CallError, headers: Mapping[str, str] | None = None) -> AnswerFault:
    def instead(request: GraphRequest) -> Response:
        return error_response(error, target(request.path).version, request.path, 0)

    return AnswerFault(instead, headers or {})
