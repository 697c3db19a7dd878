"""One page in the browser: it is loaded, watched until it is quiet, and told of."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from snippetkit.browser.observed import LOADER_HOST, Observed, read_event
from snippetkit.browser.watching import Log, asked, origin_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Response, Route

_FOLDER = Path(__file__).parent
_LOADERS = _FOLDER / "loaders"
_IMAGE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_QUIET_S = 0.5  # as long as nothing is asked for; what a script does later is not waited for
_QUIET_WITHOUT_JAVASCRIPT_S = 0.1
_LONGEST_S = 3.0  # for a page that never stops to ask
_CLOSING_S = 5.0
_VIEW = (1280, 720)
_SCALE = 0.3125
_THUMBNAIL = {
    "format": "jpeg",
    "quality": 50,
    "clip": {"x": 0, "y": 0, "width": _VIEW[0], "height": _VIEW[1], "scale": _SCALE},
}
_ANSWER_S = 3.0
_STEP_S = 0.05
_SCRIPT = "text/javascript; charset=utf-8"
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BOMS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
# What belongs into a head, and is in the body only where something ended the head too soon.
_MOVED = "[...document.body.querySelectorAll('title, meta, link, base, style')].map((element) => element.localName)"
_IDLE = """new Promise((done) => {
  if (window.requestIdleCallback) window.requestIdleCallback(() => setTimeout(done, 1), {timeout: 1000});
  else setTimeout(done, 1);
})"""
THUMBNAIL_SIZE = (round(_VIEW[0] * _SCALE), round(_VIEW[1] * _SCALE))
"""Width and height of a thumbnail, in pixels."""

_AROUND_REASON = re.compile(r"^\w+\.\w+: | at https?://.*|\n.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is looked at.

    `path` is what a person named, `url` what the browser is sent to. `scripts` run in front of the page's own, `events`
    are carried out one after the other once it is loaded. `is_live` lets everything through. `timeout_s` is when the
    browser stops to wait.
    """

    path: str
    url: str
    javascript: bool = True
    scripts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    is_live: bool = False
    with_screenshot: bool = False
    with_thumbnail: bool = False
    timeout_s: float = 15.0


@dataclass(slots=True)
class _Seen:
    """What a visit has of the page itself."""

    source: str = ""
    moved: tuple[str, ...] = ()
    failure: str = ""
    went_to: str = ""
    screenshot: bytes = b""
    thumbnail: bytes = b""


def consent_script(*, granted: bool) -> str:
    """Return the script that answers in the visitor's place what a page asks about consent."""
    return f"{(_FOLDER / 'consent.js').read_text('utf-8').rstrip()}({'true' if granted else 'false'});"


async def look_at(browser: Browser, visit: Visit) -> Observed:
    """Load a page in a context of its own, and return what it did."""
    log, seen = Log(visit.url), _Seen()
    context = await browser.new_context(
        java_script_enabled=visit.javascript,
        service_workers="block",
        viewport={"width": _VIEW[0], "height": _VIEW[1]},
    )
    try:
        async with asyncio.timeout(visit.timeout_s):
            await _look(context, visit, log, seen)
    except TimeoutError:
        is_stuck = not log.waits_for_page and await _is_stuck(context)
        reason = "a script does not end" if is_stuck else log.waits_for()
        seen.failure = f"not loaded after {visit.timeout_s:g} seconds: {reason}"
    with suppress(TimeoutError):
        await asyncio.wait_for(context.close(), _CLOSING_S)
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


async def _is_stuck(context: BrowserContext) -> bool:
    """Whether a page does not even answer what one and one is."""
    from playwright.async_api import Error

    try:
        for page in context.pages[:1]:
            await asyncio.wait_for(page.evaluate("1 + 1"), _ANSWER_S)
    except TimeoutError:
        return True
    except Error:
        return False
    return False


async def _look(context: BrowserContext, visit: Visit, log: Log, seen: _Seen) -> None:
    from playwright.async_api import Error

    try:
        page = await _open(context, visit, log)
        response = await page.goto(visit.url, timeout=0, wait_until="commit")
        if response is not None:
            log.page_url = response.url
            seen.failure = _wrong_with(response)
            seen.source = await _source(context, response)
        await page.wait_for_load_state("load", timeout=0)
        await _settle(page, visit, log)
        for event in visit.events:
            await page.evaluate(event)
            await _settle(page, visit, log)
        seen.went_to = log.place(page.url) if response and page.url.partition("#")[0] != response.url else ""
        seen.moved = () if visit.javascript else tuple(await page.evaluate(_MOVED))
        seen.screenshot = await page.screenshot(timeout=0) if visit.with_screenshot else b""
        seen.thumbnail = await _thumbnail(page) if visit.with_thumbnail else b""
    except Error as error:
        seen.failure = seen.failure or _AROUND_REASON.sub("", error.message)


async def _thumbnail(page: Page) -> bytes:
    """A small picture; playwright's own screenshots have the size of the window."""
    session = await page.context.new_cdp_session(page)
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


async def _open(context: BrowserContext, visit: Visit, log: Log) -> Page:
    async def answer(route: Route) -> None:
        from playwright.async_api import Error

        log.event(asked(route.request))
        with suppress(Error):  # the page may be gone by now
            await _answer(route, visit)

    await context.route("**/*", answer)
    for script in visit.scripts if visit.javascript else ():
        await context.add_init_script(script)
    context.on("request", log.request)
    context.on("requestfinished", log.ended)
    context.on("requestfailed", log.ended)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    session.on("Runtime.exceptionThrown", log.exception)
    session.on("Audits.issueAdded", log.issue)
    for domain in ("Runtime", "Audits"):
        await session.send(f"{domain}.enable")
    log.started = time.monotonic()
    return page


async def _answer(route: Route, visit: Visit) -> None:
    url = route.request.url
    if visit.is_live or origin_of(url) == origin_of(visit.url):
        await route.continue_()
    elif read_event(url, 0):
        await route.fulfill(body=_IMAGE, content_type="image/gif")
    elif urlsplit(url).hostname == LOADER_HOST:
        loader = _LOADERS / urlsplit(url).path.rpartition("/")[2]
        is_there = loader.suffix == ".js" and loader.is_file()
        await route.fulfill(body=loader.read_text("utf-8") if is_there else "", content_type=_SCRIPT)
    else:
        await route.abort()


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
