"""`import` of containers that people made by hand: which code is in them, where it fires, and what is not read."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from snippetkit import exports
from snippetkit.errors import SettingError
from tests.conftest import Run
from tests.containers import Json, broad, export, folder, html_tag, parameter, trigger

BASE = """<script>
!function(f,b,e,v,n,t,s){if(f.fbq)return;n=f.fbq=function(){n.callMethod?n.callMethod.apply(n,arguments):n.queue.push(arguments)};
n.push=n;n.loaded=!0;n.version='2.0';n.queue=[];t=b.createElement(e);t.async=!0;t.src=v;s=b.getElementsByTagName(e)[0];
s.parentNode.insertBefore(t,s)}(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');
fbq('init', '434566956589050');
fbq('track', 'PageView');
</script>
<noscript><img height="1" width="1" style="display:none"
src="https://www.facebook.com/tr?id=434566956589050&ev=PageView&noscript=1"/></noscript>"""  # fmt: skip
PURCHASE = """<script>
  fbq('track', 'Purchase', {value: {{DLV - value}}, currency: '{{DLV - currency}}'});
</script>"""
IMAGE = "https://www.facebook.com/tr?ev=6009125095680&cd[value]=%s&cd[currency]=USD&noscript=1"
CHAT = "<script>chat.start();</script>"

_NEEDED: Json = {
    "consentStatus": "NEEDED",
    "consentType": {"type": "LIST", "list": [{"type": "TEMPLATE", "value": "marketing"}]},
}
GTM = export(
    tag=[
        html_tag("1", "Meta base", BASE, ("2147479553",), paused=True),
        html_tag("2", "Meta purchase", PURCHASE, ("7", "8"), blockingTriggerId=["9"], consentSettings=_NEEDED),
        html_tag("3", "Chat", CHAT, ("2147479553",), setupTag=[{"tagName": "Old image"}], parentFolderId="11"),
        {
            **html_tag("4", "Old image", parentFolderId="11"),
            "type": "img",
            "parameter": [parameter("url", IMAGE % "{{Order total}}"), parameter("useCacheBuster", "true", "BOOLEAN")],
            "consentSettings": {"consentStatus": "NOT_NEEDED"},
        },
        {**html_tag("5", "Analytics"), "type": "googtag", "parameter": [parameter("tagId", "G-1")]},
        {**html_tag("6", "Template"), "type": "cvt_0_12", "parameter": [parameter("pixelId", "434566956589050")]},
        {**html_tag("7", "Gallery"), "type": "cvt_ABCDE"},
        {**html_tag("8", "Newest"), "type": "zzz"},
        html_tag("9", "Text alone", "fbq('init', '434566956589050'); fbq('track', 'Lead');"),
    ],
    trigger=[trigger("7", "Thank you"), trigger("8", "Order done"), trigger("9", "Staff")],
    folder=[folder("11", "Marketing")],
    customTemplate=[
        {"containerId": "0", "templateId": "12", "name": "Facebook Pixel"},
        {"name": "Other", "galleryReference": {"galleryTemplateId": "ABCDE"}},
    ],
)

MATOMO: Json = {
    "context": "web",
    "tags": [
        {
            "type": "CustomHtml",
            "name": "Meta base",
            "parameters": {"customHtml": BASE, "htmlPosition": "headEnd"},
            "fire_trigger_ids": [3, 99],
            "status": "active",
        },
        {
            "type": "CustomHtml",
            "name": "Meta purchase",
            "parameters": {"customHtml": PURCHASE},
            "fire_trigger_ids": [4],
            "block_trigger_ids": [5],
            "status": "paused",
        },
        {
            "type": "CustomImage",
            "name": "Old image",
            "parameters": {"customImageSrc": IMAGE % "{{Order total}}"},
            "fire_trigger_ids": "all",
        },
        {"type": "CustomHtml", "name": "Chat", "parameters": {"customHtml": CHAT}},
        {"type": "FacebookPixel", "name": "Template", "parameters": {"pixelId": "434566956589050"}},
        {"name": "Nothing"},
    ],
    "triggers": [
        {"idtrigger": 3, "type": "PageView", "name": "Pageview"},
        {"idtrigger": 4, "type": "CustomEvent", "name": "Order done"},
        {"idtrigger": 5, "type": "PageView", "name": "Staff"},
    ],
    "variables": [{"type": "DataLayer", "name": "DLV - value"}],
}


def _tool(name: str, *codes: str, **more: Any) -> Json:
    actions = {
        str(number): {
            "actionType": "event",
            "blockingTriggers": [],
            "firingTriggers": ["Pageview"],
            "data": {"__zaraz_setting_name": f"Part {number}", "htmlCode": code},
        }
        for number, code in enumerate(codes, 1)
    }
    return {"type": "component", "component": "html", "name": name, "enabled": True, "actions": actions, **more}


ZARAZ: Json = {
    "consent": {"enabled": True, "purposes": {"abcd": {"name": "Ads"}}},
    "dataLayer": True,
    "debugKey": "x",
    "settings": {"autoInjectScript": True},
    "tools": {
        "a": _tool("Meta", BASE, PURCHASE, defaultPurpose="abcd"),
        "b": _tool("Old image", f'<img src="{IMAGE % "{{ client.total }}"}">', enabled=False, blockingTriggers=["t"]),
        "c": _tool("Chat", CHAT),
        "d": {"component": "facebook-pixel", "name": "Managed", "neoEvents": [{"data": {"ev": "Purchase"}}, 1]},
        "e": {"name": "Nothing"},
        "f": {"name": "Older", "neoEvents": [{"data": {"htmlCode": BASE}, "firingTriggers": ["t"]}]},
    },
    "triggers": {"Pageview": {"name": "Pageview"}, "t": {"name": "Staff"}},
    "variables": {},
    "zarazVersion": 44,
}


def _rule(rule_id: str, name: str, **more: Any) -> Json:
    return {"type": "rules", "id": rule_id, "attributes": {"name": name, **more}}


def _part(rule_id: str, name: str, delegate: str, settings: object = None, **more: Any) -> Json:
    return {
        "type": "rule_components",
        "id": f"RC{name}",
        "attributes": {
            "name": name,
            "delegate_descriptor_id": delegate,
            "settings": json.dumps(settings or {}),
            **more,
        },
        "relationships": {"rules": {"data": [{"type": "rules", "id": rule_id}]}},
    }


def _custom(language: str, source: str) -> Json:
    return {"language": language, "source": source}


_CODE = "core::actions::custom-code"
_SCRIPT = BASE.split("</script>")[0].removeprefix("<script>")
ADOBE: Json = {
    "data": [_rule("RL1", "Meta"), _rule("RL2", "Old image", enabled=False), _rule("RL3", "Empty")],
    "included": [
        _part("RL1", "Page bottom", "core::events::page-bottom"),
        _part("RL1", "Thank you", "core::conditions::path", negate=False),
        _part("RL1", "Order", "core::conditions::variable"),
        _part("RL1", "Staff", "core::conditions::value-comparison", negate=True),
        _part("RL1", "Base", _CODE, _custom("javascript", f"{_SCRIPT}\nvar end = '</script>';")),
        _part(
            "RL1",
            "Purchase",
            _CODE,
            _custom("html", PURCHASE.replace("{{DLV - value}}", "'%Total%'").replace("{{DLV - currency}}", "EUR")),
        ),
        _part("RL1", "Chat", _CODE, _custom("html", CHAT)),
        _part("RL1", "Template", "facebook-pixel::actions::send-purchase-event"),
        _part("RL2", "Image", _CODE, _custom("javascript", f"new Image().src = '{IMAGE % '%Total%'}';")),
        {"type": "data_elements", "id": "DE1", "attributes": {"name": "Total"}},
    ],
}
CONTAINERS: dict[str, Json] = {"gtm": GTM, "matomo": MATOMO, "zaraz": ZARAZ, "adobe": ADOBE}

_BASE_CODE = ("fbq", "434566956589050", "PageView", None, None, False)
_PURCHASE_CODE = ("fbq", None, "Purchase", "{{DLV - value}}", "{{DLV - currency}}", True)
_IMAGE_CODE = ("image", "6009125095680", None, "{{Order total}}", "USD", True)
WANTED: dict[str, list[tuple[Any, ...]]] = {
    "gtm": [
        ("Meta base", ["All Pages"], [], None, None, True, _BASE_CODE),
        ("Meta purchase", ["Thank you", "Order done"], ["Staff"], ["marketing"], None, False, _PURCHASE_CODE),
        ("Old image", ["before the tag Chat"], [], [], "Marketing", False, _IMAGE_CODE),
        ("Analytics", [], [], None, None, False, ("gtag", "G-1", None, None, None, False)),
    ],
    "matomo": [
        ("Meta base", ["Pageview", "trigger 99"], [], None, None, False, _BASE_CODE),
        ("Meta purchase", ["Order done"], ["Staff"], None, None, True, _PURCHASE_CODE),
        ("Old image", [], [], None, None, False, _IMAGE_CODE),
    ],
    "zaraz": [
        ("Meta: Part 1", ["Pageview"], [], ["Ads"], None, False, _BASE_CODE),
        ("Meta: Part 2", ["Pageview"], [], ["Ads"], None, False, _PURCHASE_CODE),
        ("Old image", ["Pageview"], ["Staff"], None, None, True, (*_IMAGE_CODE[:3], "{{ client.total }}", "USD", True)),
        ("Older", ["Staff"], [], None, None, False, _BASE_CODE),
    ],
    "adobe": [
        ("Meta: Base", ["Page bottom, where Thank you and Order"], ["Staff"], None, None, False, _BASE_CODE),
        (
            "Meta: Purchase", ["Page bottom, where Thank you and Order"], ["Staff"], None, None, False,
            ("fbq", None, "Purchase", "{{Total}}", "EUR", True),
        ),
        ("Old image", [], [], None, None, True, ("image", "6009125095680", None, "{{Total}}", "USD", True)),
    ],
}  # fmt: skip
OTHERS = {
    "gtm": ["Chat", "Text alone"],
    "matomo": ["Chat"],
    "zaraz": ["Chat"],
    "adobe": ["Meta: Chat"],
}
NOT_READ = {
    "gtm": [
        ("Template", "custom template 'Facebook Pixel'"),
        ("Gallery", "custom template 'Other'"),
        ("Newest", "type zzz"),
    ],
    "matomo": [("Template", "FacebookPixel"), ("Nothing", "a tag without a type")],
    "zaraz": [("Managed", "facebook-pixel"), ("Nothing", "a tool without a component")],
    "adobe": [("Meta: Template", "send-purchase-event of the extension facebook-pixel")],
}


def imported(run: Run, document: object) -> dict[str, Any]:
    Path("container.json").write_text(json.dumps(document))
    ran = run("import", "container.json", "--json")
    assert ran.code == 0, ran.err
    listed: dict[str, Any] = json.loads(ran.out)
    return listed


@pytest.mark.parametrize("name", CONTAINERS)
def test_the_code_of_a_container_that_somebody_made_is_told_with_where_it_fires(run: Run, name: str) -> None:
    listed = imported(run, CONTAINERS[name])
    assert (listed["version"], listed["format"]) == (2, name)
    keys = ("dialect", "pixel_id", "event", "value", "currency", "dynamic")
    told = [
        (*(tag[key] for key in ("name", "fires_on", "except_on", "consent", "folder", "paused")),
         *(tuple(code[key] for key in keys) for code in tag["code"]))
        for tag in listed["tags"]
    ]  # fmt: skip
    assert told == WANTED[name]
    assert [tag["name"] for tag in listed["others"]] == OTHERS[name]
    assert [(tag["name"], tag["kind"]) for tag in listed["not_read"]] == NOT_READ[name]


def test_the_table_has_a_line_for_each_event_and_what_is_not_in_it_is_counted(run: Run) -> None:
    Path("container.json").write_text(json.dumps(GTM))
    ran = run("import", "container.json")
    header, *rows = ran.out.splitlines()
    assert header.split("  ")[0] == "NAME"
    assert [" ".join(row.split()) for row in rows] == [
        "Meta base fbq 434566956589050 PageView paused All Pages",
        "Meta purchase fbq Purchase {{DLV - value}} {{DLV - currency}} live marketing"
        " Thank you or Order done, except Staff",
        "Old image image 6009125095680 {{Order total}} USD live none before the tag Chat",
        "Analytics gtag G-1 base code nothing yet",
    ]
    assert ran.err == "Google Tag Manager: 4 tags with conversion code, 2 without, 3 not read\n"


def test_tags_of_the_tools_own_types_are_told_too(run: Run) -> None:
    Path("container.json").write_text(json.dumps(broad()))
    rows = run("import", "container.json").out.splitlines()[1:]
    assert [" ".join(row.split()) for row in rows] == [
        "Google tag gtag {{Measurement ID}} base code Initialization - All Pages",
        "Purchase in Analytics gtag {{Measurement ID}} purchase {{the data layer's ecommerce}} live Purchase",
        "Conversion of Ads gtag AW-123456789/abc conversion {{DLV value}} {{DLV currency}} live Purchase",
    ]


def test_a_container_without_code_is_no_table(run: Run) -> None:
    Path("container.json").write_text(json.dumps(export(tag=[html_tag("1", "Chat", CHAT)])))
    ran = run("import", "container.json")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Google Tag Manager: 0 tags with conversion code, ")


def test_an_image_that_a_tag_has_in_a_noscript_is_dead(run: Run) -> None:
    image = f'<img src="{IMAGE % "1.00"}">'
    document = export(tag=[html_tag("1", "Noscript", f"<noscript>{image}</noscript>"), html_tag("2", "Image", image)])
    [noscript, shown] = [tag["code"] for tag in imported(run, document)["tags"]]
    assert [(code["state"], bool(code["reason"])) for code in (*noscript, *shown)] == [("dead", True), ("live", False)]


@pytest.mark.parametrize(
    ("joined", "value"),
    [
        ("' + {{Order total}}", "{{Order total}}"),
        ("' + {{Order total}} + '&t=1'", "{{Order total}}"),
        ("' + {{Order total}} + '.00'", "{{Order total}}.00"),
        ("'.concat(order.total)", "order.total"),
        ("' + order.total + '.00'", "${order.total}.00"),
    ],
)
def test_a_value_that_a_url_is_put_together_with_is_told_as_it_stands(run: Run, joined: str, value: str) -> None:
    code = f"<script>new Image().src = '{IMAGE.partition('%')[0]}{joined};</script>"
    [tag] = imported(run, export(tag=[html_tag("1", "Image", code)]))["tags"]
    assert [(one["value"], one["dynamic"]) for one in tag["code"]] == [(value, True)]


def test_many_triggers_are_shown_by_the_first_three(run: Run) -> None:
    triggers = [trigger(str(number), f"Page {number}") for number in range(20, 25)]
    document = export(tag=[html_tag("1", "Meta", BASE, tuple(one["triggerId"] for one in triggers))], trigger=triggers)
    Path("container.json").write_text(json.dumps(document))
    assert "Page 20 or Page 21 or Page 22 or 2 more" in run("import", "container.json").out


def test_a_trigger_that_the_file_does_not_have_is_told_by_its_number(run: Run) -> None:
    [tag] = imported(run, export(tag=[html_tag("1", "Meta", BASE, ("20",))]))["tags"]
    assert tag["fires_on"] == ["trigger 20"]


def test_components_that_do_not_say_their_rule_are_of_one(run: Run) -> None:
    parts = [
        _part("", "Page bottom", "core::events::page-bottom"),
        _part("", "Base", _CODE, _custom("html", BASE)),
    ]
    for part in parts:
        part["relationships"] = {"rules": {"links": {"related": "https://reactor.adobe.io/x"}}}
    [tag] = imported(run, {"data": parts})["tags"]
    assert (tag["name"], tag["fires_on"]) == ("Base", ["Page bottom"])
    [alone] = imported(run, {"data": parts[1]})["tags"]
    assert (alone["name"], alone["fires_on"]) == ("Base", [])


@pytest.mark.parametrize("settings", ["", "{", "1", "[" * 100_000, '{"source": 1}'])
def test_an_action_whose_settings_are_no_code_is_not_read(run: Run, settings: str) -> None:
    part = _part("RL1", "Base", _CODE)
    part["attributes"]["settings"] = settings
    assert [tag["name"] for tag in imported(run, {"data": [_rule("RL1", "Meta"), part]})["not_read"]] == ["Meta"]


def _without(document: Json, *path: str | int, value: object = None) -> Json:
    """The document with another value at a path, or without what is there."""
    changed = deepcopy(document)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return changed


_VERSION = "containerVersion"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (_without(GTM, "exportFormatVersion", value=3), "format version 3; only version 2 can be imported"),
        (_without(GTM, _VERSION, value=[]), "containerVersion: an object is expected here"),
        (_without(GTM, _VERSION, "tag", value={}), "containerVersion.tag: a list is expected here"),
        (_without(GTM, _VERSION, "tag", 0, value=1), "containerVersion.tag[0]: an object is expected here"),
        (_without(GTM, _VERSION, "tag", 0, "name"), "containerVersion.tag[0]: there is no name"),
        (_without(GTM, _VERSION, "tag", 0, "parameter", 0, value=[]), "parameter[0]: an object is expected here"),
        (_without(GTM, _VERSION, "tag", 0, "firingTriggerId", value="7"), "firingTriggerId: a list is expected"),
        (_without(GTM, _VERSION, "trigger", 0, "name", value=1), "containerVersion.trigger[0].name: a string is exp"),
        ({"exportFormatVersion": 2, _VERSION: {"tags": []}}, "containerVersion.tags: no export has this part; in one"),
        (_without(MATOMO, "tags", 0, "name"), "not a Matomo container: number 1 of its tags has no name"),
        (_without(MATOMO, "triggers", 1, value="x"), "not a Matomo container: number 2 of its triggers has no name"),
        (_without(ADOBE, "data", 0, value=3), "data.0 is not an object"),
        (_without(ADOBE, "data", 0, "id"), "the document has no data.0.id"),
        (_without(ADOBE, "data", 0, "attributes", "name", value=3), "data.0.attributes.name is not a text"),
        (_without(ADOBE, "included", 1, "attributes"), "the document has no included.1.attributes"),
        ({"requests": [{}]}, "the document has no requests.0.body"),
        ({"requests": ["x"]}, "the document has no requests.0.body"),
    ],
)  # fmt: skip
def test_a_container_that_is_not_whole_is_refused_in_one_line(run: Run, document: Json, reason: str) -> None:
    Path("container.json").write_text(json.dumps(document))
    ran = run("import", "container.json")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("error: container.json: ") and reason in ran.err


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            '{"x": %s}' % ("1" * 10_000),
            " is not an export of a tag manager: no export has a number of 10000 digits; give the file",
        ),
        (
            json.dumps({"result": 1}),
            " is not an export of a tag manager that can be read; give what a tag manager exports, or",
        ),
        *(
            (json.dumps(GTM).encode(name), ": this is UTF-16, and must be UTF-8; save it as UTF-8")
            for name in ("utf-16", "utf-16-le", "utf-16-be")
        ),
        (codecs.BOM_UTF16_BE + json.dumps(GTM).encode("utf-16-be"), ": this is UTF-16, and must be UTF-8"),
        (json.dumps(GTM).encode("utf-32"), " is not JSON: "),
        (b" ", " is not JSON: line 1, column 2: unexpected end"),
    ],
    ids=range(8),
)
def test_a_file_that_is_no_export_is_refused_with_what_to_do(run: Run, content: str | bytes, reason: str) -> None:
    Path("x.json").write_bytes(content if isinstance(content, bytes) else content.encode())
    ran = run("import", "x.json")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"error: x.json{reason}")


def _places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (*path, key)
            yield from _places(value[key], *path, key)


@pytest.mark.wide
@pytest.mark.parametrize("odd", [None, True, "\ud800", "{}", [1], {}], ids=repr)
@pytest.mark.parametrize("name", CONTAINERS)
def test_whatever_stands_in_a_container_reading_it_ends_well(name: str, odd: object) -> None:
    found = exports.readable()[name]
    small = _smaller(CONTAINERS[name])
    for path in _places(small):
        with suppress(SettingError):
            found.read(_without(small, *path, value=odd) if odd is not None else _without(small, *path))


def _smaller(document: Json) -> Json:
    """The document with less code, so that reading it often is quick."""
    text = json.dumps(document)
    for code in (BASE, _SCRIPT, PURCHASE):
        escaped = json.dumps(code)[1:-1]
        text = text.replace(json.dumps(escaped)[1:-1], "x").replace(escaped, "x")
    smaller: Json = json.loads(text)
    return smaller


_Change = Callable[[Json], object]
_RECOGNIZED: list[object] = [
    None,
    1,
    "x",
    [],
    {},
    {"data": None},
    {"data": [1]},
    {"data": {"type": "pixels"}},
    {"tags": []},
]


@pytest.mark.parametrize("document", _RECOGNIZED, ids=str)
def test_what_no_tag_manager_exports_is_recognized_by_none(document: object) -> None:
    assert not [name for name, found in exports.readable().items() if found.recognizes(document)]


@pytest.mark.parametrize("code", [PURCHASE.partition("</script>")[0], "<p>a</p>\n<script>fbq(</script>"])
def test_code_that_cannot_be_read_is_named_and_not_counted_as_none(run: Run, code: str) -> None:
    document = export(tag=[html_tag("1", "Sold", code), html_tag("2", "Hello", "<script>hello()</script>")])
    [not_read] = imported(run, document)["not_read"]
    assert (not_read["name"], not_read["reason"].partition(":")[0]) == ("Sold", f"line {1 + code.startswith('<p>')}")
    ran = run("import", "container.json")
    assert f"warning: Sold is not read: {not_read['reason']}\n" in ran.err
    assert ran.err.endswith(": 0 tags with conversion code, 1 without, 1 not read\n")
