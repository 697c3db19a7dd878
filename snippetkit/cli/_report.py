"""How pages fared: as lines for a person, or as one JSON document."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from snippetkit import schemas
from snippetkit.cli._output import Sums, printable
from snippetkit.cli._progress import Line
from snippetkit.cli._saying import loudness, put, put_diff, warn
from snippetkit.errors import SnippetkitError
from snippetkit.work import FAILURES

if TYPE_CHECKING:
    from snippetkit.browser import Verdict
    from snippetkit.run import Outcome
    from snippetkit.work import Verification

CHANGES = frozenset({"created", "inserted", "updated", "removed"})
# How loud it has to be for a page to have a line, 0 where this says nothing.
_LOUD_ENOUGH = {**dict.fromkeys(FAILURES, -1), "unchanged": 1}
_MOST_LINES = 100  # writing a line for each page on its own takes a tenth of the time that the page does


class _Report:
    """Counts pages by what became of them; `values` is what page rules put where, if there are any."""

    def __init__(self, *, dry_run: bool) -> None:
        self.dry_run = dry_run
        self.counts: Counter[str] = Counter()
        self.verdicts: list[Verdict] | None = None
        self.values: Sequence[Mapping[str, str | None]] | None = None
        self._loudness = loudness()  # it stays, and asking takes longer than telling
        self._progress = Line("page")

    def add(self, outcome: Outcome) -> None:
        """Count a page, and tell it."""
        self._tell(outcome)
        self.counts[outcome.verb] += 1
        self._progress.advance()

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

    def _tell(self, outcome: Outcome) -> None:
        raise NotImplementedError

    def _shown(self, verb: str) -> str:
        return f"would be {verb}" if self.dry_run and verb in CHANGES else verb


class TextReport(_Report):
    """A line for each page that changed or failed, then one that counts them all.

    Args:
        dry_run: nothing is written.
        sums: what counts the pages instead, those that did not change or fail for one reason in a line.
    """

    def __init__(self, *, dry_run: bool, sums: Sums | None = None) -> None:
        super().__init__(dry_run=dry_run)
        self._sums = sums

    def __enter__(self) -> TextReport:
        self._lines: list[str] = []
        self._at_once = sys.stderr.isatty()
        self._progress.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._lines += self._sums.lines() if self._sums else ()
            if self._loudness >= 0:
                self._lines.append(
                    ", ".join(f"{count} {self._shown(verb)}" for verb, count in self.counts.items()) or "no pages"
                )
        self._print()
        if self.verdicts is not None:
            from snippetkit.cli._verdicts import say_faults

            say_faults(self.verdicts)

    def verify(self, verification: Verification | None) -> None:
        """Look at the pages in a browser, if that is asked for, after saying how they fared."""
        if verification:
            self._print()
            self._progress.end()
        super().verify(verification)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.diff:
            put_diff(outcome.diff)
        if self._sums:
            self._count(self._sums, outcome)
        elif self._loudness >= _LOUD_ENOUGH.get(outcome.verb, 0) or outcome.notes:
            self._lines += self._told(outcome)
            if self._at_once or len(self._lines) > _MOST_LINES:
                self._print()

    def _told(self, outcome: Outcome) -> Iterator[str]:
        if self._loudness >= min(0, _LOUD_ENOUGH.get(outcome.verb, 0)):
            yield f"{self._shown(outcome.verb)}: {printable(_place(outcome))}"
        for note in outcome.notes if self._loudness >= 0 else ():
            yield f"note: {printable(f'{outcome.path}: {note}')}"

    def _count(self, sums: Sums, outcome: Outcome) -> None:
        if outcome.reason:
            sums.add(self._shown(outcome.verb), outcome.reason)
        for note in outcome.notes if self._loudness >= 0 else ():
            sums.add("note", note)

    def _print(self) -> None:
        if self._lines:
            warn("\n".join(self._lines))
        self._lines.clear()


class JsonReport(_Report):
    """One document on stdout, written as the pages come: `files`, then `summary`."""

    def __enter__(self) -> JsonReport:
        self._progress.begin()
        put(f'{{"version": {schemas.version("inject")}, "files": [', nl=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from json import dumps

        if kind is None or issubclass(kind, SnippetkitError):  # what ends the run is told on stderr
            put(f'\n], "summary": {dumps({self._shown(verb): n for verb, n in self.counts.items()})}', nl=False)
            if self.values is not None:
                put(f', "rules": {dumps(self.values)}', nl=False)
            if self.verdicts is not None:
                from snippetkit.cli._verdicts import as_json

                put(f', "visits": {dumps([as_json(verdict) for verdict in self.verdicts])}', nl=False)
            put("}")

    def _tell(self, outcome: Outcome) -> None:
        from json import dumps

        separator = "," if self.counts else ""
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
        put(f"{separator}\n  {dumps(page)}", nl=False)


def _place(outcome: Outcome) -> str:
    at = f"line {outcome.line}, column {outcome.column}: " if outcome.line else ""
    return f"{outcome.path}: {at}{outcome.reason}" if outcome.reason else outcome.path
