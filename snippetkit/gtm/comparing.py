"""What importing one export over another would change, by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from snippetkit.gtm import shape
from snippetkit.gtm.items import BUILT_IN_TRIGGERS, KINDS, Item, Json, items
from snippetkit.gtm.meaning import meaning
from snippetkit.patterns import later
from snippetkit.records import dataclass

_SECRET = later(r"secret|token|passw|credential|authori[sz]ation|api[ _-]?key", re.IGNORECASE)
_SECRET_TEXT = later(
    rf"""((?:{_SECRET.pattern})\w{{0,40}}["']?\s{{0,9}}[=:]\s{{0,9}}["']?)[^\s"'&<>,;]+""", re.IGNORECASE
)
_HIDDEN = "(not shown)"
_NOT_SAID = later(r"\bparameter\.|\.value\Z")
_TRIGGER_LISTS = ("firingTriggerId", "blockingTriggerId", "enablingTriggerId", "disablingTriggerId")

_Key = tuple[str, str, int]
"""What tells an item in both exports: its kind, its name, and how many had that name before."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of an item that differs; None where it is not there. Secrets are not shown."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an item: `what` is added, removed or changed, `word` what a person calls its kind."""

    what: str
    word: str
    name: str
    differences: tuple[Difference, ...] = ()


def compare(before: Json, after: Json) -> list[Change]:
    """Return what differs between two exports, by kind; ids and fingerprints do not count.

    Items with the same name are the same. What they refer to by id is told by its name.

    Raises:
        SettingError: one of them does not have the shape of an export.
    """
    old, new = (_by_name(shape.require(document)) for document in (before, after))
    keys = sorted([*old, *(key for key in new if key not in old)], key=lambda key: _POSITIONS[key[0]])
    return [change for key in keys for change in _changes(key, old.get(key), new.get(key))]


_POSITIONS = {kind.key: position for position, kind in enumerate(KINDS)}
_WORDS = {kind.key: kind.word for kind in KINDS}


def _by_name(document: Json) -> dict[_Key, Json]:
    """What each item means, with names in the places of ids."""
    listed = list(items(document))
    names = {(item.kind.key, item.json.get(item.kind.id_key)): item.name for item in listed}
    seen = Counter[tuple[str, str]]()
    by_name: dict[_Key, Json] = {}
    for item in listed:
        key = (item.kind.key, item.name)
        by_name[*key, seen[key]] = meaning(_with_names(item, names), with_aside=True)
        seen[key] += 1
    return by_name


def _with_names(item: Item, names: dict[tuple[str, Any], str]) -> Json:
    named = dict(item.json)
    for key in (key for key in _TRIGGER_LISTS if key in named):
        named[key] = [_trigger(trigger, names) for trigger in named[key]]
    if "parentFolderId" in named:
        named["parentFolderId"] = names.get(("folder", named["parentFolderId"]), named["parentFolderId"])
    return {key: _referring(part, names) for key, part in named.items()}


def _referring(value: Any, names: dict[tuple[str, Any], str]) -> Any:
    """A value, with names in the places of the ids of triggers."""
    if isinstance(value, dict):
        if value.get("type") == "TRIGGER_REFERENCE":
            return value | {"value": _trigger(value.get("value", ""), names)}
        return {key: _referring(part, names) for key, part in value.items()}
    return [_referring(part, names) for part in value] if isinstance(value, list) else value


def _trigger(trigger_id: str, names: dict[tuple[str, Any], str]) -> str:
    return names.get(("trigger", trigger_id), BUILT_IN_TRIGGERS.get(trigger_id, trigger_id))


def _changes(key: _Key, before: Json | None, after: Json | None) -> Iterator[Change]:
    kind, name, _ = key
    if before is None or after is None:
        yield Change("added" if before is None else "removed", _WORDS[kind], name)
    elif before != after:
        is_secret = _SECRET.search(name) is not None
        yield Change("changed", _WORDS[kind], name, tuple(_differences(before, after, is_secret=is_secret)))


def _differences(before: Json, after: Json, *, is_secret: bool) -> Iterator[Difference]:
    old, new = dict(_flat(before, "")), dict(_flat(after, ""))
    for path in dict.fromkeys([*old, *new]):
        if old.get(path) != new.get(path):
            hides = is_secret or _SECRET.search(path) is not None
            yield Difference(path, _shown(old.get(path), hides=hides), _shown(new.get(path), hides=hides))


def _shown(text: str | None, *, hides: bool) -> str | None:
    if text is None:
        return None
    return _HIDDEN if hides else _SECRET_TEXT.sub(rf"\1{_HIDDEN}", text)


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each text in a value with the path to it; a parameter goes by its key."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and not all(isinstance(part, str) for part in value):
        for index, part in enumerate(value):
            name = part.get("key") if isinstance(part, dict) else None
            yield from _flat(part, f"{path}.{name}" if name else f"{path}[{index}]")
    else:
        said = _NOT_SAID.sub("", path)
        yield said, ", ".join(value) if isinstance(value, list) else str(value)
