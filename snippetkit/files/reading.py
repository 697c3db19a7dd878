"""Reading a page only as far as somebody asks."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from types import TracebackType

from snippetkit.errors import FileError
from snippetkit.searching import Find, finding
from snippetkit.terms import COMPONENTS, SCRIPTS, TYPED_SCRIPTS

WINDOW_BYTES = 32 * 1024
"""How much of a file is read at first where it is not read at once; nearly all heads are smaller."""

PAGE_AT_ONCE_BYTES = 256 * 1024
"""A page up to this size, as nearly all are, is read at once: all of it is searched for other code."""

IN_MEMORY_BYTES = 8 * 1024 * 1024
"""The largest page that is kept in memory once all of it was asked for; a larger one is searched piece by piece."""

MAX_BYTES = 512 * 1024 * 1024
"""A larger file is no page: no browser shows it, and reading it would seem endless."""

CHUNK_BYTES = 1024 * 1024
_OVERLAP_BYTES = 512

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# How much a browser reads to tell text, and what no text has (WHATWG MIME Sniffing, 5.2 "Reading the resource header",
# 3 "Terminology"); one such byte may have strayed into a page.
_LOOKED_AT = 1445
_OF_NO_TEXT = bytes({*range(0x20)} - {*b"\t\n\f\r\x1b"})
_MOST_IN_TEXT = 1 / 32

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
# A pipe without a writer would block the open.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_PAGE_SUFFIXES = (".html", ".htm")
_XML = ("svg", "xht", "xhtml", "xml")
_NO_PAGES = {
    **dict.fromkeys(_XML, "XML has rules of its own; only HTML pages are taken"),
    **dict.fromkeys(
        {*SCRIPTS, *TYPED_SCRIPTS, *COMPONENTS, "json"},
        "a script, a component or data; only HTML pages are taken: change it by hand",
    ),
}


class PageFile:
    """An open file, and as much of it as was read: a `model.PageBytes`.

    `status` is what fstat said when it was opened. Bytes that others add later are not seen.
    """

    __slots__ = ("_find", "_rest", "_whole", "descriptor", "head", "is_whole", "path", "status")

    def __init__(self, path: str, flags: int, *, at_once: int = WINDOW_BYTES) -> None:
        """Open a regular file and read its first bytes, or all where it has no more than `at_once`.

        Raises:
            FileError: it cannot be read, is no regular file, or is larger than `MAX_BYTES`.
        """
        self.path = path
        self.descriptor = -1
        self._rest: bytes | None = None
        self._whole: bytes | None = None
        self._find: Find | None = None
        try:
            self.descriptor = descriptor = os.open(path, flags)
            self.status = status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                if stat.S_ISDIR(status.st_mode):
                    raise FileError(f"{path}: a folder", hint="name a file in it")
                raise FileError(f"{path}: not a regular file")
            size = status.st_size
            check_size(path, size, MAX_BYTES)
            self.head = head = os.read(descriptor, size if WINDOW_BYTES < size <= at_once else WINDOW_BYTES)
            self.is_whole = len(head) >= size
        except OSError as error:
            self.close()
            if error.errno == errno.ELOOP:
                raise _is_link(path) from error
            raise FileError.of(path, error) from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> PageFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was read stays."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            try:
                os.close(descriptor)
            except OSError:
                return  # nothing was written through it, so nothing is lost

    def whole(self) -> bytes:
        """Return all bytes.

        Raises:
            FileError: they cannot be read.
        """
        if self.is_whole:
            return self.head
        if self._whole is None:
            self._whole = self.head + self._read_rest()
            self._rest = self._find = None
        return self._whole

    def find(self, needle: bytes, start: int = 0) -> int:
        """Return the offset of the first occurrence from `start` on, an offset in `head`; -1 where there is none.

        Raises:
            FileError: they cannot be read.
        """
        find = self._find
        at = self._find_in_memory(needle, start) if find is None else find(needle, start)
        if at >= 0 or self.is_whole or self._whole is not None:
            return at
        if self.status.st_size > IN_MEMORY_BYTES:
            return self._find_piecewise(needle, start)
        self.whole()
        return self._find_in_memory(needle, max(start, len(self.head) - len(needle) + 1))

    def _find_in_memory(self, needle: bytes, start: int) -> int:
        if self._find is None:
            self._find = finding(self.head if self._whole is None else self._whole)
        return self._find(needle, start)

    def holds(self, test: Callable[[bytes], bool]) -> bool:
        """Return whether a test for what stands in a text, in a few hundred bytes, is true of the bytes.

        Raises:
            FileError: they cannot be read.
        """
        if self.is_whole or self._whole is not None:
            return test(self.whole())
        if test(self.head):
            return True
        if self.status.st_size <= IN_MEMORY_BYTES:
            return test(self.head[-_OVERLAP_BYTES:] + self._read_rest())
        tail = self.head
        for piece in self.pieces(len(self.head), self.status.st_size):
            tail = tail[-_OVERLAP_BYTES:] + piece
            if test(tail):
                return True
        return False

    def parts(self, start: int, end: int) -> Iterator[memoryview | range]:
        """Yield the bytes from `start` up to `end`: those in memory as they are, the others as a range of the file."""
        if self._whole is not None:
            yield memoryview(self._whole)[start:end]
            return
        size = len(self.head)
        if start < size:
            yield memoryview(self.head)[start:end]
        start = max(start, size)
        if start < end and self._rest is not None:
            yield memoryview(self._rest)[start - size : end - size]
        elif start < end:
            yield range(start, end)

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Read the bytes from `start` up to `end` piece by piece.

        Raises:
            FileError: they cannot be read, or the file has become shorter.
        """
        try:
            os.lseek(self.descriptor, start, os.SEEK_SET)
            while start < end:
                piece = os.read(self.descriptor, min(CHUNK_BYTES, end - start))
                if not piece:
                    raise changed(self.path)
                start += len(piece)
                yield piece
        except OSError as error:
            raise FileError.of(self.path, error) from error

    def _read_rest(self) -> bytes:
        if self._rest is None:
            size = len(self.head)
            try:
                os.lseek(self.descriptor, size, os.SEEK_SET)
                self._rest = os.read(self.descriptor, self.status.st_size - size)
            except OSError as error:
                raise FileError.of(self.path, error) from error
            size += len(self._rest)
            # One read returns at most 2 GiB.
            if size < self.status.st_size:
                self._rest = b"".join([self._rest, *self.pieces(size, self.status.st_size)])
        return self._rest

    def _find_piecewise(self, needle: bytes, start: int) -> int:
        read, seen = len(self.head), self.head[start:]
        for piece in self.pieces(read, self.status.st_size):
            tail = seen[max(0, len(seen) - len(needle) + 1) :]
            seen = tail + piece
            at = seen.find(needle)
            if at >= 0:
                return read - len(tail) + at
            read += len(piece)
        return -1


