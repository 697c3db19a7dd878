"""One writing run at a time on the same files: the folders themselves are locked, so that no lock file stays there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

_ROOTS_MAX = 100  # each keeps a descriptor open


@contextmanager
def lock(paths: Iterable[str | os.PathLike[str]], waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Keep other runs that take this lock away from files, from what is in folders, and from what a pattern may match.

    The folders are locked (a file's or a pattern's is the one that it is in) for this run alone, those above them
    shared with others: so runs on a folder and on one inside it exclude each other. A folder that cannot be read is
    passed over. Where a system cannot lock folders, as Windows cannot, a user's runs take turns, whatever their folders
    are: by a file in the user's own folder. Where it cannot be made, there is no lock.

    Args:
        paths: files, folders, patterns.
        waiting: is told once, with the folder, where another run has to end first.
    """
    try:
        import fcntl
    except ImportError:
        with _turn(waiting):
            yield
        return
    roots = _outermost({os.path.realpath(_folder_of(os.fspath(path))) for path in paths})
    above = {parent for root in roots for parent in _parents(root)}
    tell = [waiting] if waiting else []
    with ExitStack() as stack:
        # All runs take them in the same order, so that no two wait for each other.
        for folder in sorted({*roots, *above}):
            with suppress(OSError):
                descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
                stack.callback(_release, descriptor)
                how = fcntl.LOCK_EX if folder in roots else fcntl.LOCK_SH
                try:
                    fcntl.flock(descriptor, how | fcntl.LOCK_NB)
                except BlockingIOError:
                    if tell:
                        tell.pop()(folder)
                    fcntl.flock(descriptor, how)
        yield


@contextmanager
def _turn(waiting: Callable[[str], None] | None) -> Iterator[None]:
    try:
        from filelock import FileLock, Timeout
    except ImportError:
        yield
        return
    file = os.path.join(os.path.expanduser("~"), ".snippetkit-lock")
    turn = FileLock(file)
    with suppress(OSError):
        try:
            turn.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting(file)
            turn.acquire()
    try:
        yield
    finally:
        turn.release()


def _release(descriptor: int) -> None:
    with suppress(OSError):
        os.close(descriptor)


def _folder_of(path: str) -> str:
    while path and not os.path.isdir(path):
        path = os.path.dirname(path)
    return path or "."


def _outermost(folders: Iterable[str]) -> list[str]:
    """Leave out what is inside another folder, and where many are left, take the one that they are all in."""
    outermost: list[str] = []
    for folder in sorted(folders, key=lambda folder: folder.split(os.sep)):
        if not outermost or not folder.startswith(os.path.join(outermost[-1], "")):
            outermost.append(folder)
    return outermost if len(outermost) <= _ROOTS_MAX else [os.path.commonpath(outermost)]


def _parents(folder: str) -> Iterator[str]:
    while (parent := os.path.dirname(folder)) != folder:
        yield parent
        folder = parent
