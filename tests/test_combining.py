"""Several pixels on one page: those of fp in one script, which grows and shrinks; others apart, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import inject, snippets
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Placement
from snippetkit.work import Combiner, Rendering
from tests.conftest import PIXEL_ID, examples
from tests.pages import COMBINE, hostile_pages, insertion_of, kin, make_options, pages, put, take_out, why_refused
from tests.pixels import CODES, META_ID, code_of
from tests.tagsoup import mutations, soups
from tests.test_templates_browser import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
IMPLIED = b"<!doctype html>\n<title>x</title>\n<p>x</p>\n"
B, C = "6009125095681", "434566956589050"
NONCE = "Zr0pQ1aB"
BOTH = Key(f"fp:{PIXEL_ID}+{B}")
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
    options = make_options(placement, combine=COMBINE)
    both = put(put(page, FP_A, options), FP_B, options)
    assert _keys(both) == [BOTH, BOTH]
    assert _reports(both) == {PIXEL_ID: "19.99", B: "19.99"}
    assert put(both, FP_A, options) == put(both, FP_B, options) == both
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
    options = make_options(placement, combine=COMBINE)
    three = put(put(put(page, FP_A, options), FP_B, options), FP_C, options)
    assert _reports(three) == {PIXEL_ID: "19.99", B: "19.99", C: "19.99"}
    two = take_out(three, pixel_ids=[PIXEL_ID])
    assert two == put(put(page, FP_B, options), FP_C, options)
    one = take_out(two, pixel_ids=[B])
    assert _reports(one) == {C: "19.99"}
    assert _keys(one) == [f"fp:{C}", f"fp:{C}"]
    assert put(one, FP_C, options) == put(page, FP_C, options)
    assert take_out(one) == take_out(one, pixel_ids=[C]) == page


@given(pages(), st.sampled_from([*Placement]), st.sampled_from([*Placement]), kin())
def test_pixels_with_different_placements_stand_where_the_last_one_was_asked_for(
    page: bytes, first: Placement, second: Placement, ids: list[str]
) -> None:
    (one, other), options = map(_fp, ids), make_options(second, combine=COMBINE)
    both = put(put(page, one, make_options(first, combine=COMBINE)), other, options)
    assert both == put(put(page, one, options), other, options)
    assert take_out(both) == page


@given(st.one_of(soups(), mutations(), hostile_pages()), st.sampled_from([*Placement]), st.booleans(), kin())
def test_on_tag_soup_a_second_pixel_joins_the_first_and_each_goes_alone(
    page: bytes, placement: Placement, server_code: bool, ids: list[str]
) -> None:
    first, second = map(_fp, ids)
    options = make_options(placement, combine=COMBINE, server_code=server_code, fragments=True)
    try:
        with_first = put(page, first, options)
    except PageRefusedError:
        return
    both = put(with_first, second, options)
    assert {*_keys(both)} == {f"fp:{'+'.join(ids)}"}
    assert put(both, first, options) == both
    alone = take_out(both, pixel_ids=ids[:1])
    assert {*_keys(alone)} == {second.key}
    assert put(alone, second, options) == put(page, second, options)
    assert take_out(both) == take_out(alone) == page


@pytest.mark.parametrize("order", [*permutations([FP_A, FP_B, insertion_of(CODES["fbds"])])])
def test_what_is_put_onto_a_page_at_once_is_what_is_put_there_one_by_one(order: tuple[Insertion, ...]) -> None:
    options = make_options(combine=COMBINE)
    at_once = inject.apply(PAGE, inject.plan_all(Loaded(PAGE), order, options))
    assert inject.plan_all(Loaded(at_once), order, options) == []
    fp = "+".join(insertion.snippets[0].pixel_id for insertion in order if insertion.dialect == "fp")
    assert sorted(_keys(at_once)) == [f"fbds:{PIXEL_ID}", f"fbds:{PIXEL_ID}", f"fp:{fp}", f"fp:{fp}"]
    for insertion in order:
        assert put(at_once, insertion) == at_once
    assert take_out(at_once) == PAGE


def test_a_pixel_more_joins_those_that_are_there() -> None:
    options = make_options(combine=COMBINE)
    page = put(PAGE, FP_C)
    all_of_them = inject.apply(page, inject.plan_all(Loaded(page), [FP_A, FP_B], options))
    assert [*_reports(all_of_them)] == [C, PIXEL_ID, B]
    assert inject.plan_all(Loaded(all_of_them), [FP_A, FP_B], options) == []


def test_a_key_takes_its_pixels_out_of_a_script_for_several_in_its_dialect_only() -> None:
    fbds = put(PAGE, insertion_of(CODES["fbds"]))
    three = put(put(put(fbds, FP_A), FP_B), FP_C)
    two = put(put(fbds, FP_B), FP_C)
    one = take_out(two, pixel_ids=[B])
    assert take_out(three, keys=[FP_A.key]) == two
    assert take_out(three, keys=[FP_A.key, FP_B.key]) == take_out(three, keys=[BOTH]) == one
    assert take_out(three, keys=[FP_A.key], pixel_ids=[B]) == one
    assert take_out(three, keys=[Key(f"fp:{PIXEL_ID}+1")]) == take_out(three, keys=[Key(f"fbq:{B}")]) == three
    assert take_out(three, keys=[Key(f"{BOTH}+{C}")]) == fbds


def _with_nonce(nonce: str) -> PlanOptions:
    return make_options(combine=Combiner(Rendering("combined", None, {"nonce": nonce})))


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


def _code(dialect: str, pixel_id: str, *, has_noscript: bool = True) -> str:
    code = code_of(dialect, pixel_id)
    return code if has_noscript else code.partition("<noscript>")[0]


def _shapes() -> Iterator[tuple[str, list[Insertion]]]:
    """The insertions of three pixels, for each dialect of which a page carries several, in each form that joins."""
    for template, variables in ((None, {}), ("snippet", {}), ("combined", {}), ("nonce", {"nonce": NONCE})):
        for has_noscript in (True, False):
            codes = [_code("fp", pixel_id, has_noscript=has_noscript) for pixel_id in (PIXEL_ID, B, C)]
            yield f"fp {template} {has_noscript}", [insertion_of(code, template, **variables) for code in codes]
    for template in (None, "clean", "idle", "noscript-only"):
        for has_noscript in (True,) if template == "noscript-only" else (True, False):
            codes = [_code("fbds", pixel_id, has_noscript=has_noscript) for pixel_id in (PIXEL_ID, B, C)]
            yield f"fbds {template} {has_noscript}", [insertion_of(code, template) for code in codes]
    codes = [_code(dialect, pixel_id) for dialect, pixel_id in (("fp", PIXEL_ID), ("fbds", B), ("fbq", META_ID))]
    yield "three dialects", [insertion_of(code) for code in codes]
    mixed = _code("fp", PIXEL_ID), _code("fp", B, has_noscript=False), _code("fbds", C)
    yield "two dialects", [insertion_of(code) for code in mixed]


SHAPES = dict(_shapes())


@pytest.mark.wide
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [2, 3])
@PAGES
def test_each_pixel_goes_out_and_in_again_in_every_order(page: bytes, count: int, shape: str) -> None:
    options = make_options(combine=COMBINE)
    for order in permutations(SHAPES[shape][:count]):
        full = _put_all(page, order, options)
        reported = _reports(full)
        assert len(reported) == count
        for going in permutations(order):
            assert _out_and_in(full, going, options) == reported
            assert _take_each(full, going) == page


def _put_all(page: bytes, insertions: Iterable[Insertion], options: PlanOptions) -> bytes:
    for insertion in insertions:
        page = put(page, insertion, options)
    return page


def _take_each(page: bytes, insertions: Iterable[Insertion]) -> bytes:
    for insertion in insertions:
        page = take_out(page, pixel_ids=insertion.pixel_ids)
    return page


def _out_and_in(page: bytes, insertions: Sequence[Insertion], options: PlanOptions) -> dict[str, str | None]:
    """What a page reports once each pixel was out and in again, alone, and then with all others that went before."""
    for insertion in insertions:
        page = put(take_out(page, pixel_ids=insertion.pixel_ids), insertion, options)
    for number in range(len(insertions)):
        gone = insertions[: number + 1]
        page = _put_all(_take_each(page, gone), gone, options)
    return _reports(page)


@given(pages(), st.sampled_from([*Placement]), st.sampled_from([*SHAPES.values()]), st.data())
def test_a_page_is_as_it_was_after_any_coming_and_going(
    page: bytes, placement: Placement, insertions: list[Insertion], data: st.DataObject
) -> None:
    """Whatever comes and goes, the page reports what is there, and nothing is left behind."""
    options, there = make_options(placement, combine=COMBINE), dict[frozenset[str], Insertion]()
    after = page
    for insertion in data.draw(st.lists(st.sampled_from(insertions), max_size=8)):
        if there.pop(insertion.pixel_ids, None):
            after = take_out(after, pixel_ids=insertion.pixel_ids)
        else:
            there[insertion.pixel_ids] = insertion
            after = put(after, insertion, options)
        assert {snippet.pixel_id for snippet in snippets.read(after.decode("utf-8", "replace"))} == {*chain(*there)}
    assert _take_each(after, there.values()) == page


@settings(max_examples=examples(50))
@given(
    pages(),
    st.sampled_from([*Placement]),
    kin(4, may_be_equal=True),
    st.permutations(["fp", "fp", "fbds", "fbds", "fbq"]),
    st.sampled_from([None, "clean"]),
    st.data(),
)
def test_pixels_of_any_ids_and_dialects_go_alone_and_change_their_values_alone(
    page: bytes, placement: Placement, ids: list[str], dialects: list[str], template: str | None, data: st.DataObject
) -> None:
    options = make_options(placement, combine=COMBINE)
    codes = {Key.of(dialect, id_): code_of(dialect, id_) for dialect, id_ in zip(dialects, ids, strict=False)}
    full = _put_all(page, (insertion_of(code, template) for code in codes.values()), options)
    values = {key: "19.99" if key.dialect != "fbq" else None for key in codes}
    assert _values(full) == values
    for key in data.draw(st.permutations([*codes])):
        code = insertion_of(codes[key], template)
        full = put(full, code, options)  # one that is left of several is as its own code has it from the next run on
        changed = put(full, insertion_of(codes[key].replace("19.99", "5.00"), template), options)
        assert _values(changed) == values | {key: values[key] and "5.00"}
        assert put(changed, code, options) == full
        full = take_out(full, keys=[key])
        del values[key]
        assert _values(full) == values
    assert full == page


def _values(page: bytes) -> dict[Key, str | None]:
    """What a page reports: the value of each key."""
    return {Key(one.key): one.value for one in snippets.read(page.decode("utf-8", "replace"))}


@pytest.mark.parametrize("template", ["idle", "consent"])
def test_code_of_a_template_that_waits_is_not_combined(template: str) -> None:
    page = put(PAGE, _fp(PIXEL_ID, "19.99", template))
    assert why_refused(page, FP_B) == (
        f"line 5, column 3: the script of fp:{PIXEL_ID} does more than report, or reports later; remove it first"
    )
    assert why_refused(put(PAGE, FP_A), _fp(B, "19.99", template), make_options(combine=None)) == (
        f"line 5, column 3: the page carries fp:{PIXEL_ID}; only the template combined puts two on one page"
    )


@pytest.mark.parametrize("first", ["the page's", "the new"])
@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "'19.99'",
            "total",
            "cannot share a script with others: the code of fp:{key} cannot be rewritten: ",
        ),
        ("fb_param.value", "later(); fb_param.value", "does more than report, or reports later"),
        ("fb_param.value", "if (paid) fb_param.value", "does more than report, or reports later"),
    ],
)
def test_code_that_does_what_no_other_code_can_stand_for_is_not_combined(
    old: str, new: str, reason: str, first: str
) -> None:
    special = insertion_of(CODES["fp"].replace(old, new, 1))
    before, after = (special, FP_B) if first == "the page's" else (FP_B, special)
    told = why_refused(put(PAGE, before), after)
    assert told.startswith("line 5, column 3: ")
    assert reason.format(key=PIXEL_ID) in told


def test_an_edited_script_of_several_is_refused_and_force_takes_it_over() -> None:
    both = put(put(PAGE, FP_A), FP_B)
    edited = both.replace(b'value: "19.99"', b'value: "1.00"', 1)
    for insertion in (FP_A, FP_B, FP_C):
        assert "line 5, column 3: this snippetkit region was edited by hand" in why_refused(edited, insertion)
    with pytest.raises(PageRefusedError, match="was edited by hand"):
        take_out(edited, pixel_ids=[B])
    forced = put(edited, FP_B, make_options(combine=COMBINE, force=True))
    assert _reports(forced) == {PIXEL_ID: "1.00", B: "19.99"}
    assert take_out(edited, force=True) == PAGE


def test_a_script_of_several_on_a_page_with_server_code_gives_one_up() -> None:
    page = PAGE.replace(b"<title>x", b"<title><?php echo $title ?>")
    options = make_options(combine=COMBINE, server_code=True)
    both = put(put(page, FP_A, options), FP_B, options)
    assert _reports(take_out(both, pixel_ids=[PIXEL_ID])) == {B: "19.99"}
    assert take_out(both) == page


def test_pixels_of_fbds_stand_apart() -> None:
    first, second = insertion_of(CODES["fbds"]), insertion_of(CODES["fbds"].replace(PIXEL_ID, B))
    both = put(put(PAGE, first), second)
    assert sorted({*_keys(both)}) == [first.key, second.key]
    assert take_out(both, pixel_ids=[B]) == put(PAGE, first)
    assert take_out(both) == PAGE


def test_one_event_of_a_pixel_cannot_be_wanted_twice_on_a_page() -> None:
    code = insertion_of(CODES["fbq"])
    with pytest.raises(PageRefusedError, match=f"both {code.key} and {code.key} are wanted here; they cannot both"):
        inject.plan_all(Loaded(PAGE), [code, code], make_options(combine=COMBINE))


def test_two_pixels_at_once_through_a_template_that_waits_are_refused() -> None:
    idle = [_fp(pixel_id, "19.99", "idle") for pixel_id in (PIXEL_ID, B)]
    with pytest.raises(PageRefusedError, match=f"fp:{B} are wanted here; only the template combined puts two on one"):
        inject.plan_all(Loaded(PAGE), idle, make_options(combine=None))


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
