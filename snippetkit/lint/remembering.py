"""What was found in a page, remembered by its scripts: most pages of a site have the same ones, and only words differ.

A result is taken from another page only where nothing that was left out of this one could change it. What looks at
the words of a page is listed here: the needles, server code, tag managers, libraries that navigate, and what may make
a function in front of its base code. Of scripts, those are words that have none of that.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from snippetkit import html, platforms, server_code, snippets
from snippetkit.lint.finding import Finding
from snippetkit.lint.navigation import BOOST, MAY_LOAD, RELOAD
from snippetkit.lint.undefined import find_maker
from snippetkit.patterns import later
from snippetkit.references import decode_spelled
from snippetkit.searching import has_pair, holds_any, searching
from snippetkit.snippets import TAG_MANAGER, Document, FileParts

_Result = TypeVar("_Result")
Move = Callable[[int, int], tuple[int, int]]
"""From a line and a column of the page that a result is of to those of another."""

_MOST = 128
_LONGEST = 64 * 1024
_TRIED, _WORTH = 64, 8  # looking for a page in memory takes a tenth of what looking at it does
_MARK = b"snippetkit"
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_XML = b"<?xml "
_SUFFIXES = (".htm", ".html")
_BRACES = later(rb"\{(?:[{%#]|!!)")
_COUNTED = later(r"\blines? [0-9]|\b[0-9]+ lines?\b")
"""A place that is told in words, which is another one on another page."""
_IN_WORDS = ((b"gtm", TAG_MANAGER), (b"boost", BOOST), (b"turbo", RELOAD))
"""What rules look for in all of a page, each with a part of it in lower case that is found faster."""

_IN_SCRIPTS = (*MAY_LOAD, *(part for part, _ in _IN_WORDS), b"quicklink", b"prerender", b"<!", b"<html", b"<base")
"""What rules look for in scripts without code, in lower case, and what a page is taken for another one by."""


class _Known(NamedTuple, Generic[_Result]):
    """A result, the places in it as offsets, and where the last script with code ends."""

    result: _Result
    parts: FileParts
    places: dict[tuple[int, int], int]
    end: int


class Memory(Generic[_Result]):
    """What was made of the last texts, to be asked for the next page.

    It forgets what was not asked for, and gives up where pages have too little in common.
    """

    def __init__(
        self, make: Callable[[Sequence[Document]], _Result], moved: Callable[[_Result, Move], _Result]
    ) -> None:
        """Take what makes a result of a file's documents, and what moves one to another page."""
        self._make, self._moved = make, moved
        self._known: OrderedDict[bytes, _Known[_Result] | None] = OrderedDict()
        self._tried = self._found = 0

    def __len__(self) -> int:
        """How many texts are remembered."""
        return len(self._known)

    def of_page(self, name: str, data: bytes) -> tuple[_Result, FileParts] | None:
        """Return the result for a page and what it has of base code; None where that has to be looked at itself.

        Args:
            name: the file's name.
            data: its bytes, which may hold code.
        """
        is_hopeless = self._tried > _TRIED and self._found * _WORTH < self._tried
        if is_hopeless or not _is_plain(name, data):
            return None
        condensed = html.condense(data, _is_quiet)
        if condensed is None or len(condensed.text) > _LONGEST or not _is_read_alike(condensed.text, data):
            return None
        self._tried += 1
        self._found += condensed.text in self._known
        known = self._of_text(condensed.text)
        return self._on_page(known, condensed, data) if known and _is_all(condensed, known.end) else None

    def _on_page(
        self, known: _Known[_Result], condensed: html.Condensed, data: bytes
    ) -> tuple[_Result, FileParts] | None:
        places = {told: condensed.place(offset) for told, offset in known.places.items()}
        if None in places.values():
            return None
        on_page = {told: _position(data, at) for told, at in places.items() if at is not None}
        return self._moved(known.result, lambda line, column: on_page[line, column]), known.parts

    def _of_text(self, text: bytes) -> _Known[_Result] | None:
        if text in self._known:
            self._known.move_to_end(text)
        else:
            self._known[text] = self._look_at(text)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return self._known[text]

    def _look_at(self, text: bytes) -> _Known[_Result] | None:
        """What is made of a text; None where that depends on more than a page is asked for."""
        documents = snippets.take_apart(".html", text.decode())
        parts = snippets.find_parts(documents)
        is_whole = len(documents) == 1 and parts == FileParts(parts.names, parts.makes)
        if not is_whole or documents[0].masked != text:
            return None
        result, places, lines = self._make(documents), dict[tuple[int, int], int](), _lines(text)

        def note(line: int, column: int) -> tuple[int, int]:
            places[line, column] = _offset(text, lines, line, column)
            return line, column

        told = self._moved(result, note)
        if _COUNTED.search(repr(told)) or not documents[0].is_told_by_scripts:
            return None
        return _Known(result, parts, places, max((script.end for _, script in documents[0].scripts), default=0))


def moved_findings(findings: Sequence[Finding], move: Move) -> list[Finding]:
    """Return findings as they are on another page."""
    placed = ((one, *move(one.line, one.column)) for one in findings)
    return [one._replace(line=line, column=column) for one, line, column in placed]


def _is_plain(name: str, data: bytes) -> bool:
    """Whether a file is a page without a mark of ours and without server code."""
    if not name.lower().endswith(_SUFFIXES) or server_code.language_of(name):
        return False
    if not data.lstrip(_BLANKS).startswith(b"<"):
        return False
    behind = data[len(_XML) :] if data.startswith(_XML) else data
    has_code = has_pair(behind, b"<?") or has_pair(behind, b"<%") or _BRACES.search(data)
    return not has_code and b"\x1b" not in data and not searching(data)(_MARK)


def _is_read_alike(text: bytes, data: bytes) -> bool:
    """Whether what is left of a page says the same in whatever encoding the page is."""
    if text.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=_MOST)
def _is_quiet(script: bytes) -> bool:
    """Whether a script is words to those who look at a page: it has no code and loads, writes and makes nothing."""
    lower = script.lower()
    return not (
        not script.strip()
        or holds_any(lower, _IN_SCRIPTS)
        or has_pair(script, b"{$")
        or find_maker(script) >= 0
        or _may_be_code(script)
    )


def _is_all(condensed: html.Condensed, end: int) -> bool:
    """Whether what was left out of a page changes nothing in a result, whose last script ends there in what is left."""
    words = condensed.words()
    if has_pair(words, b"{$") or searching(words)(b"<!--#") or _may_be_code(words):
        return False
    holds = searching(words.lower())
    if any(holds(part) and pattern.search(words) for part, pattern in _IN_WORDS):
        return False
    return find_maker(condensed.words(end)) < 0


def _may_be_code(words: bytes) -> bool:
    """Whether words name what reports, as they stand or with references to characters."""
    needles = platforms.needles()
    return needles.are_in(words) or needles.are_in(decode_spelled(words))


def _lines(text: bytes) -> list[int]:
    return [0, *accumulate(map(len, text.splitlines(keepends=True)))]


def _offset(text: bytes, lines: Sequence[int], line: int, column: int) -> int:
    start = lines[line - 1]
    return start + len(text[start:].decode()[: column - 1].encode()) if column > 1 else start


def _position(data: bytes, offset: int) -> tuple[int, int]:
    """The line and the column, in characters, of a byte offset, as `Document.position` has them."""
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    ends = data.count(b"\n", 0, start) + data.count(b"\r", 0, start) - data.count(b"\r\n", 0, start)
    return ends + 1, len(data[start:offset].decode("utf-8", "surrogateescape")) + 1
