"""Our items in a person's container: what is there stays, references follow, and merging twice is merging once."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import gtm
from snippetkit.errors import SettingError, SnippetError
from snippetkit.gtm.items import KINDS, REFERENCE
from snippetkit.terms import OnConflict
from tests.containers import (
    PAGE_PATH,
    Json,
    broad,
    condition,
    export,
    folder,
    html_tag,
    parameter,
    trigger,
    variable,
)

OURS = export(
    tag=[
        html_tag("1", "Checkout", "<script>f({{Value}})</script>", ("3",), parentFolderId="6"),
        html_tag("2", "Lead", triggers=("4",), blockingTriggerId=["3"]),
    ],
    trigger=[trigger("3", "Thanks", "/thanks.html"), trigger("4", "Welcome", "/{{Value}}")],
    variable=[variable("7", "Value", "{{Raw value}}"), variable("8", "Raw value")],
    folder=[folder("6", "Account 434566956589050")],
    builtInVariable=[PAGE_PATH],
)


def _merge(existing: Json, on_conflict: str = "fail", ours: Json = OURS) -> tuple[Json, list[str]]:
    before = deepcopy(existing)
    merged, changes = gtm.merge(existing, ours, OnConflict(on_conflict))
    assert existing == before
    again, no_changes = gtm.merge(merged, ours, OnConflict(on_conflict))
    assert (json.dumps(again), no_changes) == (json.dumps(merged), ())
    return merged, list(changes)


def _item(document: Json, key: str, name: str) -> Json:
    [found] = [item for item in document["containerVersion"][key] if item["name"] == name]
    assert isinstance(found, dict)
    return found


def test_into_an_empty_container_everything_is_added_in_the_order_of_the_file() -> None:
    merged, changes = _merge(export("17"))
    assert changes == [
        "added: tag 'Checkout'",
        "added: tag 'Lead'",
        "added: trigger 'Thanks'",
        "added: trigger 'Welcome'",
        "added: variable 'Value'",
        "added: variable 'Raw value'",
        "added: folder 'Account 434566956589050'",
        "added: built-in variable 'Page Path'",
    ]
    version = merged["containerVersion"]
    assert list(version) == list(OURS["containerVersion"])
    assert {item["accountId"] for kind in KINDS for item in version.get(kind.key, ())} == {"17"}
    assert gtm.find_problems(merged) == []


def test_new_ids_are_above_those_of_every_kind_and_those_that_are_referred_to() -> None:
    existing = export(
        tag=[html_tag("5", "Theirs", triggers=("2147479553", "41"))],
        zone=[{"zoneId": "40", "name": "x"}],
        variable=[variable("99999999999999999999", "Odd")],
    )
    merged, _ = _merge(existing)
    version = merged["containerVersion"]
    added = [version["folder"][0]["folderId"], *(item["variableId"] for item in version["variable"][1:])]
    added += [item["triggerId"] for item in version["trigger"]] + [item["tagId"] for item in version["tag"][1:]]
    assert sorted(added) == [str(number) for number in range(42, 49)]


def test_references_follow() -> None:
    merged, _ = _merge(broad())
    thanks, checkout, lead = (
        _item(merged, key, name) for key, name in [("trigger", "Thanks"), ("tag", "Checkout"), ("tag", "Lead")]
    )
    assert checkout["firingTriggerId"] == lead["blockingTriggerId"] == [thanks["triggerId"]]
    assert checkout["parentFolderId"] == _item(merged, "folder", "Account 434566956589050")["folderId"]
    assert gtm.find_problems(merged) == []


def test_what_is_there_already_is_used_even_if_it_was_moved_or_came_back_from_the_tool() -> None:
    existing = broad()
    thanks = trigger("500", "Thanks", "/thanks.html", fingerprint="1", parentFolderId="1", notes="mine")
    thanks["filter"][0]["parameter"].reverse()
    value = variable("501", "Raw value", formatValue={})
    existing["containerVersion"]["trigger"].append(thanks)
    existing["containerVersion"]["variable"].append(value)
    merged, changes = _merge(existing)
    assert not {"added: trigger 'Thanks'", "added: variable 'Raw value'"} & {*changes}
    assert _item(merged, "tag", "Checkout")["firingTriggerId"] == ["500"]


def _taken() -> Json:
    return export(
        tag=[html_tag("11", "Checkout", "<script>{{Value}}</script>", ("12",), path="accounts/0/tags/11")],
        trigger=[trigger("12", "Thanks", "/other.html")],
        variable=[variable("13", "Value", "2", parentFolderId="14")],
        folder=[folder("14", "Theirs")],
        builtInVariable=[PAGE_PATH],
    )


@pytest.mark.parametrize("missing", ["tag", "trigger", "variable"])
def test_a_name_that_is_taken_is_refused_with_the_ways_out(missing: str) -> None:
    existing = _taken()
    for key in {"tag", "trigger", "variable"} - {missing}:
        existing["containerVersion"][key] = []
    with pytest.raises(SettingError, match="something else has this name there") as caught:
        gtm.merge(existing, OURS, OnConflict.FAIL)
    assert "--on-conflict rename" in caught.value.hint
    assert "--on-conflict replace" in caught.value.hint


def test_renamed_items_are_referred_to_by_their_new_names() -> None:
    existing = _taken()
    merged, changes = _merge(existing, "rename")
    assert changes[0] == "renamed: tag 'Checkout' is 'Checkout (2)' here"
    assert "renamed: trigger 'Thanks' is 'Thanks (2)' here" in changes
    assert "renamed: variable 'Value' is 'Value (2)' here" in changes
    checkout = _item(merged, "tag", "Checkout (2)")
    assert checkout["parameter"][0]["value"] == "<script>f({{Value (2)}})</script>"
    assert checkout["firingTriggerId"] == [_item(merged, "trigger", "Thanks (2)")["triggerId"]]
    assert _item(merged, "trigger", "Welcome")["filter"][0]["parameter"][1]["value"] == "/{{Value (2)}}"
    for kind in KINDS:
        theirs = existing["containerVersion"].get(kind.key, [])
        assert merged["containerVersion"].get(kind.key, [])[: len(theirs)] == theirs


def test_a_name_is_not_given_that_another_item_of_ours_has() -> None:
    ours = export(tag=[html_tag("1", "A", "<b>1</b>"), html_tag("2", "A (2)", "<b>2</b>")])
    merged, changes = _merge(export(tag=[html_tag("1", "A", "<b>3</b>")]), "rename", ours)
    assert changes == ["renamed: tag 'A' is 'A (3)' here", "added: tag 'A (2)'"]
    assert [tag["name"] for tag in merged["containerVersion"]["tag"]] == ["A", "A (3)", "A (2)"]


def test_what_is_replaced_keeps_its_id_its_place_and_its_folder() -> None:
    existing = _taken()
    existing["containerVersion"]["tag"].append(html_tag("15", "Their other", triggers=("12",)))
    merged, changes = _merge(existing, "replace")
    assert changes[0] == "replaced: tag 'Checkout'"
    version = merged["containerVersion"]
    assert [tag["tagId"] for tag in version["tag"][:2]] == ["11", "15"]
    assert version["tag"][0]["path"] == "accounts/0/tags/11"
    assert version["tag"][0]["parameter"][0]["value"] == "<script>f({{Value}})</script>"
    assert version["tag"][0]["firingTriggerId"] == version["tag"][1]["firingTriggerId"] == ["12"]
    assert version["trigger"][0]["filter"][0]["parameter"][1]["value"] == "/thanks.html"
    assert version["variable"][0]["parentFolderId"] == "14"
    assert gtm.find_problems(merged) == []


def test_built_in_variables_are_known_by_their_type() -> None:
    theirs = PAGE_PATH | {"name": "Pfad der Seite"}
    merged, changes = _merge(export(builtInVariable=[theirs]))
    assert "added: built-in variable 'Page Path'" not in changes
    assert _item(merged, "trigger", "Thanks")["filter"] == [condition("EQUALS", "Pfad der Seite", "/thanks.html")]


@pytest.mark.parametrize("on_conflict", OnConflict)
def test_a_variable_with_the_name_of_a_built_in_one_is_in_the_way(on_conflict: OnConflict) -> None:
    with pytest.raises(SettingError, match="the built-in variable 'Page Path' is needed"):
        gtm.merge(export(variable=[variable("1", "Page Path")]), OURS, on_conflict)


def test_a_built_in_variable_is_not_replaced() -> None:
    existing = export(builtInVariable=[PAGE_PATH | {"type": "REFERRER", "name": "Value"}])
    with pytest.raises(SettingError, match="a built-in variable has this name there, which cannot be replaced"):
        gtm.merge(existing, OURS, OnConflict.REPLACE)
    _, changes = _merge(existing, "rename")
    assert "renamed: variable 'Value' is 'Value (2)' here" in changes


def test_where_there_are_no_fingerprints_none_come_in() -> None:
    existing = export()
    del existing["containerVersion"]["fingerprint"]
    merged, _ = _merge(existing)
    assert "fingerprint" not in merged["containerVersion"]["tag"][0]


def test_variables_of_ours_in_a_circle_are_refused() -> None:
    ours = export(variable=[variable("1", "A", "{{B}}"), variable("2", "B", "{{A}}")])
    with pytest.raises(SnippetError, match="in a circle"):
        gtm.merge(export(), ours, OnConflict.FAIL)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "the document: there is no exportFormatVersion"),
        ([], "an object is expected here"),
        ({"exportFormatVersion": 1, "containerVersion": {}}, "format version 1"),
        (export(tag=[{"name": "x"}]), r"containerVersion.tag\[0\]: there is no type"),
        (export(tag=[{"name": "x", "type": "html"}]), r"containerVersion.tag\[0\]: there is no tagId"),
        (export(tag=[{"tagId": "1", "name": "x", "type": 3}]), "a string is expected here"),
        (json.loads('[' * 120 + ']' * 120), "more than 100 lists"),
        (json.loads(r'{"exportFormatVersion": 2, "containerVersion": {"name": "\ud800"}}'), "half a character"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused(document: Any, reason: str) -> None:
    with pytest.raises(SettingError, match=reason):
        gtm.merge(document, OURS, OnConflict.FAIL)


def test_a_container_for_a_server_is_refused() -> None:
    existing = export()
    existing["containerVersion"]["container"]["usageContext"] = ["SERVER"]
    with pytest.raises(SettingError, match="a container for SERVER"):
        gtm.merge(existing, OURS, OnConflict.FAIL)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def _damaged(draw: st.DrawFn) -> Any:
    """The broad container, with anything in the place of one of its values."""
    document: Any = broad()
    inner = document
    for _ in range(draw(st.integers(0, 7))):
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        if not keys:
            break
        key = draw(st.sampled_from(keys))
        if not isinstance(inner[key], (dict, list)) or draw(st.integers(0, 4)) == 0:
            inner[key] = draw(JSON_VALUES)
            break
        inner = inner[key]
    return document


@given(_damaged() | JSON_VALUES, st.sampled_from(OnConflict))
def test_a_damaged_export_is_merged_or_refused(document: Any, on_conflict: OnConflict) -> None:
    try:
        gtm.merge(document, OURS, on_conflict)
    except SettingError as error:
        assert str(error)
    for problem in gtm.find_problems(document):
        assert problem.code in gtm.CODES


NAMES = st.sampled_from(["A", "A (2)", "B", "Page Path"])
TEXTS = st.sampled_from(["1", "2", "{{Page Path}}"])


@st.composite
def _containers(draw: st.DrawFn, first_id: int) -> Json:
    """A container whose items have names and meanings that others may have too."""
    ids = iter(range(first_id, first_id + 99))

    def names() -> list[str]:
        return draw(st.lists(NAMES, max_size=3, unique=True))

    triggers = [trigger(str(next(ids)), name, draw(TEXTS)) for name in names()]
    known = st.lists(
        st.sampled_from([item["triggerId"] for item in triggers] or ["2147479553"]), max_size=2, unique=True
    )
    variables = [variable(str(next(ids)), name, draw(TEXTS)) for name in names() if name != "Page Path"]
    values = st.sampled_from(["1", *(f"{{{{{item['name']}}}}}" for item in variables)])
    tags = [html_tag(str(next(ids)), name, draw(values), tuple(draw(known))) for name in names()]
    return export(tag=tags, trigger=triggers, variable=variables, builtInVariable=[PAGE_PATH])


@given(_containers(1), _containers(50), st.sampled_from([OnConflict.RENAME, OnConflict.REPLACE]))
def test_merging_keeps_the_others_and_adds_what_fires_as_before(
    theirs: Json, ours: Json, on_conflict: OnConflict
) -> None:
    merged, changes = _merge(theirs, on_conflict, ours)
    assert gtm.find_problems(merged) == []
    replaced = {change for change in changes if change.startswith("replaced")}
    for kind in KINDS:
        before, after = (document["containerVersion"].get(kind.key, []) for document in (theirs, merged))
        for old, new in zip(before, after, strict=False):
            assert old == new or f"replaced: {kind.word} {old['name']!r}" in replaced
            assert old.get(kind.id_key) == new.get(kind.id_key)
    for tag in ours["containerVersion"].get("tag", []):
        same = [item for item in merged["containerVersion"]["tag"] if _fires(merged, item) == _fires(ours, tag)]
        assert any(f"{item['name']} (".startswith(f"{tag['name']} (") for item in same)


def _fires(document: Json, tag: Json) -> Any:
    """The code of a tag and the conditions of its triggers, with constants in the places of variables."""
    version = document["containerVersion"]
    values = {item["name"]: item["parameter"][0]["value"] for item in version.get("variable", [])}
    html = REFERENCE.sub(lambda match: values.get(match[1], match[0]), tag["parameter"][0]["value"])
    filters = {item["triggerId"]: item["filter"] for item in version.get("trigger", [])}
    return html, sorted(json.dumps(filters.get(trigger_id)) for trigger_id in tag["firingTriggerId"])


def test_a_tag_of_ours_in_a_container_that_has_it_is_not_added_again_after_an_export_by_the_tool() -> None:
    merged, _ = _merge(broad())
    exported = deepcopy(merged)
    for item in exported["containerVersion"]["tag"]:
        item["fingerprint"] = "1700000000000"
        item["tagManagerUrl"] = "https://tagmanager.google.com/x"
        item["parameter"] = item.get("parameter", [])[::-1] or [parameter("x", "y")]
    _, changes = gtm.merge(exported, OURS, OnConflict.FAIL)
    assert changes == ()
