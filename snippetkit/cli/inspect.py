"""`snippetkit inspect`: list the conversion code that stands in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from snippetkit.cli._output import table
from snippetkit.cli._selection import Paths, every_file_options
from snippetkit.cli._texts import Texts

if TYPE_CHECKING:
    from snippetkit.lint import Finding
    from snippetkit.model import Snippet

_COLUMNS = ("PLACE", "DIALECT", "PIXEL", "EVENT", "VALUE", "CURRENCY", "FINDINGS")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@every_file_options
def command(paths: Paths, as_json: bool) -> None:
    """List the conversion code that stands in files.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin. A value that is an expression or a
    server template is shown as 'dynamic'. 'snippetkit lint' says what is wrong.
    """
    texts = Texts(paths)
    files = [_inspect(path, text) for path, text in texts]
    if as_json:
        from json import dumps

        click.echo(dumps({"files": files}, indent=2))
    else:
        rows = [_row(file["path"], snippet) for file in files for snippet in file["snippets"]]
        click.echo(table([_COLUMNS, *rows]) if rows else "no conversion code there", err=not rows)
    click.get_current_context().exit(6 if texts.failed else 0)


def _inspect(path: str, text: str) -> dict[str, Any]:
    from snippetkit import lint, snippets

    document = snippets.parse(text)
    findings = lint.find(document)
    found = enumerate(snippets.read_document(document))
    return {"path": path, "snippets": [_as_json(s, [f for f in findings if f.snippet == n]) for n, s in found]}


def _as_json(snippet: Snippet, findings: list[Finding]) -> dict[str, Any]:
    return {
        "dialect": snippet.dialect,
        "conversion": snippet.conversion,
        "pixel_id": snippet.pixel_id or None,
        "event": snippet.event,
        "value": snippet.value,
        "currency": snippet.currency,
        "dynamic": snippet.dynamic,
        "noscript": snippet.noscript if snippet.noscript_span else None,
        "image_url": snippet.image_url or None,
        "line": snippet.line,
        "column": snippet.column,
        "findings": [{"code": f.code, "message": f.message, "line": f.line, "column": f.column} for f in findings],
    }


def _row(path: str, snippet: dict[str, Any]) -> list[str]:
    cells = [snippet[name] or "" for name in ("dialect", "pixel_id", "event", "value", "currency")]
    cells[3] = "dynamic" if snippet["dynamic"] else cells[3]
    codes = ", ".join(dict.fromkeys(finding["code"] for finding in snippet["findings"]))
    return [f"{path}:{snippet['line']}:{snippet['column']}", *cells, codes]
