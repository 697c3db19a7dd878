"""What code from outside may call: a second pixel, consent in the visitor's place and the like have to be asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from tests.conftest import JS_PIXEL, PIXEL_ID, Run
from tests.pixels import CODES, META_ID, PURCHASE

OTHER = "6009125095681"
SECOND = [
    f"fbq('init', '{OTHER}')",
    f"fbq('init', {OTHER})",
    "fbq('init', 6.009125095681e12)",
    f"fbq(`init`, `{OTHER}`)",
    f"fbq('addPixelId', '{OTHER}')",
    f"fbq('trackSingle', '{OTHER}', 'Lead')",
    f"fbq('track', '{OTHER}', {{value: 1}})",
    f"fbq.push('init', '{OTHER}')",
    f"fbq.push(['init', '{OTHER}'])",
    f"fbq(['init', '{OTHER}'])",
    f"fbq.queue.push(['init', '{OTHER}'])",
    f"fbq.queue.push(['track', 'Lead'], ['init', '{OTHER}'])",
    f"_fbq.push('track', ['addPixelId', '{OTHER}'])",
    f"_fbq.push(['track', '{OTHER}', {{}}])",
    f"if (window.fbq) fbq('init', '{OTHER}')",
    f"window.fbq && fbq('init', '{OTHER}')",
    f"(function () {{ fbq('init', '{OTHER}'); }})()",
    f"(function (w) {{ w.fbq('init', '{OTHER}'); }})(window)",
    f"(function () {{ var q = window.fbq; q.push('init', '{OTHER}'); }})()",
    f"(function (p) {{ fbq('init', p); }})({OTHER})",
    f"window?.['fbq']?.('init', '{OTHER}')",
    f"(0, fbq)('init', '{OTHER}')",
    f"window._fbds = {{}}; _fbds.pixelId = {OTHER}",
    f"fb_param = {{pixel_id: '{OTHER}'}}",
]
MORE = {
    "fbq('consent', 'grant')": ("consent-granted", "consent:grant"),
    "fbq.push(['consent', 'grant'])": ("consent-granted", "consent:grant"),
    "if (window.fbq) { fbq.queue.push(['consent', 'grant']); }": ("consent-granted", "consent:grant"),
    "fbq('consent')": ("consent-granted", ""),
    "fbq('consent', 'maybe')": ("consent-granted", "consent:maybe"),
    "fbq('dataProcessingOptions', {})": ("unexpected-script", "call:dataProcessingOptions"),
    "fbq('dataProcessingOptions', ['X'])": ("unexpected-script", "call:dataProcessingOptions:X"),
    f"fbq('send', '{OTHER}', 'Lead')": ("unexpected-script", f"call:send:{OTHER}"),
    "fbq('loadPlugin', 'identity')": ("unexpected-script", "call:loadPlugin:identity"),
    "fbq('set', 'mobileBridge', '1', 'x')": ("unexpected-script", "call:set:mobileBridge"),
    "fbq()": ("unexpected-script", ""),
    "fbq.push(['track', 'Lead'], 1)": ("unexpected-script", "call:1"),
    "fbq.queue.push({0: 'init', 1: 'x', length: 2})": ("unexpected-script", ""),
}
ALLOWED = [
    f"fbq('init', '{META_ID}', {{em: user.mail}})",
    f"fbq('init', {META_ID})",
    f"fbq('trackSingle', '{META_ID}', 'Lead')",
    "fbq('track', 'Lead', {content_ids: ['a']}, {eventID: 'x'})",
    "fbq.push(['trackCustom', 'Mine'])",
    "fbq('consent', 'revoke')",
    "fbq('dataProcessingOptions', ['LDU'], 0, 0)",
    "fbq('dataProcessingOptions', ['LDU'], 1, 1000)",
    "fbq('dataProcessingOptions', [])",
    "fbq('dataProcessingOptions', [], 0, 0)",
    "fbq('track', 'PageView', [])",
    "fbq('set', 'autoConfig', false, '1')",
    "fbq('set', 'agent', 'shop')",
    "fbq('set', 'userData', {em: user.mail})",
    "(function () { fbq.queue.push(arguments); })(1)",
]


def _with(statement: str, code: str = PURCHASE) -> str:
    return code.replace("</script>", f"{statement};\n</script>", 1)


def _found(text: str, *asked: str) -> list[tuple[str, str]]:
    return [(one.code, one.asked) for one in lint.find_untrusted(snippets.parse(text), asked=frozenset(asked))]


@pytest.mark.wide
@pytest.mark.parametrize("statement", SECOND)
def test_a_second_pixel_is_said_in_whatever_form_it_is_named(statement: str) -> None:
    for code in (PURCHASE, CODES["fbq"]):
        document = snippets.parse(_with(statement, code))
        [finding] = [one for one in lint.find(document) if one.level == "error"]
        asked = "" if OTHER in {snippet.pixel_id for snippet in snippets.read_document(document)} else f"pixel:{OTHER}"
        assert (finding.code, finding.asked) == ("second-pixel", asked)
        assert finding.message == f"the code of pixel {META_ID} also names pixel {OTHER}, which then gets events too"
        assert (finding.line, finding.snippet) == (_with(statement, code).partition(statement)[0].count("\n") + 1, 0)
        assert _found(_with(statement, code), f"pixel:{OTHER}") == ([] if asked else [("second-pixel", "")])


def test_of_the_old_dialects_a_second_pixel_is_said_too_but_for_a_list_that_is_worked_off() -> None:
    assert _found(_with(f"_fbq.push(['addPixelId', '{OTHER}'])", CODES["fp"])) == [("second-pixel", "")]
    assert _found(_with(f"fbq('init', '{OTHER}')", CODES["fbds"])) == [("second-pixel", f"pixel:{OTHER}")]


def test_the_codes_of_several_pixels_in_scripts_of_their_own_name_no_second_one() -> None:
    twice = CODES["fbq"] + CODES["fbq"].replace(META_ID, OTHER)
    assert _found(twice) == _found(JS_PIXEL + CODES["fbq"] + CODES["fbds"].replace(PIXEL_ID, OTHER)) == []


META = f"fbq('init', '{META_ID}'); fbq('track', 'Lead');"
GOOGLE = "gtag('config', 'AW-123456789'); gtag('event', 'conversion', {send_to: 'AW-123456789/aBcD-eF_gHiJkLmNoPqR'});"
TIKTOK = "ttq.load('C4ABCDE0C77U00000123'); ttq.page(); ttq.track('SubmitForm');"
SNAP = "snaptr('init', '6d5a5b3c-1c2d-4e5f-8a9b-0c1d2e3f4a5b'); snaptr('track', 'PURCHASE');"


@pytest.mark.parametrize("other", [GOOGLE, TIKTOK, SNAP])
def test_one_script_may_have_the_code_of_several_platforms(other: str) -> None:
    for script in (f"{META}{other}", f"{other}{META}"):
        assert "second-pixel" not in [code for code, _ in _found(f"<script>{script}</script>")]
        more = f"<script>{script}fbq('init', '{OTHER}');</script>"
        assert [code for code, _ in _found(more)].count("second-pixel") == 1


@pytest.mark.parametrize("statement", MORE)
def test_a_call_that_does_more_than_report_is_said(statement: str) -> None:
    code, asked = MORE[statement]
    assert _found(_with(statement)) == [(code, asked)]
    assert _found(_with(statement), asked or "x") == ([] if asked else [(code, "")])
    assert _found(_with(f"{statement}; {statement}")) == [(code, asked)]


def test_a_thing_is_said_once_and_a_long_call_is_cut_short() -> None:
    assert _found(_with(f"{SECOND[0]}; {SECOND[4]}")) == [("second-pixel", f"pixel:{OTHER}")]
    [finding] = lint.find_untrusted(snippets.parse(_with(f"fbq('send', '{'é' * 40}')")))
    assert finding.message == f"\"fbq('send', '{'é' * 23}\ufffd\" does more than report a conversion"


@pytest.mark.parametrize("statement", ALLOWED)
def test_what_reports_or_holds_back_may_be_called(statement: str) -> None:
    assert _found(_with(statement)) == []


@pytest.mark.parametrize("statement", [*SECOND[:1], *MORE])
def test_a_page_may_call_what_it_likes(statement: str) -> None:
    found = lint.find(snippets.parse(f"<!doctype html><body>{_with(statement)}"))
    assert not {"second-pixel", "consent-granted", "unexpected-script"} & {one.code for one in found}


@pytest.mark.parametrize(
    ("statement", "said", "asked"),
    [
        (SECOND[0], f"second-pixel: the code of pixel {META_ID} also names pixel {OTHER}, ", f"pixel:{OTHER}"),
        (SECOND[14], f"second-pixel: the code of pixel {META_ID} also names pixel {OTHER}, ", f"pixel:{OTHER}"),
        ("fbq('consent', 'grant')", "consent-granted: \"fbq('consent', 'grant')\" grants consent on ", "consent:grant"),
        ("fbq('send', 'a b')", "unexpected-script: \"fbq('send', 'a b')\" does more ", "'call:send:a b'"),
    ],
)
def test_it_goes_onto_no_page_and_into_no_export_until_it_is_asked_for(
    run: Run, statement: str, said: str, asked: str
) -> None:
    before = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n</body>\n</html>\n"
    Path("page.html").write_text(before)
    Path("code.html").write_text(_with(statement))
    Path("rules.csv").write_text(f"page,pixel\n/page.html,{META_ID}\n")
    writers = [
        ["inject", "page.html", "--from-file", "code.html"],
        ["inject", ".", "--pages", "rules.csv", "--from-file", "code.html"],
        ["export", "gtm", "-o", "gtm.json", "--page-path", "/", "--from-file", "code.html"],
    ]
    for writer in writers:
        ran = run(*writer)
        assert (ran.code, ran.out, Path("page.html").read_text()) == (6, "", before)
        assert "code.html:4:" in ran.err
        assert f": {said}" in ran.err
        assert ran.err.endswith(f"; --allow {asked} allows it\n")
    assert not Path("gtm.json").exists()
    for writer in writers:
        assert run(*writer, "--allow", asked.strip("'")).code == 0
    assert statement in Path("page.html").read_text()
    assert "1 unchanged" in run(*writers[0], "--allow", asked.strip("'")).err
    assert statement in json.dumps(json.loads(Path("gtm.json").read_text())).replace('\\"', '"')
    run("remove", "page.html")
    assert Path("page.html").read_text() == before


def test_what_no_refusal_names_is_a_usage_error(run: Run) -> None:
    Path("code.html").write_text(PURCHASE)
    for what in ("grant", "consent", "pixel:", "other:x"):
        ran = run("inject", "x", "--from-file", "code.html", "--allow", what)
        assert (ran.code, "give what a refusal names" in ran.err) == (2, True)
