"""A plan carried out on many pages, or on stdin, and told as it goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit import work
from snippetkit.cli._clusters import CLUSTER_OPTIONS, check_cluster, cluster
from snippetkit.cli._command import add_options, json_option, refuse_options, summary_option
from snippetkit.cli._output import OutputFile, Sums, printable
from snippetkit.cli._paths import File, Folder, cache_folder
from snippetkit.cli._report import JsonReport, TextReport
from snippetkit.cli._saying import put, put_diff, say
from snippetkit.cli._texts import Paths, jobs_option, read_stdin, selection_options
from snippetkit.cli._types import ShardType
from snippetkit.errors import FileError, PageRefusedError, reading
from snippetkit.records import replace
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.run import Door, Outcome, Planner, RunOptions
    from snippetkit.work import Verification

_CODE = ("pixel_ids", "from_file", "pages_file", "sheet", "keys")  # says which code it is
_FOR_FILES = ("as_json", "is_summary", "jobs", "fsync", "backup", "changed_to", "shard", "is_indexed", "dask")
_OPTIONS = (
    click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page would change."),
    click.option("--diff", "show_diff", is_flag=True, help="Write nothing; print a diff."),
    json_option,
    summary_option,
    jobs_option,
    click.option("--fsync", is_flag=True, help="Sync each change to disk; slower."),
    click.option(
        "--backup", metavar="DIR", type=Folder(), default="", help="Copy the original pages into this new folder."
    ),
)


_RUN_OPTIONS = (
    click.option(
        "--unsafe-overwrite",
        is_flag=True,
        help="Write even where a store cannot refuse to overwrite what somebody else has just written.",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        type=ShardType(),
        help="Take part I of N of the pages, for several machines: the same page is always in the same part.",
    ),
    *CLUSTER_OPTIONS,
    click.option(
        "--known",
        metavar="FILE",
        type=File(),
        help="In a store: list the pages that are as they should be in this file, and do not read them again while "
        "their ETags and what is asked for stay the same.",
    ),
    click.option(
        "--index",
        "is_indexed",
        is_flag=True,
        help="The same for files, by size, times and inode, with the list in the cache folder.",
    ),
    click.option(
        "--changed-to",
        metavar="FILE",
        type=OutputFile(),
        help="List the URL paths of the pages that changed in this file, to purge them from a CDN.",
    ),
)


class Running(NamedTuple):
    """How a run works, and how it is told."""

    check: bool
    show_diff: bool
    as_json: bool
    is_summary: bool
    jobs: int | None
    fsync: bool
    backup: str
    changed_to: str = ""
    shard: tuple[int, int] | None = None
    known: str = ""
    dask: str = ""
    insecure_cluster: bool = False

    def report(self) -> JsonReport | TextReport:
        """Return what tells how the pages fare."""
        dry_run = self.check or self.show_diff
        if self.as_json:
            return JsonReport(dry_run=dry_run)
        return TextReport(dry_run=dry_run, sums=Sums("page") if self.is_summary else None)

    def options(self, door: Door[Any] | None = None) -> RunOptions:
        """Return the same for a run, on the disk where no other place is given."""
        from snippetkit.run import WHOLE, RunOptions, Shard

        dry_run = self.check or self.show_diff
        options = RunOptions(dry_run, self.show_diff, self.jobs or 0, self.fsync, self.backup)
        shard = Shard(*self.shard) if self.shard else WHOLE
        return replace(options, door=door or options.door, shard=shard)


def running_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a run: the command gets `running`."""

    @wraps(function)
    def command(
        *args: Any,
        check: bool,
        show_diff: bool,
        as_json: bool,
        is_summary: bool,
        jobs: int | None,
        fsync: bool,
        backup: str,
        **arguments: Any,
    ) -> None:
        if as_json:
            refuse_options("and --json cannot be used together.", "is_summary")
        running = Running(check, show_diff, as_json, is_summary, jobs, fsync, backup)
        function(*args, running=running, **arguments)

    return add_options(command, *_OPTIONS)