def read_page(path: str | os.PathLike[str]) -> PageFile:
    """Open a page and read its head.

    Raises:
        FileError: it cannot be read, is no regular file, is XML or a program, or is a link (replacing it would unlink
            its target).
    """
    path = os.fspath(path)
    check_is_page(path)
    if not _NO_FOLLOW and os.path.islink(path):
        raise _is_link(path)
    return PageFile(path, _FLAGS | _NO_FOLLOW, at_once=PAGE_AT_ONCE_BYTES)


def check_is_page(path: str) -> None:
    """Make sure, by its name, that a file is no XML and no program.

    Raises:
        FileError: it is.
    """
    if not path.endswith(_PAGE_SUFFIXES) and (reason := _NO_PAGES.get(path.rpartition(".")[2].lower())):
        raise FileError(f"{path}: {reason}")


def read_file(path: str | os.PathLike[str]) -> PageFile:
    """Open any regular file, through links too, and read it, unless it is large.

    Raises:
        FileError: it cannot be read, or is no regular file.
    """
    return PageFile(os.fspath(path), _FLAGS, at_once=IN_MEMORY_BYTES)


def read(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a file.

    Raises:
        FileError: it cannot be read, or is no regular file.
    """
    with read_file(path) as page:
        return page.whole()


def check_size(path: str, size: int, most: int) -> None:
    """Make sure that an input is no larger than what is taken.

    Raises:
        FileError: it is.
    """
    if size > most:
        raise FileError(f"{path}: larger than {most // 1024**2} MiB, the largest that is read", path=path)


def check_is_text(path: str, head: bytes, *, takes_utf16: bool = False) -> None:
    """Make sure, by its first bytes, that a file is text in an encoding in which markup is ASCII.

    Args:
        path: the file.
        head: its first bytes.
        takes_utf16: whether UTF-16 is read too, where it says so, as a browser does.

    Raises:
        FileError: it is UTF-16 or UTF-32, or not text.
    """
    if head.startswith(_UTF_16):
        if takes_utf16:
            return
        raise FileError(f"{path}: this is UTF-16, which is not read; save it as UTF-8", path=path)
    start = head[:_LOOKED_AT]
    if len(start) - len(start.translate(None, _OF_NO_TEXT)) > len(start) * _MOST_IN_TEXT:
        raise FileError(f"{path}: not text: this is UTF-16, or a binary file", path=path)


def changed(path: str) -> FileError:
    """Return the error that says that somebody else changed a page."""
    return FileError(f"{path}: changed during the run; run again")


def _is_link(path: str) -> FileError:
    return FileError(f"{path}: a symbolic link; name the file it points to")
