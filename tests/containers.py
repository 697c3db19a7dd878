"""Container exports for tests, piece by piece."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import CASES

Json = dict[str, Any]

BROAD = CASES / "containers" / "broad.json"
"""A container with every kind of item, as the tool exports it."""

SCRIPT = "<script>\nwindow.fired = true;\n</script>"


def broad() -> Json:
    """The broad container, parsed anew."""
    document: Json = json.loads(BROAD.read_bytes())
    return document


def parameter(key: str, value: str, kind: str = "TEMPLATE") -> Json:
    return {"type": kind, "key": key, "value": value}


def condition(kind: str, variable: str, text: str) -> Json:
    return {"type": kind, "parameter": [parameter("arg0", f"{{{{{variable}}}}}"), parameter("arg1", text)]}


def html_tag(tag_id: str, name: str, html: str = SCRIPT, triggers: tuple[str, ...] = (), **more: Any) -> Json:
    return {
        "accountId": "0",
        "containerId": "0",
        "tagId": tag_id,
        "name": name,
        "type": "html",
        "parameter": [parameter("html", html), parameter("supportDocumentWrite", "false", "BOOLEAN")],
        "fingerprint": "1420070400000",
        "firingTriggerId": list(triggers),
        "tagFiringOption": "ONCE_PER_LOAD",
        "monitoringMetadata": {"type": "MAP"},
        **more,
    }


def trigger(trigger_id: str, name: str, path: str = "/", **more: Any) -> Json:
    return {
        "accountId": "0",
        "containerId": "0",
        "triggerId": trigger_id,
        "name": name,
        "type": "PAGEVIEW",
        "filter": [condition("EQUALS", "Page Path", path)],
        "fingerprint": "1420070400000",
        **more,
    }


def variable(variable_id: str, name: str, value: str = "1", **more: Any) -> Json:
    return {
        "accountId": "0",
        "containerId": "0",
        "variableId": variable_id,
        "name": name,
        "type": "c",
        "parameter": [parameter("value", value)],
        "fingerprint": "1420070400000",
        **more,
    }


def folder(folder_id: str, name: str) -> Json:
    return {"accountId": "0", "containerId": "0", "folderId": folder_id, "name": name, "fingerprint": "1420070400000"}


PAGE_PATH = {"accountId": "0", "containerId": "0", "type": "PAGE_PATH", "name": "Page Path"}


def export(account: str = "0", **lists: list[Json]) -> Json:
    """An export with these items; `tag=[...]`, `trigger=[...]` and so on. Empty lists are left out, as in exports."""
    return {
        "exportFormatVersion": 2,
        "exportTime": "2015-01-01 00:00:00",
        "containerVersion": {
            "path": f"accounts/{account}/containers/{account}/versions/0",
            "accountId": account,
            "containerId": account,
            "containerVersionId": "0",
            "container": {"accountId": account, "containerId": account, "name": "x", "usageContext": ["WEB"]},
            **{key: listed for key, listed in lists.items() if listed},
            "fingerprint": "1420070400000",
            "tagManagerUrl": "https://tagmanager.google.com/",
        },
    }
