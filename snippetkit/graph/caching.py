"""Answers that are kept, and asked for again by their ETag (Graph API, "Using ETags")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlencode

from snippetkit.errors import NetworkError
from snippetkit.graph import answers
from snippetkit.graph.answers import Answer


class ETagStore(Protocol):
    """Keeps an ETag, with its quotes, and the content that it stands for, by a key; many of them faster `together`."""

    def get(self, key: str) -> tuple[str, bytes] | None: ...
    def put(self, key: str, etag: str, content: bytes) -> None: ...
    def together(self) -> AbstractContextManager[None]: ...


class Nowhere:
    """Keeps nothing."""

    def get(self, key: str) -> None:
        """Return None."""

    def put(self, key: str, etag: str, content: bytes) -> None:
        """Forget it."""

    def together(self) -> AbstractContextManager[None]:
        """Return what does nothing."""
        return nullcontext()


def relative_url(path: str, params: Mapping[str, str]) -> str:
    """Return what a GET asks for, without secrets."""
    return f"{path}?{_query(tuple(params.items()))}"


@lru_cache(maxsize=64)
def _query(params: tuple[tuple[str, str], ...]) -> str:
    return urlencode(params, safe=",")


class Keeper:
    """What was kept of one call, and what becomes of its new answer.

    Args:
        store: where answers are kept, each by a digest of its URL.
        root: the API's URL with its version.
        url: the call's relative URL, without secrets.
    """

    def __init__(self, store: ETagStore, root: str, url: str) -> None:
        self.url = url
        self._store = store
        self._key = hashlib.sha256(f"{root}/{url}".encode()).hexdigest()
        self._kept = store.get(self._key)

    @property
    def etag(self) -> str | None:
        """The ETag to ask with, if there is one."""
        return self._kept[0] if self._kept else None

    def kept(self) -> object:
        """Return the kept answer.

        Raises:
            NetworkError: there is none.
        """
        if self._kept is None:
            raise NetworkError("not in the cache, so there is no answer offline", hint="leave out --offline")
        return json.loads(self._kept[1])

    def read(self, answer: Answer) -> object:
        """Return the parsed JSON of a new answer, which is kept, or of the kept one if nothing changed.

        Raises:
            PassingError, TokenError, ApiError: as `answers.read`.
        """
        if answer.status == 304 and self._kept:
            return self.kept()
        document = answers.read(answer)
        if etag := answer.headers.get("etag"):
            self._store.put(self._key, etag, answer.content)
        return document
