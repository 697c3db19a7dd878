"""Code that does not run as it stands: it is read, it is said to be dead and why, and no second goes in beside it."""

# ruff: noqa: RUF001 - what looks like a quote and is none is what this is about

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from snippetkit import inject, lint, platforms, snippets
from snippetkit.browser import Fired, Observed, ScriptError, judge
from snippetkit.javascript import Script
from snippetkit.model import Loaded
from snippetkit.snippets.mending import mend
from tests.conftest import Run
from tests.faulty import page
from tests.pages import COMBINE, insertion_of, make_options, put, why_refused
from tests.pixels import CODES, EVERY_CODE, META_ID

ADOPT = make_options(adopt=True, combine=COMBINE)
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
PIXEL_ID = "6009125095680"
FBQ = snippets.without_nonce(CODES["fbq"])
BASE = FBQ.partition("<noscript")[0].replace(f"fbq('init', '{META_ID}');\n", "")
FULL = FBQ.replace("fbq('track', 'PageView');", "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});")
CODE = {"fp": CODES["fp"], "fbds": CODES["fbds"], "fbq": FULL}
VALUES = {"fp": "19.99", "fbds": "19.99", "fbq": "30.00"}


def _quoted(opening: str, end: str) -> tuple[str, str]:
    return r"'([^'\n]*)'", rf"{opening}\1{end}"


# What an editor does to a script, as what is replaced and by what, and the first sign of it.
BROKEN = {
    "curly": (*_quoted("‘", "’"), "‘"),
    "curly, double": (*_quoted("“", "”"), "“"),
    "curly, all the same": (*_quoted("”", "”"), "”"),
    "low and high": (*_quoted("„", "“"), "„"),
    "primes": (*_quoted("″", "″"), "″"),
    "guillemets": (*_quoted("»", "«"), "»"),
    "mixed": (*_quoted("“", '"'), "“"),
    "&#39;": (*_quoted("&#39;", "&#39;"), "&#39;"),
    "&#039;": (*_quoted("&#039;", "&#039;"), "&#039;"),
    "&quot;": (*_quoted("&quot;", "&quot;"), "&quot;"),
    "&#34;": (*_quoted("&#34;", "&#34;"), "&#34;"),
    "&#x22;": (*_quoted("&#x22;", "&#x22;"), "&#x22;"),
    "&#8220;": (*_quoted("&#8220;", "&#8221;"), "&#8220;"),
    "&lsquo;": (*_quoted("&lsquo;", "&rsquo;"), "&lsquo;"),
    "br": (r";\n", ";<br />\n", "<br />"),
    "br in capitals": (r";\n", ";<BR>\n", "<BR>"),
    "p": (r"(<script[^>]*>)\s*(.*?)\s*(</script>)", r"\1<p>\2</p>\n\3", "<p>"),
    "p with a class": (r"(<script[^>]*>)(.*?)(</script>)", r"\1<p class='x'>\2</p>\3", "<p class='x'>"),
    "CDATA": (r"(<script[^>]*>)(.*?)(</script>)", r"\1<![CDATA[\2]]>\3", "<![CDATA["),
    "spaces": (r"(fb_param|window\._fbq\.push|fbq\()", "&nbsp;\\1", "&nbsp;"),
    "no width": (r";\n", ";\u200b\n", "\u200b"),
}


def _broken(name: str, code: str) -> str:
    old, new, _ = BROKEN[name]
    script, behind = re.fullmatch(r"(.*</script>)(.*)", code, re.DOTALL).groups()  # type: ignore[union-attr]
    head, tag, rest = script.partition("<script")
    return head + re.sub(old, new, tag + rest, flags=re.DOTALL if "script" in old else 0) + behind


def _with(code: str, encoding: str = "utf-8") -> bytes:
    return PAGE.replace(b"  <p>", code.encode(encoding) + b"  <p>")


