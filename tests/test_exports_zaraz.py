"""Zaraz: merging into a person's own configuration, code that Zaraz would change, and what a person has to know."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from snippetkit import exports, snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, ExportOptions, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import zaraz
from snippetkit.exports._names import parts
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Match, OnConflict, TagVariant
from tests import managers
from tests.conftest import CASES, Run
from tests.managers import Fired
from tests.sdks import cache_folder, environment
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact

if TYPE_CHECKING:
    from playwright.sync_api import Browser

THEIRS: dict[str, Any] = {
    "consent": {"enabled": True, "purposesWithTranslations": {"rJJC": {"name": {"en": "Ads", "de": "Werbung"}}}},
    "dataLayer": False,
    "debugKey": "their key",
    "dlp": [],
    "historyChange": True,
    "settings": {"autoInjectScript": True, "hideQueryParams": True},
    "tools": {
        "7": {
            "type": "component",
            "component": "google-analytics_v4",
            "name": "Analytics, für uns",
            "enabled": True,
            "blockingTriggers": [],
            "defaultFields": {},
            "settings": {"tid": "G-1"},
            "permissions": [],
            "actions": {
                "a": {"actionType": "pageview", "blockingTriggers": [], "data": {}, "firingTriggers": ["Pageview"]}
            },
        },
        "5": {"name": "Meta Pixel", "component": "facebook-pixel", "neoEvents": [], "sample": 0.25},
    },
    "triggers": {
        "Pageview": {
            "clientRules": [],
            "description": "All page loads",
            "excludeRules": [],
            "loadRules": [{"match": "{{ client.__zarazTrack }}", "op": "EQUALS", "value": "Pageview"}],
            "name": "Pageview",
            "system": "pageload",
        },
        "TFOl": {
            "name": "Clicks",
            "loadRules": [{"id": "EDnV", "action": "clickListener", "settings": {"selector": "a", "type": "css"}}],
            "excludeRules": [],
        },
    },
    "variables": {"jwIx": {"name": "\ud800", "type": "string", "value": "s"}},
    "zarazVersion": 43,
}
TAG = ContainerTag("Checkout", (CHECKOUT,), rules=exact("/thanks.html"))


def merge(tags: list[ContainerTag], theirs: Any = THEIRS, on_conflict: OnConflict = OnConflict.FAIL) -> Export:
    text = theirs.decode() if isinstance(theirs, bytes) else json.dumps(theirs)
    return zaraz.export(tags, ExportOptions(existing=text, on_conflict=on_conflict))


def merged(tags: list[ContainerTag], theirs: Any = THEIRS, on_conflict: OnConflict = OnConflict.FAIL) -> Any:
    return json.loads(merge(tags, theirs, on_conflict).content)


def with_tool(**changes: Any) -> Any:
    """Their configuration with our tag in it, and its tool changed by hand."""
    theirs = merged([TAG])
    tool = list(theirs["tools"])[-1]
    theirs["tools"][tool] |= changes
    return theirs


def test_their_own_items_stay_as_they_are_and_ours_come_behind_them() -> None:
    found = merged([tag for tag in TAGS if tag.name != "Meta Pixel"])
    for part in ("tools", "triggers"):
        kept = list(found[part].items())[: len(THEIRS[part])]
        assert json.dumps(kept) == json.dumps(list(THEIRS[part].items()))
    assert json.dumps({**found, "tools": 0, "triggers": 0}) == json.dumps({**THEIRS, "tools": 0, "triggers": 0})


def test_what_a_merge_adds_is_told_and_a_second_one_changes_nothing() -> None:
    once = merge([TAG, replace(TAG, name="Second")])
    assert once.changes == (
        "added: trigger 'Page path is /thanks.html'",
        "added: tool 'Checkout'",
        "added: tool 'Second'",
    )
    for on_conflict in OnConflict:
        twice = merge([TAG, replace(TAG, name="Second")], once.content, on_conflict)
        assert twice.content == once.content
        assert twice.changes == ()


def test_what_a_merge_put_in_is_read_again_beside_a_line_for_each_other_tool() -> None:
    wanted = [tag for tag in TAGS if tag.name != "Meta Pixel"]
    found = zaraz.read(merged(wanted))
    assert [tag.name for tag in found.tags] == [part.name for tag in wanted for part in parts(tag)]
    not_read = [(tag.name, tag.kind) for tag in found.not_read]
    assert not_read == [("Analytics, für uns", "google-analytics_v4"), ("Meta Pixel", "facebook-pixel")]


OF_META = ContainerTag("Meta Pixel", (META,), rules=exact("/thanks.html"))


def test_a_name_that_another_tool_has_is_refused_with_the_options() -> None:
    with pytest.raises(SettingError, match="another tool 'Meta Pixel'") as error:
        merge([OF_META])
    assert "--on-conflict rename" in error.value.hint
    assert "--on-conflict replace" in error.value.hint


def test_a_tool_is_renamed_where_its_name_is_taken_and_found_under_the_new_one() -> None:
    once = merge([OF_META], on_conflict=OnConflict.RENAME)
    assert once.changes[1:] == ("renamed: tool 'Meta Pixel' is 'Meta Pixel (2)' here",)
    found = json.loads(once.content)
    assert [tool["name"] for tool in found["tools"].values()][1:] == ["Meta Pixel", "Meta Pixel (2)"]
    twice = merge([OF_META], once.content, OnConflict.RENAME)
    assert (twice.content, twice.changes) == (once.content, ())
    third = merge([replace(OF_META, rules=exact("/other.html"))], found, OnConflict.RENAME)
    assert third.changes[1:] == ("renamed: tool 'Meta Pixel' is 'Meta Pixel (3)' here",)


def test_a_tool_is_replaced_in_its_place_under_its_id() -> None:
    once = merge([OF_META], on_conflict=OnConflict.REPLACE)
    assert once.changes[1:] == ("replaced: tool 'Meta Pixel'",)
    found = json.loads(once.content)
    assert list(found["tools"]) == ["7", "5"]
    assert found["tools"]["5"]["component"] == "html"
    assert "neoEvents" not in found["tools"]["5"]
    twice = merge([OF_META], once.content, OnConflict.REPLACE)
    assert (twice.content, twice.changes) == (once.content, ())


def test_a_changed_value_replaces_the_tool_and_leaves_the_purpose_that_was_chosen_for_it() -> None:
    theirs = with_tool(defaultPurpose="rJJC", vendorName="Us")
    assert merge([TAG], theirs).changes == ()
    changed = replace(TAG, snippets=(CHECKOUT.with_value("7.00"),))
    export = merge([changed], theirs, OnConflict.REPLACE)
    assert export.changes == ("replaced: tool 'Checkout'",)
    tool = list(json.loads(export.content)["tools"].values())[-1]
    assert (tool["defaultPurpose"], tool["vendorName"]) == ("rJJC", "Us")
    assert "'7.00'" in export.content.decode()


def test_a_trigger_of_the_same_name_and_conditions_is_used_and_another_one_is_a_conflict() -> None:
    name = "Page path is /thanks.html"
    theirs = deepcopy(THEIRS)
    page_view = {"id": "x", "match": "{{ client.__zarazTrack }}", "op": "EQUALS", "value": "Pageview"}
    path = {"id": "y", "match": "{{ system.page.url.pathname }}", "op": "EQUALS", "value": "/thanks.html"}
    theirs["triggers"]["own"] = {"name": name, "loadRules": [page_view, path], "excludeRules": []}
    [*_, tool] = merged([TAG], theirs)["tools"].values()
    assert [action["firingTriggers"] for action in tool["actions"].values()] == [["own"]]
    path["op"] = "CONTAINS"
    with pytest.raises(SettingError, match=f"another trigger '{name}'"):
        merge([TAG], theirs)
    renamed = merge([TAG], theirs, OnConflict.RENAME)
    assert renamed.changes[0] == f"renamed: trigger '{name}' is '{name} (2)' here"
    assert [tag.name for tag in zaraz.read(json.loads(renamed.content)).tags] == ["Checkout"]
    replaced = json.loads(merge([TAG], theirs, OnConflict.REPLACE).content)
    assert replaced["triggers"]["own"]["loadRules"][1]["op"] == "EQUALS"


def test_an_id_that_is_taken_is_not_taken_again() -> None:
    ids = [list(merged([TAG])[part])[-1] for part in ("tools", "triggers")]
    theirs = deepcopy(THEIRS)
    theirs["tools"][ids[0]] = {"name": "Other"}
    theirs["triggers"][ids[1]] = {"name": "Other"}
    found = merged([TAG], theirs)
    tool_id, trigger_id = (list(found[part])[-1] for part in ("tools", "triggers"))
    assert found["tools"][ids[0]] == found["triggers"][ids[1]] == {"name": "Other"}
    [action] = found["tools"][tool_id]["actions"].values()
    assert action["firingTriggers"] == [trigger_id] != [ids[1]]
    assert merge([TAG], found).changes == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("\udce9", "not UTF-8"),
        ('{"dataLayer": true, "dataLayer": false}', "the key 'dataLayer' occurs twice in one object"),
        ('{"sample": 1e999}', "1e999 is not a value"),
        ("[]", "not a JSON object"),
        (json.dumps({"result": THEIRS, "success": True}), "it has no 'dataLayer'"),
        (json.dumps(THEIRS | {"tools": []}), "'tools' is not a JSON object"),
        (json.dumps(THEIRS | {"triggers": {"a": {}}}), r"triggers\.a has no name"),
        (json.dumps(THEIRS | {"tools": {"a": 1}}), r"tools\.a has no name"),
    ],
)
def test_what_is_no_configuration_is_refused(text: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        zaraz.export([TAG], ExportOptions(existing=text))
    assert not zaraz.recognizes([text])


def test_a_configuration_that_is_nested_hundreds_of_times_is_merged_or_refused_in_one_line() -> None:
    for depth in range(100, 1000, 50):
        theirs = f'{json.dumps(THEIRS)[:-1]}, "more": {"[" * depth + "]" * depth}}}'
        try:
            content = zaraz.export([TAG], ExportOptions(existing=theirs)).content
        except SettingError as error:
            assert "nested too deeply" in str(error)
            assert depth > 300
        else:
            assert content.count(b"[") >= depth


def test_a_byte_order_mark_in_front_of_their_file_is_no_part_of_it() -> None:
    assert zaraz.export([TAG], ExportOptions(existing=f"\ufeff{json.dumps(THEIRS)}")).content == merge([TAG]).content


def test_a_page_rule_looks_at_the_url_without_its_fragment_and_writes_no_variable() -> None:
    rules = (PageRule.of(Match.CONTAINS, "?a={{b}}"), PageRule.of(Match.REGEX, r"^/[{{x]+$"))
    found = merged([replace(TAG, rules=rules)])
    values = [rule["value"] for trigger in [*found["triggers"].values()][-2:] for rule in trigger["loadRules"][1:]]
    assert values == [r"^[^#]*\?a=\{\{b\}\}", r"^/[{\{x]+$"]


def code(tag: ContainerTag) -> str:
    """The markup of a tag's first tool."""
    [tool, *_] = json.loads(zaraz.export([tag]).content)["tools"].values()
    [action] = tool["actions"].values()
    return str(action["data"]["htmlCode"])


