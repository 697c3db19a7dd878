"""What Azure's SDK raises, in this room's words. The store's own text is left out: it may hold what was sent."""

from __future__ import annotations

from functools import partial

from azure.core import exceptions as azure

from snippetkit.errors import AccessError, FileError, NetworkError, SettingError, SnippetkitError
from snippetkit.stores.adapter import (
    AbsentError,
    ConflictError,
    DeniedError,
    StaleError,
    TransientError,
    translating,
    unreachable,
)

_GET_CREDENTIALS = "check AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or run az login"
# The codes of "Blob service error codes" whose status alone says something else.
_CREDENTIALS = {"AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation"}
_TOLD = {
    "LeaseIdMissing": "somebody holds a lease on it, so it cannot be written now",
    "BlobUsesCustomerSpecifiedEncryption": "encrypted with a key of the customer's own, which snippetkit does not take",
    "BlobImmutableDueToPolicy": "is held or immutable, so it cannot be overwritten",
    "BlobArchived": "archived, so it cannot be read; restore it first",
    "ResourceTypeMismatch": "not a blob that holds a page",
}
_BY_STATUS = {404: AbsentError, 409: ConflictError, 412: StaleError, 304: StaleError}


def _of_answer(name: str, error: azure.HttpResponseError) -> SnippetkitError:
    status, code = int(error.status_code or 0), getattr(error, "error_code", "")
    code = str(getattr(code, "value", code))  # an enumeration's member, where the SDK knows it
    if not status:
        return _of_connection(name, error)
    if status == 401 or code in _CREDENTIALS:
        return AccessError(f"{name}: the store does not accept the credentials", hint=_GET_CREDENTIALS)
    if code in _TOLD:
        return FileError(f"{name}: {_TOLD[code]}", path=name)
    if status in {408, 429} or (status >= 500 and status != 501):
        return TransientError(f"{name}: the store is busy or out of order (HTTP {status})")
    if status == 403:
        hint = "the key has to be the account's, or its roles or the signature have to permit it"
        return DeniedError(f"{name}: not permitted", hint=hint, path=name)
    if status in _BY_STATUS:
        return _BY_STATUS[status](f"{name}: HTTP {status}", path=name)
    return FileError(f"{name}: the store refused the request (HTTP {status})", path=name)


def _of_connection(name: str, error: azure.AzureError) -> SnippetkitError:
    if isinstance(error, azure.ClientAuthenticationError):
        return AccessError(f"{name}: there are no credentials, or they cannot be used", hint=_GET_CREDENTIALS)
    if isinstance(error, azure.ServiceRequestError):
        return unreachable(name, getattr(getattr(error.inner_exception, "request", None), "url", None))
    if isinstance(error, azure.IncompleteReadError):
        return TransientError(f"{name}: the store's answer was cut off")
    if isinstance(error, azure.ServiceResponseError):
        return TransientError(f"{name}: the store did not answer in time, or only in part")
    return NetworkError(f"{name}: azure-storage-blob gave up ({type(error).__name__})")


def _of_arguments(name: str, _: ValueError) -> SettingError:
    return SettingError(f"{name}: azure-storage-blob does not take the name, a header, the key or the endpoint's URL")


_TOLD_BY = (
    (azure.HttpResponseError, _of_answer),
    (azure.AzureError, _of_connection),
    (ValueError, _of_arguments),
)
translated = partial(translating, _TOLD_BY)
"""Raise what Azure's SDK raises as errors of an adapter."""
