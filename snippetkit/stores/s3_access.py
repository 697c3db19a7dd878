"""Tags and access lists of objects in S3, which no GET returns: they are asked for only where there are some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from snippetkit.errors import FileError
from snippetkit.stores.adapter import AbsentError, DeniedError, TransientError
from snippetkit.stores.locations import Location
from snippetkit.stores.s3_errors import LackingError, translated
from snippetkit.stores.s3_keeping import TAG_COUNT

_GRANTS = {
    "FULL_CONTROL": "GrantFullControl",
    "READ": "GrantRead",
    "READ_ACP": "GrantReadACP",
    "WRITE_ACP": "GrantWriteACP",
}
_TAGS = {"snippetkit": "scratch"}


class Access:
    """Tags and access lists of a bucket's objects.

    A GET tells how many tags there are to those who may read them, but not in each store. Whether it does is tried on a
    scratch object, and so is whether objects have access lists, and whose they are. Until then each is asked for.
    """

    def __init__(self, client: Any, location: Location, *, is_aws: bool) -> None:
        self._client, self._root, self._name, self._is_aws = client, location.root, location.bucket, is_aws
        self._counts_tags = False
        self._has_tags = self._has_lists = True
        self._own_list: dict[str, Any] | None = None

    def kept_of(self, key: str, kept: Mapping[str, object]) -> dict[str, object]:
        """Return all arguments that give back what an object has.

        Raises:
            FileError: its tags or its access list cannot be read, or a write would make it somebody else's.
        """
        arguments = dict(kept)
        count = arguments.pop(TAG_COUNT, 0)
        if count or (self._has_tags and not self._counts_tags):
            arguments |= self._tagging(key)
        if self._has_lists:
            arguments |= self._grants(key)
        return arguments

    def make_scratch(self, key: str, data: bytes) -> str:
        """Write the scratch object, with a tag if that is permitted; return its version."""
        scratch = {"Bucket": self._name, "Key": key, "Body": data, "ContentType": "text/plain"}
        with suppress(DeniedError, LackingError), translated(self._root):
            return str(self._client.put_object(**scratch, Tagging=urlencode(_TAGS)).get("VersionId", ""))
        with translated(self._root, whole_bucket=True):
            return str(self._client.put_object(**scratch).get("VersionId", ""))

    def learn(self, key: str) -> None:
        """Find out, of the scratch object, what of each object has to be asked for."""
        with translated(self._root):
            answer = self._client.get_object(Bucket=self._name, Key=key)
            answer["Body"].read()
        self._counts_tags = answer.get(TAG_COUNT) == len(_TAGS)
        if not self._counts_tags:
            self._has_tags = self._is_there(lambda: self._client.get_object_tagging(Bucket=self._name, Key=key))
        self._has_lists = not self._is_owned_by_bucket() and self._is_there(lambda: self._learn_list(key))

    def drop(self, key: str, version: str) -> None:
        """Delete the scratch object, and the version that it was."""
        which = {"VersionId": version} if version and version != "null" else {}
        with translated(self._root):
            self._client.delete_object(Bucket=self._name, Key=key, **which)

    def _is_there(self, ask: Callable[[], object]) -> bool:
        """Whether a store knows what is asked for; one that may not be asked may have it."""
        try:
            with translated(self._root):
                ask()
        except (LackingError, AbsentError):
            return False
        except DeniedError:
            return True
        except TransientError:
            if self._is_aws:
                raise
            return False  # a compatible store that answers with its own fault has no such thing
        return True

    def _is_owned_by_bucket(self) -> bool:
        """Whether access lists are switched off, as they are in each new bucket."""
        with suppress(FileError, TransientError), translated(self._root):
            answer = self._client.get_bucket_ownership_controls(Bucket=self._name)
            rules = answer.get("OwnershipControls", {}).get("Rules", ())
            return any(rule.get("ObjectOwnership") == "BucketOwnerEnforced" for rule in rules)
        return False

    def _learn_list(self, key: str) -> None:
        self._own_list = self._client.get_object_acl(Bucket=self._name, Key=key)

    def _tagging(self, key: str) -> dict[str, str]:
        name = self._root + key
        try:
            with translated(name):
                tags = self._client.get_object_tagging(Bucket=self._name, Key=key)["TagSet"]
        except DeniedError as error:
            hint = "a write would lose them; permit s3:GetObjectTagging"
            raise FileError(f"{name}: its tags cannot be read", hint=hint, path=name) from error
        return {"Tagging": urlencode([(tag["Key"], tag["Value"]) for tag in tags])} if tags else {}

    def _grants(self, key: str) -> dict[str, str]:
        """The arguments that give an access list back; none where it is what a new object has anyway."""
        name = self._root + key
        try:
            with translated(name):
                found = self._client.get_object_acl(Bucket=self._name, Key=key)
        except DeniedError as error:
            hint = "a write would lose it; permit s3:GetObjectAcl"
            raise FileError(f"{name}: its access list cannot be read", hint=hint, path=name) from error
        own = self._own_list or {}
        if own and found.get("Owner", {}).get("ID") != own.get("Owner", {}).get("ID"):
            raise FileError(f"{name}: another account owns it, and a write would make it this one's", path=name)
        return {} if found.get("Grants") == own.get("Grants") else _granting(found.get("Grants", ()))


def _granting(grants: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    by_argument: dict[str, list[str]] = {}
    for grant in grants:
        to = grant["Grantee"]
        who = f'uri="{to["URI"]}"' if "URI" in to else f'id="{to["ID"]}"'
        by_argument.setdefault(_GRANTS[grant["Permission"]], []).append(who)
    return {argument: ", ".join(to) for argument, to in by_argument.items()}
