"""What does not go with an object store is refused before any store is asked; these tests need none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import CASES, Run

CODE = str(CASES / "code" / "fp.html")
SDKS = [
    ("s3://bucket/", "s3", "Amazon S3 needs boto3; pip install boto3 (the extra [s3])"),
    (
        "gs://bucket/",
        "gcs",
        "Google Cloud Storage needs google-cloud-storage; pip install google-cloud-storage (the extra [gcs])",
    ),
    (
        "az://account/container/",
        "azure",
        "Azure Blob Storage needs azure-storage-blob; pip install azure-storage-blob (the extra [azure])",
    ),
]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["remove", "s3://b", "site"], "s3://b is in an object store, site is not: give them to two runs."),
        (["status", "-", "s3://b"], "s3://b is in an object store, - is not: give them to two runs."),
        (
            ["remove", "gcs://b/site"],
            "gcs://b/site is neither a file nor in a supported object store; stores are s3://bucket/prefix, "
            "gs://bucket/prefix, az://account/container/prefix.",
        ),
        (
            ["lint", "S3:/b/site"],
            "S3:/b/site is neither a file nor in a supported object store; stores are s3://bucket/prefix, ",
        ),
        (
            ["status", "https://ann:word@shop.example/"],
            "https://ann:***@shop.example/ is no file: save the page as one; 'snippetkit verify' and 'report' take its",
        ),
        (
            ["remove", "s3://b", "--fsync"],
            "--fsync cannot be used with an object store, which keeps what it has accepted.",
        ),
        (
            ["lint", "s3://b", "--follow-links"],
            "--follow-links cannot be used with an object store, which has no links.",
        ),
        (
            ["inject", "s3://b", "--from-file", CODE, "--verify"],
            "--verify cannot be used with an object store: give 'snippetkit verify' the site's URL afterwards.",
        ),
        (["verify", "s3://b"], "s3://b is in an object store, which a browser cannot open: give the site's URL."),
        (["report", "s3://b"], "s3://b is in an object store, which a browser cannot open: give the site's URL."),
        (
            ["remove", "site", "--endpoint-url", "http://x"],
            "--endpoint-url is for an object store, such as s3://bucket",
        ),
        (["remove", "site", "--unsafe-overwrite"], "--unsafe-overwrite is for an object store, such as s3://bucket"),
        (["remove", "s3://b", "--backup", "s3://c"], "--backup takes a folder on this machine."),
        (
            ["remove", "s3://b", "--check", "--changed-to", "x"],
            "--changed-to cannot be used with --check or --diff, whi",
        ),
        (["remove", "-", "--changed-to", "x"], "--changed-to cannot be used with '-', only with files."),
        (["status", "s3://b", "--endpoint-url", "http://a:secret@x"], "--endpoint-url takes no user and no password:"),
        (
            ["status", "gs://b", "--endpoint-url", "x.example"],
            "--endpoint-url is a URL, such as http://127.0.0.1:9000.",
        ),
    ],
)
def test_what_does_not_go_with_a_store_is_refused_with_the_reason(run: Run, args: list[str], message: str) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert f"Error: {message}" in ran.err
    assert "secret" not in ran.err


_NO_ACCOUNT = "names no storage account; its name has 3 to 24 lower-case letters and digits"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("s3://", "s3:// names no bucket; write s3://bucket/prefix"),
        ("s3://key:word@site/a.html", "s3://key:***@site/a.html names no bucket; write s3://bucket/prefix"),
        ("gs://key:word@site", "gs://key:***@site names no bucket; write gs://bucket/prefix"),
        # the name becomes a part of the host that gets the credentials
        ("az://evil.example#/site/", f"az://evil.example#/site/ {_NO_ACCOUNT}"),
        ("az://evil.example?/site/", f"az://evil.example?/site/ {_NO_ACCOUNT}"),
        ("az://a@evil.example:80#/site/", f"az://a@evil.example:80#/site/ {_NO_ACCOUNT}"),
        ("az://Shop/site/", f"az://Shop/site/ {_NO_ACCOUNT}"),
    ],
)
def test_a_url_without_a_bucket_or_an_account_is_refused(run: Run, path: str, message: str) -> None:
    ran = run("status", path)
    assert (ran.code, ran.err) == (2, f"error: {message}\n")


@pytest.mark.parametrize(("root", "module", "message"), SDKS)
def test_without_its_sdk_a_store_says_which(
    run: Run, monkeypatch: pytest.MonkeyPatch, root: str, module: str, message: str
) -> None:
    for package in ("boto3", "google.cloud", "google.cloud.storage", "azure", "azure.core", "azure.storage.blob"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"snippetkit.stores.{module}", raising=False)
    ran = run("status", f"{root}site")
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {root}: {message}\n")


def test_a_file_that_is_named_as_a_url_is_one(run: Run) -> None:
    Path("gcs:/b").mkdir(parents=True)
    Path("gcs:/b/a.html").write_text("<!doctype html>\n")
    assert run("status", "gcs://b").err == "0 pages carry 0 pixels, 1 carries none\n"


def test_the_urls_of_changed_pages_are_listed_for_a_folder_too(run: Run) -> None:
    Path("site").mkdir()
    Path("site/index.html").write_text("<!doctype html>\n<head>\n</head>\n<body>\n</body>\n")
    assert run("inject", "site", "--from-file", CODE, "--changed-to", "changed.txt").code == 0
    assert Path("changed.txt").read_text() == "/index.html\n/\n"
