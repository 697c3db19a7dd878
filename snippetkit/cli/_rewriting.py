"""A plan carried out on many pages, or on stdin, and told as it goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from snippetkit.cli._output import printable
from snippetkit.cli._report import JsonReport, TextReport
from snippetkit.cli._selection import Paths, selection_options
from snippetkit.cli._texts import STDIN
from snippetkit.errors import FileError, PageRefusedError

if TYPE_CHECKING:
    from snippetkit.cli._inserting import ByRules
    from snippetkit.cli._verifying import Verification
    from snippetkit.run import Options, Planner

_OPTIONS = (
    click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a page would change."),
    click.option("--diff", "show_diff", is_flag=True, help="Write nothing; print what would change."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
    click.option("--jobs", type=click.IntRange(1, 256), help="How many processes work.  [default: the cores]"),
    click.option("--fsync", is_flag=True, help="Let each change survive a power failure; slower."),
    click.option("--backup", metavar="DIR", default="", help="A new folder for the pages as they were."),
)


class How(NamedTuple):
    """How a run works, and how it is told."""

    check: bool
    show_diff: bool
    as_json: bool
    jobs: int | None
    fsync: bool
    backup: str

    def options(self) -> Options:
        """Return the same for a run."""
        from snippetkit.run import Options

        dry_run = self.check or self.show_diff
        return Options(dry_run, self.show_diff, self.jobs or 0, self.fsync, self.backup)


def run_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...` and what goes with it, and the options of a run: the command gets `paths` and `how`."""

    @wraps(function)
    def command(
        check: bool, show_diff: bool, as_json: bool, jobs: int | None, fsync: bool, backup: str, **arguments: Any
    ) -> None:
        how = How(check, show_diff, as_json, jobs, fsync, backup)
        _check_stdin(arguments["paths"], how)
        function(how=how, **arguments)

    with_options: Callable[..., None] = command
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return selection_options(with_options)


def _check_stdin(paths: Paths, how: How) -> None:
    if STDIN in paths.paths and (len(paths.paths) > 1 or how.as_json or how.backup):
        raise click.UsageError("'-' stands alone: no other PATH, no --json and no --backup goes with it.")


def carry_out(
    paths: Paths,
    planner: Planner,
    how: How,
    rules: ByRules | None = None,
    verification: Verification | None = None,
) -> int:
    """Carry out a plan, tell how each page fared, and return the exit code.

    Args:
        paths: files and folders, or stdin alone, whose page is then printed.
        planner: says what is to be done to each page.
        how: how the run works.
        rules: those of the planner, of which each has to meet a page.
        verification: looks at the pages in a browser afterwards.

    Raises:
        SettingError, FileError: the run cannot begin; nothing was printed.
    """
    from snippetkit import run

    if STDIN in paths.paths:
        return _filter(planner, how)
    report = (JsonReport if how.as_json else TextReport)(dry_run=how.check or how.show_diff)
    outcomes = run.carry_out(paths.paths, planner, paths.selection(), how.options(), waiting=_say_waiting)
    met = set[int]()
    with report:
        for outcome in outcomes:
            report.add(outcome)
            met.update(rules.met_by(outcome) if rules else ())
            if verification:
                verification.add(outcome)
        for outcome in rules.missed(met) if rules else ():
            report.add(outcome)
        report.verify(verification)
    return report.exit_code(check=how.check)


def _say_waiting(folder: str) -> None:
    click.echo(f"waiting for another run to end: {printable(folder)}", err=True)


def _filter(planner: Planner, how: How) -> int:
    """Print the page that comes from stdin, with the plan carried out; nothing where it is refused."""
    from snippetkit import files, inject
    from snippetkit.model import Loaded
    from snippetkit.run import Planned

    before = sys.stdin.buffer.read()
    try:
        planned = planner.plan(STDIN, Loaded(before))
    except PageRefusedError as error:
        raise FileError(f"stdin: {error}") from error
    edits, notes, _ = planned if isinstance(planned, Planned) else Planned(planned)
    for note in notes:
        click.echo(f"note: stdin: {printable(note)}", err=True)
    after = inject.apply(before, edits)
    if how.show_diff:
        from pathlib import Path

        click.echo(files.diff(Path("stdin"), before, after).encode("utf-8", "surrogateescape"), nl=False)
    elif not how.check:
        click.echo(after, nl=False)
    return int(how.check and bool(edits))
