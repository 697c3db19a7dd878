"""Matomo's items to the document that it imports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from snippetkit import templating
from snippetkit.containers import ContainerTag
from snippetkit.errors import SnippetError
from snippetkit.exports._shapes import Fixed, Shapes
from snippetkit.exports.matomo import names
from snippetkit.exports.matomo.items import MatomoTag, MatomoTrigger, triggers

MAX_DESCRIPTION = 1000


def make_document(items: Sequence[MatomoTag]) -> dict[str, Any]:
    """Return the document that holds `items`, at least one; the same ones give the same document.

    Raises:
        SnippetError: two items have one name, or a name is longer than Matomo has room for.
    """
    called = _choose_names(items)
    made = triggers(items)
    named = names.choose([trigger.name for trigger in made])
    ids = {trigger: number for number, trigger in enumerate(made, 1)}
    shapes = {
        "tags": Shapes(_tag(number, item, called[item.name], ids) for number, item in enumerate(items, 1)),
        "triggers": Shapes(_trigger(number, trigger, named[trigger.name]) for trigger, number in ids.items()),
    }
    text = templating.render(
        "exports/matomo.json.j2",
        **{key: of_one.samples for key, of_one in shapes.items()},
        settings=[*dict.fromkeys(setting for item in items for setting in item.settings)],
    )
    document: dict[str, Any] = json.loads(text)
    return document | {key: [*of_one.filled(document[key])] for key, of_one in shapes.items()}


def describe(tag: ContainerTag, name: str) -> str:
    """Return the description of an item of `tag`: the ad account, and the tag's name if the item's differs."""
    parts = [f"Ad account {tag.account}."] if tag.account else []
    return " ".join([*parts, f"Tag {tag.name}"] if name != tag.name else parts)


def _choose_names(items: Sequence[MatomoTag]) -> dict[str, str]:
    name, count = Counter(item.name for item in items).most_common(1)[0]
    if count > 1:
        raise SnippetError(f"two tags have the same name: {name!r}", hint="the image of one has the name of the other")
    return names.choose({item.name for item in items})


def _tag(number: int, item: MatomoTag, name: str, ids: dict[MatomoTrigger, int]) -> dict[str, object]:
    return {
        "id": number,
        "kind": Fixed(item.kind),
        "name": name,
        "description": _fitting(describe(item.tag, name), item.tag.name),
        "code": item.code,
        "fires": [ids[trigger] for trigger in item.fires],
        "blocks": [ids[trigger] for trigger in item.blocks],
        "is_of_page": bool(item.tag.rules),
    }


def _trigger(number: int, trigger: MatomoTrigger, name: str) -> dict[str, object]:
    return {
        "id": number,
        "name": name,
        "description": _fitting("" if name == trigger.name else trigger.name, trigger.name),
        "event": trigger.event,
        "condition": trigger.condition and trigger.condition._asdict(),
    }


def _fitting(description: str, name: str) -> str:
    if len(escape(description)) > MAX_DESCRIPTION:
        raise SnippetError(f"{name[:60]}...: Matomo has room for a name or a page rule of some 900 characters")
    return description
