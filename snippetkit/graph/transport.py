"""One request to the Graph API, one parsed answer, or one error of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
MAX_MESSAGE_CHARACTERS = 500

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_TOKEN_CODES = frozenset({102, 190})
_ARGUMENT_CODES = frozenset({100, 803})
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
        # What is not encrypted does not leave this machine, whatever proxy the environment names.
        self._proxies = {"no_proxy": "*"} if base_url.startswith("http:") else {}

    def get(self, path: str, params: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a GET of `path` (no leading slash)."""
        return self._call("GET", path, params=params)

    def post(self, path: str, data: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a POST of `path` (no leading slash)."""
        return self._call("POST", path, data=data)

    def delete(self, path: str, data: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a DELETE of `path` (no leading slash)."""
        return self._call("DELETE", path, data=data)

    def _call(self, method: str, path: str, **arguments: Mapping[str, str]) -> object:
        try:
            with self._session.request(
                method,
                f"{self._base_url}/{path}",
                auth=self._auth,
                proxies=self._proxies,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                **arguments,  # type: ignore[arg-type]
            ) as response:
                return _read(f"{method} /{path}", response.status_code, _content(response))
        except requests.RequestException as error:
            raise NetworkError(
                f"{self._base_url}: {_network_reason(error)}",
                hint="check the network, the proxy settings and --api-url",
            ) from None


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


def _network_reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer in time ({CONNECT_TIMEOUT_S:.0f} seconds to connect, {READ_TIMEOUT_S:.0f} to answer)"
    if isinstance(error, requests.exceptions.SSLError):
        return "the server's certificate was not accepted"
    return "no connection" if isinstance(error, requests.ConnectionError) else "the answer broke off"


def _content(response: requests.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(65_536):
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise ApiError(f"the answer is longer than {MAX_ANSWER_BYTES} bytes", hint="check --api-url")
    return bytes(content)


def _read(call: str, status: int, content: bytes) -> object:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise ApiError(f"{call}: HTTP {status}, and the answer is not JSON", hint="check --api-url") from None
    error = answer.get("error") if isinstance(answer, dict) else None
    if error is not None or status != requests.codes.ok:
        raise _refusal(call, status, error if isinstance(error, dict) else {})
    return answer


def _refusal(call: str, status: int, fields: dict[str, object]) -> SnippetkitError:
    code = fields.get("code")
    message = str(fields.get("message", "no reason given"))[:MAX_MESSAGE_CHARACTERS]
    text = f"{call}: {message} (HTTP {status}, code {code})"
    if code in _TOKEN_CODES:
        return TokenError(text, hint="get a new token: https://developers.facebook.com/tools/explorer/")
    if code in _PERMISSION_CODES:
        return TokenError(text, hint="the token needs ads_management, and access to this ad account")
    hint = "'snippetkit pixels list' shows the ids and names that there are" if code in _ARGUMENT_CODES else ""
    return ApiError(text, hint=hint, fields=fields)
