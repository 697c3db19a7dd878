"""Where pages are, as a run sees it: a disk and an object store keep to one protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from snippetkit.errors import FileError
from snippetkit.files import FoundFile, Selection
from snippetkit.model import Edit, PageBytes

_Page = TypeVar("_Page")
_Taken = TypeVar("_Taken", contravariant=True)


class OpenPage(PageBytes, Protocol):
    """A page that was opened, and as much of it as was read."""

    @property
    def path(self) -> str: ...

    def close(self) -> None:
        """Let go of it; what was read stays."""
        ...


class PageWriter(Protocol[_Taken]):
    """Replaces pages whole or not at all."""

    def replace(self, page: _Taken, edits: Sequence[Edit], forgets: tuple[str, ...] = ()) -> str:
        """Put the page with the edits made in the place of the page, and let the copies at `forgets` go.

        Return the tag that it has now, empty where it is not certain yet.

        Raises:
            FileError: it cannot be written, or has changed since it was read; it is as it was.
        """
        ...

    def commit(self) -> dict[str, FileError]:
        """Finish what waits for this; return the errors, each with its page's path."""
        ...


class Door(Protocol[_Page]):
    """A place where pages are; it can be pickled, because other processes may work on the pages.

    `at_once` is how many pages are on their way at a time where each is waited for, 0 where reading is quick.
    """

    @property
    def at_once(self) -> int: ...

    def walk(
        self,
        paths: Iterable[str],
        failed: Callable[[FileError], None],
        selection: Selection,
        *,
        skip: Iterable[str] = (),
        sweeps: bool = False,
    ) -> Iterator[FoundFile]:
        """Yield the pages that are meant, and tell what failed; with `sweeps`, what a killed run left goes.

        Raises:
            SettingError: a pattern of the selection is malformed.
        """
        ...

    def tag(self, file: FoundFile) -> str:
        """Return a text that is another once a page changes, without reading it; empty where that is not certain."""
        ...

    def place_of(self, file: FoundFile) -> str:
        """Return what tells one such place from another, which may be reached in another way: a bucket."""
        ...

    def seen_as(self, file: FoundFile) -> str:
        """Return what another machine sees too if it reaches the same page.

        Raises:
            FileError: there is none.
            SettingError, AccessError, NetworkError: the place cannot be reached from here.
        """
        ...

    def read(self, file: FoundFile, *, any_file: bool = False) -> _Page:
        """Open a page; with `any_file`, what is no page too.

        Raises:
            FileError: it cannot be read.
        """
        ...

    def check(self, page: _Page) -> None:
        """Make sure that a page may be written to.

        Raises:
            FileError: it may not.
        """
        ...

    def keep(self, page: _Page, name: str) -> str:
        """Keep a page as it was read, because its own code was adopted; return where.

        Raises:
            FileError: it cannot be kept.
        """
        ...

    def writer(self, *, fsync: bool, backup: str) -> AbstractContextManager[PageWriter[_Page]]:
        """Return what replaces pages; `backup` is a folder that gets the bytes from before, or empty."""
        ...

    def notes(self, page: _Page, file: FoundFile) -> tuple[str, ...]:
        """Return what there is to know of a page that was written."""
        ...

    def end(self) -> None:
        """Make no further attempts at what is on its way: the run ends."""
        ...

    def exclusive(
        self, paths: Iterable[str], waiting: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Keep other runs away where that can be done; `waiting` is told once where another one has to end first."""
        ...
