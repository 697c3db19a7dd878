"""Google Tag Manager's own: ids and references, variables, folders, consent, braces, limits, names; and what of a
person's container is read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from snippetkit import snippets
from snippetkit.containers import ContainerTag, DataLayerEvent, Export, ExportOptions, PageRule
from snippetkit.errors import SettingError, SnippetError
from snippetkit.exports import gtm
from snippetkit.model import Snippet
from snippetkit.terms import Consent, Match, OnConflict, TagVariant
from tests import managers
from tests.conftest import ACCOUNT
from tests.containers import broad
from tests.managers import Fired
from tests.tags import CHECKOUT, META, QUEUED, REGISTRATION, TAGS, exact

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ALL_PAGES = "2147479553"
ORDER = DataLayerEvent.of("order", "value", "currency")


def _document(*tags: ContainerTag, options: ExportOptions | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gtm.export(tags, options or ExportOptions()).content)
    return found


def _version(*tags: ContainerTag) -> dict[str, Any]:
    version: dict[str, Any] = _document(*tags)["containerVersion"]
    return version


def _value(item: dict[str, Any], key: str) -> str:
    [value] = (parameter["value"] for parameter in item["parameter"] if parameter["key"] == key)
    assert isinstance(value, str)
    return value


def _tag(*code: Snippet, **fields: Any) -> ContainerTag:
    return ContainerTag("A tag", code or (CHECKOUT,), **fields)


def _condition(rule: PageRule) -> tuple[str, list[str]]:
    [trigger] = _version(_tag(rules=(rule,)))["trigger"]
    assert (trigger["name"], trigger["type"]) == (rule.description, "PAGEVIEW")
    [condition] = trigger["filter"]
    return condition["type"], [parameter["value"] for parameter in condition["parameter"]]


def test_the_ids_come_from_one_counter_and_each_that_is_named_is_there() -> None:
    version = _version(*TAGS)
    ids = [item[f"{kind}Id"] for kind in ("tag", "trigger", "variable", "folder") for item in version[kind]]
    assert ids == [str(number) for number in range(1, len(ids) + 1)]
    triggers = {trigger["triggerId"] for trigger in version["trigger"]} | {ALL_PAGES}
    named = {id_ for tag in version["tag"] for key in ("firing", "blocking") for id_ in tag.get(f"{key}TriggerId", [])}
    assert named == triggers
    variables = {item["name"] for kind in ("variable", "builtInVariable") for item in version[kind]} | {"_event"}
    assert {*re.findall(r"\{\{(.+?)\}\}", json.dumps(version))} == variables


def test_the_keys_stand_in_the_order_of_the_tools_own_exports() -> None:
    version = _version(*TAGS)
    assert [*version][5:] == ["tag", "trigger", "variable", "folder", "builtInVariable", "fingerprint"]
    [queue] = (tag for tag in version["tag"] if "blockingTriggerId" in tag)
    assert [*queue] == (
        "accountId containerId tagId name type parameter fingerprint firingTriggerId blockingTriggerId"
        " tagFiringOption monitoringMetadata consentSettings"
    ).split()
    assert [*version["tag"][0]][7:9] == ["firingTriggerId", "parentFolderId"]


def test_what_is_not_used_is_not_there() -> None:
    assert not {"trigger", "variable", "folder", "builtInVariable"} & _version(_tag()).keys()
    assert not {"trigger", "builtInVariable"} & _version(_tag(rules=(PageRule.of(Match.ALL),))).keys()
    assert "builtInVariable" not in _version(_tag(event=ORDER))
    assert [b["type"] for b in _version(_tag(rules=exact("/x")))["builtInVariable"]] == ["PAGE_PATH"]


@pytest.mark.parametrize(
    ("rule", "comparison", "values"),
    [
        (PageRule.of(Match.EXACT, "/a.b"), "EQUALS", ["{{Page Path}}", "/a.b"]),
        (PageRule.of(Match.EXACT, "/a.b", ignore_case=True), "MATCH_REGEX", ["{{Page Path}}", r"^/a\.b$", "true"]),
        (PageRule.of(Match.PREFIX, "/a"), "STARTS_WITH", ["{{Page Path}}", "/a"]),
        (PageRule.of(Match.PREFIX, "/a", ignore_case=True), "MATCH_REGEX", ["{{Page Path}}", "^/a", "true"]),
        (PageRule.of(Match.REGEX, "^/a{2}$"), "MATCH_REGEX", ["{{Page Path}}", "^/a{2}$"]),
        (PageRule.of(Match.REGEX, "[{{]x"), "MATCH_REGEX", ["{{Page Path}}", r"[{\{]x"]),
        (PageRule.of(Match.CONTAINS, "a=b"), "CONTAINS", ["{{Page URL}}", "a=b"]),
        (PageRule.of(Match.CONTAINS, "a={{b}}"), "MATCH_REGEX", ["{{Page URL}}", r"a=\{\{b\}\}"]),
        (PageRule.of(Match.HOST, "x.example"), "EQUALS", ["{{Page Hostname}}", "x.example"]),
    ],
    ids=lambda rule: getattr(rule, "description", None),
)
def test_each_rule_is_one_condition(rule: PageRule, comparison: str, values: list[str]) -> None:
    assert _condition(rule) == (comparison, values)


def test_tags_with_one_rule_in_common_share_its_trigger() -> None:
    version = _version(replace(_tag(rules=exact("/x")), name="a"), replace(_tag(rules=exact("/x") * 2), name="b"))
    [trigger] = version["trigger"]
    assert [tag["firingTriggerId"] for tag in version["tag"]] == [[trigger["triggerId"]]] * 2


def test_an_exception_is_a_blocking_trigger_of_the_same_kind() -> None:
    version = _version(_tag(rules=(PageRule.of(Match.ALL),), exceptions=exact("/x")))
    [tag], [trigger] = version["tag"], version["trigger"]
    assert (tag["firingTriggerId"], tag["blockingTriggerId"]) == ([ALL_PAGES], [trigger["triggerId"]])
    assert trigger["type"] == "PAGEVIEW"


def test_an_event_is_a_custom_event_that_fires_each_time() -> None:
    version = _version(_tag(event=ORDER))
    [tag], [trigger] = version["tag"], version["trigger"]
    assert (tag["tagFiringOption"], trigger["type"], "filter" in trigger) == ("ONCE_PER_EVENT", "CUSTOM_EVENT", False)
    [condition] = trigger["customEventFilter"]
    assert [parameter["value"] for parameter in condition["parameter"]] == ["{{_event}}", "order"]
    assert _version(_tag(rules=exact("/x")))["tag"][0]["tagFiringOption"] == "ONCE_PER_LOAD"


def test_a_value_of_the_data_layer_falls_back_to_the_codes_own_in_the_script_and_in_the_image() -> None:
    version = _version(_tag(variant=TagVariant.BOTH, event=ORDER))
    script, image = version["tag"]
    assert "fb_param.value = {{Data layer value, or 19.99}};\n" in _value(script, "html")
    assert _value(image, "url").endswith(
        "&value={{Data layer value, or 19.99}}&currency={{Data layer currency, or USD}}"
    )
    value, table, *_ = version["variable"]
    assert (value["type"], _value(value, "name"), _value(value, "defaultValue")) == ("v", "value", "")
    assert (table["type"], _value(table, "input")) == ("remm", "{{Data layer value}}")
    assert _value(table, "defaultValue") == "{{Data layer value}}"
    assert len(version["variable"]) == 4


def test_a_value_that_the_page_made_has_no_constant() -> None:
    [code] = snippets.read(CHECKOUT.script.replace("'19.99'", "total"))
    version = _version(_tag(code, event=DataLayerEvent.of("order", "total")))
    assert [variable["name"] for variable in version["variable"]] == ["Data layer total"]
    assert "fb_param.value = {{Data layer total}};" in _value(version["tag"][0], "html")


@pytest.mark.parametrize(
    ("consent", "settings"),
    [
        (Consent.ADS, ("NEEDED", ["ad_storage", "ad_user_data", "ad_personalization"])),
        (Consent.NONE, ("NOT_NEEDED", [])),
    ],
)
def test_consent(consent: Consent, settings: tuple[str, list[str]]) -> None:
    for tag in _version(_tag(variant=TagVariant.BOTH, consent=consent))["tag"]:
        asked = tag["consentSettings"]
        types = [each["value"] for each in asked.get("consentType", {"list": []})["list"]]
        assert (asked["consentStatus"], types) == settings


def test_each_ad_account_has_a_folder() -> None:
    accounts = {"a": ACCOUNT, "b": None, "c": ACCOUNT}
    version = _version(*(replace(_tag(), name=name, account=account) for name, account in accounts.items()))
    [folder] = version["folder"]
    assert folder["name"] == f"Ad account {ACCOUNT}"
    folders = [tag.get("parentFolderId") for tag in version["tag"]]
    assert folders == [folder["folderId"], None, folder["folderId"]]


def test_images_are_decoded_and_https_and_numbered() -> None:
    version = _version(_tag(CHECKOUT, REGISTRATION, variant=TagVariant.BOTH))
    assert [tag["name"] for tag in version["tag"]] == ["A tag", "A tag image", "A tag image 2"]
    image = version["tag"][2]
    assert _value(image, "url") == (
        "https://www.facebook.com/offsite_event.php?id=6009125095681&value=5.00&currency=USD"
    )
    assert (_value(image, "useCacheBuster"), _value(image, "cacheBusterQueryParam")) == ("true", "gtmcb")
    assert "noscript" not in _value(version["tag"][0], "html")


def test_braces_and_quotes_of_an_image_are_encoded() -> None:
    url = '//www.facebook.com/tr?ev=6009125095680&cd[value]=1.00&cd[currency]=USD&x={{y}}"z'
    [code] = snippets.read(f"<img src='{url}'>")
    [tag] = _version(_tag(code, variant=TagVariant.IMAGE))["tag"]
    assert _value(tag, "url").endswith("&x=%7B%7By%7D%7D%22z")


def test_double_braces_of_a_script_are_split() -> None:
    [code] = snippets.read(CHECKOUT.script.replace("'USD';", "'USD'; f('{{Page Path}}');"))
    [tag] = _version(_tag(code))["tag"]
    assert "{{" not in _value(tag, "html")


def test_the_time_is_that_of_the_options() -> None:
    made_at = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    document = _document(_tag(), options=ExportOptions(made_at))
    assert document["exportTime"] == "2026-02-03 04:05:06"
    assert document["containerVersion"]["fingerprint"] == "1770091506000"
    assert document["containerVersion"]["tag"][0]["fingerprint"] == "1770091506000"
    assert re.fullmatch(
        "0{13}",
        _document(_tag(), options=ExportOptions(datetime(1970, 1, 1, tzinfo=UTC)))["containerVersion"]["fingerprint"],
    )


def test_a_file_is_utf_8_as_it_is_with_one_line_break_at_its_end() -> None:
    content = gtm.export([replace(_tag(), name="Größe <b>&'")]).content
    assert content.startswith(b"{\n") and content.endswith(b"}\n") and not content.endswith(b"\n\n")
    assert '"Größe <b>&\'"' in content.decode()


def test_many_tags_have_one_note_for_what_holds_for_all_of_them() -> None:
    tags = [replace(_tag(rules=()), name=f"Tag {number}", variant=TagVariant.BOTH) for number in range(5)]
    twice, never = gtm.export(tags).notes
    assert twice.startswith("'Tag 0', 'Tag 1', 'Tag 2' and 2 more: script and image both fire")
    assert never == "'Tag 0', 'Tag 1', 'Tag 2' and 2 more never fires until you choose a trigger for it"


def test_a_container_that_may_be_too_large_to_be_published_has_a_note() -> None:
    tags = [replace(_tag(rules=exact(f"/{number}")), name=f"Tag {number}") for number in range(200)]
    [alone] = gtm.export(tags).notes
    assert alone.startswith("the container: ") and alone.endswith("as far as is known (containerTooLarge)")
    [merged] = _into(_document(_tag(rules=exact("/x"))), *tags).notes
    assert merged.startswith("the container: ")
    assert _into(json.loads(gtm.export(tags).content), *tags).notes == ()


def test_a_colon_in_a_name_becomes_the_wide_one() -> None:
    rule = PageRule.of(Match.REGEX, "^/(?:a|b)$")
    tag = replace(_tag(rules=(rule,), exceptions=exact("/x:y")), name="Shop: checkout")
    export = gtm.export([tag])
    assert export.notes == (
        "the tag 'Shop: checkout' is called 'Shop\uff1a checkout', since Google Tag Manager allows no colon",
    )
    document = json.loads(export.content)
    names = [item["name"] for kind in ("tag", "trigger") for item in document["containerVersion"][kind]]
    assert not [name for name in names if ":" in name]
    [read] = gtm.read(document).tags
    assert (read.fires, read.blocks) == (("Page path matches ^/(?\uff1aa|b)$",), ("Page path is /x\uff1ay",))


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        (
            [_tag(variant=TagVariant.BOTH), replace(_tag(), name="A tag image")],
            "two tags have the same name: 'A tag image'",
        ),
        ([replace(_tag(), name="A:"), replace(_tag(), name="A\uff1a")], "two tags have the same name"),
        ([_tag(CHECKOUT, REGISTRATION, event=ORDER)], "A tag: several pixels cannot take their value from one event"),
        ([_tag(META, event=ORDER)], "A tag: no (value|currency) to take from the data layer"),
        ([_tag(META, event=DataLayerEvent.of("x"), variant=TagVariant.IMAGE), _tag()], "two tags have the same name"),
    ],
)
def test_what_a_container_cannot_hold_is_refused(tags: list[ContainerTag], reason: str) -> None:
    with pytest.raises(SnippetError, match=reason):
        gtm.export(tags)


def test_custom_html_has_a_limit() -> None:
    def code(characters: int) -> Snippet:
        script = CHECKOUT.script.replace("\n</script>", "//" + "x" * characters + "\n</script>")
        return snippets.read(script)[0]

    short = len(_value(_version(_tag(code(0)))["tag"][0], "html"))
    assert len(_value(_version(_tag(code(102_400 - short)))["tag"][0], "html")) == 102_400
    with pytest.raises(SnippetError, match="A tag: Custom HTML may have 102400 characters, and this has 102401"):
        gtm.export([_tag(code(102_401 - short))])


def test_a_constant_with_braces_is_refused() -> None:
    code = replace(QUEUED, value="{{x", places=tuple(replace(place, is_dynamic=False) for place in QUEUED.places))
    with pytest.raises(SnippetError, match=r"A tag: Google Tag Manager would read the value '\{\{x' as a variable"):
        gtm.export([_tag(code, event=ORDER)])


def _into(existing: object, *tags: ContainerTag, on_conflict: OnConflict = OnConflict.FAIL) -> Export:
    text = existing.decode() if isinstance(existing, bytes) else json.dumps(existing)
    return gtm.export(tags, ExportOptions(existing=text, on_conflict=on_conflict))


def test_our_tags_go_into_a_persons_container_once() -> None:
    tag = _tag(rules=exact("/x"), account=ACCOUNT)
    export = _into(broad(), tag)
    assert export.changes == (
        "added: tag 'A tag'",
        "added: trigger 'Page path is /x'",
        f"added: folder 'Ad account {ACCOUNT}'",
    )
    [read] = [found for found in gtm.read(json.loads(export.content)).tags if found.name == "A tag"]
    assert (read.fires, read.folder) == (("Page path is /x",), f"Ad account {ACCOUNT}")
    again = _into(export.content, tag)
    assert (again.changes, again.content) == ((), export.content)


def test_what_is_replaced_has_to_be_replaced_at_the_import_too() -> None:
    existing = _document(_tag(rules=exact("/x"), consent=Consent.NONE))
    export = _into(existing, _tag(rules=exact("/x")), on_conflict=OnConflict.REPLACE)
    assert (export.changes, len(export.notes)) == (("replaced: tag 'A tag'",), 1)
    assert _into(existing, _tag(rules=exact("/x")), on_conflict=OnConflict.RENAME).notes == ()
    with pytest.raises(SettingError, match="tag 'A tag': something else has this name there"):
        _into(existing, _tag())


def test_what_was_wrong_with_a_persons_container_is_not_ours_to_refuse() -> None:
    document = broad()
    document["containerVersion"]["tag"][0]["newerThanTheSchema"] = True
    assert "added: tag 'A tag'" in _into(document, _tag()).changes


def test_what_merging_breaks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = _document(_tag(rules=exact("/x")))
    broken["containerVersion"].pop("trigger")
    monkeypatch.setattr("snippetkit.gtm.merge", lambda *_: (broken, ()))
    with pytest.raises(SnippetError, match="merged, tag 'A tag' "):
        _into(broad(), _tag())


@pytest.mark.parametrize("existing", ["", "{", "[]", "1", "{}", '{"exportFormatVersion": 1}'])
def test_what_is_no_container_takes_no_tags(existing: str) -> None:
    with pytest.raises(SettingError):
        gtm.export([_tag()], ExportOptions(existing=existing))


def test_newer_javascript_than_the_compiler_takes_is_refused() -> None:
    [code] = snippets.read(CHECKOUT.script.replace("(function () {", "(() => {"))
    with pytest.raises(SnippetError, match="tag 'A tag' "):
        gtm.export([_tag(code)])


@pytest.mark.wide
@pytest.mark.browser
@pytest.mark.parametrize("variant", [TagVariant.SCRIPT, TagVariant.IMAGE])
@pytest.mark.parametrize(
    ("data", "value"),
    [
        ({"value": ""}, "19.99"),
        ({"value": None}, "19.99"),
        ({}, "19.99"),
        ({"value": 0}, "0"),
        ({"value": "0"}, "0"),
        ({"value": False}, "false"),
        ({"value": "é'\"&<{{x}}%41"}, "é'\"&<{{x}}%41"),
    ],
    ids=str,
)
def test_what_the_data_layer_lacks_is_the_codes_own(
    browser: Browser, variant: TagVariant, data: dict[str, object], value: str
) -> None:
    content = gtm.export([_tag(variant=variant, event=DataLayerEvent.of("order", "value"))]).content
    with managers.serving_site() as url:
        fired = managers.visit(browser, "gtm", content, url, push=[{"event": "order", **data}])
    assert fired == [Fired("6009125095680", None, value, "USD")]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("change", "to", "error"),
    [
        ('"firingTriggerId": ["3"]', '"firingTriggerId": ["9"]', "unknownTriggerId"),
        ("{{Data layer value}}", "{{Data layer other}}", "unknownMacroInstance"),
        ("fb_param.currency", "// {{Data layer value}}\\nfb_param.currency", "macroInCommentsError"),
        ("fb_param.currency", "let x = 1; fb_param.currency", "jsCompilerError"),
    ],
)
def test_the_runtime_of_the_tests_refuses_what_the_compiler_does(
    browser: Browser, change: str, to: str, error: str
) -> None:
    text = json.dumps(_document(_tag(variant=TagVariant.BOTH, event=DataLayerEvent.of("order", "value"))))
    assert change in text
    with pytest.raises(Exception, match=error):
        managers.fired(browser, "gtm", text.replace(change, to).encode(), [])
