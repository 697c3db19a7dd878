"""Base code in one file of a run, and its event in another: which files come together, and what is said where not."""

from __future__ import annotations

import csv
import io
import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from snippetkit import snippets
from tests.conftest import Run
from tests.pixels import CODES, META_ID

OTHER_ID = "434566956589051"
BASE = snippets.without_nonce(CODES["fbq"]).partition("<noscript")[0]
INIT = f"fbq('init', '{META_ID}');"
SCRIPT = BASE.partition("<script>")[2].partition("</script>")[0].replace("fbq('track', 'PageView');", "")
EVENT = "<script>fbq('track', 'Lead');</script>\n"
SINGLE = f"<script>fbq('trackSingle', '{META_ID}', 'Lead');</script>\n"
PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n%s</head>\n<body>\n%s</body>\n</html>\n"
ALL = ("--include", "*")


def _write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _inspected(run: Run, *paths: str) -> dict[str, list[dict[str, Any]]]:
    ran = run("inspect", "--json", *ALL, *(paths or ["."]))
    assert ran.code == 0
    return {file["path"]: file["snippets"] for file in json.loads(ran.out)["files"]}


def _told(run: Run, path: str, *paths: str) -> list[tuple[str | None, list[str], str]]:
    """The pixels, the files of the base code, and the states of a file's events."""
    found = _inspected(run, *paths)[path]
    return [(one["pixel_id"], one["base_from"], one["state"]) for one in found if one["event"] or one["conversion"]]


def _linted(run: Run, *paths: str) -> list[str]:
    files = json.loads(run("lint", "--format", "json", *ALL, *(paths or ["."])).out)["files"]
    found = [one for file in files for one in file["findings"]]
    return [f"{one['code']}: {one['message']}" for one in found if one["code"] in {"unknown-pixels", "not-run"}]


@pytest.mark.wide
@pytest.mark.parametrize(
    ("base", "code"),
    [
        ("header.php", f"<?php wp_head(); ?>\n{BASE}"),
        ("header.php", f"<!doctype html><html <?php language_attributes(); ?>><head>{BASE}</head><body>"),
        ("layout.html", PAGE % (BASE, "{{ content }}\n")),
        ("layout.html", PAGE % (BASE, "<!-- content -->\n")),
        ("base.liquid", PAGE % (BASE, "{{ content_for_layout }}\n")),
        ("analytics.js", SCRIPT),
        ("analytics.ts", f"declare const fbq: any;\n{INIT}"),
        ("init.js", INIT),
        ("functions.php", f"<?php\nadd_action('wp_head', function () {{\n  echo \"<script>{INIT}</script>\";\n}});\n"),
    ],
)
@pytest.mark.parametrize(
    ("event", "call"),
    [
        ("thankyou.php", f"<?php get_header(); ?>\n<p>Thanks</p>\n{EVENT}"),
        ("a.html", f"<p>Thanks</p>\n{EVENT}"),
        ("thanks.js", "export function thanks() { fbq('track', 'Lead'); }"),
        ("Thanks.vue", f"<template><p>x</p></template>\n{EVENT}"),
        ("button.liquid", "<button onclick=\"fbq('track', 'Lead')\">x</button>"),
    ],
)
def test_an_event_is_of_the_pixel_whose_base_code_another_file_has(
    run: Run, base: str, code: str, event: str, call: str
) -> None:
    _write(**{event: call})
    [(pixel_id, base_from, state)] = _told(run, event)
    assert (pixel_id, base_from) == (None, [])
    assert _linted(run) != []
    _write(**{base: code})
    assert _told(run, event) == [(META_ID, [base], state)]
    assert _linted(run) == []
    for paths in permutations([base, event]):
        assert _told(run, event, *paths) == [(META_ID, [base], state)]
    assert _told(run, event, event) == [(None, [], state)]


