"""Where on a page a region goes, and how it sits among its neighbours."""

from __future__ import annotations

import re
from typing import NamedTuple

from snippetkit.html import (
    NEWLINE,
    Anchors,
    check_implied,
    check_outside_blocks,
    check_part,
    check_tag,
    check_written,
    find_body_bottom,
    has_frameset,
    head_tokens,
    is_page,
    mask_server_code,
    refuse,
)
from snippetkit.key import IDS_PATTERN
from snippetkit.patterns import later
from snippetkit.terms import Placement

SPACE = later(rb"[\t\n\f\r ]*+")
BLANK_REST = later(rb"[\t ]*+(?P<newline>\r\n?|\n)")
_CHARSET = later(rb"charset[\t\n\f\r ]*=", re.IGNORECASE)
_MAY_BREAK_INSIDE = later(rb"""`|\\\n|<[a-z](?:[^>"']|"[^"]*"|'[^']*'|(?!))*+>""", re.IGNORECASE)
_ADOPTED = later(rb" adopted=(" + IDS_PATTERN.encode() + rb") -->")
BODY_TAG = b"<body>"


class Layout(NamedTuple):
    """How a region sits: on lines of its own with an indentation or, where that is None, within a line.

    `prefix` is a tag that the region has to bring along: `<body>`, where a body is only implied. `adopted` are the
    pixels, joined as in a key, whose code was put in by hand and adopted by what is here.
    """

    newline: bytes
    indent: bytes | None
    prefix: bytes = b""
    adopted: bytes = b""


def find_place(data: bytes, anchors: Anchors, placement: Placement, *, server_code: bool = False) -> tuple[int, Layout]:
    """Return the offset of a placement on a page, and the layout there.

    Args:
        data: the page; its first bytes will do where the placement is in the head, or behind a `<body>` tag.
        server_code: whether the page may hold such code, which then counts as white space.

    Raises:
        PageRefusedError: no such place is certain.
    """
    markup = mask_server_code(data) if server_code else data
    if server_code and anchors.body_top == len(data) and data.strip() and not markup.strip():
        refuse(data, 0, "nothing but server code")
    _check_tags(data, markup, anchors, placement, server_code=server_code)
    at, layout = _place(data, markup, anchors, placement)
    if server_code or placement is Placement.BODY_BOTTOM:
        check_outside_blocks(data, at)
    return at, layout


def _check_tags(data: bytes, markup: bytes, anchors: Anchors, placement: Placement, *, server_code: bool) -> None:
    """Raise PageRefusedError where a server may give a page other tags than are written there."""
    is_in_head = placement.startswith("head")
    if anchors.has_head_tag if is_in_head else anchors.has_body_tag:
        check_tag(data, anchors.head_top if is_in_head else anchors.body_top)
    if anchors.has_body_tag or (anchors.has_head_tag and placement is Placement.HEAD_TOP):
        return
    check_implied(markup, anchors.body_top)
    if server_code:
        check_written(data, anchors.body_top)
    if not is_page(markup):
        check_part(data)


def _place(data: bytes, markup: bytes, anchors: Anchors, placement: Placement) -> tuple[int, Layout]:
    if placement is Placement.HEAD_TOP:
        return _head_top(data, anchors)
    if placement is Placement.HEAD_BOTTOM:
        is_implied = anchors.head_bottom == anchors.head_top and not anchors.has_head_tag
        return (_at if is_implied else _in_front)(data, anchors.head_bottom, anchors.head_top)
    if anchors.no_body:
        refuse(data, *anchors.no_body)
    if anchors.has_body_tag and placement is Placement.BODY_TOP:
        return _behind(data, anchors.body_top)
    if not anchors.has_body_tag:
        return _implied_body(data, markup, anchors, placement)
    return _in_front(data, find_body_bottom(markup, anchors.body_top), anchors.body_top)


