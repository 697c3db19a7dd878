"""Pages that an earlier run found to be as they should, so that a run with the same plan need not read them again.

They are lines of a file, in the order of the walk: the tag that the page had, a tab, its path. So a run keeps a few
lines in memory, however many pages there are.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import IO

from snippetkit.errors import FileError

_FIRST = "snippetkit: known pages, 1, plan {}\n"
_MOST_WAITING = 10_000
# A file system's clock may stand still for so long, and a file that changes twice then looks unchanged.
_YOUNG_NS = 2_000_000_000
# In a path, they would not come back from a line.
_UNLISTED = frozenset("\n\t\r")


class Known:
    """The pages that are known, and those that this run gets to know; leaving the context keeps them for the next.

    A file that is of another plan, or none of ours, counts as empty. Where the run breaks off, it stays as it was.
    `asked` are the tags of the pages that are not known, by their paths, until it is noted how they fared.
    """

    def __init__(self, path: str, plan: str, *, writes: bool = True) -> None:
        """Take the file, and the digest of all that a run makes of a page; unless it `writes`, the file stays.

        Raises:
            FileError: it is no file, something else is in it, or it cannot be read.
        """
        self._name, self._first, self._writes = path, _FIRST.format(plan), writes
        self._path = Path(os.path.realpath(path))
        self._fault: OSError | None = None
        self._old = self._open_old()
        self._next = self._next_line()
        self._waiting: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self._temporary = self._path.with_name(f".snippetkit_{os.urandom(8).hex()}.tmp")

    def __enter__(self) -> Known:
        if self._writes:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._out = self._temporary.open("x", encoding="utf-8", errors="surrogateescape", newline="\n")
            except OSError as error:
                self._close_old()
                raise FileError.of(self._name, error) from error
            self._write(self._first)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put the list in its place.

        Raises:
            FileError: it could not be written; nothing else came to an end for that.
        """
        self._close_old()
        if not self._writes:
            return
        try:
            self._out.close()
            if kind is None and not self._fault:
                self._temporary.replace(self._path)
        except OSError as fault:
            self._fault = fault
        finally:
            self._temporary.unlink(missing_ok=True)
        if kind is None and self._fault:
            message = f"{self._name}: the list of known pages cannot be written: {self._fault.strerror}"
            raise FileError(message, hint="the pages themselves are done", path=self._name)

    def has(self, path: str, tag: str) -> bool:
        """Whether a page is known with this tag; it is asked in the order of the walk, once for each page."""
        if not tag:
            return False
        # As a rule it is the next page of the list, and stays there.
        if (line := f"{tag}\t{path}\n") == self._next:
            self._next = self._next_line()
            self._write(line)
            return True
        self.asked[path] = tag
        return self._tag_of(path) == tag

    def note(self, path: str, *, stays: bool, tag: str = "") -> None:
        """Note how a page fared.

        Args:
            path: of the page.
            stays: whether it is as it should be, and there is nothing to say of it.
            tag: the one that it has from now on, where it was written.
        """
        old = self.asked.pop(path, "")
        tag = tag or (old if stays else "")
        if tag and (path.isprintable() or _UNLISTED.isdisjoint(path)):
            self._write(f"{tag}\t{path}\n")

    def _write(self, line: str) -> None:
        """Write a line, if there is a list; after a fault there is none, and the pages go on."""
        if not self._writes or self._fault:
            return
        try:
            self._out.write(line)
        except OSError as fault:
            self._fault = fault

    def _next_line(self) -> str:
        """The next line of the file, empty behind the last; one that is cut off may be another page's."""
        line = self._old.readline() if self._old else ""
        return line if line.endswith("\n") else ""

    def _close_old(self) -> None:
        if self._old:
            self._old.close()

    def _tag_of(self, path: str) -> str:
        """The tag in the file; pages that are no more wait for their turn in vain, up to some."""
        if path in self._waiting:
            return self._waiting.pop(path)
        while self._next and len(self._waiting) < _MOST_WAITING:
            tag, _, known = self._next.rstrip("\n").partition("\t")
            self._next = self._next_line()
            if known == path:
                return tag
            self._waiting[known] = tag
        return ""

    def _open_old(self) -> IO[str] | None:
        """The file behind its first line; None where there is none of this plan."""
        if self._path.exists() and not self._path.is_file():  # to open a pipe would wait for ever
            raise FileError(f"{self._name}: not a regular file", hint="name another one", path=self._name)
        try:
            file = self._path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError.of(self._name, error) from error
        first = file.readline(len(self._first))
        if first == self._first:
            return file
        file.close()
        if first and not first.startswith(_FIRST.partition("{")[0]):
            hint = "delete it if nobody needs it, or name another file"
            raise FileError(f"{self._name}: not a list of known pages", hint=hint, path=self._name)
        return None


def shared_tag_of(path: str) -> str:
    """Return what each machine that has the same file system says of a file: its size, time of change and inode.

    Raises:
        FileError: there is none.
    """
    try:
        status = os.stat(path)
    except OSError as error:
        raise FileError.of(path, error) from error
    return f"{status.st_size} {status.st_ctime_ns} {status.st_ino}"


def tag_of(path: str) -> str:
    """Return a text that is another once a file has changed; empty where that is not certain.

    It is size, time of change of the content and of the file's entry, inode and device. A file that has changed less
    than two seconds ago may do so again without another time.
    """
    try:
        status = os.stat(path)
    except OSError:
        return ""
    modified, changed, young = status.st_mtime_ns, status.st_ctime_ns, time.time_ns() - _YOUNG_NS
    if modified > young or changed > young:
        return ""
    return f"{status.st_size} {modified} {changed} {status.st_ino} {status.st_dev}"
