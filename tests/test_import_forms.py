"""`import` of one container in every form that it comes in: today's export, an older one, an API's answer, by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from snippetkit import exports, gtm
from tests.conftest import Run
from tests.containers import Json, broad, export, html_tag, trigger
from tests.test_import import ADOBE, BASE, CONTAINERS, GTM, MATOMO, ZARAZ, imported


def _in_api_words(document: Json) -> Json:
    """A version of a container as the API answers it (Tag Manager API v2, "ContainerVersion")."""
    version: Json = _camel(document["containerVersion"], "containerVersion")
    return version


def _camel(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_camel(part, name) for part in value]
    if not isinstance(value, dict):
        return value
    is_word = {"tagFiringOption", "consentStatus", "usageContext"} | (
        set() if name in {"tag", "variable", "client", "transformation"} else {"type"}
    )
    return {key: _word(part) if key in is_word else _camel(part, key) for key, part in value.items()}


def _word(value: Any) -> Any:
    if isinstance(value, list):
        return [_word(part) for part in value]
    first, *others = value.lower().split("_")
    return first + "".join(part.title() for part in others)


def _with_rules(document: Json) -> Json:
    """The same of before 2015: rules in the place of triggers (Tag Manager API v1, "Rule")."""
    version = deepcopy(document["containerVersion"])
    version["rule"] = [{"ruleId": one["triggerId"], "name": one["name"]} for one in version.pop("trigger")]
    names = [one["ruleId"] for one in version["rule"]]
    for tag in version["tag"]:
        for key in ("firing", "blocking"):
            ids = tag.pop(f"{key}TriggerId", [])
            tag |= {f"{key}RuleId": [one for one in ids if one in names]}
            tag |= {f"{key}TriggerId": [one for one in ids if one not in names]}
    return {"exportFormatVersion": 1.2, "containerVersion": version}


def _by_hand(document: Json) -> Json:
    """What an export would not have where nothing is read."""
    changed = deepcopy(document)
    version = changed["containerVersion"]
    version["trigger"][0]["uniqueTriggerId"] = "x"
    version["trigger"].append({"name": "Without an id"})
    version["tag"][0]["priority"] = "9"
    version["builtInVariable"] = [{"type": "PAGE_URL"}]
    del changed["exportTime"]
    return changed


def _settings_in(document: Json) -> Json:
    changed = deepcopy(document)
    for part in (part for part in changed["included"] if part["type"] == "rule_components"):
        part["attributes"]["settings"] = json.loads(part["attributes"]["settings"])
    changed["included"][0]["attributes"]["settings"] = None
    return changed


def _with_older_events(document: Json) -> Json:
    """The list that does not count beside `actions` (Cloudflare's API, "Update Zaraz configuration")."""
    changed = deepcopy(document)
    changed["tools"]["a"]["neoEvents"] = [{"data": {"htmlCode": BASE}, "firingTriggers": ["t"]}]
    return changed


FORMS: dict[str, tuple[str, Callable[[Json], object]]] = {
    "a version of the API's": ("gtm", _in_api_words),
    "an answer with a version": ("gtm", lambda one: {"containerVersion": _in_api_words(one), "compilerError": False}),
    "answers for tags and the rest": (
        "gtm",
        lambda one: {key: part for key, part in _in_api_words(one).items() if isinstance(part, list)},
    ),
    "format version 1.3": ("gtm", lambda one: {**one, "exportFormatVersion": 1.3}),
    "rules": ("gtm", _with_rules),
    "by hand": ("gtm", _by_hand),
    "the API's answer": ("zaraz", lambda one: {"errors": [], "messages": [], "success": True, "result": one}),
    "with a list of before": ("zaraz", _with_older_events),
    "a list of resources": ("adobe", lambda one: [*one["data"], *one["included"]]),
    "settings that are no text": ("adobe", _settings_in),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_container_is_told_alike_in_every_form(run: Run, form: str) -> None:
    name, change = FORMS[form]
    assert imported(run, change(CONTAINERS[name])) == imported(run, CONTAINERS[name])


def test_the_words_of_the_api_are_those_of_an_export() -> None:
    document = {key: part for key, part in broad().items() if key != "exportTime"}
    assert gtm.from_api(_in_api_words(document)) == document
    assert gtm.from_api(document) is document


def test_a_report_of_what_the_api_answers_finds_nothing_wrong_with_its_words(run: Run) -> None:
    Path("x.json").write_text(json.dumps(_in_api_words(broad())))
    ran = run("report", "x.json")
    assert ran.code == 0
    assert ran.err.startswith("0 findings\n")


def test_a_trigger_that_every_server_container_has_is_named(run: Run) -> None:
    document = export(tag=[html_tag("1", "A", BASE, ("2147479574",))])
    document["containerVersion"]["container"]["usageContext"] = ["SERVER"]
    [tag] = imported(run, document)["tags"]
    assert tag["fires_on"] == ["All Pages"]


def _scheduled(name: str) -> Json:
    if name == "matomo":
        tag = MATOMO["tags"][0] | {"start_date": "2015-01-01 00:00:00", "end_date": "2016-01-01 00:00:00"}
        return MATOMO | {"tags": [tag]}
    times = {"scheduleStartMs": "1420070400000", "scheduleEndMs": "1451606400000"}
    return export(tag=[html_tag("1", "A", BASE, ("7",), **times)], trigger=[trigger("7", "Thank you")])


@pytest.mark.parametrize("name", ["gtm", "matomo"])
def test_from_when_to_when_a_tag_fires_is_told(run: Run, name: str) -> None:
    [tag] = imported(run, _scheduled(name))["tags"]
    assert (tag["starts"], tag["ends"]) == ("2015-01-01 00:00:00", "2016-01-01 00:00:00")
    shown = run("import", "container.json").out
    assert ", from 2015-01-01 00:00:00 UTC, until 2016-01-01 00:00:00 UTC\n" in shown
    run("report", "container.json", "-o", "report.html")
    assert "from 2015-01-01 00:00:00 until 2016-01-01 00:00:00 UTC" in Path("report.html").read_text("utf-8")


@pytest.mark.parametrize("schedule", ["", "0", "x", "-1", "9" * 30])
def test_a_time_that_is_none_limits_nothing(schedule: str) -> None:
    document = export(tag=[html_tag("1", "A", BASE, scheduleStartMs=schedule)])
    [tag] = exports.readable()["gtm"].read(document).tags
    assert (tag.starts, tag.ends) == ("", "")


def test_what_a_zone_has_turned_off_no_tool_waits_for(run: Run) -> None:
    off = ZARAZ | {"consent": ZARAZ["consent"] | {"enabled": False}}
    assert {tuple(tag["consent"]) for tag in imported(run, off)["tags"]} == {()}


@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ({"type": "library", "library": "html", "tool": "custom-html"}, "custom-html"),
        ({"type": "library", "library": "facebook-pixel"}, "facebook-pixel"),
        ({"type": "custom-mc", "worker": {"workerTag": "x"}}, "custom-mc"),
    ],
)
def test_a_tool_of_an_older_kind_is_called_what_it_is(run: Run, tool: Json, kind: str) -> None:
    [told] = imported(run, ZARAZ | {"tools": {"a": {"name": "A", **tool}}})["not_read"]
    assert told["kind"] == kind


