"""From the bytes of a page to the places where code goes, or a refusal.

A scanner of the tokens that may occur before the end of the head, by the rules of the WHATWG HTML standard
(13.2.6.4.1 "initial" to 13.2.6.4.6 "after head"), explicit or implied. It reads only up to `<body>`, or what
takes its place. Where a conforming parser could put a node elsewhere, it refuses; where scripting on and off
differ, it names a place in front of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from snippetkit import server_code
from snippetkit.errors import PageRefusedError
from snippetkit.html.content import is_closed, leaves_open, template_end
from snippetkit.html.grammar import (
    BEFORE_HEAD,
    ELEMENT,
    FRAMESET,
    IN_HEAD,
    PAGE,
    SPACE_REFERENCE,
    TAG,
)
from snippetkit.html.server_code import check_implied, check_server_code, mask_server_code
from snippetkit.html.tokens import TOKEN, Token, check_encoding, check_ends, check_mark, find_tokens, read_token, refuse
from snippetkit.terms import MARKER

# What a noscript may hold without ending the head (13.2.6.4.5 "in head noscript").
_IN_NOSCRIPT = frozenset("basefont bgsound bogus comment head html link meta noframes noscript space style".split())
_ENDS_NOSCRIPT = frozenset({"/br"})
_STRUCTURE = (b"</head>", b"<body")  # what most pages go on with, which is no element that could be passed over
_BEGIN, _END = MARKER + b"begin ", MARKER + b"end "
_LITERAL_START, _LITERAL_END = server_code.literal_marks()
_SPACES = b"\t\n\f\r "
_BOM = b"\xef\xbb\xbf"
_IS_PART = "only part of a page: no doctype, <html>, <head> or <body>; --fragments accepts such files"
_LONGEST_OPENING = 4  # "<!--"
_LONGEST_PAGE_TAG = len(b"<frameset>")


class Anchors(NamedTuple):
    """Where code goes; all are byte offsets.

    `head_top` is behind `<head>`, or where a head is implied. `head_bottom` is in front of what ends the head, or of
    a noscript that ends it for visitors without JavaScript; `head_end` is where it ends for the others. `body_top` is
    behind `<body>`, or where one is implied: `has_body_tag` tells. `markers` are our comments up to there.
    `no_body` is the offset of what makes each place in the body uncertain, and why; None where nothing does.
    """

    has_head_tag: bool
    head_top: int
    head_bottom: int
    head_end: int
    body_top: int
    has_body_tag: bool
    markers: tuple[int, ...] = ()
    no_body: tuple[int, str] | None = None


def find_anchors(
    data: bytes, *, is_whole: bool = True, server_code: bool = False, fragments: bool = False
) -> Anchors | None:
    """Return the anchors of a page.

    Args:
        data: the page, or its first bytes.
        is_whole: whether that is all of it.
        server_code: take pages with PHP, ERB, Jinja or the like; no place lies inside such code.
        fragments: take texts with neither a doctype nor a tag of html, head or body.

    Returns:
        The anchors, or None where they depend on what lies beyond `data`.

    Raises:
        PageRefusedError: a place is not certain, with the line, the column and the rule.
    """
    check_mark(data)
    scan = _Scan(mask_server_code(data) if server_code else data, is_whole)
    try:
        anchors = scan.anchors()
    except PageRefusedError:
        if is_whole:
            raise
        return None
    if anchors is None or (not is_whole and len(data) - anchors.body_top < _LONGEST_PAGE_TAG):
        return None
    _check(scan, anchors)
    if not server_code:
        check_server_code(data, _start(data), anchors.body_top, is_implied=not anchors.has_body_tag)
    if _is_part(scan, anchors) and not fragments:
        if not is_whole:
            return None
        check_implied(scan.data, anchors.body_top)
        refuse(data, 0, _IS_PART)
    return anchors


def head_tokens(data: bytes) -> Iterator[Token]:
    """Yield the tokens from the start of a page to where its head ends, without what templates hold.

    There are none where that is not certain.
    """
    try:
        anchors = find_anchors(data)
        if anchors:
            yield from _outside_templates(find_tokens(data, _start(data), anchors.head_end))
    except PageRefusedError:
        return


def _outside_templates(scanned: Iterator[Token]) -> Iterator[Token]:
    depth = 0
    for token in scanned:
        if token.name == "template":
            depth += 1
        elif token.name == "/template":
            depth = max(0, depth - 1)
        elif not depth:
            yield token


def head_span(data: bytes) -> tuple[int, int]:
    """Return from where to where elements of a page belong to its head; (0, -1) where that is not certain."""
    try:
        anchors = find_anchors(data)
    except PageRefusedError:
        return 0, -1
    return (anchors.head_top, anchors.head_end) if anchors else (0, -1)


def has_frameset(data: bytes) -> bool:
    """Whether a page has a frameset tag anywhere: it may take the place of an implied body."""
    return FRAMESET.search(data) is not None


class _Scan:
    """One pass over a page, up to its body."""

    def __init__(self, data: bytes, is_whole: bool) -> None:
        self.data = data
        self.is_whole = is_whole
        self.markers: list[int] = []
        self.marker_end = -1
        self.head_bottom = -1
        self.has_tags = False
        self.no_body: tuple[int, str] | None = None

    def anchors(self) -> Anchors | None:
        data = self.data
        at = self._pass_over(BEFORE_HEAD, _start(data))
        name, end = _tag(data, at)
        has_head_tag = name == b"head"
        head_top = end if has_head_tag else self._outside(at)
        head_end = at = self._pass_over(IN_HEAD, end if has_head_tag else at, noscript=True)
        name, end = _tag(data, at)
        while name == b"/head":
            self.has_tags = True
            at = self._pass_over(IN_HEAD, end, noscript=False)
            name, end = _tag(data, at)
        if name != b"body" and not self._is_certain(at):
            return None
        self.has_tags |= has_head_tag or name == b"body"
        outside, head_end = self._outside(at), self._outside(head_end)
        has_body_tag = name == b"body" and outside == at
        is_frameset = name != b"body" and FRAMESET.match(data, at)
        return Anchors(
            has_head_tag,
            head_top,
            head_end if self.head_bottom < 0 else self.head_bottom,
            head_end,
            end if has_body_tag else outside,
            has_body_tag,
            tuple(self.markers),
            (at, "a frameset page has no body") if is_frameset else self.no_body,
        )

    def _pass_over(self, run: re.Pattern[bytes], at: int, *, noscript: bool | None = None) -> int:
        """Return the offset of the first token from `at` on that does not belong to this part of the page.

        `noscript` is whether a noscript belongs to it; None where no element does.
        """
        data = self.data
        while True:
            passed = run.match(data, at)
            at = passed.end() if passed else at
            if data.startswith(_STRUCTURE, at):
                return at
            if data.startswith(MARKER, at):
                self.markers.append(at)
                at = self.marker_end = _behind_literal(data, _comment_end(data, at))
                continue
            if self.markers and (literal := _LITERAL_END.match(data, at)) and data.startswith(_END, literal.end()):
                at = literal.end()
                continue
            element = None if noscript is None else ELEMENT.match(data, at)
            if element is None or (element["name"].lower() == b"noscript" and not noscript):
                return at
            end = self._element_end(element)
            if end is None:
                return at
            at = end

    def _element_end(self, tag: re.Match[bytes]) -> int | None:
        """The offset behind an element; None where it takes in the rest of the page, so that no body is left."""
        try:
            if tag["name"].lower() == b"template":
                return template_end(self.data, tag.start())
            element = read_token(self.data, tag.start(), len(self.data))
        except PageRefusedError as error:
            if not self.is_whole:
                raise
            self.no_body = tag.start(), error.reason
            return None
        if element.name == "noscript":
            self._look_into(element)
        return element.end

    def _look_into(self, noscript: Token) -> None:
        """Without scripting a noscript's content is markup, and most of it ends the head (13.2.6.4.5)."""
        start = _tag_end(self.data, noscript)
        end = self.data.rindex(b"</", start, noscript.end)
        if self.head_bottom < 0:
            if _stays_in_head(self.data, start, end):
                return
            self.head_bottom = self._outside(noscript.start)
        if not is_closed(self.data, start, end) or leaves_open(self.data, start, end):
            self.no_body = noscript.start, "a <noscript> in the head that leaves something open without JavaScript"

    def _outside(self, at: int) -> int:
        """The place in front of a region of ours that begins at a place, else the place itself."""
        if self.marker_end > at or not self.markers or not self.data.startswith(_BEGIN, self.markers[-1]):
            return at
        return at if self.data[self.marker_end : at].strip(_SPACES) else self.markers[-1]

    def _is_certain(self, at: int) -> bool:
        """Whether what begins at `at` is all there, so that it does imply a body."""
        data = self.data
        if not self.is_whole and len(data) - at < _LONGEST_OPENING:
            return False
        if SPACE_REFERENCE.match(data, at):
            refuse(data, at, "a character reference, which may be white space, where the head may end")
        if (self.no_body is None or not self.is_whole) and TOKEN.match(data, at) is None:
            check_ends(data, at)
        return True


