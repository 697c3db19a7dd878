"""Several pixels on one page: those of fp in one script, which grows and shrinks; others apart, or not at all."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import inject, snippets
from snippetkit.cli._inserting import Combiner
from snippetkit.cli._template import Choice
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, Terms
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from tests.conftest import PIXEL_ID
from tests.pages import COMBINE, hostile_pages, insertion_of, make_terms, pages, put, take_out, why_refused
from tests.pixels import CODES, META_ID
from tests.tagsoup import mutations, soups
from tests.test_templates_browser import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
IMPLIED = b"<!doctype html>\n<title>x</title>\n<p>x</p>\n"
B, C = "6009125095681", "434566956589050"
NONCE = "Zr0pQ1aB"
BOTH = f"fp:{PIXEL_ID}+{B}"
PAGES = pytest.mark.parametrize("page", [PAGE, IMPLIED, PAGE.replace(b"\n", b"\r\n")], ids=["tags", "implied", "CRLF"])
PLACEMENTS = pytest.mark.parametrize("placement", [*Placement])


def _fp(pixel_id: str, value: str = "19.99", template: str | None = None, **variables: str) -> Insertion:
    code = CODES["fp"].replace(PIXEL_ID, pixel_id).replace("19.99", value)
    return insertion_of(code, template, **variables)


FP_A, FP_B, FP_C = (_fp(pixel_id) for pixel_id in (PIXEL_ID, B, C))


def _reports(page: bytes) -> dict[str, str | None]:
    """What a page reports: each pixel's value."""
    found = snippets.read(page.decode())
    assert len({snippet.pixel_id for snippet in found}) == len(found)
    return {snippet.pixel_id: snippet.value for snippet in found}


def _keys(page: bytes) -> list[str]:
    return [line.split()[0].decode() for line in page.split(b"<!-- snippetkit:begin ")[1:]]


@PAGES
@PLACEMENTS
def test_a_second_pixel_makes_one_script_of_both_and_all_of_it_goes(page: bytes, placement: Placement) -> None:
    terms = make_terms(placement, combine=COMBINE)
    both = put(put(page, FP_A, terms), FP_B, terms)
    assert _keys(both) == [BOTH, BOTH]
    assert _reports(both) == {PIXEL_ID: "19.99", B: "19.99"}
    assert put(both, FP_A, terms) == put(both, FP_B, terms) == both
    assert take_out(both) == take_out(both, keys=[BOTH]) == take_out(both, pixel_ids=[PIXEL_ID, B]) == page


@PAGES
def test_a_new_value_changes_its_pixel_only_and_in_place(page: bytes) -> None:
    both = put(put(page, FP_A), FP_B)
    changed = put(both, _fp(B, "5.00"))
    assert _reports(changed) == {PIXEL_ID: "19.99", B: "5.00"}
    assert _keys(changed) == _keys(both)
    assert put(changed, FP_B) == both
    assert put(put(page, FP_A), _fp(B, "5.00")) == changed


@PAGES
@PLACEMENTS
def test_one_of_them_goes_and_the_others_stay(page: bytes, placement: Placement) -> None:
    terms = make_terms(placement, combine=COMBINE)
    three = put(put(put(page, FP_A, terms), FP_B, terms), FP_C, terms)
    assert _reports(three) == {PIXEL_ID: "19.99", B: "19.99", C: "19.99"}
    two = take_out(three, pixel_ids=[PIXEL_ID])
    assert two == put(put(page, FP_B, terms), FP_C, terms)
    one = take_out(two, pixel_ids=[B])
    assert _reports(one) == {C: "19.99"}
    assert _keys(one) == [f"fp:{C}", f"fp:{C}"]
    assert put(one, FP_C, terms) == put(page, FP_C, terms)
    assert take_out(one) == take_out(one, pixel_ids=[C]) == page


