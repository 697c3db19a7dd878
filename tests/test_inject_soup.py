"""The laws of injection on generated tag soup, at every placement, with any part of the page read first."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippetkit import inject
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Terms
from snippetkit.model import Edit, Loaded, Text
from snippetkit.terms import Placement
from tests.pages import hostile_pages, make_insertion, make_terms
from tests.tagsoup import ENCODINGS, mutations, soups

INSERTION = make_insertion()
_soups = st.one_of(soups(), soups(tuple(ENCODINGS)), mutations(), hostile_pages())
_terms = st.builds(make_terms, st.sampled_from(Placement), fragments=st.booleans(), server_code=st.booleans())


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


def _plan(text: Text, terms: Terms) -> list[Edit] | str:
    try:
        return inject.plan(text, INSERTION, terms)
    except PageRefusedError as error:
        return str(error)


def _remove(text: Text) -> list[Edit] | str:
    try:
        return inject.plan_removal(text)
    except PageRefusedError as error:
        return str(error)


def _inject(page: bytes, terms: Terms) -> bytes | None:
    edits = _plan(Loaded(page), terms)
    return None if isinstance(edits, str) else inject.apply(page, edits)


@settings(max_examples=500)
@given(_soups, _terms)
@example(b"<!doctype html><html><head></head><body><p>x</p></body></html><!--", make_terms(Placement.BODY_BOTTOM))
def test_what_was_put_onto_a_page_is_found_again_and_comes_off(page: bytes, terms: Terms) -> None:
    once = _inject(page, terms)
    if once is None:
        return
    assert _plan(Loaded(once), terms) == []
    assert inject.apply(once, inject.plan_removal(Loaded(once), terms=terms)) == page


@settings(max_examples=300)
@given(_soups, _terms, st.sampled_from(Placement))
def test_another_placement_moves_the_code_or_refuses(page: bytes, terms: Terms, placement: Placement) -> None:
    others = make_terms(placement, fragments=terms.fragments, server_code=terms.server_code)
    once, other = _inject(page, terms), _inject(page, others)
    if once is not None and other is not None:
        assert _inject(once, others) == other


@settings(max_examples=500)
@given(_soups, _terms, st.data())
def test_the_first_bytes_lead_to_the_edits_of_the_whole_page(page: bytes, terms: Terms, data: st.DataObject) -> None:
    """Whether or not the code is there already, whatever part of the page is read first."""
    for content in (page, _inject(page, terms) or page):
        size = data.draw(st.integers(0, len(content)))
        assert _plan(_Window(content, size), terms) == _plan(Loaded(content), terms)
        assert _remove(_Window(content, size)) == _remove(Loaded(content))
