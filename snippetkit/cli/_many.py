"""The code of many pixels at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import Fetched, checked_pixel, say_what_it_reports
from snippetkit.cli._kind import fetch
from snippetkit.cli._output import printable
from snippetkit.errors import AnsweredError, ApiError, SettingError, SnippetError, SnippetkitError
from snippetkit.terms import Kind, Variant

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Pixel, Snippet


def list_ids(transport: Transport, kind: Kind, account: str) -> list[str]:
    """Return the ids of all pixels of an ad account."""
    from snippetkit import graph

    if kind is Kind.META:
        return [pixel.id for pixel in graph.list_meta_pixels(transport, account)]
    return [pixel.id for pixel in graph.list_pixels(transport, account)]


def print_codes(
    transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None, variant: Variant
) -> None:
    """Print one variant of each pixel's code, a newline behind each, and name the pixels that failed.

    Raises:
        ApiError: at least one failed; the others are printed.
    """
    from snippetkit.snippets import take_variant

    if not pixel_ids:
        click.echo("the ad account has no pixels; 'snippetkit pixels create' makes one", err=True)
    failed = 0
    for pixel_id, fetched in fetch_all(transport, kind, pixel_ids, value_cents):
        if isinstance(fetched, SnippetkitError):
            failed += 1
            click.echo(f"failed: {pixel_id}: {printable(str(fetched))}", err=True)
        else:
            click.echo(take_variant(fetched.snippet, variant).encode())
    if failed:
        raise ApiError(f"{failed} of {len(pixel_ids)} pixels failed", hint="the others are printed")


def fetch_each(transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None) -> list[Snippet]:
    """Return each pixel's code, and say on stderr what each reports.

    Raises:
        SnippetkitError: one failed, or there is none.
    """
    found = []
    for _, fetched in fetch_all(transport, kind, pixel_ids, value_cents):
        if isinstance(fetched, SnippetkitError):
            raise fetched
        say_what_it_reports(fetched.snippet)
        found.append(fetched.snippet)
    if not found:
        raise SettingError("the ad account has no pixels", hint="'snippetkit pixels create' makes one")
    return found


def fetch_all(
    transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None
) -> Iterator[tuple[str, Fetched | SnippetkitError]]:
    """Yield each id with its pixel's code, or with why it cannot be had.

    Conversion pixels come in batches; of Meta Pixels an account has one, so they are asked for one by one.
    """
    from snippetkit.graph import read_pixels

    found: Iterable[tuple[str, Pixel | AnsweredError | None]] = (
        ((pixel_id, None) for pixel_id in pixel_ids)
        if kind is Kind.META
        else read_pixels(transport, pixel_ids, value_cents)
    )
    for pixel_id, pixel in found:
        try:
            yield pixel_id, _fetched(transport, pixel_id, pixel, value_cents)
        except (AnsweredError, SettingError, SnippetError) as error:
            yield pixel_id, error


def _fetched(
    transport: Transport, pixel_id: str, pixel: Pixel | AnsweredError | None, value_cents: int | None
) -> Fetched:
    if isinstance(pixel, AnsweredError):
        raise pixel
    if pixel is None:
        return fetch(transport, Kind.META, pixel_id, None)
    return checked_pixel(pixel, value_cents)
