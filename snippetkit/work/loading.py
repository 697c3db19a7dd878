"""The code of pixels, from the API, from a file that somebody sent, or made here, with what it is to report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from snippetkit.errors import SnippetError
from snippetkit.key import Key
from snippetkit.terms import Kind
from snippetkit.work.fetching import Fetched, fetch_each
from snippetkit.work.making import Made, make_each
from snippetkit.work.sent import Allowed, Sent, code_of_each
from snippetkit.work.worth import Value, with_value, with_wanted

if TYPE_CHECKING:
    from snippetkit.graph import Transport


class FromApi(NamedTuple):
    """The code is asked for; `connect` opens the connection."""

    connect: Callable[[], AbstractContextManager[Transport]]
    kind: Kind = Kind.CONVERSION

    @property
    def is_made(self) -> bool:
        """Whether what the API answers is a base code, which events are written behind."""
        return self.kind is Kind.META


class FromFile(NamedTuple):
    """The code was sent in a file; it may do only what conversion code does, and what is allowed."""

    sent: Sent
    allowed: Allowed = Allowed()

    @property
    def is_made(self) -> bool:
        """Whether events are written behind the code: they stand in it."""
        return False


Origin = FromApi | FromFile | Made


def load(origin: Origin, pixel_ids: Sequence[str], value: Value) -> list[Fetched]:
    """Return each pixel's code, checked, with the value set.

    Args:
        origin: where the code comes from.
        pixel_ids: which pixels; none stands for the only one in a file.
        value: what a conversion is worth.

    Raises:
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
        SettingError: code cannot tell what is wanted.
        SnippetError: the code is not what it should be.
    """
    if isinstance(origin, Made):
        return make_each(origin.dialect, pixel_ids, value)
    if isinstance(origin, FromFile):
        snippets = code_of_each(origin.sent, pixel_ids, origin.allowed, value)
        return [Fetched("Pixel", None, with_value(snippet, value)) for snippet in snippets]
    with origin.connect() as transport:
        fetched = fetch_each(transport, origin.kind, pixel_ids, value.cents)
    return [one._replace(snippet=with_wanted(one.snippet, origin.kind, value)) for one in fetched]


def load_for_pages(origin: Origin, pixel_ids: Sequence[str], value: Value) -> list[Fetched]:
    """Return the code as `load` does, but only code that names its pixel, after which its region is called.

    Raises:
        TokenError, ApiError, NetworkError: the API refused, or could not be reached.
        SnippetError: the code is not what it should be.
    """
    from snippetkit import platforms

    name = origin.sent.name if isinstance(origin, FromFile) else "the API's code"
    codes = load(origin, pixel_ids, value)
    for snippet in (fetched.snippet for fetched in codes):
        try:
            Key.of(snippet.dialect, snippet.pixel_id, ids=platforms.ids_of(snippet.dialect))
        except SnippetError as error:
            raise SnippetError(f"{name}:{snippet.line}:{snippet.column}: {error}", hint=error.hint) from error
    return codes
