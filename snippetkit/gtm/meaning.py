"""What an item means, apart from its ids: two items with the same meaning do the same."""

from __future__ import annotations

import json
from typing import Any

from snippetkit.gtm.items import Json

_IDENTITY = frozenset(
    "accountId containerId workspaceId fingerprint path tagManagerUrl tagId triggerId variableId folderId zoneId "
    "templateId clientId gtagConfigId transformationId uniqueTriggerId".split()
)
"""The fields that say which item it is, and nothing about what it does."""

_ASIDE = frozenset({"notes", "parentFolderId"})
"""The fields that a person keeps order with."""

_DEFAULTS: dict[str, object] = {
    "consentSettings": {"consentStatus": "NOT_SET"},
    "formatValue": {},
    "monitoringMetadata": {"type": "MAP"},
    "paused": False,
}
"""What the tool writes or leaves out where nothing was chosen."""

_UNORDERED = frozenset(
    "autoEventFilter blockingTriggerId customEventFilter disablingTriggerId enablingTriggerId filter firingTriggerId "
    "map parameter".split()
)
"""The lists whose order means nothing."""


def meaning(item: Json, *, with_aside: bool = False) -> Json:
    """Return what an item means: equal for two that do the same under one name.

    Args:
        with_aside: whether its folder and a person's notes count too.
    """
    left_out = _IDENTITY if with_aside else _IDENTITY | _ASIDE
    return {key: _plain(key, part) for key, part in item.items() if key not in left_out and part != _DEFAULTS.get(key)}


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _plain(inner, part) for inner, part in value.items()}
    if not isinstance(value, list):
        return value
    parts = [_plain("", part) for part in value]
    return sorted(parts, key=_order) if key in _UNORDERED else parts


def _order(value: object) -> str:
    return json.dumps(value, sort_keys=True)
