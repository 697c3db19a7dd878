"""Answers of the API in one SQLite file; no key and no content holds a token, or anything derived from one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, etag TEXT NOT NULL, content BLOB NOT NULL) WITHOUT ROWID;
"""


class AnswerCache:
    """Keeps answers in a file, which is made when one is first asked for.

    A file that cannot be read counts as empty, and one that cannot be written keeps nothing: both cost requests,
    no more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, key: str) -> tuple[str, bytes] | None:
        """Return the ETag and the content that were kept by a key, or None."""
        rows = self._rows("SELECT etag, content FROM answer WHERE key = ?", key)
        return rows[0] if rows else None

    def put(self, key: str, etag: str, content: bytes) -> None:
        """Keep an ETag and a content by a key."""
        self._rows("INSERT OR REPLACE INTO answer (key, etag, content) VALUES (?, ?, ?)", key, etag, content)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Get several answers or put several, with one transaction for all of them."""
        self._rows("BEGIN")
        try:
            yield
        finally:
            self._rows("COMMIT")

    def close(self) -> None:
        """Close the file, if it is open."""
        if "_connection" in vars(self) and self._connection:
            self._connection.close()

    @cached_property
    def _connection(self) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and not self._path.is_file():
                return None  # opening a pipe would wait for somebody to write
            connection = sqlite3.connect(self._path, isolation_level=None)
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            return None
        return connection

    def _rows(self, statement: str, *values: str | bytes) -> list[tuple[str, bytes]]:
        try:
            return self._connection.execute(statement, values).fetchall() if self._connection else []
        except sqlite3.Error:
            return []
