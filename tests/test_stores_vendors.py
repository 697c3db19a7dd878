"""Google's and Azure's stores: what holds in S3 holds there, tried with the vendors' SDKs and real emulators."""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from gzip import compress
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any
from zlib import crc32

import pytest

from snippetkit import files
from snippetkit import run as running
from snippetkit.errors import FileError, SettingError
from snippetkit.model import Edit, PageBytes
from snippetkit.run import RunOptions
from snippetkit.stores import Settings, Stores
from snippetkit.stores.locations import locate
from tests.conftest import CASES, Run
from tests.faulty_store import Faults, behind
from tests.processes import started
from tests.vendor_stores import AZURE_ACCOUNT, AZURE_KEY, ENVIRONMENT, SERVERS

pytestmark = pytest.mark.emulators
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
ODD_KEYS = (
    "a b.html", "a%20b.html", "a?b=c.html", "a#b.html", "a+b.html", "a&b;c=d.html", "a'\"<>.html",
    "\u00fcn\u00efc\u00f6d\u00e9/\u65e5\u672c\u8a9e.html", "\U0001f600.html", "*.html", "[a].html", "$a,b@c:d.html",
    "A.HTML", "deep/" * 40 + "a.html", "c.html/d.html",
)  # fmt: skip


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def emulators() -> Any:
    with ExitStack() as stack:
        running = {name: stack.enter_context(server()) for name, server in SERVERS.items()}
        yield running


@pytest.fixture(params=SERVERS)
def store(request: pytest.FixtureRequest, emulators: Any) -> Any:
    return emulators[request.param]


@pytest.fixture
def site(request: pytest.FixtureRequest) -> str:
    """A prefix that no other test has."""
    return f"{crc32(request.node.name.encode()):08x}/"


class Inserts:
    """A planner that puts a text before `</head>`, at once or when another has read its page too."""

    def __init__(self, text: bytes = b"<!-- new -->", barrier: Barrier | None = None) -> None:
        self.text, self.barrier = text, barrier

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        if self.barrier:
            self.barrier.wait()
        at = page.find(b"</head>")
        return [] if b"<!-- " in page.whole() else [Edit(at, at, self.text)]


def _run(store: Any, site: str, planner: Inserts | None = None, timeout_s: float = 5) -> list[str]:
    door = Stores(Settings(store.endpoint, timeout_s=timeout_s, pause_s=0.001))
    outcomes = running.carry_out([store.url(site)], planner or Inserts(), files.PAGES, RunOptions(door=door))
    return [f"{outcome.verb} {outcome.reason}".strip() for outcome in outcomes]


def test_in_and_out_again_a_page_is_as_it_was_with_all_that_it_has(run: Run, store: Any, site: str) -> None:
    key, url = f"{site}thanks.html", store.url(f"{site}thanks.html")
    store.put(key, PAGE, **store.rich)
    before = store.everything(key)
    done = run("inject", store.url(site), "--from-file", CODE, "--value", "1999", *store.options)
    assert (done.code, done.err.splitlines()[-2:]) == (0, [f"inserted: {url}", "1 inserted"])
    during = store.everything(key)
    assert {name for name in before if during[name] != before[name]} <= {"data", "md5_hash", "content_md5"}
    assert during["data"] != PAGE
    removed = run("remove", store.url(site), *store.options)
    assert (removed.code, removed.err) == (0, f"removed: {url}\n1 removed\n")
    assert store.everything(key) == before
    assert store.keys(site) == [key]


def test_a_run_that_changes_nothing_writes_nothing(run: Run, store: Any, site: str) -> None:
    key = f"{site}a.html"
    store.put(key, PAGE)
    assert run("inject", store.url(site), "--from-file", CODE, "--check", *store.options).code == 1
    assert store.data(key) == PAGE
    assert run("inject", store.url(site), "--from-file", CODE, *store.options).code == 0
    tag = store.tag(key)
    assert run("inject", store.url(site), "--from-file", CODE, *store.options).code == 0
    assert run("inject", store.url(site), "--from-file", CODE, "--check", *store.options).code == 0
    assert store.tag(key) == tag


