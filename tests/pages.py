"""Generated pages, and what a conforming parser makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
import turbohtml
from hypothesis import strategies as st

from snippetkit import inject, snippets, work
from snippetkit.errors import PageRefusedError
from snippetkit.inject import Insertion, PlanOptions
from snippetkit.key import Key
from snippetkit.model import Loaded
from snippetkit.terms import Coexistence, Part, Placement
from snippetkit.work import Rendering
from tests.conftest import JS_PIXEL
from tests.reading import read_js_pixel

SNIPPET = read_js_pixel(JS_PIXEL)
KEY = Key(SNIPPET.key)

Tree = list[tuple[str, str, tuple[tuple[str, str], ...]]]


def make_insertion(value: str = "19.99", *, pixel_id: str = SNIPPET.pixel_id) -> Insertion:
    """The code of the CHECKOUT pixel, or of another, with a value."""
    source = SNIPPET.source.replace(SNIPPET.pixel_id, pixel_id).replace("19.99", value)
    snippet = read_js_pixel(source)
    blocks = {Part.SCRIPT: snippet.script, Part.NOSCRIPT: f"<noscript>{snippet.noscript}</noscript>"}
    return Insertion.from_blocks(blocks, [snippet], (b"fb_param", b"offsite_event.php"), Coexistence.COMBINED)


def make_options(placement: Placement = Placement.HEAD_BOTTOM, **options: Any) -> PlanOptions:
    """PlanOptions with the script at this placement, and the noscript behind `<body>`."""
    return PlanOptions({Part.SCRIPT: placement, Part.NOSCRIPT: Placement.BODY_TOP}, **options)


COMBINE = work.Combiner(Rendering("combined"))


def insertion_of(code: str, template: str | None = None, **variables: str) -> Insertion:
    """Code of any dialect as the command line puts it onto a page."""
    snippet = snippets.join(snippets.read(snippets.without_nonce(code)))
    return work.make_insertion([snippet], Rendering(template, None, variables))


def put(page: bytes, insertion: Insertion, options: PlanOptions | None = None) -> bytes:
    """A page with the code; a second run over the result is held to change nothing."""
    options = options or make_options(combine=COMBINE)
    after = inject.apply(page, inject.plan(Loaded(page), insertion, options))
    assert inject.plan(Loaded(after), insertion, options) == []
    return after


def as_new(page: bytes) -> bytes:
    """A page whose regions do not say what they have adopted."""
    return re.sub(rb" adopted=[0-9+]+", b"", page)


def why_refused(page: bytes, insertion: Insertion, options: PlanOptions | None = None) -> str:
    """Where and why a page does not take the code."""
    with pytest.raises(PageRefusedError) as refusal:
        inject.plan(Loaded(page), insertion, options or make_options(combine=COMBINE))
    return str(refusal.value)


def take_out(page: bytes, *, keys: Iterable[Key] = (), pixel_ids: Iterable[str] = (), **options: Any) -> bytes:
    """A page without regions: all of them, or those that are named."""
    options = {"combine": COMBINE} | options
    return inject.apply(
        page, inject.plan_removal(Loaded(page), frozenset(keys), frozenset(pixel_ids), make_options(**options))
    )


pixel_ids = st.from_regex("[0-9]{1,20}", fullmatch=True)
"""Ids of every shape."""


@st.composite
def kin(draw: st.DrawFn, count: int = 2, *, may_be_equal: bool = False) -> list[str]:
    """Ids of which one may begin or end as another does, or differ from it in nothing but zeros in front."""
    ids = [draw(pixel_ids)]
    while len(ids) < count:
        one, more = draw(st.sampled_from(ids)), draw(pixel_ids)
        likenesses = [
            one,
            more,
            (one + more)[:20],
            (more + one)[-20:],
            one[:-1],
            one[1:],
            f"0{one}"[:20],
            one.lstrip("0"),
        ]
        fitting = [like for like in likenesses if like and (may_be_equal or like not in ids)]
        ids += [draw(st.sampled_from(fitting))] if fitting else []
    return draw(st.permutations(ids))


# Each of these leaves the head open and complete, so that a page made of them can be injected into.
_HEAD = [
    b"<title>a </head> b</title>",
    b"<meta name='x' content=\"a > b\">",
    b"<meta charset=UTF-8>",
    b"<link rel=stylesheet href=x />",
    b"<base href=/ >",
    b"<style>p > a { content: '</head>' }</style>",
    b"<script>if (a < b && '</head>') {}</script>",
    b"<script><!--\nx('<script></script>')\n//--></script>",
    b"<script><!--> '<script>' </script>",
    b"<SCRIPT SRC=x></SCRIPT >",
    b"<noscript><link rel=x><style>a{}</style></noscript>",
    b"<noframes></head></noframes>",
    b"<!-- </head> <body> -->",
    b"<!--->",
    b"<!--[if IE]><script></script><![endif]-->",
    b"<![if !IE]>",
    b"</link>",
    "<meta content='é ☃'>".encode(),
    b"\n",
    b"\n  ",
    b"\n\t",
    b" ",
]
_BEFORE = [b"", b"<!doctype html>", b"<!DOCTYPE html>\n", b"<!-- a -->\n", b"<?xml version='1.0'?>\n", b"\xef\xbb\xbf"]
_HEAD_TAGS = [b"<head>", b"<HEAD>\n", b"<head profile='>'>\n  ", b"\n<head>\n"]
_BETWEEN = [
    b"</head><body>",
    b"</head>\n<body>\n",
    b"</HEAD >\n\n<BODY class='>'>  \n",
    b"\n</head>\n<body\n id=x>\n\n  ",
]
_AFTER = [b"", b"<p>text", b"<h1>x</h1>\n</body>\n</html>\n", b"\n    <p>x</p>\n  </body></html>"]
_HTML_TAGS = [b"", b"<html>", b"<html lang=en>\n"]


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """Pages with explicit head and body, newlines LF, CRLF or CR."""
    parts = [draw(st.sampled_from(choices)) for choices in (_BEFORE, _HTML_TAGS, _HEAD_TAGS)]
    parts += draw(st.lists(st.sampled_from(_HEAD), max_size=6))
    parts += [draw(st.sampled_from(choices)) for choices in (_BETWEEN, _AFTER)]
    newline = draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    return b"".join(parts).replace(b"\n", newline)


_TRAPS = [
    b"<!--", b"-->", b"--!>", b"--", b">", b"<", b"text", b"\x0b", b"\x0c", b"&amp;", b"'", b'"', b"=", b"/", b"<br>",
    b"<title>", b"</title>", b"</title x='>'>", b"<title/>", b"<script>", b"</script>", b"</script x='>'>",
    b"<script/>", b"<!--<script>", b"<style>", b"</style>", b"<noscript>", b"</noscript>", b"<noscript a>",
    b"<template>",
    b"</template>", b"<noframes>", b"</noframes>", b"</br>", b"</p>", b"<svg>", b"<img>", b"<?php ?>", b"<![CDATA[",
    b"]]>", b"<!x>", b"</>", b"</ x>", b"<a b=c'd>", b"<html>", b"<head>", b"</head>", b"<body>", b"<frameset>",
    b"<meta a='", b"<meta =\">\">", b"<meta a= >", b"<meta a==\">\">", b"<!doctype x \">\">", b"<link", b"</script",
    b"<image>", b"<head/>", b"<body/>",
]  # fmt: skip
_SKELETON = [b"<!doctype html>", b"<html>", b"<head>", b"</head>", b"<body>", b"<p>x</p></body></html>"]


@st.composite
def hostile_pages(draw: st.DrawFn) -> bytes:
    """Pages with traps at any place, and sometimes without one of their tags."""
    tokens = list(_SKELETON)
    for trap in draw(st.lists(st.sampled_from(_TRAPS + _HEAD), max_size=6)):
        tokens.insert(draw(st.integers(0, len(tokens))), trap)
    if draw(st.booleans()):
        tokens.pop(draw(st.integers(0, len(tokens) - 1)))
    return b"".join(tokens)


def tree(page: bytes, *, scripting: bool, without: tuple[str, ...] = ()) -> Tree:
    """The nodes in document order, white space left out; `without` leaves out our comments and these elements' ids."""
    document = turbohtml.parse(page.decode("utf-8-sig"), scripting=scripting)
    nodes: Tree = []
    pending = [*reversed(document.children)]
    while pending:
        node = pending.pop()
        kind = type(node).__name__
        if kind == "Element":
            attributes = tuple(sorted((name, str(value)) for name, value in node.attrs.items()))
            if dict(attributes).get("id") in without:
                continue
            parent = node.parent.tag if type(node.parent).__name__ == "Element" else ""
            nodes.append((f"<{node.tag}> in <{parent}>", "", attributes))
            pending += reversed(node.children)
        elif kind == "Text" and node.data.strip():
            nodes.append(("text", "".join(node.data.split()), ()))
        elif kind == "Comment" and not (without and node.data.startswith(" snippetkit:")):
            nodes.append(("comment", node.data, ()))
    return nodes