KINDS = {
    "gtag": (
        "<script>window.dataLayer = window.dataLayer || [];\nfunction gtag(){dataLayer.push(arguments);}\n"
        "gtag('js', new Date());\ngtag('config', 'G-AB1CD2EF3G');</script>",
        "<script>gtag('event', 'sign_up');</script>",
        "G-AB1CD2EF3G",
    ),
    "gtag of Ads": (
        "<script>window.dataLayer = window.dataLayer || [];\nfunction gtag(){dataLayer.push(arguments);}\n"
        "gtag('js', new Date());\ngtag('config', 'AW-123456789');</script>",
        "<script>gtag('event', 'conversion', {send_to: 'AW-123456789/AbC', value: 5, currency: 'USD'});</script>",
        "AW-123456789/AbC",
    ),
    "lintrk": (
        '<script>_linkedin_partner_id = "123456";\nwindow._linkedin_data_partner_ids = [];'
        "window._linkedin_data_partner_ids.push(_linkedin_partner_id);</script>",
        "<script>lintrk('track', {conversion_id: 7654321});</script>",
        "123456/7654321",
    ),
    "pintrk": (
        "<script>pintrk('load', '2612000000123'); pintrk('page');</script>",
        "<script>pintrk('track', 'lead');</script>",
        "2612000000123",
    ),
    "criteo": (
        "<script>criteo_q.push({event: 'setAccount', account: 12345});</script>",
        "<script>criteo_q.push({event: 'trackTransaction', id: 'A-1', item: [{id: 'x', price: 5, quantity: 2}]});"
        "</script>",
        "12345",
    ),
    "matomo": (
        "<script>_paq.push(['setTrackerUrl', 'https://stats.example/matomo.php']);_paq.push(['setSiteId', '7']);"
        "</script>",
        "<script>_paq.push(['trackGoal', 1, 5]);</script>",
        "7/1",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_that_is_so_of_each_platform_whose_events_need_base_code(run: Run, kind: str) -> None:
    base, event, pixel_id = KINDS[kind]
    _write(**{"header.php": base, "thankyou.php": event})
    assert _told(run, "thankyou.php") == [(pixel_id, ["header.php"], "live")]
    assert _linted(run) == []


def test_base_code_of_another_platform_that_looks_alike_is_none(run: Run) -> None:
    _write(**{"header.php": BASE, "thankyou.php": KINDS["gtag of Ads"][1]})
    assert "queue.push(arguments)" in BASE
    assert [one[1] for one in _told(run, "thankyou.php")] == [[]]
    assert [one.partition(":")[0] for one in _linted(run)] == ["unknown-pixels"]
    _write(**{"one.html": PAGE % (BASE, KINDS["gtag of Ads"][1])})
    assert [one.partition(":")[0] for one in _linted(run, "one.html")] == ["unknown-pixels"]


def test_an_event_that_names_its_pixel_has_its_base_code_in_another_file(run: Run) -> None:
    _write(**{"thankyou.php": SINGLE})
    assert [one.partition(":")[0] for one in _linted(run)] == ["unknown-pixels"]
    assert _told(run, "thankyou.php") == [(META_ID, [], "live")]
    _write(**{"header.php": BASE})
    assert (_linted(run), _told(run, "thankyou.php")) == ([], [(META_ID, ["header.php"], "live")])


def test_base_codes_that_name_other_pixels_are_candidates_and_none_is_guessed(run: Run) -> None:
    other = BASE.replace(META_ID, OTHER_ID)
    _write(**{"a/header.php": BASE, "b/header.php": other, "thankyou.php": EVENT})
    assert _told(run, "thankyou.php") == [(None, ["a/header.php", "b/header.php"], "live")]
    told = "a/header.php and b/header.php name different pixels, so which ones get this event is not known"
    assert _linted(run) == [f"unknown-pixels: {told}"]
    assert _told(run, "thankyou.php", "a", "thankyou.php") == [(META_ID, ["a/header.php"], "live")]
    _write(**{"b/header.php": BASE})
    assert _told(run, "thankyou.php") == [(META_ID, ["a/header.php", "b/header.php"], "live")]
    _write(**{"b/header.php": BASE.replace("fbq('track'", f"fbq('init', '{OTHER_ID}');\nfbq('track'")})
    assert _told(run, "thankyou.php") == [(None, ["a/header.php", "b/header.php"], "live")]
    (Path("a") / "header.php").unlink()
    assert [one[0] for one in _told(run, "thankyou.php")] == [META_ID, OTHER_ID]


def test_pixels_that_a_server_fills_in_are_one_in_one_file_alone(run: Run) -> None:
    code = BASE.replace(META_ID, "{{ settings.pixel }}")
    _write(**{"header.liquid": code, "thanks.liquid": EVENT})
    [found] = _inspected(run)["thanks.liquid"]
    assert (found["pixel_id"], found["dynamic"]) == ("{{ settings.pixel }}", True)
    _write(**{"other.liquid": code})
    assert _told(run, "thanks.liquid") == [(None, ["header.liquid", "other.liquid"], "live")]


def test_base_code_of_a_file_itself_in_whatever_text_of_it_is_not_looked_for_elsewhere(run: Run) -> None:
    both = json.dumps({"head": f"<script>{INIT}</script>", "thanks": EVENT})
    _write(**{"both.json": both, "header.php": BASE.replace(META_ID, OTHER_ID)})
    assert _told(run, "both.json") == [(None, [], "live")]


@pytest.mark.parametrize(
    "source", ["analytics.js", "./analytics.js?v=2#x", "/analytics.js", "%61nalytics.js", " analytics.js "]
)
def test_a_whole_page_gets_base_code_from_the_script_that_it_loads(run: Run, source: str) -> None:
    loads = f'<script src="{source}"></script>\n'
    _write(**{"site/page.html": PAGE % (loads, EVENT), "site/analytics.js": SCRIPT, "site/header.php": BASE})
    for paths in ("site", "site/page.html", "."), ("site/page.html", "site/analytics.js"):
        expected = ["site/analytics.js"] if "site" in paths or source[0] != "/" or "." not in paths else []
        assert _told(run, "site/page.html", *paths) == [(META_ID, expected, "live")]
    assert _linted(run, "site") == []


@pytest.mark.parametrize(
    "loads",
    [
        "",
        '<script src="https://cdn.example/analytics.js"></script>',
        '<script src="//cdn.example/analytics.js"></script>',
        '<script src="js/analytics.js"></script>',
        '<script src="../analytics.js"></script>',
        '<script nomodule src="analytics.js"></script>',
        '<script type="text/plain" data-category="ads" src="analytics.js"></script>',
        '<!-- <script src="analytics.js"></script> -->',
        '<script src="other.js"></script>',
        '<script src="http://["></script>',
        '<img src="analytics.js">',
        '<base href="/shop/"><script src="analytics.js"></script>',
    ],
)
def test_a_whole_page_gets_none_of_a_file_that_it_does_not_load(run: Run, loads: str) -> None:
    _write(**{"site/page.html": PAGE % (loads, EVENT), "site/analytics.js": SCRIPT, "site/header.php": BASE})
    _write(**{"site/other.js": "console.log('fbq')", "site/b.html": PAGE % (BASE, "")})
    assert _told(run, "site/page.html", "site") == [(None, [], "live")]
    assert [one.partition(":")[0] for one in _linted(run, "site")] == ["unknown-pixels"]


@pytest.mark.parametrize("how", ["async", "defer", 'type="module"', "below"])
def test_a_script_that_runs_behind_an_event_is_no_base_code_of_it(run: Run, how: str) -> None:
    loads = f'<script src="analytics.js" {how if how != "below" else ""}></script>\n'
    button = "<button onclick=\"fbq('track', 'Contact')\">x</button>\n"
    page = PAGE % ("", EVENT + loads + button) if how == "below" else PAGE % (loads, EVENT + button)
    _write(**{"page.html": page, "analytics.js": SCRIPT})
    assert _told(run, "page.html") == [(None, [], "live"), (META_ID, ["analytics.js"], "on click")]
    told = "no pixel is named before this event: in analytics.js one is, but later, or held back"
    assert _linted(run) == [f"unknown-pixels: {told}"]


def test_two_scripts_that_a_page_loads_both_name_pixels_for_its_events(run: Run) -> None:
    loads = '<script src="a.js"></script><script src="b.js"></script>\n'
    _write(**{"page.html": PAGE % (loads, EVENT), "a.js": SCRIPT, "b.js": INIT.replace(META_ID, OTHER_ID)})
    assert _told(run, "page.html") == [(META_ID, ["a.js"], "live"), (OTHER_ID, ["b.js"], "live")]


def test_an_event_of_nobodys_is_live_where_the_script_that_the_page_loads_names_a_pixel(run: Run) -> None:
    base = BASE.replace(INIT, "").replace("fbq('track', 'PageView');", "")
    assert "init" not in base
    _write(**{"page.html": PAGE % (f'{base}<script src="pixel.js"></script>\n', EVENT)})
    assert _told(run, "page.html") == [(None, [], "dead")]
    assert [one.partition(":")[0] for one in _linted(run)] == ["not-run"]
    _write(**{"pixel.js": INIT})
    assert _told(run, "page.html") == [(META_ID, ["pixel.js"], "live")]
    assert _linted(run) == []


def test_base_code_that_waits_for_consent_names_no_pixel_for_an_event_that_does_not(run: Run) -> None:
    held = BASE.replace("<script", '<script type="text/plain" data-category="ads"')
    _write(**{"header.php": held, "thankyou.php": EVENT})
    assert _told(run, "thankyou.php") == [(None, [], "live")]
    assert "in header.php one is, but later, or held back" in _linted(run)[0]
    waits = EVENT.replace("<script", '<script type="text/plain" data-category="ads"')
    _write(**{"thankyou.php": waits})
    assert _told(run, "thankyou.php") == [(META_ID, ["header.php"], "held back")]


@pytest.mark.parametrize("dead", ['type="text/x-none"', "nomodule"])
def test_base_code_that_does_not_run_or_is_a_frames_is_none_of_another_file(run: Run, dead: str) -> None:
    frame = BASE.replace("&", "&amp;").replace('"', "&quot;")
    _write(**{"header.php": BASE.replace("<script", f"<script {dead}"), "thankyou.php": EVENT})
    _write(**{"frame.html": f'<iframe srcdoc="{frame}"></iframe>'})
    assert _told(run, "thankyou.php") == [(None, [], "live")]


def test_what_the_other_file_says_counts_for_what_is_wrong_with_the_event(run: Run) -> None:
    base, _, _ = KINDS["gtag"]
    event = "<script>gtag('event', 'purchase', {value: 5, currency: 'USD'});</script>"
    _write(**{"header.php": base, "thankyou.php": event})
    [found] = _inspected(run)["thankyou.php"]
    assert [one["code"] for one in found["findings"]] == ["order-id-missing"]
    twice = EVENT.strip().replace("</script>", "fbq('track', 'Lead');</script>")
    _write(**{"header.php": BASE, "thankyou.php": twice})
    found = _inspected(run)["thankyou.php"][-1]
    assert [one["code"] for one in found["findings"]] == ["duplicate-pixel"]


def test_status_says_which_file_has_the_base_code_in_each_of_its_forms(run: Run) -> None:
    _write(**{"a.html": PAGE % ("", ""), "b.php": EVENT, "c.php": BASE, "d.php": "x"})
    ran = run("status", "--json", *ALL, ".")
    files = json.loads(ran.out)["files"]
    assert [file["path"] for file in files] == ["a.html", "b.php", "c.php", "d.php"]
    assert [(one["key"], one["base_from"]) for one in files[1]["pixels"]] == [(f"fbq:{META_ID}", ["c.php"])]
    assert [one["base_from"] for one in files[2]["pixels"]] == [[]]
    assert ran.err == "2 pages carry 1 pixel, 2 carry none\n"
    rows = list(csv.reader(io.StringIO(run("status", "--format", "csv", *ALL, ".").out)))
    assert rows[1][:3] == ["b.php", "1", f"fbq:{META_ID}"]
    table = run("status", *ALL, ".").out.splitlines()
    assert (table[0].endswith("BASE CODE IN"), table[1].endswith("  c.php")) == (True, True)
    alone = run("status", *ALL, "b.php").out.splitlines()
    assert (alone[0].endswith("STATE"), "fbq:?" in alone[1]) == (True, True)


def test_status_takes_base_code_from_a_region_of_ours(run: Run) -> None:
    _write(**{"layout.html": PAGE % ("", "{{ content }}\n"), "code.txt": CODES["fbq"], "thanks.php": EVENT})
    assert run("inject", "layout.html", "--from-file", "code.txt").code == 0
    ran = run("status", "--json", "layout.html", "thanks.php")
    pixels = {file["path"]: file["pixels"] for file in json.loads(ran.out)["files"]}
    assert [(one["pixel_id"], one["base_from"]) for one in pixels["thanks.php"]] == [(META_ID, ["layout.html"])]


def test_stdin_is_a_part_like_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(EVENT.encode())))
    _write(**{"header.php": BASE})
    ran = run("inspect", "--json", "-", "header.php")
    files = {file["path"]: file["snippets"] for file in json.loads(ran.out)["files"]}
    assert [(one["pixel_id"], one["base_from"]) for one in files["-"]] == [(META_ID, ["header.php"])]


