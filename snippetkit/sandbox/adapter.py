"""A WSGI app behind a requests session, without a port."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class WsgiAdapter(HTTPAdapter):
    """Answers each request of the session that it is mounted on by calling `app`, in this process."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """Return the app's whole answer; what concerns a connection means nothing here."""
        content, status, headers = run_wsgi_app(self._app, _environ(request), buffered=True)
        raw = HTTPResponse(
            body=BytesIO(b"".join(content)),
            headers=dict(headers),
            status=int(status.split(" ", 1)[0]),
            preload_content=False,
        )
        return self.build_response(request, raw)


def _environ(request: PreparedRequest) -> WSGIEnvironment:
    url = urlsplit(request.url or "")
    body = request.body or b""
    if not isinstance(body, (str, bytes)):
        raise TypeError("a request body that is a stream")
    return EnvironBuilder(
        path=url.path,
        base_url=f"{url.scheme}://{url.netloc}/",
        query_string=url.query,
        method=request.method or "GET",
        headers=[(name, str(value)) for name, value in request.headers.items()],
        data=body.encode() if isinstance(body, str) else body,
    ).get_environ()
