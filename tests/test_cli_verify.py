"""`verify` on the command line: what it prints, how it ends, and that nothing leaves the machine."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from xml.etree import ElementTree

import click
import pytest

from snippetkit import snippets
from snippetkit.browser import Observed, judge, pace
from snippetkit.browser.devtools import Wire
from snippetkit.cli import main
from snippetkit.cli._verdicts import FORMATS, telling
from snippetkit.errors import BrowserError
from snippetkit.templating import Template, render_blocks
from tests import loopback
from tests.conftest import CHROMIUM, Ran, Run, without_slowness
from tests.faulty import FBDS, FBQ, FP, FP_NOSCRIPT, FP_SCRIPT, IMAGE, A, B, page
from tests.pixels import META_ID
from tests.processes import started

GOOD = page(FP_SCRIPT, FP_NOSCRIPT)
BAD = page(FP_SCRIPT + FP_SCRIPT.replace(A, B), FP_NOSCRIPT + FP_NOSCRIPT.replace(A, B))
BODY = FP_SCRIPT[FP_SCRIPT.index(">") + 1 :]
NO_BROWSER = (
    "install Chromium, Chrome or Edge (Debian: apt install chromium-headless-shell), "
    "or name its program with --browser\n"
)


def _site(**pages: bytes) -> None:
    Path("site").mkdir(exist_ok=True)
    for name, html in pages.items():
        Path("site", f"{name}.html").write_bytes(html)


def _visits(ran: Ran) -> list[dict[str, Any]]:
    visits: list[dict[str, Any]] = json.loads(ran.out)["visits"]
    return visits


def _faults(ran: Ran) -> dict[str, list[str]]:
    return {visit["path"]: [fault["message"] for fault in visit["faults"]] for visit in _visits(ran)}


# Without a browser.


def test_without_a_browser_it_says_how_to_get_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _site(right=page(FP))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("HOME", "/nowhere")
    for more in ([], ["--json"], ["--format", "junit"]):
        assert run("verify", "site", *more) == Ran(2, "", f"error: no Chromium found; {NO_BROWSER}")
    assert run("verify", "site", "--browser", "nope").err == f"error: nope is not a program; {NO_BROWSER}"


WRONG = [
    (["site", "--no-js", "--both"], "Error: --no-js and --both cannot be used together."),
    (["site", "--no-js", "--as-visitor"], "Error: --as-visitor cannot be used with --no-js: "),
    (["site", "--data", "{}"], "Error: --data needs --event."),
    (["site", "--event", "x", "--data", "[1]"], "error: --data is not a JSON object; such as '{\"value\": 19.99}'"),
    (["site", "--event", "x", "--data", "{"], "error: --data is not JSON: "),
    (
        ["site", "--event", "x", "--data", "1" * 5000],
        "error: --data is not JSON: a number in it is too long; such as ",
    ),
    (["site", "--expect", "value=1"], "error: --expect 'value=1' names no pixel; such as pixel=123,value=19.99"),
    (["site", "--expect", "pixel=1,price=2"], "error: --expect has no 'price'; such as pixel=123,value="),
    (["site", "--expect", "pixel=x"], "error: --expect 'pixel=x' names no pixel"),
    (["-"], "Error: A page from stdin has no address; name its file."),
    (["https://shop.example/"], "error: shop.example is another machine; --live lets the browser reach it"),
    (["ftp://127.0.0.1/"], "error: 'ftp://127.0.0.1/' is not a page URL; http or https, such as "),
    (["http://[/"], "error: 'http://[/' is not a page URL; http or https, such as "),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[" ".join(arguments) for arguments, _ in WRONG])
def test_what_cannot_be_meant_is_refused(run: Run, arguments: list[str], message: str) -> None:
    _site(right=page(FP))
    ran = run("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].startswith(message)


@pytest.mark.parametrize("more", [[], ["--json"], ["--format", "junit"]])
def test_a_path_that_is_not_there_is_named_and_ends_with_6(run: Run, more: list[str]) -> None:
    Path("empty").mkdir()
    ran = run("verify", "empty", "gone.html", *more)
    assert ran.code == 6
    assert "failed: gone.html: " in ran.err
    assert ran.err.startswith("failed: empty: no matching files; --include says which are taken\n")
    assert ran.err.endswith("\n0 visits checked\n")
    if more == ["--json"]:
        assert _visits(ran) == []
    elif more:
        assert ElementTree.fromstring(ran.out).attrib["tests"] == "0"


# With one.


HTML = {"Content-Type": "text/html"}
TRACKED = f"https://www.facebook.com/tr?ev={A}&cd[value]=1.00&cd[currency]=USD"
REPORTS = {"Content-Security-Policy-Report-Only": "default-src 'none'; report-uri https://csp.invalid/"}
ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "/right": (200, page(FP), HTML),
    "/slow": (200, page('<script src="/never.js"></script>\n', FP_NOSCRIPT), HTML),
    "/half": (200, page(FP), HTML),
    "/broken": (200, page(f"<script>ready();{BODY}\n"), HTML),
    "/to-broken": (302, b"", {"Location": "/broken?x=1"}),
    "/moved": (302, b"", {"Location": "/right"}),
    "/away": (302, b"", {"Location": "https://shop.invalid/"}),
    "/tracked": (302, b"", {"Location": TRACKED}),
    "/through": (200, page("", '<img alt="" src="/tracked">\n'), HTML),
    "/picture": (200, b"GIF89a", {"Content-Type": "image/gif"}),
    "/latin1": (200, page(FP, "\xe9"), {"Content-Type": "text/html; charset=iso-8859-1"}),
    "/reports": (200, page(FP), HTML | REPORTS),
}


class _Handler(loopback.Handler):
    """A site that moves, that is slow, and that is not there."""

    done: Event

    def answer(self) -> None:
        if self.path in {"/never", "/never.js"}:
            self.done.wait()
        else:
            self._send(*ANSWERS.get(self.path.partition("?")[0], (404, b"<p>no", HTML)))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/half":
            self.done.wait()


@pytest.fixture
def url() -> Iterator[str]:
    """A server of the test's."""
    _Handler.done = Event()
    with loopback.serving(_Handler) as url:
        yield url
        _Handler.done.set()


