"""Code of ours that a page's language would read: detected, and wrapped in what makes the language pass it on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from snippetkit.patterns import later
from snippetkit.server_code.finding import find_spans, is_plain_value, is_whole
from snippetkit.server_code.language import Language, Mark, PieceKind
from snippetkit.server_code.table import LANGUAGES

# It begins with one byte, which is found much faster than one of two names.
_TEXT = later(rb"(<(script|style)(?=[\s>])[^>]*+>)(?:[^<]++|<(?!/\2)|(?!))*+", re.IGNORECASE)
_NONCE = later(rb'<script nonce="(?P<nonce>[^"]*+)"')


class Spoken(NamedTuple):
    """The languages of a page: those that show in something no other has, and those that it may be in."""

    certain: frozenset[Language]
    possible: frozenset[Language]


@lru_cache(maxsize=4)
def languages_of(data: bytes) -> Spoken:
    """Return the languages that a page is written in, as far as its server code tells."""
    marks = _marks_in(data)
    owners = [one for one in LANGUAGES if marks.intersection(one.marks)]
    certain = {one for one in owners if _is_told(one, data, marks)}
    covering = {one for one in owners if marks <= {*one.marks}}
    return Spoken(frozenset(certain), frozenset((certain & covering) or covering or owners))


def is_certain(data: bytes, language: Language) -> bool:
    """Whether a page is one of the languages that `languages_of` is certain of, which asks about all of them."""
    if language.own_signs and not language.own_signs.search(data):
        return False
    return not _marks_in(data).isdisjoint(language.marks) and _is_told(language, data, _marks_in(data))


@lru_cache(maxsize=4)
def _marks_in(data: bytes) -> frozenset[Mark]:
    return frozenset(span.mark for span in find_spans(data) if span.is_closed)


def may_be_in(data: bytes, language: Language) -> bool:
    """Whether a page may be in a language: it has a mark of it, or nothing but comments of others."""
    marks = _marks_in(data)
    return not marks.isdisjoint(language.marks) or all(mark.kind is PieceKind.COMMENT for mark in marks)


def _is_told(language: Language, data: bytes, marks: Iterable[Mark]) -> bool:
    if language.own_signs:
        return language.own_signs.search(data) is not None
    return any(mark in language.marks and len(_owners(mark)) == 1 for mark in marks)


@cache
def _owners(mark: Mark) -> list[Language]:
    return [one for one in LANGUAGES if mark in one.marks]


@lru_cache(maxsize=4)
def in_markup(data: bytes) -> bytes:
    """Return a page without the text of its scripts and styles, where much looks like server code."""
    return _TEXT.sub(rb"\1", data)


@lru_cache(maxsize=1024)
def readers(code: bytes) -> tuple[Language, ...]:
    """Return the languages that would read something in code as their own, apart from values meant for them."""
    return tuple(one for one in LANGUAGES if _unmeant(code, one) or (one.own_reads and one.own_reads.search(code)))


def _unmeant(code: bytes, language: Language) -> bool:
    """Whether the language reads more in code than what is meant for it."""
    for value in _meant(code, language):
        code = code.replace(value, b"")
    return next(find_spans(code, [language], ordinary=True), None) is not None


def _meant(code: bytes, language: Language) -> set[bytes]:
    """The plain values in code, and its nonce if a server writes that: the user has given it."""
    values = {code[span.start : span.end] for span in find_spans(code, [language])}
    nonces = (match["nonce"] for match in _NONCE.finditer(code))
    return {value for value in values if is_plain_value(value, [language])} | {one for one in nonces if is_whole(one)}


def wrap(code: bytes, language: Language) -> bytes | None:
    """Return code that the language passes on as it is, apart from values meant for it.

    None where the language has no literal block, or the code holds its end.
    """
    if language.literal is None or language.literal[1].strip() in code:
        return None
    opening, closing = language.literal
    for value in _meant(code, language):
        code = code.replace(value, closing + value + opening)
    return opening + code + closing


@cache
def literal_marks() -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return the beginning and the end of code that `wrap` wrapped."""
    literals = [one.literal for one in LANGUAGES if one.literal]
    opening, closing = (b"|".join({re.escape(literal[side].strip()) for literal in literals}) for side in (0, 1))
    return later(rb"[\t\n\f\r ]*+(?:" + opening + rb")"), later(rb"(?:" + closing + rb")[\t\n\f\r ]*+")


@lru_cache(maxsize=1024)
def unwrap(code: bytes) -> bytes:
    """Return code without what `wrap` put around it; any other code as it is."""
    for literal in {one.literal for one in LANGUAGES if one.literal}:
        opening, closing = literal[0].strip(), literal[1].strip()
        if code.strip().startswith(opening) and code.strip().endswith(closing):
            return code.replace(opening, b"").replace(closing, b"")
    return code
