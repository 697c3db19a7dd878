"""Texts written with escapes in another text; and the escapes of attributes, decoded as browsers do.

Those are character references (HTML standard, 13.2.5.72 to 13.2.5.80).
In an attribute, a name without a semicolon is no reference before `=`, a letter or a digit, so that `&currency=`
and `&copy=1` stay as they are, while a number always counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from snippetkit.patterns import later

REFERENCE = later(
    rb"""&(?:\#(?:[xX](?P<hex>[0-9a-fA-F]++)|(?P<decimal>[0-9]++));?|(?P<name>[A-Za-z][A-Za-z0-9]*+(?:;|(?!=))))
       | \r\n? | \0""",
    re.VERBOSE,
)
"""A reference, or anything else that a browser does not take literally in an attribute."""
SPELLS = later(
    rb"&(?:\#0*+(?:3[23567]|[45][0-9]|6[13-9]|[7-9][0-9]|1[01][0-9]|12[0-6])(?![0-9])"
    rb"|\#[xX]0*+(?:2[013-589A-Fa-f]|3[0-9ABDFabdf]|[4-7][0-9A-Fa-f])(?![0-9A-Fa-f])"
    rb"|(?:UnderBar|dollar|fjlig|lowbar|period|sol);)"
)
"""A reference to a character that names and the URLs of images may have."""
_AROUND = 100  # no name is longer, and no part of a URL that is looked for
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_MOST_DIGITS = 7
_WINDOWS = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")


Said = tuple[int, int, str]
"""An escape: where it begins and ends, in bytes, and what it stands for."""


class Decoded:
    """A piece of a text with the characters that its escapes stand for; `texts` are the same piece of several texts."""

    def __init__(self, texts: tuple[bytes, ...], start: int, end: int, said: Sequence[Said]) -> None:
        """Decode a piece.

        Args:
            texts: texts of one length.
            start: where the piece begins.
            end: where it ends.
            said: the escapes in it, in order.
        """
        told = [characters.encode("utf-8", "surrogatepass") for _, _, characters in said]
        self.texts = tuple(_filled(text, start, end, said, told) for text in texts)
        self._places = [(0, start)]
        for (begins, ends, _), characters in zip(said, told, strict=True):
            at, behind = self._places[-1]
            read = at + begins - behind
            self._places += [(read, begins), (read + len(characters), ends)]

    @property
    def value(self) -> bytes:
        """The piece of the first text."""
        return self.texts[0]

    def place(self, at: int) -> int:
        """Return where in the text a byte of the piece is."""
        read, stands = self._places[bisect_right(self._places, at, key=lambda place: place[0]) - 1]
        return stands + at - read


def decode(value: bytes) -> bytes:
    """Return what the value of an attribute says, in UTF-8: its references, line breaks and NUL as a browser has them.

    Args:
        value: what stands between the quotes, or unquoted up to the end.
    """
    return REFERENCE.sub(_said, value)


def decode_spelled(text: bytes) -> bytes:
    """Return what stands around the references that `SPELLS` finds, in lines, decoded; empty where there are none."""
    pieces, end = list[bytes](), 0
    for match in SPELLS.finditer(text):
        if match.start() - _AROUND > end:
            pieces.append(b"\n")
        start = max(end, match.start() - _AROUND)
        end = max(end, match.end() + _AROUND)
        pieces.append(text[start:end])
    return decode(b"".join(pieces))


def decode_text(value: str) -> str:
    """Return what the value of an attribute says, as `decode` does; lone surrogates stay."""
    return decode(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def decode_in(text: bytes, start: int, end: int) -> Decoded:
    """Return what the value of an attribute that stands from `start` up to, not including, `end` says, and where."""
    return Decoded((text,), start, end, escapes_in(text, start, end, REFERENCE, decode_text))


def escapes_in(
    text: bytes, start: int, end: int, escape: re.Pattern[bytes], character: Callable[[str], str]
) -> list[Said]:
    """Return the escapes of a piece, by what one looks like and what it stands for."""
    matches = escape.finditer(text, start, end)
    return [(*one.span(), character(one[0].decode("utf-8", "replace"))) for one in matches]


def _filled(text: bytes, start: int, end: int, said: Sequence[Said], told: list[bytes]) -> bytes:
    starts, ends = [one[0] for one in said], [one[1] for one in said]
    pieces = [text[at:behind] for at, behind in zip([start, *ends], [*starts, end], strict=True)]
    return b"".join(part for pair in zip(pieces, [*told, b""], strict=True) for part in pair)


def _said(reference: re.Match[bytes]) -> bytes:
    if name := reference["name"]:
        from html.entities import html5  # a large table, and most pages have no use for it

        known = html5.get(name.decode())
        return reference[0] if known is None else known.encode()
    digits = reference["hex"] or reference["decimal"]
    if digits is None:
        return _UNKNOWN.encode() if reference[0] == b"\0" else b"\n"
    return _character(digits.lstrip(b"0")[: _MOST_DIGITS + 1] or b"0", 16 if reference["hex"] else 10).encode()


def _character(digits: bytes, base: int) -> str:
    """The character of a number (13.2.5.80): an invalid one is unknown, and C1 controls are those of windows-1252."""
    number = int(digits, base)
    if not 0 < number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return _UNKNOWN
    control = _WINDOWS[number - 0x80] if 0x80 <= number < 0xA0 else _UNKNOWN
    return chr(number) if control == _UNKNOWN else control
