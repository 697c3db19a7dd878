"""`export --verify`: an export is tried in a browser, by a stand-in of the tag manager's runtime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit import exports
from snippetkit.cli._browsing import Browsing
from snippetkit.cli._output import printable
from snippetkit.cli._verdicts import Summary, judged, told_faults

if TYPE_CHECKING:
    from snippetkit.browser import Trial, Verdict
    from snippetkit.containers import ContainerTag, PageRule


def try_export(format_name: str, tags: Sequence[ContainerTag], file: bytes, browsing: Browsing) -> int:
    """Try an export, say on stderr what is wrong, and return the exit code.

    Args:
        format_name: the format's name, one that `browser.can_try` takes.
        tags: what was exported.
        file: the export.
        browsing: which browser.

    Raises:
        SettingError, BrowserError: there is no browser, or it ended.
    """
    from snippetkit.browser import make_trials

    found = exports.find(format_name)
    trials, untried = make_trials(tags, asks_for_consent="consent" not in found.LOSES)
    summary = Summary()
    for verdict in _carried_out(format_name, trials, file, browsing):
        summary.add(verdict)
        for line in told_faults(verdict):
            click.echo(printable(line), err=True)
    for rule in untried:
        click.echo(printable(_untried(rule)), err=True)
    click.echo(f"in a stand-in of {found.TITLE}: {summary}", err=True)
    return summary.exit_code


def _carried_out(format_name: str, trials: Sequence[Trial], file: bytes, browsing: Browsing) -> Iterator[Verdict]:
    from snippetkit.browser import judge, serving_everywhere, visit

    with serving_everywhere() as url:
        visits = [visit(trial, format_name, file, url) for trial in trials]
        yield from judged(visits, browsing, lambda number, observed: judge(observed, trials[number].expected))


def _untried(rule: PageRule) -> str:
    return f"note: no page at hand for {rule.description!r}, so that was not tried"
