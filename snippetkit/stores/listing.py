"""What a path in a bucket means: the objects below it, or the one of that name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from snippetkit.errors import FileError, NetworkError
from snippetkit.files import FoundFile, Selection, is_leftover
from snippetkit.stores.adapter import AbsentError, Adapter, Listed
from snippetkit.stores.locations import locate
from snippetkit.stores.retrying import Attempts
from snippetkit.stores.walking import KeySelection, with_twins

if TYPE_CHECKING:
    from snippetkit.stores.store import Stores


def walk(
    stores: Stores, paths: Iterable[str], failed: Callable[[FileError], None], selection: Selection, *, sweeps: bool
) -> Iterator[FoundFile]:
    """Yield the objects that are named, and those below prefixes, each once; the arguments are those of a door's walk.

    Raises:
        SettingError: a pattern of the selection is malformed.
        AccessError, NetworkError: the store does not let its objects be listed, or does not answer.
    """
    choice, paths = KeySelection(selection), [*paths]
    named, seen = frozenset(paths), set[str]()
    folders: list[str] = []
    for path in paths:
        is_met = False
        for found in _meant(stores, path, choice, failed, sweeps=sweeps):
            is_met = True
            if found is None or found.path in seen or (found.path != path and found.path.startswith(tuple(folders))):
                continue
            seen.update({found.path} & named)
            yield found
        if not is_met:
            failed(FileError(f"{path}: no matching objects; --include says which are taken", path=path))
        folders.append(f"{path.rstrip('/')}/")


def _meant(
    stores: Stores, path: str, choice: KeySelection, failed: Callable[[FileError], None], *, sweeps: bool
) -> Iterator[FoundFile | None]:
    """Yield what one path means: what is below it, or else the object of that name; None for what was told."""
    location = locate(path)
    adapter = stores.adapter(location)
    prefix = f"{location.key.rstrip('/')}/" if location.key else ""
    listed = listing(adapter, prefix, stores.attempts)
    try:
        first = next(listed, None)
    except AbsentError:
        failed(FileError(f"{path}: there is no bucket {location.bucket}", path=path))
        yield None
        return
    if first:
        every = _sweeping(adapter, chain([first], listed)) if sweeps else chain([first], listed)
        yield from with_twins(location.root, every, choice, len(prefix))
    elif location.key and not location.key.endswith("/"):
        yield FoundFile(path)


def listing(adapter: Adapter, prefix: str, attempts: Attempts) -> Iterator[Listed]:
    """Yield the objects whose keys begin with a text, in their order.

    Raises:
        AbsentError: there is no such bucket.
        AccessError, NetworkError: they may not be listed, or the store does not answer.
    """
    token = ""
    while True:
        some, token = attempts.of(lambda: adapter.list(prefix, token))  # noqa: B023 (called at once)
        yield from some
        if not token:
            return


def _sweeping(adapter: Adapter, listed: Iterable[Listed]) -> Iterator[Listed]:
    """Yield the same objects, but for those that a killed run left: they are deleted, if that can be done."""
    for one in listed:
        if not is_leftover(one.key.rpartition("/")[2]):
            yield one
            continue
        with suppress(FileError, NetworkError):
            adapter.delete(one.key)
