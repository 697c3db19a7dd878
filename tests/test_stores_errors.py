"""What boto3 raises, and what a run makes of it: whether it tries again, goes on with the next page, or ends."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from snippetkit.errors import AccessError, FileError, NetworkError, SettingError
from snippetkit.stores import Settings, Stores
from snippetkit.stores.adapter import AbsentError, ConflictError, StaleError, TransientError

pytestmark = pytest.mark.stores
URL = "http://127.0.0.1"

# HTTP status, code, message; the error, and what it says behind the object's name.
ANSWERS = [
    (403, "ExpiredToken", "", AccessError, "the credentials have expired (ExpiredToken)"),
    (403, "RequestTimeTooSkewed", "", AccessError, "this machine's clock is wrong (RequestTimeTooSkewed)"),
    (403, "InvalidObjectState", "", FileError, "archived, so it cannot be read; restore it first"),
    (403, "AccessDenied", "", FileError, "not permitted to GetObject (AccessDenied)"),
    (
        400,
        "InvalidRequest",
        "The correct Customer key",
        FileError,
        "encrypted with a key of the customer's own (SSE-C)",
    ),
    (400, "KMS.DisabledException", "", FileError, "the store refused GetObject (KMS.DisabledException, HTTP 400)"),
    (404, "NoSuchKey", "", AbsentError, "NoSuchKey"),
    (412, "PreconditionFailed", "", StaleError, "PreconditionFailed"),
    (409, "ConditionalRequestConflict", "", ConflictError, "ConditionalRequestConflict"),
    (501, "NotImplemented", "", FileError, "the store does not know this request (NotImplemented)"),
    (503, "SlowDown", "", TransientError, "the store is busy or out of order (SlowDown, HTTP 503)"),
    (504, "", "", TransientError, "the store is busy or out of order (no code, HTTP 504)"),
    (200, "InternalError", "", TransientError, "the store is busy or out of order (InternalError, HTTP 200)"),
]


def _translated(error: Exception, *, whole_bucket: bool = False) -> Any:
    from snippetkit.stores.s3_errors import translated

    with pytest.raises(Exception) as raised, translated("s3://b/k", whole_bucket=whole_bucket):
        raise error
    return raised.value


def _answered(status: int, code: str, message: str = "") -> Exception:
    from botocore.exceptions import ClientError

    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetObject")


@pytest.mark.parametrize(("status", "code", "message", "kind", "told"), ANSWERS)
def test_an_answer_that_refuses_is_told_by_its_code_and_status(
    status: int, code: str, message: str, kind: type[Exception], told: str
) -> None:
    found = _translated(_answered(status, code, message))
    assert isinstance(found, kind)
    assert str(found).startswith(f"s3://b/k: {told}")
    assert isinstance(found, FileError) == (kind not in {AccessError, TransientError})


def test_what_is_not_permitted_in_a_whole_bucket_ends_the_run() -> None:
    assert type(_translated(_answered(403, "AccessDenied"), whole_bucket=True)) is AccessError


FAILURES = [
    ("NoCredentialsError", {}, AccessError, "there are no credentials, or they cannot be read"),
    ("ProfileNotFound", {"profile": "x"}, AccessError, "the profile or ~/.aws/config cannot be read"),
    ("ReadTimeoutError", {"endpoint_url": URL}, TransientError, "the store did not answer in time"),
    ("EndpointConnectionError", {"endpoint_url": URL}, TransientError, "the store at 127.0.0.1 could not be reached"),
    ("ProxyConnectionError", {"proxy_url": "http://u:word@x"}, TransientError, "the store could not be reached"),
    ("ConnectionClosedError", {"endpoint_url": URL}, TransientError, "the store's answer was cut off"),
    ("ResponseStreamingError", {"error": "x"}, TransientError, "the store's answer was cut off"),
    ("IncompleteReadError", {"actual_bytes": 1, "expected_bytes": 2}, TransientError, "the store's answer was cut off"),
    ("SSLError", {"endpoint_url": URL, "error": "x"}, NetworkError, "the store's certificate is not trusted"),
    ("FlexibleChecksumError", {"error_msg": "x"}, TransientError, "the store's answer was cut off"),
    ("InvalidRegionError", {"region_name": "x y"}, SettingError, "boto3 does not accept this: Provided region_name"),
    ("UnknownServiceError", {"service_name": "x", "known_service_names": "y"}, NetworkError, "boto3 gave up (Unknown"),
]


@pytest.mark.parametrize(("name", "fields", "kind", "told"), FAILURES)
def test_what_fails_before_there_is_an_answer_is_told_by_what_it_is(
    name: str, fields: dict[str, Any], kind: type[Exception], told: str
) -> None:
    from botocore import exceptions

    found = _translated(getattr(exceptions, name)(**fields), whole_bucket=True)
    assert type(found) is kind
    assert str(found).startswith(f"s3://b/k: {told}")


def test_other_processes_get_the_settings_and_open_buckets_of_their_own() -> None:
    door = Stores(Settings("http://127.0.0.1:1", timeout_s=1))
    door.end()
    again = pickle.loads(pickle.dumps(door))
    assert (again, again.attempts.has_ended.is_set()) == (door, False)
