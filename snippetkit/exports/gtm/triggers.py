"""Triggers: the page rules and the events of tags, as Google Tag Manager's conditions."""

from __future__ import annotations

from snippetkit.containers import ContainerTag, PageRule
from snippetkit.patterns import later
from snippetkit.records import dataclass, replace
from snippetkit.terms import Match

BUILT_IN = {"Page URL": "PAGE_URL", "Page Hostname": "PAGE_HOSTNAME", "Page Path": "PAGE_PATH"}
"""The built-in variables that conditions look at, each with its type, in the order of the tool's own exports."""

ALL_PAGES_ID = "2147479553"
"""The id of the trigger that every container has and no file lists."""

PAGE_VIEW, CUSTOM_EVENT = "PAGEVIEW", "CUSTOM_EVENT"

_CONDITIONS = {
    Match.EXACT: ("Page Path", "EQUALS"),
    Match.PREFIX: ("Page Path", "STARTS_WITH"),
    Match.REGEX: ("Page Path", "MATCH_REGEX"),
    Match.CONTAINS: ("Page URL", "CONTAINS"),
    Match.HOST: ("Page Hostname", "EQUALS"),
}
_DOUBLE = later(r"(?<=\{)\{")
_COLON, _WIDE_COLON = ":", "\uff1a"


def to_gtm(name: str) -> str:
    """Return a name that Google Tag Manager takes: a colon becomes a full-width one, since the import refuses it."""
    return name.replace(_COLON, _WIDE_COLON)


@dataclass(frozen=True, slots=True)
class GtmTrigger:
    """A trigger: its type and its one condition, that `variable` equals, contains, ... `text`.

    Only a MATCH_REGEX can ignore case. The trigger of all pages has no condition.
    """

    name: str
    type: str
    variable: str = ""
    comparison: str = ""
    text: str = ""
    ignore_case: bool = False


ALL_PAGES = GtmTrigger(PageRule(Match.ALL).description, PAGE_VIEW)


def match_of(variable_type: str, comparison: str) -> Match | None:
    """Return which part of a URL a condition looks at, and how, None for one that no page rule is.

    Args:
        variable_type: the type of the built-in variable that it looks at, such as PAGE_PATH.
        comparison: how it compares, such as EQUALS.
    """
    conditions = {(BUILT_IN[variable], how): match for match, (variable, how) in _CONDITIONS.items()}
    return conditions.get((variable_type, comparison))


def of_rule(rule: PageRule) -> GtmTrigger:
    """Return the trigger that fires when a page is shown for which the rule holds.

    `{{` would be a variable there. A URL has it in its query alone, and a regular expression can say it otherwise.
    """
    if rule.match is Match.ALL:
        return ALL_PAGES
    variable, comparison = _CONDITIONS[rule.match]
    text = rule.text
    if rule.ignore_case or "{{" in text:
        comparison, text = "MATCH_REGEX", _DOUBLE.sub(r"\\{", replace(rule, ignore_case=False).regex)
    return GtmTrigger(to_gtm(rule.description), PAGE_VIEW, variable, comparison, text, rule.ignore_case)


def of_event(name: str) -> GtmTrigger:
    """Return the trigger that fires each time that an event of this name is pushed."""
    return GtmTrigger(to_gtm(f"Event {name}"), CUSTOM_EVENT, "_event", "EQUALS", name)


def of_tag(tag: ContainerTag) -> tuple[GtmTrigger, ...]:
    """Return the triggers that a tag fires on; any of them is enough."""
    return (of_event(tag.event.name),) if tag.event else tuple(of_rule(rule) for rule in tag.rules)