@pytest.mark.wide
@pytest.mark.parametrize("dialect", CODE)
@pytest.mark.parametrize("name", BROKEN)
def test_what_an_editor_broke_is_read_as_it_was_and_is_dead(name: str, dialect: str) -> None:
    code = _broken(name, CODE[dialect])
    [was], [found] = snippets.read(CODE[dialect]), snippets.read(code)
    told = [(one.dialect, one.pixel_id, one.event, one.value, one.currency, one.dynamic) for one in (was, found)]
    assert told[0] == told[1]
    assert (was.state, was.reason, found.state) == ("live", "", "dead")
    assert found.reason == f"{BROKEN[name][2]!r} is not JavaScript, so none of this script runs"
    assert "script-error" in [one.code for one in lint.find(snippets.parse(code)) if one.snippet == 0]
    assert "script-error" in [one.code for one in lint.find_untrusted(snippets.parse(code))]
    with pytest.raises(Exception, match="not valid JavaScript; fix it first"):
        found.with_value("5.00")


@pytest.mark.wide
@pytest.mark.parametrize("dialect", CODES)
@pytest.mark.parametrize("name", BROKEN)
def test_no_second_goes_beside_what_an_editor_broke_and_it_is_adopted(name: str, dialect: str) -> None:
    code = snippets.without_nonce(CODES[dialect])
    insertion, broken = insertion_of(code), _with(_broken(name, code))
    assert "which is dead: " in why_refused(broken, insertion)
    assert [carried.state for carried in inject.find_code(Loaded(broken)).carried] == ["dead"]
    assert put(broken, insertion, ADOPT) == put(_with(code), insertion, ADOPT)


@pytest.mark.parametrize("quotes", ["‘’", "“”"])
def test_curly_quotes_of_windows_1252_are_seen_too(quotes: str) -> None:
    code = re.sub(*_quoted(*quotes), FBQ.partition("<noscript")[0]).replace("<script", "<p>é</p><script")
    page = _with(code, "windows-1252")
    assert "of fbq:434566956589050, which is dead: '" in why_refused(page, insertion_of(FBQ))
    [carried] = inject.find_code(Loaded(page)).carried
    assert (carried.pixel_id, carried.event, carried.state) == (META_ID, "PageView", "dead")


NOT_BROKEN = [
    "var s = '“a”' + \"it’s\" + '<br />&quot;' + `‘${1}<p>`; // it’s <br />\n/* “ <p> &quot; */",
    "var quotes = /[“”]/g, text = /’/;",
    "//<![CDATA[\nvar a = [[1]], b = a[[0]]>1;\n//]]>",
    "for (var i = 0, p = 9; i <p && p >i; i++);",
    "<!-- it’s hidden\nvar a;\n-->",
    "var café = 1, naïve‿ = 2;",
]


@pytest.mark.parametrize("text", NOT_BROKEN)
def test_what_stands_in_a_string_or_a_comment_breaks_nothing(text: str) -> None:
    code = FBQ.replace("<script>", f"<script>{text}\n")
    assert [one.state for one in snippets.read(code)] == ["live"]


def test_what_is_mended_has_as_many_bytes() -> None:
    script = "if (a &amp;&amp; b &gt;= 2 || c &lt; 1) x(‘a’, “b”, ’); i–;\n/* ’ */ &hellip; &#233;"
    data = script.encode()
    mended, signs = mend(data, [Script(data, data, 0, len(data))])
    assert len(mended) == len(data)
    read = "if (a && b >= 2 || c < 1) x( 'a' , \"b\" , ); i-- ; /* ’ */ ..."
    assert mended.decode().split() == read.split()
    assert signs[0].text == "&amp;&amp;"


TAGS = {
    "type=text/vbscript": "the script's type is text/vbscript, which no browser runs",
    "language=vbscript": "the script's type is text/vbscript, which no browser runs",
    "type=text/template": "the script's type is text/template, which no browser runs",
    "nomodule": "the script has nomodule, so no browser that knows modules runs it",
    "src=x.js": "the script has a src, so the code in it does not run",
    "for=button event=onclick": "the script has for and event, and only those of the window's onload run",
}


