"""`snippetkit import`: list the conversion code in the file of a tag manager."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from snippetkit import schemas
from snippetkit.cli._command import Command
from snippetkit.cli._containers import parsed, read_tags
from snippetkit.cli._output import counted, printable, shown_state, shown_value, table
from snippetkit.cli._paths import File
from snippetkit.cli._saying import put, say, warn
from snippetkit.cli._texts import read_text

if TYPE_CHECKING:
    from snippetkit.exports import Contents, TagReading
    from snippetkit.model import Snippet

_HEADER = ["NAME", "DIALECT", "PIXEL", "EVENT", "VALUE", "CURRENCY", "STATE", "CONSENT", "FIRES ON"]
_CONSENTS: dict[tuple[str, ...] | None, str] = {
    (): "none",
    ("ad_storage", "ad_user_data", "ad_personalization"): "ads",
    None: "",
}
_MOST_NAMES = 3


@click.command(cls=Command)
@click.argument("file", metavar="FILE", type=File())
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(file: str, as_json: bool) -> None:
    """List the conversion code in an export of a tag manager, or - for stdin: what fires, where, with which value.

    The file is one of Google Tag Manager, Matomo, Zaraz or Adobe Tags, of your own, what 'snippetkit export' wrote, or
    what an API answers. A variable of the tag manager is shown as {{its name}}. Tags of a type that Google Tag Manager
    has for a platform are read too. Tags without conversion code are counted, and so are others that have no code of
    their own, which are not read; --json names them. Code that is never closed is not read either, but named.
    """
    name, readable, contents = read_tags(file, parsed(read_text(file), file))
    if as_json:
        put(json.dumps({"version": schemas.version("import"), "format": name, **_as_json(contents)}, indent=2))
    elif contents.tags:
        put(table([_HEADER, *(row for tag in contents.tags for row in _rows(tag))]))
    for told in _warnings(contents):
        warn(printable(f"warning: {told}"))
    say(f"{readable.TITLE}: {_summary(contents)}")


def _summary(contents: Contents) -> str:
    parts = [
        counted(len(contents.tags), "tag") + " with conversion code",
        *([f"{len(contents.others)} without"] if contents.others else []),
        *([f"{len(contents.not_read)} not read"] if contents.not_read else []),
    ]
    return ", ".join(parts)


def _warnings(contents: Contents) -> Iterator[str]:
    """What reports nothing though it looks as if it did."""
    from snippetkit.snippets import DEAD

    dead = ((tag.name, one.reason) for tag in contents.tags for one in tag.snippets if one.state == DEAD)
    yield from (f"{name} is dead: {reason}" for name, reason in dict.fromkeys(dead))
    yield from (f"{tag.name} is not read: {tag.reason}" for tag in contents.not_read if tag.reason)


def _rows(tag: TagReading) -> Iterator[list[str]]:
    for snippet in tag.snippets:
        value = shown_value(snippet.value, snippet.currency)
        settings = (snippet.pixel_id, snippet.event, value, snippet.currency)
        state = "paused" if tag.is_paused else shown_state(snippet.state, snippet.function)
        of_tag = [_CONSENTS.get(tag.consent) or ", ".join(tag.consent or ()), _fires_on(tag)]
        yield [tag.name, snippet.dialect, *(setting or "" for setting in settings), state, *of_tag]


def _fires_on(tag: TagReading) -> str:
    blocks = f", except {_listed(tag.blocks)}" if tag.blocks else ""
    times = "".join(f", {word} {time} UTC" for word, time in (("from", tag.starts), ("until", tag.ends)) if time)
    return f"{_listed(tag.fires) or 'nothing yet'}{blocks}{times}"


def _listed(names: Sequence[str]) -> str:
    left = len(names) - _MOST_NAMES
    return " or ".join(names[:_MOST_NAMES]) + (f" or {left} more" if left > 0 else "")


def _as_json(contents: Contents) -> dict[str, object]:
    return {
        "tags": [_tag_as_json(tag) for tag in contents.tags],
        "others": [{"name": tag.name, "kind": tag.kind} for tag in contents.others],
        "not_read": [{"name": tag.name, "kind": tag.kind, "reason": tag.reason or None} for tag in contents.not_read],
    }


def _tag_as_json(tag: TagReading) -> dict[str, object]:
    return {
        "name": tag.name,
        "kind": tag.kind,
        "folder": tag.folder,
        "paused": tag.is_paused,
        "consent": tag.consent,
        "fires_on": tag.fires,
        "except_on": tag.blocks,
        "starts": tag.starts or None,
        "ends": tag.ends or None,
        "code": [_code_as_json(snippet) for snippet in tag.snippets],
    }


def _code_as_json(snippet: Snippet) -> dict[str, object]:
    return {
        "dialect": snippet.dialect,
        "conversion": snippet.conversion,
        "pixel_id": snippet.pixel_id or None,
        "event": snippet.event,
        "value": snippet.value,
        "currency": snippet.currency,
        "order_id": snippet.order_id,
        "event_id": snippet.event_id,
        "dynamic": snippet.dynamic,
        "state": snippet.state,
        "reason": snippet.reason or None,
        "function": snippet.function or None,
    }
