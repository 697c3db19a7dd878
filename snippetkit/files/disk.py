"""The disk as a place where pages are: what a run asks of one (`run.Door`), given by this room's functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from snippetkit.errors import FileError
from snippetkit.files import adopting, known, locking, reading, walking, writing
from snippetkit.files.selecting import FoundFile, Selection
from snippetkit.records import dataclass


@dataclass(frozen=True, slots=True)
class Disk:
    """Files and folders of this machine."""

    at_once: int = 0

    def walk(
        self,
        paths: Iterable[str],
        failed: Callable[[FileError], None],
        selection: Selection,
        *,
        skip: Iterable[str] = (),
        sweeps: bool = False,
    ) -> Iterator[FoundFile]:
        """Yield files as `files.walk` does; with `sweeps`, the temporary files that a killed run left go."""
        leftover = writing.remove_leftover if sweeps else None
        return walking.walk(paths, failed, selection, skip=skip, leftover=leftover)

    def tag(self, file: FoundFile) -> str:
        """Return what the file system says of a file; empty for one that has just changed, and may again unseen."""
        return known.tag_of(file.target or file.path)

    def place_of(self, file: FoundFile) -> str:
        """Return the same for each: there is one disk."""
        return ""

    def seen_as(self, file: FoundFile) -> str:
        """Return what a file system that several machines share says to each of them of a file.

        Raises:
            FileError: there is none.
        """
        return known.shared_tag_of(file.target or file.path)

    def read(self, file: FoundFile, *, any_file: bool = False) -> reading.PageFile:
        """Open a page, or any file; through a link where that was followed.

        Raises:
            FileError: it cannot be read.
        """
        return reading.read_file(file.path) if any_file else reading.read_page(file.target or file.path)

    def check(self, page: reading.PageFile) -> None:
        """Refuse a page that may not be written to.

        Raises:
            FileError: it is read-only.
        """
        writing.check_writable(page)

    def keep(self, page: reading.PageFile, name: str) -> str:
        """Keep a page as it was read; return the path of the copy.

        Raises:
            FileError: it cannot be written.
        """
        return adopting.keep_adopted(page, name)

    def writer(self, *, fsync: bool, backup: str) -> writing.FileWriter:
        """Return what replaces pages."""
        return writing.FileWriter(fsync=fsync, backup=backup)

    def notes(self, page: reading.PageFile, file: FoundFile) -> tuple[str, ...]:
        """Say what else holds the old bytes of a page that was written: hard links, and compressed copies."""
        if page.status.st_nlink == 1 and not file.twins:
            return ()
        links = f"has {page.status.st_nlink} hard links; the others keep the old bytes"
        return (*([links] if page.status.st_nlink > 1 else ()), *twin_notes(file))

    def end(self) -> None:
        """Do nothing: a file is not waited for."""

    def exclusive(
        self, paths: Iterable[str], waiting: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Keep other runs away from the same files."""
        return locking.lock(paths, waiting)


DISK: Disk = Disk()


def twin_notes(file: FoundFile) -> tuple[str, ...]:
    """Say which compressed copies of a page hold its old bytes."""
    return tuple(f"{file.target or file.path}{suffix} holds the old page; compress it again" for suffix in file.twins)
