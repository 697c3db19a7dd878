"""What code on a page does is not lost to code in its place: that it waits, its nonce, an expression, a currency."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import inject, lint, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion
from snippetkit.model import Loaded
from snippetkit.terms import Part, Placement
from snippetkit.work import Combiner, Rendering
from tests.conftest import JS_PIXEL, PIXEL_ID, Run, examples
from tests.pages import COMBINE, insertion_of, make_insertion, make_options, pages, put, take_out, why_refused
from tests.pixels import CODES

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
OTHER_ID = "6009125095681"
FORCED = make_options(combine=COMBINE, force=True)
WAITS = "line 5, column 3: the code here waits, for consent for example; --template says how the new one does, --force"
MORE = "line 5, column 3: the code here waits, or does more than report; --template says how the new one does, --force"
DYNAMIC = JS_PIXEL.replace("'19.99'", "total")
DIALECTS = pytest.mark.parametrize("dialect", ["fp", "fbds", "fbq"])
NONCES = st.sampled_from(["abc", "a'b", "Zr0pQ1aB==", "<?= $nonce ?>"])


def _new(dialect: str, template: str | None = None, **variables: str) -> Insertion:
    return insertion_of(CODES[dialect].replace("19.99", "5.00"), template, **variables)


def _assuming(insertion: Insertion) -> Insertion:
    return replace(insertion, assuming=insertion.pixel_ids)


@pytest.mark.wide
@DIALECTS
@pytest.mark.parametrize(
    ("there", "new", "told"),
    [
        ("consent", None, WAITS),
        ("consent", "clean", WAITS),
        ("consent", "idle", WAITS),
        ("consent", "noscript-only", WAITS),
        ("idle", None, MORE),
        ("idle", "clean", MORE),
    ],
)
def test_code_that_waits_is_replaced_with_code_that_does_not_only_when_forced(
    dialect: str, there: str, new: str | None, told: str
) -> None:
    once = put(PAGE, insertion_of(CODES[dialect], there))
    for placement in Placement:
        options = make_options(placement, combine=COMBINE)
        assert why_refused(once, _new(dialect, new), options).startswith(told)
    assert put(once, _new(dialect, new), FORCED) == put(PAGE, _new(dialect, new))


@pytest.mark.wide
@DIALECTS
@pytest.mark.parametrize(
    ("there", "new"), [(None, None), (None, "consent"), ("idle", "consent"), ("idle", "idle"), ("consent", "consent")]
)
def test_code_that_waits_as_long_or_longer_takes_the_place(dialect: str, there: str | None, new: str | None) -> None:
    once = put(PAGE, insertion_of(CODES[dialect], there))
    assert put(once, _new(dialect, new)) == put(PAGE, _new(dialect, new))


# What the template `consent` wrote before its flag stood on the window.
WRITTEN_BEFORE = PAGE.replace(
    b"</head>",
    b"""  <!-- snippetkit:begin fp:6009125095680 script head-bottom sha256=8dfad35a49a01807 -->
  <script>
  (function () {
    var agreed = "snippetkit:consent";
    var fired = false;
    function fire() {
      if (fired) return;
      fired = true;
      document.removeEventListener(agreed, fire);
      window.fb_param = {};
      window.fb_param.pixel_id = "6009125095680";
      window.fb_param.value = "5.00";
      window.fb_param.currency = "USD";
      (function () {
        var loader = document.createElement('script');
        loader.async = true;
        loader.src = 'https://connect.facebook.net/en_US/fp.js';
        var first = document.getElementsByTagName('script')[0];
        first.parentNode.insertBefore(loader, first);
      })();
    }
    if (window.snippetkitConsent === true) fire();
    else document.addEventListener(agreed, fire);
  })();
  </script>
  <!-- snippetkit:end fp:6009125095680 script -->
