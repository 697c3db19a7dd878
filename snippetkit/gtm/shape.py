"""Whether a document has the shape of an export: the published schema, as far as JSON Schema is needed for it.

The schema has only objects, arrays, strings, booleans, integers, lists of words, and references. A library for all of
JSON Schema would be the heaviest dependency of the package, and its messages would not say which tag is meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from snippetkit.errors import SettingError
from snippetkit.gtm.problem import Problem
from snippetkit.patterns import later

FORMAT_VERSION = 2
MAX_DEPTH = 100
"""How deep lists and objects may be nested; exports have about fifteen levels."""

_TYPES: dict[str, tuple[type, str]] = {
    "object": (dict, "an object"),
    "array": (list, "a list"),
    "string": (str, "a string"),
    "boolean": (bool, "true or false"),
    "integer": (int, "a whole number"),
}
_REQUIRED = {
    "Export": ("exportFormatVersion", "containerVersion"),
    "Tag": ("name", "type"),
    "Trigger": ("triggerId", "name", "type"),
    "Variable": ("name", "type"),
    "BuiltInVariable": ("name", "type"),
    "Folder": ("folderId", "name"),
}
"""Without what nothing refers to an item or tells what it is."""

_IDS = {"Tag": "tagId", "Variable": "variableId", "CustomTemplate": "templateId"}
"""What every export has, though the schema does not say so, and nothing refers to."""

_FIELDS = {"missingField"}
_ALL = {"missingField", "missingId"}

_NEAR = 0.75  # so alike is a word that is meant
_HALF = later("[\ud800-\udfff]")
_STOPS = frozenset({"wrongType", "wrongVersion"})
_WHOLE = "the document"
EXPORT_HINT = "give a container that Google Tag Manager exported"
"""What to do about a document that is none."""

_CONTAINERS = (dict, list)
_MOST_KNOWN = 4096

_Part = tuple[object, dict[str, Any], str]
"""A value, the schema of it, and where it is."""


@cache
def schema() -> dict[str, Any]:
    """Return the schema, with the `revision` of the discovery document that it comes from."""
    parsed: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_bytes())
    return parsed


def find_problems(document: object) -> list[Problem]:
    """Return what is wrong with the shape of a document, in its order.

    Where one of them is `wrongType` or `wrongVersion`, nothing can be said about what the document means.
    """
    too_deep = _find_unreadable(document)
    if too_deep:
        return [too_deep]
    if isinstance(document, dict) and document.get("exportFormatVersion", FORMAT_VERSION) != FORMAT_VERSION:
        version = repr(document["exportFormatVersion"])[:60]
        message = f"format version {version}; only version 2 can be imported: export the container again"
        return [Problem("wrongVersion", message, "exportFormatVersion")]
    return _check(document)


def stops(problem: Problem) -> bool:
    """Whether a document is so wrong that nothing else can be said about it."""
    return problem.code in _STOPS or (problem.code, problem.where) == ("missingField", _WHOLE)


def require(document: object, *, with_fields: bool = False, with_ids: bool = False) -> dict[str, Any]:
    """Return a document that has the shape of an export, whatever other fields it may have.

    Args:
        with_fields: whether each item has to have a name, a type, and an id where others refer to it.
        with_ids: whether each has to have an id in any case.

    Raises:
        SettingError: it does not.
    """
    needed = _ALL if with_ids else _FIELDS if with_fields else set()
    for problem in find_problems(document):
        if stops(problem) or problem.code in needed:
            raise SettingError(f"{problem.where}: {problem.message}", hint=EXPORT_HINT)
    assert isinstance(document, dict)  # noqa: S101
    return document


def _find_unreadable(document: object) -> Problem | None:
    """What is wrong with a document nested too deeply to follow, or with strings that are not text."""
    level: list[object] = [[document]]
    for _ in range(MAX_DEPTH + 1):
        if any(map(_has_half, level)):
            return Problem("wrongType", "a string with half a character (a lone surrogate)", _WHOLE)
        level = _lists_and_objects(level)
    too_deep = f"more than {MAX_DEPTH} lists and objects inside each other"
    return Problem("wrongType", too_deep, _WHOLE) if any(level) else None


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return (*value, *value.values())
    return value if isinstance(value, list) else ()


def _has_half(value: object) -> bool:
    """Whether a string in a list or an object, or one of its keys, is not text."""
    texts = "".join([part for part in _inside(value) if isinstance(part, str)])
    return not texts.isascii() and _HALF.search(texts) is not None


def _lists_and_objects(level: list[object]) -> list[object]:
    """What is in these, each once where several share it."""
    inner = (part for value in level for part in (value.values() if isinstance(value, dict) else _inside(value)))
    return [*{id(part): part for part in inner if isinstance(part, _CONTAINERS)}.values()]


def _check(document: object) -> list[Problem]:
    """What the schema says; of what several items share, one is looked at while nothing is wrong."""
    problems: list[Problem] = []
    known: set[tuple[int, int]] = set()
    pending: list[_Part] = [(document, {"$ref": schema()["$ref"]}, "")]
    while pending:
        value, part, where = pending.pop()
        name = part.get("$ref", "").rpartition("/")[2]
        part = schema()["$defs"][name] if name else part
        this = id(value), id(part)
        if this in known and not problems:
            continue
        if len(known) < _MOST_KNOWN:
            known.add(this)
        problems += _about(value, part, name, where)
        pending += reversed(_parts(value, part, where))
    return problems


def _about(value: object, part: Mapping[str, Any], name: str, where: str) -> Iterator[Problem]:
    kind, words = _TYPES[part["type"]]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        yield Problem("wrongType", f"{words} is expected here", where or _WHOLE)
    elif isinstance(value, dict):
        yield from _about_fields(value, part, name, where)
    elif not isinstance(value, list) and value not in part.get("enum", [value]):
        yield Problem("unknownWord", f"{str(value)[:60]!r} is not a word of an export{_meant(value, part)}", where)


def _parts(value: object, part: Mapping[str, Any], where: str) -> list[_Part]:
    """What is in a list or an object, where it is to be one, and is not certain to be right."""
    if isinstance(value, dict) and "properties" in part:
        return _fields(value, part["properties"], f"{where}." if where else "")
    if isinstance(value, list) and "items" in part:
        return [(item, part["items"], f"{where}[{index}]") for index, item in enumerate(value)]
    return []


def _meant(value: object, part: Mapping[str, Any]) -> str:
    """Which word is meant, where that is plain: the API writes `customEvent`, and an export `CUSTOM_EVENT`."""
    written = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", str(value)).upper()
    near = [written] if written in part["enum"] else get_close_matches(written, part["enum"], 1, _NEAR)
    return f"; write {near[0]!r}" if near else ""


def _about_fields(value: dict[str, object], part: Mapping[str, Any], name: str, where: str) -> Iterator[Problem]:
    if not value.keys() <= part["properties"].keys():
        for key in (key for key in value if key not in part["properties"]):
            yield Problem("unknownField", f"the schema has no field {key[:60]!r} here", where or _WHOLE)
    for key in _REQUIRED.get(name, ()):
        if key not in value:
            yield Problem("missingField", f"there is no {key}", where or _WHOLE)
    if (own := _IDS.get(name)) and own not in value:
        yield Problem("missingId", f"there is no {own}", where)


def _fields(value: dict[str, object], known: Mapping[str, Any], before: str) -> list[_Part]:
    return [
        (field, known[key], f"{before}{key}")
        for key, field in value.items()
        if key in known and not (type(field) is str and _is_fine(field, known[key]))
    ]


def _is_fine(text: str, part: Mapping[str, Any]) -> bool:
    """Whether a text, as nearly all is, needs no closer look."""
    return part.get("type") == "string" and ("enum" not in part or text in part["enum"])
