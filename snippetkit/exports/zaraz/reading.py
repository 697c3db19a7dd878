"""A configuration to the tags that we wrote into it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from snippetkit.containers import ContainerTag, DataLayerEvent, PageRule
from snippetkit.exports.zaraz.code import with_code
from snippetkit.exports.zaraz.document import Configuration, Item
from snippetkit.exports.zaraz.triggers import Cause, read_cause
from snippetkit.terms import TagVariant

IMAGE_NAME = "{} image"
"""The name of the tool that has the image of a tag whose script fires too."""


class _Tool(NamedTuple):
    """A tool that looks like one of ours: a tag without its snippets, and its markup."""

    tag: ContainerTag
    code: str


def read_tags(configuration: Configuration) -> tuple[list[ContainerTag], list[str]]:
    """Return the tags of our tools, in their order, and a line for each other tool."""
    causes = {trigger_id: read_cause(trigger) for trigger_id, trigger in configuration.triggers.items()}
    tools = deque((item["name"], _tool(item, causes)) for item in configuration.tools.values())
    tags: list[ContainerTag] = []
    others: list[str] = []
    while tools:
        name, tool = tools.popleft()
        if tool and tools and (tag := _both(tool, tools[0][1])):
            tools.popleft()
        else:
            tag = with_code(tool.tag, tool.code) if tool else None
        if tag:
            tags.append(tag)
        else:
            others.append(f"tool {name!r} is none of snippetkit's")
    return tags, others


def _both(tool: _Tool, image: _Tool | None) -> ContainerTag | None:
    """The tag of which one tool has the script, and the other the image."""
    if image is None or image.tag != replace(tool.tag, name=IMAGE_NAME.format(tool.tag.name), variant=TagVariant.IMAGE):
        return None
    return with_code(replace(tool.tag, variant=TagVariant.BOTH), tool.code, image.code)


def _tool(tool: Item, causes: Mapping[str, Cause | None]) -> _Tool | None:
    match tool:
        case {
            "type": "component", "component": "html", "name": str(name), "enabled": True, "blockingTriggers": [],
            "actions": dict(actions),
        } if len(actions) == 1:  # fmt: skip
            [action] = actions.values()
        case _:
            return None
    match action:
        case {
            "actionType": "event", "data": {"__zaraz_setting_name": _, "htmlCode": str(code), **rest},
            "firingTriggers": [*firing], "blockingTriggers": [*blocking],
        } if not rest:  # fmt: skip
            tag = _tag(name, [*_causes(firing, causes)], [*_causes(blocking, causes)])
            variant = TagVariant.IMAGE if code.startswith("<img ") else TagVariant.SCRIPT
            return _Tool(replace(tag, variant=variant), code) if tag else None
    return None


def _causes(ids: list[object], causes: Mapping[str, Cause | None]) -> Iterator[Cause | None]:
    return (causes.get(trigger_id) if isinstance(trigger_id, str) else None for trigger_id in ids)


def _tag(name: str, firing: list[Cause | None], blocking: list[Cause | None]) -> ContainerTag | None:
    """A tag that fires so, or None where ours cannot."""
    rules = tuple(cause for cause in firing if isinstance(cause, PageRule))
    exceptions = tuple(cause for cause in blocking if isinstance(cause, PageRule))
    if len(exceptions) < len(blocking):
        return None
    if len(firing) == 1 and isinstance(firing[0], DataLayerEvent) and not exceptions:
        return ContainerTag(name, (), event=firing[0])
    return ContainerTag(name, (), rules=rules, exceptions=exceptions) if len(rules) == len(firing) else None
