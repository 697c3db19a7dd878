"""Pages that go on, break what a browser has, crash or do not come: each is told of in words of our own."""

from __future__ import annotations

import asyncio
import base64
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from snippetkit.browser import (
    Observed,
    Verdict,
    Visit,
    consent_script,
    judge,
    pool,
    serving,
    tabs,
    visit_all,
    waking_script,
)
from snippetkit.browser.pace import Pace
from snippetkit.browser.process import running
from snippetkit.browser.tabs import Tab
from snippetkit.browser.targets import Targets
from snippetkit.browser.visiting import look_at
from tests import loopback
from tests.conftest import CHROMIUM
from tests.faulty import FP, FP_SCRIPT, page
from tests.pages import insertion_of, put
from tests.pixels import CODES

pytestmark = [pytest.mark.browser]

BROKEN = """<script>
window.eval = window.Function = function () { throw 1; };
window.Promise = window.Map = window.Set = window.Symbol = window.JSON = null;
window.setTimeout = window.requestIdleCallback = window.queueMicrotask = null;
document.querySelectorAll = document.dispatchEvent = null;
</script>
"""
SPLIT = """<script>
['concat', 'filter', 'forEach', 'map', 'push', 'some'].forEach(function (name) { Array.prototype[name] = null; });
</script>
"""
HELD = FP_SCRIPT.replace("text/javascript", "text/plain").replace("<script", '<script data-category="marketing"')
# What a page may put in the place of that which starts a held back script.
SPOILED = """<script>
document.querySelectorAll = function () { return []; };
Element.prototype.getAttribute = Element.prototype.setAttribute = Element.prototype.replaceWith = null;
Object.defineProperty(HTMLScriptElement.prototype, 'text', {set: function () { throw 1; }});
</script>
"""
# What a page may put in the place of that which answers for the visitor, and of what the page is asked.
TAKEN_OVER = """<script>
var no = function () { throw 1; };
Object.prototype.hasOwnProperty = Object.defineProperty = Object.create = Object.assign = Object.freeze = no;
Object.defineProperties(Array.prototype, {0: {set: no}, 1: {set: no}});
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = Reflect.apply = no;
window.JSON = window.Promise = window.Map = window.Set = window.Proxy = window.Symbol = window.CustomEvent = null;
window.eval = window.Function = window.setTimeout = window.setInterval = window.queueMicrotask = no;
window.requestIdleCallback = window.requestAnimationFrame = window.fetch = window.addEventListener = no;
EventTarget.prototype.dispatchEvent = document.dispatchEvent = no;
document.querySelector = document.querySelectorAll = Element.prototype.getAttribute = no;
window.dataLayer = {};
window['snippetkit.notes'] = 5;
</script>
"""
# In the place of what is noted: no list, one that throws, one that never ends, and what nobody knows.
NOTES = {
    "a number": "{value: 5}",
    "a text": "{value: 'asks-webdriver'}",
    "others": "{value: {nobody: true, 'asks-webdriver': {a: 1}}}",
    "an error": "{get: function () { throw 1; }}",
    "circle": "{get: function () { var a = {}; a.a = a; return a; }}",
}
LOGIN = base64.b64encode("jo\u00e9:a:b@c/d".encode()).decode()
POLICY = "<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-a' https://connect.facebook.net\">"
# For each page: its HTML, why it failed, where it went on to, and how often its pixel fired.
PAGES: dict[str, tuple[bytes, str, str, int]] = {
    "right": (page(FP), "", "", 1),
    "replaced": (page(BROKEN + FP_SCRIPT), "", "", 1),
    "replaced-arrays": (page(SPLIT), "", "", 0),
    "refresh": (page('<meta http-equiv="refresh" content="0;url=/right">\n'), "", "/right", 0),
    "refresh-itself": (page('<meta http-equiv="refresh" content="0">\n'), "", "", 0),
    "location": (page("<script>location = '/right'</script>\n" + FP_SCRIPT), "", "/right", 0),
    "location-later": (page("<script>onload = function () { location = '/right'; }</script>\n"), "", "/right", 0),
    "location-away": (page("<script>location = 'https://shop.example/'</script>\n"), "", "https://shop.example/", 0),
    "another-in-its-place": (page(FP_SCRIPT + """<script>location = 'javascript:"<p>x"'</script>\n"""), "", "", 0),
    "pushed": (page(FP_SCRIPT + "<script>history.pushState(null, '', '/pushed/on')</script>\n"), "", "", 1),
    "stopped": (page("", "<script>window.stop()</script>\n"), "", "", 0),
    "dialogs": (page("<script>alert(1); confirm(2); prompt(3);</script>\n" + FP_SCRIPT), "", "", 1),
}
HTML = b"200 OK\r\nContent-Type: text/html\r\n"
HANGS = page("<script>for (;;);</script>\n")
# What a server sends where it sends no page, and what is said of it.
ANSWERS: dict[str, tuple[bytes, str]] = {
    "/none": (b"204 No Content\r\n\r\n", "the server sent no page (net::ERR_ABORTED)"),
    "/file": (b"200 OK\r\nContent-Disposition: attachment\r\n\r\nx", "it is a download, not a page"),
    "/circle": (b"302 Found\r\nLocation: /circle\r\n\r\n", "the server redirects in a circle"),
    "/part": (HTML + b"Content-Length: 99\r\n\r\n<p>", "the server sent only a part of it"),
    "/packed": (HTML + b"Content-Encoding: gzip\r\n\r\nno gzip", "its compressed content is broken"),
}


