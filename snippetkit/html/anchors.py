"""Bytes of a page to the two places where code goes, or a refusal.

A scanner of the tokens that may stand before the end of the head, by the rules of the WHATWG HTML standard
(13.2.5 "Tokenization", 13.2.6.4.1 "initial" to 13.2.6.4.6 "after head"). It reads no further than `<body>`, and
takes UTF-8 pages whose head and body tags are written out. Where a conforming parser could put a node elsewhere,
or where scripting on and off differ, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from snippetkit.errors import PageRefusedError

ATTRIBUTES = rb"""
    (?: [\t\n\f\r\ /]++
      | [^\t\n\f\r\ />][^\t\n\f\r\ /=>]*+
        (?: (?![\t\n\f\r\ ]*+=)
          | [\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+ (?: "[^"]*+" | '[^']*+' | [^\t\n\f\r\ "'>][^\t\n\f\r\ >]*+ | (?=>) )
        )
    )*+"""
TOKEN = re.compile(
    rb"""  (?P<space>   [\t\n\f\r\ ]++ )
         | (?P<comment> <!--(?: > | -> | .*?--!?> ) )
         | (?P<doctype> <!doctype [^>]*+> )
         | (?P<bogus>   <[!?] (?!--) [^>]*+> )
         | <(?P<tag> /?[a-z][^\t\n\f\r\ />]*+ ) (?P<attributes> """
    + ATTRIBUTES
    + rb""" )>""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    rb"""(?P<name> [^\t\n\f\r\ />][^\t\n\f\r\ /=>]*+ )
         (?: [\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+
             (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)' | (?P<bare>[^\t\n\f\r\ >]++) ) )?+""",
    re.VERBOSE,
)

_ALWAYS = frozenset({"space", "comment"})
_VOID = frozenset({"base", "basefont", "bgsound", "link", "meta"})
_RAW_TEXT = frozenset({"noframes", "noscript", "script", "style", "title"})
_HEAD_CONTENT = _ALWAYS | {"bogus"} | _VOID | _RAW_TEXT
_NOSCRIPT_CONTENT = _ALWAYS | {"basefont", "bgsound", "link", "meta", "style"}
_NOT_IGNORED_END_TAGS = frozenset({"/body", "/br", "/html", "/template"})

