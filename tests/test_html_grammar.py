"""The anchors on pages that walk the WHATWG grammar: refused, or where two conforming parsers see code in its place.

Each table is judged as a whole, by a sample that is always the same; `benchmarks/proof.py` judges all of its pages.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from snippetkit import html
from snippetkit.terms import Placement
from tests import grammar
from tests.conftest import ALL
from tests.oracle import BOTH, Survey, examine, survey

# Of so many pages the parsers may read one differently without our code: each has its own defects.
_PAGES_A_DISPUTE = 50
THINNER = 1 if ALL else 5  # prime to each `nth`: what is left out is not always of one kind


def _judge(pages: Iterable[bytes], nth: int) -> Survey:
    found = survey(grammar.every(pages, nth), fragments=True)
    assert found.wrong == []
    assert len(found.disputed) * _PAGES_A_DISPUTE <= found.pages
    return found


@pytest.mark.wide
@pytest.mark.parametrize(
    ("pages", "nth", "at_least", "most_refused", "least"),
    [
        (grammar.pages_of_one_token, 17, 3000, 0.06, (0.8, 0.5, 0.4, 0.4)),
        (grammar.pages_of_two_tokens, 11, 2500, 0.04, (0.9, 0.7, 0.6, 0.5)),
        (grammar.pages_of_three_tokens, 13, 3000, 0.01, (0.8, 0.8, 0.5, 0.3)),
        (grammar.pages_with_text_elements, 13, 2500, 0.08, (0.9, 0.7, 0.6, 0.5)),
        (lambda: grammar.pages_with_scripts(3), 31, 2500, 0.01, (0.9, 0.8, 0.8, 0.8)),
        (lambda: grammar.pages_with_attributes(3), 17, 2000, 0.02, (0.9, 0.1, 0.1, 0.1)),
        (lambda: grammar.pages_with_bodies(3), 201, 2000, 0.0, (0.99, 0.99, 0.99, 0.4)),
    ],
    ids=["one-token", "two-tokens", "three-tokens", "text-elements", "scripts", "attributes", "bodies"],
)
def test_a_page_is_refused_or_right(
    pages: object, nth: int, at_least: int, most_refused: float, least: tuple[float, ...]
) -> None:
    """The shares, for each placement from the top down, keep a scanner that refuses most of them from passing.

    Many of these pages go on as pages begin behind what ended the head: there only the top of the head is certain.
    """
    assert callable(pages)
    found = _judge(pages(), nth * THINNER)
    assert found.pages >= at_least // THINNER
    assert found.refused.total() <= most_refused * found.pages
    for placement, share in zip(Placement, least, strict=True):
        assert found.placements[placement] >= share * found.pages


@pytest.mark.parametrize("token", [*grammar.HARMLESS_IN_HEAD])
def test_what_belongs_to_a_head_keeps_it_open(token: bytes) -> None:
    page = b"<!doctype html><html><head>" + token + b"</head><body><p>x</body></html>"
    anchors = html.find_anchors(page)
    assert anchors
    assert (anchors.head_top, anchors.head_bottom) == (27, page.index(b"</head><body><p>"))
    assert anchors.body_top == page.index(b"<p>x</body>")
    verdict = examine(page, *BOTH)
    assert not verdict.wrong
    assert verdict.placements == {*Placement}


@pytest.mark.parametrize("token", [*grammar.ENDS_HEAD])
def test_what_belongs_to_no_head_ends_it(token: bytes) -> None:
    start = b"<!doctype html><html><head><title>x</title>"
    anchors = html.find_anchors(start + token + b"<meta></head><p>x")
    assert anchors
    assert anchors.head_bottom == anchors.body_top == len(start)
    assert not anchors.has_body_tag


def test_the_oracle_sees_what_is_wrong() -> None:
    """Each kind of wrong place is told, so that a right page is one where something could have been found."""
    page = b"<!doctype html><html><head><title>x</title></head><body><b>x</b><template></template></body></html>"
    right = html.find_anchors(page)
    assert right
    assert not examine(page, *BOTH).wrong
    for wrong, reason in [
        (right._replace(head_bottom=page.index(b"x</title>")), "became elements"),
        (right._replace(head_bottom=page.index(b"<title>")), "not the bottom"),
        (right._replace(head_top=page.index(b"</head>")), "not the top"),
        (right._replace(head_bottom=page.index(b"<b>")), "the probe is html/body/script"),
        (right._replace(head_bottom=0), "other nodes changed"),
        (right._replace(head_top=3), "other nodes changed"),
        (right._replace(body_top=page.index(b"</b>")), "not the top"),
        (right._replace(body_top=page.index(b"</template>")), "the probe is html/body/template"),
        (right._replace(body_top=page.index(b"<title>")), "the probe is html/head"),
    ]:
        verdict = examine(page, *BOTH, anchors=wrong)
        assert any(reason in line for line in verdict.wrong), (wrong, verdict)
        for parser in BOTH:
            assert any(parser.__name__ in line for line in verdict.wrong)
