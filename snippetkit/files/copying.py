"""A second file beside the first: the same owner, mode and attributes, the same bytes except for some edits."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence

from snippetkit.errors import FileError
from snippetkit.files.reading import CHUNK_BYTES, PageFile
from snippetkit.model import Edit

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
CAN_OPEN_FOLDERS = os.name != "nt"
"""Whether a folder can be opened, and what is in it synchronised through it: not on Windows."""
_BUFFERS_MAX = 512  # writev takes IOV_MAX buffers, 1024 on Linux
_RANGE_MAX_BYTES = 1 << 30
# A file system, or two that differ, may not know how to copy a range.
_CANNOT_COPY_RANGES = {errno.ENOSYS, errno.EXDEV, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


class Copier:
    """Makes copies, and remembers what a new file in the last folder is like, to save asking again."""

    def __init__(self) -> None:
        self._asked: tuple[str, int] | None = None
        self._fresh = (0, 0, 0)
        self._fresh_attributes: list[str] = []

    def copy(self, page: PageFile, edits: Sequence[Edit], folder: str, name: str) -> None:
        """Write a page with the edits made into a new file; `folder` ends with a slash, or is empty.

        Raises:
            OSError: it cannot be written.
            FileError: the page cannot be read to its end, or its owner cannot be kept.
        """
        mode = stat.S_IMODE(page.status.st_mode)
        descriptor = os.open(folder + name, _FLAGS, mode)
        try:
            if hasattr(os, "fchown"):
                self._take_after(descriptor, folder, mode, page)
            _fill(descriptor, page, edits)
        finally:
            os.close(descriptor)

    def _take_after(self, descriptor: int, folder: str, mode: int, page: PageFile) -> None:
        if self._asked != (folder, mode):
            own = os.fstat(descriptor)
            self._fresh = (own.st_uid, own.st_gid, stat.S_IMODE(own.st_mode))
            self._fresh_attributes = _attributes(descriptor)
            self._asked = (folder, mode)
        user, group, own_mode = self._fresh
        attributes = _attributes(page.descriptor)
        if attributes or self._fresh_attributes:
            _copy_attributes(page.descriptor, attributes, descriptor, self._fresh_attributes)
            own_mode = -1
        if (user, group) != (page.status.st_uid, page.status.st_gid):
            _give_away(descriptor, page)
            own_mode = -1
        if own_mode != mode:
            os.fchmod(descriptor, mode)


def _give_away(descriptor: int, page: PageFile) -> None:
    """Give a new file the owner and the group of the page that it is to replace."""
    try:
        os.fchown(descriptor, page.status.st_uid, page.status.st_gid)
    except PermissionError as error:
        hint = "run as root, or make the page yours first, with a group that you are in"
        raise FileError(f"{page.path}: its owner and group cannot be kept", hint=hint, path=page.path) from error


def _attributes(descriptor: int) -> list[str]:
    """The names of a file's extended attributes, without those that the system itself sets."""
    if not hasattr(os, "listxattr"):
        return []
    try:
        names = os.listxattr(descriptor)
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return []
        raise
    return [name for name in names if not name.startswith("security.")] if names else names


def _copy_attributes(source: int, names: list[str], target: int, there: list[str]) -> None:
    for name in set(there).difference(names):
        os.removexattr(target, name)
    for name in names:
        os.setxattr(target, name, os.getxattr(source, name))


def _fill(descriptor: int, page: PageFile, edits: Sequence[Edit]) -> None:
    if not page.is_whole:
        _fill_from_parts(descriptor, page, edits)
        return
    head = memoryview(page.head)
    buffers: list[bytes | memoryview] = []
    at = 0
    for edit in edits:
        buffers += (head[at : edit.start], edit.new)
        at = edit.end
    buffers.append(head[at:])
    _write_all(descriptor, buffers)


def _fill_from_parts(descriptor: int, page: PageFile, edits: Sequence[Edit]) -> None:
    buffers: list[bytes | memoryview] = []
    at = 0
    for start, end, new in [*((e.start, e.end, e.new) for e in edits), (page.status.st_size, 0, b"")]:
        for part in page.parts(at, start):
            if isinstance(part, range):
                _write_all(descriptor, buffers)
                buffers = []
                _copy_range(page, descriptor, part.start, part.stop)
            else:
                buffers.append(part)
        buffers.append(new)
        at = end
    _write_all(descriptor, buffers)


def _write_all(descriptor: int, buffers: list[bytes | memoryview]) -> None:
    if hasattr(os, "writev") and len(buffers) <= _BUFFERS_MAX:
        count = os.writev(descriptor, buffers)
        if count < sum(map(len, buffers)):
            _write_rest(descriptor, buffers, count)
    else:
        _write_rest(descriptor, buffers, 0)


def _write_rest(descriptor: int, buffers: list[bytes | memoryview], count: int) -> None:
    """Write the buffers without their first `count` bytes, in as many writes as it takes."""
    while buffers:
        done = 0
        while done < len(buffers) and count >= len(buffers[done]):
            count -= len(buffers[done])
            done += 1
        buffers = buffers[done:]
        if buffers:
            buffers[0] = memoryview(buffers[0])[count:]
            count = _write(descriptor, buffers[:_BUFFERS_MAX])


def _write(descriptor: int, buffers: list[bytes | memoryview]) -> int:
    return os.writev(descriptor, buffers) if hasattr(os, "writev") else os.write(descriptor, buffers[0])


def _copy_range(page: PageFile, descriptor: int, start: int, end: int) -> None:
    """Let the system copy a range of bytes, which may cost nothing, or else copy it piece by piece."""
    while hasattr(os, "copy_file_range") and end - start >= CHUNK_BYTES:
        try:
            done = os.copy_file_range(page.descriptor, descriptor, min(end - start, _RANGE_MAX_BYTES), start)
        except OSError as error:
            if error.errno in _CANNOT_COPY_RANGES:
                break
            raise
        if not done:
            break
        start += done
    for piece in page.pieces(start, end):
        _write_all(descriptor, [piece])


def sync_file_system(descriptor: int) -> None:
    """Wait until all that was written to an open file's file system is on its disk.

    Raises:
        OSError: it could not be written.
    """
    import ctypes

    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError, TypeError):
        os.sync()
        return
    if syncfs(descriptor):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def sync_file(path: str) -> None:
    """Wait until a file is on its disk.

    Raises:
        OSError: it could not be written.
    """
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def on_folder(folder: str, action: Callable[[int], None]) -> None:
    """Open a folder for as long as an action on it takes; where `CAN_OPEN_FOLDERS` is not set, nothing is done.

    Raises:
        OSError: it cannot be opened, or what the action raises.
    """
    if not CAN_OPEN_FOLDERS:
        return
    descriptor = os.open(folder or ".", _FOLDER)
    try:
        action(descriptor)
    finally:
        os.close(descriptor)
