"""A tab of the browser: it looks at one page after the other, at each as if it were the first."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from snippetkit.browser.observed import LOADER_HOST, read_event
from snippetkit.browser.visits import VIEW, Visit
from snippetkit.browser.watching import Log, asked, origin_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Request, Route

_LOADERS = Path(__file__).parent / "loaders"
_IMAGE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_NOT_KEPT = {"Cache-Control": "no-store"}
_SCRIPT = "text/javascript; charset=utf-8"
_CLOSING_S = 5.0
_FORGET = "window.name = ''; try { sessionStorage.clear(); } catch (error) { /* there is none */ }"


class Tab:
    """A tab in a context of its own. A renderer takes longer to start than a page to load, so it is kept."""

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession) -> None:
        self.context = context
        self.page = page
        self.session = session
        self.visit: Visit | None = None
        self.log = Log("")

    @classmethod
    async def start(cls, browser: Browser, visit: Visit) -> Tab:
        """Start a tab for visits with these scripts, with or without JavaScript."""
        context = await browser.new_context(
            java_script_enabled=visit.javascript,
            service_workers="block",
            viewport={"width": VIEW[0], "height": VIEW[1]},
        )
        for script in visit.scripts if visit.javascript else ():
            await context.add_init_script(script)
        page = await context.new_page()
        tab = cls(context, page, await context.new_cdp_session(page))
        await tab._listen()
        return tab

    async def _listen(self) -> None:
        await self.context.route("**/*", self._answer)
        self.context.on("request", lambda request: self.log.request(request))
        self.context.on("requestfinished", lambda request: self.log.ended(request))
        self.context.on("requestfailed", lambda request: self.log.ended(request))
        self.session.on("Runtime.exceptionThrown", lambda event: self.log.exception(event))
        self.session.on("Audits.issueAdded", lambda event: self.log.issue(event))
        for domain in ("Runtime", "Audits"):
            await self.session.send(f"{domain}.enable")

    def begin(self, visit: Visit) -> Log:
        """Begin a visit, and return what will be told of it."""
        self.visit, self.log = visit, Log(visit.url)
        self.log.started = time.monotonic()
        return self.log

    async def forget(self) -> bool:
        """Leave the page, and forget all of it; return whether the tab can look at another one."""
        from playwright.async_api import Error

        self.log = Log("")
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self.page.evaluate(_FORGET)
                await self.page.goto("about:blank")
                await self.context.clear_cookies()
                await self._clear_storage()
                return len(self.context.pages) == 1
        except (Error, TimeoutError):
            return False

    async def _clear_storage(self) -> None:
        if self.visit is not None:
            origin = "://".join(origin_of(self.visit.url))
            await self.session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    async def close(self) -> None:
        """Close the tab, also where its page does not answer."""
        from playwright.async_api import Error

        with suppress(TimeoutError, Error):
            await asyncio.wait_for(self.context.close(), _CLOSING_S)

    async def _answer(self, route: Route, request: Request) -> None:
        from playwright.async_api import Error

        self.log.event(asked(request))
        with suppress(Error):  # the page may be gone by now
            if self.visit is None:
                await route.abort()
            else:
                await _answer(route, self.visit)


async def _answer(route: Route, visit: Visit) -> None:
    url = route.request.url
    if visit.is_live or origin_of(url) == origin_of(visit.url):
        await route.continue_()
    elif read_event(url, 0):
        await route.fulfill(body=_IMAGE, content_type="image/gif", headers=_NOT_KEPT)
    elif urlsplit(url).hostname == LOADER_HOST:
        loader = _LOADERS / urlsplit(url).path.rpartition("/")[2]
        is_there = loader.suffix == ".js" and loader.is_file()
        await route.fulfill(body=loader.read_text("utf-8") if is_there else "", content_type=_SCRIPT)
    else:
        await route.abort()
