"""The options that say which API to speak to and with which token, and the connection they make."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.cli._output import printable
from snippetkit.cli._types import ACCOUNT
from snippetkit.errors import SnippetError, TokenError
from snippetkit.terms import API_VERSION, LIVE_URL

if TYPE_CHECKING:
    from pathlib import Path

    from requests import Session

    from snippetkit.cache import AnswerCache
    from snippetkit.graph import Transport
    from snippetkit.model import AccessToken, Pixel, Snippet

TOKEN_VARIABLE = "SNIPPETKIT_ACCESS_TOKEN"  # noqa: S105
SECRET_VARIABLE = "SNIPPETKIT_APP_SECRET"  # noqa: S105
SANDBOX = "sandbox:"
# Reserved by RFC 2606: if the adapter were missing, the name would resolve nowhere.
_SANDBOX_URL = "https://sandbox.invalid"


class Api:
    """Which API, and how to speak to it; the token is read when it is needed."""

    def __init__(
        self,
        url: str,
        *,
        token_file: str | None = None,
        token_in: str = "header",  # noqa: S107
        version: str = API_VERSION,
        cache: bool = True,
        offline: bool = False,
        verbose: bool = False,
    ) -> None:
        self.url = url
        self._token_file = token_file
        self._in_query = token_in == "query"  # noqa: S105
        self._version = version
        self._offline = offline
        self._cache = cache
        self._verbose = verbose

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the embedded API in this process."""
        return self.url.startswith(SANDBOX)

    @contextmanager
    def connect(self) -> Iterator[Transport]:
        """Give a transport to the API, or to the sandbox in this process."""
        import requests

        from snippetkit.cache import AnswerCache
        from snippetkit.model import AccessToken

        with requests.Session() as session:
            if not self.is_sandbox:
                token = AccessToken("") if self._offline else self._token()
                with closing(AnswerCache(_cache_path())) as kept:
                    yield self._transport(session, self.url, token, kept if self._cache else None)
                return
            from snippetkit.sandbox import Store, WsgiAdapter, create_app

            with closing(Store(sandbox_path(self.url.removeprefix(SANDBOX)))) as store:
                session.mount(_SANDBOX_URL, WsgiAdapter(create_app(store)))
                yield self._transport(session, _SANDBOX_URL, AccessToken("sandbox"), None)

    def _transport(self, session: Session, url: str, token: AccessToken, store: AnswerCache | None) -> Transport:
        from snippetkit.graph import Transport

        log = (lambda line: click.echo(printable(line), err=True)) if self._verbose else (lambda line: None)
        return Transport(session, url, token, version=self._version, store=store, offline=self._offline, log=log)

    def _token(self) -> AccessToken:
        from snippetkit.model import AccessToken

        text = (_read_token(self._token_file) if self._token_file else os.environ.get(TOKEN_VARIABLE, "")).strip()
        if not text:
            raise TokenError(
                f"no access token for {self.url}",
                hint=f"set {TOKEN_VARIABLE} (from https://developers.facebook.com/tools/explorer/), "
                f"or try it all without an account: --api-url {SANDBOX}",
            )
        if not re.fullmatch(r"[!-~]+", text):
            raise TokenError("the access token holds a space or another character that no token has")
        return AccessToken(text, os.environ.get(SECRET_VARIABLE, "").strip(), self._in_query)


def sandbox_path(text: str) -> Path:
    """Return the file that holds the sandbox, by default one that is kept for this user."""
    from pathlib import Path

    return Path(text) if text else Path(click.get_app_dir("snippetkit"), "sandbox.db")


def _api_version(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value != "none" and not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,3}", value):
        raise click.BadParameter(f"{value!r} is no version such as {API_VERSION}, and not 'none'")
    return "" if value == "none" else value