@pytest.mark.browser
def test_a_server_is_looked_at_as_it_answers(run: Run, url: str) -> None:
    names = ["right", "moved", "gone", "picture", "latin1", "reports", "away", "through", "to-broken"]
    closed = socket.create_server(("127.0.0.1", 0))
    refused = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    closed.close()
    ran = run("verify", *(f"{url}/{name}" for name in names), refused, "--json", "--timeout", "60")
    assert (ran.code, ran.err) == (1, "10 visits checked, 5 wrong\n")
    assert _faults(ran) == {
        f"{url}/right": [],
        f"{url}/moved": [],
        f"{url}/gone": ["the server answered 404"],
        f"{url}/picture": ["it is not HTML but image/gif"],
        f"{url}/latin1": [],
        f"{url}/reports": [],
        f"{url}/away": ["it goes on to another server, which only --live reaches"],
        f"{url}/through": [],
        f"{url}/to-broken": [f"pixel {A} did not fire", "ReferenceError: ready is not defined"],
        refused: ["no server answers there"],
    }
    fired = {visit["path"]: [one["value"] for one in visit["fired"]] for visit in _visits(ran)}
    assert [fired[f"{url}/{name}"] for name in ("right", "moved", "latin1", "reports")] == [["19.99"]] * 4
    assert fired[f"{url}/through"] == ["1.00"]


@pytest.mark.browser
def test_what_hangs_is_cut_off_and_what_it_waits_for_is_named(run: Run, url: str) -> None:
    goes = "<script>location = '/round.html?' + Math.random();</script>\n"
    _site(loop=page(FP, "<script>while (true) {}</script>\n"), round=page(goes))
    ran = run("verify", "site", *(f"{url}/{name}" for name in ("never", "slow", "half")), "--json", "--timeout", "3")
    assert ran.code == 1
    told = _faults(ran)
    assert told["site/loop.html"][0] == "not loaded after 3 seconds: a script never finishes, or the page is too large"
    round_and_round = "it goes on to /round.html, which is not loaded either"
    assert told["site/round.html"][0] == f"not loaded after 3 seconds: {round_and_round}"
    assert told[f"{url}/never"] == ["not loaded after 3 seconds: the server does not answer"]
    assert told[f"{url}/slow"] == ["not loaded after 3 seconds: still waiting for /never.js"]
    assert told[f"{url}/half"][0] == "not loaded after 3 seconds: the server has not sent all of it"


@pytest.mark.browser
def test_what_a_javascript_url_writes_is_not_taken_for_the_page(run: Run) -> None:
    _site(replaced=page(FP_SCRIPT, """<script>location = 'javascript:"<p>x"'</script>\n"""))
    assert f"pixel {A} did not fire" in _faults(run("verify", "site", "--json"))["site/replaced.html"]


