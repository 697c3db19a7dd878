"""The sandbox's database: pixels, and the events that pages fired."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from snippetkit.records import dataclass
from snippetkit.sandbox.database import failed, open_database
from snippetkit.terms import Kind

_PIXELS = """
SELECT id, account, name, tag, (SELECT max(fired_at_s) FROM event WHERE pixel_id = pixel.id) FROM pixel
"""
_NODES = """
SELECT id, kind, account, fields, (SELECT max(fired_at_s) FROM event WHERE pixel_id = node.id) FROM node
"""
_SEEN = "kind = ?2 AND (account = ?1 OR id IN (SELECT node_id FROM share WHERE account = ?1))"


@dataclass(frozen=True, slots=True)
class StoredPixel:
    """A row of `pixel`; `last_fired_at_s` is seconds since 1970, None where no page ever fired it."""

    id: str
    account: str
    name: str
    tag: str
    last_fired_at_s: int | None


@dataclass(frozen=True, slots=True)
class Node:
    """Any other object: `kind` is `adspixel`, `adgroup` or `customconversion`, `fields` what was given, as JSON.

    `last_fired_at_s` is seconds since 1970, None where no page ever fired it.
    """

    id: str
    kind: str
    account: str
    fields: dict[str, Any]
    last_fired_at_s: int | None


@dataclass(frozen=True, slots=True)
class FiredEvent:
    """One fired pixel; value and currency as the page sent them, `fired_at_s` in seconds since 1970."""

    pixel_id: str
    value: str | None
    currency: str | None
    fired_at_s: int


class Store:
    """Pixels and events in a SQLite file, made where it does not exist. Threads may share it.

    Raises:
        FileError: the file cannot be opened, or is something other than a sandbox's database; each call raises it too,
            where the file cannot be read or written.
    """

    def __init__(self, path: Path, *, makes_folder: bool = False) -> None:
        """Open the file; where `makes_folder` is set, its folder is made too where it does not exist."""
        self._lock = threading.RLock()
        self._path = path
        self._connection = open_database(path, makes_folder=makes_folder)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read several times from one state of the file, which spares all reads but the first its locks.

        What is called inside may only read; other threads wait.
        """
        with self._lock:
            self._rows("BEGIN")
            try:
                yield
            finally:
                self._rows("COMMIT")

    def add_pixel(self, account: str, name: str, tag: str) -> str | None:
        """Store a pixel and return its id; None where the account has one of that name."""
        rows = self._rows(
            "INSERT INTO pixel (account, name, tag) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
            account,
            name,
            tag,
        )
        return str(rows[0][0]) if rows else None

    def pixel(self, pixel_id: str) -> StoredPixel | None:
        """Return one pixel, or None."""
        rows = self._rows(f"{_PIXELS} WHERE id = ?", pixel_id)
        return _stored_pixel(rows[0]) if rows else None

    def pixels(self, account: str, after: str, limit: int) -> list[StoredPixel]:
        """Return an account's pixels whose id is above `after`, ordered by id, at most `limit`."""
        rows = self._rows(f"{_PIXELS} WHERE account = ? AND id > ? ORDER BY id LIMIT ?", account, after, limit)
        return [_stored_pixel(row) for row in rows]

    def count_pixels(self, account: str) -> int:
        """Return how many pixels an account has."""
        [(count,)] = self._rows("SELECT count(*) FROM pixel WHERE account = ?", account)
        return int(count)

    def kind(self, object_id: str) -> str | None:
        """Return the kind of object that an id names, `offsitepixel` for a conversion pixel, or None."""
        rows = self._rows(
            "SELECT 'offsitepixel' FROM pixel WHERE id = ?1 UNION SELECT kind FROM node WHERE id = ?1", object_id
        )
        return rows[0][0] if rows else None

    def update_pixel(self, pixel_id: str, name: str, tag: str) -> bool:
        """Give a pixel a name and a tag; return False where another pixel of its account has that name."""
        return bool(
            self._rows("UPDATE OR IGNORE pixel SET name = ?, tag = ? WHERE id = ? RETURNING id", name, tag, pixel_id)
        )

    def delete_pixel(self, pixel_id: str) -> None:
        """Delete a pixel and its authorizations; what was fired stays."""
        self._rows("DELETE FROM pixel WHERE id = ?", pixel_id)

    def authorize(self, pixel_id: str, accounts: Sequence[str]) -> None:
        """Let accounts use a pixel, all or none of them; some may do so already."""
        self._rows(
            "INSERT OR IGNORE INTO authorization (pixel_id, account)"
            " SELECT pixel.id, value FROM pixel, json_each(?) WHERE pixel.id = ?",
            json.dumps(accounts),
            pixel_id,
        )

    def deauthorize(self, pixel_id: str, accounts: Sequence[str]) -> None:
        """Let accounts no longer use a pixel, all or none of them."""
        self._rows(
            "DELETE FROM authorization WHERE pixel_id = ? AND account IN (SELECT value FROM json_each(?))",
            pixel_id,
            json.dumps(accounts),
        )

    def authorized(self, pixel_id: str) -> list[str]:
        """Return the accounts besides its own that may use a pixel, in the order in which they were added."""
        return [
            row[0]
            for row in self._rows("SELECT account FROM authorization WHERE pixel_id = ? ORDER BY rowid", pixel_id)
        ]

    def known(self, kind: str) -> list[tuple[str, str]]:
        """Return the id and the name of each pixel of any account: of a kind as `terms.Kind` names it."""
        if kind == Kind.CONVERSION:
            return [(str(row[0]), row[1]) for row in self._rows("SELECT id, name FROM pixel ORDER BY id")]
        rows = self._rows("SELECT id, json_extract(fields, '$.name') FROM node WHERE kind = 'adspixel' ORDER BY id")
        return [(str(row[0]), row[1] or "") for row in rows]

    def accounts(self) -> list[str]:
        """Return each ad account that has something."""
        return [row[0] for row in self._rows("SELECT account FROM pixel UNION SELECT account FROM node ORDER BY 1")]

    def add_event(self, event: FiredEvent) -> None:
        """Store an event."""
        self._rows(
            "INSERT INTO event (pixel_id, value, currency, fired_at_s) VALUES (?, ?, ?, ?)",
            event.pixel_id,
            event.value,
            event.currency,
            event.fired_at_s,
        )

    def events(self, pixel_id: str) -> list[FiredEvent]:
        """Return a pixel's events, oldest first."""
        rows = self._rows(
            "SELECT pixel_id, value, currency, fired_at_s FROM event WHERE pixel_id = ? ORDER BY id", pixel_id
        )
        return [FiredEvent(str(row[0]), *row[1:]) for row in rows]

    def add_node(self, kind: str, account: str, fields: dict[str, Any]) -> str | None:
        """Store an object and return its id; None where the account may not have a second one of this kind."""
        rows = self._rows(
            "INSERT INTO node (kind, account, fields) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
            kind,
            account,
            json.dumps(fields),
        )
        return str(rows[0][0]) if rows else None

    def node(self, node_id: str) -> Node | None:
        """Return one object, or None."""
        rows = self._rows(f"{_NODES} WHERE id = ?", node_id)
        return _node(rows[0]) if rows else None

    def nodes(self, kind: str, account: str, after: str, limit: int) -> list[Node]:
        """Return the objects that an account has or shares whose id is above `after`, at most `limit`."""
        rows = self._rows(f"{_NODES} WHERE {_SEEN} AND id > ?3 ORDER BY id LIMIT ?4", account, kind, after, limit)
        return [_node(row) for row in rows]

    def count_nodes(self, kind: str, account: str) -> int:
        """Return how many objects of a kind an account has or shares."""
        [(count,)] = self._rows(f"SELECT count(*) FROM node WHERE {_SEEN}", account, kind)
        return int(count)

    def update_node(self, node_id: str, fields: dict[str, Any]) -> None:
        """Give an object these fields; those that are not named stay."""
        self._rows("UPDATE node SET fields = json_patch(fields, ?) WHERE id = ?", json.dumps(fields), node_id)

    def share(self, node_id: str, account: str, business: str) -> None:
        """Let an account use an object through a business; it may do so already."""
        self._rows(
            "INSERT OR IGNORE INTO share (node_id, account, business) VALUES (?, ?, ?)", node_id, account, business
        )

    def unshare(self, node_id: str, account: str, business: str) -> None:
        """Let an account no longer use an object through a business."""
        self._rows("DELETE FROM share WHERE node_id = ? AND account = ? AND business = ?", node_id, account, business)

    def shared(self, node_id: str, business: str) -> list[str]:
        """Return the accounts that use an object through a business, in the order in which they were added."""
        return [
            row[0]
            for row in self._rows(
                "SELECT account FROM share WHERE node_id = ? AND business = ? ORDER BY rowid", node_id, business
            )
        ]

    def _rows(self, statement: str, *values: str | int | None) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise failed(self._path, error) from error


def _node(row: tuple[int, str, str, str, int | None]) -> Node:
    node_id, kind, account, fields, last_fired_at_s = row
    return Node(str(node_id), kind, account, json.loads(fields), last_fired_at_s)


def _stored_pixel(row: tuple[int, str, str, str, int | None]) -> StoredPixel:
    return StoredPixel(str(row[0]), *row[1:])
