"""Azure's credentials: the SDK for blobs looks for none, so the variables of Azure's command line are read here."""

from __future__ import annotations

import os
from typing import Any

from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential

from snippetkit.errors import AccessError

_KEY, _TOKEN, _STRING = "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_STORAGE_CONNECTION_STRING"


def credential_of(account: str) -> Any:
    """Return the credentials for an account: its key, a shared access signature, or what azure-identity finds.

    Source: the variables of `az storage`; a connection string counts for the account that it names.

    Raises:
        AccessError: there are none.
    """
    told = _of_connection_string(account)
    if key := os.environ.get(_KEY) or told.get("AccountKey"):
        return AzureNamedKeyCredential(account, key)
    if token := os.environ.get(_TOKEN) or told.get("SharedAccessSignature"):
        return AzureSasCredential(token)
    try:
        from azure.identity import DefaultAzureCredential
    except ImportError as error:
        hint = f"set {_KEY} or {_TOKEN}, or install azure-identity for az login and managed identities"
        raise AccessError(f"az://{account}: there are no credentials", hint=hint) from error
    return DefaultAzureCredential()


def address_of(account: str) -> str:
    """Return the URL of an account: the one that a connection string names, as in a national cloud, or the usual one.

    Raises:
        AccessError: the connection string is for another account.
    """
    told = _of_connection_string(account)
    suffix = told.get("EndpointSuffix") or "core.windows.net"
    return told.get("BlobEndpoint") or f"https://{account}.blob.{suffix}"


def _of_connection_string(account: str) -> dict[str, str]:
    parts = (part.partition("=") for part in os.environ.get(_STRING, "").split(";"))
    told = {name.strip(): value for name, _, value in parts}
    named = told.get("AccountName")
    if named is not None and named != account:
        raise AccessError(f"az://{account}: {_STRING} is for another account, {named}")
    return told
