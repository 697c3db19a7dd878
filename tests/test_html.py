"""The anchors are where a conforming parser has them, or the page is refused with the line and the rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import html
from snippetkit.errors import PageRefusedError
from tests.pages import hostile_pages, pages, tree

_SCRIPT = b"<script id=probe-script></script>"
_NOSCRIPT = b"<noscript id=probe-noscript></noscript>"


def _probe(page: bytes) -> bytes:
    anchors = html.find_anchors(page)
    head, body = anchors.head_bottom, anchors.body_top
    return page[:head] + _SCRIPT + page[head:body] + _NOSCRIPT + page[body:]


def _assert_right(page: bytes, probed: bytes) -> None:
    for scripting in (True, False):
        before = tree(page, scripting=scripting)
        after = tree(probed, scripting=scripting)
        probes = [node for node in after if ("id", "probe-script") in node[2] or ("id", "probe-noscript") in node[2]]
        assert [name for name, _, _ in probes] == ["<script> in <head>", "<noscript> in <body>"]
        assert [node for node in after if node not in probes] == before


@given(pages())
def test_every_ordinary_page_gets_its_code_where_a_parser_sees_it_in_head_and_body(page: bytes) -> None:
    _assert_right(page, _probe(page))


@settings(max_examples=1000)
@given(hostile_pages())
def test_a_hostile_page_is_refused_or_right(page: bytes) -> None:
    try:
        probed = _probe(page)
    except PageRefusedError:
        return
    _assert_right(page, probed)


@settings(max_examples=500)
@given(st.binary(max_size=60))
def test_any_bytes_end_in_anchors_or_a_refusal(data: bytes) -> None:
    try:
        anchors = html.find_anchors(data)
    except PageRefusedError as error:
        assert error.line >= 1
        assert error.column >= 1
    else:
        assert 0 < anchors.head_bottom < anchors.body_top <= len(data)


@pytest.mark.parametrize(
    ("page", "where", "reason"),
    [
        (b"", (1, 1), "ends without <head>"),
        (b"<p>part of a page", (1, 1), "<p> stands where <head> is expected"),
        (b"plain text", (1, 1), "text ends the head"),
        (b"<title>x</title><p>", (1, 1), "<title> stands where <head>"),
        (b"<head>\n<title>x</title>\n<body>", (3, 1), "<body> in the head, before </head>"),
        (b"<head>\nstray</head><body>", (2, 1), "text ends the head"),
        (b"<head>\r\n\xc3\xa9 <div></head><body>", (2, 1), "text ends the head"),
        (b"<head>\r<div></head><body>", (2, 1), "<div> in the head"),
        (b"<head><title>x</head><body>", (1, 7), "<title> does not end"),
        (b"<head><script>'<!--<script>'</script></head><body>", (1, 7), "<script> does not end"),
        (b"<head><!-- x </head><body>", (1, 7), "a comment that does not end"),
        (b"<head><meta content='x ></head><body>", (1, 7), "a tag that does not end"),
        (b"<head><template></template></head><body>", (1, 7), "<template> in the head"),
        (b"<head></head>", (1, 14), "ends without <body>"),
        (b"<head></head><frameset>", (1, 14), "<frameset> stands where <body>"),
        (b"<head></head><title>x</title><body>", (1, 14), "<title> stands where <body>"),
        (b"<head><noscript><img></noscript></head><body>", (1, 17), "move that noscript behind <body>"),
        (b"<head><noscript><!-- </noscript> --></noscript></head><body>", (1, 17), "a comment that does not end"),
        (b"<head><noscript class=x></noscript></head><body>", (1, 7), "<noscript> with attributes"),
        (b"<head><meta charset=latin1></head><body>", (1, 21), "the page says that it is latin1"),
        (b"<head><meta content='text/html; charset=Shift_JIS'></head><body>", (1, 41), "that it is Shift_JIS"),
        (b"<head></head><body>\xe9", (1, 20), "not UTF-8"),
        (b"\xff\xfe<\0h\0", (1, 1), "UTF-16"),
        (b"<head></head><body>\0", (1, 20), "NUL"),
        (b"<?php $x ?><head></head><body>", (1, 1), "server code"),
        (b"<head><title><?= $x ?></title></head><body>", (1, 14), "server code"),
        (b"<head><title><% x %></title></head><body>", (1, 14), "server code"),
        (b"<head></head><body class='{{ x }}'>", (1, 27), "server code"),
        (b"<head>{% block x %}</head><body>", (1, 7), "text ends the head"),
    ],
)
def test_a_page_that_is_not_certain_is_refused_with_the_place(page: bytes, where: tuple[int, int], reason: str) -> None:
    with pytest.raises(PageRefusedError, match=reason) as info:
        html.find_anchors(page)
    assert (info.value.line, info.value.column) == where


def test_a_long_hostile_page_is_read_once() -> None:
    traps = [
        b"<!-- ",
        b"<script><!--<script>",
        b"<meta a='",
        b"<noscript><!--",
        b"<title></titl",
        b"<!-->" * 2,
        b"</x ",
    ]
    for trap in traps:
        with pytest.raises(PageRefusedError):
            html.find_anchors(b"<head>" + trap * 200_000)


def test_a_reason_stays_readable_whatever_a_tag_is_called() -> None:
    with pytest.raises(PageRefusedError) as info:
        html.find_anchors(b"<" + b"x" * 1_000_000 + b">")
    assert len(str(info.value)) < 300


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("<img>", {}),
        ("<img a b=1 C='2' d=\"3\" e = 4/>", {"a": "", "b": "1", "c": "2", "d": "3", "e": "4/"}),
        ("<img src='?a&amp;b' src=other>", {"src": "?a&amp;b"}),
        ("<img a='>", {}),
        ("<img a=1> text", {}),
        ("text", {}),
    ],
)
def test_attributes_are_read_as_they_stand(tag: str, attributes: dict[str, str]) -> None:
    assert html.attributes(tag) == attributes
