"""One page after the other: read, plan, replace, and tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from snippetkit import files, inject
from snippetkit.errors import FileError, PageRefusedError
from snippetkit.files import Found, Page, Writer
from snippetkit.model import Edit, Text


class Planned(NamedTuple):
    """The edits for a page, in order and not overlapping, and what else there is to tell about it.

    `notes` are lines for a person, `detail` is for the caller's program; it can be pickled.
    """

    edits: Sequence[Edit]
    notes: tuple[str, ...] = ()
    detail: object = None


class Planner(Protocol):
    """Says what is to be done to a page; it can be pickled, because other processes may work on the pages."""

    def plan(self, path: str, text: Text) -> Sequence[Edit] | Planned:
        """Return the edits for a page; what it does not ask `text` for is not read.

        Raises:
            PageRefusedError: the right edits are not certain.
            FileError: the page cannot be read, or is not to be worked on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """How a run works.

    `dry_run` writes nothing. `show_diff` puts what changes, or would change, into the outcomes. `jobs` is the number
    of processes, 0 for the number of cores this one may use. `fsync` lets pages survive a power failure. `backup` is
    a new folder that gets the pages as they were, or empty.
    """

    dry_run: bool = False
    show_diff: bool = False
    jobs: int = 0
    fsync: bool = False
    backup: str = ""


class Outcome(NamedTuple):
    """How a file fared.

    `verb` is inserted, updated, removed, unchanged, skipped, refused or failed; in a dry run the first three are what
    would happen. `reason` says why it was skipped, refused or failed, without the path; `line`, `column` (in
    bytes, both from 1) and `offset` say where it was refused, and are 0 otherwise. `notes` are things to know about a
    page that was changed. `diff` is a unified diff. `detail` is what the planner said.
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


Item = Found | Outcome
"""A file to work on, or what there is to tell already."""


def work(planner: Planner, options: Options, writer: Writer, items: Iterable[Item]) -> Iterator[Outcome]:
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
        PageRefusedError, FileError: the page was refused, or could not be read or written; it is as it was.
    """
    with Writer() as writer:
        return _change(planner, Options(), writer, Found(path))


def _attempt(planner: Planner, options: Options, writer: Writer, found: Item) -> Outcome:
    if isinstance(found, Outcome):
        return found
    if found.skipped:
        return Outcome(found.path, "skipped", found.skipped)
    try:
        return _change(planner, options, writer, found)
    except PageRefusedError as error:
        return Outcome(found.path, "refused", error.reason, error.line, error.column, offset=error.offset)
    except FileError as error:
        return Outcome.failed(found.path, error)


def _change(planner: Planner, options: Options, writer: Writer, found: Found) -> Outcome:
    page = files.read_page(found.target or found.path)
    try:
        planned = planner.plan(found.path, page)
        notes: tuple[str, ...] = ()
        detail = None
        if isinstance(planned, Planned):
            planned, notes, detail = planned
        if not planned:
            return Outcome(found.path, "unchanged", notes=notes, detail=detail)
        files.check_writable(page)
        diff = _diff(found.path, page, planned) if options.show_diff else b""
        if not options.dry_run:
            writer.replace(page, planned)
        notes += _notes(page, found)
        return Outcome(found.path, _verb(planned), notes=notes, diff=diff, detail=detail)
    finally:
        page.close()


def _diff(path: str, page: Page, edits: Sequence[Edit]) -> bytes:
    before = page.whole()
    return files.diff(Path(path), before, inject.apply(before, edits)).encode("utf-8", "surrogateescape")


def _verb(edits: Sequence[Edit]) -> str:
    if all(edit.start == edit.end for edit in edits):
        return "inserted"
    return "updated" if any(edit.new for edit in edits) else "removed"


def _notes(page: Page, found: Found) -> tuple[str, ...]:
    if page.status.st_nlink == 1 and not found.twins:
        return ()
    notes = []
    if page.status.st_nlink > 1:
        notes.append(f"has {page.status.st_nlink} hard links; the others keep the old bytes")
    notes += [f"{found.target or found.path}{suffix} holds the old page; compress it again" for suffix in found.twins]
    return tuple(notes)
