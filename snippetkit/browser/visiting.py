"""One page in the browser: it is loaded, watched until it is quiet, and reported."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from snippetkit.browser.devtools import DevToolsError, Told
from snippetkit.browser.observed import Observed
from snippetkit.browser.tabs import PageLostError, Tab
from snippetkit.browser.visits import VIEW, Visit
from snippetkit.browser.watching import Log, origin_of
from snippetkit.browser.wording import in_words
from snippetkit.browser.worlds import ScriptStoppedError
from snippetkit.records import dataclass

_QUIET_S = 0.5  # how long nothing may be requested; what a script does later is not waited for
_QUIET_WITHOUT_JAVASCRIPT_S = 0.1
_LONGEST_S = 3.0  # for a page that never stops sending requests
_SCALE = 0.3125
_SCREENSHOT = {"format": "png"}
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
_MOVED = "[...document.querySelectorAll('body :is(title, meta, link, base, style)')].map((one) => one.localName)"
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
    if tab.went_to:
        return f"it goes on to {log.place(tab.went_to)}, which is not loaded either"
    try:
        with suppress(DevToolsError):
            await tab.pace.within(_ANSWER_S, tab.worlds.ask("1 + 1"))
    except TimeoutError:
        return "a script never finishes, or the page is too large"
    return log.waits_for()


async def _look(tab: Tab, visit: Visit, log: Log, seen: _Seen) -> None:
    try:
        number = await tab.go(visit.url)
        seen.has_come = True
        answer = tab.answers.get(number)
        if answer is not None:
            log.page_url = answer["url"]
            seen.source = await _source(tab, number, answer)
        await tab.has_loaded.wait()
        if answer is not None:
            seen.failure = _wrong_with(answer, tab.failures.get(number, _LEFT))
        if not visit.is_idle:
            await settle(tab, visit, log)
        if visit.waking:
            await tab.worlds.ask(visit.waking)
            await settle(tab, visit, log)
        await _carry_out(tab, visit, log)
        seen.went_to = log.place(tab.went_to) if tab.went_to else ""
        seen.notes = await _noted(tab) if visit.javascript else ()
        seen.moved = () if visit.javascript else tuple(await tab.worlds.ask(_MOVED))
        seen.screenshot = await _picture(tab, _SCREENSHOT) if visit.with_screenshot else b""
        seen.thumbnail = await _picture(tab, _THUMBNAIL) if visit.with_thumbnail else b""
    except ScriptStoppedError as error:
        seen.failure = seen.failure or stopped(error)
    except DevToolsError as error:
        seen.failure = seen.failure or in_words(error.message)


def stopped(why: object) -> str:
    """What is said where what is done on a page stops with an error."""
    return f"what is done on the loaded page stopped: {why}"


async def _carry_out(tab: Tab, visit: Visit, log: Log) -> None:
    if visit.shared:
        await tab.worlds.run(visit.shared)
    for event in visit.events:
        await tab.worlds.run(event)
        await settle(tab, visit, log)


async def _noted(tab: Tab) -> tuple[str, ...]:
    """The notes that our scripts took; a page may put others of its own in their place, and nothing else."""
    return tuple([note for note in _NOTES if await tab.worlds.read(_NOTED.format(note)) is True])


async def _picture(tab: Tab, how: Mapping[str, Any]) -> bytes:
    answer = await tab.session.call("Page.captureScreenshot", **how)
    return base64.b64decode(answer["data"])


def _wrong_with(answer: Told, failure: str) -> str:
    if answer["status"] >= 400:
        return f"the server answered {answer['status']}"
    if failure != _LEFT:
        return in_words(failure)
    kind = _content_type(answer).partition(";")[0].strip().lower()
    return "" if not kind or kind in _HTML else f"it is not HTML but {kind}"


def _content_type(answer: Told) -> str:
    return next((value for name, value in answer["headers"].items() if name.lower() == "content-type"), "")


async def _source(tab: Tab, number: str, answer: Told) -> str:
    """The HTML as it came; requested again where the page is gone already, or too long for the browser to keep.

    Empty where it does not come in full.
    """
    await tab.has_come.wait()
    try:
        body = await tab.pace.within(_ANSWER_S, tab.session.call("Network.getResponseBody", requestId=number))
        if tab.bodies > 1:
            raise DevToolsError("a javascript: URL put another document in its place")
        if not body["base64Encoded"]:
            return str(body["body"]).removeprefix("\ufeff")
        content = base64.b64decode(body["body"])
    except (DevToolsError, TimeoutError):
        try:
            is_own = origin_of(answer["url"]) == origin_of(tab.visit.url)
            content = await _read(tab, tab.visit.signed_in(answer["url"]) if is_own else answer["url"])
        except DevToolsError:
            return ""
    return decode(content, _content_type(answer))


async def read_again(tab: Tab, url: str) -> str:
    """Return the HTML at a URL, which is requested beside the page.

    Raises:
        DevToolsError: it does not come.
    """
    return decode(await _read(tab, url))


async def _read(tab: Tab, url: str) -> bytes:
    options = {"disableCache": True, "includeCredentials": True}
    asked = {"frameId": tab.worlds.frame_id, "url": url, "options": options}
    resource = (await tab.session.call("Network.loadNetworkResource", **asked))["resource"]
    parts, ended = list[bytes](), "stream" not in resource
    while not ended:
        part = await tab.session.call("IO.read", handle=resource["stream"])
        parts.append(base64.b64decode(part["data"]) if part.get("base64Encoded") else part["data"].encode())
        ended = part["eof"]
    return b"".join(parts)


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


async def settle(tab: Tab, visit: Visit, log: Log) -> None:
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
            await tab.pace.within(_LONGEST_S, tab.worlds.ask(idle, waits=True))
