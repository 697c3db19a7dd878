"""One page in the browser: it is loaded, watched until it is quiet, and told of."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from snippetkit.browser.observed import Observed
from snippetkit.browser.tabs import Tab
from snippetkit.browser.visits import VIEW, Visit
from snippetkit.browser.watching import Log

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page, Response

_QUIET_S = 0.5  # as long as nothing is asked for; what a script does later is not waited for
_QUIET_WITHOUT_JAVASCRIPT_S = 0.1
_LONGEST_S = 3.0  # for a page that never stops to ask
_SCALE = 0.3125
_THUMBNAIL = {
    "format": "jpeg",
    "quality": 50,
    "clip": {"x": 0, "y": 0, "width": VIEW[0], "height": VIEW[1], "scale": _SCALE},
}
_ANSWER_S = 3.0
_STEP_S = 0.05
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BOMS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
# What belongs into a head, and is in the body only where something ended the head too soon.
_MOVED = "[...document.body.querySelectorAll('title, meta, link, base, style')].map((element) => element.localName)"
_IDLE = """new Promise((done) => {
  if (window.requestIdleCallback) window.requestIdleCallback(() => setTimeout(done, 1), {timeout: 1000});
  else setTimeout(done, 1);
})"""
THUMBNAIL_SIZE = (round(VIEW[0] * _SCALE), round(VIEW[1] * _SCALE))
"""Width and height of a thumbnail, in pixels."""

_AROUND_REASON = re.compile(r"^\w+\.\w+: | at https?://.*|\n.*", re.DOTALL)


@dataclass(slots=True)
class _Seen:
    """What a visit has of the page itself."""

    has_come: bool = False
    source: str = ""
    moved: tuple[str, ...] = ()
    failure: str = ""
    went_to: str = ""
    screenshot: bytes = b""
    thumbnail: bytes = b""


async def look_at(tab: Tab, visit: Visit) -> Observed:
    """Load a page in a tab, and return what it did."""
    log, seen = tab.begin(visit), _Seen()
    try:
        async with asyncio.timeout(visit.timeout_s):
            await _look(tab, visit, log, seen)
    except TimeoutError:
        reason = await _reason(tab.page, log) if seen.has_come else "the server does not answer"
        seen.failure = f"not loaded after {visit.timeout_s:g} seconds: {reason}"
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
        seen.screenshot,
        seen.thumbnail,
    )


async def _reason(page: Page, log: Log) -> str:
    """What a page that has come waits for; one whose script does not end does not even say what one and one is."""
    from playwright.async_api import Error

    try:
        with suppress(Error):
            await asyncio.wait_for(page.evaluate("1 + 1"), _ANSWER_S)
    except TimeoutError:
        return "a script does not end"
    return log.waits_for()


async def _look(tab: Tab, visit: Visit, log: Log, seen: _Seen) -> None:
    from playwright.async_api import Error

    page = tab.page
    try:
        response = await page.goto(visit.url, timeout=0, wait_until="commit")
        seen.has_come = True
        if response is not None:
            log.page_url = response.url
            seen.failure = _wrong_with(response)
            seen.source = await _source(tab.context, response)
        await page.wait_for_load_state("load", timeout=0)
        await _settle(page, visit, log)
        for event in visit.events:
            await page.evaluate(event)
            await _settle(page, visit, log)
        seen.went_to = log.place(page.url) if response and page.url.partition("#")[0] != response.url else ""
        seen.moved = () if visit.javascript else tuple(await page.evaluate(_MOVED))
        seen.screenshot = await page.screenshot(timeout=0) if visit.with_screenshot else b""
        seen.thumbnail = await _thumbnail(tab.session) if visit.with_thumbnail else b""
    except Error as error:
        seen.failure = seen.failure or _AROUND_REASON.sub("", error.message)


async def _thumbnail(session: CDPSession) -> bytes:
    """A small picture; playwright's own screenshots have the size of the window."""
    answer = await session.send("Page.captureScreenshot", _THUMBNAIL)
    return base64.b64decode(answer["data"])


def _wrong_with(response: Response) -> str:
    if response.status >= 400:
        return f"the server answered {response.status}"
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return "" if not kind or kind in _HTML else f"it is no HTML, but {kind}"


async def _source(context: BrowserContext, response: Response) -> str:
    """The HTML as it came; where the page is gone already, or too long for the browser to keep, asked for once more."""
    from playwright.async_api import Error

    try:
        body = await response.body()
    except Error:
        again = await context.request.get(response.url, max_redirects=0, timeout=0)
        body = await again.body()
    return _decoded(body, response.headers.get("content-type", ""))


def _decoded(body: bytes, content_type: str) -> str:
    """The text of a page: what counts in it is ASCII, in all encodings but UTF-16."""
    named = re.search(r"charset=[\"']?([\w-]+)", content_type, re.IGNORECASE)
    encoding = next((name for bom, name in _BOMS.items() if body.startswith(bom)), named[1] if named else "utf-8")
    try:
        return body.decode(encoding, "replace").removeprefix("\ufeff")
    except LookupError:
        return body.decode("utf-8", "replace")


async def _settle(page: Page, visit: Visit, log: Log) -> None:
    """Wait until nothing is asked for, but not for a page that never stops to ask."""
    ends = time.monotonic() + _LONGEST_S
    quiet_s = _QUIET_WITHOUT_JAVASCRIPT_S
    if visit.javascript:
        quiet_s = _QUIET_S
        with suppress(TimeoutError):
            await asyncio.wait_for(page.evaluate(_IDLE), _LONGEST_S)
    started = time.monotonic()
    while (now := time.monotonic()) < ends:
        rest = max(log.busy_at, started) + quiet_s - now
        if not log.pending and rest <= 0:
            return
        await asyncio.sleep(max(rest, _STEP_S))