@pytest.mark.browser
def test_a_policy_may_have_several_lines(run: Run) -> None:
    _site(right=page(FP))
    ran = run("verify", "site", "--csp", "default-src * 'unsafe-inline';\nscript-src 'none';\n", "--json")
    assert _faults(ran)["site/right.html"] == [f"pixel {A} did not fire", "script-src blocks inline code"]


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--csp", "default-src ☃", "--csp has a character that a policy cannot have"),
        ("--csp", "default-src \x00", "--csp has a character that a policy cannot have"),
        ("--navigate", "nowhere.html", "nowhere.html does not exist; name a page that links to the others"),
        ("--timeout", "nan", "'nan' is not a number of seconds."),
    ],
)
def test_a_setting_that_would_do_something_else_is_refused(run: Run, option: str, value: str, reason: str) -> None:
    _site(right=page(FP))
    ran = run("verify", "site", option, value)
    assert ran.code == 2
    assert reason in ran.err


@pytest.mark.browser
def test_a_slow_machine_is_told_once(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _site(one=page(FP), two=page(FP))
    monkeypatch.setattr(pace, "_SLOW", 0.0)
    with pytest.raises(SystemExit, match="0"):
        main(["verify", "site"])
    assert capfd.readouterr().err.count("the machine is slow: a page takes ") == 1


ODD = ["a b.html", "100%.html", "a#b.html", "q?x=1.html", "é ☃.html", "a&b;c.html", "%41.html", "+.html", "a\\b.html"]


@pytest.mark.browser
def test_pages_of_any_name_are_found_and_errors_in_files_are_named(run: Run) -> None:
    for name in ODD:
        _site(**{name.removesuffix(".html"): page(FP)})
    Path(os.fsdecode(b"site/\xff\xe9.html")).write_bytes(page(FP))
    for folder in ("site/sub", "other"):
        Path(folder).mkdir()
        Path(folder, "index.html").write_bytes(page(f'<script src="shop%20.js"></script>\n<script>ready();{BODY}\n'))
        Path(folder, "shop .js").write_text("\n\nshop();\n")
    Path("site/link.html").symlink_to("sub/index.html")
    Path("site/empty.html").touch()
    ran = run("verify", "site", "other/index.html", "other/../other/index.html", "--json", "--timeout", "60")
    told = _faults(ran)
    assert len(told) == len(_visits(ran))
    wrong = {path for path, messages in told.items() if messages}
    assert (
        {"site/sub/index.html", "other/index.html"}
        <= wrong
        <= {path for path in told if "index" in path or "link" in path}
    )
    lost = f"pixel {A} did not fire"
    assert told["other/index.html"] == [
        lost,
        "ReferenceError: shop is not defined (/shop .js:3)",
        "ReferenceError: ready is not defined",
    ]
    assert told["site/sub/index.html"][1] == "ReferenceError: shop is not defined (/sub/shop .js:3)"
    assert len(told) >= len(ODD) + 5


@pytest.mark.browser
def test_each_format_says_the_same(run: Run) -> None:
    _site(right=GOOD, wrong=BAD)
    text = run("verify", "site", "--both", "--timeout", "60")
    lines = text.out.splitlines()
    assert [line.partition(", after ")[0] for line in lines[:2]] == [
        f"fired: site/right.html (JavaScript): pixel {A}, 19.99 USD, by the script in line 5",
        f"fired: site/right.html (no JavaScript): pixel {A}, 19.99 USD, by the image in line 21",
    ]
    assert f"wrong: site/wrong.html:5 (JavaScript): not-fired: pixel {A} did not fire" in lines
    assert (text.code, text.err) == (1, "4 visits checked, 1 wrong\n")
    junit = run("verify", "site", "--both", "--format", "junit", "--timeout", "60")
    suite = ElementTree.fromstring(junit.out)
    assert (suite.tag, suite.attrib["tests"], suite.attrib["failures"]) == ("testsuite", "4", "1")
    cases = [(case.attrib["name"], case.attrib["classname"], len(case)) for case in suite]
    assert [(name, mode) for name, mode, _ in cases] == [
        (f"site/{name}.html", mode) for name in ("right", "wrong") for mode in ("JavaScript", "no JavaScript")
    ]
    assert [count for _, _, count in cases] == [0, 0, 3, 0]
    assert {failure.attrib["type"] for failure in suite.iter("failure")} == {
        "not-fired",
        "fired-twice",
        "clobbered-global",
    }


@pytest.mark.browser
def test_what_is_expected_may_be_said(run: Run) -> None:
    _site(right=page(FP))
    for expected, code in (("value=19.99,currency=USD", 0), ("value=20", 1), ("currency=EUR", 1), ("event=Lead", 0)):
        assert run("verify", "site", "--expect", f"pixel={A},{expected}", "--timeout", "60").code == code
    ran = run("verify", "site", "--expect", f"pixel={B}", "--timeout", "60")
    assert ran.out.splitlines()[1:] == [
        f"wrong: site/right.html (JavaScript): not-fired: pixel {B} did not fire",
        f"wrong: site/right.html (JavaScript): unexpected: pixel {A} fired, with 19.99 USD",
    ]


@pytest.mark.browser
def test_screenshots_have_names_of_their_own(run: Run) -> None:
    Path("site/a").mkdir(parents=True)
    for name in ("a/b", "a_b", "A_B"):
        Path("site", f"{name}.html").write_bytes(GOOD)
    assert run("verify", "site", "--both", "--screenshot", "shots", "--timeout", "60").code == 0
    pictures = sorted(Path("shots").iterdir())
    assert len({path.name.lower() for path in pictures}) == 6
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    assert "site_A_B.html.png" in [path.name for path in pictures]


CONSENT_MODE = f"""<script>
window.dataLayer = window.dataLayer || [];
var fired = false;
function look() {{
  var granted = dataLayer.some(function (entry) {{
    return entry[0] === 'consent' && entry[2] && entry[2].ad_storage === 'granted';
  }});
  if (!granted || fired) return;
  fired = true;
  new Image().src = 'https://www.facebook.com/tr?ev={A}&cd[value]=1.00&cd[currency]=USD';
}}
setInterval(look, 50);
</script>
"""
TCF = f"""<script>
if (window.__tcfapi) __tcfapi('addEventListener', 2, function (data, ok) {{
  if (!ok || !data.purpose.consents[1] || !data.vendor.consents[755]) return;
  new Image().src = 'https://www.facebook.com/tr?ev={A}&cd[value]=1.00&cd[currency]=USD';
}});
</script>
"""


@pytest.mark.browser
def test_a_page_that_asks_fires_only_where_consent_is_granted(run: Run) -> None:
    _site(mode=page(CONSENT_MODE), tcf=page(TCF))
    for answer, count in ((["--consent", "grant"], 1), (["--consent", "withhold"], 0), ([], 0)):
        ran = run("verify", "site", *answer, "--json", "--timeout", "60")
        assert [len(visit["fired"]) for visit in _visits(ran)] == [count] * 2
        assert ran.code == 0
    _site(never=page(FP))
    ran = run("verify", "site/never.html", "--consent", "withhold", "--timeout", "60")
    assert f"without-consent: pixel {A} fired, with 19.99 USD without consent" in ran.out


TELLS = "<script>document.dispatchEvent(new CustomEvent('agreed'));</script>\n"
BORROWS = f"""<script>document.addEventListener.call(window, 'load', function () {{
  new Image().src = 'https://www.facebook.com/tr?ev={A}&cd[value]=1.00&cd[currency]=USD';
}});</script>
"""
KEEPS = "<script>window.snippetkitConsent = true; document.dispatchEvent(new CustomEvent('agreed'));</script>\n"


@pytest.mark.browser
def test_a_granted_consent_is_told_as_a_banner_tells_it_and_one_that_nobody_heard_is_named(run: Run) -> None:
    waits = str(render_blocks(Template("consent"), snippets.read(FP), {"consent_event": "agreed"})["script"])
    revoked = FBQ.replace("fbq('init'", "fbq('consent', 'revoke'); fbq('init'")
    _site(asks=page(waits), early=page(TELLS + waits), kept=page(KEEPS + waits), late=page(waits + TELLS))
    _site(revoked=page(revoked), borrowed=page(BORROWS))
    ran = run("verify", "site", "--consent", "grant", "--json", "--timeout", "60")
    assert {visit["path"]: len(visit["fired"]) for visit in _visits(ran)} == {
        "site/asks.html": 1,
        "site/borrowed.html": 1,
        "site/early.html": 0,
        "site/kept.html": 1,
        "site/late.html": 1,
        "site/revoked.html": 1,
    }
    faults = {visit["path"]: [fault["code"] for fault in visit["faults"]] for visit in _visits(ran)}
    assert {path: found for path, found in faults.items() if found} == {
        "site/early.html": ["not-fired", "consent-too-early"]
    }
    plain = run("verify", "site/revoked.html", "site/asks.html", "--json", "--timeout", "60")
    assert (plain.code, [len(visit["fired"]) for visit in _visits(plain)]) == (0, [0, 0])


ASKS = """<script>
if (navigator.webdriver || /Headless/.test(navigator.userAgent)) document.title = 'a robot';
else new Image().src = 'https://www.facebook.com/tr?ev=%s&cd[value]=1.00&cd[currency]=USD';
</script>
"""


@pytest.mark.browser
def test_a_page_that_asks_for_a_driven_browser_is_noted_and_may_be_told_of_none(run: Run) -> None:
    _site(asks=page(ASKS % A))
    seen = run("verify", "site", "--timeout", "60")
    note = "a script checks for an automated browser (navigator.webdriver): visitors may see another page; --as-visitor"
    assert seen.out.splitlines() == [
        "quiet: site/asks.html (JavaScript): nothing fired",
        f"note: site/asks.html (JavaScript): {note} hides that",
    ]
    visits = _visits(run("verify", "site", "--as-visitor", "--json", "--timeout", "60"))
    assert [(len(visit["fired"]), visit["notes"]) for visit in visits] == [(1, [])]


SIBLINGS = {
    "opens": page(FP, "<script>window.open('other.html'); document.title = window.open('') ? 'x' : 'y';</script>\n"),
    "writes": page(FP, f"<script>window.open('').document.write('{IMAGE.strip().replace(A, B)}');</script>\n"),
    "frames": page(FP, '<iframe src="other.html"></iframe>\n'),
    "fills": page("", f"<iframe srcdoc='{IMAGE}'></iframe>\n"),
    "posts": page(FBQ, "<script>fbq('track', 'Lead', {value: 1, currency: 'USD', x: 'x'.repeat(4000)})</script>\n"),
    "works": page("<script>new Worker('data:text/javascript,fetch(%22" + TRACKED + "%22)')</script>\n"),
}


@pytest.mark.browser
def test_a_page_is_not_charged_with_what_others_fire(run: Run) -> None:
    _site(**SIBLINGS, other=page(FP.replace(A, B)))
    ran = run("verify", "site", "--json", "--timeout", "60")
    told = {Path(visit["path"]).stem: visit["fired"] for visit in _visits(ran)}
    assert {name: sorted((one["pixel_id"], one["frame"]) for one in fired) for name, fired in told.items()} == {
        "opens": [(A, "")],
        "writes": [(A, "")],
        "frames": [(A, ""), (B, "/other.html")],
        "fills": [(A, "")],
        "posts": [(META_ID, ""), (META_ID, "")],
        "works": [(A, "")],
        "other": [(B, "")],
    }
    assert (ran.code, set(map(len, _faults(ran).values()))) == (0, {0})
    text = run("verify", "site/frames.html", "--timeout", "60").out
    assert f"pixel {B}, 19.99 USD, by the frame /other.html, after " in text


LISTENS = """<script>
window.dataLayer = window.dataLayer || [];
var push = dataLayer.push;
dataLayer.push = function (entry) {
  if (entry.event === 'purchase') fbq('track', 'Purchase', {value: entry.total, currency: entry.currency});
  return push.apply(dataLayer, arguments);
};
</script>
"""


@pytest.mark.browser
def test_an_event_reaches_a_page_that_listens(run: Run) -> None:
    _site(shop=page(FBQ + LISTENS))
    data = '{"total": "</script>12.5", "currency": "EUR"}'.replace("</script>", "")
    ran = run("verify", "site", "--event", "purchase", "--data", data, "--json", "--timeout", "60")
    [visit] = _visits(ran)
    told = [(one["event"], one["value"], one["currency"]) for one in visit["fired"]]
    assert (ran.code, told) == (0, [("PageView", None, None), ("Purchase", "12.5", "EUR")])
    assert {one["pixel_id"] for one in visit["fired"]} == {META_ID}


# Nothing leaves the machine.


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], int]]]:
    """A browser for which every host is one socket here, and how many connections that took."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    taken: list[socket.socket] = []
    done = Event()

    def take() -> None:
        while not done.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            taken.append(connection)
            connection.close()

    thread = Thread(target=take)
    thread.start()
    rules = f"MAP * 127.0.0.1:{server.getsockname()[1]}, EXCLUDE 127.0.0.1"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nexec {CHROMIUM} --host-resolver-rules="{rules}" "$@"\n')
    browser.chmod(0o755)
    yield browser, lambda: len(taken)
    done.set()
    thread.join()
    server.close()


REACHES = """<link rel="preconnect" href="https://preconnect.example">
<link rel="dns-prefetch" href="//prefetch.example"><link rel="prefetch" href="http://prefetch.example/x">
<script>
  try { new WebSocket('ws://socket.example/'); } catch (e) {}
  navigator.sendBeacon('http://beacon.example/', 'x');
  fetch('http://fetch.example/').catch(function () {});
  new Image().src = 'http://image.example/';
