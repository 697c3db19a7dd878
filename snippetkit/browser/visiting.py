"""One page in the browser: it is loaded, watched until it is quiet, and reported."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snippetkit.browser.observed import Observed
from snippetkit.browser.pace import cut_off
from snippetkit.browser.tabs import PageLostError, Tab
from snippetkit.browser.visits import VIEW, Visit
from snippetkit.browser.watching import Log
from snippetkit.browser.wording import in_words
from snippetkit.browser.worlds import ScriptStoppedError, ask, read, run

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Response

_QUIET_S = 0.5  # how long nothing may be requested; what a script does later is not waited for
_QUIET_WITHOUT_JAVASCRIPT_S = 0.1
_LONGEST_S = 3.0  # for a page that never stops sending requests
_SCALE = 0.3125
_THUMBNAIL = {
    "format": "jpeg",
    "quality": 50,
    "clip": {"x": 0, "y": 0, "width": VIEW[0], "height": VIEW[1], "scale": _SCALE},
}
_ANSWER_S = 1.0
_STEP_S = 0.05
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BOMS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
# What belongs in the head, and is in the body only where something ended the head too soon.
_MOVED = "[...document.body.querySelectorAll('title, meta, link, base, style')].map((element) => element.localName)"
_NOTES = ("asks-webdriver", "consent-too-early")
_NOTED = "window['snippetkit.notes']['{}'] === true"
_IDLE = "new Promise((done) => requestIdleCallback(() => setTimeout(done, 1), {{timeout: {:.0f}}}))"
_IDLE_S = 1.0
THUMBNAIL_SIZE = (round(VIEW[0] * _SCALE), round(VIEW[1] * _SCALE))
"""Width and height of a thumbnail, in pixels."""
_LEFT = "net::ERR_ABORTED"  # what is said of a page that is replaced by another while it is loaded


@dataclass(slots=True)
class _Seen:
    """What a visit gets from the page itself."""

    has_come: bool = False
    source: str = ""
    moved: tuple[str, ...] = ()
    failure: str = ""
    went_to: str = ""
    notes: tuple[str, ...] = ()
    screenshot: bytes = b""
    thumbnail: bytes = b""


async def look_at(tab: Tab, visit: Visit) -> Observed:
    """Load a page in a tab, and return what it did."""
    log, seen = tab.begin(visit), _Seen()
    try:
        await tab.pace.within(visit.timeout_s, tab.unless_lost(_look(tab, visit, log, seen)))
    except TimeoutError:
        reason = await _reason(tab, log) if seen.has_come else "the server does not answer"
        seen.failure = f"not loaded after {visit.timeout_s:g} seconds: {reason}"
    except PageLostError as error:
        seen.failure = in_words(str(error))
    return Observed(
        visit.path,
        visit.javascript,
        seen.source,
        tuple(log.fired),
        log.blocked,
        log.errors,
        seen.moved,
        seen.failure,
        seen.went_to,
        seen.notes,
        seen.screenshot,
        seen.thumbnail,
    )


async def _reason(tab: Tab, log: Log) -> str:
    """What a page that has come waits for; one whose script does not end cannot even add one and one."""
    from playwright.async_api import Error

    try:
        with suppress(Error):
            await tab.pace.within(_ANSWER_S, ask(tab.session, tab.frame_id, "1 + 1"))
    except TimeoutError:
        return "a script does not end"
    return log.waits_for()


async def _look(tab: Tab, visit: Visit, log: Log, seen: _Seen) -> None:
    from playwright.async_api import Error

    try:
        response = await tab.page.goto(visit.url, timeout=0, wait_until="commit")
        seen.has_come = True
        if response is not None:
            log.page_url = response.url
            seen.source = await _source(tab, response)
        loaded = asyncio.ensure_future(tab.page.wait_for_load_state("load", timeout=0))
        await _unless_stopped(tab, loaded)
        await cut_off(loaded)
        if response is not None:
            seen.failure = _wrong_with(response)
        await _settle(tab, visit, log)
        if visit.waking:
            await ask(tab.session, tab.frame_id, visit.waking)
            await _settle(tab, visit, log)
        for event in visit.events:
            await run(tab.session, event)
            await _settle(tab, visit, log)
        seen.went_to = log.place(tab.went_to) if tab.went_to else ""
        seen.notes = await _noted(tab) if visit.javascript else ()
        seen.moved = () if visit.javascript else tuple(await ask(tab.session, tab.frame_id, _MOVED))
        seen.screenshot = await tab.page.screenshot(timeout=0) if visit.with_screenshot else b""
        seen.thumbnail = await _thumbnail(tab.session) if visit.with_thumbnail else b""
    except ScriptStoppedError as error:
        seen.failure = seen.failure or f"what is done on the loaded page stopped: {error}"
    except Error as error:
        seen.failure = seen.failure or in_words(error.message)


async def _noted(tab: Tab) -> tuple[str, ...]:
    """The notes that our scripts took; a page may put others of its own in their place, and nothing else."""
    return tuple([note for note in _NOTES if await read(tab.session, _NOTED.format(note)) is True])


async def _unless_stopped(tab: Tab, task: asyncio.Future[Any]) -> None:
    """Wait for what may never come: of a page that came in part, or that a script stops, the browser says it ended."""
    stopped = asyncio.ensure_future(tab.has_stopped.wait())
    try:
        await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cut_off(stopped, *([] if tab.has_stopped.is_set() else [task]))


async def _thumbnail(session: CDPSession) -> bytes:
    """A small picture; playwright's own screenshots are as large as the window."""
    answer = await session.send("Page.captureScreenshot", _THUMBNAIL)
    return base64.b64decode(answer["data"])


