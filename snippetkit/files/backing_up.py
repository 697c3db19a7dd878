"""Keeping the bytes from before."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from snippetkit.errors import FileError, SettingError
from snippetkit.files import copying
from snippetkit.files.output import write
from snippetkit.files.reading import PageFile
from snippetkit.patterns import later

_UNSAFE = later(r'[%\\/:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')


def check_backup(folder: str) -> None:
    """Refuse a folder for backups that is not empty: what is in it could not be told from the new.

    Raises:
        SettingError: it is not empty, or cannot be used.
    """
    try:
        with os.scandir(folder) as entries:
            if any(entries):
                raise SettingError(f"{folder} is not empty", hint="name a new folder for the backup")
    except FileNotFoundError:
        return
    except OSError as error:
        raise SettingError(f"{folder}: {error.strerror or error}") from error


class Backup:
    """A folder with copies of pages, each at the page's path as seen from the current folder.

    A page outside the current folder has its absolute path there, without the root.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._inside = os.path.join(os.getcwd(), "")
        self._copier = copying.Copier()
        self._prefix = os.path.join(folder, "")
        self._temporary = f".snippetkit-{os.urandom(6).hex()}.tmp"
        self._made = ""

    def keep(self, page: PageFile) -> None:
        """Copy a page as it was read, whole or not at all.

        Raises:
            FileError: it cannot be copied, or there is a copy already.
        """
        path = os.path.abspath(page.path)
        name = os.path.splitdrive(path.removeprefix(self._inside))[1].lstrip(os.sep)
        target = os.path.join(self.folder, name)
        try:
            self._make_folder(os.path.dirname(target))
            if os.path.lexists(target):
                raise FileError(f"{page.path}: there is a backup of it already: {target}")
            self._copier.copy(page, (), self._prefix, self._temporary)
            os.rename(self._prefix + self._temporary, target)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(self._prefix + self._temporary)
            if isinstance(error, OSError):
                reason = f"not backed up to {target}: {error.strerror or error}"
                raise FileError(f"{page.path}: {reason}") from error
            raise

    def _make_folder(self, folder: str) -> None:
        if folder != self._made:
            os.makedirs(folder, exist_ok=True)
            self._made = folder


def keep_copy(folder: str, page: str, parts: Iterable[str], data: bytes) -> None:
    """Keep the bytes of a page that has no file, whole or not at all, at a name that may have any characters.

    What a file's name cannot have, or what would lead out of the folder, stands there as `%` and two digits.

    Args:
        folder: the folder with the copies.
        page: what messages call the page.
        parts: the names of the copy's folders, and its own.
        data: its bytes.

    Raises:
        FileError: it cannot be kept, or there is a copy already.
    """
    target = os.path.join(folder, *map(_safe, parts))
    if os.path.lexists(target):
        raise FileError(f"{page}: there is a backup of it already: {target}")
    try:
        write(Path(target), data)
    except FileError as error:
        raise FileError(f"{page}: not backed up to {error}") from error


def _safe(name: str) -> str:
    """A name that leads nowhere else, and is another one for each name."""
    quoted = _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), name)
    return {"": "%", ".": "%2E", "..": "%2E%2E"}.get(quoted, quoted)
