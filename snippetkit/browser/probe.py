"""A page of our own, loaded again and again beside the others: the slower the machine, the longer it takes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from snippetkit.browser.pace import Pace
from snippetkit.browser.worlds import ask, frame_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Route

_EVERY_S = 0.5
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


async def keep_measuring(browser: Browser, pace: Pace) -> None:
    """Measure how slow the machine is, until this is cut off or the browser ends."""
    from playwright.async_api import Error

    while browser.is_connected():
        with suppress(Error, TimeoutError):
            context = await browser.new_context(service_workers="block")
            try:
                await _measure(context, pace)
            except TimeoutError:
                await asyncio.wait_for(context.close(), _CLOSING_S)
        await asyncio.sleep(_EVERY_S)


async def _measure(context: BrowserContext, pace: Pace) -> None:
    await context.route("**/*", _answer)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    frame_id = await frame_of(session)
    while True:
        with pace.measuring():
            async with asyncio.timeout(_GIVEN_UP_S):
                await page.goto(_URL, timeout=0)
                await ask(session, frame_id, _QUIET, waits=True)
        await asyncio.sleep(_EVERY_S)


async def _answer(route: Route) -> None:
    from playwright.async_api import Error

    body, content_type = _ANSWERS[route.request.url.removeprefix(_URL)]
    with suppress(Error):
        await route.fulfill(body=body, content_type=content_type)
