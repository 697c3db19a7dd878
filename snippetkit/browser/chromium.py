"""A real Chromium: it loads pages, and tells what left them; nothing else than the page's own server is reached."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from snippetkit.browser.observed import LOADER_HOST, Blocked, Fired, Observed, ScriptError, read_event
from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Route

_LOADERS = Path(__file__).parent / "loaders"
# Without these the browser asks hosts of its maker at every start.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
_IMAGE = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_QUIET_MS = 3000
_CLOSING_S = 5.0
_VIEW = (1280, 720)
_SCALE = 0.3125
_THUMBNAIL = {
    "format": "jpeg",
    "quality": 50,
    "clip": {"x": 0, "y": 0, "width": _VIEW[0], "height": _VIEW[1], "scale": _SCALE},
}
THUMBNAIL_SIZE = (round(_VIEW[0] * _SCALE), round(_VIEW[1] * _SCALE))
"""Width and height of a thumbnail, in pixels."""

_HOW_TO_GET = "pip install 'snippetkit[verify]', and a Chromium (Debian: apt install chromium)"
# What belongs into a head, and is in the body only where something ended the head too soon.
_MOVED = "[...document.body.querySelectorAll('title, meta, link, base, style')].map((element) => element.localName)"


@dataclass(frozen=True, slots=True)
class Visit:
    """How a page is looked at.

    `path` is what a person named, `url` what the browser is sent to. `scripts` run in front of the page's own, `events`
    are pushed to its data layer once it is loaded. `is_live` lets everything through. `timeout_s` is when the browser
    stops to wait.
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


@dataclass(eq=False)
class _Log:
    """What happens during a visit, as it comes."""

    started: float = field(default_factory=time.monotonic)
    fired: list[Fired] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    errors: list[ScriptError] = field(default_factory=list)

    def request(self, url: str) -> bool:
        """Note an event, and say whether it was one."""
        event = read_event(url, round((time.monotonic() - self.started) * 1000))
        if event:
            self.fired.append(event)
        return event is not None

    def exception(self, event: dict[str, Any]) -> None:
        details = event["exceptionDetails"]
        text = details.get("exception", {}).get("description") or details.get("text", "")
        self.errors.append(ScriptError(text.split("\n")[0], details.get("url", ""), details["lineNumber"] + 1))

    def issue(self, event: dict[str, Any]) -> None:
        details = event["issue"]["details"].get("contentSecurityPolicyIssueDetails")
        if details and not details["isReportOnly"]:
            line = details.get("sourceCodeLocation", {}).get("lineNumber")
            url = details.get("blockedURL") or "inline code"
            self.blocked.append(Blocked(url, details["violatedDirective"], None if line is None else line + 1))


@dataclass(slots=True)
class _Seen:
    """What a visit has of the page itself."""

    source: str = ""
    moved: tuple[str, ...] = ()
    failure: str = ""
    screenshot: bytes = b""
    thumbnail: bytes = b""


def visit_all(visits: Sequence[Visit], executable: str, *, parallel: int = 8) -> Iterator[Observed]:
    """Yield what each visit saw, in no particular order, from several contexts of one browser.

    Args:
        visits: the pages.
        executable: the browser's program.
        parallel: how many pages are looked at at once.

    Raises:
        SettingError: there is no playwright, or the browser does not start.
    """
    with asyncio.Runner() as runner:
        found = _visited(visits, executable, parallel)
        try:
            while (observed := runner.run(_next(found))) is not None:
                yield observed
        finally:
            runner.run(found.aclose())


async def _next(found: AsyncGenerator[Observed, None]) -> Observed | None:
    return await anext(found, None)


