"""Whether a text is a JavaScript regular expression.

Python's own would not do: it has other escapes, groups and classes. Browsers refuse little, because they read
by ECMAScript's annex B.1.2 ("Regular Expressions Patterns"), where a letter after a backslash, a brace and a closing
bracket may stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from snippetkit.patterns import later

_TOKEN = later(
    r"""
      (?P<escape>     \\. )
    | (?P<class>      \[ \^?+ (?P<inside> (?: [^\]\\] | \\. | (?!) )*+ ) \] )
    | (?P<lookbehind> \(\?<[=!] )
    | (?P<lookahead>  \(\?[=!] )
    | (?P<group>      \( (?: \?: | \?<[^\W\d][\w$]*+> | (?!\?) ) )
    | (?P<end>        \) )
    | (?P<counted>    \{ (?P<least>\d++) (?: (?P<comma>,) (?P<most>\d*+) | (?!) )?+ \} \?? )
    | (?P<repeated>   [*+?] \?? )
    | (?P<bar>        \| )
    | (?P<edge>       [\^$] )
    | (?P<other>      [^\\[()] )
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER = later(
    r"""
      \\x (?P<x> [0-9a-fA-F]{2} )
    | \\u (?P<u> [0-9a-fA-F]{4} )
    | \\ (?P<octal> [0-3][0-7]{0,2} | [4-7][0-7]? )
    | \\c (?P<control> [A-Za-z0-9_] )
    | \\ (?P<set> [dDwWsS] )
    | \\ (?P<short> . )
    | (?P<dash> - )
    | (?P<plain> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VALUES: dict[str, Callable[[str], int | None]] = {
    "x": lambda text: int(text, 16),
    "u": lambda text: int(text, 16),
    "octal": lambda text: int(text, 8),
    "control": lambda text: ord(text) % 32,
    "set": lambda text: None,
    "short": lambda text: ord(_SHORT.get(text, text)),
    "dash": ord,
    "plain": ord,
}
_NOT_REPEATED = frozenset({"start", "edge", "repeated"})
"""What no quantifier may follow: the start of a group or an alternative, an assertion, another quantifier."""

_BEHIND = {
    "lookbehind": "start",
    "lookahead": "start",
    "group": "start",
    "bar": "start",
    "counted": "repeated",
}
_UNREADABLE = {
    "\\": "ends with a backslash",
    "[": "has a class that is not closed",
    "(": "has a group of a kind that JavaScript does not know",
}


def find_error(pattern: str) -> str | None:
    """Return what is wrong with a pattern, None where a browser takes it."""
    pattern = _code_units(pattern)
    at, before, groups = 0, "start", list[str]()
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return _UNREADABLE[pattern[at]]
        kind = token.lastgroup or ""
        if kind in {"repeated", "counted"} and before in _NOT_REPEATED:
            return "has a quantifier with nothing to repeat"
        if kind == "end" and not groups:
            return "has one closing parenthesis too many"
        error = _CHECKS[kind](token) if kind in _CHECKS else None
        if error:
            return error
        at, before = token.end(), _behind(token, kind, groups)
    return "has a group that is not closed" if groups else None


def _code_units(text: str) -> str:
    """The text as JavaScript counts it: a character beyond the first 65,536 is two."""
    data = text.encode("utf-16-be", "surrogatepass")
    return "".join(chr(high << 8 | low) for high, low in zip(data[::2], data[1::2], strict=True))


def _behind(token: re.Match[str], kind: str, groups: list[str]) -> str:
    """What is in front of the next token; groups are opened and closed."""
    if kind in {"group", "lookahead", "lookbehind"}:
        groups.append(kind)
    if kind == "end":
        return "edge" if groups.pop() == "lookbehind" else "group"
    if token[0] in {"\\b", "\\B"}:
        return "edge"
    return _BEHIND.get(kind, kind)


def _counted(token: re.Match[str]) -> str | None:
    is_backwards = token["most"] and _number(token["most"]) < _number(token["least"])
    return "has a quantifier whose numbers are in the wrong order" if is_backwards else None


def _number(digits: str) -> tuple[int, str]:
    """The sort key of a number of any length."""
    digits = digits.lstrip("0")
    return len(digits), digits


def _class(token: re.Match[str]) -> str | None:
    members = [(match.lastgroup or "", match) for match in _MEMBER.finditer(token["inside"])]
    values = [_VALUES[kind](match[kind]) for kind, match in members]
    at = 0
    while at < len(members):
        if at + 2 < len(members) and members[at + 1][0] == "dash":
            first, last = values[at], values[at + 2]
            if first is not None and last is not None and first > last:
                return "has a class with a range in the wrong order"
            at += 2
        at += 1
    return None


_CHECKS: dict[str, Callable[[re.Match[str]], str | None]] = {"counted": _counted, "class": _class}
