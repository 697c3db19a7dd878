"""What is read over HTTP to find pages: sitemaps, robots.txt, and pages that are crawled; never with a token."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from snippetkit.errors import NetworkError

if TYPE_CHECKING:
    import requests

AGENT = "snippetkit"
"""What servers are told, and what robots.txt may name."""

_MOST_MOVES = 10
_PIECE_BYTES = 65_536


class WebAnswer(NamedTuple):
    """What a server answered: where it was found in the end, the status, the headers by any case, and its bytes."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The kind of content, such as `text/html`."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def is_download(self) -> bool:
        """Whether browsers save it."""
        return self.headers.get("Content-Disposition", "").strip().lower().startswith("attachment")

    @property
    def text(self) -> str:
        """The content as text."""
        from snippetkit.browser import decode

        return decode(self.body, self.headers.get("Content-Type", ""))


Get = Callable[[str], WebAnswer]
"""Asks for a URL."""


@contextmanager
def asking(check: Callable[[str], None], most_bytes: int, timeout_s: float, *, is_live: bool) -> Iterator[Get]:
    """Give what asks for URLs, one after the other; whatever a redirect leads to is checked like what was named.

    Args:
        check: raises an error where a URL must not be asked for.
        most_bytes: longer answers are refused.
        timeout_s: how long a server has for an answer, whole.
        is_live: whether a proxy that the environment names may be used.
    """
    import requests

    with requests.Session() as session:
        session.trust_env = is_live
        session.auth = _without_credentials
        session.headers["User-Agent"] = AGENT
        yield lambda url: _get(session, url, check, most_bytes, timeout_s)


def _without_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from taking a password from ~/.netrc."""
    return request


def _get(
    session: requests.Session, url: str, check: Callable[[str], None], most_bytes: int, timeout_s: float
) -> WebAnswer:
    """Return what a server answers.

    Raises:
        NetworkError: it does not answer, moves in a circle, or answers more than that.
        SettingError: by `check`.
    """
    import requests
    import urllib3

    asked = url
    for _ in range(_MOST_MOVES):
        check(url)
        try:
            ends = time.monotonic() + timeout_s
            with session.get(url, timeout=timeout_s, stream=True, allow_redirects=False) as response:
                if response.is_redirect:
                    url = urljoin(url, response.headers["Location"])
                    continue
                body = _body(response, url, most_bytes, ends)
                return WebAnswer(url, response.status_code, response.headers, body)
        except (requests.RequestException, urllib3.exceptions.HTTPError, TimeoutError, UnicodeError) as error:
            raise NetworkError(f"{url}: {_reason(error)}", hint="open it in a browser") from error
    raise NetworkError(f"{asked}: the server redirects in a circle")


def _body(response: requests.Response, url: str, most_bytes: int, ends: float) -> bytes:
    """The content, as it comes: a server that sends a byte now and then has no longer than others.

    Raises:
        NetworkError: it is too long.
        TimeoutError: it is not there by then.
    """
    body = bytearray()
    while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
        body += piece
        if len(body) > most_bytes:
            raise NetworkError(f"{url}: more than {most_bytes // 1_000_000} MB")
        if time.monotonic() > ends:
            raise TimeoutError
    return bytes(body)


def _reason(error: Exception) -> str:
    import requests
    import urllib3

    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return "the server does not answer, or not in full; --timeout gives it longer"
    return "no server answers there" if isinstance(error, requests.ConnectionError) else "the answer cannot be read"


Origin = tuple[str, str, int | None]
"""A scheme, a host and a port."""


def origin_of(url: str) -> Origin:
    """Return the scheme, the host, and the port, the usual one where none is named."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def quoted(url: str) -> str:
    """Return a URL with its path and query as browsers send them: signs that have no place there as percent codes."""
    from requests.utils import requote_uri

    parts = urlsplit(url)
    return parts._replace(path=requote_uri(parts.path), query=requote_uri(parts.query)).geturl()
