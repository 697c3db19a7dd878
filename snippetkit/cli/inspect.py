"""`snippetkit inspect`: list the conversion code that stands in files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import click

from snippetkit import schemas
from snippetkit.cli._command import Command, format_options
from snippetkit.cli._output import shown_state, shown_value, table, without_last_if_empty
from snippetkit.cli._reading import Looked, Texts, looked_at
from snippetkit.cli._saying import put, say
from snippetkit.cli._texts import Paths, every_file_options, jobs_option

if TYPE_CHECKING:
    from snippetkit.lint import Finding, Memory, Move
    from snippetkit.model import PageBytes, Snippet
    from snippetkit.snippets import Document, Others

_COLUMNS = ("PLACE", "DIALECT", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE", "FINDINGS", "BASE CODE IN")


def _inspect(path: str, page: PageBytes, others: Others | None) -> Looked[dict[str, Any]]:
    looked = looked_at(path, page, others, _make, _memory) or Looked([])
    return Looked({"path": path, "snippets": looked.result}, looked.parts)


def _make(documents: Sequence[Document]) -> list[dict[str, Any]]:
    from snippetkit import lint, snippets

    of_snippets: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in lint.find_in_documents(documents):
        of_snippets[finding.snippet].append(finding)
    found = snippets.read_documents(documents)
    named = _named(found)
    read = [_as_json(snippet, of_snippets[number], named) for number, snippet in enumerate(found)]
    return sorted(read, key=lambda snippet: (snippet["line"], snippet["column"]))


def _named(found: Sequence[Snippet]) -> Mapping[str, str]:
    """The pixels that are named in a file, by their dialect, where that is one alone."""
    named = {(one.dialect, one.pixel_id) for one in found if one.pixel_id}
    often = Counter(dialect for dialect, _ in named)
    return {dialect: pixel_id for dialect, pixel_id in named if often[dialect] == 1}


@cache
def _memory() -> Memory[list[dict[str, Any]]]:
    from snippetkit import lint

    return lint.Memory(_make, _moved)


def _moved(listed: list[dict[str, Any]], move: Move) -> list[dict[str, Any]]:
    return [_placed(one, move) | {"findings": [_placed(f, move) for f in one["findings"]]} for one in listed]


def _placed(found: dict[str, Any], move: Move) -> dict[str, Any]:
    line, column = move(found["line"], found["column"])
    return found | {"line": line, "column": column}


def _as_json(snippet: Snippet, findings: list[Finding], named: Mapping[str, str]) -> dict[str, Any]:
    """What is told of a snippet; one in front of its base code, which is dead, is of the pixel that this names."""
    from snippetkit.snippets import DEAD

    dead = next((one.message for one in findings if one.code == "not-run"), "")
    meant = named.get(snippet.dialect) if dead else None
    return {
        "dialect": snippet.dialect,
        "conversion": snippet.conversion,
        "pixel_id": snippet.pixel_id or meant,
        "event": snippet.event,
        "value": snippet.value,
        "currency": snippet.currency,
        "order_id": snippet.order_id,
        "event_id": snippet.event_id,
        "dynamic": snippet.dynamic,
        "state": DEAD if dead else snippet.state,
        "reason": snippet.reason or dead or None,
        "base_from": list(snippet.base_from),
        "function": snippet.function or None,
        "noscript": snippet.noscript if snippet.noscript_span else None,
        "image_url": snippet.image_url or None,
        "line": snippet.line,
        "column": snippet.column,
        "findings": [{"code": f.code, "message": f.message, "line": f.line, "column": f.column} for f in findings],
    }


def _table(files: list[dict[str, Any]]) -> str:
    rows = [_row(file["path"], snippet) for file in files for snippet in file["snippets"]]
    return table(without_last_if_empty([_COLUMNS, *rows])) if rows else ""


def _json(files: list[dict[str, Any]]) -> str:
    from json import dumps

    return dumps({"version": schemas.version("inspect"), "files": files}, indent=2)


def _summary(files: list[dict[str, Any]]) -> str:
    """How often there is code that is the same but for its place."""
    counts = Counter(tuple(_row("", snippet)[1:]) for file in files for snippet in file["snippets"])
    rows = [(str(count), *cells) for cells, count in counts.most_common()]
    return table(without_last_if_empty([("COUNT", *_COLUMNS[1:]), *rows])) if rows else ""


def _row(path: str, snippet: dict[str, Any]) -> list[str]:
    cells = [snippet[name] or "" for name in ("dialect", "pixel_id", "event", "value", "currency")]
    cells[3] = shown_value(snippet["value"], snippet["currency"], is_dynamic=snippet["dynamic"])
    codes = ", ".join(dict.fromkeys(finding["code"] for finding in snippet["findings"]))
    base_from = ", ".join(snippet["base_from"])
    state = shown_state(snippet["state"], snippet["function"])
    return [f"{path}:{snippet['line']}:{snippet['column']}", *cells, state, codes, base_from]


_FORMATS: dict[str, Callable[[list[dict[str, Any]]], str]] = {"table": _table, "json": _json, "summary": _summary}


@click.command(cls=Command)
@format_options(_FORMATS, "Aligned columns, one JSON document, or counts.")
@jobs_option
@every_file_options
def command(paths: Paths, format_name: str, jobs: int | None) -> None:
    """List the conversion code in files.

    PATH is a file, a folder whose .html and .htm files are taken, or - for stdin. A value that is an expression or a
    server template is shown as 'dynamic'. The state is 'live', 'dead' where no browser runs the script, 'held back'
    where a tool starts it later, 'base code' where it only names the pixel, what the visitor does, such as 'on click',
    or 'when called' with the name of a function that nothing there calls. 'snippetkit lint' says what is wrong.
    """
    texts = Texts(paths, jobs)
    files = [file for _, file in texts.each_together(_inspect)]
    out = _FORMATS[format_name](files)
    if out:
        put(out)
    else:
        say("no conversion code found")
    click.get_current_context().exit(6 if texts.failed else 0)
