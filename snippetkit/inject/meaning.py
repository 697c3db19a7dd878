"""What code on a page does, regardless of how it is written: a formatter changes only the latter."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from snippetkit.errors import PageRefusedError, SnippetError
from snippetkit.html import NEWLINE, Piece, read_markup
from snippetkit.javascript import meaning_of_script
from snippetkit.patterns import later

_LONGEST = 2**17  # bytes; what we write is far shorter
_SCRIPT_TYPES = frozenset({"", "application/javascript", "text/javascript"})
_SWITCHES = frozenset({"async", "defer", "nomodule"})
_STYLE = later(r"[\w\s:;.,%!#-]*", re.ASCII)
_URL = later(r"[^\s{}<>\"\\^`|]*")  # without what only server code has
_SPACES = "\t\n\f\r "


def lines_of(code: bytes) -> bytes:
    """Return the code's lines, without their newlines and the white space around them."""
    return b"\n".join(line.strip() for line in NEWLINE.split(code.strip()))


@lru_cache(maxsize=1024)
def meaning(code: bytes) -> bytes:
    """Return what code does, as bytes that are equal for code that does the same; its lines where that is not certain.

    The order of attributes, quotes, case, character references and white space do not count, nor what does not count
    in a script (`javascript.meaning`), a style or a URL.
    """
    try:
        if len(code) <= _LONGEST:
            return json.dumps([_plain(piece) for piece in read_markup(code)]).encode()
    except (PageRefusedError, SnippetError, UnicodeDecodeError):
        pass
    return lines_of(code)


def _plain(piece: Piece) -> list[object]:
    attributes = {name: _attribute(name, value) for name, value in piece.attributes}
    text = piece.text
    if piece.name == "script":
        if str(attributes.get("type", "")).strip(_SPACES).lower() in _SCRIPT_TYPES:
            attributes.pop("type", None)
        if attributes.get("type", "module") == "module":
            text = meaning_of_script(text)
    return [piece.name, attributes, text]


def _attribute(name: str, value: str) -> object:
    if name in _SWITCHES:
        return True
    if name == "style" and _STYLE.fullmatch(value):
        declarations = (re.sub(r"\s*:\s*", ":", " ".join(part.split())) for part in value.split(";"))
        return [declaration for declaration in declarations if declaration]
    return _url(value) if name == "src" else value


def _url(value: str) -> object:
    """A URL as a browser reads it (URL Standard, "basic URL parser"), its query as a server does."""
    url = re.sub(r"[\t\n\r]", "", value.strip(_SPACES))
    if not _URL.fullmatch(url):
        return value
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    except ValueError:
        return value
    return [parts.scheme, parts.netloc, parts.path, query, parts.fragment]
