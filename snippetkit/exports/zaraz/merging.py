"""Our tools and triggers put into a person's own configuration; nothing else in it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple

from snippetkit.errors import SettingError
from snippetkit.exports.zaraz.document import Configuration, Item, make_id
from snippetkit.records import dataclass, field
from snippetkit.terms import OnConflict

# What a person chooses for a tool in Zaraz and our file cannot say: it stays when the tool is replaced.
_KEPT = ("defaultPurpose", "vendorName", "vendorPolicyUrl")
_MEANINGLESS = {"id", "description"}


class Merged(NamedTuple):
    """Their configuration with our items, a line for each change, and the names of our tools that have a purpose."""

    configuration: Configuration
    changes: list[str]
    with_purpose: set[str]


def merge(theirs: Configuration, ours: Configuration, on_conflict: OnConflict) -> Merged:
    """Put our tools and triggers into their configuration.

    An item of ours that is there already, under its name, is not put in again. New items come last.

    Raises:
        SettingError: a name is taken by another item, and `on_conflict` is FAIL.
    """
    triggers = _Merge("trigger", theirs.triggers, on_conflict)
    ids = {our_id: triggers.put(item, our_id) for our_id, item in ours.triggers.items() if "system" not in item}
    tools = _Merge("tool", theirs.tools, on_conflict)
    there = {item["name"]: tools.put(_with_triggers(item, ids), our_id) for our_id, item in ours.tools.items()}
    with_purpose = {name for name, tool_id in there.items() if "defaultPurpose" in tools.items[tool_id]}
    whole = {**theirs.whole, "tools": tools.items, "triggers": triggers.items}
    configuration = Configuration(whole, tools.items, triggers.items)
    return Merged(configuration, [*triggers.changes, *tools.changes], with_purpose)


def _with_triggers(tool: Item, ids: Mapping[str, str]) -> Item:
    actions = {
        action_id: {
            **action,
            "blockingTriggers": [ids[trigger] for trigger in action["blockingTriggers"]],
            "firingTriggers": [ids[trigger] for trigger in action["firingTriggers"]],
        }
        for action_id, action in tool["actions"].items()
    }
    return {**tool, "actions": actions}


@dataclass(slots=True)
class _Merge:
    """The items of one kind, which `put` changes, and a line for each change."""

    kind: str
    items: dict[str, Item]
    on_conflict: OnConflict
    changes: list[str] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the items, by their name."""

    def __post_init__(self) -> None:
        self.items = dict(self.items)
        for item_id, item in self.items.items():
            self.ids.setdefault(item["name"], []).append(item_id)

    def put(self, item: Item, wanted_id: str) -> str:
        """Put an item in, unless it is there, and return the id that it has here."""
        name = item["name"]
        if name not in self.ids:
            return self._add(item, wanted_id, f"added: {self.kind} {name!r}")
        if item_id := self._find(item):
            return item_id
        if self.on_conflict is OnConflict.REPLACE:
            return self._replace(item)
        if self.on_conflict is OnConflict.RENAME:
            return self._rename(item, wanted_id)
        raise SettingError(
            f"the configuration has another {self.kind} {name!r}",
            hint="--on-conflict rename keeps both, --on-conflict replace puts ours in its place",
        )

    def _find(self, item: Item) -> str | None:
        return next((item_id for item_id in self.ids.get(item["name"], ()) if _holds(self.items[item_id], item)), None)

    def _add(self, item: Item, wanted_id: str, change: str) -> str:
        new_id = wanted_id if wanted_id not in self.items else make_id(wanted_id, self.items)
        self.items[new_id] = item
        self.ids.setdefault(item["name"], []).append(new_id)
        self.changes.append(change)
        return new_id

    def _replace(self, item: Item) -> str:
        own_id = self.ids[item["name"]][0]
        kept = {key: self.items[own_id][key] for key in _KEPT if key in self.items[own_id]}
        self.items[own_id] = item | kept
        self.changes.append(f"replaced: {self.kind} {item['name']!r}")
        return own_id

    def _rename(self, item: Item, wanted_id: str) -> str:
        renamed = next(new for new in _renamed(item) if new["name"] not in self.ids or self._find(new))
        change = f"renamed: {self.kind} {item['name']!r} is {renamed['name']!r} here"
        return self._find(renamed) or self._add(renamed, wanted_id, change)


def _renamed(item: Item) -> Iterator[Item]:
    return ({**item, "name": f"{item['name']} ({number})"} for number in count(2))


def _holds(theirs: object, ours: object) -> bool:
    """Whether an item of theirs is ours: it has all that ours says, apart from what means nothing."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return all(key in theirs and _holds(theirs[key], ours[key]) for key in ours.keys() - _MEANINGLESS)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(theirs) == len(ours) and all(map(_holds, theirs, ours))
    return type(theirs) is type(ours) and theirs == ours