@pytest.mark.parametrize("dialect", CODES)
@pytest.mark.parametrize("tag", TAGS)
def test_a_script_that_no_browser_runs_is_read_and_dead_and_not_doubled(tag: str, dialect: str) -> None:
    code = snippets.without_nonce(CODES[dialect]).replace(' type="text/javascript"', "")
    dead = code.replace("<script", f"<script {tag}")
    [was], [found] = snippets.read(code), snippets.read(dead)
    assert (found.pixel_id, found.value, found.state, found.reason) == (was.pixel_id, was.value, "dead", TAGS[tag])
    assert "not-run" in [one.code for one in lint.find(snippets.parse(dead))]
    insertion = insertion_of(code)
    assert f"which is dead: {TAGS[tag]}; take it out by hand first" in why_refused(_with(dead), insertion)
    assert "cannot be adopted: " in why_refused(_with(dead), insertion, ADOPT)


@pytest.mark.parametrize(
    "tag", ["defer", "async", "type=module", "for=window event='onload()'", "nomodule type=module"]
)
def test_a_tag_that_lets_a_script_run_makes_it_not_dead(tag: str) -> None:
    assert [one.state for one in snippets.read(FBQ.replace("<script", f"<script {tag}"))] == ["live"]


FP = CODES["fp"].replace(' type="text/javascript"', " type=module")
MODULES = [
    (FP, "dead"),
    (FP.replace("var fb_param", "fb_param"), "dead"),
    (FP.replace("var fb_param", "let fb_param"), "dead"),
    (FP.replace("var fb_param", "window.fb_param"), "live"),
    (FP.replace("var fb_param", "var fb_param = window.fb_param"), "live"),
    (CODES["fbds"].replace("<script", "<script type=module"), "live"),
    ("<script type=module>var _fbq = []; _fbq.push(['track', '6009125095680', {value: '1'}]);</script>", "dead"),
    ("<script type=module>function fbq() {} fbq('init', '1'); fbq('track', 'Lead');</script>", "dead"),
]


@pytest.mark.parametrize(("code", "state"), MODULES)
def test_code_whose_global_is_a_modules_own_is_dead(code: str, state: str) -> None:
    assert [one.state for one in snippets.read(code)] == [state]
    assert ("not-run" in [one.code for one in lint.find(snippets.parse(code))]) is (state == "dead")


@pytest.mark.parametrize(
    ("code", "states"),
    [
        (BASE, ["dead"]),
        (BASE + "<script>fbq('track', 'Lead')</script>", ["dead", "dead"]),
        ("<script>fbq('track', 'Lead')</script>", ["live"]),
        (BASE + f"<script>fbq('init', '{META_ID}'); fbq('track', 'Lead')</script>", ["live", "live"]),
        (BASE + f"<script>fbq('trackSingle', '{META_ID}', 'Lead')</script>", ["dead", "live"]),
    ],
)
def test_an_event_is_nobodys_where_the_base_code_is_here_and_names_no_pixel(code: str, states: list[str]) -> None:
    assert [one.state for one in snippets.read(code)] == states


EARLY_REASON = lint.early_reason(platforms.dialect_named("fbq"))
EARLY = FBQ.replace(f"fbq('init', '{META_ID}');\n", "").replace("</script>", f"fbq('init', '{META_ID}');\n</script>", 1)


def test_an_event_in_front_of_each_init_is_nobodys_unless_it_waits() -> None:
    def told(code: str) -> list[str]:
        return [one.message for one in lint.find(snippets.parse(code)) if one.code == "not-run"]

    later = EARLY.replace("fbq('track', 'PageView');", "function go() { fbq('track', 'PageView'); }")
    assert (told(EARLY), told(later), told(FBQ)) == ([EARLY_REASON], [], [])
    for code, faults in ((EARLY, ["not-run"]), (later, []), (FBQ, [])):
        verdict = judge(Observed("page.html", javascript=True, source=code), [])
        assert [one.code for one in verdict.faults if one.message == EARLY_REASON] == faults