</script>
<img alt="" src="http://plain.example/x.gif">
"""


@pytest.mark.browser
def test_nothing_but_loopback_is_reached_unless_live(run: Run, trap: tuple[Path, Callable[[], int]]) -> None:
    browser, taken = trap
    _site(shop=page(FP + REACHES))
    assert run("verify", "site", "--browser", browser, "--timeout", "60").code == 0
    assert taken() == 0
    ran = run("verify", "site", "--browser", browser, "--live", "--timeout", "60", "--json")
    assert taken() > 0
    assert _faults(ran)["site/shop.html"] == [f"pixel {A} did not fire"]


# The end, in whatever way.


def _descendants(pid: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, pending = set[int](), [pid]
    while pending:
        pending += children.get(pending.pop(), [])
        found |= {*pending}
    return found


def _is_browser(pid: int) -> bool:
    try:
        return (
            b"--type=" not in (line := Path(f"/proc/{pid}/cmdline").read_bytes()) and b"chrom" in line.split(b"\0")[0]
        )
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait(until: Callable[[], Any]) -> Any:
    for _ in range(1200):
        if found := until():
            return found
        time.sleep(0.05)
    raise AssertionError("it does not happen")


@contextmanager
def _running(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int, set[int]]]:
    """A run on pages that take their time, the browser's process, and all processes of the run."""
    _site(**{f"p{number}": page(FP_SCRIPT) for number in range(60)})
    command = [sys.executable, "-m", "snippetkit", "verify", "site", "--timeout", "60", *arguments]
    with started(command) as process:
        assert process.stdout
        assert process.stdout.read(1)
        family = _descendants(process.pid)
        browser = next(pid for pid in family if _is_browser(pid))
        yield process, browser, family
        _wait(lambda: not any(_is_alive(pid) for pid in family))


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the processes are read from /proc")


