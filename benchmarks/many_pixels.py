"""The code of 1,000 pixels from one sandbox: ours in batches, ours with what was kept, facebook_business one by one.

    python benchmarks/many_pixels.py [PIXELS]

facebook_business is installed from PyPI into a virtual environment of its own, which is thrown away.
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


@contextmanager
def _sandbox(folder: Path, pixels: int) -> Iterator[tuple[str, list[str]]]:
    """A sandbox in a process of its own, as its clients are in theirs."""
    store = Store(folder / "sandbox.db")
    ids = [store.add_pixel(ACCOUNT, f"Pixel {number}", "OTHER") or "" for number in range(pixels)]
    store.close()
    command = [sys.executable, "-m", "snippetkit", "sandbox", "--port", "0", "--db", str(folder / "sandbox.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip(), ids
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


def _theirs(url: str, ids: list[str], folder: Path) -> tuple[float, int]:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "facebook_business"], check=True, stderr=subprocess.DEVNULL)
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        [python, "-c", ONE_BY_ONE, url],
        input=json.dumps(ids),
        text=True,
        capture_output=True,
        check=True,
        env=environment,
    )
    return float(done.stdout), len(ids)


def main() -> None:
    """Print seconds, requests, and ratios."""
    pixels = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name, _sandbox(Path(name), pixels) as (url, ids):
        folder = Path(name)
        runs: dict[str, Callable[[], tuple[float, int]]] = {
            "snippetkit, nothing kept": lambda: _ours(url, ids, folder / "cache"),
            "snippetkit again, 304s": lambda: _ours(url, ids, folder / "cache"),
            "facebook_business, one by one": lambda: _theirs(url, ids, folder / "venv"),
        }
        taken = {name: run() for name, run in runs.items()}
    slowest = taken["facebook_business, one by one"][0]
    print(f"{pixels} pixels                     seconds  requests  times faster")
    for name, (seconds, requests_made) in taken.items():
        print(f"{name:30} {seconds:8.2f}  {requests_made:8}  {slowest / seconds:12.1f}")


if __name__ == "__main__":
    main()
