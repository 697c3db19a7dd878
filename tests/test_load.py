"""A machine that has too much to do: right pages stay right beside pages that hang, and those are named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from tests import loopback
from tests.conftest import without_slowness
from tests.faulty import FBDS, FBQ, FP, page

pytestmark = [pytest.mark.browser, pytest.mark.load]

# SNIPPETKIT_LOAD_PAGES=100 is the whole test, with five pages that hang and eight burners a core; it takes its time.
RIGHT = int(os.environ.get("SNIPPETKIT_LOAD_PAGES", "12"))
HANGING = max(2, RIGHT // 20)
BURNERS_A_CORE = 8 if RIGHT >= 100 else 4
_LOOP = page(FP, "<script>for (;;);</script>\n")
_WAITS = page('<script src="/never.js"></script>\n' + FP)


class _Handler(loopback.Handler):
    """Right pages, one whose script does not end, and one whose script never comes."""

    done: Event

    def answer(self) -> None:
        if self.path == "/never.js":
            self.done.wait()
            return
        kind, _, number = self.path.strip("/").partition("-")
        pages = {"loop": _LOOP, "waits": _WAITS}
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(pages.get(kind) or page((FP, FBDS, FBQ)[int(number) % 3]))


@contextmanager
def _serving() -> Iterator[str]:
    _Handler.done = Event()
    with loopback.serving(_Handler) as url:
        yield url
        _Handler.done.set()


@contextmanager
def _burning() -> Iterator[None]:
    """Processes that take all they get."""
    with ExitStack() as stack:
        for _ in range(BURNERS_A_CORE * (os.cpu_count() or 1)):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(process.kill)
        yield


def test_on_a_loaded_machine_no_right_page_is_called_wrong() -> None:
    names = [f"right-{number}" for number in range(RIGHT)]
    for number in range(HANGING):
        names.insert(number * 20, f"{'waits' if number % 2 else 'loop'}-{number}")
    with _serving() as url, _burning():
        command = [sys.executable, "-m", "snippetkit", "verify", "--json", "--timeout", "3"]
        ran = subprocess.run([*command, *(f"{url}/{name}" for name in names)], capture_output=True, check=False)
    wrong = {}
    for visit in json.loads(ran.stdout)["visits"]:
        if visit["faults"]:
            wrong[visit["path"].removeprefix(f"{url}/")] = [fault["message"] for fault in visit["faults"]]
    late = "not loaded after 3 seconds: "
    told = {
        "loop": f"{late}a script never finishes, or the page is too large",
        "waits": f"{late}still waiting for /never.js",
    }
    hanging = [name for name in names if not name.startswith("right")]
    assert {name: messages[0] for name, messages in wrong.items()} == {
        name: told[name.partition("-")[0]] for name in hanging
    }
    assert without_slowness(ran.stderr.decode()) == f"{RIGHT + HANGING} visits checked, {HANGING} wrong\n"
    assert ran.returncode == 1
