"""Azure Blob Storage, over azure-storage-blob."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from azure.core import MatchConditions
from azure.storage.blob import BlobClient, BlobType, ContainerClient, ContentSettings, StandardBlobTier

from snippetkit.errors import FileError
from snippetkit.files import MAX_BYTES, check_size
from snippetkit.stores.adapter import SCRATCH, DeniedError, Listed, Settings, Stored, is_refused
from snippetkit.stores.azure_credentials import address_of, credential_of
from snippetkit.stores.azure_errors import translated
from snippetkit.stores.locations import Location, is_emulator

_NOBODY = '"0x8D0000000000000"'
# Of the settings of a blob's content; its MD5 is that of the new bytes, which the store computes.
_CONTENT = "cache_control content_disposition content_encoding content_language content_type".split()
_KINDS = {BlobType.APPENDBLOB: "an append blob", BlobType.PAGEBLOB: "a page blob"}
_STEPS = frozenset({".", ".."})
_IF_SAME = MatchConditions.IfNotModified


def open_bucket(location: Location, settings: Settings) -> AzureContainer:
    """Return a container, opened with the account's credentials.

    Raises:
        SettingError: the endpoint cannot be used.
        AccessError: there are no credentials, or they cannot be read.
    """
    address = settings.endpoint_url or address_of(location.account)
    if is_emulator(address) and not urlsplit(address).path.strip("/"):
        address = f"{address.rstrip('/')}/{location.account}"  # in an emulator, the account stands in the path
    times: dict[str, Any] = {
        "connection_timeout": settings.timeout_s,
        "read_timeout": settings.timeout_s,
        "retry_total": 0,
    }
    with translated(location.root, whole_bucket=True):
        credential = credential_of(location.account)
        client = ContainerClient(address, location.bucket, credential=credential, **times)
    return AzureContainer(client, location)


class AzureContainer:
    """A container: a `stores.adapter.Adapter`."""

    def __init__(self, client: ContainerClient, location: Location) -> None:
        self._client, self._root = client, location.root

    def list(self, prefix: str, token: str) -> tuple[Sequence[Listed], str]:
        """Return some of the blobs whose names begin with a text, and where to go on."""
        with translated(self._root, whole_bucket=True):
            pages: Any = self._client.list_blobs(name_starts_with=prefix).by_page(token or None)
            page = next(pages, ())
            return [Listed(blob.name, _tag_of(blob.etag)) for blob in page], pages.continuation_token or ""

    def get(self, key: str) -> Stored:
        """Return a blob."""
        with translated(self._root + key):
            answer = self._blob(key).download_blob(max_concurrency=1, decompress=False)
            check_size(self._root + key, answer.size, MAX_BYTES)
            _check_keepable(self._root + key, answer.properties)
            data: bytes = answer.readall()
        content, properties = answer.properties.content_settings, answer.properties
        kept = {name: getattr(content, name) for name in _CONTENT if getattr(content, name)}
        return Stored(data, _tag_of(properties.etag), content.content_encoding or "", kept)

    def put(self, key: str, data: bytes, stored: Stored, *, guarded: bool = True) -> str:
        """Write a blob with all that it had; return its new tag."""
        blob = self._blob(key)
        guard: dict[str, Any] = {"etag": f'"{stored.tag}"', "match_condition": _IF_SAME} if guarded else {}
        with translated(self._root + key):
            look = partial(_check_has_no_owner, self._root + key)
            more = self._kept_of(key, blob.get_blob_properties(raw_response_hook=look, **guard))
            kept: Any = stored.kept
            more |= {"content_settings": ContentSettings(**kept), "overwrite": True, "max_concurrency": 1}
            answer = blob.upload_blob(data, **more, **guard)
        return _tag_of(answer["etag"])

    def try_guard(self, scratch: str) -> bool:
        """Return whether a stale write is refused, and make sure that there are no access lists of a file system."""
        blob = self._blob(scratch)
        with translated(self._root, whole_bucket=True):
            self._check_flat()
            blob.upload_blob(SCRATCH, overwrite=True)

        def write() -> None:
            with translated(self._root + scratch):
                blob.upload_blob(b"", overwrite=True, etag=_NOBODY, match_condition=_IF_SAME)

        return is_refused(write, lambda: self.delete(scratch))

    def delete(self, key: str) -> None:
        """Delete a blob, if there is one."""
        with translated(self._root + key):
            self._blob(key).delete_blob()

    def _blob(self, key: str) -> BlobClient:
        """Return what speaks of a blob.

        Raises:
            FileError: the SDK would ask for another one, since on the way `..` is taken for a step up.
        """
        if not _STEPS.isdisjoint(key.split("/")):
            raise FileError(f"{self._root}{key}: azure-storage-blob cannot ask for a name with . or .. in it")
        return self._client.get_blob_client(key)

    def _check_flat(self) -> None:
        """Refuse an account whose blobs are files with owners and access lists, which the SDK for blobs cannot give.

        Who may not ask is told by each page (`_check_has_no_owner`).

        Raises:
            FileError: it is one.
        """
        with suppress(DeniedError), translated(self._root):
            if self._client.get_account_information().get("is_hns_enabled"):
                raise _of_data_lake(self._root)

    def _kept_of(self, key: str, properties: Any) -> dict[str, Any]:
        """Return the arguments that give back what a blob has beside its content settings.

        Its tier is told with the properties alone, its tags on their own.
        """
        kept: dict[str, Any] = {"metadata": properties.metadata}
        if properties.blob_tier and not properties.blob_tier_inferred:
            kept["standard_blob_tier"] = StandardBlobTier(properties.blob_tier)
        if properties.encryption_scope:
            kept["encryption_scope"] = properties.encryption_scope
        if properties.tag_count:
            kept["tags"] = self._tags_of(key)
        return kept

    def _tags_of(self, key: str) -> dict[str, str]:
        name = self._root + key
        try:
            with translated(name):
                tags: dict[str, str] = self._blob(key).get_blob_tags()
        except DeniedError as error:
            hint = "a write would lose them; permit reading tags"
            raise FileError(f"{name}: its tags cannot be read", hint=hint, path=name) from error
        return tags


def _tag_of(etag: str) -> str:
    """An ETag without the quotes that it has in headers, and has not in listings."""
    return etag.strip('"')


def _of_data_lake(name: str) -> FileError:
    return FileError(
        f"{name}: has a hierarchical namespace (Data Lake), where a write could lose owners and access lists", path=name
    )


def _check_has_no_owner(name: str, answer: Any) -> None:
    """Refuse a file of a Data Lake: with its properties, it tells its owner.

    Source: azure-storage-file-datalake, whose files are blobs with the headers x-ms-owner, -group, -permissions, -acl.
    """
    if "x-ms-owner" in answer.http_response.headers:
        raise _of_data_lake(name)


def _check_keepable(name: str, properties: Any) -> None:
    if properties.blob_type != BlobType.BLOCKBLOB:
        raise FileError(f"{name}: {_KINDS[properties.blob_type]} cannot be written as a page", path=name)
    if properties.has_legal_hold or properties.immutability_policy.policy_mode:
        raise FileError(f"{name}: is held or immutable, so it cannot be overwritten", path=name)
