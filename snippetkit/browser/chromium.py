"""A real Chromium: it is started, looks at pages in several contexts, and is ended, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from snippetkit.browser import interrupts
from snippetkit.browser.doors import Address, Door, open_doors
from snippetkit.browser.pace import Pace
from snippetkit.browser.pool import Pool, Seen, Wrong
from snippetkit.browser.surroundings import only_what_is_needed
from snippetkit.browser.visits import Visit
from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Without these the browser contacts its maker's hosts at every start.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
# What playwright 1.65 switches off itself: of two lists of features the browser takes the last one, ours.
_OFF_ANYWAY = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "TcpPortRandomizationWin,ThirdPartyStoragePartitioning,msEdgeUpdateLaunchServicesPreferredVersion,"
    "msForceBrowserSignIn"
)
# What no interception sees (a WebSocket, a worker, a preconnect, a redirect) goes through our proxy, even to loopback,
# or nowhere: no name is looked up, and only TCP is used (no WebRTC, QUIC, multicast DNS).
_ALONE = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    f"--disable-features=WebRtcHideLocalIpsWithMdns,{_OFF_ANYWAY}",
)
_STARTING_MS = 180_000  # at a load of 60 it takes more than a minute
_GET_PLAYWRIGHT = "pip install playwright"
_GET_CHROMIUM = "name another program with --browser (Debian: apt install chromium-headless-shell)"

_Started = TypeVar("_Started")


def visit_all(
    visits: Sequence[Visit],
    executable: str,
    *,
    parallel: int = 8,
    wrong: Wrong | None = None,
    tell: Callable[[float], None] = lambda _: None,
) -> Generator[Seen, None, None]:
    """Yield what each visit saw, with its number, in no particular order, from several contexts of one browser.

    Args:
        visits: the pages.
        executable: the browser's program.
        parallel: how many pages are looked at at once, if the machine is fast enough.
        wrong: says what is wrong with a visit; where something is, it is repeated alone, and the repetition counts.
        tell: is called once if the machine is slow, with the factor by which things take longer.

    Raises:
        SettingError: there is no playwright, or the browser does not start.
        BrowserError: the browser ended in the middle.
    """
    logging.getLogger("asyncio").addHandler(logging.NullHandler())  # what it says of a process that was cut off
    with asyncio.Runner() as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)  # what is cut off must not complain
        observations = _visited(visits, executable, parallel, wrong, Pace(tell))
        try:
            while (seen := interrupts.run(runner, _next(observations))) is not None:
                yield seen
        finally:
            interrupts.run(runner, observations.aclose())


async def _next(seen: AsyncGenerator[Seen, None]) -> Seen | None:
    return await anext(seen, None)


async def _visited(
    visits: Sequence[Visit], executable: str, parallel: int, wrong: Wrong | None, pace: Pace
) -> AsyncGenerator[Seen, None]:
    is_live = any(visit.is_live for visit in visits)
    addresses = [None, *(Address.of(visit.url) for visit in visits)]
    async with (
        open_doors(() if is_live else addresses) as doors,
        _launched(executable, _switches(doors), is_live=is_live) as browser,
        aclosing(Pool(browser, visits, doors, pace, parallel).look(wrong)) as every,
    ):
        async for seen in every:
            yield seen


def _switches(doors: Mapping[Address | None, Door]) -> Sequence[str]:
    """What isolates a browser: each tab gets out by its own door, all else is sent to one that leads nowhere."""
    return (*_ALONE, f"--proxy-server={doors[None].url}") if doors else ()


@asynccontextmanager
async def _launched(executable: str, arguments: Sequence[str], *, is_live: bool) -> AsyncIterator[Browser]:
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError as error:
        raise SettingError("playwright, which drives the browser, is not installed", hint=_GET_PLAYWRIGHT) from error
    manager = async_playwright()
    try:
        with interrupts.kept_off(), only_what_is_needed(is_live=is_live):
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


async def _whole(starting: Coroutine[Any, Any, _Started]) -> _Started:
    """Await what would leave a process behind if cut off half way: a cancellation takes effect once it is done."""
    task = asyncio.ensure_future(starting)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