def with_script(text: str) -> Snippet:
    return Snippet("fp", "1", None, None, text, (0, len(text)))


@pytest.mark.parametrize("text", ["'`'", "`x`", "'${x}'"])
def test_code_that_would_end_what_zaraz_puts_around_it_is_refused(text: str) -> None:
    with pytest.raises(SnippetError, match=r"Checkout: the code (has a backtick|holds server code)"):
        zaraz.export([replace(TAG, snippets=(with_script(f"<script>f({text})</script>"),))])


def test_a_comment_at_the_end_of_the_code_ends_with_its_line() -> None:
    assert code(replace(TAG, snippets=(with_script("<script>f() // x</script>"),))) == "<script>f() // x\n</script>"


def test_what_is_left_in_the_markup_can_stand_between_backticks() -> None:
    image = r'<img src="https://www.facebook.com/tr?ev=6009125095680&cd[value]=1.00&a=`${x}\{{y}}&quot;">'
    [found] = snippets.read(image)
    src = code(replace(TAG, variant=TagVariant.IMAGE, snippets=(found,))).split('src="')[1]
    assert src.startswith("https://www.facebook.com/tr?ev=6009125095680&amp;cd[value]=1.00&amp;a=%60$%7Bx}%5C%7B%7By}}")


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("value", "client.value"),
        ("ecommerce.value", "client.ecommerce.value"),
        ("ecommerce.items.0.price", "client.ecommerce.items[0].price"),
        ("$a.and.1b", "client.`$a`.`and`.`1b`"),
    ],
)
@pytest.mark.parametrize("variant", TagVariant)
def test_a_key_becomes_a_path_and_is_read_again(variant: TagVariant, key: str, path: str) -> None:
    for event in (DataLayerEvent.of("e", key), DataLayerEvent.of("e", None, key), DataLayerEvent.of("e", key, "other")):
        tag = ContainerTag("Tag", (QUEUED,), variant, event=event)
        assert f"{{{{ {path} != null and " in code(tag)
        [read] = zaraz.read(json.loads(zaraz.export([replace(tag, variant=TagVariant.SCRIPT)]).content)).tags
        value = f"{{{{Data layer {event.value_key}, or 19.99}}}}" if event.value_key else "19.99"
        assert (read.fires, read.snippets[0].value) == (("Event e",), value)