class _Handler(loopback.Handler):
    def answer(self) -> None:
        if self.path in ANSWERS:
            self.wfile.write(b"HTTP/1.0 " + ANSWERS[self.path][0])
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGES.get(self.path.strip("/"), (HANGS,))[0])


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """What is said of each page, all of them seen by one browser."""
    assert CHROMIUM
    with loopback.serving(_Handler) as url, socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        closed.close()
        visits = [Visit(name, f"{url}/{name}") for name in PAGES]
        visits += [Visit(path, url + path) for path in ANSWERS]
        visits.append(Visit("nobody", nobody))
        visits += [Visit("throws", f"{url}/right", events=("throw new Error('no')",))]
        return {observed.path: judge(observed) for _, observed in visit_all(visits, CHROMIUM)}


@pytest.mark.parametrize("csp", ["", POLICY], ids=["free", "policy"])
def test_what_is_held_back_is_started_out_of_the_reach_of_the_page(csp: str, tmp_path: Path) -> None:
    held, spoiled = (text.replace("<script", "<script nonce=a") for text in (HELD, SPOILED))
    refused = HELD.replace("type=", 'data-name="b" type=')
    (tmp_path / "x.html").write_bytes(page(csp + spoiled + held + (refused if csp else "")))
    assert CHROMIUM
    with serving(tmp_path) as url:
        [(_, seen)] = visit_all([Visit("x", f"{url}/x.html", waking=waking_script())], CHROMIUM)
    assert (seen.failure, len(seen.fired)) == ("", 1)


def test_a_page_that_takes_over_all_that_a_browser_has_is_looked_at_all_the_same(tmp_path: Path) -> None:
    agreed = put(page(TAKEN_OVER), insertion_of(CODES["fp"], "consent"))
    (tmp_path / "granted.html").write_bytes(agreed)
    for name, notes in NOTES.items():
        script = f"<script>Object.defineProperty(window, 'snippetkit.notes', {notes});</script>"
        (tmp_path / f"{name}.html").write_bytes(page(script + FP_SCRIPT))
    assert CHROMIUM
    with serving(tmp_path) as url:
        granted = (consent_script(granted=True),)
        visits = [Visit("granted", f"{url}/granted.html", scripts=granted)]
        visits += [Visit(name, f"{url}/{quote(name)}.html") for name in NOTES]
        seen = {observed.path: observed for _, observed in visit_all(visits, CHROMIUM)}
    seen_as_right = {name for name, one in seen.items() if (one.failure, len(one.fired)) == ("", 1)}
    assert seen_as_right == {"granted", *NOTES}
    assert not any(one.notes for one in seen.values())
    assert not judge(seen["granted"], consent="grant").faults


# A service worker that takes over the page that registers it, and answers all that the page asks for.
CLAIMS = """addEventListener('install', function () { skipWaiting(); });
addEventListener('activate', function (event) { event.waitUntil(clients.claim()); });
addEventListener('fetch', function (event) { event.respondWith(fetch(event.request)); });
"""
TELL = "new Image().src = 'https://www.facebook.com/tr?id=434566956589050&ev='"
REGISTERS = f"""<script>
caches.open('kept').then(function () {{ return navigator.serviceWorker.register('/sw.js'); }});
navigator.serviceWorker.addEventListener('controllerchange', function () {{ {TELL} + 'Lead'; }});
</script>
"""
LOOKS_ROUND = f"""<script>
Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(function (found) {{
  {TELL} + [navigator.serviceWorker.controller, found[0].length, found[1].length].join('-');
}});
</script>
"""


def test_a_service_worker_works_and_the_next_page_in_its_tab_sees_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "sw.js").write_text(CLAIMS)
    (tmp_path / "a.html").write_bytes(page(REGISTERS))
    (tmp_path / "b.html").write_bytes(page(LOOKS_ROUND))
    assert CHROMIUM
    with serving(tmp_path) as url:
        visits = [Visit(name, f"{url}/{name}.html") for name in ("b", "a", "b", "a")]  # of a stack: the last one first
        seen = sorted(visit_all(visits, CHROMIUM, parallel=1))
    told = [[(one.event, one.frame) for one in observed.fired] for _, observed in seen]
    assert told == [[("-0-0", "")], [("Lead", "")]] * 2


class _Behind(_Handler):
    def answer(self) -> None:
        if self.headers["Authorization"] != f"Basic {LOGIN}":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()
            return
        super().answer()