@given(pages(), st.sampled_from([*Placement]), st.sampled_from([*Placement]))
def test_pixels_with_different_placements_stand_where_the_last_one_was_asked_for(
    page: bytes, first: Placement, second: Placement
) -> None:
    terms = make_terms(second, combine=COMBINE)
    both = put(put(page, FP_A, make_terms(first, combine=COMBINE)), FP_B, terms)
    assert both == put(put(page, FP_A, terms), FP_B, terms)
    assert take_out(both) == page


@given(st.one_of(soups(), mutations(), hostile_pages()), st.sampled_from([*Placement]), st.booleans())
def test_on_tag_soup_a_second_pixel_joins_the_first_and_each_goes_alone(
    page: bytes, placement: Placement, server_code: bool
) -> None:
    terms = make_terms(placement, combine=COMBINE, server_code=server_code, fragments=True)
    try:
        with_first = put(page, FP_A, terms)
    except PageRefusedError:
        return
    both = put(with_first, FP_B, terms)
    assert {*_keys(both)} == {BOTH}
    assert put(both, FP_A, terms) == both
    alone = take_out(both, pixel_ids=[PIXEL_ID])
    assert {*_keys(alone)} == {f"fp:{B}"}
    assert put(alone, FP_B, terms) == put(page, FP_B, terms)
    assert take_out(both) == take_out(alone) == page


@pytest.mark.parametrize("order", [*permutations([FP_A, FP_B, insertion_of(CODES["fbds"])])])
def test_what_is_put_onto_a_page_at_once_is_what_is_put_there_one_by_one(order: tuple[Insertion, ...]) -> None:
    terms = make_terms(combine=COMBINE)
    at_once = inject.apply(PAGE, inject.plan_all(Loaded(PAGE), order, terms))
    assert inject.plan_all(Loaded(at_once), order, terms) == []
    fp = "+".join(insertion.snippets[0].pixel_id for insertion in order if insertion.dialect == "fp")
    assert sorted(_keys(at_once)) == [f"fbds:{PIXEL_ID}", f"fbds:{PIXEL_ID}", f"fp:{fp}", f"fp:{fp}"]
    for insertion in order:
        assert put(at_once, insertion) == at_once
    assert take_out(at_once) == PAGE


def test_a_pixel_more_joins_those_that_are_there() -> None:
    terms = make_terms(combine=COMBINE)
    page = put(PAGE, FP_C)
    all_of_them = inject.apply(page, inject.plan_all(Loaded(page), [FP_A, FP_B], terms))
    assert [*_reports(all_of_them)] == [C, PIXEL_ID, B]
    assert inject.plan_all(Loaded(all_of_them), [FP_A, FP_B], terms) == []


def _with_nonce(nonce: str) -> Terms:
    return make_terms(combine=Combiner(Choice("combined", None, {"nonce": nonce})))


def test_a_nonce_is_in_the_one_script_and_stays_with_the_pixels_that_stay() -> None:
    first, second = (_fp(pixel_id, "19.99", "nonce", nonce=NONCE) for pixel_id in (PIXEL_ID, B))
    both = put(put(PAGE, first, _with_nonce(NONCE)), second, _with_nonce(NONCE))
    script = f'<script nonce="{NONCE}">'.encode()
    assert both.count(script) == both.count(b"<script") == 1
    alone = take_out(both, pixel_ids=[PIXEL_ID])
    assert alone.count(script) == alone.count(b"<script") == 1
    assert _reports(alone) == {B: "19.99"}
    assert take_out(both) == take_out(alone) == PAGE


def test_a_nonce_that_a_page_needs_is_not_lost_to_a_pixel_that_comes_without_one() -> None:
    page = put(PAGE, _fp(PIXEL_ID, "19.99", "nonce", nonce=NONCE), _with_nonce(NONCE))
    both = put(page, FP_B)
    assert f'<script nonce="{NONCE}">'.encode() in both
    assert b'<script nonce="another">' in put(both, FP_C, _with_nonce("another"))


