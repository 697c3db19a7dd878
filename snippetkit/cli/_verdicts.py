"""What a browser saw, told as text, as JSON, and as JUnit's XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from snippetkit import schemas
from snippetkit.cli._output import Sums, counted, printable, uninterrupted
from snippetkit.cli._saying import put, put_verdicts, say, warn

if TYPE_CHECKING:
    from snippetkit.browser import Fired, Origin, Verdict


Unchanged = Sequence[str]
"""The pages that were not looked at, because they are as they were at a revision."""


class VerdictFormat(Protocol):
    """Tells verdicts as they come, and with `unchanged`, which pages were not looked at."""

    def add(self, verdict: Verdict) -> None:
        """Tell a visit."""
        ...

    def end(self) -> None:
        """Tell that there are no more."""
        ...


class _VisitsAsText:
    """A line for each event, one for each fault, and one for each page that was not looked at."""

    def __init__(self, unchanged: Unchanged = ()) -> None:
        self._unchanged = unchanged

    def add(self, verdict: Verdict) -> None:
        from snippetkit.browser import NOTES, find_origins

        observed = verdict.observed
        name = f"{observed.path} ({_mode(verdict)})"
        for fired, origin in zip(observed.fired, find_origins(verdict), strict=True):
            at = f"{fired.step}, " if fired.step else ""
            when = f"{at}carried over" if verdict.is_carried else f"{at}after {fired.at_ms} ms"
            put_verdicts(printable(f"fired: {name}: {_event(fired)}, {_by(fired, origin)}, {when}"))
        if not observed.fired:
            carried = ", carried over" if verdict.is_carried else ""
            put_verdicts(printable(f"quiet: {name}: nothing fired{carried}"))
        for note in (note for note in observed.notes if note in NOTES):
            put_verdicts(printable(f"note: {name}: {NOTES[note]}"))
        for line in told_faults(verdict):
            put_verdicts(printable(line))

    def end(self) -> None:
        for path in self._unchanged:
            put_verdicts(printable(f"unchanged: {path}: not loaded"))


class _VisitCounts:
    """A line for what fired alike, one for what did not fire, one for each kind of fault."""

    def __init__(self, unchanged: Unchanged = ()) -> None:
        self._sums = Sums("visit")
        self._unchanged = unchanged

    def add(self, verdict: Verdict) -> None:
        for fired in verdict.observed.fired:
            self._sums.add("fired", _event(fired._replace(order_id=None)))
        if not verdict.observed.fired:
            self._sums.add("quiet", "")
        for code in {fault.code for fault in verdict.faults}:
            self._sums.add("wrong", code)
        if verdict.is_carried:
            self._sums.add("carried over", "")

    def end(self) -> None:
        for line in self._sums.lines():
            put_verdicts(line)
        if self._unchanged:
            put_verdicts(f"unchanged: {counted(len(self._unchanged), 'page')}, not loaded")


class _VisitsAsJson:
    """One document, written as the pages come."""

    def __init__(self, unchanged: Unchanged = ()) -> None:
        self._unchanged = unchanged
        self._separator = f'{{"version": {schemas.version("verify")}, "visits": ['

    def add(self, verdict: Verdict) -> None:
        from json import dumps

        put(f"{self._separator}\n  {dumps(as_json(verdict))}", nl=False)
        self._separator = ","

    def end(self) -> None:
        from json import dumps

        more = f', "unchanged": {dumps([*self._unchanged])}' if self._unchanged else ""
        put(f"\n]{more}}}" if self._separator == "," else f"{self._separator}]{more}}}")


class _Junit:
    """A test suite with a test case for each visit (the XML of Apache Ant's JUnit task, as CI systems read it)."""

    def __init__(self, unchanged: Unchanged = ()) -> None:
        from xml.etree.ElementTree import Element

        self._unchanged = unchanged

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
        if verdict.is_carried:
            SubElement(case, "system-out").text = "carried over from an earlier run, not loaded in this one"

    def end(self) -> None:
        from xml.etree import ElementTree

        for path in self._unchanged:
            case = ElementTree.SubElement(self._suite, "testcase", {"classname": "unchanged", "name": printable(path)})
            ElementTree.SubElement(case, "skipped", {"message": "unchanged, not loaded"})
        counts = {"tests": len(self._suite), "failures": self._failures, "errors": 0, "skipped": len(self._unchanged)}
        for name, count in counts.items():
            self._suite.set(name, str(count))
        put(ElementTree.tostring(self._suite, encoding="unicode", xml_declaration=True))


FORMATS: dict[str, Callable[[Unchanged], VerdictFormat]] = {
    "text": _VisitsAsText,
    "json": _VisitsAsJson,
    "junit": _Junit,
    "summary": _VisitCounts,
}


@contextmanager
def telling(out: VerdictFormat) -> Iterator[Callable[[Verdict], None]]:
    """Give what tells a verdict; the document is ended even if the run is cut off, and there is none if none began."""
    has_begun = False

    def add(verdict: Verdict) -> None:
        nonlocal has_begun
        with uninterrupted():
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
    """Counts visits, and pages that were not looked at."""

    def __init__(self, unchanged: Unchanged = ()) -> None:
        self._right = self._wrong = self._carried = 0
        self._unchanged = len(unchanged)

    def add(self, verdict: Verdict) -> None:
        """Count a visit."""
        self._carried += verdict.is_carried
        self._wrong += bool(verdict.faults)
        self._right += not (verdict.faults or verdict.is_carried)

    @property
    def exit_code(self) -> int:
        """1 where something was wrong, else 0."""
        return 1 if self._wrong else 0

    def __str__(self) -> str:
        wrong = f", {self._wrong} wrong" if self._wrong else ", all OK" if self._right else ""
        carried = f", {self._carried} carried over" if self._carried else ""
        unchanged = f", {counted(self._unchanged, 'page')} unchanged" if self._unchanged else ""
        return f"{counted(self._right + self._wrong, 'visit')} checked{wrong}{carried}{unchanged}"


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a visit as `--json` prints it."""
    from snippetkit.browser import NOTES, find_origins

    observed = verdict.observed
    origins = zip(observed.fired, find_origins(verdict), strict=True)
    return {
        "path": observed.path,
        "javascript": observed.javascript,
        "fired": [fired._asdict() | {"by": by, "line": line} for fired, (by, line) in origins],
        "expected": [one._asdict() for one in verdict.expected],
        "faults": [fault._asdict() for fault in verdict.faults],
        "notes": [note for note in observed.notes if note in NOTES],
        "carried": verdict.is_carried,
        "digest": verdict.digest or None,
    }


def told_faults(verdict: Verdict) -> Iterator[str]:
    """Yield a line for each fault of a visit."""
    for fault in verdict.faults:
        place = verdict.observed.path + (f":{fault.line}" if fault.line else "")
        yield f"wrong: {place} ({_mode(verdict)}): {fault.code}: {fault.message}"


def say_faults(verdicts: list[Verdict]) -> None:
    """Say on stderr what is wrong, and how to undo it."""
    summary = Summary()
    for verdict in verdicts:
        summary.add(verdict)
        for line in told_faults(verdict):
            warn(printable(line))
    if verdicts:
        say(f"in the browser: {summary}")
    if summary.exit_code:
        say("the pages keep the code; 'snippetkit remove' takes it out again")


def _mode(verdict: Verdict) -> str:
    return "JavaScript" if verdict.observed.javascript else "no JavaScript"


def _event(fired: Fired) -> str:
    event = f" {fired.event}" if fired.event else ""
    pixel = f"pixel {fired.pixel_id}" if fired.pixel_id else "a pixel without a number"
    order = f", order {fired.order_id}" if fired.order_id else ""
    return f"{pixel}{event}, {fired.value or 'no value'} {fired.currency or ''}".rstrip() + order


def _by(fired: Fired, origin: Origin) -> str:
    by, line = origin
    if fired.frame:
        return f"by the frame {fired.frame}"
    return f"by the {by} in line {line}" if line else f"by a {by} from elsewhere" if by == "script" else "by an image"
