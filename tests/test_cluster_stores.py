"""Pages of an object store on a Dask cluster: its workers find their credentials by themselves."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clusters import Started, started_cluster
from tests.conftest import CASES, Run
from tests.faulty_store import Faults, behind
from tests.stores import ENVIRONMENT, KEY, S3, SECRET, Stores

pytestmark = [pytest.mark.dask, pytest.mark.stores, pytest.mark.usefixtures("store_keys")]
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"


@pytest.fixture
def store(object_stores: Stores) -> S3:
    return object_stores("seaweedfs")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Started]:
    """A cluster with one worker, which has credentials of its own."""
    with started_cluster() as cluster:
        cluster.add(env=ENVIRONMENT)
        yield cluster


def test_known_pages_and_those_that_changed_are_listed_as_without_a_cluster(
    run: Run, store: S3, prefix: str, cluster: Started, tmp_path: Path
) -> None:
    lists = []
    for where in ([], ["--dask", cluster.address]):
        for number in range(4):
            store.put(f"{prefix}{number}.html", PAGE)
        known, changed = tmp_path / "known", tmp_path / "changed"
        options = ["--from-file", CODE, "--value", "1999", "--known", known, *where]
        for put in (None, "1.html"):
            if put:
                store.put(prefix + put, PAGE)
            ran = run("inject", store.url(prefix), *options, "--changed-to", changed, *store.options)
            lists.append((ran, changed.read_text(), known.read_text()))
        faults = Faults()
        with behind(store, faults) as faulty:
            ran = run("inject", store.url(prefix), *options, *faulty.options)
        assert (ran.err.splitlines()[-1], [line for line in faults.came if ".html" in line]) == ("4 unchanged", [])
        known.unlink()
    assert lists[:2] == lists[2:]
    assert [changed for _, changed, _ in lists[:2]] == ["/0.html\n/1.html\n/2.html\n/3.html\n", "/1.html\n"]


def test_each_bucket_is_tried_before_its_first_page(
    run: Run, store: S3, prefix: str, cluster: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    tried, real = [], distributed.Client.run

    def spy(self: Any, function: Any, *arguments: Any, **named: Any) -> Any:
        tried.extend(one.path for one in arguments if hasattr(one, "path"))
        return real(self, function, *arguments, **named)

    monkeypatch.setattr(distributed.Client, "run", spy)
    store.client.create_bucket(Bucket="second")
    places = [store.url(f"{prefix}{number}.html") for number in range(2)] + ["s3://second/a.html"]
    for place in places:
        bucket, _, key = place.removeprefix("s3://").partition("/")
        store.client.put_object(Bucket=bucket, Key=key, Body=PAGE)
    ran = run("inject", *places, "--from-file", CODE, *store.options, "--dask", cluster.address)
    assert ran.err.splitlines()[-1] == "3 inserted"
    assert tried == [places[0], places[2]]


def test_workers_use_their_own_credentials_and_no_task_has_any(
    run: Run, store: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    for number in range(3):
        store.put(f"cluster/{number}.html", PAGE, CacheControl="max-age=60")
    sent: list[bytes] = []
    for name in ("submit", "run"):
        real = getattr(distributed.Client, name)

        def spy(self: Any, *arguments: Any, _real: Any = real, **named: Any) -> Any:
            sent.append(pickle.dumps((arguments, named)))
            return _real(self, *arguments, **named)

        monkeypatch.setattr(distributed.Client, name, spy)
    inject = ["inject", store.url("cluster"), "--from-file", CODE, "--value", "1999", *store.options]
    with started_cluster() as cluster:
        cluster.add(env=ENVIRONMENT)
        assert run(*inject, "--dask", cluster.address).err.splitlines()[-1] == "3 inserted"
        assert run(*inject, "--dask", cluster.address).err.splitlines()[-1] == "3 unchanged"
        assert store.everything("cluster/0.html")["CacheControl"] == "max-age=60"
        assert len(sent) == 6
        assert all(word.encode() not in one for one in sent for word in (KEY, SECRET))
        assert all(len(one) < 10_000 for one in sent)
        known = [*cluster.workers]
        cluster.add(env={**ENVIRONMENT, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
        [new] = {*cluster.workers} - {*known}
        ran = run(*inject, "--dask", cluster.address)
    assert ran.code == 3
    assert ran.err.splitlines()[-1].startswith(f"error: worker {new}: s3://site/")
