"""Which tags of anybody's container a stand-in of the runtime can fire, when it has to, and why not the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from snippetkit import gtm, snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SettingError
from snippetkit.exports._contents import TagReading, Triable
from snippetkit.exports.gtm.reading import read
from snippetkit.exports.gtm.triggers import ALL_PAGES_ID, BUILT_IN, CUSTOM_EVENT, PAGE_VIEW, match_of
from snippetkit.records import dataclass
from snippetkit.terms import Consent, Match, TagVariant

_Item = dict[str, Any]
_VARIANTS = {"html": TagVariant.SCRIPT, "img": TagVariant.IMAGE}
_CONSENTS = frozenset({"ad_storage", "ad_user_data", "ad_personalization"})
_SEQUENCES = ("setupTag", "teardownTag")
_WITHOUT = frozenset({"parentFolderId", "setupTag", "teardownTag"})


class _UntriedError(Exception):
    """A tag that is not tried: why, for a person."""


def triable(document: object) -> Triable:
    """Return what a stand-in of the runtime can be given of a container, and what has to fire then.

    Raises:
        SettingError: it has not the shape of an export of format version 2.
    """
    container = _Container.of(document)
    tags, left_out = [], dict[str, str]()
    readings = {reading.name: reading for reading in read(document).tags}
    for item in container.version.get("tag", ()):
        if reading := readings.get(item["name"]):
            try:
                tags.append((item, container.tag(item, reading)))
            except (_UntriedError, SettingError) as reason:
                left_out[item["name"]] = str(reason)
    content = json.dumps(container.without_others([item for item, _ in tags])).encode()
    return Triable(content, tuple(tag for _, tag in tags), left_out)


@dataclass(frozen=True)
class _Container:
    """A container's parts by the names and ids that others refer to them by; `broken` is what its compiler refuses."""

    version: _Item
    triggers: Mapping[str, _Item]
    variables: Mapping[str, _Item]
    built_in: Mapping[str, str]
    broken: Sequence[str]

    @classmethod
    def of(cls, document: object) -> _Container:
        version: _Item = gtm.require(gtm.from_api(document), with_fields=True)["containerVersion"]
        return cls(
            version,
            {item["triggerId"]: item for item in version.get("trigger", ())},
            {item["name"]: item for item in version.get("variable", ())},
            {item["name"]: item["type"] for item in version.get("builtInVariable", ())},
            [problem.where for problem in gtm.find_problems(document) if problem.level == "error"],
        )

    def tag(self, item: _Item, reading: TagReading) -> ContainerTag:
        """Return a tag as one that can be tried; raises why it cannot."""
        self._check(item, reading)
        codes = {one.script or one.source: one for one in reading.snippets if one.state != snippets.DEAD}
        if not codes or not all(one.pixel_id and "{{" not in one.pixel_id for one in codes.values()):
            raise _UntriedError("it does not say which pixel it is for")
        fires = [self._when(id_) for id_ in item.get("firingTriggerId", ())]
        blocks = [self._when(id_) for id_ in item.get("blockingTriggerId", ())]
        rules = tuple(one for one in fires if isinstance(one, PageRule))
        exceptions = tuple(one for one in blocks if isinstance(one, PageRule))
        events = [one for one in fires if isinstance(one, str)]
        if len(events) + bool(rules) > 1 or len(exceptions) < len(blocks) or (events and exceptions):
            raise _UntriedError("its triggers together are of a kind that is not tried here")
        first = next(iter(codes.values()))
        keys = {name: self._key(getattr(first, name) or "") for name in ("value", "currency", "order_id")}
        event = DataLayerEvent.of(events[0], *keys.values()) if events else None
        consent = Consent.NONE if not _waits_for(item) else Consent.ADS
        return ContainerTag(
            item["name"], tuple(codes.values()), _VARIANTS[item["type"]], rules, exceptions, event, consent
        )

    def _check(self, item: _Item, reading: TagReading) -> None:
        where = f"tag {item['name']!r}"
        refusals = {
            "it is paused": reading.is_paused,
            "it fires from one time to another alone": bool(reading.starts or reading.ends),
            "the tag manager carries it out itself": item["type"] not in _VARIANTS,
            "other tags fire before or after it": any(item.get(key) for key in _SEQUENCES),
            "lint-container says what keeps it from being published": any(one.startswith(where) for one in self.broken),
            "no trigger fires it": not item.get("firingTriggerId"),
            "it waits for a consent that is not tried here": not _waits_for(item) <= _CONSENTS,
            "a variable of it is of a kind that is not tried here": not all(map(self._can_tell, self._named_in(item))),
        }
        if reason := next((reason for reason, is_so in refusals.items() if is_so), None):
            raise _UntriedError(reason)

    def _named_in(self, item: _Item) -> list[str]:
        """The variables that an item refers to, and those that these do."""
        names = list(gtm.variables_in(item))
        for name in names:  # grows as it goes
            names += [one for one in gtm.variables_in(self.variables.get(name, {})) if one not in names]
        return names

    def _can_tell(self, name: str) -> bool:
        if name in self.built_in:
            return self.built_in[name] in BUILT_IN.values()
        item = self.variables.get(name)
        return name == "_event" or (item is not None and item["type"] in {"c", "remm", "v"})

    def _when(self, trigger_id: str) -> PageRule | str:
        """The pages on which a trigger fires, or the name of the event."""
        if trigger_id == ALL_PAGES_ID:
            return PageRule.of(Match.ALL)
        item = self.triggers.get(trigger_id, {})
        conditions = [*item.get("filter", ())]
        events = [*item.get("customEventFilter", ())]
        if item.get("type") == CUSTOM_EVENT and not conditions and len(events) == 1 and events[0]["type"] == "EQUALS":
            return gtm.value_of(events[0], "arg1")
        if item.get("type") == PAGE_VIEW and not item.get("customEventFilter") and len(conditions) < 2:
            return self._rule(conditions[0]) if conditions else PageRule.of(Match.ALL)
        raise _UntriedError(f"its trigger {item.get('name', trigger_id)!r} is of a kind that is not tried here")

    def _rule(self, condition: _Item) -> PageRule:
        told = {name: gtm.value_of(condition, name) for name in ("arg0", "arg1", "ignore_case", "negate")}
        match = match_of(self.built_in.get(told["arg0"].strip("{}"), ""), condition["type"])
        if match is None or told["negate"] == "true":
            raise _UntriedError(f"a condition of its trigger, on {told['arg0']}, is of a kind that is not tried here")
        return PageRule.of(match, told["arg1"], ignore_case=told["ignore_case"] == "true")

    def _key(self, text: str) -> str | None:
        """Where in the data layer a setting is, if a variable of it tells that."""
        item = self.variables.get(text[2:-2], {}) if text.startswith("{{") else {}
        if item.get("type") == "remm":
            return self._key(gtm.value_of(item, "input"))
        return gtm.value_of(item, "name") if item.get("type") == "v" else None

    def without_others(self, tags: Sequence[_Item]) -> _Item:
        """Return a container of these tags and what they need alone, whose ids count from 1."""
        used = [id_ for tag in tags for key in ("firingTriggerId", "blockingTriggerId") for id_ in tag.get(key, ())]
        triggers = [self.triggers[id_] for id_ in dict.fromkeys(used) if id_ in self.triggers]
        items = [*tags, *triggers]
        names = {name for item in items for name in self._named_in(item)}
        numbers = {item["triggerId"]: str(number) for number, item in enumerate(triggers, len(tags) + 1)}
        variables = [item for name, item in self.variables.items() if name in names]
        kept = {
            "tag": [_numbered(tag, str(at), numbers) for at, tag in enumerate(tags, 1)],
            "trigger": [{**_bare(item), "triggerId": numbers[item["triggerId"]]} for item in triggers],
            "variable": [{**_bare(item), "variableId": str(at)} for at, item in enumerate(variables, len(items) + 1)],
            "builtInVariable": [item for item in self.version.get("builtInVariable", ()) if item["name"] in names],
        }
        return {"exportFormatVersion": 2, "containerVersion": {key: part for key, part in kept.items() if part}}


def _waits_for(item: _Item) -> set[str]:
    settings = item.get("consentSettings", {})
    listed = settings.get("consentType", {}).get("list", ()) if settings.get("consentStatus") == "NEEDED" else ()
    return {each.get("value", "") for each in listed}


def _bare(item: _Item) -> _Item:
    return {key: part for key, part in item.items() if key not in _WITHOUT}


def _numbered(tag: _Item, number: str, triggers: Mapping[str, str]) -> _Item:
    referring = ("firingTriggerId", "blockingTriggerId")
    ids: dict[str, list[str]] = {key: [triggers.get(id_, id_) for id_ in tag[key]] for key in referring if tag.get(key)}
    others: Iterator[tuple[str, Any]] = ((key, part) for key, part in _bare(tag).items() if key not in referring)
    return {"tagFiringOption": "ONCE_PER_EVENT", **dict(others), **ids, "tagId": number}
