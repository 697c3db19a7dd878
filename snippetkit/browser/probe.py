"""A page of our own, loaded again and again beside the others: the slower the machine, the longer it takes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from snippetkit.browser.answering import fulfill
from snippetkit.browser.devtools import DevToolsError, Listeners, Session, Told
from snippetkit.browser.pace import Pace
from snippetkit.browser.targets import RUN, Targets
from snippetkit.browser.worlds import ScriptStoppedError, Worlds

_EVERY_S = 0.5
_WHERE_QUICK_S = 2.5  # each time costs what a visit does
_GIVEN_UP_S = 60.0
_CLOSING_S = 5.0
_URL = "http://127.0.0.1/"  # never contacted: each answer is ours
# Like a page with conversion code, it loads a script from elsewhere, which asks for an image.
_ANSWERS = {
    "": ("<!doctype html><link rel=icon href=data:,><script src=/a.js></script><p>A page", "text/html"),
    "a.js": ("new Image().src = '/a.gif'", "text/javascript"),
    "a.gif": ("", "image/gif"),
}
_QUIET = "new Promise((done) => requestIdleCallback(() => setTimeout(done, 1)))"


async def keep_measuring(targets: Targets, pace: Pace) -> None:
    """Measure how slow the machine is, until this is cut off or the browser ends."""
    while targets.is_open:
        with suppress(DevToolsError, TimeoutError, ScriptStoppedError):
            context, session = await targets.start(None, lambda popup: popup.tell(RUN))
            try:
                await _measure(session, pace)
            except TimeoutError:
                await asyncio.wait_for(targets.close(context), _CLOSING_S)
        await asyncio.sleep(_EVERY_S)


async def _measure(session: Session, pace: Pace) -> None:
    loaded = asyncio.Event()
    listeners: Listeners = {
        "Fetch.requestPaused": partial(_answer, session),
        "Page.loadEventFired": lambda _: loaded.set(),
    }
    session.listen(listeners)
    await asyncio.gather(*(session.call(method) for method in ("Page.enable", "Fetch.enable", RUN)))
    worlds = await Worlds.of(session)
    while True:
        with pace.measuring():
            async with asyncio.timeout(_GIVEN_UP_S):
                loaded.clear()
                worlds.left()
                await session.call("Page.navigate", url=_URL)
                await loaded.wait()
                await worlds.ask(_QUIET, waits=True)
        await asyncio.sleep(_WHERE_QUICK_S if pace.is_quick else _EVERY_S)


def _answer(session: Session, paused: Told) -> None:
    body, content_type = _ANSWERS[paused["request"]["url"].removeprefix(_URL)]
    fulfill(session, paused, body.encode(), {"Content-Type": content_type})
