"""The tokens of HTML as bytes, by the WHATWG HTML standard (13.2.5 "Tokenization").

In every encoding that browsers take except UTF-16 and ISO-2022-JP, markup is ASCII: no byte of another character
is `<`, `>`, a quote or white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, NoReturn

from snippetkit.errors import PageRefusedError
from snippetkit.patterns import later
from snippetkit.references import decode

ATTRIBUTES = rb"""
    (?: [\t\n\f\r\ /]++
      | [^\t\n\f\r\ />][^\t\n\f\r\ /=>]*+
        (?: ="[^"]*+"  # as most are written; what follows takes this in, too
          | (?![\t\n\f\r\ ]*+=)
          | [\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+ (?: "[^"]*+" | '[^']*+' | [^\t\n\f\r\ "'>][^\t\n\f\r\ >]*+ | (?=>) )
        )
      | (?!)
    )*+"""
COMMENT = rb"<!--(?: > | -> | .*?--!?> )"
BOGUS = rb"(?: <[!?] (?!--) [^>]*+> | </ (?:> | [^A-Za-z>] [^>]*+>) )"
TOKEN = later(
    rb"""  (?P<space>   [\t\n\f\r\ ]++ )
         | (?P<comment> """
    + COMMENT
    + rb""" )
         | (?P<bogus>   """
    + BOGUS
    + rb""" )
         | <(?P<tag> /?[A-Za-z][^\t\n\f\r\ />]*+ ) (?P<attributes> """
    + ATTRIBUTES
    + rb""" )>""",
    re.VERBOSE | re.DOTALL,
)
ATTRIBUTE = later(
    rb"""(?P<name> [^\t\n\f\r\ />][^\t\n\f\r\ /=>]*+ )
         (?: [\t\n\f\r\ ]*+=[\t\n\f\r\ ]*+
             (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)' | (?P<bare>[^\t\n\f\r\ >]++) ) | (?!) )?+""",
    re.VERBOSE,
)
TEXT_NAMES = frozenset("iframe noembed noframes noscript script style textarea title xmp".split())
"""The elements whose content is text to a tokenizer, where scripting is on."""

_REST_OF_TAG = rb"""
    (?: [^"'>=]*+ (?<![\t\n\f\r\ /"']) = (?: "[^"]*+" | '[^']*+' | [^\t\n\f\r\ "'>=][^\t\n\f\r\ "'>]*+(?!["']) )
      | (?!)
    )*+
    [^"'>=]*+ >"""
"""What is behind the name of most tags; what has an attribute in another form is left to `ATTRIBUTES`."""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_SCRIPT_DATA = later(rb"<!--|-->|<(?P<tag>/?script)(?=[\t\n\f\r />])", re.IGNORECASE)
NEWLINE = later(rb"\r\n?|\n")
_MAX_REASON_CHARACTERS = 400  # a reason may name a tag, and a tag's name may be as long as the page
_MAX_NAME_BYTES = 100
BEGINNING = 64
"""In so many first bytes UTF-16 has NUL bytes already, marked or not."""


def tag_but(names: Iterable[str]) -> bytes:
    """Return a pattern for a tag whose name is none of these: most are told from them by their first two letters."""
    rests: dict[str, list[str]] = {}
    for name in sorted(names):
        rests.setdefault(name[0], []).append(name[1:])
    looked_at = "|".join(f"[{first}{first.upper()}](?i:{'|'.join(ends)})" for first, ends in rests.items())
    return (
        rb"""</?+ (?: %b | %b(?!%b) | (?! (?:%b) (?=[\t\n\f\r\ />])) [A-Za-z] ) [^\t\n\f\r\ />]*+ (?: > | %b | %b> )"""
        % (
            _one_of(_LETTERS - rests.keys()),
            _one_of(rests),
            _one_of(name[1] for name in names),
            looked_at.encode(),
            _REST_OF_TAG,
            ATTRIBUTES,
        )
    )


def _one_of(letters: Iterable[str]) -> bytes:
    told = "".join(sorted(set(letters)))
    return f"[{told}{told.upper()}]".encode()


class Attribute(NamedTuple):
    """An attribute's value as it stands, and the offset of its first byte."""

    value: bytes
    start: int


