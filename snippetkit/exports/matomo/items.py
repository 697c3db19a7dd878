"""A container tag in Matomo: a tag for its script and for each of its images, and the triggers that these share.

A tag fires as soon as one of its triggers does; the conditions of a trigger all have to hold. A trigger that blocks a
tag does so for the rest of the page view: those that only block are set up first, by the runtime since 2020
and by their order in the file before that, so exceptions have triggers of their own, which fire nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SnippetError
from snippetkit.exports._names import image_names, parts
from snippetkit.exports.matomo.code import ENTITY, MatomoLookup, images, script, settings
from snippetkit.records import dataclass
from snippetkit.terms import Match, TagVariant

EVENT = "Event: "
EXCEPTION = "Except where: "
HTML = "CustomHtml"
IMAGE = "CustomImage"

_LOOKS_AT = {Match.CONTAINS: "PageUrl", Match.HOST: "PageHostname"}


class Condition(NamedTuple):
    """A condition on a variable of the page."""

    actual: str
    comparison: str
    expected: str


@dataclass(frozen=True, slots=True)
class MatomoTrigger:
    """A custom event, or a page view on which the condition holds; its name says which."""

    name: str
    event: str | None = None
    condition: Condition | None = None

    @classmethod
    def of_rule(cls, rule: PageRule) -> MatomoTrigger:
        """Return the trigger of the pages for which a rule holds."""
        return cls(rule.description, condition=_condition(rule))

    @classmethod
    def of_exception(cls, rule: PageRule) -> MatomoTrigger:
        """Return the trigger that blocks a tag on these pages."""
        return cls(EXCEPTION + rule.description, condition=_condition(rule))

    @classmethod
    def of_event(cls, event: DataLayerEvent) -> MatomoTrigger:
        """Return the trigger of a custom event."""
        return cls(EVENT + event.name, event=event.name)


NEVER = MatomoTrigger("No trigger yet: choose another", event="(no trigger yet)")
"""The import fails on a tag without a trigger, after deleting the old draft; this event never happens."""


@dataclass(frozen=True, slots=True)
class MatomoTag:
    """A Matomo tag. `code` is HTML or a URL; `settings` is what the URL has variables for."""

    tag: ContainerTag
    name: str
    kind: str
    code: str
    fires: tuple[MatomoTrigger, ...]
    blocks: tuple[MatomoTrigger, ...]
    settings: tuple[MatomoLookup, ...] = ()


def make_items(tag: ContainerTag) -> list[MatomoTag]:
    """Return the Matomo tags that a tag becomes.

    Raises:
        SnippetError: Matomo cannot hold its code, or its event is one of Matomo's own.
    """
    fires = tuple(dict.fromkeys(_fires(tag)))
    blocks = tuple(dict.fromkeys(MatomoTrigger.of_exception(rule) for rule in tag.exceptions))
    items: list[MatomoTag] = []
    for part in parts(tag):
        if part.variant is TagVariant.SCRIPT:
            items.append(MatomoTag(tag, part.name, HTML, script(tag), fires, blocks))
        else:
            urls, from_layer = images(tag), tuple(settings(tag).values())
            named = zip(image_names(part, len(urls)), urls, strict=True)
            items += [MatomoTag(tag, name, IMAGE, url, fires, blocks, from_layer) for name, url in named]
    return items


def triggers(items: Sequence[MatomoTag]) -> list[MatomoTrigger]:
    """Return the triggers of items, each once; those that block are first."""
    blocks = [trigger for item in items for trigger in item.blocks]
    return [*dict.fromkeys([*blocks, *(trigger for item in items for trigger in item.fires)])]


def _fires(tag: ContainerTag) -> Iterator[MatomoTrigger]:
    if tag.event:
        if tag.event.name.startswith("mtm."):
            raise SnippetError(f"{tag.name}: {tag.event.name} is one of Matomo's own events, not the page's")
        yield MatomoTrigger.of_event(tag.event)
    elif not tag.rules:
        yield NEVER
    yield from (MatomoTrigger.of_rule(rule) for rule in tag.rules)


def _condition(rule: PageRule) -> Condition | None:
    """Only `equals_exactly` and `regexp` heed case; PageUrl includes the fragment."""
    if rule.match is Match.ALL:
        return None
    if rule.match is Match.EXACT and not rule.ignore_case and not ENTITY.search(rule.text):
        return Condition("PagePath", "equals_exactly", rule.text)
    regex = f"^[^#]*{rule.regex}" if rule.match is Match.CONTAINS else rule.regex
    return Condition(_LOOKS_AT.get(rule.match, "PagePath"), "regexp", ENTITY.sub(r"\\x26", regex))
