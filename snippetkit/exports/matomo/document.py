"""A document of Matomo's as it was parsed: its tags, their triggers and variables, whatever else may be in it."""

from __future__ import annotations

import re
from typing import Any

from snippetkit.errors import SettingError
from snippetkit.exports.matomo import names
from snippetkit.exports.matomo.code import Setting, find_settings

Entry = dict[str, Any]

VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")

_PLAIN = ("type", "parameters", "fire_limit", "fire_delay", "priority", "start_date", "end_date")


class Document:
    """A parsed document of Matomo's, with the lists that an import needs."""

    def __init__(self, document: object) -> None:
        """Check the shape.

        Raises:
            SettingError: a list is missing, or an item in one has no name.
        """
        self.tags = _entries(document, "tags")
        self.triggers = _entries(document, "triggers")
        self.variables = _entries(document, "variables")
        self._by_id = {_id(entry.get("idtrigger")): entry for entry in self.triggers}
        self._by_name = {entry["name"]: entry for entry in self.variables}

    def fires(self, tag: Entry) -> list[Entry]:
        """Return the triggers that fire a tag; an id that there is not is dropped, as the import does."""
        return self._triggers(tag.get("fire_trigger_ids"))

    def blocks(self, tag: Entry) -> list[Entry]:
        """Return the triggers that block a tag."""
        return self._triggers(tag.get("block_trigger_ids"))

    def _triggers(self, ids: object) -> list[Entry]:
        found = [self._by_id.get(_id(id_)) for id_ in ids] if isinstance(ids, list) else []
        return [entry for entry in found if entry is not None]

    def used(self, tag: Entry) -> list[Entry]:
        """Return the variables that an image's URL has."""
        texts = VARIABLE.findall(parameter(tag, "customImageSrc"))
        return [self._by_name[name] for name in texts if name in self._by_name]

    def setting(self, name: str) -> Setting | None:
        """Return what a variable gives, None where it is none of ours."""
        found = find_settings(parameter(self._by_name.get(name, {}), "jsFunction"))
        return found[0][2] if found else None

    def facts(self, tag: Entry) -> list[object]:
        """Return what a tag does: all but the ids and what the tag, its triggers and variables are called."""
        plain = [tag.get(key) for key in _PLAIN]
        lists = [[_trigger_facts(entry) for entry in found] for found in (self.fires(tag), self.blocks(tag))]
        return [plain, tag.get("status", "active"), lists, [_variable_facts(entry) for entry in self.used(tag)]]


def whole_name(trigger: Entry) -> str:
    """Return the name of a trigger, whole where the file has it in short."""
    return names.whole(trigger["name"], text(trigger, "description"))


def text(entry: Entry, key: str) -> str:
    """Return a text of an entry, empty where there is none."""
    found = entry.get(key)
    return found if isinstance(found, str) else ""


def parameter(entry: Entry, key: str) -> str:
    """Return a parameter of an entry that is a text, empty where there is none."""
    found = entry.get("parameters")
    return text(found, key) if isinstance(found, dict) else ""


def _entries(document: object, kind: str) -> list[Entry]:
    found = document.get(kind) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise SettingError(f"no container of Matomo: it has no list {kind}", hint="give what Versions > Export shows")
    for place, entry in enumerate(found, 1):
        if not (isinstance(entry, dict) and isinstance(entry.get("name"), str)):
            raise SettingError(f"no container of Matomo: number {place} of its {kind} has no name")
    return found


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _trigger_facts(trigger: Entry) -> list[object]:
    return [whole_name(trigger), trigger.get("type"), trigger.get("parameters") or [], trigger.get("conditions") or []]


def _variable_facts(variable: Entry) -> list[object]:
    return [variable.get(key) or None for key in ("type", "parameters", "default_value", "lookup_table")]