class Token(NamedTuple):
    """A piece of markup: `name` is space, comment, bogus, text, a start tag's name, or `/` and an end tag's name.

    `start` and `end` are byte offsets; an element whose content is text runs to the end of its end tag.
    """

    name: str
    start: int
    end: int


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Return the line and the column in bytes of an offset, each counted from 1."""
    newlines = [match.end() for match in NEWLINE.finditer(data, 0, offset)]
    return len(newlines) + 1, offset - (newlines[-1] if newlines else 0) + 1


def refuse(data: bytes, offset: int, reason: str, notes: tuple[str, ...] = ()) -> NoReturn:
    """Raise PageRefusedError for what stands at `offset`; `notes` are lines that say more."""
    line, column = position(data, offset)
    raise PageRefusedError(reason[:_MAX_REASON_CHARACTERS], line=line, column=column, offset=offset, notes=notes)


def find_tokens(data: bytes, start: int, end: int) -> Iterator[Token]:
    """Yield the tokens of markup from `start` to `end`.

    Raises:
        PageRefusedError: one of them does not end there.
    """
    while start < end:
        token = read_token(data, start, end)
        yield token
        start = token.end


def read_token(data: bytes, start: int, end: int) -> Token:
    """Return the token that begins at `start`.

    Raises:
        PageRefusedError: it does not end before `end`.
    """
    match = TOKEN.match(data, start, end)
    if match is None:
        check_ends(data, start)
        stop = data.find(b"<", start + 1, end)
        return Token("text", start, end if stop < 0 else stop)
    if match["tag"] is None:
        return Token(match.lastgroup or "", start, match.end())
    name = tag_name(match)
    stop = match.end()
    if name in TEXT_NAMES:
        content_end = text_end(data, match["tag"], stop, end)
        closing = None if content_end is None else TOKEN.match(data, content_end, end)
        if closing is None:
            refuse(data, start, f"<{name}> is never closed")
        stop = closing.end()
    return Token(name, start, stop)


def check_ends(data: bytes, start: int) -> None:
    """Raise PageRefusedError where what begins at `start` is neither a whole token nor text."""
    opening = data[start : start + 4]
    if opening == b"<!--":
        refuse(data, start, "a comment, or server code, that is never closed")
    if opening[:1] == b"<" and (opening[1:2].isalpha() or opening[1:2] in {b"!", b"?", b"/"}):
        refuse(data, start, "a tag that is never closed")


def tag_name(tag: re.Match[bytes]) -> str:
    """Return the name of a tag in lower case, with `/` in front where it ends an element."""
    return tag["tag"][:_MAX_NAME_BYTES].decode("latin-1").lower()


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a start tag as a browser decodes them, names in lower case.

    Args:
        tag: the text from `<` to `>`. Of attributes with the same name the first counts (13.2.5.33).
    """
    match = TOKEN.fullmatch(tag.encode())
    return {} if match is None or match["attributes"] is None else attributes_of(match)


def attributes_of(tag: re.Match[bytes]) -> dict[str, str]:
    """Return the attributes of a `TOKEN` that is a tag, as `attributes` does.

    Raises:
        UnicodeDecodeError: they are not UTF-8.
    """
    tag["attributes"].decode()
    return {name: decode(attribute.value).decode() for name, attribute in attributes_in(tag).items()}


def attributes_in(tag: re.Match[bytes]) -> dict[str, Attribute]:
    """Return the attributes of a `TOKEN` that is a tag as they stand; of those with the same name, the first."""
    attributes: dict[str, Attribute] = {}
    for item in ATTRIBUTE.finditer(tag.string, tag.start("attributes"), tag.end("attributes")):
        kind = item.lastgroup or "name"
        value = Attribute(b"", item.end()) if kind == "name" else Attribute(item[kind], item.start(kind))
        attributes.setdefault(item["name"].lower().decode("utf-8", "replace"), value)
    return attributes


def text_end(data: bytes, name: bytes, start: int, end: int) -> int | None:
    """Return the offset of the end tag of a text element whose content starts at `start`; None where there is none."""
    name = name.lower()
    return _script_close(data, start, end) if name == b"script" else _plain_close(data, name, start, end)


def _plain_close(data: bytes, name: bytes, start: int, end: int) -> int | None:
    match = re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE).search(data, start, end)
    return None if match is None else match.start()


def _script_close(data: bytes, start: int, end: int) -> int | None:
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
            start -= 2  # "<!-->" opens and closes: its dashes do both
    return None


def check_mark(data: bytes) -> None:
    """Make sure that a page does not say that it is UTF-16.

    Raises:
        PageRefusedError: it does.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse(data, 0, "this is UTF-16; only encodings in which markup is ASCII are accepted")


def check_encoding(data: bytes) -> None:
    """Make sure, by the first bytes of a page, that its markup can be seen.

    Raises:
        PageRefusedError: it is UTF-16, or no text.
    """
    check_mark(data)
    if b"\0" in data[:BEGINNING]:
        refuse(data, data.index(b"\0"), "not text: this is UTF-16, or a binary file")
