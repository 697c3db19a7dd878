"""The code of many pixels at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from snippetkit.cli._api import checked_snippet
from snippetkit.cli._output import printable
from snippetkit.errors import AnsweredError, ApiError, SnippetkitError
from snippetkit.terms import Variant

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Pixel


def print_codes(transport: Transport, pixel_ids: Sequence[str], value_cents: int | None, variant: Variant) -> None:
    """Print one variant of each pixel's code, a newline behind each, and name the pixels that failed.

    Raises:
        ApiError: at least one failed; the others are printed.
    """
    from snippetkit.graph import read_pixels
    from snippetkit.snippets import take_variant

    failed = 0
    for pixel_id, pixel in read_pixels(transport, pixel_ids, value_cents):
        try:
            click.echo(take_variant(checked_snippet(_code(pixel), pixel_id, value_cents), variant).encode())
        except SnippetkitError as error:
            failed += 1
            click.echo(f"failed: {pixel_id}: {printable(str(error))}", err=True)
    if failed:
        raise ApiError(f"{failed} of {len(pixel_ids)} pixels failed", hint="the others are printed")


def _code(pixel: Pixel | AnsweredError) -> str:
    if isinstance(pixel, AnsweredError):
        raise pixel
    return pixel.js_pixel
