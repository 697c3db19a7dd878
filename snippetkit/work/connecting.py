"""The connection to an API: the one at a URL, or the sandbox in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from snippetkit.terms import API_VERSION
from snippetkit.work.rendering import Tell, unheard

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.graph import Transport
    from snippetkit.model import AccessToken

# Reserved by RFC 2606: without the adapter, the name would not resolve.
_SANDBOX_URL = "https://sandbox.invalid"


@contextmanager
def connect(
    url: str,
    token: AccessToken,
    *,
    version: str = API_VERSION,
    answers: Path | None = None,
    offline: bool = False,
    log: Tell = unheard,
) -> Iterator[Transport]:
    """Give a transport to the API.

    Args:
        url: the API's.
        token: what it is asked with.
        version: the API's version, or empty for none.
        answers: the file that keeps answers, whose ETags are asked with again; None keeps none.
        offline: answer from what was kept, and send nothing.
        log: is told of each request.
    """
    import requests

    from snippetkit.cache import AnswerCache
    from snippetkit.graph import Transport

    with requests.Session() as session:
        if answers is None:
            yield Transport(session, url, token, version=version, offline=offline, log=log)
            return
        with closing(AnswerCache(answers)) as store:
            yield Transport(session, url, token, version=version, store=store, offline=offline, log=log)


@contextmanager
def connect_to_sandbox(
    file: Path,
    *,
    makes_folder: bool = False,
    version: str = API_VERSION,
    offline: bool = False,
    log: Tell = unheard,
) -> Iterator[Transport]:
    """Give a transport to the embedded API in this process.

    Args:
        file: holds its pixels, and is made if it does not exist.
        makes_folder: make its folder too.
        version: the API's version, or empty for none.
        offline: send nothing, not even there.
        log: is told of each request.

    Raises:
        FileError: the file cannot be opened, or is something else.
    """
    import requests

    from snippetkit.graph import Transport
    from snippetkit.model import AccessToken
    from snippetkit.sandbox import Store, WsgiAdapter, create_app

    with requests.Session() as session, closing(Store(file, makes_folder=makes_folder)) as store:
        session.mount(_SANDBOX_URL, WsgiAdapter(create_app(store)))
        token = AccessToken("sandbox")
        yield Transport(session, _SANDBOX_URL, token, version=version, offline=offline, log=log)
