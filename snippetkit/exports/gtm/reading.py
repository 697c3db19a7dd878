"""What stands in a container of Google Tag Manager, ours or anybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from snippetkit import gtm, platforms
from snippetkit.exports._contents import Contents, TagReading, contents, image
from snippetkit.exports.gtm import native

_Item = dict[str, Any]

_KINDS = {
    "awcc": "Google Ads calls from a website",
    "awud": "Google Ads user-provided data",
    "hjtc": "Hotjar",
    "html": "Custom HTML",
    "img": "Custom Image",
    "gclidw": "Conversion Linker",
    "sgtmadscl": "Conversion Linker on a server",
    "sgtmadsremarket": "Google Ads remarketing on a server",
    "sgtmgaaw": "Google Analytics 4 on a server",
    "sp": "Google Ads remarketing",
    "ua": "Universal Analytics",
}
"""What the tool calls the types of tags that are built in, as far as conversion code may be mistaken for them."""

_ORDERS = {"setupTag": "before", "teardownTag": "after"}


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is an export of a container."""
    return isinstance(document, dict) and {"exportFormatVersion", "containerVersion"} <= document.keys()


def read(document: object) -> Contents:
    """Return what stands in a container.

    Raises:
        SettingError: it has not the shape of an export of format version 2.
    """
    return contents(_tags(gtm.require(document, with_fields=True)["containerVersion"]))


def _tags(version: _Item) -> Iterator[tuple[TagReading, str | None]]:
    triggers = gtm.BUILT_IN_TRIGGERS | {item["triggerId"]: item["name"] for item in version.get("trigger", ())}
    folders = {item["folderId"]: item["name"] for item in version.get("folder", ())}
    templates = dict(_templates(version))
    in_order = _in_order(version)
    by_name = {item["name"]: item for item in version.get("tag", ())}
    for item in version.get("tag", ()):
        reading = native.read(item, by_name)
        tag = TagReading(
            name=item["name"],
            kind=templates.get(item["type"]) or _kind(item["type"]),
            fires=(*_names(item, "firingTriggerId", triggers), *in_order[item["name"]]),
            blocks=_names(item, "blockingTriggerId", triggers),
            consent=_consent(item.get("consentSettings", {})),
            folder=folders.get(item.get("parentFolderId")),
            is_paused=item.get("paused", False),
            snippets=(reading,) if reading else (),
        )
        yield tag, _code(item)


def _kind(type_: str) -> str:
    """What the tool calls a type of tags."""
    of_platforms = platforms.native_tags().get(type_)
    return of_platforms[0][1].title if of_platforms else _KINDS.get(type_, f"type {type_}")


def _code(item: _Item) -> str | None:
    if item["type"] == "img":
        return image(gtm.value_of(item, "url"))
    return gtm.value_of(item, "html") if item["type"] == "html" else None


def _names(item: _Item, key: str, triggers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(triggers.get(id_, f"trigger {id_}") for id_ in item.get(key, ()))


def _templates(version: _Item) -> Iterator[tuple[str, str]]:
    """What the tags of custom templates have as their type, and what a person calls that."""
    for template in version.get("customTemplate", ()):
        for type_ in gtm.template_types(template):
            yield type_, f"custom template {template.get('name', '')!r}"


def _in_order(version: _Item) -> defaultdict[str, list[str]]:
    """What fires a tag that fires in front of another one, or behind it."""
    order = defaultdict[str, list[str]](list)
    for item in version.get("tag", ()):
        for key, word in _ORDERS.items():
            for other in item.get(key, ()):
                order[other.get("tagName", "")].append(f"{word} the tag {item['name']}")
    return order


def _consent(settings: _Item) -> tuple[str, ...] | None:
    if settings.get("consentStatus", "NOT_SET") == "NOT_SET":
        return None
    return tuple(each.get("value", "") for each in settings.get("consentType", {}).get("list", ()))
