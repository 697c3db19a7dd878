"""Our code on pages whose language would read it: wrapped in what makes the language pass it on, or refused."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from snippetkit import server_code
from snippetkit.html import refuse
from snippetkit.inject.insertion import Insertion, PlanOptions
from snippetkit.inject.layout import skip_space
from snippetkit.inject.regions import begin_marker
from snippetkit.key import Key
from snippetkit.model import PageBytes
from snippetkit.records import replace
from snippetkit.server_code import Language, PieceKind
from snippetkit.terms import Part


def protect(page: PageBytes, insertion: Insertion, options: PlanOptions) -> Insertion:
    """Return the insertion as the page's language passes it on; a page that shows no sign of one is not read.

    Raises:
        PageRefusedError: the language would read the code and has nothing that keeps it, or is not certain.
    """
    reading = {part: _suspects(page, code, options.named) for part, code in insertion.parts.items()}
    if not any(reading.values()):
        return insertion
    data = page.whole()
    parts = {
        part: _protected(data, insertion.key, part, server_code.unwrap(code), reading[part], options)
        for part, code in insertion.parts.items()
    }
    return insertion if parts == insertion.parts else replace(insertion, parts=parts)


def _suspects(page: PageBytes, code: bytes, named: Language | None) -> list[Language]:
    """The languages that would read the code and that the page, its file's name or a value in the code may be in."""
    plain, readers, beginnings = _readers(code)
    if not readers:
        return []
    there = {byte for byte in beginnings if page.find(byte) >= 0}  # one byte is found much faster than two
    if not (there or named):
        readers = tuple(one for one in readers if one.own_doubts or not one.guards)
    return [one for one in readers if one is named or _may_be_there(page, plain, one, there)]


@lru_cache(maxsize=1024)
def _readers(code: bytes) -> tuple[bytes, tuple[Language, ...], frozenset[bytes]]:
    """Code without what keeps a language from reading it, those that would, and the bytes their pieces begin with."""
    plain = server_code.unwrap(code)
    readers = server_code.readers(plain)
    return plain, readers, frozenset(guard[:1] for one in readers for guard in one.guards)


def _may_be_there(page: PageBytes, code: bytes, language: Language, beginnings: Container[bytes]) -> bool:
    if any(guard in code or (guard[:1] in beginnings and page.find(guard) >= 0) for guard in language.guards):
        return True
    return language.own_doubts is not None and _has(language.own_doubts, page.whole())


def _has(doubts: re.Pattern[bytes], data: bytes) -> bool:
    """Whether a page has such text outside its scripts and styles, where it is common."""
    return doubts.search(data) is not None and doubts.search(server_code.in_markup(data)) is not None


def _protected(
    data: bytes, key: Key, part: Part, code: bytes, suspects: Sequence[Language], options: PlanOptions
) -> bytes:
    reading = _reading(data, code, suspects, options.named)
    if not reading:
        _check_scripts(data, part, suspects)
        return code
    marker = data.find(begin_marker(key, part))
    if _is_wrapped_by_hand(data, marker, reading):
        return code
    at = next((span.start for span in server_code.find_spans(data, reading)), 0)
    names = " or ".join(one.name for one in reading)
    wraps = {one.literal for one in reading}
    wrapped = server_code.wrap(code, reading[0]) if len(wraps) == 1 else None
    if wrapped is None:
        refuse(data, at, f"this looks like {names}, which would read the {part} as its own")
    if not (options.server_code or _is_wrapped_there(data, marker, reading[0])):
        refuse(data, at, f"this looks like {names}, which would read the {part}; --server-code wraps it")
    return wrapped


def _reading(data: bytes, code: bytes, suspects: Sequence[Language], named: Language | None) -> Sequence[Language]:
    """The languages that the page is in, of those that would read the code.

    The name of its file counts first, unless others use the same one; then its marks and the values in the code; where
    there are none, what may be a tag.
    """
    markup = server_code.in_markup(data)
    if named and named in suspects and (not named.is_name_shared or server_code.may_be_in(markup, named)):
        return [named]
    is_of_named = named and named not in suspects and _is_of(markup, code, named)
    if is_of_named and not any(server_code.is_certain(markup, one) for one in suspects):
        return []
    meant = server_code.languages_of(code).certain  # a value in the code says for which language it was written
    told = [one for one in suspects if one in meant or _counts(markup, one)]
    return told or [one for one in suspects if one.own_doubts and _is_doubted(markup, one, one.own_doubts)]


def _is_of(markup: bytes, code: bytes, named: Language) -> bool:
    """Whether the values in the code are meant for the language that the page is said to be in, the only reader."""
    return named in server_code.languages_of(code).possible and server_code.may_be_in(markup, named)


def _is_doubted(markup: bytes, language: Language, doubts: re.Pattern[bytes]) -> bool:
    return doubts.search(markup) is not None and server_code.may_be_in(markup, language)


def _counts(markup: bytes, language: Language) -> bool:
    """A language that only loses parts of the code, besides its marks, has to be certain."""
    if server_code.is_certain(markup, language):
        return True
    return not language.own_reads and language in server_code.languages_of(markup).possible


def _is_wrapped_there(data: bytes, marker: int, language: Language) -> bool:
    """Whether what is behind a marker is wrapped: somebody has asked for that before."""
    end = data.find(b"-->", marker) if marker >= 0 else -1
    return (
        end >= 0
        and language.literal is not None
        and data.startswith(language.literal[0].strip(), skip_space(data, end + 3))
    )


def _check_scripts(data: bytes, part: Part, suspects: Iterable[Language]) -> None:
    """Raise PageRefusedError where only a script has what just one language reads."""
    if language := next((one for one in suspects if server_code.is_certain(data, one)), None):
        span = next(server_code.find_spans(data, [language]))
        refuse(data, span.start, f"this looks like {language.name}, which would read the {part} as its own")


def _is_wrapped_by_hand(data: bytes, at: int, languages: Iterable[Language]) -> bool:
    """Whether what is at `at` is inside a literal block that somebody put around it."""
    literals = (span for span in server_code.find_spans(data, languages) if span.mark.kind is PieceKind.LITERAL)
    return at >= 0 and any(span.start < at < span.end for span in literals)