@linux
@pytest.mark.browser
@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_ctrl_c_ends_the_run_and_the_browser(arguments: list[str]) -> None:
    with _running(*arguments) as (process, _, _):
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 130
        assert without_slowness(err.decode()) == "\nerror: interrupted\n"
        assert not arguments or json.loads(b"{" + out)["visits"]


@pytest.mark.parametrize("name", ["json", "junit"])
def test_a_document_is_whole_also_where_ctrl_c_comes_while_a_verdict_is_written(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    echo = click.echo

    def interrupted(*args: Any, **options: Any) -> None:
        echo(*args, **options)
        monkeypatch.setattr(click, "echo", echo)
        signal.raise_signal(signal.SIGINT)

    if name == "json":
        monkeypatch.setattr(click, "echo", interrupted)
    with pytest.raises(KeyboardInterrupt), telling(FORMATS[name]()) as tell:
        tell(judge(Observed("x.html", True, "")))
        signal.raise_signal(signal.SIGINT)
    out = capsys.readouterr().out
    assert len(json.loads(out)["visits"] if name == "json" else list(ElementTree.fromstring(out))) == 1


@linux
@pytest.mark.browser
@pytest.mark.parametrize("later_s", [0.0, 0.1, 0.3, 0.6])
def test_ctrl_c_while_the_browser_starts_is_one_line_too(later_s: float) -> None:
    _site(right=GOOD)
    command = [sys.executable, "-m", "snippetkit", "verify", "site", "--json"]
    with started(command) as process:
        _wait(lambda: _descendants(process.pid))
        time.sleep(later_s)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, without_slowness(err.decode()), out) == (130, "\nerror: interrupted\n", b"")


