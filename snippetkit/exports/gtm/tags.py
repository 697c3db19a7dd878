"""Container tags to Google Tag Manager's: Custom HTML for a script, Custom Image for each image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from snippetkit.containers import ContainerTag, images, script
from snippetkit.errors import SnippetError
from snippetkit.exports.gtm import lookups, triggers
from snippetkit.exports.gtm.lookups import Lookup
from snippetkit.exports.gtm.names import to_gtm
from snippetkit.exports.gtm.triggers import Trigger
from snippetkit.terms import Consent, TagVariant

HTML, IMAGE = "html", "img"
MOST_CHARACTERS = 102_400
"""What Custom HTML may have."""
FOLDER = "Ad account "
"""What a folder's name begins with; the ad account follows."""

_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", '"': "%22"})


@dataclass(frozen=True, slots=True)
class GtmTag:
    """A tag: `text` is the HTML, or the image's URL; it fires on any of `firing` and never on one of `blocking`."""

    name: str
    type: str
    text: str
    firing: tuple[Trigger, ...]
    blocking: tuple[Trigger, ...]
    lookups: tuple[Lookup, ...]
    is_of_event: bool
    waits_for_consent: bool
    folder: str | None


def make(tag: ContainerTag) -> list[GtmTag]:
    """Return what fires for a tag.

    Raises:
        SnippetError: its code cannot stand there.
    """
    found = lookups.of_tag(tag)
    return [
        GtmTag(
            name=to_gtm(name),
            type=type_,
            text=text,
            firing=tuple(dict.fromkeys(triggers.of_tag(tag))),
            blocking=tuple(dict.fromkeys(triggers.of_rule(rule) for rule in tag.exceptions)),
            lookups=tuple(found.values()),
            is_of_event=tag.event is not None,
            waits_for_consent=tag.consent is Consent.ADS,
            folder=None if tag.account is None else f"{FOLDER}{tag.account}",
        )
        for name, type_, text in _texts(tag, found)
    ]


def image_names(name: str, variant: TagVariant) -> Iterator[str]:
    """Give the names of the images of a tag, as many as are asked for."""
    name = f"{name} image" if variant is TagVariant.BOTH else name
    yield name
    yield from (f"{name} {number}" for number in count(2))


def _texts(tag: ContainerTag, found: dict[str, Lookup]) -> Iterator[tuple[str, str, str]]:
    if tag.variant is not TagVariant.IMAGE:
        yield tag.name, HTML, _html(tag, found)
    if tag.variant is not TagVariant.SCRIPT:
        for name, url in zip(image_names(tag.name, tag.variant), _urls(tag, found), strict=False):
            yield name, IMAGE, url


def _html(tag: ContainerTag, found: dict[str, Lookup]) -> str:
    text = script(tag, {setting: lookup.reference for setting, lookup in found.items()})
    if len(text) > MOST_CHARACTERS:
        raise SnippetError(f"{tag.name}: Custom HTML may have {MOST_CHARACTERS} characters, and this has {len(text)}")
    return text


def _urls(tag: ContainerTag, found: dict[str, Lookup]) -> Iterator[str]:
    """The URLs: a brace of their own is encoded, and so is a quote, since the tool reads a URL as an attribute."""
    stand_ins = {setting: f"\0{setting}\0" for setting in found}
    for url in images(tag, stand_ins):
        text = url.translate(_IN_URL)
        for setting, lookup in found.items():
            text = text.replace(stand_ins[setting], lookup.reference)
        yield text
