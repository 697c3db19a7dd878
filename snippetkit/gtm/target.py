"""A person's container, into which items are put."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.gtm import shape
from snippetkit.gtm.items import BUILT_IN_TRIGGERS, Item, ItemKind, Json, items, triggers_of, usage_contexts

_ORDER = (
    "path accountId containerId containerVersionId name description container tag trigger variable folder "
    "builtInVariable fingerprint tagManagerUrl zone customTemplate client gtagConfig transformation"
).split()
"""The members of a container's version, in the order of exports."""

_OF_THE_CONTAINER = ("accountId", "containerId")
_OF_THE_PLACE = ("path", "tagManagerUrl", "parentFolderId")
_MAX_ID_DIGITS = 9
"""A longer id, such as a built-in trigger's, is not from the container's counter."""


class ItemPlace(NamedTuple):
    """Where an item is: its kind, and its position in the list of that kind."""

    kind: ItemKind
    position: int


class Target:
    """A container that takes items; the document that it was made from is not changed."""

    def __init__(self, existing: Json) -> None:
        """Take a person's export.

        Raises:
            SettingError: it is no export of a web container.
        """
        _check(existing)
        self._existing = existing
        self._version: Json = dict(existing["containerVersion"])
        self._copied: set[str] = set()
        self._ids = _free_ids(existing)
        self._places: defaultdict[tuple[str, str], list[ItemPlace]] = defaultdict(list)
        positions: defaultdict[ItemKind, Iterator[int]] = defaultdict(count)
        for item in items(existing):
            self._places[item.scope].append(ItemPlace(item.kind, next(positions[item.kind])))

    def document(self) -> Json:
        """Return the export as it is now."""
        return {**self._existing, "containerVersion": self._version}

    def named(self, item: Item) -> list[ItemPlace]:
        """Return the places of items that have an item's name; variables and built-in ones share theirs."""
        return self._places[item.scope]

    def at(self, place: ItemPlace) -> Json:
        """Return the item of a place."""
        item: Json = self._version[place.kind.key][place.position]
        return item

    def every(self, kind: ItemKind) -> list[Json]:
        """Return the items of a kind."""
        listed: list[Json] = self._version.get(kind.key, [])
        return listed

    def adopt(self, item: Json) -> Json:
        """Return an item as one of this container's own, with its account, and a fingerprint only where it has one."""
        own = {key: self._version[key] for key in _OF_THE_CONTAINER if key in self._version}
        has_fingerprints = "fingerprint" in self._version
        return {key: own.get(key, part) for key, part in item.items() if has_fingerprints or key != "fingerprint"}

    def add(self, item: Item) -> str:
        """Put an item after the others of its kind, and return its new id."""
        new_id = next(self._ids) if item.kind.id_key else ""
        listed = self._list(item.kind)
        self._places[item.scope].append(ItemPlace(item.kind, len(listed)))
        listed.append({**item.json, item.kind.id_key: new_id} if new_id else item.json)
        return new_id

    def replace(self, place: ItemPlace, item: Json) -> None:
        """Put an item in the place of another, with the other's id."""
        before = self.at(place)
        stays = {key: before[key] for key in _OF_THE_PLACE if key in before and key not in item}
        own_id = before.get(place.kind.id_key) or next(self._ids)
        self._list(place.kind)[place.position] = {**item, **stays, place.kind.id_key: own_id}

    def _list(self, kind: ItemKind) -> list[Json]:
        """The list of a kind, which may be changed."""
        if kind.key not in self._copied:
            self._copied.add(kind.key)
            self._version = _with(self._version, kind.key, list(self.every(kind)))
        return self.every(kind)


def _check(existing: Json) -> None:
    shape.require(existing, with_ids=True)
    contexts = usage_contexts(existing)
    if "WEB" not in contexts:
        raise SettingError(f"a container for {', '.join(contexts)[:60]}: these tags are for a web container")


def _with(version: Json, key: str, value: object) -> Json:
    """The version with another member, in its place; where it has that one already, with a new value."""
    if key in version:
        return {**version, key: value}
    behind = set(_ORDER[_ORDER.index(key) :])
    parts = list(version.items())
    at = next((index for index, (name, _) in enumerate(parts) if name in behind), len(parts))
    return dict([*parts[:at], (key, value), *parts[at:]])


def _free_ids(document: Json) -> Iterator[str]:
    """The ids above those of every kind, and above those that items refer to."""
    taken = set(BUILT_IN_TRIGGERS)
    for item in items(document):
        taken.update(filter(None, (item.json.get(item.kind.id_key), item.json.get("parentFolderId"))))
        taken.update(triggers_of(item.json))
    numbers = (int(text) for text in taken if len(text) <= _MAX_ID_DIGITS and text.isascii() and text.isdigit())
    return (str(number) for number in count(max(numbers, default=0) + 1) if str(number) not in taken)
