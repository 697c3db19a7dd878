"""The Trade Desk's universal pixel and its images: what they report, and what goes onto a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from tests.conftest import Run
from tests.pixels import EVERY_CODE

TTD = EVERY_CODE["ttd"]
LOADER = TTD.partition("\n")[0]
INIT = "'abc1234', %s, 'https://insight.adsrvr.org/track/up'"
IMAGE = "https://insight.adsrvr.org/track/%s/?adv=abc1234&ct=0:xyz9876&fmt=3&orderid=A-1&v=19.99&vf=USD"
PAGE = b"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"


def _ids(script: str) -> list[tuple[str, bool, str]]:
    return [(one.pixel_id, one.dynamic, one.state) for one in snippets.read(f"{LOADER}<script>{script}</script>")]


@pytest.mark.parametrize(
    ("script", "ids"),
    [
        (f"var a = new TTDUniversalPixelApi(); a.init({INIT % ['def5678']})", ["abc1234/def5678"]),
        (f"const a = new window.TTDUniversalPixelApi; a.init({INIT % ['def5678']})", ["abc1234/def5678"]),
        (f"new TTDUniversalPixelApi().init({INIT % ['def5678']})", ["abc1234/def5678"]),
        (f"(new TTDUniversalPixelApi()).init({INIT % ['a5678', 'b5678']})", ["abc1234/a5678", "abc1234/b5678"]),
        (f"var a; a = new TTDUniversalPixelApi(); a.init({INIT % ['def5678']})", ["abc1234/def5678"]),
        ("var a = new TTDUniversalPixelApi(); a.init('abc1234', 'def5678')", ["abc1234/def5678"]),
        (f"var a = new Other(); a.init({INIT % ['def5678']})", []),
        (f"var a = new TTDUniversalPixelApi(); a.track({INIT % ['def5678']})", []),
        ("var a = new TTDUniversalPixelApi(); a.init()", []),
    ],
)
def test_each_pixel_that_init_is_told_is_one(script: str, ids: list[str]) -> None:
    assert _ids(script) == [(one, False, "live") for one in ids]


def test_an_id_that_a_script_makes_is_dynamic_and_a_function_may_wait() -> None:
    assert _ids("new TTDUniversalPixelApi().init(adv, ['def5678'])") == [("adv/def5678", True, "live")]
    waiting = f"function seen() {{ new TTDUniversalPixelApi().init({INIT % ['def5678']}); }}"
    assert _ids(waiting) == [("abc1234/def5678", False, "when called")]


@pytest.mark.parametrize("name", ["pxl", "conv", "evnt", "up"])
def test_an_image_tells_an_order(name: str) -> None:
    url = IMAGE % name
    [one] = snippets.read(f'<img alt="" src="{url.replace("&", "&amp;")}">')
    told = (one.dialect, one.pixel_id, one.value, one.currency, one.order_id)
    assert told == ("ttd", "abc1234/0:xyz9876", "19.99", "USD", "A-1")
    fired = read_event(url, 0)
    assert fired is not None
    assert (fired.pixel_id, fired.value, fired.currency, fired.order_id) == told[1:]


@pytest.mark.parametrize(
    ("query", "ids"),
    [("adv=abc1234&upid=def5678&upv=1.1.0", ["abc1234/def5678"]), ("adv=abc1234", []), ("upid=def5678", [])],
)
def test_a_frame_asks_for_what_the_loader_does(query: str, ids: list[str]) -> None:
    frame = f'<iframe src="https://insight.adsrvr.org/track/up?{query}"></iframe>'
    assert [one.pixel_id for one in snippets.read(frame)] == ids


@pytest.mark.parametrize("name", ["window.api", "page.api"])
def test_the_object_may_be_a_member(name: str) -> None:
    script = f"{name} = new TTDUniversalPixelApi(); {name}.init({INIT % ['def5678']}); page.other.init('x', ['y'])"
    assert _ids(script) == [("abc1234/def5678", False, "live")]


def test_what_the_loader_asks_for_is_the_pixels() -> None:
    fired = read_event("https://insight.adsrvr.org/track/up?adv=abc1234&upid=def5678&ts=1", 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value) == ("abc1234/def5678", None, None)


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("universalPixelApi", "api", set()),
        ("ttd_dom_ready( function() {", "(function (global) {", {"unexpected-script"}),
        ('up");', 'up", "ttdUniversalPixelTag1");', set()),
        ("js.adsrvr.org", "js.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ("insight.adsrvr.org", "evil.example", {"foreign-host", "unexpected-script"}),
        ('["def5678"]', '["def5678", "ghi9012"]', {"second-pixel"}),
        ("=== 'function'", "!== 'function'", {"unexpected-script"}),
        ('.init("abc1234"', ".init(document.cookie", {"unexpected-script"}),
        (LOADER, "", {"not-run"}),
    ],
)
def test_code_from_outside_does_no_more(old: str, new: str, codes: set[str]) -> None:
    assert old in TTD
    assert {one.code for one in lint.find_untrusted(snippets.parse(TTD.replace(old, new)))} == codes


def test_the_older_form_calls_a_function_with_the_window() -> None:
    old = TTD.replace("ttd_dom_ready( function() {", "(function (global) {").replace("  });", "  })(this);")
    assert lint.find_untrusted(snippets.parse(old)) == []
    assert lint.find(snippets.parse(old)) == []


def test_it_goes_onto_a_page_and_off_again(run: Run) -> None:
    page, code = Path("page.html"), Path("code.html")
    page.write_bytes(PAGE)
    code.write_text(TTD)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    assert "frame-src https://insight.adsrvr.org" in run("csp", "page.html").out
    assert run("inject", "page.html", "--kind", "ttd", "--pixel", "abc1234/def5678").code == 0
    assert run("lint", "page.html").code == 0
    assert run("remove", "page.html", "--pixel", "abc1234/def5678").code == 0
    assert page.read_bytes() == PAGE


def test_a_value_is_refused_with_the_reason(run: Run) -> None:
    ran = run("snippet", "--kind", "ttd", "abc1234/def5678", "--value", "1999", "--currency", "USD")
    assert (ran.code, ran.out) == (2, "")
    assert "takes no value from this code" in ran.err
