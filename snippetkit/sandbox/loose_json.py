"""JSON as the reference writes it: also text in single quotes, and member names without quotes."""

from __future__ import annotations

import json
import re

from snippetkit.patterns import later
from snippetkit.sandbox.call import CallError

_TOKEN = later(
    r"""(?P<single>'(?:[^'\\]|\\.)*')|(?P<double>"(?:[^"\\]|\\.)*")|(?P<name>[A-Za-z_][\w.]*)(?=\s*:)|[^'"A-Za-z_]+|\w+""",
    re.DOTALL | re.ASCII,
)
_QUOTES = later(r"""\\.|\"""", re.DOTALL)


def read_json(text: str, parameter: str) -> object:
    """Return what a JSON parameter says; strict JSON is taken too.

    Raises:
        CallError: it is neither; the message names the parameter.
    """
    try:
        value: object = json.loads(_TOKEN.sub(_strict, text))
        # What strict JSON cannot express (NaN, half a character) is refused too.
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise CallError(100, f"(#100) {parameter} must be JSON") from None
    return value


def _strict(token: re.Match[str]) -> str:
    if token["name"]:
        return f'"{token["name"]}"'
    return f'"{_QUOTES.sub(_requoted, token["single"][1:-1])}"' if token["single"] else token[0]


def _requoted(match: re.Match[str]) -> str:
    """A quote inside single quotes: `\\'` needs no escape in strict JSON, `"` needs one."""
    return {"\\'": "'", '"': '\\"'}.get(match[0], match[0])
