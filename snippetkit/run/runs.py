"""A run from its paths to its outcomes."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from typing import Any

from snippetkit import files
from snippetkit.errors import FileError, SlowReadingError, slow_file
from snippetkit.files import DISK, PAGES, FoundFile, Selection
from snippetkit.model import PageBytes
from snippetkit.records import dataclass
from snippetkit.run.doors import Door
from snippetkit.run.pages import Item, Outcome, Planned, Planner, RunOptions, work
from snippetkit.run.shards import Shard, base_of

PARALLEL_FROM = 500
"""How many files it takes for other processes to be started; for fewer, starting them costs more than they save."""

_WORKED_HERE = 128
"""How many of them are worked on before that: what they need is then loaded and remembered in the others, too."""

_BATCH_SIZE = 128
# A batch has to fit into the buffer of a pipe, so that handing it over never waits for a worker that itself waits
# to hand over what it did.
_BATCH_CHARACTERS = 16 * 1024


def carry_out(
    paths: Iterable[str],
    planner: Planner,
    selection: Selection = PAGES,
    options: RunOptions = RunOptions(),  # noqa: B008 (it is frozen)
    *,
    waiting: Callable[[str], None] | None = None,
    only: Collection[str] | None = None,
    known: files.Known | None = None,
    elsewhere: Callable[[str], None] | None = None,
) -> Iterator[Outcome]:
    """Carry out a plan on files, on those below folders, and on those that patterns match; yield how each fared.

    The outcomes come in the order of the walk, and while the run goes on: it works no further ahead than a few
    hundred files. Closing the iterator ends the run; each file is then as it was, or changed as planned.

    Args:
        paths: files, folders, patterns.
        planner: says what is to be done to each page.
        selection: which files below folders are taken.
        options: how the run works.
        waiting: is told once, with the folder, where another run has to end first.
        only: the paths of those files that a run before this one left to it; it has checked the backup's folder.
        known: the pages that a run with the same plan has found to need nothing; they are not read.
        elsewhere: is told the paths of the pages that are another shard's.

    Raises:
        SettingError: the folder for the backup is not empty, or a pattern of the selection is malformed.
    """
    paths = list(paths)
    if options.backup and only is None:
        files.check_backup(options.backup)
    told: list[FileError] = []
    skip = [options.backup] if options.backup else []
    walked = options.door.walk(paths, told.append, selection, skip=skip, sweeps=not options.dry_run)
    found = walked if only is None else (file for file in walked if file.path in only)
    items = _items(_in_shard(found, options.shard, base_of(paths), elsewhere), told)
    if known is None:
        return _run(paths, items, planner, options, waiting)
    return _noting(known, _run(paths, _unknown(items, known, options.door), planner, options, waiting))


def look_at_each(
    paths: Iterable[str],
    look: Callable[[str, PageBytes], object],
    selection: Selection,
    jobs: int,
    failed: Callable[[FileError], None],
    door: Door[Any] = DISK,
) -> Iterator[Outcome]:
    """Yield an outcome for each file that text can be read from, in the order of the walk; nothing is written.

    Args:
        paths: files, folders, patterns.
        look: makes something of a file, given its path and its bytes: the outcome's `detail`, which can be pickled.
        selection: which files below folders are taken.
        jobs: how many processes work, 0 for the number of cores.
        failed: is told what could not be walked through; of a file that could not be read, or not be worked on, the
            outcome is `failed`, and its `detail` says why in one line.
        door: the place where the files are.
    """
    walked = door.walk([*paths], failed, selection)
    options = RunOptions(dry_run=True, jobs=jobs, reads_all=True, door=door)
    return _run([], iter(walked), _Looking(look), options, None)


@dataclass(frozen=True, slots=True)
class _Looking:
    """A planner that changes nothing."""

    look: Callable[[str, PageBytes], object]

    def plan(self, path: str, page: PageBytes) -> Planned:
        files.check_is_text(path, page.head)
        try:
            return Planned((), detail=self.look(path, page))
        except SlowReadingError as error:
            raise slow_file(path, error) from error


def _run(
    paths: list[str],
    items: Iterator[Item],
    planner: Planner,
    options: RunOptions,
    waiting: Callable[[str], None] | None,
) -> Iterator[Outcome]:
    with ExitStack() as stack:
        door = options.door
        if not options.dry_run:
            stack.enter_context(door.exclusive(paths, waiting))
        if options.crew:
            yield from options.crew.outcomes(planner, options, _batches(items))
        elif door.at_once:
            yield from _ahead(planner, options, items)
        else:
            yield from _on_this_machine(planner, options, items)


def _ahead(planner: Planner, options: RunOptions, items: Iterator[Item]) -> Iterator[Outcome]:
    """Work on pages that are waited for, several at a time."""
    from snippetkit.run.ahead import work_ahead

    with options.door.writer(fsync=False, backup=options.backup) as writer:
        yield from work_ahead(planner, options, writer, items, options.door.at_once)


def _on_this_machine(planner: Planner, options: RunOptions, items: Iterator[Item]) -> Iterator[Outcome]:
    """Work on pages that are read at once: here, or in other processes from the place on where many come."""
    for item in items:
        if isinstance(item, FoundFile):
            items = chain([item], items)
            break
        yield item
    jobs = options.jobs or _cores()
    while jobs > 1 and (first := list(islice(items, PARALLEL_FROM))):
        if _are_many(first):
            from snippetkit.run.workers import WorkerPool

            yield from _work_here(planner, options, first[:_WORKED_HERE])
            with WorkerPool(jobs, planner, options) as pool:
                yield from pool.outcomes(_batches(chain(first[_WORKED_HERE:], items)))
            return
        yield from _work_here(planner, options, first)
    yield from _work_here(planner, options, items)


def _are_many(items: Sequence[Item]) -> bool:
    """Whether other processes are worth their start: not where nearly all pages are known."""
    return len(items) == PARALLEL_FROM and sum(isinstance(item, FoundFile) for item in items) > PARALLEL_FROM / 2


def _work_here(planner: Planner, options: RunOptions, items: Iterable[Item]) -> Iterator[Outcome]:
    """Work on files in this process."""
    with options.door.writer(fsync=options.fsync, backup=options.backup) as writer:
        for batch in _batches(items) if options.fsync else [items]:
            yield from work(planner, options, writer, batch)


def _in_shard(
    walked: Iterator[FoundFile], shard: Shard, base: str, elsewhere: Callable[[str], None] | None = None
) -> Iterator[FoundFile]:
    return walked if shard.parts == 1 else _held(walked, shard, base, elsewhere)


def _held(
    walked: Iterable[FoundFile], shard: Shard, base: str, elsewhere: Callable[[str], None] | None
) -> Iterator[FoundFile]:
    for file in walked:
        if shard.holds(file.path, base):
            yield file
        elif elsewhere:
            elsewhere(file.path)


def _unknown(items: Iterable[Item], known: files.Known, door: Door[Any]) -> Iterator[Item]:
    """Yield the same; of a page that is known, its outcome."""
    for item in items:
        is_known = isinstance(item, FoundFile) and not item.skipped and known.has(item.path, door.tag(item))
        yield Outcome(item.path, "unchanged") if is_known else item


def _noting(known: files.Known, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Yield the same outcomes, and note what they say of their pages; of those that are known, there is no need."""
    asked = known.asked
    for outcome in outcomes:
        if asked or outcome.tag:
            stays = outcome.verb == "unchanged" and not outcome.notes
            known.note(outcome.path, stays=stays, tag=outcome.tag)
        yield outcome


def _items(walked: Iterator[FoundFile], told: list[FileError]) -> Iterator[Item]:
    for file in walked:
        if told:
            yield from _failures(told)
        yield file
    yield from _failures(told)


def _failures(told: list[FileError]) -> Iterator[Outcome]:
    for error in told:
        yield Outcome.failed(error.path, error)
    told.clear()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += len(item.path)
        if len(batch) == _BATCH_SIZE or characters > _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
