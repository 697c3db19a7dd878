"""The project file as a JSON schema, for editors: made of the classes that the reader goes by."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from snippetkit.project.settings import Project

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {bool: "boolean", Decimal: "number", int: "integer", str: "string"}


def json_schema() -> dict[str, Any]:
    """Return the schema of `snippetkit.toml` (JSON Schema, draft 2020-12)."""
    return {"$schema": _DRAFT, "title": "snippetkit.toml", **_of(Project)}


def hints_of(cls: type) -> dict[str, Any]:
    """Return what may stand under each key, with its text."""
    return get_type_hints(cls, include_extras=True)


def is_needed(one: Field[Any]) -> bool:
    """Whether a key has to be there."""
    return one.default is MISSING and one.default_factory is MISSING


def members_of(hint: Any) -> list[Any]:
    """Return the types of which a value may be, without None, which no file can say."""
    members = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    return [member for member in members if member is not types.NoneType]


def choices_of(hint: Any) -> list[str]:
    """Return the texts that a value may be; none where it may be another one."""
    if get_origin(hint) is Literal:
        return [*get_args(hint)]
    return [choice.value for choice in hint] if isinstance(hint, type) and issubclass(hint, StrEnum) else []


def _of(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Annotated:
        inner, text = get_args(hint)
        return {**_of(inner), "description": text}
    several = members_of(hint)
    if len(several) > 1:
        return {"anyOf": [_of(member) for member in several]}
    [one] = several
    if choices := choices_of(one):
        return {"enum": choices}
    if is_dataclass(one):
        return _of_table(one)
    if get_origin(one) is tuple:
        return {"type": "array", "items": _of(get_args(one)[0])}
    if get_origin(one) is Mapping:
        return {"type": "object", "additionalProperties": _of(get_args(one)[1])}
    return {"type": _PLAIN[one]}


def _of_table(cls: Any) -> dict[str, Any]:
    hints = hints_of(cls)
    needed = [one.name for one in fields(cls) if is_needed(one)]
    return {
        "type": "object",
        "description": cls.__doc__,
        "properties": {name: _of(hint) for name, hint in hints.items()},
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
    }
