"""Server code masked for a reader of HTML and JavaScript, which has to see all that is not the server's.

Too wide a mask would hide code that runs. So a piece in braces ends at its first brace, and a form that scripts
have of their own counts only where it is the whole of a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from snippetkit.patterns import later
from snippetkit.searching import has_pair
from snippetkit.server_code import marks as m
from snippetkit.server_code.finding import find_spans, mask
from snippetkit.server_code.language import Language, Mark, PieceKind
from snippetkit.server_code.parting import without_statements


def _until_closed(mark: Mark, inside: bytes = rb".*?", *, or_end: bool = False) -> bytes:
    return b"(?:" + mark.opening + b")" + inside + b"(?:" + mark.closing + (rb"|\Z" if or_end else b"") + b")"


def _until(mark: Mark) -> bytes:
    """What is in a comment: it ends where another begins, so that a text of many is read once."""
    return rb"(?:(?!" + mark.opening + b"|" + mark.closing + rb").|(?!))*+"


def _alone(mark: Mark) -> bytes:
    return b"(?:" + mark.opening + b")"


# What no tag has; the arrow of PHP in front of a name, `$order->total`, ends neither a tag nor a comment.
_NO_BRACE = rb"[^{}<>]|<(?![a-zA-Z/!])|>(?!(?<![\w)\]?]->)[a-zA-Z]|[/!])"
_NO_TAG = rb"(?:" + _NO_BRACE + rb"|(?!))*+"
_NEAR = rb"[^<>\n]{0,200}?"
_IN_BRACES = rb"(?:[^{}<>\n;\"']|\"[^\"{}<>\n;]*+\"|'[^'{}<>\n;]*+'|(?!))*+"
# PHP reads no end in a comment, nor one in a string; what has that, or a heredoc, is left to the plain pattern.
_PHP_COMMENTED = (
    rb"(?:[^?/\"'#<]++|\?(?!>)|/(?![/*])|<(?!<<)|\#(?=\[)|(?://|\#)(?:(?!\?>)[^\n\r]|(?!))*+|/\*.*?(?:\*/|\Z)"
    rb"|\"(?:\\.|[^\"\\?]|\?(?!>)|(?!))*+\"|'(?:\\.|[^'\\?]|\?(?!>)|(?!))*+'|(?!))*+"
)
_CODE = later(
    b"|".join(
        [
            *(_until_closed(mark, _PHP_COMMENTED, or_end=True) for mark in (m.PHP_OUTPUT, m.PHP)),
            *(_until_closed(mark, or_end=True) for mark in (m.PHP_OUTPUT, m.PHP, m.PERCENT)),
            *(_until_closed(mark, _NO_TAG) for mark in (m.TRIPLE, m.DOUBLE)),
            _until_closed(m.UNESCAPED, rb"(?:" + _NO_BRACE + rb")*?"),
            _until_closed(m.TAG, rb"(?:[^{}%<]|<(?!/)|%(?!\})|(?!))*+"),
            _alone(m.SMARTY_VALUE),
        ]
    ),
    re.DOTALL,
)
# The comments that no page has which a browser gets, in whatever language its file is.
_COMMENTS = (m.COMMENT_BLOCK, m.BLADE_COMMENT, m.DASHED_COMMENT, m.HASH_COMMENT)
_CODE_AND_COMMENTS = later(
    b"|".join([*(_until_closed(mark, _until(mark)) for mark in _COMMENTS), _CODE.pattern]), re.DOTALL
)
_OPENING = later(rb"\{(?:[{%$#]|!!)")
_VALUES = b"|".join(
    [
        *(_until_closed(mark, _NEAR) for mark in (m.INLINED, m.INLINED_RAW)),
        _until_closed(m.POUND, _IN_BRACES),
        rb"(?<![\w$])" + _until_closed(m.DOLLAR, _IN_BRACES),
        *(_until_closed(mark, _NEAR) for mark in (m.SQUARE, m.MERGE)),
        _until_closed(m.COLON, _NEAR),
        *(_alone(mark) for mark in (m.QUIET_NAME, m.RAZOR_VALUE, m.PLACEHOLDER)),
    ]
)
_VALUE_MARKS = (
    *(m.INLINED, m.INLINED_RAW, m.POUND, m.DOLLAR, m.SQUARE, m.MERGE, m.COLON),
    *(m.QUIET_NAME, m.RAZOR_VALUE, m.PLACEHOLDER, m.ANY_AT, m.NAME),
)
"""What `_VALUES`, `_AT` and `_NAMES` look for."""

_AT = _alone(m.RAZOR_VALUE) + b"|" + _alone(m.ANY_AT)
_NAMES = _alone(m.NAME) + b"|" + _alone(m.ANY_AT)
_IN_SCRIPT = later(
    rb"`(?:\\.|[^`\\]|(?!))*+(?:`|\Z)|(?P<code>" + _VALUES + rb")|[:=(,]\s*+(?P<name>" + _AT + rb")"
    rb"|(?<=[\"'])(?P<text>" + _NAMES + rb")(?=[\"'])",
    re.DOTALL,
)
_IN_URL = later(rb"(?P<code>" + _VALUES + rb")|(?<==)(?P<text>" + _NAMES + rb")(?=[&\s]|\Z)", re.DOTALL)
_SURE = later(b"|".join(mark.opening for mark in (m.PHP_OUTPUT, m.PHP, m.PERCENT, m.DOUBLE, m.TAG)))


def mask_page(data: bytes, language: Language | None = None, *, is_script: bool = False) -> bytes:
    """Return a text with underscores in the place of what no script has: `<? ?>`, `<% %>`, `{{ }}`, `{% %}`, `{$x}`.

    What a template's comment holds goes with it. In scripts there are blanks where such code only stands around others.

    Args:
        data: the text.
        language: that of its file's name, whose comments count too; None where that tells none.
        is_script: whether all of it is a script.
    """
    data = _without_comments(data, language) if language else data
    if has_pair(data, b"<?") or has_pair(data, b"<%") or _OPENING.search(data):
        is_told = language is not None and not language.is_name_shared
        spans = [match.span() for match in (_CODE if is_told else _CODE_AND_COMMENTS).finditer(data)]
        return _masked(data, spans, is_script=is_script) if spans else data
    return data


def _masked(data: bytes, spans: Sequence[tuple[int, int]], *, is_script: bool) -> bytes:
    masked = bytearray(data)
    for start, end in spans:
        masked[start:end] = b"_" * (end - start)
    without_statements(data, masked, spans, is_script=is_script)
    return bytes(masked)


def _without_comments(data: bytes, language: Language) -> bytes:
    comments = [mark for mark in language.marks if mark.kind is PieceKind.COMMENT and not mark.is_ordinary]
    if not any(mark.needle in data for mark in comments):
        return data
    spans = find_spans(data, [language])
    return mask(data, [span for span in spans if span.mark in comments and span.is_closed])


def mask_values(masked: bytes, scripts: Iterable[tuple[int, int]], urls: Iterable[tuple[int, int]]) -> bytes:
    """Return the text with underscores in the place of the other values that a server writes, `@x.y` or `${x}`.

    Args:
        masked: what `mask_page` returned.
        scripts: where the scripts stand; in their template literals `${x}` is JavaScript.
        urls: where the URLs of images stand.
    """
    filled = bytearray(masked)
    for pattern, spans in ((_IN_SCRIPT, scripts), (_IN_URL, urls)):
        for start, end in spans:
            if not any(masked.find(needle, start, end) >= 0 for needle in _value_needles()):
                continue
            for match in pattern.finditer(masked, start, end):
                if match.lastgroup:
                    at, behind = match.span(match.lastgroup)
                    filled[at:behind] = b"_" * (behind - at)
    return bytes(filled)


@cache
def _value_needles() -> tuple[bytes, ...]:
    return tuple({mark.needle for mark in _VALUE_MARKS})


def find_in_script(script: bytes) -> bytes | None:
    """Return the beginning of server code in a script's text, or None."""
    if sure := _SURE.search(script):
        return sure[0]
    if likely := _CODE.search(script):
        return likely[0]
    if not any(needle in script for needle in _value_needles()):
        return None
    values = (match["code"] or match["name"] for match in _IN_SCRIPT.finditer(script))
    return next((value for value in values if value), None)
