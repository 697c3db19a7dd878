"""What a person has to know about the tags of an export, whatever the tag manager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit.containers import ContainerTag
from snippetkit.exports._names import listed
from snippetkit.terms import Consent, TagVariant


def about_firing(tags: Sequence[ContainerTag]) -> Iterator[str]:
    """Give the notes about the tags whose script and image both fire, and about functions that a page has to call."""
    for tag in tags:
        for name in dict.fromkeys(one.function for one in tag.snippets if one.function):
            yield f"{tag.name}: the tag only defines {name}(), and reports once the page calls it"
    if both := [tag for tag in tags if tag.variant is TagVariant.BOTH]:
        yield (
            f"{listed(both)}: script and image both fire, so each conversion counts twice where JavaScript runs;"
            " keep one of the two"
        )


def waiting(tags: Sequence[ContainerTag]) -> list[ContainerTag]:
    """Return the tags that are to wait for consent."""
    return [tag for tag in tags if tag.consent is Consent.ADS]


def without_trigger(tags: Sequence[ContainerTag]) -> list[ContainerTag]:
    """Return the tags that nothing fires yet."""
    return [tag for tag in tags if not tag.rules and tag.event is None]
