"""Code in a frame's `srcdoc`: a document of its own, which every reader sees, and beside which nothing is doubled."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest

from snippetkit import csp, snippets
from snippetkit.browser import Observed, find_origins, judge
from snippetkit.browser.observed import read_event
from snippetkit.errors import SlowReadingError
from snippetkit.inject import find_code
from snippetkit.model import Loaded
from tests.conftest import Run
from tests.pages import insertion_of, put, take_out, why_refused
from tests.pixels import EVERY_CODE, META_ID, PURCHASE
from tests.reading import find_in_source

FRAME = '<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>é <iframe {} srcdoc="{}"></iframe>\n'
BASE = EVERY_CODE["fbq"].replace("PageView", "Lead")
IMAGE = f'<img alt="" src="https://www.facebook.com/tr?id={META_ID}&amp;ev=Lead">'


def _page(inner: str, attributes: str = "") -> str:
    return FRAME.format(attributes, escape(inner))


@pytest.mark.parametrize("code", [PURCHASE, IMAGE, f"<a onclick=\"fbq('trackSingle', '{META_ID}', 'Lead')\">"])
def test_what_a_frame_fires_is_read_where_it_stands(run: Run, code: str) -> None:
    text = _page(code)
    Path("page.html").write_text(text, "utf-8")
    [alone] = snippets.read_file("code.html", code)
    [read] = snippets.read_file("page.html", text)
    assert (read.pixel_id, read.event, read.value, read.state) == (META_ID, alone.event, alone.value, alone.state)
    assert read.line == 7
    assert [one.pixel_id for one in find_code(Loaded(text.encode())).carried] == [META_ID]
    assert META_ID in run("inspect", "page.html").out
    assert META_ID in run("status", "page.html").out


def _nested(depth: int, page: str = IMAGE) -> str:
    for _ in range(depth):
        page = f'<iframe srcdoc="{escape(page)}"></iframe>'
    return page


def test_a_frame_in_a_frame_is_read_and_refused_where_it_is_deeper_than_anybody_writes(run: Run) -> None:
    for depth in (1, 4, 8):
        assert [one.pixel_id for one in snippets.read_file("page.html", _nested(depth))] == [META_ID]
    assert snippets.read_file("page.html", "<iframe srcdoc=<iframe/srcdoc=" * 2000 + "fbq>") == []
    with pytest.raises(SlowReadingError):
        snippets.read_file("page.html", _nested(9))
    Path("page.html").write_text(
        f"<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n{_nested(9)}\n</body>\n</html>\n", "utf-8"
    )
    Path("code.html").write_text(PURCHASE, "utf-8")
    for command in (["inspect"], ["lint"], ["status"], ["csp"], ["inject", "--from-file", "code.html"]):
        ran = run(*command, "page.html")
        assert (ran.code, ran.err.count("more than 8 deep"), "Traceback" in ran.err) == (6, 1, False)
    assert judge(Observed("x.html", True, _nested(9), ())).faults[0].code == "not-loaded"


@pytest.mark.parametrize("attributes", ["sandbox", 'sandbox="allow-forms"'])
def test_a_sandbox_lets_no_script_run_and_images_load(attributes: str) -> None:
    page = _page(BASE, attributes)
    assert {one.state for one in snippets.read_file("page.html", page)} == {"dead"}
    assert "not-run" in {one.code for one in find_in_source("page.html", page)}
    assert [one.state for one in snippets.read_file("page.html", _page(IMAGE, attributes))] == ["live"]
    allowed = _page(BASE, 'sandbox="allow-forms ALLOW-SCRIPTS"')
    assert {one.state for one in snippets.read_file("page.html", allowed)} == {"live"}


def test_a_frame_of_a_template_or_a_comment_is_none() -> None:
    for page in (f"<template>{_page(IMAGE)}</template>", f"<!--{_page(IMAGE)}-->"):
        assert snippets.read_file("page.html", page) == []


def test_what_is_wrong_in_a_frame_is_found_at_its_place() -> None:
    wrong = PURCHASE.replace("]=30.00", "]=31.00")
    found = [(one.code, one.line, one.snippet) for one in find_in_source("page.html", _page(wrong))]
    assert ("value-mismatch", 11, 0) in found


def test_nothing_of_a_pixel_that_a_frame_reports_goes_onto_the_page_and_another_does() -> None:
    page = _page(IMAGE).encode()
    assert "line 7, column 24: a frame of the page has code of image:" in why_refused(page, insertion_of(PURCHASE))
    other = insertion_of(PURCHASE.replace(META_ID, "77"))
    assert take_out(put(page, other)) == page


def test_a_policy_counts_for_a_pages_frames_too() -> None:
    alone, framed = csp.additions(BASE.encode()), csp.additions(_page(BASE).encode())
    assert alone.script_src
    assert framed.directives() == csp.additions(_nested(8, BASE).encode()).directives() == alone.directives()
    told = csp.additions(_page(PURCHASE.replace("Purchase", "<?= $event ?>")).encode())
    assert [line for line, _ in told.unknown] == [7]


@pytest.mark.parametrize(
    ("inner", "origin"),
    [(PURCHASE, ("script", 7)), (IMAGE.replace("Lead", "Purchase"), ("image", 7))],
)
def test_verify_expects_what_a_frame_fires_and_says_from_where_it_comes(inner: str, origin: tuple[str, int]) -> None:
    url = f"https://www.facebook.com/tr?id={META_ID}&ev=Purchase&cd[value]=30.00&cd[currency]=USD"
    fired = read_event(url, 1)
    assert fired
    page = _page(inner)
    [fault] = judge(Observed("x.html", True, page, ())).faults
    assert (fault.code, fault.line) == ("not-fired", 7)
    verdict = judge(Observed("x.html", True, page, (fired,)))
    assert (verdict.faults, find_origins(verdict)) == ((), [origin])
    twice = page.replace("<title>", f"{PURCHASE.partition('<noscript>')[0]}<title>")
    assert [one.code for one in judge(Observed("x.html", True, twice, (fired, fired))).faults] == ["fired-twice"]


@pytest.mark.parametrize("slash", ["/", r"\/"])
def test_an_image_that_a_script_makes_is_read_and_comes_from_that_script(slash: str) -> None:
    fired = read_event(f"https://www.facebook.com/tr?id={META_ID}&ev=Lead", 1)
    assert fired
    url = f"https://www.facebook.com/tr?id={META_ID}&ev=Lead".replace("/", slash)
    page = f"<p>x</p>\n<script>\nnew Image().src = '{url}';\n</script>"
    assert [(one.pixel_id, one.event) for one in snippets.read_file("x.html", page)] == [(META_ID, "Lead")]
    assert find_origins(judge(Observed("x.html", True, page, (fired,)))) == [("script", 3)]
