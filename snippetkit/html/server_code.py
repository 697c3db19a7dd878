"""Code that a server runs before a browser sees the page: PHP, ERB and the like, Jinja, Handlebars and the like."""

from __future__ import annotations

import re

from snippetkit.html.content import MARKER
from snippetkit.html.tokens import TOKEN, refuse, tokens

_STRINGS = rb""" "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' """
_CODE = re.compile(
    rb"""<\?(?:php\b|=|[\t\n\r\ ]) (?: /\*.*?(?:\*/|\Z) | (?://|\#)(?:(?!\?>)[^\n\r])*+ | """
    + _STRINGS
    + rb""" | (?!\?>). )*+ (?:\?>|\Z)
     | <% .*? (?:%>|\Z)
     | \{\{ (?: """
    + _STRINGS
    + rb""" | (?!\}\}). )*+ (?:\}\}|\Z)
     | \{% (?: """
    + _STRINGS
    + rb""" | (?!%\}). )*+ (?:%\}|\Z)
     | \{\# .*? (?:\#\}|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_ENDS = {b"<?": b"?>", b"<%": b"%>", b"{{": b"}}", b"{%": b"%}", b"{#": b"#}"}
_NO_END = b"<!--"
_ANYWHERE = re.compile(rb"<\?(?:php\b|=)")
_IN_MARKUP = re.compile(rb"<\?(?:php\b|=|[\t\n\r ])|<%|\{[{%]")
_REPEATED = re.compile(
    rb"(?P<tag></head(?=[\t\n\f\r />])|<body(?=[\t\n\f\r />]))|" + re.escape(MARKER) + rb"(?P<begin>begin)?",
    re.IGNORECASE,
)
_REASON = "server code: what the browser gets is not certain; --server-code takes such pages"


def mask_server_code(data: bytes) -> bytes:
    """Return the page with white space in the place of server code, so that all offsets stay.

    Code that does not end becomes a comment that does not end: nothing can be put behind it.

    Raises:
        PageRefusedError: the page has `</head>` or `<body>` more than once, so the server chooses.
    """
    masked = _CODE.sub(_mask, data)
    if masked != data:
        _check_repeated(data, masked)
    return masked


def _mask(code: re.Match[bytes]) -> bytes:
    is_open = code.end() == len(code.string) and not code[0].endswith(_ENDS[code[0][:2]])
    return (_NO_END if is_open else b"").ljust(len(code[0]))[: len(code[0])]


def _check_repeated(data: bytes, masked: bytes) -> None:
    """Refuse a tag that is there twice; a region of ours may bring `<body>` along."""
    seen, is_ours = set[bytes](), False
    for match in _REPEATED.finditer(masked):
        tag = (match["tag"] or b"").lower()
        if not tag:
            is_ours = match["begin"] is not None
        elif not is_ours:
            if tag in seen:
                refuse(data, match.start(), f"a second {tag.decode()}> in a page with server code")
            seen.add(tag)


def check_server_code(data: bytes, start: int, end: int, *, is_implied: bool) -> None:
    """Raise PageRefusedError where server code stands in the markup from `start` to `end`, or implies what is there.

    In the text of a script or a style, `<%` and `{{` are a template that the browser fills in.
    """
    at = start + 2 if data.startswith(b"<?xml", start) else start
    stop = end + 2
    if data.find(b"<?", at, stop) < 0 and not _has_code(data, at, stop):
        return
    if found := _ANYWHERE.search(data, start, end) or (is_implied and _IN_MARKUP.match(data, end)):
        refuse(data, found.start(), _REASON)
    for token in tokens(data, start, end):
        tag = TOKEN.match(data, token.start, token.end)
        stop = tag.end() if tag else token.end
        if token.name != "comment" and (found := _IN_MARKUP.search(data, token.start, stop)):
            refuse(data, found.start(), _REASON)


def _has_code(data: bytes, start: int, end: int) -> bool:
    """Whether `<%`, `{%` or `{{` stand there; one byte is found much faster than two, and most pages have none."""
    has_percent = data.find(b"%", start, end) >= 0
    has_brace = data.find(b"{", start, end) >= 0
    return (has_percent and (data.find(b"<%", start, end) >= 0 or data.find(b"{%", start, end) >= 0)) or (
        has_brace and data.find(b"{{", start, end) >= 0
    )
