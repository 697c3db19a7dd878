"""A tab of the browser: it looks at one page after the other, at each as if it were the first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from snippetkit.browser.answering import answer, is_preflight, refuse
from snippetkit.browser.beginning import begin, begin_popup, dismiss
from snippetkit.browser.devtools import DevToolsError, Session, Told
from snippetkit.browser.doors import Proxy
from snippetkit.browser.frames import Frames
from snippetkit.browser.observed import read_event
from snippetkit.browser.pace import Pace, cut_off
from snippetkit.browser.pairs import Pairs
from snippetkit.browser.targets import RUN, Context, Targets
from snippetkit.browser.visits import Visit
from snippetkit.browser.watching import Log, asked, origin_of
from snippetkit.browser.worlds import ScriptStoppedError, Worlds

_STARTING_S = 30.0
_CLOSING_S = 5.0
_MOST_VISITS = 100
_LARGE_BYTES = 1_000_000
_BLANK = "about:blank"
_FORGET = "window.name = ''; try { sessionStorage.clear(); } catch (error) { /* there is none */ }"


class PageLostError(Exception):
    """A page crashed, or was closed."""


class Tab:
    """A tab in a context of its own. A renderer takes longer to start than a page to load, so it is kept.

    A window that a page opens is not the page: it gets no answers, and what it fires is ignored.
    """

    def __init__(self, targets: Targets, kind: Visit, pace: Pace) -> None:
        self.targets = targets
        self.pace = pace
        self.visit = kind
        self.log = Log("")
        self.visits = 0
        self.went_to = ""
        self.has_come = asyncio.Event()
        self.bodies = 0
        self.has_loaded = asyncio.Event()
        self.answers: dict[str, Told] = {}
        self.failures: dict[str, str] = {}
        self.session: Session
        self.worlds: Worlds
        self.frames: Frames
        self._context: Context
        self._is_away = True
        self.document = ""
        self._arrivals: dict[str, asyncio.Future[None]] = {}
        self._has_popups = False
        self._came_to = ""
        self._pairs = Pairs(self._take)
        self._lost = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(cls, targets: Targets, visit: Visit, door: Proxy | None, pace: Pace) -> Tab:
        """Start a tab for visits with these scripts, with or without JavaScript, that gets out by this door alone.

        Raises:
            DevToolsError: the browser does not do it, or the tab's process ends at once.
        """
        tab = cls(targets, visit, pace)
        tab._context, tab.session = await targets.start(door.url if door else None, tab._popup)
        targets.when_lost(tab.session, lambda: tab._lose("closed"))
        tab.session.listen({"Inspector.targetCrashed": lambda _: tab._lose("crashed")})
        try:
            await pace.within(_STARTING_S, tab.unless_lost(tab._begin()))
        except (PageLostError, TimeoutError) as error:
            await tab.close()
            raise DevToolsError(str(error) or "crashed") from error
        return tab

    async def _begin(self) -> None:
        self.worlds = await Worlds.of(self.session)
        self.frames = Frames(self.worlds.frame_id)
        self.session.listen(self._of_frames(self.session) | self._of_the_page())
        await asyncio.gather(*begin(self.session, self.visit, is_page=True))

    def _of_the_page(self) -> dict[str, Any]:
        return {
            "Runtime.exceptionThrown": lambda event: self.log.exception(event),
            "Audits.issueAdded": lambda event: self.log.issue(event),
            "Network.responseReceived": self._answered,
            "Page.frameStoppedLoading": self._stopped,
            "Page.loadEventFired": lambda _: self._loaded(),
            "Inspector.targetCrashed": lambda _: self._lose("crashed"),
        }

    def _of_requests(self, session: Session) -> dict[str, Any]:
        return {
            "Network.requestWillBeSent": partial(self._sends, session),
            "Network.loadingFinished": self._done,
            "Network.loadingFailed": self._failed,
            "Fetch.requestPaused": lambda event: self._pairs.pauses(session, event),
            "Target.attachedToTarget": self._attached,
            "Target.detachedFromTarget": self._detached,
        }

    def _of_frames(self, session: Session) -> dict[str, Any]:
        return self._of_requests(session) | {
            "Page.frameAttached": lambda event: self.frames.attached(event),
            "Page.frameNavigated": self._navigated,
            "Page.javascriptDialogOpening": partial(dismiss, session),
        }

    def _attached(self, event: Told) -> None:
        """A frame in a process of its own, or a worker."""
        session = Session(self.session.wire, event["sessionId"])
        if event["targetInfo"]["type"] == "iframe":
            session.listen(self._of_frames(session))
            for call in begin(session, self.visit, is_page=False):
                asyncio.ensure_future(call).add_done_callback(lambda done: done.exception())
        else:
            session.listen(self._of_requests(session))
            more = ["Fetch.enable"] if event["targetInfo"]["type"] == "service_worker" else []
            for method in ("Network.enable", *more, RUN):
                session.tell(method)

    def _detached(self, event: Told) -> None:
        self.session.wire.forget(event["sessionId"])
        self.log.gone(event["sessionId"])

    def _popup(self, session: Session) -> None:
        self._has_popups = True
        begin_popup(session, is_live=self.visit.is_live)

    def _navigated(self, event: Told) -> None:
        """Another document has come; for an unreachable address, the browser makes one itself."""
        frame = event["frame"]
        if frame["id"] != self.frames.main:
            self.frames.navigated(frame)
            return
        self.frames.left()
        self.worlds.left()
        self.document = frame["loaderId"]
        self.has_come.clear()
        self.bodies = 0
        self.has_loaded.clear()
        self._arrival(self.document).set_result(None)
        if frame["url"] == _BLANK:
            return
        self.log.left(self.document)
        url = frame.get("unreachableUrl") or frame["url"]
        self._came_to = self._came_to or url
        if url != self._came_to and not self.went_to:
            self.went_to = url
            self.log.is_over = True

    def _arrival(self, number: str) -> asyncio.Future[None]:
        return self._arrivals.setdefault(number, asyncio.get_running_loop().create_future())

    def _stopped(self, event: Told) -> None:
        """A page that comes in part, or that a script stops, is never loaded; of it, the browser says this."""
        if event["frameId"] == self.frames.main:
            self._loaded()

    def _loaded(self) -> None:
        self.has_come.set()
        self.has_loaded.set()

    def _done(self, event: Told) -> None:
        self.log.done(event["requestId"])
        if event["requestId"] == self.document:
            self.bodies += 1
            self.has_come.set()

    def _sends(self, session: Session, event: Told) -> None:
        self.log.sent(event["requestId"], event["request"]["url"], session.name)
        self._pairs.sends(event["requestId"], event.get("frameId", ""))

    def _take(self, session: Session, event: Told, before: str) -> None:
        """Note what a request tells, and answer it; where a vendor redirects to itself, that is one event."""
        if self._is_away:
            refuse(session, event)
            return
        request = event["request"]
        if "networkId" in event and not is_preflight(request) and not (before and read_event(before, 0)):
            is_document = event["resourceType"] == "Document"
            log = self.frames.log_of(event["frameId"]) or self.log
            log.event(asked(request), self.frames.sender(event["frameId"], is_document=is_document))
        if answer(session, event, self.visit):
            self.log.done(event.get("networkId", ""))

    def _answered(self, event: Told) -> None:
        if event["type"] == "Document" and event.get("frameId") == self.frames.main:
            self.answers[event["requestId"]] = event["response"]

    def _failed(self, event: Told) -> None:
        self.failures[event["requestId"]] = event["errorText"]
        self._done(event)

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
            if self._lost.done():
                raise PageLostError(self._lost.result())
            task.result()
        finally:
            await cut_off(task)

    def begin(self, visit: Visit) -> Log:
        """Begin a visit, and return what watches it."""
        self.visit, self.log, self._is_away = visit, Log(visit.url), False
        self.log.started = time.monotonic()
        self.visits += 1
        self.went_to = self._came_to = ""
        self._pairs = Pairs(self._take)
        for kept in (self.answers, self.failures, self._arrivals):
            kept.clear()
        return self.log

    async def go(self, url: str) -> str:
        """Send the page to a URL, and return the number of its document's request once it is there.

        Raises:
            DevToolsError: nothing comes.
        """
        came = await self.session.call("Page.navigate", url=url)
        if came.get("isDownload"):
            raise DevToolsError("Download is starting")
        if came.get("errorText"):
            raise DevToolsError(came["errorText"])
        await self._arrival(came["loaderId"])
        return str(came["loaderId"])

    @property
    def is_worn(self) -> bool:
        """Whether it has looked at so many pages, or at one so large, that what the browser keeps of them adds up."""
        return self.visits >= _MOST_VISITS or self.visit.size >= _LARGE_BYTES

    async def forget(self) -> bool:
        """Leave the page and forget it entirely; return whether the tab can look at another one."""
        self.log, self._is_away = Log(""), True
        if self._has_popups or self._lost.done():
            return False
        try:
            await self.pace.within(_CLOSING_S, self._forget())
        except (DevToolsError, TimeoutError, ScriptStoppedError):
            return False
        return not self._has_popups and not self._lost.done()

    async def _forget(self) -> None:
        await self.worlds.ask(_FORGET)
        await self.go(_BLANK)
        origin = "://".join(origin_of(self.visit.url))
        await asyncio.gather(
            self.targets.root.call("Storage.clearCookies", browserContextId=self._context.name),
            self.session.call("Storage.clearDataForOrigin", origin=origin, storageTypes="all"),
        )

    async def close(self) -> None:
        """Close the tab, even if its page does not answer."""
        with suppress(TimeoutError):
            await self.pace.within(_CLOSING_S, self.targets.close(self._context))