def test_pixels_in_one_script_have_no_value_of_their_own_in_the_data_layer() -> None:
    tag = ContainerTag("Two", (CHECKOUT, REGISTRATION), event=DataLayerEvent.of("e", "value"))
    with pytest.raises(SnippetError, match="Two: several pixels cannot take their value from one event"):
        zaraz.export([tag])
    content = zaraz.export([replace(tag, event=DataLayerEvent.of("e"), variant=TagVariant.BOTH)]).content
    for read in zaraz.read(json.loads(content)).tags:
        assert [snippet.pixel_id for snippet in read.snippets] == ["6009125095680", "6009125095681"]


def test_where_the_codes_own_value_is_an_expression_there_is_none_beside_the_data_layers() -> None:
    [found] = snippets.read(QUEUED.source.replace("'19.99'", "cart.total").replace("=19.99", "=<?= $total ?>"))
    for variant in (TagVariant.SCRIPT, TagVariant.IMAGE):
        tag = ContainerTag("Tag", (found,), variant, event=DataLayerEvent.of("e", "value"))
        assert "$encodeUrlComponent($string(client.value)) : '' }}" in code(tag)
        [read] = zaraz.read(json.loads(zaraz.export([tag]).content)).tags
        assert [(one.value, one.dynamic) for one in read.snippets] == [("{{Data layer value}}", True)]


