"""The DevTools protocol: calls to a browser and its tabs, and what they tell.

https://chromedevtools.github.io/devtools-protocol/: JSON messages, each ended by a zero byte where they go through a
pipe. What a call leads to in one session happens in the order of the calls; only the answers may come later.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import Any

from snippetkit.errors import BrowserError

Told = dict[str, Any]
"""What a message says."""

Listeners = Mapping[str, Callable[[Told], None]]
"""What is called with what the browser tells, by the name of the event."""

_END = b"\0"


class DevToolsError(Exception):
    """What the browser says of a call that failed."""

    @property
    def message(self) -> str:
        """Its words."""
        return str(self)


class GoneError(DevToolsError):
    """The browser, or the tab, is gone."""


class Wire:
    """The connection to a browser; `write` takes the bytes of whole messages."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.is_open = True
        self.broken: Exception | None = None
        self.ended = asyncio.Event()
        self._write = write
        self._parts: list[bytes] = []
        self._numbers = count(1)
        self._waiting: dict[int, tuple[str, asyncio.Future[Told]]] = {}
        self._listeners: dict[str, Listeners] = {}

    def hear(self, chunk: bytes) -> None:
        """Take what has come: messages, or parts of them."""
        *whole, rest = chunk.split(_END)
        for message in whole:
            self._parts.append(message)
            text, self._parts = b"".join(self._parts), []
            try:
                self._take(_message(text))
            except Exception as error:  # of a listener: whoever waits has to be told, or would wait for ever
                self.broken = error
                self.hang_up()
        if rest:
            self._parts.append(rest)

    def hang_up(self) -> None:
        """Take note that nothing more will come."""
        self.is_open = False
        self.ended.set()
        for number in list(self._waiting):
            self._fail(number, GoneError("the browser has been closed"))

    def forget(self, session: str) -> None:
        """Take note that a tab is gone."""
        self._listeners.pop(session, None)
        for number in [number for number, (of, _) in self._waiting.items() if of == session]:
            self._fail(number, GoneError("the tab has been closed"))

    def listen(self, session: str, listeners: Listeners) -> None:
        """Say what is called with what a session tells, in the place of what was said before."""
        self._listeners[session] = listeners

    def send(self, session: str, method: str, params: Told, answer: asyncio.Future[Told] | None = None) -> None:
        """Send a message.

        Raises:
            GoneError: there is nobody any more.
        """
        if not self.is_open:
            raise GoneError("the browser has been closed")
        number = next(self._numbers)
        if answer is not None:
            self._waiting[number] = session, answer
        message = {"id": number, "method": method, "params": params}
        self._write(json.dumps(message | {"sessionId": session} if session else message).encode() + _END)

    def _take(self, message: Told) -> None:
        if "id" not in message:
            listener = self._listeners.get(message.get("sessionId", ""), {}).get(message["method"])
            if listener:
                listener(message["params"])
            return
        if "error" in message:
            self._fail(message["id"], DevToolsError(message["error"]["message"]))
            return
        _, answer = self._waiting.pop(message["id"], (None, None))
        if answer and not answer.done():
            answer.set_result(message.get("result", {}))

    def _fail(self, number: int, error: DevToolsError) -> None:
        _, answer = self._waiting.pop(number, (None, None))
        if answer and not answer.done():
            answer.set_exception(error)
            answer.exception()  # who waited may have gone


def _message(text: bytes) -> Told:
    with suppress(ValueError):
        message = json.loads(text)
        if isinstance(message, dict) and not {"id", "method"}.isdisjoint(message):
            return message
    raise BrowserError("what the browser says is not the DevTools protocol", hint="name another one with --browser")


class Session:
    """What is said to a tab, or to the browser itself, whose session has no name."""

    def __init__(self, wire: Wire, name: str = "") -> None:
        self.wire = wire
        self.name = name

    async def call(self, method: str, **params: Any) -> Told:
        """Call a method and return what it answers.

        Raises:
            DevToolsError: it fails, or nobody is there any more (`GoneError`).
        """
        answer: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self.wire.send(self.name, method, params, answer)
        return await answer

    def tell(self, method: str, **params: Any) -> None:
        """Call a method, whatever comes of it."""
        if self.wire.is_open:
            self.wire.send(self.name, method, params)

    def listen(self, listeners: Listeners) -> None:
        """Say what is called with what the session tells."""
        self.wire.listen(self.name, listeners)
