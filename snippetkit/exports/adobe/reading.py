"""A file's requests to rules of Adobe Tags, and rules as `rules_of` writes them to container tags again.

What a rule seems to say is only a guess: it counts where the guessed tag gives exactly the same rule again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import Any

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SettingError, SnippetkitError
from snippetkit.exports.adobe.rules import ACTION, CODE, DIRECT_CALL, PAGE_VIEW, PATH, AdobeRule, Component, rules_of
from snippetkit.exports.adobe.rules import setting as write_setting
from snippetkit.model import Snippet
from snippetkit.terms import Match, TagVariant

_HINT = "give what snippetkit export adobe wrote"
_SETTINGS = ("value", "currency")
_COMMENT = re.compile(r"^  // (.+)$", re.MULTILINE)
_STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*"'
_IMAGE = re.compile(rf"^new Image\(\)\.src = ({_STRING});$", re.MULTILINE)
_INNER = re.compile(rf'" \+ encodeURIComponent\(({_STRING})\) \+ "')
_KEYS = r'\["[A-Za-z0-9_$]+"(?:, "[A-Za-z0-9_$]+")*\]'


def read_requests(document: object) -> tuple[list[AdobeRule], list[str]]:
    """Return the rules that a file's requests make, in its order, and a line for each request that makes none.

    Raises:
        SettingError: a part of a request is missing, or its rule is.
    """
    requests = _at(document, "requests")
    if not isinstance(requests, list):
        raise SettingError("'requests' is no list", hint=_HINT)
    names: dict[str, str] = {}
    components: dict[str, list[Component]] = {}
    others: list[str] = []
    for index in range(len(requests)):
        data = ("requests", index, "body", "data")
        kind, name = _text_at(document, *data, "type"), _text_at(document, *data, "attributes", "name")
        if kind == "rules":
            placeholder = _text_at(document, "requests", index, "placeholder")
            if placeholder in names:
                raise SettingError(f"requests.{index}: {placeholder} stands for another rule already", hint=_HINT)
            names[placeholder], components[placeholder] = name, []
        elif kind == "rule_components":
            rule = _text_at(document, *data, "relationships", "rules", "data", 0, "id")
            if rule not in names:
                raise SettingError(f"requests.{index}: no request in front of it makes the rule {rule}", hint=_HINT)
            components[rule].append(_component(_at(document, *data, "attributes")))
        else:
            others.append(f"{kind} {name!r} is no rule")
    return [AdobeRule(name, tuple(components[placeholder])) for placeholder, name in names.items()], others


def _component(attributes: Mapping[str, Any]) -> Component:
    return Component(
        _text_at(attributes, "name"),
        _text_at(attributes, "delegate_descriptor_id"),
        _text_at(attributes, "settings"),
        attributes.get("order", 0),
        attributes.get("negate", False),
    )


def _at(document: object, *path: str | int) -> Any:
    """What stands at a path in a document."""
    at: Any = document
    for depth, name in enumerate(path):
        try:
            at = at[name]
        except (KeyError, IndexError, TypeError):
            where = ".".join(map(str, path[: depth + 1]))
            raise SettingError(f"the document has no {where}", hint=_HINT) from None
    return at


def _text_at(document: object, *path: str | int) -> str:
    found = _at(document, *path)
    if not isinstance(found, str):
        raise SettingError(f"{'.'.join(map(str, path))} is no text", hint=_HINT)
    return found


def tags_of(rules: Sequence[AdobeRule]) -> tuple[list[ContainerTag], list[str]]:
    """Return the tags that rules are, in their order, and the names of the rules that are none."""
    tags: list[ContainerTag] = []
    others: list[str] = []
    at = 0
    while at < len(rules):
        tag = _tag(rules[at : at + 2]) or _tag(rules[at : at + 1])
        if tag:
            tags.append(tag)
        else:
            others.append(rules[at].name)
        at += 2 if tag and tag.variant is TagVariant.BOTH else 1
    return tags, others


def _tag(rules: Sequence[AdobeRule]) -> ContainerTag | None:
    """The tag that gives just these rules, a script's and its image's where there are two."""
    if len(rules) == 2 and rules[1].name != f"{rules[0].name} image":
        return None
    return next((tag for tag in _guesses(rules) if _gives(tag, rules)), None)


def _gives(tag: ContainerTag, rules: Sequence[AdobeRule]) -> bool:
    try:
        return [*rules_of(tag)] == [*rules]
    except SnippetkitError:
        return False


def _guesses(rules: Sequence[AdobeRule]) -> Iterator[ContainerTag]:
    sources = [_text(rule, ACTION, "source") for rule in rules]
    given = dict.fromkeys(pair for source in sources for pair in _setting_pattern().findall(source))
    codes = _codes([_setting_pattern().sub(r"\1", source) for source in sources])
    if not codes or len(given) > len(_SETTINGS):
        return
    paths = [".".join(json.loads(keys)) for _, keys in given]
    pages, exceptions = _page_rules(rules[0], negate=False), _page_rules(rules[0], negate=True)
    identifier = _text(rules[0], DIRECT_CALL, "identifier")
    for settings in permutations(_SETTINGS, len(paths)):
        keys = dict(zip(settings, paths, strict=True))
        event = DataLayerEvent(identifier, keys.get("value"), keys.get("currency")) if identifier else None
        yield ContainerTag(rules[0].name, codes, _variant(sources), pages, exceptions, event)


def _variant(sources: Sequence[str]) -> TagVariant:
    if len(sources) > 1:
        return TagVariant.BOTH
    return TagVariant.IMAGE if sources[0].startswith("new Image()") else TagVariant.SCRIPT


def _codes(sources: Sequence[str]) -> tuple[Snippet, ...]:
    """The code of one pixel, or of several that share a script."""
    scripts = [f"<script>\n{source}\n</script>\n" for source in sources if not source.startswith("new Image()")]
    urls = [json.loads(url) for url in _IMAGE.findall(_INNER.sub(lambda match: match[1][1:-1], sources[-1]))]
    elements = "".join(f'<img src="{url.replace("&", "&amp;")}">' for url in urls)
    found = snippets.read("".join(scripts) + (f"<noscript>{elements}</noscript>" if elements else ""))
    try:
        return (snippets.join(found),) if len({snippet.key for snippet in found}) == 1 else tuple(found)
    except SnippetkitError:
        return ()


@cache
def _setting_pattern() -> re.Pattern[str]:
    """Finds what a direct call gives, with its constant, a JSON string, and its keys, a JSON list."""
    pattern = re.escape(write_setting("constant", ["keys"]))
    return re.compile(
        pattern.replace(re.escape('"constant"'), f"({_STRING})").replace(re.escape('["keys"]'), f"({_KEYS})")
    )


def _page_rules(rule: AdobeRule, *, negate: bool) -> tuple[PageRule, ...]:
    conditions = [component for component in rule.components if component.negate is negate]
    found = tuple(page_rule for component in conditions for page_rule in _of_condition(component))
    is_everywhere = not negate and not found and any(component.delegate == PAGE_VIEW for component in conditions)
    return (PageRule(Match.ALL),) if is_everywhere else found


def _of_condition(component: Component) -> Iterator[PageRule]:
    settings = _settings(component)
    if component.delegate == PATH:
        values = (_settings_text(path, "value") for path in _list(settings.get("paths")))
        yield from (PageRule(Match.EXACT, value) for value in values)
    elif component.delegate == CODE:
        described = _COMMENT.findall(_settings_text(settings, "source"))
        yield from filter(None, map(_described, described))


def _described(description: str) -> PageRule | None:
    """The rule that `description` describes, if a person could have asked for it."""
    rule = PageRule.from_description(description)
    try:
        return rule and PageRule.of(rule.match, rule.text, ignore_case=rule.ignore_case)
    except SettingError:
        return None


def _text(rule: AdobeRule, delegate: str, name: str) -> str:
    """A setting of the component that is this delegate, empty where there is none."""
    found = (component for component in rule.components if component.delegate == delegate)
    return next((_settings_text(_settings(component), name) for component in found), "")


def _settings_text(settings: object, name: str) -> str:
    text = settings.get(name) if isinstance(settings, dict) else None
    return text if isinstance(text, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _settings(component: Component) -> dict[str, object]:
    try:
        found = json.loads(component.settings)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
