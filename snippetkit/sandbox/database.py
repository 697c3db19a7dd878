"""The sandbox's database file: its tables, and how it is opened while others use it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from snippetkit.errors import FileError

_APPLICATION_ID = 0x736E6B74  # "snkt", so that no other program's database is written to
_SCHEMA_VERSION = 3
_FIRST_PIXEL_ID = 6_009_125_095_680
# So far above the conversion pixels' that an id names one thing.
_FIRST_NODE_ID = 1_000_000_000_000_001
_LOCK_TIMEOUT_S = 30.0
_WAL_ATTEMPTS = 100
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS pixel (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    tag TEXT NOT NULL,
    UNIQUE (account, name)
);
CREATE TABLE IF NOT EXISTS authorization (
    pixel_id INTEGER NOT NULL REFERENCES pixel ON DELETE CASCADE,
    account TEXT NOT NULL,
    PRIMARY KEY (pixel_id, account)
);
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    pixel_id INTEGER NOT NULL,
    value TEXT,
    currency TEXT,
    fired_at_s INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS event_by_pixel ON event (pixel_id, fired_at_s);
CREATE TABLE IF NOT EXISTS node (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    fields TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS node_by_account ON node (account, kind);
CREATE UNIQUE INDEX IF NOT EXISTS one_ads_pixel ON node (account) WHERE kind = 'adspixel';
CREATE TABLE IF NOT EXISTS share (
    node_id INTEGER NOT NULL REFERENCES node ON DELETE CASCADE,
    account TEXT NOT NULL,
    business TEXT NOT NULL,
    PRIMARY KEY (node_id, account, business)
);
INSERT INTO sqlite_sequence (name, seq)
    SELECT first.* FROM (SELECT 'pixel' AS name, {_FIRST_PIXEL_ID - 1} UNION SELECT 'node', {_FIRST_NODE_ID - 1})
    AS first WHERE name NOT IN (SELECT name FROM sqlite_sequence);
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = {_SCHEMA_VERSION};
COMMIT;
"""  # noqa: S608 (put together from constants)


def open_database(path: Path) -> sqlite3.Connection:
    """Return the database at `path`, made where it does not exist; threads may share the connection.

    Each statement is a transaction of its own, which lasts once it is done: the journal is a write-ahead log.

    Raises:
        FileError: the file cannot be opened, or is something else than a sandbox's database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_LOCK_TIMEOUT_S, check_same_thread=False, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise FileError(f"{path}: the sandbox's database cannot be opened: {error}", hint="name a new file") from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    [(application_id, version, tables)] = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchall()
    if tables and application_id != _APPLICATION_ID:
        raise FileError(f"{path}: this is another program's database", hint="name a new file")
    if version < _SCHEMA_VERSION:
        _use_wal(connection)
        connection.executescript(_SCHEMA)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the journal; SQLite refuses at once where another process does so too, so wait for its lock."""
    for _ in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            connection.executescript("BEGIN IMMEDIATE; COMMIT;")
    raise sqlite3.OperationalError("database is locked")
