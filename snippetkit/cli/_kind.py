"""`--kind`, where a command takes conversion pixels and Meta Pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from snippetkit.cli._api import SANDBOX, Api, Fetched, checked_snippet, fetch_snippet
from snippetkit.errors import SettingError
from snippetkit.terms import LIVE_URL, Kind

if TYPE_CHECKING:
    from snippetkit.graph import Transport

_SWITCHED_OFF = (
    "note: the live API's endpoints of conversion pixels were switched off in 2017; "
    "Meta Pixels replace them: give --kind meta"
)
# The parameters that only the other kind has, and what to do instead.
_NOT_FOR = {
    Kind.CONVERSION: {"business": "leave it out: only a Meta Pixel is shared within a business"},
    Kind.META: {
        "value_cents": "leave it out: a base code has none; 'snippetkit pixels create-conversion' can set one",
        "tag": "leave it out: a Meta Pixel has no tag, its events say what happened",
        "via": "leave it out: there is one way to a Meta Pixel's code",
    },
}


def kind_option(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--kind`, and refuse the options of the command that the kind does not have."""

    @click.option(
        "--kind",
        type=click.Choice([kind.value for kind in Kind]),
        default=Kind.CONVERSION.value,
        show_default=True,
        help="A conversion pixel, of 2012 to 2017, or a Meta Pixel, today's.",
    )
    @wraps(function)
    def command(*args: Any, kind: str, **arguments: Any) -> None:
        _check_options(Kind(kind))
        function(*args, kind=Kind(kind), **arguments)

    return command


@contextmanager
def connect(api: Api, kind: Kind) -> Iterator[Transport]:
    """Give a transport to the API; say on stderr where that is the live one, which has no such pixels any more."""
    with api.connect() as transport:
        if kind is Kind.CONVERSION and _is_live(api.url):
            click.echo(_SWITCHED_OFF, err=True)
        yield transport


def fetch(transport: Transport, kind: Kind, pixel_id: str, value_cents: int | None) -> Fetched:
    """Return a pixel's code, found to be of that pixel and, if it has one, to report that value."""
    from snippetkit.graph import read_meta_pixel

    if kind is Kind.CONVERSION:
        return fetch_snippet(transport, pixel_id, value_cents)
    pixel = read_meta_pixel(transport, pixel_id)
    return Fetched(pixel.name, None, checked_snippet(pixel.code, pixel_id, None, "fbq"))


def _is_live(url: str) -> bool:
    from urllib.parse import urlsplit

    return not url.startswith(SANDBOX) and urlsplit(url).hostname == urlsplit(LIVE_URL).hostname


def _check_options(kind: Kind) -> None:
    context = click.get_current_context()
    for param in context.command.params:
        given = context.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
        if given and param.name in _NOT_FOR[kind]:
            raise SettingError(f"{param.opts[0]} is not for --kind {kind}", hint=_NOT_FOR[kind][param.name])
