"""`snippetkit import`: list the conversion tags in the file of a tag manager."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from snippetkit import exports
from snippetkit.cli._output import counted, printable, table
from snippetkit.cli._source import name_of
from snippetkit.cli._texts import read_text
from snippetkit.errors import SettingError

if TYPE_CHECKING:
    from snippetkit.containers import ContainerTag
    from snippetkit.exports import ReadableFormat

_HEADER = ["NAME", "PIXEL", "VALUE", "CURRENCY", "VARIANT", "CONSENT", "FIRES ON"]


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(file: str, as_json: bool) -> None:
    """List the conversion tags in an export of a tag manager, or - for stdin: what fires, where, with which value.

    The tags are those that 'snippetkit export' writes; what else is in the file is counted, and named with --json.
    """
    document = _parsed(file)
    name, found = _format(file, document)
    try:
        tags, others = found.read(document)
    except SettingError as error:
        raise SettingError(f"{name_of(file)}: {error}", hint=error.hint) from error
    if as_json:
        listed = {"format": name, "tags": [_as_json(tag) for tag in tags], "others": others}
        click.echo(json.dumps(listed, indent=2))
    elif tags:
        click.echo(table([_HEADER, *(_cells(tag) for tag in tags)]))
    others_said = f", and {counted(len(others), 'other item')}" if others else ""
    click.echo(f"{found.TITLE}: {counted(len(tags), 'conversion tag')}{others_said}", err=True)


def _parsed(file: str) -> object:
    try:
        return json.loads(read_text(file).removeprefix("\ufeff"))
    except RecursionError as error:
        raise SettingError(f"{name_of(file)} is no export: it is nested too deeply") from error
    except ValueError as error:
        raise SettingError(f"{name_of(file)} is not JSON: {error}", hint="give the file as it was exported") from error


def _format(file: str, document: object) -> tuple[str, ReadableFormat]:
    for name in exports.names():
        found: Any = exports.find(name)
        if hasattr(found, "recognizes") and found.recognizes(document):
            return name, found
    readable = ", ".join(name for name in exports.names() if hasattr(exports.find(name), "recognizes"))
    hint = f"give what 'snippetkit export' writes in one of the formats {readable}"
    raise SettingError(f"{name_of(file)} is no export of a tag manager that can be read", hint=hint)


def _cells(tag: ContainerTag) -> list[str]:
    keys = tag.event.keys if tag.event else {}
    settings = [
        [keys.get("value", snippet.value or ""), keys.get("currency", snippet.currency or "")]
        for snippet in tag.snippets
    ]
    values, currencies = (" + ".join(of_each) for of_each in zip(*settings, strict=True))
    pixels = " + ".join(snippet.pixel_id for snippet in tag.snippets)
    return [printable(tag.name), pixels, values, currencies, tag.variant, tag.consent, printable(_fires_on(tag))]


def _fires_on(tag: ContainerTag) -> str:
    if tag.event:
        return f"event {tag.event.name}"
    pages = _listed([rule.description for rule in tag.rules])
    exceptions = _listed([rule.description for rule in tag.exceptions])
    return f"{pages}, except {exceptions}" if exceptions else pages or "nothing yet"


def _listed(descriptions: Sequence[str]) -> str:
    return " or ".join(descriptions[:3]) + (f" or {len(descriptions) - 3} more" if len(descriptions) > 3 else "")


def _as_json(tag: ContainerTag) -> dict[str, object]:
    return {
        "name": tag.name,
        "variant": tag.variant,
        "pixels": [
            {name: getattr(snippet, name) for name in ("pixel_id", "event", "value", "currency")}
            for snippet in tag.snippets
        ],
        "rules": [rule.description for rule in tag.rules],
        "exceptions": [rule.description for rule in tag.exceptions],
        "event": tag.event.name if tag.event else None,
        "keys": tag.event.keys if tag.event else {},
        "consent": tag.consent,
        "account": tag.account,
    }
