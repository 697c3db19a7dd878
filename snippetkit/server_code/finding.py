"""Server code found in bytes: its spans, and what is left of a text without them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from snippetkit.errors import SnippetError
from snippetkit.patterns import later
from snippetkit.server_code import marks
from snippetkit.server_code.language import Language, Mark, PieceKind
from snippetkit.server_code.table import LANGUAGES

ALL_MARKS = tuple(mark for mark in vars(marks).values() if isinstance(mark, Mark))
"""Each mark once; of two that begin alike, the longer one comes first."""
_REST_OF_LINE = later(rb"[^\n\r]*+")
_MOST_BLANKS = 400
_PLAIN = (".htm", ".html")


class Span(NamedTuple):
    """A piece of server code from `start` to `end`; what stands between its marks from `inner_start` to `inner_end`.

    `is_closed` is False where its closing mark is missing: then it is no more than the opening. `is_certain` is False
    where a quote hides its first end and its mark occurs again before the next one: that may not be a string.
    """

    start: int
    end: int
    mark: Mark
    inner_start: int
    inner_end: int
    is_closed: bool = True
    is_certain: bool = True


def language(name: str) -> Language:
    """Return a language of the table.

    Raises:
        SnippetError: there is none of that name.
    """
    known = _by_name().get(name)
    if known is None:
        raise SnippetError(f"unknown template language {name!r}", hint=f"there are {', '.join(_by_name())}")
    return known


def language_of(path: str) -> Language | None:
    """Return the language that a file's name tells, or None; the longest suffix counts.

    `page.tpl.html` tells the same as `page.html.tpl`.
    """
    _, dot, rest = path.replace("\\", "/").rpartition("/")[2].partition(".")
    return _by_suffix((dot + rest).lower())


@lru_cache(maxsize=1024)
def _by_suffix(name: str) -> Language | None:
    fitting = [(len(suffix), one) for one in LANGUAGES for suffix in one.suffixes if name.endswith(suffix)]
    if not fitting and name.endswith(_PLAIN):
        return _by_suffix(name.rpartition(".")[0])
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


@cache
def _by_name() -> dict[str, Language]:
    return {one.name: one for one in LANGUAGES}


def find_spans(
    data: bytes,
    languages: Iterable[Language] | None = None,
    *,
    start: int = 0,
    end: int | None = None,
    ordinary: bool = False,
) -> Iterator[Span]:
    """Yield the server code in a text, in its order; none overlaps another.

    Args:
        data: any bytes.
        languages: those whose marks count, None for all.
        start: where to begin.
        end: where to stop, None for the end of the text.
        ordinary: also count the marks that scripts, style sheets or texts have of their own.
    """
    end = len(data) if end is None else end
    chosen = [mark for mark in _marks(languages, ordinary=ordinary) if data.find(mark.needle, start, end) >= 0]
    missing = set[Mark]()
    starts = {mark: _opening(data, mark, start, end) for mark in chosen}
    while (at := min(starts.values(), default=end)) < end:
        span = _span(data, at, end, [mark for mark in chosen if starts[mark] == at], missing)
        if span:
            yield span
        behind = max(span.end if span else 0, at + 1)
        starts |= {mark: _opening(data, mark, behind, end) for mark, first in starts.items() if first < behind}


def opens(data: bytes, at: int) -> bool:
    """Whether server code begins at an offset, with a mark that scripts, style sheets and texts do not have."""
    for mark in _by_first_byte().get(data[at : at + 1], ()):
        if not data.startswith(mark.needle, at) or (mark.is_line and not begins_line(data, at)):
            continue
        opened = mark.opens.match(data, at)
        if opened and (mark.ends_with_file or not mark.closing or mark.closes(opened).search(data, opened.end())):
            return True
    return False


@cache
def _by_first_byte() -> dict[bytes, list[Mark]]:
    marks: dict[bytes, list[Mark]] = {}
    for mark in ALL_MARKS:
        if not mark.is_ordinary:
            marks.setdefault(mark.needle[:1], []).append(mark)
    return marks


def _marks(languages: Iterable[Language] | None, *, ordinary: bool) -> Iterator[Mark]:
    """The marks of some languages; of two that begin alike, the longer one first."""
    of_these = ALL_MARKS if languages is None else {mark for one in languages for mark in one.marks}
    return (mark for mark in ALL_MARKS if mark in of_these and (ordinary or not mark.is_ordinary))


def _opening(data: bytes, mark: Mark, at: int, end: int) -> int:
    """Where a mark opens from `at` on, `end` if it does not."""
    while match := mark.opens.search(data, at, end):
        if not mark.is_line or begins_line(data, match.start()):
            return match.start()
        at = match.start() + 1
    return end


def begins_line(data: bytes, at: int) -> bool:
    """Whether nothing but blanks stands between the beginning of the line and an offset."""
    before = data[max(0, at - _MOST_BLANKS) : at].rstrip(b"\t ")
    return before.endswith((b"\n", b"\r")) or (not before and at <= _MOST_BLANKS)


def _line_end(data: bytes, at: int, end: int) -> int:
    rest = _REST_OF_LINE.match(data, at, end)
    return rest.end() if rest else at


def _span(data: bytes, at: int, end: int, opening: Iterable[Mark], missing: set[Mark]) -> Span | None:
    """The first of the marks that open here which is whole, else the last one."""
    unclosed = None
    for mark in opening:
        opened = mark.opens.match(data, at, end)
        assert opened  # noqa: S101 (it was found here)
        if not mark.closing:
            last = _line_end(data, opened.end(), end) if mark.is_line else opened.end()
            return Span(at, last, mark, at, last)
        closed = None if mark in missing else mark.closes(opened).search(data, opened.end(), end)
        if closed:
            return _closed(data, mark, opened, closed, end)
        if not opened.groups():
            missing.add(mark)
        last = end if mark.ends_with_file else opened.end()
        unclosed = Span(at, last, mark, opened.end(), last, is_closed=mark.ends_with_file)
    return unclosed


def _closed(data: bytes, mark: Mark, opened: re.Match[bytes], first: re.Match[bytes], end: int) -> Span:
    start = opened.start()
    span = Span(start, first.end(), mark, opened.end(), first.start())
    content = mark.content.match(data, opened.end(), end) if mark.hiding else None
    if content is None or content.end() == first.start():
        return span
    closed = mark.closes(opened).match(data, content.end(), end)
    if closed is None:
        return span._replace(is_certain=False) if not mark.ends_with_file else span._replace(end=end, inner_end=end)
    is_certain = mark.ends_with_file or data.find(mark.needle, first.end(), closed.end()) < 0
    return Span(start, closed.end(), mark, opened.end(), content.end(), is_certain=is_certain)


def is_whole(text: bytes) -> bool:
    """Whether a text is one piece of server code and nothing else."""
    span = next(find_spans(text), None)
    return span is not None and span.is_closed and (span.start, span.end) == (0, len(text))


def is_plain_value(code: bytes, languages: Iterable[Language] | None = None) -> bool:
    """Whether server code only writes a variable in one of these languages; None for all."""
    patterns = [one.value for one in (LANGUAGES if languages is None else languages)]
    return any(pattern is not None and pattern.fullmatch(code) is not None for pattern in patterns)


def mask(data: bytes, spans: Iterable[Span], filler: bytes = b"_") -> bytes:
    """Return the text with server code overwritten by a byte, so that all offsets stay.

    Of a literal block, only the marks go.
    """
    masked = bytearray(data)
    for span in spans:
        parts = [(span.start, span.end)]
        if span.mark.kind is PieceKind.LITERAL:
            parts = [(span.start, span.inner_start), (span.inner_end, span.end)]
        for start, end in parts:
            masked[start:end] = filler * (end - start)
    return bytes(masked)
