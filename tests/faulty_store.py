"""A real store behind a door that fails as networks and busy stores do."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from tests.loopback import Handler, serving

ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>{}</Message></Error>'


@dataclass
class Faults:
    """What the door does with requests, and what came: `METHOD path`, in their order.

    `answers` are given one after the other to the requests whose method and path hold `of`; None lets one through.
    `before` is called before a request is passed on; `adds` are headers that each answer gets. An answer `lost` is
    passed on and not returned, `cut` ends early, `late` never comes. `met` is set once there was such a one.
    """

    of: str = "PUT "
    answers: list[str | tuple[int, str] | None] = field(default_factory=list)
    before: Callable[[str], None] | None = None
    adds: dict[str, str] = field(default_factory=dict)
    came: list[str] = field(default_factory=list)
    met: Event = field(default_factory=Event)
    over: Event = field(default_factory=Event)

    def next_for(self, line: str) -> str | tuple[int, str] | None:
        """Note a request, and return what it gets."""
        self.came.append(line)
        if not self.answers or self.of not in line:
            return None
        return self.answers.pop(0)


class _Door(Handler):
    """Passes on what comes, but for the faults; `faults` and `backend` are set in a class of its own."""

    protocol_version = "HTTP/1.1"
    faults: Faults
    backend: str

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = f"{self.command} {self.path}"
        fault = self.faults.next_for(line)
        if isinstance(fault, tuple):
            self._give(fault[0], ERROR.format(fault[1], "no").encode(), {"Content-Type": "application/xml"})
        elif fault == "late":
            self.faults.met.set()
            self.faults.over.wait()
            self.close_connection = True
        else:
            if self.faults.before:
                self.faults.before(line)
            self._hand_back(fault, *self._pass_on(body))

    def _hand_back(self, fault: str | None, status: int, headers: dict[str, str], data: bytes) -> None:
        if fault == "cut":
            self._give(status, data[: len(data) // 2], headers, len(data))
        elif fault is None:
            self._give(status, data, headers)
            return
        self.faults.met.set()
        self._break_off()

    def _pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.backend)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()) | self.faults.adds, answer.read()
        finally:
            connection.close()

    def _give(self, status: int, data: bytes, headers: dict[str, str], length: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def _break_off(self) -> None:
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
        self.close_connection = True

    do_PUT = do_DELETE = do_POST = do_HEAD = answer  # noqa: N815 (as http.server calls them)


@contextmanager
def behind(store: Any, faults: Faults) -> Iterator[Any]:
    """The same store, through the door."""
    parts = {"faults": faults, "backend": urlsplit(store.endpoint).netloc}
    with serving(type("Door", (_Door,), parts)) as url:
        try:
            yield replace(store, endpoint=url)
        finally:
            faults.over.set()
