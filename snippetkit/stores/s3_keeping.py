"""What an object in S3 has beside its bytes, and what of it goes back with a write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from snippetkit.errors import FileError

# Named alike where an object is read and where it is written.
_KEPT = (
    "BucketKeyEnabled CacheControl ContentDisposition ContentEncoding ContentLanguage ContentType Metadata"
    " ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate SSEKMSKeyId ServerSideEncryption StorageClass"
    " WebsiteRedirectLocation"
).split()
# Those that every boto3 can compute; where there is none of them, the store adds its own.
_CHECKSUMS = ("SHA256", "SHA1", "CRC32")
TAG_COUNT = "TagCount"
_EXPIRES = "ExpiresString"


def check_keepable(name: str, answer: Mapping[str, Any]) -> None:
    """Make sure that what an object has can be read, and so be written again.

    Raises:
        FileError: it cannot.
    """
    if answer.get("SSECustomerAlgorithm"):
        raise customer_key(name)
    if count := answer.get("MissingMeta"):
        raise FileError(f"{name}: {count} of its metadata are not shown, so a write would lose them", path=name)
    texts = [*answer.get("Metadata", {}).items(), *((one, str(answer[one])) for one in _KEPT if one in answer)]
    for header, text in texts:
        if not f"{header}{text}".isascii():
            raise FileError(f"{name}: its {header} is not ASCII, so it cannot be sent back as it came", path=name)


def customer_key(name: str) -> FileError:
    """Return the error for an object that is encrypted with its owner's own key."""
    return FileError(
        f"{name}: encrypted with a key of the customer's own (SSE-C), which snippetkit does not take", path=name
    )


def kept_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that give back what an object has, tags and access list apart; how many tags it has, too."""
    kept = {name: answer[name] for name in _KEPT if answer.get(name)}
    if _EXPIRES in answer:
        kept[_EXPIRES] = answer[_EXPIRES]
    checksum = next((name for name in _CHECKSUMS if answer.get(f"Checksum{name}")), "")
    if checksum or "ObjectLockMode" in kept:
        kept["ChecksumAlgorithm"] = checksum or "CRC32"
    return kept | {TAG_COUNT: answer.get(TAG_COUNT, 0)}


def keep_expires(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    """Send the text of Expires as it came: boto3 takes only a date, and a header such as `0` is none."""
    if _EXPIRES in params:
        context[_EXPIRES] = params.pop(_EXPIRES)
    elif _EXPIRES in context and "headers" in params:
        params["headers"]["Expires"] = context.pop(_EXPIRES)
