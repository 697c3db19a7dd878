"""Documents that hold a container's version and are no export as it is today: answers of the API, older exports.

The API's words are in camel case, an export's in upper snake case (Tag Manager API v2, "ContainerVersion"). Exports of
before 2016 are of a format version below 2: the oldest have rules in the place of triggers, and macros in that of
variables (Tag Manager API v1).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from snippetkit.errors import SettingError
from snippetkit.gtm.items import KINDS, Json
from snippetkit.gtm.shape import FORMAT_VERSION, schema

_VERSION = "ContainerVersion"
_OF_RULES = {"firingRuleId": "firingTriggerId", "blockingRuleId": "blockingTriggerId"}
_MANY = {f"{kind.key}s": kind.key for kind in KINDS}


def is_version(document: object) -> bool:
    """Whether a parsed JSON document is a version of a container as the Tag Manager API answers it, or its tags."""
    version = _of_api(document)
    return version is not None and ("containerVersionId" in version or _is_list_of_tags(version))


def from_api(document: object) -> object:
    """Return a version of a container that the API answered as an export says it, anything else as it is.

    Raises:
        SettingError: it is nested too deeply.
    """
    if not is_version(document):
        return document
    try:
        version = _in_words(_of_api(document), schema()["$defs"][_VERSION])
    except RecursionError as error:
        raise SettingError("the document is nested too deeply") from error
    return {"exportFormatVersion": FORMAT_VERSION, "containerVersion": version}


def from_older(document: object) -> object:
    """Return an export of a format version below 2 as one of today says it, as far as tags go; others as they are."""
    match document:
        case {"exportFormatVersion": int() | float() as version, "containerVersion": dict() as inner}:
            if 1 <= version < FORMAT_VERSION and not isinstance(version, bool):
                return {"exportFormatVersion": FORMAT_VERSION, "containerVersion": _newer(inner)}
    return document


def refuse_version(document: object, source: str) -> None:
    """Make sure that a document is not what the Tag Manager API answers, whose words are other ones than an export's.

    Args:
        document: parsed JSON.
        source: what errors call it.

    Raises:
        SettingError: it is a ContainerVersion of the API's, alone or in an answer.
    """
    if "containerVersionId" in (_of_api(document) or {}):
        raise SettingError(
            f"{source}: a ContainerVersion of the Tag Manager API, not an export",
            hint="export the container in the tag manager: Admin > Export Container",
        )


def refuse_many(version: Json) -> None:
    """Make sure that a version does not call its lists by other names, such as `tags`, so that nothing is in it.

    Raises:
        SettingError: it does.
    """
    for name, called in _MANY.items():
        if called not in version and isinstance(version.get(name), list):
            raise SettingError(f"containerVersion.{name}: no export has this part; in one it is called {called}")


def _of_api(document: object) -> Json | None:
    if not isinstance(document, dict) or "exportFormatVersion" in document:
        return None
    version = document.get("containerVersion", document)
    return version if isinstance(version, dict) else None


def _is_list_of_tags(version: Json) -> bool:
    """Whether this is an answer with a workspace's tags, perhaps put together with others."""
    tags = version.get("tag")
    return isinstance(tags, list) and bool(tags) and all(isinstance(tag, dict) and "tagId" in tag for tag in tags)


def _in_words(value: Any, part: Mapping[str, Any]) -> Any:
    """A value with the words of an export, as the schema has it."""
    part = schema()["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    if isinstance(value, dict) and "properties" in part:
        known = part["properties"]
        return {key: _in_words(inner, known[key]) if key in known else inner for key, inner in value.items()}
    if isinstance(value, list) and "items" in part:
        return [_in_words(inner, part["items"]) for inner in value]
    return _words(tuple(part["enum"])).get(value, value) if isinstance(value, str) and "enum" in part else value


@cache
def _words(words: tuple[str, ...]) -> Mapping[str, str]:
    """The words of an export by those of the API: `CUSTOM_EVENT` by `customEvent`."""
    return {_camel(word): word for word in words}


def _camel(word: str) -> str:
    first, *others = word.lower().split("_")
    return first + "".join(other.capitalize() for other in others)


def _newer(version: Json) -> Json:
    """A version with its rules as triggers; no trigger has the id of one."""
    rules = [{**rule, "triggerId": f"rule {rule.get('ruleId')}"} for rule in _objects(version, "rule")]
    tags = [_with_triggers(tag) for tag in _objects(version, "tag")]
    return {**version, "tag": tags, "trigger": [*_objects(version, "trigger"), *rules]}


def _with_triggers(tag: Json) -> Json:
    ids = {key: [f"rule {id_}" for id_ in _list(tag, of_rules)] for of_rules, key in _OF_RULES.items()}
    return {**tag, **{key: [*_list(tag, key), *of_rules] for key, of_rules in ids.items() if of_rules}}


def _objects(parent: Json, key: str) -> list[Json]:
    return [item for item in _list(parent, key) if isinstance(item, dict)]


def _list(parent: Json, key: str) -> list[Any]:
    value = parent.get(key)
    return value if isinstance(value, list) else []