def test_the_name_of_each_page_view_is_no_event() -> None:
    with pytest.raises(SnippetError, match="Checkout: 'Pageview' is what Zaraz calls each page view"):
        zaraz.export([ContainerTag("Checkout", (CHECKOUT,), event=DataLayerEvent.of("Pageview"))])


def test_the_tool_of_an_image_has_a_name_that_no_tag_has() -> None:
    tag = replace(TAG, variant=TagVariant.BOTH)
    with pytest.raises(SnippetError, match="two tags have the same name: 'Checkout image'"):
        zaraz.export([tag, replace(TAG, name="Checkout image")])


EVENT = DataLayerEvent.of("purchase")
REPLACES = "replaces the zone's whole Zaraz configuration"
NOTES = [
    (replace(TAG, consent=Consent.NONE), [REPLACES], [REPLACES, "counts each change of the URL"]),
    (TAG, ["enable Consent Management, add a purpose"], ["assign one of your purposes ('Ads') to them"]),
    (replace(TAG, variant=TagVariant.BOTH), ["counts twice", "an <img> in a Custom HTML tool"], ["counts twice"]),
    (replace(TAG, account="434566956589050"), ["no place for the ad account of 'Checkout'"], []),
    (replace(TAG, rules=()), ["'Checkout' never fires until you choose"], ["never fires"]),
    (replace(TAG, rules=(), event=EVENT), [], ["hears zaraz.track() only"]),
    (replace(TAG, rules=(PageRule.of(Match.CONTAINS, "a=b"),)), [], ["Remove URL query parameters"]),
]


@pytest.mark.parametrize(("tag", "alone", "together"), NOTES)
def test_a_note_says_what_the_file_cannot(tag: ContainerTag, alone: list[str], together: list[str]) -> None:
    for notes, wanted in ((zaraz.export([tag]).notes, alone), (merge([tag]).notes, together)):
        assert all(any(text in note for note in notes) for text in wanted)
        assert all("\n" not in note for note in notes)


def test_a_tool_whose_purpose_was_chosen_needs_no_note_about_consent() -> None:
    assert any("consent" in note for note in merge([TAG], with_tool()).notes)
    assert not any("consent" in note for note in merge([TAG], with_tool(defaultPurpose="rJJC")).notes)


def test_a_purpose_that_another_tool_has_is_none_of_ours() -> None:
    theirs = with_tool(defaultPurpose="rJJC", permissions=[])
    for tag, choice in ((TAG, OnConflict.RENAME), (replace(TAG, variant=TagVariant.BOTH), OnConflict.REPLACE)):
        assert any("without consent" in note for note in merge([tag], theirs, choice).notes)
    assert not any("consent" in note for note in merge([TAG], theirs, OnConflict.REPLACE).notes)


