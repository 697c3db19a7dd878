"""`snippetkit lint`: say what is wrong with the conversion code in files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from snippetkit import __version__, schemas
from snippetkit.cli._command import Command, format_options
from snippetkit.cli._output import counted, printable, table
from snippetkit.cli._reading import Failure, Looked, Texts, looked_at
from snippetkit.cli._saying import put, put_verdicts, say
from snippetkit.cli._texts import Paths, every_file_options, jobs_option, name_of
from snippetkit.terms import STDIN

if TYPE_CHECKING:
    from snippetkit.lint import Finding, Memory
    from snippetkit.model import PageBytes
    from snippetkit.snippets import Document, Others

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class _FileFindings(NamedTuple):
    """A file and its findings."""

    path: str
    findings: list[Finding]


def _text(files: Sequence[_FileFindings], _: Sequence[Failure]) -> str:
    lines = [
        f"{path}:{f.line}:{f.column}: {f.level} {f.code}: {f.message}" for path, findings in files for f in findings
    ]
    return "\n".join(printable(line) for line in lines)


def _summary(files: Sequence[_FileFindings], _: Sequence[Failure]) -> str:
    """How often each code was found, and in how many files."""
    from snippetkit.lint import CODES

    times = Counter((f.level, f.code) for _, findings in files for f in findings)
    spread = Counter(of_file for _, findings in files for of_file in {(f.level, f.code) for f in findings})
    rows = [(str(n), str(spread[kind]), *kind, CODES[kind[1]]) for kind, n in times.most_common()]
    return table([("COUNT", "FILES", "LEVEL", "CODE", "MEANING"), *rows]) if rows else ""


def _json(files: Sequence[_FileFindings], _: Sequence[Failure]) -> str:
    import json

    listed = [{"path": path, "findings": [_as_json(finding) for finding in findings]} for path, findings in files]
    return json.dumps({"version": schemas.version("lint"), "files": listed}, indent=2)


def _as_json(finding: Finding) -> dict[str, object]:
    names = ("code", "level", "message", "line", "column", "snippet")
    return {name: getattr(finding, name) for name in names}


def _github(files: Sequence[_FileFindings], failures: Sequence[Failure]) -> str:
    """Workflow commands (GitHub Actions, "Workflow commands", "Setting an error message")."""
    found = [
        f"::{f.level} file={name},line={f.line},col={f.column},title={_property(f.code)}::{_data(f.message)}"
        for path, findings in files
        for name in [_property(_from_here(path))]
        for f in findings
    ]
    failed = [
        f"::error {f'file={_property(_from_here(path))},' if path else ''}title=not read::{_data(message)}"
        for path, message in failures
    ]
    return "\n".join(map(printable, found + failed))


def _from_here(path: str) -> str:
    """Return a path as the services want it that show findings beside code: below the working folder, with slashes."""
    if path == STDIN or "://" in path:
        return name_of(path)
    with suppress(ValueError):
        return Path(path).relative_to(Path.cwd()).as_posix()
    return Path(path).as_posix()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(files: Sequence[_FileFindings], failures: Sequence[Failure]) -> str:
    """A log of the Static Analysis Results Interchange Format 2.1.0 (OASIS), section 3.13."""
    import json

    from snippetkit.lint import CODES

    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in CODES.items()]
    driver = {"name": "snippetkit", "version": __version__, "rules": rules}
    results = [_result(path, finding, list(CODES)) for path, findings in files for finding in findings]
    invocation: dict[str, object] = {"executionSuccessful": not failures}
    if failures:
        invocation["toolExecutionNotifications"] = [_notification(*failure) for failure in failures]
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(path: str, finding: Finding, codes: list[str]) -> dict[str, object]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}],
    }


def _notification(path: str, message: str) -> dict[str, object]:
    """What kept a file from being read (section 3.58); without it a service takes the findings for all there are."""
    location = {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}}}
    return {"level": "error", "message": {"text": message}, **({"locations": [location]} if path else {})}


def _uri(path: str) -> str:
    from urllib.parse import quote

    name = _from_here(path)
    if "://" in name:
        return quote(name, safe="/:")
    scheme = "file://" if Path(name).is_absolute() else ""
    return f"{scheme}{'/' if scheme and name[0] != '/' else ''}{quote(name.encode('utf-8', 'surrogateescape'))}"


_FORMATS: dict[str, Callable[[Sequence[_FileFindings], Sequence[Failure]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
    "summary": _summary,
}


def _find(path: str, page: PageBytes, others: Others | None) -> Looked[list[Finding]]:
    return looked_at(path, page, others, _make, _memory) or Looked([])


def _make(documents: Sequence[Document]) -> list[Finding]:
    from snippetkit import lint

    return lint.find_in_documents(documents)


@cache
def _memory() -> Memory[list[Finding]]:
    from snippetkit import lint

    return lint.Memory(_make, lint.moved_findings)


@click.command(cls=Command)
@format_options(_FORMATS, "A line for each finding, one JSON document, GitHub's annotations, SARIF 2.1.0, or counts.")
@jobs_option
@every_file_options
def command(paths: Paths, format_name: str, jobs: int | None) -> None:
    """Say what is wrong with the conversion code in files; exit with 1 where something is.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin.
    """
    texts = Texts(paths, jobs)
    files = [_FileFindings(path, findings) for path, findings in texts.each_together(_find)]
    out = _FORMATS[format_name](files, texts.failed)
    if out:
        (put_verdicts if format_name == "text" else put)(out)
    count = sum(len(file.findings) for file in files)
    say(f"{counted(count, 'finding')} in {counted(len(files), 'file')}")
    click.get_current_context().exit(6 if texts.failed else int(count > 0))