_SCRIPT_DATA = re.compile(rb"<!--|-->|<(?P<tag>/?script)(?=[\t\n\f\r />])", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset[\t\n\f\r ]*=[\t\n\f\r "']*([^\t\n\f\r "';/>]+)""", re.IGNORECASE)
_SERVER_CODE = re.compile(rb"<%|<\?(?!xml[\t\n\f\r ])")
_TEMPLATE_CODE = re.compile(rb"\{[{%]")
_NEWLINE = re.compile(rb"\r\n?|\n")

_MAX_REASON_CHARACTERS = 200  # a reason may name a tag, and a tag's name may be as long as the page
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of markup: `name` is space, comment, doctype, bogus, a start tag's name, or `/` and an end tag's name.

    `start` and `end` are byte offsets; an element whose content is text runs to the end of its end tag.
    """

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where code goes.

    `head_bottom` is the offset of `</head>`, `body_top` the offset behind `<body ...>`, `head` the comments and
    elements in the head, in their order.
    """

    head_bottom: int
    body_top: int
    head: tuple[Token, ...]


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Return the line and the column in bytes of an offset, each counted from 1."""
    newlines = [match.end() for match in _NEWLINE.finditer(data, 0, offset)]
    return len(newlines) + 1, offset - (newlines[-1] if newlines else 0) + 1


def refuse(data: bytes, offset: int, reason: str) -> NoReturn:
    """Raise PageRefusedError for what stands at `offset`."""
    line, column = position(data, offset)
    raise PageRefusedError(reason[:_MAX_REASON_CHARACTERS], line=line, column=column)


def find_anchors(data: bytes) -> Anchors:
    """Return the anchors of a UTF-8 page with explicit head and body tags.

    Raises:
        PageRefusedError: any other page, with the line, the column and the rule.
    """
    _check_encoding(data)
    tokens = _tokens(data, len(_BOM) if data.startswith(_BOM) else 0, len(data))
    _skip_to(data, tokens, "head", _ALWAYS | {"doctype", "bogus", "html"})
    head, end = _read_head(data, tokens)
    body = _skip_to(data, tokens, "body", _ALWAYS)
    _check_code(data, body)
    return Anchors(head_bottom=end.start, body_top=body.end, head=head)


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a start tag as they stand, names in lower case, character references kept.

    Args:
        tag: the text from `<` to `>`. Of attributes with one name the first counts (13.2.5.33).
    """
    match = TOKEN.fullmatch(tag.encode())
    if match is None or match["attributes"] is None:
        return {}
    found: dict[str, str] = {}
    for item in ATTRIBUTE.finditer(match["attributes"]):
        value = item["double"] or item["single"] or item["bare"] or b""
        found.setdefault(item["name"].decode().lower(), value.decode())
    return found


def element_end(data: bytes, start: int) -> int | None:
    """Return the offset behind the end tag of the script, noscript or other text element that starts at `start`.

    None where the element does not end, or where no such element starts there.
    """
    match = TOKEN.match(data, start)
    if match is None or match["tag"] is None or match["tag"].decode("latin-1").lower() not in _RAW_TEXT:
        return None
    return _raw_text_end(data, match["tag"].lower(), match.end(), len(data))


def head_span(data: bytes) -> tuple[int, int]:
    """Return the offset behind the first tag of a page and the offset of what ends its head; (0, -1) without one."""
    first, last = -1, -1
    try:
        for token in _tokens(data, len(_BOM) if data.startswith(_BOM) else 0, len(data)):
            last = token.start
            is_first = token.name in {"doctype", "html", "head"}
            if token.name == "/head" or not (is_first or token.name in _HEAD_CONTENT or token.name[0] == "/"):
                break
            first = token.end if is_first and first < 0 else first
    except PageRefusedError:
        pass
    return (first, last) if first >= 0 else (0, -1)


def _check_encoding(data: bytes) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(data, 0, "this is UTF-16; only UTF-8 pages are taken")
    if (nul := data.find(b"\0")) >= 0:
        refuse(data, nul, "a NUL byte: this is not an HTML page")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(data, error.start, "this byte is not UTF-8; only UTF-8 pages are taken")


def _tokens(data: bytes, start: int, end: int) -> Iterator[Token]:
    while start < end:
        match = TOKEN.match(data, start, end)
        if match is None:
            refuse(data, start, _explain(data, start))
        name, stop = match.lastgroup or "", match.end()
        if tag := match["tag"]:
            name = tag.decode("latin-1").lower()
            stop = _element_stop(data, name, match, end)
        yield Token(name, start, stop)
        start = stop


def _explain(data: bytes, start: int) -> str:
    opening = data[start : start + 4]
    if opening == b"<!--":
        return "a comment that does not end"
    if opening[:1] == b"<" and opening[1:2].isalpha():
        return "a tag that does not end"
    return "text ends the head here, before its end tag"


def _element_stop(data: bytes, name: str, tag: re.Match[bytes], end: int) -> int:
    if name not in _RAW_TEXT:
        return tag.end()
    stop = _raw_text_end(data, name.encode(), tag.end(), end)
    if stop is None:
        refuse(data, tag.start(), f"<{name}> does not end")
    return stop


def _raw_text_end(data: bytes, name: bytes, start: int, end: int) -> int | None:
    at = text_end(data, name, start, end)
    match = None if at is None else TOKEN.match(data, at, end)
    return None if match is None else match.end()


def text_end(data: bytes, name: bytes, start: int, end: int) -> int | None:
    """Return the offset of the end tag of a text element whose content starts at `start`; None where there is none."""
    return (_script_close if name == b"script" else _plain_close)(data, name, start, end)


def _plain_close(data: bytes, name: bytes, start: int, end: int) -> int | None:
    match = re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE).search(data, start, end)
    return None if match is None else match.start()


def _script_close(data: bytes, _: bytes, start: int, end: int) -> int | None:
    """The offset of the end tag, by the script data states (13.2.5.4, 13.2.5.15 to 13.2.5.31)."""
    escaped = double = False
    while match := _SCRIPT_DATA.search(data, start, end):
        start = match.end()
        tag = (match["tag"] or b"").lower()
        if tag == b"/script" and not double:
            return match.start()
        if tag:
            double = escaped and tag == b"script"
        elif match[0] == b"-->":
            escaped = double = False
        else:
            escaped = True
            start -= 2  # "<!-->" opens and closes: its dashes count for both
    return None


def _skip_to(data: bytes, tokens: Iterator[Token], wanted: str, allowed: frozenset[str]) -> Token:
    for token in tokens:
        if token.name == wanted:
            return token
        if token.name not in allowed:
            refuse(data, token.start, f"<{token.name}> stands where <{wanted}> is expected")
    refuse(data, len(data), f"the page ends without <{wanted}>")


def _read_head(data: bytes, tokens: Iterator[Token]) -> tuple[tuple[Token, ...], Token]:
    content: list[Token] = []
    for token in tokens:
        if token.name == "/head":
            return tuple(content), token
        _check_head_content(data, token)
        if token.name not in {"space", "bogus"} and token.name[0] != "/":
            content.append(token)
    refuse(data, len(data), "the page ends without </head>")


def _check_head_content(data: bytes, token: Token) -> None:
    if token.name[0] == "/" and token.name not in _NOT_IGNORED_END_TAGS:
        return
    if token.name not in _HEAD_CONTENT:
        refuse(data, token.start, f"<{token.name}> in the head, before </head>")
    if token.name == "meta":
        _check_charset(data, token)
    if token.name == "noscript":
        _check_noscript(data, token)


def _check_charset(data: bytes, meta: Token) -> None:
    match = _CHARSET.search(data, meta.start, meta.end)
    if match and match[1].lower() not in {b"utf-8", b"utf8"}:
        name = match[1].decode("ascii", "replace")
        refuse(data, match.start(1), f"the page says that it is {name}; only UTF-8 pages are taken")


def _check_noscript(data: bytes, noscript: Token) -> None:
    """Without scripting the content is markup, and most of it ends the head (13.2.6.4.5 "in head noscript")."""
    inner_start = noscript.start + len(b"<noscript>")
    if data[inner_start - 1 : inner_start] != b">":
        refuse(data, noscript.start, "a <noscript> with attributes in the head")
    inner_end = _plain_close(data, b"noscript", inner_start, noscript.end) or inner_start
    for token in _tokens(data, inner_start, inner_end):
        if token.name not in _NOSCRIPT_CONTENT:
            refuse(
                data,
                token.start,
                f"<{token.name}> in a <noscript> ends the head for visitors without JavaScript; "
                "move that noscript behind <body>",
            )


def _check_code(data: bytes, body: Token) -> None:
    if match := _SERVER_CODE.search(data, 0, body.end) or _TEMPLATE_CODE.search(data, body.start, body.end):
        refuse(data, match.start(), "server code: what the browser gets is not certain")