def _start(data: bytes) -> int:
    return len(_BOM) if data.startswith(_BOM) else 0


def _tag(data: bytes, at: int) -> tuple[bytes, int]:
    """The name of the tag at `at` in lower case, if it is one of head or body, and the offset behind it."""
    tag = TAG.match(data, at)
    return (tag["name"].lower(), tag.end()) if tag else (b"", at)


def _behind_literal(data: bytes, at: int) -> int:
    """The offset behind what keeps a template language from reading our code, where it follows our marker."""
    literal = _LITERAL_START.match(data, at)
    return literal.end() if literal else at


def _comment_end(data: bytes, at: int) -> int:
    end = data.find(b">", at) + 1
    return end if data.startswith(b"-->", end - 3) else read_token(data, at, len(data)).end


def _tag_end(data: bytes, element: Token) -> int:
    tag = TOKEN.match(data, element.start, element.end)
    return tag.end() if tag else element.end


def _stays_in_head(data: bytes, start: int, end: int) -> bool:
    try:
        return all(
            token.name in _IN_NOSCRIPT or (token.name[0] == "/" and token.name not in _ENDS_NOSCRIPT)
            for token in find_tokens(data, start, end)
        )
    except PageRefusedError:
        return False


def _check(scan: _Scan, anchors: Anchors) -> None:
    data, end = scan.data, anchors.body_top
    if not anchors.has_body_tag and b"\0" in data[end : end + 2]:
        refuse(data, end, "not text: this is UTF-16, or a binary file")
    if (escape := data.find(b"\x1b", 0, end)) >= 0:
        refuse(data, escape, "an escape byte, as ISO-2022 has: only encodings in which markup is ASCII are accepted")


def _is_part(scan: _Scan, anchors: Anchors) -> bool:
    """Whether a page has none of its own tags up to the body."""
    data, end = scan.data, anchors.body_top
    if scan.has_tags or FRAMESET.match(data, end):
        return False
    check_encoding(data)  # of a page with tags, markup can be seen
    return not any(PAGE.match(data, token.start) for token in find_tokens(data, _start(data), end))
