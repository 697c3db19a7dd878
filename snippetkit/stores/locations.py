"""URLs of buckets, of what is below a prefix, and of one object. What follows the bucket is the key, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from snippetkit.errors import SettingError
from snippetkit.patterns import later
from snippetkit.terms import STORES

# What stands in front of the key: a bucket, or an account and a container. No bucket has an @, as a password would.
_ROOTS = {
    "s3": later(r"s3://(?P<bucket>[^/@]+)(?:/|\Z)"),
    "gs": later(r"gs://(?P<bucket>[^/@]+)(?:/|\Z)"),
    "az": later(r"az://(?P<account>[^/]+)/(?P<bucket>[^/@]+)(?:/|\Z)"),
}
# "Resource naming rules" of Azure; the other one is where an account is read that has a copy in another region.
_ACCOUNT = later(r"[a-z0-9]{3,24}(?:-secondary)?")
_FORMS = {"s3": "s3://bucket/prefix", "gs": "gs://bucket/prefix", "az": "az://account/container/prefix"}


class Location(NamedTuple):
    """Where objects are; `account` is Azure's. `root` is the URL of the bucket, with a slash at its end."""

    scheme: str
    account: str
    bucket: str
    key: str
    root: str


def is_store(path: str) -> bool:
    """Whether a path is the URL of an object store."""
    return path.startswith(STORES)


def locate(url: str) -> Location:
    """Return what a URL names.

    Raises:
        SettingError: it names no bucket; or no account, which would be the name of another server's host.
    """
    scheme = url.partition("://")[0]
    match = _ROOTS[scheme].match(url)
    if match is None:
        raise SettingError(f"{url} names no bucket", hint=f"write {_FORMS[scheme]}")
    root = match[0] if match[0].endswith("/") else f"{match[0]}/"
    account = match.groupdict().get("account") or ""
    if scheme == "az" and not _ACCOUNT.fullmatch(account):
        hint = "its name has 3 to 24 lower-case letters and digits"
        raise SettingError(f"{url} names no storage account", hint=hint)
    return Location(scheme, account, match["bucket"], url[len(match[0]) :], root)


def is_emulator(endpoint_url: str) -> bool:
    """Whether an endpoint is an emulator's: http on loopback. Any other has to be https, or empty.

    Raises:
        SettingError: it would get the credentials in the clear.
    """
    parts = urlsplit(endpoint_url)
    if not endpoint_url or parts.scheme == "https":
        return False
    with suppress(ValueError):
        if parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback:
            return True
    raise SettingError(f"{endpoint_url} would get the credentials in the clear", hint="use https")


def roots_of(url: str) -> tuple[str, ...]:
    """Return what the URLs of pages may begin with where they count from what was named, or from the bucket."""
    return f"{url.rstrip('/')}/", locate(url).root


def why_unknown(path: str) -> str:
    """Return why a URL names no pages."""
    if path.lower().startswith(("http://", "https://")):
        return f"{path} is no file: save the page as one; 'snippetkit verify' and 'report' take its URL."
    return f"{path} is neither a file nor in a supported object store; stores are {', '.join(_FORMS.values())}."


def why_not_together(paths: Sequence[str]) -> str:
    """Return why these paths do not go into one run, empty where they do."""
    stores = [path for path in paths if is_store(path)]
    others = [path for path in paths if not is_store(path)]
    if stores and others:
        return f"{stores[0]} is in an object store, {others[0]} is not: give them to two runs."
    return ""