_API_OPTIONS = (
    click.option(
        "--api-url",
        envvar="SNIPPETKIT_API_URL",
        show_envvar=True,
        metavar="URL",
        help="The Graph API; live by default. 'sandbox:' or 'sandbox:FILE' is the embedded one, without an account.",
    ),
    click.option(
        "--api-version",
        envvar="SNIPPETKIT_API_VERSION",
        show_envvar=True,
        show_default=True,
        default=API_VERSION,
        metavar="VERSION",
        callback=_api_version,
        help="The API's version, or 'none'.",
    ),
    click.option(
        "--access-token-file",
        "--token-file",
        metavar="FILE",
        help=f"Read the access token from a file, '-' for stdin.  [default: the variable {TOKEN_VARIABLE}]",
    ),
    click.option(
        "--token-in",
        type=click.Choice(["header", "query"]),
        default="header",
        show_default=True,
        help="Where the token goes; old versions know the parameter only.",
    ),
    click.option("--no-cache", is_flag=True, help="Do not keep answers, and do not ask by what was kept."),
    click.option("--offline", is_flag=True, help="Answer from what was kept, and send nothing."),
    click.option("-v", "--verbose", count=True, help="Name each request on stderr."),
)


def api_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which API and how; the command gets them as one `Api`, its first argument."""

    @wraps(function)
    def command(
        api_url: str | None,
        api_version: str,
        access_token_file: str | None,
        token_in: str,
        no_cache: bool,
        offline: bool,
        verbose: int,
        **arguments: Any,
    ) -> None:
        api = Api(
            api_url or LIVE_URL,
            token_file=access_token_file,
            token_in=token_in,
            version=api_version,
            cache=not no_cache,
            offline=offline,
            verbose=bool(verbose),
        )
        function(api, **arguments)

    for option in reversed(_API_OPTIONS):
        command = option(command)
    return command


account_option = click.option(
    "--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, required=True, help="The ad account."
)


class Fetched(NamedTuple):
    """A pixel's code, found to be its own, with its name, and its ad account where that is known."""

    name: str
    account: str | None
    snippet: Snippet


def fetch_snippet(transport: Transport, pixel_id: str, value_cents: int | None) -> Fetched:
    """Return a pixel's code, found to be of that pixel and to report that value."""
    from snippetkit.graph import read_pixel

    return checked_pixel(read_pixel(transport, pixel_id, value_cents), value_cents)


def checked_pixel(pixel: Pixel, value_cents: int | None) -> Fetched:
    """Return the code of a pixel that the API answered, found to be of that pixel and to report that value."""
    account = pixel.creator.partition(" ")[0]
    snippet = checked_snippet(pixel.js_pixel, pixel.id, value_cents)
    return Fetched(pixel.name, account if account.isdecimal() else None, snippet)


_NOT_THE_CODE = {
    "fp": "nothing was written; the code of a pixel whose name holds HTML can be read once it is renamed",
    "fbq": "nothing was written; look at the code that the vendor shows for this pixel",
}


def checked_snippet(code: str, pixel_id: str, value_cents: int | None, dialect: str = "fp") -> Snippet:
    """Return the snippet that the API answered as this pixel's code with this value, found to be that."""
    from snippetkit import snippets

    try:
        snippet = snippets.read_code(code, dialect)
        snippets.check(snippet, pixel_id, value_cents)
    except SnippetError as error:
        raise SnippetError(f"pixel {pixel_id}: {error}", hint=_NOT_THE_CODE[dialect]) from error
    return snippet


def say_what_it_reports(snippet: Snippet) -> None:
    """Print on stderr what will be reported, so that a value off by 100 is seen before it is live."""
    amount = f"{snippet.value or 'no value'} {snippet.currency or ''}".rstrip()
    event = f"{snippet.event}, with " if snippet.event else ""
    click.echo(printable(f"pixel {snippet.pixel_id} reports {event}{amount}"), err=True)


def _cache_path() -> Path:
    from pathlib import Path

    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "snippetkit", "answers.db")


def _read_token(file: str) -> str:
    from pathlib import Path

    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise TokenError(f"{file}: the access token cannot be read: {reason}") from None