def test_no_more_than_ten_files_are_told_of_one_event(run: Run) -> None:
    _write(
        **{f"page{number:02}.html": PAGE % (BASE, "") for number in range(12)}, **{"thanks.js": "fbq('track', 'Lead')"}
    )
    [(pixel_id, base_from, _)] = _told(run, "thanks.js")
    assert (pixel_id, base_from) == (META_ID, [f"page{number:02}.html" for number in range(10)])


def test_what_is_kept_of_a_file_is_not_its_text() -> None:
    documents = snippets.read_source("x.html", PAGE % (BASE, "x" * 100_000))
    parts = snippets.find_parts(documents)
    [code] = parts.names
    assert (code.pixel_id, code.script, code.images, code.report.start) == (META_ID, None, [], 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<!-- <html> -->"),
        ("a.html", "<script>var s = '<!doctype html>';</script>"),
        ("a.html", "<textarea><html></textarea>"),
        ("a.html", '<p title="<html>"></p>'),
        ("a.liquid", "{% comment %}<!doctype html>{% endcomment %}"),
    ],
)
def test_a_part_that_only_writes_of_a_whole_page_is_a_part(run: Run, name: str, text: str) -> None:
    _write(**{"header.php": BASE, name: text + EVENT})
    assert _told(run, name) == [(META_ID, ["header.php"], "live")]


