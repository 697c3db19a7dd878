"""The items of a container: tags, triggers, variables, folders and the others, and how they refer to each other.

A document here has the shape of an export.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from snippetkit.patterns import later

Json = dict[str, Any]
"""An object of a document."""


class ItemKind(NamedTuple):
    """A kind of item: its list in the container's version, its id's field, what a person calls it."""

    key: str
    id_key: str
    word: str


KINDS = (
    ItemKind("tag", "tagId", "tag"),
    ItemKind("trigger", "triggerId", "trigger"),
    ItemKind("variable", "variableId", "variable"),
    ItemKind("folder", "folderId", "folder"),
    ItemKind("builtInVariable", "", "built-in variable"),
    ItemKind("zone", "zoneId", "zone"),
    ItemKind("customTemplate", "templateId", "template"),
    ItemKind("client", "clientId", "client"),
    ItemKind("gtagConfig", "gtagConfigId", "Google tag"),
    ItemKind("transformation", "transformationId", "transformation"),
)
"""Every kind, in the order of exports."""

_OF_WEB = {
    "2147479553": "All Pages",
    "2147479572": "Consent Initialization - All Pages",
    "2147479573": "Initialization - All Pages",
}
_OF_SERVER = {"2147479574": "All Pages"}
BUILT_IN_TRIGGERS = _OF_WEB | _OF_SERVER
"""The triggers that a container has and no export lists, as far as their names are known."""

_BUILT_IN = {"WEB": {*_OF_WEB}, "IOS_SDK_5": {"2147479556"}, "SERVER": {*_OF_SERVER}}
"""Those of each kind of container, as exports refer to them; the ones of other kinds are not known."""
_RESERVED = later("21474795[0-9]{2}")

OF_TEMPLATE = "cvt_"
"""With what the type of an item begins whose template is a custom one."""

REFERENCE = later(r"\{\{([^{}\r\n]+)\}\}")
"""`{{name}}`: a variable's value."""


class Item(NamedTuple):
    """An item and its kind."""

    kind: ItemKind
    json: Json

    @property
    def name(self) -> str:
        """Its name; for a kind without names, its type."""
        return str(self.json.get("name", self.json.get("type", "")))

    @property
    def scope(self) -> tuple[str, str]:
        """What is unique: its name among those of its kind; variables and built-in variables count as one kind."""
        return "variable" if self.kind.key == "builtInVariable" else self.kind.key, self.name

    @property
    def where(self) -> str:
        """How a person finds it."""
        item_id = self.json.get(self.kind.id_key)
        return f"{self.kind.word} {self.name!r}" + (f" ({self.kind.id_key} {item_id})" if item_id else "")


def is_built_in(trigger_id: str, contexts: Collection[str]) -> bool:
    """Whether a trigger is one that every container of these kinds has, or may be one where that is not known."""
    if _BUILT_IN.keys() >= {*contexts}:
        return any(trigger_id in _BUILT_IN[context] for context in contexts)
    return _RESERVED.fullmatch(trigger_id) is not None


def usage_contexts(document: Json) -> list[str]:
    """Return the kinds of containers that an export is one of, such as WEB."""
    contexts: list[str] = document["containerVersion"].get("container", {}).get("usageContext", [])
    return contexts or ["WEB"]


def template_types(template: Json) -> Iterator[str]:
    """Yield what items of a custom template may have as their type: by the container's number, or the gallery's."""
    yield f"{OF_TEMPLATE}{template.get('containerId')}_{template.get('templateId')}"
    yield f"{OF_TEMPLATE}{template.get('galleryReference', {}).get('galleryTemplateId')}"


def items(document: Json) -> Iterator[Item]:
    """Yield every item of an export, by kind."""
    version = document["containerVersion"]
    for kind in KINDS:
        yield from (Item(kind, item) for item in version.get(kind.key, ()))


_CONTAINERS = (dict, list)  # a union takes three times as long to ask


def parameters(value: Any) -> Iterator[Json]:
    """Yield every object in a value that has a type, such as parameters and conditions, the outer before the inner."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if "type" in value:
                yield value
            value = [*value.values()]
        if isinstance(value, list):
            pending += [part for part in reversed(value) if isinstance(part, _CONTAINERS)]


def all_parameters(item: Json) -> list[Json]:
    """Return every object in an item that has a type, as `parameters` yields them."""
    return [*parameters([*item.values()])]


def variables_in(item: Json, told: Iterable[Json] | None = None) -> Iterator[str]:
    """Yield the name of each variable that the parameters of an item refer to.

    Args:
        item: the item.
        told: what `all_parameters` returned for it, where that is known.
    """
    for parameter in all_parameters(item) if told is None else told:
        value = parameter.get("value")
        if isinstance(value, str) and "{{" in value:
            yield from REFERENCE.findall(value)


def value_of(item: Json, key: str) -> str:
    """Return the value of a parameter, empty where there is none."""
    return next(
        (str(parameter.get("value", "")) for parameter in item.get("parameter", ()) if parameter.get("key") == key), ""
    )


def triggers_of(item: Json, told: Iterable[Json] | None = None) -> Iterator[str]:
    """Yield the id of each trigger that an item refers to; its parameters are as for `variables_in`."""
    for key in ("firingTriggerId", "blockingTriggerId", "enablingTriggerId", "disablingTriggerId"):
        yield from item.get(key, ())
    yield from item.get("boundary", {}).get("customEvaluationTriggerId", ())
    for parameter in all_parameters(item) if told is None else told:
        if parameter["type"] == "TRIGGER_REFERENCE":
            yield str(parameter.get("value", ""))
