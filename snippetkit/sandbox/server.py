"""The sandbox on a port of this machine."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing: a request's URL may hold an access token."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        pass


def create_server(app: WSGIApplication, port: int) -> BaseWSGIServer:
    """Return a threaded server on the loopback that is bound but not yet serving.

    Args:
        app: what answers.
        port: 0 takes a free one; `server.port` tells which.

    Raises:
        SettingError: the port is in use, or this user may not use it.
    """
    try:
        listener = socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        raise SettingError(f"port {port} cannot be used: {error}", hint="name another with --port, 0 for any") from None
    return make_server(
        HOST, listener.getsockname()[1], app, threaded=True, request_handler=_QuietHandler, fd=listener.detach()
    )
