"""Real object stores, each started once on loopback, and what a test asks of one behind snippetkit's back."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.processes import started

HINT = "no stores here (pip install -e '.[stores-test]')"
KEY, SECRET = "AKIDSNIPPETKITTESTS0", "a-secret-of-the-tests-that-nobody-may-see"
LIMITED = {"reader": ("AKIDREADER", "Read List"), "lister": ("AKIDLISTER", "List")}
"""Users of SeaweedFS with the same secret, and what they may do."""
KEEPING = ("seaweedfs", "moto")
"""The stores that refuse a stale write, with which every law is tried."""
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
}
_BIN = Path(sys.executable).parent
_READY_S = 60
_BUCKET = "site"
# What both have.
_RICH = {
    "ContentType": "text/html; charset=iso-8859-1",
    "CacheControl": "max-age=60, s-maxage=5",
    "ContentDisposition": 'inline; filename="a b.html"',
    "ContentLanguage": "de, en",
    "Metadata": {"build": "42", "owner": "Ann"},
    "StorageClass": "STANDARD_IA",
    "Tagging": "team=web+shop&cost=a%2Fb",
    "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
}
_OF_MOTO = {
    "WebsiteRedirectLocation": "/elsewhere.html",
    "ServerSideEncryption": "aws:kms",
    "SSEKMSKeyId": "a-key",
    "GrantRead": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"',
    "GrantFullControl": 'id="75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"',
}


def are_there() -> bool:
    """Whether all packages are installed that these stores and their SDKs come in."""
    return bool(find_spec("boto3") and find_spec("moto")) and all(map(_program, ("weed", "rclone", "moto_server")))


def _program(name: str) -> str | None:
    own = _BIN / name
    return str(own) if own.exists() else shutil.which(name)


@dataclass(frozen=True)
class S3:
    """A store that speaks S3, with one bucket in it."""

    name: str
    endpoint: str
    bucket: str = _BUCKET
    scheme: str = field(default="s3", init=False)

    @property
    def client(self) -> Any:
        """boto3's own."""
        return _client(self.endpoint)

    def url(self, key: str = "") -> str:
        """The URL of what is in the bucket."""
        return f"s3://{self.bucket}/{key}"

    @property
    def options(self) -> list[str]:
        """What the command line says of where the store is."""
        return ["--endpoint-url", self.endpoint]

    @property
    def environment(self) -> dict[str, str]:
        """What a person would have set, who works with this store alone."""
        return ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": self.endpoint}

    @property
    def rich(self) -> dict[str, Any]:
        """All that a page in this store can have beside its bytes, as `put` takes it."""
        return _RICH | (_OF_MOTO if self.name == "moto" else {})

    def put(self, key: str, data: bytes, **kept: Any) -> None:
        """Write an object, with what it is to have beside its bytes."""
        self.client.put_object(Bucket=self.bucket, Key=key, Body=data, **kept)

    def data(self, key: str) -> bytes:
        """An object's bytes."""
        data: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return data

    def everything(self, key: str) -> dict[str, Any]:
        """What an object is: its bytes, its ETag, and all that it has, but for when it was written, and its version."""
        where = {"Bucket": self.bucket, "Key": key}
        answer = self.client.get_object(**where)
        told = {name: value for name, value in answer.items() if name not in _OF_ONE_ANSWER}
        told["Body"] = answer["Body"].read()
        for ask, name in ((self.client.get_object_tagging, "TagSet"), (self.client.get_object_acl, "Grants")):
            with suppress(Exception):  # some stores have none
                told[name] = ask(**where)[name]
        return told

    def keys(self, prefix: str = "") -> list[str]:
        """The keys that begin with a text."""
        answer = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return sorted((one["Key"] for one in answer.get("Contents", ())), key=str.encode)


_OF_ONE_ANSWER = {"ResponseMetadata", "LastModified", "VersionId", "Body"}


@cache
def _client(endpoint: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    return boto3.Session().client("s3", endpoint_url=endpoint, config=config, **keys)


class Stores:
    """The stores that tests have asked for."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._started: dict[str, S3] = {}

    def __call__(self, name: str) -> S3:
        """Return a store of a name, started when it is first asked for."""
        if name not in self._started:
            self._started[name] = self._stack.enter_context(_SERVERS[name]())
        return self._started[name]


def _identity(name: str, key: str, actions: str) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": key, "secretKey": SECRET}], "actions": actions.split()}


@contextmanager
def _seaweedfs() -> Iterator[S3]:
    with _folder() as folder:
        identities = [_identity("tests", KEY, "Admin Read Write List Tagging")]
        identities += [_identity(name, key, actions) for name, (key, actions) in LIMITED.items()]
        (folder / "s3.json").write_text(json.dumps({"identities": identities}))
        (folder / "data").mkdir()
        s3, master, volume, filer = free_ports(4)
        ports = [f"-s3.port={s3}", f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}"]
        ports += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
        addresses = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}"]
        room = ["-volume.max=100", "-master.volumeSizeLimitMB=64"]  # with too few volumes, every write fails
        command = [_need("weed"), "server", *addresses, "-s3", *ports, f"-s3.config={folder / 's3.json'}", *room]
        with _serving("seaweedfs", command, s3) as store:
            yield store


@contextmanager
def _moto() -> Iterator[S3]:
    [port] = free_ports(1)
    with _serving("moto", [_need("moto_server"), "-H", "127.0.0.1", "-p", str(port)], port) as store:
        yield store


@contextmanager
def _rclone() -> Iterator[S3]:
    """The store that ignores If-Match."""
    with _folder() as folder:
        [port] = free_ports(1)
        command = [_need("rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}"]
        with _serving("rclone", [*command, str(folder)], port) as store:
            yield store


_SERVERS = {"seaweedfs": _seaweedfs, "moto": _moto, "rclone": _rclone}


@contextmanager
def _folder() -> Iterator[Path]:
    memory = "/dev/shm"
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _serving(name: str, command: list[str], port: int) -> Iterator[S3]:
    """Start a store, wait until it takes a bucket, and end it in the end; what it says goes nowhere."""
    quiet = ["sh", "-c", 'exec "$@" > /dev/null 2>&1', "sh", *command]
    with started(quiet, env=os.environ | {"HOME": "/nonexistent"}) as process:
        store = S3(name, f"http://127.0.0.1:{port}")
        until = time.monotonic() + _READY_S
        while True:
            try:
                store.client.create_bucket(Bucket=_BUCKET)
                store.put("ready", b"")
                store.client.delete_object(Bucket=_BUCKET, Key="ready")
                break
            except Exception:
                assert process.poll() is None, f"{name} has ended"
                assert time.monotonic() < until, f"{name} does not answer"
                time.sleep(0.1)
        yield store


def _need(program: str) -> str:
    found = _program(program)
    assert found, program
    return found


def free_ports(count: int) -> list[int]:
    """Free ports; SeaweedFS takes those 10,000 above for itself."""
    free: list[int] = []
    with ExitStack() as stack:
        while len(free) < count:
            low = stack.enter_context(socket.socket())
            low.bind(("127.0.0.1", 0))
            port = low.getsockname()[1] - 10_000
            with suppress(OSError):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
                free.append(port)
    return free
