"""Elements are found where a browser sees them, and nowhere else; nothing raises, nothing is slow."""

from __future__ import annotations

import pytest
import turbohtml
from hypothesis import given
from hypothesis import strategies as st

from snippetkit import html
from tests.pages import hostile_pages, pages

ROOT = "<template shadowrootmode=open>"


def _found(text: str) -> list[str]:
    data = text.encode()
    return [data[e.start : e.end].decode() for e in html.find_elements(data)]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- <script>x</script> -->",
        "<!--><!-- <img> --!>",
        "<title><script>x</script></title>",
        "<textarea><img></textarea>",
        "<style>/* <img> */</style>",
        "<p title='<script>x</script>'>",
        "<template><script>x</script><template></template><img></template>",
        "<div><template shadowrootmode=none><img></template></div>",
        "<template><div><template shadowrootmode=open><img></template></div></template>",
        "<div><template shadowrootmode=open><template><img></template></template></div>",
        f"<div>{ROOT}</template> x {ROOT}<img></template></div>",
        f"<div>{ROOT}</template><!-- <p> -->{ROOT}<img></template></div>",
        f"<p>{ROOT}</template><template></template>{ROOT}<img></template>",
        f"<p>{ROOT}</template>{ROOT}<img></template>{ROOT}<img></template>",
        f"<div>{ROOT}{ROOT}<img></template></template></div>",
        f"<!doctype html><title>x</title>{ROOT}<img></template>",
        f"<html><head>{ROOT}<img></template></head>",
        "<plaintext><img>",
        "<imgs><scripts></scripts>",
        "<",
        "</",
        "<!",
        "<a",
    ],
)
def test_what_only_looks_like_an_element_is_none(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("<p>a < b<IMG SRC=x>", ["<IMG SRC=x>"]),
        ("<template></template></template><img>", ["<img>"]),
        ("<div><template shadowrootmode=open><img><template></template></template></div><img>", ["<img>"] * 2),
        ('<div><TEMPLATE ShadowRootMode="CLOSED"><img></template></div>', ["<img>"]),
        (f"<div>{ROOT}<img></template></div><p>{ROOT}<img></template>", ["<img>"] * 2),
        (f"<div>{ROOT}<p>{ROOT}<img></template></p></template></div>", ["<img>"]),
        (f"<div><template></template>{ROOT}<img></template></div>", ["<img>"]),
        (f"<!doctype html><head></head><div>{ROOT}<img></template></div>", ["<img>"]),
        ("<script>'<noscript><img></noscript>'</script>", ["<script>'<noscript><img></noscript>'</script>"]),
        ("<script>a<!-- <script></script> b</script >c", ["<script>a<!-- <script></script> b</script >"]),
        ("<script>never ends <img>", ["<script>never ends <img>"]),
        ("<noscript><img><!-- <img> --></noscript>", ["<noscript><img><!-- <img> --></noscript>", "<img>"]),
        ("<noscript><noscript><img></noscript><img>", ["<noscript><noscript><img></noscript>", "<img>", "<img>"]),
    ],
)
def test_an_element_reaches_from_its_start_tag_to_its_end_tag(text: str, elements: list[str]) -> None:
    assert _found(text) == elements


def test_attributes_are_slices_and_of_two_with_one_name_the_first_counts() -> None:
    data = b"<img SRC='a' src=b alt data-x=\"&amp;\">"
    [image] = html.find_elements(data)
    assert {name: found.value for name, found in image.attributes.items()} == {
        "src": b"a",
        "alt": b"",
        "data-x": b"&amp;",
    }
    assert all(data[a.start : a.start + len(a.value)] == a.value for a in image.attributes.values())


@given(st.binary() | st.text().map(str.encode) | hostile_pages())
def test_nothing_raises_and_each_element_is_a_slice(data: bytes) -> None:
    for element in html.find_elements(data):
        assert 0 <= element.start < element.inner_start <= element.inner_end <= element.end <= len(data)


@given(pages())
def test_a_conforming_parser_finds_the_same_scripts_and_images(page: bytes) -> None:
    document = turbohtml.parse(page.decode("utf-8-sig"), scripting=True)
    elements = [e for e in html.find_elements(page) if not e.inside]
    for name in ("script", "img", "noscript"):
        assert len(document.find_all(name)) == len([e for e in elements if e.name == name])


@pytest.mark.parametrize(
    ("page", "where"),
    [
        ("<!doctype html><title>x</title>|", True),
        ("<head><meta><noscript><img></noscript>|", True),
        ("<head></head>|", False),
        ("<head><p>|", False),
        ("<html>text|", False),
        ("<script></script>|", False),
        ("<head><title>|", False),
    ],
)
def test_what_stands_in_the_head(page: str, where: bool) -> None:
    assert html.is_in_head(page.replace("|", "<img>").encode(), page.index("|")) is where


def test_hostile_text_takes_time_in_proportion() -> None:
    for piece in (b"<", b"<a ", b"<!--", b"<a b='", b"</", b"<template>", b"<img <"):
        assert list(html.find_elements(piece * 100_000)) == []
    for piece in (b"<script>", b"<noscript>"):
        assert [e.is_closed for e in html.find_elements(piece * 100_000)] == [False]
    assert len(list(html.find_elements(b"<img>" * 100_000))) == 100_000
