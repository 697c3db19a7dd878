"""The targets of a browser: tabs, each in a context of its own, and whatever else begins to run in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from snippetkit.browser.devtools import DevToolsError, Session, Told

Popup = Callable[[Session], None]
"""Is told of a window that a tab opens, before it runs."""

RUN = "Runtime.runIfWaitingForDebugger"


class Context(NamedTuple):
    """A context of the browser: nothing of it is anywhere else. `first` will be the tab, by its session."""

    name: str
    first: asyncio.Future[Session]
    popup: Popup


class Targets:
    """Follows what begins in a browser, `root` being its session: nothing runs before somebody is told of it."""

    def __init__(self, root: Session) -> None:
        self.root = root
        self._contexts: dict[str, Context] = {}
        self._lost: dict[str, Callable[[], None]] = {}
        root.listen({"Target.attachedToTarget": self._attached, "Target.detachedFromTarget": self._detached})

    @property
    def is_open(self) -> bool:
        """Whether the browser is still there."""
        return self.root.wire.is_open

    async def follow(self) -> None:
        """Begin.

        Raises:
            DevToolsError: the browser does not answer as it should, or has ended.
        """
        if "protocolVersion" not in await self.root.call("Browser.getVersion"):
            raise DevToolsError("that is no browser")
        await self.root.call("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)

    async def start(self, proxy: str | None, popup: Popup) -> tuple[Context, Session]:
        """Open a tab in a new context, and return its session; it does not run yet.

        Args:
            proxy: the URL of the proxy by which alone it gets out, or None.
            popup: is told of the windows that it opens.

        Raises:
            DevToolsError: the browser does not do it.
        """
        only = {"proxyServer": proxy, "proxyBypassList": "<-loopback>"} if proxy else {}
        name = (await self.root.call("Target.createBrowserContext", disposeOnDetach=True, **only))["browserContextId"]
        context = Context(name, asyncio.get_running_loop().create_future(), popup)
        self._contexts[name] = context
        self.root.tell("Browser.setDownloadBehavior", behavior="deny", browserContextId=name)
        await self.root.call("Target.createTarget", url="about:blank", browserContextId=name)
        return context, await context.first

    def when_lost(self, session: Session, lost: Callable[[], None]) -> None:
        """Say what is called once a tab is closed."""
        self._lost[session.name] = lost

    async def close(self, context: Context) -> None:
        """Close the tab with all its windows, and forget what they kept."""
        self._contexts.pop(context.name, None)
        with suppress(DevToolsError):
            await self.root.call("Target.disposeBrowserContext", browserContextId=context.name)

    def _attached(self, event: Told) -> None:
        session, target = Session(self.root.wire, event["sessionId"]), event["targetInfo"]
        context = self._contexts.get(target.get("browserContextId", ""))
        if context is None or target["type"] != "page":
            session.tell(RUN)
        elif context.first.done():
            context.popup(session)
        else:
            context.first.set_result(session)

    def _detached(self, event: Told) -> None:
        self.root.wire.forget(event["sessionId"])
        lost = self._lost.pop(event["sessionId"], None)
        if lost:
            lost()
