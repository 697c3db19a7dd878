"""Google's and Azure's stores: what holds in S3 holds there, tried with the vendors' SDKs and real emulators."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from gzip import compress
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from snippetkit import files
from snippetkit import run as running
from snippetkit.errors import FileError, NetworkError, SettingError
from snippetkit.model import Edit, PageBytes
from snippetkit.run import RunOptions
from snippetkit.stores import Settings, Stores
from snippetkit.stores.locations import locate
from tests.conftest import CASES, Run
from tests.faulty_store import Faults, behind
from tests.processes import started
from tests.vendor_stores import AZURE_ACCOUNT, AZURE_KEY, ENVIRONMENT, SERVERS

pytestmark = [pytest.mark.emulators, pytest.mark.usefixtures("store_keys")]
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
ODD_KEYS = (
    "a b.html", "a%20b.html", "a?b=c.html", "a#b.html", "a+b.html", "a&b;c=d.html", "a'\"<>.html",
    "\u00fcn\u00efc\u00f6d\u00e9/\u65e5\u672c\u8a9e.html", "\U0001f600.html", "*.html", "[a].html", "$a,b@c:d.html",
    "A.HTML", "deep/" * 40 + "a.html", "c.html/d.html", "a//b.html", "/a.html", "a\tb.html", " .html", "e\u0301.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def emulators() -> Any:
    with ExitStack() as stack:
        running = {name: stack.enter_context(server()) for name, server in SERVERS.items()}
        yield running


@pytest.fixture(params=SERVERS)
def store(request: pytest.FixtureRequest, emulators: Any) -> Any:
    return emulators[request.param]


class Inserts:
    """A planner that puts a text before `</head>`, at once or when another has read its page too."""

    def __init__(self, text: bytes = b"<!-- new -->", barrier: Barrier | None = None) -> None:
        self.text, self.barrier = text, barrier

    def plan(self, path: str, page: PageBytes) -> list[Edit]:
        if self.barrier:
            self.barrier.wait()
        at = page.find(b"</head>")
        return [] if b"<!-- " in page.whole() else [Edit(at, at, self.text)]


def _run(store: Any, prefix: str, planner: Inserts | None = None, timeout_s: float = 5) -> list[str]:
    door = Stores(Settings(store.endpoint, timeout_s=timeout_s, pause_s=0.001))
    outcomes = running.carry_out([store.url(prefix)], planner or Inserts(), files.PAGES, RunOptions(door=door))
    return [f"{outcome.verb} {outcome.reason}".strip() for outcome in outcomes]


def test_in_and_out_again_a_page_is_as_it_was_with_all_that_it_has(run: Run, store: Any, prefix: str) -> None:
    key, url = f"{prefix}thanks.html", store.url(f"{prefix}thanks.html")
    store.put(key, PAGE, **store.rich)
    before = store.everything(key)
    done = run("inject", store.url(prefix), "--from-file", CODE, "--value", "1999", *store.options)
    assert (done.code, done.err.splitlines()[-2:]) == (0, [f"inserted: {url}", "1 inserted"])
    during = store.everything(key)
    assert {name for name in before if during[name] != before[name]} <= {"data", "md5_hash", "content_md5"}
    assert during["data"] != PAGE
    removed = run("remove", store.url(prefix), *store.options)
    assert (removed.code, removed.err) == (0, f"removed: {url}\n1 removed\n")
    assert store.everything(key) == before
    assert store.keys(prefix) == [key]


def test_a_run_that_changes_nothing_writes_nothing(run: Run, store: Any, prefix: str) -> None:
    key = f"{prefix}a.html"
    store.put(key, PAGE)
    assert run("inject", store.url(prefix), "--from-file", CODE, "--check", *store.options).code == 1
    assert store.data(key) == PAGE
    assert run("inject", store.url(prefix), "--from-file", CODE, *store.options).code == 0
    tag = store.tag(key)
    assert run("inject", store.url(prefix), "--from-file", CODE, *store.options).code == 0
    assert run("inject", store.url(prefix), "--from-file", CODE, "--check", *store.options).code == 0
    assert store.tag(key) == tag


def test_known_pages_are_not_asked_for_again(run: Run, store: Any, prefix: str, tmp_path: Path) -> None:
    keys = [f"{prefix}{name}.html" for name in "abc"]
    for key in keys:
        store.put(key, PAGE)
    known = ("--known", tmp_path / "known")
    assert run("inject", store.url(prefix), "--from-file", CODE, *known, *store.options).code == 0
    store.put(keys[1], PAGE)
    faults = Faults()
    with behind(store, faults) as faulty:
        ran = run("inject", store.url(prefix), "--from-file", CODE, *known, *faulty.options)
    assert ran.err.splitlines()[-1] == "2 unchanged, 1 inserted"
    asked = [line for line in faults.came if "a.html" in line or "c.html" in line]
    assert asked == []
    assert any("b.html" in line for line in faults.came)
    with behind(store, Faults(".html", [(403, "AccessDenied")] * 9)) as faulty:
        again = run("inject", store.url(prefix), "--from-file", CODE, *known, *faulty.options)
    assert (again.code, again.err.splitlines()[-1]) == (0, "3 unchanged")


def test_two_runs_with_different_values_at_once_leave_one_in_each_page(store: Any, prefix: str) -> None:
    keys = [f"{prefix}{number}.html" for number in range(4)]
    for key in keys:
        store.put(key, PAGE)
    barrier = Barrier(2)
    planners = [Inserts(b"<!-- value %d -->" % number, barrier) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda planner: _run(store, prefix, planner), planners)
    late = "failed changed during the run; run again"
    assert [sorted(pair) for pair in zip(one, other, strict=True)] == [sorted([late, "inserted"])] * 4
    assert [store.data(key).count(b"<!-- value") for key in keys] == [1] * 4


@pytest.mark.parametrize("fault", ["late", "lost"])
def test_a_run_that_was_killed_leaves_whole_pages_and_the_next_one_converges(
    run: Run, store: Any, prefix: str, fault: str
) -> None:
    keys = [f"{prefix}{name}.html" for name in "abc"]
    for key in keys:
        store.put(key, PAGE, cache_control="max-age=60")
    faults = Faults(store.writes_of(keys[1]), [None, None, None, fault] if store.name == "gcs" else [fault])
    with behind(store, faults) as faulty:
        options = [store.url(prefix), "--from-file", str(CODE), "--endpoint-url", faulty.endpoint, "--jobs", "1"]
        with started([sys.executable, "-m", "snippetkit", "inject", *options], os.environ | ENVIRONMENT) as process:
            assert faults.met.wait(60)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    new = {store.data(key) for key in keys} - {PAGE}
    assert len(new) <= 1
    assert run("inject", store.url(prefix), "--from-file", CODE, *store.options).code == 0
    pages = {store.data(key) for key in keys}
    assert len(pages) == 1
    assert pages >= new
    assert {store.everything(key)["cache_control"] for key in keys} == {"max-age=60"}


def test_odd_keys_are_read_and_written_as_they_are(run: Run, store: Any, prefix: str) -> None:
    keys = sorted((f"{prefix}{key}" for key in ODD_KEYS), key=str.encode)
    for key in keys:
        store.put(key, PAGE)
    done = run("inject", store.url(prefix), "--from-file", CODE, *store.options)
    assert done.err.splitlines()[-1] == f"{len(keys)} inserted"
    assert sorted(store.keys(prefix), key=str.encode) == keys
    assert run("remove", store.url(prefix), *store.options).err.splitlines()[-1] == f"{len(keys)} removed"
    assert {store.data(key) for key in keys} == {PAGE}


@pytest.mark.parametrize("answer", [(429, "TooManyRequests"), (503, "ServerBusy"), "lost", "cut", "late"])
@pytest.mark.parametrize("of", ["read", "write"])
@pytest.mark.wide
def test_another_attempt_succeeds_where_the_store_was_busy_or_the_answer_did_not_come(
    store: Any, prefix: str, of: str, answer: str | tuple[int, str]
) -> None:
    key = f"{prefix}a.html"
    store.put(key, PAGE, cache_control="max-age=60")
    faults = Faults(store.writes_of(key) if of == "write" else store.reads, [answer])
    with behind(store, faults) as faulty:
        assert _run(faulty, prefix, timeout_s=0.5) == ["inserted"]
    assert not faults.answers
    assert store.data(key).count(b"<!-- new -->") == 1
    assert store.everything(key)["cache_control"] == "max-age=60"
    assert store.keys(prefix) == [key]


def test_a_page_that_is_stored_compressed_is_left_as_it_is(run: Run, store: Any, prefix: str) -> None:
    data = compress(PAGE, mtime=0)
    store.put(f"{prefix}a.html", data, content_encoding="gzip")
    ran = run("inject", store.url(prefix), "--from-file", CODE, *store.options)
    assert ran.code == 6
    assert "stored compressed (Content-Encoding: gzip), so it is left as it is" in ran.err
    assert store.data(f"{prefix}a.html") == data


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
    assert f"{store.url('held/a.html')}: somebody holds a lease on it, so it cannot be written now" in ran.err
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
    told = r": \S+ does not take the name, a header"
    with pytest.raises(FileError, match=f"^gs://site/a{told}"), translated("gs://site/a"):
        raise ValueError
    with pytest.raises(SettingError, match=f"^gs://site/{told}"), translated("gs://site/", whole_bucket=True):
        raise ValueError
    with pytest.raises(KeyError), translated("gs://site/a"):
        raise KeyError  # a fault of ours stays one


def test_a_blob_whose_name_the_sdk_would_take_for_another_ones_is_refused(run: Run, emulators: Any) -> None:
    store = emulators["azure"]
    store.put("y.html", PAGE)
    ran = run("inject", store.url("x/../y.html"), "--from-file", CODE, *store.options)
    assert (ran.code, store.data("y.html")) == (6, PAGE)
    assert "azure-storage-blob cannot ask for a name with . or .. in it" in ran.err


def test_a_page_that_is_larger_than_any_is_not_read(store: Any, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(f"{prefix}a.html", PAGE)
    monkeypatch.setattr(f"snippetkit.stores.{store.name}.MAX_BYTES", len(PAGE) - 1)
    assert _run(store, prefix) == ["failed larger than 0 MiB, the largest that is read"]
    assert store.data(f"{prefix}a.html") == PAGE


def test_a_page_with_an_access_list_of_its_own_is_left_as_it_is(emulators: Any, prefix: str) -> None:
    """Google's SDK sends no list with the bytes."""
    store = emulators["gcs"]
    for name in "ab":
        store.put(f"{prefix}{name}.html", PAGE)
    acl = store.container.blob(f"{prefix}a.html").acl
    acl.user("ann@example.com").grant_read()
    acl.save()
    with behind(store, Faults("b.html/acl", [(403, "forbidden")] * 9)) as faulty:
        own = (
            "failed has an access list of its own, which a write would lose; switch the bucket to uniform access, or "
            "write this page where the site is made"
        )
        unread = "failed its access list cannot be read; a write could lose it; permit storage.objects.getIamPolicy"
        assert _run(faulty, prefix) == [own, unread]
    assert _run(store, prefix) == [own, "inserted"]


