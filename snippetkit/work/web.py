"""What is read over HTTP to find pages: sitemaps, robots.txt, and pages that are crawled; never with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from snippetkit.errors import NetworkError

if TYPE_CHECKING:
    import requests

AGENT = "snippetkit"
"""What servers are told, and what robots.txt may name."""

_TIMEOUT_S = 30
_MOST_MOVES = 10
_PIECE_BYTES = 65_536


class WebAnswer(NamedTuple):
    """What a server answered: where it was found in the end, the status, the kind of content, and its bytes."""

    url: str
    status: int
    content_type: str
    body: bytes


Get = Callable[[str], WebAnswer]
"""Asks for a URL."""


@contextmanager
def asking(check: Callable[[str], None], most_bytes: int, *, is_live: bool) -> Iterator[Get]:
    """Give what asks for URLs, one after the other; whatever a redirect leads to is checked like what was named.

    Args:
        check: raises an error where a URL must not be asked for.
        most_bytes: longer answers are refused.
        is_live: whether a proxy that the environment names may be used.
    """
    import requests

    with requests.Session() as session:
        session.trust_env = is_live
        session.auth = _without_credentials
        session.headers["User-Agent"] = AGENT
        yield lambda url: _get(session, url, check, most_bytes)


def _without_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from taking a password from ~/.netrc."""
    return request


def _get(session: requests.Session, url: str, check: Callable[[str], None], most_bytes: int) -> WebAnswer:
    """Return what a server answers.

    Raises:
        NetworkError: it does not answer, moves in a circle, or answers more than that.
        SettingError: by `check`.
    """
    import requests

    asked = url
    for _ in range(_MOST_MOVES):
        check(url)
        try:
            with session.get(url, timeout=_TIMEOUT_S, stream=True, allow_redirects=False) as response:
                if response.is_redirect:
                    url = urljoin(url, response.headers["Location"])
                    continue
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return WebAnswer(url, response.status_code, kind, _body(response, url, most_bytes))
        except (requests.RequestException, UnicodeError) as error:
            raise NetworkError(f"{url}: {_reason(error)}", hint="open it in a browser") from error
    raise NetworkError(f"{asked}: the server redirects in a circle")


def _body(response: requests.Response, url: str, most_bytes: int) -> bytes:
    body = bytearray()
    for piece in response.iter_content(_PIECE_BYTES):
        body += piece
        if len(body) > most_bytes:
            raise NetworkError(f"{url}: more than {most_bytes // 1_000_000} MB")
    return bytes(body)


def _reason(error: Exception) -> str:
    import requests

    if isinstance(error, requests.Timeout):
        return "the server does not answer"
    return "no server answers there" if isinstance(error, requests.ConnectionError) else "the answer cannot be read"


Origin = tuple[str, str, int | None]
"""A scheme, a host and a port."""


def origin_of(url: str) -> Origin:
    """Return the scheme, the host, and the port, the usual one where none is named."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
