"""A person's own configuration: checked where we look at it, otherwise left alone."""

from __future__ import annotations

from collections.abc import Container
from hashlib import sha256
from itertools import count
from typing import Any

from snippetkit import exports, gtm
from snippetkit.errors import SettingError
from snippetkit.records import dataclass

Item = dict[str, Any]
"""A tool or a trigger."""

_HINT = "export it in Zaraz > Settings > Advanced; of the API's answer take the `result`"
_REQUIRED = ("dataLayer", "debugKey", "settings", "tools", "triggers", "variables", "zarazVersion")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A zone's configuration: the whole of it, and the tools and triggers in it by their ids."""

    whole: Item
    tools: dict[str, Item]
    triggers: dict[str, Item]


def parse(text: str) -> Configuration:
    """Return the configuration that a text holds.

    Raises:
        SettingError: it is not JSON, or would lose something here, or is no whole configuration; says what is missing.
    """
    try:
        document = gtm.parse(text, "the Zaraz configuration")
    except SettingError as error:
        raise SettingError(str(error), hint=_HINT) from error
    exports.refuse_others("zaraz", document)
    return check(document)


def unwrapped(document: object) -> object:
    """Return the configuration in an answer of the API, anything else as it is."""
    match document:
        case {"tools": _}:
            return document
        case {"result": dict() as configuration}:
            return configuration
    return document


def check(document: object) -> Configuration:
    """Return the configuration that a parsed JSON document is.

    Raises:
        SettingError: it is no whole configuration; says what is missing where.
    """
    if not isinstance(document, dict):
        raise SettingError("this is not a Zaraz configuration: it is not a JSON object", hint=_HINT)
    for part in _REQUIRED:
        if part not in document:
            raise SettingError(f"this is not a complete Zaraz configuration: it has no {part!r}", hint=_HINT)
    return Configuration(document, _items(document, "tools"), _items(document, "triggers"))


def _items(document: Item, part: str) -> dict[str, Item]:
    items = document[part]
    if not isinstance(items, dict):
        raise SettingError(f"the Zaraz configuration's {part!r} is not a JSON object", hint=_HINT)
    for item_id, item in items.items():
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise SettingError(f"the Zaraz configuration's {part}.{item_id} has no name", hint=_HINT)
    return items


def purposes(document: Item) -> dict[str, str]:
    """Return the zone's consent purposes by their ids, each with its name in its first language."""
    consent = document.get("consent")
    by_id: dict[str, str] = {}
    for part in ("purposes", "purposesWithTranslations"):
        of_part = consent.get(part) if isinstance(consent, dict) else None
        for purpose_id, purpose in of_part.items() if isinstance(of_part, dict) else ():
            name = purpose.get("name") if isinstance(purpose, dict) else None
            name = next(iter(name.values()), None) if isinstance(name, dict) else name
            if isinstance(name, str):
                by_id[purpose_id] = name
    return by_id


def make_id(text: str, taken: Container[str] = ()) -> str:
    """Return a free id for a text: of letters, since JavaScript sorts keys that are numbers."""
    digests = (sha256(f"{text}{number or ''}".encode("utf-8", "surrogatepass")).hexdigest()[:8] for number in count())
    return next(new_id for new_id in (digest.translate(_LETTERS) for digest in digests) if new_id not in taken)
