"""What a report says of a tag manager's container: what is read of it, found in it, and seen in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from snippetkit import work
from snippetkit.cli._containers import GivenContainer, read_given
from snippetkit.cli._output import counted, printable, put_out
from snippetkit.cli._progress import Line, show_step
from snippetkit.cli._saying import say
from snippetkit.cli._verdicts import Summary, told_faults
from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.report import ContainerReport, Trials
    from snippetkit.work import Browsing

_NONE_TO_TRY = "no tag is of a kind that a stand-in fires"
_SUFFIXES = frozenset({".json", ".zip"})


def is_container(path: str) -> bool:
    """Whether a path is one of a container's file, as its name says."""
    return "://" not in path and Path(path).suffix.lower() in _SUFFIXES


def write_report(file: str, browsing: Browsing, output: str) -> int:
    """Write the report on a container, and return the exit code: 1 where something is not as it should be.

    Raises:
        SettingError: it is no container that can be read.
        BrowserError: the browser ended too soon.
        FileError: the report cannot be written.
    """
    from snippetkit import report

    container = _make_report(file, browsing)
    show_step("writing the report")
    put_out(report.render_container(container).encode(), output)
    return int(bool(container.findings) or any(trial.faults for trial in container.trials.trials))


def _make_report(file: str, browsing: Browsing) -> ContainerReport:
    """What the report says of a container; what was found and seen is said on stderr."""
    from snippetkit import gtm
    from snippetkit.report import ContainerReport

    show_step("reading the container")
    given = read_given(file)
    findings = tuple(gtm.find_problems(gtm.from_api(given.document))) if given.format_name == "gtm" else None
    if findings is not None:
        say(counted(len(findings), "finding"))
    name = _name(given) or Path(file).name
    trials = _trials(given, browsing)
    return ContainerReport(printable(name), given.readable.TITLE, given.contents, findings, trials, given.files)


def _name(given: GivenContainer) -> str:
    """What a container is called in the tag manager, empty where its file does not say."""
    document = given.document if isinstance(given.document, dict) else {}
    container = document.get("containerVersion", {}).get("container", {})
    names = [container.get("name"), container.get("publicId")]
    return ", ".join(name for name in names if isinstance(name, str) and name not in _PLACEHOLDERS)


_PLACEHOLDERS = ("snippetkit", "GTM-XXXXXXX")
"""What stands there in a container that is made here."""


def _trials(given: GivenContainer, browsing: Browsing) -> Trials:
    from snippetkit.report import Trials, read_trials

    try:
        browsing.executable()
        tried, left_out = work.try_container(given.format_name, given.document, browsing, Line("visit"))
    except SettingError as error:
        say(printable(f"note: not tried in a browser: {error.with_hint()}"))
        return Trials(reason=str(error))
    summary = Summary()
    verdicts = []
    for verdict in tried.verdicts:
        summary.add(verdict)
        verdicts.append(verdict)
        for line in told_faults(verdict):
            say(printable(line))
    if not verdicts:
        say(f"note: not tried in a browser: {_NONE_TO_TRY}")
        return Trials(left_out=left_out, reason=_NONE_TO_TRY)
    say(f"in a stand-in of {given.readable.TITLE}: {summary}")
    return Trials(tuple(read_trials(verdicts)), tuple(rule.description for rule in tried.untried), left_out)
