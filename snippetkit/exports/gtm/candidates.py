"""What a tag of a container may have been made of; whether it was, its export tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from urllib.parse import quote

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.errors import SnippetError
from snippetkit.exports.gtm import lookups, triggers
from snippetkit.exports.gtm.container import Container, Tag
from snippetkit.exports.gtm.tags import FOLDER, HTML, IMAGE, image_names
from snippetkit.model import Snippet
from snippetkit.terms import Consent, TagVariant

_MOST_IMAGES = 20  # a file made to be slow numbers thousands
_REFERENCE = re.compile(r"\{\{([^{}]+)\}\}")


def candidates(container: Container, item: Tag) -> Iterator[ContainerTag]:
    """Give the tags that this tag of a container, with those of its images, may have been made of."""
    for variant, urls in _variants(container, item):
        html = item.text if item.type == HTML else ""
        try:
            keys = _keys(_read(_codes(html, urls)))
            yield ContainerTag(
                name=item.name,
                snippets=_read(_codes(_with_constants(html), [_with_constants(url, is_url=True) for url in urls])),
                variant=variant,
                rules=_rules(container, item.firing),
                exceptions=_rules(container, item.blocking),
                event=_event(container, item, keys),
                consent=Consent.ADS if item.waits_for_consent else Consent.NONE,
                account=item.folder.removeprefix(FOLDER) if item.folder.startswith(FOLDER) else None,
            )
        except SnippetError:
            continue


def _variants(container: Container, item: Tag) -> Iterator[tuple[TagVariant, list[str]]]:
    """The variants that fit, each with the URLs of its images; more images come first."""
    if item.type == HTML:
        yield from ((TagVariant.BOTH, urls) for urls in _urls(container, item.name, TagVariant.BOTH))
        yield TagVariant.SCRIPT, []
    elif item.type == IMAGE:
        yield from ((TagVariant.IMAGE, urls) for urls in _urls(container, item.name, TagVariant.IMAGE))


def _urls(container: Container, name: str, variant: TagVariant) -> Iterator[list[str]]:
    found = (container.tags.get(name) for name in islice(image_names(name, variant), _MOST_IMAGES))
    urls = [tag.text for tag in takewhile(lambda tag: tag is not None and tag.type == IMAGE, found) if tag]
    yield from (urls[:length] for length in range(len(urls), 0, -1))


def _codes(html: str, urls: Sequence[str]) -> list[str]:
    """The code as pages have it: a script with its images in noscripts, or each image by itself."""
    images = [f'<img alt="" src="{url.replace("&", "&amp;")}">' for url in urls]
    if not html:
        return images
    return ["\n".join([html, *(f"<noscript>{image}</noscript>" for image in images)])]


def _read(codes: Sequence[str]) -> tuple[Snippet, ...]:
    """The snippets of a tag: one of one pixel, or one of each.

    Raises:
        SnippetError: there is no conversion code, or several conversions of one pixel.
    """
    found = [snippet for code in codes for snippet in snippets.read(code)]
    if not found:
        raise SnippetError("there is no conversion code")
    several = len({snippet.pixel_id for snippet in found}) > 1
    return tuple(found) if several else (snippets.join(found),)


def _keys(found: Sequence[Snippet]) -> dict[str, str]:
    """The keys in the data layer of the settings that come from there."""
    keys: dict[str, str] = {}
    for snippet in found:
        for place in snippet.places:
            reference = _REFERENCE.fullmatch(snippet.source[place.start : place.end])
            lookup = lookups.from_name(reference[1]) if reference else None
            if lookup:
                keys[place.name] = lookup.key
    return keys


def _with_constants(text: str, *, is_url: bool = False) -> str:
    """The text with the constants in the places of what comes from the data layer."""

    def constant(reference: re.Match[str]) -> str:
        lookup = lookups.from_name(reference[1])
        if lookup is None or lookup.constant is None:
            return reference[0]
        return quote(lookup.constant, safe="") if is_url else json.dumps(lookup.constant, ensure_ascii=False)

    return _REFERENCE.sub(constant, text)


def _rules(container: Container, ids: Sequence[str]) -> tuple[PageRule, ...]:
    """The page rules of triggers; a trigger that is of none is left out."""
    rules = (triggers.to_rule(name) for name in _trigger_names(container, ids))
    return tuple(rule for rule in rules if rule)


def _event(container: Container, item: Tag, keys: Mapping[str, str]) -> DataLayerEvent | None:
    """The event that a tag fires on, if there is one."""
    events = (triggers.to_event(name) for name in _trigger_names(container, item.firing))
    found = next((event for event in events if event), None)
    return replace(found, value_key=keys.get("value"), currency_key=keys.get("currency")) if found else None


def _trigger_names(container: Container, ids: Sequence[str]) -> list[str]:
    built_in = {triggers.ALL_PAGES_ID: triggers.ALL_PAGES.name}
    return [built_in.get(id_) or str(container.triggers.get(id_, {}).get("name", "")) for id_ in ids]
