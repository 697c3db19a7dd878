"""The tokens that may precede a body, as regular expressions over bytes.

By the WHATWG HTML standard, 13.2.6.4.1 "initial" to 13.2.6.4.6 "after head". Each is possessive, so that no text is
looked at twice.
"""

from __future__ import annotations

import re

from snippetkit.html.tokens import ATTRIBUTES, BOGUS, COMMENT
from snippetkit.patterns import later
from snippetkit.terms import MARKER

_DELIMITER = rb"(?=[\t\n\f\r\ />])"
_REST = _DELIMITER + ATTRIBUTES + rb">"
_SPACE = rb"[\t\n\f\r\ ]++"
_COMMENT = rb"(?!" + re.escape(MARKER) + rb")" + COMMENT
_OTHER_END = rb"</(?!(?i:html|head|body|br)" + _DELIMITER + rb")[A-Za-z][^\t\n\f\r\ />]*+" + ATTRIBUTES + rb">"


def _text_element(name: bytes, *, not_in_it: bytes = b"") -> bytes:
    """The pattern of an element whose text is passed over; re cannot refer back from a possessive group."""
    end = rb"/(?i:" + name + rb")" + _DELIMITER
    text = rb"[^<]*+(?:<(?!" + end + not_in_it + rb")[^<]*+|(?!))*+"
    return rb"<(?i:" + name + rb")" + _REST + text + rb"<" + end + rb"[\t\n\f\r\ ]*+>"


def _pattern(text: bytes) -> re.Pattern[bytes]:
    return later(text, re.VERBOSE | re.DOTALL)


def _run(*alternatives: bytes) -> re.Pattern[bytes]:
    """A pattern of any number of tokens that need no look of their own."""
    return _pattern(rb"(?:" + rb"|".join(alternatives) + rb"|(?!))*+")


BEFORE_HEAD = _run(_SPACE, _COMMENT, BOGUS, rb"<(?i:html)" + _REST, _OTHER_END)
IN_HEAD = _run(
    _SPACE,
    rb"<(?i:meta|link|base|basefont|bgsound|head|html)" + _REST,
    _text_element(b"script", not_in_it=b"|!--"),
    _text_element(b"style"),
    _text_element(b"title"),
    _text_element(b"noframes"),
    _COMMENT,
    BOGUS,
    _OTHER_END,
)
"""What is in a head, and what still belongs to it after its end."""

TAG = _pattern(rb"<(?P<name>(?i:/?head|body))" + _REST)
ELEMENT = _pattern(rb"<(?P<name>(?i:script|noscript|template|title|style|noframes))" + _DELIMITER)
FRAMESET = _pattern(rb"<(?i:frameset)" + _DELIMITER)
PAGE = _pattern(rb"<(?i:!doctype|html)" + _DELIMITER)
# A reference to white space is white space to a parser, so it ends no head; names are case-sensitive.
SPACE_REFERENCE = later(rb"&(?:#|Tab;|NewLine;)")
