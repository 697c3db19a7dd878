"""Batches of pages on a Dask cluster: a window of them is under way, in order, and outcomes are told as they arrive."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import chain, islice
from typing import Any, NamedTuple
from uuid import uuid4

from snippetkit import __version__
from snippetkit.errors import NetworkError, SettingError, SnippetkitError
from snippetkit.files import FoundFile
from snippetkit.records import replace
from snippetkit.run.pages import DOUBTFUL, Item, Outcome, Planner, RunOptions
from snippetkit.run.remote import BatchOutcome, lacks, stop, work_on

_AHEAD = 3  # how many batches a thread of a worker has at most: the one that it works on, and what waits
_COUNT_EVERY = 32
# Handing a batch over costs about 20 ms of CPU, so those that are done in less time than this go together, up to some.
_QUICK_S = 1
_MOST_TOGETHER = 8
_AGAIN = "run again; what is done stays done"
_KILLED = f"the workers that had it, or a page beside it, were killed; {_AGAIN}"
_Sent = tuple[list[Item], Any]


class Patience(NamedTuple):
    """How long a scheduler may take to answer, and how long it may have no workers, in seconds."""

    connect_s: float = 10
    workers_s: float = 30


class Cluster:
    """Workers that carry out a plan, and whose scheduler is reached."""

    def __init__(self, client: Any, address: str, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self._address = address
        self._twice: set[str] = set()
        self._run = ""
        self._sent = deque[_Sent]()
        self._checked = set[str]()
        self._together = 1
        client.subscribe_topic("all", self._note)
        self._count()

    def outcomes(self, planner: Planner, options: RunOptions, batches: Iterable[list[Item]]) -> Iterator[Outcome]:
        """Yield what became of each file, in order.

        Raises:
            SettingError, AccessError: a worker lacks what it needs.
            NetworkError: the scheduler or all workers are gone, or a store does not answer.
        """
        options = replace(options, crew=None)
        self._run = uuid4().hex
        self._sent.clear()
        self._checked.clear()
        plan = None
        try:
            for number, batch in enumerate(self._joined(batches)):
                files = [item for item in batch if isinstance(item, FoundFile)]
                self._check(options, files)
                plan = plan or self._hand_over(planner, options)
                yield from self._arrived(_AHEAD * self._threads - 1)
                if number % _COUNT_EVERY == _COUNT_EVERY - 1:
                    self._count()
                self._sent.append((batch, self._send(number, plan, files) if files else None))
            yield from self._arrived(0)
        finally:
            self.stop()

    def _joined(self, batches: Iterable[list[Item]]) -> Iterator[list[Item]]:
        batches = iter(batches)
        while some := [*islice(batches, self._together)]:
            yield [*chain.from_iterable(some)]

    def _hand_over(self, planner: Planner, options: RunOptions) -> Any:
        """Give the plan to the workers, which pass it on: with many rules it is far larger than a batch.

        It is the result of a task, so that it is made anew where all workers that had it have gone.
        """
        plan = pickle.dumps((planner, options))
        return self._client.submit(bytes, plan, key=f"snippetkit-plan-{self._run}", pure=False)

    def _send(self, number: int, plan: Any, files: Sequence[FoundFile]) -> Any:
        key, batch = f"snippetkit-{self._run}-{number}", pickle.dumps(files)
        arguments = (self._run, __version__, plan, batch)
        return self._client.submit(work_on, *arguments, key=key, pure=False, priority=-number)  # the first one first

    def _arrived(self, most: int) -> Iterator[Outcome]:
        """Yield the outcomes that have come, in order, and wait until no more than this many batches are under way."""
        sent = self._sent
        while sent and (len(sent) > most or not sent[0][1] or sent[0][1].done()):
            batch, future = sent[0]
            answer = self._answer(batch, future) if future else BatchOutcome([])
            sent.popleft()  # only now: until then it has to be stopped where the run ends early
            if answer.error:
                yield from answer.outcomes
                raise answer.error
            told = iter(answer.outcomes)
            for item in batch:
                yield item if isinstance(item, Outcome) else next(told)

    def _answer(self, batch: Sequence[Item], future: Any) -> BatchOutcome:
        from distributed.scheduler import KilledWorker

        try:
            answer: BatchOutcome = pickle.loads(self._wait(future))  # noqa: S301 (our own)
        except KilledWorker:
            files = (item for item in batch if isinstance(item, FoundFile))
            return BatchOutcome([Outcome(file.path, "failed", _KILLED) for file in files])
        if answer.seconds < _QUICK_S:
            self._together = min(self._together * 2, _MOST_TOGETHER)
        if future.key not in self._twice:
            return answer
        return answer._replace(outcomes=[_doubted(outcome) for outcome in answer.outcomes])

    def _wait(self, future: Any) -> bytes:
        from distributed.scheduler import KilledWorker

        look_s = self._patience.workers_s / 2
        had_workers = True
        while True:
            try:
                result: bytes = future.result(timeout=look_s)
                return result
            except TimeoutError:
                has_workers = self._has_workers()
                if not (has_workers or had_workers):
                    raise NetworkError(f"{self._address}: all workers are gone", hint=_AGAIN) from None
                had_workers = has_workers
            except (KilledWorker, SnippetkitError):
                raise
            except (CancelledError, OSError) as error:
                raise self._gone() from error
            except Exception as error:
                hint = "install the same version of snippetkit, Python and distributed there"
                raise SettingError(f"{self._address}: a worker cannot do it: {in_a_line(error)}", hint=hint) from error

    def _gone(self) -> NetworkError:
        return NetworkError(f"{self._address}: the scheduler is gone", hint=_AGAIN)

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.nthreads())
        except (OSError, CancelledError) as error:
            raise self._gone() from error

    def _count(self) -> int:
        """Return how many batches are worked on at a time.

        Raises:
            NetworkError: there are no workers.
        """
        try:
            self._client.wait_for_workers(1, timeout=self._patience.workers_s)
            self._threads = sum(self._client.nthreads().values()) or 1
        except TimeoutError:
            hint = "start some with 'dask worker'"
            raise NetworkError(f"{self._address}: the cluster has no workers", hint=hint) from None
        except (OSError, CancelledError) as error:
            raise self._gone() from error
        return self._threads

    def _note(self, event: tuple[float, Any]) -> None:
        """Note which batches a worker had that has gone; they run once more."""
        told = event[1]
        if isinstance(told, Mapping) and told.get("action") == "remove-worker":
            for name in ("processing-tasks", "lost-computed-tasks"):
                self._twice.update(told.get(name) or ())

    def _check(self, options: RunOptions, files: Sequence[FoundFile]) -> None:
        """Make sure that each worker can do its part in each place that the run has come to.

        Raises:
            SettingError, AccessError, NetworkError: the first that cannot, and why.
        """
        for file in files:
            if not file.skipped and (place := options.door.place_of(file)) not in self._checked:
                self._check_place(options, file)
                self._checked.add(place)

    def _check_place(self, options: RunOptions, file: FoundFile) -> None:
        seen = options.door.seen_as(file)
        arguments = (__version__, pickle.dumps(options.door), file, seen)
        try:
            answers = self._client.run(lacks, *arguments, on_error="return")
        except (OSError, CancelledError) as error:
            raise self._gone() from error
        lacking = {worker: error for worker, error in answers.items() if error}
        for worker, found in lacking.items():
            others = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
            raise _told(f"worker {worker}{others}", found) from found

    def stop(self) -> None:
        """Where a run has ended early, let the workers begin no further page of it, and wait for those in hand."""
        futures = [future for _, future in self._sent if future]
        self._sent.clear()
        if futures and self._client.status == "running":
            with suppress(Exception):
                self._client.cancel(futures)
                self._client.run(stop, self._run, on_error="ignore")


def _told(worker: str, error: Exception) -> SnippetkitError:
    if isinstance(error, SnippetkitError):
        return type(error)(f"{worker}: {error}", hint=error.hint)
    if "No module named 'snippetkit" in str(error):
        return SettingError(f"{worker}: it has no snippetkit", hint=f"pip install snippetkit=={__version__} there")
    return SettingError(f"{worker}: {in_a_line(error)}", hint="install the same versions there")


def in_a_line(error: BaseException) -> str:
    """Return what an error of others says, on one line that is not too long."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _doubted(outcome: Outcome) -> Outcome:
    return outcome._replace(notes=(*outcome.notes, DOUBTFUL)) if outcome.verb == "unchanged" else outcome
