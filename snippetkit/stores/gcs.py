"""Google Cloud Storage, over google-cloud-storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import google.cloud.storage as gcs

from snippetkit.errors import FileError
from snippetkit.files import MAX_BYTES, check_size
from snippetkit.stores.adapter import (
    SCRATCH,
    DeniedError,
    Listed,
    Settings,
    StaleError,
    Stored,
    TransientError,
    is_refused,
)
from snippetkit.stores.gcs_errors import RefusedError, translated
from snippetkit.stores.locations import Location, is_emulator

# What a write gives back, as the SDK's `Blob` calls it; its access list is held against that of a new object.
_KEPT = (
    "cache_control content_disposition content_encoding content_language content_type contexts custom_time metadata"
    " storage_class"
).split()
# No generation is as low: they count microseconds.
_NOBODY = 1


def open_bucket(location: Location, settings: Settings) -> GoogleBucket:
    """Return a bucket, opened with the credentials that Google's SDK finds; with none, for an emulator on this machine.

    It belongs to a project, which need not be named: what `gcloud auth application-default login` leaves names none.

    Raises:
        AccessError: there are no credentials, or they cannot be read.
    """
    options = {"api_endpoint": settings.endpoint_url} if settings.endpoint_url else None
    has_credentials = not is_emulator(settings.endpoint_url)
    with translated(location.root, whole_bucket=True):
        client = gcs.Client(project=None, client_options=options, use_auth_w_custom_endpoint=has_credentials)
    return GoogleBucket(client.bucket(location.bucket), location, settings)


class GoogleBucket:
    """A bucket: a `stores.adapter.Adapter`. An object's tag is its generation."""

    def __init__(self, bucket: Any, location: Location, settings: Settings) -> None:
        self._bucket, self._root = bucket, location.root
        self._once = {"retry": None, "timeout": settings.timeout_s}
        self._has_lists, self._own_list = True, frozenset[tuple[str, str]]()

    def list(self, prefix: str, token: str) -> tuple[Sequence[Listed], str]:
        """Return some of the objects whose keys begin with a text, and where to go on."""
        fields = "items(name,generation),nextPageToken"
        with translated(self._root, whole_bucket=True):
            asked = self._bucket.list_blobs(prefix=prefix, page_token=token or None, fields=fields, **self._once)
            page = next(asked.pages, ())
            return [Listed(blob.name, str(blob.generation)) for blob in page], asked.next_page_token or ""

    def get(self, key: str) -> Stored:
        """Return an object: what it has first, since after the download its class reads STANDARD."""
        blob = self._bucket.blob(key)
        try:
            with translated(self._root + key):
                blob.reload(**self._once)
                check_size(self._root + key, blob.size, MAX_BYTES)
                _check_keepable(self._root + key, blob)
                kept = {name: getattr(blob, name) for name in _KEPT if getattr(blob, name)}
                kept["kms_key_name"] = (blob.kms_key_name or "").partition("/cryptoKeyVersions/")[0]
                generation = blob.generation
                data = blob.download_as_bytes(raw_download=True, if_generation_match=generation, **self._once)
        except StaleError as error:
            raise TransientError(f"{self._root}{key}: keeps changing while it is read") from error
        return Stored(data, str(generation), kept.get("content_encoding", ""), kept)

    def put(self, key: str, data: bytes, stored: Stored, *, guarded: bool = True) -> str:
        """Write an object with all that it had; return its new tag."""
        if self._has_lists:
            self._check_list(key)
        with translated(self._root + key):
            blob = self._bucket.blob(key, kms_key_name=stored.kept.get("kms_key_name") or None)
            for name in stored.kept.keys() - {"kms_key_name"}:
                setattr(blob, name, stored.kept[name])
            guard = {"if_generation_match": int(stored.tag)} if guarded else {}
            blob.upload_from_string(data, content_type=blob.content_type, **guard, **self._once)
            return str(blob.generation)

    def try_guard(self, scratch: str) -> bool:
        """Return whether a stale write is refused; find out about access lists on the way."""
        blob = self._bucket.blob(scratch)
        with translated(self._root, whole_bucket=True):
            blob.upload_from_string(SCRATCH, **self._once)

        def write() -> None:
            self._learn_list(scratch)
            with translated(self._root + scratch):
                blob.upload_from_string(b"", if_generation_match=_NOBODY, **self._once)

        return is_refused(write, lambda: self.delete(scratch))

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        with translated(self._root + key):
            self._bucket.blob(key).delete(**self._once)

    def _learn_list(self, scratch: str) -> None:
        """Find out whether objects have access lists here, and what a new object's is.

        The SDK writes none, and in most buckets there is none: with uniform access, asking for it is refused.
        """
        try:
            self._own_list = self._list_of(scratch)
        except RefusedError:
            self._has_lists = False

    def _list_of(self, key: str) -> frozenset[tuple[str, str]]:
        name = self._root + key
        acl = self._bucket.blob(key).acl
        try:
            with translated(name):
                acl.reload(timeout=self._once["timeout"])
        except DeniedError as error:
            hint = "a write could lose it; permit storage.objects.getIamPolicy"
            raise FileError(f"{name}: its access list cannot be read", hint=hint, path=name) from error
        return frozenset((entry["entity"], entry["role"]) for entry in acl)

    def _check_list(self, key: str) -> None:
        """Make sure that a write gives an object the access list that it has.

        The SDK sends none together with the bytes; one that followed them would leave a page to the wrong readers, for
        a moment or where the run ends just then.

        Raises:
            FileError: it would not, or it cannot be told.
        """
        name = self._root + key
        if self._list_of(key) != self._own_list:
            hint = "switch the bucket to uniform access, or write this page where the site is made"
            raise FileError(f"{name}: has an access list of its own, which a write would lose", hint=hint, path=name)


def _check_keepable(name: str, blob: Any) -> None:
    holds = {
        "a hold": blob.temporary_hold or blob.event_based_hold,
        "a retention time of its own": blob.retention.mode,
    }
    for what in (what for what, is_there in holds.items() if is_there):
        raise FileError(f"{name}: has {what}, so it cannot be overwritten", path=name)