def layout_at(data: bytes, marker: int) -> tuple[int, Layout]:
    """Return where a region whose first marker is whole starts, and its layout."""
    behind = data.find(b">", marker) + 1
    indent = indent_before(data, marker)
    newline = NEWLINE.match(data, behind)
    at = behind if newline is None else skip_space(data, behind)
    prefix = BODY_TAG if data.startswith(BODY_TAG, at) else b""
    told = _ADOPTED.search(data, marker, behind)
    adopted = told[1] if told else b""
    if indent is None or newline is None:
        return marker, Layout(page_newline(data), None, prefix, adopted)
    return marker - len(indent), Layout(newline[0], indent, prefix, adopted)


def indent_before(data: bytes, offset: int) -> bytes | None:
    """Return the white space between the start of the line and `offset`, None where something else is there too.

    On the first line, where no newline could be copied, it is None.
    """
    line = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    before = data[line:offset]
    return before if line and not before.strip(b"\t ") else None


def page_newline(data: bytes) -> bytes:
    """Return the first newline of a page, or LF."""
    match = NEWLINE.search(data)
    return match[0] if match else b"\n"


def _head_top(data: bytes, anchors: Anchors) -> tuple[int, Layout]:
    """Behind `<head>`, and behind a meta with the encoding, which browsers look for in the first 1,024 bytes."""
    for token in head_tokens(data):
        if token.start >= anchors.head_bottom:
            break
        if token.name == "meta" and _CHARSET.search(data, token.start, token.end):
            return _behind(data, max(token.end, anchors.head_top))
    return (_behind if anchors.has_head_tag else _at)(data, anchors.head_top)


def _implied_body(data: bytes, markup: bytes, anchors: Anchors, placement: Placement) -> tuple[int, Layout]:
    if has_frameset(markup):
        refuse(data, anchors.body_top, "no <body> tag, and a <frameset> that may take its place")
    # A `<body>` in it would end the head of each page that includes it.
    if anchors.body_top == len(data) and not is_page(data):
        refuse(data, 0, "a part of a head, which has no body; --whole-in-head puts the noscript there too")
    bottom = anchors.body_top
    if placement is Placement.BODY_BOTTOM:
        bottom = find_body_bottom(markup, anchors.body_top)
    if bottom == anchors.body_top:
        return bottom, Layout(page_newline(data), None, BODY_TAG)
    return _in_front(data, bottom, anchors.body_top)


def _at(data: bytes, at: int, _: int = -1) -> tuple[int, Layout]:
    """Within a line: white space in front of an implied head or body is no node, and must not come to lie in it."""
    return at, Layout(page_newline(data), None)


def _in_front(data: bytes, at: int, first: int = -1) -> tuple[int, Layout]:
    """In front of what is at `at`, indented like what comes behind `first`, the first of its neighbours."""
    own = indent_before(data, at)
    if own is None:
        return at, Layout(page_newline(data), None)
    line = at - len(own)
    newline = b"\r\n" if data[line - 2 : line] == b"\r\n" else data[line - 1 : line]
    sibling = indent_before(data, skip_space(data, first)) if 0 <= first < line else None
    return line, Layout(newline, own if sibling is None else sibling)


def _behind(data: bytes, at: int) -> tuple[int, Layout]:
    rest = BLANK_REST.match(data, at)
    if rest is None:
        return at, Layout(page_newline(data), None)
    indent = indent_before(data, skip_space(data, rest.end()))
    return rest.end(), Layout(rest["newline"], indent or b"")


def skip_space(data: bytes, at: int) -> int:
    """Return the offset of the first byte from `at` on that is not white space."""
    space = SPACE.match(data, at)
    return space.end() if space else at


def is_fragile(code: bytes) -> bool:
    """Return whether a line break may be inside a string or an attribute: then no line is indented."""
    return any(match[0] in b"`\\\n" or b"\n" in match[0] for match in _MAY_BREAK_INSIDE.finditer(code))