def test_a_page_behind_a_password_is_read_again_with_it_and_the_next_one_is_not_signed_in() -> None:
    assert CHROMIUM
    with loopback.serving(_Behind) as url:
        signed = Visit("a", f"{url}/another-in-its-place", authorization=f"Basic {LOGIN}")
        other = Visit("b", f"{url}/right")
        seen = [one for _, one in sorted(visit_all([other, signed], CHROMIUM, parallel=1))]  # of a stack
    assert [one.failure for one in seen] == ["the server answered 401", ""]
    assert seen[1].source == PAGES["another-in-its-place"][0].decode()


def test_large_pages_are_open_few_at_a_time_and_their_tabs_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most, seen = list[int](), list[int](), list[Tab]()

    async def looking(tab: Tab, visit: Visit) -> Observed:
        now.append(visit.size)
        most.append(sum(now))
        seen.append(tab)
        try:
            return await look_at(tab, visit)
        finally:
            now.remove(visit.size)

    monkeypatch.setattr(pool, "look_at", looking)
    monkeypatch.setattr(pool, "_MOST_BYTES", 10)
    monkeypatch.setattr(tabs, "_LARGE_BYTES", 3)
    assert CHROMIUM
    with loopback.serving(_Handler) as url:
        visits = [Visit(str(size), f"{url}/right", javascript=False, size=size) for size in (5, 5, 5, 25, 4, 1, 1, 1)]
        told = [one.failure for _, one in visit_all(visits, CHROMIUM)]
    assert told == [""] * 8
    assert max(most) == 25  # of which one page is alone
    assert max(size for size in most if size != 25) <= 10
    assert {tab.visits for tab in seen if tab.visit.size > 3} == {1}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_goes_on_or_breaks_the_browser_is_looked_at_all_the_same(
    verdicts: dict[str, Verdict], name: str
) -> None:
    observed = verdicts[name].observed
    _, failure, went_to, fired = PAGES[name]
    assert (observed.failure, observed.went_to, len(observed.fired)) == (failure, went_to, fired)
    assert ("went-on" in {fault.code for fault in verdicts[name].faults}) == (name == "location")


def test_what_does_not_load_is_said_in_plain_words(verdicts: dict[str, Verdict]) -> None:
    told = {name: verdict.observed.failure for name, verdict in verdicts.items() if name not in PAGES}
    wanted = {path: words for path, (_, words) in ANSWERS.items()}
    wanted |= {
        "nobody": "no server answers there",
        "throws": "what is done on the loaded page stopped: Error: no",
    }
    assert {name: wanted[name] in failure for name, failure in told.items()} == dict.fromkeys(wanted, True), told


def test_a_page_that_crashes_or_is_closed_is_told_at_once() -> None:
    async def seen(url: str, how: str) -> str:
        assert CHROMIUM
        async with running(CHROMIUM, ["--headless", "--no-sandbox"], is_live=False) as root:
            targets = Targets(root)
            await targets.follow()
            visit = Visit("hangs", f"{url}/hangs", timeout_s=600)
            tab = await Tab.start(targets, visit, None, Pace())
            looking = asyncio.ensure_future(look_at(tab, visit))
            while tab.document not in tab.answers:
                await asyncio.sleep(0.01)
            if how == "crashed":
                tab.session.tell("Page.crash")
            else:
                root.tell("Target.closeTarget", targetId=tab.worlds.frame_id)
            failure = (await looking).failure
            assert not await tab.forget()
            await tab.close()
            return failure

    with loopback.serving(_Handler) as url:
        assert asyncio.run(seen(url, "crashed")) == "the page crashed: its process in the browser ended"
        assert asyncio.run(seen(url, "closed")) == "the page was closed while it was looked at"


def test_what_breaks_a_visit_ends_the_run_and_does_not_hang_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise TypeError("no such thing")

    monkeypatch.setattr(pool, "look_at", broken)
    assert CHROMIUM
    with loopback.serving(_Handler) as url, pytest.raises(TypeError, match="no such thing"):
        list(visit_all([Visit("x", f"{url}/right")], CHROMIUM))


def test_what_is_repeated_is_not_put_off_to_the_end_and_a_worn_tab_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, started = list[int](), list[Tab]()
    start = Tab.start

    async def starting(*given: Any) -> Tab:
        started.append(await start(*given))
        return started[-1]

    def wrong(number: int, _: Observed) -> frozenset[str]:
        asked.append(number)
        return frozenset({"not-fired"})

    monkeypatch.setattr(pool, "_MOST", 2)
    monkeypatch.setattr(tabs, "_MOST_VISITS", 3)
    monkeypatch.setattr(Tab, "start", starting)
    assert CHROMIUM
    with loopback.serving(_Handler) as url:
        visits = [Visit(str(number), f"{url}/right", javascript=False) for number in range(6)]
        seen = [number for number, _ in visit_all(visits, CHROMIUM, parallel=1, wrong=wrong)]
    assert (sorted(seen), max(tab.visits for tab in started)) == ([*range(6)], 3)
    assert asked.index(5) > asked.index(0, 1)
