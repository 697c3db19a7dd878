"""Scripts that a tool holds back until the visitor has agreed: read, told, woken by `verify`, and never doubled."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from snippetkit import html, inject, lint, snippets
from snippetkit.browser import Fired, Observed, judge
from snippetkit.browser.visits import waking_script
from snippetkit.model import Loaded
from tests.conftest import Run
from tests.faulty import page
from tests.pages import COMBINE, insertion_of, make_options, why_refused
from tests.pixels import CODES, META_ID

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
ADOPT = make_options(adopt=True, combine=COMBINE, force=True)
SCRIPTS = {
    name: re.sub("<script[^>]*>", "<script>", re.findall("<script.*</script>", code, re.DOTALL)[0])
    for name, code in CODES.items()
}
# How each tool is told to wait, and its name.
TAGS = {
    "type=text/plain data-type=text/javascript data-name=meta": "klaro",
    "type=opt-in data-name=meta": "klaro",
    "type=opt-in": "a consent manager",
    "type='text/plain' data-cookieconsent='marketing'": "Cookiebot",
    "type=text/plain data-category=ads": "vanilla-cookieconsent",
    "type=text/plain data-category=ads data-service=Meta": "vanilla-cookieconsent",
    "type=text/plain data-cookiecategory=ads": "vanilla-cookieconsent",
    "type=text/plain data-service=facebook data-category=marketing class='cmplz-script x'": "Complianz",
    "type=text/plain data-service=facebook": "Complianz",
    "type=text/plain data-cookieyes=cookieyes-advertisement": "CookieYes",
    "type=text/plain data-cli-class=cli-blocker-script": "GDPR Cookie Consent",
    'type="text/plain" class="optanon-category-C0004"': "OneTrust",
    "type=text/plain class=_iub_cs_activate-inline": "iubenda",
    "type=text/plain class=_js_pt_activate__inline": "PubConsent",
    "type=text/plain class=trustecm": "TrustArc",
    "type=text/plain class=cmplazyload": "consentmanager",
    "type=text/plain data-usercentrics='Facebook Pixel'": "Usercentrics",
    "type=text/plain data-cookiefirst-category=advertising": "CookieFirst",
    "type=text/plain data-cookiescript=accepted": "CookieScript",
    "type=text/plain data-consent=marketing": "CookieHub",
    "type=text/plain data-category-consent=cookie_cat_marketing": "Cookie Information",
    "type=text/plain data-categories=advertising": "Termly",
    "type=didomi/javascript data-vendor=facebook": "Didomi",
    "type=application/consent consent-required=3": "Real Cookie Banner",
    "type=javascript/blocked": "a consent manager",
    "type=Text/Partytown": "Partytown",
    "type=text/rocketscript": "Rocket Loader",
    "type=0f1e2d3c4b5a69788796a5b4-text/javascript": "Rocket Loader",
    "type=0f1e2d3c4b5a69788796a5b4-application/javascript": "Rocket Loader",
    "type=0f1e2d3c4b5a69788796a5b4-module": "Rocket Loader",
    "type=rocketlazyloadscript data-rocket-type=text/javascript": "WP Rocket",
    "type=litespeed/javascript data-i=1": "LiteSpeed Cache",
    "type=pmdelayedscript": "Perfmatters",
    "type=nitropack/inlinescript": "NitroPack",
    "type=text/psajs": "PageSpeed",
    "type=text/plain data-ours=1": html.UNKNOWN.name,
    "type=text/plain class=ours": html.UNKNOWN.name,
}
TEMPLATE = ("<template data-purpose=meta>", "</template>")


def _held(dialect: str, tag: str = "type=text/plain data-name=meta") -> str:
    return SCRIPTS[dialect].replace("<script", f"<script {tag}")


def _with(code: str) -> bytes:
    return PAGE.replace(b"  <p>", code.encode() + b"  <p>")


def test_each_tool_of_the_table_has_its_case() -> None:
    names = {holder.name for holder in html.HOLDERS if holder.element == "script"}
    assert names | {html.UNKNOWN.name} == set(TAGS.values())


@pytest.mark.wide
@pytest.mark.parametrize("dialect", SCRIPTS)
@pytest.mark.parametrize("held", [*TAGS, TEMPLATE], ids=str)
def test_what_is_held_back_is_read_and_told_and_never_doubled(held: str | tuple[str, str], dialect: str) -> None:
    by = TAGS[held] if isinstance(held, str) else "orejime"
    code = _held(dialect, held) if isinstance(held, str) else SCRIPTS[dialect].join(held)
    [was], [found] = snippets.read(SCRIPTS[dialect]), snippets.read(code)
    told = [(one.dialect, one.pixel_id, one.event, one.value, one.currency) for one in (was, found)]
    assert told[0] == told[1]
    assert (found.state, found.reason) == ("held back", f"{by} holds it back")
    assert [carried.state for carried in inject.find_code(Loaded(_with(code))).carried] == ["held back"]
    codes = [one.code for one in lint.find(snippets.parse(_with(code).decode()))]
    assert {"script-error", "not-run", "unexpected-script"}.isdisjoint(codes)
    assert "unexpected-script" in [one.code for one in lint.find_untrusted(snippets.parse(code))]
    for options in (None, ADOPT):
        why = why_refused(_with(code), insertion_of(CODES[dialect]), options)
        assert f"{by} holds it back, and a second one would not wait; take it out by hand first" in why


@pytest.mark.parametrize("tag", ["type=text/plain", "type=text/plain id=a", "type=text/plain src=x.js data-name=meta"])
def test_what_nobody_starts_is_dead(tag: str) -> None:
    assert [one.state for one in snippets.read(_held("fbq", tag))] == ["dead"]


def test_what_would_not_run_once_it_is_started_is_dead() -> None:
    broken = _held("fbq").replace("'init'", "‘init’")  # noqa: RUF001
    assert [(one.state, one.pixel_id) for one in snippets.read(broken)] == [("dead", META_ID)]
    assert "script-error" in [one.code for one in lint.find(snippets.parse(broken))]


@pytest.mark.parametrize(
    "template",
    [
        "<template>{}</template>",
        "<template data-purpose=x><template>{}</template></template>",
        "<template><template data-purpose=x>{}</template></template>",
        "<template data-purpose=x></template><template>{}</template>",
    ],
)
def test_another_template_holds_nothing_to_read(template: str) -> None:
    assert snippets.read(template.format(SCRIPTS["fbq"])) == []


def test_of_a_template_only_scripts_are_taken() -> None:
    code = CODES["fbq"].join(TEMPLATE)
    [found] = snippets.read(code)
    assert (found.state, found.noscript) == ("held back", "")
    assert [one.state for one in snippets.read(code + CODES["fbq"])] == ["held back", "live"]


def test_an_event_that_runs_is_not_of_a_pixel_that_is_held_back() -> None:
    event = "<script>fbq('track', 'Lead');</script>"
    read = {(one.pixel_id, one.event) for one in snippets.read(_held("fbq") + event)}
    assert read == {(META_ID, "PageView"), ("", "Lead")}
    held = event.replace("<script", "<script type=text/plain data-name=meta")
    assert (META_ID, "Lead") in {(one.pixel_id, one.event) for one in snippets.read(SCRIPTS["fbq"] + held)}


VISITS = [
    (_held("fbq"), [], None, []),
    (_held("fbq"), [META_ID], None, []),
    (_held("fbq"), [], "grant", ["not-fired"]),
    (_held("fbq"), [META_ID], "grant", []),
    (_held("fbq"), [], "withhold", []),
    (_held("fbq"), [META_ID], "withhold", ["without-consent"]),
    (_held("fbq", "type=text/plain data-ours=1"), [], "grant", []),
    (_held("fbq", "type=text/partytown"), [], None, ["not-fired"]),
    (_held("fbq", "type=text/partytown"), [META_ID], None, []),
    (SCRIPTS["fbq"].join(TEMPLATE), [], None, []),
    (SCRIPTS["fbq"].join(TEMPLATE), [], "grant", ["not-fired"]),
]


@pytest.mark.parametrize(("code", "fired", "consent", "faults"), VISITS)
def test_what_is_held_back_has_to_fire_once_it_is_granted(
    code: str, fired: list[str], consent: str | None, faults: list[str]
) -> None:
    events = tuple(Fired(pixel_id, "PageView", None, None, 1, "https://x/") for pixel_id in fired)
    observed = Observed("x.html", True, page(code).decode(), events)
    assert [fault.code for fault in judge(observed, consent=consent).faults] == faults


def test_inspect_tells_who_holds_it_back(run: Run) -> None:
    Path("a.html").write_bytes(page(_held("fbq")))
    [told] = json.loads(run("inspect", "a.html", "--json").out)["files"][0]["snippets"]
    assert (told["pixel_id"], told["state"], told["reason"]) == (META_ID, "held back", "klaro holds it back")
    assert " held back" in run("status", "a.html").out
    assert run("lint", "a.html").code == 0


def test_migrate_says_that_the_new_code_does_not_wait(run: Run) -> None:
    Path("old.html").write_text(_held("fp"))
    ran = run("migrate", "old.html", "--pixel", META_ID, "--event", "Lead")
    assert "note: klaro holds it back; the new code runs at once and waits for nothing\n" in ran.err


def test_a_holder_is_found_in_a_page_by_what_it_looks_for() -> None:
    selectors = {holder.name: holder.selector for holder in html.HOLDERS}
    assert selectors["Complianz"] == 'script[type="text/plain" i][data-service]'
    assert selectors["Rocket Loader"] == 'script[type$="-module" i]'
    assert selectors["OneTrust"] == 'script[type="text/plain" i][class*="optanon-category-"]'
    assert selectors["orejime"] == "template[data-purpose]"
    assert json.dumps(selectors["klaro"]) in waking_script()
    assert json.dumps(selectors["Partytown"]) not in waking_script()  # it starts its scripts itself


@pytest.mark.browser
def test_a_browser_fires_what_is_held_back_once_only_where_the_visitor_agrees(run: Run) -> None:
    Path("site").mkdir()
    held = {
        "klaro": _held("fbq"),
        "purchase": _held("fbq") + "<script type=text/plain data-name=a>fbq('track', 'Lead')</script>",
        "orejime": SCRIPTS["fbds"].join(TEMPLATE),
        "rocket": _held("fbds", "type=rocketlazyloadscript data-rocket-type=text/javascript"),
    }
    for name, code in held.items():
        Path("site", f"{name}.html").write_bytes(page(code))
    for consent, counts in (("grant", [1, 1, 2, 1]), ("withhold", [0] * 4)):
        ran = run("verify", "site", "--json", "--consent", consent)
        visits = json.loads(ran.out)["visits"]
        assert [(len(visit["fired"]), visit["faults"]) for visit in visits] == [(count, []) for count in counts]
        assert ran.code == 0
