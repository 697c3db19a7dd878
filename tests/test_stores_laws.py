"""What holds in every object store, tried with real ones."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest

from snippetkit import files
from snippetkit import run as running
from snippetkit.model import Edit, PageBytes
from snippetkit.run import RunOptions
from snippetkit.stores import Settings
from snippetkit.stores import Stores as Door
from tests.conftest import CASES, Run
from tests.faulty_store import Faults, behind
from tests.processes import started
from tests.stores import ENVIRONMENT, KEEPING, S3, Stores

pytestmark = [pytest.mark.stores, pytest.mark.usefixtures("store_keys")]
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
ODD_KEYS = (
    "a b.html", "a%20b.html", "%41.html", "a?b=c.html", "a#b.html", "a+b.html", "a&b;c=d.html", "a'\"<>.html",
    "*.html", "[a].html", "~a.html", "$a,b@c:d.html", "a.html.html", "A.HTML", "deep/" * 40 + "a.html",
    "\u00fcn\u00efc\u00f6d\u00e9/\u65e5\u672c\u8a9e.html", "\U0001f600.html", "a" * 200 + ".html",
)  # fmt: skip
# SeaweedFS makes folders of keys, in which these are the same as others.
ODD_KEYS_OF_S3 = (
    "a//b.html", "/a.html", "./a.html", "x/../y.html", "../../z.html", "a\tb.html", " .html", "c.html/d.html",
    "a\\b.html",
)  # fmt: skip


@pytest.fixture(params=KEEPING)
def store(request: pytest.FixtureRequest, object_stores: Stores) -> S3:
    return object_stores(request.param)


def test_in_and_out_again_a_page_is_as_it_was_to_its_tag_and_all_that_it_has(run: Run, store: S3, prefix: str) -> None:
    key, url = f"{prefix}thanks.html", store.url(f"{prefix}thanks.html")
    store.put(key, PAGE, **store.rich)
    before = store.everything(key)
    assert before.keys() >= {"CacheControl", "Metadata"}
    done = run("inject", store.url(prefix), "--from-file", CODE, "--value", "1999", *store.options)
    assert (done.code, done.err.splitlines()[-2:]) == (0, [f"inserted: {url}", "1 inserted"])
    during = store.everything(key)
    changed = {name for name in before | during if during.get(name) != before.get(name)}
    assert {"Body", "ETag"} <= changed <= {"Body", "ETag", "ContentLength", "ChecksumCRC32"}
    removed = run("remove", store.url(prefix), *store.options)
    assert (removed.code, removed.err) == (0, f"removed: {url}\n1 removed\n")
    assert store.everything(key) == before
    assert store.keys(prefix) == [key]


@dataclass
class InTurn:
    """A planner that puts a text before `</head>`, once all runs have read the page."""

    text: bytes
    all_have_read: Callable[[], object] = int

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        self.all_have_read()
        at = page.find(b"</head>")
        return [] if b"<!-- value" in page.whole() else [Edit(at, at, self.text)]


def _run(store: S3, prefix: str, planner: InTurn) -> list[str]:
    door = Door(Settings(store.endpoint, pause_s=0.01))
    outcomes = running.carry_out([store.url(prefix)], planner, files.PAGES, RunOptions(door=door))
    return [f"{outcome.verb} {outcome.reason}".strip() for outcome in outcomes]


def test_two_runs_with_different_values_at_once_leave_one_in_each_page(store: S3, prefix: str) -> None:
    keys = [f"{prefix}{number}.html" for number in range(4)]
    for key in keys:
        store.put(key, PAGE)
    barrier = Barrier(2)
    planners = [InTurn(b"<!-- value %d -->" % number, barrier.wait) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda planner: _run(store, prefix, planner), planners)
    late = "failed changed during the run; run again"
    assert [sorted(pair) for pair in zip(one, other, strict=True)] == [sorted([late, "inserted"])] * 4
    assert [store.data(key).count(b"<!-- value") for key in keys] == [1] * 4
    assert _run(store, prefix, InTurn(b"<!-- value 2 -->")) == ["unchanged"] * 4


KILLED_AT = ["GET ", "PUT ", "PUT {}a.html", "PUT {}c.html", "DELETE "]


@pytest.mark.parametrize("is_passed_on", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", KILLED_AT)
@pytest.mark.wide
def test_a_run_that_was_killed_leaves_whole_pages_and_the_next_one_converges(
    run: Run, store: S3, prefix: str, at: str, is_passed_on: bool
) -> None:
    keys = [f"{prefix}{name}.html" for name in "abcd"]
    for key in keys:
        store.put(key, PAGE, CacheControl="max-age=60")
    where = f"/{store.bucket}/{prefix}"
    faults = Faults(at.format(where), ["late" if not is_passed_on else "lost"])
    with behind(store, faults) as faulty:
        options = [store.url(prefix), "--from-file", str(CODE), "--endpoint-url", faulty.endpoint, "--jobs", "1"]
        with started([sys.executable, "-m", "snippetkit", "inject", *options], os.environ | ENVIRONMENT) as process:
            faults.met.wait()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    new = {store.data(key) for key in keys} - {PAGE}
    assert len(new) <= 1
    again = run("inject", store.url(prefix), "--from-file", CODE, *store.options)
    assert (again.code, store.keys(prefix)) == (0, keys)
    assert {store.data(key) for key in keys} >= new
    assert len({store.data(key) for key in keys}) == 1
    assert {store.everything(key)["CacheControl"] for key in keys} == {"max-age=60"}
    assert run("remove", store.url(prefix), *store.options).code == 0
    assert {store.data(key) for key in keys} == {PAGE}


def test_a_run_that_changes_nothing_writes_nothing(run: Run, store: S3, prefix: str) -> None:
    store.put(f"{prefix}a.html", PAGE)
    faults = Faults()
    with behind(store, faults) as faulty:
        assert run("inject", store.url(prefix), "--from-file", CODE, *faulty.options).code == 0
        writes = [line for line in faults.came if not line.startswith("GET ")]
        assert writes.count(f"PUT /{store.bucket}/{prefix}a.html") == 1
        assert run("inject", store.url(prefix), "--from-file", CODE, *faulty.options).code == 0
        assert run("inject", store.url(prefix), "--from-file", CODE, "--check", *faulty.options).code == 0
        assert len([line for line in faults.came if not line.startswith("GET ")]) == len(writes)


def test_odd_keys_are_read_and_written_as_they_are(run: Run, store: S3, prefix: str) -> None:
    odd = ODD_KEYS + (ODD_KEYS_OF_S3 if store.name == "moto" else ())
    keys = sorted((f"{prefix}{key}" for key in odd), key=str.encode)
    for key in keys:
        store.put(key, PAGE)
    done = run("inject", store.url(prefix), "--from-file", CODE, "--backup", "backup/of", *store.options)
    assert done.err.splitlines()[-1] == f"{len(keys)} inserted"
    assert store.keys(prefix) == keys
    assert {store.data(key) != PAGE for key in keys} == {True}
    kept = [path for path in Path().rglob("*") if path.is_file()]
    assert {path.read_bytes() for path in kept} == {PAGE}
    assert (len(kept), {path.parts[:5] for path in kept}) == (
        len(keys),
        {("backup", "of", "s3", store.bucket, prefix[:-1])},
    )
    one = keys[len(keys) // 2]
    assert run("remove", store.url(one), *store.options).err == f"removed: {store.url(one)}\n1 removed\n"
    assert (
        run("remove", store.url(prefix), *store.options).err.splitlines()[-1] == f"{len(keys) - 1} removed, 1 unchanged"
    )
    assert {store.data(key) for key in keys} == {PAGE}
