"""How pages fared: as lines for a person, or as one JSON document."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import click

from snippetkit.cli._output import printable
from snippetkit.work import FAILURES

if TYPE_CHECKING:
    from snippetkit.browser import Verdict
    from snippetkit.run import Outcome
    from snippetkit.work import Verification

CHANGES = frozenset({"inserted", "updated", "removed"})
_REDRAW_S = 0.1
_MOST_LINES = 100  # writing a line for each page on its own takes a tenth of the time that the page does


class _Report:
    """Counts pages by what became of them; `values` is what page rules put where, if there are any."""

    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.counts: Counter[str] = Counter()
        self.verdicts: list[Verdict] | None = None
        self.values: Sequence[Mapping[str, str | None]] | None = None

    def verify(self, verification: Verification | None) -> None:
        """Look at the pages in a browser, if that is asked for."""
        if verification:
            self.verdicts = verification.run()

    def exit_code(self, *, check: bool) -> int:
        """6 where a page was refused or failed, else 1 where one does not fire as it should, else 0.

        With `check`, 1 also where one would change.
        """
        if FAILURES & self.counts.keys():
            return 6
        is_wrong = any(verdict.faults for verdict in self.verdicts or ())
        return int(is_wrong or (check and bool(CHANGES & self.counts.keys())))

    def _shown(self, verb: str) -> str:
        return f"would be {verb}" if self.dry_run and verb in CHANGES else verb


class TextReport(_Report):
    """A line for each page that changed or failed, then one that counts them all; on a terminal, the progress."""

    def __enter__(self) -> TextReport:
        self._is_terminal = sys.stderr.isatty()
        self._lines: list[str] = []
        self._drawn_at = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            counted = (f"{count} {self._shown(verb)}" for verb, count in self.counts.items())
            self._lines.append(", ".join(counted))
        self._print()
        if self.verdicts is not None:
            from snippetkit.cli._verdicts import say_faults

            say_faults(self.verdicts)

    def verify(self, verification: Verification | None) -> None:
        """Look at the pages in a browser, if that is asked for, after saying how they fared."""
        if verification:
            self._print()
        super().verify(verification)

    def add(self, outcome: Outcome) -> None:
        """Count a page, and print its line unless nothing happened to it."""
        self.counts[outcome.verb] += 1
        if outcome.verb != "unchanged" or outcome.notes:
            if outcome.diff:
                click.echo(outcome.diff, nl=False)
            self._lines.append(f"{self._shown(outcome.verb)}: {printable(_told(outcome))}")
            self._lines += [f"note: {printable(f'{outcome.path}: {note}')}" for note in outcome.notes]
            if self._is_terminal or len(self._lines) > _MOST_LINES:
                self._print()
        if self._is_terminal:
            self._draw()

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn_at > _REDRAW_S:
            self._drawn_at = now
            click.echo(f"\r\x1b[K{self.counts.total():,} pages", nl=False, err=True)

    def _print(self) -> None:
        wipe = "\r\x1b[K" if self._is_terminal else ""
        click.echo(wipe + "\n".join(self._lines), err=True, nl=bool(self._lines))
        self._lines.clear()


class JsonReport(_Report):
    """One document on stdout, written as the pages come: `files`, then `summary`."""

    def __enter__(self) -> JsonReport:
        click.echo('{"files": [', nl=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from json import dumps

        if kind is None:
            click.echo(f'\n], "summary": {dumps({self._shown(verb): n for verb, n in self.counts.items()})}', nl=False)
            if self.values is not None:
                click.echo(f', "rules": {dumps(self.values)}', nl=False)
            if self.verdicts is not None:
                from snippetkit.cli._verdicts import as_json

                click.echo(f', "visits": {dumps([as_json(verdict) for verdict in self.verdicts])}', nl=False)
            click.echo("}")

    def add(self, outcome: Outcome) -> None:
        """Count a page, and print what there is to know about it."""
        from json import dumps

        separator = "," if self.counts else ""
        self.counts[outcome.verb] += 1
        page = {
            "path": outcome.path,
            "action": self._shown(outcome.verb),
            "reason": outcome.reason or None,
            "line": outcome.line or None,
            "column": outcome.column or None,
            "offset": outcome.offset if outcome.line else None,
            "notes": list(outcome.notes),
        }
        if outcome.diff:
            page["diff"] = outcome.diff.decode("utf-8", "surrogateescape")
        click.echo(f"{separator}\n  {dumps(page)}", nl=False)


def _told(outcome: Outcome) -> str:
    at = f"line {outcome.line}, column {outcome.column}: " if outcome.line else ""
    return f"{outcome.path}: {at}{outcome.reason}" if outcome.reason else outcome.path