@linux
@pytest.mark.browser
def test_a_run_that_is_terminated_leaves_no_profile_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with _running() as (process, _, _):
        assert any((tmp_path / "temporary").iterdir())
        process.terminate()
        _, err = process.communicate(timeout=120)
        assert (process.returncode, without_slowness(err.decode())) == (128 + signal.SIGTERM, "")
    assert not any((tmp_path / "temporary").iterdir())


@linux
@pytest.mark.browser
def test_a_browser_that_is_killed_is_one_line_and_no_traceback() -> None:
    with _running("--json") as (process, browser, _):
        os.kill(browser, signal.SIGKILL)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 6
        message = "error: the browser quit before all pages were loaded; it may have run out of memory; run it again\n"
        assert without_slowness(err.decode()) == message
        assert json.loads(b"{" + out)["visits"]


@pytest.mark.browser
@pytest.mark.parametrize("program", ["false", "true", "cat", sys.executable])
def test_a_program_that_is_no_browser_is_refused(run: Run, program: str) -> None:
    _site(right=page(FP))
    ran = run("verify", "site", "--browser", program, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        "does not start as a browser;"
        " name another program with --browser (Debian: apt install chromium-headless-shell)\n"
    )
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("content", ["#!/nowhere/sh\n", "no program\n"])
def test_a_browser_that_cannot_be_started_is_refused(run: Run, content: str) -> None:
    _site(right=page(FP))
    Path("browser").write_text(content)
    Path("browser").chmod(0o755)
    ran = run("verify", "site", "--browser", "./browser")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ./browser does not start as a browser")


