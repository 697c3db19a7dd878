"""Findings as text, as JSON, as GitHub's annotations, and as SARIF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from snippetkit import __version__
from snippetkit.cli._output import printable

if TYPE_CHECKING:
    from snippetkit.lint import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class FileFindings(NamedTuple):
    """A file and what was found in it."""

    path: str
    findings: list[Finding]


def _text(files: Sequence[FileFindings]) -> str:
    lines = [f"{path}:{f.line}:{f.column}: {f.level} {f.code}: {f.message}" for path, found in files for f in found]
    return "\n".join(printable(line) for line in lines)


def _json(files: Sequence[FileFindings]) -> str:
    import json

    listed = [{"path": path, "findings": [_as_json(finding) for finding in found]} for path, found in files]
    return json.dumps({"files": listed}, indent=2)


def _as_json(finding: Finding) -> dict[str, object]:
    names = ("code", "level", "message", "line", "column", "snippet")
    return {name: getattr(finding, name) for name in names}


def _github(files: Sequence[FileFindings]) -> str:
    """Workflow commands (GitHub Actions, "Workflow commands", "Setting an error message")."""
    lines = (
        f"::{f.level} file={_property(path)},line={f.line},col={f.column},title={_property(f.code)}::{_data(f.message)}"
        for path, found in files
        for f in found
    )
    return "\n".join(map(printable, lines))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(files: Sequence[FileFindings]) -> str:
    """A log of the Static Analysis Results Interchange Format 2.1.0 (OASIS), section 3.13."""
    import json

    from snippetkit.lint import CODES

    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in CODES.items()]
    driver = {"name": "snippetkit", "version": __version__, "rules": rules}
    results = [_result(path, finding, list(CODES)) for path, found in files for finding in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(path: str, finding: Finding, codes: list[str]) -> dict[str, object]:
    from urllib.parse import quote

    uri = quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"))
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }


FORMATS: dict[str, Callable[[Sequence[FileFindings]], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