ORDER = "<script>gtag('event', 'conversion', {'send_to': 'AW-123456789/AbC', 'transaction_id': '{{Order}}'});</script>"
EVENT = "<script>fbq('track', 'Lead', {}, {eventID: '{{Event id}}'});</script>"


def test_the_ids_of_an_order_and_of_an_event_are_told(run: Run) -> None:
    document = export(tag=[html_tag("1", "A", ORDER), html_tag("2", "B", EVENT)])
    [order, event] = [tag["code"][0] for tag in imported(run, document)["tags"]]
    assert (order["order_id"], order["event_id"]) == ("{{Order}}", None)
    assert (event["order_id"], event["event_id"]) == (None, "{{Event id}}")


SOLD = "<script>%sfbq('track', 'Purchase', {value: %s, currency: 'USD'});</script>"
BROKEN = {
    "two commas": SOLD % ("", "{{Total}},"),
    "server code in a value": SOLD % ("", "<?php echo $total ?>"),
    "server code around it": SOLD % ("<?php if ($a) { ?>", "1") + "<?php } ?>",
    "a literal newline": SOLD % ("\\n", "{{Total}}"),
    "an entity": SOLD % ("if (a &amp;&amp; {{b}}) ", "1"),
}
RIGHT = {
    "a variable": SOLD % ("", "{{Total}}"),
    "a variable in a text": SOLD % ("", "'{{Total}}'"),
    "a variable in a template": SOLD % ("", "`${{{Total}}}`"),
    "a variable that is called": SOLD % ("{{Push it}}('x'); ", "{{Order total (€)}}.toFixed(2)"),
    "JSONata with an object": SOLD % ("", '{{ $number({"a": 1}.a) }}'),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_script_that_no_tag_manager_can_run_is_dead_or_not_read(run: Run, code: str) -> None:
    told = imported(run, export(tag=[html_tag("1", "Sold", BROKEN[code])]))
    states = [(one["state"], one["reason"]) for tag in told["tags"] for one in tag["code"]]
    reasons = [reason for state, reason in states if state == "dead"] or [tag["reason"] for tag in told["not_read"]]
    assert len(reasons) == 1
    assert "JavaScript" in reasons[0]
    assert f"warning: Sold is {'dead' if states else 'not read'}: {reasons[0]}\n" in run("import", "container.json").err


@pytest.mark.parametrize("code", RIGHT)
def test_a_variable_is_an_expression(run: Run, code: str) -> None:
    [tag] = imported(run, export(tag=[html_tag("1", "Sold", RIGHT[code])]))["tags"]
    assert [one["state"] for one in tag["code"]] == ["live"]


def test_a_data_element_alone_is_a_value_in_adobes_markup(run: Run) -> None:
    document = deepcopy(ADOBE)
    settings = {"language": "html", "source": SOLD % ("var a = 10 % 3; ", "%Order total%")}
    document["included"][5]["attributes"]["settings"] = json.dumps(settings)
    [code] = [tag["code"][0] for tag in imported(run, document)["tags"] if tag["name"] == "Meta: Purchase"]
    assert (code["value"], code["state"]) == ("{{Order total}}", "live")


def test_code_in_a_file_of_its_own_is_not_read(run: Run) -> None:
    document = deepcopy(ADOBE)
    settings = {"isExternal": True, "language": "javascript", "source": "https://assets.example/source.min.js"}
    document["included"][5]["attributes"]["settings"] = json.dumps(settings)
    assert "Meta: Purchase" in [tag["name"] for tag in imported(run, document)["not_read"]]


def test_a_key_that_occurs_twice_is_said(run: Run) -> None:
    text = json.dumps(GTM).replace('"trigger": [', '"trigger": [], "trigger": [')
    Path("x.json").write_text(text)
    ran = run("import", "x.json")
    said = "warning: x.json: the key 'trigger' occurs twice in one object, and what stands there first is not read\n"
    assert (ran.code, ran.err.startswith(said)) == (0, True)