EVENT = "<script>fbq('track', 'Purchase', {value: 3, currency: 'USD'})</script>\n"
UNDEFINED = "fbq is not defined yet, because the base code comes later, so this call fails"
TOO_EARLY = {
    "alone": EVENT,
    "for one pixel": EVENT.replace("'track'", f"'trackSingle', '{META_ID}'"),
    "behind an init of its own": EVENT.replace("fbq(", "fbq('init', '1'); fbq(", 1),
    "by the window": EVENT.replace("fbq(", "window.fbq("),
    "in a function that is called there": EVENT.replace(">fbq", ">(function () { fbq").replace("</s", " })()</s"),
    "in front of an await": EVENT.replace(">fbq", ">(async () => { fbq").replace("</s", "; await go() })()</s"),
    "defer, which does nothing here": EVENT.replace("<script", "<script defer"),
    "behind a file that waits": f"<script defer src=x.js></script>{EVENT}",
    "behind other code": "<script>function a() { return 1 }</script>" + EVENT,
    "with a value of the server's": EVENT.replace("3", "<?= $total ?>"),
}
MAY_RUN = {
    "behind the base code": (FBQ, ""),
    "behind a file": ("<script src=x.js></script>", FBQ),
    "behind a file that may be there": ("<script async src=x.js></script>", FBQ),
    "behind a loader": ("<script>document.createElement('script')</script>", FBQ),
    "behind what writes": ("<script>document.write(x)</script>", FBQ),
    "behind a stub of its own": ("<script>window.fbq = window.fbq || function () {}</script>", FBQ),
    "behind a name that is put together": ("<script>window['f' + 'bq'] = x</script>", FBQ),
    "behind what a server writes": ("<?php head() ?>", FBQ),
    "behind an include": ("<!--#include virtual='head.html' -->", FBQ),
    "in front of base code that does not run": ("", FBQ.replace("<script", "<script nomodule")),
    "in front of no base code": ("", "<script>// fbevents.js is in the tag manager\n</script>"),
}
WAITS = {
    "module": EVENT.replace("<script", "<script type=module"),
    "function": EVENT.replace(">fbq", ">function go() { fbq").replace("</s", " }</s"),
    "load": EVENT.replace(">fbq", ">window.onload = function () { fbq").replace("</s", " }</s"),
    "ready": EVENT.replace(">fbq", ">$(function () { fbq").replace("</s", " })</s"),
    "await": EVENT.replace(">fbq", ">(async () => { await go(); fbq").replace("</s", " })()</s"),
    "await around": EVENT.replace(">fbq", ">(async () => { await go(); (() => fbq").replace("</s", ")() })()</s"),
    "generator": EVENT.replace(">fbq", ">(function* () { fbq").replace("</s", " })()</s"),
    "condition": EVENT.replace(">fbq", ">window.fbq && fbq"),
    "hoisted": EVENT.replace("</s", "; function fbq() {}</s"),
    "handler": "<a onclick=\"fbq('track', 'Purchase')\">x</a>",
    "server": EVENT.replace(">fbq", "><?php pixel() ?>\nfbq"),
}


def _too_early(body: str, head: str = "<!doctype html><title>x</title>") -> list[str]:
    document = snippets.parse(f"{head}<body>{body}</body>")
    found = [one.message for one in lint.find(document) if one.code == "not-run" and one.message == UNDEFINED]
    assert bool(found) is (UNDEFINED in [reason for _, reason in lint.find_early(document)])
    return found


@pytest.mark.parametrize("name", TOO_EARLY)
def test_an_event_in_a_script_in_front_of_the_base_code_is_dead(name: str) -> None:
    assert _too_early(TOO_EARLY[name] + FBQ) == [UNDEFINED]
    assert _too_early(TOO_EARLY[name] + FBQ, "") == []  # a part of a page, in front of which more may stand
    source = f"<!doctype html><title>x</title><body>{TOO_EARLY[name]}{FBQ}</body>"
    assert UNDEFINED in [fault.message for fault in judge(Observed("x.html", True, source), []).faults]


def test_inspect_has_one_word_for_an_event_in_front_of_the_base_code(run: Run) -> None:
    Path("page.html").write_text(f"<!doctype html><title>x</title><body>{EVENT}{FBQ}</body>")
    early, view = json.loads(run("inspect", "page.html", "--json").out)["files"][0]["snippets"]
    assert (early["event"], early["state"], early["reason"]) == ("Purchase", "dead", UNDEFINED)
    assert early["pixel_id"] == META_ID
    assert (view["event"], view["state"], view["reason"]) == ("PageView", "live", None)


