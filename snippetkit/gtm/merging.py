"""An export of ours, merged into a person's own."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import count
from typing import Any

from snippetkit.errors import SettingError, SnippetError
from snippetkit.gtm.items import KINDS, REFERENCE, Item, ItemKind, Json, variables_in
from snippetkit.gtm.meaning import meaning
from snippetkit.gtm.target import Target
from snippetkit.records import dataclass, field
from snippetkit.terms import OnConflict

_BY_KEY = {kind.key: kind for kind in KINDS}
_NEEDED_FIRST = ("folder", "builtInVariable", "variable", "trigger", "tag")
"""The kinds in an export of ours; items refer only to items of earlier kinds."""

_ID_LISTS = ("firingTriggerId", "blockingTriggerId")


def merge(existing: Json, ours: Json, on_conflict: OnConflict) -> tuple[Json, tuple[str, ...]]:
    """Return a person's container with our items in it, and what that changes, one line each, in the file's order.

    What is there stays as it is. An item that is there already, with this name and this meaning, is used and not added
    again, so that merging twice is merging once.

    Args:
        existing: a person's export; it is not changed.
        ours: an export of ours, with which `check` finds nothing wrong. Its tags do not refer to each other.
        on_conflict: what becomes of an item of ours whose name is taken there by another. FAIL: nothing is merged.
            RENAME: it gets a free name. REPLACE: it takes the other's place, and its id, so that references hold.

    Raises:
        SettingError: the existing document is no export of a web container, or a name is taken.
        SnippetError: variables of ours refer to each other in a circle.
    """
    merging = _Merging(Target(existing), on_conflict, _names(ours))
    for key in _NEEDED_FIRST:
        for position, item in _in_order(_BY_KEY[key], ours["containerVersion"].get(key, [])):
            merging.take(Item(_BY_KEY[key], item), position)
    changes = sorted(merging.changes, key=lambda change: change[:2])
    return merging.target.document(), tuple(text for _, _, text in changes)


def _names(ours: Json) -> set[tuple[str, str]]:
    return {Item(_BY_KEY[key], item).scope for key in _NEEDED_FIRST for item in ours["containerVersion"].get(key, [])}


def _in_order(kind: ItemKind, listed: list[Json]) -> Iterator[tuple[int, Json]]:
    """The items of a kind with their positions; variables come after those that they refer to."""
    positions = {item["name"]: position for position, item in enumerate(listed)}
    graph = {
        item["name"]: [name for name in variables_in(item) if name in positions and kind.key == "variable"]
        for item in listed
    }
    try:
        for name in TopologicalSorter(graph).static_order():
            yield positions[name], listed[positions[name]]
    except CycleError as error:
        raise SnippetError(f"variables refer to each other in a circle: {', '.join(error.args[1])}") from error


@dataclass
class _Merging:
    """Puts items into a container, and knows their ids and names there."""

    target: Target
    on_conflict: OnConflict
    our_names: set[tuple[str, str]]
    changes: list[tuple[int, int, str]] = field(default_factory=list)
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _variables: dict[str, str] = field(default_factory=dict)

    def take(self, item: Item, position: int) -> None:
        """Put an item there, or find it there."""
        ours = Item(item.kind, self._adapted(item.json))
        if item.kind.key == "builtInVariable":
            said = self._enable(ours)
        elif not self.target.named(ours):
            said = self._add(item, ours)
        elif self._use(item, ours):
            said = None
        else:
            said = _ON_CONFLICT[self.on_conflict](self, item, ours)
        if said:
            self.changes.append((KINDS.index(item.kind), position, said))

    def _adapted(self, item: Json) -> Json:
        """An item as one of the container's own, with references to what the others became there."""
        adapted: Json = self._renamed(self.target.adopt(item))
        for key in _ID_LISTS:
            if key in adapted:
                adapted[key] = [self._ids.get(("trigger", trigger), trigger) for trigger in adapted[key]]
        if "parentFolderId" in adapted:
            adapted["parentFolderId"] = self._ids["folder", adapted["parentFolderId"]]
        return adapted

    def _renamed(self, value: Any) -> Any:
        """A value, with references to variables by their names in the container."""
        if isinstance(value, dict):
            return {key: self._text(part) if key == "value" else self._renamed(part) for key, part in value.items()}
        return [self._renamed(part) for part in value] if isinstance(value, list) else value

    def _text(self, value: str) -> str:
        return REFERENCE.sub(lambda match: f"{{{{{self._variables.get(match[1], match[1])}}}}}", value)

    def _enable(self, ours: Item) -> str | None:
        """Built-in variables are known by their type; their names are not ours to choose."""
        there = next((item for item in self.target.every(ours.kind) if item["type"] == ours.json["type"]), None)
        if there:
            self._variables[ours.name] = there["name"]
            return None
        if self.target.named(ours):
            raise SettingError(
                f"the built-in variable {ours.name!r} is needed, and another variable has its name there",
                hint="rename that one in the tag manager",
            )
        self.target.add(ours)
        return f"added: {ours.kind.word} {ours.name!r}"

    def _add(self, item: Item, ours: Item) -> str:
        self._became(item, self.target.add(ours), ours.name)
        return f"added: {ours.kind.word} {ours.name!r}"

    def _use(self, item: Item, ours: Item) -> bool:
        """Whether something there is the same already."""
        wanted = meaning(ours.json)
        for place in self.target.named(ours):
            there = self.target.at(place)
            if place.kind is ours.kind and meaning(there) == wanted:
                self._became(item, there.get(ours.kind.id_key, ""), ours.name)
                return True
        return False

    def _became(self, item: Item, new_id: str, name: str) -> None:
        self._ids[item.kind.key, item.json[item.kind.id_key]] = new_id
        if item.kind.key == "variable":
            self._variables[item.name] = name

    def _refuse(self, item: Item, ours: Item) -> str:
        """Refuse: a person has to choose."""
        raise SettingError(
            f"{item.kind.word} {item.name!r}: something else has this name there",
            hint=f"--on-conflict rename adds ours as '{item.name} (2)', --on-conflict replace puts ours in its place",
        )

    def _add_renamed(self, item: Item, ours: Item) -> str | None:
        """Add an item under the first free name, unless it is there under such a name."""
        for number in count(2):
            renamed = Item(ours.kind, {**ours.json, "name": f"{ours.name} ({number})"})
            if renamed.scope in self.our_names:
                continue
            if not self.target.named(renamed):
                self._add(item, renamed)
                return f"renamed: {item.kind.word} {item.name!r} is {renamed.name!r} here"
            if self._use(item, renamed):
                break
        return None

    def _replace(self, item: Item, ours: Item) -> str:
        """Put an item in the place of the one that has its name."""
        place = next((place for place in self.target.named(ours) if place.kind is ours.kind), None)
        if place is None:
            raise SettingError(
                f"{item.kind.word} {item.name!r}: a built-in variable has this name there, which cannot be replaced",
                hint=f"--on-conflict rename adds ours as '{item.name} (2)'",
            )
        self.target.replace(place, ours.json)
        self._became(item, self.target.at(place)[ours.kind.id_key], ours.name)
        return f"replaced: {item.kind.word} {item.name!r}"


_ON_CONFLICT = {
    OnConflict.FAIL: _Merging._refuse,
    OnConflict.RENAME: _Merging._add_renamed,
    OnConflict.REPLACE: _Merging._replace,
}
