"""Code from outside: whatever a language of the table would read in it, and which of it is a plain value.

It may go onto a page of any language. So less is required than for telling a page's language: an opening is
enough, and there are openings here that mean nothing to most pages.
"""

from __future__ import annotations

import re
from functools import cache

from snippetkit.patterns import later
from snippetkit.server_code.language import Mark, PieceKind
from snippetkit.server_code.marks import CHEETAH_TAG, SMARTY_ANY
from snippetkit.server_code.table import LANGUAGES

_UP_TO = rb"""(?:"(?:\\.|[^"\\]|(?!))*+"|'(?:\\.|[^'\\]|(?!))*+'|[^"'\[\]@]|\[(?!\[)|\](?!\])|(?!))*+"""
_YATL = rb"\[\[(?:(?=\s*+(?!(?:false|null|true|undefined)\b)[A-Za-z_])|(?=" + _UP_TO.replace(b"@", b"(") + rb"\())"
_YATL_IN_TEXT = rb"\[\[(?=" + _UP_TO.replace(b"@", rb";A-Za-z_") + rb"[;A-Za-z_])"
"""yatl with square brackets runs what stands between two of them, as Python: an array may hold data, but no call."""
_MORE = (
    CHEETAH_TAG.opening,
    rb"<\?|</?cf\w|(?i:<script\b[^<>]{0,400}?\slanguage\s*+=\s*+[\"']?+(?!javascript|jscript|[\"'\s>]))",
    rb"@[({*:\[]|@@|@\w++\s*+\(|@(?:end)?(?:php|verbatim)",
    rb"\#@?\w+\s*+\(|\#\[|\$:[A-Za-z_({]",
    rb"[*!~]\{|\[[=\#+]|/\*\[",
    _YATL_IN_TEXT,
    rb"\\(?=[\n\r])",
    rb"\{(?:[/#@:!*$`]|[\"'][^\"'{}\n]*+[\"'](?!\s*+:)|[A-Za-z_]\w*+(?!\s*+:))",
)
"""A directive of Cheetah in a line, PHP and ColdFusion of any kind, Razor and Blade behind a word, a macro of Velocity
or web.py, Thymeleaf and Pug and FreeMarker in brackets, the end of a line that Mako joins, and a tag of Smarty."""
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
    return _beginnings(_marks() if is_compiled_often else tuple([mark for mark in _marks() if mark.needle in data]))


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


@cache
def _beginnings(marks: tuple[Mark, ...]) -> re.Pattern[bytes]:
    certain = [_opening(mark) for mark in marks if not mark.is_ordinary]
    certain.append(_YATL)
    closings = [mark.closing for mark in _marks() if mark.kind is PieceKind.LITERAL]
    certain += [closing for closing in closings if b"(?P=" not in closing]  # no name was read in front of it
    ordinary = [_opening(mark) for mark in marks if mark.is_ordinary and mark is not SMARTY_ANY]
    either = b"|".join(certain) + b"|(?P<ordinary>" + b"|".join([*ordinary, *_MORE]) + b")"
    return re.compile(either, re.DOTALL)


def _opening(mark: Mark) -> bytes:
    return (_NEW_LINE if mark.is_line else b"") + b"(?:" + mark.opening + b")"


@cache
def _marks() -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(mark for language in LANGUAGES for mark in language.marks))
