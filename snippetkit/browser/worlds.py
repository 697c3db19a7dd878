"""What a page is asked and what is done on it, without anything that its own scripts may have replaced.

A page may put its own `eval`, `Promise` or `Map` in the place of the browser's. The debugger's protocol does not need
them (CDP, `Runtime.evaluate`), and it makes worlds that share the page's document, but no object of its scripts (CDP,
`Page.createIsolatedWorld`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from snippetkit.browser.devtools import DevToolsError, Session
from snippetkit.patterns import later

_NAME = "snippetkit"
_STEP_S = 0.05
# What is said if the page went on to another one while it was asked.
_LEFT = later(r"context was destroyed|find context|navigated or closed|promise was collected", re.IGNORECASE)


class ScriptStoppedError(Exception):
    """What was done on a page stopped with an error."""


class Worlds:
    """The worlds of a tab's page, `frame_id` being its main frame, which is the same as long as the tab exists."""

    def __init__(self, session: Session, frame_id: str) -> None:
        self.session = session
        self.frame_id = frame_id
        self._own: int | None = None

    @classmethod
    async def of(cls, session: Session) -> Worlds:
        """Return those of a tab."""
        tree = await session.call("Page.getFrameTree")
        return cls(session, tree["frameTree"]["frame"]["id"])

    def left(self) -> None:
        """Take note that another document has come."""
        self._own = None

    async def ask(self, expression: str, *, waits: bool = False) -> Any:
        """Return the value of an expression in a world of our own.

        Args:
            expression: what is asked.
            waits: until the promise that the expression gives is kept; without JavaScript, none ever is.

        Raises:
            DevToolsError: the page is gone.
        """

        async def asking() -> Any:
            if self._own is None:
                world = await self.session.call("Page.createIsolatedWorld", frameId=self.frame_id, worldName=_NAME)
                self._own = world["executionContextId"]
            return await self._evaluate(expression, contextId=self._own, awaitPromise=waits, returnByValue=True)

        return await self._again(asking)

    async def read(self, expression: str) -> Any:
        """Return the value of an expression in the page's own world, None where the page broke what it needs.

        Raises:
            DevToolsError: the page is gone.
        """
        try:
            return await self._again(lambda: self._evaluate(expression, returnByValue=True))
        except ScriptStoppedError:
            return None

    async def run(self, script: str) -> None:
        """Run a script in the page's own world, with names of its own.

        Raises:
            ScriptStoppedError: with an error, in the words of the browser.
            DevToolsError: the page is gone.
        """
        await self._again(lambda: self._evaluate(f"{{\n{script}\n}}"))

    async def _evaluate(self, expression: str, **more: Any) -> Any:
        answer = await self.session.call("Runtime.evaluate", expression=expression, **more)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            thrown = details.get("exception", {})
            text = thrown.get("description") or str(thrown.get("value", details["text"]))
            raise ScriptStoppedError(text.split("\n")[0])
        return answer["result"].get("value")

    async def _again(self, asking: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until the page stays where it is; the caller limits the time."""
        while True:
            try:
                return await asking()
            except DevToolsError as error:
                if not _LEFT.search(error.message):
                    raise
                self._own = None
                await asyncio.sleep(_STEP_S)