def run_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...` and what goes with it, and the options of a run: the command gets `paths` and `running`."""

    @wraps(function)
    def command(
        paths: Paths,
        running: Running,
        unsafe_overwrite: bool,
        changed_to: str | None,
        shard: tuple[int, int] | None,
        known: str | None,
        is_indexed: bool,
        dask: str | None,
        insecure_cluster: bool,
        **arguments: Any,
    ) -> None:
        _check_stdin(paths)
        check_cluster(paths, dask)
        paths = paths._replace(unsafe_overwrite=unsafe_overwrite)
        _check_run(running)
        _check_place(paths, known, is_indexed=is_indexed)
        running = running._replace(
            changed_to=changed_to or "",
            shard=shard,
            known=str(_index_of(paths, shard)) if is_indexed else known or "",
            dask=dask or "",
            insecure_cluster=insecure_cluster,
        )
        function(paths=paths, running=running, **arguments)

    return selection_options(running_options(add_options(command, *_RUN_OPTIONS)))


def _check_run(running: Running) -> None:
    if "://" in running.backup:
        raise click.UsageError("--backup takes a folder on this machine.")
    if running.check or running.show_diff:
        refuse_options("cannot be used with --check or --diff, which write no page.", "changed_to")


def _check_place(paths: Paths, known: str | None, *, is_indexed: bool) -> None:
    """Make sure that what goes with one kind of place, a store or this machine, is not used with the other."""
    if known == STDIN or "://" in (known or ""):
        raise click.UsageError("--known takes a file on this machine.")
    if not paths.in_store():
        refuse_options("is for an object store; --index does the same for files.", "known")
        return
    refuse_options("cannot be used with an object store, which keeps what it has accepted.", "fsync")
    if is_indexed:
        raise click.UsageError("--index is for files; --known FILE does the same for an object store.")


def _index_of(paths: Paths, shard: tuple[int, int] | None) -> Path:
    """The list of the pages that are known of these paths, or of a part of them, seen from this folder.

    What goes onto the same pages in a run of its own has one of its own.
    """
    from hashlib import sha256

    ctx = click.get_current_context()
    code = [ctx.info_name, *(ctx.params.get(name) for name in _CODE)]
    seen = repr((os.getcwd(), paths, shard, code))  # noqa: PTH109 (as it is)
    return cache_folder() / "pages" / sha256(seen.encode()).hexdigest()


def _check_stdin(paths: Paths) -> None:
    if STDIN not in paths.paths:
        return
    if len(paths.paths) > 1:
        raise click.UsageError("'-' cannot be combined with another PATH.")
    refuse_options("cannot be used with '-', only with files.", *_FOR_FILES)


def carry_out(
    paths: Paths,
    planner: Planner,
    running: Running,
    values: Sequence[Mapping[str, str | None]] | None = None,
    verification: Verification | None = None,
) -> int:
    """Carry out a plan, tell how each page fared, and return the exit code.

    Args:
        paths: files and folders, or stdin alone, whose page is then printed.
        planner: says what is to be done to each page.
        running: how the run works.
        values: what page rules put where, if there are any.
        verification: looks at the pages in a browser afterwards.

    Raises:
        SettingError, FileError: the run cannot begin; nothing was printed.
    """
    if STDIN in paths.paths:
        return _filter(planner, running)
    options = running.options(paths.door(running.jobs))
    with ExitStack() as stack:
        writes = not options.dry_run
        known = stack.enter_context(work.know(running.known, planner, writes=writes)) if running.known else None
        if running.dask:
            options = replace(options, crew=stack.enter_context(cluster(paths, running)))
        outcomes = work.carry_out(paths.paths, planner, paths.selection(), options, say_waiting, known)
        if running.changed_to:
            outcomes = work.listing_changed(outcomes, paths.paths, running.changed_to)
        return tell(outcomes, running, values, verification)


def tell(
    outcomes: Iterable[Outcome],
    running: Running,
    values: Sequence[Mapping[str, str | None]] | None = None,
    verification: Verification | None = None,
) -> int:
    """Tell how each page fares, as it comes, and return the exit code; the arguments are those of `carry_out`."""
    report = running.report()
    report.values = values
    with report:
        for outcome in outcomes:
            report.add(outcome)
            if verification:
                verification.add(outcome)
        report.verify(verification)
    return report.exit_code(check=running.check)


def say_waiting(folder: str) -> None:
    """Say on stderr that another run has to end first."""
    say(f"waiting for another run to finish: {printable(folder)}")


def _filter(planner: Planner, running: Running) -> int:
    """Print the page that comes from stdin, with the plan carried out; nothing where it is refused."""
    from snippetkit import files

    before = read_stdin(files.MAX_BYTES)
    try:
        with reading("stdin"):
            page = work.rewrite(before, planner)
    except PageRefusedError as error:
        _say_notes(error.notes)
        raise FileError(f"stdin: {error}") from error
    _say_notes(page.notes)
    if running.show_diff:
        from pathlib import Path

        put_diff(files.diff(Path("stdin"), before, page.after).encode("utf-8", "surrogateescape"))
    elif not running.check:
        put(page.after, nl=False)
    return int(running.check and page.has_edits)


def _say_notes(notes: Sequence[str]) -> None:
    for note in notes:
        say(f"note: stdin: {printable(note)}")
