"""The anchors on generated tag soup: refused, or where two conforming parsers see code in its place."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippetkit import html
from snippetkit.errors import PageRefusedError
from snippetkit.terms import Placement
from tests.conftest import ALL, examples
from tests.oracle import BOTH, examine
from tests.pages import hostile_pages, pages
from tests.tagsoup import ENCODINGS, NOT_ASCII, mutations, soups


@settings(max_examples=examples(700))
@given(soups())
@example(b"<html><head><template><meta charset=utf-8></template></head><body>x")
@example(b"<html><head><noscript><img></noscript><meta charset=utf-8></head><body>x")
@example(b"<html><noscript><p></noscript><noscript><!--</noscript>--><body>x")
@example(b"<!doctype html>\n  <title>x</title>\n  <p>x")
def test_tag_soup_is_refused_or_right(page: bytes) -> None:
    assert not examine(page, *BOTH, fragments=True).wrong


@settings(max_examples=examples(700))
@given(mutations())
def test_broken_tag_soup_is_refused_or_right(page: bytes) -> None:
    assert not examine(page, *BOTH, fragments=True).wrong


@settings(max_examples=examples(500))
@given(hostile_pages())
def test_a_hostile_page_is_refused_or_right(page: bytes) -> None:
    assert not examine(page, *BOTH, fragments=True).wrong


@given(pages())
def test_an_ordinary_page_has_every_place(page: bytes) -> None:
    verdict = examine(page, *BOTH)
    assert not verdict.wrong
    assert not verdict.refused
    assert verdict.placements >= {*Placement} - {Placement.BODY_BOTTOM}


@pytest.mark.parametrize("codec", ENCODINGS)
def test_every_encoding_whose_markup_is_ascii_is_read(codec: str) -> None:
    seen = Counter[str]()

    @settings(max_examples=examples(60), database=None)
    @given(soups((codec,)))
    def judge(page: bytes) -> None:
        verdict = examine(page, *BOTH, fragments=True)
        assert not verdict.wrong
        seen.update(["refused" if verdict.refused else "read"])

    judge()
    assert seen["read"] > (seen["refused"] if ALL else 0)  # few examples may be refused by chance


@pytest.mark.parametrize("codec", NOT_ASCII)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_encoding_whose_markup_is_not_ascii_is_refused(codec: str, newline: str) -> None:
    page = newline.join(["<!doctype html>", "<html>", "<head><title>表能</title></head>", "<body>x"]).encode(codec)
    with pytest.raises(PageRefusedError):
        html.find_anchors(page, fragments=True)


@settings(max_examples=examples(300))
@given(st.one_of(soups(), mutations(), hostile_pages()), st.booleans())
def test_the_first_bytes_of_a_page_tell_what_the_page_does_or_nothing(page: bytes, fragments: bool) -> None:
    whole: object
    try:
        whole = html.find_anchors(page, fragments=fragments)
    except PageRefusedError as error:
        whole = str(error)
    for end in range(len(page)):
        try:
            found = html.find_anchors(page[:end], is_whole=False, fragments=fragments)
        except PageRefusedError as error:
            assert str(error) == whole
        else:
            assert found is None or found == whole


_REPEATED = [
    b"<!-- ", b"<!-->", b"<script>", b"<script><!--<script>", b"<script></script>", b"<meta a='", b"<meta a=", b"</x ",
    b"</x>", b"<noscript><!--", b"<noscript></noscript>", b"<noscript><img></noscript>", b"<title></titl",
    b"<title></title>", b"<template>", b"<template></template>", b"<template><svg>", b"<svg>", b"<table>", b"<select>",
    b"<?x>", b"<!x>", b"<p>", b"\r\n", b"<head>", b"<!-- snippetkit:begin -->",
]  # fmt: skip


def _steps(function: Callable[[], object]) -> int:
    """How many instructions of Python a function takes."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    except PageRefusedError:
        pass
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("start", [b"<head>", b"<head></head>", b"<head><template>", b"<body>"])
@pytest.mark.parametrize("repeated", _REPEATED)
def test_the_work_grows_no_faster_than_the_page(start: bytes, repeated: bytes) -> None:
    def read(times: int) -> int:
        page = start + repeated * times
        anchors = html.find_anchors(start + b"<p>", fragments=True) if start == b"<body>" else None
        if anchors:
            return _steps(lambda: html.find_body_bottom(page, anchors.body_top))
        return _steps(lambda: html.find_anchors(page, fragments=True))

    small, large = read(100), read(300)
    assert large <= 3.2 * small + 100