@pytest.mark.parametrize(
    ("base", "script"),
    [
        ("<!-- <base href='/x/'> -->", "site/js/a.js"),
        ("<script>var s = '<base href=/x/>';</script>", "site/js/a.js"),
        ("<base target=_blank>", "site/js/a.js"),
        ("<base href='./'>", "site/js/a.js"),
        ("<base href='deep/'>", "site/deep/js/a.js"),
        ("<base href='deep/index.html'><base href='/'>", "site/deep/js/a.js"),
        ("<base href='../'>", "js/a.js"),
        ("<base href='/'>", "js/a.js"),
        ("<base href='https://cdn.example/'>", None),
        ("<base href='//cdn.example/'>", None),
        ("<base href='<?= $base ?>'>", None),
    ],
)
def test_the_url_of_a_script_counts_from_the_base_of_the_page(run: Run, base: str, script: str | None) -> None:
    _write(**{"site/a.html": PAGE % (base, "<script src='js/a.js'></script>" + EVENT)})
    _write(**dict.fromkeys(["site/js/a.js", "site/deep/js/a.js", "js/a.js", "x/js/a.js"], INIT))
    assert _told(run, "site/a.html") == [(META_ID if script else None, [script] if script else [], "live")]


INCLUDES = [
    ("<?php include 'parts/pixel.php'; ?>", "parts/pixel.php"),
    ("<?php require_once __DIR__ . '/parts/pixel.php'; ?>", "parts/pixel.php"),
    ("<?php get_template_part('parts/pixel'); ?>", "parts/pixel.php"),
    ("{% include 'pixel' %}", "snippets/pixel.liquid"),
    ("{%- render 'pixel', id: 1 -%}", "snippets/pixel.liquid"),
    ('{% include "parts/pixel.twig" %}', "templates/parts/pixel.twig"),
    ("{{> pixel}}", "partials/pixel.hbs"),
    ('{{ template "pixel.gohtml" . }}', "parts/pixel.gohtml"),
    ("@include('parts.pixel')", "views/parts/pixel.blade.php"),
    ("<%= render 'shared/pixel' %>", "views/shared/_pixel.html.erb"),
    ("<%- include('pixel') %>", "parts/pixel.ejs"),
    ('<%@ include file="pixel.jspf" %>', "pixel.jspf"),
    ('<!--#include virtual="/parts/pixel.html" -->', "parts/pixel.html"),
    ("{include file='pixel.tpl'}", "parts/pixel.tpl"),
    ('<#include "pixel.ftl">', "parts/pixel.ftl"),
    ("[% INCLUDE pixel.tt %]", "parts/pixel.tt"),
]