@pytest.mark.parametrize("name", MAY_RUN)
def test_an_event_whose_function_may_be_there_is_not_said_to_be_dead(name: str) -> None:
    front, behind = MAY_RUN[name]
    assert _too_early(front + EVENT + behind) == []


@pytest.mark.parametrize("name", WAITS)
def test_an_event_in_front_of_the_base_code_that_may_wait_is_not_said_to_be_dead(name: str) -> None:
    assert _too_early(WAITS[name] + FBQ) == []


BASE_TEXT = FBQ.partition("<script>")[2].partition("</script>")[0]
IN_ITS_SCRIPT = {
    "in front": ("fbq('track', 'Lead');" + BASE_TEXT, True),
    "in the same function": ("(function () { fbq('track', 'Lead');" + BASE_TEXT + "})()", True),
    "behind": (BASE_TEXT + "fbq('track', 'Lead');", False),
    "waiting": ("onload = function () { fbq('track', 'Lead') };" + BASE_TEXT, False),
    "behind a call of the function that makes it": (
        f"go(); fbq('track', 'Lead'); function go() {{{BASE_TEXT}}}",
        False,
    ),
    "with the name hoisted": (f"fbq('track', 'Lead'); function fbq() {{}} {BASE_TEXT}", False),
}


@pytest.mark.parametrize("name", IN_ITS_SCRIPT)
def test_an_event_in_front_of_the_base_code_in_its_script_is_dead(name: str) -> None:
    text, is_dead = IN_ITS_SCRIPT[name]
    assert _too_early(f"<script>{text}</script>") == [UNDEFINED] * is_dead


@pytest.mark.parametrize("front", ["ttq.track('Lead')", "ttq.page()", "ttq.x = 1; ttq.track('Lead')"])
def test_a_method_of_an_object_is_dead_in_front_of_it_too(front: str) -> None:
    page = f"<!doctype html><title>x</title><script>{front}</script>{EVERY_CODE['ttq']}"
    found = [one.message.partition(",")[0] for one in lint.find(snippets.parse(page)) if one.code == "not-run"]
    assert found == ["ttq is not defined yet"] * ("x = 1" not in front)


def test_a_pixel_that_dead_code_names_gets_no_event_of_code_that_runs() -> None:
    dead = f"<script nomodule>fbq('init', '{META_ID}');</script>"
    event = "<script>fbq('track', 'Lead');</script>"
    assert [one.pixel_id for one in snippets.read(dead + event)] == [""]
    assert [one.pixel_id for one in snippets.read(dead.replace(" nomodule", "") + event)] == [META_ID]


def test_a_second_script_for_old_browsers_is_no_fault() -> None:
    code = FBQ.replace("<script", "<script type=module") + FBQ.replace("<script", "<script nomodule")
    found = [one.code for one in lint.find(snippets.parse(page(code).decode()))]
    assert {"not-run", "duplicate-pixel"}.isdisjoint(found)


def test_a_script_that_holds_nothing_to_read_is_still_no_javascript() -> None:
    found = lint.find(snippets.parse("<script>var fbq = ;</script>"))
    assert [(one.code, one.snippet) for one in found] == [("script-error", None)]
    assert snippets.read("<script type=text/template>fbq('track', ;</script>") == []


def test_a_script_that_a_server_writes_is_not_called_dead_unless_it_is_so_beside_that() -> None:
    assert [one.state for one in snippets.read(FBQ.replace("'PageView'", "<?= $event ?> 1"))] == ["live"]
    assert [one.state for one in snippets.read(FBQ.replace("'PageView'", "“<?= $event ?>”"))] == ["dead"]


def test_the_commands_tell_the_state(run: Run) -> None:
    Path("site").mkdir()
    Path("site/a.html").write_bytes(page(_broken("curly", FULL)))
    [told] = json.loads(run("inspect", "site", "--json").out)["files"][0]["snippets"]
    assert (told["pixel_id"], told["event"], told["value"], told["state"]) == (META_ID, "Purchase", "30.00", "dead")
    assert told["reason"] == "'‘' is not JavaScript, so none of this script runs"
    assert " dead " in run("inspect", "site").out
    assert json.loads(run("status", "site", "--json").out)["files"][0]["pixels"][0]["state"] == "dead"
    assert run("lint", "site").code == 1
    assert "not JavaScript" in run("inject", "site", "--from-file", "site/a.html").err


