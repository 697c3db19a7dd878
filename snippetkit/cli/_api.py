"""The options that say which API to speak to and with which token, and the connection they make."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit.cli._types import ACCOUNT
from snippetkit.errors import SnippetError, TokenError
from snippetkit.terms import LIVE_URL

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.graph import Transport
    from snippetkit.model import AccessToken, Snippet

TOKEN_VARIABLE = "SNIPPETKIT_ACCESS_TOKEN"  # noqa: S105
SANDBOX = "sandbox:"
# Reserved by RFC 2606: if the adapter were missing, the name would resolve nowhere.
_SANDBOX_URL = "https://sandbox.invalid"


class Api:
    """Which API, and where its token is; the token is read when it is needed."""

    def __init__(self, url: str, token_file: str | None = None) -> None:
        self.url = url
        self.token_file = token_file

    @contextmanager
    def connect(self) -> Iterator[Transport]:
        """Give a transport to the API, or to the sandbox in this process."""
        import requests

        from snippetkit.graph import Transport
        from snippetkit.model import AccessToken

        with requests.Session() as session:
            if not self.url.startswith(SANDBOX):
                yield Transport(session, self.url, self._token())
                return
            from snippetkit.sandbox import Store, WsgiAdapter, create_app

            store = Store(sandbox_path(self.url.removeprefix(SANDBOX)))
            try:
                session.mount(_SANDBOX_URL, WsgiAdapter(create_app(store)))
                yield Transport(session, _SANDBOX_URL, AccessToken("sandbox"))
            finally:
                store.close()

    def _token(self) -> AccessToken:
        from snippetkit.model import AccessToken

        text = (_read_token(self.token_file) if self.token_file else os.environ.get(TOKEN_VARIABLE, "")).strip()
        if not text:
            raise TokenError(
                f"no access token for {self.url}",
                hint=f"set {TOKEN_VARIABLE} (from https://developers.facebook.com/tools/explorer/), "
                f"or try it all without an account: --api-url {SANDBOX}",
            )
        if not re.fullmatch(r"[!-~]+", text):
            raise TokenError("the access token holds a space or another character that no token has")
        return AccessToken(text)


def sandbox_path(text: str) -> Path:
    """Return the file that holds the sandbox, by default one that is kept for this user."""
    from pathlib import Path

    return Path(text) if text else Path(click.get_app_dir("snippetkit"), "sandbox.db")


def api_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--api-url` and `--access-token-file`; the command gets them as one `Api`, its first argument."""

    @click.option(
        "--api-url",
        envvar="SNIPPETKIT_API_URL",
        show_envvar=True,
        metavar="URL",
        help="The Graph API; live by default. 'sandbox:' or 'sandbox:FILE' is the embedded one, without an account.",
    )
    @click.option(
        "--access-token-file",
        "--token-file",
        metavar="FILE",
        help=f"Read the access token from a file, '-' for stdin.  [default: the variable {TOKEN_VARIABLE}]",
    )
    @wraps(function)
    def command(api_url: str | None, access_token_file: str | None, **arguments: Any) -> None:
        function(Api(api_url or LIVE_URL, access_token_file), **arguments)

    return command


account_option = click.option(
    "--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, required=True, help="The ad account."
)


def fetch_snippet(transport: Transport, pixel_id: str, value_cents: int | None) -> tuple[str, Snippet]:
    """Return a pixel's name and its code, found to be of that pixel and to report that value."""
    from snippetkit.graph import read_pixel

    pixel = read_pixel(transport, pixel_id, value_cents)
    return pixel.name, checked_snippet(pixel.js_pixel, pixel_id, value_cents)


_NOT_THE_CODE = {
    "fp": "nothing was written; the code of a pixel whose name holds HTML can be read once it is renamed",
    "fbq": "nothing was written; look at the code that the vendor shows for this pixel",
}


def checked_snippet(code: str, pixel_id: str, value_cents: int | None, dialect: str = "fp") -> Snippet:
    """Return the snippet that the API answered as this pixel's code with this value, found to be that."""
    from snippetkit import snippets

    try:
        snippet = snippets.read(code, dialect)
        snippets.check(snippet, pixel_id, value_cents)
    except SnippetError as error:
        raise SnippetError(f"pixel {pixel_id}: {error}", hint=_NOT_THE_CODE[dialect]) from error
    return snippet


def say_what_it_reports(snippet: Snippet) -> None:
    """Print on stderr what will be reported, so that a value off by 100 is seen before it is live."""
    amount = f"{snippet.value or 'no value'} {snippet.currency or ''}".rstrip()
    event = f"{snippet.event}, with " if snippet.event else ""
    click.echo(f"pixel {snippet.pixel_id} reports {event}{amount}", err=True)


def _read_token(file: str) -> str:
    from pathlib import Path

    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise TokenError(f"{file}: the access token cannot be read: {reason}") from None
