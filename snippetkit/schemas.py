"""What the JSON documents of the commands look like: JSON Schema, draft 2020-12, one for each command.

A document says its `version` first. The number changes when a member is removed or changes its meaning, and not for a
new member, so a program must ignore members that it does not know. The schemas here are strict, so that the
tests see each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_FLAG: Schema = {"type": "boolean"}
_TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
_WHOLE_OR_NONE: Schema = {"type": ["integer", "null"]}
_LEVEL: Schema = {"enum": ["error", "warning"]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _object(members: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object of these members and no others; those that are optional may not be there."""
    return {
        "type": "object",
        "properties": {**members, **(optional or {})},
        "required": [*members],
        "additionalProperties": False,
    }


def _told(text: str, schema: Schema) -> Schema:
    return {"description": text, **schema}


_PATH = _told("The path as it was given, or found below a folder; - is stdin.", _TEXT)
_PIXEL_ID = _told("Null where the code does not name the pixel.", _TEXT_OR_NONE)
_VALUE = _told("The value as it is there: major units, or an expression where it is dynamic.", _TEXT_OR_NONE)
_CURRENCY = _told("An ISO 4217 code.", _TEXT_OR_NONE)
_DYNAMIC = _told("Whether a setting is an expression or a server's template.", _FLAG)
_STATE = _told("Such as live, dead, held back, base code.", _TEXT)
_FUNCTION = _told("The function that has to be called before it fires.", _TEXT_OR_NONE)
_BASE_FROM = _told("The other files that have its base code.", _list(_TEXT))
_LINE = _told("Counted from 1.", _WHOLE)
_COLUMN = _told("Counted from 1, in characters.", _WHOLE)
_LINE_OR_NONE = _told("Counted from 1; null where it is another file's or not known.", _WHOLE_OR_NONE)
_SOURCES = {name: _list(_TEXT) for name in ("script-src", "img-src", "connect-src", "frame-src")}
_REPORTED = {"pixel_id": _TEXT, "event": _TEXT_OR_NONE, "value": _TEXT_OR_NONE, "currency": _TEXT_OR_NONE}
_VISIT = _object(
    {
        "path": _PATH,
        "javascript": _FLAG,
        "fired": _list(
            _object(
                {
                    **_REPORTED,
                    "at_ms": _told("Milliseconds since the page was asked for.", _WHOLE),
                    "url": _told("The whole request.", _TEXT),
                    "frame": _told("The frame that sent it; empty for the page.", _TEXT),
                    "order_id": _TEXT_OR_NONE,
                    "event_id": _TEXT_OR_NONE,
                    "step": _told("With --navigate, at which step; else empty.", _TEXT),
                    "by": {"enum": ["script", "image", "frame"]},
                    "line": _LINE_OR_NONE,
                }
            )
        ),
        "expected": _list(_object({**_REPORTED, "line": _LINE_OR_NONE})),
        "faults": _list(_object({"code": _TEXT, "message": _TEXT, "line": _LINE_OR_NONE})),
        "notes": _list(_TEXT),
        "carried": _told("Whether the page was not loaded, and this is what an earlier run said.", _FLAG),
        "digest": _told("Of what the visit depends on, for --since; null where that is not known.", _TEXT_OR_NONE),
    }
)
_INSPECTED = _object(
    {
        "dialect": _TEXT,
        "conversion": _told("Whether it reports a conversion.", _FLAG),
        "pixel_id": _PIXEL_ID,
        "event": _TEXT_OR_NONE,
        "value": _VALUE,
        "currency": _CURRENCY,
        "order_id": _TEXT_OR_NONE,
        "event_id": _TEXT_OR_NONE,
        "dynamic": _DYNAMIC,
        "state": _STATE,
        "reason": _told("Why it is in that state.", _TEXT_OR_NONE),
        "base_from": _BASE_FROM,
        "function": _FUNCTION,
        "noscript": _told("The noscript's content, byte for byte.", _TEXT_OR_NONE),
        "image_url": _told("The image's URL, decoded.", _TEXT_OR_NONE),
        "line": _LINE,
        "column": _COLUMN,
        "findings": _list(_object({"code": _TEXT, "message": _TEXT, "line": _LINE, "column": _COLUMN})),
    }
)
_FOUND = _object(
    {
        "code": _TEXT,
        "level": _LEVEL,
        "message": _TEXT,
        "line": _LINE,
        "column": _COLUMN,
        "snippet": _told("The number of the snippet in the file, from 0.", _WHOLE_OR_NONE),
    }
)
_CARRIED = _object(
    {
        "key": _told("dialect:id, what a region is called.", _TEXT),
        "dialect": _TEXT,
        "pixel_id": _PIXEL_ID,
        "event": _TEXT_OR_NONE,
        "value": _VALUE,
        "currency": _CURRENCY,
        "dynamic": _DYNAMIC,
        "managed": _told("Whether it is in a marked region.", _FLAG),
        "edited": _told("Whether the region was edited by hand.", _FLAG),
        "reformatted": _told("Whether the region is written in another way and does the same.", _FLAG),
        "placement": _told("Where the region's script is.", _TEXT_OR_NONE),
        "state": _STATE,
        "base_from": _BASE_FROM,
        "function": _FUNCTION,
        "line": _LINE,
    }
)
_PAGE = _object(
    {
        "path": _PATH,
        "action": _told("Such as inserted, would be updated, unchanged, refused, failed.", _TEXT),
        "reason": _TEXT_OR_NONE,
        "line": _LINE_OR_NONE,
        "column": _WHOLE_OR_NONE,
        "offset": _told("In bytes, from 0.", _WHOLE_OR_NONE),
        "notes": _list(_TEXT),
    },
    {"diff": _told("With --diff: a unified diff.", _TEXT)},
)
_ASKED = _told("Null where the rule has none: a page keeps its own, or gets the code's.", _TEXT_OR_NONE)
_RULE = _object({"page": _TEXT, "pixel": _TEXT, "value": _ASKED, "currency": _ASKED})
_READ = _object(
    {
        "dialect": _TEXT,
        "conversion": _FLAG,
        "pixel_id": _PIXEL_ID,
        "event": _TEXT_OR_NONE,
        "value": _told("A variable of the tag manager is written as {{its name}}.", _TEXT_OR_NONE),
        "currency": _TEXT_OR_NONE,
        "order_id": _TEXT_OR_NONE,
        "event_id": _TEXT_OR_NONE,
        "dynamic": _DYNAMIC,
        "state": _STATE,
        "reason": _TEXT_OR_NONE,
        "function": _FUNCTION,
    }
)
_TAG = _object(
    {
        "name": _TEXT,
        "kind": _TEXT,
        "folder": _TEXT_OR_NONE,
        "paused": _FLAG,
        "consent": {
            "description": "What it waits for; null where the file does not say.",
            "anyOf": [_list(_TEXT), {"type": "null"}],
        },
        "fires_on": _list(_TEXT),
        "except_on": _list(_TEXT),
        "starts": _told("The time before which it does not fire, in UTC; null where there is none.", _TEXT_OR_NONE),
        "ends": _told("The time after which it does not fire.", _TEXT_OR_NONE),
        "code": _list(_READ),
    }
)