def _wrong_with(response: Response) -> str:
    if response.status >= 400:
        return f"the server answered {response.status}"
    failure = response.request.failure or _LEFT
    if failure != _LEFT:
        return in_words(failure)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return "" if not kind or kind in _HTML else f"it is not HTML but {kind}"


async def _source(tab: Tab, response: Response) -> str:
    """The HTML as it came; requested again where the page is gone already, or too long for the browser to keep.

    Empty where it does not come in full.
    """
    from playwright.async_api import Error

    body = asyncio.ensure_future(response.body())
    try:
        await _unless_stopped(tab, body)
        content = await tab.pace.within(_ANSWER_S, body)
    except (Error, TimeoutError):
        try:
            again = await tab.context.request.get(response.url, max_redirects=0, timeout=0)
            content = await again.body()
        except Error:
            return ""
    return decode(content, response.headers.get("content-type", ""))


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page: what matters in it is ASCII in all encodings but UTF-16.

    Args:
        body: its bytes.
        content_type: what the server said of them, or empty.
    """
    named = re.search(r"charset=[\"']?([\w-]+)", content_type, re.IGNORECASE)
    encoding = next((name for bom, name in _BOMS.items() if body.startswith(bom)), named[1] if named else "utf-8")
    try:
        return body.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError:
        return body.decode("utf-8", "replace")


async def _settle(tab: Tab, visit: Visit, log: Log) -> None:
    """Wait until nothing is requested any more, but not for a page that never stops.

    On a slow machine it may be busy though it is quiet, so the page is then asked whether it is idle; what it had said
    before it answers has been heard by then.
    """
    ends = tab.pace.now() + _LONGEST_S
    quiet_s = _QUIET_S if visit.javascript else _QUIET_WITHOUT_JAVASCRIPT_S
    await _idle(tab, visit)
    started = time.monotonic()
    while tab.pace.now() < ends or log.waits_for_loader():
        rest = max(log.busy_at, started) + quiet_s - time.monotonic()
        if log.is_busy or rest > 0:
            await asyncio.sleep(max(rest, _STEP_S))
        else:
            busy_at = log.busy_at
            await _idle(tab, visit)
            if log.busy_at == busy_at:
                return


async def _idle(tab: Tab, visit: Visit) -> None:
    if visit.javascript:
        idle = _IDLE.format(_IDLE_S * 1000 * tab.pace.slowness)
        with suppress(TimeoutError):
            await tab.pace.within(_LONGEST_S, ask(tab.session, tab.frame_id, idle, waits=True))
