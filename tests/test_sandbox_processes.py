"""The sandbox's database outlives its process, and several processes share it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from snippetkit.sandbox import Store
from tests.conftest import ACCOUNT, PIXEL_ID
from tests.processes import started

TOKEN = {"access_token": "any"}
Serve = Callable[[], tuple[subprocess.Popen[bytes], str]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serve one database in processes of their own; each is killed in the end."""
    command = [sys.executable, "-m", "snippetkit", "sandbox", "--port", "0", "--db", str(tmp_path / "sandbox.db")]
    with ExitStack() as stack:

        def serve() -> tuple[subprocess.Popen[bytes], str]:
            process = stack.enter_context(started(command))
            assert process.stdout
            return process, process.stdout.readline().decode().strip()

        yield serve


def _create(url: str, name: str) -> str:
    data = {**TOKEN, "name": name}
    return str(requests.post(f"{url}/act_{ACCOUNT}/offsitepixels", data=data, timeout=60).json()["id"])


def test_a_killed_process_loses_nothing_that_was_answered(serve: Serve, tmp_path: Path) -> None:
    process, url = serve()
    ids = [_create(url, str(number)) for number in range(20)]
    assert requests.delete(f"{url}/{ids[-1]}", params=TOKEN, timeout=60).json() is True
    process.kill()
    process.wait()
    store = Store(tmp_path / "sandbox.db")
    assert [pixel.id for pixel in store.pixels(ACCOUNT, "0", 100)] == ids[:-1]
    assert store.add_pixel(ACCOUNT, "after", "OTHER") == str(int(ids[-1]) + 1)
    store.close()


def test_two_processes_use_one_database_at_once(serve: Serve) -> None:
    with ThreadPoolExecutor(8) as pool:
        urls = [url for _, url in pool.map(lambda _: serve(), range(2))]
        ids = list(pool.map(lambda number: _create(urls[number % 2], str(number)), range(100)))
    assert sorted(ids) == [str(int(PIXEL_ID) + number) for number in range(100)]
    for url in urls:
        page = requests.get(f"{url}/act_{ACCOUNT}/offsitepixels?limit=200&fields=id", params=TOKEN, timeout=60).json()
        assert [pixel["id"] for pixel in page["data"]] == sorted(ids)


def test_a_new_database_may_be_opened_many_times_at_once(tmp_path: Path) -> None:
    for number in range(5):
        path = tmp_path / f"{number}.db"
        with ThreadPoolExecutor(8) as pool:
            stores = list(pool.map(lambda _, path=path: Store(path), range(8)))
        assert {store.add_pixel(ACCOUNT, str(index), "OTHER") for index, store in enumerate(stores)} == {
            str(int(PIXEL_ID) + index) for index in range(8)
        }
        for store in stores:
            store.close()
