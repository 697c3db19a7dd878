"""A tab of the browser: it looks at one page after the other, at each as if it were the first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from snippetkit.browser.doors import Door
from snippetkit.browser.observed import is_loader, loader_of, read_event
from snippetkit.browser.pace import Pace, cut_off
from snippetkit.browser.visits import VIEW, Visit
from snippetkit.browser.watching import Log, asked, origin_of, sender
from snippetkit.browser.worlds import ScriptStoppedError, ask, frame_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Request, Route

_WATCH = Path(__file__).parent / "watch.js"
_IMAGE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_NOT_KEPT = {"Cache-Control": "no-store"}
_SCRIPT = "text/javascript; charset=utf-8"
_CLOSING_S = 5.0
_BLANK = "about:blank"
_FORGET = "window.name = ''; try { sessionStorage.clear(); } catch (error) { /* there is none */ }"


class PageLostError(Exception):
    """A page crashed, or was closed."""


class Tab:
    """A tab in a context of its own. A renderer takes longer to start than a page to load, so it is kept.

    A window that a page opens is not the page: it gets no answers, and what it fires is ignored.
    """

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession, frame_id: str, pace: Pace) -> None:
        self.context = context
        self.page = page
        self.session = session
        self.frame_id = frame_id
        self.pace = pace
        self.visit: Visit | None = None
        self.log = Log("")
        self.went_to = ""
        self.has_stopped = asyncio.Event()
        self._came_to = ""
        self._lost = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(cls, browser: Browser, visit: Visit, door: Door | None, pace: Pace) -> Tab:
        """Start a tab for visits with these scripts, with or without JavaScript, that gets out by this door alone."""
        context = await browser.new_context(
            java_script_enabled=visit.javascript,
            service_workers="block",
            viewport={"width": VIEW[0], "height": VIEW[1]},
            proxy={"server": door.url, "bypass": "<-loopback>"} if door else None,
        )
        for script in (_WATCH.read_text("utf-8"), *visit.scripts) if visit.javascript else ():
            await context.add_init_script(script)
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        tab = cls(context, page, session, await frame_of(session), pace)
        await tab._listen()
        return tab

    async def _listen(self) -> None:
        await self.context.route("**/*", self._answer)
        self.page.on("request", lambda request: self.log.request(request, sender(request, self.page) or ""))
        self.page.on("requestfinished", lambda request: self.log.ended(request))
        self.page.on("requestfailed", lambda request: self.log.ended(request))
        self.session.on("Runtime.exceptionThrown", lambda event: self.log.exception(event))
        self.session.on("Audits.issueAdded", lambda event: self.log.issue(event))
        self.session.on("Network.requestWillBeSent", lambda event: self.log.sent(event))
        for answered in ("Finished", "Failed"):
            self.session.on(f"Network.loading{answered}", lambda event: self.log.done(event))
        self.session.on("Page.frameNavigated", self._navigated)
        self.session.on("Page.frameStoppedLoading", self._stopped)
        self.page.on("crash", lambda _: self._lose("crashed"))
        self.page.on("close", lambda _: self._lose("closed"))
        for domain in ("Page", "Network", "Runtime", "Audits"):
            await self.session.send(f"{domain}.enable")

    def _navigated(self, event: dict[str, Any]) -> None:
        """Another document has come; for an unreachable address, the browser makes one itself."""
        frame = event["frame"]
        if frame["id"] != self.frame_id or frame["url"] == _BLANK:
            return
        self.has_stopped.clear()
        self.log.left()
        url = frame.get("unreachableUrl") or frame["url"]
        self._came_to = self._came_to or url
        if url != self._came_to and not self.went_to:
            self.went_to = url
            self.log.is_over = True

    def _stopped(self, event: dict[str, Any]) -> None:
        if event["frameId"] == self.frame_id:
            self.has_stopped.set()

    def _lose(self, how: str) -> None:
        if not self._lost.done():
            self._lost.set_result(how)

    async def unless_lost(self, looking: Coroutine[Any, Any, None]) -> None:
        """Do something with the page.

        Raises:
            PageLostError: it crashed or was closed meanwhile, and would never answer.
        """
        task = asyncio.ensure_future(looking)
        try:
            await asyncio.wait([task, self._lost], return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise PageLostError(self._lost.result())
            task.result()
        finally:
            await cut_off(task)

    def begin(self, visit: Visit) -> Log:
        """Begin a visit, and return what watches it."""
        self.visit, self.log = visit, Log(visit.url)
        self.log.started = time.monotonic()
        self.went_to = self._came_to = ""
        self.has_stopped.clear()
        return self.log

    async def forget(self) -> bool:
        """Leave the page and forget it entirely; return whether the tab can look at another one."""
        from playwright.async_api import Error

        self.log = Log("")
        try:
            await self.pace.within(_CLOSING_S, self._forget())
        except (Error, TimeoutError, ScriptStoppedError):
            return False
        return len(self.context.pages) == 1

    async def _forget(self) -> None:
        await ask(self.session, self.frame_id, _FORGET)
        self.has_stopped.clear()
        await self.page.goto(_BLANK, timeout=0)
        await self.has_stopped.wait()
        await self.context.clear_cookies()
        await self._clear_storage()

    async def _clear_storage(self) -> None:
        if self.visit is not None:
            origin = "://".join(origin_of(self.visit.url))
            await self.session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})

    async def close(self) -> None:
        """Close the tab, even if its page does not answer."""
        from playwright.async_api import Error

        with suppress(TimeoutError, Error):
            await self.pace.within(_CLOSING_S, self.context.close())

    async def _answer(self, route: Route, request: Request) -> None:
        from playwright.async_api import Error

        frame = sender(request, self.page)
        if frame is not None:
            self.log.event(asked(request), frame)
        with suppress(Error):  # the page may be gone by now
            if self.visit is None or (frame is None and not self.visit.is_live):
                await route.abort()
            else:
                await _answer(route, self.visit)


async def _answer(route: Route, visit: Visit) -> None:
    url = route.request.url
    if visit.is_live or origin_of(url) == origin_of(visit.url):
        await route.continue_()
    elif read_event(url, 0):
        await route.fulfill(body=_IMAGE, content_type="image/gif", headers=_NOT_KEPT)
    elif is_loader(url):
        loader = loader_of(url)
        await route.fulfill(body=loader.script() if loader else "", content_type=_SCRIPT)
    else:
        await route.abort()
