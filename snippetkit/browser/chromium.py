"""A real Chromium: it is started, looks at pages in several contexts, and is gone at the end, whatever happens."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Generator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from snippetkit.browser.observed import Observed
from snippetkit.browser.tabs import Tab
from snippetkit.browser.visiting import look_at
from snippetkit.browser.visits import Visit
from snippetkit.errors import BrowserError, SettingError

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Without these the browser asks hosts of its maker at every start.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
# What no interception sees (a WebSocket, a preconnect, a redirect) has no address to go to.
_ALONE = (
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
)
_STARTING_MS = 30_000
_GET_PLAYWRIGHT = "pip install 'snippetkit[verify]'"
_GET_CHROMIUM = "name another program with --browser (Debian: apt install chromium)"

_Started = TypeVar("_Started")
Seen = tuple[int, Observed]
"""The number of a visit, from 0, and what it saw."""


def visit_all(visits: Sequence[Visit], executable: str, *, parallel: int = 8) -> Generator[Seen, None, None]:
    """Yield what each visit saw, with its number, in no particular order, from several contexts of one browser.

    Args:
        visits: the pages.
        executable: the browser's program.
        parallel: how many pages are looked at at once.

    Raises:
        SettingError: there is no playwright, or the browser does not start.
        BrowserError: the browser ended in the middle.
    """
    logging.getLogger("asyncio").addHandler(logging.NullHandler())  # what it says of a process that was cut off
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)  # what is cut off complains to nobody
        found = _visited(visits, executable, parallel)
        try:
            while (seen := runner.run(_next(found))) is not None:
                yield seen
        finally:
            runner.run(found.aclose())


async def _next(found: AsyncGenerator[Seen, None]) -> Seen | None:
    return await anext(found, None)


async def _visited(visits: Sequence[Visit], executable: str, parallel: int) -> AsyncGenerator[Seen, None]:
    is_live = any(visit.is_live for visit in visits)
    async with _launched(executable, () if is_live else _ALONE) as browser:
        gate = asyncio.Semaphore(parallel)
        tabs = defaultdict[tuple[object, ...], list[Tab]](list)

        async def gated(number: int, visit: Visit) -> Seen:
            async with gate:
                return number, await _guarded(browser, tabs[visit.javascript, visit.scripts], visit)

        tasks = [asyncio.ensure_future(gated(number, visit)) for number, visit in enumerate(visits)]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _guarded(browser: Browser, tabs: list[Tab], visit: Visit) -> Observed:
    from playwright.async_api import Error

    try:
        observed = await _look(browser, tabs, visit)
    except Error as error:
        if browser.is_connected():
            return Observed(visit.path, visit.javascript, "", failure=error.message.split("\n")[0])
        raise _ended() from error
    if not browser.is_connected():
        raise _ended()
    return observed


async def _look(browser: Browser, tabs: list[Tab], visit: Visit) -> Observed:
    """Look at a page in one of the tabs that are free, or in a new one; it is free again if it can forget the page."""
    tab = tabs.pop() if tabs else await Tab.start(browser, visit)
    observed = await look_at(tab, visit)
    if not visit.is_live and not observed.failure and await tab.forget():
        tabs.append(tab)
    else:
        await tab.close()
    return observed


def _ended() -> BrowserError:
    return BrowserError("the browser ended before all pages were seen", hint="is there memory enough? run it again")


@asynccontextmanager
async def _launched(executable: str, arguments: Sequence[str]) -> AsyncIterator[Browser]:
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise SettingError("playwright is not installed, which drives the browser", hint=_GET_PLAYWRIGHT) from error
    manager = async_playwright()
    try:
        with _without_interrupts():
            playwright = await _whole(manager.__aenter__())
        launched = playwright.chromium.launch(
            executable_path=executable,
            args=[*_QUIET, *arguments],
            chromium_sandbox=False,
            timeout=_STARTING_MS,
            handle_sigint=False,
        )
        try:
            browser = await _whole(launched)
        except Error as error:
            raise SettingError(f"{executable} does not start as a browser", hint=_GET_CHROMIUM) from error
        try:
            yield browser
        finally:
            with suppress(Error):
                await browser.close()
    finally:
        await manager.__aexit__()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let what is started here never get a Ctrl-C, which a terminal sends to all: it is ended in order, by us."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


async def _whole(starting: Coroutine[Any, Any, _Started]) -> _Started:
    """Await what leaves a process behind where it is cut off half way: it is cut off once it is done."""
    task = asyncio.ensure_future(starting)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