def test_a_file_of_a_data_lake_is_left_as_it_is_though_the_account_may_not_be_asked(
    emulators: Any, prefix: str
) -> None:
    store = emulators["azure"]
    store.put(f"{prefix}a.html", PAGE)
    told = "failed has a hierarchical namespace (Data Lake), where a write could lose owners and access lists"
    with behind(store, Faults("restype=account", [(403, "AuthorizationFailure")], adds={"x-ms-owner": "ann"})) as lake:
        assert _run(lake, prefix) == [told]
    assert store.data(f"{prefix}a.html") == PAGE


@pytest.mark.parametrize(
    ("times", "answer", "verb"),
    [
        (1, (409, "conflict"), "inserted"),
        (5, (409, "conflict"), "failed somebody else keeps writing it; run again"),
        (1, (412, "conditionNotMet"), "failed changed during the run; run again"),
        (1, (400, "badRequest"), "failed the store refused the request (HTTP 400)"),
    ],
)
def test_a_write_that_is_refused_is_tried_again_or_told(
    store: Any, prefix: str, times: int, answer: tuple[int, str], verb: str
) -> None:
    key = f"{prefix}a.html"
    store.put(key, PAGE)
    scratch = [None, None] if store.name == "gcs" else []
    with behind(store, Faults(store.writes_of(key), [*scratch, *[answer] * times])) as faulty:
        assert _run(faulty, prefix) == [verb]
    assert (store.data(key) == PAGE) == (verb != "inserted")


