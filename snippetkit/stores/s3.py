"""Amazon S3, and stores that speak as it does, over boto3."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from snippetkit.files import MAX_BYTES, check_size
from snippetkit.stores.adapter import SCRATCH, Listed, Settings, Stored, is_refused
from snippetkit.stores.locations import Location
from snippetkit.stores.s3_access import Access
from snippetkit.stores.s3_errors import translated
from snippetkit.stores.s3_keeping import check_keepable, keep_expires, kept_of

_NOBODY = '"00000000000000000000000000000000"'


def open_bucket(location: Location, settings: Settings) -> S3Bucket:
    """Return a bucket of the account whose credentials boto3 finds.

    Raises:
        SettingError: the endpoint is no URL.
        AccessError: the profile or the credentials cannot be read.
    """
    core = botocore.session.Session()
    # A listing has a time for each object: reading them all would take most of its time, and nobody asks.
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=str)
    # Compatible stores may not know the newer checksums; AWS wants them where objects are locked.
    compatible = {"request_checksum_calculation": "when_required"} if settings.endpoint_url else {}
    config = Config(
        connect_timeout=settings.timeout_s,
        read_timeout=settings.timeout_s,
        max_pool_connections=settings.at_once,
        retries={"total_max_attempts": 1},
        user_agent_extra="snippetkit",
        **compatible,
    )
    with translated(location.root, whole_bucket=True):
        endpoint = {"endpoint_url": settings.endpoint_url} if settings.endpoint_url else {}
        client = boto3.Session(botocore_session=core).client("s3", config=config, **endpoint)
    client.meta.events.register("before-parameter-build.s3.PutObject", keep_expires)
    client.meta.events.register("before-call.s3.PutObject", keep_expires)
    return S3Bucket(client, location, is_aws=".amazonaws.com" in client.meta.endpoint_url)


class S3Bucket:
    """A bucket: a `stores.adapter.Adapter`."""

    def __init__(self, client: Any, location: Location, *, is_aws: bool) -> None:
        self._client, self._root, self._name = client, location.root, location.bucket
        self._access = Access(client, location, is_aws=is_aws)

    def list(self, prefix: str, token: str) -> tuple[Sequence[Listed], str]:
        """Return some of the objects whose keys begin with a text, and where to go on."""
        going_on = {"ContinuationToken": token} if token else {}
        with translated(self._root, whole_bucket=True):
            answer = self._client.list_objects_v2(Bucket=self._name, Prefix=prefix, **going_on)
        listed = [Listed(one["Key"], one["ETag"].strip('"')) for one in answer.get("Contents", ())]
        return listed, answer.get("NextContinuationToken", "")

    def get(self, key: str) -> Stored:
        """Return an object."""
        with translated(self._root + key):
            answer = self._client.get_object(Bucket=self._name, Key=key)
            check_size(self._root + key, answer["ContentLength"], MAX_BYTES)
            check_keepable(self._root + key, answer)
            data = answer["Body"].read()
        return Stored(data, answer["ETag"].strip('"'), answer.get("ContentEncoding", ""), kept_of(answer))

    def put(self, key: str, data: bytes, stored: Stored, *, guarded: bool = True) -> str:
        """Write an object with all that it had; return its new tag."""
        guard = {"IfMatch": f'"{stored.tag}"'} if guarded else {}
        more = self._access.kept_of(key, stored.kept)
        with translated(self._root + key):
            answer = self._client.put_object(Bucket=self._name, Key=key, Body=data, **more, **guard)
        return str(answer["ETag"]).strip('"')

    def try_guard(self, scratch: str) -> bool:
        """Return whether a stale write is refused; find out about tags and access lists on the way."""
        with translated(self._root, whole_bucket=True):
            version = self._access.make_scratch(scratch, SCRATCH)

        def write() -> None:
            self._access.learn(scratch)
            with translated(self._root + scratch):
                self._client.put_object(Bucket=self._name, Key=scratch, Body=b"", IfMatch=_NOBODY)

        return is_refused(write, lambda: self._access.drop(scratch, version))

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        with translated(self._root + key):
            self._client.delete_object(Bucket=self._name, Key=key)
