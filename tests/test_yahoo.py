"""Yahoo's Dot tag: what it reports, and what of it goes onto a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.errors import SnippetError
from snippetkit.templating import rewritable_dialects
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import PAGE, on_a_page

DOTQ = EVERY_CODE["dotq"]
ID, OTHER = "10000/1234567", "10000/7654321"
BASE = f"{DOTQ.partition('window.dotq =')[0]}</script>"
EVENT = f"<script>window.dotq = {DOTQ.partition('window.dotq =')[2].partition('<noscript>')[0]}"
IMAGE = f"<noscript>{DOTQ.partition('<noscript>')[2]}"
Read = tuple[str, str | None, str | None, str, bool]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.state, one.conversion) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


def _pushed(texts: str, more: str = "") -> str:
    return (
        "<script>dotq.push({projectId: 10000, properties: {pixelId: '1234567', "
        f"qstrings: {{et: 'custom', {texts}}}}}}}{more})</script>"
    )


PURCHASE = (ID, "purchase", "19.99", "live", True)
SHOWN = (ID, None, None, "base code", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (DOTQ, [PURCHASE]),
        (BASE, [SHOWN]),
        (EVENT + IMAGE, [PURCHASE]),
        (IMAGE, [PURCHASE]),
        (IMAGE.replace("ea=purchase", "ec=purchase"), [PURCHASE]),
        (IMAGE.replace("&amp;ea=purchase&amp;gv=19.99", ""), [SHOWN]),
        (_pushed("ec: 'lead'"), [(ID, "lead", None, "live", True)]),
        (_pushed("ec: 'shop', ea: 'Buy', gv: total"), [(ID, "Buy", "total", "live", True)]),
        (_pushed("gv: 5"), [(ID, None, "5", "live", True)]),
        (
            _pushed("ea: 'a'", ", {projectId: 10000, properties: {pixelId: 7654321, qstrings: {ea: 'b'}}}"),
            [(ID, "a", None, "live", True), (OTHER, "b", None, "live", True)],
        ),
        (
            "<script>var pixel = '1234567'; dotq.push({projectId: '10000', properties: {pixelId: pixel, "
            "qstrings: {ea: 'x'}}})</script>",
            [(ID, "x", None, "live", True)],
        ),
        ("<script>other.push({projectId: '10000', properties: {pixelId: '1234567'}})</script>", []),
        (BASE.replace("ywa.I13N.fireBeacon", "ywa.fire"), []),
        ("<script>dotq.push(['event', 'x'], {name: 'x'})</script>", []),
    ],
)
def test_what_is_pushed_is_read_and_what_the_base_code_pushes(text: str, found: list[Read]) -> None:
    assert _read(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (DOTQ, []),
        (EVENT, ["unknown-pixels"]),
        (BASE + EVENT + IMAGE, []),
        (BASE + EVENT + EVENT, ["duplicate-pixel"]),
        (DOTQ.replace("'19.99'", "'19,99'"), ["value-invalid", "value-mismatch"]),
        (DOTQ.replace("gv=19.99", "gv=29.99"), ["value-mismatch"]),
        (DOTQ.replace("ea=purchase", "ea=lead"), ["event-mismatch"]),
        (BASE + EVENT.replace("'gv'", "'value'"), ["value-key"]),
        (BASE + EVENT.replace("'gv'", "'revenue'"), ["value-key"]),
        (BASE + EVENT.replace("1234567", "YOUR_ID"), ["id-invalid"]),
        (BASE + EVENT.replace("'19.99'", "order.total"), ["dynamic-value"]),
    ],
)
def test_lint_knows_what_the_tag_tells(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("'19.99'", "order.total", set()),
        ("s.async=true", "s.async=!0", set()),
        ("par.insertBefore(s,scr)", "par.insertBefore(scr,s)", {"unexpected-script"}),
        ("y(c)}catch", "y(c);y(document.cookie)}catch", {"unexpected-script"}),
        ("'19.99'", "document.cookie", {"unexpected-script"}),
        ("s.yimg.com", "s.evil.example", {"foreign-host", "unexpected-script"}),
        ("sp.analytics.yahoo.com", "sp.evil.example", {"foreign-host"}),
        ("{'pixelId':'1234567'}", "{'pixelId':'7654321'}", {"second-pixel"}),
        (
            "window.dotq.push({",
            "dotq.push({projectId: '9', properties: {pixelId: '8'}}, {",
            {"second-pixel", "unexpected-script"},
        ),
        ("window.dotq.push({", "dotq.push('stop'); dotq.push({", {"unexpected-script"}),
    ],
)
def test_the_base_code_is_trusted_token_for_token(old: str, new: str, codes: set[str]) -> None:
    assert old in DOTQ
    assert _untrusted(DOTQ.replace(old, new, 1)) == codes


def test_what_reports_for_two_pixels_names_a_second() -> None:
    more = ", {projectId: 10000, properties: {pixelId: 7654321, qstrings: {ea: 'b'}}}"
    assert "second-pixel" in _untrusted(_pushed("ea: 'a'", more))


def test_fresh_code_is_not_written_and_a_currency_has_no_place() -> None:
    [snippet] = snippets.read(DOTQ)
    assert "dotq" not in rewritable_dialects()
    assert "'gv': '25.00'" in snippet.with_value("25.00").source
    assert "gv=25.00" in snippet.with_value("25.00").source
    with pytest.raises(SnippetError, match="no currency"):
        snippet.with_value("25.00", "USD")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    with on_a_page(run, DOTQ, "dotq:10000%2F1234567") as policy:
        assert "https://s.yimg.com" in policy
        assert "img-src https://sp.analytics.yahoo.com" in policy
        assert run("export", "gtm", "--from-file", "code.html", "--page-path", "/", "-o", "gtm.json").code == 0


def test_two_pixels_each_have_their_own_code(run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    for pixel in ("1234567", "7654321"):
        Path("code.html").write_text(DOTQ.replace("1234567", pixel))
        ran = run("inject", "page.html", "--from-file", "code.html")
        assert ran.code == 0, ran.err
    assert {one[0] for one in _read(Path("page.html").read_text())} == {ID, OTHER}
    assert run("lint", "page.html").out == ""


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("a=10000&.yp=1234567&et=custom&ea=Buy&gv=5", (ID, "Buy", "5")),
        ("a=10000&.yp=1234567&ec=shop&gv=5", (ID, "shop", "5")),
        ("a=10000&.yp=1234567", (ID, "", None)),
    ],
)
def test_what_was_seen_is_told(query: str, told: tuple[str, str, str | None]) -> None:
    fired = read_event(f"https://sp.analytics.yahoo.com/spp.pl?{query}", 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value) == told
