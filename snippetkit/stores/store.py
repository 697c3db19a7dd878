"""Object stores as a place where pages are: what a run asks of one (`run.Door`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cached_property
from threading import Lock
from typing import Any

from snippetkit.errors import FileError, SettingError
from snippetkit.files import FoundFile, Selection, check_is_page, name_leftover, twin_notes
from snippetkit.records import dataclass, field
from snippetkit.stores import listing
from snippetkit.stores.adapter import AbsentError, Adapter, Settings
from snippetkit.stores.locations import Location, locate
from snippetkit.stores.opening import open_bucket
from snippetkit.stores.pages import StoredPage, page_of
from snippetkit.stores.retrying import Attempts
from snippetkit.stores.writing import ObjectWriter


class _Opened:
    """The buckets of a run: their adapters, and whether they refuse a stale write."""

    def __init__(self, settings: Settings) -> None:
        self.attempts = Attempts(settings)
        self.adapters: dict[str, Adapter] = {}
        self.guarded: dict[str, bool] = {}
        self.lock = Lock()


@dataclass(frozen=True)
class Stores:
    """Buckets and containers of any vendor; pickled, it is one that has asked nothing of them yet."""

    settings: Settings = field(default_factory=Settings)

    @property
    def at_once(self) -> int:
        """How many pages are on their way at a time."""
        return self.settings.at_once

    @cached_property
    def _opened(self) -> _Opened:
        return _Opened(self.settings)

    @property
    def attempts(self) -> Attempts:
        """How often something is tried."""
        return self._opened.attempts

    def __getstate__(self) -> dict[str, Any]:
        return {"settings": self.settings}

    def adapter(self, location: Location) -> Adapter:
        """Return the adapter for a bucket, one for the whole run.

        Raises:
            SettingError, AccessError: it cannot be opened.
        """
        opened = self._opened
        with opened.lock:
            if location.root not in opened.adapters:
                opened.adapters[location.root] = open_bucket(location, self.settings)
            return opened.adapters[location.root]

    def check_guard(self, location: Location) -> bool:
        """Return whether a bucket refuses to write over an object that has changed; tried once, before the first write.

        Raises:
            SettingError: it does not, and that is not accepted.
            AccessError, NetworkError: nothing may be written there, or it does not answer.
        """
        adapter, opened = self.adapter(location), self._opened
        with opened.lock:
            if location.root not in opened.guarded:
                folder = location.key.rpartition("/")
                scratch = "".join([*folder[:2], name_leftover()])
                opened.guarded[location.root] = self.attempts.of(lambda: adapter.try_guard(scratch))
        if not opened.guarded[location.root] and not self.settings.unsafe_overwrite:
            raise SettingError(
                f"{location.root}: this store writes over a page even if somebody else has just changed it",
                hint="make sure that nobody does, and give --unsafe-overwrite",
            )
        return opened.guarded[location.root]

    def walk(
        self,
        paths: Iterable[str],
        failed: Callable[[FileError], None],
        selection: Selection,
        *,
        skip: Iterable[str] = (),
        sweeps: bool = False,
    ) -> Iterator[FoundFile]:
        """Yield the objects that are named, and those below prefixes; each once, in the order of their keys.

        Raises:
            SettingError: a pattern of the selection is malformed.
            AccessError, NetworkError: the store does not let its objects be listed, or does not answer.
        """
        return listing.walk(self, paths, failed, selection, sweeps=sweeps)

    def tag(self, file: FoundFile) -> str:
        """Return the ETag or the generation that the listing has told."""
        return file.tag

    def place_of(self, file: FoundFile) -> str:
        """Return the URL of the bucket."""
        return locate(file.path).root

    def seen_as(self, file: FoundFile) -> str:
        """Read an object, to find out whether that is possible from here; what it is, is the same from everywhere.

        Raises:
            SettingError, AccessError, NetworkError: it is not.
        """
        with suppress(FileError):
            self.read(file, any_file=True)
        return ""

    def read(self, file: FoundFile, *, any_file: bool = False) -> StoredPage:
        """Read an object.

        Raises:
            FileError: there is none, or it is no page, is stored compressed, or cannot be written back as it was.
            AccessError, NetworkError: the store does not accept the credentials, or does not answer.
        """
        if not any_file:
            check_is_page(file.path)
        location = locate(file.path)
        adapter = self.adapter(location)
        try:
            return page_of(file.path, self.attempts.of(lambda: adapter.get(location.key)))
        except AbsentError as error:
            raise FileError(f"{file.path}: no such object", path=file.path) from error

    def check(self, page: StoredPage) -> None:
        """Do nothing: whether an object may be written, the store says when it is."""

    def keep(self, page: StoredPage, name: str) -> str:
        """Refuse: there is no place beside an object.

        Raises:
            FileError: always.
        """
        raise FileError(
            f"{page.path}: code that was put in by hand would be replaced, and in a store there is no place to keep it",
            hint="adopt it where the site is made",
            path=page.path,
        )

    def writer(self, *, fsync: bool, backup: str) -> ObjectWriter:
        """Return what replaces objects; what a store has taken, it keeps, so that there is nothing to `fsync`."""
        return ObjectWriter(self, backup)

    def notes(self, page: StoredPage, file: FoundFile) -> tuple[str, ...]:
        """Say which compressed copies beside a page hold its old bytes."""
        return twin_notes(file)

    def end(self) -> None:
        """Make no further attempts at what is on its way: the run ends."""
        self.attempts.has_ended.set()

    def exclusive(
        self, paths: Iterable[str], waiting: Callable[[str], None] | None = None
    ) -> AbstractContextManager[None]:
        """Keep nobody away: each write makes sure by itself that nobody came in between."""
        return nullcontext()