async def _visited(visits: Sequence[Visit], executable: str, parallel: int) -> AsyncGenerator[Observed, None]:
    async with _launched(executable) as browser:
        gate = asyncio.Semaphore(parallel)

        async def gated(visit: Visit) -> Observed:
            async with gate:
                return await _visit(browser, visit)

        tasks = [asyncio.ensure_future(gated(visit)) for visit in visits]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _launched(executable: str) -> AsyncIterator[Browser]:
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise SettingError("playwright is not installed, which drives the browser", hint=_HOW_TO_GET) from error
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=executable, args=_QUIET, chromium_sandbox=False)
        except Error as error:
            reason = error.message.split("\n")[0]
            raise SettingError(f"{executable} does not start: {reason}", hint=_HOW_TO_GET) from error
        try:
            yield browser
        finally:
            await browser.close()


async def _visit(browser: Browser, visit: Visit) -> Observed:
    log = _Log()
    context = await browser.new_context(
        java_script_enabled=visit.javascript,
        service_workers="block",
        viewport={"width": _VIEW[0], "height": _VIEW[1]},
    )
    seen = _Seen()
    try:
        async with asyncio.timeout(visit.timeout_s):
            await _look(context, visit, log, seen)
    except TimeoutError:
        seen.failure = f"the page was not loaded after {visit.timeout_s:g} seconds"
    with suppress(TimeoutError):
        await asyncio.wait_for(context.close(), _CLOSING_S)
    logged = (tuple(log.fired), tuple(log.blocked), tuple(log.errors))
    pictures = (seen.screenshot, seen.thumbnail)
    return Observed(visit.path, visit.javascript, seen.source, *logged, seen.moved, seen.failure, *pictures)


async def _look(context: BrowserContext, visit: Visit, log: _Log, seen: _Seen) -> None:
    from playwright.async_api import Error

    try:
        page = await _open(context, visit, log)
        response = await page.goto(visit.url, timeout=0, wait_until="commit")
        if response is not None:
            seen.source = (await response.body()).decode("utf-8", "surrogateescape")
            seen.failure = f"the server answered {response.status}" if response.status >= 400 else ""
        await page.wait_for_load_state("load", timeout=0)
        await _settle(page)
        for event in visit.events:
            await page.evaluate(event)
            await _settle(page)
        seen.moved = () if visit.javascript else tuple(await page.evaluate(_MOVED))
        seen.screenshot = await page.screenshot(timeout=0) if visit.with_screenshot else b""
        seen.thumbnail = await _thumbnail(page) if visit.with_thumbnail else b""
    except Error as error:
        seen.failure = error.message.split("\n")[0].removeprefix("Page.goto: ")


async def _thumbnail(page: Page) -> bytes:
    """A small picture; playwright's own screenshots have the size of the window."""
    session = await page.context.new_cdp_session(page)
    answer = await session.send("Page.captureScreenshot", _THUMBNAIL)
    return base64.b64decode(answer["data"])


async def _open(context: BrowserContext, visit: Visit, log: _Log) -> Page:
    origin = _origin(visit.url)

    async def answer(route: Route) -> None:
        url = route.request.url
        is_event = log.request(url)
        if visit.is_live or _origin(url) == origin:
            await route.continue_()
        elif is_event:
            await route.fulfill(body=_IMAGE, content_type="image/gif")
        elif urlsplit(url).hostname == LOADER_HOST:
            await _load(route, url)
        else:
            await route.abort()

    await context.route("**/*", answer)
    for script in visit.scripts:
        await context.add_init_script(script)
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    session.on("Runtime.exceptionThrown", log.exception)
    session.on("Audits.issueAdded", log.issue)
    for domain in ("Runtime", "Audits"):
        await session.send(f"{domain}.enable")
    log.started = time.monotonic()
    return page


async def _load(route: Route, url: str) -> None:
    loader = _LOADERS / urlsplit(url).path.rpartition("/")[2]
    if loader.is_file() and loader.suffix == ".js":
        await route.fulfill(path=loader, content_type="text/javascript")
    else:
        await route.fulfill(body="", content_type="text/javascript")


async def _settle(page: Page) -> None:
    """Wait until nothing is asked for, but not for a page that never stops to ask."""
    from playwright.async_api import TimeoutError as StillAsking

    with suppress(StillAsking):
        await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
