"""What boto3 raises, in this room's words. The store's own text is left out: it may hold what was sent."""

from __future__ import annotations

from functools import partial

from botocore import exceptions as boto

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
from snippetkit.stores.s3_keeping import customer_key

# The codes of the reference "Error responses", and those that compatible stores have for the same.
_CREDENTIALS = {
    "ExpiredToken": "the credentials have expired",
    "ExpiredTokenException": "the credentials have expired",
    "InvalidAccessKeyId": "the store does not know the access key",
    "InvalidClientTokenId": "the store does not know the access key",
    "InvalidToken": "the store does not accept the session token",
    "RequestTimeTooSkewed": "this machine's clock is wrong",
    "SignatureDoesNotMatch": "the secret key is not that of the access key",
    "TokenRefreshRequired": "the credentials have expired",
    "UnrecognizedClientException": "the store does not know the access key",
}
_GET_CREDENTIALS = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
_PASSING = {"InternalError", "OperationAborted", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable"}
_PASSING |= {"SlowDown", "Throttling", "ThrottlingException", "TooManyRequests"}
_LACKING = {"MethodNotAllowed", "NotImplemented", "XNotImplemented", "UnsupportedOperation"}
_NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.TokenRetrievalError,
    boto.SSOError,
    boto.UnauthorizedSSOTokenError,
)
_BROKEN_CONFIGURATION = (boto.ProfileNotFound, boto.ConfigParseError, boto.ConfigNotFound)
_LATE = (boto.ReadTimeoutError, boto.ConnectTimeoutError)
_CUT_OFF = (boto.ResponseStreamingError, boto.IncompleteReadError, boto.ConnectionError, boto.FlexibleChecksumError)
_CUSTOMER_KEY = "ustomer"  # of the message alone: each store has another code


class LackingError(FileError):
    """The store does not know what was asked of it."""


def _of_answer(name: str, error: boto.ClientError) -> SnippetkitError:
    code, status, message = _parts(error)
    by_status = {404: AbsentError, 412: StaleError, 409: ConflictError, 405: LackingError, 501: LackingError}
    if code in _CREDENTIALS:
        return AccessError(f"{name}: {_CREDENTIALS[code]} ({code})", hint=_GET_CREDENTIALS)
    if code in _PASSING or status == 429 or (status >= 500 and status != 501):
        return TransientError(f"{name}: the store is busy or out of order ({code}, HTTP {status})")
    if code in _LACKING:
        return LackingError(f"{name}: the store does not know this request ({code})", path=name)
    if status == 400 and _CUSTOMER_KEY in message:
        return customer_key(name)
    if code == "InvalidObjectState":
        return FileError(f"{name}: archived, so it cannot be read; restore it first", path=name)
    if status in {401, 403}:
        hint = "the policy of the user or the bucket has to permit it"
        return DeniedError(f"{name}: not permitted to {error.operation_name} ({code})", hint=hint, path=name)
    if status in by_status:
        return by_status[status](f"{name}: {code}", path=name)
    return FileError(f"{name}: the store refused {error.operation_name} ({code}, HTTP {status})", path=name)


def _parts(error: boto.ClientError) -> tuple[str, int, str]:
    told = error.response.get("Error", {})
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    return str(told.get("Code", "")) or "no code", status, str(told.get("Message", ""))


def _of_client(name: str, error: Exception) -> SnippetkitError:
    if isinstance(error, _NO_CREDENTIALS):
        return AccessError(f"{name}: there are no credentials, or they cannot be read", hint=_GET_CREDENTIALS)
    if isinstance(error, _BROKEN_CONFIGURATION):
        return AccessError(f"{name}: the profile or ~/.aws/config cannot be read", hint=_GET_CREDENTIALS)
    if isinstance(error, _LATE):
        return TransientError(f"{name}: the store did not answer in time")
    if isinstance(error, boto.SSLError):
        return NetworkError(f"{name}: the store's certificate is not trusted", hint="AWS_CA_BUNDLE adds others")
    if isinstance(error, boto.EndpointConnectionError | boto.ProxyConnectionError):
        return unreachable(name, error.kwargs.get("endpoint_url"))
    if isinstance(error, (*_CUT_OFF, boto.HTTPClientError)):
        return TransientError(f"{name}: the store's answer was cut off")
    if isinstance(error, boto.ParamValidationError | ValueError):
        return SettingError(f"{name}: boto3 does not accept this: {_reason(error)}")
    return NetworkError(f"{name}: boto3 gave up ({type(error).__name__})")


def _reason(error: Exception) -> str:
    """What is wrong with an argument; boto3 says so in the last line, before an expression that it should match."""
    return str(error).strip().splitlines()[-1].partition(": Bucket name")[0]


translated = partial(translating, ((boto.ClientError, _of_answer), ((boto.BotoCoreError, ValueError), _of_client)))
"""Raise what boto3 raises as errors of an adapter."""
