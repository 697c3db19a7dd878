"""What Google's SDK raises, in this room's words. The store's own text is left out: it may hold what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from google.api_core import exceptions as answers
from google.auth import exceptions as auth
from google.cloud.storage import exceptions as transfers

from snippetkit.errors import AccessError, FileError, NetworkError, SnippetkitError
from snippetkit.stores.adapter import (
    AbsentError,
    ConflictError,
    DeniedError,
    PassingError,
    StaleError,
    ending,
    unusable,
)

_GET_CREDENTIALS = "run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS"
_BY_STATUS = {404: AbsentError, 409: ConflictError, 412: StaleError}
_CUSTOMER_KEY = "resourceIsEncryptedWithCustomerEncryptionKey"


class RefusedError(FileError):
    """The store does not take this request."""


@contextmanager
def translated(name: str, *, whole_bucket: bool = False) -> Iterator[None]:
    """Raise what the SDK raises as errors of an adapter.

    Args:
        name: what messages call the object or the bucket.
        whole_bucket: whether what is not permitted here is permitted nowhere, and so ends the run.
    """
    try:
        yield
    except answers.GoogleAPICallError as error:
        refusal = _of_answer(name, error)
        raise (ending(refusal) if whole_bucket else refusal) from error
    except auth.GoogleAuthError as error:
        raise _of_credentials(name, error) from error
    except (requests.RequestException, transfers.DataCorruption, transfers.InvalidResponse) as error:
        raise _of_connection(name, error) from error
    except OSError as error:
        hint = "check GOOGLE_APPLICATION_CREDENTIALS and REQUESTS_CA_BUNDLE"
        raise AccessError(f"{name}: the credentials or the certificates cannot be read", hint=hint) from error
    except ValueError as error:
        raise unusable(name, "bucket's name or the endpoint's URL", whole_bucket=whole_bucket) from error


def _of_answer(name: str, error: answers.GoogleAPICallError) -> SnippetkitError:
    status = int(error.code or 0)
    if status == 401:
        return AccessError(f"{name}: the store does not take the credentials", hint=_GET_CREDENTIALS)
    if status in {408, 429} or (status >= 500 and status != 501):
        return PassingError(f"{name}: the store is busy or out of order (HTTP {status})")
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
        return PassingError(f"{name}: the server that gives out credentials could not be reached")
    return AccessError(f"{name}: there are no credentials, or they cannot be used", hint=_GET_CREDENTIALS)


def _of_connection(name: str, error: Exception) -> SnippetkitError:
    if isinstance(error, requests.exceptions.SSLError):
        return NetworkError(f"{name}: the store's certificate is not trusted", hint="REQUESTS_CA_BUNDLE names others")
    if isinstance(error, requests.Timeout):
        return PassingError(f"{name}: the store did not answer in time")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | transfers.DataCorruption):
        return PassingError(f"{name}: the store's answer was cut off")
    if isinstance(error, requests.ConnectionError):
        return PassingError(f"{name}: the store could not be reached")
    return NetworkError(f"{name}: google-cloud-storage gave up ({type(error).__name__})")