</head>""",
)


def test_a_region_that_an_older_template_wrote_is_updated_kept_and_taken_out() -> None:
    new = _new("fp", "consent")
    assert put(WRITTEN_BEFORE, new) == put(PAGE, new) != WRITTEN_BEFORE
    options = make_options(combine=COMBINE, remake=Combiner(Rendering("consent")))
    dearer = insertion_of(CODES["fp"], "consent")
    assert put(WRITTEN_BEFORE, replace(dearer, keeping=dearer.pixel_ids), options) == put(PAGE, new)
    assert why_refused(WRITTEN_BEFORE, _new("fp")).startswith(WAITS)
    assert take_out(WRITTEN_BEFORE) == PAGE
    assert lint.find(snippets.parse(WRITTEN_BEFORE.decode()))[0].code == "retired-endpoint"


@settings(max_examples=examples(10))
@given(pages(), NONCES, st.sampled_from(["fp", "fbds", "fbq"]), st.sampled_from(Placement), st.sampled_from(Placement))
def test_the_nonce_that_stands_there_stays_unless_another_is_given(
    page: bytes, nonce: str, dialect: str, placement: Placement, other: Placement
) -> None:
    options, moved = (make_options(at, server_code=True, combine=COMBINE) for at in (placement, other))
    try:
        once = put(page, insertion_of(CODES[dialect], "nonce", nonce=nonce), options)
    except PageRefusedError as refusal:  # with server code on it, a page of two heads in text is not read again
        assert "could not be read again" in refusal.reason
        return
    for each in (options, moved):
        updated = put(once, _new(dialect), each)
        assert updated.count(b"nonce=") == once.count(b"nonce=") == 1
        assert put(updated, _new(dialect, "nonce", nonce="b"), each).count(b'<script nonce="b"') == 1
        assert take_out(updated) == page


def test_every_script_gets_the_nonce_that_stays_and_no_text_that_looks_like_one() -> None:
    once = put(PAGE, insertion_of(JS_PIXEL, "nonce", nonce="abc"))
    code = make_insertion("5.00")
    script = code.parts[Part.SCRIPT] + b"\n<script>b = '<script>'</script>"
    updated = put(once, replace(code, parts={**code.parts, Part.SCRIPT: script}))
    assert updated.count(b'<script nonce="abc"') == 2
    assert b"b = '<script>'" in updated
    assert take_out(updated) == PAGE


def test_a_nonce_of_an_adopted_script_stays_and_a_part_that_is_not_wanted_does_not_come_back() -> None:
    by_hand = PAGE.replace(b"  <p>", JS_PIXEL.replace("<script ", "<script nonce='abc' ").encode() + b"  <p>")
    adopting = make_options(adopt=True, combine=COMBINE)
    assert put(by_hand, make_insertion("5.00"), adopting).count(b'<script nonce="abc" type=') == 1
    once = put(PAGE, insertion_of(JS_PIXEL, "nonce", nonce="abc"))
    assert b"<script" not in put(once, insertion_of(JS_PIXEL, "noscript-only"))


def test_an_expression_is_replaced_with_a_fixed_value_only_when_forced() -> None:
    once = put(PAGE, insertion_of(DYNAMIC))
    told = why_refused(once, make_insertion("5.00"))
    why = "set while the page is built or shown; --force replaces it with a fixed one"
    assert told == f"line 5, column 3: the page has total USD, {why}"
    assert put(once, make_insertion("5.00"), FORCED) == put(PAGE, make_insertion("5.00"))
    other = insertion_of(DYNAMIC.replace("total", "sum"))
    assert put(once, other) == put(PAGE, other)


def test_another_currency_takes_the_place_only_of_one_that_was_asked_for() -> None:
    once = put(PAGE, insertion_of(JS_PIXEL.replace("USD", "EUR")))
    told = "the page has 19.99 EUR, but the new value is in USD; --currency, or the rule's, says which currency"
    for options in (make_options(combine=COMBINE), FORCED):
        assert why_refused(once, _assuming(make_insertion("5.00")), options).startswith(f"line 5, column 3: {told}")
    assert put(once, make_insertion("5.00")) == put(PAGE, make_insertion("5.00"))
    same = _assuming(insertion_of(JS_PIXEL.replace("USD", "EUR").replace("19.99", "5.00")))
    assert put(once, same) == put(PAGE, same)
    none = put(PAGE, insertion_of(CODES["fbq"].replace("'Purchase', {value: 19.99, currency: 'USD'}", "'Purchase'")))
    assert put(none, _assuming(_new("fbq"))) == put(PAGE, _new("fbq"))


def test_another_currency_is_refused_for_each_pixel_of_a_script_and_for_one_that_is_adopted() -> None:
    both = put(put(PAGE, insertion_of(JS_PIXEL.replace("USD", "EUR"))), make_insertion(pixel_id=OTHER_ID))
    asked, other = _assuming(make_insertion("5.00")), _assuming(make_insertion("5.00", pixel_id=OTHER_ID))
    assert "the page has 19.99 EUR" in why_refused(both, asked)
    put(both, other)
    with pytest.raises(PageRefusedError, match=r"19\.99 EUR"):
        inject.plan_all(Loaded(both), [other, asked], make_options(combine=COMBINE))
    by_hand = PAGE.replace(b"  <p>", JS_PIXEL.replace("USD", "EUR").encode() + b"  <p>")
    options = make_options(adopt=True, combine=COMBINE, remake=Combiner(Rendering()))
    assert why_refused(by_hand, asked, options).startswith("line 8, column 1: the page has 19.99 EUR")


def test_the_command_line_says_what_would_be_lost_and_leaves_the_page(sandbox_run: Run) -> None:
    page = Path("page.html")
    page.write_bytes(PAGE)
    inject_it = ["inject", page, "--pixel", PIXEL_ID]
    sandbox_run(*inject_it, "--value", "1999", "--currency", "EUR", "--template", "consent")
    done = page.read_bytes()
    for again, told in (
        ([], "the code here waits, for consent for example; --template says how"),
        (
            ["--template", "consent", "--value", "2999"],
            "the page has 19.99 EUR, but the new value is in USD; --currency",
        ),
    ):
        ran = sandbox_run(*inject_it, *again)
        assert (ran.code, told in ran.err, page.read_bytes()) == (6, True, done)
    assert sandbox_run(*inject_it, "--template", "consent").err.endswith("1 unchanged\n")
    assert sandbox_run(*inject_it, "--force").err.endswith("1 updated\n")
    assert b"19.99" in page.read_bytes()


def test_an_event_keeps_its_id_unless_force_takes_it() -> None:
    code = CODES["fbq"].replace("'PageView')", "'PageView', {}, {eventID: 'o1'})")
    assert "eventID" in code
    plain, once = insertion_of(CODES["fbq"]), put(PAGE, insertion_of(code))
    told = "the event here has an eventID, and the new code has none; --event-id gives it one"
    assert told in why_refused(once, plain)
    assert b"eventID" not in put(once, plain, make_options(force=True, combine=COMBINE))
    assert b"'o2'" in put(once, insertion_of(code.replace("o1", "o2")))
