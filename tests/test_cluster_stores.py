"""Pages of an object store on a Dask cluster: its workers find their credentials by themselves."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from tests.clusters import started_cluster
from tests.conftest import CASES, Run
from tests.stores import ENVIRONMENT, KEY, SECRET, Stores

pytestmark = [pytest.mark.dask, pytest.mark.stores]
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"


def test_workers_use_their_own_credentials_and_no_task_has_any(
    run: Run, object_stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    store = object_stores("seaweedfs")
    for number in range(3):
        store.put(f"cluster/{number}.html", PAGE, CacheControl="max-age=60")
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
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
        assert len(sent) == 4
        assert all(word.encode() not in one for one in sent for word in (KEY, SECRET))
        assert all(len(one) < 10_000 for one in sent)
        known = [*cluster.workers]
        cluster.add(env={**ENVIRONMENT, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
        [new] = {*cluster.workers} - {*known}
        ran = run(*inject, "--dask", cluster.address)
    assert ran.code == 3
    assert ran.err.splitlines()[-1].startswith(f"error: worker {new}: s3://site/")
