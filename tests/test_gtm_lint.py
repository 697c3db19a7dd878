"""What is wrong with a container: each rule has one that breaks just it."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from snippetkit import gtm
from snippetkit.errors import SettingError, SnippetError
from snippetkit.gtm import markup
from snippetkit.gtm.shape import MAX_DEPTH, schema
from tests.conftest import CASES
from tests.containers import (
    PAGE_PATH,
    SCRIPT,
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
from tests.documents import PAGES

TEMPLATE = {"templateId": "1", "name": "T", "templateData": "x"}


def _event(**more: Any) -> Json:
    filters = {"customEventFilter": [condition("EQUALS", "_event", "purchase")]} | more
    return {"triggerId": "9", "name": "Event", "type": "CUSTOM_EVENT", **filters}


def _lookup(pattern: str) -> Json:
    row = {"type": "MAP", "map": [parameter("key", pattern), parameter("value", "x")]}
    return variable("9", "Lookup") | {"type": "remm", "parameter": [{"type": "LIST", "key": "map", "list": [row]}]}


def _function(code: str) -> Json:
    return variable("9", "Function") | {"type": "jsm", "parameter": [parameter("javascript", code)]}


def _script(code: str) -> Json:
    return export(tag=[html_tag("1", "A", f"<p>\n<script>\n{code}\n</script>")], variable=[variable("2", "V")])


def _tag(html: str = SCRIPT, **more: Any) -> Json:
    return export(tag=[html_tag("1", "A", html, **more)], variable=[variable("2", "V")])


def _with(change: Callable[[Json, Json, Json], object]) -> Json:
    """An export in which something is changed; the function gets the document, its tag and its trigger."""
    document = export(tag=[html_tag("1", "A")], trigger=[trigger("2", "B")], builtInVariable=[PAGE_PATH])
    version = document["containerVersion"]
    change(document, version["tag"][0], version["trigger"][0])
    return document


TAG, EVENT, FUNCTION = "tag 'A' (tagId 1)", "trigger 'Event' (triggerId 9)", "variable 'Function' (variableId 9)"
VARIABLE = "variable 'V' (variableId 2)"
GROUP = {"type": "LIST", "key": "triggerIds", "list": [{"type": "TRIGGER_REFERENCE", "value": "7"}]}
ZONE = {"zoneId": "1", "name": "Z", "boundary": {"customEvaluationTriggerId": ["7"]}}
REFERRING = {"type": "gaawe", "parameter": [parameter("measurementId", "B", "TAG_REFERENCE")]}
TIMER = {"type": "TIMER", "interval": {"type": "TEMPLATE", "value": "{{W}}"}}
CSS = '<style>a { content: "/*" } /* {{V}}</style>'
PAGE_VIEWS = [{"triggerId": str(number), "name": f"T{number}", "type": "PAGEVIEW"} for number in range(1, 1002)]
LONG = [html_tag(str(number), str(number), "<b>x</b>\n" * 9_000) for number in range(3)]
BROKEN = [
    ("wrongVersion", "exportFormatVersion", _with(lambda document, *_: document.update(exportFormatVersion=1))),
    ("wrongType", "exportFormatVersion", _with(lambda document, *_: document.update(exportFormatVersion=2.0))),
    ("wrongType", "containerVersion.tag[0].name", _with(lambda _, tag, __: tag.update(name=1))),
    ("wrongType", "containerVersion.trigger[0].filter", _with(lambda *parts: parts[2].update(filter={}))),
    ("unknownField", "containerVersion.tag[0]", _with(lambda _, tag, __: tag.update(color="x"))),
    ("unknownField", "the document", _with(lambda document, *_: document.update(color="x"))),
    ("missingField", "containerVersion.tag[0]", _with(lambda _, tag, __: tag.pop("type"))),
    ("missingId", "containerVersion.tag[0]", _with(lambda _, tag, __: tag.pop("tagId"))),
    ("missingField", "containerVersion.trigger[0]", _with(lambda *parts: parts[2].pop("triggerId"))),
    ("missingField", "the document", _with(lambda document, *_: document.pop("containerVersion"))),
    ("unknownWord", "containerVersion.trigger[0].type", _with(lambda *parts: parts[2].update(type="pageview"))),
    ("duplicateTagName", "tag 'A' (tagId 2)", export(tag=[html_tag("1", "A"), html_tag("2", "A")])),
    ("duplicateTagId", "tag 'B' (tagId 1)", export(tag=[html_tag("1", "A"), html_tag("1", "B")])),
    ("duplicateTriggerName", EVENT, export(trigger=[_event(triggerId="1"), _event()])),
    ("duplicateTriggerId", EVENT, export(trigger=[_event(name="A"), _event()])),
    ("duplicateDefaultMacro", VARIABLE, export(variable=[variable("1", "V"), variable("2", "V")])),
    (
        "duplicateDefaultMacro",
        "built-in variable 'Page Path'",
        export(variable=[variable("1", "Page Path")], builtInVariable=[PAGE_PATH]),
    ),
    ("duplicateVariableId", VARIABLE, export(variable=[variable("2", "W"), variable("2", "V")])),
    ("duplicateFolderName", "folder 'F' (folderId 2)", export(folder=[folder("1", "F"), folder("2", "F")])),
    ("duplicateFolderId", "folder 'G' (folderId 1)", export(folder=[folder("1", "F"), folder("1", "G")])),
    (
        "duplicateTemplateName",
        "template 'T' (templateId 2)",
        export(customTemplate=[TEMPLATE, TEMPLATE | {"templateId": "2"}]),
    ),
    ("duplicateTemplateId", "template 'U' (templateId 1)", export(customTemplate=[TEMPLATE, TEMPLATE | {"name": "U"}])),
    ("unknownTriggerId", TAG, _tag(triggers=("2147479553", "7"))),
    ("unknownTriggerId", TAG, _tag(blockingTriggerId=["7"])),
    ("unknownTriggerId", EVENT, export(trigger=[_event(type="TRIGGER_GROUP", parameter=[GROUP])])),
    ("unknownTriggerId", "zone 'Z' (zoneId 1)", export(zone=[ZONE])),
    ("unknownFolderId", TAG, _tag(parentFolderId="7")),
    ("unknownTagInstance", TAG, _tag(setupTag=[{"tagName": "B"}])),
    ("unknownTagInstance", TAG, export(tag=[html_tag("1", "A") | REFERRING])),
    ("unknownMacroInstance", "trigger 'B' (triggerId 2)", export(trigger=[trigger("2", "B")])),
    ("unknownMacroInstance", TAG, _script("f({{W}})")),
    ("unknownMacroInstance", VARIABLE, export(variable=[variable("2", "V", "{{v}}")])),
    ("unknownMacroInstance", EVENT, export(trigger=[_event(**TIMER)])),
    ("unknownTemplate", TAG, export(tag=[html_tag("1", "A") | {"type": "cvt_5TP8W", "parameter": []}])),
    ("unknownTemplate", VARIABLE, export(variable=[variable("2", "V") | {"type": "cvt_0_1", "parameter": []}])),
    ("unknownType", TAG, export(tag=[html_tag("1", "A") | {"type": "META_CONVERSION", "parameter": []}])),
    ("unknownType", VARIABLE, export(variable=[variable("2", "V") | {"type": "URL"}])),
    ("tagSequenceCycle", TAG, _tag(setupTag=[{"tagName": "A"}])),
    ("tagSequenceCycle", TAG, _tag(teardownTag=[{"tagName": "1"}])),
    ("documentWrite", TAG, _tag("<script>\nf();\ndocument.write('<b>x</b>');</script>")),
    ("documentWrite", TAG, _tag("<script>window.document.writeln(1)</script>")),
    ("documentWrite", TAG, _tag("<script>document['write'](1)</script>")),
    ("documentWrite", TAG, _tag('<script>window.document["writeln"](1)</script>')),
    (
        "tooManyTriggers",
        "the container",
        export(trigger=PAGE_VIEWS),
    ),
    ("macroCycle", VARIABLE, export(variable=[variable("2", "V", "{{V}}")])),
    ("macroCycle", VARIABLE, export(variable=[variable("2", "V", "{{W}}"), variable("3", "W", "{{V}}")])),
    ("invalidRegex", EVENT, export(trigger=[_event(customEventFilter=[condition("MATCH_REGEX", "_event", "(a")])])),
    ("invalidRegex", "variable 'Lookup' (variableId 9)", export(variable=[_lookup("a**")])),
    ("customTriggerMissingEventFilter", EVENT, export(trigger=[_event(customEventFilter=[])])),
    ("invalidHtmlCssJs", TAG, _tag("<script>f()")),
    ("invalidHtmlCssJs", TAG, _tag(f"{SCRIPT}<!-- x")),
    ("invalidHtmlCssJs", TAG, _tag(f"{SCRIPT}<img alt='")),
    ("macroInCommentsError", TAG, _script("f(); // {{V}}")),
    ("macroInCommentsError", TAG, _script("/*\n{{V}} */ f({{V}})")),
    ("macroInCommentsError", TAG, _tag("<!-- {{V}} -->")),
    ("macroInCommentsError", TAG, _tag("<noscript><!-- {{V}} --></noscript>")),
    ("macroInCommentsError", TAG, _tag(CSS)),
    ("jsCompilerError", TAG, _script("var f = () => {{V}}")),
    ("jsCompilerError", TAG, _script("var f = ;")),
    ("jsCompilerError", FUNCTION, export(variable=[_function("function() { let a; }")])),
    ("jsCompilerError", FUNCTION, export(variable=[_function("return 1")])),
    ("invalidPixelId", TAG, export(tag=[html_tag("1", "A") | {"type": "googtag", "parameter": []}])),
    ("htmlTooLong", TAG, _tag("<b>x</b>\n" * 12_000)),
    ("lineTooLong", TAG, _tag("x " * 20_000)),
    ("javascriptTooLong", TAG, _tag("é" * 32_768 + "\n" + "x" * 32_769)),
    ("containerTooLarge", "the container", export(tag=LONG)),
    ("fileTooLarge", "the file", export(customTemplate=[TEMPLATE | {"templateData": "x" * 10 * 1024 * 1024}])),
]


@pytest.mark.parametrize(("code", "where", "document"), BROKEN, ids=[code for code, _, _ in BROKEN])
def test_what_breaks_a_rule_is_told_by_its_name_and_its_place(code: str, where: str, document: Json) -> None:
    found = {(problem.code, problem.where) for problem in gtm.find_problems(document)}
    assert found - ({("lineTooLong", where)} if code == "javascriptTooLong" else set()) == {(code, where)}


def test_each_code_has_a_container_that_breaks_it() -> None:
    assert {code for code, _, _ in BROKEN} == set(gtm.CODES)


def test_each_code_is_told() -> None:
    for code, meaning in gtm.CODES.items():
        assert f"| `{code}` | {meaning} |" in PAGES["lint-container.md"]


def test_our_export_and_a_container_with_everything_are_clean() -> None:
    assert gtm.find_problems(json.loads((CASES / "exports" / "gtm.json").read_bytes())) == []
    assert gtm.find_problems(broad()) == []


CLEAN = [
    _script("f({{V}}, '{{V}}');\nif ({{V}}) { g({a: {b: 1}}); }"),
    _script("<!-- old browsers\nf();\n//-->"),
    export(tag=[html_tag("1", "A", "a < b & c <3 <script type='application/ld+json'>{\"a\": [}</script>")]),
    export(tag=[html_tag("1", "A", "<script type=text/gtmscript>let a = `b`</script>")]),
    export(tag=[html_tag("1", "A", "<style>a { content: '/* {{V}} */' }</style>")], variable=[variable("2", "V")]),
    export(variable=[_function("// {{V}}\nfunction() { return {{V}} }; "), variable("1", "V")]),
    export(variable=[_lookup(r"^/(?<name>[\w-]+)/{{V}}(?:x|[^]{2,}?)$"), variable("1", "V")]),
    export(tag=[html_tag("1", "A", setupTag=[{"tagName": "2"}]), html_tag("2", "B", teardownTag=[{"tagName": "A"}])]),
    export(
        tag=[
            html_tag("1", "A") | {"type": "cvt_5TP8W", "parameter": []},
            html_tag("2", "B") | {"type": "cvt_7_3", "parameter": []},
        ],
        customTemplate=[
            TEMPLATE | {"galleryReference": {"galleryTemplateId": "5TP8W"}},
            TEMPLATE | {"templateId": "3", "containerId": "7", "name": "U"},
        ],
    ),
    export(
        tag=[
            html_tag("1", "A", "<script>document.write(1)</script>")
            | {
                "parameter": [
                    parameter("html", "<script>document.write(1)</script>"),
                    parameter("supportDocumentWrite", "true", "BOOLEAN"),
                ]
            },
            html_tag(
                "2",
                "B",
                "<script>var a = {write: 1}; a.document.write; f('document.write'); // document.write</script>",
            ),
        ]
    ),
    export(trigger=PAGE_VIEWS[:1000]),
    _with(lambda _, tag, __: tag["parameter"].append(parameter("x", "{{Page Path}}", "TAG_REFERENCE"))),
]


@pytest.mark.parametrize("document", CLEAN)
def test_what_only_looks_wrong_is_not_told(document: Json) -> None:
    assert gtm.find_problems(document) == []


@pytest.mark.parametrize(
    ("context", "own", "other"),
    [
        ("WEB", ["2147479553", "2147479572", "2147479573"], ["2147479556", "2147479574"]),
        ("IOS_SDK_5", ["2147479556"], ["2147479553"]),
        ("SERVER", ["2147479574"], ["2147479553"]),
        ("ANDROID_SDK_5", ["2147479556", "2147479557"], ["2147479", "7"]),
        ("AMP", ["2147479553"], ["2147480000"]),
    ],
)
def test_the_built_in_triggers_are_those_of_the_containers_kind(context: str, own: list[str], other: list[str]) -> None:
    def found(triggers: list[str]) -> list[str]:
        document = export(tag=[html_tag("1", "A", triggers=(one,)) | {"name": one, "tagId": one} for one in triggers])
        document["containerVersion"]["container"]["usageContext"] = [context]
        return [problem.where.split("'")[1] for problem in gtm.find_problems(document)]

    assert found(own) == []
    assert found(other) == other


def test_check_raises_the_first_error_and_lets_doubts_pass() -> None:
    gtm.check(export(tag=[html_tag("1", "A", "x " * 20_000)]))
    document = export(tag=[html_tag("1", "A", triggers=("7",)), html_tag("2", "A")])
    with pytest.raises(SnippetError, match=r"^tag 'A' \(tagId 2\): 'A' is that of another: ") as caught:
        gtm.check(document)
    assert caught.value.hint == "Google Tag Manager calls it duplicateTagName"


def test_a_line_is_that_of_the_tag() -> None:
    [problem] = gtm.find_problems(_script("f();\nvar g = () => 1;"))
    assert problem.message == "line 4: an arrow function, near 'var g = () => 1;'; the compiler takes ECMAScript 5"
    assert str(problem) == f"tag 'A' (tagId 1): {problem.message} (jsCompilerError)"
    [problem] = gtm.find_problems(_script("f();\n/*\n{{V}} */"))
    assert problem.message == "line 5: {{V}} is inside a comment of JavaScript"


def test_the_schema_has_what_the_checks_need_and_says_where_it_is_from() -> None:
    shapes = schema()["$defs"]
    assert schema()["revision"].isdigit()
    assert set(shapes["Export"]["properties"]) == {"exportFormatVersion", "exportTime", "containerVersion"}
    for shape in shapes.values():
        assert set(shape) == {"type", "properties", "additionalProperties"}
    words = shapes["Trigger"]["properties"]["type"]["enum"]
    assert {"PAGEVIEW", "CUSTOM_EVENT", "YOU_TUBE_VIDEO", "CONSENT_INIT"} <= {*words}
    assert shapes["Container"]["properties"]["usageContext"]["items"]["enum"][-3:] == ["IOS_SDK_5", "AMP", "SERVER"]
    assert "FIREBASE_EVENT_PARAMETER_CAMPAIGN_CP1" in shapes["BuiltInVariable"]["properties"]["type"]["enum"]
    assert shapes["Tag"]["properties"]["type"] == {"type": "string"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON: line 1, column 1: unexpected end"),
        ('{"a": 1', "not JSON: line 1, column 8: unexpected end"),
        ("\udcff", "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' occurs twice in one object"),
        ('{"a": NaN}', "NaN is not a value"),
        ('{"a": [0.5, -1e999]}', "-1e999 is not a value"),
        ('{"a": ' + "1" * 5000 + "}", "not JSON: no export has a number of 5000 digits$"),
        ("\udcff\udcfe{\0}\0", "this is UTF-16, and must be UTF-8$"),
        ("{\0}\0", "this is UTF-16, and must be UTF-8$"),
    ],
)
def test_text_that_is_no_json_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(SettingError, match=rf"^x\.json: .*({reason})") as caught:
        gtm.parse(text, "x.json")
    assert "\n" not in str(caught.value)


def test_lists_may_be_as_deep_as_it_says() -> None:
    for levels in (MAX_DEPTH, MAX_DEPTH + 1):
        nested: object = "text"
        for _ in range(levels - 1):
            nested = [nested]
        told = [one for one in gtm.find_problems({"containerVersion": nested}) if "inside each other" in one.message]
        assert bool(told) == (levels > MAX_DEPTH)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert gtm.parse('\ufeff{"a": 1}', "x") == {"a": 1}


def test_every_part_of_a_document_may_be_shared_and_none_is_changed() -> None:
    document = broad()
    before = deepcopy(document)
    gtm.find_problems(document)
    assert document == before


def test_the_lines_of_a_tag_are_counted_once_and_not_for_each_finding() -> None:
    markup._newlines.cache_clear()
    found = gtm.find_problems(_tag("<style>\n/*{{V}}*/</style><!--{{V}}-->\n" * 5000))
    comments = [problem.message for problem in found if problem.code == "macroInCommentsError"]
    assert len(comments) == 10_000
    assert comments[-1].startswith("line 10000: ")
    assert markup._newlines.cache_info().misses == 1


@pytest.mark.parametrize(
    ("opened", "closed"), [("{", "}"), ("f(", ")"), ("(function(){", "})()"), ("[", "]"), ("if(a)", "")]
)
def test_a_script_that_is_nested_too_deeply_is_said_to_be_and_not_looked_at(opened: str, closed: str) -> None:
    found = gtm.find_problems(_script(f"\n{opened * 5000}a{closed * 5000}"))
    [problem] = [problem for problem in found if problem.code == "jsCompilerError"]
    assert "line 4: code that is nested deeper than 1000 times, which is not looked at" in problem.message


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("fbq(“track”, 'Lead');", "what is not JavaScript, near \"fbq(“track”, 'Lead')\"; type straight quotes"),
        ("if (a &amp;&amp; b) c();", "near 'if (a &amp;&amp; b) c();'; write the characters themselves: "),
        ("<?php echo 1 ?>; a();", "near '<?php echo 1 ?>; a();'; server code does not run in a tag manager"),
        ("a(); b = <br />;", "markup, near 'a(); b = <br />;'; put markup into a text, or out of the script"),
        ("f({{V}}; b();", "near 'f({{V}}; b();'; the compiler takes ECMAScript 5"),
        ("long_enough_to_be_cut_off(1, 2); let a;", "let or const, near 'o_be_cut_off(1, 2); let a;'; the compiler"),
    ],
)
def test_what_the_compiler_refuses_is_shown_with_what_to_do(script: str, message: str) -> None:
    [problem] = gtm.find_problems(_script(script))
    assert problem.message.startswith("line 3: ")
    assert message in problem.message


def test_a_function_is_shown_as_it_stands() -> None:
    [problem] = gtm.find_problems(export(variable=[_function("function() { let a; }")]))
    assert problem.message.startswith("line 1: let or const, near 'function() { let a; }'; ")


def test_a_long_sum_is_no_nest() -> None:
    assert gtm.find_problems(_script("x = " + "'a' +\n" * 3000 + "'b'")) == []


def test_of_a_tag_that_is_many_times_too_long_nothing_else_is_checked() -> None:
    [html] = gtm.find_problems(_tag("<script>let a;\n" * 50_000))[:1]
    assert html.code == "htmlTooLong"
    assert html.message.endswith("; beyond 409600 nothing else is checked")
    function = export(variable=[_function("function () {" + "let a;\n" * 100_000 + "}")])
    [script] = gtm.find_problems(function)[:1]
    assert script.code == "javascriptTooLong"
    assert script.message == "700014 characters; beyond 409600 nothing is checked"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("customEvent", "'customEvent' is not a word of an export; write 'CUSTOM_EVENT'"),
        ("pageview", "'pageview' is not a word of an export; write 'PAGEVIEW'"),
        ("youTubeVideo", "'youTubeVideo' is not a word of an export; write 'YOU_TUBE_VIDEO'"),
        ("YOUTUBE_VIDEO", "'YOUTUBE_VIDEO' is not a word of an export; write 'YOU_TUBE_VIDEO'"),
        ("FORM_SUBMIT", "'FORM_SUBMIT' is not a word of an export; write 'FORM_SUBMISSION'"),
        ("SHOPIFY", "'SHOPIFY' is not a word of an export"),
    ],
)
def test_a_word_as_the_api_writes_it_or_nearly_so_is_told_with_the_right_one(word: str, told: str) -> None:
    found = [one.message for one in gtm.find_problems(export(trigger=[trigger("1", "A", type=word)]))]
    assert found[:1] == [told]
