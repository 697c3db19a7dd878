"""What importing one container over another would change, by name."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import gtm
from snippetkit.errors import SettingError
from snippetkit.gtm import Change, Difference
from snippetkit.gtm.items import KINDS
from tests.containers import PAGE_PATH, Json, broad, condition, export, folder, html_tag, parameter, trigger, variable

FIRST = export(
    tag=[html_tag("1", "A", "<b>\n1\n</b>", ("2",), parentFolderId="4"), html_tag("5", "B")],
    trigger=[trigger("2", "Thanks"), trigger("3", "Welcome")],
    folder=[folder("4", "Ads")],
    builtInVariable=[PAGE_PATH],
)


def test_the_same_container_under_other_ids_is_the_same() -> None:
    other = export(
        "7",
        tag=[html_tag("15", "B"), html_tag("11", "A", "<b>\n1\n</b>", ("12",), parentFolderId="14", fingerprint="3")],
        trigger=[trigger("13", "Welcome"), trigger("12", "Thanks")],
        folder=[folder("14", "Ads")],
        builtInVariable=[PAGE_PATH],
    )
    for tag in other["containerVersion"]["tag"]:
        tag["parameter"].reverse()
        tag["consentSettings"] = {"consentStatus": "NOT_SET"}
    assert gtm.compare(FIRST, other) == []


def _changed(key: str, **more: Any) -> list[Change]:
    after = deepcopy(FIRST)
    after["containerVersion"][key][0].update(more)
    return gtm.compare(FIRST, after)


@pytest.mark.parametrize(
    ("key", "more", "difference"),
    [
        ("tag", {"firingTriggerId": ["3"]}, Difference("firingTriggerId", "Thanks", "Welcome")),
        ("tag", {"firingTriggerId": ["2", "2147479553"]}, Difference("firingTriggerId", "Thanks", "All Pages, Thanks")),
        ("tag", {"parentFolderId": "9"}, Difference("parentFolderId", "Ads", "9")),
        ("tag", {"paused": True}, Difference("paused", None, "True")),
        ("tag", {"notes": "mine"}, Difference("notes", None, "mine")),
        ("tag", {"parameter": [parameter("html", "x"), parameter("supportDocumentWrite", "false", "BOOLEAN")]},
         Difference("html", "<b>\n1\n</b>", "x")),
        ("trigger", {"filter": [condition("EQUALS", "Page Path", "/x")]}, Difference("filter[0].arg1", "/", "/x")),
        ("trigger", {"type": "DOM_READY"}, Difference("type", "PAGEVIEW", "DOM_READY")),
    ],
)  # fmt: skip
def test_what_differs_is_told_with_names(key: str, more: Json, difference: Difference) -> None:
    [change] = _changed(key, **more)
    assert (change.what, change.differences) == ("changed", (difference,))


def test_what_is_added_and_removed_is_told_by_kind() -> None:
    assert gtm.compare(FIRST, export(tag=[html_tag("1", "C")], variable=[variable("2", "V")])) == [
        Change("removed", "tag", "A"),
        Change("removed", "tag", "B"),
        Change("added", "tag", "C"),
        Change("removed", "trigger", "Thanks"),
        Change("removed", "trigger", "Welcome"),
        Change("added", "variable", "V"),
        Change("removed", "folder", "Ads"),
        Change("removed", "built-in variable", "Page Path"),
    ]


def test_a_group_of_triggers_is_told_by_their_names() -> None:
    def group(trigger_id: str) -> Json:
        listed = {"type": "LIST", "key": "triggerIds", "list": [{"type": "TRIGGER_REFERENCE", "value": trigger_id}]}
        return {"triggerId": "9", "name": "Group", "type": "TRIGGER_GROUP", "parameter": [listed]}

    before, after = (
        export(trigger=[trigger("2", "Thanks"), trigger("3", "Welcome"), group(trigger_id)]) for trigger_id in "23"
    )
    [change] = gtm.compare(before, after)
    assert change.differences == (Difference("triggerIds.list[0]", "Thanks", "Welcome"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (variable("1", "Access token", "S3CR3T"), variable("1", "Access token", "0TH3R")),
        (
            variable("1", "V") | {"parameter": [parameter("apiKey", "S3CR3T")]},
            variable("1", "V") | {"parameter": [parameter("apiKey", "0TH3R")]},
        ),
        (variable("1", "V", "f({access_token: 'S3CR3T'})"), variable("1", "V", "f({access_token: '0TH3R'})")),
        (variable("1", "V", "https://a/?api_secret=S3CR3T&b=1"), variable("1", "V", "https://a/?api_secret=0TH3R&b=2")),
    ],
)
def test_secrets_are_not_shown(before: Json, after: Json) -> None:
    [change] = gtm.compare(export(variable=[before]), export(variable=[after]))
    assert change.differences
    assert "S3CR3T" not in str(change)
    assert "0TH3R" not in str(change)


@pytest.mark.parametrize("document", [3, {}, {"exportFormatVersion": 2, "containerVersion": {"tag": 1}}])
def test_what_is_no_export_is_refused(document: Any) -> None:
    for pair in ([FIRST, document], [document, FIRST]):
        with pytest.raises(SettingError):
            gtm.compare(*pair)


def test_everything_there_is_can_be_compared() -> None:
    assert gtm.compare(broad(), broad()) == []
    every = gtm.compare(broad(), export())
    assert len(every) == sum(len(broad()["containerVersion"].get(kind.key, [])) for kind in KINDS)


@given(st.data())
def test_each_value_of_an_item_counts_or_says_which_item_it_is(data: st.DataObject) -> None:
    after = broad()
    listed = after["containerVersion"][data.draw(st.sampled_from(["tag", "trigger", "variable"]))]
    item = inner = data.draw(st.sampled_from(listed))
    way: list[Any] = []
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        if not keys:
            return
        way.append(data.draw(st.sampled_from(keys)))
        if not isinstance(inner[way[-1]], (dict, list)):
            break
        inner = inner[way[-1]]
    inner[way[-1]] = "other" if isinstance(inner[way[-1]], str) else not inner[way[-1]]
    changes = gtm.compare(broad(), after)
    is_identity = way[0] in {"accountId", "containerId", "fingerprint", "tagId", "variableId", "uniqueTriggerId"}
    assert bool(changes) is not is_identity or way[0] == "triggerId", (way, json.dumps(item)[:200])
