"""What a browser saw, told as text, as JSON, and as JUnit's XML."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import click

from snippetkit.cli._browsing import Browsing
from snippetkit.cli._output import counted, printable

if TYPE_CHECKING:
    from snippetkit.browser import Expected, Fault, Fired, Verdict


def verdicts(
    pages: Sequence[tuple[str, str]],
    browsing: Browsing,
    expected: Sequence[Expected] | None = None,
    *,
    with_screenshot: bool = False,
    with_thumbnail: bool = False,
) -> Iterator[Verdict]:
    """Yield what is wrong with each page, in their order; on a terminal a bar shows how far it is.

    Args:
        pages: for each page its path or URL, and the folder that is the site's root, empty for a URL.
        browsing: how they are looked at.
        expected: what has to fire on each, or None where the code on it counts.
        with_screenshot: take one of each.
        with_thumbnail: take a small picture of each.

    Raises:
        SettingError: there is no browser, or it does not start.
    """
    from snippetkit.browser import judge, visit_all

    if not pages:
        return
    executable = browsing.executable()
    with browsing.serving(pages, with_screenshot=with_screenshot, with_thumbnail=with_thumbnail) as visits:
        waiting = {(visit.path, visit.javascript): place for place, visit in enumerate(visits)}
        ready: dict[int, Verdict] = {}
        following = 0
        with click.progressbar(visit_all(visits, executable), len(visits), file=sys.stderr, hidden=_is_quiet()) as seen:
            for observed in seen:
                ready[waiting[observed.path, observed.javascript]] = judge(observed, expected)
                while following in ready:
                    yield ready.pop(following)
                    following += 1


def _is_quiet() -> bool:
    return not sys.stderr.isatty()


class Format(Protocol):
    """Tells verdicts as they come."""

    def add(self, verdict: Verdict) -> None:
        """Tell a visit."""
        ...

    def end(self) -> None:
        """Tell that there are no more."""
        ...


class _Text:
    """A line for each event, and one for each fault."""

    def add(self, verdict: Verdict) -> None:
        observed = verdict.observed
        name = f"{observed.path} ({_mode(verdict)})"
        for fired in observed.fired:
            click.echo(printable(f"fired: {name}: {_event(fired)}, {_origin(fired, verdict)}, after {fired.at_ms} ms"))
        if not observed.fired:
            click.echo(printable(f"quiet: {name}: nothing fired"))
        for fault in verdict.faults:
            place = observed.path + (f":{fault.line}" if fault.line else "")
            click.echo(printable(f"wrong: {place} ({_mode(verdict)}): {fault.code}: {fault.message}"))

    def end(self) -> None:
        pass


class _Json:
    """One document, written as the pages come."""

    def __init__(self) -> None:
        self._separator = ""
        click.echo('{"visits": [', nl=False)

    def add(self, verdict: Verdict) -> None:
        from json import dumps

        click.echo(f"{self._separator}\n  {dumps(as_json(verdict))}", nl=False)
        self._separator = ","

    def end(self) -> None:
        click.echo("\n]}")


class _Junit:
    """A test suite with a test case for each visit (the XML of Apache Ant's JUnit task, as CI systems read it)."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []

    def add(self, verdict: Verdict) -> None:
        self._verdicts.append(verdict)

    def end(self) -> None:
        from xml.etree import ElementTree

        wrong = [verdict for verdict in self._verdicts if verdict.faults]
        counts = {"tests": str(len(self._verdicts)), "failures": str(len(wrong)), "errors": "0"}
        suite = ElementTree.Element("testsuite", {"name": "snippetkit verify", **counts})
        for verdict in self._verdicts:
            case = ElementTree.SubElement(suite, "testcase", {"classname": _mode(verdict), "name": _xml(verdict)})
            for fault in verdict.faults:
                failure = ElementTree.SubElement(case, "failure", {"type": fault.code})
                failure.set("message", printable(fault.message))
                failure.text = printable(f"{verdict.observed.path}:{fault.line or 1}: {fault.message}")
        click.echo(ElementTree.tostring(suite, encoding="unicode", xml_declaration=True))


def _xml(verdict: Verdict) -> str:
    return printable(verdict.observed.path)


FORMATS: dict[str, Callable[[], Format]] = {"text": _Text, "json": _Json, "junit": _Junit}


class Summary:
    """Counts visits."""

    def __init__(self) -> None:
        self._right = self._wrong = 0

    def add(self, verdict: Verdict) -> None:
        """Count a visit."""
        self._wrong += bool(verdict.faults)
        self._right += not verdict.faults

    def counting(self, found: Iterable[Verdict]) -> Iterator[Verdict]:
        """Yield the same verdicts, and count each."""
        for verdict in found:
            self.add(verdict)
            yield verdict

    @property
    def exit_code(self) -> int:
        """1 where something was wrong, else 0."""
        return 1 if self._wrong else 0

    def __str__(self) -> str:
        if not self._right + self._wrong:
            return "no such files there (--include says which)"
        wrong = f", {self._wrong} not" if self._wrong else ""
        return f"{counted(self._right, 'visit')} as expected{wrong}"


def write_screenshot(folder: str, verdict: Verdict) -> None:
    """Write the picture of a visit into a folder.

    Raises:
        FileError: it cannot be written.
    """
    import re
    from pathlib import Path

    from snippetkit import files

    observed = verdict.observed
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", observed.path).strip("_.")
    if observed.screenshot:
        files.write(Path(folder) / f"{name}{'' if observed.javascript else '.no-js'}.png", observed.screenshot)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a visit as `--json` prints it."""
    observed = verdict.observed
    return {
        "path": observed.path,
        "javascript": observed.javascript,
        "fired": [_fired_as_json(fired, verdict) for fired in observed.fired],
        "expected": [one._asdict() for one in verdict.expected],
        "faults": [_fault_as_json(fault) for fault in verdict.faults],
    }


def _fired_as_json(fired: Fired, verdict: Verdict) -> dict[str, object]:
    from snippetkit.browser import where

    by, line = where(fired, verdict)
    return fired._asdict() | {"by": by, "line": line}


def _fault_as_json(fault: Fault) -> dict[str, object]:
    return fault._asdict()


def _mode(verdict: Verdict) -> str:
    return "JavaScript" if verdict.observed.javascript else "no JavaScript"


def _event(fired: Fired) -> str:
    event = f" {fired.event}" if fired.event else ""
    return f"pixel {fired.pixel_id}{event}, {fired.value or 'no value'} {fired.currency or ''}".rstrip()


def _origin(fired: Fired, verdict: Verdict) -> str:
    from snippetkit.browser import where

    by, line = where(fired, verdict)
    return f"by the {by}" + (f" in line {line}" if line else "")
