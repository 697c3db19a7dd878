"""Several fp pixels in one script, as the template `combined` writes them, are read back; no other code passes so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.model import Snippet
from snippetkit.templating import Template, render_blocks
from tests.conftest import JS_PIXEL, PIXEL_ID, Run

OTHER_ID = "6009125095681"
COUNTS = pytest.mark.parametrize("count", [1, 2, 5])


def _pixels(count: int) -> list[Snippet]:
    return [Snippet("fp", f"{6009125095680 + number}", f"{number}.50", "USD", "") for number in range(count)]


def _combined(pixels: list[Snippet], **variables: str) -> str:
    return "\n".join(render_blocks(Template("combined"), pixels, variables).values())


def _told(found: list[Snippet]) -> list[tuple[str, str | None, str | None]]:
    return [(snippet.pixel_id, snippet.value, snippet.currency) for snippet in found]


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(text))]


def untrusted(text: str) -> list[str]:
    return [finding.code for finding in lint.find_untrusted(snippets.parse(text))]


TWO = _combined(_pixels(2))


@COUNTS
def test_each_combined_pixel_is_read_with_its_settings_and_its_image(count: int) -> None:
    found = snippets.read(_combined(_pixels(count)))
    assert _told(found) == _told(_pixels(count))
    for snippet in found:
        amount = f"&value={snippet.value}".removesuffix("0")
        assert snippet.image_url.endswith(f"?id={snippet.pixel_id}{amount}&currency=USD")
        assert (snippet.dialect, snippet.conversion, snippet.dynamic) == ("fp", True, False)
        assert snippet.script.startswith("<script>")


@COUNTS
def test_what_is_read_is_written_again_with_the_same_bytes(count: int) -> None:
    block = _combined(_pixels(count))
    assert _combined(snippets.read(block)) == block


def test_pixels_without_a_value_or_a_currency_come_back_without_one() -> None:
    pixels = [Snippet("fp", PIXEL_ID, None, None, ""), Snippet("fp", OTHER_ID, "5.00", None, "")]
    block = _combined(pixels)
    assert _told(snippets.read(block)) == _told(pixels)
    assert _combined(snippets.read(block)) == block


@COUNTS
def test_a_value_is_set_in_one_combined_pixel_and_in_no_other(count: int) -> None:
    first, *others = snippets.read(_combined(_pixels(count)))
    changed = first.with_value("19.99", "EUR")
    assert _told(snippets.read(changed.source)) == [(PIXEL_ID, "19.99", "EUR"), *_told(others)]
    assert changed.image_url.endswith("&value=19.99&currency=EUR")
    assert _combined([changed, *others]) == changed.source == _combined(snippets.read(changed.source))


def test_the_halves_of_a_combined_block_may_stand_apart_on_a_page() -> None:
    blocks = render_blocks(Template("combined"), _pixels(2))
    page = f"<!doctype html><head><title>x</title>{blocks['script']}</head><body>{blocks['noscript']}<p>x</p></body>"
    assert [bool(snippet.image_url) for snippet in snippets.read(page)] == [True, True]
    assert codes(page) == ["retired-endpoint"] * 2


@COUNTS
def test_lint_says_nothing_of_a_combined_block_but_that_fp_is_switched_off(count: int) -> None:
    assert set(codes(_combined(_pixels(count)))) == {"retired-endpoint"}
    assert untrusted(_combined(_pixels(count))) == untrusted(_combined(_pixels(count), nonce="Zr0pQ1aB")) == []


FUNCTION = f'function () {{ window.fb_param = {{pixel_id: "{PIXEL_ID}"}}; }}'
SECOND = FUNCTION.replace(PIXEL_ID, OTHER_ID)


@pytest.mark.parametrize(
    "text",
    [
        JS_PIXEL + JS_PIXEL.replace(PIXEL_ID, OTHER_ID),
        f"<script>fb_param = {{pixel_id: '{PIXEL_ID}'}}; fb_param = {{pixel_id: '{OTHER_ID}'}};</script>",
        f"<script>({FUNCTION})(); ({SECOND})();</script>",
        f"<script>[{FUNCTION}, {SECOND}].forEach(function (set) {{ set(); }});</script>",
        TWO + JS_PIXEL.replace(PIXEL_ID, "434566956589050"),
        JS_PIXEL.replace(PIXEL_ID, "434566956589050") + TWO,
        TWO + TWO.replace("60091250956", "60091250957"),
    ],
    ids=["two blocks", "one script", "two functions", "at once", "a block behind", "a block before", "two lists"],
)
def test_fp_pixels_that_share_the_global_otherwise_clobber_each_other(text: str) -> None:
    assert "fb-param-clobber" in codes(text)


def test_another_function_may_work_the_list_off_on_a_page() -> None:
    script = f"<script>!function(q){{shop.queue(q)}}([{FUNCTION},{SECOND}])</script>"
    assert set(codes(f"<!doctype html><head>{script}</head>")) == {"retired-endpoint"}
    assert untrusted(script) == ["unexpected-script"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://connect.facebook.net/en_US/fp.js", "https://example.com/fp.js"),
        ("https://connect.facebook.net/en_US/fp.js", "//connect.facebook.net/en_US/fp.js/../../../x.js"),
        ("loader.async = true;", "loader.async = true; alert(1);"),
        ("  next();\n", "  next(); eval(waiting);\n"),
        ("  next();\n", ""),
        ("set();", "set(document);"),
        ("(function (waiting) {", "(function (document) {"),
        ("(function (waiting) {", "(function (waiting, loader) {"),
        ("(function (waiting) {", "window.work = (function (waiting) {"),
        ("})([", "})(fbq.queue, ["),
        ("})([", "}).call(window, ["),
        ("})([", "})([document.write, "),
        ("})([", "})([function () { document.body.appendChild(fbq); }, "),
        ("})([", "})([function (event) { window.fb_param = event; }, "),
        ("})([", "})([function () { window.fb_param = document.cookie; }, "),
        ("})([", "})([function () { location = 'x'; }, "),
    ],
)
def test_a_combined_block_that_was_changed_goes_onto_no_page(old: str, new: str) -> None:
    assert TWO.count(old) == 1
    changed = TWO.replace(old, new)
    if "window.work" in new:
        changed = changed.replace("})([", "});(0, [")
    assert set(untrusted(changed)) & {"unexpected-script", "foreign-host"}


def test_a_combined_block_in_another_form_may_go_onto_a_page() -> None:
    assert untrusted(TWO.replace("\n", "\r\n").replace('"', "'").replace("  ", "\t")) == []
    assert untrusted(TWO.replace("waiting", "pixels").replace("  next();", "  // the first\n  next()")) == []


def test_inspect_shows_each_combined_pixel(run: Run) -> None:
    Path("page.html").write_text(TWO)
    found = json.loads(run("inspect", "page.html", "--json").out)["files"][0]["snippets"]
    assert [(snippet["pixel_id"], snippet["value"]) for snippet in found] == [(PIXEL_ID, "0.50"), (OTHER_ID, "1.50")]
