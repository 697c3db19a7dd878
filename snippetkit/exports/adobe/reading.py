"""What rules of Adobe Tags do, ours or anybody's: a tag is an action of a rule.

A file is our requests, or a document of the Reactor API, which has rules and their components in `data` and
`included`. All conditions of a rule must hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from snippetkit.errors import SettingError
from snippetkit.exports._contents import Contents, TagReading, contents
from snippetkit.exports._lookups import Lookup
from snippetkit.exports.adobe.rules import ACTION, setting
from snippetkit.patterns import later
from snippetkit.records import dataclass, field

_HINT = "give what snippetkit export adobe wrote, or what the Reactor API answers for rules and rule components"
_EVENTS, _CONDITIONS, _ACTIONS = "::events::", "::conditions::", "::actions::"
_TYPES = ("rules", "rule_components")
_STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*"'
_INNER = later(r'" \+ encodeURIComponent\((\{\{[^{}]+\}\})\) \+ "')
_KEYS = r'\["[A-Za-z0-9_$]+"(?:, "[A-Za-z0-9_$]+")*\]'
_END = later(r"</(?=script)", re.IGNORECASE)
_DATA_ELEMENT = later(r"(?<=[\"'=])%([^%{}\r\n\"'=&]{1,200})%(?=[\"'&])")
_DATA_ELEMENT_ALONE = later(r"(?<=[:=(,+?\[])(\s*)%([A-Za-z][\w .-]{0,200})%")

_Item = dict[str, Any]


@dataclass(slots=True)
class _AdobeRule:
    """A rule as it stands in a file: its name, and the attributes of its components."""

    name: str
    is_paused: bool = False
    components: list[_Item] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[_Item]:
        return [component for component in self.components if kind in component["delegate_descriptor_id"]]


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is our requests, or one of the API's with rules or rule components, or a list."""
    document = _in_data(document)
    if not isinstance(document, dict):
        return False
    data = document.get("data")
    listed = data if isinstance(data, list) else [data]
    is_answer = any(isinstance(item, dict) and item.get("type") in _TYPES for item in listed)
    return isinstance(document.get("requests"), list) or is_answer


def read(document: object) -> Contents:
    """Return what the rules of a file do.

    Raises:
        SettingError: a part of a rule or a component is missing, or of another kind.
    """
    return contents(tag for rule in _rules(document) for tag in _tags(rule))


def _rules(document: object) -> list[_AdobeRule]:
    """The rules of a file, in its order; components that do not name their rule make up one."""
    rules: dict[str, _AdobeRule] = {}
    for where, item in _resources(_in_data(document)):
        if item.get("type") == "rules":
            rule = rules.setdefault(_at(item, where, str, "id"), _AdobeRule(""))
            rule.name = _at(item, where, str, "attributes", "name")
            rule.is_paused = item["attributes"].get("enabled") is False
        elif item.get("type") == "rule_components":
            for key in ("name", "delegate_descriptor_id"):
                _at(item, where, str, "attributes", key)
            rules.setdefault(_rule_of(item), _AdobeRule("")).components.append(item["attributes"])
    return [*rules.values()]


def _in_data(document: object) -> object:
    """A list of resources as the API has it in an answer; anything else as it is."""
    return {"data": document} if isinstance(document, list) else document


def _resources(document: object) -> Iterator[tuple[str, _Item]]:
    """The resources of a document, each with its place; one in a request has its placeholder as its id."""
    requests = document.get("requests") if isinstance(document, dict) else None
    if isinstance(requests, list):
        for index, request in enumerate(requests):
            where = f"requests.{index}.body.data"
            data = _at(document, "", dict, "requests", index, "body", "data")
            yield where, {"id": request.get("placeholder"), **data}
    elif isinstance(document, dict) and recognizes(document):
        for part in ("data", "included"):
            resources = document.get(part, [])
            for index in range(len(resources)) if isinstance(resources, list) else ():
                yield f"{part}.{index}", _at(document, "", dict, part, index)
            if isinstance(resources, dict):
                yield part, resources
    else:
        raise SettingError("there are neither requests nor rules", hint=_HINT)


def _at(value: object, where: str, kind: type, *path: str | int) -> Any:
    """What is at a path; it has to be of a kind."""
    names = [where] if where else []
    for name in path:
        names.append(str(name))
        try:
            value = value[name]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raise SettingError(f"the document has no {'.'.join(names)}", hint=_HINT) from None
    if not isinstance(value, kind):
        raise SettingError(f"{'.'.join(names)} is not {'a text' if kind is str else 'an object'}", hint=_HINT)
    return value


def _rule_of(item: _Item) -> str:
    """The id of a component's rule, empty where it names none."""
    match item.get("relationships"):
        case {"rules": {"data": [{"id": str(rule_id)}, *_]}} | {"rule": {"data": {"id": str(rule_id)}}}:
            return rule_id
    return ""


def _tags(rule: _AdobeRule) -> Iterator[tuple[TagReading, str | None]]:
    conditions = rule.of_kind(_CONDITIONS)
    where = " and ".join(each["name"] for each in conditions if not each.get("negate"))
    actions = rule.of_kind(_ACTIONS)
    for action in actions:
        extension, _, kind = action["delegate_descriptor_id"].partition(_ACTIONS)
        tag = TagReading(
            name=rule.name if rule.name and len(actions) == 1 else ": ".join(filter(None, [rule.name, action["name"]])),
            kind=f"{kind} of the extension {extension}",
            fires=tuple(", where ".join(filter(None, [each["name"], where])) for each in rule.of_kind(_EVENTS)),
            blocks=tuple(each["name"] for each in conditions if each.get("negate")),
            is_paused=rule.is_paused,
        )
        yield tag, _code(action)


def _code(action: _Item) -> str | None:
    if action["delegate_descriptor_id"] != ACTION:
        return None
    settings = _settings(action.get("settings"))
    source = settings.get("source")
    if not isinstance(source, str) or settings.get("isExternal"):
        return None
    code = _DATA_ELEMENT.sub(r"{{\1}}", _INNER.sub(r"\1", _setting_pattern().sub(_variable, source)))
    if settings.get("language") == "html":
        return _DATA_ELEMENT_ALONE.sub(r"\1{{\2}}", code)
    return "<script>\n" + _END.sub(r"<\\/", code) + "\n</script>"


def _settings(given: object) -> _Item:
    """The settings of an action: JSON in a text, as the API has them, or what is in it."""
    try:
        settings = json.loads(given) if isinstance(given, str) else given
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


@cache
def _setting_pattern() -> re.Pattern[str]:
    """Matches what a direct call gives, with its constant, a JSON string, and its keys, a JSON list."""
    pattern = re.escape(setting("constant", ["keys"]))
    return re.compile(
        pattern.replace(re.escape('"constant"'), f"({_STRING})").replace(re.escape('["keys"]'), f"({_KEYS})")
    )


def _variable(match: re.Match[str]) -> str:
    try:
        return f"{{{{{Lookup('.'.join(json.loads(match[2])), json.loads(match[1]) or None).name}}}}}"
    except ValueError:
        return match[0]