@pytest.mark.parametrize("template", ["idle", "consent"])
def test_code_of_a_template_that_waits_is_not_combined(template: str) -> None:
    page = put(PAGE, _fp(PIXEL_ID, "19.99", template))
    assert why_refused(page, FP_B) == (
        f"line 5, column 3: fp:{PIXEL_ID} was written with a template that cannot be combined; remove it first"
    )
    assert why_refused(put(PAGE, FP_A), _fp(B, "19.99", template), make_terms(combine=None)) == (
        f"line 5, column 3: the page carries fp:{PIXEL_ID}; only the template combined puts two on one page"
    )


def test_an_edited_script_of_several_is_refused_and_force_takes_it_over() -> None:
    both = put(put(PAGE, FP_A), FP_B)
    edited = both.replace(b'value: "19.99"', b'value: "1.00"', 1)
    for insertion in (FP_A, FP_B, FP_C):
        assert "line 5, column 3: this snippetkit region was edited by hand" in why_refused(edited, insertion)
    with pytest.raises(PageRefusedError, match="was edited by hand"):
        take_out(edited, pixel_ids=[B])
    forced = put(edited, FP_B, make_terms(combine=COMBINE, force=True))
    assert _reports(forced) == {PIXEL_ID: "1.00", B: "19.99"}
    assert take_out(edited, force=True) == PAGE


def test_a_script_of_several_on_a_page_with_server_code_gives_one_up() -> None:
    page = PAGE.replace(b"<title>x", b"<title><?php echo $title ?>")
    terms = make_terms(combine=COMBINE, server_code=True)
    both = put(put(page, FP_A, terms), FP_B, terms)
    assert _reports(take_out(both, pixel_ids=[PIXEL_ID])) == {B: "19.99"}
    assert take_out(both) == page


def test_pixels_of_fbds_stand_apart() -> None:
    first, second = insertion_of(CODES["fbds"]), insertion_of(CODES["fbds"].replace(PIXEL_ID, B))
    both = put(put(PAGE, first), second)
    assert sorted({*_keys(both)}) == [first.key, second.key]
    assert take_out(both, pixel_ids=[B]) == put(PAGE, first)
    assert take_out(both) == PAGE


def test_a_second_pixel_of_fbq_is_refused() -> None:
    first, second = insertion_of(CODES["fbq"]), insertion_of(CODES["fbq"].replace(META_ID, B))
    reason = f"the page carries {first.key}; beside {second.key} not both would report right"
    assert why_refused(put(PAGE, first), second) == f"line 5, column 3: {reason}"
    with pytest.raises(PageRefusedError, match=f"both {first.key} and {second.key} are wanted here; not both would"):
        inject.plan_all(Loaded(PAGE), [first, second], make_terms(combine=COMBINE))


def test_two_pixels_at_once_through_a_template_that_waits_are_refused() -> None:
    idle = [_fp(pixel_id, "19.99", "idle") for pixel_id in (PIXEL_ID, B)]
    with pytest.raises(PageRefusedError, match=f"fp:{B} are wanted here; only the template combined puts two on one"):
        inject.plan_all(Loaded(PAGE), idle, make_terms(combine=None))


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_in_a_browser_both_fire_then_the_one_that_stays(browser: Browser, javascript: bool) -> None:
    visitor = Visitor(browser)
    both = put(put(PAGE, _fp(PIXEL_ID, "1.50")), _fp(B, "2.50"))
    for page, wanted in ((both, {PIXEL_ID: "1.5", B: "2.5"}), (take_out(both, pixel_ids=[PIXEL_ID]), {B: "2.5"})):
        visit = visitor.open_page(page.decode(), javascript=javascript)
        assert {event["id"]: event["value"].rstrip("0") for event in visit.fired} == wanted
        assert (len(visit.fired), visit.errors) == (len(wanted), [])
    visitor.close()
