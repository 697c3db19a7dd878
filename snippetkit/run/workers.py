"""Other processes that work on batches of files."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import takewhile
from types import TracebackType
from typing import TYPE_CHECKING

from snippetkit.files import FoundFile
from snippetkit.run.pages import Item, Outcome, Planner, RunOptions, work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_AHEAD = 2  # how many batches a worker has at most: the one that it works on and the next

_Sent = str | tuple[object, ...]
"""A file or an outcome on its way between processes, as small as it can be: mostly only its path, or its verb."""


class WorkerPool:
    """Processes that carry out a plan; the batches of files are dealt out to them in turn.

    Leaving its context ends them. Where it is left early, they end once the file in hand is done.
    """

    def __init__(self, jobs: int, planner: Planner, options: RunOptions) -> None:
        self._planner = planner
        self._options = options
        self._workers: list[_Worker] = []
        for _ in range(jobs):
            self._workers.append(self._start())

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end(at_once=kind is not None)
        for worker in self._workers:
            worker.process.join()

    def outcomes(self, batches: Iterable[list[Item]]) -> Iterator[Outcome]:
        """Yield what became of each file, in order.

        Raises:
            Exception: what the planner raised and should not have.
        """
        handed_over = deque[tuple[_Worker, list[Item]]]()
        for index, batch in enumerate(batches):
            if len(handed_over) == _AHEAD * len(self._workers):
                yield from _collect(*handed_over.popleft())
            at = index % len(self._workers)
            if not self._workers[at].take(batch):
                self._workers[at] = self._start()
                self._workers[at].take(batch)
            handed_over.append((self._workers[at], batch))
        while handed_over:
            yield from _collect(*handed_over.popleft())

    def _start(self) -> _Worker:
        return _Worker(self._planner, self._options, [worker.connection for worker in self._workers])


class _Worker:
    def __init__(self, planner: Planner, options: RunOptions, others: list[Connection]) -> None:
        can_fork = _can_fork()
        context = multiprocessing.get_context("fork") if can_fork else multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        # A fork has copies of all our ends; while one is open, no worker can see that we are gone.
        ours = [self.connection, *others] if can_fork else []
        self.process = context.Process(target=_serve, args=(theirs, ours, planner, options), daemon=True)
        self.process.start()
        theirs.close()  # so that the connection ends when the worker does

    def take(self, batch: list[Item]) -> bool:
        """Hand the files of a batch over, if there are any; return False where the worker is dead."""
        files = [_pack(item) for item in batch if isinstance(item, FoundFile)]
        try:
            if files:
                self.connection.send(files)
        except OSError:
            return False
        return True

    def end(self, *, at_once: bool) -> None:
        """Let the worker end, once it has done what it has or at the next file."""
        self.connection.close()
        if at_once:
            self.process.terminate()


def _can_fork() -> bool:
    """Whether a process may be copied: one with threads may hang on a lock that one of them held.

    On macOS the system's own libraries start threads that Python does not know of.
    """
    methods = multiprocessing.get_all_start_methods()
    return "fork" in methods and sys.platform != "darwin" and threading.active_count() == 1


def _collect(worker: _Worker, batch: list[Item]) -> Iterator[Outcome]:
    """Yield what is known of the files of a batch, and what the worker says of the others."""
    if not any(isinstance(item, FoundFile) for item in batch):
        yield from (item for item in batch if isinstance(item, Outcome))
        return
    try:
        answer = worker.connection.recv()
    except (EOFError, OSError):
        reason = "the process that worked on it, or on a file beside it, was killed; run again"
        for item in batch:
            yield item if isinstance(item, Outcome) else Outcome(item.path, "failed", reason)
        return
    if isinstance(answer, BaseException):
        raise answer
    told = iter(answer)
    for item in batch:
        yield item if isinstance(item, Outcome) else _told(item.path, next(told))


def _told(path: str, sent: _Sent) -> Outcome:
    return Outcome(path, sent) if isinstance(sent, str) else Outcome(path, *sent)  # type: ignore[arg-type]


def _pack(file: FoundFile) -> _Sent:
    return tuple(file) if file.twins or file.target or file.skipped else file.path


def _unpack(sent: _Sent) -> FoundFile:
    return FoundFile(sent) if isinstance(sent, str) else FoundFile(*sent)  # type: ignore[arg-type]


def _serve(connection: Connection, inherited: list[Connection], planner: Planner, options: RunOptions) -> None:
    """Work on batches until there are no more, or until a signal or the parent's end says that they are not wanted."""
    for other in inherited:
        other.close()
    stopped = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    parent = os.getppid()

    def is_wanted(_: object = None) -> bool:
        return not stopped.is_set() and os.getppid() == parent

    with options.door.writer(fsync=options.fsync, backup=options.backup) as writer, suppress(EOFError, OSError):
        while is_wanted():
            items = takewhile(is_wanted, map(_unpack, connection.recv()))
            try:
                answer: object = [_packed(outcome) for outcome in work(planner, options, writer, items)]
            except Exception as error:
                answer = portable(error)
            if is_wanted():
                connection.send(answer)


def _packed(outcome: Outcome) -> _Sent:
    _, verb, *others = outcome
    return (verb, *others) if any(others) or outcome.detail is not None else verb


def portable(error: Exception) -> Exception:
    """Return an error that another process can raise, and what led to it."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error
