"""What a person has to know about the tags of an export, whatever the tag manager."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from snippetkit.containers import ContainerTag
from snippetkit.exports._names import listed
from snippetkit.terms import Consent, TagVariant


def counts_twice(tags: Sequence[ContainerTag]) -> Iterator[str]:
    """Give the note about the tags whose script and image both fire, if there are any."""
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
