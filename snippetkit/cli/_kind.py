"""`--kind`: conversion pixels and Meta Pixels, which the API has; where code is written, also what is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from snippetkit.cli._api import SANDBOX, Api
from snippetkit.cli._command import refuse_options
from snippetkit.cli._output import printable
from snippetkit.cli._saying import say
from snippetkit.cli._types import CODE_KIND
from snippetkit.errors import SettingError
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from snippetkit.graph import Transport

_SWITCHED_OFF = "note: the live API switched off conversion pixels in 2017; use --kind meta"
# The parameters that only the other kind takes, and what to do instead.
_NOT_FOR = {
    Kind.CONVERSION: {"business": "leave it out: only a Meta Pixel is shared within a business"},
    Kind.META: {
        **dict.fromkeys(("value_cents", "amount"), "a base code has no value; name its event: --event Purchase"),
        "tag": "leave it out: a Meta Pixel has no tag, its events say what happened",
        "via": "leave it out: there is one way to a Meta Pixel's code",
    },
}
# Parameters that the kind takes where another one is given.
_UNLESS = {"value_cents": "event", "amount": "event"}


_NOT_MADE = (
    *("api_url", "api_version", "access_token_file", "token_in", "no_cache", "offline"),
    *("from_file", "allow_host", "allow", "languages", "take_all", "account", "via"),
)
"""The parameters that say how code is had from elsewhere."""


def kind_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--kind`, and refuse the options of the command that the kind does not have."""

    @click.option(
        "--kind",
        type=click.Choice([kind.value for kind in Kind]),
        default=Kind.CONVERSION.value,
        show_default=True,
        help="A conversion pixel (2012 to 2017) or a Meta Pixel (today's).",
    )
    @wraps(function)
    def command(*args: Any, kind: str, **arguments: Any) -> None:
        _check_options(Kind(kind))
        if Kind(kind) is Kind.META:
            _say_if_custom(click.get_current_context().params.get("event"))
        function(*args, kind=Kind(kind), **arguments)

    return command


def code_kind_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--kind` with the dialects whose code is made here, and refuse the options that the kind does not have."""

    @click.option(
        "--kind",
        type=CODE_KIND,
        default=Kind.CONVERSION.value,
        show_default=True,
        metavar="[conversion|meta|NAME]",
        is_eager=True,
        help="A conversion pixel (2012 to 2017) or a Meta Pixel (today's), both from the API; "
        "or the NAME of any platform's code, as inspect shows it, which is made here.",
    )
    @wraps(function)
    def command(*args: Any, kind: str, **arguments: Any) -> None:
        if isinstance(kind, Kind):
            _check_options(kind)
            if kind is Kind.META:
                _say_if_custom(click.get_current_context().params.get("event"))
        else:
            refuse_options(f"cannot be used with --kind {kind}: its code is made here.", *_NOT_MADE)
        function(*args, kind=kind, **arguments)

    return command


@contextmanager
def connect(api: Api, kind: Kind) -> Iterator[Transport]:
    """Give a transport to the API; say on stderr where that is the live one, which has no such pixels any more."""
    with api.connect() as transport:
        if kind is Kind.CONVERSION and _is_live(api.url):
            say(_SWITCHED_OFF)
        yield transport


def _say_if_custom(event: str | None) -> None:
    from snippetkit import platforms

    if event is None:
        return
    events = platforms.events_of(platforms.answering(Kind.META)[0].name)
    events.check_name(event)
    if event not in events.standard:
        say(
            printable(f"note: {event} is not a standard event, so it is reported as a custom event{events.near(event)}")
        )


def _is_live(url: str) -> bool:
    from urllib.parse import urlsplit

    from snippetkit.graph import LIVE_URL

    return not url.startswith(SANDBOX) and urlsplit(url).hostname == urlsplit(LIVE_URL).hostname


def _check_options(kind: Kind) -> None:
    context = click.get_current_context()
    for param in context.command.params:
        given = context.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
        is_met = param.name in _UNLESS and context.params.get(_UNLESS[param.name]) is not None
        if given and param.name in _NOT_FOR[kind] and not is_met:
            raise SettingError(f"{param.opts[0]} cannot be used with --kind {kind}", hint=_NOT_FOR[kind][param.name])