_OF_PIXEL = dict.fromkeys(("tag", "status", "creator", "last_fired_time"), _TEXT)


def _files(of_one: Mapping[str, Schema]) -> dict[str, Schema]:
    return {"files": _list(_object({"path": _PATH, **of_one}))}


_DOCUMENTS: dict[str, tuple[int, str, Mapping[str, Schema], Mapping[str, Schema]]] = {
    "csp": (
        1,
        "What a policy has to allow, for all files together and for each.",
        {**_files(_SOURCES), **_SOURCES},
        {},
    ),
    "import": (
        2,
        "The tags of a container.",
        {
            "format": _TEXT,
            "tags": _list(_TAG),
            "others": _list(_object({"name": _TEXT, "kind": _TEXT})),
            "not_read": _list(_object({"name": _TEXT, "kind": _TEXT, "reason": _TEXT_OR_NONE})),
        },
        {},
    ),
    "inject": (
        1,
        "What became of each page.",
        {"files": _list(_PAGE), "summary": _map(_WHOLE)},
        {"rules": _list(_RULE), "visits": _told("With --verify.", _list(_VISIT))},
    ),
    "inspect": (1, "The code in files.", _files({"snippets": _list(_INSPECTED)}), {}),
    "lint": (1, "What is wrong with the code in files.", _files({"findings": _list(_FOUND)}), {}),
    "lint-container": (
        1,
        "What is wrong with a container.",
        _files({"findings": _list(_object({"code": _TEXT, "level": _LEVEL, "message": _TEXT, "where": _TEXT}))}),
        {},
    ),
    "pixels-list": (1, "The pixels of an ad account.", {"pixels": _list(_map(_TEXT))}, {}),
    "pixels-show": (1, "One pixel.", {"id": _TEXT, "name": _TEXT}, _OF_PIXEL),
    "status": (1, "Which pages carry which pixels.", _files({"pixels": _list(_CARRIED)}), {}),
    "verify": (
        1,
        "What pages fire in a browser.",
        {"visits": _list(_VISIT)},
        {"unchanged": _told("With --only-changed: pages that were not loaded.", _list(_PATH))},
    ),
}
"""The version of each document, what it is, and its members: those that are always there, and the others."""

_SAME = {"remove": "inject", "sync": "inject"}
"""The commands whose documents are those of another one."""


def names() -> list[str]:
    """Return the names of the documents: those of the commands."""
    return sorted([*_DOCUMENTS, *_SAME])


def version(name: str) -> int:
    """Return the version that a document says."""
    return _DOCUMENTS[_SAME.get(name, name)][0]


def schema(name: str) -> Schema:
    """Return the schema of a document, itself ready for JSON.

    Args:
        name: one of `names()`.
    """
    number, text, always, optional = _DOCUMENTS[_SAME.get(name, name)]
    said = {"version": {"const": number}, **always}
    return {"$schema": _DRAFT, "title": f"snippetkit {name} --json", "description": text, **_object(said, optional)}
