"""Container tags to Google Tag Manager's: a platform's type or Custom HTML for a script, Custom Image for images."""

from __future__ import annotations

from collections.abc import Iterator

from snippetkit.containers import ContainerTag, script
from snippetkit.errors import SnippetError
from snippetkit.exports._lookups import image_pieces
from snippetkit.exports._names import image_names, parts
from snippetkit.exports.gtm import lookups, native, triggers
from snippetkit.exports.gtm.lookups import GtmLookup
from snippetkit.exports.gtm.native import BOOLEAN, TEXT, Parameter
from snippetkit.exports.gtm.triggers import GtmTrigger, to_gtm
from snippetkit.platforms import NativeTag
from snippetkit.records import dataclass, replace
from snippetkit.terms import Consent, TagsAs, TagVariant

HTML, IMAGE = "html", "img"
MOST_CHARACTERS = 102_400
"""What Custom HTML may have."""

_IN_URL = str.maketrans({"{": "%7B", "}": "%7D", '"': "%22"})


@dataclass(frozen=True, slots=True)
class GtmTag:
    """A tag: it fires on any of `firing` and never on one of `blocking`, and behind the tag that `needs` names."""

    name: str
    type: str
    parameters: tuple[Parameter, ...]
    firing: tuple[GtmTrigger, ...]
    blocking: tuple[GtmTrigger, ...]
    lookups: tuple[GtmLookup, ...]
    is_of_event: bool
    waits_for_consent: bool
    folder: str | None
    needs: str = ""
    note: str = ""

    @property
    def is_native(self) -> bool:
        """Whether it is of a type that Google Tag Manager has for a platform."""
        return self.type not in {HTML, IMAGE}


def make(tag: ContainerTag, tags_as: TagsAs = TagsAs.AUTO) -> list[GtmTag]:
    """Return what fires for a tag, and what has to fire before that.

    Raises:
        SnippetError: a tag there cannot hold its code; or a type of the platform's was asked for, and none can.
    """
    by_setting = lookups.of_tag(tag)
    whole = GtmTag(
        name=to_gtm(tag.name),
        type=HTML,
        parameters=(),
        firing=tuple(dict.fromkeys(triggers.of_tag(tag))),
        blocking=tuple(dict.fromkeys(triggers.of_rule(rule) for rule in tag.exceptions)),
        lookups=tuple(by_setting.values()),
        is_of_event=tag.event is not None,
        waits_for_consent=tag.consent is Consent.ADS,
        folder=None if tag.account is None else f"Ad account {tag.account}",
    )
    return [made for part in parts(tag) for made in _of_part(part, whole, by_setting, tags_as)]


def _of_part(part: ContainerTag, whole: GtmTag, by_setting: dict[str, GtmLookup], tags_as: TagsAs) -> Iterator[GtmTag]:
    """What fires for the script, or for the images, of a tag."""
    chosen = _native(part, tags_as)
    if chosen:
        yield from _of_platform(part, replace(whole, name=to_gtm(part.name)), chosen, by_setting)
    elif part.variant is TagVariant.SCRIPT:
        parameters = (
            Parameter(TEXT, "html", _html(part, by_setting)),
            Parameter(BOOLEAN, "supportDocumentWrite", "false"),
        )
        yield replace(whole, name=to_gtm(part.name), parameters=parameters)
    else:
        urls = _urls(part, by_setting)
        for name, url in zip(image_names(part, len(urls)), urls, strict=True):
            yield replace(whole, name=to_gtm(name), type=IMAGE, parameters=_image(url))


def _native(part: ContainerTag, tags_as: TagsAs) -> NativeTag | None:
    """The type of the platform's that carries what a tag fires, None where none does or none is wanted."""
    if tags_as is TagsAs.HTML:
        return None
    is_one = part.variant is TagVariant.SCRIPT and len(part.snippets) == 1
    chosen = native.fitting(part.snippets[0], part.event.keys if part.event else ()) if is_one else None
    if tags_as is TagsAs.NATIVE and chosen is None:
        raise SnippetError(
            f"{part.name}: Google Tag Manager has no built-in tag type that carries everything this code says",
            hint="--as auto uses Custom HTML for such code",
        )
    return chosen


def _of_platform(
    part: ContainerTag, made: GtmTag, chosen: NativeTag, by_setting: dict[str, GtmLookup]
) -> Iterator[GtmTag]:
    """A tag of the platform's own type, and in front of it the one that it needs, which nothing else fires."""
    [snippet] = part.snippets
    expressions = {setting: lookup.reference for setting, lookup in by_setting.items()}
    needed = chosen.needs
    account = needed.id_told(needed.id_parts(snippet.pixel_id) or {}) if needed else ""
    name = to_gtm(f"{needed.title} base code {account}") if needed else ""
    if needed:
        yield replace(
            made,
            name=name,
            type=needed.type,
            parameters=native.parameters(needed, snippet, {}),
            firing=(),
            blocking=(),
            lookups=(),
            is_of_event=False,
        )
    yield replace(
        made, type=chosen.type, parameters=native.parameters(chosen, snippet, expressions), needs=name, note=chosen.note
    )


def _image(url: str) -> tuple[Parameter, ...]:
    return (
        Parameter(BOOLEAN, "useCacheBuster", "true"),
        Parameter(TEXT, "url", url),
        Parameter(TEXT, "cacheBusterQueryParam", "gtmcb"),
    )


def _html(tag: ContainerTag, by_setting: dict[str, GtmLookup]) -> str:
    text = script(tag, {setting: lookup.reference for setting, lookup in by_setting.items()})
    if len(text) > MOST_CHARACTERS:
        raise SnippetError(f"{tag.name}: Custom HTML may have {MOST_CHARACTERS} characters, and this has {len(text)}")
    return text


def _urls(tag: ContainerTag, by_setting: dict[str, GtmLookup]) -> list[str]:
    """The URLs: a brace of their own is encoded, and so is a quote, since the tool reads a URL as an attribute."""
    settings = {setting: lookup.reference for setting, lookup in by_setting.items()}
    return ["".join(pieces) for pieces in image_pieces(tag, settings, lambda text: text.translate(_IN_URL))]
