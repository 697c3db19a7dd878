"""A walk through a site: to a page by a click, then back, forward and reload; what fires at each step."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from snippetkit.browser.devtools import DevToolsError
from snippetkit.browser.observed import Fired, Observed
from snippetkit.browser.tabs import PageLostError, Tab
from snippetkit.browser.visiting import read_again, settle
from snippetkit.browser.visits import Visit
from snippetkit.browser.wording import in_words
from snippetkit.browser.worlds import ScriptStoppedError
from snippetkit.records import dataclass, field

ANEW = ", loaded anew"
"""What a step is called behind its name where it brought a new document."""

_LONGER = 5  # as many pages come as in so many visits
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


@dataclass(slots=True)
class _Walked:
    source: str = ""
    fired: list[Fired] = field(default_factory=list)


async def walk(tab: Tab, visit: Visit) -> Observed:
    """Walk in a tab from `visit.start` to the page by a click, and return what fired, each with its step."""
    walked, failure = _Walked(), ""
    try:
        await tab.pace.within(visit.timeout_s * _LONGER, tab.unless_lost(_walk(tab, visit, walked)))
    except TimeoutError:
        failure = f"the walk did not end after {visit.timeout_s * _LONGER:g} seconds"
    except _EndedError as error:
        failure = str(error)
    except (PageLostError, ScriptStoppedError) as error:
        failure = in_words(str(error))
    except DevToolsError as error:
        failure = in_words(error.message)
    return Observed(visit.path, javascript=True, source=walked.source, fired=tuple(walked.fired), failure=failure)


async def _walk(tab: Tab, visit: Visit, walked: _Walked) -> None:
    async def step(name: str, doing: Callable[[], Awaitable[Any]]) -> None:
        log, before = tab.begin(visit), tab.document
        await doing()
        await settle(tab, visit, log)
        told = f"{name}{ANEW}" if tab.document != before and name in {"click", "back", "forward"} else name
        walked.fired += (one._replace(step=told) for one in log.fired)

    async def open_start() -> None:
        await tab.go(visit.start)
        await tab.has_loaded.wait()

    await step("start", open_start)
    walked.source = await read_again(tab, visit.url)
    if await tab.worlds.ask(_PRERENDERS):
        await step("prerender", lambda: _prerender(tab, visit))
        await step("start", open_start)
    at = await tab.worlds.ask(_PLACE.format(_LINK.format(json.dumps(visit.url))))
    if not at:
        reason = "has no link to it" if at is None else "has a link to it that cannot be clicked"
        raise _EndedError(f"the page where the walk starts {reason}")
    await step("hover", lambda: _mouse(tab, "mouseMoved", at))
    await step("click", lambda: _click(tab, at))
    if (await tab.worlds.ask("location.href")).partition("#")[0] != visit.url:
        raise _EndedError("a click on the link to it does not lead there")
    await step("back", lambda: tab.worlds.ask("history.back()"))
    await step("forward", lambda: tab.worlds.ask("history.forward()"))
    await step("reload", lambda: tab.session.call("Page.reload"))


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
