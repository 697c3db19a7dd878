"""Page rules and events as triggers.

The load rules of a trigger must all hold; any firing trigger fires an action, and any blocking trigger prevents
it (developers.cloudflare.com/zaraz: "Create a trigger", "Create an action", "Blocking Triggers"). Comparisons count
case; a regular expression may match anywhere. `url` is the page's, with its fragment.
"""

from __future__ import annotations

from typing import NamedTuple

from snippetkit.containers import DataLayerEvent, PageRule
from snippetkit.terms import Match

Cause = PageRule | DataLayerEvent
"""What a trigger waits for; an event's keys do not matter to it."""


class LoadRule(NamedTuple):
    """One load rule: what is looked at, how it is compared, and with what."""

    match: str
    op: str
    value: str

    @property
    def id_text(self) -> str:
        """What its id is made from: spelled here, since an id stays the same from one version to the next."""
        return f"Condition(match={self.match!r}, op={self.op!r}, value={self.value!r})"


PAGE_VIEW = "Pageview"

_EVENT = "{{ client.__zarazTrack }}"
_PATH = "{{ system.page.url.pathname }}"
_LOOKS_AT = {Match.CONTAINS: "{{ system.page.url.href }}", Match.HOST: "{{ system.page.url.hostname }}"}
_OPS = {Match.EXACT: "EQUALS", Match.PREFIX: "STARTS_WITH", Match.HOST: "EQUALS"}


def name_of(cause: Cause) -> str:
    """Return the name of a trigger, which tells its cause."""
    return cause.description if isinstance(cause, PageRule) else f"Event {cause.name}"


def conditions(cause: Cause) -> list[LoadRule]:
    """Return the load rules of a trigger."""
    if isinstance(cause, DataLayerEvent):
        return [LoadRule(_EVENT, "EQUALS", cause.name)]
    page_view = LoadRule(_EVENT, "EQUALS", PAGE_VIEW)
    return [page_view] if cause.match is Match.ALL else [page_view, _of_page(cause)]


def _of_page(rule: PageRule) -> LoadRule:
    looks_at = _LOOKS_AT.get(rule.match, _PATH)
    if rule.match in _OPS and not rule.ignore_case:
        return LoadRule(looks_at, _OPS[rule.match], rule.text)
    before = "^[^#]*" if rule.match is Match.CONTAINS else ""
    # A class may hold `{{`, which would begin a variable.
    return LoadRule(looks_at, "MATCH_REGEX", before + rule.regex.replace("{{", r"{\{"))
