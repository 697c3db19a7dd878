"""A value as a person writes it, for the tests of what reads it."""

from __future__ import annotations

import json
import re


def loose(value: object) -> str:
    """A value as a person writes it: single quotes, and no quotes around a key that needs none."""
    if isinstance(value, dict):
        members = (f"{_key(key)} :\n{loose(member)}" for key, member in value.items())
        return f"{{ {' , '.join(members)} }}"
    if isinstance(value, list):
        return f"[ {','.join(map(loose, value))} ]"
    return _single_quoted(value) if isinstance(value, str) else json.dumps(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[a-zA-Z_$][a-zA-Z0-9_$]*|0|[1-9][0-9]*", key) else _single_quoted(key)


def _single_quoted(text: str) -> str:
    inner = json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"
