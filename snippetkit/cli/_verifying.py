"""Pages that a command has just written, looked at in a browser: with JavaScript and without."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from snippetkit.cli._browsing import Browsing
from snippetkit.cli._output import printable
from snippetkit.cli._verdicts import Summary, as_json, told_faults, verdicts

if TYPE_CHECKING:
    from snippetkit.browser import Verdict
    from snippetkit.run import Outcome

_HAVE_CODE = frozenset({"inserted", "updated", "unchanged"})


@dataclass
class Verification:
    """Remembers the pages that have code after a run, and then looks whether it fires.

    `roots` are what the paths below the folders that were named begin with. `is_chosen` says that a page that did not
    change may be one that nothing was asked for.
    """

    browsing: Browsing
    roots: tuple[str, ...]
    is_chosen: bool = False
    _pages: list[tuple[str, str]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Remember a page, if it has code."""
        if outcome.verb in _HAVE_CODE and (outcome.detail or not self.is_chosen or outcome.verb != "unchanged"):
            root = next((root for root in self.roots if outcome.path.startswith(root)), "")
            self._pages.append((outcome.path, root.rstrip(os.sep) or os.path.dirname(outcome.path) or "."))  # noqa: PTH120

    def run(self) -> list[Verdict]:
        """Look at the pages.

        Raises:
            SettingError, BrowserError: as `verdicts` does.
        """
        return list(verdicts(self._pages, self.browsing))


def tell(found: list[Verdict]) -> None:
    """Say on stderr what is wrong, and how to undo it."""
    summary = Summary()
    for verdict in found:
        summary.add(verdict)
        for line in told_faults(verdict):
            click.echo(printable(line), err=True)
    if found:
        click.echo(f"in the browser: {summary}", err=True)
    if summary.exit_code:
        click.echo("the pages stay as they are now; 'snippetkit remove' takes the code out again", err=True)


def all_as_json(found: list[Verdict]) -> list[dict[str, Any]]:
    """Return what `--json` prints of the visits."""
    return [as_json(verdict) for verdict in found]
