"""Traps, each with its places or its refusal written by hand, and what a scanner of bytes owes its callers.

In a page, `|T|` stands where the head begins, `|B|` where its content ends, `|b|` where the body begins and `|e|` where
it ends; a page without `|b|` has no place in the body that is certain, one without `|e|` none at its end.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippetkit import html
from snippetkit.errors import PageRefusedError
from tests.conftest import examples
from tests.oracle import BOTH, examine

_MARK = re.compile(rb"\|([TBbe])\|")

PLACES = {
    "all tags": b"<!doctype html><html><head>|T|<title>x</title>|B|</head><body>|b|<p>x</p>|e|</body></html>",
    "spaces": b"<!doctype html>\n<html>\n<head>|T|\n\t<title>x</title>\n|B|</head>\n"
    b"<body>|b|\n<p>x</p>\n|e|</body>\n</html>\n",
    "upper case": b"<!DOCTYPE HTML><HTML><HEAD>|T|<TITLE>x</title>|B|</HEAD ><BODY CLASS='>'>|b|<P>x|e|</BODY></HTML>",
    "no head tags": b"<!doctype html><html>|T|<title>x</title>|B|<body>|b|x|e|</body></html>",
    "no body tags": b"<!doctype html><html><head>|T|<title>x</title>|B|</head>\n|b|<p>x</p>|e|</html>",
    "neither": b"<!doctype html>\n|T|<title>x</title>\n|B||b|<p>x</p>\n|e|",
    "no end tags": b"<!doctype html><html><head>|T|<title>x</title>|B|<body>|b|<p>x|e|",
    "only an html tag": b"<html>|T||B||b||e|",
    "only a head tag": b"<head>|T||B||b||e|",
    "only a head": b"<head>|T||B|</head>|b||e|",
    "only a body": b"|T||B|<body>|b|x|e|</body>",
    "a BOM": b"\xef\xbb\xbf<!doctype html>|T|<title>x</title>|B||b|<p>x|e|",
    "a BOM later": b"<!doctype html><head>|T|<title>x</title>|B||b|\xef\xbb\xbf</head><body>x|e|</body>",
    "xml prolog": b"<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'\n"
    b" 'http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd'>\n<html xmlns='http://www.w3.org/1999/xhtml'>"
    b"<head>|T|<meta a='b' /><link />|B|</head><body>|b|<p />|e|</body></html>",
    "xhtml, a script that closes itself does not": b"<?xml version='1.0'?><html><head>|T|<script src='a.js' /></head>"
    b"<body><p>x</p><script>y</script>|B||b|<p>z</p>|e|</body></html>",
    "xhtml, a script that closes itself and takes the page": b"<html><head>|T|<meta>|B|<script src='a.js' />"
    b"</head><body></body>",
    "frameset": b"<html><head>|T|<title>x</title>|B|</head>\n<frameset rows='*'><frame src=x></frameset></html>",
    "frameset, no head tags": b"<!doctype html>|T|<title>x</title>|B|<frameset><noframes>"
    b"<body></body></noframes></frameset>",
    "hidden conditional comment": b"<html><head>|T|<!--[if lt IE 9]><script>x</script></head><body><![endif]-->"
    b"|B|</head><body>|b|x|e|",
    "shown conditional comment": b"<html><head>|T|<!--[if !IE]><!--><link><!--<![endif]-->"
    b"<![if !IE]><meta><![endif]>|B|</head><body>|b|x|e|",
    "html tags in conditional comments": b"<!doctype html><!--[if IE 7]><html class=ie><head><![endif]-->"
    b"<!--[if gt IE 8]><!--><html><!--<![endif]--><head>|T|<title>x</title>|B|</head><body>|b|x|e|</body></html>",
    "content security policy": b"<html><head>|T|<meta http-equiv=Content-Security-Policy co"
    b"ntent=\"script-src 'self'\">|B|</head><body>|b||e|",
    "base": b"<html><head>|T|<base href='/a/' target=_top>|B|</head><body>|b||e|</body>",
    "amp": b"<!doctype html><html amp><head>|T|<script async src=x></script>|B|</head><body>|b||e|</body></html>",
    "template": b"<html><head>|T|<template></head><body><p><div><tr></body></template>|B|</head><body>|b||e|</body>",
    "template in template": b"<html><head>|T|<template><template></template></head></template>|B|</head>"
    b"<body>|b||e|</body>",
    "template with a script": b"<html><head>|T|<template><script></template></script></template>|B|</head>"
    b"<body>|b||e|</body>",
    "template behind the head": b"<html><head>|T||B|</head><template><body></template><body>|b|x|e|</body>",
    "head end in a title": b"<html><head>|T|<title>x</head><body></title >|B|</head><body>|b||e|</body>",
    "head end in a comment": b"<html><head>|T|<!-- </head><body> -- > --!>|B|</head><body>|b||e|</body>",
    "head end in a script": b"<html><head>|T|<script>'</head><body>'</script\n>|B|</head><body>|b||e|</body>",
    "head end in a style": b"<html><head>|T|<style>/*</head><body>*/</style/>|B|</head><body>|b||e|</body>",
    "head end in an attribute": b"<html><head>|T|<meta content='</head><body>' a=\"</head>\">|B|</head>"
    b"<body>|b||e|</body>",
    "head end in an unquoted attribute": b"<html><head>|T|<meta content=</head>|B||b|x</head><body>|e|</body>",
    "head end in a noscript": b"<html><head>|T||B|<noscript></head><body></noscript></head><body>|b||e|</body>",
    "noscript with a paragraph left open": b"<html><head>|T||B|<noscript><p>x</noscript></head><body></body>",
    "noscript with a paragraph": b"<html><head>|T||B|<noscript><p>x<br></p></noscript></head><body>|b||e|</body>",
    "head end in noframes": b"<html><head>|T|<noframes></head><body></noframes>|B|</head><body>|b||e|</body>",
    "head end in a template's attribute": b"<html><head>|T|<template a='</template></head>'></template>|B|"
    b"</head><body>|b||e|</body>",
    "head end in a bogus comment": b"<html><head>|T|<! </head x></ </head><?x </head>|B|</head><body>|b||e|</body>",
    "no head end": b"<html><head>|T|<title>x</title></headx></ head>|B|<body>|b|</head>|e|</body>",
    "head twice": b"<html><head>|T|<head a=b><title>x</title>|B|</head><head></head><body>|b||e|</body>",
    "title behind the head": b"<html><head>|T||B|</head><title>x</title><body>|b||e|</body>",
    "text in the head": b"<html><head>|T|<title>x</title>\n|B||b|$macro$\n<meta></head>"
    b"<body class=a><p>x</p>|e|</body></html>",
    "element in the head": b"<html><head>|T|<title>x</title>|B||b|<div></div><meta></head><body>|e|</body>",
    "line break tag that ends": b"<html><head>|T|<title>x</title>|B||b|</br></head><body>|e|</body>",
    "no-break space": b"<html><head>|T|<title>x</title>|B||b|\xc2\xa0<meta></head><body>|e|</body>",
    "vertical tab": b"<html><head>|T||B||b|\x0b<meta></head><body>|e|</body>",
    "form feed": b"<html><head>|T|\x0c<meta>\x0c|B|</head>\x0c<body>|b|x|e|</body>",
    "reference to no white space": b"<html><head>|T|<meta>|B||b|&nbsp;<meta></head><body>|e|</body>",
    "script data, escaped": b"<html><head>|T|<script><!-- '<script' --></script>|B|</head><body>|b||e|</body>",
    "script data, double escaped": b"<html><head>|T|<script><!--<script></script></head><body></script>|B|"
    b"</head><body>|b||e|</body>",
    "script data, double escaped, and left": b"<html><head>|T|<script><!--<script>--></script>|B|</head>"
    b"<body>|b||e|</body>",
    "script data, opened and closed": b"<html><head>|T|<script><!--><script></script>|B|</head><body>|b||e|</body>",
    "script data, opened with a dash": b"<html><head>|T|<script><!---><script></script>|B|</head><body>|b||e|</body>",
    "script data, not double escaped": b"<html><head>|T|<script><!--<scripts></script>|B|</head><body>|b||e|</body>",
    "script data, takes the page": b"<html><head>|T|<meta>|B|<script><!--<script></script></head><body></body></html>",
    "title that takes the page": b"<html><head>|T|<meta>|B|<title>x</head><body></body></html>",
    "style that takes the page": b"<html><head>|T|<meta>|B|<style></styles></head><body></body></html>",
    "template that takes the page": b"<html><head>|T|<meta>|B|<template></head><body></body></html>",
    "noscript that takes the page": b"<html><head>|T|<meta>|B|<noscript></head><body></body></html>",
    "style behind the head that takes the page": b"<html><head>|T|<meta>|B|</head><style></head><body></body></html>",
    "noscript of a head": b"<html><head>|T|<noscript><link><style>a{}</style><meta></noscript>|B|</head>"
    b"<body>|b||e|</body>",
    "noscript with an image": b"<html><head>|T|<title>x</title>|B|<noscript><img src=x></noscript><meta></head>"
    b"<body>|b||e|</body>",
    "noscript with an iframe": b"<html><head>|T||B|<noscript><iframe></noscript></iframe></noscript></head>"
    b"<body></body>",
    "noscript with text": b"<html><head>|T||B|<noscript>x</noscript></head><body>|b||e|</body>",
    "noscript with a comment that does not end": b"<html><head>|T||B|<noscript><!-- </noscript> --></noscript>"
    b"</head><body></body>",
    "noscript with an attribute that does not end": b"<html><head>|T||B|<noscript><img alt='</noscript>'></noscr"
    b"ipt></head><body></body>",
    "two noscripts, the second is open": b"<html><head>|T||B|<noscript><img></noscript>"
    b"<noscript><!--</noscript></head><body></body>",
    "noscript with attributes": b"<html><head>|T|<noscript class='>'><link></noscript>|B|</head><body>|b||e|</body>",
    "noscript with a break that ends": b"<html><head>|T||B|<noscript></br></noscript></head><body>|b||e|</body>",
    "noscript behind the head": b"<html><head>|T||B|</head>|b|<noscript><link></noscript><body>|e|</body>",
    "body end in a script": b"<html>|T||B|<body>|b|<script>'</body>'</script>|e|</body>",
    "body end in a comment": b"<html>|T||B|<body>|b|<!-- </body> -->|e|</body>",
    "body end in an attribute": b"<html>|T||B|<body>|b|<p title='</body>'>|e|</body>",
    "body end in a textarea": b"<html>|T||B|<body>|b|<textarea></body></textarea>|e|</body>",
    "body end in a xmp": b"<html>|T||B|<body>|b|<xmp></body></xmp>|e|</body>",
    "body end in a template": b"<html>|T||B|<body>|b|<template></body></template>|e|</body>",
    "body end in a table": b"<html>|T||B|<body>|b|<table></body><tr><td>x</table>|e|</body>",
    "body end in a noscript": b"<html>|T||B|<body>|b|<noscript></body></noscript>|e|</body>",
    "body end and more": b"<html>|T||B|<body>|b|x|e|</body><p>y</body></html>",
    "no body end": b"<html>|T||B|<body>|b|<p>x|e|</html>",
    "nothing ends": b"<html>|T||B|<body>|b|<p>x\n|e|",
    "open table": b"<html>|T||B|<body>|b|<table><tr><td>x</body></html>",
    "open select": b"<html>|T||B|<body>|b|<select><option>x</body></html>",
    "open svg": b"<html>|T||B|<body>|b|<svg><g></body></html>",
    "open math": b"<html>|T||B|<body>|b|<math><mi></body></html>",
    "open template": b"<html>|T||B|<body>|b|<template><p></body></html>",
    "open textarea": b"<html>|T||B|<body>|b|<textarea></body></html>",
    "open comment in the body": b"<html>|T||B|<body>|b|<!-- </body></html>",
    "plaintext": b"<html>|T||B|<body>|b|<plaintext></body></html>",
    "svg that ends itself": b"<html>|T||B|<body>|b|<svg/><p>x|e|</body></html>",
    "svg with a title": b"<html>|T||B|<body>|b|<svg><title>x</title><path/></svg>|e|</body></html>",
    "select that ends": b"<html>|T||B|<body>|b|<select><option>x</select>|e|</body></html>",
    "open formatting": b"<html>|T||B|<body>|b|<p><b>x</p>|e|</body></html>",
    "a NUL byte in the body": b"<html>|T||B|<body>|b|\0x|e|</body>",
    "a NUL byte in a title": b"<html>|T|<title>\0</title>|B|<body>|b|x|e|</body>",
    "Shift_JIS": b"<html><head>|T|<meta charset=Shift_JIS><title>\x83\x5c\x94\x5c</title>|B|</head>"
    b"<body>|b|\x83\x7b\x83\x7b|e|</body>",
    "GB18030": b"<html><head>|T|<meta charset=gb18030><title>\x81\x30\x81\x30</title>|B|</head>"
    b"<body>|b|\x81\x5c|e|</body>",
    "code in a script": b"<html><head>|T|<script>var x = '<%= y %> {{ z }}'</script>|B|</head>"
    b"<body>|b|<p>{{ x }}</p>|e|</body>",
    "code behind the body's tag": b"<html><head>|T||B|</head><body>|b|{{ x }}|e|</body>",
}  # fmt: skip

REFUSALS = {
    "empty": (b"", (1, 1), "only part of a page"),
    "white space": (b" \n\t", (1, 1), "only part of a page"),
    "text": (b"x", (1, 1), "only part of a page"),
    "an element": (b"<p>part of a page", (1, 1), "only part of a page"),
    "head content": (b"<title>x</title><p>", (1, 1), "only part of a page"),
    "a page in a comment": (b"<!-- <!doctype html><html> --><p>x", (1, 1), "only part of a page"),
    "a comment that does not end": (
        b"<html>\n<head>\n<!-- </head><body>",
        (3, 1),
        "a comment, or server code, that is never closed",
    ),
    "a comment that nearly ends": (b"<html><!-- --", (1, 7), "a comment, or server code, that is never closed"),
    "a tag that is never closed": (b"<html><head><meta content='</head><body>", (1, 13), "a tag that is never closed"),
    "an end tag that does not end": (b"<html><head></head a='><body>", (1, 13), "a tag that is never closed"),
    "a doctype that does not end": (b"<!doctype html", (1, 1), "a tag that is never closed"),
    "UTF-16, little end first": (b"\xff\xfe<\0h\0", (1, 1), "UTF-16"),
    "UTF-16, big end first": (b"\xfe\xff\0<\0h", (1, 1), "UTF-16"),
    "UTF-16 without a BOM": (b"<\0h\0t\0m\0l\0>\0", (1, 1), "not text"),
    "ISO-2022-JP": (b"<html><head><title>\x1b$B$3\x1b(B</title></head><body>", (1, 20), "ISO-2022"),
    "a reference to white space": (b"<html><head>\r\n&#32;<meta></head>", (2, 1), "a character reference"),
    "a name for white space": (b"<html><head></head>&Tab;<body>", (1, 20), "a character reference"),
    "PHP in front": (b"<?php $x ?><html><head></head><body>", (1, 1), "server code"),
    "PHP in a title": (b"<html><head><title><?= $x ?></title></head><body>", (1, 20), "server code"),
    "ERB in the head": (b"<html><head>\n<% x %></head><body>", (2, 1), "server code"),
    "Jinja in the head": (b"<html><head>{% block x %}</head><body>", (1, 13), "server code"),
    "Jinja in a body's tag": (b"<html><head></head><body class='{{ x }}'>", (1, 33), "server code"),
}

# What a server does with these is its own matter; none of the places lies inside of it.
SERVER_CODE = {
    "PHP with markup in a string": b"<?php $x = '</head>'; ?>|T|<title>x</title><?php echo \"</head><body>\" ?>"
    b"|B|<body>|b|x|e|</body>",
    "PHP behind the page": b"<html><head>|T||B|</head><body>|b|x|e|</body></html><?php '</body>';",
    "PHP to the end": b"<html><head>|T||B|</head><body>|b|x<?php '</body>';",
    "PHP with an end in a string": b"<html><head>|T|<?php echo '?></head>' ?>|B|</head><body>|b|x|e|</body>",
    "ERB": b"<html><head>|T|<%= '</head>' %>|B|</head><body <%= x %>>|b|<% if '</body>' %>|e|</body>",
    "Jinja": b"<html><head>|T|{% block x %}{{ '</head>' }}{# </head> #}{% endblock %}|B|</head>"
    b"<body class='{{ x }}'>|b|x|e|</body>",
}  # fmt: skip


def _read(marked: bytes) -> tuple[bytes, dict[str, int]]:
    """A page without its marks, and where these were."""
    found: dict[str, int] = {}
    parts = _MARK.split(marked)
    page = parts[0]
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        found[mark.decode()] = len(page)
        page += part
    return page, found


def _places(page: bytes, *, server_code: bool = False) -> dict[str, int]:
    anchors = html.find_anchors(page, server_code=server_code)
    assert anchors
    found = {"T": anchors.head_top, "B": anchors.head_bottom}
    if anchors.no_body:
        return found
    found["b"] = anchors.body_top
    try:
        markup = html.mask_server_code(page) if server_code else page
        found["e"] = html.find_body_bottom(markup, anchors.body_top)
    except PageRefusedError:
        return found
    return found


@pytest.mark.parametrize("name", PLACES)
def test_each_place_is_where_it_was_marked(name: str) -> None:
    page, marks = _read(PLACES[name])
    assert _places(page) == marks


@pytest.mark.parametrize("name", PLACES)
def test_each_mark_is_where_two_parsers_see_code_in_its_place(name: str) -> None:
    page, _ = _read(PLACES[name])
    verdict = examine(page, *BOTH)
    assert not verdict.wrong
    assert not verdict.disputed
    assert not verdict.refused


@pytest.mark.parametrize("name", REFUSALS)
def test_a_page_that_is_not_certain_is_refused_with_the_place_and_the_rule(name: str) -> None:
    page, where, reason = REFUSALS[name]
    with pytest.raises(PageRefusedError, match=reason) as info:
        html.find_anchors(page)
    assert (info.value.line, info.value.column) == where


@pytest.mark.parametrize("name", SERVER_CODE)
def test_no_place_lies_inside_server_code_where_that_is_taken(name: str) -> None:
    page, marks = _read(SERVER_CODE[name])
    assert _places(page, server_code=True) == marks


def test_a_part_of_a_page_is_taken_where_asked_for() -> None:
    for page, (top, bottom) in {b"": (0, 0), b" \n": (2, 2), b"<title>x</title>\n<p>": (0, 17), b"x": (0, 0)}.items():
        anchors = html.find_anchors(page, fragments=True)
        assert anchors
        assert (anchors.head_top, anchors.head_bottom) == (top, bottom)


@settings(max_examples=examples(500))
@given(st.binary(max_size=60), st.booleans(), st.booleans())
def test_any_bytes_end_in_anchors_or_a_refusal(data: bytes, server_code: bool, fragments: bool) -> None:
    try:
        anchors = html.find_anchors(data, server_code=server_code, fragments=fragments)
    except PageRefusedError as error:
        assert error.line >= 1
        assert error.column >= 1
    else:
        assert anchors
        assert 0 <= anchors.head_top <= anchors.head_bottom <= anchors.head_end <= anchors.body_top <= len(data)


def test_a_reason_stays_readable_whatever_a_tag_is_called() -> None:
    for page in (b"<html><" + b"x" * 1_000_000, b"<html><body><svg><" + b"x" * 1_000_000 + b">"):
        with pytest.raises(PageRefusedError) as info:
            html.find_body_bottom(page, html.find_anchors(page).body_top)  # type: ignore[union-attr]
        assert len(str(info.value)) < 500


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("<img>", {}),
        ("<img a b=1 C='2' d=\"3\" e = 4/>", {"a": "", "b": "1", "c": "2", "d": "3", "e": "4/"}),
        ("<img src='?a&amp;b' src=other>", {"src": "?a&b"}),
        ("<img a='>", {}),
        ("<img a=1> text", {}),
        ("text", {}),
    ],
)
def test_attributes_are_read_as_they_stand(tag: str, attributes: dict[str, str]) -> None:
    assert html.attributes(tag) == attributes
