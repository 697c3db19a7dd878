"""What TypeScript has and JavaScript does not, as far as it occurs around conversion code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from snippetkit import html
from snippetkit.patterns import later
from snippetkit.snippets.annotations import COMMENTS, QUOTED, Annotations
from snippetkit.snippets.declarations import without_declarations

_NAME = rb"[A-Za-z_$][\w$.]*"
_WRITTEN = rb"[\w$.<>\[\]|{}:;, ]{1,80}?"
_RESULT = rb"""[\w$.<>\[\]|\ ]{1,80}?
    | (?:[\w$.\[\]|&\ ]|<(?:[^<>(){};=]|<[^<>(){};=]*>){1,80}>|'[^'\n]*'|"[^"\n]*"){1,20}?
    | \{[^{}]{0,300}\}(?:\[\])?"""
_TYPES = later(
    COMMENTS
    + b"|"
    + QUOTED
    + rb"""| (?<=[\w$)\]}"'`]) (?P<cast>[\t\n\r ]+as[\t\n\r ]+"""
    + _NAME
    + rb"""(?:<[\w$.,\t ]{1,80}>)?(?:\[\])*)
        | (?<=[\w$)\]]) (?P<certain>!) (?=[.(\[),])
        | \b(?:const|let|var)\s+[\w$]+ (?P<variable>\s*:\s*"""
    + _WRITTEN
    + rb""") (?=\s*=[^=>])
        | \(\s*\{[^{}()]{0,300}\} (?P<members>\s*:\s*(?:\{[^{}]{0,500}\}|[\w$.<>\[\]| ]{1,80}?)) (?=\s*[,)])
        | \(\s*[\w$]+ (?P<parameter>\??:\s*[\w$.<>\[\]| ]{1,80}?) (?=\s*[,)])
        | \) (?P<result>\s*:\s*+(?=[\w$'"{])(?:"""
    + _RESULT
    + rb""")) (?=\s*(?:\{|=>))""",
    re.VERBOSE,
)
_BREAK = later(rb"[^\n\r]")
_LANGUAGES = (b"ts", b"tsx", b"typescript")


def without_types(script: bytes, *, is_jsx: bool = False) -> bytes:
    """Return TypeScript with blanks in the place of casts and of the types of variables, parameters and results.

    Args:
        script: the text.
        is_jsx: whether it may hold elements: then angle brackets in front of an expression are no cast.
    """
    script = without_declarations(script)
    plain = bytearray(script)
    for start, end in Annotations(script, is_jsx=is_jsx).spans():
        plain[start:end] = _BREAK.sub(b" ", script[start:end])
    return _TYPES.sub(_blanked, bytes(plain))


def javascript_of(component: bytes, scripts: Sequence[html.Element]) -> bytes:
    """Return a component's text, in which the TypeScript of its scripts is JavaScript of the same length."""
    for script in (one for one in scripts if _language_of(one) in _LANGUAGES):
        inner = slice(script.inner_start, script.inner_end)
        plain = without_types(component[inner], is_jsx=_language_of(script) == b"tsx")
        component = component[: inner.start] + plain + component[inner.stop :]
    return component


def _language_of(script: html.Element) -> bytes:
    return script.attributes["lang"].value.lower() if "lang" in script.attributes else b""


def _blanked(match: re.Match[bytes]) -> bytes:
    """What is in the place of a match: a comment or a string stays."""
    if match.lastgroup is None:
        return match[0]
    start, end = match.span(match.lastgroup)
    at, behind = start - match.start(), end - match.start()
    return match[0][:at] + _BREAK.sub(b" ", match[0][at:behind]) + match[0][behind:]
