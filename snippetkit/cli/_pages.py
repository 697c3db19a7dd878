"""A plan over many pages: read, plan, show or write, and report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit.cli._output import printable
from snippetkit.cli._template import Choice
from snippetkit.errors import FileError, PageRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from snippetkit.inject import Insertion
    from snippetkit.model import Edit, Snippet

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


def rewrite(paths: Iterable[str], plan: Plan, *, check: bool = False, show_diff: bool = False) -> int:
    """Carry out a plan on each page, go on where one is refused, and return the exit code."""
    from pathlib import Path

    from snippetkit import files

    report = Report(dry_run=check or show_diff)
    for path in files.walk(map(Path, paths), lambda error: report.add("failed", str(error))):
        try:
            report.add(rewrite_page(path, plan, dry_run=report.dry_run, show_diff=show_diff), str(path))
        except PageRefusedError as error:
            report.add("refused", f"{path}: {error}")
        except FileError as error:
            report.add("failed", str(error))
    click.echo(report.summary(), err=True)
    return report.exit_code(check=check)


def rewrite_page(path: Path, plan: Plan, *, dry_run: bool = False, show_diff: bool = False) -> str:
    """Carry out a plan on one page, unless this is a dry run, and return what happened to the page, in one word.

    Raises:
        PageRefusedError, FileError: the page was refused, or could not be read or written; it is as it was.
    """
    from snippetkit import files, inject

    page = files.read_page(path)
    edits = plan(page.data)
    after = inject.apply(page.data, edits)
    if edits and show_diff:
        click.echo(files.diff(path, page.data, after).encode("utf-8", "surrogateescape"), nl=False)
    if edits and not dry_run:
        files.replace(page, after)
    return _verb(edits)


def insertion(snippet: Snippet, template: Choice | None = None) -> Insertion:
    """Return what is put onto a page for a snippet, as the template renders it."""
    from snippetkit import dialects, inject

    blocks = (template or Choice()).render([snippet])
    return inject.Insertion.from_blocks(snippet.key, blocks, dialects.find(snippet.dialect).TRACES)


def _verb(edits: Sequence[Edit]) -> str:
    if not edits:
        return "unchanged"
    if all(edit.start == edit.end for edit in edits):
        return "inserted"
    return "updated" if any(edit.new for edit in edits) else "removed"
