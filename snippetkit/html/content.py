"""The content of a body or a template: which elements are open, and where the body ends.

A scanner by the rules of the WHATWG HTML standard (13.2.5 "Tokenization", 13.2.6.4.7 "in body" to 13.2.6.4.18 "in
template", 13.2.6.5 "foreign content"). It follows the elements that change how the text behind them is read, and
refuses where their tags do not nest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from snippetkit.errors import PageRefusedError
from snippetkit.html.tokens import ATTRIBUTES, COMMENT, TEXT_NAMES, Token, read_token, refuse
from snippetkit.patterns import later
from snippetkit.terms import MARKER

_FOLLOWED = frozenset({"math", "select", "svg", "table", "template"})
_ENDS = frozenset({"/body", "/html"})
_LOOKED_AT = "|".join(sorted({"body", "frameset", "html", "plaintext"} | _FOLLOWED | TEXT_NAMES)).encode()
_PASSED_OVER = later(
    rb"""(?: [^<]++
          | <(?![A-Za-z!?/])
          | (?!"""
    + re.escape(MARKER)
    + rb")"
    + COMMENT
    + rb"""
          | <[!?](?!--|\[(?i:CDATA)\[) [^>]*+>
          | </(?:>|[^A-Za-z>][^>]*+>)
          | </?+(?!(?i:"""
    + _LOOKED_AT
    + rb""")[\t\n\f\r\ />]) [A-Za-z][^\t\n\f\r\ />]*+ """
    + ATTRIBUTES
    + rb""">
          | (?!)
        )*+""",
    re.VERBOSE | re.DOTALL,
)
_TAG_NAME = later(rb"<(?P<slash>/?)(?P<name>[a-z][^\t\n\f\r />]*+)", re.IGNORECASE)
_NOT_LEFT_OPEN = frozenset(
    b"body head html "
    b"area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr".split()
)
_SELF_CLOSING = later(rb"""(?:["'\t\n\f\r ]|<[a-z]+)/>\Z""", re.IGNORECASE)


def find_body_bottom(data: bytes, body_top: int) -> int:
    """Return the offset of `</body>`, or of what takes its place: `</html>`, or the end of the page.

    What goes there is in the body, within whatever ordinary elements were left open.

    Raises:
        PageRefusedError: an element that would take or hide what goes there is open, or what is open is not certain.
    """
    open_elements = _Open()
    for token in _content(data, body_top, len(data)):
        if token.name in _ENDS and not open_elements.stack:
            return token.start
        _follow(data, token, open_elements)
    if open_elements.stack:
        last = open_elements.stack[-1]
        refuse(data, last.start, f"<{last.name}> is never closed, so the end of the body is inside it")
    return len(data)


def find_markers(data: bytes, start: int) -> list[int]:
    """Return the offsets of our comments from `start` on, as far as a browser would take them for comments."""
    starts: list[int] = []
    with suppress(PageRefusedError):  # what does not end takes in the rest of the page: no comment follows it
        starts.extend(token.start for token in _content(data, start, len(data)) if token.name == "comment")
    return starts


def template_end(data: bytes, start: int) -> int:
    """Return the offset behind the end tag of the template that starts at `start`.

    Raises:
        PageRefusedError: it does not end, or its content does not nest.
    """
    end, open_elements = start, _Open()
    for token in _content(data, start, len(data)):
        _follow(data, token, open_elements)
        end = token.end
        if not open_elements.stack:
            break
    if open_elements.stack:
        refuse(data, start, "<template> is never closed")
    return end


def is_closed(data: bytes, start: int, end: int) -> bool:
    """Whether nothing is left open between two offsets that would change how the following text is read."""
    open_elements = _Open()
    try:
        for token in _content(data, start, end):
            _follow(data, token, open_elements)
    except PageRefusedError:
        return False
    return not open_elements.stack


def leaves_open(data: bytes, start: int, end: int) -> bool:
    """Whether any element between two offsets may still be open, so that what follows is in it, or in one like it."""
    names = Counter[bytes]()
    for match in _TAG_NAME.finditer(data, start, end):
        name = match["name"].lower()
        names[name] = max(names[name] - 1, 0) if match["slash"] else names[name] + (name not in _NOT_LEFT_OPEN)
    return names.total() > 0


class _Open:
    """The open elements that are followed, in order, and how many there are of each name."""

    def __init__(self) -> None:
        self.stack: list[Token] = []
        self.names = dict.fromkeys(_FOLLOWED, 0)

    def not_text(self) -> str:
        """Return an open element in which what is text to HTML is markup, or an empty string."""
        names = self.names
        return (names["math"] and "math") or (names["select"] and "select") or (names["svg"] and "svg") or ""

    def push(self, element: Token) -> None:
        self.stack.append(element)
        self.names[element.name] += 1

    def pop(self) -> str:
        name = self.stack.pop().name
        self.names[name] -= 1
        return name


def _content(data: bytes, at: int, end: int) -> Iterator[Token]:
    """The tokens that count: of elements that are followed or hold text, our comments, CDATA, the body's end."""
    while True:
        passed = _PASSED_OVER.match(data, at, end)
        at = passed.end() if passed else at
        if at >= end:
            return
        token = read_token(data, at, end)
        yield token
        at = token.end


def _follow(data: bytes, token: Token, open_elements: _Open) -> None:
    """Open or close the element of a token.

    Raises:
        PageRefusedError: it is not certain what that makes of the following text.
    """
    name = token.name
    inside = open_elements.not_text()
    if name in {"frameset", "plaintext"}:
        refuse(data, token.start, f"<{name}> in the body: it is not certain what the text after it is")
    if inside and (name == "bogus" or (name in TEXT_NAMES and b"<" in _inner(data, token))):
        refuse(data, token.start, f"markup inside <{inside}> that is read in two ways")
    if name == "noscript" and not _is_closed_noscript(data, token):
        refuse(data, token.start, "a <noscript> that leaves something open for visitors without JavaScript")
    if name in _FOLLOWED:
        _open(data, token, open_elements)
    elif name[1:] in _FOLLOWED:
        _close(data, token, open_elements)


def _open(data: bytes, token: Token, open_elements: _Open) -> None:
    if token.name == "select" and open_elements.names["select"]:
        refuse(data, token.start, "<select> inside <select>")
    is_foreign = token.name in {"math", "svg"}
    if not (is_foreign and _SELF_CLOSING.search(data, token.start, token.end)):
        open_elements.push(token)


def _close(data: bytes, token: Token, open_elements: _Open) -> None:
    name = token.name[1:]
    if not open_elements.names[name]:
        return
    last = open_elements.stack[-1].name
    if name != "template" and last != name:
        refuse(data, token.start, f"</{name}> while <{last}> is open")
    while open_elements.pop() != name:
        pass


def _inner(data: bytes, element: Token) -> bytes:
    """The text of an element with its end tag's rest; `<` of the tags themselves left out."""
    return data[element.start + 1 : data.rindex(b"</", element.start, element.end)]


def _is_closed_noscript(data: bytes, noscript: Token) -> bool:
    start = data.index(b">", noscript.start) + 1
    return is_closed(data, start, data.rindex(b"</", start, noscript.end))
