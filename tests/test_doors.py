"""Closed doors: what a page tries does not leave the machine, nor reach anybody on it but who serves the page."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest

from snippetkit.browser import Observed, Visit, pool, serving, surroundings, visit_all
from snippetkit.browser.doors import Address, Proxy, open_doors
from snippetkit.browser.tabs import Tab
from snippetkit.browser.visiting import look_at
from tests import attempts, trap
from tests.conftest import CHROMIUM
from tests.faulty import FP, FP_SCRIPT

PAGE = attempts.page().replace("</head>", f"{FP_SCRIPT}</head>")
KINDS = list(attempts.ATTEMPTS)
SNIPPETKIT = [sys.executable, "-m", "snippetkit"]
# An export is tried on a page of ours: here on the one that tries everything.
TRIES = """import sys
from pathlib import Path
from snippetkit.cli import main
import snippetkit.browser
sys.modules["snippetkit.browser.serving"]._PAGE = Path("injected/all.html").read_bytes()
main(sys.argv[1:])
"""
SUMMARY = re.compile(r"^(?:in .*: )?(\d) visits? checked, (?:all OK|\d wrong)$", re.MULTILINE)
BLOBS = "script-src * 'unsafe-inline' blob:"
AT_HAND = ["--from-file", "fp.html", "--verify"]
COMMANDS = {
    "verify": [*SNIPPETKIT, "verify", "site/all.html", f"{trap.SITE_URL}/all.html", "--timeout", "120"],
    "report": [*SNIPPETKIT, "report", "site/all.html", "--timeout", "120", "--csp", BLOBS],
    "inject": [*SNIPPETKIT, "inject", "injected", *AT_HAND],
    "export": [sys.executable, "-c", TRIES, "export", "gtm", "--all-pages", *AT_HAND, "-o", "gtm.json"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a page that tries everything, and with one that has no pixel yet."""
    folder = tmp_path_factory.mktemp("doors")
    for name, page in {"site/all": PAGE, "injected/all": attempts.page()}.items():
        file = folder / f"{name}.html"
        file.parent.mkdir()
        file.write_text(page)
        file.with_name("sw.js").write_text(attempts.SERVICE_WORKER)
    (folder / "fp.html").write_text(FP)
    return folder


@pytest.mark.browser
@pytest.mark.namespace
def test_nothing_leaves_and_nobody_else_here_is_reached(folder: Path) -> None:
    catch = trap.spring(KINDS, folder, COMMANDS.values())
    seen = [SUMMARY.search(said) for said in catch.said]
    assert [int(one[1]) for one in seen if one] == [2, 2, 2, 3], catch.said
    assert (catch.out, catch.near) == ({}, {})


@pytest.mark.browser
@pytest.mark.namespace
def test_the_trap_catches_what_leaves_with_live(folder: Path) -> None:
    kinds = ["stun", "turntcp", "webtransport", "websocket", "sharedworker", "image"]
    (folder / "site" / "some.html").write_text(attempts.page(*kinds))
    live = [*SNIPPETKIT, "verify", "site/some.html", "--live", "--timeout", "10"]
    catch = trap.spring(KINDS, folder, [live])
    assert {*kinds, "mDNS"} <= catch.out.keys()
    assert "DNS websocket" in catch.out
    assert {*kinds} <= catch.near.keys()


SECRETS = {
    "SNIPPETKIT_ACCESS_TOKEN": "token-0815",
    "SNIPPETKIT_APP_SECRET": "secret-0815",
    "GH_TOKEN": "other-0815",
    "https_proxy": "http://user:password-0815@proxy.example",
}
OFF = "--disable-features="


def _read(file: Path) -> bytes:
    """What /proc has of a process, nothing where it is gone."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _family(pid: int) -> set[int]:
    """The processes that have begun below one."""
    stats = {int(file.parent.name): _read(file) for file in Path("/proc").glob("[0-9]*/stat")}
    parents = {child: int(stat.rpartition(b")")[2].split()[1]) for child, stat in stats.items() if stat}
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family - {pid}


@pytest.mark.browser
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the processes are read from /proc")
def test_no_process_of_the_browser_has_the_token_and_the_last_list_of_features_has_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "x.html").write_text(attempts.page("worker"))
    assert CHROMIUM
    others = {*_family(os.getpid())}  # such as what ends slowly of the browser of a test before
    with serving(tmp_path) as url, closing(visit_all([Visit("x", f"{url}/x.html", timeout_s=60)], CHROMIUM)) as seen:
        assert next(seen)[1].failure == ""
        family = [Path("/proc", str(pid)) for pid in _family(os.getpid()) if pid not in others]
        known = b"".join(_read(process / "environ") for process in family)
        lines = [_read(process / "cmdline").decode().split("\0") for process in family]
    assert len(family) > 3
    is_known = b"0815" in known  # the environment itself is not for a log
    assert not is_known
    assert b"PATH=" in known
    assert os.environ["SNIPPETKIT_ACCESS_TOKEN"] == "token-0815"
    lists = [[one for one in line if one.startswith(OFF)] for line in lines if "--remote-debugging-pipe" in line]
    assert lists and all("WebRtcHideLocalIpsWithMdns" in one[-1] for one in lists)  # of several, the last one counts


@pytest.mark.browser
def test_a_browser_runs_nothing_beside_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def looking(tab: Tab, visit: Visit) -> Observed:
        kinds.extend(one["type"] for one in (await tab.targets.root.call("Target.getTargets"))["targetInfos"])
        return await look_at(tab, visit)

    kinds = list[str]()
    monkeypatch.setattr(pool, "look_at", looking)
    (tmp_path / "x.html").write_text("<!doctype html><title>x</title>")
    assert CHROMIUM
    with serving(tmp_path) as url:
        assert [one.failure for _, one in visit_all([Visit("x", f"{url}/x.html", timeout_s=60)] * 3, CHROMIUM)] == [
            ""
        ] * 3
    assert set(kinds) == {"page"}


@pytest.mark.parametrize(
    ("name", "is_needed"),
    [
        *[("PATH", True), ("Path", True), ("LC_ALL", True), ("XDG_RUNTIME_DIR", True), ("SNIPPETKIT_ACCOUNT", False)],
        *[("AWS_SECRET_ACCESS_KEY", False), ("NODE_OPTIONS", False), ("SSH_AUTH_SOCK", False)],
    ],
)
def test_what_a_browser_needs_is_on_a_list_and_a_proxy_where_it_reaches_others(name: str, is_needed: bool) -> None:
    for is_live in (True, False):
        assert surroundings.is_needed(name, is_live=is_live) is is_needed
        assert surroundings.is_needed("https_proxy", is_live=is_live) is is_live


HELLO, TAKEN = b"\5\1\0", b"\5\0"
DONE, NOT_ALLOWED, REFUSED = (bytes((5, code, 0, 1, *bytes(6))) for code in (0, 2, 5))


def _asks(kind: int, host: bytes, port: int, command: int = 1) -> bytes:
    return bytes((5, command, 0, kind)) + host + port.to_bytes(2, "big")


def _named(host: str, port: int, command: int = 1) -> bytes:
    return _asks(3, bytes((len(host),)) + host.encode(), port, command)


async def _said(port: int, *parts: bytes) -> bytes:
    """What a door answers to this, until it says no more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"".join(parts))
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