SYNTAX = (ScriptError("SyntaxError: Invalid or unexpected token", "", 6),)


@pytest.mark.parametrize(
    ("code", "fired", "errors", "faults"),
    [
        (FBQ.replace("<script", "<script nomodule"), [], (), ["not-fired", "not-run"]),
        (FBQ.replace("<script", "<script nomodule"), [(META_ID, "PageView", None, None)], (), []),
        (CODES["fp"].replace("<script", "<script nomodule"), [(PIXEL_ID, None, "19.99", "USD")], (), []),
        (_broken("curly", FBQ), [], SYNTAX, ["not-fired", "script-error"]),
        (_broken("curly", FBQ), [], (), ["not-fired", "script-error"]),
        (BASE, [], (), ["not-run"]),
        (FBQ + _broken("curly", FBQ), [(META_ID, "PageView", None, None)], (), []),
        (
            FULL.replace("<script", "<script nomodule") + FULL.replace("30.00", "5"),
            [(META_ID, "Purchase", "5", "USD")],
            (),
            [],
        ),
    ],
)
def test_a_visit_to_dead_code_is_not_as_expected(
    code: str, fired: list[tuple[str | None, ...]], errors: tuple[ScriptError, ...], faults: list[str]
) -> None:
    events = tuple(Fired(*event, 1, "https://x/") for event in fired)  # type: ignore[arg-type]
    observed = Observed("x.html", True, page(code).decode(), events, errors=errors)
    assert [fault.code for fault in judge(observed).faults] == faults


@pytest.mark.browser
def test_a_browser_fires_what_is_live_and_not_what_is_dead(run: Run) -> None:
    Path("site").mkdir()
    cases = {
        "curly": _broken("curly", FBQ),
        "br": _broken("br", FBQ),
        "vbscript": FBQ.replace("<script", "<script language=vbscript"),
        "module": FP,
        "event": BASE,
        "live": FBQ.replace("<script", "<script defer async"),
    }
    for name, code in cases.items():
        Path("site", f"{name}.html").write_bytes(page(code))
    ran = run("verify", "site", "--json")
    assert ran.code == 1
    visits = {Path(visit["path"]).stem: visit for visit in json.loads(ran.out)["visits"]}
    last = {name: [fault["code"] for fault in visit["faults"]][-1:] for name, visit in visits.items()}
    assert last == {
        "curly": ["script-error"],
        "br": ["script-error"],
        "vbscript": ["not-run"],
        "module": ["not-run"],
        "event": ["not-run"],
        "live": [],
    }


@pytest.mark.parametrize(
    ("event", "own"), [("ttq.track('Contact')", {"ttq"}), ("gtag('event', 'login')", {"gtag", "floodlight"})]
)
def test_base_code_of_other_platforms_makes_no_event_nobodys(event: str, own: set[str]) -> None:
    for name in EVERY_CODE.keys() - own:
        found = lint.find(snippets.parse(f"{EVERY_CODE[name]}<script>var own = '/js/events.js'; {event}</script>"))
        assert "not-run" not in {one.code for one in found}, name
    [code] = (EVERY_CODE[name] for name in own if name != "floodlight")
    base = re.sub(r"ttq\.load\('[^)]*\);|gtag\('(?:config|event)'[^)]*\);", "", code)
    assert "not-run" in {one.code for one in lint.find(snippets.parse(f"{base}<script>{event}</script>"))}


@pytest.mark.parametrize(
    ("more", "is_sure"),
    [
        ("", True),
        ("<?php echo pixel_init(); ?>\n", False),
        ("{% render 'pixel-init' %}\n", False),
        ("<?php if ($a): ?>a();<?php endif; ?>\n", True),
        ("load('https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234');\n", False),
    ],
)
def test_an_event_is_nobodys_only_where_nothing_else_may_name_a_pixel(more: str, is_sure: bool) -> None:
    text = f"{BASE.replace('</script>', '')}</script><script>\n{more}fbq('track', 'Lead');</script>"
    assert ("not-run" in {one.code for one in lint.find(snippets.parse(text))}) == is_sure
