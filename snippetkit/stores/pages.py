"""An object as a page."""

from __future__ import annotations

from dataclasses import dataclass, field

from snippetkit.errors import FileError
from snippetkit.model import Loaded
from snippetkit.stores.adapter import Stored

# Nothing is done to these bytes; the second is left on objects by clients that sent them in pieces.
_PLAIN = {"", "identity", "aws-chunked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage(Loaded):
    """An object that was read: a `model.PageBytes`, and what goes back with it."""

    path: str
    stored: Stored = field(repr=False)

    def close(self) -> None:
        """Do nothing: there is nothing open."""


def page_of(path: str, stored: Stored) -> StoredPage:
    """Return an object as a page.

    Raises:
        FileError: it is stored compressed.
    """
    codings = {coding.strip().lower() for coding in stored.encoding.split(",")} - _PLAIN
    if codings:
        raise FileError(
            f"{path}: stored compressed (Content-Encoding: {stored.encoding}), so it is left as it is",
            hint="store the page as it is, and let the CDN compress it",
            path=path,
        )
    return StoredPage(stored.data, path=path, stored=stored)
