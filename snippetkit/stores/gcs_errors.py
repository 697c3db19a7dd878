"""What Google's SDK raises, in this room's words. The store's own text is left out: it may hold what was sent."""

from __future__ import annotations

from functools import partial

import requests
from google.api_core import exceptions as answers
from google.auth import exceptions as auth
from google.cloud.storage import exceptions as transfers

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

_GET_CREDENTIALS = "run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS"
_BY_STATUS = {404: AbsentError, 409: ConflictError, 412: StaleError}
_CUSTOMER_KEY = "resourceIsEncryptedWithCustomerEncryptionKey"


class RefusedError(FileError):
    """The store does not take this request."""


def _of_answer(name: str, error: answers.GoogleAPICallError) -> SnippetkitError:
    status = int(error.code or 0)
    if status == 401:
        return AccessError(f"{name}: the store does not accept the credentials", hint=_GET_CREDENTIALS)
    if status in {408, 429} or (status >= 500 and status != 501):
        return TransientError(f"{name}: the store is busy or out of order (HTTP {status})")
    if any(one.get("reason") == _CUSTOMER_KEY for one in error.errors if isinstance(one, dict)):
        return FileError(
            f"{name}: encrypted with a key of the customer's own, which snippetkit does not take", path=name
        )
    if status == 403:
        hint = "the account's roles have to permit it, and no hold or retention may forbid it"
        return DeniedError(f"{name}: not permitted", hint=hint, path=name)
    if status in _BY_STATUS:
        return _BY_STATUS[status](f"{name}: HTTP {status}", path=name)
    return RefusedError(f"{name}: the store refused the request (HTTP {status})", path=name)


def _of_credentials(name: str, error: auth.GoogleAuthError) -> SnippetkitError:
    if isinstance(error, auth.TransportError):
        return TransientError(f"{name}: the server that gives out credentials could not be reached")
    return AccessError(f"{name}: there are no credentials, or they cannot be used", hint=_GET_CREDENTIALS)


def _of_connection(name: str, error: Exception) -> SnippetkitError:
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkError(f"{name}: the store's certificate is not trusted", hint="REQUESTS_CA_BUNDLE adds others")
    if isinstance(error, requests.Timeout):
        return TransientError(f"{name}: the store did not answer in time")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | transfers.DataCorruption):
        return TransientError(f"{name}: the store's answer was cut off")
    if isinstance(error, requests.ConnectionError):
        return unreachable(name, error.request and error.request.url)
    return NetworkError(f"{name}: google-cloud-storage gave up ({type(error).__name__})")


def _of_files(name: str, _: OSError) -> AccessError:
    hint = "check GOOGLE_APPLICATION_CREDENTIALS and REQUESTS_CA_BUNDLE"
    return AccessError(f"{name}: the credentials or the certificates cannot be read", hint=hint)


def _of_arguments(name: str, _: ValueError) -> SettingError:
    return SettingError(f"{name}: google-cloud-storage does not take the name, a header or the endpoint's URL")


# Some are of several kinds: what requests raises is an OSError, too.
_TOLD_BY = (
    (answers.GoogleAPICallError, _of_answer),
    (auth.GoogleAuthError, _of_credentials),
    ((requests.RequestException, transfers.DataCorruption, transfers.InvalidResponse), _of_connection),
    (OSError, _of_files),
    (ValueError, _of_arguments),
)
translated = partial(translating, _TOLD_BY)
"""Raise what Google's SDK raises as errors of an adapter."""
