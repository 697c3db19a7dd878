"""What a browser saw, told as text, as JSON, and as JUnit's XML."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from snippetkit.cli._browsing import Browsing
from snippetkit.cli._output import counted, printable

if TYPE_CHECKING:
    from snippetkit.browser import Expected, Fired, Observed, Origin, Verdict, Visit

_BAR_WIDTH = 30
_LONGEST_NAME = 150


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
    from snippetkit.browser import judge

    if not pages:
        return
    with browsing.serving(pages, with_screenshot=with_screenshot, with_thumbnail=with_thumbnail) as visits:
        yield from judged(
            visits, browsing, lambda number, observed: judge(observed, expected, consent=browsing.consent)
        )


def judged(
    visits: Sequence[Visit], browsing: Browsing, judging: Callable[[int, Observed], Verdict]
) -> Iterator[Verdict]:
    """Yield the verdict on each visit, in their order; on a terminal a bar shows how far it is.

    Args:
        visits: what is served already.
        browsing: which browser.
        judging: gives the verdict on a visit, from its number and what was seen.

    Raises:
        SettingError, BrowserError: as `verdicts` does.
    """
    from snippetkit.browser import visit_all

    executable = browsing.executable()
    ready: dict[int, Verdict] = {}
    following = 0
    with _Progress(len(visits)) as progress, closing(visit_all(visits, executable)) as found:
        for number, observed in found:
            ready[number] = judging(number, observed)
            progress.wipe()
            while following in ready:
                yield ready.pop(following)
                following += 1
            progress.draw()


class _Progress:
    """A line that says how far it is, on a terminal only."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()

    def draw(self) -> None:
        """Show that one more is done."""
        self._done += 1
        if self._is_shown:
            filled = _BAR_WIDTH * self._done // self._total
            bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
            click.echo(f"[{bar}] {self._done} of {counted(self._total, 'visit')}", nl=False, err=True)

    def wipe(self) -> None:
        """Make place for a line of text."""
        if self._is_shown:
            click.echo("\r\x1b[K", nl=False, err=True)


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
        from snippetkit.browser import find_origins

        observed = verdict.observed
        name = f"{observed.path} ({_mode(verdict)})"
        for fired, origin in zip(observed.fired, find_origins(verdict), strict=True):
            click.echo(printable(f"fired: {name}: {_event(fired)}, {_by(origin)}, after {fired.at_ms} ms"))
        if not observed.fired:
            click.echo(printable(f"quiet: {name}: nothing fired"))
        for line in told_faults(verdict):
            click.echo(printable(line))

    def end(self) -> None:
        pass


class _Json:
    """One document, written as the pages come."""

    def __init__(self) -> None:
        self._separator = '{"visits": ['

    def add(self, verdict: Verdict) -> None:
        from json import dumps

        click.echo(f"{self._separator}\n  {dumps(as_json(verdict))}", nl=False)
        self._separator = ","

    def end(self) -> None:
        click.echo("\n]}" if self._separator == "," else f"{self._separator}]}}")


class _Junit:
    """A test suite with a test case for each visit (the XML of Apache Ant's JUnit task, as CI systems read it)."""

    def __init__(self) -> None:
        from xml.etree.ElementTree import Element

        self._suite = Element("testsuite", {"name": "snippetkit verify"})
        self._failures = 0

    def add(self, verdict: Verdict) -> None:
        from xml.etree.ElementTree import SubElement

        path = printable(verdict.observed.path)
        case = SubElement(self._suite, "testcase", {"classname": _mode(verdict), "name": path})
        self._failures += bool(verdict.faults)
        for fault in verdict.faults:
            message = printable(fault.message)
            failure = SubElement(case, "failure", {"type": fault.code, "message": message})
            failure.text = f"{path}:{fault.line or 1}: {message}"

    def end(self) -> None:
        from xml.etree import ElementTree

        counts = {"tests": len(self._suite), "failures": self._failures, "errors": 0}
        for name, count in counts.items():
            self._suite.set(name, str(count))
        click.echo(ElementTree.tostring(self._suite, encoding="unicode", xml_declaration=True))


FORMATS: dict[str, Callable[[], Format]] = {"text": _Text, "json": _Json, "junit": _Junit}


@contextmanager
def telling(out: Format) -> Iterator[Callable[[Verdict], None]]:
    """Give what tells a verdict; the document ends, also where the run is cut off, but is none where nothing began."""
    has_begun = False

    def add(verdict: Verdict) -> None:
        nonlocal has_begun
        has_begun = True
        out.add(verdict)

    try:
        yield add
    except BaseException:
        if has_begun:
            out.end()
        raise
    out.end()


class Summary:
    """Counts visits."""

    def __init__(self) -> None:
        self._right = self._wrong = 0

    def add(self, verdict: Verdict) -> None:
        """Count a visit."""
        self._wrong += bool(verdict.faults)
        self._right += not verdict.faults

    @property
    def exit_code(self) -> int:
        """1 where something was wrong, else 0."""
        return 1 if self._wrong else 0

    def __str__(self) -> str:
        if not self._right + self._wrong:
            return "no such files there (--include says which)"
        wrong = f", {self._wrong} not" if self._wrong else ""
        return f"{counted(self._right, 'visit')} as expected{wrong}"


class Screenshots:
    """Writes the pictures of visits into a folder, each under a name of its own, which says the page's."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def add(self, verdict: Verdict) -> None:
        """Write one, if there is one.

        Raises:
            FileError: it cannot be written.
        """
        from pathlib import Path

        from snippetkit import files

        if self._folder is not None and verdict.observed.screenshot:
            files.write(Path(self._folder) / self._name(verdict), verdict.observed.screenshot)

    def _name(self, verdict: Verdict) -> str:
        import re
        from itertools import count

        observed = verdict.observed
        stem = re.sub(r"[^A-Za-z0-9.-]+", "_", observed.path).strip("_.")[-_LONGEST_NAME:] or "page"
        stem += "" if observed.javascript else ".no-js"
        numbered = (f"{stem}-{number}" if number > 1 else stem for number in count(1))
        name = next(name for name in numbered if name.lower() not in self._taken)
        self._taken.add(name.lower())
        return f"{name}.png"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a visit as `--json` prints it."""
    from snippetkit.browser import find_origins

    observed = verdict.observed
    origins = zip(observed.fired, find_origins(verdict), strict=True)
    return {
        "path": observed.path,
        "javascript": observed.javascript,
        "fired": [fired._asdict() | {"by": by, "line": line} for fired, (by, line) in origins],
        "expected": [one._asdict() for one in verdict.expected],
        "faults": [fault._asdict() for fault in verdict.faults],
    }


def told_faults(verdict: Verdict) -> Iterator[str]:
    """Yield a line for each fault of a visit."""
    for fault in verdict.faults:
        place = verdict.observed.path + (f":{fault.line}" if fault.line else "")
        yield f"wrong: {place} ({_mode(verdict)}): {fault.code}: {fault.message}"


def _mode(verdict: Verdict) -> str:
    return "JavaScript" if verdict.observed.javascript else "no JavaScript"


def _event(fired: Fired) -> str:
    event = f" {fired.event}" if fired.event else ""
    return f"pixel {fired.pixel_id}{event}, {fired.value or 'no value'} {fired.currency or ''}".rstrip()


def _by(origin: Origin) -> str:
    by, line = origin
    return f"by the {by} in line {line}" if line else f"by a {by} from elsewhere" if by == "script" else "by an image"
