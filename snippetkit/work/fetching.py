"""The code of pixels from the API: asked for, and checked to be what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import AnsweredError, SettingError, SnippetError, SnippetkitError
from snippetkit.terms import Kind

if TYPE_CHECKING:
    from snippetkit.graph import Transport
    from snippetkit.model import Pixel, Snippet


class Fetched(NamedTuple):
    """A pixel's code, checked to be its own, with its name, and its ad account where that is known."""

    name: str
    account: str | None
    snippet: Snippet


def fetch(transport: Transport, kind: Kind, pixel_id: str, value_cents: int | None = None) -> Fetched:
    """Return a pixel's code, checked to be of that pixel and to report that value, if there is one.

    Raises:
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
        SnippetError: what it answered is not that code.
    """
    from snippetkit import graph

    if kind is Kind.CONVERSION:
        return _checked_pixel(graph.read_pixel(transport, pixel_id, value_cents), value_cents)
    pixel = graph.read_meta_pixel(transport, pixel_id)
    return Fetched(pixel.name, None, check_code(pixel.code, pixel_id, None, kind))


def check_code(code: str, pixel_id: str, value_cents: int | None, kind: Kind = Kind.CONVERSION) -> Snippet:
    """Return the snippet in what the API answered, checked to be this pixel's code with this value.

    Raises:
        SnippetError: it is not.
    """
    from snippetkit import platforms, snippets

    dialect, answered = platforms.answering(kind)
    try:
        snippet = snippets.read_code(code, dialect.name)
        snippets.check(snippet, pixel_id, value_cents)
    except SnippetError as error:
        raise SnippetError(f"pixel {pixel_id}: {error}", hint=answered.hint) from error
    return snippet


def list_ids(transport: Transport, kind: Kind, account: str) -> list[str]:
    """Return the ids of all pixels of an ad account.

    Raises:
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
    """
    from snippetkit import graph

    if kind is Kind.META:
        return [pixel.id for pixel in graph.list_meta_pixels(transport, account)]
    return [pixel.id for pixel in graph.list_pixels(transport, account)]


def fetch_each(
    transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None = None
) -> list[Fetched]:
    """Return each pixel's code.

    Raises:
        SnippetkitError: one failed, or there is none.
    """
    if len(pixel_ids) == 1:
        return [fetch(transport, kind, pixel_ids[0], value_cents)]
    codes = []
    for pixel_id, fetched in fetch_all(transport, kind, pixel_ids, value_cents):
        if isinstance(fetched, SnippetkitError):
            fetched.args = (f"pixel {pixel_id}: {str(fetched).removeprefix(f'pixel {pixel_id}: ')}",)
            raise fetched
        codes.append(fetched)
    if not codes:
        raise SettingError("the ad account has no pixels", hint="'snippetkit pixels create' makes one")
    return codes


def fetch_all(
    transport: Transport, kind: Kind, pixel_ids: Sequence[str], value_cents: int | None = None
) -> Iterator[tuple[str, Fetched | SnippetkitError]]:
    """Yield each id with its pixel's code, or with why it cannot be had.

    Conversion pixels come in batches; of Meta Pixels an account has one, so they are asked for one by one.
    """
    from snippetkit import graph

    answers: Iterable[tuple[str, Pixel | AnsweredError | None]] = (
        ((pixel_id, None) for pixel_id in pixel_ids)
        if kind is Kind.META
        else graph.read_pixels(transport, pixel_ids, value_cents)
    )
    for pixel_id, pixel in answers:
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
        return fetch(transport, Kind.META, pixel_id)
    return _checked_pixel(pixel, value_cents)


def _checked_pixel(pixel: Pixel, value_cents: int | None) -> Fetched:
    account = pixel.creator.partition(" ")[0]
    snippet = check_code(pixel.js_pixel, pixel.id, value_cents)
    return Fetched(pixel.name, account if account.isdecimal() else None, snippet)
