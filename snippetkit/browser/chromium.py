"""A real Chromium: it is started, looks at pages in several contexts, and is ended, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing

from snippetkit.browser import interrupts
from snippetkit.browser.devtools import DevToolsError, Session
from snippetkit.browser.doors import Address, Proxy, open_doors
from snippetkit.browser.pace import Pace
from snippetkit.browser.pool import Seen, TabPool, Wrong
from snippetkit.browser.process import no_browser, running
from snippetkit.browser.targets import Targets
from snippetkit.browser.visits import Visit

# What a browser does beside showing pages is left out: else it contacts its maker's hosts at every start, slows down
# what nobody sees, and asks people things. `--enable-automation` sets `navigator.webdriver`.
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--enable-automation",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--allow-pre-commit-input",
    "--enable-unsafe-swiftshader",
    "--edge-skip-compat-layer-relaunch",
    "--force-color-profile=srgb",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    *(
        f"--disable-{what}"
        for what in (
            "back-forward-cache",
            "background-networking",
            "background-timer-throttling",
            "backgrounding-occluded-windows",
            "breakpad",
            "client-side-phishing-detection",
            "component-extensions-with-background-pages",
            "component-update",
            "default-apps",
            "dev-shm-usage",
            "extensions",
            "field-trial-config",
            "hang-monitor",
            "ipc-flooding-protection",
            "popup-blocking",
            "prompt-on-repost",
            "renderer-backgrounding",
            "search-engine-choice-screen",
            "stack-profiler",
            "sync",
            "updater-scheduler",
        )
    ),
)
# Questions to hosts of its maker, https in the place of http, what keeps a partition for each page around; processes
# that are kept ready, and the whole browser's pages below its address bar: each window's take longer than one of ours.
_OFF = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,"
    "DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,"
    "MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "SpareRendererForSitePerProcess,TcpPortRandomizationWin,ThirdPartyStoragePartitioning,"
    "WebUIOmniboxAimPopup,WebUIOmniboxPopup,"
    "msEdgeUpdateLaunchServicesPreferredVersion,msForceBrowserSignIn"
)
_ON = "CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies"
# What no interception sees (a WebSocket, a worker, a preconnect, a redirect) goes through our proxy, even to loopback,
# or nowhere: no name is looked up, and only TCP is used (no WebRTC, QUIC, multicast DNS).
_ALONE = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)
_STARTING_S = 180.0  # at a load of 60 it takes more than a minute


def visit_all(
    visits: Sequence[Visit],
    executable: str,
    *,
    parallel: int = 12,
    wrong: Wrong | None = None,
    tell: Callable[[float], None] = lambda _: None,
) -> Generator[Seen, None, None]:
    """Yield what each visit saw, with its number, in no particular order, from several contexts of one browser.

    Args:
        visits: the pages.
        executable: the browser's program, with its folder.
        parallel: how many pages are looked at at once, if the machine is fast enough.
        wrong: says what is wrong with a visit; where something is, it is repeated alone, and the repetition counts.
        tell: is called once if the machine is slow, with the factor by which things take longer.

    Raises:
        SettingError: the browser does not start.
        BrowserError: the browser ended in the middle.
    """
    with interrupts.heard(), asyncio.Runner() as runner:
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
        running(executable, _switches(doors), is_live=is_live) as root,
        aclosing(TabPool(await _ready(root, executable), visits, doors, pace, parallel).look(wrong)) as every,
    ):
        async for seen in every:
            yield seen


def _switches(doors: Mapping[Address | None, Proxy]) -> Sequence[str]:
    """What isolates a browser: each tab gets out by its own door, all else is sent to one that leads nowhere."""
    alone = (*_ALONE, f"--proxy-server={doors[None].url}") if doors else ()
    off = f"{_OFF},WebRtcHideLocalIpsWithMdns" if doors else _OFF
    return (*_SWITCHES, f"--disable-features={off}", f"--enable-features={_ON}", *alone)


async def _ready(root: Session, executable: str) -> Targets:
    """Wait until the browser has started."""
    targets = Targets(root)
    try:
        async with asyncio.timeout(_STARTING_S):
            await targets.follow()
    except (DevToolsError, TimeoutError) as error:
        raise no_browser(executable) from error
    return targets
