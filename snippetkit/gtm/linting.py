"""Everything that is known to be wrong with an export."""

from __future__ import annotations

import json
from collections.abc import Iterator

from snippetkit.errors import SnippetError
from snippetkit.gtm import markup, pixel_ids, rules, shape
from snippetkit.gtm.items import Json, items, usage_contexts
from snippetkit.gtm.problem import Problem

_MAX_CONTAINER = 200 * 1024
_MAX_TRIGGERS = 1000
_MAX_FILE = 10 * 1024 * 1024
_COMPILED = ("tag", "trigger", "variable")
_WITHOUT_SPACE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def check(document: object) -> list[Problem]:
    """Make sure that an export can be imported and published, and return what is not certain about that.

    Args:
        document: parsed JSON.

    Raises:
        SnippetError: it cannot; says the first reason and where.
    """
    problems = find_problems(document)
    first = next((problem for problem in problems if problem.level == "error"), None)
    if first:
        raise SnippetError(f"{first.where}: {first.message}", hint=f"Google Tag Manager calls it {first.code}")
    return problems


def find_problems(document: object) -> list[Problem]:
    """Return what is wrong with an export, ours or anybody's; nothing is raised.

    Args:
        document: parsed JSON. Where it does not have the shape of an export, only that is told.
    """
    problems = shape.find_problems(document)
    if not isinstance(document, dict) or any(map(shape.stops, problems)):
        return problems
    return [*problems, *_about_meaning(document)]


def _about_meaning(document: Json) -> Iterator[Problem]:
    listed = list(items(document))
    yield from rules.find_problems(listed, usage_contexts(document))
    yield from pixel_ids.find_problems(listed)
    for item in listed:
        yield from markup.find_problems(item)
    version = document["containerVersion"]
    if (count := len(version.get("trigger", ()))) > _MAX_TRIGGERS:
        message = f"{count} triggers; the limit is {_MAX_TRIGGERS}, as far as is known, except in Tag Manager 360"
        yield Problem("tooManyTriggers", message, "the container")
    yield from _about_size(document)


def _about_size(document: Json) -> Iterator[Problem]:
    version = document["containerVersion"]
    sizes = {key: _size(part, levels=1) for key, part in version.items()}
    compiled = sum(sizes.get(key, len("null")) + len(",") for key in _COMPILED) + 1
    if compiled > _MAX_CONTAINER:
        message = (
            f"{compiled} bytes of tags, triggers and variables; {_MAX_CONTAINER} can be published, as far as is known"
        )
        yield Problem("containerTooLarge", message, "the container")
    of_version = sum(_size(key) + size + len(":,") for key, size in sizes.items()) or len("}")
    size = _size({**document, "containerVersion": {}}) + len("{") + of_version - len("{}")
    if size > _MAX_FILE:
        message = f"{size} bytes without white space; {_MAX_FILE} can be imported, as far as is known"
        yield Problem("fileTooLarge", message, "the file")


def _size(value: object, levels: int = 2) -> int:
    """The bytes of a value without white space, item by item, so that no more than one is in memory."""
    if levels and value and isinstance(value, dict):
        return 1 + sum(_size(key) + _size(part, levels - 1) + len(":,") for key, part in value.items())
    if levels and value and isinstance(value, list):
        return 1 + sum(_size(part, levels - 1) + len(",") for part in value)
    return len(_WITHOUT_SPACE.encode(value).encode())
