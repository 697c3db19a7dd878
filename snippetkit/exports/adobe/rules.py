"""Container tags to the rules of Adobe Tags, each with its components: an event, conditions, an action.

The delegates and their settings are those of the Core extension. All conditions of a rule must hold, so one condition
says that any of a tag's page rules does: as a list of paths where Core compares them letter by letter, else as code,
because Core's regular expressions for paths ignore case. In texts, even in an action's code, the runtime puts the value
of a data element, `this`, `event` or `target` in the place of `%name%`; so nothing here has two percent signs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from snippetkit import templating
from snippetkit.containers import ContainerTag, PageRule, hide_percents, script
from snippetkit.errors import SnippetError
from snippetkit.exports._lookups import image_pieces, lookups
from snippetkit.exports._names import parts
from snippetkit.patterns import later
from snippetkit.records import dataclass, field
from snippetkit.terms import Match, TagVariant

ACTION = "core::actions::custom-code"
DIRECT_CALL = "core::events::direct-call"
PAGE_VIEW = "core::events::library-loaded"
PATH = "core::conditions::path"
CODE = "core::conditions::custom-code"

_EVERYWHERE = (PageRule(Match.ALL),)
_MAX_NAME = 200
_BETWEEN = later(r"\n*</script[^>]*>\s*<script\b[^>]*>\n*", re.IGNORECASE)
_TAGS = later(r"^<script\b[^>]*>\n*|\n*</script[^>]*>$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a rule.

    `delegate` names the extension's part, `settings` is a JSON text, `negate` whether a condition must not hold,
    `order` its place among the conditions.
    """

    name: str
    delegate: str
    settings: str = field(repr=False)
    order: int = 0
    negate: bool = False


@dataclass(frozen=True, slots=True)
class AdobeRule:
    """A rule of Adobe Tags and its components: what has to happen, where, and what it does then."""

    name: str
    components: tuple[Component, ...]


def rules_of(tag: ContainerTag) -> Iterator[AdobeRule]:
    """Yield a rule for each part of a tag.

    Raises:
        SnippetError: a rule cannot hold its code.
    """
    for part in parts(tag):
        yield AdobeRule(part.name, (*_events(part), *_conditions(part), _action(part)))


def _component(
    name: str, delegate: str, settings: Mapping[str, object], *, order: int = 0, negate: bool = False
) -> Component:
    return Component(name, delegate, json.dumps(settings, ensure_ascii=False), order, negate)


def _events(tag: ContainerTag) -> Iterator[Component]:
    if tag.event:
        yield _component(f"Direct call {tag.event.name}", DIRECT_CALL, {"identifier": tag.event.name})
    elif tag.rules:
        yield _component("Each page view", PAGE_VIEW, {})


def _conditions(tag: ContainerTag) -> Iterator[Component]:
    if tag.rules and tag.rules != _EVERYWHERE:
        yield _condition(tag.rules, order=0, negate=False)
    if tag.exceptions:
        yield _condition(tag.exceptions, order=1, negate=True)


def _condition(rules: Sequence[PageRule], order: int, *, negate: bool) -> Component:
    name = rules[0].description[:_MAX_NAME] + (f" or {len(rules) - 1} more" if rules[1:] else "")
    if all(_is_plain(rule) for rule in rules):
        paths = [{"value": rule.text, "valueIsRegex": False} for rule in rules]
        return _component(name, PATH, {"paths": paths}, order=order, negate=negate)
    code = templating.render("exports/adobe/condition.js.j2", rules=rules)
    return _component(name, CODE, {"source": code}, order=order, negate=negate)


def _is_plain(rule: PageRule) -> bool:
    return rule.match is Match.EXACT and not rule.ignore_case and rule.text.count("%") < 2


def _action(tag: ContainerTag) -> Component:
    name, write = ("Image", _image) if tag.variant is TagVariant.IMAGE else ("Script", _script)
    return _component(name, ACTION, {"language": "javascript", "source": write(tag)})


def _script(tag: ContainerTag) -> str:
    code = _BETWEEN.sub("\n;\n", _TAGS.sub("", script(tag, _settings(tag))))
    try:
        return hide_percents(code)
    except SnippetError as error:
        raise SnippetError(f"{tag.name}: {error}", hint=error.hint) from error


def _image(tag: ContainerTag) -> str:
    urls = image_pieces(tag, _settings(tag), _literal)
    return templating.render("exports/adobe/image.js.j2", urls=urls).rstrip("\n")


def _literal(text: str) -> str:
    """A JavaScript string that cannot end a script element and has no percent sign."""
    return json.dumps(text).replace("<", "\\u003c").replace("%", "\\u0025")


def _settings(tag: ContainerTag) -> dict[str, str]:
    """For each setting that a direct call gives, the expression that takes it from there."""
    return {name: setting(lookup.own or "", lookup.key.split(".")) for name, lookup in lookups(tag).items()}


def setting(constant: str, keys: Sequence[str]) -> str:
    """Return the JavaScript expression for what a direct call gives under `keys`, `constant` where it gives nothing."""
    return templating.render("exports/adobe/setting.js.j2", constant=constant, keys=list(keys))
