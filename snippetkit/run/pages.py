"""One page after the other: read, plan, replace, and report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from snippetkit import files
from snippetkit.errors import FileError, PageRefusedError, SlowReadingError
from snippetkit.files import DISK, FoundFile
from snippetkit.model import Edit, PageBytes
from snippetkit.records import dataclass
from snippetkit.run.doors import Door, OpenPage, PageWriter
from snippetkit.run.shards import WHOLE, Shard

DOUBTFUL = "a worker that had this page was lost: it may have changed it before"
"""The note of a page that is unchanged because the batch that it is in was worked on twice."""


class Planned(NamedTuple):
    """The edits for a page, in order and not overlapping, and what else there is to tell about it.

    `notes` are lines for a person, `detail` is for the caller's program; it can be pickled. `keeps` is the name under
    which the page is kept as it was (`files.keep_adopted`), or empty; `forgets` are such copies that go afterwards.
    A page that `waits` is not written: it is for a later run, once it is known how this one went.
    """

    edits: Sequence[Edit]
    notes: tuple[str, ...] = ()
    detail: object = None
    keeps: str = ""
    forgets: tuple[str, ...] = ()
    waits: bool = False


class Planner(Protocol):
    """Says what is to be done to a page; it can be pickled, because other processes may work on the pages."""

    def plan(self, path: str, page: PageBytes) -> Sequence[Edit] | Planned:
        """Return the edits for a page; what it does not ask `page` for is not read.

        Raises:
            PageRefusedError: the right edits are not certain.
            FileError: the page cannot be read, or is not to be worked on.
        """
        ...


class Crew(Protocol):
    """Other processes or machines that carry out a plan."""

    def outcomes(self, planner: Planner, options: RunOptions, batches: Iterable[list[Item]]) -> Iterator[Outcome]:
        """Yield what became of each file, in order.

        Raises:
            SnippetkitError: what ends the run; each page is then as it was, or changed as planned.
        """
        ...


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run works.

    `dry_run` writes nothing; where it `reads_all`, any file is taken, not only pages, and through links. `show_diff`
    puts what changes, or would change, into the outcomes. `jobs` is the number of processes, 0 for the number of
    cores this one may use; in a store, that of pages at a time. `fsync` lets pages survive a power failure. `backup` is
    a new folder that gets the pages as they were, or empty. `door` is the place where the pages are, `shard` the part
    of them that is this run's. A `crew` works on them in other places, instead of processes of this machine.
    """

    dry_run: bool = False
    show_diff: bool = False
    jobs: int = 0
    fsync: bool = False
    backup: str = ""
    reads_all: bool = False
    door: Door[Any] = DISK
    shard: Shard = WHOLE
    crew: Crew | None = None


class Outcome(NamedTuple):
    """How a file fared.

    `verb` is inserted, updated, removed, unchanged, waits, skipped, refused or failed; in a dry run the first three are
    what would happen. `reason` says why it was skipped, refused or failed, without the path; `line`, `column` (in
    bytes, both from 1) and `offset` say where it was refused, and are 0 otherwise. `notes` are things to know about a
    page that was changed or refused. `diff` is a unified diff. `detail` is what the planner said. `tag` is what a store
    calls the page now that it was written.
    """

    path: str
    verb: str
    reason: str = ""
    line: int = 0
    column: int = 0
    notes: tuple[str, ...] = ()
    diff: bytes = b""
    detail: object = None
    offset: int = 0
    tag: str = ""

    @classmethod
    def failed(cls, path: str, error: FileError) -> Outcome:
        """Return the outcome that an error makes."""
        return cls(path, "failed", error.with_hint().removeprefix(f"{path}: "))


Item = FoundFile | Outcome
"""A file to work on, or an outcome that is already known."""


def work(planner: Planner, options: RunOptions, writer: PageWriter[Any], items: Iterable[Item]) -> Iterator[Outcome]:
    """Work on files one after the other and yield an outcome for each; no file's error stops the others.

    With `fsync`, all of them are worked on before the first outcome.
    """
    if not options.fsync or options.dry_run:
        for item in items:
            yield _attempt(planner, options, writer, item)
        return
    done = [(item, _attempt(planner, options, writer, item)) for item in items]
    errors = writer.commit()
    for item, outcome in done:
        error = errors.get(_target(item))
        yield Outcome.failed(outcome.path, error) if error else outcome


