"""What is in a Matomo container version, ours or anybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from snippetkit.errors import SettingError
from snippetkit.exports._contents import Contents, TagReading, contents, image
from snippetkit.exports.matomo import names
from snippetkit.exports.matomo.code import name_lookups
from snippetkit.exports.matomo.items import HTML, IMAGE

_Entry = dict[str, Any]


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is a Matomo container version."""
    return isinstance(document, dict) and all(
        isinstance(document.get(key), kind)
        for key, kind in {"tags": list, "triggers": list, "variables": list, "context": str}.items()
    )


def read(document: object) -> Contents:
    """Return what is in a container version.

    Raises:
        SettingError: a list is missing, or an item in one has no name.
    """
    tags = _entries(document, "tags")
    triggers = {
        _id(entry.get("idtrigger")): names.whole(entry["name"], _text(entry, "description"))
        for entry in _entries(document, "triggers")
    }
    return contents(_tags(tags, triggers))


def _tags(tags: list[_Entry], triggers: Mapping[str, str]) -> Iterator[tuple[TagReading, str | None]]:
    for entry in tags:
        tag = TagReading(
            name=names.whole(entry["name"], _text(entry, "description").partition("Tag ")[2]),
            kind=_text(entry, "type") or "a tag without a type",
            fires=_names(entry, "fire_trigger_ids", triggers),
            blocks=_names(entry, "block_trigger_ids", triggers),
            is_paused=entry.get("status") == "paused",
            starts=_text(entry, "start_date"),
            ends=_text(entry, "end_date"),
        )
        yield tag, _code(entry)


def _code(entry: _Entry) -> str | None:
    given = entry.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    if entry.get("type") == IMAGE:
        return image(_text(parameters, "customImageSrc"))
    return name_lookups(_text(parameters, "customHtml")) if entry.get("type") == HTML else None


def _names(entry: _Entry, key: str, triggers: Mapping[str, str]) -> tuple[str, ...]:
    """The names of triggers; one that the file lacks is called by its number."""
    listed = entry.get(key)
    ids = map(_id, listed) if isinstance(listed, list) else ()
    return tuple(triggers.get(id_, f"trigger {id_}") for id_ in ids if id_)


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _entries(document: object, kind: str) -> list[_Entry]:
    entries = document.get(kind) if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise SettingError(f"not a Matomo container: it has no list {kind}", hint="give what Versions > Export shows")
    for place, entry in enumerate(entries, 1):
        if not (isinstance(entry, dict) and isinstance(entry.get("name"), str)):
            raise SettingError(f"not a Matomo container: number {place} of its {kind} has no name")
    return entries


def _id(value: object) -> str:
    return str(value) if isinstance(value, int | str) else ""
