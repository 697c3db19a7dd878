"""One page after the other: read, plan, replace, and report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from snippetkit import files
from snippetkit.errors import FileError, PageRefusedError, SlowReadingError
from snippetkit.files import FoundFile, Page, Writer
from snippetkit.model import Edit, PageBytes


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


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run works.

    `dry_run` writes nothing; where it `reads_all`, any file is taken, not only pages, and through links. `show_diff`
    puts what changes, or would change, into the outcomes. `jobs` is the number of processes, 0 for the number of
    cores this one may use. `fsync` lets pages survive a power failure. `backup` is a new folder that gets the pages
    as they were, or empty.
    """

    dry_run: bool = False
    show_diff: bool = False
    jobs: int = 0
    fsync: bool = False
    backup: str = ""
    reads_all: bool = False


class Outcome(NamedTuple):
    """How a file fared.

    `verb` is inserted, updated, removed, unchanged, waits, skipped, refused or failed; in a dry run the first three are
    what would happen. `reason` says why it was skipped, refused or failed, without the path; `line`, `column` (in
    bytes, both from 1) and `offset` say where it was refused, and are 0 otherwise. `notes` are things to know about a
    page that was changed or refused. `diff` is a unified diff. `detail` is what the planner said.
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

    @classmethod
    def failed(cls, path: str, error: FileError) -> Outcome:
        """Return the outcome that an error makes."""
        return cls(path, "failed", str(error).removeprefix(f"{path}: "))


Item = FoundFile | Outcome
"""A file to work on, or an outcome that is already known."""


def work(planner: Planner, options: RunOptions, writer: Writer, items: Iterable[Item]) -> Iterator[Outcome]:
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
    with Writer() as writer:
        return _change(planner, RunOptions(), writer, FoundFile(path))


def _attempt(planner: Planner, options: RunOptions, writer: Writer, item: Item) -> Outcome:
    if isinstance(item, Outcome):
        return item
    if item.skipped and not options.reads_all:
        return Outcome(item.path, "skipped", item.skipped)
    try:
        return _change(planner, options, writer, item)
    except PageRefusedError as error:
        where = (error.line, error.column)
        return Outcome(item.path, "refused", error.reason, *where, error.notes, offset=error.offset)
    except FileError as error:
        return Outcome.failed(item.path, error)._replace(detail=error.with_hint() if options.reads_all else None)
    except SlowReadingError as error:
        return Outcome(item.path, "failed", error.with_hint())


def _change(planner: Planner, options: RunOptions, writer: Writer, file: FoundFile) -> Outcome:
    page = files.read_file(file.path) if options.reads_all else files.read_page(file.target or file.path)
    try:
        planned = planner.plan(file.path, page)
        if not isinstance(planned, Planned):
            planned = Planned(planned)
        edits, notes, detail, keeps, forgets, waits = planned
        if not edits:
            return Outcome(file.path, "unchanged", notes=notes, detail=detail)
        files.check_writable(page)
        if waits:
            return Outcome(file.path, "waits", detail=detail)
        diff = _diff(file.path, page, edits) if options.show_diff else b""
        if not options.dry_run:
            notes += _keep(page, keeps)
            writer.replace(page, edits, forgets)
        notes += _notes(page, file)
        return Outcome(file.path, _verb(edits), notes=notes, diff=diff, detail=detail)
    finally:
        page.close()


def _keep(page: Page, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    return (f"the page as it was is kept in {files.keep_adopted(page, name)}, from which 'remove' puts that code back",)


def _diff(path: str, page: Page, edits: Sequence[Edit]) -> bytes:
    from snippetkit import inject

    before = page.whole()
    return files.diff(Path(path), before, inject.apply(before, edits)).encode("utf-8", "surrogateescape")


def _verb(edits: Sequence[Edit]) -> str:
    if all(edit.start == edit.end for edit in edits):
        return "inserted"
    return "updated" if any(edit.new for edit in edits) else "removed"


def _notes(page: Page, file: FoundFile) -> tuple[str, ...]:
    if page.status.st_nlink == 1 and not file.twins:
        return ()
    notes = []
    if page.status.st_nlink > 1:
        notes.append(f"has {page.status.st_nlink} hard links; the others keep the old bytes")
    notes += [f"{file.target or file.path}{suffix} holds the old page; compress it again" for suffix in file.twins]
    return tuple(notes)