@pytest.mark.wide
@pytest.mark.parametrize(("include", "part"), INCLUDES)
def test_a_whole_page_gets_the_base_code_of_the_file_that_it_includes(run: Run, include: str, part: str) -> None:
    other = BASE.replace(META_ID, OTHER_ID)
    _write(**{"layout.html": PAGE % (include, EVENT), part: BASE, "other/footer.php": other})
    assert _told(run, "layout.html") == [(META_ID, [part], "live")]
    assert _linted(run, "layout.html", part) == []


def test_a_part_without_a_suffix_is_in_the_language_of_the_page(run: Run) -> None:
    _write(**{"a.liquid": PAGE % ("{% include 'pixel' %}", EVENT), "pixel.php": INIT.replace(META_ID, OTHER_ID)})
    _write(**{"snippets/pixel.liquid": BASE})
    assert _told(run, "a.liquid") == [(META_ID, ["snippets/pixel.liquid"], "live")]


@pytest.mark.parametrize("include", ["<?php include $part; ?>", "<?php get_header(); ?>", "{% render part %}"])
def test_a_whole_page_that_includes_what_is_not_known_is_like_a_part(run: Run, include: str) -> None:
    _write(**{"layout.html": PAGE % (include, EVENT), "pixel.php": BASE})
    assert _told(run, "layout.html") == [(META_ID, ["pixel.php"], "live")]
    _write(**{"other.php": BASE.replace(META_ID, OTHER_ID)})
    assert _told(run, "layout.html") == [(None, ["other.php", "pixel.php"], "live")]


