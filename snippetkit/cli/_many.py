"""The code of many pixels at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import checked_snippet
from snippetkit.cli._kind import fetch
from snippetkit.cli._output import printable
from snippetkit.errors import AnsweredError, ApiError, SnippetkitError
from snippetkit.terms import Kind, Variant

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Snippet


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

    failed = 0
    for pixel_id, snippet in _fetch_all(transport, kind, pixel_ids, value_cents):
        if isinstance(snippet, SnippetkitError):
            failed += 1
            click.echo(f"failed: {pixel_id}: {printable(str(snippet))}", err=True)
        else:
            click.echo(take_variant(snippet, variant).encode())
    if failed:
        raise ApiError(f"{failed} of {len(pixel_ids)} pixels failed", hint="the others are printed")


def _fetch_all(
    transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None
) -> Iterator[tuple[str, Snippet | SnippetkitError]]:
    """Conversion pixels in batches; of Meta Pixels an account has one, so they are asked for one by one."""
    from snippetkit.graph import read_pixels

    if kind is Kind.META:
        for pixel_id in pixel_ids:
            yield pixel_id, fetch(transport, kind, pixel_id, None)[1]
        return
    for pixel_id, pixel in read_pixels(transport, pixel_ids, value_cents):
        try:
            yield (
                pixel_id,
                pixel if isinstance(pixel, AnsweredError) else checked_snippet(pixel.js_pixel, pixel_id, value_cents),
            )
        except SnippetkitError as error:
            yield pixel_id, error
