"""The code of 1,000 pixels from one sandbox: ours in batches, ours with what was kept, facebook_business one by one.

    python benchmarks/many_pixels.py [PIXELS]

Once at the bare sandbox, on this machine and with nothing between, and once where each request takes 20 ms longer, as
it does over a network that is near. facebook_business is installed from PyPI into a virtual environment of its own,
which is thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from snippetkit.cache import AnswerCache
from snippetkit.graph import Transport, read_pixels
from snippetkit.model import AccessToken, Pixel
from snippetkit.sandbox import Store
from snippetkit.terms import API_VERSION

ACCOUNT = "434566956589050"
ONE_BY_ONE = """
import json, sys, time
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession
FacebookSession.GRAPH = sys.argv[1]
api = FacebookAdsApi.init(access_token="any", crash_log=False)
ids = json.load(sys.stdin)
start = time.perf_counter()
for pixel_id in ids:
    code = api.call("GET", (pixel_id,), params={"fields": "id,name,js_pixel", "value": 1999}).json()["js_pixel"]
    assert pixel_id in code
print(time.perf_counter() - start)
"""


LATENCY_MS = (0, 20)
SERVE = """
import pathlib, sys, time
from snippetkit.sandbox import Store, create_app, create_server
app = create_app(Store(pathlib.Path(sys.argv[1])))
def slow(environ, start_response):
    time.sleep(int(sys.argv[2]) / 1000)
    return app(environ, start_response)
server = create_server(slow, 0)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
"""


@contextmanager
def _sandbox(path: Path, latency_ms: int) -> Iterator[str]:
    """A sandbox in a process of its own, as its clients are in theirs."""
    command = [sys.executable, "-c", SERVE, str(path), str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def _ours(url: str, ids: list[str], cache: Path) -> tuple[float, int]:
    asked: list[str] = []
    start = time.perf_counter()
    with requests.Session() as session:
        api = Transport(
            session, url, AccessToken("any"), version=API_VERSION, store=AnswerCache(cache), log=asked.append
        )
        found = dict(read_pixels(api, ids, 1999))
    seconds = time.perf_counter() - start
    assert all(isinstance(pixel, Pixel) and pixel_id in pixel.js_pixel for pixel_id, pixel in found.items())
    return seconds, len(asked)


def _install(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "facebook_business"], check=True, stderr=subprocess.DEVNULL)
    return python


def _theirs(url: str, ids: list[str], python: Path) -> tuple[float, int]:
    command = [python, "-c", ONE_BY_ONE, url]
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        command, input=json.dumps(ids), text=True, stdout=subprocess.PIPE, check=True, env=environment
    )
    return float(done.stdout), len(ids)


def _compare(url: str, ids: list[str], cache: Path, python: Path) -> None:
    runs: dict[str, Callable[[], tuple[float, int]]] = {
        "snippetkit, nothing kept": lambda: _ours(url, ids, cache),
        "snippetkit again, 304s": lambda: _ours(url, ids, cache),
        "facebook_business, one by one": lambda: _theirs(url, ids, python),
    }
    taken = {name: run() for name, run in runs.items()}
    slowest = taken["facebook_business, one by one"][0]
    for name, (seconds, requests_made) in taken.items():
        print(f"{name:30} {seconds:8.2f}  {requests_made:8}  {slowest / seconds:12.1f}")


def main() -> None:
    """Print seconds, requests, and ratios."""
    pixels = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder / "sandbox.db")
        ids = [store.add_pixel(ACCOUNT, f"Pixel {number}", "OTHER") or "" for number in range(pixels)]
        store.close()
        python = _install(folder / "venv")
        for latency_ms in LATENCY_MS:
            print(f"{pixels} pixels, {latency_ms:2} ms a request      seconds  requests  times faster")
            with _sandbox(folder / "sandbox.db", latency_ms) as url:
                _compare(url, ids, folder / f"cache-{latency_ms}.db", python)


if __name__ == "__main__":
    main()
