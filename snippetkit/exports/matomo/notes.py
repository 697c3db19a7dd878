"""What a person has to know about Matomo's file, one line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from snippetkit.containers import ContainerTag
from snippetkit.exports._names import listed
from snippetkit.exports._notes import about_firing, waiting, without_trigger
from snippetkit.exports.matomo.items import NEVER, MatomoTag, triggers

_MANY = 250
"""With 300 tags a publication was near PHP's default limit of 30 s."""


def make_notes(tags: Sequence[ContainerTag], items: Sequence[MatomoTag], document: dict[str, Any]) -> Iterator[str]:
    """Yield the notes.

    Args:
        tags: what was exported.
        items: their Matomo tags.
        document: has these and their triggers, in order.
    """
    yield "the import replaces all tags, triggers and variables of the container's draft: name a backup there"
    if late := waiting(tags):
        yield (
            f"Matomo has no consent setting: {listed(late)} will fire without consent;"
            " load the container after it, or add a condition to the triggers"
        )
    if len(items) >= _MANY:
        yield (
            f"publishing {len(items)} tags takes Matomo about {len(items) // 10} s,"
            " and PHP's max_execution_time is 30 s unless it has been set: raise it first"
        )
    yield from about_firing(tags)
    if without := without_trigger(tags):
        yield f"{listed(without)}: the trigger {NEVER.name!r} never fires; give the tag one of your own"
    if named := sorted({tag.event.name for tag in tags if tag.event}):
        yield f"the page has to push its events onto _mtm, not dataLayer: _mtm.push({{event: {named[0]!r}, ...}})"
    yield from _renamed("tag", [item.name for item in items], document["tags"])
    yield from _renamed("trigger", [trigger.name for trigger in triggers(items)], document["triggers"])


def _renamed(kind: str, names: Sequence[str], entries: Sequence[dict[str, Any]]) -> Iterator[str]:
    for name, entry in zip(names, entries, strict=True):
        if name != entry["name"]:
            yield f"the {kind} {name!r} is called {entry['name']!r} there; its description has the whole name"
