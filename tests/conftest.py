"""What all tests share: no network, a clean environment, and the command line as a function."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

import pytest
import requests
from hypothesis import settings

from snippetkit.cli import main
from snippetkit.graph import Clock, Transport
from snippetkit.model import AccessToken
from snippetkit.sandbox import Store, WsgiAdapter, create_app, create_server, guarded
from snippetkit.work.browsers import find_browser
from tests import clusters, stores, trap, vendor_stores
from tests.processes import let_be_interrupted
from tests.watching import pytest_collection_finish as pytest_collection_finish

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from werkzeug.serving import BaseWSGIServer

T = TypeVar("T")

ALL = bool(os.environ.get("SNIPPETKIT_REQUIRE_WIDE"))
_OF_EACH = bool(os.environ.get("SNIPPETKIT_SAMPLE"))  # of every table a sample, and not of the wide ones alone
_SAMPLE = 8
# All rows, with coverage, took 786 s on two idle cores.
_MINUTES, _MINUTES_OF_ALL = 5, 14


# About how many times longer than another a test with this marker takes.
_WAITS = {"browser": 40, "dask": 40, "emulators": 40, "engines": 20, "office": 100, "sdk": 40, "stores": 20}


def examples(count: int) -> int:
    """How many examples hypothesis tries: `count` where all is tried, else a tenth, and five at least."""
    return count if ALL else max(5, count // 10)


def sample(rows: Sequence[T]) -> Sequence[T]:
    """What is tried of the rows that one test goes through: all where all is tried, else one in `_SAMPLE`."""
    return rows if ALL else rows[::_SAMPLE]


# In CI the same examples each time: what is found by chance is found, and mended, before.
settings.register_profile(
    "any machine", deadline=None, derandomize=bool(os.environ.get("CI")), max_examples=examples(100)
)
settings.load_profile("any machine")
CASES = Path(__file__).parent / "cases"
ACCOUNT = "434566956589050"
PIXEL_ID = "6009125095680"
JS_PIXEL = (CASES / "code" / "fp.html").read_text()
_BROWSER = os.environ.get("SNIPPETKIT_TEST_BROWSER")
CHROMIUM = shutil.which(_BROWSER) if _BROWSER else find_browser()
# Without these the browser asks hosts of its maker at every start.
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
_FORMATTERS = os.environ.get("SNIPPETKIT_REQUIRE_FORMATTERS")
_SDKS = os.environ.get("SNIPPETKIT_REQUIRE_SDKS")
_ENGINES = os.environ.get("SNIPPETKIT_REQUIRE_ENGINES")
_LOAD = os.environ.get("SNIPPETKIT_REQUIRE_LOAD")
_ENGINES_HINT = "they install from PyPI and npm, and run Debian's engines (SNIPPETKIT_REQUIRE_ENGINES=1 runs them)"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def _in_memory() -> str | None:
    """Where there is room for files in memory, and programs run from there; a disk waits for each to be safe."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        return None
    there = os.statvfs(memory)
    return str(memory) if there.f_bavail * there.f_frsize >= 1 << 30 and not there.f_flag & os.ST_NOEXEC else None


_MEMORY = _in_memory()


@dataclass(frozen=True)
class Need:
    """What a marker's tests need beside Python, the variable that makes it required, and how to have it."""

    marker: str
    there: bool
    variable: str
    hint: str