@pytest.mark.parametrize(
    "text",
    ["{# {% include 'pixel' %} #}", "<p>include 'pixel'</p>", "{{ template.name }}", "{{#each pixels}}{{/each}}"],
)
def test_a_whole_page_that_includes_nothing_is_complete(run: Run, text: str) -> None:
    _write(**{"layout.html": PAGE % (text, EVENT), "pixel.liquid": BASE})
    assert _told(run, "layout.html") == [(None, [], "live")]


DEFERRED = "<script defer src='a.js'></script>"
AT_LOAD = "<script>window.onload = function () { fbq('track', 'Lead'); };</script>"
AT_READY = "<script>document.addEventListener('DOMContentLoaded', function () { fbq('track', 'Lead'); });</script>"
AT_CLICK = "<script>function t() { fbq('track', 'Lead'); }</script>%s<a onclick='t()'>x</a>"


@pytest.mark.parametrize(
    ("scripts", "is_in_time"),
    [
        (DEFERRED + AT_READY, True),
        (AT_READY + DEFERRED, True),
        (DEFERRED + "<script>jQuery(function () { fbq('track', 'Lead'); });</script>", True),
        (DEFERRED + "<script>$(document).ready(function () { fbq('track', 'Lead'); });</script>", True),
        (DEFERRED + "<script>addEventListener('load', f); function f() { fbq('track', 'Lead'); }</script>", True),
        (DEFERRED + "<script>addEventListener('load', f); f(); function f() { fbq('track', 'Lead'); }</script>", False),
        (DEFERRED + AT_LOAD, True),
        (DEFERRED + "<script>addEventListener('load', () => fbq('track', 'Lead'));</script>", True),
        ("<script async src='a.js'></script>" + AT_LOAD, True),
        ("<script async src='a.js'></script>" + AT_READY, False),
        (DEFERRED + "<script type=module>fbq('track', 'Lead');</script>", True),
        ("<script type=module>fbq('track', 'Lead');</script>" + DEFERRED, False),
        ("<script type=module src='a.js'></script><script type=module>fbq('track', 'Lead');</script>", True),
        (AT_CLICK % DEFERRED, True),
        (DEFERRED + EVENT, False),
    ],
)
def test_an_event_that_waits_gets_the_base_code_that_runs_before_it(run: Run, scripts: str, is_in_time: bool) -> None:
    _write(**{"page.html": PAGE % (scripts, ""), "a.js": INIT})
    [(pixel_id, base_from, _)] = _told(run, "page.html")
    assert (pixel_id, base_from) == ((META_ID, ["a.js"]) if is_in_time else (None, []))


@pytest.mark.parametrize("event", [AT_READY + "%s", AT_LOAD + "%s", AT_CLICK])
def test_an_event_that_waits_is_of_a_pixel_that_is_named_below_it(event: str) -> None:
    [found] = snippets.read(event % f"<script>{INIT}</script>")
    assert found.pixel_id == META_ID
