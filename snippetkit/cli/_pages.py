"""A plan over many pages: read, plan, show or write, and report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from snippetkit.cli._output import printable
from snippetkit.cli._template import Choice

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.inject import Insertion
    from snippetkit.model import Edit, Snippet, Text
    from snippetkit.run import Outcome

    Plan = Callable[[bytes], list[Edit]]

_paths_argument = click.argument("paths", metavar="PATH...", nargs=-1, required=True)
_check_option = click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a page would change.")
_diff_option = click.option("--diff", "show_diff", is_flag=True, help="Write nothing; print what would change.")


def page_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `PATH...`, `--check` and `--diff`."""
    return _paths_argument(_check_option(_diff_option(function)))


_CHANGES = frozenset({"inserted", "updated", "removed"})


class Report:
    """How the pages fared: a line for each page that changed or was refused, then one that counts them all."""

    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.counts: Counter[str] = Counter()

    def add(self, verb: str, text: str) -> None:
        """Count a page, and print the text about it unless nothing happened to it."""
        if self.dry_run and verb in _CHANGES:
            verb = f"would be {verb}"
        self.counts[verb] += 1
        if verb != "unchanged":
            click.echo(f"{verb}: {printable(text)}", err=True)

    def exit_code(self, *, check: bool) -> int:
        """6 where a page was refused or failed, else 1 where one would change and that was the question, else 0."""
        if self.counts["refused"] or self.counts["failed"]:
            return 6
        return int(check and bool(self.counts.keys() - {"unchanged"}))

    def summary(self) -> str:
        """Return the line that counts."""
        return ", ".join(f"{count} {verb}" for verb, count in self.counts.items()) or "no .html or .htm files there"


@dataclass(frozen=True)
class _OfWholePages:
    """A planner that needs all of each page."""

    function: Plan

    def plan(self, path: str, text: Text) -> list[Edit]:
        return self.function(text.whole())


def rewrite(paths: Iterable[str], plan: Plan, *, check: bool = False, show_diff: bool = False) -> int:
    """Carry out a plan on each page, go on where one is refused, and return the exit code."""
    from snippetkit.run import Options, carry_out

    report = Report(dry_run=check or show_diff)
    options = Options(dry_run=report.dry_run, show_diff=show_diff)
    for outcome in carry_out(paths, _OfWholePages(plan), options=options, waiting=_say_what_is_waited_for):
        if outcome.diff:
            click.echo(outcome.diff, nl=False)
        report.add(outcome.verb, _told(outcome))
    click.echo(report.summary(), err=True)
    return report.exit_code(check=check)


def rewrite_page(path: Path, plan: Plan) -> str:
    """Carry out a plan on one page and return what happened to the page, in one word.

    Raises:
        PageRefusedError, FileError: the page was refused, or could not be read or written; it is as it was.
    """
    from snippetkit.run import change_page

    return change_page(str(path), _OfWholePages(plan)).verb


def _told(outcome: Outcome) -> str:
    at = f"line {outcome.line}, column {outcome.column}: " if outcome.line else ""
    reason = f": {at}{outcome.reason}" if outcome.reason else ""
    return f"{outcome.path}{reason}{''.join(f'; {note}' for note in outcome.notes)}"


def _say_what_is_waited_for(folder: str) -> None:
    click.echo(f"waiting for another run to end: {printable(folder)}", err=True)


def insertion(snippet: Snippet, template: Choice | None = None) -> Insertion:
    """Return what is put onto a page for a snippet, as the template renders it."""
    from snippetkit import dialects, inject

    blocks = (template or Choice()).render([snippet])
    return inject.Insertion.from_blocks(snippet.key, blocks, dialects.find(snippet.dialect).TRACES)