@pytest.mark.browser
def test_pages_whose_processes_end_at_once_are_said_to_crash(run: Run) -> None:
    _site(right=page(FP), other=page(FP))
    assert CHROMIUM
    program = shlex.quote(CHROMIUM)
    Path("browser").write_text(f'#!/bin/sh\nexec {program} --no-zygote --renderer-cmd-prefix=/bin/false "$@"\n')
    Path("browser").chmod(0o755)
    ran = run("verify", "site", "--browser", "./browser", "--json")
    crashed = ["the page crashed: its process in the browser ended"]
    assert (ran.code, _faults(ran)) == (1, {"site/other.html": crashed, "site/right.html": crashed})


@pytest.mark.browser
def test_xml_that_is_broken_is_looked_at_as_far_as_it_goes(run: Run) -> None:
    Path("site").mkdir()
    root = '<html xmlns="http://www.w3.org/1999/xhtml">'
    Path("site/x.xhtml").write_text(f"{root}<head>{FP_NOSCRIPT}</head><body><p></body>")
    ran = run("verify", "site/x.xhtml", "--no-js", "--json", "--timeout", "60")
    assert (ran.code, len(_visits(ran)[0]["fired"]), _faults(ran)) == (0, 1, {"site/x.xhtml": []})


@pytest.mark.browser
def test_on_a_terminal_a_bar_shows_how_far_it_is(tmp_path: Path) -> None:
    _site(right=page(FP), shop=page(FBDS))
    command = f"{shlex.quote(sys.executable)} -m snippetkit verify site --timeout 60"
    shown = subprocess.run(["script", "-qec", command, "/dev/null"], capture_output=True, check=True).stdout
    assert re.search(rb"\[#+-+\] +(?:[0-9:]+ +)?1 of 2 visits", shown)
    assert b"\r\x1b[K" in shown
    assert b"2 visits checked, all OK" in shown


# After inject, and at the end of the demo.


@pytest.mark.browser
def test_inject_looks_whether_the_code_fires(run: Run) -> None:
    _site(shop=page(), policy=page('<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">\n'))
    Path("fp.html").write_text(FP)
    ran = run("inject", "site/shop.html", "--from-file", "fp.html", "--verify")
    assert (ran.code, ran.err.splitlines()[-3:]) == (0, ["inserted: site/shop.html", "1 inserted", SEEN])
    ran = run("inject", "site", "--from-file", "fp.html", "--verify")
    assert ran.code == 1
    assert "wrong: site/policy.html:8 (JavaScript): blocked-by-csp: script-src blocks inline code" in ran.err
    assert ran.err.endswith(
        "in the browser: 4 visits checked, 2 wrong\nthe pages keep the code; 'snippetkit remove' takes it out again\n"
    )
    assert b"snippetkit:begin" in Path("site/policy.html").read_bytes()
    document = json.loads(run("inject", "site", "--from-file", "fp.html", "--verify", "--json").out)
    assert document["summary"] == {"unchanged": 2}
    assert [(visit["path"], visit["javascript"], bool(visit["faults"])) for visit in document["visits"]] == [
        ("site/policy.html", True, True),
        ("site/policy.html", False, True),
        ("site/shop.html", True, False),
        ("site/shop.html", False, False),
    ]


SEEN = "in the browser: 2 visits checked, all OK"


@pytest.mark.browser
def test_inject_by_rules_looks_at_their_pages_only_and_grants_consent(sandbox_run: Run) -> None:
    _site(shop=page(), other=page(FBQ * 2))
    Path("rules.csv").write_text(f"page,pixel,value\nshop.html,{A},1999\n")
    ran = sandbox_run("inject", "site", "--pages", "rules.csv", "--template", "consent", "--verify")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, SEEN)


@pytest.mark.parametrize("more", [["--check"], ["--diff"]])
def test_inject_verifies_only_what_it_writes(run: Run, more: list[str]) -> None:
    ran = run("inject", "site", "--from-file", "fp.html", "--verify", *more)
    assert (ran.code, ran.err.splitlines()[-1]) == (
        2,
        "Error: --verify cannot be used with '-', --check or --diff, which write no page.",
    )