def test_known_pages_are_not_asked_for_again(run: Run, store: Any, site: str, tmp_path: Path) -> None:
    keys = [f"{site}{name}.html" for name in "abc"]
    for key in keys:
        store.put(key, PAGE)
    known = ("--known", tmp_path / "known")
    assert run("inject", store.url(site), "--from-file", CODE, *known, *store.options).code == 0
    store.put(keys[1], PAGE)
    faults = Faults()
    with behind(store, faults) as faulty:
        ran = run("inject", store.url(site), "--from-file", CODE, *known, *faulty.options)
    assert ran.err.splitlines()[-1] == "2 unchanged, 1 inserted"
    asked = [line for line in faults.came if "a.html" in line or "c.html" in line]
    assert asked == []
    assert any("b.html" in line for line in faults.came)
    with behind(store, Faults(".html", [(403, "AccessDenied")] * 9)) as faulty:
        again = run("inject", store.url(site), "--from-file", CODE, *known, *faulty.options)
    assert (again.code, again.err.splitlines()[-1]) == (0, "3 unchanged")


def test_two_runs_with_different_values_at_once_leave_one_in_each_page(store: Any, site: str) -> None:
    keys = [f"{site}{number}.html" for number in range(4)]
    for key in keys:
        store.put(key, PAGE)
    barrier = Barrier(2)
    planners = [Inserts(b"<!-- value %d -->" % number, barrier) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda planner: _run(store, site, planner), planners)
    late = "failed changed during the run; run again"
    assert [sorted(pair) for pair in zip(one, other, strict=True)] == [sorted([late, "inserted"])] * 4
    assert [store.data(key).count(b"<!-- value") for key in keys] == [1] * 4


@pytest.mark.parametrize("fault", ["late", "lost"])
def test_a_run_that_was_killed_leaves_whole_pages_and_the_next_one_converges(
    run: Run, store: Any, site: str, fault: str
) -> None:
    keys = [f"{site}{name}.html" for name in "abc"]
    for key in keys:
        store.put(key, PAGE, cache_control="max-age=60")
    faults = Faults(store.writes_of(keys[1]), [None, None, None, fault] if store.name == "gcs" else [fault])
    with behind(store, faults) as faulty:
        options = [store.url(site), "--from-file", str(CODE), "--endpoint-url", faulty.endpoint, "--jobs", "1"]
        with started([sys.executable, "-m", "snippetkit", "inject", *options], os.environ | ENVIRONMENT) as process:
            assert faults.met.wait(60)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    new = {store.data(key) for key in keys} - {PAGE}
    assert len(new) <= 1
    assert run("inject", store.url(site), "--from-file", CODE, *store.options).code == 0
    pages = {store.data(key) for key in keys}
    assert len(pages) == 1
    assert pages >= new
    assert {store.everything(key)["cache_control"] for key in keys} == {"max-age=60"}


def test_odd_keys_are_read_and_written_as_they_are(run: Run, store: Any, site: str) -> None:
    keys = sorted((f"{site}{key}" for key in ODD_KEYS), key=str.encode)
    for key in keys:
        store.put(key, PAGE)
    done = run("inject", store.url(site), "--from-file", CODE, *store.options)
    assert done.err.splitlines()[-1] == f"{len(keys)} inserted"
    assert sorted(store.keys(site), key=str.encode) == keys
    assert run("remove", store.url(site), *store.options).err.splitlines()[-1] == f"{len(keys)} removed"
    assert {store.data(key) for key in keys} == {PAGE}


@pytest.mark.parametrize("answer", [(429, "TooManyRequests"), (503, "ServerBusy"), "lost", "cut", "late"])
@pytest.mark.parametrize("of", ["read", "write"])
@pytest.mark.wide
def test_another_attempt_succeeds_where_the_store_was_busy_or_the_answer_did_not_come(
    store: Any, site: str, of: str, answer: str | tuple[int, str]
) -> None:
    key = f"{site}a.html"
    store.put(key, PAGE, cache_control="max-age=60")
    faults = Faults(store.writes_of(key) if of == "write" else store.reads, [answer])
    with behind(store, faults) as faulty:
        assert _run(faulty, site, timeout_s=0.5) == ["inserted"]
    assert not faults.answers
    assert store.data(key).count(b"<!-- new -->") == 1
    assert store.everything(key)["cache_control"] == "max-age=60"
    assert store.keys(site) == [key]


