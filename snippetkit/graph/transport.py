"""One request to the Graph API, one parsed answer, or one error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from snippetkit.errors import ApiError, NetworkError, SettingError, SnippetkitError, TokenError
from snippetkit.terms import LIVE_URL

if TYPE_CHECKING:
    from snippetkit.model import AccessToken

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 32 * 1024 * 1024

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TOKEN_CODES = frozenset({102, 190})
_PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})


class _BearerAuth(AuthBase):
    """Puts the token into the header; as an auth object it also keeps requests from taking one from a netrc file."""

    def __init__(self, token: AccessToken) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token.text}"
        return request


class Transport:
    """Speaks to one Graph API with one token.

    Args:
        session: sends the requests; what is mounted on it decides where they go.
        base_url: the API's address, without a path: https, or http on the loopback.
        token: goes into the Authorization header and nowhere else.

    Raises:
        SettingError: the base URL is not one that a token may be sent to.
    """

    def __init__(self, session: requests.Session, base_url: str, token: AccessToken) -> None:
        _check_base_url(base_url)
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._auth = _BearerAuth(token)

    def get(self, path: str, params: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a GET of `path` (no leading slash)."""
        return self._call("GET", path, params=params)

    def post(self, path: str, data: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a POST of `path` (no leading slash)."""
        return self._call("POST", path, data=data)

    def _call(self, method: str, path: str, **arguments: Mapping[str, str]) -> object:
        where = f"{method} {self._base_url}/{path}"
        try:
            with self._session.request(
                method,
                f"{self._base_url}/{path}",
                auth=self._auth,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                **arguments,  # type: ignore[arg-type]
            ) as response:
                return _read(where, response.status_code, _content(where, response))
        except requests.RequestException as error:
            raise _network_error(where, error) from None


def _check_base_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        host = None
    if not host or "\\" in url or parts.username is not None or parts.query or parts.fragment:
        raise SettingError(f"the API URL {url!r} cannot be used", hint=f"give a plain URL such as {LIVE_URL}")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise SettingError(
            f"the API URL {url!r} would send the access token in the clear",
            hint="use https; http is for 127.0.0.1 only",
        )


def _network_error(where: str, error: requests.RequestException) -> NetworkError:
    if isinstance(error, requests.Timeout):
        reason = f"no answer in time ({READ_TIMEOUT_S:.0f} seconds)"
    elif isinstance(error, requests.exceptions.SSLError):
        reason = "the server's certificate was not accepted"
    elif isinstance(error, requests.ConnectionError):
        reason = "no connection"
    else:
        reason = "the answer broke off"
    return NetworkError(f"{where}: {reason}", hint="check the network, the proxy settings and --api-url")


def _content(where: str, response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(65_536):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise ApiError(f"{where}: the answer is longer than {MAX_ANSWER_BYTES} bytes")
    return bytes(content)


def _read(where: str, status: int, content: bytes) -> object:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise ApiError(f"{where}: HTTP {status}, and the answer is not JSON", hint="check --api-url") from None
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is not None or status != requests.codes.ok:
        raise _refusal(where, status, error if isinstance(error, dict) else {})
    return answer


def _refusal(where: str, status: int, fields: dict[str, object]) -> SnippetkitError:
    code, message = fields.get("code"), fields.get("message", "no reason given")
    text = f"{where}: {message} (HTTP {status}, code {code})"
    for codes, make in _REFUSALS.items():
        if code in codes:
            return make(text)
    return ApiError(text, fields=fields)


_REFUSALS: dict[frozenset[int], Callable[[str], SnippetkitError]] = {
    _TOKEN_CODES: lambda text: TokenError(
        text, hint="get a new token: https://developers.facebook.com/tools/explorer/"
    ),
    _PERMISSION_CODES: lambda text: TokenError(
        text, hint="the token needs ads_management, and access to this ad account"
    ),
}
