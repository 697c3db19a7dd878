"""What a page is asked and what is done on it, without anything that its own scripts may have replaced.

Playwright's `evaluate` calls the page's own `eval`, `Promise` and `Map`. The debugger's protocol does not (CDP,
`Runtime.evaluate`), and it makes worlds that share the page's document, but no object of its scripts (CDP,
`Page.createIsolatedWorld`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

_NAME = "snippetkit"
_STEP_S = 0.05
# What is said if the page went on to another one while it was asked.
_LEFT = re.compile(r"context was destroyed|find context|navigated or closed|promise was collected", re.IGNORECASE)


class ScriptStoppedError(Exception):
    """What was done on a page stopped with an error."""


async def frame_of(session: CDPSession) -> str:
    """Return the id of a page's main frame, which stays the same as long as the tab exists."""
    answer = await session.send("Page.getFrameTree")
    return str(answer["frameTree"]["frame"]["id"])


async def ask(session: CDPSession, frame_id: str, expression: str, *, waits: bool = False) -> Any:
    """Return the value of an expression in a world of our own.

    Args:
        session: the page's.
        frame_id: its main frame.
        expression: what is asked.
        waits: until the promise that the expression gives is kept; without JavaScript, none ever is.

    Raises:
        Error (playwright): the page is gone.
    """

    async def asking() -> Any:
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame_id, "worldName": _NAME})
        where = {"contextId": world["executionContextId"], "awaitPromise": waits, "returnByValue": True}
        return await _evaluate(session, expression, **where)

    return await _again(asking)


async def read(session: CDPSession, expression: str) -> Any:
    """Return the value of an expression in the page's own world, None where the page broke what it needs.

    Raises:
        Error (playwright): the page is gone.
    """
    try:
        return await _again(lambda: _evaluate(session, expression, returnByValue=True))
    except ScriptStoppedError:
        return None


async def run(session: CDPSession, script: str) -> None:
    """Run a script in the page's own world, with names of its own.

    Raises:
        ScriptStoppedError: with an error, in the words of the browser.
        Error (playwright): the page is gone.
    """
    await _again(lambda: _evaluate(session, f"{{\n{script}\n}}"))


async def _evaluate(session: CDPSession, expression: str, **more: Any) -> Any:
    answer = await session.send("Runtime.evaluate", {"expression": expression, **more})
    if "exceptionDetails" in answer:
        details = answer["exceptionDetails"]
        thrown = details.get("exception", {})
        text = thrown.get("description") or str(thrown.get("value", details["text"]))
        raise ScriptStoppedError(text.split("\n")[0])
    return answer["result"].get("value")


async def _again(asking: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until the page stays where it is; the caller limits the time."""
    from playwright.async_api import Error

    while True:
        try:
            return await asking()
        except Error as error:
            if not _LEFT.search(error.message):
                raise
            await asyncio.sleep(_STEP_S)
