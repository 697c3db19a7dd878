"""The options that say which API to speak to and with which token, and the connection they make."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from snippetkit import work
from snippetkit.cli._command import add_options
from snippetkit.cli._output import printable, shown_value
from snippetkit.cli._paths import File, cache_folder
from snippetkit.cli._progress import show_step
from snippetkit.cli._saying import detail, say
from snippetkit.cli._types import ACCOUNT
from snippetkit.errors import TokenError
from snippetkit.terms import API_VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.graph import Transport
    from snippetkit.model import AccessToken, Snippet

URL_VARIABLE = "SNIPPETKIT_API_URL"
TOKEN_VARIABLE = "SNIPPETKIT_ACCESS_TOKEN"  # noqa: S105
SECRET_VARIABLE = "SNIPPETKIT_APP_SECRET"  # noqa: S105
SANDBOX = "sandbox:"
_MAX_TOKEN_CHARACTERS = 64 * 1024


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
        makes_folder: bool = False,
    ) -> None:
        self._url = url
        self._makes_folder = makes_folder
        self._token_file = token_file
        self._in_query = token_in == "query"  # noqa: S105
        self._version = version
        self._offline = offline
        self._cache = cache

    @property
    def url(self) -> str:
        """Where the API is: the platform's own unless told otherwise."""
        from snippetkit.graph import LIVE_URL

        return self._url or LIVE_URL

    def kept(self, name: str) -> Path | None:
        """Return the path of what is kept from one run to the next, None where nothing is to be."""
        return cache_folder() / name if self._cache else None

    def connect(self) -> AbstractContextManager[Transport]:
        """Give a transport to the API, or to the sandbox in this process.

        Raises:
            TokenError: there is no token, or none that can be one.
            SettingError: the URL cannot be one of an API.
        """
        from snippetkit.graph import check_url
        from snippetkit.model import AccessToken

        show_step("asking the API")
        if self.url.startswith(SANDBOX):
            file = sandbox_path(self.url.removeprefix(SANDBOX))
            makes_folder = self._makes_folder or file == sandbox_path("")
            return work.connect_to_sandbox(
                file, makes_folder=makes_folder, version=self._version, offline=self._offline, log=_log
            )
        check_url(self.url)
        return work.connect(
            self.url,
            AccessToken("") if self._offline else self._token(),
            version=self._version,
            answers=self.kept("answers.db"),
            offline=self._offline,
            log=_log,
        )

    def _token(self) -> AccessToken:
        from snippetkit.graph import EXPLORER_URL
        from snippetkit.model import AccessToken

        text = (_read_token(self._token_file) if self._token_file else os.environ.get(TOKEN_VARIABLE, "")).strip()
        if not text:
            raise TokenError(
                f"no access token for {self.url}",
                hint=f"set {TOKEN_VARIABLE} (from {EXPLORER_URL}), "
                f"or try it all without an account: --api-url {SANDBOX}",
            )
        if not re.fullmatch(r"[!-~]+", text):
            raise TokenError("the access token has a space or another character that tokens do not have")
        return AccessToken(text, os.environ.get(SECRET_VARIABLE, "").strip(), self._in_query)


def _log(line: str) -> None:
    detail(printable(line))


def sandbox_path(text: str) -> Path:
    """Return the file that holds the sandbox, by default one that is kept for this user."""
    from pathlib import Path

    return Path(text) if text else Path(click.get_app_dir("snippetkit"), "sandbox.db")


def _api_version(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value != "none" and not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,3}", value):
        raise click.BadParameter(f"{value!r} is not a version such as {API_VERSION}, nor 'none'")
    return "" if value == "none" else value


_API_OPTIONS = (
    click.option(
        "--api-url",
        envvar=URL_VARIABLE,
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
        type=File(),
        help=f"Read the access token from a file, '-' for stdin.  [default: the variable {TOKEN_VARIABLE}]",
    ),
    click.option(
        "--token-in",
        type=click.Choice(["header", "query"]),
        default="header",
        show_default=True,
        help="How to send the token; old versions take only the query parameter.",
    ),
    click.option("--no-cache", is_flag=True, help="Do not read or write the cache of answers."),
    click.option("--offline", is_flag=True, help="Answer from the cache; send nothing."),
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
        **arguments: Any,
    ) -> None:
        api = Api(
            api_url or "",
            token_file=access_token_file,
            token_in=token_in,
            version=api_version,
            cache=not no_cache,
            offline=offline,
        )
        function(api, **arguments)

    return add_options(command, *_API_OPTIONS)


account_option = click.option(
    "--account", type=ACCOUNT, envvar="SNIPPETKIT_ACCOUNT", show_envvar=True, required=True, help="The ad account."
)


def say_what_it_reports(snippet: Snippet, why: str = "") -> None:
    """Print on stderr what will be reported, so that a value off by 100 is seen before it is live.

    Args:
        snippet: the code.
        why: where its value comes from, if nobody asked for it.
    """
    others = (event for event in snippet.others if event.conversion)
    reports = ", and ".join(_worth(event) for event in (snippet, *others))
    say(printable(", ".join(filter(None, [f"pixel {snippet.pixel_id} reports {reports}", why]))))


def _worth(snippet: Snippet) -> str:
    from snippetkit.model import BASE_CODE

    if snippet.state == BASE_CODE:
        return "no event"
    amount = f"{shown_value(snippet.value or 'no value', snippet.currency)} {snippet.currency or ''}".rstrip()
    called = f" once {snippet.function}() is called" if snippet.function else ""
    return (f"{snippet.event}, with {amount}" if snippet.event else amount) + called


def _read_token(file: str) -> str:
    from pathlib import Path

    try:
        with nullcontext(sys.stdin) if file == "-" else Path(file).open(encoding="utf-8") as opened:
            text = opened.read(_MAX_TOKEN_CHARACTERS + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise TokenError(f"{file}: the access token cannot be read: {reason}") from None
    if len(text) > _MAX_TOKEN_CHARACTERS:
        raise TokenError(f"{file}: too long for an access token")
    return text
