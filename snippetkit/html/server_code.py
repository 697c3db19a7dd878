"""Code that a server runs before a browser sees the page: what remains of a page without it, and what it encloses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from snippetkit import server_code
from snippetkit.html.tokens import TOKEN, find_tokens, position, refuse, text_end
from snippetkit.patterns import later
from snippetkit.server_code import Block, PieceKind, Span
from snippetkit.terms import MARKER

_NO_END = b"<!--"
_ANYWHERE = later(rb"<\?(?:php\b|=)")
_IN_MARKUP = later(rb"<\?(?:php\b|=|[\t\n\r ])|<%|\{[{%]")
_SSI = b"<!--#"
_SIGN = later(rb"<(?:[?%]|!--#)")
_BRACES = later(rb"\{[{%]")
_OPENING = later(rb"<[?%]|\{[{%]")
_STRONG = (b"<?", b"<%", b"{{", b"{%", b"{#")
"""What begins server code even where nothing ends it; other openings may be text."""

_FRONT_MATTER = later(
    rb"(?:\xef\xbb\xbf)?(?P<mark>---|\+\+\+)[\t ]*+\r?\n(?:.*?\n)??(?P=mark)[\t ]*+(?:\r?\n|\Z)", re.DOTALL
)
_ANY_TAG = later(rb"<[A-Za-z!]")
_DECIDING = later(
    rb"\s(?:data-)?(?:metal|py|tal|th)[:-](?:case|condition|content|define-macro|each|fill-slot|for|fragment|if|insert|match"
    rb"|remove|repeat|replace|strip|switch|text|unless|use-macro|utext)(?=[\s=>])"
)
_OUTER = (b"<body", b"<html", b"<!doctype")
_OF_PAGE = rb"(?i:/head|head|body|html|!doctype)(?=[\t\n\f\r />])"
_TAG_OF_PAGE = later(rb"<" + _OF_PAGE)
_OUR_BEGIN, _OUR_END = MARKER + b"begin ", MARKER + b"end "
# Only the names are matched in any case, so that `<` is looked for first, which is much faster.
_PAGE_TAG = later(
    rb"<(?:(?P<tag>"
    + _OF_PAGE
    + rb")|(?P<ours>"
    + re.escape(_OUR_BEGIN[1:])
    + rb")|!--|(?P<name>(?i:script|style|textarea|title|xmp))(?=[\t\n\f\r />]))"
)
_DOUBT = "what the browser gets is not certain, so nothing is put before it"
_REASON = "server code: what the browser gets is not certain; --server-code accepts such pages"


def mask_server_code(data: bytes) -> bytes:
    """Return the page with white space in the place of server code and front matter, so that all offsets stay.

    Code that does not end becomes a comment that does not end: nothing can be put after it.

    Raises:
        PageRefusedError: the page has `</head>` or `<body>` more than once, so the server chooses; or where code ends
            depends on the language.
    """
    masked, spans = _read(data)
    for span in spans:
        if not span.is_certain:
            refuse(data, span.start, "server code in which a quote may hide the end; write it without the quote")
        if span.mark is server_code.DELIMITERS:
            refuse(data, span.start, "server code after this has other marks")
    if masked != data:
        _check_repeated(data, masked)
    return masked


@lru_cache(maxsize=4)
def _read(data: bytes) -> tuple[bytes, Sequence[Span]]:
    """The masked page, and the server code in it."""
    spans = [span for span in server_code.find_spans(data) if span.is_closed or span.mark.needle.startswith(_STRONG)]
    masked = bytearray(server_code.mask(data, spans, b" "))
    if matter := _FRONT_MATTER.match(data):
        masked[: matter.end()] = b" " * matter.end()
    is_open = (span for span in spans if not span.is_closed or span.inner_end == span.end == len(data))
    for span in (span for span in is_open if span.mark.closing):
        masked[span.start : span.start + len(_NO_END)] = _NO_END[: len(data) - span.start]
    return bytes(masked), spans


def check_outside_blocks(data: bytes, at: int) -> None:
    """Raise PageRefusedError where server code around a place decides what becomes of the text there."""
    _check_outside(data, at, _blocks(data))


def check_outside_pairs(data: bytes, at: int) -> None:
    """Raise PageRefusedError where server code in scripts, styles or comments encloses a place.

    That is for pages that nobody calls server code: a piece without its counterpart is the page's own text.
    """
    spans = _read(data)[1]
    comments = (span for span in spans if span.mark.kind is PieceKind.COMMENT and span.is_closed)
    pairs = [Block(span.start, span.end, span.start) for span in comments]
    _check_outside(data, at, pairs + [block for block in _blocks(data) if block.has_both])


def _check_outside(data: bytes, at: int, blocks: Iterable[Block]) -> None:
    block = min((block for block in blocks if block.start < at < block.end), default=None)
    if block:
        refuse(data, block.at, "server code encloses the place, and may leave out, move or repeat what is there")


@lru_cache(maxsize=4)
def _blocks(data: bytes) -> Sequence[Block]:
    return server_code.find_blocks(data, _read(data)[1])


def check_implied(data: bytes, at: int) -> None:
    """Raise PageRefusedError where a page goes on as pages begin, after what implies a head or a body at `at`.

    Then that was no text to the server: the one sign that all template languages have in common.
    """
    text = data[at:].lower()  # found much faster than by the pattern
    heads = (text.count(b"<head") - text.count(b"<header"), text.count(b"</head") - text.count(b"</header"))
    if not any(heads) and not any(tag in text for tag in _OUTER):
        return
    if tag := next(_page_tags(data, at), None):
        opening = _PAGE_TAG.match(data, at)
        if opening and opening["name"] and _hidden_end(data, opening) < 0:
            refuse(data, at, f"<{opening['name'].decode().lower()}> is never closed")
        line = position(data, tag.start())[0]
        refuse(data, at, f"this would end the head, but {tag[0].decode().lower()} stands in line {line}; {_DOUBT}")


def check_part(data: bytes) -> None:
    """Raise PageRefusedError for a part of a page that a template language takes apart, or that has no markup."""
    for one in server_code.LANGUAGES:
        if one.is_component and one.own_signs and (match := one.own_signs.search(data)):
            refuse(data, match.start(), f"a component of {one.name}, which drops scripts; put the code into its page")
        if one.parent and (match := one.parent.search(data)):
            refuse(data, match.start(), f"a {one.name} template that fills in another one; put the code into that")
    if data.strip() and not _ANY_TAG.search(data):
        refuse(data, 0, "no markup, so this is not part of a page")


def check_tag(data: bytes, end: int) -> None:
    """Raise PageRefusedError where the tag that ends at `end` tells a server what to do with its element."""
    start = data.rfind(b"<", 0, end)
    if data.find(b":", start, end) >= 0 and (match := _DECIDING.search(data, start, end)):
        refuse(data, start, f"{match[0].strip().decode()} makes a server decide what becomes of this element")


def check_written(data: bytes, at: int) -> None:
    """Raise PageRefusedError where a page has no `<body>` tag, and server code in front of `at` may write one."""
    span = next((span for span in _read(data)[1] if span.start < at), None)
    if span and next(_page_tags(data, 0), None):
        refuse(data, span.start, "no <body> tag, and server code that may write one")


def _page_tags(data: bytes, at: int) -> Iterator[re.Match[bytes]]:
    """The tags of a page from `at` on that are not in comments, scripts or regions of ours; if in doubt, they count."""
    while tag := _PAGE_TAG.search(data, at):
        if tag["tag"]:
            yield tag
        end = tag.end() if tag["tag"] else _hidden_end(data, tag)
        if end < 0:
            yield from _TAG_OF_PAGE.finditer(data, tag.end())
            return
        at = end


def _hidden_end(data: bytes, opening: re.Match[bytes]) -> int:
    """The offset where a region of ours, a comment or an element with text ends, -1 where it does not."""
    if opening["name"]:
        end = text_end(data, opening["name"], opening.end(), len(data))
        return -1 if end is None else end
    return data.find(_OUR_END if opening["ours"] else b"-->", opening.end())


def _check_repeated(data: bytes, masked: bytes) -> None:
    """Refuse a tag that occurs twice."""
    seen = set[bytes]()
    for match in _page_tags(masked, 0):
        tag = match[0].lower()
        if tag in seen and tag in {b"</head", b"<body"}:
            refuse(data, match.start(), f"a second {tag.decode()}> in a page with server code")
        seen.add(tag)


def check_server_code(data: bytes, start: int, end: int, *, is_implied: bool) -> None:
    """Raise PageRefusedError where server code stands in the markup from `start` to `end`, or implies what is there.

    In the text of a script or a style, `<%` and `{{` are a template that the browser fills in.
    """
    if is_implied and (_FRONT_MATTER.match(data) or server_code.opens(data, end)):
        refuse(data, end, _REASON)
    at = start + 2 if data.startswith(b"<?xml", start) else start
    stop = end + 2
    if not (_SIGN.search(data, at, stop) or _has_braces(data, at, stop)):
        return
    if (first := data.find(_SSI, start, end)) >= 0 and server_code.opens(data, first):
        refuse(data, first, _REASON)
    if not _OPENING.search(data, at, stop):
        return
    if match := _ANYWHERE.search(data, start, end) or (is_implied and _IN_MARKUP.match(data, end)):
        refuse(data, match.start(), _REASON)
    for token in find_tokens(data, start, end):
        tag = TOKEN.match(data, token.start, token.end)
        stop = tag.end() if tag else token.end
        if token.name != "comment" and (match := _IN_MARKUP.search(data, token.start, stop)):
            refuse(data, match.start(), _REASON)


def _has_braces(data: bytes, start: int, end: int) -> bool:
    """Whether `{%` or `{{` stand there; one byte is found much faster than two, and most heads have none."""
    return data.find(b"{", start, end) >= 0 and _BRACES.search(data, start, end) is not None
