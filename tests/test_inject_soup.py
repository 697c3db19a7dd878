"""The laws of injection on generated tag soup, at every placement, with any part of the page read first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippetkit import inject
from snippetkit.errors import PageRefusedError
from snippetkit.inject import PlanOptions
from snippetkit.model import Edit, Loaded, PageBytes
from snippetkit.terms import Placement
from tests.conftest import PIXEL_ID, examples
from tests.pages import hostile_pages, make_insertion, make_options, pixel_ids
from tests.tagsoup import ENCODINGS, mutations, soups

_soups = st.one_of(soups(), soups(tuple(ENCODINGS)), mutations(), hostile_pages())
_options = st.builds(make_options, st.sampled_from(Placement), fragments=st.booleans(), server_code=st.booleans())


@dataclass
class _Window:
    """A page of which only the first bytes were read so far."""

    data: bytes
    size: int
    is_whole: bool = False

    @property
    def head(self) -> bytes:
        return self.data[: self.size]

    def whole(self) -> bytes:
        return self.data

    def find(self, needle: bytes, start: int = 0) -> int:
        return self.data.find(needle, start)

    def holds(self, test: Callable[[bytes], bool]) -> bool:
        return test(self.data)


def _plan(text: PageBytes, options: PlanOptions, pixel_id: str = PIXEL_ID) -> list[Edit] | str:
    try:
        return inject.plan(text, make_insertion(pixel_id=pixel_id), options)
    except PageRefusedError as error:
        return str(error)


def _remove(text: PageBytes) -> list[Edit] | str:
    try:
        return inject.plan_removal(text)
    except PageRefusedError as error:
        return str(error)


def _inject(page: bytes, options: PlanOptions, pixel_id: str = PIXEL_ID) -> bytes | None:
    edits = _plan(Loaded(page), options, pixel_id)
    return None if isinstance(edits, str) else inject.apply(page, edits)


@settings(max_examples=examples(500))
@given(_soups, _options, pixel_ids)
@example(
    b"<!doctype html><html><head></head><body><p>x</p></body></html><!--", make_options(Placement.BODY_BOTTOM), "1"
)
def test_what_was_put_onto_a_page_is_found_again_and_comes_off(
    page: bytes, options: PlanOptions, pixel_id: str
) -> None:
    once = _inject(page, options, pixel_id)
    if once is None:
        return
    assert _plan(Loaded(once), options, pixel_id) == []
    assert inject.apply(once, inject.plan_removal(Loaded(once), options=options)) == page


@settings(max_examples=examples(300))
@given(_soups, _options, st.sampled_from(Placement))
def test_another_placement_moves_the_code_or_refuses(page: bytes, options: PlanOptions, placement: Placement) -> None:
    others = make_options(placement, fragments=options.fragments, server_code=options.server_code)
    once, other = _inject(page, options), _inject(page, others)
    if once is not None and other is not None:
        assert _inject(once, others) == other


@settings(max_examples=examples(500))
@given(_soups, _options, st.data())
def test_the_first_bytes_lead_to_the_edits_of_the_whole_page(
    page: bytes, options: PlanOptions, data: st.DataObject
) -> None:
    """Whether or not the code is there already, whatever part of the page is read first."""
    for content in (page, _inject(page, options) or page):
        size = data.draw(st.integers(0, len(content)))
        assert _plan(_Window(content, size), options) == _plan(Loaded(content), options)
        assert _remove(_Window(content, size)) == _remove(Loaded(content))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_newline_that_the_first_bytes_cut_in_two_is_the_pages(newline: str) -> None:
    page = f"<!doctype html><head><title>x</title></head><body><p>words</p>{newline}<p>more</p></body>".encode()
    whole = _plan(Loaded(page), make_options())
    assert all(_plan(_Window(page, size), make_options()) == whole for size in range(len(page)))
