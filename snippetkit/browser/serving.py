"""Files on loopback over http, as a web server would send them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote, unquote_to_bytes, urlsplit

_PAGE = (
    b"<!doctype html><html lang=en><head><title>A page</title><script>/* ours */</script></head><body></body></html>"
)


_INDEXES = ("index.html", "index.htm")
_NOWHERE = os.devnull + "/"
_SHOWN = ".well-known"  # RFC 8615


def is_inside(folder: Path, file: Path) -> bool:
    """Whether a file or a folder is what a web server sends of a folder: no link leads out of it, no name has a dot."""
    try:
        real, root = file.resolve(), folder.resolve()
        names = (*file.relative_to(folder).parts, *real.relative_to(root).parts)
        is_there = real.is_file() or real.is_dir()
    except (OSError, ValueError, RuntimeError):  # a name that no file has; a link that leads to itself
        return False
    return is_there and not any(name.startswith(".") and name != _SHOWN for name in names)


class _Handler(SimpleHTTPRequestHandler):
    """Sends the files of a folder, each with the policy, and says nothing."""

    def __init__(self, *args: object, policy: str, pages: Collection[Path] = (), **arguments: object) -> None:
        self._policy = policy
        self._pages = pages
        super().__init__(*args, **arguments)  # type: ignore[arg-type]

    def parse_request(self) -> bool:
        """Refuse what was sent to another host: a name that somebody has pointed at this machine (DNS rebinding)."""
        if not super().parse_request():
            return False
        if self.headers.get("Host") == "{}:{}".format(*self.connection.getsockname()):
            return True
        self.send_error(421)
        return False

    def translate_path(self, path: str) -> str:
        """Return the file of a URL's path: its bytes are the name's, in whatever encoding that is."""
        path = urlsplit(f"http://site{path}").path
        parts = (part for part in unquote_to_bytes(path).split(b"/") if part not in {b"", b".", b".."})
        file = Path(self.directory, *map(os.fsdecode, parts))
        if path.endswith("/"):
            file = next((file / name for name in _INDEXES if self._is_sent(file / name)), file / _INDEXES[0])
        return str(file) if self._is_sent(file) else _NOWHERE

    def _is_sent(self, file: Path) -> bool:
        return file in self._pages or is_inside(Path(self.directory), file)

    def end_headers(self) -> None:
        if self._policy:
            self.send_header("Content-Security-Policy", self._policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no error."""


class _SamePage(_Handler):
    """Sends one page of ours under each path."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_PAGE)


@contextmanager
def serving(folder: Path, policy: str = "", pages: Collection[Path] = ()) -> Iterator[str]:
    """Serve a folder on a free port of loopback, and give its URL, without a slash at the end.

    Args:
        folder: what is served; nothing outside it is, though a link leads there, and no file or folder whose name
            begins with a dot (but `.well-known`).
        policy: the Content-Security-Policy that each answer has, or empty.
        pages: files of the folder that somebody has named: they are served wherever a link leads.
    """
    with _answering(partial(_Handler, policy=policy, pages=frozenset(pages), directory=str(folder))) as url:
        yield url


@contextmanager
def serving_everywhere() -> Iterator[str]:
    """Serve a page of ours under every path, and give the URL, without a slash at the end."""
    with _answering(partial(_SamePage, policy="")) as url:
        yield url


@contextmanager
def _answering(handler: Callable[..., SimpleHTTPRequestHandler]) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def path_in_url(path: Path) -> str:
    """Return what a path below the folder is in a URL."""
    return quote(os.fsencode(path.as_posix()))
