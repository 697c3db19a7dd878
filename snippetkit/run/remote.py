"""What a worker of a cluster does. It knows nothing of the cluster, and finds the credentials of a store by itself."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from threading import Lock
from typing import Any, NamedTuple

from snippetkit import __version__
from snippetkit.errors import FileError, SettingError, SnippetkitError
from snippetkit.files import FoundFile
from snippetkit.model import Edit, PageBytes
from snippetkit.run.ahead import work_ahead
from snippetkit.run.pages import Outcome, Planned, Planner, RunOptions, work
from snippetkit.run.workers import portable

_MOST_RUNS = 4
_LOOK_S, _LOOKS = 0.02, 1500


class BatchOutcome(NamedTuple):
    """How the pages of a batch fared, in order; what ended the run, if anything did; how long the worker took."""

    outcomes: list[Outcome]
    error: BaseException | None = None
    seconds: float = 0


class _State:
    """What this process knows of the runs that it has worked for."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.planning = Lock()
        self.plans = OrderedDict[str, tuple[Planner, RunOptions]]()
        self.busy = Counter[str]()
        self.ended = set[str]()


_STATE = _State()


def lacks(version: str, door: bytes, file: FoundFile, seen: str) -> Exception | None:
    """Return what keeps this process from working on pages as the run's own process would, None where nothing does.

    Args:
        version: the run's version of snippetkit.
        door: the place where the pages are, pickled.
        file: one of them.
        seen: what that process sees there.
    """
    try:
        _check_version(version)
        _check_page(pickle.loads(door), file, seen)  # noqa: S301 (our own)
    except SnippetkitError as error:
        return portable(error)
    return None


def _check_page(door: Any, file: FoundFile, seen: str) -> None:
    hint = "a file system that all workers share works, with its full path; or give --dask local"
    try:
        if door.seen_as(file) == seen:
            return
    except FileError as error:
        raise SettingError(str(error), hint=hint) from error
    raise SettingError(f"it sees another page at {file.path}", hint=hint)


def _check_version(version: str) -> None:
    if version != __version__:
        raise SettingError(f"it has snippetkit {__version__}, not {version}", hint="install the same version there")


def work_on(run: str, version: str, plan: bytes, batch: bytes) -> bytes:
    """Work on a batch of pages.

    Args:
        run: a name of the run, which no other one has.
        version: its version of snippetkit.
        plan: the planner and the options, pickled.
        batch: the pages, as a pickled list of `FoundFile`.

    Returns:
        A `BatchOutcome`, pickled.
    """
    outcomes: list[Outcome] = []
    begin = time.monotonic()
    with _STATE.lock:
        _STATE.busy[run] += 1
    try:
        _check_version(version)
        for outcome in _outcomes(*_opened(run, plan), _wanted(run, pickle.loads(batch))):  # noqa: S301 (our own)
            outcomes.append(outcome)  # noqa: PERF402 (what came before an error counts)
        return pickle.dumps(BatchOutcome(outcomes, seconds=time.monotonic() - begin))
    except Exception as error:
        return pickle.dumps(BatchOutcome(outcomes, portable(error)))
    finally:
        with _STATE.lock:
            _STATE.busy[run] -= 1


async def stop(run: str) -> None:
    """Begin no further page of a run, and wait until none is in hand."""
    _STATE.ended.add(run)
    if run in _STATE.plans:
        _STATE.plans[run][1].door.end()
    for _ in range(_LOOKS):
        if not _STATE.busy[run]:
            return
        await asyncio.sleep(_LOOK_S)


def _wanted(run: str, files: Sequence[FoundFile]) -> Iterable[FoundFile]:
    return takewhile(lambda _: run not in _STATE.ended, files)


def _outcomes(planner: Planner, options: RunOptions, files: Iterable[FoundFile]) -> Iterator[Outcome]:
    door = options.door
    with door.writer(fsync=False, backup="") as writer:
        if door.at_once:
            yield from work_ahead(planner, options, writer, files, door.at_once)
        else:
            yield from work(planner, options, writer, files)


def _opened(run: str, plan: bytes) -> tuple[Planner, RunOptions]:
    """Return the planner and the options of a run; its buckets are opened once."""
    with _STATE.lock:
        if run not in _STATE.plans:
            planner, options = pickle.loads(plan)  # noqa: S301 (our own)
            _STATE.plans[run] = _InTurn(planner), options
            while len(_STATE.plans) > _MOST_RUNS:
                _STATE.plans.popitem(last=False)
        return _STATE.plans[run]


class _InTurn:
    """A planner that is asked by one thread at a time."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner

    def plan(self, path: str, page: PageBytes) -> Sequence[Edit] | Planned:
        with _STATE.planning:
            return self._planner.plan(path, page)