def test_a_page_that_is_stored_compressed_is_left_as_it_is(run: Run, store: Any, site: str) -> None:
    data = compress(PAGE, mtime=0)
    store.put(f"{site}a.html", data, content_encoding="gzip")
    ran = run("inject", store.url(site), "--from-file", CODE, *store.options)
    assert ran.code == 6
    assert "stored compressed (Content-Encoding: gzip), so it is left as it is" in ran.err
    assert store.data(f"{site}a.html") == data


def test_what_is_not_there_or_not_permitted_is_told_in_a_line(
    run: Run, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = store.url().replace("/site/", "/nosuch/")
    ran = run("status", where, *store.options)
    assert ran.code == 6
    assert f"{where}: there is no bucket nosuch" in ran.err
    assert run("status", store.url("nosuch.html"), *store.options).code == 6
    with behind(store, Faults(store.reads, [(403, "AuthorizationFailure")])) as faulty:
        ran = run("status", store.url(), *faulty.options)
    assert (ran.code, len(ran.err.splitlines())) == (3, 1)
    assert "not permitted" in ran.err
    monkeypatch.setenv("AZURE_STORAGE_KEY", "bm90IHRoZSBrZXk=")
    ran = run("status", f"az://{AZURE_ACCOUNT}/site/", "--endpoint-url", "http://example.com")
    assert (ran.code, ran.err) == (
        2,
        "error: http://example.com would get the credentials in the clear; use https\n",
    )
    assert "bm90IHRoZSBrZXk=" not in ran.err


def test_a_blob_that_is_leased_or_no_page_is_refused(run: Run, emulators: Any) -> None:
    store, options = emulators["azure"], emulators["azure"].options
    store.put("held/a.html", PAGE)
    store.container.get_blob_client("held/b.html").create_append_blob()
    lease = store.container.get_blob_client("held/a.html").acquire_lease()
    try:
        ran = run("inject", store.url("held/"), "--from-file", CODE, *options)
    finally:
        lease.release()
    assert ran.code == 6
    assert f"{store.url('held/a.html')}: somebody holds a lease on it, so it may not be written now" in ran.err
    assert f"{store.url('held/b.html')}: an append blob cannot be written as a page" in ran.err
    assert store.data("held/a.html") == PAGE


def test_a_connection_string_says_where_the_account_is(
    run: Run, emulators: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = emulators["azure"]
    store.put("named/a.html", PAGE)
    monkeypatch.delenv("AZURE_STORAGE_KEY")
    told = f"AccountName={AZURE_ACCOUNT};AccountKey={AZURE_KEY};BlobEndpoint="
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"{told}{store.endpoint}/{AZURE_ACCOUNT};")
    assert run("status", store.url("named/")).err == "0 pages carry 0 pixels, 1 carries none\n"
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", f"{told}http://example.com")
    ran = run("status", store.url("named/"))
    assert (ran.code, ran.err) == (2, "error: http://example.com would get the credentials in the clear; use https\n")
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", "AccountName=shop;EndpointSuffix=core.chinacloudapi.cn")
    assert import_module("snippetkit.stores.azure_credentials").address_of("shop") == (
        "https://shop.blob.core.chinacloudapi.cn"
    )


def test_googles_credentials_need_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `gcloud auth application-default login` leaves names none."""
    login = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    file = tmp_path / "login.json"
    file.write_text(json.dumps(login))
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    assert Stores().adapter(locate("gs://shop/site"))


def test_googles_credentials_that_cannot_be_read_are_told_as_such(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path))
    ran = run("status", "gs://shop/site")
    assert (ran.code, ran.err) == (
        3,
        "error: gs://shop/: the credentials or the certificates cannot be read; "
        "check GOOGLE_APPLICATION_CREDENTIALS and REQUESTS_CA_BUNDLE\n",
    )


@pytest.mark.parametrize("room", ["gcs_errors", "azure_errors"])
def test_what_the_sdk_refuses_of_one_object_does_not_end_the_run(room: str) -> None:
    translated = import_module(f"snippetkit.stores.{room}").translated
    with pytest.raises(FileError, match=r"^gs://site/a: its name, or .* cannot be sent"), translated("gs://site/a"):
        raise ValueError
    refused = pytest.raises(SettingError, match=r"^gs://site/: the .* URL cannot be used")
    with refused, translated("gs://site/", whole_bucket=True):
        raise ValueError
