"""A walk through a site: to a page by a click, then back, forward and reload; what fires at each step."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from snippetkit.browser.devtools import DevToolsError
from snippetkit.browser.observed import ANEW, SECOND, Fired, Observed
from snippetkit.browser.tabs import PageLostError, Tab
from snippetkit.browser.visiting import read_again, settle
from snippetkit.browser.visits import Visit
from snippetkit.browser.wording import in_words
from snippetkit.browser.worlds import ScriptStoppedError

_MAY_LOAD = frozenset({"click", "back", "forward", SECOND})
_LONGER = 7  # as many pages come as in so many visits
_LINK = "[...document.links].find((link) => link.href.split('#')[0] === {})"
# Where it is in the window; nowhere, if something lies over it.
_PLACE = """((link) => {{
  if (!link) return null;
  link.scrollIntoView({{block: 'center', behavior: 'instant'}});
  const {{left, top, width, height}} = link.getClientRects()[0] || link.getBoundingClientRect();
  const place = [left + width / 2, top + height / 2], there = document.elementFromPoint(...place);
  return there && (link.contains(there) || there.contains(link)) ? place : [];
}})({})"""
_PRERENDERS = """[...document.querySelectorAll('script[type=speculationrules]')].some((rules) => {
  try { return Boolean(JSON.parse(rules.textContent).prerender); } catch (error) { return false; }
})"""
# Chromium does not prerender while it is driven, so the page is told that it is.
_PRERENDERING = "Object.defineProperty(Document.prototype, 'prerendering', {configurable: true, get: () => true});"


class _EndedError(Exception):
    """The walk cannot go on; says why."""


class _Walker:
    """A walk in a tab; `fired` is what fired so far, each with its step."""

    def __init__(self, tab: Tab, visit: Visit) -> None:
        self.source = ""
        self.fired = list[Fired]()
        self._tab = tab
        self._visit = visit

    async def go(self) -> None:
        """Walk.

        Raises:
            _EndedError: the page cannot be reached, or left again.
            DevToolsError, PageLostError, ScriptStoppedError: something else came in between.
        """
        await self._begin()
        at = await _place(self._tab, self._visit)
        if not at:
            reason = "has no link to it" if at is None else "has a link to it that cannot be clicked"
            raise _EndedError(f"the page where the walk starts {reason}")
        await self._step("hover", lambda: _mouse(self._tab, "mouseMoved", at))
        is_anew = await self._step("click", lambda: _click(self._tab, at))
        if (await self._tab.worlds.ask("location.href")).partition("#")[0] != self._visit.url:
            raise _EndedError("a click on the link to it does not lead there")
        await self._move("back")
        await self._move("forward")
        if not is_anew:
            await self._visit_again()
        await self._step("reload", lambda: self._tab.session.call("Page.reload"))

    async def _begin(self) -> None:
        """Open the page where the walk starts; what that prerenders is looked at before."""
        await self._step("start", self._open_start)
        self.source = await read_again(self._tab, self._visit.url)
        if await self._tab.worlds.ask(_PRERENDERS):
            await self._step("prerender", lambda: _prerender(self._tab, self._visit))
            await self._step("start", self._open_start)

    async def _open_start(self) -> None:
        await self._tab.go(self._visit.start)
        await self._tab.has_loaded.wait()

    async def _visit_again(self) -> None:
        await self._move("back")
        if at := await _place(self._tab, self._visit):
            await self._step(SECOND, lambda: _click(self._tab, at))
        else:
            await self._move("forward")

    async def _move(self, name: str) -> None:
        await self._step(name, lambda: self._tab.worlds.ask(f"history.{name}()"))

    async def _step(self, name: str, doing: Callable[[], Awaitable[Any]]) -> bool:
        """Do something, note what fires, and return whether it brought another document."""
        log, before = self._tab.begin(self._visit), self._tab.document
        await doing()
        await settle(self._tab, self._visit, log)
        is_anew = self._tab.document != before
        told = f"{name}{ANEW}" if is_anew and name in _MAY_LOAD else name
        self.fired += (one._replace(step=told) for one in log.fired)
        return is_anew


async def walk(tab: Tab, visit: Visit) -> Observed:
    """Walk in a tab from `visit.start` to the page by a click, and return what fired, each with its step."""
    walking, failure = _Walker(tab, visit), ""
    try:
        await tab.pace.within(visit.timeout_s * _LONGER, tab.unless_lost(walking.go()))
    except TimeoutError:
        failure = f"the walk did not end after {visit.timeout_s * _LONGER:g} seconds"
    except _EndedError as error:
        failure = str(error)
    except (PageLostError, ScriptStoppedError) as error:
        failure = in_words(str(error))
    except DevToolsError as error:
        failure = in_words(error.message)
    return Observed(visit.path, javascript=True, source=walking.source, fired=tuple(walking.fired), failure=failure)


async def _place(tab: Tab, visit: Visit) -> Any:
    """Where the link to the page is in the window; None where there is none, and nothing if it cannot be clicked."""
    return await tab.worlds.ask(_PLACE.format(_LINK.format(json.dumps(visit.url))))


async def _prerender(tab: Tab, visit: Visit) -> None:
    added = await tab.session.call("Page.addScriptToEvaluateOnNewDocument", source=_PRERENDERING)
    await tab.go(visit.url)
    await tab.has_loaded.wait()
    await tab.session.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


async def _click(tab: Tab, at: tuple[float, float]) -> None:
    for kind in ("mousePressed", "mouseReleased"):
        await _mouse(tab, kind, at, button="left", clickCount=1)


async def _mouse(tab: Tab, kind: str, at: tuple[float, float], **more: Any) -> None:
    await tab.session.call("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], **more)
