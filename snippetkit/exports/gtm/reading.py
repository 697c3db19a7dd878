"""What stands in a container of Google Tag Manager, ours or anybody's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from snippetkit import gtm, platforms
from snippetkit.errors import SettingError
from snippetkit.exports._contents import Contents, TagReading, contents, image
from snippetkit.exports.gtm import native
from snippetkit.patterns import later

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

_MILLISECONDS = later(r"[1-9][0-9]{0,13}", re.ASCII)
_ORDERS = {"setupTag": "before", "teardownTag": "after"}
_READ = {
    "tag": (
        "name type parameter firingTriggerId blockingTriggerId setupTag teardownTag paused consentSettings "
        "parentFolderId scheduleStartMs scheduleEndMs"
    ).split(),
    "trigger": ["triggerId", "name"],
    "folder": ["folderId", "name"],
    "customTemplate": ["containerId", "templateId", "name", "galleryReference"],
}
"""What is read of which items; whatever else stands in a container may be as it likes."""


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is an export of a container, or a version of one as the API answers it."""
    is_export = isinstance(document, dict) and {"exportFormatVersion", "containerVersion"} <= document.keys()
    return is_export or gtm.is_version(document)


def read(document: object) -> Contents:
    """Return what stands in a container: an export of any age, or a version of one as the API answers it.

    Raises:
        SettingError: what is read does not have the shape that it has in an export.
    """
    version = gtm.require(_to_read(gtm.from_older(gtm.from_api(document))))["containerVersion"]
    for place, item in enumerate(version.get("tag", ())):
        for key in (key for key in ("name", "type") if key not in item):
            raise SettingError(f"containerVersion.tag[{place}]: there is no {key}", hint=gtm.EXPORT_HINT)
    return contents(_tags(version))


def _to_read(document: object) -> object:
    """The parts of a document that are read."""
    if not (isinstance(document, dict) and isinstance(version := document.get("containerVersion"), dict)):
        return document
    gtm.refuse_many(version)
    parts = {key: _parts(version[key], names) for key, names in _READ.items() if key in version}
    return {"exportFormatVersion": document.get("exportFormatVersion"), "containerVersion": parts}


def _parts(listed: object, names: Sequence[str]) -> object:
    if not isinstance(listed, list):
        return listed
    return [{key: item[key] for key in names if key in item} if isinstance(item, dict) else item for item in listed]


def _tags(version: _Item) -> Iterator[tuple[TagReading, str | None]]:
    triggers = gtm.BUILT_IN_TRIGGERS | _named(version, "trigger", "triggerId")
    folders = _named(version, "folder", "folderId")
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
            starts=_time(item.get("scheduleStartMs", "")),
            ends=_time(item.get("scheduleEndMs", "")),
            snippets=(reading,) if reading else (),
        )
        yield tag, _code(item)


def _named(version: _Item, key: str, id_key: str) -> dict[str, str]:
    """The names of items by their ids; one without either is not there for others."""
    return {item[id_key]: item["name"] for item in version.get(key, ()) if {id_key, "name"} <= item.keys()}


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


def _time(milliseconds: str) -> str:
    """A time in UTC, empty where none is told."""
    is_told = _MILLISECONDS.fullmatch(milliseconds)
    return f"{datetime.fromtimestamp(int(milliseconds) // 1000, UTC):%Y-%m-%d %H:%M:%S}" if is_told else ""


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
