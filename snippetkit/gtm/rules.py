"""What the compiler refuses about names, ids and references (Tag Manager API, `CompilerErrorLite`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from graphlib import CycleError, TopologicalSorter

from snippetkit.gtm.items import (
    OF_TEMPLATE,
    REFERENCE,
    Item,
    Json,
    all_parameters,
    is_built_in,
    parameters,
    template_types,
    triggers_of,
    value_of,
    variables_in,
)
from snippetkit.gtm.problem import Problem
from snippetkit.gtm.regex import find_error
from snippetkit.patterns import later

_Told = list[list[Json]]
"""All parameters of each item."""

_INTERNAL = frozenset({"_event", "_triggers", "_url"})
"""The variables that the runtime has and no export lists."""

_SEQUENCES = {"setupTag": "before", "teardownTag": "after"}
_TYPED = frozenset({"client", "tag", "variable"})
_TYPE = later(r"[a-z][a-z0-9_]*")
_NAME_CODES = {
    "tag": "duplicateTagName",
    "trigger": "duplicateTriggerName",
    "variable": "duplicateDefaultMacro",
    "builtInVariable": "duplicateDefaultMacro",
    "folder": "duplicateFolderName",
    "customTemplate": "duplicateTemplateName",
}
_ID_CODES = {
    "tag": "duplicateTagId",
    "trigger": "duplicateTriggerId",
    "variable": "duplicateVariableId",
    "folder": "duplicateFolderId",
    "customTemplate": "duplicateTemplateId",
}


def find_problems(listed: list[Item], contexts: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the names, ids, references and conditions of a container's items.

    Args:
        listed: the items.
        contexts: the kinds of containers that it is one of, such as WEB.
    """
    told = [all_parameters(item.json) for item in listed]
    yield from _duplicates(listed)
    yield from _unknown_items(listed, told, contexts)
    yield from _unknown_templates(listed)
    yield from _unknown_types(listed)
    yield from _own_sequences(listed)
    yield from _unknown_variables(listed, told)
    yield from _cycles(listed)
    for item, of_item in zip(listed, told, strict=True):
        yield from _about_conditions(item, of_item)


def _duplicates(listed: list[Item]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Item] = {}
    for item in listed:
        key = item.kind.key
        item_id = item.json.get(item.kind.id_key)
        for code, text in ((_NAME_CODES.get(key), item.json.get("name")), (_ID_CODES.get(key), item_id)):
            if code is None or text is None:
                continue
            other = first.setdefault((code, text), item)
            if other is not item:
                yield Problem(code, f"{text!r} is that of another: {other.where}", item.where)


def _unknown_items(listed: list[Item], told: _Told, contexts: Collection[str]) -> Iterator[Problem]:
    ids: defaultdict[str, set[object]] = defaultdict(set)
    for item in listed:
        ids[item.kind.key].add(item.json.get(item.kind.id_key))
        if item.kind.key == "tag":
            ids["tag"].add(item.name)
    for item, of_item in zip(listed, told, strict=True):
        for kind, code, refer in _REFERENCES:
            for name in dict.fromkeys(refer(item.json, of_item)):
                if name not in ids[kind] and not (kind == "trigger" and is_built_in(name, contexts)):
                    yield Problem(code, f"it refers to a {kind} that does not exist: {name[:60]!r}", item.where)


def _unknown_templates(listed: list[Item]) -> Iterator[Problem]:
    known = {type_ for item in listed if item.kind.key == "customTemplate" for type_ in template_types(item.json)}
    for item in (item for item in listed if str(item.json.get("type", "")).startswith(OF_TEMPLATE)):
        if item.json["type"] not in known:
            message = f"its custom template is not in the export: {item.json['type'][:60]!r}"
            yield Problem("unknownTemplate", message, item.where)


def _unknown_types(listed: list[Item]) -> Iterator[Problem]:
    """Types that cannot be any: Google's are lower-case, and those of templates begin with `cvt_`."""
    for item in (item for item in listed if item.kind.key in _TYPED):
        type_ = str(item.json.get("type", ""))
        if type_ and not type_.startswith(OF_TEMPLATE) and not _TYPE.fullmatch(type_):
            message = f"no type is called {type_[:60]!r}: those of Google Tag Manager are in lower case"
            yield Problem("unknownType", message, item.where)


def _own_sequences(listed: list[Item]) -> Iterator[Problem]:
    for item in (item for item in listed if item.kind.key == "tag"):
        own = {item.name, item.json.get("tagId")}
        for key, when in _SEQUENCES.items():
            if any(tag.get("tagName") in own for tag in item.json.get(key, ())):
                yield Problem("tagSequenceCycle", f"it is to fire {when} itself", item.where)


def _folders_of(item: Json, told: list[Json]) -> Iterator[str]:
    if "parentFolderId" in item:
        yield item["parentFolderId"]


def _tags_of(item: Json, told: list[Json]) -> Iterator[str]:
    """The tags that an item refers to, by name or by id; one that a variable names is not known here."""
    for key in _SEQUENCES:
        yield from (str(tag.get("tagName", "")) for tag in item.get(key, ()))
    if any(parameter["type"] == "TAG_REFERENCE" for parameter in told):
        for parameter in parameters(item.get("parameter")):
            value = str(parameter.get("value", ""))
            if parameter["type"] == "TAG_REFERENCE" and value and "{{" not in value:
                yield value


_REFERENCES: tuple[tuple[str, str, Callable[[Json, list[Json]], Iterator[str]]], ...] = (
    ("trigger", "unknownTriggerId", triggers_of),
    ("folder", "unknownFolderId", _folders_of),
    ("tag", "unknownTagInstance", _tags_of),
)


def _unknown_variables(listed: list[Item], told: _Told) -> Iterator[Problem]:
    known = _INTERNAL | {item.name for item in listed if item.kind.key in {"variable", "builtInVariable"}}
    for item, of_item in zip(listed, told, strict=True):
        for name in dict.fromkeys(variables_in(item.json, of_item)):
            if name not in known:
                message = f"no variable is called {name[:60]!r}, and no built-in one of that name is enabled"
                yield Problem("unknownMacroInstance", message, item.where)


def _cycles(listed: list[Item]) -> Iterator[Problem]:
    """One circle of variables; others show once it is broken."""
    variables = {item.name: item for item in listed if item.kind.key == "variable"}
    graph = {
        name: [other for other in variables_in(item.json) if other in variables] for name, item in variables.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        yield Problem("macroCycle", f"it refers to itself: {' -> '.join(reversed(circle))}", variables[circle[0]].where)


def _about_conditions(item: Item, told: list[Json]) -> Iterator[Problem]:
    if (
        item.json.get("type") == "CUSTOM_EVENT"
        and item.kind.key == "trigger"
        and not item.json.get("customEventFilter")
    ):
        yield Problem("customTriggerMissingEventFilter", "it does not say on which event", item.where)
    for pattern in _patterns(item, told):
        error = find_error(REFERENCE.sub("x", pattern))
        if error:
            yield Problem("invalidRegex", f"the pattern {pattern[:60]!r} {error}", item.where)


def _patterns(item: Item, told: list[Json]) -> Iterator[str]:
    for condition in told:
        if condition["type"] == "MATCH_REGEX":
            yield value_of(condition, "arg1")
    if item.json.get("type") == "remm":
        for row in parameters(item.json.get("parameter")):
            if row["type"] == "MAP":
                yield next((str(cell.get("value", "")) for cell in row.get("map", ()) if cell.get("key") == "key"), "")
