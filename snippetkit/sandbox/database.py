"""The sandbox's database file: its tables, and how it is opened while others use it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from snippetkit.errors import FileError

_APPLICATION_ID = 0x736E6B74  # "snkt", so that no other program's database is written to
_SCHEMA_VERSION = 3
_FIRST_PIXEL_ID = 6_009_125_095_680
# So far above the conversion pixels' ids that no id names two things.
_FIRST_NODE_ID = 1_000_000_000_000_001
_LOCK_TIMEOUT_S = 10.0
_WAL_ATTEMPTS = 100
_NAME_ANOTHER = "name another file: --api-url sandbox:FILE, or --db of 'snippetkit sandbox'"
_DAMAGED = ("is damaged", "move it away and begin a new one, or put a copy back")
_HELD = ("is held by another program", f"end that program, or {_NAME_ANOTHER}")
_REASONS = {
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: ("may not be written", f"allow that for it and its folder, or {_NAME_ANOTHER}"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", f"allow that for it and its folder, or {_NAME_ANOTHER}"),
    sqlite3.SQLITE_NOTADB: ("is not a database, or a damaged one", _NAME_ANOTHER),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,  # a table or a column is not there
    sqlite3.SQLITE_FULL: ("cannot be written: the disk is full", "make room there"),
}
"""By SQLite's code: what is wrong, and what to do."""

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


def open_database(path: Path, *, makes_folder: bool = False) -> sqlite3.Connection:
    """Return the database at `path`, made where it does not exist; threads may share the connection.

    Each statement is a transaction of its own, which lasts once it is done: the journal is a write-ahead log. The
    folder is made only where `makes_folder` is set.

    Raises:
        FileError: the file cannot be opened, or is something other than a sandbox's database.
    """
    try:
        _check_kind(path)
        if makes_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.parent.is_dir():
            raise _refusal(path, "cannot be made: its folder does not exist", f"make the folder, or {_NAME_ANOTHER}")
        connection = sqlite3.connect(path, timeout=_LOCK_TIMEOUT_S, check_same_thread=False, isolation_level=None)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise failed(path, error) from error
    return connection


def failed(path: Path, error: OSError | sqlite3.Error) -> FileError:
    """Return the error that says that a database could not be used, why, and what to do."""
    if isinstance(error, OSError):
        return _refusal(path, f"cannot be opened: {error.strerror}", _NAME_ANOTHER)
    # The lower eight bits are the primary code (sqlite.org, "Result and Error Codes").
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_INTERNAL) & 0xFF
    what, hint = _REASONS.get(code, (f"cannot be used: {error}", _NAME_ANOTHER))
    return _refusal(path, what, hint)


def _refusal(path: Path, what: str, hint: str) -> FileError:
    return FileError(f"{path}: the sandbox's database {what}", hint=hint)


def _check_kind(path: Path) -> None:
    """Refuse what is no file: opening a pipe would wait for somebody to write."""
    if path.exists() and not path.is_file():
        raise _refusal(path, f"cannot be {_kind(path)}", _NAME_ANOTHER)


def _kind(path: Path) -> str:
    return "a folder" if path.is_dir() else "a pipe, a socket or a device"


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    [(application_id, version, tables)] = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchall()
    if application_id != _APPLICATION_ID and any((application_id, version, tables)):
        raise FileError(f"{path}: this is another program's database", hint=_NAME_ANOTHER)
    if version > _SCHEMA_VERSION:
        raise _refusal(path, "was made by a newer snippetkit", f"update snippetkit, or {_NAME_ANOTHER}")
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
