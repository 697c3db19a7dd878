"""What is in a Zaraz configuration, ours or anybody's: a tag is an action of a tool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snippetkit.errors import SettingError
from snippetkit.exports._contents import Contents, TagReading, contents
from snippetkit.exports.zaraz.code import name_lookups
from snippetkit.exports.zaraz.document import Configuration, Item, check, purposes, unwrapped

_ACTIONS = ("actions", "neoEvents")
"""Where a tool has its actions: in an object, once in a list, which does not count beside that one."""

_KINDS = ("component", "tool", "library", "type")
"""What says of which kind a tool is: today's, those of before, and that a worker of the zone's own is one."""


def recognizes(document: object) -> bool:
    """Whether a parsed JSON document is a Zaraz configuration, alone or in the API's answer."""
    try:
        return bool(check(unwrapped(document)))
    except SettingError:
        return False


def read(document: object) -> Contents:
    """Return what is in a configuration.

    Raises:
        SettingError: it is no whole configuration; says what is missing where.
    """
    return contents(_tags(check(unwrapped(document))))


def _tags(configuration: Configuration) -> Iterator[tuple[TagReading, str | None]]:
    triggers = {trigger_id: trigger["name"] for trigger_id, trigger in configuration.triggers.items()}
    of_zone = purposes(configuration.whole) if _asks(configuration.whole) else None
    for tool in configuration.tools.values():
        actions = [*_actions(tool)]
        for action in actions or [{}]:
            tag = TagReading(
                name=_name(tool, action, is_one=len(actions) < 2),
                kind=next(filter(None, (_text(tool, key) for key in _KINDS)), "a tool without a component"),
                fires=_names(triggers, action.get("firingTriggers")),
                blocks=_names(triggers, tool.get("blockingTriggers"), action.get("blockingTriggers")),
                consent=_consent(tool, of_zone),
                is_paused=tool.get("enabled") is False,
            )
            yield tag, _code(action)


def _actions(tool: Item) -> Iterator[Item]:
    listed = next(filter(None, (tool.get(part) for part in _ACTIONS)), ())
    actions = listed.values() if isinstance(listed, dict) else listed if isinstance(listed, list) else ()
    yield from (action for action in actions if isinstance(action, dict))


def _name(tool: Item, action: Item, *, is_one: bool) -> str:
    name: str = tool["name"]
    own = _text(_data(action), "__zaraz_setting_name")
    return name if is_one or not own else f"{name}: {own}"


def _code(action: Item) -> str | None:
    code = _data(action).get("htmlCode")
    return name_lookups(code) if isinstance(code, str) else None


def _data(action: Item) -> Item:
    data = action.get("data")
    return data if isinstance(data, dict) else {}


def _names(triggers: Mapping[str, str], *lists: object) -> tuple[str, ...]:
    ids = [id_ for of_one in lists if isinstance(of_one, list) for id_ in of_one]
    return tuple(triggers.get(id_, f"trigger {id_}") for id_ in ids if isinstance(id_, str))


def _asks(whole: Item) -> bool:
    """Whether the zone asks for consent: what it has turned off, no tool waits for."""
    consent = whole.get("consent")
    return not (isinstance(consent, dict) and consent.get("enabled") is False)


def _consent(tool: Item, of_zone: Mapping[str, str] | None) -> tuple[str, ...] | None:
    purpose = _text(tool, "defaultPurpose")
    if of_zone is None:
        return ()
    return (of_zone.get(purpose, purpose),) if purpose else None


def _text(item: Item, key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""
