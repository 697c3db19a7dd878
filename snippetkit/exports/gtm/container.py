"""A container document, taken apart by names and ids; what is not as it should be is refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from snippetkit.errors import SettingError

_Item = dict[str, Any]

# What says nothing about what an item does.
_ASIDE = frozenset(
    "accountId containerId workspaceId tagId triggerId variableId folderId path fingerprint tagManagerUrl"
    " parentFolderId notes".split()
)
_TRIGGERS = ("firingTriggerId", "blockingTriggerId")
_REFERENCE = re.compile(r"\{\{(.+?)\}\}")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a container: `text` is its code or URL; the triggers are ids, `folder` is a folder's name."""

    name: str
    type: str
    text: str
    firing: tuple[str, ...]
    blocking: tuple[str, ...]
    waits_for_consent: bool
    folder: str
    item: _Item


@dataclass(frozen=True, slots=True)
class Container:
    """The tags by name, in their order, the triggers by id and the variables by name."""

    tags: dict[str, Tag]
    triggers: dict[str, _Item]
    variables: dict[str, _Item]

    @classmethod
    def of(cls, document: _Item) -> Container:
        """Take a document apart.

        Raises:
            SettingError: something is not of its kind, or two tags have one name.
        """
        version = document.get("containerVersion")
        if not isinstance(version, dict):
            raise SettingError("containerVersion is missing, or no object")
        folders = {_text(item, "folderId", "folder"): item for item in _named(version, "folder")}
        names = {id_: item["name"] for id_, item in folders.items()}
        tags = [_tag(item, names) for item in _named(version, "tag")]
        by_name = {tag.name: tag for tag in tags}
        if len(by_name) < len(tags):
            name = next(tag.name for tag in tags if by_name[tag.name] is not tag)
            raise SettingError(f"two tags are called {name!r}", hint="Google Tag Manager takes no such file")
        triggers = {_text(item, "triggerId", "trigger"): item for item in _named(version, "trigger")}
        return cls(by_name, triggers, {item["name"]: item for item in _named(version, "variable")})

    def meaning(self, name: str) -> object:
        """What the tag of a name does: itself, its triggers and the variables that it looks at, or None."""
        tag = self.tags.get(name)
        if tag is None:
            return None
        triggers = {
            key: [_essence(self.triggers.get(id_, {"id": id_})) for id_ in tag.item[key]]
            for key in _TRIGGERS
            if key in tag.item
        }
        return _essence(tag.item) | triggers | {"variables": self._variables(tag.item)}

    def _variables(self, item: _Item) -> dict[str, _Item | None]:
        found: dict[str, _Item | None] = {}
        waiting = [item]
        while waiting:
            for name in _REFERENCE.findall(json.dumps(waiting.pop(), ensure_ascii=False)):
                if name not in found:
                    variable = self.variables.get(name)
                    found[name] = _essence(variable) if variable else None
                    waiting += [variable] if variable else []
        return found


def _essence(item: _Item) -> _Item:
    return {key: value for key, value in item.items() if key not in _ASIDE}


def _tag(item: _Item, folders: dict[str, str]) -> Tag:
    name = item["name"]
    consent = item.get("consentSettings")
    return Tag(
        name=name,
        type=_text(item, "type", f"tag {name!r}"),
        text=_parameter(item, "html") or _parameter(item, "url"),
        firing=_ids(item, _TRIGGERS[0]),
        blocking=_ids(item, _TRIGGERS[1]),
        waits_for_consent=isinstance(consent, dict) and consent.get("consentStatus") == "NEEDED",
        folder=folders.get(str(item.get("parentFolderId")), ""),
        item=item,
    )


def _items(owner: _Item, key: str) -> list[_Item]:
    items = owner.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise SettingError(f"{key} is no list of objects")
    return items


def _named(owner: _Item, key: str) -> list[_Item]:
    items = _items(owner, key)
    for item in items:
        _text(item, "name", key)
    return items


def _text(item: _Item, key: str, where: str) -> str:
    text = item.get(key)
    if not isinstance(text, str):
        raise SettingError(f"a {where} has no {key}, or one that is no text")
    return text


def _ids(item: _Item, key: str) -> tuple[str, ...]:
    ids = item.get(key, [])
    if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
        raise SettingError(f"the tag {item['name']!r}: {key} is no list of texts")
    return tuple(ids)


def _parameter(item: _Item, key: str) -> str:
    values = (parameter.get("value") for parameter in _items(item, "parameter") if parameter.get("key") == key)
    return next((value for value in values if isinstance(value, str)), "")
