"""What all tests share: no network, a clean environment, and the command line as a function."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import settings

from snippetkit.cli import main
from snippetkit.graph import Clock, Transport
from snippetkit.model import AccessToken
from snippetkit.sandbox import Store, WsgiAdapter, create_app, create_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from werkzeug.serving import BaseWSGIServer

# In CI the same examples each time: what is found by chance is found, and mended, before.
settings.register_profile("any machine", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("any machine")

CASES = Path(__file__).parent / "cases"
ACCOUNT = "434566956589050"
PIXEL_ID = "6009125095680"
JS_PIXEL = (CASES / "code" / "fp.html").read_text()
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
# Without these the browser asks hosts of its maker at every start.
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
_SDKS = os.environ.get("SNIPPETKIT_REQUIRE_SDKS")
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True)
class Need:
    """What a marker's tests need beside Python, the variable that makes it required, and how to have it."""

    marker: str
    there: bool
    variable: str
    hint: str


NEEDS = [
    Need("browser", bool(CHROMIUM), "SNIPPETKIT_REQUIRE_BROWSER", "no Chromium here (Debian: apt install chromium)"),
    Need("curl", bool(shutil.which("curl")), "SNIPPETKIT_REQUIRE_SDKS", "no curl here (Debian: apt install curl)"),
    Need("sdk", bool(_SDKS), "SNIPPETKIT_REQUIRE_SDKS", "they install from PyPI (SNIPPETKIT_REQUIRE_SDKS=1 runs them)"),
]


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose need is not there, unless it is required."""
    for need in (need for need in NEEDS if not need.there):
        if os.environ.get(need.variable):
            raise pytest.UsageError(f"{need.variable} is set: {need.hint}")
        left_out = [item for item in items if item.get_closest_marker(need.marker)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each what was left out."""
    for need in (need for need in NEEDS if not need.there):
        terminalreporter.write_line(f"The {need.marker} tests were left out: {need.hint}.")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches anything but this machine."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: tuple[str, int]) -> None:
        if self.family != socket.AF_UNIX and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test wants to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the person who runs the tests counts, and each test has a folder and a sandbox of its own."""
    for name in ("ACCESS_TOKEN", "ACCOUNT", "API_URL", "API_VERSION", "APP_SECRET", "BROWSER", "TEMPLATES_DIR"):
        monkeypatch.delenv(f"SNIPPETKIT_{name}", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


@pytest.fixture
def fast_folder() -> Iterator[Path]:
    """A folder in memory, where there is such a place."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command line in this process, as the installed command does."""

    def run(*args: str | Path) -> Ran:
        with pytest.raises(SystemExit) as exit_info:
            main([str(arg) for arg in args])
        out, err = capfdbinary.readouterr()
        return Ran(int(exit_info.value.code or 0), out.decode(), err.decode())

    return run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.db")
    yield store
    store.close()


@pytest.fixture
def api(store: Store) -> Iterator[Transport]:
    """The client, at the sandbox in this process."""
    with requests.Session() as session:
        session.mount("https://", WsgiAdapter(create_app(store)))
        yield Transport(session, "https://sandbox.invalid", AccessToken("token"), clock=Clock(sleep=lambda _: None))


@pytest.fixture
def sandbox_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line, at a sandbox that has the CHECKOUT pixel."""
    monkeypatch.setenv("SNIPPETKIT_API_URL", "sandbox:")
    monkeypatch.setenv("SNIPPETKIT_ACCOUNT", ACCOUNT)
    assert run("pixels", "create", "--name", "Thank you", "--tag", "CHECKOUT").out == f"{PIXEL_ID}\n"
    return run


@contextmanager
def serving(server: BaseWSGIServer) -> Iterator[str]:
    """Serve in a thread, and give the URL."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def sandbox_url(store: Store) -> Iterator[str]:
    """A sandbox on a port."""
    with serving(create_server(create_app(store), 0)) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET, chromium_sandbox=False)
        yield browser
        browser.close()