def _target(item: Item) -> str:
    return item.path if isinstance(item, Outcome) else item.target or item.path


def change_page(path: str, planner: Planner) -> Outcome:
    """Work on one page.

    Raises:
        PageRefusedError, FileError, SlowReadingError: the page was refused, or could not be read or written; it is as
            it was.
    """
    options = RunOptions()
    with options.door.writer(fsync=False, backup="") as writer:
        return _change(planner, options, writer, FoundFile(path))


class Step(NamedTuple):
    """What is to be done to a page, and how it then fared; no edits where it stays as it is."""

    outcome: Outcome
    edits: Sequence[Edit] = ()
    keeps: str = ""
    forgets: tuple[str, ...] = ()


_Result = TypeVar("_Result")


def told(options: RunOptions, item: FoundFile, action: Callable[[], _Result]) -> _Result | Outcome:
    """Return what an action on a file returns, or the outcome that its error makes."""
    try:
        return action()
    except PageRefusedError as error:
        where = (error.line, error.column)
        return Outcome(item.path, "refused", error.reason, *where, error.notes, offset=error.offset)
    except FileError as error:
        return Outcome.failed(item.path, error)._replace(detail=error.with_hint() if options.reads_all else None)
    except SlowReadingError as error:
        return Outcome(item.path, "failed", error.with_hint())


def passed_over(options: RunOptions, item: Item) -> Outcome | None:
    """Return the outcome of what is not worked on, None for a file that is."""
    if isinstance(item, Outcome):
        return item
    return Outcome(item.path, "skipped", item.skipped) if item.skipped and not options.reads_all else None


def _attempt(planner: Planner, options: RunOptions, writer: PageWriter[Any], item: Item) -> Outcome:
    if isinstance(item, Outcome) or (item.skipped and not options.reads_all):
        return passed_over(options, item) or Outcome(item.path, "skipped")
    return told(options, item, lambda: _change(planner, options, writer, item))


def _change(planner: Planner, options: RunOptions, writer: PageWriter[Any], file: FoundFile) -> Outcome:
    page = options.door.read(file, any_file=options.reads_all)
    try:
        return carry_out_step(options, writer, file, page, plan_step(planner, options, file, page))
    finally:
        page.close()


def plan_step(planner: Planner, options: RunOptions, file: FoundFile, page: Any) -> Step:
    """Return what is to be done to a page.

    Raises:
        PageRefusedError, FileError, SlowReadingError: as the planner does, or the page may not be written to.
    """
    planned = planner.plan(file.path, page)
    if not isinstance(planned, Planned):
        planned = Planned(planned)
    edits, notes, detail, keeps, forgets, waits = planned
    if not edits:
        return Step(Outcome(file.path, "unchanged", notes=notes, detail=detail))
    options.door.check(page)
    if waits:
        return Step(Outcome(file.path, "waits", detail=detail))
    diff = _diff(file.path, page, edits) if options.show_diff else b""
    return Step(Outcome(file.path, _verb(edits), notes=notes, diff=diff, detail=detail), edits, keeps, forgets)


def carry_out_step(options: RunOptions, writer: PageWriter[Any], file: FoundFile, page: Any, step: Step) -> Outcome:
    """Do it, unless nothing is to be written; return how the page fared.

    Raises:
        FileError: it could not be written; it is as it was.
    """
    if not step.edits:
        return step.outcome
    notes: tuple[str, ...] = ()
    tag = ""
    if not options.dry_run:
        notes = _keep(options, page, step.keeps)
        tag = writer.replace(page, step.edits, step.forgets)
    notes += options.door.notes(page, file)
    return step.outcome._replace(notes=step.outcome.notes + notes, tag=tag) if notes or tag else step.outcome


def _keep(options: RunOptions, page: Any, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    return (f"the page as it was is kept in {options.door.keep(page, name)}, from which 'remove' puts that code back",)


def _diff(path: str, page: OpenPage, edits: Sequence[Edit]) -> bytes:
    from snippetkit import inject

    before = page.whole()
    name = path if "://" in path else Path(path)
    return files.diff(name, before, inject.apply(before, edits)).encode("utf-8", "surrogateescape")


def _verb(edits: Sequence[Edit]) -> str:
    if all(edit.start == edit.end for edit in edits):
        return "inserted"
    return "updated" if any(edit.new for edit in edits) else "removed"
