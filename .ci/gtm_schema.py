"""Derive `snippetkit/gtm/schema.json`: the shape of a Google Tag Manager container export, as JSON Schema.

The source is the discovery document of the Tag Manager API v2, `tagmanager.v2.json`, as google-api-python-client has
it. Run by hand, where the published document has changed:

    pip download --no-deps google-api-python-client
    python .ci/gtm_schema.py google_api_python_client-*.whl > snippetkit/gtm/schema.json

An export differs from the API's answers in this: words are in upper snake case, and around the container's version
stand `exportFormatVersion` and `exportTime`. Nothing else is added, and what the version does not reach is left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

DOCUMENT = "googleapiclient/discovery_cache/documents/tagmanager.v2.json"
ROOT = "ContainerVersion"
_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z0-9])")
_AS_EXPORTED = {"FIREBASE_EVENT_PARAMETER_CAMPAIGN_CP_1": "FIREBASE_EVENT_PARAMETER_CAMPAIGN_CP1"}
"""What real exports write otherwise: a digit begins a word in `IOS_SDK_5`, and none here."""


def derive(document: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an export; `revision` is that of the discovery document."""
    shapes = {name: _shape(document["schemas"][name]) for name in sorted(_reachable(document["schemas"]))}
    export = {
        "exportFormatVersion": {"type": "integer"},
        "exportTime": {"type": "string"},
        "containerVersion": {"$ref": f"#/$defs/{ROOT}"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "revision": document["revision"],
        "$ref": "#/$defs/Export",
        "$defs": {"Export": _object(export), **shapes},
    }


def _reachable(schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    pending = [ROOT]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += _references(schemas[name])
    return found


def _references(schema: dict[str, Any]) -> Iterator[str]:
    for part in schema["properties"].values():
        of_items = part.get("items", part)
        if "$ref" in of_items:
            yield of_items["$ref"]


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    return _object({name: _value(part) for name, part in schema["properties"].items()})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _value(part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in part:
        return {"$ref": f"#/$defs/{part['$ref']}"}
    if "items" in part:
        return {"type": "array", "items": _value(part["items"])}
    if "enum" in part:
        words = (_NEW_WORD.sub("_", word).upper() for word in part["enum"])
        return {"type": "string", "enum": [_AS_EXPORTED.get(word, word) for word in words]}
    return {"type": part["type"]}


if __name__ == "__main__":
    with ZipFile(sys.argv[1]) as wheel:
        sys.stdout.write(json.dumps(derive(json.loads(wheel.read(DOCUMENT))), separators=(",", ":")) + "\n")
