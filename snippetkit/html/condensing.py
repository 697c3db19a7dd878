"""A page without its words: what is left, its code among it, is the same on many pages of a site.

Noscripts and frames stay as they are, and so do scripts, but for how many folders up their file is, and for what is in
those of which nobody asks that. Text and plain tags of the body become one paragraph, those of the head one `meta`,
comments and the text of styles and titles become empty: each is read by the rules of the WHATWG HTML standard (13.2.5
"Tokenization", 13.2.6.4 "The rules for parsing tokens in HTML content") as what stood there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple

from snippetkit.html import tokens
from snippetkit.html.scanning import Stretch, scan
from snippetkit.patterns import later

_LOOKED_AT = tokens.TEXT_NAMES | {"base", "body", "frameset", "head", "html", "plaintext", "template"}
_PLAIN = later(
    rb"[^<]*+ (?: (?: " + tokens.tag_but(_LOOKED_AT) + rb" | <(?!/?[A-Za-z]|[!?/]) ) [^<]*+ | (?!) )*+", re.VERBOSE
)
_OF_HEAD = later(
    rb"(?: [\t\n\f\r\ ]++ | <(?i:link|meta)(?=[\t\n\f\r\ />])" + tokens.ATTRIBUTES + rb"> | (?!) )*+", re.VERBOSE
)
_HANDLED = later(rb"""[\t\n\f\r "'/](?:on|@|v-|x-|hx-|ng-|\()""", re.IGNORECASE)
_FURTHER_UP = later(rb"""\ssrc=["']?(?:\.\./)(?P<more>(?:\.\./)+)""")
_UNSURE = frozenset({"frameset", "plaintext", "template"})
_WITH_WORDS = tokens.TEXT_NAMES - {"iframe", "noscript", "script"}
_IN_BODY, _IN_HEAD, _COMMENT, _IN_SCRIPT = b"<p>.", b"<meta>", b"<!---->", b";"

_FIRST = itemgetter(0)


class Condensed(NamedTuple):
    """What is left of a page, and what was `left_out`: each piece with where what took its place begins in `text`.

    `kept` are the pieces that stayed: where each begins in `text`, where in the page, and how long it is.
    """

    text: bytes
    left_out: tuple[tuple[int, bytes], ...]
    kept: tuple[tuple[int, int, int], ...]

    def place(self, offset: int) -> int | None:
        """Return where in the page a byte of `text` is, None where it stands for something else."""
        number = bisect_right(self.kept, offset, key=_FIRST) - 1
        at, start, size = self.kept[number] if number >= 0 else (0, 0, 0)
        return start + offset - at if offset < at + size else None

    def words(self, end: int | None = None) -> bytes:
        """Return what was left out, in lines, up to an offset in `text`."""
        return b"\n".join(piece for at, piece in self.left_out if end is None or at < end)


def condense(data: bytes, is_quiet: Callable[[bytes], bool] = lambda _: False) -> Condensed | None:
    """Return what is left of a page, None where that could be another page: it has a template, or no `<body>` first.

    Args:
        data: the page.
        is_quiet: whether nobody asks what is in a script.
    """
    condensing = _Condensing(data, is_quiet)
    at = 0
    for one in scan(data, passing=_PLAIN):
        if one.name in _UNSURE:
            return None
        condensing.pass_over(at, one.start)
        condensing.add(one)
        at = one.end
    rest = _PLAIN.match(data, at)
    end = rest.end() if rest else at
    condensing.pass_over(at, end)
    condensing.keep(end, len(data))
    return condensing.condensed() if condensing.is_in_body and condensing.is_sure else None


class _Condensing:
    """What of a page was taken so far."""

    def __init__(self, data: bytes, is_quiet: Callable[[bytes], bool]) -> None:
        self._data, self._is_quiet = data, is_quiet
        self._pieces: list[bytes] = []
        self._size = 0
        self._left_out: list[tuple[int, bytes]] = []
        self._kept: list[tuple[int, int, int]] = []
        self.is_in_body, self.is_sure = False, True

    def condensed(self) -> Condensed:
        """Return what is left."""
        return Condensed(b"".join(self._pieces), tuple(self._left_out), tuple(self._kept))

    def keep(self, start: int, end: int) -> None:
        """Let bytes stay."""
        if end > start:
            self._kept.append((self._size, start, end - start))
            self._pieces.append(self._data[start:end])
            self._size += end - start

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put something in the place of bytes."""
        self._left_out.append((self._size, self._data[start:end]))
        self._pieces.append(new)
        self._size += len(new)

    def pass_over(self, start: int, end: int) -> None:
        """Take text and plain tags."""
        gap = self._data[start:end]
        if not gap or gap.isspace():
            self.keep(start, end)
        elif self.is_in_body:
            self.replace(start, end, _IN_BODY)
        else:
            self.is_sure = self.is_sure and _OF_HEAD.fullmatch(gap) is not None
            self.replace(start, end, _IN_HEAD)

    def add(self, one: Stretch) -> None:
        """Take a comment, or a tag that is looked at, with its text."""
        self.is_in_body = self.is_in_body or one.name == "body"
        if one.name == "script":
            self._add_script(one)
            return
        new = _instead_of(self._data, one)
        if new is None:
            self.keep(one.start, one.end)
        else:
            self.replace(one.start, one.end, new)

    def _add_script(self, one: Stretch) -> None:
        at = one.start
        if up := _FURTHER_UP.search(self._data, at, one.inner_start):
            self.keep(at, up.start("more"))
            self.replace(*up.span("more"), b"")
            at = up.end()
        if self._is_quiet(self._data[one.inner_start : one.inner_end]):
            self.keep(at, one.inner_start)
            self.replace(one.inner_start, one.inner_end, _IN_SCRIPT)
            at = one.inner_end
        self.keep(at, one.end)


def _instead_of(data: bytes, one: Stretch) -> bytes | None:
    """What takes the place of a stretch, None where it stays."""
    if one.name in _WITH_WORDS and one.is_closed:
        return f"<{one.name}></{one.name}>".encode()
    if one.name in {"body", "html"}:
        return None if _HANDLED.search(data, one.start, one.end) else f"<{one.name}>".encode()
    is_whole = one.name == "comment" and one.end - one.start >= len(_COMMENT) and data.endswith(b"-->", 0, one.end)
    return _COMMENT if is_whole else None
