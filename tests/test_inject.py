"""The laws of injection, over generated pages, and the pages in `cases/pages` as they are before and after."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import inject
from snippetkit.inject import PlanOptions
from snippetkit.model import Edit, Loaded
from snippetkit.terms import Part, Placement
from tests.conftest import CASES, PIXEL_ID
from tests.pages import KEY, kin, make_insertion, make_options, pages, pixel_ids, tree

INSERTION = make_insertion()
PAGE = b"<!doctype html>\n<html>\n<head>\n  <title>x</title>\n</head>\n<body>\n  <p>x</p>\n</body>\n</html>\n"
WHOLE_IN_HEAD = PlanOptions({Part.SCRIPT: Placement.HEAD_BOTTOM, Part.NOSCRIPT: Placement.HEAD_BOTTOM})
EVERY_OPTIONS = [*(make_options(placement) for placement in Placement), WHOLE_IN_HEAD]
_NEWLINES = re.compile(rb"\r\n|\r|\n")

any_terms = st.sampled_from(EVERY_OPTIONS)


def _plan(
    page: bytes, value: str = "19.99", options: PlanOptions = EVERY_OPTIONS[1], pixel_id: str = PIXEL_ID
) -> list[Edit]:
    return inject.plan(Loaded(page), make_insertion(value, pixel_id=pixel_id), options)


def _inject(
    page: bytes, value: str = "19.99", options: PlanOptions = EVERY_OPTIONS[1], pixel_id: str = PIXEL_ID
) -> bytes:
    return inject.apply(page, _plan(page, value, options, pixel_id))


def _remove(page: bytes, options: PlanOptions = EVERY_OPTIONS[1], **chosen: frozenset[str]) -> bytes:
    return inject.apply(page, inject.plan_removal(Loaded(page), options=options, **chosen))


def _cut_out(after: bytes, insertions: list[Edit]) -> bytes:
    """An edited page without what was inserted, found by the offsets alone."""
    for edit in insertions:
        assert edit.start == edit.end
        after = after[: edit.start] + after[edit.start + len(edit.new) :]
    return after


@given(pages(), any_terms, pixel_ids)
def test_law_1_bytes_outside_the_edits_are_identical(page: bytes, options: PlanOptions, pixel_id: str) -> None:
    edits = _plan(page, options=options, pixel_id=pixel_id)
    assert len(edits) == 2
    assert _cut_out(inject.apply(page, edits), edits) == page


@given(pages(), any_terms, pixel_ids)
def test_law_2_planning_on_the_result_gives_no_edits_and_a_new_value_updates_in_place(
    page: bytes, options: PlanOptions, pixel_id: str
) -> None:
    once = _inject(page, options=options, pixel_id=pixel_id)
    assert _plan(once, options=options, pixel_id=pixel_id) == []
    assert _inject(once, "5.00", options, pixel_id) == _inject(page, "5.00", options, pixel_id)


@given(pages(), any_terms, kin())
def test_law_3_removal_gives_the_original_bytes_back(page: bytes, options: PlanOptions, ids: list[str]) -> None:
    once = _inject(page, options=options, pixel_id=ids[0])
    assert _remove(once) == _remove(once, pixel_ids=frozenset(ids[:1])) == page
    assert _remove(_inject(once, "123456.00", options, ids[0])) == page
    assert _remove(once, pixel_ids=frozenset(ids[1:])) == once
    assert _remove(page) == page


@given(pages(), any_terms, any_terms)
def test_another_placement_moves_the_code(page: bytes, options: PlanOptions, other: PlanOptions) -> None:
    assert _inject(_inject(page, options=options), options=other) == _inject(page, options=other)


@given(pages(), any_terms)
def test_law_5_inserted_lines_have_the_newline_and_the_indentation_of_their_neighbours(
    page: bytes, options: PlanOptions
) -> None:
    newlines = set(_NEWLINES.findall(page)) or {b"\n"}
    for edit in _plan(page, options=options):
        assert set(_NEWLINES.findall(edit.new)) <= newlines
        if edit.new.endswith((b"\r", b"\n")):
            indent = edit.new[: len(edit.new) - len(edit.new.lstrip(b" \t"))]
            lines = [line for line in _NEWLINES.split(edit.new) if line]
            assert all(line.startswith(indent) for line in lines)


def _parent(page: bytes, placement: Placement) -> str:
    """The end of the body is in the paragraph that was left open there."""
    is_left_open = page.endswith(b"<p>text") and placement is Placement.BODY_BOTTOM
    return "p" if is_left_open else placement.partition("-")[0]


@given(pages(), st.sampled_from([*Placement]))
def test_law_6_a_parser_sees_the_script_in_its_place_and_every_other_node_as_before(
    page: bytes, placement: Placement
) -> None:
    parts = {Part.SCRIPT: b'<script id="ours">1</script>', Part.NOSCRIPT: b'<noscript id="ours"></noscript>'}
    edits = inject.plan(Loaded(page), inject.Insertion(KEY, parts), make_options(placement))
    after = inject.apply(page, edits)
    for scripting in (True, False):
        ours = [name for name, _, attributes in tree(after, scripting=scripting) if ("id", "ours") in attributes]
        assert sorted(ours) == ["<noscript> in <body>", f"<script> in <{_parent(page, placement)}>"]
        assert tree(after, scripting=scripting, without=("ours",)) == tree(page, scripting=scripting)


@pytest.mark.parametrize("name", sorted(path.stem for path in (CASES / "pages").glob("*.before")))
def test_whole_pages(name: str) -> None:
    before = (CASES / "pages" / f"{name}.before").read_bytes()
    after = (CASES / "pages" / f"{name}.after").read_bytes()
    assert _inject(before) == after
    assert _remove(after) == before
