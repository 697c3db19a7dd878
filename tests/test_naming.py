"""Base code in a script of its own, as vendors give it: it goes where its event goes, and is held to the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from tests.conftest import Run
from tests.pixels import EVERY_CODE, META_ID

PAGE = "<!doctype html>\n<html>\n<head>\n<title>x</title>\n</head>\n<body>\n<p>x</p>\n</body>\n</html>\n"
LIST = "window.uetq = window.uetq || [];"
EVENTS = {
    "fbq": "fbq('track', 'Purchase', {value: 30.00, currency: 'USD'});",
    "lintrk": "lintrk('track', {conversion_id: 7654321});",
    "pintrk": "pintrk('track', 'checkout', {value: 19.99, currency: 'USD'});",
    "ttq": "ttq.track('CompletePayment', {value: 19.99, currency: 'USD'});",
    "twq": "twq('event', 'tw-abc12-def34', {value: 19.99, currency: 'USD'});",
    "uetq": f"{LIST} uetq.push('event', 'purchase', {{revenue_value: 19.99, currency: 'USD'}});",
}
ENDS = {
    "fbq": "fbq('track'",
    "lintrk": "lintrk('track'",
    "pintrk": "pintrk('track'",
    "ttq": "ttq.track",
    "twq": "twq('event'",
    "uetq": LIST,
}


def _base(name: str) -> str:
    code = EVERY_CODE[name].replace(' nonce="Zr0pQ1aB"', "")
    return code[code.index("<script") : code.index(ENDS[name])] + "</script>"


def _codes(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


def _in_two(base: str, start: str) -> str:
    """A base code whose last part, from this text on, is a script of its own."""
    return base.replace(start, f"</script>\n<script>\n{start}", 1)


LOADERS_APART = {"fbq": "fbq('init'", "lintrk": "(function(l)", "pintrk": "pintrk('load'", "twq": "twq('config'"}
PARTNER_IMAGE = '<noscript><img alt="" src="https://px.ads.linkedin.com/collect/?pid=123456&fmt=gif"></noscript>'


@pytest.mark.wide
@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("between", ["", "\n", "\n<!-- the event -->\n"])
def test_it_goes_onto_a_page_with_its_event_and_out_again(run: Run, name: str, between: str) -> None:
    event = f"<script>{EVENTS[name]}</script>"
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(_base(name) + between + event)
    assert run("inject", "page.html", "--from-file", "code.html").code == 0
    assert run("inject", "page.html", "--from-file", "code.html", "--check").code == 0
    page = Path("page.html").read_text()
    assert page.index(_base(name)) < page.index(event)
    assert run("lint", "page.html").out == ""
    assert run("remove", "page.html").code == 0
    assert Path("page.html").read_text() == PAGE


@pytest.mark.parametrize("name", LOADERS_APART)
def test_what_makes_the_function_may_stand_apart_from_what_names_the_pixel(run: Run, name: str) -> None:
    base, event = _in_two(_base(name), LOADERS_APART[name]), f"<script>{EVENTS[name]}</script>"
    assert base.count("<script") == 2
    for code in (base + event, f"{base}\n{event}"):
        Path("page.html").write_text(PAGE)
        Path("code.html").write_text(code)
        assert run("inject", "page.html", "--from-file", "code.html").code == 0
        page = Path("page.html").read_text()
        assert (base in page, page.count("<script")) == (True, 3)
        assert run("lint", "page.html").out == ""
        assert run("remove", "page.html").code == 0
        assert Path("page.html").read_text() == PAGE
        assert run("export", "html", "--all-pages", "--from-file", "code.html").code == 0


def test_what_makes_the_function_may_stand_apart_from_what_names_the_pixel_and_reports() -> None:
    base = _base("twq").removesuffix("</script>")
    code = _in_two(f"{base}{EVENTS['twq']}</script>", "twq('config'")
    assert _codes(code) == set()
    [one] = snippets.read_code_from_outside(snippets.parse(code))
    assert one.script == code[code.index("<script") :]


def test_the_image_of_an_account_goes_with_its_conversion(run: Run) -> None:
    base, event = _in_two(_base("lintrk"), "(function(l)"), f"<script>{EVENTS['lintrk']}</script>"
    for code in (f"{base}\n{PARTNER_IMAGE}\n{event}", f"{PARTNER_IMAGE}{base}{event}"):
        Path("page.html").write_text(PAGE)
        Path("code.html").write_text(code)
        assert run("inject", "page.html", "--from-file", "code.html").code == 0
        page = Path("page.html").read_text()
        assert (page.count("<script"), page.count(PARTNER_IMAGE)) == (3, 1)
        assert page.index("<body>") < page.index(PARTNER_IMAGE)
        assert run("remove", "page.html").code == 0
        assert Path("page.html").read_text() == PAGE
    other = PARTNER_IMAGE.replace("123456", "654321")
    Path("code.html").write_text(f"{base}{other}{event}")
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code != 0, "lintrk:654321" in ran.err) == (True, True)


@pytest.mark.parametrize(
    "held", ["<script type=text/plain>", "<script type=text/plain data-category=ads>", "<script onload='x()'>"]
)
def test_what_makes_the_function_has_to_run(held: str) -> None:
    text = f"{_in_two(_base('twq'), LOADERS_APART['twq'])}<script>{EVENTS['twq']}</script>"
    assert _codes(text) == set()
    assert "unexpected-script" in _codes(text.replace("<script>", held, 1))


def test_it_stands_in_front_wherever_it_stood(run: Run) -> None:
    event = f"<script>{EVENTS['uetq']}</script>"
    Path("page.html").write_text(PAGE)
    image = '<noscript><img alt="" src="//bat.bing.com/action/0?ti=40123456&amp;Ver=2"></noscript>'
    for code in (f"{event}\n{_base('uetq')}", f"{_base('uetq')}{image}{event}"):
        Path("code.html").write_text(code)
        assert run("inject", "page.html", "--from-file", "code.html").code == 0
        page = Path("page.html").read_text()
        assert 0 < page.index(_base("uetq")) < page.index(event)
        assert page.count("<script>") == 2
        assert run("remove", "page.html").code == 0


def test_a_value_is_set_in_the_event_and_no_other_byte_changes(run: Run) -> None:
    event = f"<script>{EVENTS['pintrk']}</script>"
    Path("code.html").write_text(f"{_base('pintrk')}\n{event}")
    printed = run("snippet", "--from-file", "code.html", "--value", "2500", "--variant", "script").out
    assert printed.strip() == f"{_base('pintrk')}\n{event.replace('19.99', '25.00')}"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("pinimg.com", "pinimg.example", {"foreign-host", "unexpected-script"}),
        ("pintrk('page');", "document.title = 1;", {"unexpected-script"}),
        ("pintrk('page');", "pintrk('setconsent', true);", {"consent-granted"}),
        ("pintrk('page');", "pintrk('load', '2612000000456');", {"second-pixel"}),
        ("<script>", "<script onload='x()'>", {"unexpected-script"}),
        ("<script>", "<script type=text/plain data-category=ads>", {"unexpected-script"}),
    ],
)
def test_it_is_held_to_what_conversion_code_does(old: str, new: str, codes: set[str]) -> None:
    text = f"{_base('pintrk')}<script>{EVENTS['pintrk']}</script>"
    assert _codes(text) == set()
    assert old in text
    assert _codes(text.replace(old, new, 1)) == codes


@pytest.mark.parametrize(
    "more",
    [
        "<script>document.title = 1</script>",
        _base("ttq"),
        f"<script>fbq('init', '{META_ID}')</script>",
    ],
)
def test_no_other_script_comes_along(more: str) -> None:
    assert "unexpected-script" in _codes(f"{_base('pintrk')}<script>{EVENTS['pintrk']}</script>{more}")


def test_what_a_page_reads_as_one_code_is_one_script() -> None:
    [one] = snippets.read(f"{_base('pintrk')}<script>{EVENTS['pintrk']}</script>")
    assert one.script == f"<script>{EVENTS['pintrk']}</script>"


def test_events_in_two_scripts_are_not_one_code(run: Run) -> None:
    events = "".join(f"<script>pintrk('track', '{name}')</script>" for name in ("lead", "signup"))
    Path("page.html").write_text(PAGE)
    Path("code.html").write_text(_base("pintrk") + events)
    ran = run("inject", "page.html", "--from-file", "code.html")
    assert (ran.code != 0, "has 2 scripts" in ran.err) == (True, True)
    assert Path("page.html").read_text() == PAGE
