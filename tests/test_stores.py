"""Pages in an object store: real ones, through the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CASES, Run
from tests.stores import KEEPING, S3, Stores

pytestmark = [pytest.mark.stores, pytest.mark.usefixtures("store_keys")]
CODE = CASES / "code" / "fp.html"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>Thanks</title>\n</head>\n<body>\n</body>\n</html>\n"


@pytest.fixture(params=KEEPING)
def store(request: pytest.FixtureRequest, object_stores: Stores) -> S3:
    """Each of the stores that keep to what S3 says."""
    return object_stores(request.param)


def _inject(run: Run, store: S3, path: str, *options: str, value: int = 1999) -> tuple[int, list[str]]:
    """The exit code, and what is said of the pages."""
    ran = run("inject", path, "--from-file", CODE, "--value", str(value), *store.options, *options)
    about_code = ("pixel ", "note: the endpoint ")
    return ran.code, [line for line in ran.err.splitlines() if not line.startswith(about_code)]


def test_check_diff_json_status_lint_and_inspect_read_a_store_and_write_nothing(
    run: Run, store: S3, prefix: str
) -> None:
    url = store.url(f"{prefix}thanks.html")
    store.put(f"{prefix}thanks.html", PAGE)
    assert _inject(run, store, store.url(prefix), "--check") == (
        1,
        [f"would be inserted: {url}", "1 would be inserted"],
    )
    diff = run("inject", store.url(prefix), "--from-file", CODE, "--diff", *store.options).out
    assert diff.startswith(f"--- a/{url}\n+++ b/{url}\n@@ ")
    assert store.data(f"{prefix}thanks.html") == PAGE
    assert _inject(run, store, url)[0] == 0
    [page] = json.loads(run("status", store.url(prefix), "--json", *store.options).out)["files"]
    assert (page["path"], page["pixels"][0]["value"]) == (url, "19.99")
    assert run("inspect", url, *store.options).out.splitlines()[1].startswith(f"{url}:6:1 ")
    sarif = json.loads(run("lint", store.url(prefix), "--format", "sarif", *store.options).out)
    assert sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == url
    before = store.everything(f"{prefix}thanks.html")
    document = json.loads(run("inject", url, "--from-file", CODE, "--json", *store.options).out)
    assert document["summary"] == {"unchanged": 1}
    assert store.everything(f"{prefix}thanks.html") == before


def test_a_store_that_ignores_if_match_is_found_before_anything_is_written(run: Run, object_stores: Stores) -> None:
    prefix = "ignored/"
    store = object_stores("rclone")
    store.put(f"{prefix}a.html", PAGE, CacheControl="max-age=60")
    before, where = store.everything(f"{prefix}a.html"), store.url(prefix)
    code, lines = _inject(run, store, where)
    assert (code, lines) == (
        2,
        [
            f"error: {store.url()}: this store writes over a page even if somebody else has just changed it; make sure"
            " that nobody does, and give --unsafe-overwrite"
        ],
    )
    assert (store.everything(f"{prefix}a.html"), store.keys(prefix)) == (before, [f"{prefix}a.html"])
    assert _inject(run, store, where, "--unsafe-overwrite")[0] == 0
    assert run("remove", where, "--unsafe-overwrite", *store.options).code == 0
    assert (store.everything(f"{prefix}a.html"), store.keys(prefix)) == (before, [f"{prefix}a.html"])


def test_rules_count_from_what_was_named_and_say_what_is_missing(
    run: Run, store: S3, prefix: str, tmp_path: Path
) -> None:
    for name in ("thanks.html", "shop/tea.html", "other.html"):
        store.put(f"{prefix}{name}", PAGE)
    rules = tmp_path / "rules.csv"
    rules.write_text(
        "page,pixel,value\n/thanks.html,6009125095680,1999\n/shop/*.html,6009125095680,500\n/none,6009125095680,1\n"
    )
    options = ["--pages", rules, "--from-file", CODE, *store.options]
    ran = run("inject", store.url(prefix.rstrip("/")), *options)
    assert ran.code == 6
    assert f"failed: {rules}, line 4: there is no page /none" in ran.err.splitlines()
    assert ran.err.splitlines()[-1] == "1 unchanged, 2 inserted, 1 failed"
    assert b"'5.00'" in store.data(f"{prefix}shop/tea.html")
    rules.write_text("page,pixel,value\n/thanks.html,6009125095680,1999\n")
    assert run("inject", store.url(prefix), "--prune", *options).code == 0
    assert [store.data(f"{prefix}{name}") == PAGE for name in ("thanks.html", "shop/tea.html")] == [False, True]


def test_what_is_taken_below_a_prefix_is_what_a_folder_would_give(run: Run, store: S3, prefix: str) -> None:
    names = ["a.html", "a.html.br", "a.html.gz", "b.HTM", "c.txt", "d/e.html", "d/f.html", ".h/i.html"]
    for name in (*names, "node_modules/j.html", f".snippetkit-{'0' * 12}.tmp"):
        store.put(prefix + name, PAGE)
    store.put(f"{prefix.rstrip('/')}-other/k.html", PAGE)

    def taken(*options: str) -> list[str]:
        ran = run("inject", *options, "--check", "--json", "--from-file", CODE, *store.options)
        return [page["path"].removeprefix(store.url(prefix)) for page in json.loads(ran.out)["files"]]

    where = store.url(prefix)
    assert sorted(taken(where.rstrip("/"))) == ["a.html", "b.HTM", "d/e.html", "d/f.html"]
    assert sorted(taken(where, "--exclude", "d/")) == ["a.html", "b.HTM"]
    assert sorted(taken(where, "--include", "d/**,*.txt", "--exclude", "f.*")) == ["c.txt", "d/e.html"]
    assert taken(f"{where}d/f.html", where, f"{where}d/", f"{where}d/f.html", "--exclude", "b.*,f.html") == [
        "d/f.html",
        *taken(where, "--exclude", "b.*,f.html"),
    ]
    notes = [f"note: {where}a.html: {where}a.html{end} holds the old page; compress it again" for end in (".gz", ".br")]
    assert sorted(notes) == sorted(line for line in _inject(run, store, where)[1] if line.startswith("note:"))
    assert sorted(store.keys(prefix)) == sorted(prefix + name for name in (*names, "node_modules/j.html"))


def test_the_urls_of_changed_pages_are_listed_for_a_cdn(run: Run, store: S3, prefix: str, tmp_path: Path) -> None:
    for name in ("index.html", "d/index.htm", "s p.html", "same.html"):
        store.put(prefix + name, PAGE)
    assert _inject(run, store, store.url(f"{prefix}same.html"))[0] == 0
    changed = tmp_path / "changed.txt"
    assert _inject(run, store, store.url(prefix), "--changed-to", str(changed))[0] == 0
    assert sorted(changed.read_text().splitlines()) == ["/", "/d/", "/d/index.htm", "/index.html", "/s%20p.html"]
    assert _inject(run, store, store.url(prefix), "--changed-to", str(changed))[0] == 0
    assert changed.read_bytes() == b""
    assert run("remove", store.url(f"{prefix}s p.html"), "--changed-to", changed, *store.options).code == 0
    assert changed.read_text() == f"/{prefix}s%20p.html\n"


def test_in_a_bucket_with_versions_a_change_is_one_and_no_change_is_none(run: Run, object_stores: Stores) -> None:
    store = replace(object_stores("moto"), bucket="versioned")
    store.client.create_bucket(Bucket=store.bucket)
    store.client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"})
    store.put("a.html", PAGE)
    for value in (1999, 1999, 500):
        assert _inject(run, store, store.url(), value=value)[0] == 0
    answer = store.client.list_object_versions(Bucket=store.bucket)
    assert [version["Key"] for version in answer["Versions"]] == ["a.html"] * 3
    assert "DeleteMarkers" not in answer


def test_a_pages_header_that_is_no_date_comes_back(run: Run, object_stores: Stores) -> None:
    store = object_stores("moto")

    def send(params: dict[str, Any], **_: object) -> None:
        params["headers"]["Expires"] = "0"

    store.client.meta.events.register("before-call.s3.PutObject", send)
    store.put("expires/a.html", PAGE)
    store.client.meta.events.unregister("before-call.s3.PutObject", send)
    assert _inject(run, store, store.url("expires"))[0] == 0
    assert store.everything("expires/a.html")["ExpiresString"] == "0"