@asynccontextmanager
async def _echo(host: str) -> AsyncIterator[int]:
    """Somebody on loopback who says everything again, in capitals, once he has heard all."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionResetError):
            writer.write((await reader.read()).upper())
        writer.close()

    async with await asyncio.start_server(answer, host, 0) as server:
        yield server.sockets[0].getsockname()[1]


async def _behind_a_door(address: Address, *parts: bytes) -> tuple[bytes, Proxy]:
    async with open_doors([address]) as doors:
        return await _said(Address.of(doors[address].url.replace("socks5", "http")).port, *parts), doors[address]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_a_door_leads_to_its_own_address_and_to_no_other(host: str) -> None:
    async def ask() -> None:
        async with _echo("::1" if ":" in host else "127.0.0.1") as port:
            own = Address(host, port)
            assert (await _behind_a_door(own, HELLO, _named(host, port), b"hello"))[0] == TAKEN + DONE + b"HELLO"
            for other in (_named("127.0.0.2", port), _named(host, port + 1), _named("shop.example", port)):
                assert (await _behind_a_door(own, HELLO, other, b"hello"))[0] == TAKEN + NOT_ALLOWED
            assert (await _behind_a_door(own, HELLO, _named(host, port, 3)))[0] == TAKEN + NOT_ALLOWED

    asyncio.run(ask())


def test_an_address_may_be_asked_for_by_its_number() -> None:
    async def ask() -> None:
        for host, kind, number in (("127.0.0.1", 1, b"\x7f\0\0\1"), ("::1", 4, bytes(15) + b"\1")):
            async with _echo(host) as port:
                answer, _ = await _behind_a_door(Address(host, port), HELLO, _asks(kind, number, port), b"x")
                assert answer == TAKEN + DONE + b"X"

    asyncio.run(ask())


def test_a_door_says_where_nobody_answers_and_hangs_up_on_what_it_does_not_know() -> None:
    async def ask() -> None:
        async with _echo("127.0.0.1") as port:
            pass
        nobody = Address("127.0.0.1", port)
        answer, door = await _behind_a_door(nobody, HELLO, _named(*nobody))
        assert (answer, door.reason("net::ERR_SOCKS_CONNECTION_FAILED")) == (TAKEN + REFUSED, "no server answers there")
        for wrong in (b"GET / HTTP/1.1", b"\5", HELLO + b"\5\1"):
            answer, door = await _behind_a_door(nobody, wrong)
            assert answer in {b"", TAKEN}
        leads_away = "it goes on to another server, which only --live reaches"
        assert door.reason("net::ERR_SOCKS_CONNECTION_FAILED") == leads_away
        assert door.reason("net::ERR_EMPTY_RESPONSE") == "net::ERR_EMPTY_RESPONSE"

    asyncio.run(ask())


def test_a_door_that_is_closed_hangs_up() -> None:
    async def ask() -> None:
        async with _echo("127.0.0.1") as port:
            own = Address("127.0.0.1", port)
            async with open_doors([own]) as doors:
                door_port = Address.of(doors[own].url.replace("socks5", "http")).port
                reader, writer = await asyncio.open_connection("127.0.0.1", door_port)
                writer.write(HELLO + _named(*own))
                assert await reader.readexactly(12) == TAKEN + DONE
            with suppress(ConnectionResetError):
                assert await asyncio.wait_for(reader.read(), 10) == b""
            writer.close()

    asyncio.run(ask())


def test_a_url_without_a_port_has_its_schemes() -> None:
    urls = ["http://127.0.0.1/x", "https://localhost", "http://[::1]:8080/"]
    assert [Address.of(url) for url in urls] == [("127.0.0.1", 80), ("localhost", 443), ("::1", 8080)]
