"""Replacing a file whole or not at all: a temporary file beside it takes its place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple

from snippetkit.errors import FileError
from snippetkit.files import copying
from snippetkit.files.adopting import forget_adopted
from snippetkit.files.backing_up import Backup
from snippetkit.files.reading import PageFile, changed
from snippetkit.model import Edit

_MAKE_WRITABLE = "attrib -r" if os.name == "nt" else "chmod u+w"
_LEFTOVER_START, _LEFTOVER_END = ".snippetkit-", ".tmp"


def is_leftover(name: str) -> bool:
    """Whether a name is that of a page's temporary file; if no other run is at work, a killed one left it."""
    return name.startswith(_LEFTOVER_START) and name.endswith(_LEFTOVER_END)


def name_leftover(mark: str = "") -> str:
    """Return a new name for a temporary file."""
    return f"{_LEFTOVER_START}{os.urandom(6).hex()}{mark}{_LEFTOVER_END}"


def check_writable(page: PageFile) -> None:
    """Refuse a page that may not be written to; a rename would replace it all the same.

    Raises:
        FileError: it is read-only.
    """
    if not page.status.st_mode & 0o222:
        raise FileError(f"{page.path}: read-only; {_MAKE_WRITABLE} makes it writable")


class _Waiting(NamedTuple):
    temporary: str
    path: str
    status: os.stat_result
    forgets: tuple[str, ...]


class FileWriter:
    """Replaces pages, and cleans up after itself if it is interrupted.

    Args:
        fsync: let replaced pages survive a power failure. They are replaced by `commit`, all of them after one
            sync of the file system.
        backup: a folder that gets the bytes from before, or empty.
    """

    def __init__(self, *, fsync: bool = False, backup: str = "") -> None:
        self._backup = Backup(backup) if backup else None
        self._fsync = fsync
        self._waiting: list[_Waiting] = []
        self._start = f"{_LEFTOVER_START}{os.urandom(6).hex()}-"
        self._count = 0
        self._copier = copying.Copier()

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_up()

    def replace(self, page: PageFile, edits: Sequence[Edit], forgets: tuple[str, ...] = ()) -> str:
        """Put the page with the edits made in the place of the page: at once, or with `fsync` when it is committed.

        Then the copies of it at `forgets` (`keep_adopted`) are no longer needed, and go.
        Mode, owner and extended attributes (access lists among them) are kept. The page is closed. What is returned is
        empty: a file that was just written has no tag yet (`known.tag_of`).

        Raises:
            FileError: it cannot be written, or has changed since it was read; it is as it was.
        """
        self._count += 1
        path = page.path
        folder = path[: len(path) - len(os.path.basename(path))]
        name = f"{self._start}{self._count:x}{_LEFTOVER_END}"
        new = _Waiting(folder + name, path, page.status, forgets)
        try:
            if self._backup:
                self._backup.keep(page)
            self._copier.copy(page, edits, folder, name)
            page.close()
            if self._fsync:
                self._waiting.append(new)
            else:
                _put(new)
        except BaseException as error:
            remove_leftover(new.temporary)
            if isinstance(error, OSError):
                raise FileError.of(path, error) from error
            raise
        return ""

    def commit(self) -> dict[str, FileError]:
        """Replace the pages that wait for this; return the errors, each with its page's path."""
        if not self._waiting:
            return {}
        errors: dict[str, FileError] = {}
        try:
            self._sync()
        except OSError as error:
            errors = {new.path: FileError.of(new.path, error) for new in self._waiting}
            self._give_up()
        replaced: dict[str, list[str]] = {}
        while self._waiting:
            new = self._waiting[0]
            try:
                _put(new)
                replaced.setdefault(os.path.dirname(new.path), []).append(new.path)
            except OSError as error:
                errors[new.path] = FileError.of(new.path, error)
            except FileError as error:
                errors[new.path] = error
            if new.path in errors:
                remove_leftover(new.temporary)
            del self._waiting[0]
        return errors | _sync_folders(replaced)

    def _sync(self) -> None:
        if not copying.CAN_OPEN_FOLDERS:
            for new in self._waiting:
                copying.sync_file(new.temporary)
        folders = {new.status.st_dev: os.path.dirname(new.path) for new in self._waiting}
        if self._backup:
            folders[os.stat(self._backup.folder).st_dev] = self._backup.folder
        for folder in folders.values():
            copying.on_folder(folder, copying.sync_file_system)

    def _give_up(self) -> None:
        for new in self._waiting:
            remove_leftover(new.temporary)
        self._waiting.clear()


def _put(new: _Waiting) -> None:
    now, then = os.stat(new.path, follow_symlinks=False), new.status
    if (now.st_mtime_ns, now.st_size, now.st_ino) != (then.st_mtime_ns, then.st_size, then.st_ino):
        raise changed(new.path)
    os.replace(new.temporary, new.path)
    for kept in new.forgets:
        forget_adopted(kept)


def _sync_folders(replaced: dict[str, list[str]]) -> dict[str, FileError]:
    errors: dict[str, FileError] = {}
    for folder, paths in replaced.items():
        try:
            copying.on_folder(folder, os.fsync)
        except OSError as error:
            reason = f"replaced, but not known to be on the disk: {error.strerror or error}"
            errors |= {path: FileError(f"{path}: {reason}") for path in paths}
    return errors


def remove_leftover(temporary: str) -> None:
    """Remove a temporary file, if it is still there and can be removed."""
    with suppress(OSError):
        os.unlink(temporary)