def test_a_page_that_somebody_has_deleted_meanwhile_does_not_come_back(store: Any, prefix: str) -> None:
    key = f"{prefix}a.html"
    store.put(key, PAGE)

    def delete(line: str) -> None:
        if re.search(r"ifGenerationMatch=\d\d|^PUT .*a\.html", line) and store.keys(prefix):
            store.container.delete_blob(key)

    with behind(store, Faults(before=delete)) as faulty:
        assert _run(faulty, prefix) == ["failed changed during the run; run again"]
    assert store.keys(prefix) == []


@pytest.mark.parametrize("answer", [(503, "ServerBusy"), (429, "TooManyRequests"), "late", "cut"])
def test_a_store_that_does_not_answer_ends_the_run_as_the_network_does(
    store: Any, prefix: str, answer: str | tuple[int, str]
) -> None:
    store.put(f"{prefix}a.html", PAGE)
    faults = Faults(store.reads, [answer] * 5)
    with behind(store, faults) as faulty, pytest.raises(NetworkError, match=r"\(5 attempts\)$"):
        _run(faulty, prefix, timeout_s=0.3)
    assert store.data(f"{prefix}a.html") == PAGE


def test_a_wrong_secret_is_told_in_a_line_that_has_none(run: Run, store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """fake-gcs-server asks for none, so its answer is made; Azurite tells a wrong key as Azure tells missing rights."""
    monkeypatch.setenv("AZURE_STORAGE_KEY", "bm90IHRoZSBrZXk=")
    refusal: list[Any] = [(401, "authError")] if store.name == "gcs" else []
    with behind(store, Faults(store.reads, refusal)) as faulty:
        ran = run("status", store.url(), *faulty.options)
    assert (ran.code, len(ran.err.splitlines())) == (3, 1)
    told = {"gcs": "there are no credentials, or they cannot be used", "azure": "not permitted; the key has to be the"}
    assert told[store.name] in ran.err
    assert "bm90IHRoZSBrZXk=" not in ran.err