@pytest.mark.browser
def test_the_demo_ends_with_what_a_browser_saw(run: Run) -> None:
    ran = run("demo")
    assert (
        "In a real browser\n"
        "  fired      snippetkit-demo/checkout.html: CHECKOUT once with JavaScript and once without, 19.99 USD\n"
        "  fired      snippetkit-demo/registration.html: REGISTRATION once with JavaScript and once without, 5.00 USD\n"
    ) in ran.out


def test_without_a_browser_the_demo_says_how_to_get_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("HOME", "/nowhere")
    ran = run("demo")
    assert ran.code == 0
    assert f"\nNot tried in a real browser: no Chromium found; {NO_BROWSER}" in ran.out


# A program that takes the pipes of a browser, and answers each call with the same.
ANSWERS_ALL = """#!{python}
import json, os
calls, answers, rest = open(3, "rb", 0), open(4, "wb", 0), b""
while chunk := calls.read(65536):
    *whole, rest = (rest + chunk).split(b"\\0")
    for call in whole:
        answers.write({answer!r}.replace(b"NUMBER", str(json.loads(call)["id"]).encode()) + b"\\0")
"""


@pytest.mark.parametrize(
    "answer",
    [
        b'{"id": NUMBER, "result": {}}',
        b'{"id": NUMBER}',
        b'{"id": NUMBER, "error": 5}',
        b'{"method": "Target.attachedToTarget", "params": {}}',
        b"[NUMBER]",
        b"NUMBER",
        b"no JSON",
        b"\xff\xfe",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_program_that_answers_what_no_browser_does_is_refused(run: Run, answer: bytes) -> None:
    _site(right=page(FP))
    Path("browser").write_text(ANSWERS_ALL.format(python=sys.executable, answer=answer))
    Path("browser").chmod(0o755)
    ran = run("verify", "site", "--browser", "./browser")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("error: ./browser does not start as a browser")


def test_a_browser_that_begins_to_talk_nonsense_is_one_line() -> None:
    wire = Wire(lambda _: None)
    wire.hear(b'{"method": "Page.loadEventFired", "params": {}}\0nonsense\0')
    assert isinstance(wire.broken, BrowserError)
    assert (str(wire.broken), wire.is_open) == ("what the browser says is not the DevTools protocol", False)


def test_a_file_in_the_place_of_a_folder_of_screenshots_is_told_before_a_page_is_loaded(run: Run) -> None:
    _site(right=page(FP))
    ran = run("verify", "site", "--browser", "no-such-browser", "--screenshot", "site/right.html")
    assert (ran.code, ran.out, ran.err) == (2, "", "error: --screenshot site/right.html is a file; name a folder\n")


class _Behind(loopback.Handler):
    """Pages behind a password, which tell where they are."""

    def answer(self) -> None:
        if self.headers["Authorization"] != "Basic dXNlcjpzZWtyZXQ=":
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page(FP_SCRIPT, "<script>throw new Error(location.href + document.baseURI)</script>"))


@pytest.mark.browser
def test_a_password_in_a_url_is_used_and_told_nobody(run: Run) -> None:
    with loopback.serving(_Behind) as url:
        named = url.replace("//", "//user:sekret@")
        ran = run("verify", f"{named}/a", "--json", "--expect", "pixel=123456789012345")
        [visit] = _visits(ran)
        assert (ran.code, visit["path"], len(visit["fired"])) == (1, f"{url}/a", 1)
        assert [fault["message"] for fault in visit["faults"]][-1] == f"Error: {url}/a{url}/a"
        wrong = url.replace("//", "//user:secret@")
        assert "the server answered 401" in run("verify", f"{wrong}/a").out
        told = "error: no walk leads to a page behind a password; leave --navigate out\n"
        assert run("verify", f"{url}/a", "--navigate", named).err == told
    for refused in ("http://user:sekret@shop.example/", "ftp://user:sekret@127.0.0.1/"):
        ran = run("verify", refused)
        assert (ran.code, "sekret" in ran.out + ran.err) == (2, False)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes there")
@pytest.mark.parametrize(
    ("option", "written", "told"),
    [
        ("--since", '{"version": 0}', "pipe has version 0, and not 1; run 'snippetkit verify --json' again"),
        ("--sitemap", "<rss/>", "pipe: not a sitemap but <rss>; a sitemap is XML or a list of URLs (sitemaps.org)"),
    ],
)
def test_what_a_command_prints_may_come_through_a_pipe(run: Run, option: str, written: str, told: str) -> None:
    _site(right=page(FP))
    os.mkfifo("pipe")
    writing = Thread(target=Path("pipe").write_text, args=[written])
    writing.start()
    assert run("verify", "site", option, "pipe").err == f"error: {told}\n"
    writing.join()
