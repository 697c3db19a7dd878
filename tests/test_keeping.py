"""A value that nobody has asked for does not take the place of one that stands on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import inject, snippets
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.model import Loaded
from snippetkit.terms import Part, Placement
from snippetkit.work import Combiner, Rendering
from tests.conftest import JS_PIXEL, PIXEL_ID, Run, examples
from tests.pages import (
    COMBINE,
    SNIPPET,
    insertion_of,
    kin,
    make_insertion,
    make_options,
    pages,
    put,
    take_out,
    why_refused,
)
from tests.pixels import CODES, META_ID, PURCHASE

OTHER_ID = "6009125095681"
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
AS_IT_IS, CLEAN = Rendering(), Rendering("clean")

amounts = st.integers(0, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


def _options(
    template: Rendering = AS_IT_IS, placement: Placement = Placement.HEAD_BOTTOM, **options: bool
) -> PlanOptions:
    return make_options(placement, combine=COMBINE, remake=Combiner(template), **options)


def _asked(value: str) -> Insertion:
    return Combiner(Rendering())([SNIPPET.with_value(value)])


def _keeping(insertion: Insertion) -> Insertion:
    return replace(insertion, keeping=insertion.pixel_ids)


def _reported(page: bytes) -> dict[str, tuple[str | None, str | None]]:
    found = snippets.read(page.decode("utf-8", "surrogateescape"))
    return {one.pixel_id: (one.value, one.currency) for one in found}


@settings(max_examples=examples(25))
@given(pages(), amounts, amounts, st.sampled_from(Placement), st.sampled_from(Placement))
def test_the_value_stays_and_planning_on_the_result_gives_no_edits(
    page: bytes, there: str, new: str, placement: Placement, other: Placement
) -> None:
    once = put(page, _asked(there), _options(placement=placement))
    assert put(once, _keeping(_asked(new)), _options(placement=placement)) == once
    moved = put(once, _keeping(_asked(new)), _options(placement=other))
    assert moved == put(page, _asked(there), _options(placement=other))
    assert take_out(moved) == page
    assert put(page, _keeping(_asked(new)), _options()) == put(page, _asked(new), _options())


@settings(max_examples=examples(25))
@given(pages(), amounts, amounts, kin())
def test_it_stays_where_several_pixels_share_a_script(page: bytes, there: str, new: str, ids: list[str]) -> None:
    first, second = ids
    both = put(put(page, make_insertion(there, pixel_id=first)), make_insertion("5.00", pixel_id=second))
    for pixel_id in ids:
        assert put(both, _keeping(make_insertion(new, pixel_id=pixel_id)), _options()) == both
    insertions = [_keeping(make_insertion(new, pixel_id=first)), make_insertion("7.00", pixel_id=second)]
    after = inject.apply(both, inject.plan_all(Loaded(both), insertions, _options()))
    assert {key: value for key, (value, _) in _reported(after).items()} == {first: there, second: "7.00"}
    assert inject.plan_all(Loaded(after), insertions, _options()) == []


@pytest.mark.wide
@pytest.mark.parametrize("code", [CODES["fp"], CODES["fbds"], PURCHASE], ids=["fp", "fbds", "fbq"])
@pytest.mark.parametrize("template", [None, "clean", "consent", "idle"])
def test_it_stays_in_the_code_of_every_dialect_and_template(code: str, template: str | None) -> None:
    insertion = insertion_of(code, template)
    [snippet] = insertion.snippets
    choice = Rendering(template)
    asked = Combiner(choice)([snippet.with_value("1234.50", "EUR")])
    once = put(PAGE, asked, _options(choice))
    assert put(once, _keeping(insertion), _options(choice)) == once


def test_other_code_takes_the_value_over_and_an_adopted_page_keeps_its_own() -> None:
    once = put(PAGE, make_insertion("19.99"))
    newer = put(once, _keeping(insertion_of(JS_PIXEL.replace("19.99", "0.00"), "clean")), _options(CLEAN))
    assert _reported(newer) == {PIXEL_ID: ("19.99", "USD")}
    by_hand = PAGE.replace(b"  <p>", JS_PIXEL.replace("19.99", "25.00").replace("USD", "EUR").encode() + b"  <p>")
    adopted = put(by_hand, _keeping(make_insertion("0.01")), _options(adopt=True))
    assert _reported(adopted) == {PIXEL_ID: ("25.00", "EUR")}


def test_code_that_says_its_value_itself_or_reports_another_event_takes_no_value() -> None:
    dynamic = JS_PIXEL.replace("'19.99'", "total")
    once = put(PAGE, make_insertion("19.99"))
    assert _reported(put(once, _keeping(insertion_of(dynamic)), _options())) == {PIXEL_ID: ("total", "USD")}
    lead = PURCHASE.replace("Purchase", "Lead").replace("30.00", "5.00")
    once = put(PAGE, insertion_of(PURCHASE))
    assert _reported(put(once, _keeping(insertion_of(lead)), _options())) == {META_ID: ("5.00", "USD")}


UNREADABLE = b"<script>eval(atob('eA=='))</script>"


@pytest.mark.parametrize(
    ("there", "new", "reason"),
    [
        (JS_PIXEL.replace("'19.99'", "total"), JS_PIXEL, "the value total of fp:6009125095680, which cannot be kept"),
        (JS_PIXEL.replace("19.99", "19.999"), JS_PIXEL, "which cannot be kept: '19.999' is not an amount"),
        (JS_PIXEL, JS_PIXEL.replace("fb_param.currency = 'USD';", ""), "cannot be kept: no currency to set"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_kept_is_refused_with_its_line(there: str, new: str, reason: str) -> None:
    once = put(PAGE, insertion_of(there))
    told = why_refused(once, _keeping(insertion_of(new.replace("19.99", "1.00"))), _options())
    assert told.startswith("line 5, column 3: the page has the value ")
    assert reason in told
    assert told.endswith("; --value says which one to use")


def test_a_value_that_cannot_be_read_is_refused_unless_it_is_forced() -> None:
    insertion = make_insertion("19.99")
    odd = replace(insertion, parts={Part.SCRIPT: UNREADABLE})
    once = put(PAGE, odd)
    told = why_refused(once, _keeping(insertion), _options())
    assert told.startswith(f"line 5, column 3: the page has code of fp:{PIXEL_ID} whose value cannot be read; --value")
    assert put(once, _keeping(insertion), _options(force=True)) == put(PAGE, insertion)


@pytest.fixture
def page(sandbox_run: Run) -> Path:
    Path("page.html").write_bytes(PAGE)
    return Path("page.html")


def test_without_value_the_api_and_a_file_leave_the_value_and_the_first_insert_says_whose_it_is(
    sandbox_run: Run, page: Path
) -> None:
    Path("mail.html").write_text(JS_PIXEL.replace("19.99", "0.00"))
    api, mail = ["inject", page, "--pixel", PIXEL_ID], ["inject", page, "--from-file", "mail.html"]
    why = "where a page has no value yet; --value changes it\n"
    first = sandbox_run(*api)
    assert first.err.startswith(f"pixel {PIXEL_ID} reports 0.01 USD, the API's default, {why}inserted")
    asked = sandbox_run(*api, "--value", "1999", "--currency", "EUR")
    assert asked.err == f"pixel {PIXEL_ID} reports 19.99 EUR\nupdated: page.html\n1 updated\n"
    done = page.read_bytes()
    for again, whose in ((api, "0.01 USD, the API's default"), (mail, "0.00 USD, from mail.html")):
        ran = sandbox_run(*again)
        off = "" if again is api else ran.err.splitlines(keepends=True)[1]
        assert (ran.code, ran.err) == (0, f"pixel {PIXEL_ID} reports {whose}, {why}{off}1 unchanged\n")
        assert off == "" or off.startswith("note: the endpoint of fp code was switched off in 2017")
        assert page.read_bytes() == done


def test_a_rule_without_a_value_leaves_the_one_that_is_there(sandbox_run: Run, page: Path) -> None:
    def rules(*lines: str) -> Sequence[str]:
        Path("rules.csv").write_text("\n".join(["page,pixel,value,currency", *lines]))
        return ["inject", ".", "--pages", "rules.csv", "--allow-empty-values"]

    sandbox_run(*rules(f"/page.html,{PIXEL_ID},1999,EUR"))
    done = page.read_bytes()
    assert sandbox_run(*rules(f"/page.html,{PIXEL_ID},,")).err.endswith("1 unchanged\n")
    assert page.read_bytes() == done
    told = "the page has 19.99 EUR, but the new value is in USD; --currency, or the rule's, says which currency"
    assert told in sandbox_run(*rules(f"/page.html,{PIXEL_ID},500,")).err
    assert page.read_bytes() == done
    assert sandbox_run(*rules(f"/page.html,{PIXEL_ID},500,USD")).err.endswith("1 updated\n")
    assert _reported(page.read_bytes()) == {PIXEL_ID: ("5.00", "USD")}
    assert sandbox_run(*rules(f"/page.html,{PIXEL_ID},700,")).err.endswith("1 updated\n")


def test_several_pixels_are_put_there_at_once_each_with_the_value_it_has(sandbox_run: Run, page: Path) -> None:
    assert sandbox_run("pixels", "create", "--name", "Second").out == f"{OTHER_ID}\n"
    sandbox_run("inject", page, "--pixel", PIXEL_ID, "--value", "1999")
    both = ["inject", page, "--pixel", PIXEL_ID, "--pixel", OTHER_ID, "--pixel", PIXEL_ID]
    ran = sandbox_run(*both, "-v")
    requests = [line for line in ran.err.splitlines() if "POST" in line]
    assert (ran.code, len(requests)) == (0, 1)
    assert _reported(page.read_bytes()) == {PIXEL_ID: ("19.99", "USD"), OTHER_ID: ("0.01", "USD")}
    assert sandbox_run(*both).err.endswith("1 unchanged\n")
    sandbox_run(*both, "--value", "500")
    assert _reported(page.read_bytes()) == {PIXEL_ID: ("5.00", "USD"), OTHER_ID: ("5.00", "USD")}
    sandbox_run("remove", page)
    assert page.read_bytes() == PAGE


def test_an_adopted_pixel_that_joins_another_keeps_its_value_and_the_others_nonce() -> None:
    by_hand = JS_PIXEL.replace("19.99", "25.00").replace(PIXEL_ID, OTHER_ID)
    nonced = put(PAGE, insertion_of(JS_PIXEL, "nonce", nonce="abc"))
    page = nonced.replace(b"  <p>", by_hand.encode() + b"  <p>")
    both = put(page, _keeping(make_insertion("0.01", pixel_id=OTHER_ID)), _options(adopt=True))
    assert _reported(both) == {PIXEL_ID: ("19.99", "USD"), OTHER_ID: ("25.00", "USD")}
    assert both.count(b'<script nonce="abc">') == both.count(b"<script") == 1