def test_many_tags_are_named_by_the_first_three() -> None:
    tags = [replace(TAG, name=f"Tag {number}", rules=()) for number in range(5)]
    assert "'Tag 0', 'Tag 1', 'Tag 2' and 2 more never fires" in " ".join(zaraz.export(tags).notes)


def test_a_zone_that_hears_the_data_layer_and_keeps_its_urls_whole_needs_no_note_about_that() -> None:
    theirs = THEIRS | {"dataLayer": True, "settings": {"autoInjectScript": True}, "historyChange": False}
    tag = replace(TAG, consent=Consent.NONE)
    for found in (replace(tag, rules=(), event=EVENT), replace(tag, rules=(PageRule.of(Match.CONTAINS, "a=b"),))):
        assert len(merge([found], theirs).notes) == 1


HOSTILE = "1'\"</script><img src=x onerror=f()>{{x}}${y}`\\"
IMAGE = ContainerTag(
    "Image", (QUEUED,), TagVariant.IMAGE, event=DataLayerEvent.of("purchase", "ecommerce.items.0.price", "ecommerce.$c")
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("ecommerce", "value", "currency"),
    [
        ({"items": [{"price": 7.5}, {"price": 8}], "$c": "EUR"}, "7.5", "EUR"),
        ({"items": [{"price": 0}], "$c": ""}, "0", "USD"),
        ({"items": [{"price": None}]}, "19.99", "USD"),
        ({"items": []}, "19.99", "USD"),
        (None, "19.99", "USD"),
        ({"items": [{"price": HOSTILE}], "$c": "&ev=1#%41"}, HOSTILE, "&ev=1#%41"),
    ],
)
@pytest.mark.parametrize("variant", [TagVariant.SCRIPT, TagVariant.IMAGE])
def test_what_the_data_layer_has_is_reported_and_breaks_out_of_nothing(
    browser: Browser, variant: TagVariant, ecommerce: object, value: str, currency: str
) -> None:
    content = zaraz.export([replace(IMAGE, variant=variant)]).content
    with managers.serving_site() as url:
        fired = managers.visit(browser, "zaraz", content, url, push=[{"event": "purchase", "ecommerce": ecommerce}])
    assert fired == [Fired("6009125095680", None, value, currency)]


@pytest.mark.browser
def test_an_image_is_loaded_each_time_that_the_event_happens(browser: Browser) -> None:
    content = zaraz.export([ContainerTag("Image", (QUEUED,), TagVariant.IMAGE, event=EVENT)]).content
    with managers.serving_site() as url:
        fired = managers.visit(browser, "zaraz", content, url, push=[{"event": "purchase"}] * 3)
    assert fired == [Fired("6009125095680", None, "19.99", "USD")] * 3


@pytest.mark.browser
def test_tools_run_one_behind_the_other_in_one_function(browser: Browser) -> None:
    commented = snippets.join(snippets.read(QUEUED.script.replace("\n</script>", " // the end</script>")))
    markup = r'<img src="https://www.facebook.com/tr?ev=6009125095681&cd[value]=1.00&a=`${x}\{{y}}">'
    everywhere = (PageRule.of(Match.ALL),)
    tags = [
        ContainerTag("Comment", (commented,), rules=everywhere),
        ContainerTag("Markup", tuple(snippets.read(markup)), TagVariant.IMAGE, everywhere),
        ContainerTag("Last", (META,), rules=everywhere),
    ]
    with managers.serving_site() as url:
        fired = managers.visit(browser, "zaraz", zaraz.export(tags).content, url)
    assert sorted(fired, key=lambda event: event.pixel_id) == [
        Fired("434566956589050", "PageView", None, None),
        Fired("6009125095680", None, "19.99", "USD"),
        Fired("6009125095681", None, "1.00", None),
    ]


@pytest.mark.browser
def test_a_purpose_that_was_assigned_keeps_the_tool_until_consent(browser: Browser) -> None:
    for purpose, consent, count in [("rJJC", False, 0), ("rJJC", True, 1), (None, False, 1)]:
        theirs = with_tool(**({"defaultPurpose": purpose} if purpose else {}))
        theirs["tools"] = {"ours": list(theirs["tools"].values())[-1]}
        with managers.serving_site() as url:
            content = json.dumps(theirs).encode()
            assert len(managers.visit(browser, "zaraz", content, f"{url}/thanks.html", consent=consent)) == count


Complaints = dict[str, list[str]]


