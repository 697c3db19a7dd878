"""Yahoo! JAPAN's code: what it reports, what of it goes onto a page, and what is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from snippetkit import lint, snippets
from snippetkit.browser.observed import read_event
from snippetkit.errors import SnippetError
from snippetkit.templating import Template, render_blocks
from tests.conftest import Run
from tests.pixels import EVERY_CODE
from tests.placing import PAGE, on_a_page

YTAG = EVERY_CODE["ytag"]
SEARCH, DISPLAY = "1000123456/AbCdEFgH1ijkLMNoPQR", "AbCdEFGHIJklmnOPQRst/ABCDEFGH1JKLMN0PQRS123456"
YJAD = """ytag({type: 'yjad_conversion', config: {yahoo_ydn_conv_io: 'AbCdEFGHIJklmnOPQRst',
  yahoo_ydn_conv_label: 'ABCDEFGH1JKLMN0PQRS123456', yahoo_ydn_conv_transaction_id: 'A-1',
  yahoo_ydn_conv_value: '1980'}})"""
PUSHED = YJAD.replace("ytag({", "yjDataLayer.push([{").replace("}})", "}}])")
OLD = """<script type="text/javascript">
/* <![CDATA[ */
var yahoo_conversion_id = 1000123456;
var yahoo_conversion_label = "AbCdEFgH1ijkLMNoPQR";
var yahoo_conversion_value = 1980;
/* ]]> */
</script>
<script type="text/javascript" src="//s.yimg.jp/images/listing/tool/cv/conversion.js"></script>
"""
URL = "https://b91.yahoo.co.jp/pagead/conversion/1000123456/?value=1980&amp;label=AbCdEFgH1ijkLMNoPQR&amp;guid=ON"
IMAGE = f'<noscript><div style="display:inline;"><img height="1" width="1" alt="" src="{URL}"></div></noscript>'
Read = tuple[str, str | None, str | None, str | None, str | None]


def _read(text: str) -> list[Read]:
    found = snippets.read_file("page.html", text)
    return [(one.pixel_id, one.event, one.value, one.currency, one.order_id) for one in found]


def _codes(text: str) -> list[str]:
    return [finding.code for finding in lint.find(snippets.parse(f"<!doctype html><body>{text}"))]


def _untrusted(text: str) -> set[str]:
    return {finding.code for finding in lint.find_untrusted(snippets.parse(text))}


OLD_DISPLAY = f"""<script>
var yahoo_ydn_conv_io = "{DISPLAY.partition("/")[0]}";
var yahoo_ydn_conv_label = "{DISPLAY.partition("/")[2]}";
var yahoo_ydn_conv_transaction_id = "A-1";
var yahoo_ydn_conv_amount = "1980";
</script>
<script charset="UTF-8" src="//b90.yahoo.co.jp/conv.js"></script>
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (YTAG, [(SEARCH, "yss_conversion", "1980", None, None)]),
        (f"<script>{YJAD}</script>", [(DISPLAY, "yjad_conversion", "1980", None, "A-1")]),
        (f"<script>{PUSHED}</script>", [(DISPLAY, "yjad_conversion", "1980", None, "A-1")]),
        ("<script>ytag({type: 'ycl_cookie'}); ytag({type: 'yss_retargeting', config: {}})</script>", []),
        (
            "<script>ytag({type: 'yss_conversion', config: {yahoo_conversion_id: '1000123456'}})</script>",
            [("1000123456", "yss_conversion", None, None, None)],
        ),
        ("<script>ytag({type: 'yss_conversion', config: c})</script>", [("", "yss_conversion", "c", None, None)]),
        (OLD, [(SEARCH, None, "1980", None, None)]),
        (OLD + IMAGE, [(SEARCH, None, "1980", None, None)]),
        (IMAGE, [(SEARCH, None, "1980", None, None)]),
        (OLD_DISPLAY, [(DISPLAY, None, "1980", None, "A-1")]),
        (OLD_DISPLAY.replace("amount", "value"), [(DISPLAY, None, "1980", None, "A-1")]),
        (OLD_DISPLAY + OLD, [(DISPLAY, None, "1980", None, "A-1"), (SEARCH, None, "1980", None, None)]),
        (
            '<img alt="" src="//b90.yahoo.co.jp/c?yahoo_ydn_conv_io=AbCdEFGHIJklmnOPQRst&yahoo_ydn_conv_label='
            'ABCDEFGH1JKLMN0PQRS123456&yahoo_ydn_conv_transaction_id=A&yahoo_ydn_conv_amount=5">',
            [(DISPLAY, None, "5", None, "A")],
        ),
        ('<img alt="" src="//b90.yahoo.co.jp/c?account_id=1&amount=5">', []),
        (
            "<script>ytag({type: 'yss_conversion', config: {yahoo_conversion_id: '1000123456',"
            "yahoo_conversion_label: label, yahoo_conversion_value: total}})</script>",
            [("1000123456/label", "yss_conversion", "total", None, None)],
        ),
    ],
)
def test_what_is_put_onto_the_list_or_set_is_read(text: str, found: list[Read]) -> None:
    assert _read(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (YTAG, []),
        (OLD + IMAGE, []),
        (OLD + OLD.replace("AbCdEFgH1ijkLMNoPQR", "BbCdEFgH1ijkLMNoPQR"), []),
        (OLD + OLD, ["duplicate-pixel"]),
        (OLD + IMAGE.replace("value=1980", "value=2980"), ["value-mismatch"]),
        (YTAG.replace("1980", "1,980"), ["value-invalid"]),
        (YTAG.replace("1980", "0"), ["value-zero"]),
        (YTAG.replace("1000123456", "YOUR_ID"), ["id-invalid"]),
        (YTAG.replace('"1980"', "order.total"), ["dynamic-value"]),
    ],
)
def test_lint_knows_what_the_platform_takes(text: str, codes: list[str]) -> None:
    assert _codes(text) == codes


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("", "", set()),
        ("yjDataLayer.push", "window.yjDataLayer.push", set()),
        ('"1980"', "order.total", set()),
        ("\nytag({\n", "\nytag({type: 'yss_retargeting', config: {}});\nytag({\n", {"unexpected-script"}),
        ("push(arguments)", "push(arguments, document.cookie)", {"not-run", "unexpected-script"}),
        ("s.yimg.jp", "cdn.evil.example", {"foreign-host", "not-run", "unexpected-script"}),
        ('"1980"', "document.cookie", {"unexpected-script"}),
        ("function ytag() { yjDataLayer.push(arguments); }", "", {"not-run"}),
    ],
)
def test_the_base_code_is_trusted_token_for_token(old: str, new: str, codes: set[str]) -> None:
    assert old in YTAG
    assert _untrusted(YTAG.replace(old, new, 1)) == codes


