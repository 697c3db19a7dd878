"""One call to the Graph API: sent with the token, and repeated where that may help."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from snippetkit import __version__
from snippetkit.errors import ApiError, NetworkError, PassingError, SettingError
from snippetkit.graph import answers
from snippetkit.graph.answers import Answer
from snippetkit.graph.caching import ETagStore, Keeper, Nowhere, relative_url
from snippetkit.graph.retry import Clock, wait_s

if TYPE_CHECKING:
    from snippetkit.model import AccessToken

LIVE_URL = "https://graph.facebook.com"
"""The vendor's Graph API."""

EXPLORER_URL = "https://developers.facebook.com/tools/explorer/"
"""Where the vendor makes access tokens."""

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
MAX_ANSWER_BYTES = 32 * 1024 * 1024

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class _Auth(AuthBase):
    """Puts the token into the header; as an auth object it also keeps requests from taking one from a netrc file."""

    def __init__(self, token: AccessToken) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if not self._token.in_query:
            request.headers["Authorization"] = f"Bearer {self._token.text}"
        return request


class Transport:
    """Speaks to one Graph API with one token.

    Args:
        session: sends the requests; what is mounted on it decides where they go.
        base_url: the API's address, without a path: https, or http on the loopback.
        token: goes into the Authorization header, or where it says.
        version: `v26.0` or the like, empty for none.
        clock: waits between two tries.
        store: where answers to GET are kept.
        offline: answer from the store alone.
        log: is told of each request in one line, without parameters.

    Raises:
        SettingError: the base URL is not one that a token may be sent to.
    """

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        token: AccessToken,
        *,
        version: str = "",
        clock: Clock | None = None,
        store: ETagStore | None = None,
        offline: bool = False,
        log: Callable[[str], None] = lambda line: None,
    ) -> None:
        check_url(base_url)
        self.offline = offline
        self.clock = clock or Clock()
        self._session = session
        self._base_url = base_url.rstrip("/")
        self._root = f"{self._base_url}/{version}".rstrip("/")
        self._auth = _Auth(token)
        self._secrets = _secret_params(token)
        self.store = store or Nowhere()
        self._log = log
        # Unencrypted requests never leave this machine, whatever proxy the environment names.
        self._proxies = {"no_proxy": "*"} if base_url.startswith("http:") else {}

    def get(self, path: str, params: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a GET of `path` (no leading slash)."""
        keeper = self.keeper(path, params)
        if self.offline:
            return keeper.kept()
        headers = {"If-None-Match": keeper.etag} if keeper.etag else {}
        secret = {**params, **self._secrets}
        return self._until_it_passes(lambda: keeper.read(self._send("GET", path, params=secret, headers=headers)))

    def post(self, path: str, data: Mapping[str, str], *, again: bool = True) -> object:
        """Return the parsed JSON that the API answers to a POST of `path` (no leading slash).

        Args:
            path: what to post to.
            data: the parameters.
            again: whether the call may be repeated where the API refuses it for now.
        """
        return self._change("POST", path, data, again=again)

    def delete(self, path: str, data: Mapping[str, str]) -> object:
        """Return the parsed JSON that the API answers to a DELETE of `path` (no leading slash)."""
        return self._change("DELETE", path, data, again=True)

    def keeper(self, path: str, params: Mapping[str, str]) -> Keeper:
        """Return what was kept of a GET."""
        return Keeper(self.store, self._root, relative_url(path, params))

    def _change(self, method: str, path: str, data: Mapping[str, str], *, again: bool) -> object:
        if self.offline:
            raise NetworkError(f"{method} /{path} cannot be done offline", hint="leave out --offline")

        def ask() -> object:
            return answers.read(self._send(method, path, data={**data, **self._secrets}))

        return self._until_it_passes(ask) if again else ask()

    def _until_it_passes(self, ask: Callable[[], object]) -> object:
        tries = 0
        while True:
            tries += 1
            try:
                return ask()
            except PassingError as error:
                seconds = wait_s(error, tries, self.clock)
                if seconds is None:
                    raise
                self._log(f"{error}; again in {seconds:.1f} seconds")
                self.clock.sleep(seconds)

    def _send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **fields: Mapping[str, str]
    ) -> Answer:
        try:
            with self._session.request(
                method,
                f"{self._root}/{path}".rstrip("/"),
                auth=self._auth,
                proxies=self._proxies,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                headers={"User-Agent": f"snippetkit/{__version__}", **(headers or {})},
                **fields,  # type: ignore[arg-type]
            ) as response:
                self._log(f"{method} {self._root}/{path}: HTTP {response.status_code}")
                lower = {name.lower(): value for name, value in response.headers.items()}
                return Answer(f"{method} /{path}", response.status_code, lower, _content(response))
        except requests.RequestException as error:
            message = f"{self._base_url}: {_network_reason(error)}"
            raise NetworkError(message, hint="check the network, the proxy settings and --api-url") from None


def _secret_params(token: AccessToken) -> dict[str, str]:
    """What goes out as parameters: the token if it belongs there, and the proof that the caller has the app's secret.

    The proof is the HMAC-SHA256 of the token with the secret as its key, in hex (Graph API, "Securing Requests").
    """
    params = {"access_token": token.text} if token.in_query else {}
    if token.app_secret:
        params["appsecret_proof"] = hmac.new(token.app_secret.encode(), token.text.encode(), hashlib.sha256).hexdigest()
    return params


def is_trusted(url: str) -> bool:
    """Return whether an access token may go to a host that its owner has not named: the platform's own, or this one."""
    return urlsplit(url).hostname in {urlsplit(LIVE_URL).hostname, *_LOOPBACK}


def check_url(url: str) -> None:
    """Make sure that the access token may be sent to an API's address, before it is read.

    Raises:
        SettingError: it is no address, or holds more than one (which is not shown: it may be a secret), or the token
            would be sent in the clear.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 (reading it is what checks it)
    except ValueError:
        host = None
    if not host or "\\" in url:
        raise SettingError("the API URL cannot be used: it names no host", hint=f"give a plain URL such as {LIVE_URL}")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise SettingError(
            f"the API URL of {host} has a user name, a query or a fragment, which is not sent",
            hint=f"give a plain URL such as {LIVE_URL}; the access token goes into SNIPPETKIT_ACCESS_TOKEN",
        )
    if parts.scheme not in ("http", "https"):
        raise SettingError(f"the API URL {url!r} is not an https URL", hint=f"give one such as {LIVE_URL}")
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