@pytest.fixture(scope="module")
def judge(pytestconfig: pytest.Config) -> Callable[[dict[str, Any]], Complaints]:
    """Have documents, by any name, judged by Cloudflare's own model: what it says against each."""

    def judge(documents: dict[str, Any]) -> Complaints:
        python = environment(cache_folder(pytestconfig), "cloudflare==5.9.0")
        script = Path(__file__).parent / "sdk_cloudflare.py"
        text = json.dumps(documents).encode()
        ran = subprocess.run([python, script], input=text, stdout=subprocess.PIPE, check=True, timeout=120)
        found: Complaints = json.loads(ran.stdout)
        return found

    return judge


LAST = "*"
MISSING = object()
WRONG: list[tuple[tuple[Any, ...], object]] = [
    *(((part,), MISSING) for part in ("dataLayer", "debugKey", "settings", "tools", "triggers", "variables")),
    (("zarazVersion",), MISSING),
    (("settings", "autoInjectScript"), MISSING),
    *((("tools", LAST, part), MISSING) for part in ("blockingTriggers", "component", "defaultFields", "enabled")),
    *((("tools", LAST, part), MISSING) for part in ("name", "permissions", "settings", "type")),
    *((("tools", LAST, "actions", LAST, part), MISSING) for part in ("actionType", "blockingTriggers", "data")),
    (("tools", LAST, "actions", LAST, "firingTriggers"), MISSING),
    *((("triggers", LAST, part), MISSING) for part in ("excludeRules", "loadRules", "name")),
    *((("triggers", LAST, "loadRules", 1, part), MISSING) for part in ("id", "match", "op", "value")),
    (("dataLayer",), []),
    (("zarazVersion",), "new"),
    (("tools",), []),
    (("tools", LAST, "type"), "tool"),
    (("tools", LAST, "permissions"), "execute_unsafe_scripts"),
    (("triggers", LAST, "loadRules", 1, "op"), "equals"),
]


def changed(document: Any, path: tuple[Any, ...], value: object) -> Any:
    """A copy of a document with another value at a path, or without what is there; `*` is the last item."""
    found = part = deepcopy(document)
    *steps, name = path
    for step in steps:
        part = part[list(part)[-1] if step == LAST else step]
    if value is MISSING:
        del part[name]
    else:
        part[name] = value
    return found


@pytest.mark.sdk
def test_cloudflares_own_model_takes_our_files_and_knows_each_key(
    judge: Callable[[dict[str, Any]], Complaints],
) -> None:
    documents = {tag.name: json.loads(zaraz.export([tag]).content) for tag in TAGS}
    documents["all"] = json.loads(zaraz.export(TAGS).content)
    assert judge(documents) == {name: [] for name in documents}


@pytest.mark.sdk
def test_cloudflares_own_model_refuses_our_file_where_a_part_is_missing_or_wrong(
    judge: Callable[[dict[str, Any]], Complaints],
) -> None:
    document = json.loads(zaraz.export([TAG]).content)
    found = judge({str(number): changed(document, *wrong) for number, wrong in enumerate(WRONG)})
    for number, (path, _) in enumerate(WRONG):
        complaints = found[str(number)]
        assert complaints and not any(text.startswith("unknown: ") for text in complaints), path
        assert any(str(path[0]) in text for text in complaints), path


@pytest.mark.sdk
def test_a_merge_makes_nothing_of_theirs_wrong_for_cloudflares_own_model(
    judge: Callable[[dict[str, Any]], Complaints],
) -> None:
    theirs = deepcopy(THEIRS)
    del theirs["tools"]["5"]
    found = judge({"before": theirs, "after": merged(TAGS, theirs)})
    assert found["before"] == found["after"] != []


@pytest.mark.parametrize(("format_name", "other"), [("zaraz", "gtm"), ("gtm", "zaraz"), ("zaraz", "matomo")])
def test_a_file_of_another_tag_manager_to_merge_into_is_called_by_its_name(
    run: Run, format_name: str, other: str
) -> None:
    file, code = CASES / "exports" / f"{other}.json", CASES / "code" / "fp.html"
    ran = run("export", format_name, "--from-file", str(code), "--all-pages", "--into", str(file), "-q")
    assert (ran.code, ran.out) == (2, "")
    titles = {name: exports.find_format(name).TITLE for name in (format_name, other)}
    assert f"{other}.json: this is a file of {titles[other]}, not of {titles[format_name]}; 'snippetkit" in ran.err