NEEDS = [
    Need(
        "browser",
        bool(CHROMIUM),
        "SNIPPETKIT_REQUIRE_BROWSER",
        "no Chromium found (Debian: apt install chromium-headless-shell)",
    ),
    Need(
        "namespace",
        trap.is_possible(),
        "SNIPPETKIT_REQUIRE_NAMESPACE",
        "no network of its own for a test here (Debian, as root: apt install iproute2)",
    ),
    Need("curl", bool(shutil.which("curl")), "SNIPPETKIT_REQUIRE_SDKS", "no curl here (Debian: apt install curl)"),
    Need(
        "formatters",
        bool(_FORMATTERS),
        "SNIPPETKIT_REQUIRE_FORMATTERS",
        "they install from PyPI and npm (SNIPPETKIT_REQUIRE_FORMATTERS=1 runs them)",
    ),
    Need("dask", clusters.are_there(), "SNIPPETKIT_REQUIRE_STORES", clusters.HINT),
    Need(
        "docs",
        bool(find_spec("mkdocs")),
        "SNIPPETKIT_REQUIRE_DOCS",
        "no mkdocs here (pip install -e '.[docs]')",
    ),
    Need(
        "shells",
        all(map(shutil.which, ("bash", "zsh", "fish"))),
        "SNIPPETKIT_REQUIRE_SHELLS",
        "not all of bash, zsh and fish here (Debian: apt install bash zsh fish)",
    ),
    Need("make", bool(shutil.which("make")), "SNIPPETKIT_REQUIRE_SHELLS", "no make here (Debian: apt install make)"),
    Need("node", bool(shutil.which("node")), "SNIPPETKIT_REQUIRE_ENGINES", "no node here (Debian: apt install nodejs)"),
    Need(
        "office",
        bool(shutil.which("soffice")),
        "SNIPPETKIT_REQUIRE_OFFICE",
        "no LibreOffice here (Debian: apt install libreoffice-calc-nogui)",
    ),
    Need("sdk", bool(_SDKS), "SNIPPETKIT_REQUIRE_SDKS", "they install from PyPI (SNIPPETKIT_REQUIRE_SDKS=1 runs them)"),
    Need("emulators", vendor_stores.are_there(), "SNIPPETKIT_REQUIRE_STORES", vendor_stores.HINT),
    Need("stores", stores.are_there(), "SNIPPETKIT_REQUIRE_STORES", stores.HINT),
    Need("engines", bool(_ENGINES), "SNIPPETKIT_REQUIRE_ENGINES", _ENGINES_HINT),
    Need(
        "load",
        bool(_LOAD),
        "SNIPPETKIT_REQUIRE_LOAD",
        "they take all that the machine has (SNIPPETKIT_REQUIRE_LOAD=1 runs them)",
    ),
]


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def pytest_xdist_auto_num_workers() -> int:
    """Two workers a core (`-n auto`): tests wait for browsers, servers and downloads."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """What the tests start can be interrupted, however they themselves were started, and is not coloured by others.

    The files are begun in the order of `_files_first_that_wait`, and not of how many tests they have.
    """
    config.option.loadscopereorder = False
    let_be_interrupted()
    for name in ("FORCE_COLOR", "NO_COLOR"):
        os.environ.pop(name, None)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Say how long all of it takes, before it begins."""
    if reporter := session.config.pluginmanager.get_plugin("terminalreporter"):
        minutes = _MINUTES_OF_ALL if ALL else _MINUTES
        reporter.write_line(
            f"All tests take about {minutes} minutes on two idle cores; the end says what was left out."
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose need is not there, unless it is required."""
    for need in (need for need in NEEDS if not need.there):
        if os.environ.get(need.variable):
            raise pytest.UsageError(f"{need.variable} is set: {need.hint}")
        _leave_out(config, items, {item for item in items if item.get_closest_marker(need.marker)})
    if not ALL:
        _take_a_sample(config, items)
    items.sort(key=_files_first_that_wait(items))


def _files_first_that_wait(items: Sequence[pytest.Item]) -> Callable[[pytest.Item], tuple[int, str]]:
    """Begin with the files that take longest, so that no worker ends with one while the others have nothing to do.

    Their tests keep their order, as `list.sort` lets them.
    """
    seconds = Counter[str]()
    for item in items:
        seconds[item.location[0]] += max((_WAITS.get(marker.name, 1) for marker in item.iter_markers()), default=1)
    return lambda item: (-seconds[item.location[0]], item.location[0])


def _take_a_sample(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of each wide table leave its first row and one in `_SAMPLE`, the same each time."""
    left_out, tables = set[pytest.Item](), set[str]()
    for item in items:
        table = item.nodeid.partition("[")[0]
        is_sampled = _OF_EACH or item.get_closest_marker("wide")
        if is_sampled and table in tables and crc32(item.nodeid.encode()) % _SAMPLE:
            left_out.add(item)
        tables.add(table)
    _leave_out(config, items, left_out)


def _leave_out(config: pytest.Config, items: list[pytest.Item], left_out: set[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line each what was left out."""
    for need in (need for need in NEEDS if not need.there):
        terminalreporter.write_line(f"The {need.marker} tests were left out: {need.hint}.")
    if not ALL:
        which = "all" if _OF_EACH else "wide"
        terminalreporter.write_line(
            f"Of {which} tables a row in {_SAMPLE} was tried (SNIPPETKIT_REQUIRE_WIDE=1 tries all)."
        )


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
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No setting of the person who runs the tests counts, and each test has a folder and a sandbox of its own."""
    for name in (
        "ACCESS_TOKEN",
        "ACCOUNT",
        "API_URL",
        "API_VERSION",
        "APP_SECRET",
        "BROWSER",
        "CONFIG",
        "TEMPLATES_DIR",
    ):
        monkeypatch.delenv(f"SNIPPETKIT_{name}", raising=False)
    if _BROWSER:
        monkeypatch.setenv("SNIPPETKIT_BROWSER", _BROWSER)
    with TemporaryDirectory(dir=_MEMORY, ignore_cleanup_errors=True) as folder:
        for name in ("cache", "config", "work"):
            Path(folder, name).mkdir()
        monkeypatch.setenv("XDG_CACHE_HOME", str(Path(folder, "cache")))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(Path(folder, "config")))
        monkeypatch.chdir(Path(folder, "work"))
        yield Path(folder)
        monkeypatch.undo()  # a test may have gone elsewhere, and came from here


@pytest.fixture
def tmp_path(clean_environment: Path) -> Path:
    """Another folder; pytest's own are numbered, kept, and on the disk."""
    folder = clean_environment / "another"
    folder.mkdir()
    return folder


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command line in this process, as the installed command does."""

    def run(*args: str | Path) -> Ran:
        with pytest.raises(SystemExit) as exit_info:
            main([str(arg) for arg in args])
        out, err = capfdbinary.readouterr()
        return Ran(int(exit_info.value.code or 0), out.decode(), without_slowness(err.decode()))

    return run


def without_slowness(err: str) -> str:
    """Messages without the one that depends on what else the machine does."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith("the machine is slow: "))


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


@pytest.fixture(scope="session")
def object_stores() -> Iterator[stores.Stores]:
    """Real object stores, each started when it is first asked for."""
    with ExitStack() as stack:
        yield stores.Stores(stack)


@pytest.fixture
def store_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process have the credentials of all stores."""
    for name, value in {**stores.ENVIRONMENT, **vendor_stores.ENVIRONMENT}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    """A prefix in a bucket that no other test has."""
    return f"{crc32(request.node.name.encode()):08x}/"


@pytest.fixture
def sandbox_url(store: Store) -> Iterator[str]:
    """A sandbox on a port."""
    with serving(create_server(guarded(create_app(store)), 0)) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET, chromium_sandbox=False)
        yield browser
        browser.close()
