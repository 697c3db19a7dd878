"""Code from outside: whatever a language of the table would read in it, and which of it is a plain value.

It may go onto a page of any language. So less is required than for telling a page's language: an opening is
enough, and there are openings here that mean nothing to most pages.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from snippetkit.patterns import later
from snippetkit.server_code.language import Mark, PieceKind, prefix_of
from snippetkit.server_code.marks import CHEETAH_TAG, SMARTY_ANY
from snippetkit.server_code.table import LANGUAGES

_UP_TO = rb"""(?:"(?:\\.|[^"\\]|(?!))*+"|'(?:\\.|[^'\\]|(?!))*+'|[^"'\[\]@]|\[(?!\[)|\](?!\])|(?!))*+"""
_YATL = rb"\[\[(?:(?=\s*+(?!(?:false|null|true|undefined)\b)[A-Za-z_])|(?=" + _UP_TO.replace(b"@", b"(") + rb"\())"
_YATL_IN_TEXT = rb"\[\[(?=" + _UP_TO.replace(b"@", rb";A-Za-z_") + rb"[;A-Za-z_])"
"""yatl with square brackets runs what stands between two of them, as Python: an array may hold data, but no call."""
_MORE = (
    ((CHEETAH_TAG.needle,), CHEETAH_TAG.opening),
    ((b"<?",), rb"<\?"),
    ((b"<cf", b"</cf"), rb"</?cf\w"),
    ((b"<s", b"<S"), rb"(?i:<script\b[^<>]{0,400}?\slanguage\s*+=\s*+[\"']?+(?!javascript|jscript|[\"'\s>]))"),
    ((b"@",), rb"@[({*:\[]|@@|@[\w.]++\s*+\(|@(?:end)?(?:php|verbatim)"),
    ((b"#",), rb"\#@?\w+\s*+\(|\#\["),
    ((b"$:",), rb"\$:[A-Za-z_({]"),
    ((b"$",), rb"\$[A-Za-z_(]"),
    ((b"*{", b"!{", b"~{"), rb"[*!~]\{"),
    ((b"[=", b"[#", b"[+", b"/*["), rb"\[[=\#+]|/\*\["),
    ((b"[[",), _YATL_IN_TEXT),
    ((b"\\",), rb"\\(?=[\n\r])"),
    ((b"{",), rb"\{(?:[/#@:!*$`]|[\"'][^\"'{}\n]*+[\"'](?!\s*+:)|[A-Za-z_]\w*+(?!\s*+:))"),
)
"""A directive of Cheetah in a line, PHP and ColdFusion of any kind, Razor, Blade and names of Velocity behind a word, a
macro of Velocity or web.py, Thymeleaf and Pug and FreeMarker in brackets, the end of a line that Mako joins, and a
tag of Smarty; in front of each, the texts of which one is in each text that has it."""
_NEW_LINE = rb"(?:(?<=[\n\r])|(?<![\s\S]))[\t ]*+"
_BEHIND = later(rb"[\s\"'&,;})\]<]|\Z")


_MOST_PATTERNS = 16
_NAMES = (later(rb"(?<=\$)\w+"), later(rb"[A-Za-z_]\w*"))
_OF_REQUEST = frozenset(
    b"_cookie _env _files _get _post _request _server _session app application config context cookie cookies env "
    b"environ g globals header headers headervalues initparam locals pagecontext param params paramvalues req request "
    b"self session settings smarty".split()
)


def with_values() -> tuple[str, ...]:
    """Return the names of the languages that have plain values."""
    return tuple(language.name for language in LANGUAGES if language.value)


def beginnings(data: bytes) -> re.Pattern[bytes]:
    """Return a pattern for the openings of server code that a text may have.

    Its group `ordinary` is set where a script may have the opening, too. Openings whose first bytes the text does not
    have are left out: to compile all of them takes much longer than to search.
    """
    is_compiled_often = _beginnings.cache_info().currsize >= _MOST_PATTERNS
    openings = _openings()
    return _beginnings(openings if is_compiled_often else tuple([one for one in openings if one.may_be_in(data)]))


def plain_values(data: bytes, start: int, end: int) -> dict[str, int]:
    """Return where a plain value ends that begins there, by the name of the language."""
    ends = {}
    for language in LANGUAGES:
        match = language.value.match(data, start, end) if language.value else None
        if (
            match
            and not _is_of_request(match[0])
            and (data[match.end() - 1 : match.end()] in b"}>]" or _BEHIND.match(data, match.end(), end))
        ):
            ends[language.name] = match.end()
    return ends


def _is_of_request(value: bytes) -> bool:
    """Whether a value is one that a visitor sends, or one of the server's own settings."""
    name = next(filter(None, (pattern.search(value) for pattern in _NAMES)), None)
    return name is not None and name[0].lower() in _OF_REQUEST


class _Opening(NamedTuple):
    """A form of opening: a pattern, and the texts of which one is in each text with it."""

    needles: tuple[bytes, ...]
    pattern: bytes
    is_ordinary: bool

    def may_be_in(self, data: bytes) -> bool:
        """Return whether a text may have it."""
        return any(needle in data for needle in self.needles)


@cache
def _openings() -> tuple[_Opening, ...]:
    marks = tuple(dict.fromkeys(mark for language in LANGUAGES for mark in language.marks))
    openings = [_Opening((one.needle,), _opening(one), one.is_ordinary) for one in marks if one is not SMARTY_ANY]
    openings.append(_Opening((b"[[",), _YATL, is_ordinary=False))
    literal = [mark.closing for mark in marks if mark.kind is PieceKind.LITERAL]
    closings = [closing for closing in literal if b"(?P=" not in closing]  # no name was read in front of it
    openings += [_Opening((prefix_of(closing),), closing, is_ordinary=False) for closing in closings]
    return (*openings, *(_Opening(needles, more, is_ordinary=True) for needles, more in _MORE))


@cache
def _beginnings(openings: tuple[_Opening, ...]) -> re.Pattern[bytes]:
    certain = [one.pattern for one in openings if not one.is_ordinary]
    ordinary = b"|".join(one.pattern for one in openings if one.is_ordinary) or rb"(?!)"
    return re.compile(b"|".join([*certain, b"(?P<ordinary>" + ordinary + b")"]), re.DOTALL)


def _opening(mark: Mark) -> bytes:
    return (_NEW_LINE if mark.is_line else b"") + b"(?:" + mark.opening + b")"
