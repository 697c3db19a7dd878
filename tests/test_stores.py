"""Pages in an object store: real ones, through the command line."""

from __future__ import annotations

import json
from zlib import crc32

import pytest

from tests.conftest import CASES, Run
from tests.stores import ENVIRONMENT, S3, Stores

pytestmark = pytest.mark.stores
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"
# What SeaweedFS and moto both have.
KEPT = {
    "ContentType": "text/html; charset=iso-8859-1",
    "CacheControl": "max-age=60, s-maxage=5",
    "ContentDisposition": 'inline; filename="a b.html"',
    "ContentLanguage": "de, en",
    "Metadata": {"build": "42", "owner": "Ann"},
    "StorageClass": "STANDARD_IA",
    "Tagging": "team=web+shop&cost=a%2Fb",
    "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
}
OF_AWS_ALONE = {"WebsiteRedirectLocation": "/elsewhere.html", "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "a-key"}


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=["seaweedfs", "moto"])
def store(request: pytest.FixtureRequest, object_stores: Stores) -> S3:
    """Each of the stores that keep to what S3 says."""
    return object_stores(request.param)


@pytest.fixture
def site(store: S3, request: pytest.FixtureRequest) -> str:
    """A prefix that no other test has."""
    return f"{crc32(request.node.name.encode()):08x}/"


def _inject(run: Run, store: S3, path: str, *options: str, value: int = 1999) -> tuple[int, list[str]]:
    """The exit code, and what is said of the pages."""
    ran = run("inject", path, "--from-file", CODE, "--value", str(value), *store.options, *options)
    about_code = ("pixel ", "note: the endpoint ")
    return ran.code, [line for line in ran.err.splitlines() if not line.startswith(about_code)]


def test_a_page_gets_the_code_and_loses_it_again_and_all_that_it_had_is_as_it_was(
    run: Run, store: S3, site: str
) -> None:
    store.put(f"{site}thanks.html", PAGE, **KEPT, **(OF_AWS_ALONE if store.name == "moto" else {}))
    before = store.everything(f"{site}thanks.html")
    url = store.url(f"{site}thanks.html")
    assert _inject(run, store, store.url(site)) == (0, [f"inserted: {url}", "1 inserted"])
    during = store.everything(f"{site}thanks.html")
    assert during["Body"] != PAGE
    changed = {name for name in before if during.get(name) != before[name]}
    assert changed <= {"Body", "ETag", "ContentLength", "ChecksumCRC32"}
    removed = run("remove", store.url(site), *store.options)
    assert (removed.code, removed.err) == (0, f"removed: {url}\n1 removed\n")
    assert store.everything(f"{site}thanks.html") == before
    assert store.keys(site) == [f"{site}thanks.html"]


def test_check_diff_json_status_lint_and_inspect_read_a_store_and_write_nothing(run: Run, store: S3, site: str) -> None:
    url = store.url(f"{site}thanks.html")
    store.put(f"{site}thanks.html", PAGE)
    assert _inject(run, store, store.url(site), "--check") == (1, [f"would be inserted: {url}", "1 would be inserted"])
    diff = run("inject", store.url(site), "--from-file", CODE, "--diff", *store.options).out
    assert diff.startswith(f"--- a/{url}\n+++ b/{url}\n@@ ")
    assert store.data(f"{site}thanks.html") == PAGE
    assert _inject(run, store, url)[0] == 0
    [page] = json.loads(run("status", store.url(site), "--json", *store.options).out)["files"]
    assert (page["path"], page["pixels"][0]["value"]) == (url, "19.99")
    assert run("inspect", url, *store.options).out.splitlines()[1].startswith(f"{url}:6:1 ")
    sarif = json.loads(run("lint", store.url(site), "--format", "sarif", *store.options).out)
    assert sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == url
    before = store.everything(f"{site}thanks.html")
    document = json.loads(run("inject", url, "--from-file", CODE, "--json", *store.options).out)
    assert document["summary"] == {"unchanged": 1}
    assert store.everything(f"{site}thanks.html") == before


def test_a_store_that_ignores_if_match_is_found_before_anything_is_written(run: Run, object_stores: Stores) -> None:
    site = "ignored/"
    store = object_stores("rclone")
    store.put(f"{site}a.html", PAGE, CacheControl="max-age=60")
    before, where = store.everything(f"{site}a.html"), store.url(site)
    code, lines = _inject(run, store, where)
    assert (code, lines) == (
        2,
        [
            f"error: {store.url()}: this store writes over a page even if somebody else has just changed it; make sure"
            " that nobody does, and give --unsafe-overwrite"
        ],
    )
    assert (store.everything(f"{site}a.html"), store.keys(site)) == (before, [f"{site}a.html"])
    assert _inject(run, store, where, "--unsafe-overwrite")[0] == 0
    assert run("remove", where, "--unsafe-overwrite", *store.options).code == 0
    assert (store.everything(f"{site}a.html"), store.keys(site)) == (before, [f"{site}a.html"])