def test_the_code_of_before_is_not_placed() -> None:
    for code in (OLD, OLD + IMAGE, OLD.partition("\n<script")[0]):
        [first, *others] = lint.find_untrusted(snippets.parse(code))
        assert (first.code, first.line) == ("unexpected-script", 3)
        assert first.message.startswith("this is set for a loader after it, and such code is not accepted")
        assert "not-run" not in {finding.code for finding in others}
    assert _codes(OLD + IMAGE) == []
    assert "not-run" in _untrusted(f"<script>{YJAD}</script>")


@pytest.mark.parametrize("call", ["", YJAD])
def test_fresh_code_says_the_same_and_is_trusted(call: str) -> None:
    text = YTAG if not call else f"{YTAG.partition('ytag({' + chr(10))[0]}{call};\n</script>"
    [snippet] = snippets.read(text)
    fresh = "\n".join(render_blocks(Template("clean"), [snippet], {}).values())
    assert _read(fresh) == _read(text)
    assert (_untrusted(fresh), lint.find(snippets.parse(fresh))) == (set(), [])


def test_a_value_is_in_whole_yen_and_has_no_currency() -> None:
    [snippet] = snippets.read(YTAG)
    assert '"yahoo_conversion_value": "2500"' in snippet.with_value("2500.00").source
    with pytest.raises(SnippetError, match="its code has no currency"):
        snippet.with_value("2500", "JPY")


def test_it_goes_onto_a_page_and_out_again(run: Run) -> None:
    with on_a_page(run, YTAG, "ytag:1000123456%2FAbCdEFgH1ijkLMNoPQR") as policy:
        assert "https://s.yimg.jp" in policy
        assert "img-src https://b91.yahoo.co.jp https://b90.yahoo.co.jp" in policy
        assert run("inject", "page.html", "--from-file", "code.html", "--value", "2500").code == 0
        assert '"yahoo_conversion_value": "2500"' in Path("page.html").read_text()


def test_two_conversions_each_have_their_own_code(run: Run) -> None:
    Path("page.html").write_bytes(PAGE)
    for label in ("AbCdEFgH1ijkLMNoPQR", "BbCdEFgH1ijkLMNoPQR"):
        Path("code.html").write_text(YTAG.replace("AbCdEFgH1ijkLMNoPQR", label))
        ran = run("inject", "page.html", "--from-file", "code.html")
        assert ran.code == 0, ran.err
    assert [one[0][-19:] for one in _read(Path("page.html").read_text())] != []
    assert run("lint", "page.html").out == ""


def test_what_was_seen_is_told() -> None:
    fired = read_event(URL.replace("&amp;", "&"), 0)
    assert fired is not None
    assert (fired.pixel_id, fired.event, fired.value) == (SEARCH, None, "1980")
