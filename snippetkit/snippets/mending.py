"""What text editors for prose do to scripts, undone for reading: curly quotes, entities, tags, a bare `<![CDATA[`.

None of it is JavaScript, so nothing of such a script runs. What was there before can be told, and takes no more
bytes, so that everything else keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from snippetkit.javascript import Script
from snippetkit.patterns import later

# Characters are in UTF-8: E2 80 98 to 9F are the curly quotes, B2 and B3 the primes, 90 to 95 the dashes;
# 1C and 1D are what `inject` reads the curly quotes of windows-1252 as.
_DOUBLE = (
    rb"(?:\x1d|\xe2\x80[\x9c-\x9f\xb3]|\xc2[\xab\xbb]"
    rb"|&(?:quot|[lr]dquo|bdquo|Prime|[lr]aquo|\#0*(?:34|171|187|822[0-3]|8243)|\#[xX]0*(?:22|201[cCdD]));)"
)
_SINGLE = (
    rb"(?:\x1c|\xe2\x80[\x98-\x9b\xb2\xb9\xba]"
    rb"|&(?:apos|[lr]squo|sbquo|prime|\#0*(?:39|821[6-9]|8242)|\#[xX]0*(?:27|201[89]));)"
)
_ENTITY = rb"&(?:amp|lt|gt|nbsp|hellip|[nm]dash|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});"
_TAG = (
    rb"</?(?i:a|abbr|b|big|blockquote|br|center|code|div|em|figure|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong"
    rb"|sub|sup|table|tbody|td|tr|u|ul|wbr)(?=[\s/>])[^<>]*>"
)
_MARK = rb"\xe2\x80[\x8b\x90-\xa7\xb0-\xbe]"
_CDATA = rb"<!\[CDATA\[|\]\]>"
_MAY_BE_SIGN = later(rb"[&<\x1c\x1d\xc2\xe2]|\]\]>")
_SIGN = later(b"|".join((_MARK, rb"[\x1c\x1d]|\xc2[\xab\xbb]", _CDATA, rb"&\#?\w+;", _TAG)))
_TOKEN = later(
    b"|".join(
        (
            rb"(?P<kept>\"(?:\\.|[^\"\\\n\r])*\"|'(?:\\.|[^'\\\n\r])*'|`(?:\\.|[^`\\])*(?:`|\Z)"
            rb"|//[^\n\r]*|<!--[^\n\r]*|/\*(?:.*?\*/|.*))",
            rb"(?P<double>(?P<double_open>" + _DOUBLE + rb")[^\n\r]*?(?P<double_end>" + _DOUBLE + rb"|\"))",
            rb"(?P<single>(?P<single_open>" + _SINGLE + rb")[^\n\r]*?(?P<single_end>" + _SINGLE + rb"|'))",
            rb"(?P<blank>" + b"|".join((_DOUBLE, _SINGLE, _CDATA)) + b")",
            rb"(?P<words>(?:" + _ENTITY + b"|" + _MARK + rb")+[=&|]*)",
            rb"(?P<tag>" + _TAG + b")",
        )
    ),
    re.DOTALL,
)
_QUOTES = {"double": b'"', "single": b"'"}
_SHOWN = str.maketrans({"\x1c": "\u2019", "\x1d": "\u201d"})
_WRITTEN = str.maketrans({"\u2013": "--", "\u2014": "---", "\u2026": "...", "\xa0": " "})
_TEXTS = frozenset("comment escape_sequence html_comment regex regex_pattern string string_fragment".split())


class Sign(NamedTuple):
    """The first thing in a script that is not JavaScript: the byte offset in the text, and how it reads."""

    start: int
    text: str


def mend(masked: bytes, scripts: Sequence[Script]) -> tuple[bytes, dict[int, Sign]]:
    """Return a text in which scripts can be read again, and the first sign in each broken one, by its offset.

    Args:
        masked: the text, with identifiers in the place of server code.
        scripts: those that are looked at; a sign in a string or in a comment breaks none.
    """
    signs: dict[int, Sign] = {}
    mended = bytearray()
    for script in scripts:
        if not (
            _MAY_BE_SIGN.search(masked, script.start, script.end) and _SIGN.search(masked, script.start, script.end)
        ):
            continue
        tokens = [match for match in _TOKEN.finditer(masked, script.start, script.end) if match.lastgroup != "kept"]
        first = next((match for match in tokens if _is_code(script, match)), None)
        if first:
            mended = mended or bytearray(masked)
            text = first["double_open"] or first["single_open"] or first[0]
            signs[script.start] = Sign(first.start(), text.decode().translate(_SHOWN))
            for match in tokens:
                mended[match.start() : match.end()] = _as_it_was(match)
    return bytes(mended) or masked, signs


def _is_code(script: Script, sign: re.Match[bytes]) -> bool:
    """Whether JavaScript takes a sign for code; a tag looks like a comparison, unless it is an element of JSX."""
    at = sign.start() - script.start
    node = script.tree.innermost(at, at + 1)
    if node is None or node.type in _TEXTS:
        return False
    if sign.lastgroup == "tag":
        return script.root.has_error or node.type.startswith("jsx")
    return sign[0] != b"]]>" or (script.root.has_error and script.masked.find(b"<![CDATA[", script.start, at) >= 0)


def _as_it_was(sign: re.Match[bytes]) -> bytes:
    """What a sign stands for, in as many bytes."""
    kind = sign.lastgroup or ""
    if quote := _QUOTES.get(kind):
        opening, end = sign[f"{kind}_open"], sign[f"{kind}_end"]
        return quote.rjust(len(opening)) + sign[0][len(opening) : -len(end)] + quote.ljust(len(end))
    text = _decoded(sign[0].decode()).translate(_WRITTEN) if kind == "words" else ""
    return (text if text.isascii() else "").encode().ljust(len(sign[0]))[: len(sign[0])]


def _decoded(text: str) -> str:
    from html import unescape  # with the names of two thousand characters

    return unescape(text)
